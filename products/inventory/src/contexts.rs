//! Config contexts: which of them a device or machine gets, and what they come to together.

use std::collections::{BTreeSet, HashMap, HashSet};

use kit::files::{self, Holds};
use kit::record::{Drafted, Hooks, Record};
use kit::records::{Ask, Where};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::reading::{id_of, reference, reference_id};

const CONTEXT: &str = "inventory.config_context";
const PROFILE: &str = "inventory.config_context_profile";
/// Contexts of a tenant that are looked at.
const MAX_CONTEXTS: usize = 10_000;
/// Contexts read at a time.
const PAGE: u32 = 1_000;
/// Deepest tree.
const MAX_DEPTH: usize = 1_000;

/// One way to say whom a context is for: a list of the context, and where an object has its one.
struct Scope {
    /// Field of the context.
    list: &'static str,
    /// References from the object: the last one leads to what the list names.
    path: &'static [&'static str],
    /// Does being in something below it count as well?
    tree: bool,
}

const fn scope(list: &'static str, path: &'static [&'static str], tree: bool) -> Scope {
    Scope { list, path, tree }
}

const SCOPES: &[Scope] = &[
    scope("regions", &["site", "region"], true),
    scope("site_groups", &["site", "group"], true),
    scope("sites", &["site"], false),
    scope("locations", &["location"], true),
    scope("device_types", &["device_type"], false),
    scope("roles", &["role"], true),
    scope("platforms", &["platform"], true),
    scope("cluster_types", &["cluster", "type"], false),
    scope("cluster_groups", &["cluster", "group"], false),
    scope("clusters", &["cluster"], false),
    scope("tenant_groups", &["assigned_tenant", "group"], true),
    scope("tenants", &["assigned_tenant"], false),
];

/// Records that were read on the way, by id: ids are unique over all models.
type Read = HashMap<Uuid, Record>;

/// The data of each of the objects, devices or machines. Who may read an object may read its data.
pub(crate) async fn of(
    records: &dyn Records,
    ctx: &Ctx,
    objects: &[Record],
) -> Result<HashMap<Uuid, Value>, Problem> {
    let contexts = active(records, ctx).await?;
    let read = if contexts.is_empty() { Read::new() } else { surroundings(records, ctx, objects).await? };
    let mut found = HashMap::with_capacity(objects.len());
    for object in objects {
        let Some(id) = id_of(object) else { continue };
        let mut data = Map::new();
        for context in &contexts {
            if let (true, Some(Value::Object(more))) = (applies(context, object, &read), context.get("data"))
            {
                merge(&mut data, more);
            }
        }
        if let Some(Value::Object(local)) = object.get("local_context_data") {
            merge(&mut data, local);
        }
        found.insert(id, Value::Object(data));
    }
    Ok(found)
}

/// The active contexts in the order in which they are laid over each other.
async fn active(records: &dyn Records, ctx: &Ctx) -> Result<Vec<Record>, Problem> {
    let Some(model) = records.model(CONTEXT) else { return Ok(Vec::new()) };
    let filter = Where::is("is_active", "eq", "true");
    let sort = Some("weight,name".to_owned());
    let mut ask = Ask { filter, sort, limit: PAGE, implied: true, ..Ask::default() };
    let mut all = Vec::new();
    loop {
        let page = records.find(ctx, model, &ask).await?.records;
        let full = page.len() == PAGE as usize;
        all.extend(page);
        if !full {
            return Ok(all);
        }
        if all.len() >= MAX_CONTEXTS {
            return Err(Problem::conflict(
                "too-many",
                format!("More than {MAX_CONTEXTS} config contexts are active."),
            ));
        }
        ask.offset += u64::from(PAGE);
    }
}

/// What lies around the objects: sites with their regions and so on, level by level.
async fn surroundings(records: &dyn Records, ctx: &Ctx, objects: &[Record]) -> Result<Read, Problem> {
    let mut read = Read::new();
    let mut level: Vec<(&'static str, Uuid)> = Vec::new();
    for scope in SCOPES {
        let Some(first) = scope.path.first() else { continue };
        level.extend(
            objects
                .iter()
                .filter_map(|object| Some((model_of(scope.list, first)?, reference(object, first)?))),
        );
    }
    for _ in 0..MAX_DEPTH {
        let mut wanted: HashMap<&'static str, BTreeSet<Uuid>> = HashMap::new();
        for (model, id) in level.drain(..).filter(|(_, id)| !read.contains_key(id)) {
            wanted.entry(model).or_default().insert(id);
        }
        if wanted.is_empty() {
            break;
        }
        let wanted: Vec<(&'static str, Vec<Uuid>)> =
            wanted.into_iter().map(|(model, ids)| (model, ids.into_iter().collect())).collect();
        for (model, found) in records.referenced(ctx, &wanted).await? {
            for (id, record) in found {
                for (field, next) in onwards(model) {
                    level.extend(reference(&record, field).map(|id| (*next, id)));
                }
                read.insert(id, record);
            }
        }
    }
    Ok(read)
}

/// The model of the first step of a scope.
fn model_of(list: &str, first: &str) -> Option<&'static str> {
    Some(match (first, list) {
        ("site", _) => "inventory.site",
        ("location", _) => "inventory.location",
        ("device_type", _) => "inventory.device_type",
        ("role", _) => "inventory.device_role",
        ("platform", _) => "inventory.platform",
        ("cluster", _) => "inventory.cluster",
        ("assigned_tenant", _) => "inventory.tenant",
        _ => return None,
    })
}

/// Where the ways go on from a record of this model.
fn onwards(model: &str) -> &'static [(&'static str, &'static str)] {
    match model {
        "inventory.site" => &[("region", "inventory.region"), ("group", "inventory.site_group")],
        "inventory.tenant" => &[("group", "inventory.tenant_group")],
        "inventory.region" => &[("parent", "inventory.region")],
        "inventory.site_group" => &[("parent", "inventory.site_group")],
        "inventory.location" => &[("parent", "inventory.location")],
        "inventory.device_role" => &[("parent", "inventory.device_role")],
        "inventory.platform" => &[("parent", "inventory.platform")],
        "inventory.tenant_group" => &[("parent", "inventory.tenant_group")],
        _ => &[],
    }
}

fn listed(context: &Record, field: &str) -> HashSet<Uuid> {
    let items = context.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(reference_id).collect()
}

/// What lies at the end of a way.
fn end_of(path: &[&str], object: &Record, read: &Read) -> Option<Uuid> {
    let (first, rest) = path.split_first()?;
    let mut id = reference(object, first)?;
    for field in rest {
        id = reference(read.get(&id)?, field)?;
    }
    Some(id)
}

/// Is the context for the object? One of each list that is not empty must fit.
fn applies(context: &Record, object: &Record, read: &Read) -> bool {
    let scopes = SCOPES.iter().all(|scope| {
        let wanted = listed(context, scope.list);
        if wanted.is_empty() {
            return true;
        }
        let mut id = end_of(scope.path, object, read);
        let mut steps = 0;
        while let Some(here) = id.filter(|_| steps < MAX_DEPTH) {
            if wanted.contains(&here) {
                return true;
            }
            id = read.get(&here).filter(|_| scope.tree).and_then(|record| reference(record, "parent"));
            steps += 1;
        }
        false
    });
    let tags = listed(context, "object_tags");
    scopes && (tags.is_empty() || !tags.is_disjoint(&listed(object, "tags")))
}

/// Lays one object over another: objects become one, everything else is replaced.
fn merge(data: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (key, value) in more {
        match (data.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(more)) => merge(inner, more),
            _ => drop(data.insert(key.clone(), value.clone())),
        }
    }
}

fn wrong(field: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { pointer: format!("/{field}"), code: code.into(), message: message.into() }
}

/// What data of contexts must be like.
pub(crate) struct ContextRules;

impl Hooks for ContextRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        match record.get("data") {
            Some(Value::Object(members)) if members.is_empty() => {
                errors.push(wrong("data", "required", "This field cannot be blank."));
            }
            Some(Value::Object(_)) => {}
            _ => {
                let text = "JSON data must be in object form. Example: {\"foo\": 123}";
                errors.push(wrong("data", "type", text));
            }
        }
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            files::follow(records, tx, drafts, "data", Holds::Object).await?;
            let Some(model) = records.model(PROFILE) else { return Ok(()) };
            for draft in drafts {
                let Some(profile) = reference(&draft.record, "profile") else { continue };
                let ask =
                    Ask { filter: Where::is("id", "eq", profile.to_string()), limit: 1, ..Ask::default() };
                let found = records.find_in(tx, model, &ask).await?.records.pop();
                let schema = found.as_ref().and_then(|profile| profile.get("schema"));
                let data = draft.record.get("data").unwrap_or(&Value::Null);
                if let Err(message) = conforms(schema.unwrap_or(&Value::Null), data) {
                    draft.errors.push(wrong("", "schema", message));
                }
            }
            Ok(())
        })
    }
}

/// What profiles must be like.
pub(crate) struct ProfileRules;

impl Hooks for ProfileRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        match record.get("schema") {
            None | Some(Value::Null) => {}
            Some(schema @ Value::Object(_)) => {
                if let Err(message) = compiled(schema) {
                    errors.push(wrong("schema", "schema", message));
                }
            }
            Some(_) => errors.push(wrong("schema", "schema", "Invalid JSON schema definition")),
        }
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(files::follow(records, tx, drafts, "schema", Holds::Object))
    }
}

/// A schema that looks at nothing outside of itself, and whose patterns take linear time.
fn compiled(schema: &Value) -> Result<jsonschema::Validator, String> {
    jsonschema::options()
        .with_pattern_options(jsonschema::PatternOptions::regex())
        .build(schema)
        .map_err(|error| format!("Invalid JSON schema definition: {error}"))
}

fn conforms(schema: &Value, data: &Value) -> Result<(), String> {
    if schema.is_null() {
        return Ok(());
    }
    compiled(schema)?.validate(data).map_err(|error| {
        let place = error.instance_path().to_string();
        let at = if place.is_empty() { "" } else { " at " };
        format!("Data does not conform to profile schema: {error}{at}{place}")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn objects_are_laid_over_each_other() {
        let mut data = record(json!({"a": 1, "list": [1, 2], "deep": {"x": 1, "y": 1}}));
        merge(&mut data, &record(json!({"b": 1, "list": [3], "deep": {"y": 2}, "a": {"z": 1}})));
        assert_eq!(json!(data), json!({"a": {"z": 1}, "list": [3], "deep": {"x": 1, "y": 2}, "b": 1}));
    }

    #[test]
    fn contexts_go_where_they_are_meant_for() {
        let id = |n: u128| Uuid::from_u128(n);
        let to = |n: u128| json!({"id": id(n), "display": "x"});
        let read = Read::from([
            (id(1), record(json!({"id": id(1), "region": to(2), "group": null}))),
            (id(2), record(json!({"id": id(2), "parent": to(3)}))),
            (id(3), record(json!({"id": id(3), "parent": null}))),
            (id(5), record(json!({"id": id(5), "parent": to(6)}))),
            (id(6), record(json!({"id": id(6), "parent": null}))),
        ]);
        let object = record(json!({"id": id(10), "site": to(1), "role": to(5), "tags": [to(7)]}));
        for (context, expected) in [
            (json!({}), true),
            (json!({"sites": [to(1)]}), true),
            (json!({"sites": [to(9), to(1)]}), true),
            (json!({"sites": [to(9)]}), false),
            (json!({"regions": [to(2)]}), true),
            (json!({"regions": [to(3)]}), true),
            (json!({"regions": [to(1)]}), false),
            (json!({"site_groups": [to(1)]}), false),
            (json!({"roles": [to(6)], "regions": [to(3)]}), true),
            (json!({"roles": [to(6)], "sites": [to(9)]}), false),
            (json!({"clusters": [to(1)]}), false),
            (json!({"cluster_types": [to(1)]}), false),
            (json!({"object_tags": [to(7), to(8)]}), true),
            (json!({"object_tags": [to(8)]}), false),
        ] {
            assert_eq!(applies(&record(context.clone()), &object, &read), expected, "{context}");
        }
    }

    #[test]
    fn schemas_are_held() {
        let schema = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
        assert!(conforms(&schema, &json!({"n": 1})).is_ok());
        assert!(conforms(&schema, &json!({"n": "x"})).unwrap_err().contains("does not conform"));
        assert!(compiled(&json!({"type": "nonsense"})).is_err());
        // Neither the network nor files are looked at.
        assert!(compiled(&json!({"$ref": "http://127.0.0.1:1/x"})).is_err());
        assert!(compiled(&json!({"$ref": "file:///etc/passwd"})).is_err());
    }
}
