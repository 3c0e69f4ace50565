//! Operations of the routes that [`crate::router`] serves.

use kit::permission::Act;
use kit::record::Model;
use serde_json::{Map, Value, json};

use super::schemas::example;
use super::{reference, schema_name};
use crate::custom::CUSTOM_FIELD_CHOICE_SET;
use crate::entity::Entity;
use crate::query::{Column, MAX_LIMIT, operators};

/// The description of models needs a login and no permission: it shows what one may read.
pub(super) fn meta() -> Value {
    json!({"get": {
        "operationId": "meta_models",
        "summary": "The models this principal may read, with their fields",
        "tags": ["Meta"],
        "x-permission": "authenticated",
        "responses": answers(&[("200", json!({"description": "Models", "content": {"application/json": {"schema": {"type": "object"}}}}))], &["401"]),
    }})
}

/// The search needs a login and no permission of its own: it finds what one may read.
pub(super) fn search() -> Value {
    let text = |maximum: usize| json!({"type": "string", "minLength": 1, "maxLength": maximum});
    let mut asked = parameter(
        "query",
        "q",
        text(256),
        "A name, address, network, MAC address in any notation, serial number, id; or the beginning or a part of one.",
    );
    set(&mut asked, "required", json!(true));
    let parameters = vec![
        asked,
        parameter("query", "models", text(4_000), "Names of models divided by commas; all when absent."),
        parameter(
            "query",
            "limit",
            json!({"type": "integer", "minimum": 1, "maximum": 100}),
            "Hits of a page.",
        ),
        parameter("query", "cursor", json!({"type": "string"}), "next_cursor of the page before."),
    ];
    let good = json!({"description": "The best hits first", "content": content(reference("SearchPage"))});
    json!({"get": {
        "operationId": "search",
        "summary": "Find records of all kinds",
        "tags": ["Search"],
        "x-permission": "authenticated",
        "parameters": parameters,
        "responses": answers(&[("200", good)], &["400", "401", "422", "503"]),
    }})
}

/// Making the search anew.
pub(super) fn rebuild() -> Value {
    let job = json!({"type": "object", "required": ["job"], "properties": {"job": {"type": "string", "format": "uuid"}}});
    let good = json!({"description": "The job that does it", "content": content(job)});
    json!({"post": {
        "operationId": "search_rebuild",
        "summary": "Make anew what records are found by",
        "tags": ["Search"],
        "x-permission": "platform/jobs:write",
        "responses": answers(&[("202", good)], &["400", "401", "403", "503"]),
    }})
}

/// What can be chosen of a set of choices.
fn choices(operation: &Operation<'_>) -> Value {
    let pair = json!({"type": "object", "required": ["value", "label"], "properties": {"value": {"type": "string"}, "label": {"type": "string"}}});
    let page = json!({"type": "object", "required": ["items", "next_cursor", "total"], "properties": {
        "items": {"type": "array", "items": pair},
        "next_cursor": {"type": ["string", "null"]},
        "total": {"type": "integer"},
    }});
    let limit = json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 50});
    let text = || json!({"type": "string"});
    let parameters = vec![
        Operation::id(),
        parameter("query", "q", text(), "Part of a value or a label."),
        parameter("query", "limit", limit, "Choices of a page."),
        parameter("query", "cursor", text(), "next_cursor of the page before."),
    ];
    let good = json!({"description": "Choices: of the known list, then its own", "content": content(page)});
    let responses = answers(&[("200", good)], &["400", "401", "403", "404", "503"]);
    operation.of("choices", Act::Read, "What can be chosen", parameters, responses)
}

pub(super) fn of_model(entity: &Entity, paths: &mut Map<String, Value>) {
    let model = entity.model;
    let offered = model.operations;
    let operation = Operation { entity, schema: schema_name(model.name) };
    let mut collection = json!({"get": operation.list()});
    let mut item = json!({"get": operation.read()});
    if offered.create {
        set(&mut collection, "post", operation.create());
    }
    if offered.update {
        set(&mut item, "patch", operation.change("patch", "Change some fields (RFC 7396)"));
        set(&mut item, "put", operation.change("put", "Replace; secrets that are not given stay"));
    }
    if offered.delete {
        set(&mut item, "delete", operation.delete());
    }
    let path = &entity.path;
    paths.insert(path.clone(), collection);
    paths.insert(format!("{path}/{{id}}"), item);
    paths.insert(format!("{path}/{{id}}/history"), json!({"get": operation.history()}));
    if model.name == CUSTOM_FIELD_CHOICE_SET.name {
        paths.insert(format!("{path}/{{id}}/choices"), json!({"get": choices(&operation)}));
    }
    if offered.create || offered.update || offered.delete {
        paths.insert(format!("{path}/actions/batch"), json!({"post": operation.batch()}));
    }
    if offered.create {
        paths.insert(format!("{path}/actions/import"), json!({"post": operation.import()}));
    }
}

fn set(item: &mut Value, verb: &str, operation: Value) {
    if let Some(item) = item.as_object_mut() {
        item.insert(verb.to_owned(), operation);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "schemas are literals at the place of the call")]
fn parameter(place: &str, name: &str, schema: Value, description: &str) -> Value {
    json!({"in": place, "name": name, "required": place == "path", "schema": schema, "description": description})
}

#[expect(clippy::needless_pass_by_value, reason = "schemas are literals at the place of the call")]
fn content(schema: Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

/// Good answers, and the problems with their meaning.
fn answers(good: &[(&str, Value)], problems: &[&str]) -> Value {
    let mut responses: Map<String, Value> =
        good.iter().map(|(status, answer)| ((*status).to_owned(), answer.clone())).collect();
    for status in problems {
        let meaning = match *status {
            "400" => "The request cannot be understood",
            "401" => "Not logged in",
            "403" => "The permission is missing",
            "404" => "Absent, or not of this tenant",
            "409" => "In conflict with other records",
            "412" => "The record is at another version",
            "413" => "The body is too large",
            "415" => "The body has another media type",
            "422" => "Fields are wrong; nothing was written",
            _ => "A part of the server is not there at present",
        };
        let body = json!({"application/problem+json": {"schema": reference("Problem")}});
        responses.insert((*status).to_owned(), json!({"description": meaning, "content": body}));
    }
    Value::Object(responses)
}

/// Parameters of every list.
fn page_parameters(model: &Model) -> Vec<Value> {
    let text = || json!({"type": "string"});
    let one_of = |values: &[&str]| json!({"type": "string", "enum": values});
    let limit = json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 50});
    let sorts: Vec<&str> = Column::sorts(model).map(|column| column.name).collect();
    let order =
        format!("Order, - first for descending: {}. Default {}.", sorts.join(", "), model.default_sort);
    let whole = "Anything but page gives everything that matches.";
    let mut parameters = vec![
        parameter("query", "limit", limit, "Rows of a page."),
        parameter("query", "cursor", text(), "next_cursor of the page before."),
        parameter("query", "sort", text(), &order),
        parameter("query", "fields", text(), "Only these fields, divided by commas."),
        parameter("query", "count", one_of(&["exact", "none"]), "exact adds total."),
        parameter("query", "format", one_of(&["page", "csv", "json", "ndjson", "yaml"]), whole),
    ];
    if model.fields.iter().any(|field| field.search) {
        parameters.push(parameter("query", "q", text(), "Words that must all be found."));
    }
    parameters.extend(past(model));
    parameters
}

/// `as_of`, of models whose history is kept.
fn past(model: &Model) -> Option<Value> {
    let time = json!({"type": "string", "format": "date-time"});
    crate::sql::keeps_history(model).then(|| parameter("query", "as_of", time, "As it was at this time."))
}

/// One parameter for every comparison that a filter field knows.
fn filter_parameters(model: &Model) -> Vec<Value> {
    let mut parameters = Vec::new();
    for column in Column::filters(model) {
        for op in operators(&column.kind) {
            let (field, op) = (column.name, op.as_str());
            let name = if op == "eq" { field.to_owned() } else { format!("{field}__{op}") };
            parameters.push(parameter("query", &name, json!({"type": "string"}), &format!("{field} {op}.")));
        }
    }
    parameters
}

struct Operation<'a> {
    entity: &'a Entity,
    schema: String,
}

impl Operation<'_> {
    fn model(&self) -> &'static Model {
        self.entity.model
    }

    /// The common part.
    #[expect(clippy::needless_pass_by_value, reason = "parts are literals at the place of the call")]
    fn of(&self, verb: &str, act: Act, summary: &str, parameters: Vec<Value>, responses: Value) -> Value {
        let mut operation = json!({
            "operationId": format!("{}_{verb}", self.model().name.replace('.', "_")),
            "summary": summary,
            "tags": [self.model().title_plural],
            "x-permission": self.entity.permission(act).to_string(),
            "x-records": self.model().name,
            "parameters": parameters,
            "responses": responses,
        });
        // Everybody, for records that name them in this field.
        if let Some(own) = self.model().own {
            set(&mut operation, "x-own", json!(own));
        }
        operation
    }

    #[expect(clippy::needless_pass_by_value, reason = "parts are literals at the place of the call")]
    fn with_body(mut operation: Value, body: Value) -> Value {
        set(&mut operation, "requestBody", json!({"required": true, "content": body}));
        operation
    }

    fn id() -> Value {
        parameter("path", "id", json!({"type": "string", "format": "uuid"}), "The record.")
    }

    fn dry_run() -> Value {
        parameter(
            "query",
            "dry_run",
            json!({"type": "boolean", "default": false}),
            "Check and show the result, write nothing.",
        )
    }

    fn if_match() -> Value {
        parameter(
            "header",
            "If-Match",
            json!({"type": "string"}),
            "The ETag of a read; another version gives 412.",
        )
    }

    fn single(&self, description: &str) -> Value {
        json!({
            "description": description,
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": content(reference(&self.schema)),
        })
    }

    fn list(&self) -> Value {
        let page = json!({"description": "A page, or the whole in another format", "content": {
            "application/json": {"schema": reference(&format!("{}Page", self.schema))},
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "application/yaml": {"schema": {"type": "string"}},
        }});
        let mut parameters = page_parameters(self.model());
        parameters.extend(filter_parameters(self.model()));
        let summary = format!("List {}", self.model().title_plural);
        let responses = answers(&[("200", page)], &["400", "401", "403", "503"]);
        self.of("list", Act::Read, &summary, parameters, responses)
    }

    fn read(&self) -> Value {
        let tag = parameter(
            "header",
            "If-None-Match",
            json!({"type": "string"}),
            "An ETag; the same version gives 304.",
        );
        let good = [("200", self.single("The record")), ("304", json!({"description": "Not changed"}))];
        let summary = format!("Read one: {}", self.model().title);
        let parameters = [Self::id(), tag].into_iter().chain(past(self.model())).collect();
        self.of("read", Act::Read, &summary, parameters, answers(&good, &["400", "401", "403", "404", "503"]))
    }

    fn create(&self) -> Value {
        let write = reference(&format!("{}Write", self.schema));
        let created = json!({
            "description": "Created: the record, or {\"items\"} for an array",
            "headers": {"Location": {"schema": {"type": "string"}}, "ETag": {"schema": {"type": "string"}}},
            "content": content(json!({"anyOf": [
                reference(&self.schema),
                {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": reference(&self.schema)}}},
            ]})),
        });
        let good = [("201", created), ("200", json!({"description": "What a dry run would make"}))];
        let problems = ["400", "401", "403", "409", "413", "415", "422", "503"];
        let summary = format!("Create {}: one, or an array all or nothing", self.model().title_plural);
        let key = parameter(
            "header",
            "Idempotency-Key",
            json!({"type": "string", "minLength": 1, "maxLength": 255}),
            "Repeated within a day with the same body, nothing is made twice.",
        );
        let parameters = vec![Self::dry_run(), key];
        let operation = self.of("create", Act::Write, &summary, parameters, answers(&good, &problems));
        let body = json!({"application/json": {
            "schema": {"anyOf": [write, {"type": "array", "minItems": 1, "maxItems": 10000, "items": write}]},
            "example": example(self.model(), true),
        }});
        Self::with_body(operation, body)
    }

    fn change(&self, verb: &str, summary: &str) -> Value {
        let problems = ["400", "401", "403", "404", "409", "412", "413", "415", "422", "503"];
        let parameters = vec![Self::id(), Self::if_match(), Self::dry_run()];
        let responses = answers(&[("200", self.single("The record after"))], &problems);
        let operation = self.of(verb, Act::Write, summary, parameters, responses);
        let form = if verb == "put" { "Write" } else { "Patch" };
        let body = json!({"application/json": {
            "schema": reference(&format!("{}{form}", self.schema)),
            "example": example(self.model(), verb == "put"),
        }});
        Self::with_body(operation, body)
    }

    fn delete(&self) -> Value {
        let good = [("204", json!({"description": "Deleted"}))];
        let parameters = vec![Self::id(), Self::if_match(), Self::dry_run()];
        let responses = answers(&good, &["401", "403", "404", "409", "412", "503"]);
        self.of("delete", Act::Delete, &format!("Delete one: {}", self.model().title), parameters, responses)
    }

    fn history(&self) -> Value {
        let good =
            json!({"description": "Changes, newest first", "content": content(reference("RecordHistory"))});
        let parameters = vec![
            Self::id(),
            parameter(
                "query",
                "limit",
                json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}),
                "Changes of a page.",
            ),
            parameter("query", "cursor", json!({"type": "string"}), "next_cursor of the page before."),
        ];
        self.of(
            "history",
            Act::Read,
            "Who changed what and when",
            parameters,
            answers(&[("200", good)], &["400", "401", "403", "404", "503"]),
        )
    }

    fn batch(&self) -> Value {
        let good =
            json!({"description": "One result an operation", "content": content(reference("BatchResult"))});
        let problems = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "503"];
        let summary = "Many operations; deleting needs the permission to delete";
        let operation = self.of(
            "batch",
            Act::Write,
            summary,
            vec![Self::dry_run()],
            answers(&[("200", good)], &problems),
        );
        let schema = if self.model().operations.create || self.model().operations.update {
            reference(&format!("{}Batch", self.schema))
        } else {
            json!({"type": "object"})
        };
        let example = json!({"operations": [{"op": "delete", "id": "0193a0c4-0000-7000-8000-000000000001"}], "atomic": true});
        Self::with_body(operation, json!({"application/json": {"schema": schema, "example": example}}))
    }

    fn import(&self) -> Value {
        let report = json!({"description": "What was done, or would be", "content": content(reference("ImportReport"))});
        let refused = json!({"description": "Rows with errors; nothing was written", "content": content(reference("ImportReport"))});
        let parameters = vec![
            Self::dry_run(),
            parameter(
                "query",
                "match",
                json!({"type": "string"}),
                "Unique field by which rows name existing records, besides id.",
            ),
        ];
        let problems = ["400", "401", "403", "413", "415", "503"];
        let responses = answers(&[("200", report), ("422", refused)], &problems);
        let operation = self.of(
            "import",
            Act::Write,
            "Import CSV, JSON, NDJSON or YAML, all or nothing",
            parameters,
            responses,
        );
        let row = json!({"anyOf": [reference(&format!("{}Write", self.schema)), reference(&format!("{}Patch", self.schema))]});
        let rows = json!({"type": "array", "items": row});
        let body = json!({
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": rows, "example": [example(self.model(), true)]},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "application/yaml": {"schema": {"type": "string"}},
        });
        Self::with_body(operation, body)
    }
}
