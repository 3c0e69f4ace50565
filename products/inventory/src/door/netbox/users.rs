//! Users, groups and object permissions at the door: the contract's rules for names and passwords, the
//! permissions of users and groups, and what a user has set for itself.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kit::record::Record;
use kit::records::{Ask, Where, Write};
use kit::{Ctx, Problem, Records, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::{Errors, Refusal, add};
use super::input::python_type;
use super::pool::record_id;
use crate::reading::reference_id;

/// Content type of users.
pub(super) const USER: &str = "users.user";
/// Content type of object permissions.
const PERMISSION: &str = "users.objectpermission";
/// Our model of object permissions.
pub(super) const PERMISSIONS: &str = "platform.object_permission";
/// The path of a user's own settings.
pub(super) const CONFIG: &str = "users/config";
/// Where they are kept.
const CONFIGS: &str = "platform.user_config";
/// Deepest settings that are put together; what lies deeper is replaced as a whole.
const MAX_DEPTH: usize = 16;

/// Shortest password.
const MIN_PASSWORD: usize = 12;

/// What the contract refuses of users beyond the kinds of their fields.
pub(super) fn check(endpoint: &Endpoint, members: &Map<String, Value>, errors: &mut Errors) {
    if endpoint.kind == PERMISSION
        && members.get("actions").and_then(Value::as_array).is_some_and(Vec::is_empty)
    {
        add(errors, "actions", "This list may not be empty.");
    }
    if endpoint.kind != USER {
        return;
    }
    let text =
        |name: &str| members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let named = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '@' | '.' | '+' | '-');
    if text("username").is_some_and(|name| !name.chars().all(named)) {
        let message =
            "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";
        add(errors, "username", message);
    }
    if text("email").is_some_and(|mail| !is_mail(mail)) {
        add(errors, "email", "Enter a valid email address.");
    }
    for message in text("password").map(weaknesses).unwrap_or_default() {
        add(errors, "__all__", message);
    }
}

fn is_mail(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    !name.is_empty() && domain.contains('.') && !domain.split('.').any(str::is_empty) && !text.contains(' ')
}

fn weaknesses(password: &str) -> Vec<String> {
    let mut weak = Vec::new();
    if password.chars().count() < MIN_PASSWORD {
        weak.push(format!("This password is too short. It must contain at least {MIN_PASSWORD} characters."));
    }
    // The first of these that is missing is told.
    let kinds = [
        ("numeral", password.chars().any(char::is_numeric)),
        ("uppercase letter", password.chars().any(char::is_uppercase)),
        ("lowercase letter", password.chars().any(char::is_lowercase)),
    ];
    if let Some((kind, _)) = kinds.iter().find(|(_, there)| !there) {
        weak.push(format!("Password must have at least one {kind}."));
    }
    weak
}

/// The name of a user: the login name, and the person's behind it.
pub(super) fn display(record: &Record) -> String {
    let text = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or_default();
    let person = format!("{} {}", text("first_name"), text("last_name"));
    match person.trim() {
        "" => text("name").to_owned(),
        person => format!("{} ({person})", text("name")),
    }
}

/// Makes these the permissions of a user or group. `field`: where permissions name such.
pub(super) async fn assign(
    records: &dyn Records,
    tx: &mut WriteTx,
    field: &'static str,
    (owner, wanted): (Uuid, &BTreeSet<Uuid>),
) -> Result<(), Problem> {
    let model = records.model(PERMISSIONS).ok_or_else(|| Problem::internal("no object permissions"))?;
    let ids = wanted.iter().map(Uuid::to_string).collect();
    let filter = Where::Any(vec![
        Where::is(field, "contains", owner.to_string()),
        Where::Is { field: "id".to_owned(), op: "eq", values: ids },
    ]);
    let found = records.find_in(tx, model, &Ask { filter, ..Ask::default() }).await?;
    let mut writes = Vec::new();
    for permission in &found.records {
        let id = record_id(permission);
        let named = permission.get(field).and_then(Value::as_array).into_iter().flatten();
        let mut of: Vec<Uuid> = named.filter_map(reference_id).collect();
        if of.contains(&owner) == wanted.contains(&id) {
            continue;
        }
        if wanted.contains(&id) {
            of.push(owner);
        } else {
            of.retain(|other| *other != owner);
        }
        let mut fields = Record::new();
        fields.insert(field.to_owned(), json!(of));
        writes.push(Write::Change { id, expect: None, fields, replace: false });
    }
    if writes.is_empty() {
        return Ok(());
    }
    records.write_asked(tx, model, writes).await.map(drop)
}

/// `users/config/`: what whoever asks has set. `given` is put over it, member by member.
pub(super) async fn config(
    records: &dyn Records,
    ctx: &Ctx,
    given: Option<Value>,
) -> Result<Response, Refusal> {
    let (Some(model), Some(user)) = (records.model(CONFIGS), ctx.actor().id()) else {
        return Err(Refusal::no_route());
    };
    let filter = Where::is("user", "eq", user.to_string());
    let found = records.find(ctx, model, &Ask { filter, limit: 1, ..Ask::default() }).await?;
    let stored = found.records.first();
    let mut data = stored.and_then(|stored| stored.get("data")).cloned().unwrap_or_else(|| json!({}));
    let Some(given) = given else { return Ok(axum::Json(data).into_response()) };
    if !given.is_object() {
        let text = format!("Invalid data. Expected a dictionary, but got {}.", python_type(&given));
        return Err(Refusal::detail(StatusCode::BAD_REQUEST, text));
    }
    put_over(&mut data, given, 0);
    let mut fields = Record::new();
    fields.insert("data".to_owned(), data.clone());
    let write = match stored {
        Some(stored) => Write::Change { id: record_id(stored), expect: None, fields, replace: false },
        None => {
            fields.insert("user".to_owned(), json!(user));
            Write::Create(fields)
        }
    };
    records.write(ctx, model, vec![write]).await?;
    Ok(axum::Json(data).into_response())
}

/// Members of objects are put over those that are there; everything else replaces.
fn put_over(data: &mut Value, given: Value, depth: usize) {
    match (data, given) {
        (Value::Object(data), Value::Object(given)) if depth < MAX_DEPTH => {
            for (name, value) in given {
                put_over(data.entry(name).or_insert(Value::Null), value, depth + 1);
            }
        }
        (data, given) => *data = given,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_addresses() {
        let short = "This password is too short. It must contain at least 12 characters.";
        let numeral = "Password must have at least one numeral.";
        let upper = "Password must have at least one uppercase letter.";
        for (password, expected) in [
            ("short", vec![short, numeral]),
            ("alllowercaseletters", vec![numeral]),
            ("all-lowercase-1", vec![upper]),
            ("Oracle-passw0rd", vec![]),
        ] {
            assert_eq!(weaknesses(password), expected, "{password}");
        }
        for (mail, good) in
            [("u@example.com", true), ("x", false), ("@example.com", false), ("u@example", false)]
        {
            assert_eq!(is_mail(mail), good, "{mail}");
        }
    }

    #[test]
    fn settings_are_put_over_those_that_are_there() {
        let mut data = json!({"a": {"b": 1, "c": 2}, "d": [1]});
        put_over(&mut data, json!({"a": {"c": 3}, "d": [], "e": {"f": null}}), 0);
        assert_eq!(data, json!({"a": {"b": 1, "c": 3}, "d": [], "e": {"f": null}}));
    }

    #[test]
    fn users_are_shown_with_the_person_behind() {
        let named = |value: Value| display(&value.as_object().cloned().unwrap_or_default());
        assert_eq!(named(json!({"name": "u", "first_name": null, "last_name": null})), "u");
        assert_eq!(named(json!({"name": "u", "first_name": "F", "last_name": "L"})), "u (F L)");
        assert_eq!(named(json!({"name": "u", "last_name": "L"})), "u (L)");
    }
}
