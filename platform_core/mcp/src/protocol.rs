//! Messages: JSON-RPC 2.0, one a request. Two kinds of clients are understood: of the revision of
//! 2026-07-28, whose every request says its revision in `_meta` and repeats in headers what it asks, and
//! of those before, which begin with `initialize`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use crate::Reply;

/// The revision without a handshake.
const CURRENT: &str = "2026-07-28";
/// Revisions with one, oldest first.
const WITH_HANDSHAKE: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
/// Where a request says its revision.
const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
/// Where it says what its client can do.
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
/// Where a result says who answered.
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";
/// How long a client may keep a list, milliseconds. It depends on the rights of the caller, which change.
const FRESH: u32 = 60_000;

/// The headers that a request is checked against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// `MCP-Protocol-Version`
    pub version: Option<&'a str>,
    /// `Mcp-Method`
    pub method: Option<&'a str>,
    /// `Mcp-Name`
    pub name: Option<&'a str>,
}

/// What whoever passes a message on must say of it in headers; nothing for clients that begin with a
/// handshake.
pub fn names(message: &Value) -> Vec<(&'static str, String)> {
    let params = message.get("params").and_then(Value::as_object);
    let version = params.and_then(|params| params.get("_meta")?.get(VERSION)?.as_str());
    let method = message.get("method").and_then(Value::as_str);
    let (Some(params), Some(version), Some(method)) = (params, version, method) else { return Vec::new() };
    let mut headers = vec![("mcp-protocol-version", version.to_owned()), ("mcp-method", method.to_owned())];
    headers.extend(named_in(method, params).map(|name| {
        let plain = name.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) && !name.starts_with("=?base64?");
        let coded = || format!("=?base64?{}?=", BASE64_STANDARD.encode(name));
        ("mcp-name", if plain { name.to_owned() } else { coded() })
    }));
    headers
}

/// What is wrong with a request.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    code: i32,
    message: String,
    data: Option<Box<Value>>,
    /// HTTP status for clients of the current revision, and of faults that come before a revision is known.
    status: u16,
}

impl Fault {
    fn new(code: i32, status: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None, status }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new(-32600, 400, message)
    }

    /// Parameters are wrong.
    pub(crate) fn params(message: impl Into<String>) -> Self {
        Self::new(-32602, 200, message)
    }

    /// There is no such method.
    pub(crate) fn method(name: &str) -> Self {
        Self::new(-32601, 404, format!("There is no method `{name}` here."))
    }

    /// The API failed.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(-32603, 200, message)
    }

    fn mismatch(message: impl Into<String>) -> Self {
        Self::new(-32020, 400, message)
    }

    fn version(asked: &str) -> Self {
        let data = json!({"requested": asked, "supported": revisions()});
        Self {
            data: Some(Box::new(data)),
            ..Self::new(-32022, 400, format!("The revision {asked} is not spoken here."))
        }
    }
}

/// A message that is answered.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: Value,
    pub(crate) method: String,
    pub(crate) params: Map<String, Value>,
    /// Of the revision without a handshake?
    pub(crate) current: bool,
}

impl Request {
    /// A parameter that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).and_then(Value::as_str)
    }

    /// Lists of the protocol have one page: no cursor was ever given out.
    pub(crate) fn first_page(&self) -> Result<(), Fault> {
        match self.params.get("cursor") {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(Fault::params("`cursor`: this list has one page; leave it out.")),
        }
    }
}

/// What came.
pub(crate) enum Message {
    Request(Request),
    /// A notification, or an answer to something nobody asked.
    Notice,
}

/// Every revision, oldest first.
pub(crate) fn revisions() -> Vec<&'static str> {
    WITH_HANDSHAKE.into_iter().chain([CURRENT]).collect()
}

/// The revision of a handshake: the one asked for, else the newest that has one.
pub(crate) fn with_handshake(asked: Option<&str>) -> &'static str {
    let known = WITH_HANDSHAKE.into_iter().find(|revision| asked == Some(*revision));
    known.unwrap_or("2025-11-25")
}

/// Who we are.
pub(crate) fn server_info() -> Value {
    json!({"name": "portolan", "title": "Portolan", "version": env!("CARGO_PKG_VERSION")})
}

/// Reads a message; a wrong one is told with the id that its answer carries.
pub(crate) fn read(headers: &Headers<'_>, body: &[u8]) -> Result<Message, (Value, Fault)> {
    let unnamed = |fault| (Value::Null, fault);
    let message: Value = serde_json::from_slice(body)
        .map_err(|error| unnamed(Fault::new(-32700, 400, format!("This is no JSON: {error}"))))?;
    let Value::Object(mut message) = message else {
        return Err(unnamed(Fault::invalid("Expected is one message, an object; there are no batches.")));
    };
    if message.get("jsonrpc") != Some(&json!("2.0")) {
        return Err(unnamed(Fault::invalid("`jsonrpc` must be \"2.0\".")));
    }
    let id = message.remove("id");
    let Some(Value::String(method)) = message.remove("method") else {
        let answer = message.contains_key("result") || message.contains_key("error");
        let fault = || unnamed(Fault::invalid("`method` is missing."));
        return if answer { Ok(Message::Notice) } else { Err(fault()) };
    };
    let id = match id {
        None => return Ok(Message::Notice),
        Some(id) if id.is_string() || id.is_i64() || id.is_u64() => id,
        Some(_) => return Err(unnamed(Fault::invalid("`id` is a text or a whole number."))),
    };
    let params = match message.remove("params") {
        None => Map::new(),
        Some(Value::Object(params)) => params,
        Some(_) => return Err((id, Fault::invalid("`params` is an object."))),
    };
    match revision(headers, &method, &params) {
        Ok(current) => Ok(Message::Request(Request { id, method, params, current })),
        Err(fault) => Err((id, fault)),
    }
}

/// Is the request of the current revision? Then `_meta` and the headers must agree with it.
fn revision(headers: &Headers<'_>, method: &str, params: &Map<String, Value>) -> Result<bool, Fault> {
    if method == "initialize" {
        return Ok(false);
    }
    let meta = params.get("_meta").and_then(Value::as_object);
    let said = meta.and_then(|meta| meta.get(VERSION)).and_then(Value::as_str);
    let current = match said.or(headers.version) {
        None => method == "server/discover",
        Some(CURRENT) => true,
        Some(version) if WITH_HANDSHAKE.contains(&version) => false,
        Some(version) => return Err(Fault::version(version)),
    };
    if let (Some(said), Some(header)) = (said, headers.version)
        && said != header
    {
        let text = format!("MCP-Protocol-Version says {header}, _meta says {said}.");
        return Err(Fault::mismatch(text));
    }
    if !current {
        return Ok(false);
    }
    if said.is_none() || !meta.is_some_and(|meta| meta.get(CAPABILITIES).is_some_and(Value::is_object)) {
        let text = format!("`_meta` must have {VERSION} and {CAPABILITIES}.");
        return Err(Fault { status: 400, ..Fault::params(text) });
    }
    if headers.version.is_none() {
        return Err(Fault::mismatch("The header MCP-Protocol-Version is missing."));
    }
    agrees("Mcp-Method", headers.method, method)?;
    if let Some(name) = named_in(method, params) {
        agrees("Mcp-Name", headers.name, name)?;
    }
    Ok(true)
}

/// What a request names, where the protocol says that a header repeats it.
fn named_in<'a>(method: &str, params: &'a Map<String, Value>) -> Option<&'a str> {
    let name = match method {
        "tools/call" | "prompts/get" => "name",
        "resources/read" => "uri",
        _ => return None,
    };
    params.get(name).and_then(Value::as_str)
}

fn agrees(header: &str, said: Option<&str>, wanted: &str) -> Result<(), Fault> {
    let Some(said) = said else {
        return Err(Fault::mismatch(format!("The header {header} is missing.")));
    };
    let coded = said.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?="));
    let plain = match coded {
        None => Some(said.to_owned()),
        Some(coded) => BASE64_STANDARD.decode(coded).ok().and_then(|bytes| String::from_utf8(bytes).ok()),
    };
    if plain.as_deref() == Some(wanted) {
        return Ok(());
    }
    Err(Fault::mismatch(format!("The header {header} does not say what the message says.")))
}

/// A result, with what its revision wants around it.
pub(crate) fn done(request: &Request, mut result: Map<String, Value>) -> Reply {
    if request.current {
        result.insert("resultType".to_owned(), json!("complete"));
        result.insert("_meta".to_owned(), json!({ SERVER_INFO: server_info() }));
        let kept = match request.method.as_str() {
            "tools/call" | "prompts/get" => None,
            "resources/read" => Some(0),
            _ => Some(FRESH),
        };
        if let Some(fresh) = kept {
            result.insert("ttlMs".to_owned(), json!(fresh));
            result.insert("cacheScope".to_owned(), json!("private"));
        }
    }
    let body = json!({"jsonrpc": "2.0", "id": request.id, "result": result});
    Reply { status: 200, body: Some(body), tool: None }
}

/// A refusal. Clients with a handshake read errors from answers with status 200.
pub(crate) fn refused(id: &Value, fault: &Fault, current: bool) -> Reply {
    let mut error = json!({"code": fault.code, "message": fault.message});
    if let (Some(data), Some(error)) = (&fault.data, error.as_object_mut()) {
        error.insert("data".to_owned(), Value::clone(data));
    }
    let status = if current { fault.status } else { 200 };
    Reply { status, body: Some(json!({"jsonrpc": "2.0", "id": id, "error": error})), tool: None }
}
