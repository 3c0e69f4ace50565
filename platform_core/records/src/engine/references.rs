//! References given in a write: by id or by attribute, always checked inside the tenant.

use std::collections::{HashMap, HashSet};

use kit::Problem;
use kit::record::FieldKind;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Engine;
use crate::datum::Datum;
use crate::entity::Entity;
use crate::input::{Draft, Target};
use crate::query::Column;
use crate::row::Displays;

/// Ids found for a value of a field: one is right, none and several are errors.
type Found = HashMap<(&'static str, &'static str, String), Vec<Uuid>>;

impl Engine {
    /// Looks up every target of every draft: one statement a model and attribute, one a model for
    /// existence and texts. Foreign ids are simply not there.
    pub(super) async fn resolve(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        drafts: &mut [Draft],
        displays: &mut Displays,
    ) -> Result<(), Problem> {
        let found = self.by_attribute(conn, entity, drafts).await?;
        let mut ids: HashMap<&'static str, HashSet<Uuid>> = HashMap::new();
        for (model, target) in all_targets(entity, drafts) {
            match target {
                Target::Id(id) => {
                    ids.entry(model).or_default().insert(*id);
                }
                Target::By(field, value) => {
                    if let Some([id]) = found.get(&(model, *field, value.display())).map(Vec::as_slice) {
                        ids.entry(model).or_default().insert(*id);
                    }
                }
            }
        }
        let wanted = ids.into_iter().map(|(model, ids)| (model, ids.into_iter().collect())).collect();
        self.load_displays(conn, wanted, displays).await?;
        for draft in drafts {
            self.settle(entity, draft, &found, displays);
        }
        Ok(())
    }

    async fn by_attribute(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        drafts: &[Draft],
    ) -> Result<Found, Problem> {
        let mut asked: HashMap<(&'static str, &'static str), Vec<Datum>> = HashMap::new();
        for (model, target) in all_targets(entity, drafts) {
            if let Target::By(field, value) = target {
                let values = asked.entry((model, *field)).or_default();
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
        let mut found = Found::new();
        for ((model, field), values) in asked {
            let Some(target) = self.registry().get(model) else { continue };
            let Some(column) = Column::of(target.model, field) else { continue };
            for (id, number) in target.sql.lookup(conn, &column, &values).await? {
                let value = usize::try_from(number - 1).ok().and_then(|at| values.get(at));
                if let Some(value) = value {
                    found.entry((model, field, value.display())).or_default().push(id);
                }
            }
        }
        Ok(found)
    }

    /// Puts the ids into the cells, or says which target is not there.
    fn settle(&self, entity: &Entity, draft: &mut Draft, found: &Found, displays: &Displays) {
        for (at, model) in super::references(entity.model) {
            let Some(targets) = draft.targets.get_mut(at).and_then(Option::take) else { continue };
            let Some(field) = entity.model.fields.get(at) else { continue };
            let many = matches!(field.kind, FieldKind::References { .. });
            let title = self.registry().get(model).map_or(model, |entity| entity.model.title);
            let mut ids = Vec::with_capacity(targets.len());
            for (item, target) in targets.iter().enumerate() {
                match one(model, target, found, displays) {
                    Ok(id) if !ids.contains(&id) => ids.push(id),
                    Ok(_) => {}
                    Err((code, what)) => {
                        let place =
                            if many { format!("{}/{item}", field.name) } else { field.name.to_owned() };
                        draft.error(&place, code, format!("{what} {title}."));
                    }
                }
            }
            if let Some(cell) = draft.cells.get_mut(at) {
                *cell = if many { Datum::Uuids(ids) } else { ids.first().copied().into() };
            }
        }
    }
}

fn one(
    model: &'static str,
    target: &Target,
    found: &Found,
    displays: &Displays,
) -> Result<Uuid, (&'static str, &'static str)> {
    match target {
        Target::Id(id) => displays.get(model, *id).map(|_| *id).ok_or(("not_found", "There is no such")),
        Target::By(field, value) => match found.get(&(model, *field, value.display())).map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some(_) => Err(("ambiguous", "Several records match; use the id. Meant is a")),
            None => Err(("not_found", "There is no such")),
        },
    }
}

fn all_targets<'a>(
    entity: &'a Entity,
    drafts: &'a [Draft],
) -> impl Iterator<Item = (&'static str, &'a Target)> {
    drafts.iter().flat_map(move |draft| {
        super::references(entity.model).flat_map(move |(at, model)| {
            let targets = draft.targets.get(at).and_then(Option::as_ref);
            targets.into_iter().flatten().map(move |target| (model, target))
        })
    })
}
