//! Sums over many records.

use std::collections::HashMap;

use kit::{Problem, ReadTx};
use uuid::Uuid;

const ALLOCATED: &str = "SELECT m.cluster, sum(m.vcpus)::float8, sum(m.memory)::bigint, sum(m.disk)::bigint \
    FROM inventory.virtual_machine m WHERE m.cluster = ANY($1) GROUP BY m.cluster";

/// What the virtual machines of a cluster have together, as far as they say it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Allocated {
    pub(crate) vcpus: Option<f64>,
    /// MB.
    pub(crate) memory: Option<i64>,
    /// MB.
    pub(crate) disk: Option<i64>,
}

/// By cluster; those without machines are left out.
pub(crate) async fn allocated(
    tx: &mut ReadTx,
    clusters: &[Uuid],
) -> Result<HashMap<Uuid, Allocated>, Problem> {
    type Row = (Uuid, Option<f64>, Option<i64>, Option<i64>);
    let rows: Vec<Row> = sqlx::query_as(ALLOCATED).bind(clusters).fetch_all(tx.conn()).await?;
    let allocated = |(cluster, vcpus, memory, disk)| (cluster, Allocated { vcpus, memory, disk });
    Ok(rows.into_iter().map(allocated).collect())
}
