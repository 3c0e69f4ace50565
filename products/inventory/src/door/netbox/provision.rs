//! `users/tokens/provision`: a token for a name and a password.

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::response::Response;
use kit::plugin::Origin;
use kit::record::Record;
use kit::records::Write;
use kit::{SecretText, Services};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::{Errors, Refusal, add, of_object};
use super::objects::answer;
use super::pool::Pool;
use super::render::{Form, Writer};
use super::{PREFIX, body, tokens};

/// Where the tokens are.
const PATH: &str = "users/tokens";

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
    let endpoint = Endpoint::at(PATH).ok_or_else(Refusal::no_route)?;
    let model = records.model(&endpoint.model).ok_or_else(Refusal::no_route)?;
    let made = records.write(&ctx, model, vec![Write::Create(asked(&given)?)]).await;
    let made = made.map_err(|problem| match of_object(endpoint, &problem, 0) {
        errors if errors.is_empty() => problem.into(),
        errors => Refusal::fields(errors),
    })?;
    let made = made.into_iter().next().unwrap_or_default();
    let mut facts = Form::Full.facts(endpoint);
    facts.retain(|fact| fact.name != "pepper_id");
    let pool = Pool::load(&**records, &ctx, endpoint, std::slice::from_ref(&made), &facts).await?;
    let base = format!("{origin}{PREFIX}");
    let mut out = Vec::with_capacity(1_024);
    Writer { base: &base, pool: &pool }.object(&mut out, endpoint, &made, &facts);
    Ok(answer(StatusCode::CREATED, out))
}

/// The fields of the token as the body asks for it. A name of its own tells it from the owner's others.
fn asked(given: &Value) -> Result<Record, Refusal> {
    let mut token = Record::new();
    token.insert("name".to_owned(), json!(format!("NetBox client {}", Uuid::now_v7())));
    if given.get("version").is_some_and(|version| *version != tokens::VERSION) {
        let text = "This server keeps hashes of tokens only: make one of version 2.";
        return Err(Refusal::field("version", text));
    }
    if given.get("write_enabled") == Some(&Value::Bool(false)) {
        token.insert("rules".to_owned(), json!([tokens::READ_ONLY]));
    }
    for (name, column) in
        [("description", "description"), ("expires", "expires_at"), ("allowed_ips", "allowed_prefixes")]
    {
        if let Some(value) = given.get(name).filter(|value| !value.is_null() && value.as_str() != Some("")) {
            token.insert(column.to_owned(), value.clone());
        }
    }
    if given.get("enabled") == Some(&Value::Bool(false)) {
        token.insert("active".to_owned(), Value::Bool(false));
    }
    Ok(token)
}
