//! What both sides changed, and who gives way.

use kit::record::{Field, FieldKind, Model};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::store;
use crate::workflow::{Branches, expect};
use crate::{READ, WRITE};

/// Conflicts shown at most.
const SHOWN: i64 = 1_000;

/// A record about which somebody must decide.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Conflict {
    /// Model of the record.
    pub(crate) model: String,
    /// The record.
    pub(crate) id: Uuid,
    /// `changed`: the same fields on both sides. `deleted`: gone on the main line. `changed-deleted`: deleted
    /// here, changed there. `no-room`: another record has a value that must be unique.
    pub(crate) code: String,
    /// The fields, for `changed`.
    pub(crate) fields: Vec<String>,
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Model of the record.
    model: String,
    /// The record.
    id: Uuid,
    /// Only these fields; all when absent.
    fields: Option<Vec<String>>,
    /// Whose side stays.
    take: Side,
}

/// Whose side stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// The branch's.
    Mine,
    /// The main line's.
    Theirs,
}

/// Columns of a field.
fn columns(field: &Field) -> Vec<String> {
    match field.kind {
        FieldKind::Generic { .. } => field.generic_columns().map(str::to_owned).into(),
        _ => vec![field.name.to_owned()],
    }
}

/// Names of the fields in whose columns something is different.
fn fields(model: &Model, changed: &[String]) -> Vec<String> {
    let concerned =
        model.fields.iter().filter(|field| columns(field).iter().any(|column| changed.contains(column)));
    concerned.map(|field| field.name.to_owned()).collect()
}

impl Branches {
    fn model_at(&self, table: &str) -> Option<&'static Model> {
        self.inner.engine.models().find(|model| model.table == table)
    }

    /// Everything about which somebody must decide before the branch can be merged.
    pub(crate) async fn conflicts(&self, ctx: &Ctx, branch: Uuid) -> Result<Vec<Conflict>, Problem> {
        let ctx = ctx.on_main();
        // It is tried in a transaction that is never committed.
        let mut tx = ctx.write(ctx.authorize(READ)?).await?;
        expect(&store::locked(&mut tx, branch).await?, &["open", "review", "merging"])?;
        let mut found = Vec::new();
        for (table, id, code, changed) in store::conflicts(&mut tx, branch, SHOWN).await? {
            let Some(model) = self.model_at(&table) else { continue };
            let fields = fields(model, &changed.unwrap_or_default());
            found.push(Conflict { model: model.name.to_owned(), id, code, fields });
        }
        for (table, id) in store::without_room(&mut tx, branch, SHOWN).await? {
            let Some(model) = self.model_at(&table) else { continue };
            let code = "no-room".to_owned();
            found.push(Conflict { model: model.name.to_owned(), id, code, fields: Vec::new() });
        }
        Ok(found)
    }

    /// Decides about one record.
    pub(crate) async fn decide(&self, ctx: &Ctx, branch: Uuid, decision: Decision) -> Result<(), Problem> {
        let ctx = ctx.on_main();
        let model = self.inner.engine.models().find(|model| model.name == decision.model);
        let unknown = || Problem::field("/model", "unknown", "There is no such type of records.");
        let model = model.ok_or_else(unknown)?;
        let columns = decision.fields.map(|names| named(model, &names)).transpose()?;
        let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
        expect(&store::locked(&mut tx, branch).await?, &["open"])?;
        let mine = decision.take == Side::Mine;
        let place = (model.table, decision.id);
        if !store::resolve(&mut tx, branch, place, mine, columns).await? {
            return Err(Problem::conflict(
                "nothing-to-decide",
                "This branch has nothing to decide about this record. A record that it makes gives way by take = theirs; \
                 or change one of the two records whose values are the same.",
            ));
        }
        tx.commit().await
    }
}

/// Columns of the fields named.
fn named(model: &Model, names: &[String]) -> Result<Vec<String>, Problem> {
    let mut all = Vec::new();
    for name in names {
        let field = model.field(name).ok_or_else(|| {
            Problem::field(
                "/fields",
                "unknown",
                format!("{} has no field of one of these names.", model.title),
            )
        })?;
        all.extend(columns(field));
    }
    Ok(all)
}
