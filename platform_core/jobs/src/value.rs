//! What may go into the table: bounded, and nothing PostgreSQL refuses.

use kit::jobs::Progress;
use serde_json::Value;

/// Largest arguments of a job, bytes of JSON.
pub(crate) const MAX_ARGS: usize = 64 * 1024;
/// Largest result of a job, bytes of JSON.
pub(crate) const MAX_RESULT: usize = 1024 * 1024;
/// Largest stored progress, bytes of JSON.
const MAX_PROGRESS: usize = 64 * 1024;
/// Longest stored error, characters.
const MAX_ERROR: usize = 4000;
/// Longest progress message, characters.
const MAX_MESSAGE: usize = 500;

/// Whether a text in it has a NUL, which `jsonb` cannot hold.
pub(crate) fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The same without NULs: what a device said must not keep a job from ending.
pub(crate) fn without_nul(value: Value) -> Value {
    if !has_nul(&value) {
        return value;
    }
    match value {
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name.replace('\0', ""), without_nul(value))).collect()
        }
        other => other,
    }
}

/// An error text as stored. Never empty: an empty error would look like none.
pub(crate) fn error_text(text: &str) -> String {
    let cut: String = text.chars().filter(|c| *c != '\0').take(MAX_ERROR).collect();
    if cut.trim().is_empty() { "The job gave no reason.".to_owned() } else { cut }
}

/// Progress as stored and shown; details that are too large are left out.
pub(crate) fn progress_json(progress: &Progress) -> Value {
    let mut progress = progress.clone();
    progress.message = progress.message.chars().filter(|c| *c != '\0').take(MAX_MESSAGE).collect();
    progress.detail = without_nul(progress.detail);
    if progress.detail.to_string().len() > MAX_PROGRESS {
        progress.detail = Value::Null;
    }
    serde_json::to_value(&progress).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_goes_and_the_rest_stays() {
        let value = json!({"a\0": ["x\0y", 1, null], "b": {"c": "\0"}});
        assert!(has_nul(&value));
        assert_eq!(without_nul(value), json!({"a": ["xy", 1, null], "b": {"c": ""}}));
    }

    #[test]
    fn stored_texts_are_bounded() {
        assert_eq!(error_text(" \0"), "The job gave no reason.");
        assert_eq!(error_text(&"ä".repeat(5000)).chars().count(), MAX_ERROR);
        let progress = Progress {
            done: 1,
            total: None,
            message: "m".repeat(600),
            detail: Value::String("d".repeat(MAX_PROGRESS + 1)),
        };
        let stored = progress_json(&progress);
        assert_eq!(stored["message"].as_str().unwrap().len(), MAX_MESSAGE);
        assert_eq!((&stored["detail"], &stored["done"]), (&Value::Null, &json!(1)));
    }
}
