//! Behaviour of a model beyond its declaration: what hangs on a write.

use serde_json::{Map, Value};

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::problem::{FieldError, Problem};
use crate::tx::WriteTx;

/// A record as JSON, as it goes over the wire (references as `{"id", "display"}`).
pub type Record = Map<String, Value>;

/// What is being done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Created.
    Create,
    /// Changed.
    Update,
    /// Deleted.
    Delete,
}

/// Key that [`Hooks::clean`] may set at creation to an object of values shown exactly once: the
/// engine takes it out before storing and adds its members to the answer of the creating request
/// (a new API token). Never logged, never in the change log.
pub const ONCE: &str = "$once";

/// Behaviour of a model beyond its declaration. All have defaults; most models need none.
pub trait Hooks: Send + Sync {
    /// Checks and completes a record before it is written: cross-field rules, derived values, values
    /// of read-only fields. `before` is `None` at creation. Errors are collected and shown together.
    fn clean(
        &self,
        _ctx: &Ctx,
        _before: Option<&Record>,
        _record: &mut Record,
        _errors: &mut Vec<FieldError>,
    ) {
    }

    /// [`Hooks::clean`] with a look at other records: what is taken over from a type or a cluster, and
    /// what must fit to what a field refers to. All records of a write that are right so far come
    /// together, so that the look costs a few reads however many they are.
    fn clean_all<'a>(
        &'a self,
        _records: &'a dyn crate::Records,
        _tx: &'a mut WriteTx,
        _drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async { Ok(()) })
    }

    /// Turns a [`FieldKind::Password`] value into what is stored (a password hash with its
    /// parameters). Models with such a field must implement it.
    fn digest<'a>(
        &'a self,
        _field: &'a str,
        _clear: &'a crate::SecretText,
    ) -> BoxFuture<'a, Result<String, Problem>> {
        Box::pin(async { Err(Problem::internal("this model has no digest for its password field")) })
    }

    /// Runs in the transaction after the row is written: further rows, events.
    fn written<'a>(
        &'a self,
        _tx: &'a mut WriteTx,
        _change: Change,
        _before: Option<&'a Record>,
        _after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async { Ok(()) })
    }

    /// Runs in the transaction after all rows of a write are written: what must hold between records,
    /// and records of other models that go with these. Rows that did not change are left out.
    fn written_all<'a>(
        &'a self,
        _records: &'a dyn crate::Records,
        _tx: &'a mut WriteTx,
        _change: Change,
        _rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async { Ok(()) })
    }
}

/// One record of a write, as [`Hooks::clean_all`] sees it before it is written.
#[derive(Debug)]
pub struct Drafted {
    /// The record before; `None` at creation.
    pub before: Option<Record>,
    /// The record as it will be. Changes are taken over.
    pub record: Record,
    /// What is wrong with it, pointers `/<field>`.
    pub errors: Vec<FieldError>,
}

/// One row of a write, as [`Hooks::written_all`] sees it.
#[derive(Clone, Copy, Debug)]
pub struct Wrote<'a> {
    /// Its place among the records of the write: errors point at `/<at>/<field>`.
    pub at: usize,
    /// The record before; `None` at creation.
    pub before: Option<&'a Record>,
    /// The record after; `None` at deletion.
    pub after: Option<&'a Record>,
}

/// No behaviour beyond the declaration.
pub struct NoHooks;

impl Hooks for NoHooks {}
