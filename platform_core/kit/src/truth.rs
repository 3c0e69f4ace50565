//! The source of truth as other products see it: they propose what was observed, it knows its records.

use model::adoption::{ObservedDevice, Plan, Repair, Wishes};
use uuid::Uuid;

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::problem::Problem;

/// Makes records say what was observed. Implemented by the inventory. Every function decides itself
/// whether the caller may.
pub trait SourceOfTruth: Send + Sync {
    /// Decides whether the caller may write everything that adopting devices may write, and with `deletes`
    /// delete what repairs may delete: a job or a rule acts with more rights than whoever ordered it, so it
    /// is asked before.
    ///
    /// # Errors
    /// 403, naming the first missing permission.
    fn authorize_adoption(&self, ctx: &Ctx, deletes: bool) -> Result<(), Problem>;

    /// What adopting each of these devices would create. Nothing is written.
    ///
    /// # Errors
    /// 403 without the right to read.
    fn plan<'a>(
        &'a self,
        ctx: &'a Ctx,
        devices: &'a [ObservedDevice],
        wishes: Wishes,
    ) -> BoxFuture<'a, Result<Vec<Plan>, Problem>>;

    /// Creates these devices with everything on them, each all or not at all; `because` goes into the
    /// change log, with the entity. What was written is published before this returns. Gives the record of
    /// each, or why it was refused; it ends early when the server is in trouble.
    fn adopt<'a>(
        &'a self,
        ctx: &'a Ctx,
        devices: &'a [ObservedDevice],
        wishes: Wishes,
        because: &'a str,
    ) -> BoxFuture<'a, Vec<Result<Uuid, Problem>>>;

    /// Takes back what [`SourceOfTruth::repair`] wrote under this request for this reason, as further
    /// changes with a reason of their own; how many records that were. Sites, roles, types and other
    /// words that were created for it stay.
    ///
    /// # Errors
    /// 403 without the rights to write the records; 404 when there is no such change; 409
    /// `changed-since`, naming every record that was changed since.
    fn take_back<'a>(
        &'a self,
        ctx: &'a Ctx,
        request: Uuid,
        reason: &'a str,
        because: &'a str,
    ) -> BoxFuture<'a, Result<usize, Problem>>;

    /// Makes the repairs in one transaction, all or none. `because` goes into the change log of every
    /// record touched. What was changed is published before this returns. Gives the main record of each
    /// repair: the device, interface, address or cable.
    ///
    /// # Errors
    /// 403 without the rights to write the records; 404, 409 and 422 as the records themselves refuse.
    fn repair<'a>(
        &'a self,
        ctx: &'a Ctx,
        repairs: &'a [Repair],
        wishes: Wishes,
        because: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Uuid>, Problem>>;
}
