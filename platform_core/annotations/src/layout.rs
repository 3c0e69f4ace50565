//! What a dashboard is made of: widgets on a grid of twelve columns. What a widget shows is in its
//! `config`, which the pages read; here it is only held to be an object, and the engine bounds its size.

use std::collections::HashSet;

use kit::FieldError;
use serde_json::{Map, Value};

use crate::rules::wrong;

/// Columns of the grid.
const COLUMNS: u64 = 12;
/// Highest widget, rows.
const HIGHEST: u64 = 40;
/// Lowest row that a widget may begin in.
const LOWEST: u64 = 1_000;
/// Most widgets of a dashboard.
const MOST: usize = 60;
/// Longest id and longest title, characters.
const LONGEST: usize = 100;
/// What the pages can draw.
const KINDS: [&str; 11] = [
    "bookmarks",
    "changes",
    "chart",
    "counts",
    "drift",
    "jobs",
    "map",
    "note",
    "prefixes",
    "rack",
    "records",
];
const MEMBERS: [&str; 8] = ["id", "kind", "title", "x", "y", "w", "h", "config"];

/// Tells everything that is wrong with a layout. None is an empty one.
pub(crate) fn check(layout: Option<&Value>, errors: &mut Vec<FieldError>) {
    let widgets = match layout {
        None | Some(Value::Null) => return,
        Some(Value::Object(members)) if members.keys().all(|name| name == "widgets") => {
            members.get("widgets")
        }
        Some(_) => {
            errors.push(wrong("/layout", "type", "Give an object with the list `widgets` and nothing else."));
            return;
        }
    };
    let widgets = match widgets {
        None => return,
        Some(Value::Array(widgets)) if widgets.len() <= MOST => widgets,
        Some(_) => {
            let text = format!("Give a list of at most {MOST} widgets.");
            errors.push(wrong("/layout/widgets", "type", &text));
            return;
        }
    };
    let mut ids = HashSet::new();
    for (at, widget) in widgets.iter().enumerate() {
        let pointer = format!("/layout/widgets/{at}");
        match widget {
            Value::Object(widget) => check_widget(&pointer, widget, &mut ids, errors),
            _ => errors.push(wrong(&pointer, "type", "A widget is an object.")),
        }
    }
}

fn check_widget<'a>(
    pointer: &str,
    widget: &'a Map<String, Value>,
    ids: &mut HashSet<&'a str>,
    errors: &mut Vec<FieldError>,
) {
    let mut refuse = |member: &str, code, text: &str| {
        errors.push(wrong(&format!("{pointer}/{member}"), code, text));
    };
    if widget.keys().any(|name| !MEMBERS.contains(&name.as_str())) {
        refuse("id", "unknown_field", &format!("A widget has {}, nothing else.", MEMBERS.join(", ")));
    }
    match widget.get("id").and_then(Value::as_str).filter(|id| fits(id) && !id.is_empty()) {
        Some(id) if ids.insert(id) => {}
        Some(_) => refuse("id", "unique", "Another widget has this id."),
        None => refuse("id", "required", "Give each widget an id: a text of 1 to 100 characters."),
    }
    if widget.get("kind").and_then(Value::as_str).is_none_or(|kind| !KINDS.contains(&kind)) {
        refuse("kind", "choice", &format!("Choose one of {}.", KINDS.join(", ")));
    }
    if !matches!(widget.get("title"), None | Some(Value::Null))
        && widget.get("title").and_then(Value::as_str).is_none_or(|title| !fits(title))
    {
        refuse("title", "length", "A title is a text of at most 100 characters.");
    }
    if !matches!(widget.get("config"), None | Some(Value::Null | Value::Object(_))) {
        refuse("config", "type", "Give the settings of a widget as an object.");
    }
    let number = |name: &str| widget.get(name).and_then(Value::as_u64);
    match (number("x"), number("w")) {
        (Some(x), Some(w)) if w >= 1 && x.saturating_add(w) <= COLUMNS => {}
        _ => refuse("x", "out_of_range", "A widget begins at x and is w wide, within twelve columns."),
    }
    match (number("y"), number("h")) {
        (Some(y), Some(h)) if y <= LOWEST && (1..=HIGHEST).contains(&h) => {}
        _ => {
            let text = format!("A widget begins at y up to {LOWEST} and is 1 to {HIGHEST} rows high.");
            refuse("y", "out_of_range", &text);
        }
    }
}

fn fits(text: &str) -> bool {
    text.chars().count() <= LONGEST
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong_at(layout: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        check(Some(layout), &mut errors);
        errors.into_iter().map(|error| error.pointer).collect()
    }

    fn widget(change: Value) -> Value {
        let mut widget = json!({"id": "a", "kind": "note", "x": 0, "y": 0, "w": 4, "h": 3});
        let (Some(widget_members), Value::Object(change)) = (widget.as_object_mut(), change) else {
            unreachable!("both are objects");
        };
        widget_members.extend(change);
        widget
    }

    #[test]
    fn every_fault_is_told_at_its_place() {
        let cases = [
            (json!(null), vec![]),
            (json!({}), vec![]),
            (json!({"widgets": []}), vec![]),
            (json!([]), vec!["/layout"]),
            (json!({"widget": []}), vec!["/layout"]),
            (json!({"widgets": {}}), vec!["/layout/widgets"]),
            (json!({"widgets": vec![widget(json!({})); MOST + 1]}), vec!["/layout/widgets"]),
            (json!({"widgets": [1]}), vec!["/layout/widgets/0"]),
            (json!({"widgets": [widget(json!({"title": "Sites", "config": {"text": "Hello"}}))]}), vec![]),
            (json!({"widgets": [widget(json!({"x": 8}))]}), vec![]),
            (json!({"widgets": [widget(json!({"x": 9}))]}), vec!["/layout/widgets/0/x"]),
            (json!({"widgets": [widget(json!({"w": 0}))]}), vec!["/layout/widgets/0/x"]),
            (json!({"widgets": [widget(json!({"x": u64::MAX}))]}), vec!["/layout/widgets/0/x"]),
            (
                json!({"widgets": [widget(json!({"x": 0.5, "y": -1}))]}),
                vec!["/layout/widgets/0/x", "/layout/widgets/0/y"],
            ),
            (json!({"widgets": [widget(json!({"h": 41}))]}), vec!["/layout/widgets/0/y"]),
            (json!({"widgets": [widget(json!({"kind": "iframe"}))]}), vec!["/layout/widgets/0/kind"]),
            (
                json!({"widgets": [widget(json!({"title": "x".repeat(101)}))]}),
                vec!["/layout/widgets/0/title"],
            ),
            (json!({"widgets": [widget(json!({"config": "x"}))]}), vec!["/layout/widgets/0/config"]),
            (json!({"widgets": [widget(json!({"script": "x"}))]}), vec!["/layout/widgets/0/id"]),
            (json!({"widgets": [widget(json!({})), widget(json!({}))]}), vec!["/layout/widgets/1/id"]),
            (
                json!({"widgets": [widget(json!({})), widget(json!({"id": ""}))]}),
                vec!["/layout/widgets/1/id"],
            ),
        ];
        for (layout, expected) in cases {
            assert_eq!(wrong_at(&layout), expected, "{layout}");
        }
    }
}
