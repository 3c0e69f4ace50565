//! How many records refer to others.

use std::collections::HashMap;

use kit::Problem;
use kit::record::{Field, FieldKind, Model};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::built::{Built, View};
use super::fetch;
use super::filter::filter;
use crate::query::FilterExpr;

/// Records that refer by a field.
pub(crate) struct Referrer {
    pub(crate) model: &'static Model,
    pub(crate) field: &'static Field,
    /// Only these count.
    pub(crate) within: Option<FilterExpr>,
}

/// How many records of each referrer refer to each of the ids, in one statement; those without any are
/// left out.
pub(crate) async fn referrals(
    conn: &mut PgConnection,
    referrers: &[Referrer],
    ids: &[Uuid],
    view: View,
) -> Result<Vec<HashMap<Uuid, i64>>, Problem> {
    let mut counts = vec![HashMap::new(); referrers.len()];
    if referrers.is_empty() || ids.is_empty() {
        return Ok(counts);
    }
    let mut built = Built::of(view);
    for (at, Referrer { model, field, within }) in referrers.iter().enumerate() {
        let name = field.name;
        let (key, unnested) = match field.kind {
            FieldKind::References { .. } => ("k.id".to_owned(), format!(", unnest(t.\"{name}\") AS k(id)")),
            FieldKind::Generic { .. } => (format!("t.\"{name}_id\""), String::new()),
            _ => (format!("t.\"{name}\""), String::new()),
        };
        let union = if at > 0 { " UNION ALL " } else { "" };
        built.push(&format!("{union}SELECT {at}, {key}, count(*) FROM "));
        built.source(model)?;
        built.push(&format!("{unnested} WHERE {key} = ANY("));
        built.bind(ids)?;
        built.push(")");
        if let Some(within) = within {
            built.push(" AND ");
            filter(&mut built, within)?;
        }
        built.push(" GROUP BY 2");
    }
    for row in fetch(built, conn).await? {
        let at: i32 = row.try_get(0)?;
        if let Some(counts) = usize::try_from(at).ok().and_then(|at| counts.get_mut(at)) {
            counts.insert(row.try_get(1)?, row.try_get(2)?);
        }
    }
    Ok(counts)
}
