//! Constraints of object permissions: `{"status": "active", "region__slug__in": ["emea", "apac"]}` or a
//! list of such objects, of which one must match. The names are ours, or those of the tool whose form
//! this server speaks; the operators are ours and Django's. Texts are compared as filters compare them:
//! without case, where their model does so.

use kit::Problem;
use kit::record::{FieldKind, Model};
use kit::records::Where;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Engine;
use crate::query::{Column, CustomTest, FilterExpr, Op, shown};

/// Stands for the id of whoever asks.
const USER: &str = "$user";
/// Most objects in a list, and most conditions in an object.
const MAX_CONDITIONS: usize = 100;
/// Most values of one condition.
const MAX_VALUES: usize = 1_000;
/// Most references that a condition goes along.
const MAX_STEPS: usize = 6;

/// Django's operators that are called otherwise here.
const OPERATORS: [(&str, &str); 11] = [
    ("exact", "eq"),
    ("icontains", "contains"),
    ("istartswith", "startswith"),
    ("iendswith", "endswith"),
    ("net_contained", "within"),
    ("net_contained_or_equal", "within"),
    ("net_host_contained", "within"),
    ("net_contains", "contains"),
    ("net_contains_or_equals", "contains"),
    ("net_mask_length", "length"),
    ("in", "eq"),
];

fn wrong(text: impl Into<String>) -> Problem {
    Problem::bad_request(text)
}

/// The operator that a name ends with: our word for it.
fn operator(name: &str) -> Option<&'static str> {
    let ours = OPERATORS.iter().find(|(django, _)| *django == name).map_or(name, |(_, ours)| *ours);
    Op::ALL.into_iter().map(Op::as_str).find(|known| *known == ours)
}

/// Is it a number, as the other tool's clients name records?
fn is_number(value: &Value) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    value.is_number() || value.as_str().is_some_and(digits)
}

/// What a name in a constraint is at a model.
enum Named {
    /// A column to compare.
    Column(&'static str),
    /// A reference that leads to a model.
    Reference(&'static str, &'static Model),
    /// The id or the number, by what it is compared with.
    Id,
    /// Values of custom fields.
    Custom,
}

/// One constraint on its way to a condition.
struct Reader<'a> {
    engine: &'a Engine,
    user: Option<Uuid>,
}

impl Engine {
    /// A constraint as a condition for this user.
    ///
    /// # Errors
    /// 400 saying what does not fit the model.
    pub(super) fn constraint(
        &self,
        model: &'static Model,
        constraint: &Value,
        user: Option<Uuid>,
    ) -> Result<FilterExpr, Problem> {
        let reader = Reader { engine: self, user };
        let condition = match constraint {
            Value::Null => Where::All(Vec::new()),
            Value::Object(members) => reader.all(model, members)?,
            Value::Array(items) if items.len() <= MAX_CONDITIONS => {
                let item = |item: &Value| match item {
                    Value::Object(members) => reader.all(model, members),
                    _ => Err(wrong("Every item of a list of constraints must be an object.")),
                };
                Where::Any(items.iter().map(item).collect::<Result<_, _>>()?)
            }
            Value::Array(_) => return Err(wrong(format!("At most {MAX_CONDITIONS} constraints in a list."))),
            _ => {
                return Err(wrong(
                    "A constraint is an object like {\"status\": \"active\"}, or a list of such objects.",
                ));
            }
        };
        self.expression(model, &condition)
    }
}

impl Reader<'_> {
    fn all(&self, model: &'static Model, members: &Map<String, Value>) -> Result<Where, Problem> {
        if members.len() > MAX_CONDITIONS {
            return Err(wrong(format!("At most {MAX_CONDITIONS} conditions in a constraint.")));
        }
        let one = |(name, value): (&String, &Value)| {
            let parts: Vec<&str> = name.split("__").collect();
            self.along(model, &parts, value, 0).map_err(|problem| Problem {
                detail: format!("`{}`: {}", shown(name), problem.detail),
                ..problem
            })
        };
        Ok(Where::All(members.iter().map(one).collect::<Result<_, _>>()?))
    }

    /// What a name is at a model: one of ours, or one of the other tool's.
    fn named(&self, model: &'static Model, name: &str) -> Option<Named> {
        match name {
            "id" | "pk" => return Some(Named::Id),
            "custom_field_data" | "custom_fields" if crate::custom::place(model).is_some() => {
                return Some(Named::Custom);
            }
            _ => {}
        }
        let models = |name: &str| self.engine.registry().get(name).map(|entity| entity.model);
        let ours = |name: &str| {
            let reference = |name: &str| {
                let field = model.field(name)?;
                match field.kind {
                    FieldKind::Reference { model, .. } | FieldKind::References { model } => {
                        Some(Named::Reference(field.name, models(model)?))
                    }
                    _ => None,
                }
            };
            // `site` and `site_id` are the same reference.
            reference(name)
                .or_else(|| Column::of(model, name).map(|column| Named::Column(column.name)))
                .or_else(|| reference(name.strip_suffix("_id")?))
        };
        let other = || self.engine.inner.services.presenter().ok()?.field(model, name);
        ours(name).or_else(|| ours(other()?))
    }

    /// The condition behind the rest of a name.
    fn along(
        &self,
        model: &'static Model,
        parts: &[&str],
        value: &Value,
        steps: usize,
    ) -> Result<Where, Problem> {
        let (first, rest) = parts.split_first().ok_or_else(|| wrong("A name is expected."))?;
        let custom = first.strip_prefix("cf_").filter(|_| crate::custom::place(model).is_some());
        if let Some(name) = custom {
            return self.custom(name, rest, value);
        }
        let named = self
            .named(model, first)
            .ok_or_else(|| wrong(format!("{} have no field `{}`.", model.title_plural, shown(first))))?;
        match (named, rest) {
            (Named::Custom, [name, rest @ ..]) => self.custom(name, rest, value),
            (Named::Custom, []) => Err(wrong("Name a custom field, like `cf_name`.")),
            (Named::Column(_) | Named::Reference(..) | Named::Id, [.., "below"])
                if rest.len() == 1 && model.parent.is_some() =>
            {
                Ok(Where::Below(Box::new(self.along(model, &[*first], value, steps)?)))
            }
            (Named::Reference(field, target), [next, ..])
                if self.named(target, next).is_some() || operator(next).is_none() =>
            {
                if steps >= MAX_STEPS {
                    return Err(wrong(format!("At most {MAX_STEPS} references are followed.")));
                }
                let then = self.along(target, rest, value, steps + 1)?;
                Ok(Where::Via { field: field.to_owned(), model: None, then: Box::new(then) })
            }
            (Named::Reference(field, _), rest) => self.referring(field, rest, value),
            (Named::Id, rest) => self.identified(rest, value),
            (Named::Column(column), rest) => self.compared(column, rest, value),
        }
    }

    /// A reference compared with ids or numbers.
    fn referring(&self, field: &'static str, rest: &[&str], value: &Value) -> Result<Where, Problem> {
        if rest.is_empty() && value.is_null() {
            return Ok(Where::is(field, "isnull", "true"));
        }
        if rest == ["isnull"] {
            return self.compared(field, rest, value);
        }
        let then = self.identified(rest, value)?;
        Ok(Where::Via { field: field.to_owned(), model: None, then: Box::new(then) })
    }

    /// The record itself, by ids or numbers.
    fn identified(&self, rest: &[&str], value: &Value) -> Result<Where, Problem> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let column = if !items.is_empty() && items.iter().all(is_number) { "number" } else { "id" };
        self.compared(column, rest, value)
    }

    fn custom(&self, name: &str, rest: &[&str], value: &Value) -> Result<Where, Problem> {
        let op = match rest {
            [] if value.is_null() => return Ok(custom_test(name, "isnull", vec!["true".to_owned()])),
            [] => "eq",
            [op] => operator(op).ok_or_else(|| unknown(op))?,
            _ => return Err(wrong("A custom field is compared as a whole.")),
        };
        if !CustomTest::OPERATORS.iter().any(|known| known.as_str() == op) {
            return Err(unknown(op));
        }
        let Some(values) = self.texts(value)? else { return Ok(Where::Any(Vec::new())) };
        Ok(custom_test(name, op, values))
    }

    /// A column compared with one value or, by `in`, with several.
    fn compared(&self, column: &str, rest: &[&str], value: &Value) -> Result<Where, Problem> {
        let (op, many) = match rest {
            [] if value.is_null() => return Ok(Where::is(column, "isnull", "true")),
            [] => ("eq", false),
            ["range"] => {
                let Some([low, high]) = value.as_array().map(Vec::as_slice) else {
                    return Err(wrong("A range is a list of two values."));
                };
                let (low, high) =
                    (self.compared(column, &["gte"], low)?, self.compared(column, &["lte"], high)?);
                return Ok(Where::All(vec![low, high]));
            }
            [op] => (operator(op).ok_or_else(|| unknown(op))?, *op == "in"),
            [op, ..] => return Err(wrong(format!("`{}` is no reference to go along.", shown(op)))),
        };
        if value.is_array() != many {
            let text =
                if many { "`in` needs a list of values." } else { "Only `in` takes a list of values." };
            return Err(wrong(text));
        }
        let Some(values) = self.texts(value)? else { return Ok(Where::Any(Vec::new())) };
        Ok(Where::Is { field: column.to_owned(), op, values })
    }

    /// Values as texts; none when a value is the user and nobody asks.
    fn texts(&self, value: &Value) -> Result<Option<Vec<String>>, Problem> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        if items.len() > MAX_VALUES {
            return Err(wrong(format!("At most {MAX_VALUES} values in a condition.")));
        }
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            texts.push(match item {
                Value::String(text) if text == USER => match self.user {
                    Some(user) => user.to_string(),
                    None => return Ok(None),
                },
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => item.to_string(),
                _ => return Err(wrong("Expected is a text, a number or a truth value.")),
            });
        }
        Ok(Some(texts))
    }
}

fn custom_test(name: &str, op: &'static str, values: Vec<String>) -> Where {
    Where::Custom { name: name.chars().take(50).collect(), op, values }
}

fn unknown(op: &str) -> Problem {
    let known: Vec<&str> = Op::ALL.iter().map(|op| op.as_str()).collect();
    wrong(format!("There is no comparison `{}`. Known: {}.", shown(op), known.join(", ")))
}
