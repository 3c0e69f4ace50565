//! What objects need of other records to be shown, loaded level by level: one read a level, however
//! many objects there are.

use std::collections::{BTreeSet, HashMap};

use kit::record::Record;
use kit::records::Referenced;
use kit::{Ctx, Problem, Records};
use serde_json::Value;
use uuid::Uuid;

use super::contract::{Endpoint, Fact, Kind};
use super::custom::Definitions;
use super::{display, tagged};
use crate::cabling::{Cabling, Link, Path, Port};
use crate::circuits;
use crate::contexts;
use crate::reading::{Reader, id_of, reference, reference_id, text};
use crate::store::space;
use crate::store::sums::{self, Allocated};

/// Deepest chain of references shown: an interface of a module in a bay of a device of a type.
const LEVELS: usize = 6;
/// Deepest place in a tree that is counted.
const MAX_DEPTH: i64 = 1_000;

/// What refers to a record: model and field.
pub(super) type Referrer = (&'static str, &'static str);

/// The referrer a fact names.
pub(super) fn referrer((model, field): &'static (String, String)) -> Referrer {
    (model, field)
}

/// Records and counts that objects are shown with.
#[derive(Default)]
pub(super) struct Pool {
    records: Referenced,
    counts: HashMap<Referrer, HashMap<Uuid, i64>>,
    back: HashMap<Referrer, HashMap<Uuid, Vec<Record>>>,
    depth: HashMap<Uuid, i64>,
    children: HashMap<Uuid, i64>,
    cabling: Cabling,
    paths: HashMap<Uuid, Path>,
    definitions: Definitions,
    /// What virtual interfaces reach through their virtual circuit.
    over_circuits: HashMap<Uuid, Vec<Port>>,
    allocated: HashMap<Uuid, Allocated>,
    contexts: HashMap<Uuid, Value>,
}

/// The id of a record; all that come from the engine have one.
pub(super) fn record_id(record: &Record) -> Uuid {
    id_of(record).unwrap_or_default()
}

/// The endpoint a reference leads to: the model it names, or the one the field is for.
fn target(fact: &Fact, value: &Value) -> Option<&'static Endpoint> {
    match value.get("type").and_then(Value::as_str) {
        Some(model) => Endpoint::of_model(model),
        None => fact.to.as_deref().and_then(Endpoint::at),
    }
}

impl Pool {
    /// Loads all that these facts of the records need.
    pub(super) async fn load(
        records: &dyn Records,
        ctx: &Ctx,
        endpoint: &'static Endpoint,
        items: &[Record],
        facts: &[&'static Fact],
    ) -> Result<Self, Problem> {
        let mut pool = Self::default();
        let ctx = &ctx.together();
        let ids: Vec<Uuid> = items.iter().map(record_id).collect();
        let counts = facts.iter().filter_map(|fact| fact.count.as_ref());
        pool.load_counts(records, ctx, counts.map(referrer).collect(), &ids).await?;
        for fact in facts {
            if let Some(back) = &fact.back {
                pool.load_back(records, ctx, referrer(back), &ids).await?;
            }
        }
        if endpoint.kind == "ipam.prefix" {
            let places = space::places(&mut ctx.read().await?, &ids).await?;
            pool.children.extend(places.iter().map(|(id, place)| (*id, place.children)));
            pool.depth.extend(places.iter().map(|(id, place)| (*id, place.depth)));
        } else if facts.iter().any(|fact| fact.name == "_depth") {
            pool.load_depth(records, ctx, endpoint, items).await?;
        }
        let custom = |item: &Record| {
            item.get("custom_fields").and_then(Value::as_object).is_some_and(|values| !values.is_empty())
        };
        if items.iter().any(custom) && facts.iter().any(|fact| fact.kind == Kind::CustomFields) {
            pool.definitions = Definitions::load(records, ctx, &endpoint.model).await?;
        }
        if facts.iter().any(|fact| fact.name.starts_with("allocated_")) {
            pool.allocated = sums::allocated(&mut ctx.read().await?, &ids).await?;
        }
        let mut wanted = Wanted::default();
        for item in items {
            needs(endpoint, item, facts, &mut wanted);
        }
        for listed in pool.back.values().flat_map(HashMap::values).flatten() {
            if let Some((endpoint, record)) = shown(listed) {
                needs(endpoint, record, nested(endpoint), &mut wanted);
            }
            named(records, listed, &mut wanted);
        }
        pool.load_cables(records, ctx, (&endpoint.model, &ids), facts, &mut wanted).await?;
        if endpoint.kind == "dcim.interface" && facts.iter().any(|fact| fact.name == "connected_endpoints") {
            pool.load_circuits(records, ctx, items, &mut wanted).await?;
        }
        if endpoint.kind == "extras.tag" && facts.iter().any(|fact| fact.name == "tagged_items") {
            pool.children = tagged::counts(records, ctx, &ids).await?;
        }
        if facts.iter().any(|fact| fact.name == "config_context") {
            pool.contexts = contexts::of(records, ctx, items).await?;
        }
        for _ in 0..LEVELS {
            let missing = wanted.missing(&pool.records);
            if missing.is_empty() {
                break;
            }
            let loaded = records.referenced(ctx, &missing).await?;
            wanted = Wanted::default();
            for (model, found) in loaded {
                if let Some(endpoint) = Endpoint::of_model(model) {
                    let facts = nested(endpoint);
                    let ids: Vec<Uuid> = found.keys().copied().collect();
                    let kept = facts.iter().filter(|fact| fact.kept);
                    let counts = kept.filter_map(|fact| fact.count.as_ref()).map(referrer).collect();
                    pool.load_counts(records, ctx, counts, &ids).await?;
                    if facts.iter().any(|fact| fact.name == "_depth") {
                        let items: Vec<Record> = found.values().cloned().collect();
                        pool.load_depth(records, ctx, endpoint, &items).await?;
                    }
                    pool.load_cables(records, ctx, (&endpoint.model, &ids), facts, &mut wanted).await?;
                    for record in found.values() {
                        needs(endpoint, record, facts, &mut wanted);
                    }
                }
                pool.records.entry(model).or_default().extend(found);
            }
        }
        Ok(pool)
    }

    /// The cables of ports, what is at their other side, and - where it is shown - what their paths end at.
    async fn load_cables(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        (model, ids): (&str, &[Uuid]),
        facts: &[&'static Fact],
        wanted: &mut Wanted,
    ) -> Result<(), Problem> {
        const NAMES: [&str; 7] = [
            "cable",
            "cable_end",
            "wireless_link",
            "link_peers",
            "link_peers_type",
            "connected_endpoints",
            "_occupied",
        ];
        let shows = |name: &str| facts.iter().any(|fact| fact.name == name);
        if !NAMES.into_iter().any(shows) {
            return Ok(());
        }
        let ports: BTreeSet<Uuid> = ids.iter().copied().collect();
        self.cabling.load(records, ctx, &ports).await?;
        if shows("connected_endpoints") {
            let origins: Vec<Port> = ids.iter().map(|id| Port { model: model.to_owned(), id: *id }).collect();
            let paths = self.cabling.paths(records, ctx, &origins).await?;
            self.paths.extend(paths);
        }
        for id in ids {
            let link = self.cabling.link(*id).map(|link| link.by.clone());
            let peers = if shows("link_peers") { self.cabling.far(*id) } else { Vec::new() };
            let ends = self.paths.get(id).map(|path| path.ends.clone()).unwrap_or_default();
            for port in link.into_iter().chain(peers).chain(ends) {
                if let Some(endpoint) = Endpoint::of_model(&port.model) {
                    wanted.add(endpoint, port.id);
                }
            }
        }
        Ok(())
    }

    /// What the virtual ones of interfaces reach through virtual circuits.
    async fn load_circuits(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        interfaces: &[Record],
        wanted: &mut Wanted,
    ) -> Result<(), Problem> {
        let virtuals = interfaces.iter().filter(|interface| text(interface, "type") == "virtual");
        let virtuals = virtuals.map(record_id).collect();
        self.over_circuits = circuits::peers(&mut Reader::Of(ctx), records, &virtuals).await?;
        for port in self.over_circuits.values().flatten() {
            if let Some(endpoint) = Endpoint::of_model(&port.model) {
                wanted.add(endpoint, port.id);
            }
        }
        Ok(())
    }

    /// What an interface reaches through its virtual circuit.
    pub(super) fn over_circuit(&self, interface: Uuid) -> &[Port] {
        self.over_circuits.get(&interface).map(Vec::as_slice).unwrap_or_default()
    }

    /// The cable or wireless link of a port.
    pub(super) fn link(&self, port: Uuid) -> Option<&Link> {
        self.cabling.link(port)
    }

    /// What is at the other side of the port's cable.
    pub(super) fn peers(&self, port: Uuid) -> Vec<Port> {
        self.cabling.far(port)
    }

    /// The path of a port.
    pub(super) fn path(&self, port: Uuid) -> Option<&Path> {
        self.paths.get(&port)
    }

    async fn load_counts(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        by: Vec<Referrer>,
        ids: &[Uuid],
    ) -> Result<(), Problem> {
        if by.is_empty() {
            return Ok(());
        }
        let counts = records.referrals(ctx, &by, ids).await?;
        for (referrer, counts) in by.into_iter().zip(counts) {
            self.counts.entry(referrer).or_default().extend(counts);
        }
        Ok(())
    }

    async fn load_back(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        (model, field): Referrer,
        ids: &[Uuid],
    ) -> Result<(), Problem> {
        if self.back.contains_key(&(model, field)) {
            return Ok(());
        }
        let known = records.model(model).and_then(|model| model.field(field));
        let column = match known.map(|field| (field.kind, field.generic_columns())) {
            Some((kit::FieldKind::Generic { .. }, [_, id])) => id,
            _ => field,
        };
        let found = Reader::Of(ctx).listed(records, model, column, &ids.iter().copied().collect()).await?;
        let lists = self.back.entry((model, field)).or_default();
        for mut record in found {
            let of: Vec<Uuid> = match record.get(field) {
                Some(Value::Array(items)) => items.iter().filter_map(reference_id).collect(),
                _ => reference(&record, field).into_iter().collect(),
            };
            record.insert(MODEL.to_owned(), Value::from(model));
            for id in of {
                lists.entry(id).or_default().push(record.clone());
            }
        }
        Ok(())
    }

    /// How deep each record lies in the tree of its model.
    async fn load_depth(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        endpoint: &'static Endpoint,
        items: &[Record],
    ) -> Result<(), Problem> {
        let Some(model) = records.model(&endpoint.model) else { return Ok(()) };
        let Some(parent) = model.parent else { return Ok(()) };
        let above = |record: &Record| reference(record, parent);
        let mut up: HashMap<Uuid, Option<Uuid>> =
            items.iter().map(|record| (record_id(record), above(record))).collect();
        loop {
            let mut missing: Vec<Uuid> =
                up.values().flatten().filter(|id| !up.contains_key(id)).copied().collect();
            missing.sort_unstable();
            missing.dedup();
            if missing.is_empty() {
                break;
            }
            let found = records.referenced(ctx, &[(model.name, missing.clone())]).await?;
            let found = found.get(model.name);
            for id in missing {
                up.insert(id, found.and_then(|found| found.get(&id)).and_then(above));
            }
        }
        for item in items {
            let mut depth = 0;
            let mut at = record_id(item);
            while let Some(Some(next)) = up.get(&at).filter(|_| depth < MAX_DEPTH) {
                depth += 1;
                at = *next;
            }
            self.depth.insert(record_id(item), depth);
        }
        Ok(())
    }

    /// What the custom fields of the objects are.
    pub(super) fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// A loaded record.
    pub(super) fn get(&self, model: &str, id: Uuid) -> Option<&Record> {
        self.records.get(model)?.get(&id)
    }

    /// What a field of our record refers to.
    pub(super) fn referred<'a>(
        &'a self,
        record: &Record,
        field: &str,
    ) -> Option<(&'static Endpoint, &'a Record)> {
        let value = record.get(field)?;
        let id = reference_id(value)?;
        if let Some(model) = value.get("type").and_then(Value::as_str) {
            return Some((Endpoint::of_model(model)?, self.get(model, id)?));
        }
        self.records.iter().find_map(|(model, found)| Some((Endpoint::of_model(model)?, found.get(&id)?)))
    }

    /// What a reference of a field leads to.
    pub(super) fn target(&self, fact: &Fact, value: &Value) -> Option<(&'static Endpoint, &Record)> {
        let endpoint = target(fact, value)?;
        Some((endpoint, self.get(&endpoint.model, reference_id(value)?)?))
    }

    /// How many records refer to this one.
    pub(super) fn count(&self, by: Referrer, id: Uuid) -> i64 {
        self.counts.get(&by).and_then(|counts| counts.get(&id)).copied().unwrap_or(0)
    }

    /// The records that refer to this one.
    pub(super) fn back(&self, by: Referrer, id: Uuid) -> &[Record] {
        self.back.get(&by).and_then(|lists| lists.get(&id)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The data that config contexts give a device or machine.
    pub(super) fn context(&self, id: Uuid) -> Value {
        self.contexts.get(&id).cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    /// How many prefixes lie within this one.
    pub(super) fn children(&self, id: Uuid) -> i64 {
        self.children.get(&id).copied().unwrap_or(0)
    }

    /// What the machines of a cluster have together.
    pub(super) fn allocated(&self, cluster: Uuid) -> Allocated {
        self.allocated.get(&cluster).copied().unwrap_or_default()
    }

    /// How deep the record lies in its tree.
    pub(super) fn depth(&self, id: Uuid) -> i64 {
        self.depth.get(&id).copied().unwrap_or(0)
    }
}

/// Key under which a record that was listed from the other side keeps its model.
const MODEL: &str = "$model";

/// The endpoint of a record that was listed from the other side.
pub(super) fn shown(record: &Record) -> Option<(&'static Endpoint, &Record)> {
    let model = record.get(MODEL).and_then(Value::as_str)?;
    Some((Endpoint::of_model(model)?, record))
}

/// The facts of the short form.
pub(super) fn nested(endpoint: &'static Endpoint) -> &'static [&'static Fact] {
    endpoint.short_facts()
}

/// Everything a record that was listed from the other side refers to.
fn named(records: &dyn Records, record: &Record, wanted: &mut Wanted) {
    let Some(model) = record.get(MODEL).and_then(Value::as_str).and_then(|model| records.model(model)) else {
        return;
    };
    for field in model.fields {
        let Some(value) = record.get(field.name) else { continue };
        let target = match field.kind {
            kit::FieldKind::Reference { model, .. } => Some(model),
            kit::FieldKind::Generic { .. } => value.get("type").and_then(Value::as_str),
            _ => None,
        };
        if let (Some(endpoint), Some(id)) = (target.and_then(Endpoint::of_model), reference_id(value)) {
            wanted.add(endpoint, id);
        }
    }
}

#[derive(Default)]
struct Wanted(HashMap<&'static str, Vec<Uuid>>);

impl Wanted {
    fn add(&mut self, endpoint: &'static Endpoint, id: Uuid) {
        self.0.entry(endpoint.model.as_str()).or_default().push(id);
    }

    /// Those not loaded yet, each once.
    fn missing(&self, loaded: &Referenced) -> Vec<(&'static str, Vec<Uuid>)> {
        let mut missing = Vec::new();
        for (model, ids) in &self.0 {
            let known = loaded.get(model);
            let mut ids: Vec<Uuid> =
                ids.iter().filter(|id| known.is_none_or(|known| !known.contains_key(id))).copied().collect();
            ids.sort_unstable();
            ids.dedup();
            if !ids.is_empty() {
                missing.push((*model, ids));
            }
        }
        missing
    }
}

/// What one record needs for these facts.
fn needs(endpoint: &'static Endpoint, record: &Record, facts: &[&'static Fact], wanted: &mut Wanted) {
    for fact in facts {
        if fact.name == "display" {
            for field in display::parts(&endpoint.kind) {
                if let Some(fact) = endpoint.fact_of(field) {
                    want(fact, record, field, wanted);
                }
            }
        }
        for column in columns(fact) {
            want(fact, record, column, wanted);
        }
        if let (Kind::CustomFields, Some(column)) = (fact.kind, &fact.column) {
            let values = record.get(column).and_then(Value::as_object).into_iter().flatten();
            for (_, value) in values {
                let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for item in items {
                    if let (Some(endpoint), Some(id)) = (target(fact, item), reference_id(item)) {
                        wanted.add(endpoint, id);
                    }
                }
            }
        }
    }
}

/// Our reference fields behind a fact.
pub(super) fn columns(fact: &Fact) -> Vec<&str> {
    match (fact.kind, fact.name.as_str(), &fact.column) {
        (_, "primary_ip", None) => vec!["primary_ip4", "primary_ip6"],
        (_, "mac_address", None) => vec!["primary_mac_address"],
        (_, "is_primary", None) => vec!["assigned_object"],
        (
            Kind::Fk | Kind::Pk | Kind::M2m | Kind::Slugs | Kind::Generic | Kind::GenericId,
            _,
            Some(column),
        ) => vec![column],
        _ => Vec::new(),
    }
}

fn want(fact: &Fact, record: &Record, column: &str, wanted: &mut Wanted) {
    let Some(value) = record.get(column) else { return };
    let one = |value: &Value, wanted: &mut Wanted| {
        let endpoint = match fact.name.as_str() {
            "mac_address" => Endpoint::at("dcim/mac-addresses"),
            _ => target(fact, value),
        };
        if let (Some(endpoint), Some(id)) = (endpoint, reference_id(value)) {
            wanted.add(endpoint, id);
        }
    };
    match value {
        Value::Array(values) => values.iter().for_each(|value| one(value, wanted)),
        value => one(value, wanted),
    }
}
