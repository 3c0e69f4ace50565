//! A model with what the engine derives from it once, at start: statements, unique keys, event types.

use kit::record::{Field, FieldKind, Model};
use kit::{EventType, Permission, permission::Act};

use crate::search::{self, Searched};
use crate::sql;

/// Columns every record has besides its fields.
pub(crate) const BUILT_IN: [&str; 4] = ["id", "created_at", "updated_at", "version"];

/// A derived model.
pub(crate) struct Entity {
    pub(crate) model: &'static Model,
    pub(crate) path: String,
    pub(crate) uniques: Vec<UniqueKey>,
    pub(crate) sql: sql::Statements,
    pub(crate) events: [EventType; 3],
    /// References of other models to this one.
    pub(crate) referrers: Vec<Referrer>,
    /// Fields that the search over all records knows.
    pub(crate) searched: Vec<Searched>,
}

/// A field of some model that refers to records of this one.
#[derive(Clone, Copy)]
pub(crate) struct Referrer {
    pub(crate) model: &'static Model,
    pub(crate) field: &'static Field,
}

/// Fields that are unique together in a tenant.
#[derive(Clone, Debug)]
pub(crate) struct UniqueKey {
    /// Name of the unique index, as PostgreSQL reports it.
    pub(crate) constraint: String,
    pub(crate) fields: Vec<&'static Field>,
    /// Are two absent values the same?
    pub(crate) nulls_equal: bool,
}

impl Entity {
    pub(crate) fn new(model: &'static Model) -> Self {
        let uniques = unique_keys(model);
        Self {
            model,
            path: model.path(),
            sql: sql::Statements::new(model, &uniques),
            uniques,
            events: event_types(model),
            referrers: Vec::new(),
            searched: search::searched(model),
        }
    }

    pub(crate) fn permission(&self, act: Act) -> Permission {
        Permission::new(self.model.permission, act)
    }
}

/// The unique keys of a model: its unique fields, then its unique sets.
pub(crate) fn unique_keys(model: &'static Model) -> Vec<UniqueKey> {
    let table = table_name(model);
    let key = |fields: Vec<&'static Field>, nulls_equal: bool| {
        let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let ending = if nulls_equal { "within" } else { "key" };
        UniqueKey { constraint: format!("{table}_{}_{ending}", names.join("_")), fields, nulls_equal }
    };
    let fields = |set: &[&str]| set.iter().filter_map(|name| model.field(name)).collect::<Vec<_>>();
    let single = model.fields.iter().filter(|field| field.unique).map(|field| key(vec![field], false));
    let sets = model.unique.iter().map(|set| key(fields(set), false));
    let within = model.unique_within.iter().map(|set| key(fields(set), true));
    single.chain(sets).chain(within).collect()
}

/// The table without its schema.
pub(crate) fn table_name(model: &Model) -> &'static str {
    model.table.split_once('.').map_or(model.table, |(_, table)| table)
}

/// Is there a generated lower-case column beside this one? Filters, order and uniqueness use it.
pub(crate) fn has_ci(model: &Model, field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text { .. })
        && !field.exact
        && (field.filter
            || field.unique
            || model.unique.iter().chain(model.unique_within).any(|set| set.contains(&field.name)))
}

/// Can the column never be null?
pub(crate) fn not_null(field: &Field) -> bool {
    field.show_when.is_none() && (field.required || field.default != kit::record::DefaultValue::None)
}

/// The columns that hold a field, with their types. A count has none.
pub(crate) fn columns_of(field: &Field) -> Vec<(String, &'static str)> {
    let name = field.name;
    match field.kind {
        FieldKind::Count { .. } => Vec::new(),
        FieldKind::Generic { .. } => vec![(format!("{name}_type"), "text"), (format!("{name}_id"), "uuid")],
        kind => vec![(name.to_owned(), sql::column_type(&kind))],
    }
}

/// The types of the events that the engine publishes for a model: created, updated, deleted, in that
/// order. A plugin adds them to [`kit::Registrar::event_types`].
pub fn event_types(model: &'static Model) -> [EventType; 3] {
    // A handful of names that live as long as the server: event types are `&'static str` everywhere.
    let leak = |text: String| -> &'static str { text.leak() };
    let event = |verb: &str, data: &str| EventType {
        name: leak(format!("{}.{verb}", model.name)),
        description: leak(format!(
            "{} {verb}: id, number, version, display, actor, request, {data}.",
            model.title
        )),
        object: model.permission,
    };
    [
        event("created", "the values set as changes"),
        event("updated", "changes with before and after"),
        event("deleted", "the last values as changes"),
    ]
}
