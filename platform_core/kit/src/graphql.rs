//! GraphQL as a service: a schema written in the language of GraphQL, and a source that loads what it
//! names. Whoever has a schema asks for an executor of it; there is one for all.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::problem::Problem;
use crate::record::Record;

/// Bounds of one query.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deepest nesting of selections.
    pub depth: usize,
    /// Most selected fields, those of fragments counted wherever they are spread.
    pub fields: usize,
    /// Most aliases; any number when `None`.
    pub aliases: Option<usize>,
    /// Most objects in the answer.
    pub objects: usize,
}

/// What a client asks.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document.
    pub query: String,
    /// Which of its operations, when there are several.
    pub operation: Option<String>,
    /// Values of its variables.
    pub variables: Map<String, Value>,
}

/// An object of a type of the schema.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name of its type.
    pub kind: Arc<str>,
    /// What its fields are made of; only the source looks into it.
    pub record: Arc<Record>,
}

/// What one field of one object is.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A scalar, an enum value, or a list of those.
    Leaf(Value),
    /// An object, or none.
    One(Option<Node>),
    /// Objects.
    Many(Vec<Node>),
}

/// Why a field has no value.
#[derive(Clone, Debug)]
pub struct Fault {
    /// For the client.
    pub message: String,
    /// Stable code of a [`Problem`]; shown as `extensions.code`.
    pub code: Option<&'static str>,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self { message: problem.detail, code: Some(problem.code) }
    }
}

/// A selected field with its arguments.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub field: String,
    /// Arguments as JSON: enum values are texts, variables are filled in.
    pub arguments: Map<String, Value>,
}

/// A field of all objects of a level: a cell for each, in their order.
pub type Column = Result<Vec<Cell>, Fault>;

/// Objects of one type whose fields are asked for together.
#[derive(Clone, Copy)]
pub struct Level<'a> {
    /// Who asks.
    pub ctx: &'a Ctx,
    /// The type. Of the root type there is one object without content.
    pub kind: &'a str,
    /// The objects.
    pub nodes: &'a [Node],
    /// The fields.
    pub wanted: &'a [Wanted],
    /// How many more objects the answer may have: a source need not load more than one above it.
    pub room: usize,
}

/// Loads what a schema names: all objects of a level at once, so that a reference costs one read however
/// many objects have it.
pub trait Source: Send + Sync {
    /// A column for each wanted field, in their order.
    fn load<'a>(&'a self, level: Level<'a>) -> BoxFuture<'a, Vec<Column>>;
}

/// A schema that can be asked.
pub trait Schema: Send + Sync {
    /// The answer: `data` and `errors`. What is wrong with the request is told in it.
    fn answer<'a>(&'a self, ctx: &'a Ctx, request: &'a Request) -> BoxFuture<'a, Value>;
}

/// Makes schemas. Implemented by `platform_core/graphql`.
pub trait GraphQl: Send + Sync {
    /// A schema from its definition.
    ///
    /// # Errors
    /// 500 for a definition that is not valid.
    fn schema(
        &self,
        definition: &str,
        source: Arc<dyn Source>,
        limits: Limits,
    ) -> Result<Arc<dyn Schema>, Problem>;
}
