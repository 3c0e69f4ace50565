//! What the contract says of each endpoint: fields in their order, short forms, filters. The data is
//! written by `tools/netbox-oracle/contract` from a recorded NetBox and our own models.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

/// The version of the contract served.
pub(super) const VERSION: &str = "4.7.3";

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    // Committed data: a test reads it whole.
    serde_json::from_str(include_str!("contract.json")).unwrap_or_default()
});

static INDEX: LazyLock<Index> = LazyLock::new(|| Index {
    path: CONTRACT.endpoints.iter().map(|e| (e.path.as_str(), e)).collect(),
    model: CONTRACT.endpoints.iter().map(|e| (e.model.as_str(), e)).collect(),
    kind: CONTRACT.endpoints.iter().map(|e| (e.kind.as_str(), e)).collect(),
});

struct Index {
    path: HashMap<&'static str, &'static Endpoint>,
    model: HashMap<&'static str, &'static Endpoint>,
    kind: HashMap<&'static str, &'static Endpoint>,
}

#[derive(Default, Deserialize)]
struct Contract {
    choices: HashMap<String, Vec<(Value, String)>>,
    endpoints: Vec<Endpoint>,
}

/// One list endpoint and its objects.
#[derive(Deserialize)]
pub(super) struct Endpoint {
    /// `dcim/sites`.
    pub(super) path: String,
    /// Content type: `dcim.site`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Our model.
    pub(super) model: String,
    /// Class name in messages: `Site`.
    pub(super) class: String,
    /// What one is called.
    title: String,
    /// May its objects only be read?
    pub(super) read_only: bool,
    /// Order of lists.
    pub(super) ordering: Vec<String>,
    /// Fields of `?brief=true`.
    pub(super) brief: Vec<String>,
    /// Fields where another object refers to it.
    pub(super) nested: Vec<String>,
    /// Messages of what must be unique over several fields.
    pub(super) unique: Vec<Unique>,
    /// Fields, in order.
    pub(super) fields: Vec<Fact>,
    /// Filters.
    pub(super) filters: Vec<Filter>,
}

/// A uniqueness over several fields.
#[derive(Deserialize)]
pub(super) struct Unique {
    /// The fields; empty when it is over expressions.
    #[serde(default)]
    pub(super) fields: Vec<String>,
    /// What is said when it is broken.
    pub(super) message: String,
}

/// The type of a field on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(super) enum Kind {
    Text,
    Slug,
    Int,
    Decimal,
    Bool,
    DateTime,
    Choice,
    ChoicePlain,
    Fk,
    /// A reference written and shown as the bare id.
    Pk,
    M2m,
    Generic,
    GenericType,
    GenericId,
    CustomFields,
    /// Names of record types.
    ContentType,
    Count,
    /// Tags, written and shown as their slugs.
    Slugs,
    Json,
    /// A picture: a file of a form.
    Image,
    Other,
}

impl From<String> for Kind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "char" | "text" | "email" | "url_text" | "mac" => Self::Text,
            "slug" => Self::Slug,
            "int" => Self::Int,
            "decimal" => Self::Decimal,
            "bool" => Self::Bool,
            "datetime" => Self::DateTime,
            "choice" => Self::Choice,
            "choice_plain" => Self::ChoicePlain,
            "fk" => Self::Fk,
            "pk" => Self::Pk,
            "m2m" => Self::M2m,
            "generic" => Self::Generic,
            "generic_type" => Self::GenericType,
            "generic_id" => Self::GenericId,
            "custom_fields" => Self::CustomFields,
            "content_type" => Self::ContentType,
            "count" => Self::Count,
            "slugs" => Self::Slugs,
            "json" => Self::Json,
            "image" => Self::Image,
            _ => Self::Other,
        }
    }
}

/// One field.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of the contract")]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The contract's own word for the kind, where several are one kind here.
    #[serde(default)]
    pub(super) word: String,
    /// Its label, when it is not the name in words.
    label: Option<String>,
    /// Our field; none when the value is worked out or has no counterpart here.
    pub(super) column: Option<String>,
    /// Endpoint of what it refers to.
    pub(super) to: Option<String>,
    #[serde(default)]
    pub(super) many: bool,
    /// Fields of the object it refers to, when not the usual short form.
    pub(super) shape: Option<Vec<String>>,
    /// Objects that refer here: model and field.
    pub(super) back: Option<(String, String)>,
    /// Which of them: field and value.
    pub(super) only: Option<(String, String)>,
    /// How many refer here: model and field.
    pub(super) count: Option<(String, String)>,
    /// Is the count also shown where another object refers to this one?
    #[serde(default)]
    pub(super) kept: bool,
    /// Are its targets named by ids only?
    #[serde(default)]
    pub(super) ids: bool,
    /// Never shown.
    #[serde(default)]
    pub(super) write_only: bool,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) read_only: bool,
    #[serde(default)]
    pub(super) nullable: bool,
    #[serde(default)]
    pub(super) blank: bool,
    pub(super) max_length: Option<usize>,
    pub(super) min: Option<Value>,
    pub(super) max: Option<Value>,
    pub(super) digits: Option<usize>,
    pub(super) places: Option<usize>,
    /// What is said when the value is taken.
    pub(super) unique: Option<String>,
    /// Set of choices.
    choices: Option<String>,
    /// Content types a generic reference may name.
    pub(super) types: Option<Vec<String>>,
}

impl Fact {
    /// Its label.
    pub(super) fn label(&self) -> String {
        self.label.clone().unwrap_or_else(|| {
            let words = self.name.replace('_', " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
    }

    /// Value and label of its choices.
    pub(super) fn choices(&self) -> &'static [(Value, String)] {
        choices(self.choices.as_deref())
    }
}

/// The type of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(super) enum FilterKind {
    Text,
    Number,
    Decimal,
    Date,
    DateTime,
    Choice,
    Bool,
    Reference,
    Tree,
    Tag,
    TagId,
    GenericType,
    GenericId,
    Other,
}

impl From<String> for FilterKind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "MultiValueChar" | "MultiValueMACAddress" | "MultiValueWWN" | "MultiValueTimeZone" => Self::Text,
            "MultiValueNumber" | "MultiValueBigNumber" | "number1" | "NumericArray" => Self::Number,
            "MultiValueDecimal" => Self::Decimal,
            "MultiValueDate" => Self::Date,
            "MultiValueDateTime" | "datetime1" => Self::DateTime,
            "choice" | "choice1" => Self::Choice,
            "bool1" => Self::Bool,
            "fk" | "fk1" => Self::Reference,
            "tree" => Self::Tree,
            "Tag" => Self::Tag,
            "TagID" => Self::TagId,
            "generic_type" | "MultiValueContentType" => Self::GenericType,
            "generic_id" => Self::GenericId,
            _ => Self::Other,
        }
    }
}

/// One step to what is compared.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hop {
    /// Our field.
    Column(String),
    /// Along a reference.
    Via(String),
    /// To records of a model that refer here by a field.
    Back(String, String),
    /// Along a generic reference, when it leads to this model.
    Generic(String, String),
    /// On one of several ways.
    Either(Vec<Vec<Hop>>),
    /// Where this field has this value.
    Only(String, String),
}

/// One query parameter.
#[derive(Deserialize)]
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) kind: FilterKind,
    pub(super) method: Option<String>,
    /// `iexact`: compared in whatever case.
    pub(super) lookup: Option<String>,
    pub(super) to_field: Option<String>,
    #[serde(default)]
    pub(super) suffixes: Vec<String>,
    /// Steps; none when nothing here corresponds.
    pub(super) path: Option<Vec<Hop>>,
    /// Our model of what a reference filter names.
    pub(super) model: Option<String>,
    choices: Option<String>,
}

impl Filter {
    /// Value and label of its choices.
    pub(super) fn choices(&self) -> &'static [(Value, String)] {
        choices(self.choices.as_deref())
    }
}

/// Is the value of a choice the one written so? Some are numbers in the contract and text here.
pub(super) fn is_choice(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Number(number) => text.parse::<i64>().ok() == number.as_i64(),
        Value::Bool(flag) => text.parse() == Ok(*flag),
        _ => false,
    }
}

fn choices(name: Option<&str>) -> &'static [(Value, String)] {
    name.and_then(|name| CONTRACT.choices.get(name)).map(Vec::as_slice).unwrap_or_default()
}

/// All endpoints, in the order of the contract.
pub(super) fn endpoints() -> &'static [Endpoint] {
    &CONTRACT.endpoints
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

/// Facts of the short forms, by path: looked up for every object that another refers to.
static SHORT: LazyLock<HashMap<&'static str, Vec<&'static Fact>>> = LazyLock::new(|| {
    let facts =
        |endpoint: &'static Endpoint| endpoint.nested.iter().filter_map(|name| endpoint.fact(name)).collect();
    CONTRACT.endpoints.iter().map(|endpoint| (endpoint.path.as_str(), facts(endpoint))).collect()
});

impl Endpoint {
    /// What one is called, in capitals: `Virtual Machine`.
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// The facts of the short form, in order.
    pub(super) fn short_facts(&self) -> &'static [&'static Fact] {
        SHORT.get(self.path.as_str()).map(Vec::as_slice).unwrap_or_default()
    }

    /// By `dcim/sites`.
    pub(super) fn at(path: &str) -> Option<&'static Self> {
        INDEX.path.get(path).copied()
    }

    /// By the name of our model.
    pub(super) fn of_model(model: &str) -> Option<&'static Self> {
        INDEX.model.get(model).copied()
    }

    /// By content type.
    pub(super) fn of_kind(kind: &str) -> Option<&'static Self> {
        INDEX.kind.get(kind).copied()
    }

    /// A field.
    pub(super) fn fact(&self, name: &str) -> Option<&Fact> {
        self.fields.iter().find(|fact| fact.name == name)
    }

    /// The field whose values our column holds.
    pub(super) fn fact_of(&self, column: &str) -> Option<&Fact> {
        self.fields.iter().find(|fact| fact.column.as_deref() == Some(column))
    }

    /// A filter and the suffix of its comparison.
    pub(super) fn filter<'a>(&self, parameter: &'a str) -> Option<(&Filter, &'a str)> {
        if let Some(filter) = self.filters.iter().find(|filter| filter.name == parameter) {
            return Some((filter, ""));
        }
        let (name, suffix) = parameter.rsplit_once("__")?;
        let filter = self.filters.iter().find(|filter| filter.name == name)?;
        filter.suffixes.iter().any(|known| known == suffix).then_some((filter, suffix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every endpoint is one of our models, and every field and filter of it leads to fields that are there.
    #[test]
    fn the_contract_fits_our_models() {
        let contract: Contract = serde_json::from_str(include_str!("contract.json")).unwrap();
        let rooms = [
            records::MODELS,
            auth::models::MODELS,
            sources::MODELS,
            templates::MODELS,
            annotations::MODELS,
            automation::MODELS,
        ];
        let models: HashMap<&str, &kit::Model> = crate::models::all()
            .chain(rooms.into_iter().flatten().copied())
            .map(|model| (model.name, model))
            .collect();
        let built_in = ["number", "created_at", "updated_at"];
        let mut wrong = Vec::new();
        for endpoint in &contract.endpoints {
            let model = models[endpoint.model.as_str()];
            for fact in &endpoint.fields {
                if let Some(column) = &fact.column
                    && model.field(column).is_none()
                    && !built_in.contains(&column.as_str())
                {
                    wrong.push(format!("{} {}: no field {column}", endpoint.path, fact.name));
                }
                for (other, field) in fact.count.iter().chain(&fact.back) {
                    if models.get(other.as_str()).is_none_or(|model| model.field(field).is_none()) {
                        wrong.push(format!("{} {}: no {other}.{field}", endpoint.path, fact.name));
                    }
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(contract.endpoints.len(), 134);
    }
}
