//! What the schema of the records names, loaded through the record engine. Every read is one of the caller:
//! of its tenant, with its rights.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kit::graphql::{Cell, Column, Fault, Level, Node, Source, Wanted};
use kit::record::{Field, Model, Record};
use kit::records::{Ask, Records, Where};
use kit::{BoxFuture, Ctx};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::definition::{Kind, Root, Way, page_name, type_name};
use super::{LIMITS, Native, filter};

/// Most records of a page, and of one read.
const MAX_PAGE: u32 = 1_000;
/// Records of a page when nothing is said.
const PAGE: u32 = 50;

/// Records of one model by id, or why they are not there.
type Loaded = HashMap<&'static str, Result<HashMap<Uuid, Arc<Record>>, Fault>>;

/// A page as the engine writes it.
#[derive(Deserialize)]
struct Page {
    items: Vec<Record>,
    next_cursor: Option<String>,
    total: Option<u64>,
}

impl Source for Native {
    fn load<'a>(&'a self, level: Level<'a>) -> BoxFuture<'a, Vec<Column>> {
        Box::pin(async move {
            match self.catalogue.kind(level.kind) {
                Some(Kind::Query) => self.roots(level).await,
                Some(Kind::List(model)) => self.pages(model, level).await,
                Some(Kind::Reference) => self.references(level).await,
                Some(Kind::Record(ways)) => self.fields(ways, level).await,
                None => level.wanted.iter().map(|wanted| Err(unknown(&wanted.field))).collect(),
            }
        })
    }
}

impl Native {
    /// The root: one record by its id, or a page that is read when its fields are.
    async fn roots(&self, level: Level<'_>) -> Vec<Column> {
        let mut columns = Vec::with_capacity(level.wanted.len());
        for wanted in level.wanted {
            columns.push(match self.catalogue.root(&wanted.field) {
                Some(Root::Page(model)) => {
                    let record = Arc::new(wanted.arguments.clone());
                    Ok(vec![Cell::One(Some(Node { kind: page_name(model).into(), record }))])
                }
                Some(Root::One(model)) => self.one(level.ctx, model, &wanted.arguments).await,
                None => Err(unknown(&wanted.field)),
            });
        }
        columns
    }

    async fn one(&self, ctx: &Ctx, model: &'static Model, arguments: &Map<String, Value>) -> Column {
        let id = arguments.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| wrong("id: must be a UUID."))?;
        let mut found = self.by_id(ctx, model, &BTreeSet::from([id])).await?;
        Ok(vec![Cell::One(found.remove(&id).map(|record| node(model, record)))])
    }

    /// Pages: the same read gives all that is asked of one.
    async fn pages(&self, model: &'static Model, level: Level<'_>) -> Vec<Column> {
        let count = level.wanted.iter().any(|wanted| wanted.field == "total");
        let mut columns: Vec<Column> = level.wanted.iter().map(|_| Ok(Vec::new())).collect();
        for asked in level.nodes {
            let page = self.page(level.ctx, model, &asked.record, count).await;
            for (column, wanted) in columns.iter_mut().zip(level.wanted) {
                match &page {
                    Ok(page) => {
                        if let Ok(cells) = column {
                            cells.push(page.cell(model, &wanted.field));
                        }
                    }
                    Err(fault) => *column = Err(fault.clone()),
                }
            }
        }
        columns
    }

    async fn page(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        arguments: &Map<String, Value>,
        count: bool,
    ) -> Result<Page, Fault> {
        let ask = Ask { count, ..self.asked(model, arguments)? };
        let after = arguments.get("after").and_then(Value::as_str).map(str::to_owned);
        let query = self.engine.asked(model, &ask)?.after(after);
        let body = self.engine.list(ctx, model, &query).await?;
        serde_json::from_slice(&body).map_err(|error| kit::Problem::internal(error).into())
    }

    /// What the arguments of a list ask for.
    fn asked(&self, model: &'static Model, arguments: &Map<String, Value>) -> Result<Ask, Fault> {
        let filter = match arguments.get("filter").and_then(Value::as_object) {
            Some(filter) => filter::condition(&self.catalogue, model, filter)?,
            None => Where::All(Vec::new()),
        };
        let sort = arguments.get("sort").and_then(Value::as_str).map(str::to_owned);
        let limit = match arguments.get("limit").filter(|limit| !limit.is_null()) {
            None => PAGE,
            Some(limit) => {
                let limit = limit.as_u64().and_then(|limit| u32::try_from(limit).ok());
                let within = limit.filter(|limit| (1..=MAX_PAGE).contains(limit));
                within.ok_or_else(|| wrong(&format!("limit: must be from 1 to {MAX_PAGE}.")))?
            }
        };
        let offset = match arguments.get("offset").filter(|offset| !offset.is_null()) {
            None => 0,
            Some(offset) => offset.as_u64().ok_or_else(|| wrong("offset: must be 0 or more."))?,
        };
        Ok(Ask { filter, sort, offset, limit, ..Ask::default() })
    }

    /// Generic references: what they say, and the records they lead to.
    async fn references(&self, level: Level<'_>) -> Vec<Column> {
        let mut loaded = Loaded::new();
        if level.wanted.iter().any(|wanted| wanted.field == "record") {
            let mut ids = Ids::default();
            for node in level.nodes {
                ids.add_generic(self, &node.record);
            }
            loaded = self.all(level.ctx, ids).await;
        }
        let column = |wanted: &Wanted| -> Column {
            let cell = |node: &Node| match wanted.field.as_str() {
                "record" => match generic(self, &node.record) {
                    Some((model, id)) => Ok(Cell::One(found(&loaded, model, id)?)),
                    None => Ok(Cell::One(None)),
                },
                field => Ok(Cell::Leaf(node.record.get(field).cloned().unwrap_or_default())),
            };
            level.nodes.iter().map(cell).collect()
        };
        level.wanted.iter().map(column).collect()
    }

    /// Fields of records: what they refer to is read once a model.
    async fn fields(&self, ways: &HashMap<String, Way>, level: Level<'_>) -> Vec<Column> {
        let mut ids = Ids::default();
        for wanted in level.wanted {
            match ways.get(&wanted.field).copied() {
                Some(Way::One(field, model)) => {
                    level.nodes.iter().for_each(|node| ids.add(model, node.record.get(field)));
                }
                Some(Way::Many(field, model)) => {
                    for node in level.nodes {
                        let items = node.record.get(field).and_then(Value::as_array);
                        items.into_iter().flatten().for_each(|item| ids.add(model, Some(item)));
                    }
                }
                _ => {}
            }
        }
        let loaded = self.all(level.ctx, ids).await;
        let mut columns = Vec::with_capacity(level.wanted.len());
        for wanted in level.wanted {
            columns.push(match ways.get(&wanted.field).copied() {
                Some(Way::Stored(field)) => Ok(leaves(level.nodes, field)),
                Some(Way::One(field, model)) => level
                    .nodes
                    .iter()
                    .map(|node| match reference(node.record.get(field)) {
                        Some(id) => Ok(Cell::One(found(&loaded, model, id)?)),
                        None => Ok(Cell::One(None)),
                    })
                    .collect(),
                Some(Way::Many(field, model)) => {
                    level.nodes.iter().map(|node| many(&loaded, model, node.record.get(field))).collect()
                }
                Some(Way::Generic(field)) => Ok(level.nodes.iter().map(|node| named(node, field)).collect()),
                Some(Way::Back(model, field)) => self.back(level, model, field, &wanted.arguments).await,
                None => Err(unknown(&wanted.field)),
            });
        }
        columns
    }

    /// The records that refer to each of the nodes by a field: one list, cut for each.
    async fn back(
        &self,
        level: Level<'_>,
        model: &'static Model,
        field: &'static Field,
        arguments: &Map<String, Value>,
    ) -> Column {
        let mut ask = self.asked(model, arguments)?;
        let (offset, limit) = (usize::try_from(ask.offset).unwrap_or(usize::MAX), ask.limit as usize);
        let ids: BTreeSet<Uuid> = level.nodes.iter().filter_map(|node| own(&node.record)).collect();
        let theirs = Where::Is {
            field: field.name.to_owned(),
            op: "eq",
            values: ids.iter().map(Uuid::to_string).collect(),
        };
        ask.filter = Where::All(vec![theirs, ask.filter]);
        (ask.offset, ask.limit) = (0, MAX_PAGE);
        let mut lists: HashMap<Uuid, Vec<Node>> = HashMap::new();
        let mut reached = 0_usize;
        while !ids.is_empty() {
            let page = Records::find(&self.engine, level.ctx, model, &ask).await?.records;
            let full = page.len() == MAX_PAGE as usize;
            reached += page.len();
            for record in page {
                if let Some(id) = reference(record.get(field.name)) {
                    lists.entry(id).or_default().push(node(model, Arc::new(record)));
                }
            }
            if !full {
                break;
            }
            if reached > level.room {
                return Err(Fault {
                    message: format!(
                        "{}: this query reaches more than {} records. Filter, or ask for fewer on the level above.",
                        model.collection, LIMITS.objects
                    ),
                    code: Some("too-many"),
                });
            }
            ask.offset += u64::from(MAX_PAGE);
        }
        let mut cell = |node: &Node| {
            let list = own(&node.record).and_then(|id| lists.remove(&id)).unwrap_or_default();
            Cell::Many(list.into_iter().skip(offset).take(limit).collect())
        };
        Ok(level.nodes.iter().map(&mut cell).collect())
    }

    /// All records of the ids, one read a model.
    async fn all(&self, ctx: &Ctx, ids: Ids) -> Loaded {
        let mut loaded = Loaded::new();
        for (model, ids) in ids.0.into_values() {
            loaded.insert(model.name, self.by_id(ctx, model, &ids).await);
        }
        loaded
    }

    async fn by_id(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        ids: &BTreeSet<Uuid>,
    ) -> Result<HashMap<Uuid, Arc<Record>>, Fault> {
        let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        let mut found = HashMap::with_capacity(ids.len());
        for some in ids.chunks(MAX_PAGE as usize) {
            let filter = Where::Is { field: "id".to_owned(), op: "eq", values: some.to_vec() };
            let ask = Ask { filter, limit: MAX_PAGE, ..Ask::default() };
            for record in Records::find(&self.engine, ctx, model, &ask).await?.records {
                if let Some(id) = own(&record) {
                    found.insert(id, Arc::new(record));
                }
            }
        }
        Ok(found)
    }
}

impl Page {
    fn cell(&self, model: &'static Model, field: &str) -> Cell {
        match field {
            "items" => {
                Cell::Many(self.items.iter().map(|record| node(model, Arc::new(record.clone()))).collect())
            }
            "total" => Cell::Leaf(self.total.into()),
            _ => Cell::Leaf(self.next_cursor.clone().into()),
        }
    }
}

/// Ids that are wanted, by model.
#[derive(Default)]
struct Ids(BTreeMap<&'static str, (&'static Model, BTreeSet<Uuid>)>);

impl Ids {
    fn add(&mut self, model: &'static Model, value: Option<&Value>) {
        if let Some(id) = reference(value) {
            self.0.entry(model.name).or_insert_with(|| (model, BTreeSet::new())).1.insert(id);
        }
    }

    fn add_generic(&mut self, native: &Native, record: &Record) {
        if let Some((model, id)) = generic(native, record) {
            self.0.entry(model.name).or_insert_with(|| (model, BTreeSet::new())).1.insert(id);
        }
    }
}

/// The id in a reference: `{"id", "display"}`.
fn reference(value: Option<&Value>) -> Option<Uuid> {
    value?.get("id")?.as_str().and_then(|id| Uuid::parse_str(id).ok())
}

/// The id of a record.
fn own(record: &Record) -> Option<Uuid> {
    record.get("id")?.as_str().and_then(|id| Uuid::parse_str(id).ok())
}

/// What a generic reference leads to.
fn generic(native: &Native, record: &Record) -> Option<(&'static Model, Uuid)> {
    Some((native.catalogue.model(record.get("type")?.as_str()?)?, own(record)?))
}

fn node(model: &Model, record: Arc<Record>) -> Node {
    Node { kind: type_name(model).into(), record }
}

fn found(loaded: &Loaded, model: &Model, id: Uuid) -> Result<Option<Node>, Fault> {
    match loaded.get(model.name) {
        Some(Ok(records)) => Ok(records.get(&id).map(|record| node(model, record.clone()))),
        Some(Err(fault)) => Err(fault.clone()),
        None => Ok(None),
    }
}

fn many(loaded: &Loaded, model: &Model, value: Option<&Value>) -> Result<Cell, Fault> {
    let mut nodes = Vec::new();
    for item in value.and_then(Value::as_array).into_iter().flatten() {
        if let Some(id) = reference(Some(item)) {
            nodes.extend(found(loaded, model, id)?);
        }
    }
    Ok(Cell::Many(nodes))
}

fn leaves(nodes: &[Node], field: &str) -> Vec<Cell> {
    nodes.iter().map(|node| Cell::Leaf(node.record.get(field).cloned().unwrap_or_default())).collect()
}

/// A generic reference as an object.
fn named(node: &Node, field: &str) -> Cell {
    let reference = node.record.get(field).and_then(Value::as_object);
    Cell::One(reference.map(|record| Node { kind: "Reference".into(), record: Arc::new(record.clone()) }))
}

fn unknown(field: &str) -> Fault {
    Fault { message: format!("The server made an error: nothing loads '{field}'."), code: Some("internal") }
}

fn wrong(message: &str) -> Fault {
    Fault { message: message.to_owned(), code: Some("bad-request") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static MODEL: Model = Model { name: "inventory.site", ..Model::BASE };

    #[test]
    fn references_are_read_as_the_engine_writes_them() {
        let id = Uuid::from_u128(7);
        let value = json!({"id": id, "display": "x"});
        assert_eq!(reference(Some(&value)), Some(id));
        assert_eq!(reference(Some(&Value::Null)), None);
        let mut loaded = Loaded::new();
        loaded.insert(MODEL.name, Ok(HashMap::from([(id, Arc::new(Record::new()))])));
        let list = json!([{"id": id}, {"id": Uuid::from_u128(8)}]);
        let Ok(Cell::Many(nodes)) = many(&loaded, &MODEL, Some(&list)) else { panic!("no list") };
        assert_eq!(nodes.len(), 1);
        assert_eq!(&*nodes[0].kind, "InventorySite");
        loaded.insert(MODEL.name, Err(wrong("no right")));
        assert!(many(&loaded, &MODEL, Some(&list)).is_err());
    }
}
