//! Execution, level by level: the fields of all objects of a selection are loaded together, then the objects
//! that they lead to, so that the number of reads follows from the query and not from the data.

use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Node as Parsed;
use apollo_compiler::Schema;
use apollo_compiler::ast::DirectiveList;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use kit::graphql::{Cell, Column, Fault, Level, Node, Source, Wanted};
use kit::{BoxFuture, Ctx};
use serde_json::{Map, Value, json};

use crate::{values, words};

/// Most errors of one answer.
const MAX_ERRORS: usize = 100;

/// One request that is executed.
pub(crate) struct Run<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) schema: &'a Valid<Schema>,
    pub(crate) document: &'a Valid<ExecutableDocument>,
    pub(crate) variables: &'a Map<String, Value>,
    /// What was asked of the schema itself, by response key.
    pub(crate) meta: &'a Map<String, Value>,
    pub(crate) source: &'a dyn Source,
    /// The query as written.
    pub(crate) text: &'a str,
    /// How many more objects there may be.
    pub(crate) room: usize,
    /// How many there may be in all.
    pub(crate) most: usize,
    pub(crate) errors: Vec<Value>,
}

/// Where a value is in the answer.
#[derive(Clone)]
struct Place(Option<Arc<(Self, Value)>>);

impl Place {
    fn then(&self, step: Value) -> Self {
        Self(Some(Arc::new((self.clone(), step))))
    }

    fn path(&self) -> Vec<Value> {
        let mut path = Vec::new();
        let mut at = self;
        while let Some(link) = &at.0 {
            path.push(link.1.clone());
            at = &link.0;
        }
        path.reverse();
        path
    }
}

/// Selections of one response key: all that are merged into it.
struct Asked<'a> {
    key: &'a str,
    first: &'a Parsed<Field>,
    sets: Vec<&'a SelectionSet>,
}

/// A cell whose objects wait for theirs.
enum Shape {
    Leaf(Value),
    One,
    Many(usize),
}

impl<'a> Run<'a> {
    /// The data; none when something that may not be null is.
    pub(crate) async fn root(&mut self, operation: &'a Operation) -> Option<Map<String, Value>> {
        let kind: Arc<str> = operation.object_type().as_str().into();
        let root = [Node { kind: kind.clone(), record: Arc::default() }];
        let found = self.objects(&kind, &root, vec![&operation.selection_set], &[Place(None)]).await;
        found.into_iter().next().flatten()
    }

    /// Objects of one type.
    fn objects<'s>(
        &'s mut self,
        kind: &'s str,
        nodes: &'s [Node],
        sets: Vec<&'a SelectionSet>,
        places: &'s [Place],
    ) -> BoxFuture<'s, Vec<Option<Map<String, Value>>>>
    where
        'a: 's,
    {
        Box::pin(async move {
            let mut asked: Vec<Asked<'a>> = Vec::new();
            for set in sets {
                self.gather(kind, set, &mut asked);
            }
            let mut columns = self.columns(kind, nodes, &asked).await.into_iter();
            let mut objects: Vec<Option<Map<String, Value>>> = vec![Some(Map::new()); nodes.len()];
            for one in asked {
                let values = match one.first.name.as_str() {
                    "__typename" => vec![Some(Value::from(kind)); nodes.len()],
                    name if name.starts_with("__") => {
                        vec![Some(self.meta.get(one.key).cloned().unwrap_or_default()); nodes.len()]
                    }
                    _ => self.complete(kind, &one, columns.next(), places).await,
                };
                for (slot, value) in objects.iter_mut().zip(values) {
                    match value {
                        Some(value) => {
                            if let Some(object) = slot {
                                object.insert(one.key.to_owned(), value);
                            }
                        }
                        None => *slot = None,
                    }
                }
            }
            objects
        })
    }

    /// The columns of the fields that have to be loaded.
    async fn columns(&self, kind: &str, nodes: &[Node], asked: &[Asked<'a>]) -> Vec<Column> {
        let wanted: Vec<Wanted> = asked
            .iter()
            .filter(|one| !one.first.name.starts_with("__"))
            .map(|one| Wanted { field: one.first.name.to_string(), arguments: self.arguments(one.first) })
            .collect();
        if wanted.is_empty() || nodes.is_empty() {
            return Vec::new();
        }
        let level = Level { ctx: self.ctx, kind, nodes, wanted: &wanted, room: self.room };
        self.source.load(level).await
    }

    fn arguments(&self, field: &Field) -> Map<String, Value> {
        let mut arguments = Map::new();
        for known in &field.definition.arguments {
            let given = field.arguments.iter().find(|given| given.name == known.name);
            let given = given.and_then(|given| values::json(&given.value, self.variables));
            let value = given.or_else(|| values::json(known.default_value.as_ref()?, self.variables));
            if let Some(value) = value {
                arguments.insert(known.name.to_string(), value);
            }
        }
        arguments
    }

    /// The fields of a selection that hold for a type, in their order.
    fn gather(&self, kind: &str, set: &'a SelectionSet, asked: &mut Vec<Asked<'a>>) {
        let document: &'a ExecutableDocument = self.document;
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if self.included(&field.directives) => {
                    let key = field.response_key().as_str();
                    match asked.iter_mut().find(|one| one.key == key) {
                        Some(one) => one.sets.push(&field.selection_set),
                        None => asked.push(Asked { key, first: field, sets: vec![&field.selection_set] }),
                    }
                }
                Selection::InlineFragment(fragment)
                    if self.included(&fragment.directives)
                        && fragment
                            .type_condition
                            .as_ref()
                            .is_none_or(|condition| self.holds(condition, kind)) =>
                {
                    self.gather(kind, &fragment.selection_set, asked);
                }
                Selection::FragmentSpread(spread) if self.included(&spread.directives) => {
                    if let Some(fragment) = document.fragments.get(&spread.fragment_name)
                        && self.holds(fragment.type_condition(), kind)
                    {
                        self.gather(kind, &fragment.selection_set, asked);
                    }
                }
                _ => {}
            }
        }
    }

    /// Is the type the one of a condition, or one of it?
    fn holds(&self, condition: &str, kind: &str) -> bool {
        condition == kind || self.schema.is_subtype(condition, kind)
    }

    /// `@skip` and `@include`.
    fn included(&self, directives: &DirectiveList) -> bool {
        let says = |name: &str| {
            let condition = directives.get(name)?.arguments.iter().find(|argument| argument.name == "if")?;
            values::json(&condition.value, self.variables)?.as_bool()
        };
        says("skip") != Some(true) && says("include") != Some(false)
    }

    /// The values of one field of all objects; `None` where the object cannot be without it.
    async fn complete(
        &mut self,
        kind: &str,
        one: &Asked<'a>,
        column: Option<Column>,
        places: &[Place],
    ) -> Vec<Option<Value>> {
        let (ty, count) = (&one.first.definition.ty, places.len());
        let nothing = || vec![(!ty.is_non_null()).then_some(Value::Null); count];
        let here = |place: &Place| place.then(Value::from(one.key));
        let cells = match column {
            Some(Ok(cells)) if cells.len() == count => cells,
            Some(Err(fault)) => {
                self.fault(one.first, fault, places.first().map(here));
                return nothing();
            }
            _ => {
                let message = format!("The server made an error: nothing loads '{}'.", one.first.name);
                self.fault(one.first, Fault { message, code: Some("internal") }, places.first().map(here));
                return nothing();
            }
        };
        let mut children = Vec::new();
        let mut below = Vec::new();
        let mut shapes = Vec::with_capacity(count);
        for (cell, place) in cells.into_iter().zip(places) {
            shapes.push(match cell {
                Cell::Leaf(value) => Shape::Leaf(value),
                Cell::One(None) => Shape::Leaf(Value::Null),
                Cell::One(Some(node)) => {
                    children.push(node);
                    below.push(here(place));
                    Shape::One
                }
                Cell::Many(nodes) => {
                    let (many, here) = (nodes.len(), here(place));
                    below.extend((0..many).map(|at| here.then(Value::from(at))));
                    children.extend(nodes);
                    Shape::Many(many)
                }
            });
        }
        let Some(room) = self.room.checked_sub(children.len()) else {
            let message = format!(
                "This query reaches more than {} objects. Filter, or ask for fewer with a limit.",
                self.most
            );
            self.fault(one.first, Fault { message, code: Some("too-many") }, places.first().map(here));
            return nothing();
        };
        self.room = room;
        let mut found = self.children(children, &one.sets, &below).await.into_iter();
        let mut values = Vec::with_capacity(count);
        for (shape, place) in shapes.into_iter().zip(places) {
            let leaf = matches!(shape, Shape::Leaf(_));
            let value = shaped(shape, &mut found, ty.item_type().is_non_null());
            if value.is_null() && ty.is_non_null() {
                // What is null because of something below was told there.
                if leaf {
                    let message =
                        format!("Cannot return null for non-nullable field {kind}.{}.", one.first.name);
                    self.fault(one.first, Fault { message, code: None }, Some(here(place)));
                }
                values.push(None);
            } else {
                values.push(Some(value));
            }
        }
        values
    }

    /// Objects of whatever types, in their order.
    async fn children(
        &mut self,
        nodes: Vec<Node>,
        sets: &[&'a SelectionSet],
        places: &[Place],
    ) -> Vec<Option<Map<String, Value>>> {
        let mut kinds: Vec<Arc<str>> = Vec::new();
        for node in &nodes {
            if !kinds.contains(&node.kind) {
                kinds.push(node.kind.clone());
            }
        }
        let mut found: Vec<Option<Map<String, Value>>> = vec![None; nodes.len()];
        for kind in kinds {
            let (mut slots, mut some, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
            for (at, (node, place)) in nodes.iter().zip(places).enumerate() {
                if node.kind == kind {
                    slots.push(at);
                    some.push(node.clone());
                    theirs.push(place.clone());
                }
            }
            let objects = self.objects(&kind, &some, sets.to_vec(), &theirs).await;
            for (at, object) in slots.into_iter().zip(objects) {
                if let Some(slot) = found.get_mut(at) {
                    *slot = object;
                }
            }
        }
        found
    }

    fn fault(&mut self, field: &Parsed<Field>, fault: Fault, place: Option<Place>) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let mut error = words::error(fault.message, self.text, words::offset(field.location()));
        if let Some(error) = error.as_object_mut() {
            if let Some(place) = place {
                error.insert("path".to_owned(), Value::Array(place.path()));
            }
            if let Some(code) = fault.code {
                error.insert("extensions".to_owned(), json!({"code": code}));
            }
        }
        self.errors.push(error);
    }
}

/// A cell with its objects. `strict`: a list cannot be with an item that is null.
fn shaped(shape: Shape, found: &mut impl Iterator<Item = Option<Map<String, Value>>>, strict: bool) -> Value {
    match shape {
        Shape::Leaf(value) => value,
        Shape::One => found.next().flatten().map_or(Value::Null, Value::Object),
        Shape::Many(many) => {
            let items: Vec<Option<Map<String, Value>>> = found.by_ref().take(many).collect();
            if strict && items.iter().any(Option::is_none) {
                return Value::Null;
            }
            items.into_iter().map(|item| item.map_or(Value::Null, Value::Object)).collect()
        }
    }
}
