//! Import: rows of CSV, JSON or YAML become new records, or change the ones they name. All errors of all
//! rows are reported; with one error nothing is written.

use std::collections::{HashMap, HashSet};

use kit::record::{Change, Field, FieldKind, Model};
use kit::{Ctx, FieldError, Problem, RowAct};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::write::finish;
use super::{Engine, MAX_ROWS};
use crate::datum::Datum;
use crate::entity::Entity;
use crate::input::{Draft, Item, Mode, Trust, scalar};
use crate::query::Column;
use crate::row::Row;

/// What is imported.
pub(crate) enum Source<'a> {
    /// With a header line of field names.
    Csv(&'a [u8]),
    /// An array of objects, or one object.
    Json(Value),
    /// Documents, each an object or a list of such.
    Yaml(&'a [u8]),
}

/// Errors of one row, counted from 1 without the header.
type RowErrors = Vec<(usize, Vec<FieldError>)>;

impl Engine {
    /// Gives `{"created", "updated", "errors": [{"row", "errors"}]}`, and `rows` for a dry run of YAML; nothing is written when there is
    /// an error, or for a dry run. A row names an existing record by `id`, or by the unique field
    /// `matching`.
    pub(crate) async fn import(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        source: Source<'_>,
        matching: Option<&str>,
        dry_run: bool,
    ) -> Result<(Value, bool), Problem> {
        let entity = self.entity(model)?;
        let change = ctx.authorize_rows(model, RowAct::Change);
        let granted = ctx.authorize_rows(model, RowAct::Add).or(change)?;
        let key = matching.map(|name| match_field(model, name)).transpose()?;
        // What was understood of YAML is told by a look: who sent it need not read it a second way.
        let told = dry_run && matches!(source, Source::Yaml(_));
        let rows = match source {
            Source::Csv(bytes) => csv_rows(self, entity, bytes)?,
            Source::Json(body) => super::write::objects(body)?,
            Source::Yaml(bytes) => yaml_rows(self, entity, bytes)?,
        };
        let told = told.then(|| rows.clone());
        let mut tx = ctx.write(granted).await?;
        let mut errors = RowErrors::new();
        let existing = self.existing(&mut tx, entity, key, &rows, &mut errors).await?;
        let (mut creates, mut updates) = (Vec::new(), Vec::new());
        for (at, (mut input, before)) in rows.into_iter().zip(existing).enumerate() {
            if input.get("id").is_some_and(Value::is_null) || before.is_some() {
                input.remove("id");
            }
            let offered = if before.is_some() { model.operations.update } else { model.operations.create };
            if !offered {
                errors.push((
                    at,
                    vec![row_error("not_offered", "Records of this kind cannot be written this way.")],
                ));
            }
            let id = before.as_ref().map_or_else(Uuid::now_v7, |row: &Row| row.id);
            let (mode, list) =
                if before.is_some() { (Mode::Merge, &mut updates) } else { (Mode::Create, &mut creates) };
            list.push((at, Item { mode, trust: Trust::Client, id, number: None, before, input }));
        }
        if !creates.is_empty() {
            ctx.authorize_rows(model, RowAct::Add)?;
        }
        let created = self.import_part(&mut tx, entity, Change::Create, creates, &mut errors).await?;
        let updated = self.import_part(&mut tx, entity, Change::Update, updates, &mut errors).await?;
        if errors.is_empty() {
            finish(tx, dry_run).await?;
        } else {
            drop(tx);
        }
        let (mut report, good) = report(created, updated, errors);
        if let (Some(rows), Some(report)) = (told, report.as_object_mut()) {
            report.insert("rows".to_owned(), json!(rows));
        }
        Ok((report, good))
    }

    /// Checks one part; writes it when nothing was wrong so far.
    async fn import_part(
        &self,
        tx: &mut kit::WriteTx,
        entity: &Entity,
        change: Change,
        items: Vec<(usize, Item)>,
        errors: &mut RowErrors,
    ) -> Result<usize, Problem> {
        let (places, items): (Vec<usize>, Vec<Item>) = items.into_iter().unzip();
        if items.is_empty() {
            return Ok(0);
        }
        let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
        let mut drafts = self.prepare(tx, entity, items).await?;
        for (at, draft) in places.iter().zip(&mut drafts) {
            if !draft.errors.is_empty() {
                errors.push((*at, std::mem::take(&mut draft.errors)));
            }
        }
        if !errors.is_empty() {
            return Ok(0);
        }
        let touched = drafts.iter().filter(|draft: &&Draft| super::write::touched(draft)).count();
        self.store(tx, entity, drafts, change).await?;
        let act = if change == Change::Create { RowAct::Add } else { RowAct::Change };
        let place = |at: usize| format!("/{}", places.get(at).copied().unwrap_or(at));
        self.stays(tx, entity, act, &ids, &place).await?;
        Ok(touched)
    }

    /// The stored record that each row names, locked.
    async fn existing(
        &self,
        tx: &mut kit::WriteTx,
        entity: &Entity,
        key: Option<&'static Field>,
        rows: &[Map<String, Value>],
        errors: &mut RowErrors,
    ) -> Result<Vec<Option<Row>>, Problem> {
        let mut ids: Vec<Option<Uuid>> = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let id = row.get("id").filter(|id| !id.is_null());
            ids.push(match id.map(|id| scalar::decode_kind(&FieldKind::Uuid, id)) {
                Some(Ok(Datum::Uuid(id))) => Some(id),
                Some(_) => {
                    errors
                        .push((at, vec![field_error("id", "invalid", "Expected is the uuid of a record.")]));
                    None
                }
                None => None,
            });
        }
        if let Some(field) = key {
            self.match_rows(tx, entity, field, rows, &mut ids).await?;
        }
        let known: Vec<Uuid> = ids.iter().flatten().copied().collect::<HashSet<_>>().into_iter().collect();
        let mut found: HashMap<Uuid, Row> = HashMap::new();
        for row in &entity.sql.lock(tx.conn(), &known).await? {
            let row = Row::decode(entity, row)?;
            found.insert(row.id, row);
        }
        if !found.is_empty() {
            let locked: Vec<Uuid> = found.keys().copied().collect();
            let reached = self.reached(tx, entity, RowAct::Change, &locked).await?;
            found.retain(|id, _| reached.contains(id));
        }
        let mut used = HashSet::new();
        for (at, id) in ids.iter().enumerate() {
            let Some(id) = id else { continue };
            if !found.contains_key(id) {
                errors.push((
                    at,
                    vec![field_error(
                        "id",
                        "not_found",
                        "There is no such record. Leave the id out to create one.",
                    )],
                ));
            } else if !used.insert(*id) {
                errors.push((
                    at,
                    vec![field_error("id", "duplicate", "An earlier row names the same record.")],
                ));
            }
        }
        Ok(ids.into_iter().map(|id| id.and_then(|id| found.get(&id).cloned())).collect())
    }

    async fn match_rows(
        &self,
        tx: &mut kit::WriteTx,
        entity: &Entity,
        field: &'static Field,
        rows: &[Map<String, Value>],
        ids: &mut [Option<Uuid>],
    ) -> Result<(), Problem> {
        let Some(column) = Column::of(entity.model, field.name) else { return Ok(()) };
        let value = |row: &Map<String, Value>| {
            row.get(field.name)
                .and_then(|value| scalar::decode(field, value).ok())
                .filter(|value| !value.is_null())
        };
        let asked: Vec<(usize, Datum)> =
            rows.iter().enumerate().filter_map(|(at, row)| Some((at, value(row)?))).collect();
        let values: Vec<Datum> = asked.iter().map(|(_, value)| value.clone()).collect();
        if values.is_empty() {
            return Ok(());
        }
        for (id, number) in entity.sql.lookup(tx.conn(), &column, &values, None).await? {
            let place = usize::try_from(number - 1).ok().and_then(|at| asked.get(at)).map(|(at, _)| *at);
            if let Some(slot) = place.and_then(|at| ids.get_mut(at)) {
                slot.get_or_insert(id);
            }
        }
        Ok(())
    }
}

fn match_field(model: &'static Model, name: &str) -> Result<&'static Field, Problem> {
    let usable = |field: &Field| {
        field.unique && !matches!(field.kind, FieldKind::Reference { .. } | FieldKind::Boolean)
    };
    model.field(name).filter(|field| usable(field)).ok_or_else(|| {
        let known: Vec<&str> =
            model.fields.iter().filter(|field| usable(field)).map(|field| field.name).collect();
        Problem::field(
            "?match",
            "unknown_field",
            format!("Rows can be matched by unique fields only: {}.", known.join(", ")),
        )
    })
}

fn field_error(field: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { pointer: format!("/{field}"), code: code.into(), message: message.into() }
}

fn row_error(code: &'static str, message: &str) -> FieldError {
    FieldError { pointer: String::new(), code: code.into(), message: message.to_owned() }
}

fn report(created: usize, updated: usize, errors: RowErrors) -> (Value, bool) {
    let good = errors.is_empty();
    let mut by_row: Vec<(usize, Vec<FieldError>)> = Vec::new();
    let mut errors = errors;
    errors.sort_by_key(|(at, _)| *at);
    for (at, list) in errors {
        match by_row.last_mut() {
            Some((last, known)) if *last == at => known.extend(list),
            _ => by_row.push((at, list)),
        }
    }
    let errors: Vec<Value> =
        by_row.into_iter().map(|(at, errors)| json!({"row": at + 1, "errors": errors})).collect();
    let (created, updated) = if good { (created, updated) } else { (0, 0) };
    (json!({"created": created, "updated": updated, "errors": errors}), good)
}

/// Columns that exports have and only the server writes.
const KEPT: [&str; 4] = ["created_at", "updated_at", "version", "number"];

/// Documents into objects: references may be texts as in CSV, and what YAML took for a number is a text
/// again where the field is one.
fn yaml_rows(engine: &Engine, entity: &Entity, bytes: &[u8]) -> Result<Vec<Map<String, Value>>, Problem> {
    let documents = kit::yaml::documents(bytes)?.into_iter();
    let rows = documents.flat_map(|document| match document {
        Value::Array(items) => items,
        one => vec![one],
    });
    let mut rows = super::write::objects(Value::Array(rows.collect()))?;
    for row in &mut rows {
        row.retain(|name, _| {
            let field = entity.model.field(name);
            !KEPT.contains(&name.as_str()) && field.is_none_or(|field| !field.read_only)
        });
        for (name, value) in row.iter_mut() {
            if let Some(field) = entity.model.field(name) {
                yaml_json(engine, field, value);
            }
        }
    }
    Ok(rows)
}

/// A value of YAML as the JSON that validation expects.
fn yaml_json(engine: &Engine, field: &Field, value: &mut Value) {
    match (field.kind, &mut *value) {
        (
            FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Choice(_),
            Value::Number(number),
        ) => {
            *value = Value::from(number.to_string());
        }
        (FieldKind::Reference { .. } | FieldKind::Generic { .. }, Value::String(text)) => {
            *value = cell_json(engine, field, text);
        }
        (FieldKind::References { model }, Value::Array(items)) => {
            for item in items {
                if let Value::String(text) = item {
                    *item = reference_json(engine, model, text);
                }
            }
        }
        _ => {}
    }
}

/// CSV into objects: cells become JSON by the kind of their field, empty cells are left out.
fn csv_rows(engine: &Engine, entity: &Entity, bytes: &[u8]) -> Result<Vec<Map<String, Value>>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::Headers).from_reader(bytes);
    let refused = |error: csv::Error| {
        let line =
            error.position().map(|position| format!(" (line {})", position.line())).unwrap_or_default();
        let what = match error.kind() {
            csv::ErrorKind::Utf8 { .. } => "The file is not UTF-8 text",
            csv::ErrorKind::UnequalLengths { .. } => "A line has more or fewer cells than the header",
            _ => "The file is no CSV",
        };
        Problem::bad_request(format!("{what}{line}."))
    };
    let headers: Vec<String> = reader.headers().map_err(refused)?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(refused)?;
        if rows.len() == MAX_ROWS {
            return Err(Problem::bad_request(format!(
                "At most {MAX_ROWS} rows in one import. Split the file."
            )));
        }
        let mut row = Map::new();
        for (name, cell) in headers.iter().zip(record.iter()) {
            let field = entity.model.field(name);
            if KEPT.contains(&name.as_str()) || cell.is_empty() || field.is_some_and(|field| field.read_only)
            {
                continue;
            }
            let cell = super::export::unguarded(cell);
            let value = field.map_or_else(|| Value::from(cell), |field| cell_json(engine, field, cell));
            row.insert(name.clone(), value);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// A cell as the JSON that validation expects; what cannot be turned stays text and is refused there.
fn cell_json(engine: &Engine, field: &Field, cell: &str) -> Value {
    match field.kind {
        FieldKind::Integer { .. } => {
            cell.trim().parse::<i64>().map_or_else(|_| Value::from(cell), Value::from)
        }
        FieldKind::Decimal { .. } => {
            cell.trim().parse::<f64>().map_or_else(|_| Value::from(cell), Value::from)
        }
        FieldKind::IntegerList { .. } => list_items(cell)
            .iter()
            .map(|item| item.parse::<i64>().map_or_else(|_| Value::from(item.as_str()), Value::from))
            .collect(),
        FieldKind::Generic { .. } => match cell.split_once(':') {
            Some((model, id)) => json!({"type": model, "id": id}),
            None => Value::from(cell),
        },
        FieldKind::Boolean => match cell.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Value::Bool(true),
            "false" | "no" | "0" => Value::Bool(false),
            _ => Value::from(cell),
        },
        FieldKind::Json | FieldKind::Custom => {
            serde_json::from_str(cell).unwrap_or_else(|_| Value::from(cell))
        }
        FieldKind::TextList { .. } | FieldKind::PrefixList { .. } => Value::from(list_items(cell)),
        FieldKind::Reference { model, .. } => reference_json(engine, model, cell),
        FieldKind::References { model } => {
            list_items(cell).iter().map(|item| reference_json(engine, model, item)).collect()
        }
        _ => Value::from(cell),
    }
}

fn list_items(cell: &str) -> Vec<String> {
    if cell.starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<String>>(cell)
    {
        return items;
    }
    cell.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// An id, or the text that the target shows.
fn reference_json(engine: &Engine, model: &str, cell: &str) -> Value {
    let display = engine.registry().get(model).map(|target| target.model.display);
    match display {
        Some(display) if display != "id" && Uuid::try_parse(cell).is_err() => json!({display: cell}),
        _ => Value::from(cell),
    }
}
