//! SQL about the values of custom fields. Names of custom fields come from outside: they are bound.

use kit::Problem;
use kit::record::Model;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::built::Built;
use super::{fetch, table};
use crate::query::{CustomTest, Op};

/// Gives every record of the model the field.
pub(crate) async fn add(
    conn: &mut PgConnection,
    model: &Model,
    name: &str,
    default: &Value,
) -> Result<(), Problem> {
    let mut built = Built::default();
    built.push(&format!("UPDATE {} SET custom_fields = custom_fields || jsonb_build_object(", table(model)));
    built.bind(name.to_owned())?;
    built.push("::text, ");
    built.bind(Json(default.clone()))?;
    built.push(") WHERE NOT (custom_fields ? $1)");
    fetch(built, conn).await?;
    Ok(())
}

/// Takes the field and its values from every record of the model.
pub(crate) async fn take(conn: &mut PgConnection, model: &Model, name: &str) -> Result<(), Problem> {
    let mut built = Built::default();
    built.push(&format!("UPDATE {} SET custom_fields = custom_fields - ", table(model)));
    built.bind(name.to_owned())?;
    built.push("::text WHERE custom_fields ? $1");
    fetch(built, conn).await?;
    Ok(())
}

/// Gives the values of every record of the model another name.
pub(crate) async fn rename(
    conn: &mut PgConnection,
    model: &Model,
    old: &str,
    new: &str,
) -> Result<(), Problem> {
    let mut built = Built::default();
    built.push(&format!("UPDATE {} SET custom_fields = (custom_fields - ", table(model)));
    built.bind(old.to_owned())?;
    built.push("::text) || jsonb_build_object(");
    built.bind(new.to_owned())?;
    built.push("::text, custom_fields -> $1) WHERE custom_fields ? $1");
    fetch(built, conn).await?;
    Ok(())
}

/// One of the choices that a record of the model has.
pub(crate) async fn used_choice(
    conn: &mut PgConnection,
    model: &Model,
    name: &str,
    choices: &[String],
) -> Result<Option<String>, Problem> {
    let mut built = Built::default();
    built.push("SELECT v.value FROM unnest(");
    built.bind(choices.to_vec())?;
    built.push(&format!(
        ") AS v(value) WHERE EXISTS (SELECT FROM {} t WHERE t.custom_fields -> ",
        table(model)
    ));
    built.bind(name.to_owned())?;
    built.push(" @> to_jsonb(v.value)) LIMIT 1");
    let rows = fetch(built, conn).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// Until the transaction ends nobody else takes values of this field: two records written at once cannot
/// have the same.
const LOCK: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended(app.tenant_id()::text || $1 || '.' || $2, 0))";

/// Which of the values, counted from one, other records of the model have.
pub(crate) async fn taken(
    conn: &mut PgConnection,
    model: &Model,
    name: &str,
    (values, owners): (&[Value], &[Uuid]),
) -> Result<Vec<i64>, Problem> {
    sqlx::query(LOCK).bind(model.name).bind(name).execute(&mut *conn).await?;
    let mut built = Built::default();
    built.push("SELECT v.n FROM unnest(");
    built.bind(values.iter().cloned().map(Json).collect::<Vec<_>>())?;
    built.push(", ");
    built.bind(owners.to_vec())?;
    built.push(&format!(
        ") WITH ORDINALITY AS v(value, id, n) WHERE EXISTS (SELECT FROM {} t WHERE t.custom_fields -> ",
        table(model)
    ));
    built.bind(name.to_owned())?;
    built.push(" = v.value AND t.id <> v.id)");
    let rows = fetch(built, conn).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// The value as text.
fn text(built: &mut Built, name: &str) -> Result<(), Problem> {
    built.push("(t.custom_fields ->> ");
    built.bind(name.to_owned())?;
    built.push(")");
    Ok(())
}

/// A condition on the value of a custom field.
pub(super) fn condition(built: &mut Built, test: &CustomTest) -> Result<(), Problem> {
    let first = test.values.first().map(String::as_str).unwrap_or_default();
    match test.op {
        Op::Eq | Op::In => any(built, test),
        Op::Ne => {
            built.push("NOT coalesce(");
            any(built, test)?;
            built.push(", false)");
            Ok(())
        }
        Op::IsNull => {
            built.push(if first == "true" { "" } else { "NOT " });
            built.push("coalesce(nullif(");
            text(built, &test.name)?;
            built.push(", '[]'), '') = ''");
            Ok(())
        }
        Op::Lt | Op::Lte | Op::Gt | Op::Gte => ordered(built, test, first),
        Op::Regex | Op::IRegex => {
            text(built, &test.name)?;
            built.push(if test.op == Op::Regex { " ~ " } else { " ~* " });
            built.bind(first.to_owned())
        }
        op => textual(built, &test.name, op, first),
    }
}

/// Equal to one of the values, or a list that has one of them, or a reference to one of these records.
fn any(built: &mut Built, test: &CustomTest) -> Result<(), Problem> {
    built.push("(false");
    for value in &test.values {
        built.push(" OR ");
        text(built, &test.name)?;
        built.push(" = ");
        built.bind(value.clone())?;
        built.push(" OR t.custom_fields -> ");
        built.bind(test.name.clone())?;
        built.push(" @> to_jsonb(");
        built.bind(value.clone())?;
        built.push("::text)");
        if Uuid::try_parse(value).is_ok() {
            built.push(" OR strpos(");
            text(built, &test.name)?;
            built.push(", ");
            built.bind(value.to_ascii_lowercase())?;
            built.push(") > 0");
        }
    }
    built.push(")");
    Ok(())
}

/// Numbers by their size, everything else by its letters: dates and times of one zone come in order.
fn ordered(built: &mut Built, test: &CustomTest, value: &str) -> Result<(), Problem> {
    let operator = match test.op {
        Op::Lt => " < ",
        Op::Lte => " <= ",
        Op::Gt => " > ",
        _ => " >= ",
    };
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
    built.push("(CASE WHEN jsonb_typeof(t.custom_fields -> ");
    built.bind(test.name.clone())?;
    built.push(if number.is_some() { ") = 'number' THEN " } else { ") = 'string' THEN " });
    text(built, &test.name)?;
    built.push(if number.is_some() { "::double precision END" } else { " COLLATE \"C\" END" });
    built.push(operator);
    match number {
        Some(number) => built.bind(number)?,
        None => built.bind(value.to_owned())?,
    }
    built.push(")");
    Ok(())
}

/// Parts of a text, in whatever case.
fn textual(built: &mut Built, name: &str, op: Op, value: &str) -> Result<(), Problem> {
    let value = value.to_lowercase();
    let length = i32::try_from(value.chars().count()).unwrap_or(i32::MAX);
    built.push(match op {
        Op::Contains => "strpos(",
        Op::EndsWith => "right(",
        _ => "(",
    });
    built.push("lower(");
    text(built, name)?;
    built.push(" COLLATE \"und-x-icu\") COLLATE \"C\"");
    match op {
        Op::Contains => {
            built.push(", ");
            built.bind(value)?;
            built.push(") > 0");
        }
        Op::StartsWith => {
            built.push(") ^@ ");
            built.bind(value)?;
        }
        Op::EndsWith => {
            built.push(", ");
            built.bind(length)?;
            built.push(") = ");
            built.bind(value)?;
        }
        _ => {
            built.push(") = ");
            built.bind(value)?;
        }
    }
    Ok(())
}
