//! What must hold beyond the declarations.

use kit::record::{Change, Hooks, Record};
use kit::{BoxFuture, Ctx, FieldError, Problem, WriteTx};
use serde_json::Value;

use crate::EVENT_KINDS;
use crate::conditions::Condition;
use crate::rulebook;

fn wrong(pointer: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: code.into(), message: message.into() }
}

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Of webhooks.
pub(crate) struct WebhookRules;

impl Hooks for WebhookRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let url = text(record, "payload_url");
        // A template is looked at when it is rendered.
        if !url.contains("{{") && !url.starts_with("http://") && !url.starts_with("https://") {
            errors.push(wrong("/payload_url", "format", "Write an address with http:// or https://."));
        }
        let unchecked = record.get("ssl_verification") == Some(&Value::Bool(false));
        if unchecked && !text(record, "ca_file_path").is_empty() {
            let text = "Do not specify a CA certificate file if SSL verification is disabled.";
            errors.push(wrong("/ca_file_path", "conflict", text));
        }
    }
}

/// Of subscriptions.
pub(crate) struct SubscriptionRules;

impl Hooks for SubscriptionRules {
    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        _: Change,
        _: Option<&'a Record>,
        _: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        rulebook::forget(tx);
        Box::pin(async { Ok(()) })
    }
}

/// Of event rules.
pub(crate) struct EventRuleRules;

impl Hooks for EventRuleRules {
    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        _: Change,
        _: Option<&'a Record>,
        _: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        rulebook::forget(tx);
        Box::pin(async { Ok(()) })
    }

    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let events =
            record.get("event_types").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if events.is_empty() {
            errors.push(wrong("/event_types", "required", "This list may not be empty."));
        }
        for (at, event) in events.iter().enumerate() {
            let name = event.as_str().unwrap_or_default();
            if !EVENT_KINDS.iter().any(|kind| kind.value == name) {
                let text = format!("\"{name}\" is not a valid choice.");
                errors.push(wrong(&format!("/event_types/{at}"), "invalid_choice", text));
            }
        }
        if let Err(message) = Condition::parse(record.get("conditions").unwrap_or(&Value::Null)) {
            errors.push(wrong("/conditions", "conditions", message));
        }
        let target =
            record.get("action_object").and_then(|object| object.get("type")).and_then(Value::as_str);
        let wanted = match text(record, "action_type") {
            "webhook" => "platform.webhook",
            _ => "platform.notification_group",
        };
        if target.is_some_and(|target| target != wanted) {
            let text = format!(
                "This action goes with a {}.",
                wanted.trim_start_matches("platform.").replace('_', " ")
            );
            errors.push(wrong("/action_object", "type", text));
        }
    }
}
