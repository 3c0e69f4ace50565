//! The changes of objects, as the change log keeps them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::http::StatusCode;
use kit::graphql::{Cell, Column, Node};
use kit::records::{AskChanges, Changed, Changes, Where};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::changelog_filter::USER;
use super::super::contract::Endpoint;
use super::super::flat::flat;
use super::super::object_types;
use super::super::pool::record_id;
use super::load::{Asker, told};

/// Most changes of one level.
const MAX_CHANGES: u32 = 1_000;

impl Asker<'_> {
    /// The changes of each of the objects, the newest first; none for who may not read the log.
    pub(super) async fn changelog(&self, endpoint: &'static Endpoint, nodes: &[Node]) -> Column {
        let model = self.model(endpoint)?;
        let numbers: BTreeSet<String> = nodes
            .iter()
            .filter_map(|node| node.record.get("number").and_then(Value::as_i64))
            .map(|number| number.to_string())
            .collect();
        let ask = AskChanges {
            models: vec![model.name],
            filter: Where::Is {
                field: "record_number".to_owned(),
                op: "eq",
                values: numbers.into_iter().collect(),
            },
            sort: "-created_at,-number".to_owned(),
            offset: 0,
            limit: MAX_CHANGES,
            count: false,
            sides: true,
        };
        let changes = match self.records.changes(self.ctx, &ask).await {
            Ok(changes) => changes,
            Err(problem) if problem.status == StatusCode::FORBIDDEN => Changes::default(),
            Err(problem) => return Err(told(problem)),
        };
        let users: BTreeSet<Uuid> = changes.items.iter().filter_map(|item| item.actor_id).collect();
        let wanted = [(USER, users.into_iter().collect::<Vec<Uuid>>())];
        let found = self.records.referenced(self.ctx, &wanted).await.map_err(told)?;
        let users = found.get(USER);
        let mut lists: HashMap<Uuid, Vec<Node>> = HashMap::new();
        for item in &changes.items {
            let user = item.actor_id.and_then(|id| users?.get(&id));
            let member = |name: &str| user.and_then(|user| user.get(name)).cloned();
            let name = member("name")
                .or_else(|| item.actor_name.clone().map(Value::from))
                .unwrap_or_else(|| "".into());
            let record = Arc::new(shown(endpoint, &changes, item, (member("number"), name)));
            lists.entry(item.record_id).or_default().push(Node { kind: "ObjectChangeType".into(), record });
        }
        let list = |node: &Node| Cell::Many(lists.get(&record_id(&node.record)).cloned().unwrap_or_default());
        Ok(nodes.iter().map(list).collect())
    }
}

/// One change in the form of the contract.
fn shown(
    endpoint: &'static Endpoint,
    changes: &Changes,
    item: &Changed,
    (user, user_name): (Option<Value>, Value),
) -> Map<String, Value> {
    let side = |record: &Option<kit::record::Record>| {
        record.as_ref().map_or(Value::Null, |record| flat(endpoint, record, &changes.numbers))
    };
    let pk = |id: String| json!({"pk": id});
    let object_type = object_types::id_of(endpoint).unwrap_or_default().to_string();
    let members = [
        ("display", Value::from(item.display.as_str())),
        ("class_type", "ObjectChange".into()),
        ("id", item.number.to_string().into()),
        ("time", item.at.replace('Z', "+00:00").into()),
        ("user", user.map_or(Value::Null, |user| pk(user.to_string()))),
        ("user_name", user_name),
        ("request_id", item.request_id.to_string().into()),
        ("action", item.action.as_str().into()),
        ("changed_object_type", pk(object_type)),
        ("changed_object_id", item.record_number.into()),
        ("object_repr", item.display.as_str().into()),
        ("message", "".into()),
        ("prechange_data", side(&item.before)),
        ("postchange_data", side(&item.after)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
