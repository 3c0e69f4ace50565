//! The `filter` of a list as a condition of the record engine.

use kit::graphql::Fault;
use kit::record::{FieldKind, Model};
use kit::records::Where;
use records::Op;
use records::query::CustomTest;
use serde_json::{Map, Value};

use super::definition::Catalogue;

/// A filter that the schema has accepted.
pub(super) fn condition(
    catalogue: &Catalogue,
    model: &'static Model,
    filter: &Map<String, Value>,
) -> Result<Where, Fault> {
    let mut all = Vec::with_capacity(filter.len());
    for (name, value) in filter {
        // Not given is the same as null.
        if !value.is_null() {
            all.push(part(catalogue, model, name, value)?);
        }
    }
    Ok(Where::All(all))
}

fn part(catalogue: &Catalogue, model: &'static Model, name: &str, value: &Value) -> Result<Where, Fault> {
    let nested = |model: &'static Model, value: &Value| match value {
        Value::Object(filter) => condition(catalogue, model, filter),
        _ => Err(fault(format!("{name} must be an object."))),
    };
    let many = |value: &Value| -> Result<Vec<Where>, Fault> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        items.iter().map(|item| nested(model, item)).collect()
    };
    match name {
        "all" => return Ok(Where::All(many(value)?)),
        "any" => return Ok(Where::Any(many(value)?)),
        "not" => return Ok(Where::Not(Box::new(nested(model, value)?))),
        "below" => return Ok(Where::Below(Box::new(nested(model, value)?))),
        "q" => return Ok(Where::Search(value.as_str().unwrap_or_default().to_owned())),
        "custom" => return custom(value),
        _ => {}
    }
    let target = model.field(name).and_then(|field| match field.kind {
        FieldKind::Reference { model, .. } | FieldKind::References { model } => catalogue.model(model),
        _ => None,
    });
    if let Some(target) = target {
        let then = Box::new(nested(target, value)?);
        return Ok(Where::Via { field: name.to_owned(), model: None, then });
    }
    let lookups = value.as_object().ok_or_else(|| fault(format!("{name} must be an object.")))?;
    let tests = lookups.iter().map(|(op, value)| {
        // One of several is what `eq` says of several.
        let known = Op::ALL.into_iter().find(|known| known.as_str() == op);
        let op = known.map_or("eq", |known| if known == Op::In { "eq" } else { known.as_str() });
        let values = texts(value).ok_or_else(|| {
            fault(format!("{name}: null cannot be compared with. Use isnull to find what has no value."))
        })?;
        Ok(Where::Is { field: name.to_owned(), op, values })
    });
    Ok(Where::All(tests.collect::<Result<_, Fault>>()?))
}

/// Comparisons with values of custom fields.
fn custom(value: &Value) -> Result<Where, Fault> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let one = |item: &Value| {
        let name = item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let op = item.get("op").and_then(Value::as_str).unwrap_or("eq");
        let known = CustomTest::OPERATORS.into_iter().find(|known| known.as_str() == op);
        let known = known.ok_or_else(|| {
            let known: Vec<&str> = CustomTest::OPERATORS.iter().map(|known| known.as_str()).collect();
            fault(format!("custom: there is no operator {op}. Known are: {}.", known.join(", ")))
        })?;
        let values = item.get("values").and_then(texts).unwrap_or_default();
        Ok(Where::Custom { name, op: known.as_str(), values })
    };
    Ok(Where::All(items.iter().map(one).collect::<Result<_, Fault>>()?))
}

/// Values as the engine reads them; none when one of them is null.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => {
            let texts: Option<Vec<Vec<String>>> = items.iter().map(texts).collect();
            texts.map(|texts| texts.concat())
        }
        other => Some(vec![other.to_string()]),
    }
}

fn fault(message: String) -> Fault {
    Fault { message, code: Some("bad-request") }
}

#[cfg(test)]
mod tests {
    use kit::Field;
    use kit::record::OnDelete;
    use serde_json::json;

    use super::*;

    static REGION: Model = Model {
        name: "x.region",
        product: "x",
        collection: "regions",
        parent: Some("parent"),
        fields: &[
            Field::text("name", "Name", 50).filter().search(),
            Field::reference("parent", "Parent", "x.region", OnDelete::Protect),
        ],
        ..Model::BASE
    };
    static SITE: Model = Model {
        name: "x.site",
        product: "x",
        collection: "sites",
        fields: &[
            Field::text("name", "Name", 50).filter(),
            Field::reference("region", "Region", "x.region", OnDelete::Protect),
        ],
        ..Model::BASE
    };

    fn of(filter: &Value) -> Result<Where, String> {
        let catalogue = Catalogue::new(&[&REGION, &SITE]);
        let filter = filter.as_object().unwrap();
        condition(&catalogue, &SITE, filter).map_err(|fault| fault.message)
    }

    #[test]
    fn filters_are_the_engines() {
        let all = Where::All;
        let named = |name: &str| all(vec![Where::is("name", "eq", name)]);
        for (filter, expected) in [
            (json!({}), all(vec![])),
            (json!({"name": {"eq": "a"}}), all(vec![named("a")])),
            (
                json!({"name": {"in": ["a", "b"]}}),
                all(vec![all(vec![Where::Is {
                    field: "name".to_owned(),
                    op: "eq",
                    values: vec!["a".to_owned(), "b".to_owned()],
                }])]),
            ),
            (json!({"version": {"gte": 2}}), all(vec![all(vec![Where::is("version", "gte", "2")])])),
            (
                json!({"any": [{"name": {"eq": "a"}}, {"not": {"name": {"eq": "b"}}}]}),
                all(vec![Where::Any(vec![
                    all(vec![named("a")]),
                    all(vec![Where::Not(Box::new(all(vec![named("b")])))]),
                ])]),
            ),
            (
                json!({"region": {"below": {"name": {"eq": "a"}}}}),
                all(vec![Where::Via {
                    field: "region".to_owned(),
                    model: None,
                    then: Box::new(all(vec![Where::Below(Box::new(all(vec![named("a")])))])),
                }]),
            ),
        ] {
            assert_eq!(of(&filter), Ok(expected), "{filter}");
        }
        assert!(of(&json!({"name": {"eq": null}})).unwrap_err().contains("isnull"));
    }
}
