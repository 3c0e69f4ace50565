//! Definitions as a write needs them.

use kit::Problem;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};

/// What a custom field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    LongText,
    Integer,
    Decimal,
    Boolean,
    Date,
    DateTime,
    Url,
    Json,
    Select,
    MultiSelect,
    Object,
    MultiObject,
}

impl Kind {
    pub(crate) const ALL: [(Self, &'static str); 13] = [
        (Self::Text, "text"),
        (Self::LongText, "longtext"),
        (Self::Integer, "integer"),
        (Self::Decimal, "decimal"),
        (Self::Boolean, "boolean"),
        (Self::Date, "date"),
        (Self::DateTime, "datetime"),
        (Self::Url, "url"),
        (Self::Json, "json"),
        (Self::Select, "select"),
        (Self::MultiSelect, "multiselect"),
        (Self::Object, "object"),
        (Self::MultiObject, "multiobject"),
    ];

    /// By its word in a definition.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }

    /// Does it refer to records?
    pub(crate) fn refers(self) -> bool {
        matches!(self, Self::Object | Self::MultiObject)
    }

    /// Does it hold values of a set of choices?
    pub(crate) fn selects(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect)
    }

    /// Is it a number?
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }

    /// May a regular expression hold for it?
    pub(crate) fn matches(self) -> bool {
        matches!(self, Self::Text | Self::LongText | Self::Url)
    }
}

/// One definition with what its values must hold.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) unique: bool,
    pub(crate) default: Value,
    /// The model that references lead to.
    pub(crate) target: Option<String>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) regex: Option<String>,
    /// JSON Schema.
    pub(crate) schema: Option<Value>,
    /// Name of the set, and its values.
    pub(crate) choices: Option<(String, Vec<String>)>,
    /// The known list whose values can be chosen too; empty without one.
    pub(crate) base: String,
}

/// `$1` name of a model.
const DEFINITIONS: &str = "SELECT f.name, f.type, f.required, f.\"unique\", f.\"default\", \
    f.related_object_type, f.validation_minimum, f.validation_maximum, f.validation_regex, \
    f.validation_schema, s.name, s.extra_choices, s.base_choices \
    FROM app.custom_field f LEFT JOIN app.custom_field_choice_set s ON s.id = f.choice_set \
    WHERE $1 = ANY(f.object_types) ORDER BY f.name";

/// The definitions for records of a model, by name.
pub(crate) async fn definitions(conn: &mut PgConnection, model: &str) -> Result<Vec<Definition>, Problem> {
    let rows = sqlx::query(DEFINITIONS).bind(model).fetch_all(conn).await?;
    let json = |row: &sqlx::postgres::PgRow, at: usize| -> Result<Option<Value>, sqlx::Error> {
        Ok(row.try_get::<Option<Json<Value>>, _>(at)?.map(|json| json.0))
    };
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let word: String = row.try_get(1)?;
        let kind = Kind::of(&word)
            .ok_or_else(|| Problem::internal(format!("a custom field of the unknown type {word}")))?;
        let set: Option<String> = row.try_get(10)?;
        let values = json(row, 11)?.map(|choices| choice_values(&choices)).unwrap_or_default();
        found.push(Definition {
            name: row.try_get(0)?,
            kind,
            required: row.try_get(2)?,
            unique: row.try_get(3)?,
            default: json(row, 4)?.unwrap_or(Value::Null),
            target: row.try_get(5)?,
            minimum: row.try_get(6)?,
            maximum: row.try_get(7)?,
            regex: row.try_get(8)?,
            schema: json(row, 9)?,
            choices: set.map(|set| (set, values)),
            base: row.try_get::<Option<String>, _>(12)?.unwrap_or_default(),
        });
    }
    Ok(found)
}

/// The values of `[[value, label], ...]`.
pub(super) fn choice_values(choices: &Value) -> Vec<String> {
    let pairs = choices.as_array().into_iter().flatten();
    pairs.filter_map(|pair| Some(pair.get(0)?.as_str()?.to_owned())).collect()
}
