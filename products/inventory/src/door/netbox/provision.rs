//! `users/tokens/provision`: a token for a name and a password.

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::plugin::Origin;
use kit::record::Record;
use kit::records::Write;
use kit::{SecretText, Services};
use serde_json::{Value, json};

use super::errors::{Errors, Refusal, add};
use super::{PREFIX, body};

/// POST: checks name and password, makes a token of its owner.
pub(super) async fn provision(services: &Services, request: Request) -> Result<Response, Refusal> {
    let extensions = request.extensions();
    let address = extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
    let origin = extensions.get::<Origin>().map(|origin| origin.0.clone()).unwrap_or_default();
    let given = body(request, true).await?;
    let mut errors = Errors::new();
    let text = |name: &str, errors: &mut Errors| match given.get(name).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => {
            add(errors, name, "This field is required.");
            String::new()
        }
    };
    let (name, password) = (text("username", &mut errors), SecretText::new(text("password", &mut errors)));
    if !errors.is_empty() {
        return Err(Refusal::fields(errors));
    }
    let ctx = services.logins()?.login(&name, &password, address).await.map_err(|problem| {
        match problem.status {
            StatusCode::UNAUTHORIZED => Refusal::detail(StatusCode::FORBIDDEN, "Invalid username/password"),
            _ => problem.into(),
        }
    })?;
    let records = services.records()?;
    let model = records.model("platform.token").ok_or_else(Refusal::no_route)?;
    let mut token = Record::new();
    let description: String =
        given.get("description").and_then(Value::as_str).unwrap_or_default().chars().take(80).collect();
    let label = if description.is_empty() { "NetBox client" } else { &description };
    token.insert("name".to_owned(), json!(format!("{label} {}", ctx.request_id())));
    let writes = given.get("write_enabled") != Some(&Value::Bool(false));
    if !writes {
        token.insert("rules".to_owned(), json!(["*:read"]));
    }
    if let Some(expires) = given.get("expires").filter(|expires| !expires.is_null()) {
        token.insert("expires_at".to_owned(), expires.clone());
    }
    let made = records.write(&ctx, model, vec![Write::Create(token)]).await?;
    let made = made.into_iter().next().unwrap_or_default();
    let value = |field: &str| made.get(field).cloned().unwrap_or(Value::Null);
    let shown = json!({
        "id": 1,
        "url": format!("{origin}{PREFIX}/api/users/tokens/1/"),
        "display": value("lookup"),
        "version": 1,
        "key": value("token"),
        "user": {"id": 1, "display": name, "username": name},
        "description": description,
        "created": value("created_at"),
        "expires": value("expires_at"),
        "last_used": null,
        "enabled": true,
        "write_enabled": writes,
        "token": value("token"),
    });
    Ok((StatusCode::CREATED, axum::Json(shown)).into_response())
}
