//! Devices that answered and are asked again.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::{Problem, ReadTx, WriteTx};
use sqlx::Row as _;
use uuid::Uuid;

/// A known device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) partition: String,
    pub(crate) credential: Uuid,
    pub(crate) rate: u32,
}

/// All known devices of the tenant.
pub(crate) async fn known_targets(tx: &mut ReadTx) -> Result<Vec<Target>, Problem> {
    let rows = sqlx::query(
        "SELECT address, port, partition, credential_id, rate FROM monitoring.target ORDER BY id",
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Target {
                address: row.try_get::<IpNet, _>("address")?.addr(),
                port: u16::try_from(row.try_get::<i64, _>("port")?).unwrap_or(161),
                partition: row.try_get("partition")?,
                credential: row.try_get("credential_id")?,
                rate: u32::try_from(row.try_get::<i64, _>("rate")?).unwrap_or(50),
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(Problem::from)
}

/// Remembers devices that answered, with the credential that worked.
pub(crate) async fn remember(tx: &mut WriteTx, targets: &[Target]) -> Result<(), Problem> {
    if targets.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = targets.iter().map(|_| Uuid::now_v7()).collect();
    let addresses: Vec<IpNet> = targets.iter().map(|target| IpNet::from(target.address)).collect();
    let ports: Vec<i64> = targets.iter().map(|target| i64::from(target.port)).collect();
    let partitions: Vec<&str> = targets.iter().map(|target| target.partition.as_str()).collect();
    let credentials: Vec<Uuid> = targets.iter().map(|target| target.credential).collect();
    let rates: Vec<i64> = targets.iter().map(|target| i64::from(target.rate)).collect();
    sqlx::query(
        "INSERT INTO monitoring.target (id, address, port, partition, credential_id, rate) \
         SELECT * FROM UNNEST($1::uuid[], $2::inet[], $3::bigint[], $4::text[], $5::uuid[], $6::bigint[]) \
         ON CONFLICT (tenant_id, partition, address, port) DO UPDATE \
         SET credential_id = excluded.credential_id, rate = excluded.rate, answered_at = now()",
    )
    .bind(ids)
    .bind(addresses)
    .bind(ports)
    .bind(partitions)
    .bind(credentials)
    .bind(rates)
    .execute(tx.conn())
    .await?;
    Ok(())
}
