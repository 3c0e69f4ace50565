//! Tokens at the door. Ours are what the contract calls version 2: a key that may be seen, and a token that
//! is told once and kept as a hash. What they may do is in our rules; an end they always have.

use axum::http::StatusCode;
use kit::Ctx;
use kit::record::Record;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::Fact;
use super::errors::{Errors, Refusal, add};
use super::input::{Given, Input, Messages, bare, message};
use super::values::scalar;
use crate::reading::reference;

/// Their content type.
pub(super) const KIND: &str = "users.token";
/// The version of all of ours.
pub(super) const VERSION: i64 = 2;
/// The rule of a token that changes nothing.
pub(super) const READ_ONLY: &str = "*:read";

/// Takes a field that our tokens keep in another form; false for every other.
pub(super) fn field(fact: &Fact, value: &Value, input: &mut Input) -> Result<bool, Messages> {
    match fact.name.as_str() {
        "version" if bare(&scalar(fact, value)?) == VERSION.to_string() => Ok(true),
        "version" => Err(message("This server keeps hashes of tokens only: make one of version 2.")),
        "pepper_id" if value.is_null() => Ok(true),
        "pepper_id" => Err(message("This server has no peppers: leave the field out.")),
        "write_enabled" => {
            let rules = if scalar(fact, value)? == true { json!([]) } else { json!([READ_ONLY]) };
            input.fields.push(("rules".to_owned(), fact.name.clone(), Given::Value(rules)));
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Does a rule allow more than to read?
fn changes(rule: &str) -> bool {
    let acts = rule.rsplit_once(':').map_or("", |(_, acts)| acts);
    !rule.starts_with('!') && acts.split('|').any(|act| act != "read")
}

fn rules(record: &Record) -> Vec<&str> {
    let rules = record.get("rules").and_then(Value::as_array);
    rules.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// May the token change something, as far as its rules say?
pub(super) fn writes(record: &Record) -> bool {
    let rules = rules(record);
    rules.is_empty() || rules.into_iter().any(changes)
}

/// Nobody makes tokens for others.
pub(super) fn only_own(ctx: &Ctx, tokens: &[Record]) -> Result<(), Refusal> {
    let own = ctx.actor().id().map(|id| id.to_string());
    let others = |token: &Record| token.get("owner").and_then(Value::as_str) != own.as_deref();
    if tokens.iter().any(others) {
        let text = "This user does not have permission to create tokens for other users.";
        return Err(Refusal::detail(StatusCode::FORBIDDEN, text));
    }
    Ok(())
}

/// The fields as our tokens have them: a name of its own, no owner but whoever makes it, rules that say
/// more than the contract can stay as they are.
pub(super) fn fitted(mut fields: Record, before: Option<&Record>) -> Result<Record, Errors> {
    let mut errors = Errors::new();
    let owner = fields.remove("owner");
    let Some(before) = before else {
        fields.insert("name".to_owned(), json!(format!("NetBox client {}", Uuid::now_v7())));
        return Ok(fields);
    };
    let kept = reference(before, "owner").map(|id| id.to_string());
    if owner.is_some_and(|owner| owner.as_str() != kept.as_deref()) {
        add(&mut errors, "user", "A token keeps its user.");
    }
    if fields.contains_key("rules") {
        let known = rules(before);
        if writes(&fields) == writes(before) {
            fields.remove("rules");
        } else if !(known.is_empty() || known == [READ_ONLY]) {
            let text = "This token has rules of its own. Change them at /api/v1/platform/tokens.";
            add(&mut errors, "write_enabled", text);
        }
    }
    if errors.is_empty() { Ok(fields) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(value: Value) -> Record {
        match value {
            Value::Object(token) => token,
            _ => Record::new(),
        }
    }

    #[test]
    fn rules_say_whether_it_writes() {
        for (rules, expected) in [
            (json!([]), true),
            (json!([READ_ONLY]), false),
            (json!(["atlas/*:read", "!audit/*:read|write"]), false),
            (json!(["atlas/*:read|write"]), true),
        ] {
            assert_eq!(writes(&token(json!({"rules": rules}))), expected, "{rules}");
        }
    }

    #[test]
    fn a_change_keeps_what_the_contract_cannot_say() {
        let owner = Uuid::from_u128(1);
        let before = |rules: Value| token(json!({"owner": {"id": owner}, "rules": rules}));
        let off = || token(json!({"rules": [READ_ONLY], "owner": owner}));
        assert_eq!(fitted(off(), Some(&before(json!([])))), Ok(token(json!({"rules": [READ_ONLY]}))));
        assert_eq!(fitted(off(), Some(&before(json!(["atlas/*:read"])))), Ok(token(json!({}))));
        let wrong = fitted(off(), Some(&before(json!(["atlas/*:write"])))).unwrap_err();
        assert!(wrong.contains_key("write_enabled"), "{wrong:?}");
        let other = token(json!({"owner": Uuid::from_u128(2)}));
        assert!(fitted(other, Some(&before(json!([])))).unwrap_err().contains_key("user"));
        assert!(fitted(off(), None).unwrap()["name"].as_str().unwrap().starts_with("NetBox client "));
    }
}
