//! Export: everything that matches, page by page, each in its own short transaction, so that a slow
//! reader holds neither a connection nor memory.

use bytes::Bytes;
use futures::Stream;
use futures::stream::try_unfold;
use kit::record::{Field, FieldKind, Model};
use kit::{Ctx, Problem};
use serde_json::Value;

use super::Engine;
use super::read::Found;
use crate::datum::{Datum, list_text, time_text};
use crate::entity::Entity;
use crate::query::{Format, MAX_LIMIT, Query};
use crate::row::{Lens, Row};

enum Step {
    First,
    After(Vec<Datum>),
    End,
}

struct State {
    engine: Engine,
    ctx: Ctx,
    model: &'static Model,
    query: Query,
    step: Step,
}

impl Engine {
    /// The pieces of the export. The first page is read when the stream is first asked.
    ///
    /// # Errors
    /// 403 without the right to read.
    pub(crate) fn export(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        query: Query,
    ) -> Result<impl Stream<Item = Result<Bytes, Problem>> + Send + use<>, Problem> {
        let query = self.seen(ctx, model, query.limit(MAX_LIMIT))?;
        let state = State { engine: self.clone(), ctx: ctx.clone(), model, query, step: Step::First };
        Ok(try_unfold(state, piece))
    }
}

/// The sort values of a row, to go on behind it.
fn position(query: &Query, entity: &Entity, row: &Row) -> Vec<Datum> {
    query.sort.iter().map(|key| crate::query::sort_value(entity, row, key.column.name)).collect()
}

async fn piece(mut state: State) -> Result<Option<(Bytes, State)>, Problem> {
    let (first, after) = match std::mem::replace(&mut state.step, Step::End) {
        Step::End => return Ok(None),
        Step::First => (true, None),
        Step::After(values) => (false, Some(values)),
    };
    let entity = state.engine.entity(state.model)?;
    let mut tx = state.ctx.look().await?;
    let query = state.query.seen_by(&tx)?;
    let found = state.engine.page(tx.conn(), entity, &query, after.as_deref()).await?;
    drop(tx);
    let mut body = Vec::with_capacity(found.items.len() * 256 + 64);
    match state.query.format {
        Format::Csv => write_csv(&state.engine, entity, &state.query, &found, first, &mut body)?,
        Format::Ndjson => {
            state.engine.write_items(entity, &state.query, &found, &mut body, b"\n")?;
            if !found.items.is_empty() {
                body.push(b'\n');
            }
        }
        Format::Yaml => write_yaml(&state.engine, entity, &state.query, &found, &mut body)?,
        Format::Json | Format::Page => {
            body.extend_from_slice(if first { b"[" } else { b"," });
            state.engine.write_items(entity, &state.query, &found, &mut body, b",")?;
            if !found.more {
                body.push(b']');
            }
        }
    }
    if let Some(last) = found.items.last().filter(|_| found.more) {
        state.step = Step::After(position(&state.query, entity, last));
    }
    Ok(Some((Bytes::from(body), state)))
}

fn write_csv(
    engine: &Engine,
    entity: &Entity,
    query: &Query,
    found: &Found,
    header: bool,
    body: &mut Vec<u8>,
) -> Result<(), Problem> {
    let shown = |name: &str| query.fields.as_ref().is_none_or(|fields| fields.contains(&name));
    let fields: Vec<(usize, &'static Field)> = entity
        .model
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| shown(field.name) && !crate::sql::is_secret(&field.kind))
        .collect();
    let mut writer = csv::Writer::from_writer(body);
    if header {
        let names = fields.iter().map(|(_, field)| field.name);
        writer
            .write_record(std::iter::once("id").chain(names).chain(["created_at", "updated_at", "version"]))
            .map_err(Problem::internal)?;
    }
    for row in &found.items {
        writer.write_field(row.id.to_string()).map_err(Problem::internal)?;
        for (at, field) in &fields {
            let cell = row.cells.get(*at).unwrap_or(&Datum::Null);
            writer
                .write_field(guarded(cell, cell_text((engine, entity), field, cell, found)))
                .map_err(Problem::internal)?;
        }
        let rest = [time_text(&row.created_at), time_text(&row.updated_at), row.version.to_string()];
        for text in rest {
            writer.write_field(text).map_err(Problem::internal)?;
        }
        writer.write_record(None::<&[u8]>).map_err(Problem::internal)?;
    }
    writer.flush().map_err(Problem::internal)
}

/// One document a record, references as in CSV.
fn write_yaml(
    engine: &Engine,
    entity: &Entity,
    query: &Query,
    found: &Found,
    body: &mut Vec<u8>,
) -> Result<(), Problem> {
    let lens = Lens { fields: query.fields.as_deref(), ..engine.lens(entity, &found.displays) };
    for row in &found.items {
        let record = serde_json::to_value(lens.view(row)).map_err(Problem::internal)?;
        let Value::Object(mut record) = record else {
            return Err(Problem::internal("a record is no object"));
        };
        for (field, cell) in entity.model.fields.iter().zip(&row.cells) {
            if crate::sql::is_secret(&field.kind) {
                record.shift_remove(field.name);
                continue;
            }
            let Some(value) = record.get_mut(field.name) else { continue };
            let text = |cell: &Datum| Value::from(cell_text((engine, entity), field, cell, found));
            match cell {
                Datum::Uuid(_) | Datum::Typed(..) => *value = text(cell),
                Datum::Uuids(ids) => *value = ids.iter().map(|id| text(&Datum::Uuid(*id))).collect(),
                _ => {}
            }
        }
        body.extend_from_slice(b"---\n");
        body.extend_from_slice(kit::yaml::text(&Value::Object(record))?.as_bytes());
    }
    Ok(())
}

/// References by the text of their target where that text finds it again, otherwise by id.
fn cell_text(
    (engine, entity): (&Engine, &Entity),
    field: &'static Field,
    cell: &Datum,
    found: &Found,
) -> String {
    if let FieldKind::Custom = field.kind {
        let lens = engine.lens(entity, &found.displays);
        return serde_json::to_string(&lens.cell(field, cell)).unwrap_or_default();
    }
    if let Datum::Typed(model, id) = cell {
        return format!("{model}:{id}");
    }
    let (FieldKind::Reference { model, .. } | FieldKind::References { model }) = field.kind else {
        return cell.display();
    };
    let unique = engine
        .registry()
        .get(model)
        .is_some_and(|target| target.model.field(target.model.display).is_some_and(|display| display.unique));
    let text = |id: &uuid::Uuid| match found.displays.get(model, *id) {
        Some(display) if unique => display.to_owned(),
        _ => id.to_string(),
    };
    match cell {
        Datum::Uuid(id) => text(id),
        Datum::Uuids(ids) => list_text(ids.iter().map(text)),
        _ => String::new(),
    }
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe in front; import takes it off.
fn guarded(cell: &Datum, text: String) -> String {
    let number = matches!(cell, Datum::Int(_) | Datum::Float(_));
    if !number && (text.starts_with(FORMULA) || text.starts_with('\'')) { format!("'{text}") } else { text }
}

const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cell without the apostrophe of [`guarded`].
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with('\'') => rest,
        _ => cell,
    }
}
