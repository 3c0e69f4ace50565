//! Taking back what one request wrote for one reason: its entries of the change log, backwards, as long
//! as nobody changed the records since.

use std::collections::HashMap;

use kit::permission::Act;
use kit::record::{FieldKind, Model, Record};
use kit::{FieldError, Problem, WriteTx};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Engine, MAX_ROWS};
use crate::row::Row;

/// Most records named by a refusal.
const MAX_NAMED: usize = 50;

const WRITTEN: &str = "SELECT c.model, c.record_id, c.record_number, c.record_version, c.action, c.changes, c.display \
    FROM app.change_log c WHERE c.request_id = $1 AND c.reason = $2 ORDER BY c.number DESC LIMIT $3";

/// What was done to one record in all.
struct Net {
    model: &'static Model,
    id: Uuid,
    number: Option<i64>,
    display: String,
    /// As the last of the changes left it.
    version: i64,
    created: bool,
    deleted: bool,
    /// What its fields were before.
    before: Record,
    /// Its place among the changes, the newest first: of its creation, else of its last change.
    place: usize,
}

impl Net {
    /// Takes in a change that is older than those known.
    fn earlier(&mut self, action: &str, changes: Value, place: usize) {
        if action == "create" {
            self.created = true;
            self.place = place;
        }
        let Value::Object(changes) = changes else { return };
        for (name, change) in changes {
            let counted =
                self.model.field(&name).is_none_or(|field| matches!(field.kind, FieldKind::Count { .. }));
            if let (false, Value::Object(mut sides)) = (counted, change) {
                self.before.insert(name, sides.remove("before").unwrap_or(Value::Null));
            }
        }
    }
}

impl Engine {
    /// Takes back what `request` wrote for `reason`; how many records that were. Records of the models
    /// `kept` stay when they were created: others may use them meanwhile.
    ///
    /// # Errors
    /// 403 without the right to write, or delete, one of them; 404 when the log has no such change; 409
    /// `changed-since` naming every record that was changed since, `not-in-branch` in a branch, which has no log,
    /// and as the records refuse.
    pub(super) async fn undo(
        &self,
        tx: &mut WriteTx,
        request: Uuid,
        reason: &str,
        kept: &[&str],
    ) -> Result<usize, Problem> {
        tx.ctx().only_on_main()?;
        let mut nets = self.written(tx, request, reason).await?;
        if nets.is_empty() {
            return Err(Problem::not_found("change"));
        }
        nets.retain(|net| !(net.created && (net.deleted || kept.contains(&net.model.name))));
        self.untouched(tx, &nets).await?;
        nets.sort_by_key(|net| net.place);
        for net in &nets {
            self.restore(tx, net).await?;
        }
        Ok(nets.len())
    }

    async fn written(&self, tx: &mut WriteTx, request: Uuid, reason: &str) -> Result<Vec<Net>, Problem> {
        let query = sqlx::query(WRITTEN).bind(request).bind(reason).bind(MAX_ROWS as i64 + 1);
        let rows = query.fetch_all(tx.conn()).await?;
        if rows.len() > MAX_ROWS {
            let text = format!("More than {MAX_ROWS} changes were made. Take them back in the inventory.");
            return Err(Problem::conflict("too-many", text));
        }
        let mut nets: Vec<Net> = Vec::new();
        let mut places: HashMap<(String, Uuid), usize> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            let (model, id): (String, Uuid) = (row.try_get("model")?, row.try_get("record_id")?);
            let entity = self.registry().get(&model);
            let entity =
                entity.ok_or_else(|| Problem::internal(format!("the engine does not know {model}")))?;
            let action: String = row.try_get("action")?;
            let at = *places.entry((model, id)).or_insert(nets.len());
            if at == nets.len() {
                nets.push(Net {
                    model: entity.model,
                    id,
                    number: row.try_get("record_number")?,
                    display: row.try_get::<Option<String>, _>("display")?.unwrap_or_default(),
                    version: row.try_get("record_version")?,
                    created: false,
                    deleted: action == "delete",
                    before: Record::new(),
                    place,
                });
            }
            if let Some(net) = nets.get_mut(at) {
                net.earlier(&action, row.try_get::<Json<Value>, _>("changes")?.0, place);
            }
        }
        Ok(nets)
    }

    /// Locks the records; all of them must be as the changes left them.
    async fn untouched(&self, tx: &mut WriteTx, nets: &[Net]) -> Result<(), Problem> {
        let mut ids: HashMap<&'static str, Vec<Uuid>> = HashMap::new();
        for net in nets.iter().filter(|net| !net.deleted) {
            ids.entry(net.model.name).or_default().push(net.id);
        }
        let mut versions: HashMap<Uuid, i64> = HashMap::new();
        for (model, ids) in ids {
            let Some(entity) = self.registry().get(model) else { continue };
            for row in &entity.sql.lock(tx.conn(), &ids).await? {
                let row = Row::decode(entity, row)?;
                versions.insert(row.id, row.version);
            }
        }
        let since = |net: &&Net| !net.deleted && versions.get(&net.id) != Some(&net.version);
        let error = |net: &Net| FieldError {
            pointer: format!("/{}/{}", net.model.name, net.id),
            code: "changed_since".into(),
            message: match versions.get(&net.id) {
                Some(version) => format!(
                    "{} {} was changed since: it is at version {version}, not {}.",
                    net.model.title, net.display, net.version
                ),
                None => format!("{} {} was deleted since.", net.model.title, net.display),
            },
        };
        let errors: Vec<FieldError> = nets.iter().filter(since).take(MAX_NAMED).map(error).collect();
        let Some(first) = errors.first() else { return Ok(()) };
        let text = format!("This can no longer be taken back, and nothing was. {}", first.message);
        Err(Problem { errors, ..Problem::conflict("changed-since", text) })
    }

    /// Makes one record what it was.
    async fn restore(&self, tx: &mut WriteTx, net: &Net) -> Result<(), Problem> {
        let act = if net.created { Act::Delete } else { Act::Write };
        tx.ctx().authorize(self.entity(net.model)?.permission(act))?;
        if net.created {
            return self.remove(tx, net.model, &[net.id]).await;
        }
        let mut record = net.before.clone();
        if net.deleted {
            record.insert("id".to_owned(), Value::from(net.id.to_string()));
            if let Some(number) = net.number {
                record.insert("number".to_owned(), Value::from(number));
            }
            return self.insert(tx, net.model, vec![record]).await.map(drop);
        }
        self.update(tx, net.model, net.id, record, None).await.map(drop)
    }
}
