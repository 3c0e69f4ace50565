//! What must be true of descriptors. Run over all of them at start and in tests; every fault is
//! reported at once.

use std::collections::{HashMap, HashSet};

use kit::record::{ANY, DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::entity::{BUILT_IN, has_ci, table_name, unique_keys};
use crate::input::scalar;
use crate::query;

/// Longest identifier of ours: constraint names are made of two of them.
const MAX_IDENTIFIER: usize = 40;
/// PostgreSQL cuts longer names silently.
const MAX_CONSTRAINT: usize = 63;

/// All faults of these models, which must be complete: references resolve among them.
pub(crate) fn check(models: &[&'static Model]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    let mut indexes: HashMap<String, (usize, &str)> = HashMap::new();
    for (position, model) in models.iter().enumerate() {
        for (what, name) in
            [("name", model.name.to_owned()), ("table", model.table.to_owned()), ("path", model.path())]
        {
            if !seen.insert((what, name.clone())) {
                faults.push(format!("{}: the {what} `{name}` is taken by another model", model.name));
            }
        }
        // PostgreSQL knows indexes by schema and name: `a` over `b_c` and `a_b` over `c` would meet.
        let schema = model.table.split('.').next().unwrap_or_default();
        for name in index_names(model) {
            let other = indexes.insert(format!("{schema}.{name}"), (position, model.table));
            // A second model of the same table is told of above.
            if other.is_some_and(|(at, table)| at == position || table != model.table) {
                faults.push(format!("{}: the index name `{name}` is taken by another model", model.name));
            }
        }
        let mut fault = |text: String| faults.push(format!("{}: {text}", model.name));
        check_names(model, &mut fault);
        for field in model.fields {
            let mut fault = |text: String| fault(format!("field `{}`: {text}", field.name));
            check_field(models, model, field, &mut fault);
        }
        check_keys(model, &mut fault);
    }
    faults
}

/// Names of the indexes that a model may get.
fn index_names(model: &'static Model) -> Vec<String> {
    let table = table_name(model);
    let keys = unique_keys(model).into_iter().map(|key| key.constraint);
    let number = model.numbered.then(|| format!("{table}_number_key"));
    let plain = model.fields.iter().map(|field| format!("{table}_{}_idx", field.name));
    keys.chain(number).chain(plain).collect()
}

fn identifier(text: &str) -> bool {
    text.len() <= MAX_IDENTIFIER
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !text.contains("__")
        && !text.ends_with('_')
}

fn kebab(text: &str) -> bool {
    !text.contains('_') && identifier(&text.replace('-', "_"))
}

fn check_names(model: &Model, fault: &mut impl FnMut(String)) {
    if !matches!(model.name.split_once('.'), Some((product, noun)) if product == model.product && identifier(noun))
    {
        fault(format!("the name must be `{}.<noun>` in snake case", model.product));
    }
    if !matches!(model.table.split_once('.'), Some((schema, table)) if identifier(schema) && identifier(table))
    {
        fault(format!("the table `{}` must be `<schema>.<table>` in snake case", model.table));
    }
    if !kebab(model.product) || !kebab(model.collection) {
        fault("product and collection must be kebab case".to_owned());
    }
    if !matches!(model.permission.split_once('/'), Some((product, kind)) if kebab(product) && kebab(kind)) {
        fault(format!("the permission `{}` must be `<product>/<kind>`", model.permission));
    }
    if [model.title, model.title_plural, model.description].iter().any(|text| text.is_empty()) {
        fault("titles and description must not be empty".to_owned());
    }
    let names_user = |own: &str| {
        let field = model.field(own);
        field.is_some_and(|field| matches!(field.kind, FieldKind::Reference { .. } | FieldKind::Uuid))
    };
    if model.own.is_some_and(|own| !names_user(own)) {
        fault("`own` must be the field that names a user".to_owned());
    }
    if model.fields.len() > 200 {
        fault("more than 200 fields".to_owned());
    }
}

fn check_field(
    models: &[&'static Model],
    model: &Model,
    field: &'static Field,
    fault: &mut impl FnMut(String),
) {
    let taken = |name: &str| model.fields.iter().filter(|other| other.name == name).count();
    if !identifier(field.name) || BUILT_IN.contains(&field.name) || field.name == "tenant_id" {
        fault("the name must be snake case without `__`, and none of the built-in columns".to_owned());
    }
    if taken(field.name) > 1 {
        fault("declared twice".to_owned());
    }
    let shadow = match field.kind {
        FieldKind::Secret { .. } => Some(format!("{}_set_at", field.name)),
        FieldKind::Text { .. } if has_ci(model, field) => Some(format!("{}_ci", field.name)),
        FieldKind::Interface => Some(format!("{}_host", field.name)),
        _ => None,
    };
    if let Some(shadow) = shadow.filter(|shadow| taken(shadow) > 0) {
        fault(format!("the engine needs the column `{shadow}` for it"));
    }
    if field.label.is_empty() {
        fault("no label".to_owned());
    }
    if field.filter && query::RESERVED.contains(&field.name) {
        fault("the name is a query parameter of every list; it cannot be a filter".to_owned());
    }
    let generic = matches!(field.kind, FieldKind::Generic { .. });
    if (field.filter || field.unique) && !generic && !query::filterable(&field.kind) {
        fault("this kind cannot be a filter or unique".to_owned());
    }
    if field.unique && !query::sortable(&field.kind) {
        fault("this kind cannot be unique".to_owned());
    }
    if field.search && !query::searchable(&field.kind) {
        fault("this kind cannot be searched".to_owned());
    }
    check_kind(models, field, fault);
    check_default(field, fault);
    check_show_when(model, field, fault);
}

fn check_kind(models: &[&'static Model], field: &Field, fault: &mut impl FnMut(String)) {
    match field.kind {
        FieldKind::Text { max } if !(1..=1_000).contains(&max) => {
            fault("a line of text holds 1 to 1,000 characters".to_owned());
        }
        FieldKind::LongText { max } if !(1..=65_536).contains(&max) => {
            fault("long text holds 1 to 65,536 characters".to_owned());
        }
        FieldKind::Integer { min, max } if min > max => fault("min is above max".to_owned()),
        FieldKind::TextList { max_items, max }
            if !(1..=1_000).contains(&max_items) || !(1..=1_000).contains(&max) =>
        {
            fault("a list holds 1 to 1,000 items of 1 to 1,000 characters".to_owned());
        }
        FieldKind::PrefixList { max_items } if !(1..=1_000).contains(&max_items) => {
            fault("a list holds 1 to 1,000 items".to_owned());
        }
        FieldKind::Secret { min, max } | FieldKind::Password { min, max }
            if min > max || !(1..=65_536).contains(&max) =>
        {
            fault("a secret holds 1 to 65,536 characters".to_owned());
        }
        FieldKind::Choice(choices) => {
            let values: HashSet<&str> = choices.iter().map(|choice| choice.value).collect();
            if choices.is_empty() || values.len() != choices.len() || values.contains("") {
                fault("choices must be there, distinct and not empty".to_owned());
            }
            for choice in choices {
                if !["ok", "info", "warning", "critical", "muted"].contains(&choice.tone) {
                    fault(format!("the tone `{}` does not exist", choice.tone));
                }
            }
        }
        FieldKind::Reference { model: target, .. } | FieldKind::References { model: target }
            if !models.iter().any(|other| other.name == target) =>
        {
            fault(format!("refers to the model `{target}`, which does not exist"));
        }
        FieldKind::Generic { models: targets, .. } => {
            for target in targets.iter().filter(|_| targets != ANY) {
                if !models.iter().any(|other| other.name == *target) {
                    fault(format!("refers to the model `{target}`, which does not exist"));
                }
            }
            let columns = [format!("{}_type", field.name), format!("{}_id", field.name)];
            if field.generic_columns() != columns {
                fault(format!("its columns must be {columns:?}"));
            }
        }
        FieldKind::Count { model: other, field: by } => {
            let other = models.iter().find(|model| model.name == other);
            match other.and_then(|model| model.field(by)) {
                None => fault(format!("counts by `{by}`, which does not exist there")),
                Some(_) if !field.read_only => fault("a count is read only".to_owned()),
                Some(_) => {}
            }
        }
        FieldKind::Decimal { digits, places } if places > digits || !(1..=15).contains(&digits) => {
            fault("a decimal has 1 to 15 digits".to_owned());
        }
        FieldKind::IntegerList { max_items, min, max } if min > max || !(1..=1_000).contains(&max_items) => {
            fault("a list holds 1 to 1,000 items from min to max".to_owned());
        }
        FieldKind::Reference { on_delete: OnDelete::SetNull, .. } if field.required => {
            fault("required, but set to null when its target goes".to_owned());
        }
        _ => {}
    }
}

fn check_default(field: &'static Field, fault: &mut impl FnMut(String)) {
    let list = matches!(
        field.kind,
        FieldKind::TextList { .. }
            | FieldKind::PrefixList { .. }
            | FieldKind::IntegerList { .. }
            | FieldKind::References { .. }
            | FieldKind::Json
            | FieldKind::Custom
    );
    let fits = match (field.default, field.kind) {
        (DefaultValue::None, _) => true,
        (DefaultValue::Empty, _) => list,
        (_, FieldKind::Secret { .. } | FieldKind::Password { .. } | FieldKind::Reference { .. }) => false,
        _ => !list && scalar::decode(field, &crate::input::default_json(field)).is_ok(),
    };
    if !fits {
        fault("the default is no value of this kind".to_owned());
    }
}

fn check_show_when(model: &Model, field: &Field, fault: &mut impl FnMut(String)) {
    let Some((other, values)) = field.show_when else { return };
    match model.field(other) {
        None => fault(format!("shown by `{other}`, which does not exist")),
        Some(other) if other.name == field.name => fault("shown by itself".to_owned()),
        Some(other) if other.show_when.is_some() => {
            fault(format!("shown by `{}`, itself not always there", other.name));
        }
        Some(Field { kind: FieldKind::Choice(choices), .. }) => {
            if let Some(value) =
                values.iter().find(|value| !choices.iter().any(|choice| choice.value == **value))
            {
                fault(format!("shown by the value `{value}` of `{other}`, which does not exist"));
            }
        }
        Some(Field { kind: FieldKind::Boolean, .. })
            if values.iter().all(|value| ["true", "false"].contains(value)) => {}
        Some(_) => fault("only a choice or a truth value can show a field".to_owned()),
    }
}

fn check_keys(model: &'static Model, fault: &mut impl FnMut(String)) {
    for set in model.unique.iter().chain(model.unique_within) {
        for name in *set {
            match model.field(name) {
                None => fault(format!("unique over `{name}`, which does not exist")),
                Some(field)
                    if !query::sortable(&field.kind) && !matches!(field.kind, FieldKind::Generic { .. }) =>
                {
                    fault(format!("unique over `{name}`, whose kind cannot be compared"));
                }
                Some(_) => {}
            }
        }
    }
    for key in unique_keys(model) {
        if key.constraint.len() > MAX_CONSTRAINT {
            fault(format!("the name `{}` is longer than {MAX_CONSTRAINT} bytes", key.constraint));
        }
    }
    if model.fields.iter().any(|field| table_name(model).len() + field.name.len() + 6 > MAX_CONSTRAINT) {
        fault("table and field names are too long together".to_owned());
    }
    match (model.display, model.field(model.display)) {
        ("id", _) => {}
        (_, Some(field))
            if query::sortable(&field.kind) && !matches!(field.kind, FieldKind::Reference { .. }) => {}
        _ => fault(format!("the display field `{}` does not exist or cannot be shown", model.display)),
    }
    if let Some(parent) = model.parent {
        let own = matches!(model.field(parent).map(|field| field.kind),
            Some(FieldKind::Reference { model: target, .. }) if target == model.name);
        if !own {
            fault(format!("the parent `{parent}` is no reference to the model itself"));
        }
    }
    if model.numbered && model.field("number").is_some() {
        fault("a numbered model cannot have a field `number`".to_owned());
    }
    let sort = model.default_sort.trim_start_matches('-');
    if !BUILT_IN.contains(&sort)
        && !model.field(sort).is_some_and(|field| field.filter && query::sortable(&field.kind))
    {
        fault(format!("the default order `{sort}` is no filter field"));
    }
}
