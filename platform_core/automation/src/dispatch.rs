//! From events to what is to be done: rules are asked, deliveries and notifications are written - in
//! one transaction, so that an event that comes again changes nothing.

use std::collections::BTreeSet;

use kit::events::{Delivered, EventHandler};
use kit::permission::Act;
use kit::record::Record;
use kit::records::{Ask, Where, Write};
use kit::{BoxFuture, Ctx, Event, Model, Permission, Problem, Records, Services, WriteTx};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::conditions::Facts;
use crate::job_event::{self, JobEvent};
use crate::occurrence::{self, Occurrence};
use crate::rulebook::{Action, Rule, Rulebook};
use crate::{DUE, SEND};

/// Notifications are no reason for notifications.
const SILENT: &[&str] = &["platform.notification", "platform.webhook_delivery"];
/// People told of one event.
const MAX_TOLD: usize = 1_000;
/// Largest payload of a delivery, bytes; the event log takes 64 KiB.
const MAX_PAYLOAD: usize = 60 * 1024;

/// Asks the rules about every event.
pub(crate) struct Dispatcher {
    services: Services,
    rulebook: Rulebook,
}

impl Dispatcher {
    pub(crate) fn new(services: Services) -> Self {
        Self { services, rulebook: Rulebook::default() }
    }

    async fn dispatch(&self, ctx: &Ctx, event: &Delivered) -> Result<(), Problem> {
        if let Some(kind) = job_event::kind(&event.event_type) {
            return self.dispatch_job(ctx, event, kind).await;
        }
        let records = self.services.records()?.clone();
        let Some((model, kind)) = occurrence::named(&*records, event) else { return Ok(()) };
        if SILENT.contains(&model.name) {
            return Ok(());
        }
        let rules = self.rulebook.of(&*records, ctx).await?;
        let about: Vec<&Rule> = rules.rules.iter().filter(|rule| rule.is_about(model.name, kind)).collect();
        let followed = rules.followers && kind == "object_updated";
        if about.is_empty() && !followed {
            return Ok(());
        }
        let occurrence = Occurrence::of(&*records, ctx, event, model, kind).await?;
        let mut tx = ctx.write(ctx.authorize(SEND)?).await?;
        let mut told = BTreeSet::new();
        if followed {
            told.extend(followers(&*records, &mut tx, event).await?);
        }
        for rule in about {
            let presenter =
                self.services.presenter().ok().filter(|it| rule.form.as_deref() == Some(it.form()));
            let payload = occurrence.payload(ctx, presenter.map(AsRef::as_ref)).await?;
            if !holds(rule, &payload) {
                continue;
            }
            match rule.action {
                Action::Webhook(webhook) => deliver(&mut tx, event, rule, webhook, payload).await?,
                Action::Notify(group) => told.extend(members(&*records, &mut tx, group).await?),
            }
        }
        if kind != "object_deleted" && !told.is_empty() {
            let id = event.data.get("id").and_then(Value::as_str).unwrap_or_default();
            notify(&*records, &mut tx, occurrence.model, occurrence.kind, id, told).await?;
        }
        tx.commit().await
    }

    /// An event about a job: rules about the record that the job is about, and those about jobs.
    async fn dispatch_job(&self, ctx: &Ctx, event: &Delivered, kind: &'static str) -> Result<(), Problem> {
        let records = self.services.records()?.clone();
        let rules = self.rulebook.of(&*records, ctx).await?;
        let waiting: Vec<&Rule> = rules.rules.iter().filter(|rule| rule.waits_for(kind)).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let Some(job) = JobEvent::of(&*records, ctx, event, kind).await? else { return Ok(()) };
        let about: Vec<&Rule> = waiting.into_iter().filter(|rule| job.concerns(rule)).collect();
        if about.is_empty() {
            return Ok(());
        }
        let mut tx = ctx.write(ctx.authorize(SEND)?).await?;
        let mut told = BTreeSet::new();
        for rule in about {
            let presenter =
                self.services.presenter().ok().filter(|it| rule.form.as_deref() == Some(it.form()));
            let payload = job.payload(presenter.map(AsRef::as_ref));
            if !holds(rule, &payload) {
                continue;
            }
            match rule.action {
                Action::Webhook(webhook) => deliver(&mut tx, event, rule, webhook, payload).await?,
                Action::Notify(group) => told.extend(members(&*records, &mut tx, group).await?),
            }
        }
        // People are told of records: of what the job is about.
        if let (Some((model, id)), false) = (job.about(), told.is_empty()) {
            notify(&*records, &mut tx, model, kind, id, told).await?;
        }
        tx.commit().await
    }
}

impl EventHandler for Dispatcher {
    fn handle<'a>(&'a self, ctx: &'a Ctx, event: &'a Delivered) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.dispatch(ctx, event))
    }
}

fn holds(rule: &Rule, payload: &Value) -> bool {
    let at = |path: &str| payload.pointer(path).unwrap_or(&Value::Null);
    rule.condition.holds(&Facts {
        data: at("/data"),
        before: at("/snapshots/prechange"),
        after: at("/snapshots/postchange"),
    })
}

/// Writes that a webhook is to be called. The id follows from event and rule: once is enough.
async fn deliver(
    tx: &mut WriteTx,
    event: &Delivered,
    rule: &Rule,
    webhook: Uuid,
    mut payload: Value,
) -> Result<(), Problem> {
    let mut hash = Sha256::new();
    hash.update(event.id.as_bytes());
    hash.update(rule.id.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let half: [u8; 16] = std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default());
    let id = uuid::Builder::from_random_bytes(half).into_uuid();
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM app.event WHERE id = $1)")
        .bind(id)
        .fetch_one(tx.conn())
        .await?;
    if known {
        return Ok(());
    }
    // What is too large loses its snapshots first, then the record, never the event itself.
    for part in ["snapshots", "data"] {
        if payload.to_string().len() > MAX_PAYLOAD
            && let Some(members) = payload.as_object_mut()
        {
            members.insert(part.to_owned(), Value::Null);
        }
    }
    let data = json!({
        "webhook": webhook,
        "event_id": event.id,
        "event_type": event.event_type,
        "payload": payload,
    });
    // In order for each webhook and record.
    let subject = format!("webhooks/{webhook}/{}", event.subject);
    tx.publish(&Event { id, ..Event::now(DUE.name, subject, data) }).await
}

fn model_of(records: &dyn Records, name: &str) -> Result<&'static Model, Problem> {
    records.model(name).ok_or_else(|| Problem::internal(format!("no model {name}")))
}

fn id_at(value: Option<&Value>) -> Option<Uuid> {
    value?.get("id")?.as_str()?.parse().ok()
}

/// Users who follow the record of the event.
async fn followers(records: &dyn Records, tx: &mut WriteTx, event: &Delivered) -> Result<Vec<Uuid>, Problem> {
    let id = event.data.get("id").and_then(Value::as_str).unwrap_or_default();
    let filter = Where::is("object_id", "eq", id);
    let ask = Ask { filter, limit: MAX_TOLD as u32, ..Ask::default() };
    let found = records.find_in(tx, model_of(records, "platform.subscription")?, &ask).await?.records;
    Ok(found.iter().filter_map(|one| id_at(one.get("user"))).collect())
}

/// Users of a group, and those who have one of its roles.
async fn members(records: &dyn Records, tx: &mut WriteTx, group: Uuid) -> Result<Vec<Uuid>, Problem> {
    let ask = Ask { filter: Where::is("id", "eq", group.to_string()), limit: 1, ..Ask::default() };
    let model = model_of(records, "platform.notification_group")?;
    let Some(group) = records.find_in(tx, model, &ask).await?.records.pop() else { return Ok(Vec::new()) };
    let listed = |field: &str| -> Vec<Uuid> {
        let items = group.get(field).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| id_at(Some(item))).collect()
    };
    let mut users = listed("users");
    let roles: Vec<String> = listed("roles").iter().map(Uuid::to_string).collect();
    if !roles.is_empty() {
        let filter = Where::Is { field: "role".to_owned(), op: "eq", values: roles };
        let ask = Ask { filter, limit: MAX_TOLD as u32, ..Ask::default() };
        let bindings = records.find_in(tx, model_of(records, "platform.role_binding")?, &ask).await?.records;
        users.extend(bindings.iter().filter_map(|binding| id_at(binding.get("user"))));
    }
    Ok(users)
}

/// Tells users of the record: one notification each, the newest.
async fn notify(
    records: &dyn Records,
    tx: &mut WriteTx,
    about: &'static Model,
    kind: &str,
    id: &str,
    users: BTreeSet<Uuid>,
) -> Result<(), Problem> {
    let model = model_of(records, "platform.notification")?;
    // Gone meanwhile: nobody is told of what they could not look at.
    let ask = Ask { filter: Where::is("id", "eq", id), limit: 1, ..Ask::default() };
    if records.find_in(tx, about, &ask).await?.records.is_empty() {
        return Ok(());
    }
    let ask = Ask { filter: Where::is("object_id", "eq", id), limit: MAX_TOLD as u32, ..Ask::default() };
    let known = records.find_in(tx, model, &ask).await?.records;
    let mut writes = Vec::new();
    for user in users.into_iter().take(MAX_TOLD) {
        let older = known.iter().filter(|one| id_at(one.get("user")) == Some(user));
        let older = older.filter_map(|one| one.get("id")?.as_str()?.parse().ok());
        writes.extend(older.map(|id| Write::Delete { id, expect: None }));
        let mut record = Record::new();
        record.insert("object".to_owned(), json!({"type": about.name, "id": id}));
        record.insert("user".to_owned(), json!(user));
        record.insert("event_type".to_owned(), json!(kind));
        writes.push(Write::Create(record));
    }
    records.write_in(tx, model, writes).await.map(drop)
}

/// The right under which deliveries and notifications are written.
pub(crate) const WRITE: Permission = Permission::new("platform/notifications", Act::Write);
