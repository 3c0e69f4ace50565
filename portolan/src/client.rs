//! The HTTP client of the command line: one server, one principal, problem documents as errors.

use std::time::Duration;

use clap::Args;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::Failure;

/// Which server, and as whom.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServerArgs {
    /// The server.
    #[arg(long, env = "PORTOLAN_SERVER", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    server: String,
    /// API token; else user and password are used.
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
    /// Accept a certificate that nobody vouches for (the server's own).
    #[arg(long)]
    insecure: bool,
}

/// A server, logged in to.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    bearer: String,
    tenant: Option<String>,
}

impl Client {
    /// Logs in.
    pub(crate) async fn connect(args: &ServerArgs) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            .tls_danger_accept_invalid_certs(args.insecure)
            .build()?;
        let base = args.server.trim_end_matches('/').to_owned();
        let mut client = Self { http, base, bearer: String::new(), tenant: args.tenant.clone() };
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
                    "give a token (PORTOLAN_TOKEN) or a password (PORTOLAN_PASSWORD) for the server",
                ));
            }
        };
        Ok(client)
    }

    /// One request; anything but success is the problem in words.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if !self.bearer.is_empty() {
            request = request.bearer_auth(&self.bearer);
        }
        if let Some(tenant) = &self.tenant {
            request = request.header("x-tenant-id", tenant);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response =
            request.send().await.map_err(|error| Failure::new(format!("{}: {error}", self.base)))?;
        let status = response.status();
        let text = response.text().await?;
        if status == StatusCode::NO_CONTENT {
            return Ok(Value::Null);
        }
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(value);
        }
        Err(Failure::new(problem(&value).unwrap_or_else(|| format!("{method} {path}: {status}"))))
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, path, None).await
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
    Some(format!("{detail}{}", if errors.len() > 1 { errors.concat() } else { String::new() }))
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
