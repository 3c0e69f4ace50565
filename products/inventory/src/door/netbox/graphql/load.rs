//! What the types of the contract's GraphQL name, read from our records: under the caller's rights, all objects
//! of a level at once. What a caller may not read is not there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::http::StatusCode;
use kit::graphql::{Cell, Column, Fault, Level, Node, Source, Wanted};
use kit::record::{FieldKind, Model, Record};
use kit::records::{Ask, Where};
use kit::{BoxFuture, Ctx, Problem, Records, Services};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::contract::{Endpoint, Fact};
use super::super::pool::{Pool, record_id};
use super::super::query;
use super::super::render::Writer;
use super::facts::{self, Field, Known, type_of};
use super::filter::numbers;
use super::{arrange, leaf};
use crate::cabling::Port;
use crate::reading::reference_id;

/// Most objects of a page, and of one read.
const MAX_PAGE: u32 = 1_000;

/// The source of the contract's schema.
pub(super) struct Netbox {
    pub(super) services: Services,
}

/// Who asks, of which records.
pub(super) struct Asker<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) ctx: &'a Ctx,
}

/// Records of one model, in the order of the contract.
type Loaded = HashMap<&'static str, HashMap<Uuid, (usize, Arc<Record>)>>;
/// Ids that are wanted.
type Ids = BTreeMap<&'static str, BTreeSet<Uuid>>;

/// How a list is cut.
struct Paging {
    offset: usize,
    limit: usize,
    start: Option<i64>,
}

pub(super) fn fault(message: String) -> Fault {
    Fault { message, code: None }
}

pub(super) fn told(problem: Problem) -> Fault {
    fault(problem.detail)
}

impl Source for Netbox {
    fn load<'a>(&'a self, level: Level<'a>) -> BoxFuture<'a, Vec<Column>> {
        Box::pin(async move {
            let records = match self.services.records() {
                Ok(records) => records,
                Err(problem) => {
                    let fault = told(problem);
                    return level.wanted.iter().map(|_| Err(fault.clone())).collect();
                }
            };
            let asker = Asker { records: &**records, ctx: level.ctx };
            if level.kind == "Query" {
                return asker.roots(level).await;
            }
            match facts::of_type(level.kind) {
                Some((known, endpoint)) => asker.objects(known, endpoint, level).await,
                None => level.wanted.iter().map(|wanted| Ok(plain(level.nodes, wanted))).collect(),
            }
        })
    }
}

/// Fields of objects that are no records: their members.
fn plain(nodes: &[Node], wanted: &Wanted) -> Vec<Cell> {
    let leads = wanted.field == "user" || wanted.field.ends_with("_type");
    let cell = |node: &Node| match node.record.get(&wanted.field) {
        Some(Value::Object(object)) if leads => {
            Cell::One(Some(Node { kind: "DjangoModelType".into(), record: Arc::new(object.clone()) }))
        }
        value => Cell::Leaf(value.cloned().unwrap_or_default()),
    };
    nodes.iter().map(cell).collect()
}

impl Asker<'_> {
    pub(super) fn model(&self, endpoint: &Endpoint) -> Result<&'static Model, Fault> {
        let absent = || fault(format!("This server does not serve {} yet.", endpoint.path));
        self.records.model(&endpoint.model).ok_or_else(absent)
    }

    async fn roots(&self, level: Level<'_>) -> Vec<Column> {
        let mut columns = Vec::with_capacity(level.wanted.len());
        for wanted in level.wanted {
            columns.push(self.root(wanted).await.map(|cell| vec![cell]));
        }
        columns
    }

    async fn root(&self, wanted: &Wanted) -> Result<Cell, Fault> {
        let known = facts::root(&wanted.field).and_then(|root| Some((root, facts::of_type(&root.kind)?.1)));
        let Some((root, endpoint)) = known else {
            return Err(fault(format!("This server does not serve {} yet.", wanted.field)));
        };
        if root.many {
            let found = self.list(endpoint, &wanted.arguments).await?;
            return Ok(Cell::Many(
                found.into_iter().map(|record| node(endpoint, Arc::new(record))).collect(),
            ));
        }
        let id = numbers(wanted.arguments.get("id").unwrap_or(&Value::Null))?;
        let filter = Where::Is { field: "number".to_owned(), op: "eq", values: id };
        let found = self.found(self.model(endpoint)?, &Ask { filter, limit: 1, ..Ask::default() }).await?;
        let absent = || fault(format!("{} matching query does not exist.", endpoint.class));
        let record = found.into_iter().next().ok_or_else(absent)?;
        Ok(Cell::One(Some(node(endpoint, Arc::new(record)))))
    }

    /// Records that match; none for who may not read them.
    async fn found(&self, model: &'static Model, ask: &Ask) -> Result<Vec<Record>, Fault> {
        match self.records.find(self.ctx, model, ask).await {
            Ok(found) => Ok(found.records),
            Err(problem) if problem.status == StatusCode::FORBIDDEN => Ok(Vec::new()),
            Err(problem) => Err(told(problem)),
        }
    }

    /// A list of the root.
    async fn list(
        &self,
        endpoint: &'static Endpoint,
        arguments: &Map<String, Value>,
    ) -> Result<Vec<Record>, Fault> {
        let model = self.model(endpoint)?;
        let paging = Paging::of(arguments)?;
        if paging.limit == 0 {
            return Ok(Vec::new());
        }
        let mut filter = self.filtered(endpoint, arguments).await?;
        let sort = Some(query::order(endpoint, model, None));
        let limit = u32::try_from(paging.limit).unwrap_or(MAX_PAGE);
        if let Some(start) = paging.start {
            filter = Where::All(vec![filter, Where::is("number", "gte", start.to_string())]);
            let ask = Ask { filter, sort: Some("number".to_owned()), limit, ..Ask::default() };
            return self.found(model, &ask).await;
        }
        let mut ask = Ask { filter, sort, limit: MAX_PAGE, ..Ask::default() };
        if arrange::special(endpoint) {
            let whole = self.found(model, &ask).await?;
            if whole.len() < MAX_PAGE as usize {
                let whole =
                    arrange::arranged(self.records, self.ctx, endpoint, model, whole).await.map_err(told)?;
                return Ok(whole.into_iter().skip(paging.offset).take(paging.limit).collect());
            }
        }
        (ask.offset, ask.limit) = (paging.offset as u64, limit);
        self.found(model, &ask).await
    }

    async fn filtered(
        &self,
        endpoint: &'static Endpoint,
        arguments: &Map<String, Value>,
    ) -> Result<Where, Fault> {
        match arguments.get("filters").and_then(Value::as_object) {
            Some(filter) => self.condition(endpoint, filter).await,
            None => Ok(Where::All(Vec::new())),
        }
    }

    /// Fields of records of one endpoint.
    async fn objects(
        &self,
        known: &'static Known<Field>,
        endpoint: &'static Endpoint,
        level: Level<'_>,
    ) -> Vec<Column> {
        let wanted: Vec<Option<&'static Field>> =
            level.wanted.iter().map(|wanted| known.get(&wanted.field)).collect();
        let shown = match self.shown(endpoint, level.nodes, &wanted).await {
            Ok(shown) => shown,
            Err(problem) => {
                let fault = told(problem);
                return level.wanted.iter().map(|_| Err(fault.clone())).collect();
            }
        };
        let mut columns = Vec::with_capacity(wanted.len());
        for (field, asked) in wanted.into_iter().zip(level.wanted) {
            columns.push(match field {
                Some(field) => self.column(field, asked, endpoint, (level.nodes, level.room), &shown).await,
                None => Err(fault(format!("This server does not serve {} yet.", asked.field))),
            });
        }
        columns
    }

    /// What REST shows of the objects, and all that the fields lead to.
    async fn shown(
        &self,
        endpoint: &'static Endpoint,
        nodes: &[Node],
        wanted: &[Option<&'static Field>],
    ) -> Result<Shown, Problem> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let (mut leads, mut ports) = (false, false);
        for field in wanted.iter().copied().flatten() {
            names.extend(field.fact.as_deref());
            match field.own.as_deref() {
                Some("family") => names.extend(["family"]),
                Some("cable" | "wireless_link" | "link_peers" | "connected_endpoints") => ports = true,
                _ => {}
            }
            leads |= field.via.is_some();
        }
        let facts: Vec<&'static Fact> = names.iter().filter_map(|name| endpoint.fact(name)).collect();
        let mut needed = facts.clone();
        if ports {
            let of_ports = ["cable", "wireless_link", "link_peers", "connected_endpoints"];
            needed.extend(of_ports.into_iter().filter_map(|name| endpoint.fact(name)));
        }
        let mut shown = Shown::default();
        if !needed.is_empty() {
            let items: Vec<Record> = nodes.iter().map(|node| (*node.record).clone()).collect();
            shown.pool = Pool::load(self.records, self.ctx, endpoint, &items, &needed).await?;
            let writer = Writer { base: super::super::PREFIX, pool: &shown.pool };
            let mut objects = Vec::with_capacity(items.len());
            for item in &items {
                let mut out = Vec::with_capacity(512);
                writer.object(&mut out, endpoint, item, &facts);
                objects.push(serde_json::from_slice(&out).map_err(Problem::internal)?);
            }
            shown.objects = objects;
        }
        let mut ids = Ids::new();
        if leads {
            for field in wanted.iter().copied().flatten().filter_map(|field| field.via.as_deref()) {
                for node in nodes {
                    self.refer(endpoint, field, &node.record, &mut ids);
                }
            }
        }
        if ports {
            for node in nodes {
                let id = record_id(&node.record);
                for port in shown.linked(id) {
                    if let Some(there) = Endpoint::of_model(&port.model) {
                        ids.entry(there.model.as_str()).or_default().insert(port.id);
                    }
                }
            }
        }
        shown.loaded = self.loaded(ids).await?;
        Ok(shown)
    }

    /// What a reference of a record leads to, by our models.
    fn targets(&self, endpoint: &Endpoint, field: &str, record: &Record) -> Vec<(&'static Endpoint, Uuid)> {
        let to =
            self.records.model(&endpoint.model).and_then(|model| model.field(field)).map(|field| field.kind);
        let one = |value: &Value| {
            let there = match (value.get("type").and_then(Value::as_str), to) {
                (Some(model), _) => Endpoint::of_model(model),
                (None, Some(FieldKind::Reference { model, .. } | FieldKind::References { model })) => {
                    Endpoint::of_model(model)
                }
                _ => None,
            };
            Some((there?, reference_id(value)?))
        };
        match record.get(field) {
            Some(Value::Array(items)) => items.iter().filter_map(one).collect(),
            Some(value) => one(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn refer(&self, endpoint: &Endpoint, field: &str, record: &Record, ids: &mut Ids) {
        for (there, id) in self.targets(endpoint, field, record) {
            ids.entry(there.model.as_str()).or_default().insert(id);
        }
    }

    /// The records of ids, one read a model.
    async fn loaded(&self, ids: Ids) -> Result<Loaded, Problem> {
        let mut loaded = Loaded::new();
        for (name, ids) in ids {
            let Some((endpoint, model)) = Endpoint::of_model(name).zip(self.records.model(name)) else {
                continue;
            };
            let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
            let mut found = HashMap::with_capacity(ids.len());
            for some in ids.chunks(MAX_PAGE as usize) {
                let filter = Where::Is { field: "id".to_owned(), op: "eq", values: some.to_vec() };
                let sort = Some(query::order(endpoint, model, None));
                let ask = Ask { filter, sort, limit: MAX_PAGE, ..Ask::default() };
                let records = match self.records.find(self.ctx, model, &ask).await {
                    Ok(found) => found.records,
                    Err(problem) if problem.status == StatusCode::FORBIDDEN => Vec::new(),
                    Err(problem) => return Err(problem),
                };
                for record in records {
                    let at = found.len();
                    found.insert(record_id(&record), (at, Arc::new(record)));
                }
            }
            loaded.insert(model.name, found);
        }
        Ok(loaded)
    }

    /// One field of all objects.
    async fn column(
        &self,
        field: &'static Field,
        asked: &Wanted,
        endpoint: &'static Endpoint,
        (nodes, room): (&[Node], usize),
        shown: &Shown,
    ) -> Column {
        if let Some(name) = &field.fact {
            let fact = endpoint.fact(name);
            let value = |at: usize| shown.value(at, name);
            return Ok((0..nodes.len()).map(|at| Cell::Leaf(leaf::leaf(field, fact, value(at)))).collect());
        }
        if let Some(column) = &field.via {
            let many = self.many(endpoint, column);
            let cell = |node: &Node| {
                let targets = self.targets(endpoint, column, &node.record);
                shown.cell(targets.into_iter(), many)
            };
            return Ok(nodes.iter().map(cell).collect());
        }
        if let Some((model, by)) = &field.back {
            let there = Endpoint::of_model(model).ok_or_else(|| fault(format!("{model} is not served.")))?;
            let many = field.ty.starts_with('[');
            return self.back((endpoint, there), by, &asked.arguments, (nodes, room), many).await;
        }
        match field.own.as_deref() {
            Some("class_type") => {
                Ok(nodes.iter().map(|_| Cell::Leaf(Value::from(endpoint.class.as_str()))).collect())
            }
            Some("family") => Ok((0..nodes.len()).map(|at| shown.family(at)).collect()),
            Some("content_type") => Ok(content_types(nodes, field.column.as_deref().unwrap_or_default())),
            Some("changelog") => self.changelog(endpoint, nodes).await,
            Some(own) => Ok(nodes.iter().map(|node| shown.ports(own, record_id(&node.record))).collect()),
            None => Ok(nodes.iter().map(|_| Cell::Leaf(leaf::absent(field))).collect()),
        }
    }

    fn many(&self, endpoint: &Endpoint, column: &str) -> bool {
        let field = self.records.model(&endpoint.model).and_then(|model| model.field(column));
        field.is_some_and(|field| matches!(field.kind, FieldKind::References { .. }))
    }

    /// The records that refer to each of the objects by a field: one list, cut for each.
    async fn back(
        &self,
        (endpoint, there): (&'static Endpoint, &'static Endpoint),
        by: &str,
        arguments: &Map<String, Value>,
        (nodes, room): (&[Node], usize),
        many: bool,
    ) -> Column {
        let model = self.model(there)?;
        let paging = Paging::of(arguments)?;
        let kind = model.field(by).map(|field| (field.kind, field.generic_columns()));
        let values: Vec<String> = nodes.iter().map(|node| record_id(&node.record).to_string()).collect();
        let mut all = vec![self.filtered(there, arguments).await?];
        match kind {
            Some((FieldKind::Generic { .. }, [type_column, id_column])) => {
                all.push(Where::is(type_column, "eq", endpoint.model.as_str()));
                all.push(Where::Is { field: id_column.to_owned(), op: "eq", values });
            }
            _ => all.push(Where::Is { field: by.to_owned(), op: "eq", values }),
        }
        if let Some(start) = paging.start {
            all.push(Where::is("number", "gte", start.to_string()));
        }
        let sort = Some(query::order(there, model, None));
        let mut ask = Ask { filter: Where::All(all), sort, limit: MAX_PAGE, ..Ask::default() };
        let mut found = Vec::new();
        loop {
            let page = self.found(model, &ask).await?;
            let full = page.len() == MAX_PAGE as usize;
            found.extend(page);
            if !full {
                break;
            }
            if found.len() > room {
                return Err(fault(format!(
                    "This query reaches too many of {}. Filter, or ask for fewer.",
                    there.path
                )));
            }
            ask.offset += u64::from(MAX_PAGE);
        }
        let found = arrange::arranged(self.records, self.ctx, there, model, found).await.map_err(told)?;
        let mut lists: HashMap<Uuid, Vec<Node>> = HashMap::new();
        for record in found {
            let to: Vec<Uuid> = match record.get(by) {
                Some(Value::Array(items)) => items.iter().filter_map(reference_id).collect(),
                Some(value) => reference_id(value).into_iter().collect(),
                None => Vec::new(),
            };
            let one = node(there, Arc::new(record));
            for id in to {
                lists.entry(id).or_default().push(one.clone());
            }
        }
        let cell = |node: &Node| {
            let list = lists.get(&record_id(&node.record)).map(Vec::as_slice).unwrap_or_default();
            let mut list = list.iter().skip(paging.offset).take(paging.limit).cloned();
            if many { Cell::Many(list.collect()) } else { Cell::One(list.next()) }
        };
        Ok(nodes.iter().map(cell).collect())
    }
}

/// What a level is shown with.
#[derive(Default)]
struct Shown {
    pool: Pool,
    objects: Vec<Map<String, Value>>,
    loaded: Loaded,
}

impl Shown {
    fn value(&self, at: usize, name: &str) -> Value {
        self.objects.get(at).and_then(|object| object.get(name)).cloned().unwrap_or_default()
    }

    fn family(&self, at: usize) -> Cell {
        let Value::Object(object) = self.value(at, "family") else { return Cell::One(None) };
        Cell::One(Some(Node { kind: "IPAddressFamilyType".into(), record: Arc::new(object) }))
    }

    /// Records in the order of the contract.
    fn cell(&self, targets: impl Iterator<Item = (&'static Endpoint, Uuid)>, many: bool) -> Cell {
        let mut found: Vec<(usize, Node)> = targets
            .filter_map(|(there, id)| {
                let (at, record) = self.loaded.get(there.model.as_str())?.get(&id)?;
                Some((*at, node(there, record.clone())))
            })
            .collect();
        found.sort_by_key(|(at, _)| *at);
        let mut nodes = found.into_iter().map(|(_, node)| node);
        if many { Cell::Many(nodes.collect()) } else { Cell::One(nodes.next()) }
    }

    /// Everything that a port is linked with.
    fn linked(&self, id: Uuid) -> Vec<Port> {
        let link = self.pool.link(id).map(|link| link.by.clone());
        link.into_iter().chain(self.pool.peers(id)).chain(self.ends(id).iter().cloned()).collect()
    }

    /// What the path of a port ends at.
    fn ends(&self, id: Uuid) -> &[Port] {
        let path = self.pool.path(id).map(|path| path.ends.as_slice());
        path.filter(|ends| !ends.is_empty()).unwrap_or_else(|| self.pool.over_circuit(id))
    }

    /// What a port says of its cable.
    fn ports(&self, own: &str, id: Uuid) -> Cell {
        let target = |port: &Port| Some((Endpoint::of_model(&port.model)?, port.id));
        let link = |path: &str| {
            let link = self.pool.link(id).and_then(|link| target(&link.by));
            link.filter(|(there, _)| there.path == path)
        };
        match own {
            "cable" => self.cell(link("dcim/cables").into_iter(), false),
            "wireless_link" => self.cell(link("wireless/wireless-links").into_iter(), false),
            "link_peers" => self.cell(self.pool.peers(id).iter().filter_map(target), true),
            _ => self.cell(self.ends(id).iter().filter_map(target), true),
        }
    }
}

impl Paging {
    fn of(arguments: &Map<String, Value>) -> Result<Self, Fault> {
        let paging = arguments.get("pagination");
        let number = |name: &str| paging.and_then(|paging| paging.get(name)).and_then(Value::as_i64);
        let (offset, start) = (number("offset").unwrap_or(0), number("start"));
        if start.is_some() && offset != 0 {
            return Err(fault("Cannot specify both `start` and `offset` in pagination.".to_owned()));
        }
        // A negative number asks for as many as there may be.
        let limit =
            number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(MAX_PAGE as usize);
        let offset = usize::try_from(offset).unwrap_or(0);
        Ok(Self { offset, limit: limit.min(MAX_PAGE as usize), start })
    }
}

fn node(endpoint: &Endpoint, record: Arc<Record>) -> Node {
    Node { kind: type_of(endpoint).into(), record }
}

/// Names of our models as the contract's types of content.
fn content_types(nodes: &[Node], column: &str) -> Vec<Cell> {
    let one = |model: &Value| {
        let endpoint = Endpoint::of_model(model.as_str()?)?;
        let (app, name) = endpoint.kind.split_once('.')?;
        let id = super::super::object_types::id_of(endpoint)?.to_string();
        let members = [("id", id.as_str()), ("app_label", app), ("model", name)];
        let record = members.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        Some(Node { kind: "ContentTypeType".into(), record: Arc::new(record) })
    };
    let cell = |node: &Node| match node.record.get(column) {
        Some(Value::Array(models)) => Cell::Many(models.iter().filter_map(one).collect()),
        // Of a generic reference: its type.
        Some(Value::Object(reference)) => Cell::One(reference.get("type").and_then(one)),
        Some(model) => Cell::One(one(model)),
        None => Cell::One(None),
    };
    nodes.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages() {
        let of = |pagination: Value| {
            let arguments = json!({"pagination": pagination});
            Paging::of(arguments.as_object().unwrap())
                .map(|paging| (paging.offset, paging.limit, paging.start))
                .map_err(|fault| fault.message)
        };
        assert_eq!(of(json!({"offset": 1, "limit": 2})), Ok((1, 2, None)));
        assert_eq!(of(json!({"limit": -1})), Ok((0, 1_000, None)));
        assert_eq!(of(json!({"start": 3, "limit": 5_000})), Ok((0, 1_000, Some(3))));
        assert!(of(json!({"start": 3, "offset": 1})).unwrap_err().contains("both"));
    }
}
