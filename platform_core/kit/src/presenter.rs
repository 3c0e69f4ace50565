//! Records in the form that clients of another tool know them by: what a webhook carries, what a
//! condition looks at.

use serde_json::Value;

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::hooks::Record;
use crate::problem::Problem;
use crate::record::Model;

/// Shows records as the clients of a door know them. Implemented by the product that has the door.
pub trait Presenter: Send + Sync {
    /// The name of the form: `netbox`.
    fn form(&self) -> &'static str;

    /// What the form calls a type of records; none when it does not know it.
    fn type_of(&self, model: &'static Model) -> Option<&'static str>;

    /// Our name of a field that the form calls `name`.
    fn field(&self, model: &'static Model, name: &str) -> Option<&'static str>;

    /// The record in the form, which may be gone from the store already.
    ///
    /// # Errors
    /// 503 when the database is gone.
    fn show<'a>(
        &'a self,
        ctx: &'a Ctx,
        model: &'static Model,
        record: &'a Record,
    ) -> BoxFuture<'a, Result<Value, Problem>>;
}
