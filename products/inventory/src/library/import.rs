//! Documents become records, all or none. Manufacturers are made when they are missing; types that exist
//! are left as they are, or brought up to the document: what it does not name stays.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::http::StatusCode;
use kit::permission::Act;
use kit::record::Record;
use kit::records::{Ask, Where, Write};
use kit::{Ctx, FieldError, Model, Permission, Problem, Records, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::form::{self, Document, Part};
use super::{FRONT, Kind, MANUFACTURER, MAPPING, REAR, SECTIONS};
use crate::reading::{id_of, reference, text};

/// Types in one request.
const MAX_TYPES: usize = 1_000;
/// Values of one condition, records of one write.
const MAX_VALUES: usize = 5_000;
/// Errors in one answer.
const MAX_ERRORS: usize = 1_000;

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) kind: Kind,
    /// Bring existing types up to the documents?
    pub(crate) update: bool,
    /// Write nothing?
    pub(crate) preview: bool,
}

/// Where a record comes from: document and pointer into it.
type Place = (usize, String);

/// A record to be written.
struct Item {
    place: Place,
    write: Write,
}

/// Errors by document.
#[derive(Default)]
struct Errors(BTreeMap<usize, Vec<FieldError>>);

impl Errors {
    fn add(&mut self, document: usize, errors: impl IntoIterator<Item = FieldError>) {
        let left = MAX_ERRORS.saturating_sub(self.0.values().map(Vec::len).sum());
        self.0.entry(document).or_default().extend(errors.into_iter().take(left));
    }
}

/// What became of a document.
struct Outcome {
    result: &'static str,
    id: Option<Uuid>,
    parts: usize,
}

struct Import<'a> {
    records: &'a dyn Records,
    tx: WriteTx,
    order: Order,
    errors: Errors,
    /// Manufacturers by name.
    makers: HashMap<String, Uuid>,
    made_makers: usize,
}

/// Imports documents: the report, and whether there was no error.
///
/// # Errors
/// 403 without the right to write one of the kinds that the documents hold, 400 for too many.
pub(crate) async fn import(
    records: &dyn Records,
    ctx: &Ctx,
    order: Order,
    values: Vec<Value>,
) -> Result<(Value, bool), Problem> {
    if values.is_empty() || values.len() > MAX_TYPES {
        let count = values.len();
        return Err(Problem::bad_request(format!(
            "Send 1 to {MAX_TYPES} documents at once; these are {count}."
        )));
    }
    let mut errors = Errors::default();
    let mut documents: Vec<Option<Document>> = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        let models = |name: &str| records.model(name);
        documents.push(match form::read(order.kind, &models, value) {
            Ok(document) => Some(document),
            Err(wrong) => {
                errors.add(at, wrong);
                None
            }
        });
    }
    twice(order.kind, &documents, &mut errors);
    let granted = ctx.authorize(may_write(records, order.kind.model)?)?;
    for model in used(&documents) {
        ctx.authorize(may_write(records, model)?)?;
    }
    let mut tx = ctx.write(granted).await?;
    tx.because("Imported from documents of types");
    let mut import = Import { records, tx, order, errors, makers: HashMap::new(), made_makers: 0 };
    import.find_makers(ctx, &documents).await?;
    let outcomes = import.types(&documents).await?;
    let good = import.errors.0.is_empty();
    let report = report(&import, &documents, &outcomes);
    if good && !order.preview {
        import.tx.commit().await?;
    }
    Ok((report, good))
}

fn may_write(records: &dyn Records, model: &str) -> Result<Permission, Problem> {
    Ok(Permission::new(known(records, model)?.permission, Act::Write))
}

fn known(records: &dyn Records, model: &str) -> Result<&'static Model, Problem> {
    records.model(model).ok_or_else(|| Problem::internal(format!("no model {model}")))
}

/// The models of the parts, and of the joins of ports.
fn used(documents: &[Option<Document>]) -> Vec<&'static str> {
    let parts = || documents.iter().flatten().flat_map(|document| &document.parts);
    let mut used: Vec<&'static str> = SECTIONS
        .iter()
        .map(|(_, model)| *model)
        .filter(|model| parts().any(|part| part.model == *model))
        .collect();
    if parts().any(|part| !part.joins.is_empty()) {
        used.push(MAPPING);
    }
    used
}

/// The type that a document means, among those of the request and those that exist.
fn key_of(kind: Kind, maker: &str, fields: &Record) -> (String, String) {
    (maker.to_owned(), text(fields, kind.key).to_owned())
}

fn twice(kind: Kind, documents: &[Option<Document>], errors: &mut Errors) {
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    for (at, document) in documents.iter().enumerate() {
        let Some(document) = document else { continue };
        if let Some(first) = seen.insert(key_of(kind, &document.manufacturer, &document.fields), at) {
            let message = format!("Document {} is of the same type.", first + 1);
            errors.add(
                at,
                [FieldError { pointer: format!("/{}", kind.key), code: "duplicate".into(), message }],
            );
        }
    }
}

/// The name in an address: small letters and digits, everything else a `-`.
fn slug(name: &str) -> String {
    let letters = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>();
    letters.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn named(field: &str, values: Vec<String>) -> Where {
    Where::Is { field: field.to_owned(), op: "eq", values }
}

impl Import<'_> {
    /// All manufacturers that the documents name: found by name or slug, or made.
    async fn find_makers(&mut self, ctx: &Ctx, documents: &[Option<Document>]) -> Result<(), Problem> {
        let mut names: BTreeMap<String, Place> = BTreeMap::new();
        for (at, document) in documents.iter().enumerate() {
            let Some(document) = document else { continue };
            names.entry(document.manufacturer.clone()).or_insert((at, "/manufacturer".to_owned()));
            for part in &document.parts {
                if let Some(name) = part.fields.get("manufacturer").and_then(Value::as_str) {
                    names.entry(name.to_owned()).or_insert((at, format!("{}/manufacturer", part.pointer)));
                }
            }
        }
        if names.is_empty() {
            return Ok(());
        }
        let model = known(self.records, MANUFACTURER)?;
        let all: Vec<String> = names.keys().cloned().collect();
        let slugs: Vec<String> = all.iter().map(|name| slug(name)).collect();
        let filter = Where::Any(vec![named("name", all), named("slug", slugs)]);
        let found =
            self.records.find_in(&mut self.tx, model, &Ask { filter, ..Ask::default() }).await?.records;
        let mut missing = Vec::new();
        for (name, place) in names {
            let same = |maker: &&Record| text(maker, "name") == name;
            let alike = |maker: &&Record| text(maker, "slug") == slug(&name);
            let maker = found.iter().find(same).or_else(|| found.iter().find(alike));
            match maker.and_then(id_of) {
                Some(id) => {
                    self.makers.insert(name, id);
                }
                None => missing.push((name, place)),
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        ctx.authorize(Permission::new(model.permission, Act::Write))?;
        let mut items = Vec::with_capacity(missing.len());
        for (name, place) in &missing {
            let fields = object(json!({"name": name, "slug": slug(name)}));
            items.push(Item { place: place.clone(), write: Write::Create(fields) });
        }
        let made = self.write(MANUFACTURER, items).await?;
        for ((name, _), id) in missing.into_iter().zip(made) {
            if let Some(id) = id {
                self.makers.insert(name, id);
                self.made_makers += 1;
            }
        }
        Ok(())
    }

    /// Types with their parts.
    async fn types(&mut self, documents: &[Option<Document>]) -> Result<Vec<Outcome>, Problem> {
        let existing = self.existing(documents).await?;
        let mut outcomes: Vec<Outcome> =
            documents.iter().map(|_| Outcome { result: "refused", id: None, parts: 0 }).collect();
        let (mut creates, mut changes) = (Vec::new(), Vec::new());
        for ((at, document), outcome) in documents.iter().enumerate().zip(&mut outcomes) {
            let Some(document) = document else { continue };
            let Some(maker) = self.makers.get(&document.manufacturer) else { continue };
            let mut fields = document.fields.clone();
            fields.insert("manufacturer".to_owned(), json!(maker));
            let place = (at, String::new());
            match existing.get(&(*maker, text(&document.fields, self.order.kind.key).to_owned())) {
                Some(id) if self.order.update => {
                    outcome.result = "updated";
                    outcome.id = Some(*id);
                    let write = Write::Change { id: *id, expect: None, fields, replace: false };
                    changes.push(Item { place, write });
                }
                Some(id) => {
                    outcome.result = "skipped";
                    outcome.id = Some(*id);
                }
                None => {
                    outcome.result = "created";
                    creates.push(Item { place, write: Write::Create(fields) });
                }
            }
        }
        let places: Vec<usize> = creates.iter().map(|item| item.place.0).collect();
        self.write(self.order.kind.model, changes).await?;
        let made = self.write(self.order.kind.model, creates).await?;
        for (at, id) in places.into_iter().zip(made) {
            if let Some(outcome) = outcomes.get_mut(at) {
                outcome.id = id;
            }
        }
        if let Some(owner) = self.order.kind.owner {
            self.parts(owner, documents, &mut outcomes).await?;
        }
        Ok(outcomes)
    }

    /// The types that exist, by manufacturer and key.
    async fn existing(
        &mut self,
        documents: &[Option<Document>],
    ) -> Result<HashMap<(Uuid, String), Uuid>, Problem> {
        let kind = self.order.kind;
        let keys: Vec<String> =
            documents.iter().flatten().map(|document| text(&document.fields, kind.key).to_owned()).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let model = known(self.records, kind.model)?;
        let found = self.all(model, named(kind.key, keys)).await?;
        let entry = |record: &Record| {
            Some(((reference(record, "manufacturer")?, text(record, kind.key).to_owned()), id_of(record)?))
        };
        Ok(found.iter().filter_map(entry).collect())
    }

    /// Every record that matches, page by page.
    async fn all(&mut self, model: &'static Model, filter: Where) -> Result<Vec<Record>, Problem> {
        let mut ask = Ask { filter, sort: Some("number".to_owned()), ..Ask::default() };
        let mut all = Vec::new();
        loop {
            let page = self.records.find_in(&mut self.tx, model, &ask).await?.records;
            let full = page.len() as u64 == u64::from(ask.limit);
            all.extend(page);
            if !full {
                return Ok(all);
            }
            ask.offset += u64::from(ask.limit);
        }
    }

    /// The parts of all types, one kind after the other.
    async fn parts(
        &mut self,
        owner: &'static str,
        documents: &[Option<Document>],
        outcomes: &mut [Outcome],
    ) -> Result<(), Problem> {
        // Parts by document, model and name.
        let mut ids: HashMap<(usize, &str, String), Uuid> = HashMap::new();
        let models: Vec<&'static str> =
            used(documents).into_iter().filter(|model| *model != MAPPING).collect();
        for model in models {
            let of_model = |part: &&Part| part.model == model;
            let mut wanted: Vec<(usize, Uuid, &Part)> = Vec::new();
            for (at, (document, outcome)) in documents.iter().zip(&*outcomes).enumerate() {
                let (Some(document), Some(id)) = (document, outcome.id) else { continue };
                if outcome.result != "skipped" {
                    wanted.extend(document.parts.iter().filter(of_model).map(|part| (at, id, part)));
                }
            }
            let there = self.there(owner, model, &wanted).await?;
            let (mut creates, mut changes) = (Vec::new(), Vec::new());
            let mut new = Vec::new();
            for (at, id, part) in &wanted {
                let (at, place) = (*at, (*at, part.pointer.clone()));
                let fields = self.fields((at, owner, *id), part, &ids);
                if let Some(part_id) = there.get(&(*id, part.name.clone())) {
                    ids.insert((at, model, part.name.clone()), *part_id);
                    changes.push(Item {
                        place,
                        write: Write::Change { id: *part_id, expect: None, fields, replace: false },
                    });
                } else {
                    new.push((at, part.name.clone()));
                    creates.push(Item { place, write: Write::Create(fields) });
                }
            }
            self.write(model, changes).await?;
            let made = self.write(model, creates).await?;
            for ((at, name), id) in new.into_iter().zip(made) {
                let Some(id) = id else { continue };
                ids.insert((at, model, name), id);
                if let Some(outcome) = outcomes.get_mut(at) {
                    outcome.parts += 1;
                }
            }
            self.own_kind(model, &wanted, &ids).await?;
        }
        self.joins(documents, &ids).await
    }

    /// Parts that the types have already, by type and name.
    async fn there(
        &mut self,
        owner: &str,
        model: &str,
        wanted: &[(usize, Uuid, &Part)],
    ) -> Result<HashMap<(Uuid, String), Uuid>, Problem> {
        if !self.order.update || wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let types: BTreeSet<String> = wanted.iter().map(|(_, id, _)| id.to_string()).collect();
        let model = known(self.records, model)?;
        let found = self.all(model, named(owner, types.into_iter().collect())).await?;
        let entry = |record: &Record| {
            Some(((reference(record, owner)?, text(record, "name").to_owned()), id_of(record)?))
        };
        Ok(found.iter().filter_map(entry).collect())
    }

    /// The record of a part. What it names of its own kind follows when all of them are there.
    fn fields(
        &self,
        (at, owner, id): (usize, &str, Uuid),
        part: &Part,
        ids: &HashMap<(usize, &str, String), Uuid>,
    ) -> Record {
        let mut fields = part.fields.clone();
        fields.insert(owner.to_owned(), json!(id));
        if let Some(name) = fields.get("manufacturer").and_then(Value::as_str) {
            let maker = self.makers.get(name).copied();
            fields.insert("manufacturer".to_owned(), json!(maker));
        }
        for (field, model, name) in part.named.iter().filter(|(_, model, _)| *model != part.model) {
            fields.insert((*field).to_owned(), json!(ids.get(&(at, *model, name.clone()))));
        }
        fields
    }

    /// References of parts to others of their kind: bridges, parents.
    async fn own_kind(
        &mut self,
        model: &'static str,
        wanted: &[(usize, Uuid, &Part)],
        ids: &HashMap<(usize, &str, String), Uuid>,
    ) -> Result<(), Problem> {
        let mut items = Vec::new();
        for (at, _, part) in wanted {
            let Some(id) = ids.get(&(*at, model, part.name.clone())) else { continue };
            let mut fields = Map::new();
            for (field, _, name) in part.named.iter().filter(|(_, target, _)| *target == model) {
                fields.insert((*field).to_owned(), json!(ids.get(&(*at, model, name.clone()))));
            }
            if !fields.is_empty() {
                let write = Write::Change { id: *id, expect: None, fields, replace: false };
                items.push(Item { place: (*at, part.pointer.clone()), write });
            }
        }
        self.write(model, items).await.map(drop)
    }

    /// Joins of front and rear ports; those that exist stay.
    async fn joins(
        &mut self,
        documents: &[Option<Document>],
        ids: &HashMap<(usize, &str, String), Uuid>,
    ) -> Result<(), Problem> {
        let fronts: Vec<String> =
            ids.iter().filter(|((_, model, _), _)| *model == FRONT).map(|(_, id)| id.to_string()).collect();
        if fronts.is_empty() {
            return Ok(());
        }
        let mapping = known(self.records, MAPPING)?;
        let mut joined = Vec::new();
        for fronts in fronts.chunks(MAX_VALUES) {
            joined.extend(self.all(mapping, named("front_port", fronts.to_vec())).await?);
        }
        let position = |record: &Record| record.get("front_position").and_then(Value::as_i64);
        let joined: BTreeSet<(Option<Uuid>, Option<i64>)> =
            joined.iter().map(|record| (reference(record, "front_port"), position(record))).collect();
        let mut items = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            for part in document.iter().flat_map(|document| &document.parts) {
                let Some(front) = ids.get(&(at, FRONT, part.name.clone())).filter(|_| part.model == FRONT)
                else {
                    continue;
                };
                for join in &part.joins {
                    let Some(rear) = ids.get(&(at, REAR, join.rear.clone())) else { continue };
                    if joined.contains(&(Some(*front), Some(join.position))) {
                        continue;
                    }
                    let fields = object(json!({
                        "front_port": front, "front_position": join.position,
                        "rear_port": rear, "rear_position": join.rear_position,
                    }));
                    items.push(Item { place: (at, part.pointer.clone()), write: Write::Create(fields) });
                }
            }
        }
        self.write(MAPPING, items).await.map(drop)
    }

    /// Writes records; the ids in order, none of those that were refused. When some are, the others are
    /// tried without them, so that what is wrong with what hangs on them is told too: nothing of it stays.
    async fn write(&mut self, model: &str, items: Vec<Item>) -> Result<Vec<Option<Uuid>>, Problem> {
        let mut ids = Vec::with_capacity(items.len());
        let mut rest = items.into_iter();
        loop {
            let part: Vec<Item> = rest.by_ref().take(MAX_VALUES).collect();
            if part.is_empty() {
                return Ok(ids);
            }
            ids.extend(self.write_part(model, part).await?);
        }
    }

    async fn write_part(&mut self, model: &str, items: Vec<Item>) -> Result<Vec<Option<Uuid>>, Problem> {
        let mut ids: Vec<Option<Uuid>> = vec![None; items.len()];
        let model = known(self.records, model)?;
        let mut left: Vec<usize> = (0..items.len()).collect();
        loop {
            let writes = left.iter().filter_map(|at| items.get(*at)).map(|item| item.write.clone()).collect();
            let problem = match self.records.write_in(&mut self.tx, model, writes).await {
                Ok(records) => {
                    for (at, record) in left.iter().zip(&records) {
                        if let Some(slot) = ids.get_mut(*at) {
                            *slot = id_of(record);
                        }
                    }
                    return Ok(ids);
                }
                Err(problem) => problem,
            };
            if problem.status != StatusCode::UNPROCESSABLE_ENTITY || problem.errors.is_empty() {
                return Err(problem);
            }
            let mut wrong = Vec::new();
            for error in &problem.errors {
                let (place, rest) = placed(&error.pointer);
                let Some(at) = place.and_then(|place| left.get(place)).copied() else { continue };
                wrong.push(at);
                if let Some(item) = items.get(at) {
                    let (document, prefix) = &item.place;
                    let pointer = format!("{prefix}{rest}");
                    self.errors.add(*document, [FieldError { pointer, ..error.clone() }]);
                }
            }
            if wrong.is_empty() {
                return Err(problem);
            }
            left.retain(|at| !wrong.contains(at));
            if left.is_empty() {
                return Ok(ids);
            }
        }
    }
}

/// Position and rest of `/3/name`.
fn placed(pointer: &str) -> (Option<usize>, String) {
    let mut parts = pointer.splitn(3, '/').skip(1);
    let place = parts.next().and_then(|place| place.parse().ok());
    (place, parts.next().map(|rest| format!("/{rest}")).unwrap_or_default())
}

fn object(value: Value) -> Record {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

fn report(import: &Import<'_>, documents: &[Option<Document>], outcomes: &[Outcome]) -> Value {
    let good = import.errors.0.is_empty();
    let count = |result: &str| {
        if good { outcomes.iter().filter(|outcome| outcome.result == result).count() } else { 0 }
    };
    let lines = documents.iter().zip(outcomes).enumerate().map(|(at, (document, outcome))| {
        let field = |name: &str| document.as_ref().and_then(|document| document.fields.get(name)).cloned();
        let wrong = import.errors.0.contains_key(&at);
        json!({
            "document": at + 1,
            "manufacturer": document.as_ref().map(|document| &document.manufacturer),
            "model": field("model"),
            "result": if wrong { "refused" } else { outcome.result },
            "id": outcome.id.filter(|_| good && !import.order.preview),
            "components": outcome.parts,
            "notes": document.as_ref().map(|document| document.notes.clone()).unwrap_or_default(),
        })
    });
    let errors = import.errors.0.iter().map(|(at, errors)| json!({"document": at + 1, "errors": errors}));
    json!({
        "created": count("created"),
        "updated": count("updated"),
        "skipped": count("skipped"),
        "manufacturers": if good { import.made_makers } else { 0 },
        "components": if good { outcomes.iter().map(|outcome| outcome.parts).sum::<usize>() } else { 0 },
        "preview": import.order.preview,
        "documents": lines.collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
    })
}
