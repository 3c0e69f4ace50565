//! A Model Context Protocol server over the native API, for programs that use language models. It only
//! reads: every tool is a GET of the API, made as the one who asks and refused as the API refuses.
//!
//! - `protocol`: JSON-RPC messages, revisions, what the headers must say. Stateless: the revision of
//!   2026-07-28, and those before it whose clients begin with a handshake.
//! - `tools`: what can be called. Those over records are the same for every model; the others are
//!   operations of the OpenAPI document under a name for people, with its parameters.
//! - `resources`, `prompts`: descriptions of models and records by address; questions worth asking.
//! - `answer`: results as short text and as data, never larger than a reader can hold.
//!
//! The crate knows no HTTP: the gateway brings messages and implements [`Api`] with its own router. The
//! official SDK (`rmcp`) derives tools from Rust types and keeps sessions; here tools come out of a
//! document, and there is nothing to keep.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod answer;
mod collections;
mod document;
mod prompts;
mod protocol;
mod resources;
mod tools;

use kit::BoxFuture;
use serde_json::{Map, Value, json};

use self::document::Document;
use self::protocol::{Fault, Message, Request};
pub use self::protocol::{Headers, names};

/// What the API said to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The JSON of the body; text when it is none.
    pub body: Value,
}

/// The native API, as the one who asks.
pub trait Api: Send + Sync {
    /// `GET target`, a path with its query.
    fn get<'a>(&'a self, target: &'a str) -> BoxFuture<'a, Answer>;
    /// May the caller call the operation with this `operationId` at all?
    fn allows(&self, operation: &str) -> bool;
}

/// What goes back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The message; none when nothing is to be answered.
    pub body: Option<Value>,
    /// The tool that was called.
    pub tool: Option<&'static str>,
}

/// What a model is told first.
const INSTRUCTIONS: &str = "Portolan knows a network twice: what it is meant to be (records of the inventory: sites, \
devices, cables, prefixes ...) and what was observed of it (map, drift). describe_models lists the kinds of records and \
their fields; find and get read them, also as they were at a past time (as_of); history tells who changed what. \
search, map and observed_devices tell what was seen, drift what differs. Everything is read only. Lists come in \
pages: ask again with next_cursor for more.";

/// The server. It keeps nothing between two messages.
pub struct Server {
    document: Document,
}

impl Server {
    /// Over the operations of an OpenAPI document.
    pub fn new(document: &Value) -> Self {
        Self { document: Document::read(document) }
    }

    /// Answers one message.
    pub async fn answer(&self, api: &dyn Api, headers: &Headers<'_>, body: &[u8]) -> Reply {
        let request = match protocol::read(headers, body) {
            Ok(Message::Request(request)) => request,
            Ok(Message::Notice) => return Reply { status: 202, body: None, tool: None },
            Err((id, fault)) => return protocol::refused(&id, &fault, true),
        };
        let tool = (request.method == "tools/call")
            .then(|| request.text("name").and_then(tools::named))
            .flatten()
            .map(|tool| tool.name);
        match self.result(api, &request).await {
            Ok(result) => Reply { tool, ..protocol::done(&request, result) },
            Err(fault) => Reply { tool, ..protocol::refused(&request.id, &fault, request.current) },
        }
    }

    async fn result(&self, api: &dyn Api, request: &Request) -> Result<Map<String, Value>, Fault> {
        let none = Value::Object(Map::new());
        match (request.method.as_str(), request.current) {
            ("initialize", false) => Ok(handshake(request)),
            ("server/discover", true) => Ok(members(json!({
                "supportedVersions": protocol::revisions(),
                "capabilities": capabilities(),
                "instructions": INSTRUCTIONS,
            }))),
            ("ping", false) => Ok(Map::new()),
            ("tools/list", _) => {
                request.first_page()?;
                Ok(members(json!({"tools": tools::list(&self.document, api)})))
            }
            ("tools/call", _) => {
                let name = request.text("name").unwrap_or_default();
                let tool = tools::named(name).ok_or_else(|| {
                    Fault::params(format!("There is no tool `{name}`; tools/list has their names."))
                })?;
                let given = request.params.get("arguments").unwrap_or(&none);
                let given = given.as_object().ok_or_else(|| Fault::params("`arguments` is an object."))?;
                Ok(members(tools::call(&self.document, api, tool, given).await))
            }
            ("resources/list", _) => {
                request.first_page()?;
                Ok(members(json!({"resources": resources::list(api).await?})))
            }
            ("resources/templates/list", _) => {
                request.first_page()?;
                Ok(members(json!({"resourceTemplates": resources::templates()})))
            }
            ("resources/read", _) => {
                let uri = request.text("uri").ok_or_else(|| Fault::params("`uri` is missing."))?;
                let contents = resources::read(&self.document, api, uri).await?;
                Ok(members(json!({"contents": contents})))
            }
            ("prompts/list", _) => {
                request.first_page()?;
                Ok(members(json!({"prompts": prompts::list()})))
            }
            ("prompts/get", _) => prompts::get(&request.params).map(members),
            (method, _) => Err(Fault::method(method)),
        }
    }
}

/// The answer to the first message of clients before 2026-07-28: the revision asked for, if it is one.
fn handshake(request: &Request) -> Map<String, Value> {
    members(json!({
        "protocolVersion": protocol::with_handshake(request.text("protocolVersion")),
        "capabilities": capabilities(),
        "serverInfo": protocol::server_info(),
        "instructions": INSTRUCTIONS,
    }))
}

fn capabilities() -> Value {
    json!({"tools": {}, "resources": {}, "prompts": {}})
}

fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

#[cfg(test)]
mod tests;
