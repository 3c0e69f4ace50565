//! The HTTP client of the command line: one server, one principal, problem documents as errors.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::Failure;

/// Between two looks at a job.
const LOOK: Duration = Duration::from_millis(400);

/// Where a server is when nothing else is said.
const SERVER: &str = "http://127.0.0.1:8080";

/// Which server, and as whom.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServerArgs {
    /// The server; else the one of ~/.config/portolan/client.toml, else http://127.0.0.1:8080
    #[arg(long, env = "PORTOLAN_SERVER", value_name = "URL")]
    server: Option<String>,
    /// API token; else user and password are used, else the token of ~/.config/portolan/client.toml
    #[arg(long, env = "PORTOLAN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// Login name.
    #[arg(long = "as", env = "PORTOLAN_USER", default_value = "admin", value_name = "NAME")]
    user: String,
    /// Password.
    #[arg(long, env = "PORTOLAN_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    password: Option<String>,
    /// Work in this tenant.
    #[arg(long, value_name = "UUID")]
    tenant: Option<String>,
    /// Work in this branch, by id or name.
    #[arg(long, env = "PORTOLAN_BRANCH", value_name = "BRANCH")]
    branch: Option<String>,
    /// Accept a certificate that nobody vouches for (the server's own).
    #[arg(long)]
    insecure: bool,
}

/// What the file `client.toml` says: `server`, `token`, `tenant`, `insecure`.
#[derive(Debug, Default)]
struct Configured {
    server: Option<String>,
    token: Option<String>,
    tenant: Option<String>,
    insecure: bool,
}

impl Configured {
    /// From `$XDG_CONFIG_HOME/portolan/client.toml` or `~/.config/portolan/client.toml`, if there is one.
    fn load() -> Result<Self, Failure> {
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
        let directory = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or_else(home);
        let Some(file) = directory.map(|directory| directory.join("portolan/client.toml")) else {
            return Ok(Self::default());
        };
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                Self::read(&text).map_err(|error| Failure::config(format!("{}: {error}", file.display())))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failure::config(format!("{}: {error}", file.display()))),
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        let values: toml::Table =
            text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut configured = Self::default();
        for (name, value) in values {
            match (name.as_str(), value) {
                ("server", toml::Value::String(text)) => configured.server = Some(text),
                ("token", toml::Value::String(text)) => configured.token = Some(text),
                ("tenant", toml::Value::String(text)) => configured.tenant = Some(text),
                ("insecure", toml::Value::Boolean(flag)) => configured.insecure = flag,
                (name, _) => {
                    return Err(format!(
                        "`{name}`: known are the texts server, token, tenant and the flag insecure"
                    ));
                }
            }
        }
        Ok(configured)
    }
}

impl ServerArgs {
    /// With what the file says where nothing else was said. Its token goes to its server only.
    fn completed(mut self, file: Configured) -> Self {
        if self.server.is_some() && self.server != file.server {
            return self;
        }
        self.server = file.server;
        self.insecure |= file.insecure;
        if self.token.is_none() && self.password.is_none() {
            self.token = file.token;
            self.tenant = self.tenant.or(file.tenant);
        }
        self
    }
}

/// A server, logged in to.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    bearer: String,
    tenant: Option<String>,
    branch: Option<String>,
}

impl Client {
    /// Logs in.
    pub(crate) async fn connect(args: &ServerArgs) -> Result<Self, Failure> {
        let args = &args.clone().completed(Configured::load()?);
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            .tls_danger_accept_invalid_certs(args.insecure)
            .build()?;
        let base = args.server.as_deref().unwrap_or(SERVER).trim_end_matches('/').to_owned();
        let (tenant, branch) = (args.tenant.clone(), args.branch.clone());
        let mut client = Self { http, base, bearer: String::new(), tenant, branch };
        client.bearer = match (&args.token, &args.password) {
            (Some(token), _) => token.clone(),
            (None, Some(password)) => {
                let body = json!({"username": args.user, "password": password});
                let answer = client.call(Method::POST, "/api/v1/auth/login", Some(&body)).await?;
                if answer["must_change_password"] == true {
                    return Err(Failure::new(
                        "the password must be changed first: log in with a browser, or set PORTOLAN_ADMIN_PASSWORD before the first start",
                    ));
                }
                answer["access_token"].as_str().unwrap_or_default().to_owned()
            }
            (None, None) => {
                return Err(Failure::new(
                    "give a token (PORTOLAN_TOKEN, or in ~/.config/portolan/client.toml) or a password (PORTOLAN_PASSWORD) for the server",
                ));
            }
        };
        Ok(client)
    }

    /// The same, on the main line.
    pub(crate) fn on_main(mut self) -> Self {
        self.branch = None;
        self
    }

    /// One request; anything but success is the problem in words.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let mut request = self.request(method.clone(), path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let (status, value) = self.answer(request).await?;
        if status.is_success() {
            return Ok(value);
        }
        Err(Failure::new(problem(&value).unwrap_or_else(|| format!("{method} {path}: {status}"))))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if !self.bearer.is_empty() {
            request = request.bearer_auth(&self.bearer);
        }
        if let Some(tenant) = &self.tenant {
            request = request.header("x-tenant-id", tenant);
        }
        if let Some(branch) = &self.branch {
            request = request.header("x-portolan-branch", branch);
        }
        request
    }

    /// Sends it; what comes back is JSON or nothing.
    async fn answer(&self, request: RequestBuilder) -> Result<(StatusCode, Value), Failure> {
        let response =
            request.send().await.map_err(|error| Failure::new(format!("{}: {error}", self.base)))?;
        let status = response.status();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    /// POST of YAML; the answer as it is, also when it is a refusal.
    pub(crate) async fn post_yaml(&self, path: &str, body: String) -> Result<(StatusCode, Value), Failure> {
        let request = self.request(Method::POST, path).header("content-type", "application/yaml").body(body);
        self.answer(request).await
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, path, None).await
    }

    /// A job when it is done; `what` it is for people.
    pub(crate) async fn finished(&self, job: &str, what: &str) -> Result<Value, Failure> {
        let path = format!("/api/v1/platform/jobs/{job}");
        loop {
            let job = self.get(&path).await?;
            match job["state"].as_str().unwrap_or_default() {
                "completed" => return Ok(job),
                "cancelled" => return Err(Failure::new(format!("the {what} was cancelled"))),
                "discarded" => {
                    return Err(Failure::new(format!("the {what} failed: {}", cell(&job, "error"))));
                }
                _ => tokio::time::sleep(LOOK).await,
            }
        }
    }

    /// Passes an MCP message on: what comes back, and nothing for a notification.
    pub(crate) async fn pass(&self, message: &Value) -> Result<Option<Value>, Failure> {
        let mut request = self.request(Method::POST, "/mcp").json(message);
        for (name, value) in ::mcp::names(message) {
            request = request.header(name, value);
        }
        let response =
            request.send().await.map_err(|error| Failure::new(format!("{}: {error}", self.base)))?;
        let status = response.status();
        if status == StatusCode::ACCEPTED {
            return Ok(None);
        }
        let value: Value = serde_json::from_str(&response.text().await?).unwrap_or(Value::Null);
        // Refused messages are answered too; only what is no message failed before it was read.
        if value.get("jsonrpc").is_some() {
            return Ok(Some(value));
        }
        Err(Failure::new(problem(&value).unwrap_or_else(|| format!("POST /mcp: {status}"))))
    }

    /// POST.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(Method::POST, path, Some(body)).await
    }
}

/// A problem document in one line, with its wrong fields.
fn problem(document: &Value) -> Option<String> {
    let detail = document.get("detail")?.as_str()?;
    let errors: Vec<String> = document
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|error| {
            let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("\n  {}: {}", part("pointer"), part("message"))
        })
        .collect();
    Some(match errors.as_slice() {
        // The detail is the message; its field is still to be told.
        [one] if one.contains(detail) => one.trim().to_owned(),
        _ => format!("{detail}{}", errors.concat()),
    })
}

/// A value of a query.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Rows as a table.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// A field as a cell.
pub(crate) fn cell(value: &Value, field: &str) -> String {
    match value.get(field) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(reference)) => {
            reference.get("display").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(server: Option<&str>, token: Option<&str>) -> ServerArgs {
        let text = |text: Option<&str>| text.map(str::to_owned);
        ServerArgs {
            server: text(server),
            token: text(token),
            user: "admin".to_owned(),
            password: None,
            tenant: None,
            branch: None,
            insecure: false,
        }
    }

    #[test]
    fn the_file_fills_in_what_was_not_said() {
        let file = || Configured::read("server = \"http://a\"\ntoken = \"t\"\ninsecure = true").unwrap();
        let all = asked(None, None).completed(file());
        assert_eq!(
            (all.server.as_deref(), all.token.as_deref(), all.insecure),
            (Some("http://a"), Some("t"), true)
        );
        assert_eq!(asked(None, Some("mine")).completed(file()).token.as_deref(), Some("mine"));
        // A token is for its server.
        let other = asked(Some("http://b"), None).completed(file());
        assert_eq!((other.token, other.insecure), (None, false));
        assert!(Configured::read("tokn = \"t\"").is_err() && Configured::read("x").is_err());
    }

    #[test]
    fn wrong_fields_are_told_with_their_reasons() {
        let error = |field: &str| json!({"pointer": field, "message": format!("bad {field}")});
        let one = json!({"detail": "bad /name", "errors": [error("/name")]});
        assert_eq!(problem(&one).as_deref(), Some("/name: bad /name"));
        let two = json!({"detail": "2 fields are wrong.", "errors": [error("/a"), error("/b")]});
        assert_eq!(problem(&two).as_deref(), Some("2 fields are wrong.\n  /a: bad /a\n  /b: bad /b"));
        assert_eq!(problem(&json!({"detail": "gone"})).as_deref(), Some("gone"));
    }
}
