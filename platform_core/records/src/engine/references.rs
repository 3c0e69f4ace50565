//! References given in a write: by id, number or attributes, always checked inside the tenant.

use std::collections::{HashMap, HashSet};

use kit::record::FieldKind;
use kit::{Problem, RowAct, WriteTx};
use uuid::Uuid;

use super::Engine;
use crate::datum::Datum;
use crate::entity::Entity;
use crate::input::{Draft, Key, Target};
use crate::query::{Column, FilterExpr, Op, Test};
use crate::row::Displays;
use crate::tag::TAG;

/// Tags of `$1` that records of the model `$2` may not carry.
const KEPT_TAGS: &str = "SELECT t.id, t.name, t.object_types FROM app.tag t \
    WHERE t.id = ANY($1) AND cardinality(t.object_types) > 0 AND NOT $2 = ANY(t.object_types)";

/// Ids found for what a target is named by: one is right, none and several are errors.
type Found = HashMap<(&'static str, String), Vec<Uuid>>;

/// One text for a key, for looking it up once.
fn spelled(key: &Key) -> String {
    match key {
        Key::Id(id) => id.to_string(),
        Key::Number(number) => format!("number={number}"),
        Key::By(values) => {
            values.iter().map(|(name, value)| format!("{name}={}\u{1f}", value.display())).collect()
        }
    }
}

impl Engine {
    /// Looks up every target of every draft: one statement a model and attribute, one a model for
    /// existence and texts. Foreign ids are simply not there.
    pub(super) async fn resolve(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        drafts: &mut [Draft],
        displays: &mut Displays,
    ) -> Result<(), Problem> {
        let targets: Vec<&Target> = all_targets(entity, drafts).collect();
        let found = self.look_up(tx, &targets, displays).await?;
        for draft in drafts.iter_mut() {
            self.settle(entity, draft, &found, displays);
        }
        self.check_tags(tx, entity, drafts).await
    }

    /// Refuses tags that are kept for records of other models.
    async fn check_tags(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        drafts: &mut [Draft],
    ) -> Result<(), Problem> {
        let tags =
            |field: &kit::Field| matches!(field.kind, FieldKind::References { model } if model == TAG.name);
        let Some(at) = entity.model.fields.iter().position(tags) else { return Ok(()) };
        let given = |draft: &Draft| match draft.cells.get(at) {
            Some(Datum::Uuids(ids)) if draft.given.contains(&"tags") => ids.clone(),
            _ => Vec::new(),
        };
        let mut ids: Vec<Uuid> = drafts.iter().flat_map(given).collect();
        if ids.is_empty() {
            return Ok(());
        }
        ids.sort_unstable();
        ids.dedup();
        let kept: Vec<(Uuid, String, Vec<String>)> =
            sqlx::query_as(KEPT_TAGS).bind(&ids).bind(entity.model.name).fetch_all(tx.conn()).await?;
        for draft in drafts.iter_mut().filter(|_| !kept.is_empty()) {
            let ids = given(draft);
            for (_, name, models) in kept.iter().filter(|(id, _, _)| ids.contains(id)) {
                let message = format!("The tag {name} is only for {}.", models.join(", "));
                draft.error("tags", "not_applicable", message);
            }
        }
        Ok(())
    }

    /// The records that targets name, in order, or why one is none.
    pub(super) async fn found_targets(
        &self,
        tx: &mut WriteTx,
        targets: &[&Target],
        displays: &mut Displays,
    ) -> Result<Vec<Result<Uuid, (&'static str, String)>>, Problem> {
        let found = self.look_up(tx, targets, displays).await?;
        let told = |target: &&Target| {
            one(target, &found, displays)
                .map_err(|(code, what)| (code, format!("{what} {}.", self.title(target.model))))
        };
        Ok(targets.iter().map(told).collect())
    }

    /// What the keys of the targets lead to; the texts of all that exist go to `displays`.
    async fn look_up(
        &self,
        tx: &mut WriteTx,
        targets: &[&Target],
        displays: &mut Displays,
    ) -> Result<Found, Problem> {
        let found = self.by_key(tx, targets).await?;
        let mut ids: HashMap<&'static str, HashSet<Uuid>> = HashMap::new();
        for target in targets {
            match &target.key {
                Key::Id(id) => {
                    ids.entry(target.model).or_default().insert(*id);
                }
                key => {
                    if let Some([id]) = found.get(&(target.model, spelled(key))).map(Vec::as_slice) {
                        ids.entry(target.model).or_default().insert(*id);
                    }
                }
            }
        }
        let wanted = ids.into_iter().map(|(model, ids)| (model, ids.into_iter().collect())).collect();
        self.load_displays(tx.conn(), wanted, displays).await?;
        Ok(found)
    }

    /// The title of a model in messages.
    fn title<'a>(&'a self, model: &'a str) -> &'a str {
        self.registry().get(model).map_or(model, |entity| entity.model.title)
    }

    /// Finds what is named by a number or by attributes: by one attribute many at a time, by several
    /// one after the other. Attributes of what the caller may not see lead nowhere: they would tell it.
    async fn by_key(&self, tx: &mut WriteTx, targets: &[&Target]) -> Result<Found, Problem> {
        let mut single: HashMap<(&'static str, &'static str), Vec<(String, Datum)>> = HashMap::new();
        let mut several: HashMap<(&'static str, String), Vec<(&'static str, Datum)>> = HashMap::new();
        for target in targets {
            let name = spelled(&target.key);
            let (field, value) = match &target.key {
                Key::Id(_) => continue,
                Key::Number(number) => ("number", Datum::Int(*number)),
                Key::By(values) => match values.as_slice() {
                    [(field, value)] => (*field, value.clone()),
                    values => {
                        several.insert((target.model, name), values.to_vec());
                        continue;
                    }
                },
            };
            let values = single.entry((target.model, field)).or_default();
            if values.iter().all(|(known, _)| *known != name) {
                values.push((name, value));
            }
        }
        let mut found = Found::new();
        for ((model, field), values) in single {
            let Some(target) = self.registry().get(model) else { continue };
            let Some(column) = Column::of(target.model, field) else { continue };
            let (names, values): (Vec<String>, Vec<Datum>) = values.into_iter().unzip();
            let within = if field == "number" { None } else { self.named_within(tx, target) };
            for (id, number) in target.sql.lookup(tx.conn(), &column, &values, within.as_ref()).await? {
                let name = usize::try_from(number - 1).ok().and_then(|at| names.get(at));
                if let Some(name) = name {
                    found.entry((model, name.clone())).or_default().push(id);
                }
            }
        }
        for ((model, name), values) in several {
            let Some(target) = self.registry().get(model) else { continue };
            let tests = values.into_iter().filter_map(|(field, value)| {
                let column = Column::of(target.model, field)?;
                Some(FilterExpr::Test(Test { column, op: Op::Eq, values: vec![value] }))
            });
            let tests = tests.chain(self.named_within(tx, target)).collect();
            let ids = target.sql.ids(tx.conn(), &FilterExpr::All(tests), 2).await?;
            found.insert((model, name), ids);
        }
        Ok(found)
    }

    /// What records must match to be named by their attributes: those whose rights are limited to some
    /// records name only what they see.
    fn named_within(&self, tx: &WriteTx, target: &Entity) -> Option<FilterExpr> {
        let ctx = tx.ctx();
        if ctx.rights().rows().is_empty() {
            return None;
        }
        let nothing = |_| Some(FilterExpr::Any(Vec::new()));
        self.within(ctx, target.model, RowAct::View).unwrap_or_else(nothing)
    }

    /// Puts the ids into the cells, or says which target is not there.
    fn settle(&self, entity: &Entity, draft: &mut Draft, found: &Found, displays: &Displays) {
        for (at, field) in super::references(entity.model) {
            let Some(targets) = draft.targets.get_mut(at).and_then(Option::take) else { continue };
            let many = matches!(field.kind, FieldKind::References { .. });
            let mut ids: Vec<(&'static str, Uuid)> = Vec::with_capacity(targets.len());
            for (item, target) in targets.iter().enumerate() {
                match one(target, found, displays) {
                    Ok(id) if ids.iter().all(|(_, known)| *known != id) => ids.push((target.model, id)),
                    Ok(_) => {}
                    Err((code, what)) => {
                        let place =
                            if many { format!("{}/{item}", field.name) } else { field.name.to_owned() };
                        draft.error(&place, code, format!("{what} {}.", self.title(target.model)));
                    }
                }
            }
            if let Some(cell) = draft.cells.get_mut(at) {
                *cell = match (field.kind, ids.first()) {
                    (FieldKind::References { .. }, _) => {
                        Datum::Uuids(ids.into_iter().map(|(_, id)| id).collect())
                    }
                    (FieldKind::Generic { .. }, Some((model, id))) => Datum::Typed(model, *id),
                    (_, first) => first.map(|(_, id)| *id).into(),
                };
            }
        }
    }
}

fn one(target: &Target, found: &Found, displays: &Displays) -> Result<Uuid, (&'static str, &'static str)> {
    match &target.key {
        Key::Id(id) => displays.get(target.model, *id).map(|_| *id).ok_or(("not_found", "There is no such")),
        key => match found.get(&(target.model, spelled(key))).map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some([_, _, ..]) => Err(("ambiguous", "Several records match; use the id. Meant is a")),
            _ => Err(("not_found", "There is no such")),
        },
    }
}

fn all_targets<'a>(entity: &'a Entity, drafts: &'a [Draft]) -> impl Iterator<Item = &'a Target> {
    drafts.iter().flat_map(move |draft| {
        super::references(entity.model)
            .flat_map(move |(at, _)| draft.targets.get(at).and_then(Option::as_ref).into_iter().flatten())
    })
}
