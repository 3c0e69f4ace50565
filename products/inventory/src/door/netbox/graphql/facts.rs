//! What the types and filters of the contract's GraphQL schema are here: written by `tools/netbox-oracle/graphql`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::contract::Endpoint;

/// The schema, as introspection of the recorded NetBox gives it.
pub(super) const DEFINITION: &str = include_str!("../../../../tests/oracle/graphql.schema");

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    // Committed data: a test reads it whole.
    serde_json::from_str(include_str!("../graphql.json")).unwrap_or_default()
});

#[derive(Default, Deserialize)]
struct Facts {
    roots: HashMap<String, Root>,
    types: HashMap<String, Fields<Field>>,
    filters: HashMap<String, Fields<Filter>>,
}

/// A field of the root.
#[derive(Deserialize)]
pub(super) struct Root {
    /// Its type.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Is it a list?
    pub(super) many: bool,
}

#[derive(Deserialize)]
struct Fields<T> {
    path: String,
    fields: HashMap<String, T>,
}

/// A field of a type; nothing but the type when it has no counterpart here.
#[derive(Deserialize)]
pub(super) struct Field {
    /// The field of REST.
    pub(super) fact: Option<String>,
    /// Our reference.
    pub(super) via: Option<String>,
    /// What refers here: our model and its field.
    pub(super) back: Option<(String, String)>,
    /// Worked out here.
    pub(super) own: Option<String>,
    /// Our field behind that.
    pub(super) column: Option<String>,
    /// Its type, where the value depends on it.
    #[serde(default)]
    pub(super) ty: String,
    /// Is it an empty text when there is none, and not null?
    #[serde(default)]
    pub(super) empty: bool,
}

/// A field of a filter.
#[derive(Deserialize)]
pub(super) struct Filter {
    /// Our field that is compared.
    pub(super) column: Option<String>,
    /// Our references along the way to what it is about.
    pub(super) through: Option<Vec<String>>,
    /// What refers here.
    pub(super) back: Option<(String, String)>,
    /// The parameter of REST.
    pub(super) rest: Option<String>,
}

/// Fields by name.
pub(super) type Known<T> = HashMap<String, T>;

/// A field of the root.
pub(super) fn root(name: &str) -> Option<&'static Root> {
    FACTS.roots.get(name)
}

/// A type of objects that are records here, with its endpoint.
pub(super) fn of_type(name: &str) -> Option<(&'static Known<Field>, &'static Endpoint)> {
    let known = FACTS.types.get(name)?;
    Some((&known.fields, Endpoint::at(&known.path)?))
}

/// The filter of an endpoint.
pub(super) fn filter_of(endpoint: &Endpoint) -> Option<&'static Known<Filter>> {
    FACTS.filters.get(&format!("{}Filter", endpoint.class)).map(|known| &known.fields)
}

/// The type of an endpoint's objects.
pub(super) fn type_of(endpoint: &Endpoint) -> String {
    format!("{}Type", endpoint.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every type and filter is an endpoint, and what its fields are is there.
    #[test]
    fn the_facts_fit_the_contract() {
        let facts: Facts = serde_json::from_str(include_str!("../graphql.json")).unwrap();
        let mut wrong = Vec::new();
        for (name, known) in &facts.types {
            let Some(endpoint) = Endpoint::at(&known.path) else {
                wrong.push(format!("{name}: no endpoint {}", known.path));
                continue;
            };
            for (field, of) in &known.fields {
                let fact = of.fact.as_deref().is_none_or(|fact| endpoint.fact(fact).is_some());
                let via = of.via.as_deref().is_none_or(|column| endpoint.fact_of(column).is_some());
                if !fact || !via {
                    wrong.push(format!("{name}.{field}"));
                }
            }
        }
        for (name, known) in &facts.filters {
            let Some(endpoint) = Endpoint::at(&known.path) else {
                wrong.push(format!("{name}: no endpoint {}", known.path));
                continue;
            };
            for (field, of) in &known.fields {
                let column = of.column.as_deref().is_none_or(|column| endpoint.fact_of(column).is_some());
                let rest = of.rest.as_deref().is_none_or(|rest| endpoint.filter(rest).is_some());
                if !column || !rest {
                    wrong.push(format!("{name}.{field}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!((facts.types.len(), facts.filters.len()), (130, 130));
        assert!(facts.roots.len() > 250 && DEFINITION.contains("type Query {"));
    }
}
