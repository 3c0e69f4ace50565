//! Rows: from the driver into typed cells, from there straight into a JSON writer.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kit::Problem;
use kit::record::{Field, FieldKind};
use kit::secrets::Secrets;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::datum::{Datum, Sealed, time_text};
use crate::entity::Entity;
use crate::sql::View as Source;

/// One record, its cells in the order of the model's fields.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    /// The number of a numbered model.
    pub(crate) number: Option<i64>,
    pub(crate) version: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) cells: Vec<Datum>,
}

impl Row {
    /// Reads what [`crate::sql::Statements`] selects.
    pub(crate) fn decode(entity: &Entity, row: &PgRow) -> Result<Self, Problem> {
        let mut at = if entity.model.numbered { 5 } else { 4 };
        let mut cells = Vec::with_capacity(entity.model.fields.len());
        for field in entity.model.fields {
            cells.push(decode_cell(field, row, &mut at)?);
        }
        Ok(Self {
            id: row.try_get(0)?,
            number: if entity.model.numbered { row.try_get(4)? } else { None },
            version: row.try_get(1)?,
            created_at: row.try_get(2)?,
            updated_at: row.try_get(3)?,
            cells,
        })
    }

    /// The cell of a field.
    pub(crate) fn cell(&self, entity: &Entity, name: &str) -> Option<&Datum> {
        let at = entity.model.fields.iter().position(|field| field.name == name)?;
        self.cells.get(at)
    }
}

fn decode_cell(field: &Field, row: &PgRow, at: &mut usize) -> Result<Datum, Problem> {
    let index = *at;
    match field.kind {
        // Filled in after the page is known.
        FieldKind::Count { .. } => return Ok(Datum::Null),
        FieldKind::Generic { .. } | FieldKind::Secret { .. } => *at += 2,
        _ => *at += 1,
    }
    if let FieldKind::Generic { models, .. } = field.kind {
        let (name, id): (Option<String>, Option<Uuid>) = (row.try_get(index)?, row.try_get(index + 1)?);
        let model = name.and_then(|name| models.iter().find(|model| **model == name));
        return Ok(model.zip(id).map_or(Datum::Null, |(model, id)| Datum::Typed(model, id)));
    }
    if let FieldKind::Secret { .. } = field.kind {
        let bytes: Option<Vec<u8>> = row.try_get(index)?;
        let set_at = row.try_get(index + 1)?;
        return Ok(bytes.map_or(Datum::Null, |bytes| Datum::Sealed(Sealed { bytes, set_at })));
    }
    decode_value(&field.kind, row, index)
}

/// One column of a field's kind. Not for secrets and generic references, which take two.
pub(crate) fn decode_value(kind: &FieldKind, row: &PgRow, index: usize) -> Result<Datum, Problem> {
    Ok(match kind {
        FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Choice(_) => {
            row.try_get::<Option<String>, _>(index)?.into()
        }
        FieldKind::Integer { .. } => row.try_get::<Option<i64>, _>(index)?.into(),
        FieldKind::Decimal { .. } => row.try_get::<Option<f64>, _>(index)?.into(),
        FieldKind::Date => row.try_get::<Option<NaiveDate>, _>(index)?.into(),
        FieldKind::Boolean => row.try_get::<Option<bool>, _>(index)?.into(),
        FieldKind::DateTime => row.try_get::<Option<DateTime<Utc>>, _>(index)?.into(),
        FieldKind::Uuid | FieldKind::Reference { .. } => row.try_get::<Option<Uuid>, _>(index)?.into(),
        FieldKind::References { .. } => {
            row.try_get::<Option<Vec<Uuid>>, _>(index)?.map_or(Datum::Null, Datum::Uuids)
        }
        FieldKind::Ip => {
            row.try_get::<Option<ipnet::IpNet>, _>(index)?.map_or(Datum::Null, |net| Datum::Ip(net.addr()))
        }
        FieldKind::Prefix => row.try_get::<Option<ipnet::IpNet>, _>(index)?.into(),
        FieldKind::Interface => {
            row.try_get::<Option<ipnet::IpNet>, _>(index)?.map_or(Datum::Null, Datum::Interface)
        }
        FieldKind::IntegerList { .. } => {
            row.try_get::<Option<Vec<i64>>, _>(index)?.map_or(Datum::Null, Datum::Ints)
        }
        FieldKind::TextList { .. } => {
            row.try_get::<Option<Vec<String>>, _>(index)?.map_or(Datum::Null, Datum::Texts)
        }
        FieldKind::PrefixList { .. } => {
            row.try_get::<Option<Vec<ipnet::IpNet>>, _>(index)?.map_or(Datum::Null, Datum::Nets)
        }
        FieldKind::Json | FieldKind::Custom => {
            row.try_get::<Option<Value>, _>(index)?.map_or(Datum::Null, Datum::Json)
        }
        FieldKind::Password { .. } => {
            if row.try_get::<bool, _>(index)? {
                Datum::Sealed(Sealed { bytes: Vec::new(), set_at: None })
            } else {
                Datum::Null
            }
        }
        FieldKind::Secret { .. } | FieldKind::Generic { .. } | FieldKind::Count { .. } => {
            return Err(Problem::internal("this kind is not one column"));
        }
    })
}

/// Texts shown for referenced records: model, then id. Only those that exist in the tenant.
#[derive(Debug, Default)]
pub(crate) struct Displays {
    /// Of which records.
    pub(crate) view: Source,
    pub(crate) texts: HashMap<&'static str, HashMap<Uuid, String>>,
}

impl Displays {
    /// None yet, of these records.
    pub(crate) fn of(view: Source) -> Self {
        Self { view, ..Self::default() }
    }

    pub(crate) fn get(&self, model: &str, id: Uuid) -> Option<&str> {
        self.texts.get(model)?.get(&id).map(String::as_str)
    }
}

/// What is needed to show rows.
pub(crate) struct Lens<'a> {
    pub(crate) entity: &'a Entity,
    pub(crate) displays: &'a Displays,
    pub(crate) secrets: Option<&'a dyn Secrets>,
    /// Fields to show; all when `None`. The id is always shown.
    pub(crate) fields: Option<&'a [&'static str]>,
}

impl<'a> Lens<'a> {
    pub(crate) fn view(&'a self, row: &'a Row) -> View<'a> {
        View { lens: self, row }
    }

    fn shows(&self, name: &str) -> bool {
        self.fields.is_none_or(|fields| fields.contains(&name))
    }

    /// One cell as the wire shows it.
    pub(crate) fn cell(&'a self, field: &'static Field, datum: &'a Datum) -> Cell<'a> {
        Cell { lens: self, field, datum }
    }
}

/// A row as it goes over the wire.
pub(crate) struct View<'a> {
    lens: &'a Lens<'a>,
    row: &'a Row,
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (lens, row) = (self.lens, self.row);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &row.id)?;
        if let Some(number) = row.number.filter(|_| lens.shows("number")) {
            map.serialize_entry("number", &number)?;
        }
        for (field, datum) in lens.entity.model.fields.iter().zip(&row.cells) {
            if lens.shows(field.name) {
                map.serialize_entry(field.name, &lens.cell(field, datum))?;
            }
        }
        for (name, time) in [("created_at", &row.created_at), ("updated_at", &row.updated_at)] {
            if lens.shows(name) {
                map.serialize_entry(name, &time_text(time))?;
            }
        }
        if lens.shows("version") {
            map.serialize_entry("version", &row.version)?;
        }
        map.end()
    }
}

/// A cell as it goes over the wire: references with their text, secrets without themselves.
pub(crate) struct Cell<'a> {
    lens: &'a Lens<'a>,
    field: &'static Field,
    datum: &'a Datum,
}

#[derive(serde::Serialize)]
struct Reference<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    id: Uuid,
    display: &'a str,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let displays = self.lens.displays;
        match (self.field.kind, self.datum) {
            (FieldKind::Reference { model, .. }, Datum::Uuid(id)) => {
                Reference { model: None, id: *id, display: displays.get(model, *id).unwrap_or_default() }
                    .serialize(serializer)
            }
            (_, Datum::Typed(model, id)) => {
                let display = displays.get(model, *id).unwrap_or_default();
                Reference { model: Some(model), id: *id, display }.serialize(serializer)
            }
            (FieldKind::References { model }, Datum::Uuids(ids)) => {
                serializer.collect_seq(ids.iter().filter_map(|id| {
                    displays.get(model, *id).map(|display| Reference { model: None, id: *id, display })
                }))
            }
            (FieldKind::Secret { .. }, datum) => secret_json(datum, self.lens.secrets).serialize(serializer),
            (FieldKind::Password { .. }, datum) => {
                json!({"has_value": !datum.is_null()}).serialize(serializer)
            }
            (FieldKind::Custom, Datum::Json(values)) => custom(values, displays).serialize(serializer),
            (_, datum) => datum.serialize(serializer),
        }
    }
}

/// Values of custom fields by their names; a reference whose target is gone is null, or left out of its list.
fn custom(values: &Value, displays: &Displays) -> Value {
    let shown = |value: &Value| {
        let (model, id) = crate::custom::reference(value)?;
        let display = displays.get(model, id)?;
        Some(json!({"type": model, "id": id, "display": display}))
    };
    let value = |value: &Value| match value {
        Value::Array(items) if items.iter().any(|item| crate::custom::reference(item).is_some()) => {
            items.iter().filter_map(shown).collect()
        }
        one if crate::custom::reference(one).is_some() => shown(one).unwrap_or_default(),
        other => other.clone(),
    };
    let mut members: Vec<(&String, &Value)> = values.as_object().into_iter().flatten().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    Value::Object(members.into_iter().map(|(name, one)| (name.clone(), value(one))).collect())
}

fn secret_json(datum: &Datum, secrets: Option<&dyn Secrets>) -> Value {
    match datum {
        Datum::Sealed(sealed) => json!({
            "has_value": true,
            "fingerprint": secrets.map(|secrets| secrets.fingerprint(&sealed.bytes)),
            "set_at": sealed.set_at.as_ref().map(time_text),
        }),
        _ => json!({"has_value": false, "fingerprint": null, "set_at": null}),
    }
}
