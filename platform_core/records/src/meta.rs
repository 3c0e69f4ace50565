//! The description of models from which the UI draws its tables and forms.

use kit::PermSet;
use kit::permission::Act;
use kit::record::{DefaultValue, Field, FieldKind, Model};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::input::default_json;
use crate::query::Column;

/// `GET /api/v1/meta/models`: the models that somebody with these rights may read.
pub fn document(engine: &Engine, rights: &PermSet) -> Value {
    let models: Vec<Value> = engine
        .registry()
        .iter()
        .filter(|entity| rights.reaches(entity.model, Act::Read))
        .map(|entity| model(engine, entity.model))
        .collect();
    json!({ "models": models })
}

fn model(engine: &Engine, model: &'static Model) -> Value {
    let offered = [
        ("list", true),
        ("read", true),
        ("create", model.operations.create),
        ("update", model.operations.update),
        ("delete", model.operations.delete),
    ];
    let operations: Vec<&str> =
        offered.into_iter().filter(|(_, offered)| *offered).map(|(name, _)| name).collect();
    let names =
        |columns: &mut dyn Iterator<Item = Column>| columns.map(|column| column.name).collect::<Vec<_>>();
    json!({
        "name": model.name,
        "product": model.product,
        "collection": model.collection,
        "path": model.path(),
        "title": model.title,
        "title_plural": model.title_plural,
        "icon": model.icon,
        "description": model.description,
        "ui_path": ui_path(model),
        "nav_group": model.nav_group,
        "display": model.display,
        "permission": model.permission,
        "operations": operations,
        "fields": model.fields.iter().map(|item| field(engine, item)).collect::<Vec<_>>(),
        "filters": names(&mut Column::filters(model)),
        "operators": Column::filters(model)
            .map(|column| {
                let known = crate::query::operators(&column.kind).iter().map(|op| op.as_str()).collect::<Vec<_>>();
                (column.name.to_owned(), json!(known))
            })
            .collect::<serde_json::Map<_, _>>(),
        "sortable": names(&mut Column::sorts(model)),
        "searchable": model.fields.iter().any(|field| field.search),
        "default_sort": model.default_sort,
        "parent": model.parent,
    })
}

/// The page: settings live below `/settings`, everything else below its product.
pub(crate) fn ui_path(model: &Model) -> String {
    match model.nav_group {
        Some("Settings") | None => format!("/settings/{}", model.collection),
        Some(_) => format!("/{}/{}", model.product, model.collection),
    }
}

/// The word for a kind that the UI and OpenAPI use.
pub(crate) fn type_name(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "text",
        FieldKind::LongText { .. } => "long_text",
        FieldKind::Integer { .. } => "integer",
        FieldKind::Decimal { .. } => "decimal",
        FieldKind::Date => "date",
        FieldKind::Generic { .. } => "generic_reference",
        FieldKind::Count { .. } => "count",
        FieldKind::Interface => "interface",
        FieldKind::IntegerList { .. } => "list_integer",
        FieldKind::Boolean => "boolean",
        FieldKind::DateTime => "datetime",
        FieldKind::Uuid => "uuid",
        FieldKind::Choice(_) => "choice",
        FieldKind::Reference { .. } => "reference",
        FieldKind::References { .. } => "multi_reference",
        FieldKind::Ip => "ip",
        FieldKind::Prefix => "prefix",
        FieldKind::TextList { .. } => "list_text",
        FieldKind::PrefixList { .. } => "list_prefix",
        FieldKind::Json => "json",
        FieldKind::Custom => "custom",
        FieldKind::Secret { .. } | FieldKind::Password { .. } => "secret",
    }
}

/// Longest text, smallest and largest number or shortest secret, most items.
fn bounds(kind: &FieldKind) -> (Option<u32>, Option<i64>, Option<i64>, Option<u32>) {
    match *kind {
        FieldKind::Text { max } | FieldKind::LongText { max } => (Some(max), None, None, None),
        FieldKind::Integer { min, max } => (None, Some(min), Some(max), None),
        FieldKind::Secret { min, max } | FieldKind::Password { min, max } => {
            (Some(max), Some(i64::from(min)), None, None)
        }
        FieldKind::TextList { max_items, max } => (Some(max), None, None, Some(max_items)),
        FieldKind::PrefixList { max_items } => (None, None, None, Some(max_items)),
        FieldKind::IntegerList { max_items, min, max } => (None, Some(min), Some(max), Some(max_items)),
        _ => (None, None, None, None),
    }
}

fn field(engine: &Engine, field: &'static Field) -> Value {
    let (max_length, min, max, max_items) = bounds(&field.kind);
    let reference = match field.kind {
        FieldKind::Reference { model, .. } | FieldKind::References { model } => engine.registry().get(model).map(|target| {
            json!({"model": model, "path": target.path, "display": target.model.display, "title": target.model.title})
        }),
        _ => None,
    };
    let counted = match field.kind {
        FieldKind::Count { model, field } => engine
            .registry()
            .get(model)
            .map(|other| json!({"model": model, "path": other.path, "field": field})),
        _ => None,
    };
    let targets = match field.kind {
        FieldKind::Generic { models, .. } => Some(
            models
                .iter()
                .filter_map(|model| engine.registry().get(model))
                .map(|target| json!({"model": target.model.name, "path": target.path, "display": target.model.display, "title": target.model.title}))
                .collect::<Vec<_>>(),
        ),
        _ => None,
    };
    let choices = match field.kind {
        FieldKind::Choice(choices) => Some(choices),
        _ => None,
    };
    let default = if field.default == DefaultValue::None { Value::Null } else { default_json(field) };
    json!({
        "name": field.name,
        "label": field.label,
        "type": type_name(&field.kind),
        "required": field.required,
        "read_only": field.read_only,
        "write_only": crate::sql::is_secret(&field.kind),
        "immutable": field.immutable,
        "unique": field.unique,
        "list": field.list,
        "help": field.help,
        "placeholder": field.placeholder,
        "max_length": max_length,
        "min": min,
        "max": max,
        "max_items": max_items,
        "default": default,
        "unit": (!field.unit.is_empty()).then_some(field.unit),
        "choices": choices,
        "reference": reference,
        "references": targets,
        "counts": counted,
        "format": (field.format != kit::record::Format::Plain).then_some(field.format),
        "show_when": field.show_when.map(|(name, values)| json!({"field": name, "in": values})),
    })
}
