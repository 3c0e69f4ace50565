//! Results of tools: short text for those that read, the data for those that count, an error in words.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::Answer;

/// Largest data of a result, bytes.
const MOST: usize = 256 * 1024;
/// Largest text of a result, characters.
const LONGEST: usize = 40_000;
/// Longest value in a line of text, characters.
const VALUE: usize = 300;
/// What a line of text leaves out: the data has it.
const QUIET: [&str; 3] = ["created_at", "updated_at", "version"];

/// A tool did what it should.
pub(crate) fn good(value: Value) -> Value {
    let data = match value {
        Value::Object(_) => value,
        other => json!({ "items": other }),
    };
    match bounded(data) {
        Ok(data) => json!({
            "content": [{"type": "text", "text": text(&data)}],
            "structuredContent": data,
            "isError": false,
        }),
        Err(size) => failed(&format!(
            "The answer has {size} bytes, too many: narrow the question (filters, fields, limit)."
        )),
    }
}

/// A tool could not do it, and why: the model can mend its call.
pub(crate) fn failed(why: &str) -> Value {
    json!({"content": [{"type": "text", "text": why}], "isError": true})
}

/// What the API answered.
pub(crate) fn of(answer: Answer) -> Value {
    if answer.status < 300 { good(answer.body) } else { refused(&answer.body) }
}

/// A problem document.
pub(crate) fn refused(problem: &Value) -> Value {
    let mut result = failed(&words(problem));
    if let (true, Some(members)) = (problem.is_object(), result.as_object_mut()) {
        members.insert("structuredContent".to_owned(), problem.clone());
    }
    result
}

/// A problem in words, with the wrong fields.
pub(crate) fn words(problem: &Value) -> String {
    let detail = problem.get("detail").and_then(Value::as_str);
    let mut words = detail.unwrap_or("The server could not answer.").to_owned();
    for error in problem.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        if !words.contains(part("message")) {
            let _ = write!(words, "\n{}: {}", part("pointer"), part("message"));
        }
    }
    words
}

/// Data that is not too large: of the longest list the end is left out, and said so. A page that was cut
/// has no cursor, which would lead past what is missing.
fn bounded(data: Value) -> Result<Value, usize> {
    let size = data.to_string().len();
    if size <= MOST {
        return Ok(data);
    }
    let Value::Object(mut members) = data else { return Err(size) };
    let mut cut = Map::new();
    loop {
        let lists = members.iter_mut().filter_map(|(name, value)| Some((name, value.as_array_mut()?)));
        let Some((name, items)) = lists.max_by_key(|(_, items)| items.len()) else { return Err(size) };
        if items.len() < 2 {
            return Err(size);
        }
        let all = items.len();
        items.truncate(all / 2);
        let shown = items.len();
        let of = cut.get(name).and_then(|cut| cut.get("of")).cloned().unwrap_or_else(|| json!(all));
        cut.insert(name.clone(), json!({"shown": shown, "of": of}));
        if Value::Object(members.clone()).to_string().len() <= MOST {
            break;
        }
    }
    members.remove("next_cursor");
    members.insert("truncated".to_owned(), Value::Object(cut));
    Ok(Value::Object(members))
}

/// Lists as lines, everything else as compact JSON.
fn text(data: &Value) -> String {
    let items = data.get("items").and_then(Value::as_array);
    let mut text = match items {
        None => data.to_string(),
        Some(items) if items.is_empty() => "Nothing found.".to_owned(),
        Some(items) => lines(items, data),
    };
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push_str("\n... cut here: ask for fewer (limit, fields, filters).");
    }
    text
}

fn lines(items: &[Value], data: &Value) -> String {
    let total = data.get("total").filter(|total| total.is_u64()).map(|total| format!(" of {total}"));
    let mut lines = vec![format!("{}{}:", items.len(), total.unwrap_or_default())];
    lines.extend(items.iter().map(|item| format!("- {}", line(item))));
    if let Some(cut) = data.get("truncated") {
        lines.push(format!("Cut, too large: {cut}. Ask for fewer (limit, fields)."));
    }
    if let Some(cursor) = data.get("next_cursor").and_then(Value::as_str) {
        lines.push(format!("More with cursor {cursor}"));
    }
    lines.join("\n")
}

/// The fields of a record that say something.
fn line(item: &Value) -> String {
    let Some(members) = item.as_object() else { return shown(item) };
    let parts = members
        .iter()
        .filter(|(name, _)| !QUIET.contains(&name.as_str()))
        .map(|(name, value)| (name, shown(value)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}: {value}"));
    parts.collect::<Vec<_>>().join("; ")
}

/// A value in a few words: references by what they are called.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace('\n', " "),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(members) if members.is_empty() => String::new(),
        Value::Object(members) => match members.get("display").and_then(Value::as_str) {
            Some(display) => display.to_owned(),
            None => value.to_string(),
        },
        other => other.to_string(),
    };
    match text.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_lines_without_what_says_nothing() {
        let page = json!({"items": [{"id": "1", "name": "a", "site": {"id": "2", "display": "Alpha"}, "rack": null,
            "tags": [], "custom_fields": {}, "version": 3}], "next_cursor": "c", "total": 9});
        let result = good(page.clone());
        assert_eq!(
            result["content"][0]["text"],
            "1 of 9:\n- id: 1; name: a; site: Alpha\nMore with cursor c"
        );
        assert_eq!((&result["structuredContent"], &result["isError"]), (&page, &json!(false)));
        assert_eq!(good(json!({"items": []}))["content"][0]["text"], "Nothing found.");
        assert_eq!(good(json!([1]))["structuredContent"], json!({"items": [1]}));
    }

    #[test]
    fn what_is_too_large_is_cut_and_says_so() {
        let items: Vec<Value> = (0..4000).map(|n| json!({"id": n, "text": "x".repeat(200)})).collect();
        let result = good(json!({"items": items, "next_cursor": "c"}));
        let data = &result["structuredContent"];
        assert!(data.to_string().len() <= MOST + 100);
        assert_eq!(data["truncated"]["items"]["of"], 4000);
        assert!(data.get("next_cursor").is_none());
        assert!(result["content"][0]["text"].as_str().unwrap().chars().count() < LONGEST + 100);
        assert_eq!(good(json!({"text": "x".repeat(MOST)}))["isError"], true);
    }

    #[test]
    fn problems_are_told_in_words() {
        let problem =
            json!({"detail": "2 fields are wrong.", "errors": [{"pointer": "?a", "message": "bad"}]});
        let result = of(Answer { status: 400, body: problem.clone() });
        assert_eq!(result["content"][0]["text"], "2 fields are wrong.\n?a: bad");
        assert_eq!((&result["isError"], &result["structuredContent"]), (&json!(true), &problem));
    }
}
