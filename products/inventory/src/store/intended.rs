//! Intended documents: which devices are due, and the rows their documents are made of.

use std::collections::HashMap;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kit::{Problem, WriteTx};
use model::documents::{
    CableEnd, Crossing, IntendedAddress, IntendedDevice, IntendedPort, Passage, PortClass,
};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

/// Marks at a time.
const DUE: i64 = 2_000;

/// One publisher of a tenant at a time: of two readings of a device the older must not come last.
const LOCK: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', app.tenant_id(), 'intended'), 3))";

/// What a record's change concerns, as the statement that marks the devices.
pub(crate) const OF_DEVICES: &str =
    "INSERT INTO inventory.intended_due (device) SELECT DISTINCT d FROM UNNEST($1::uuid[]) d";
/// What cables and addresses are assigned to, by id: interfaces, panels, circuits.
pub(crate) const OF_PORTS: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT device FROM inventory.interface WHERE id = ANY($1) \
    UNION SELECT device FROM inventory.front_port WHERE id = ANY($1) \
    UNION SELECT device FROM inventory.rear_port WHERE id = ANY($1) \
    UNION SELECT virtual_machine FROM inventory.vm_interface WHERE id = ANY($1) \
    UNION SELECT p.device FROM inventory.circuit_termination o \
    JOIN inventory.circuit_termination t ON t.circuit = o.circuit \
    JOIN inventory.cable_termination e ON e.termination_id = t.id \
    JOIN inventory.cable_termination f ON f.cable = e.cable JOIN (SELECT id, device FROM inventory.interface \
    UNION ALL SELECT id, device FROM inventory.front_port UNION ALL SELECT id, device FROM inventory.rear_port) p \
    ON p.id = f.termination_id WHERE o.id = ANY($1)";
/// Circuits by id: the devices that are connected to them.
pub(crate) const OF_CIRCUITS: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT DISTINCT p.device FROM inventory.circuit_termination t \
    JOIN inventory.cable_termination e ON e.termination_id = t.id \
    JOIN inventory.cable_termination f ON f.cable = e.cable JOIN (SELECT id, device FROM inventory.interface \
    UNION ALL SELECT id, device FROM inventory.front_port UNION ALL SELECT id, device FROM inventory.rear_port) p \
    ON p.id = f.termination_id WHERE t.circuit = ANY($1)";
/// Cables by id.
pub(crate) const OF_CABLES: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT i.device FROM inventory.cable_termination t JOIN inventory.interface i ON i.id = t.termination_id \
    WHERE t.cable = ANY($1) \
    UNION SELECT f.device FROM inventory.cable_termination t JOIN inventory.front_port f ON f.id = t.termination_id \
    WHERE t.cable = ANY($1) \
    UNION SELECT r.device FROM inventory.cable_termination t JOIN inventory.rear_port r ON r.id = t.termination_id \
    WHERE t.cable = ANY($1)";
/// Device types by id.
pub(crate) const OF_TYPES: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT id FROM inventory.device WHERE device_type = ANY($1)";
/// Manufacturers by id.
pub(crate) const OF_MANUFACTURERS: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT d.id FROM inventory.device d JOIN inventory.device_type t ON t.id = d.device_type \
    WHERE t.manufacturer = ANY($1)";
/// Platforms by id.
pub(crate) const OF_PLATFORMS: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT id FROM inventory.device WHERE platform = ANY($1) \
    UNION ALL SELECT id FROM inventory.virtual_machine WHERE platform = ANY($1)";
/// Roles by id.
pub(crate) const OF_ROLES: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT id FROM inventory.device WHERE role = ANY($1) \
    UNION ALL SELECT id FROM inventory.virtual_machine WHERE role = ANY($1)";
/// Sites by id.
pub(crate) const OF_SITES: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT id FROM inventory.device WHERE site = ANY($1) \
    UNION ALL SELECT id FROM inventory.virtual_machine WHERE site = ANY($1)";
/// VRFs by id.
pub(crate) const OF_VRFS: &str = "INSERT INTO inventory.intended_due (device) \
    SELECT i.device FROM inventory.ip_address a JOIN inventory.interface i ON i.id = a.assigned_object_id \
    WHERE a.vrf = ANY($1) \
    UNION SELECT i.virtual_machine FROM inventory.ip_address a \
    JOIN inventory.vm_interface i ON i.id = a.assigned_object_id WHERE a.vrf = ANY($1)";

/// Marks devices; `statement` is one of those above.
pub(crate) async fn mark(tx: &mut WriteTx, statement: &'static str, ids: &[Uuid]) -> Result<(), Problem> {
    sqlx::query(statement).bind(ids).execute(tx.conn()).await?;
    Ok(())
}

/// Waits until no other publisher of this tenant works.
pub(crate) async fn lock(tx: &mut WriteTx) -> Result<(), Problem> {
    sqlx::query(LOCK).execute(tx.conn()).await?;
    Ok(())
}

/// Some marks: id and device.
pub(crate) async fn due(tx: &mut WriteTx) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    Ok(sqlx::query_as("SELECT id, device FROM inventory.intended_due LIMIT $1")
        .bind(DUE)
        .fetch_all(tx.conn())
        .await?)
}

/// Takes marks away.
pub(crate) async fn done(tx: &mut WriteTx, marks: &[Uuid]) -> Result<(), Problem> {
    sqlx::query("DELETE FROM inventory.intended_due WHERE id = ANY($1)")
        .bind(marks)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ids of devices and virtual machines behind one, in order.
pub(crate) async fn devices_behind(tx: &mut WriteTx, behind: Uuid, limit: i64) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM (SELECT id FROM inventory.device WHERE id > $1 \
         UNION ALL SELECT id FROM inventory.virtual_machine WHERE id > $1) d ORDER BY id LIMIT $2",
    )
    .bind(behind)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?)
}

/// How many devices and virtual machines there are.
pub(crate) async fn device_count(tx: &mut WriteTx) -> Result<i64, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM inventory.device) + (SELECT count(*) FROM inventory.virtual_machine)",
    )
    .fetch_one(tx.conn())
    .await?)
}

/// When everything was last published.
pub(crate) async fn published_at(tx: &mut WriteTx) -> Result<Option<DateTime<Utc>>, Problem> {
    Ok(sqlx::query_scalar("SELECT at FROM inventory.intended_published LIMIT 1")
        .fetch_optional(tx.conn())
        .await?)
}

/// Everything is published.
pub(crate) async fn set_published(tx: &mut WriteTx, at: DateTime<Utc>) -> Result<(), Problem> {
    let tenant = tx.ctx().tenant().0;
    sqlx::query(
        "INSERT INTO inventory.intended_published (id, at) VALUES ($1, $2) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET at = excluded.at",
    )
    .bind(tenant)
    .bind(at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The documents of these devices. A device that is no more gets one that says so.
pub(crate) async fn documents(tx: &mut WriteTx, devices: &[Uuid]) -> Result<Vec<IntendedDevice>, Problem> {
    let connection = tx.conn();
    let mut found = facts(connection, devices).await?;
    found.extend(machines(connection, devices).await?);
    let mut ports = ports(connection, devices).await?;
    addresses(connection, devices, &mut ports).await?;
    macs(connection, devices, &mut ports).await?;
    cables(connection, devices, &mut ports).await?;
    radio_links(connection, devices, &mut ports).await?;
    for (device, port) in ports.into_values() {
        if let Some(device) = found.get_mut(&device) {
            device.ports.push(port);
        }
    }
    for (device, passage) in passages(connection, devices).await? {
        if let Some(device) = found.get_mut(&device) {
            device.passages.push(passage);
        }
    }
    let gone = |record: Uuid| IntendedDevice { record, removed: true, ..IntendedDevice::default() };
    let documents = devices.iter().map(|id| {
        let mut device = found.remove(id).unwrap_or_else(|| gone(*id));
        device.ports.sort_by(|a, b| (a.class, &a.name, a.record).cmp(&(b.class, &b.name, b.record)));
        device.passages.sort_unstable();
        device
    });
    Ok(documents.collect())
}

async fn facts(
    connection: &mut PgConnection,
    devices: &[Uuid],
) -> Result<HashMap<Uuid, IntendedDevice>, Problem> {
    let rows = sqlx::query(
        "SELECT d.id, d.name, d.status, d.serial, m.name AS manufacturer, t.model, t.part_number, \
         p.name AS platform, r.name AS role, s.name AS site, \
         host(a4.address) AS ip4, host(a6.address) AS ip6, host(o.address) AS oob \
         FROM inventory.device d JOIN inventory.device_type t ON t.id = d.device_type \
         JOIN inventory.manufacturer m ON m.id = t.manufacturer \
         JOIN inventory.device_role r ON r.id = d.role JOIN inventory.site s ON s.id = d.site \
         LEFT JOIN inventory.platform p ON p.id = d.platform \
         LEFT JOIN inventory.ip_address a4 ON a4.id = d.primary_ip4 \
         LEFT JOIN inventory.ip_address a6 ON a6.id = d.primary_ip6 \
         LEFT JOIN inventory.ip_address o ON o.id = d.oob_ip WHERE d.id = ANY($1)",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    let mut found = HashMap::new();
    for row in &rows {
        let record: Uuid = row.try_get("id")?;
        let mut primary = Vec::new();
        for column in ["ip4", "ip6", "oob"] {
            primary.extend(text(row, column)?.parse::<IpAddr>());
        }
        let device = IntendedDevice {
            record,
            removed: false,
            virtual_machine: false,
            name: text(row, "name")?,
            status: text(row, "status")?,
            serial: text(row, "serial")?,
            manufacturer: text(row, "manufacturer")?,
            model: text(row, "model")?,
            part_number: text(row, "part_number")?,
            platform: text(row, "platform")?,
            role: text(row, "role")?,
            site: text(row, "site")?,
            primary,
            ports: Vec::new(),
            passages: Vec::new(),
        };
        found.insert(record, device);
    }
    Ok(found)
}

/// Virtual machines as devices: they have no type, and their site may be that of their cluster.
async fn machines(
    connection: &mut PgConnection,
    machines: &[Uuid],
) -> Result<HashMap<Uuid, IntendedDevice>, Problem> {
    let rows = sqlx::query(
        "SELECT m.id, m.name, m.status, m.serial, p.name AS platform, r.name AS role, s.name AS site, \
         host(a4.address) AS ip4, host(a6.address) AS ip6 FROM inventory.virtual_machine m \
         LEFT JOIN inventory.device_role r ON r.id = m.role LEFT JOIN inventory.site s ON s.id = m.site \
         LEFT JOIN inventory.platform p ON p.id = m.platform \
         LEFT JOIN inventory.ip_address a4 ON a4.id = m.primary_ip4 \
         LEFT JOIN inventory.ip_address a6 ON a6.id = m.primary_ip6 WHERE m.id = ANY($1)",
    )
    .bind(machines)
    .fetch_all(connection)
    .await?;
    let mut found = HashMap::new();
    for row in &rows {
        let record: Uuid = row.try_get("id")?;
        let mut primary = Vec::new();
        for column in ["ip4", "ip6"] {
            primary.extend(text(row, column)?.parse::<IpAddr>());
        }
        let machine = IntendedDevice {
            record,
            virtual_machine: true,
            name: text(row, "name")?,
            status: text(row, "status")?,
            serial: text(row, "serial")?,
            platform: text(row, "platform")?,
            role: text(row, "role")?,
            site: text(row, "site")?,
            primary,
            ..IntendedDevice::default()
        };
        found.insert(record, machine);
    }
    Ok(found)
}

fn text(row: &PgRow, column: &str) -> Result<String, Problem> {
    Ok(row.try_get::<Option<String>, _>(column)?.unwrap_or_default())
}

/// Ports by record, each with its device.
type Ports = HashMap<Uuid, (Uuid, IntendedPort)>;

async fn ports(connection: &mut PgConnection, devices: &[Uuid]) -> Result<Ports, Problem> {
    let rows = sqlx::query(
        "SELECT id, device, 0 AS class, name, type, enabled, mgmt_only, mtu, speed, description, lag \
         FROM inventory.interface WHERE device = ANY($1) \
         UNION ALL SELECT id, device, 1, name, type, true, false, NULL, NULL, description, NULL \
         FROM inventory.front_port WHERE device = ANY($1) \
         UNION ALL SELECT id, device, 2, name, type, true, false, NULL, NULL, description, NULL \
         FROM inventory.rear_port WHERE device = ANY($1) \
         UNION ALL SELECT id, virtual_machine, 0, name, 'virtual', enabled, false, mtu, NULL, description, NULL \
         FROM inventory.vm_interface WHERE virtual_machine = ANY($1)",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    let mut found = Ports::new();
    for row in &rows {
        let record: Uuid = row.try_get("id")?;
        let class = match row.try_get::<i32, _>("class")? {
            0 => PortClass::Interface,
            1 => PortClass::Front,
            _ => PortClass::Rear,
        };
        let mtu: Option<i64> = row.try_get("mtu")?;
        // Kilobits per second, as NetBox counts.
        let speed: Option<i64> = row.try_get("speed")?;
        let port = IntendedPort {
            record,
            class,
            name: text(row, "name")?,
            kind: text(row, "type")?,
            enabled: row.try_get::<Option<bool>, _>("enabled")?.unwrap_or(true),
            management: row.try_get("mgmt_only")?,
            mtu: mtu.and_then(|mtu| u32::try_from(mtu).ok()),
            speed_bps: speed.and_then(|speed| u64::try_from(speed).ok()?.checked_mul(1_000)),
            description: text(row, "description")?,
            lag: row.try_get("lag")?,
            macs: Vec::new(),
            addresses: Vec::new(),
            cable: None,
        };
        found.insert(record, (row.try_get("device")?, port));
    }
    Ok(found)
}

async fn addresses(
    connection: &mut PgConnection,
    devices: &[Uuid],
    ports: &mut Ports,
) -> Result<(), Problem> {
    let rows = sqlx::query(
        "SELECT a.id, a.assigned_object_id AS port, text(a.address) AS net, v.name AS vrf, a.role, a.status \
         FROM (SELECT id FROM inventory.interface WHERE device = ANY($1) \
         UNION ALL SELECT id FROM inventory.vm_interface WHERE virtual_machine = ANY($1)) i \
         JOIN inventory.ip_address a ON a.assigned_object_id = i.id LEFT JOIN inventory.vrf v ON v.id = a.vrf",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let (Some((_, port)), Ok(net)) =
            (ports.get_mut(&row.try_get("port")?), text(row, "net")?.parse::<IpNet>())
        else {
            continue;
        };
        let (vrf, role, status) = (text(row, "vrf")?, text(row, "role")?, text(row, "status")?);
        port.addresses.push(IntendedAddress { net, vrf, role, status, record: row.try_get("id")? });
        port.addresses.sort_unstable();
    }
    Ok(())
}

async fn macs(connection: &mut PgConnection, devices: &[Uuid], ports: &mut Ports) -> Result<(), Problem> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT m.assigned_object_id, m.mac_address FROM (SELECT id FROM inventory.interface WHERE device = ANY($1) \
         UNION ALL SELECT id FROM inventory.vm_interface WHERE virtual_machine = ANY($1)) i \
         JOIN inventory.mac_address m ON m.assigned_object_id = i.id",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    for (port, mac) in rows {
        if let (Some((_, port)), Ok(mac)) = (ports.get_mut(&port), mac.parse()) {
            port.macs.push(mac);
            port.macs.sort_unstable();
        }
    }
    Ok(())
}

async fn cables(connection: &mut PgConnection, devices: &[Uuid], ports: &mut Ports) -> Result<(), Problem> {
    let rows = sqlx::query(
        "SELECT t.termination_id AS port, t.cable, t.cable_end, t.connector, c.status, c.label, \
         x.circuit, x.circuit_name, x.circuit_active, x.far_cable, x.far_end \
         FROM (SELECT id FROM inventory.interface WHERE device = ANY($1) \
         UNION ALL SELECT id FROM inventory.front_port WHERE device = ANY($1) \
         UNION ALL SELECT id FROM inventory.rear_port WHERE device = ANY($1)) p \
         JOIN inventory.cable_termination t ON t.termination_id = p.id \
         JOIN inventory.cable c ON c.id = t.cable \
         LEFT JOIN LATERAL (SELECT k.id AS circuit, k.cid AS circuit_name, k.status = 'active' AS circuit_active, \
         o.cable AS far_cable, o.cable_end AS far_end FROM inventory.cable_termination f \
         JOIN inventory.circuit_termination h ON h.id = f.termination_id JOIN inventory.circuit k ON k.id = h.circuit \
         LEFT JOIN inventory.circuit_termination r ON r.circuit = h.circuit AND r.id <> h.id \
         LEFT JOIN inventory.cable_termination o ON o.termination_id = r.id \
         WHERE f.cable = t.cable AND f.cable_end <> t.cable_end LIMIT 1) x ON true",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let Some((_, port)) = ports.get_mut(&row.try_get("port")?) else { continue };
        let connector: Option<i64> = row.try_get("connector")?;
        port.cable = Some(CableEnd {
            cable: row.try_get("cable")?,
            side: side(&text(row, "cable_end")?),
            connector: connector.and_then(|connector| u16::try_from(connector).ok()),
            status: text(row, "status")?,
            label: text(row, "label")?,
            wireless: false,
            circuit: crossing(row)?,
        });
    }
    Ok(())
}

fn side(end: &str) -> char {
    if end == "A" { 'A' } else { 'B' }
}

/// The circuit at the other side of a cable, and the cable at its other end.
fn crossing(row: &PgRow) -> Result<Option<Crossing>, Problem> {
    let Some(circuit) = row.try_get::<Option<Uuid>, _>("circuit")? else { return Ok(None) };
    Ok(Some(Crossing {
        circuit,
        name: text(row, "circuit_name")?,
        active: row.try_get::<Option<bool>, _>("circuit_active")?.unwrap_or(false),
        cable: row.try_get("far_cable")?,
        side: side(&text(row, "far_end")?),
    }))
}

/// Wireless links join interfaces as cables do.
async fn radio_links(
    connection: &mut PgConnection,
    devices: &[Uuid],
    ports: &mut Ports,
) -> Result<(), Problem> {
    let rows: Vec<(Uuid, Uuid, String, String, Option<String>)> = sqlx::query_as(
        "SELECT i.id, l.id, 'A', l.status, l.ssid FROM inventory.interface i \
         JOIN inventory.wireless_link l ON l.interface_a = i.id WHERE i.device = ANY($1) \
         UNION ALL SELECT i.id, l.id, 'B', l.status, l.ssid FROM inventory.interface i \
         JOIN inventory.wireless_link l ON l.interface_b = i.id WHERE i.device = ANY($1) ORDER BY 2",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    for (port, link, end, status, ssid) in rows {
        let Some((_, port)) = ports.get_mut(&port).filter(|(_, port)| port.cable.is_none()) else { continue };
        port.cable = Some(CableEnd {
            cable: link,
            side: side(&end),
            connector: None,
            status,
            label: ssid.unwrap_or_default(),
            wireless: true,
            circuit: None,
        });
    }
    Ok(())
}

async fn passages(connection: &mut PgConnection, devices: &[Uuid]) -> Result<Vec<(Uuid, Passage)>, Problem> {
    let rows: Vec<(Uuid, Uuid, i64, Uuid, i64)> = sqlx::query_as(
        "SELECT f.device, m.front_port, m.front_position, m.rear_port, m.rear_position \
         FROM inventory.front_port f JOIN inventory.port_mapping m ON m.front_port = f.id \
         WHERE f.device = ANY($1)",
    )
    .bind(devices)
    .fetch_all(connection)
    .await?;
    let position = |value: i64| u16::try_from(value).unwrap_or(u16::MAX);
    let passage = |(device, front, front_position, rear, rear_position)| {
        let (front_position, rear_position) = (position(front_position), position(rear_position));
        (device, Passage { front, front_position, rear, rear_position })
    };
    Ok(rows.into_iter().map(passage).collect())
}
