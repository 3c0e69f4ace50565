//! JSON values as YAML in blocks. Texts are quoted as in JSON, which YAML understands, unless they are
//! plain words.

use std::fmt::Write as _;

use serde_json::Value;

/// The document as YAML.
pub(super) fn written(value: &Value) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

/// A value that begins on a line of its own.
fn block(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let _ = write!(text, "{:depth$}{}:", "", word(name));
                behind(text, value, depth);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(text, "{:depth$}-", "");
                behind(text, item, depth);
            }
        }
        other => {
            let _ = writeln!(text, "{:depth$}{}", "", scalar(other));
        }
    }
}

/// A value behind a name or a dash: on the same line when it is short, else below, further in.
fn behind(text: &mut String, value: &Value, depth: usize) {
    let nested = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if nested {
        text.push('\n');
        block(text, value, depth + 2);
    } else {
        let _ = writeln!(text, " {}", scalar(value));
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => word(text),
        other => other.to_string(),
    }
}

/// Plain when nobody can take it for something else.
fn word(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.".contains(&byte))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .iter()
            .any(|taken| text.eq_ignore_ascii_case(taken));
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks() {
        let value =
            json!({"a": {"b": [1, {"c": "x y", "d": []}], "/e/": null}, "n": "no", "t": true, "z": {}});
        let expected = "a:\n  b:\n    - 1\n    -\n      c: \"x y\"\n      d: []\n  /e/: null\n\"n\": \"no\"\nt: true\nz: {}\n";
        assert_eq!(written(&value), expected);
    }
}
