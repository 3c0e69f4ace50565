//! The OpenAPI document and a viewer without scripts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

/// Where the document is.
pub(crate) const DOCUMENT: &str = "/api/v1/openapi.json";
/// Where its viewer is.
pub(crate) const VIEWER: &str = "/api/docs";
/// The viewer brings its own style and nothing else.
pub(crate) const VIEWER_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Adds the record engine's part, the servers' common facts and this document itself.
pub(crate) fn complete(document: &mut Value, records: &Value) {
    let Some(map) = document.as_object_mut() else { return };
    map.insert("openapi".into(), json!("3.1.0"));
    map.insert(
        "info".into(),
        json!({
            "title": "Portolan",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The native API. Errors are application/problem+json (RFC 9457); times are RFC 3339 in UTC.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        }),
    );
    map.insert("security".into(), json!([{"bearer": []}]));
    merge(map.entry("paths").or_insert_with(|| json!({})), records.get("paths"));
    let public = |summary: &str, id: &str| {
        json!({"get": {"operationId": id, "summary": summary, "tags": ["meta"], "x-public": true,
            "responses": {"200": {"description": "OK"}}}})
    };
    let own = json!({
        DOCUMENT: public("This document", "meta_openapi"),
        VIEWER: public("This document for people", "meta_docs"),
    });
    merge(map.entry("paths").or_insert_with(|| json!({})), Some(&own));
    merge(map.entry("paths").or_insert_with(|| json!({})), Some(&crate::mcp::operation()));
    let components = map.entry("components").or_insert_with(|| json!({}));
    for part in ["schemas", "parameters", "responses"] {
        let source = records.pointer(&format!("/components/{part}"));
        if let (Some(target), Some(source)) = (components.as_object_mut(), source) {
            merge(target.entry(part).or_insert_with(|| json!({})), Some(source));
        }
    }
    if let Some(components) = components.as_object_mut() {
        components.insert(
            "securitySchemes".into(),
            json!({"bearer": {"type": "http", "scheme": "bearer", "description": "Access token of a login, or an API token (ptl_...)."}}),
        );
    }
}

/// Members of `source` go into `target`, one level deeper where both have the key.
fn merge(target: &mut Value, source: Option<&Value>) {
    let (Some(target), Some(source)) = (target.as_object_mut(), source.and_then(Value::as_object)) else {
        return;
    };
    for (key, value) in source {
        match target.get_mut(key) {
            Some(existing) if existing.is_object() => merge(existing, Some(value)),
            _ => {
                target.insert(key.clone(), value.clone());
            }
        }
    }
}

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:0 auto;max-width:980px;padding:24px;color:#1A222B;background:#fff}\
h1{font-size:20px}h2{font-size:16px;margin-top:32px;text-transform:capitalize}details{border-top:1px solid #E9EDF1}\
summary{padding:6px 0;cursor:pointer}code{font:13px ui-monospace,monospace}.m{display:inline-block;width:5.5em;font-weight:650}\
.p{color:#55616F;float:right}pre{background:#F4F6F8;padding:12px;overflow:auto}table{border-collapse:collapse}\
td,th{text-align:left;padding:2px 12px 2px 0;vertical-align:top}a{color:#0B63B0}\
@media(prefers-color-scheme:dark){body{color:#E6EBF0;background:#11161C}details{border-color:#222C36}pre{background:#182028}.p{color:#A3AFBC}a{color:#6CB4F5}}";

/// The document as one page: operations by tag, each with parameters, body and answers.
pub(crate) fn viewer(document: &Value) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Portolan API</title><style>{STYLE}</style><main><h1>Portolan API</h1>\
         <p>The machine-readable form is <a href=\"{DOCUMENT}\">openapi.json</a> (OpenAPI 3.1).</p>"
    );
    for (tag, operations) in by_tag(document) {
        let _ = write!(html, "<h2>{}</h2>", escape(&tag));
        for (method, path, operation) in operations {
            operation_html(&mut html, method, path, operation);
        }
    }
    html.push_str("</main></html>");
    html
}

type Operation<'a> = (&'a str, &'a str, &'a Value);

fn by_tag(document: &Value) -> BTreeMap<String, Vec<Operation<'_>>> {
    let mut tags: BTreeMap<String, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation.get("responses").is_some() {
                let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or("other");
                tags.entry(tag.to_owned()).or_default().push((method, path, operation));
            }
        }
    }
    tags
}

fn operation_html(html: &mut String, method: &str, path: &str, operation: &Value) {
    let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default();
    let _ = write!(
        html,
        "<details><summary><span class=\"m\">{}</span><code>{}</code><span class=\"p\">{}</span></summary><p>{}</p><p>{}</p>",
        escape(&method.to_uppercase()),
        escape(path),
        escape(text("x-permission")),
        escape(text("summary")),
        escape(text("description"))
    );
    let parameters = operation.get("parameters").and_then(Value::as_array);
    if let Some(parameters) = parameters.filter(|list| !list.is_empty()) {
        html.push_str("<table><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr>");
        for parameter in parameters {
            let part = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escape(part("name")),
                escape(part("in")),
                escape(part("description"))
            );
        }
        html.push_str("</table>");
    }
    for (title, part) in [("Body", "requestBody"), ("Answers", "responses")] {
        if let Some(value) = operation.get(part) {
            let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
            let _ = write!(html, "<p>{title}</p><pre>{}</pre>", escape(&pretty));
        }
    }
    html.push_str("</details>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_document_meet() {
        let mut document =
            json!({"paths": {"/a": {"get": {"responses": {}}}}, "components": {"schemas": {"A": {}}}});
        complete(
            &mut document,
            &json!({"paths": {"/a": {"post": {"responses": {}}}}, "components": {"schemas": {"B": {}}}}),
        );
        assert!(
            document.pointer("/paths/~1a/get").is_some() && document.pointer("/paths/~1a/post").is_some()
        );
        assert!(
            document.pointer("/components/schemas/A").is_some()
                && document.pointer("/components/schemas/B").is_some()
        );
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn the_viewer_escapes() {
        let html = viewer(&json!({"paths": {"/<x>": {"get": {"summary": "<script>", "responses": {}}}}}));
        assert!(html.contains("&lt;x&gt;") && !html.contains("<script>"));
    }
}
