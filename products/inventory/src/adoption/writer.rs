//! Writes records of several models in one transaction, under the rights of whoever asks.

use kit::permission::Act;
use kit::record::Record;
use kit::records::Write;
use kit::{Permission, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use crate::reading::id_of;

/// An object as a record.
pub(super) fn record(value: Value) -> Record {
    match value {
        Value::Object(fields) => fields,
        _ => Record::new(),
    }
}

/// Writes in the caller's transaction. Every write asks for the right to that model.
pub(super) struct Writer<'a> {
    records: &'a dyn Records,
    pub(super) tx: &'a mut WriteTx,
}

impl<'a> Writer<'a> {
    pub(super) fn new(records: &'a dyn Records, tx: &'a mut WriteTx) -> Self {
        Self { records, tx }
    }

    /// The records after.
    pub(super) async fn write(&mut self, model: &str, writes: Vec<Write>) -> Result<Vec<Record>, Problem> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let model = self
            .records
            .model(model)
            .ok_or_else(|| Problem::internal(format!("there is no model {model}")))?;
        for write in &writes {
            let act = if matches!(write, Write::Delete { .. }) { Act::Delete } else { Act::Write };
            self.tx.ctx().authorize(Permission::new(model.permission, act))?;
        }
        self.records.write_in(self.tx, model, writes).await
    }

    /// One new record.
    pub(super) async fn create(&mut self, model: &str, fields: Record) -> Result<Uuid, Problem> {
        let made = self.create_all(model, vec![fields]).await?;
        made.first().copied().ok_or_else(|| Problem::internal("a record was not made"))
    }

    /// New records; their ids in order.
    pub(super) async fn create_all(
        &mut self,
        model: &str,
        fields: Vec<Record>,
    ) -> Result<Vec<Uuid>, Problem> {
        let writes = fields.into_iter().map(Write::Create).collect();
        let made = self.write(model, writes).await?;
        Ok(made.iter().filter_map(id_of).collect())
    }

    /// Fields of one record.
    pub(super) async fn change(&mut self, model: &str, id: Uuid, fields: Record) -> Result<(), Problem> {
        self.write(model, vec![change(id, fields)]).await.map(drop)
    }

    /// Records less.
    pub(super) async fn delete(&mut self, model: &str, ids: &[Uuid]) -> Result<(), Problem> {
        let writes = ids.iter().map(|id| Write::Delete { id: *id, expect: None }).collect();
        self.write(model, writes).await.map(drop)
    }
}

/// A change of fields, whatever the version.
pub(super) fn change(id: Uuid, fields: Record) -> Write {
    Write::Change { id, expect: None, fields, replace: false }
}
