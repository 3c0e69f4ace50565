//! What is there already, when something observed is taken over.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

/// A record with a name: id, name, slug.
pub(crate) type Named = (Uuid, String, String);

/// Most records of one vocabulary that are looked at.
const VOCABULARY: i64 = 50_000;

/// All sites.
pub(crate) async fn sites(connection: &mut PgConnection) -> Result<Vec<Named>, Problem> {
    let query = sqlx::query_as("SELECT id, name, slug FROM inventory.site ORDER BY name LIMIT $1");
    Ok(query.bind(VOCABULARY).fetch_all(connection).await?)
}

/// All device roles.
pub(crate) async fn roles(connection: &mut PgConnection) -> Result<Vec<Named>, Problem> {
    let query = sqlx::query_as("SELECT id, name, slug FROM inventory.device_role ORDER BY name LIMIT $1");
    Ok(query.bind(VOCABULARY).fetch_all(connection).await?)
}

/// All manufacturers.
pub(crate) async fn manufacturers(connection: &mut PgConnection) -> Result<Vec<Named>, Problem> {
    let query = sqlx::query_as("SELECT id, name, slug FROM inventory.manufacturer ORDER BY name LIMIT $1");
    Ok(query.bind(VOCABULARY).fetch_all(connection).await?)
}

/// All platforms.
pub(crate) async fn platforms(connection: &mut PgConnection) -> Result<Vec<Named>, Problem> {
    let query = sqlx::query_as("SELECT id, name, slug FROM inventory.platform ORDER BY name LIMIT $1");
    Ok(query.bind(VOCABULARY).fetch_all(connection).await?)
}

/// All VRFs.
pub(crate) async fn vrfs(connection: &mut PgConnection) -> Result<Vec<Named>, Problem> {
    let query =
        sqlx::query_as("SELECT id, name, coalesce(rd, '') FROM inventory.vrf ORDER BY name, id LIMIT $1");
    Ok(query.bind(VOCABULARY).fetch_all(connection).await?)
}

/// A device type: id, manufacturer, model, part number.
pub(crate) type Type = (Uuid, Uuid, String, String);

/// All device types.
pub(crate) async fn types(connection: &mut PgConnection) -> Result<Vec<Type>, Problem> {
    let query = sqlx::query_as(
        "SELECT id, manufacturer, model, coalesce(part_number, '') FROM inventory.device_type ORDER BY model, id LIMIT $1",
    );
    Ok(query.bind(VOCABULARY).fetch_all(connection).await?)
}

/// A device: id, name, serial, site.
pub(crate) type Known = (Uuid, String, String, Uuid);

/// Devices with one of these names or serial numbers, given in lower and upper case.
pub(crate) async fn devices(
    connection: &mut PgConnection,
    names: &[String],
    serials: &[String],
) -> Result<Vec<Known>, Problem> {
    Ok(sqlx::query_as(
        "SELECT id, coalesce(name, ''), coalesce(serial, ''), site FROM inventory.device \
         WHERE lower(name) = ANY($1) OR upper(serial) = ANY($2) ORDER BY id",
    )
    .bind(names)
    .bind(serials)
    .fetch_all(connection)
    .await?)
}

/// An address: id, with its length, VRF, what it is assigned to, the device or virtual machine it is on.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) id: Uuid,
    pub(crate) net: IpNet,
    pub(crate) vrf: Option<Uuid>,
    pub(crate) assigned: Option<Uuid>,
    pub(crate) on: Option<String>,
}

type AddressRow = (Uuid, String, Option<Uuid>, Option<Uuid>, Option<String>);

/// Records of these addresses, in any VRF.
pub(crate) async fn addresses(
    connection: &mut PgConnection,
    hosts: &[IpAddr],
) -> Result<Vec<Address>, Problem> {
    let hosts: Vec<String> = hosts.iter().map(IpAddr::to_string).collect();
    let rows: Vec<AddressRow> = sqlx::query_as(
        "SELECT a.id, text(a.address), a.vrf, a.assigned_object_id, coalesce(d.name, m.name) \
         FROM inventory.ip_address a \
         LEFT JOIN inventory.interface i ON i.id = a.assigned_object_id \
         LEFT JOIN inventory.device d ON d.id = i.device \
         LEFT JOIN inventory.vm_interface v ON v.id = a.assigned_object_id \
         LEFT JOIN inventory.virtual_machine m ON m.id = v.virtual_machine WHERE a.address_host = ANY($1::text[]::inet[]) ORDER BY a.id",
    )
    .bind(hosts)
    .fetch_all(connection)
    .await?;
    let address = |(id, net, vrf, assigned, on): AddressRow| {
        Some(Address { id, net: net.parse().ok()?, vrf, assigned, on })
    };
    Ok(rows.into_iter().filter_map(address).collect())
}

/// Interfaces of a device: id, name, type.
pub(crate) async fn interfaces(connection: &mut PgConnection, device: Uuid) -> Result<Vec<Named>, Problem> {
    Ok(sqlx::query_as("SELECT id, name, type FROM inventory.interface WHERE device = $1 ORDER BY name")
        .bind(device)
        .fetch_all(connection)
        .await?)
}

/// The device or virtual machine of an interface.
pub(crate) async fn device_of(
    connection: &mut PgConnection,
    interface: Uuid,
) -> Result<Option<Uuid>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT device FROM inventory.interface WHERE id = $1 \
         UNION ALL SELECT virtual_machine FROM inventory.vm_interface WHERE id = $1",
    )
    .bind(interface)
    .fetch_optional(connection)
    .await?)
}

/// Is this record a virtual machine?
pub(crate) async fn is_machine(connection: &mut PgConnection, id: Uuid) -> Result<bool, Problem> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM inventory.virtual_machine WHERE id = $1)")
        .bind(id)
        .fetch_one(connection)
        .await?)
}

/// Is this record an interface of a virtual machine?
pub(crate) async fn is_machine_interface(connection: &mut PgConnection, id: Uuid) -> Result<bool, Problem> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM inventory.vm_interface WHERE id = $1)")
        .bind(id)
        .fetch_one(connection)
        .await?)
}

/// The end of a cable: id, side, port.
pub(crate) type End = (Uuid, String, Uuid);

/// The ends of cables.
pub(crate) async fn ends(
    connection: &mut PgConnection,
    cables: &[Uuid],
) -> Result<Vec<(Uuid, End)>, Problem> {
    let rows: Vec<(Uuid, Uuid, String, Uuid)> = sqlx::query_as(
        "SELECT cable, id, cable_end, termination_id FROM inventory.cable_termination WHERE cable = ANY($1)",
    )
    .bind(cables)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(cable, id, side, port)| (cable, (id, side, port))).collect())
}

/// Addresses of an interface.
pub(crate) async fn addresses_of(
    connection: &mut PgConnection,
    interface: Uuid,
) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar("SELECT id FROM inventory.ip_address WHERE assigned_object_id = $1")
        .bind(interface)
        .fetch_all(connection)
        .await?)
}

/// Devices and virtual machines that are reached by one of these addresses: model, id and the field.
pub(crate) async fn reached_by(
    connection: &mut PgConnection,
    addresses: &[Uuid],
) -> Result<Vec<(String, Uuid, String)>, Problem> {
    Ok(sqlx::query_as(
        "SELECT 'inventory.device', id, 'primary_ip4' FROM inventory.device WHERE primary_ip4 = ANY($1) \
         UNION ALL SELECT 'inventory.device', id, 'primary_ip6' FROM inventory.device WHERE primary_ip6 = ANY($1) \
         UNION ALL SELECT 'inventory.device', id, 'oob_ip' FROM inventory.device WHERE oob_ip = ANY($1) \
         UNION ALL SELECT 'inventory.virtual_machine', id, 'primary_ip4' FROM inventory.virtual_machine \
         WHERE primary_ip4 = ANY($1) \
         UNION ALL SELECT 'inventory.virtual_machine', id, 'primary_ip6' FROM inventory.virtual_machine \
         WHERE primary_ip6 = ANY($1)",
    )
    .bind(addresses)
    .fetch_all(connection)
    .await?)
}
