//! Reading records of other models: what the parts of the inventory that look across records share.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Drafted, Record};
use kit::records::{Ask, Found, Where};
use kit::{Ctx, Model, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

/// Records read at a time.
const PAGE: u32 = 1_000;

/// The id of a record.
pub(crate) fn id_of(record: &Record) -> Option<Uuid> {
    record.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
}

/// Records by their ids.
pub(crate) fn by_id(records: Vec<Record>) -> HashMap<Uuid, Record> {
    records.into_iter().filter_map(|record| Some((id_of(&record)?, record))).collect()
}

/// The id in a reference as the engine shows it: `{"id", "display"}`.
pub(crate) fn reference_id(value: &Value) -> Option<Uuid> {
    value.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
}

/// The id of what a field refers to.
pub(crate) fn reference(record: &Record, field: &str) -> Option<Uuid> {
    record.get(field).and_then(reference_id)
}

/// The model a generic reference leads to.
pub(crate) fn reference_model<'a>(record: &'a Record, field: &str) -> Option<&'a str> {
    record.get(field).and_then(|value| value.get("type")).and_then(Value::as_str)
}

/// The text of a field; empty when there is none.
pub(crate) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Does a write set this reference to something else than before?
pub(crate) fn moved(draft: &Drafted, field: &str) -> bool {
    let before = draft.before.as_ref();
    before.is_none_or(|before| reference(before, field) != reference(&draft.record, field))
}

/// Where records are read: for a principal, as what belongs to records it may read, or in a
/// transaction whose right was decided before.
pub(crate) enum Reader<'a> {
    Of(&'a Ctx),
    In(&'a mut WriteTx),
}

impl Reader<'_> {
    async fn page(
        &mut self,
        records: &dyn Records,
        model: &'static Model,
        ask: &Ask,
    ) -> Result<Found, Problem> {
        match self {
            Self::Of(ctx) => records.find(ctx, model, ask).await,
            Self::In(tx) => records.find_in(tx, model, ask).await,
        }
    }

    /// All records of a model whose column has one of the ids, in the order of their numbers.
    pub(crate) async fn listed(
        &mut self,
        records: &dyn Records,
        model: &str,
        column: &str,
        ids: &BTreeSet<Uuid>,
    ) -> Result<Vec<Record>, Problem> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let values = ids.iter().map(Uuid::to_string).collect();
        self.matching(records, model, Where::Is { field: column.to_owned(), op: "eq", values }).await
    }

    /// All records of a model that match, in the order of their numbers.
    pub(crate) async fn matching(
        &mut self,
        records: &dyn Records,
        model: &str,
        filter: Where,
    ) -> Result<Vec<Record>, Problem> {
        let model = records.model(model).ok_or_else(|| Problem::internal(format!("no model {model}")))?;
        let mut all = Vec::new();
        let sort = Some("number".to_owned());
        let mut ask = Ask { filter, sort, limit: PAGE, implied: true, ..Ask::default() };
        loop {
            let page = self.page(records, model, &ask).await?.records;
            let full = page.len() == PAGE as usize;
            all.extend(page);
            if !full {
                return Ok(all);
            }
            ask.offset += u64::from(PAGE);
        }
    }

    /// What a field of drafts refers to in a model, by id.
    pub(crate) async fn referred(
        &mut self,
        records: &dyn Records,
        drafts: &[Drafted],
        field: &str,
        model: &str,
    ) -> Result<HashMap<Uuid, Record>, Problem> {
        let leads =
            |draft: &&Drafted| reference_model(&draft.record, field).is_none_or(|named| named == model);
        let drafts = drafts.iter().filter(leads);
        let ids = drafts.filter_map(|draft| reference(&draft.record, field)).collect();
        Ok(by_id(self.listed(records, model, "id", &ids).await?))
    }
}
