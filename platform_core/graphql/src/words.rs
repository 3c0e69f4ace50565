//! What is wrong with a query, in the words of the reference implementation of GraphQL, because that is what
//! people search for and what clients of other servers know: with the nearest names there are. The rules
//! here are those that people break; the others stay the parser's and validator's own.

use apollo_compiler::Name;
use apollo_compiler::ast::{self, Definition, Selection, Type};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{ExtendedType, FieldDefinition, Schema};
use serde_json::{Map, Value, json};

use crate::values;

/// Most names that are proposed.
const PROPOSALS: usize = 5;
/// Most errors that are told.
const MAX_ERRORS: usize = 100;

/// An error of a request.
pub(crate) fn error(message: impl Into<String>, text: &str, offset: Option<usize>) -> Value {
    let mut error = Map::new();
    error.insert("message".to_owned(), Value::String(message.into()));
    if let Some(offset) = offset {
        error.insert("locations".to_owned(), json!([place(text, offset)]));
    }
    Value::Object(error)
}

/// Line and column of a byte of the text, both from one.
pub(crate) fn place(text: &str, offset: usize) -> Value {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    json!({"line": line, "column": column})
}

/// Where something begins.
pub(crate) fn offset(span: Option<SourceSpan>) -> Option<usize> {
    span.map(|span| span.offset())
}

/// A text that is no GraphQL: what was expected in place of what.
pub(crate) fn syntax(message: &str, found: &str) -> String {
    let found = match found.chars().next() {
        None => "<EOF>".to_owned(),
        Some(first) if first.is_alphabetic() || first == '_' => format!("Name '{found}'"),
        Some(first) if first.is_ascii_digit() || first == '-' => format!("Int '{found}'"),
        Some('"') => format!("String {found}"),
        Some(_) => format!("'{found}'"),
    };
    let Some(expected) = message.strip_prefix("expected ") else {
        return format!("Syntax Error: {message}");
    };
    let expected = ["at least one ", "an ", "a "]
        .into_iter()
        .find_map(|article| expected.strip_prefix(article))
        .unwrap_or(expected);
    // A selection begins with a name.
    let expected = if expected.starts_with("Selection in") { "Name" } else { expected };
    format!("Syntax Error: Expected {expected}, found {found}.")
}

/// ` Did you mean 'a', 'b', or 'c'?`, or nothing.
fn proposal(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(PROPOSALS).map(|name| format!("'{name}'")).collect();
    let names = match quoted.as_slice() {
        [] => return String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        [most @ .., last] => format!("{}, or {last}", most.join(", ")),
    };
    format!(" Did you mean {names}?")
}

/// The names that are near to what was written, the nearest first.
fn near<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = written.to_lowercase();
    let most = written.chars().count() * 2 / 5 + 1;
    let mut near: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let other = name.to_lowercase();
            let distance = if other == lower { 1 } else { strsim::osa_distance(&lower, &other) };
            (distance <= most).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, name)| name).collect()
}

/// Everything in the document that breaks one of these rules, in its order.
pub(crate) fn wrong(schema: &Schema, document: &ast::Document, text: &str) -> Vec<Value> {
    let mut check = Check { schema, text, errors: Vec::new() };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                match schema.root_operation(operation.operation_type) {
                    Some(root) => check.selections(root, &operation.selection_set),
                    None => {
                        let kind = operation.operation_type.name();
                        let message = format!("The {kind} operation is not supported by the schema.");
                        check.add(message, operation.location());
                    }
                }
            }
            Definition::FragmentDefinition(fragment) => {
                check.selections(&fragment.type_condition, &fragment.selection_set);
            }
            _ => {}
        }
    }
    check.errors
}

struct Check<'a> {
    schema: &'a Schema,
    text: &'a str,
    errors: Vec<Value>,
}

impl Check<'_> {
    fn add(&mut self, message: String, span: Option<SourceSpan>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error(message, self.text, offset(span)));
        }
    }

    fn selections(&mut self, parent: &str, selections: &[Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(parent, field),
                Selection::InlineFragment(fragment) => {
                    let parent = fragment.type_condition.as_ref().map_or(parent, |name| name.as_str());
                    self.selections(parent, &fragment.selection_set);
                }
                // Looked at where it is defined.
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, parent: &str, field: &apollo_compiler::Node<ast::Field>) {
        let has_fields = |ty: &ExtendedType| !ty.is_leaf() && !ty.is_input_object();
        if !self.schema.types.get(parent).is_some_and(has_fields) {
            return;
        }
        let Ok(definition) = self.schema.type_field(parent, &field.name) else {
            let message = format!("Cannot query field '{}' on type '{parent}'.", field.name);
            let proposed = self.proposed(parent, &field.name);
            return self.add(message + &proposed, field.location());
        };
        let definition: &FieldDefinition = definition;
        for argument in &field.arguments {
            match definition.argument_by_name(&argument.name) {
                Some(known) => self.value(&known.ty, &argument.value),
                None => {
                    let known = definition.arguments.iter().map(|known| known.name.as_str());
                    let proposed = proposal(&near(&argument.name, known));
                    let message = format!(
                        "Unknown argument '{}' on field '{parent}.{}'.{proposed}",
                        argument.name, field.name
                    );
                    self.add(message, argument.location());
                }
            }
        }
        self.selections(definition.ty.inner_named_type(), &field.selection_set);
    }

    /// Names in place of an unknown field: of types of a union that have it, or of fields.
    fn proposed(&self, parent: &str, name: &str) -> String {
        match self.schema.types.get(parent) {
            Some(ExtendedType::Object(object)) => {
                proposal(&near(name, object.fields.keys().map(Name::as_str)))
            }
            Some(ExtendedType::Union(union)) => {
                let mut having: Vec<&str> = union
                    .members
                    .iter()
                    .map(|member| member.name.as_str())
                    .filter(|member| self.schema.type_field(member, name).is_ok())
                    .collect();
                having.sort_unstable();
                proposal(&having).replacen("Did you mean", "Did you mean to use an inline fragment on", 1)
            }
            _ => String::new(),
        }
    }

    fn value(&mut self, ty: &Type, value: &apollo_compiler::Node<ast::Value>) {
        if matches!(**value, ast::Value::Variable(_) | ast::Value::Null) {
            return;
        }
        if ty.is_list() {
            match value.as_list() {
                Some(items) => items.iter().for_each(|item| self.value(ty.item_type(), item)),
                None => self.value(ty.item_type(), value),
            }
            return;
        }
        let name = ty.inner_named_type();
        match self.schema.types.get(name) {
            Some(ExtendedType::InputObject(input)) => match &**value {
                ast::Value::Object(fields) => self.object(input, fields, value),
                other => {
                    let message = format!(
                        "Expected value of type '{ty}' to be an object, found: {}.",
                        values::text(other)
                    );
                    self.add(message, value.location());
                }
            },
            Some(ExtendedType::Enum(known)) => match &**value {
                ast::Value::Enum(written) if known.values.contains_key(written) => {}
                ast::Value::Enum(written) => {
                    let proposed = proposal(&near(written, known.values.keys().map(Name::as_str)));
                    let message = format!("Value '{written}' does not exist in '{name}' enum.{proposed}");
                    self.add(message, value.location());
                }
                other => {
                    let message =
                        format!("Enum '{name}' cannot represent non-enum value: {}.", values::text(other));
                    self.add(message, value.location());
                }
            },
            _ => {}
        }
    }

    fn object(
        &mut self,
        input: &apollo_compiler::schema::InputObjectType,
        fields: &[(apollo_compiler::Name, apollo_compiler::Node<ast::Value>)],
        whole: &apollo_compiler::Node<ast::Value>,
    ) {
        for (name, value) in fields {
            if let Some(known) = input.fields.get(name) {
                self.value(&known.ty, value);
                continue;
            }
            let proposed = proposal(&near(name, input.fields.keys().map(Name::as_str)));
            let found = if proposed.is_empty() { ", found" } else { " Found" };
            let stop = if proposed.is_empty() { "" } else { "." };
            let message = format!(
                "Expected value of type '{}' not to include unknown field '{name}'{stop}{proposed}{found}: {}.",
                input.name,
                values::text(whole)
            );
            self.add(message, name.location());
        }
        let missing = |name: &apollo_compiler::Name| fields.iter().all(|(given, _)| given != name);
        let lacks: Vec<String> = input
            .fields
            .values()
            .filter(|known| known.is_required() && missing(&known.name))
            .map(|known| {
                let found = values::text(whole);
                format!(
                    "Expected value of type '{}' to include required field '{}', found: {found}.",
                    input.name, known.name
                )
            })
            .collect();
        for message in lacks {
            self.add(message, whole.location());
        }
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::parser::Parser;

    use super::*;

    const SCHEMA: &str = "enum Status { STATUS_ACTIVE STATUS_PLANNED }
        input Text { exact: String in_list: [String!] }
        input Tree { id: ID! }
        input SiteFilter { name: Text status: Status tree: Tree }
        type Site { name: String tags: [Tag!]! }
        type Tag { slug: String }
        union Thing = Site | Tag
        type Query { site_list(filters: SiteFilter, limit: Int): [Site!]! thing: Thing tag_list: [Tag!]! }";

    fn messages(query: &str) -> Vec<(String, u64)> {
        let schema = Schema::parse_and_validate(SCHEMA, "schema").unwrap();
        let document = Parser::new().parse_ast(query, "query").unwrap();
        let text = |error: &Value| error["message"].as_str().unwrap_or_default().to_owned();
        wrong(&schema, &document, query)
            .iter()
            .map(|error| (text(error), error["locations"][0]["column"].as_u64().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_near() {
        for (query, message, column) in [
            ("{site_list{bogus}}", "Cannot query field 'bogus' on type 'Site'. Did you mean 'tags'?", 12),
            (
                "{sit_list{name}}",
                "Cannot query field 'sit_list' on type 'Query'. Did you mean 'site_list' or 'tag_list'?",
                2,
            ),
            ("{site_list(order:1){name}}", "Unknown argument 'order' on field 'Query.site_list'.", 12),
            (
                "{site_list(filters:{name:{gt:1}}){name}}",
                "Expected value of type 'Text' not to include unknown field 'gt', found: { gt: 1 }.",
                27,
            ),
            (
                "{site_list(filters:{stats:{}}){name}}",
                "Expected value of type 'SiteFilter' not to include unknown field 'stats'. Did you mean 'status'? Found: { stats: {} }.",
                21,
            ),
            (
                "{site_list(filters:{status:BOGUS}){name}}",
                "Value 'BOGUS' does not exist in 'Status' enum.",
                28,
            ),
            (
                "{site_list(filters:[{name:{exact:\"x\"}}]){name}}",
                "Expected value of type 'SiteFilter' to be an object, found: [{ name: { exact: \"x\" } }].",
                20,
            ),
            (
                "{site_list(filters:{tree:{}}){name}}",
                "Expected value of type 'Tree' to include required field 'id', found: {}.",
                26,
            ),
            (
                "{thing{slug}}",
                "Cannot query field 'slug' on type 'Thing'. Did you mean to use an inline fragment on 'Tag'?",
                8,
            ),
            ("mutation{site{id}}", "The mutation operation is not supported by the schema.", 1),
        ] {
            assert_eq!(messages(query), [(message.to_owned(), column)], "{query}");
        }
        let fine = messages("{__typename site_list(filters:{name:{in_list:\"x\"}}){...on Site{name}}}");
        assert!(fine.is_empty(), "{fine:?}");
    }

    #[test]
    fn syntax_errors() {
        let text = |message, found| syntax(message, found);
        assert_eq!(
            text("expected at least one Selection in Selection Set", ""),
            "Syntax Error: Expected Name, found <EOF>."
        );
        assert_eq!(text("expected a Name", "}"), "Syntax Error: Expected Name, found '}'.");
        assert_eq!(place("{\n  a", 4), json!({"line": 2, "column": 3}));
    }
}
