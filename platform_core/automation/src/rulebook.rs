//! The rules of a tenant, read once and kept until somebody changes one.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Problem, Records, TenantId, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use crate::conditions::Condition;

/// Rules of another server's users are seen within this time.
const KEPT: Duration = Duration::from_secs(5);
/// Tenants whose rules are kept.
const MAX_TENANTS: usize = 10_000;
/// Rules of one tenant.
const MAX_RULES: u32 = 1_000;

/// Rises when a rule or subscription was written by this process.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// For `written` of rules and subscriptions: what is kept counts no more once this is committed.
pub(crate) fn forget(tx: &mut WriteTx) {
    tx.after_commit(|| {
        WRITTEN.fetch_add(1, Ordering::AcqRel);
    });
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Calls a webhook.
    Webhook(Uuid),
    /// Tells a group.
    Notify(Uuid),
}

/// A rule, ready to be asked.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: Uuid,
    models: HashSet<String>,
    events: HashSet<String>,
    pub(crate) condition: Condition,
    pub(crate) action: Action,
    /// The form of records that it looks at and sends; none for ours.
    pub(crate) form: Option<String>,
}

impl Rule {
    fn of(record: &Record) -> Option<Self> {
        let texts = |field: &str| {
            let items = record.get(field).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let target = record.get("action_object")?;
        let id = target.get("id")?.as_str()?.parse().ok()?;
        let action = match target.get("type")?.as_str()? {
            "platform.webhook" => Action::Webhook(id),
            _ => Action::Notify(id),
        };
        let form = record.get("form").and_then(Value::as_str).filter(|form| *form != crate::OWN_FORM);
        Some(Self {
            id: record.get("id")?.as_str()?.parse().ok()?,
            models: texts("object_types"),
            events: texts("event_types"),
            // Checked when it was written.
            condition: Condition::parse(record.get("conditions").unwrap_or(&Value::Null)).ok()?,
            action,
            form: form.map(str::to_owned),
        })
    }

    /// Does it wait for such events, of whatever record?
    pub(crate) fn waits_for(&self, event: &str) -> bool {
        self.events.contains(event)
    }

    /// Is it about such an event of such a record?
    pub(crate) fn is_about(&self, model: &str, event: &str) -> bool {
        self.models.contains(model) && self.events.contains(event)
    }
}

/// The rules of a tenant.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) rules: Vec<Rule>,
    /// Does anybody follow anything?
    pub(crate) followers: bool,
}

struct Kept {
    written: u64,
    read: Instant,
    rules: Arc<Rules>,
}

/// The rules of all tenants.
#[derive(Default)]
pub(crate) struct Rulebook(Mutex<HashMap<TenantId, Kept>>);

impl Rulebook {
    /// The rules of the context's tenant.
    pub(crate) async fn of(&self, records: &dyn Records, ctx: &Ctx) -> Result<Arc<Rules>, Problem> {
        let written = WRITTEN.load(Ordering::Acquire);
        let known = |kept: &&Kept| kept.written == written && kept.read.elapsed() < KEPT;
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lock().get(&ctx.tenant()).filter(known) {
            return Ok(kept.rules.clone());
        }
        let rules = Arc::new(read(records, ctx).await?);
        let mut all = lock();
        if all.len() >= MAX_TENANTS {
            all.clear();
        }
        all.insert(ctx.tenant(), Kept { written, read: Instant::now(), rules: rules.clone() });
        Ok(rules)
    }
}

async fn read(records: &dyn Records, ctx: &Ctx) -> Result<Rules, Problem> {
    let model = |name: &str| records.model(name).ok_or_else(|| Problem::internal(format!("no model {name}")));
    let filter = Where::is("enabled", "eq", "true");
    let ask = Ask { filter, limit: MAX_RULES, ..Ask::default() };
    let found = records.find(ctx, model("platform.event_rule")?, &ask).await?.records;
    let ask = Ask { limit: 1, ..Ask::default() };
    let followers = !records.find(ctx, model("platform.subscription")?, &ask).await?.records.is_empty();
    Ok(Rules { rules: found.iter().filter_map(Rule::of).collect(), followers })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_are_read_from_records() {
        let id = Uuid::from_u128(7);
        let record = json!({
            "id": id, "object_types": ["inventory.site"], "event_types": ["object_created"], "conditions": null,
            "action_object": {"type": "platform.webhook", "id": id, "display": "x"}, "form": "netbox",
        });
        let rule = Rule::of(record.as_object().unwrap()).unwrap();
        assert_eq!((rule.action, rule.form.as_deref()), (Action::Webhook(id), Some("netbox")));
        assert!(rule.is_about("inventory.site", "object_created"));
        assert!(
            !rule.is_about("inventory.site", "object_updated")
                && !rule.is_about("inventory.rack", "object_created")
        );
    }
}
