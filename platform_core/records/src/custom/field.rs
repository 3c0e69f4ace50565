//! Definitions as records.

use kit::record::{Change, Choice, DefaultValue, Field, FieldKind, Hooks, Model, OnDelete, Record, Wrote};
use kit::{BoxFuture, Ctx, FieldError, Problem, WriteTx};
use serde_json::Value;

use super::definition::{Definition, Kind};
use super::{apply, refused, value};
use crate::query::shown;

static TYPES: &[Choice] = &[
    Choice::new("text", "Text"),
    Choice::new("longtext", "Text (long)"),
    Choice::new("integer", "Integer"),
    Choice::new("decimal", "Decimal"),
    Choice::new("boolean", "Boolean"),
    Choice::new("date", "Date"),
    Choice::new("datetime", "Date and time"),
    Choice::new("url", "URL"),
    Choice::new("json", "JSON"),
    Choice::new("select", "Selection"),
    Choice::new("multiselect", "Multiple selection"),
    Choice::new("object", "Object"),
    Choice::new("multiobject", "Multiple objects"),
];
static FILTER_LOGIC: &[Choice] =
    &[Choice::new("disabled", "Disabled"), Choice::new("loose", "Loose"), Choice::new("exact", "Exact")];
static VISIBLE: &[Choice] =
    &[Choice::new("always", "Always"), Choice::new("if-set", "If set"), Choice::new("hidden", "Hidden")];
static EDITABLE: &[Choice] =
    &[Choice::new("yes", "Yes"), Choice::new("no", "No"), Choice::new("hidden", "Hidden")];
static STATUS: &[Choice] = &[Choice::toned("active", "Active", "ok")];

/// A field that a tenant defines for records of some models.
pub static CUSTOM_FIELD: Model = Model {
    name: "platform.custom_field",
    table: "app.custom_field",
    product: "platform",
    collection: "custom-fields",
    title: "Custom field",
    title_plural: "Custom fields",
    description: "Further fields of records: what else you want to know of a site, a device, an address.",
    icon: "forms",
    nav_group: Some("Settings"),
    permission: "platform/custom-fields",
    fields: &[
        Field::text("name", "Name", 50)
            .required()
            .exact()
            .unique()
            .search()
            .list()
            .placeholder("support_contract")
            .help("Name in the API: letters, digits and single underscores."),
        Field::text("label", "Label", 50).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", TYPES)
            .required()
            .immutable()
            .default(DefaultValue::Text("text"))
            .list(),
        Field::new("object_types", "For", FieldKind::TextList { max_items: 200, max: 100 })
            .default(DefaultValue::Empty)
            .list()
            .filter()
            .help("Names of models like inventory.device."),
        Field::text("related_object_type", "Refers to", 100)
            .exact()
            .filter()
            .unindexed()
            .help("The model that a field of type Object leads to."),
        Field::reference("choice_set", "Choices", "platform.custom_field_choice_set", OnDelete::Protect),
        Field::text("group_name", "Group", 50).exact().filter().unindexed().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::boolean("required", "Required", false).list(),
        Field::boolean("unique", "Unique", false).list(),
        Field::new("default", "Default", FieldKind::Json).help("Value of records that say nothing, as JSON."),
        Field::new("related_object_filter", "Usable objects", FieldKind::Json)
            .help("Query parameters that the objects offered in forms match."),
        Field::integer("search_weight", "Search weight", 0, 32_767)
            .filter()
            .default(DefaultValue::Integer(1_000)),
        Field::choice("filter_logic", "Filter", FILTER_LOGIC).default(DefaultValue::Text("loose")),
        Field::choice("ui_visible", "Shown", VISIBLE).default(DefaultValue::Text("always")),
        Field::choice("ui_editable", "Editable", EDITABLE).default(DefaultValue::Text("yes")),
        Field::boolean("is_cloneable", "Copied when cloned", false),
        Field::boolean("nulls_first", "Empty ones first", true),
        Field::integer("weight", "Weight", 0, 32_767)
            .filter()
            .default(DefaultValue::Integer(100))
            .help("Lower comes first in forms."),
        Field::new("validation_minimum", "Smallest", FieldKind::Decimal { digits: 15, places: 4 }).filter(),
        Field::new("validation_maximum", "Largest", FieldKind::Decimal { digits: 15, places: 4 }).filter(),
        Field::text("validation_regex", "Must match", 500).exact().filter().unindexed(),
        Field::new("validation_schema", "JSON schema", FieldKind::Json),
        Field::choice("status", "Status", STATUS).read_only().default(DefaultValue::Text("active")),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
    ],
    numbered: true,
    hooks: &Definitions,
    ..Model::BASE
};

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn given(record: &Record, field: &str) -> bool {
    record.get(field).is_some_and(|value| !value.is_null())
}

/// What a definition must hold, and what it does to records that exist.
struct Definitions;

impl Hooks for Definitions {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let name = text(record, "name");
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            refused(errors, "name", "invalid", "Only alphanumeric characters and underscores are allowed.");
        } else if name.contains("__") {
            let message = "Double underscores are not permitted in custom field names.";
            refused(errors, "name", "double_underscore", message);
        }
        let Some(kind) = Kind::of(text(record, "type")) else { return };
        let mut rule = |wrong: bool, field: &str, message: &str| {
            if wrong {
                refused(errors, field, "not_applicable", message);
            }
        };
        let (target, set) = (given(record, "related_object_type"), given(record, "choice_set"));
        rule(kind.selects() && !set, "choice_set", "Selection fields must specify a set of choices.");
        rule(!kind.selects() && set, "choice_set", "Choices may be set only on selection fields.");
        rule(kind.refers() && !target, "related_object_type", "Object fields must define an object type.");
        rule(!kind.refers() && target, "type", "Only object fields may define an object type.");
        for (field, bound) in [("validation_minimum", "minimum"), ("validation_maximum", "maximum")] {
            let message = format!("A {bound} value may be set only for numeric fields");
            rule(!kind.counts() && given(record, field), field, &message);
        }
        let message = "Regular expression validation is supported only for text and URL fields";
        rule(!kind.matches() && given(record, "validation_regex"), "validation_regex", message);
        let unique = record.get("unique") == Some(&Value::Bool(true));
        let message = "Uniqueness cannot be enforced for boolean fields";
        rule(unique && kind == Kind::Boolean, "unique", message);
        let message = "A related object filter can be defined only for object fields.";
        rule(!kind.refers() && given(record, "related_object_filter"), "related_object_filter", message);
        let pattern = text(record, "validation_regex");
        if let Err(error) = regex::Regex::new(pattern) {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default();
            let message = format!("{} is not a valid regular expression: {reason}", shown(pattern));
            refused(errors, "validation_regex", "invalid", message);
        }
        if let Some(schema) = record.get("validation_schema").filter(|schema| !schema.is_null())
            && let Err(message) = value::validator(schema)
        {
            refused(errors, "validation_schema", "invalid", message);
        }
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn kit::Records,
        tx: &'a mut WriteTx,
        _: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            for row in rows {
                if let Some(after) = row.after {
                    apply::check(records, tx, row.at, after).await?;
                }
                apply::apply(records, tx, row.before, row.after).await?;
            }
            Ok(())
        })
    }
}

/// The default of a definition, against the definition itself.
pub(super) fn check_default(definition: &Definition) -> Result<(), String> {
    if definition.kind.refers() {
        return Ok(());
    }
    value::check(definition, &definition.default).map(drop).map_err(|(_, message)| {
        format!("Invalid default value {}: {message}", shown(&definition.default.to_string()))
    })
}
