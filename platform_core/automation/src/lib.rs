//! What is done when something happens: webhooks, notifications, and the rules that start them.
//!
//! | file | job |
//! |---|---|
//! | `webhook`, `event_rule` ... | one declaration each |
//! | `rules` | what must hold beyond the declarations |
//! | `conditions` | which events a rule is meant for |
//! | `rulebook` | the rules of a tenant, kept until one is written |
//! | `occurrence` | what happened to a record, and what is sent of it |
//! | `job_event` | what happened to a job, and what is sent of it |
//! | `dispatch` | every event: rules are asked, deliveries and notifications written |
//! | `send`, `log` | calling webhooks, and what became of it |
//!
//! An event of the log is asked about once (`automation.rules`); every webhook that is to be called is an
//! event of its own (`webhook.due`), so that a target that fails is tried again alone, in order for each
//! record, and ends as a dead letter of `automation.webhooks`.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod conditions;
mod dispatch;
mod event_rule;
mod job_event;
mod log;
mod notification;
mod notification_group;
mod occurrence;
mod rulebook;
mod rules;
mod send;
mod subscription;
mod webhook;
mod webhook_delivery;

use std::sync::Arc;

use egress::Policy;
use kit::plugin::{Migration, Subscription};
use kit::record::{Choice, Model};
use kit::{EventType, Permission, Services};

/// What the models of this room share.
const BASE: Model = Model { product: "platform", numbered: true, ..Model::BASE };

/// What can happen.
const EVENT_KINDS: &[Choice] = &[
    Choice::new("object_created", "Object created"),
    Choice::new("object_updated", "Object updated"),
    Choice::new("object_deleted", "Object deleted"),
    Choice::new("job_started", "Job started"),
    Choice::new("job_completed", "Job completed"),
    Choice::new("job_failed", "Job failed"),
    Choice::new("job_errored", "Job errored"),
];

/// The models of this room.
pub const MODELS: &[&Model] = &[
    &webhook::WEBHOOK,
    &event_rule::EVENT_RULE,
    &notification_group::NOTIFICATION_GROUP,
    &subscription::SUBSCRIPTION,
    &notification::NOTIFICATION,
    &webhook_delivery::WEBHOOK_DELIVERY,
];

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") }];

/// Records as they are here.
const OWN_FORM: &str = "portolan";

/// The right under which this room writes.
const SEND: Permission = dispatch::WRITE;

/// A webhook is to be called. Who may see deliveries may see what they carry.
const DUE: EventType = EventType {
    name: "webhook.due",
    description: "A webhook is to be called: webhook, event_id, event_type, payload.",
    object: "platform/webhook-deliveries",
};

/// Events of this room.
pub const EVENTS: &[EventType] = &[DUE];

/// What listens to events: rules, then webhooks. `policy` says where webhooks may lead.
pub fn subscriptions(services: &Services, policy: Policy) -> [Subscription; 2] {
    [
        Subscription {
            consumer: "automation.rules",
            pattern: "*",
            handler: Arc::new(dispatch::Dispatcher::new(services.clone())),
        },
        Subscription {
            consumer: "automation.webhooks",
            pattern: DUE.name,
            handler: Arc::new(send::Sender::new(services.clone(), policy)),
        },
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql");
        let others = [records::MODELS, auth::models::MODELS].concat();
        records::schema::assert_migration_matches_with(super::MODELS, &others, path);
    }
}
