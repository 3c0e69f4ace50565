//! Objects: unknown fields, fields that may not be set, references by id or by attribute, secrets that
//! stay, fields that do not apply.

use kit::SecretText;
use kit::record::{DefaultValue, Field, FieldKind, Format, Model};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::scalar::{self, MAX_REFERENCES, Wrong, type_error};
use super::{Draft, Item, Key, Mode, SecretChange, Target, Trust, default_datum, defaults};
use crate::datum::Datum;
use crate::entity::{BUILT_IN, Entity, has_ci};
use crate::query::{nearest, shown};

/// Most fields that name a target.
const MAX_ATTRIBUTES: usize = 8;

/// Finds models that references name.
pub(crate) type Find<'a> = &'a dyn Fn(&str) -> Option<&'a Entity>;

/// Reads what was given. `shown` is the record as a client saw it: a read-only value sent back as it
/// was is no attempt to change it.
pub(crate) fn object(
    entity: &Entity,
    item: Item,
    current: Option<&Map<String, Value>>,
    find: Find<'_>,
) -> Draft {
    let cells = match (&item.before, item.mode) {
        (Some(before), Mode::Merge) => before.cells.clone(),
        (Some(before), Mode::Replace) => replaced(entity, item.trust, &before.cells),
        _ => defaults(entity),
    };
    let count = entity.model.fields.len();
    let mut draft = Draft {
        id: item.id,
        number: item.number.or_else(|| item.before.as_ref().and_then(|before| before.number)),
        before: item.before,
        cells,
        targets: vec![None; count],
        secrets: vec![SecretChange::Keep; count],
        given: Vec::new(),
        errors: Vec::new(),
        once: Map::new(),
    };
    for (name, value) in &item.input {
        let Some(at) = entity.model.fields.iter().position(|field| field.name == name) else {
            refuse_unknown(entity.model, &mut draft, name, value, current);
            continue;
        };
        let Some(field) = entity.model.fields.get(at) else { continue };
        let fixed = field.read_only || (field.immutable && item.mode != Mode::Create);
        if fixed && item.trust == Trust::Client {
            if current.and_then(|current| current.get(name)) != Some(value) {
                refuse_fixed(&mut draft, field, item.mode);
            }
            continue;
        }
        draft.given.push(field.name);
        value_given(&mut draft, at, field, value, find);
    }
    draft
}

/// A replaced record keeps what a client cannot send: secrets, read-only and immutable fields.
fn replaced(entity: &Entity, trust: Trust, before: &[Datum]) -> Vec<Datum> {
    let keeps = |field: &Field| {
        crate::sql::is_secret(&field.kind) || (trust == Trust::Client && (field.read_only || field.immutable))
    };
    let fields = entity.model.fields.iter().zip(before);
    fields.map(|(field, cell)| if keeps(field) { cell.clone() } else { default_datum(field) }).collect()
}

fn refuse_unknown(
    model: &Model,
    draft: &mut Draft,
    name: &str,
    value: &Value,
    current: Option<&Map<String, Value>>,
) {
    if BUILT_IN.contains(&name) || (model.numbered && name == "number") {
        if current.and_then(|current| current.get(name)) != Some(value) {
            draft.error(name, "read_only", "This is set by the server. Leave it out.");
        }
        return;
    }
    let known: Vec<&str> =
        model.fields.iter().filter(|field| !field.read_only).map(|field| field.name).collect();
    let near = nearest(name, &known).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
    let name = shown(name);
    draft.error(&pointer(&name), "unknown_field", format!("{} has no field `{name}`.{near}", model.title));
}

/// RFC 6901.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn refuse_fixed(draft: &mut Draft, field: &Field, mode: Mode) {
    if field.read_only {
        draft.error(field.name, "read_only", "This is set by the server. Leave it out.");
    } else if mode != Mode::Create {
        draft.error(field.name, "immutable", "This is fixed after creation. Make a new one instead.");
    }
}

/// Puts one given value into the draft.
pub(super) fn value_given(
    draft: &mut Draft,
    at: usize,
    field: &'static Field,
    value: &Value,
    find: Find<'_>,
) {
    let result = match field.kind {
        FieldKind::Reference { model, .. } => target(model, value, find).map(|target| {
            set_cell(draft, at, Datum::Null);
            set_targets(draft, at, target.map(|target| vec![target]));
        }),
        FieldKind::References { model } => targets(model, value, find).map(|targets| {
            set_cell(
                draft,
                at,
                if targets.is_some() { Datum::Uuids(Vec::new()) } else { default_datum(field) },
            );
            set_targets(draft, at, targets);
        }),
        FieldKind::Generic { models, .. } => generic(models, value, find).map(|target| {
            set_cell(draft, at, Datum::Null);
            set_targets(draft, at, target.map(|target| vec![target]));
        }),
        FieldKind::Secret { .. } | FieldKind::Password { .. } => secret(field, value).map(|change| {
            if let Some(place) = draft.secrets.get_mut(at) {
                *place = change;
            }
        }),
        _ => scalar::decode(field, value).and_then(|datum| named(field, datum, find)).map(|datum| {
            let datum = if datum.is_null() { default_datum(field) } else { datum };
            set_cell(draft, at, datum);
        }),
    };
    if let Err(wrong) = result {
        let place = wrong.item.map_or_else(|| field.name.to_owned(), |item| format!("{}/{item}", field.name));
        draft.error(&place, wrong.code, wrong.message);
    }
}

/// Names of models must be those of this server.
fn named(field: &Field, datum: Datum, find: Find<'_>) -> Result<Datum, Wrong> {
    if field.format != Format::Model {
        return Ok(datum);
    }
    let names = match &datum {
        Datum::Text(name) => std::slice::from_ref(name),
        Datum::Texts(names) => names.as_slice(),
        _ => &[],
    };
    let Some(at) = names.iter().position(|name| find(name).is_none()) else { return Ok(datum) };
    let name = names.get(at).map(String::as_str).unwrap_or_default();
    let text =
        format!("There are no records of the type `{}`. Write a name like inventory.device.", shown(name));
    let item = matches!(datum, Datum::Texts(_)).then_some(at);
    Err(Wrong { item, ..Wrong::new("unknown_type", text) })
}

fn set_cell(draft: &mut Draft, at: usize, datum: Datum) {
    if let Some(cell) = draft.cells.get_mut(at) {
        *cell = datum;
    }
}

fn set_targets(draft: &mut Draft, at: usize, targets: Option<Vec<Target>>) {
    if let Some(place) = draft.targets.get_mut(at) {
        *place = targets;
    }
}

/// A secret as text; the object a read shows means "as it is".
fn secret(field: &Field, value: &Value) -> Result<SecretChange, Wrong> {
    match value {
        Value::Object(shown) if shown.contains_key("has_value") => Ok(SecretChange::Keep),
        _ => Ok(match scalar::decode(field, value)? {
            Datum::Text(text) => SecretChange::Set(SecretText::new(text)),
            _ => SecretChange::Clear,
        }),
    }
}

/// `"uuid"`, `{"id": "uuid"}`, or `{"name": "...", "site": {...}}` by fields that together find one.
fn target(model: &'static str, value: &Value, find: Find<'_>) -> Result<Option<Target>, Wrong> {
    let expected = "the id of a record, or an object with fields of it such as {\"name\": \"...\"}";
    let key = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.is_empty() => return Ok(None),
        Value::String(_) => Key::Id(uuid(value)?),
        Value::Object(members) => match members.get("id") {
            Some(id) => Key::Id(uuid(id)?),
            None => by_attributes(model, members, find)?,
        },
        other => return Err(type_error(expected, other)),
    };
    Ok(Some(Target { model, key }))
}

/// A reference in a value of a custom field: as a read shows it, by the number of a numbered model, or any
/// way a reference may be given.
pub(crate) fn reference(model: &'static str, value: &Value, find: Find<'_>) -> Result<Option<Target>, Wrong> {
    let number = value.as_i64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    if let Some(number) = number.filter(|_| find(model).is_some_and(|entity| entity.model.numbered)) {
        return Ok(Some(Target { model, key: Key::Number(number) }));
    }
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut().filter(|members| members.contains_key("id")) {
        let number = members.get("id").and_then(Value::as_i64);
        members.retain(|name, _| name == "id");
        if let Some(number) = number {
            *members = Map::from_iter([("number".to_owned(), Value::from(number))]);
        }
    }
    target(model, &value, find)
}

/// `{"type": "inventory.site", "id": "uuid"}`, or with fields of the target instead of the id.
fn generic(models: &'static [&'static str], value: &Value, find: Find<'_>) -> Result<Option<Target>, Wrong> {
    let Value::Object(members) = value else {
        return if value.is_null() {
            Ok(None)
        } else {
            Err(type_error("an object with `type` and `id`", value))
        };
    };
    let named = members.get("type").and_then(Value::as_str);
    let Some(model) = models.iter().find(|model| Some(**model) == named) else {
        let given = named.map_or_else(|| "nothing".to_owned(), |name| format!("`{}`", shown(name)));
        return Err(Wrong::new(
            "invalid_choice",
            format!("`type` is {given}. Usable: {}.", models.join(", ")),
        ));
    };
    let mut rest = members.clone();
    rest.remove("type");
    rest.remove("display");
    target(model, &Value::Object(rest), find)
}

/// Fields by which a record may be found.
fn finds(model: &Model, field: &Field) -> bool {
    matches!(
        field.kind,
        FieldKind::Text { .. }
            | FieldKind::Integer { .. }
            | FieldKind::Choice(_)
            | FieldKind::Boolean
            | FieldKind::Ip
            | FieldKind::Interface
            | FieldKind::Prefix
            | FieldKind::Uuid
            | FieldKind::Reference { .. }
    ) && (field.unique || has_ci(model, field) || field.filter)
}

fn by_attributes(name: &'static str, members: &Map<String, Value>, find: Find<'_>) -> Result<Key, Wrong> {
    let model = find(name).map(|entity| entity.model);
    if members.is_empty() || members.len() > MAX_ATTRIBUTES {
        return Err(Wrong::new("required", format!("Expected are an id, or 1 to {MAX_ATTRIBUTES} fields.")));
    }
    if let (1, Some(number)) = (members.len(), members.get("number").and_then(Value::as_i64))
        && model.is_some_and(|model| model.numbered)
    {
        return Ok(Key::Number(number));
    }
    let mut given = Vec::with_capacity(members.len());
    for (member, value) in members {
        let field = model.and_then(|model| model.field(member).filter(|field| finds(model, field)));
        let Some(field) = field else {
            let known: Vec<&str> = model
                .map(|model| {
                    model.fields.iter().filter(|field| finds(model, field)).map(|field| field.name).collect()
                })
                .unwrap_or_default();
            return Err(Wrong::new(
                "unknown_field",
                format!("A record cannot be found by `{}`. Usable: id, {}.", shown(member), known.join(", ")),
            ));
        };
        match scalar::decode(field, value)? {
            Datum::Null => return Err(Wrong::new("required", format!("`{member}` must have a value."))),
            datum => given.push((field.name, datum)),
        }
    }
    Ok(Key::By(given))
}

fn uuid(value: &Value) -> Result<Uuid, Wrong> {
    match scalar::decode_kind(&FieldKind::Uuid, value)? {
        Datum::Uuid(id) => Ok(id),
        _ => Err(type_error("a uuid", value)),
    }
}

fn targets(model: &'static str, value: &Value, find: Find<'_>) -> Result<Option<Vec<Target>>, Wrong> {
    if value.is_null() {
        return Ok(None);
    }
    let items = scalar::list(value, MAX_REFERENCES, |item| {
        target(model, item, find)?.ok_or_else(|| Wrong::new("required", "An item must not be empty."))
    })?;
    Ok(Some(items))
}

/// Does the field apply to this record? True without a condition.
fn applies(model: &Model, cells: &[Datum], field: &Field) -> bool {
    let Some((name, values)) = field.show_when else { return true };
    let cell = model.fields.iter().position(|other| other.name == name).and_then(|at| cells.get(at));
    cell.is_some_and(|cell| values.contains(&cell.display().as_str()))
}

/// After the references are known: fields that do not apply become null, required ones must be there.
/// `all` is false before the model's own `clean`, which may still set read-only fields.
pub(crate) fn complete(entity: &Entity, draft: &mut Draft, all: bool) {
    for (at, field) in entity.model.fields.iter().enumerate() {
        if draft.errors.iter().any(|error| names(&error.pointer, field)) {
            continue;
        }
        if !applies(entity.model, &draft.cells, field) {
            clear_hidden(draft, at, field);
            continue;
        }
        if field.default != DefaultValue::None && draft.cells.get(at).is_some_and(Datum::is_null) {
            // It was hidden until now.
            set_cell(draft, at, default_datum(field));
        }
        if field.required && !has_value(draft, at, field) && (all || !field.read_only) {
            draft.error(field.name, "required", "This field must have a value.");
        }
    }
}

fn names(pointer: &str, field: &Field) -> bool {
    pointer.strip_prefix('/').and_then(|rest| rest.split('/').next()) == Some(field.name)
}

fn has_value(draft: &Draft, at: usize, field: &Field) -> bool {
    if crate::sql::is_secret(&field.kind) {
        return draft.has_secret(at);
    }
    match draft.cells.get(at) {
        None | Some(Datum::Null) => false,
        Some(Datum::Uuids(items)) => !items.is_empty(),
        Some(Datum::Texts(items)) => !items.is_empty(),
        Some(Datum::Nets(items)) => !items.is_empty(),
        Some(Datum::Ints(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

fn clear_hidden(draft: &mut Draft, at: usize, field: &Field) {
    if draft.given.contains(&field.name) && has_value(draft, at, field) && !shown_as_default(field, draft, at)
    {
        let (other, values) = field.show_when.unwrap_or_default();
        let message = format!("This applies only when `{other}` is {}.", values.join(" or "));
        draft.error(field.name, "not_applicable", message);
    }
    if crate::sql::is_secret(&field.kind) {
        if let Some(change) = draft.secrets.get_mut(at) {
            *change = SecretChange::Clear;
        }
    } else {
        set_cell(draft, at, Datum::Null);
    }
}

/// A value equal to the default is what a form sends for a hidden field.
fn shown_as_default(field: &Field, draft: &Draft, at: usize) -> bool {
    field.default != DefaultValue::None && draft.cells.get(at) == Some(&default_datum(field))
}

/// Takes over what `Hooks::clean` changed in the record it was shown.
pub(crate) fn reparse(
    entity: &Entity,
    draft: &mut Draft,
    seen: &Map<String, Value>,
    cleaned: &Map<String, Value>,
    find: Find<'_>,
) {
    for (at, field) in entity.model.fields.iter().enumerate() {
        let value = cleaned.get(field.name).unwrap_or(&Value::Null);
        if seen.get(field.name).unwrap_or(&Value::Null) != value {
            value_given(draft, at, field, value, find);
        }
    }
}
