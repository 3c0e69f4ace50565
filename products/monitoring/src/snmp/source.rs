//! What a table reader needs of an agent.

use async_trait::async_trait;
use model::Reason;
use snmp::{Oid, Table, Value};

/// An agent as table readers see it: scalars, presence of subtrees, and walks. Implemented by
/// [`super::Session`] over UDP and by fixtures in tests.
#[async_trait]
pub trait TableSource: Send + Sync {
    /// Values of scalar instances, in the order asked; `None` where the agent has no such object.
    async fn get(&self, oids: &[Oid]) -> Result<Vec<Option<Value>>, Reason>;

    /// For each subtree, whether the agent has anything in it. When the agent cannot tell, `true`.
    async fn present(&self, roots: &[Oid]) -> Vec<bool>;

    /// Walks the columns of one table.
    async fn walk(&self, columns: &[Oid]) -> Table;

    /// The same agent seen in the context of one VLAN (`community@vlan` or context `vlan-N`);
    /// `None` when the credential has no such form.
    fn in_vlan(&self, vlan: u16) -> Option<Box<dyn TableSource>>;
}
