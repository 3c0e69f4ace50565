//! YAML in and out, as JSON values. Bounded: documents, nodes, depth, and what aliases unfold to, so that
//! a short text cannot become a large one.

use serde_json::Value;

use crate::problem::Problem;

/// Documents of one text.
pub const MAX_DOCUMENTS: usize = 10_000;
/// Values and keys of one text.
const MAX_NODES: usize = 1_000_000;
/// Levels of lists and objects.
const MAX_DEPTH: usize = 32;
/// What all aliases together may unfold to.
const MAX_UNFOLDED: usize = 50_000;

/// The documents of a text, without those that say nothing. Truth values are `true` and `false` only:
/// `no` and `off` are texts.
///
/// # Errors
/// 400 with line and column of what is no YAML, or beyond a bound.
pub fn documents(text: &[u8]) -> Result<Vec<Value>, Problem> {
    let text = std::str::from_utf8(text).map_err(|_| Problem::bad_request("The file is not UTF-8 text."))?;
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: MAX_DOCUMENTS,
            max_nodes: MAX_NODES,
            max_events: 3 * MAX_NODES,
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_aliases: 1_000,
            max_anchors: 1_000,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_UNFOLDED },
        strict_booleans: true,
        with_snippet: false,
    };
    let documents: Vec<Value> =
        serde_saphyr::from_multiple_with_options(text, options).map_err(|error| refused(&error))?;
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

fn refused(error: &serde_saphyr::Error) -> Problem {
    let place = error.location().map(|place| format!("line {}, column {}: ", place.line(), place.column()));
    let cause: String =
        error.without_snippet().to_string().chars().filter(|c| !c.is_control()).take(300).collect();
    Problem::bad_request(format!(
        "The file is no YAML this server reads ({}{cause}).",
        place.unwrap_or_default()
    ))
}

/// One document.
///
/// # Errors
/// 500: every JSON value has a form in YAML.
pub fn text(document: &Value) -> Result<String, Problem> {
    serde_saphyr::to_string(document).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::json;

    use super::*;

    #[test]
    fn documents_come_back_as_they_were() {
        let values = [
            json!({"name": "core 1", "tags": ["a", "b"], "height": 1.5, "active": true, "none": null}),
            json!({"name": "yes", "slug": "012", "text": "two\nlines", "colon": "a: b # c", "empty": ""}),
        ];
        for value in values {
            let text = text(&value).unwrap();
            assert_eq!(documents(text.as_bytes()).unwrap(), [value], "{text}");
        }
        let two = documents(b"---\na: 1\n---\n---\n- b: no\n").unwrap();
        assert_eq!(two, [json!({"a": 1}), json!([{"b": "no"}])]);
    }

    #[test]
    fn what_is_refused() {
        let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..10 {
            let items = vec![format!("*a{}", n - 1); 9].join(", ");
            let _ = writeln!(bomb, "a{n}: &a{n} [{items}]");
        }
        let cases: [&[u8]; 6] =
            [b"a: [1", b"a: 1\na: 2", b"\xff", deep.as_bytes(), bomb.as_bytes(), b"a: *nothing"];
        for text in cases {
            let problem = documents(text).unwrap_err();
            assert_eq!(problem.status, 400, "{}", problem.detail);
        }
        let problem = documents(b"a: 1\nb: [1").unwrap_err();
        assert!(problem.detail.contains("line "), "{}", problem.detail);
    }
}
