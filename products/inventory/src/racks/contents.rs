//! What is in racks: devices with their types and roles, and reservations.

use std::collections::{BTreeSet, HashMap};

use kit::record::Record;
use kit::{Problem, Records};
use uuid::Uuid;

use super::{Mounted, type_of};
use crate::reading::{Reader, by_id, reference};

/// The contents of some racks.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) devices: Vec<Record>,
    pub(crate) types: HashMap<Uuid, Record>,
    pub(crate) roles: HashMap<Uuid, Record>,
    pub(crate) reservations: Vec<Record>,
}

fn referred(records: &[Record], field: &str) -> BTreeSet<Uuid> {
    records.iter().filter_map(|record| reference(record, field)).collect()
}

impl Contents {
    /// Devices in racks with their types: what placing another one needs.
    pub(crate) async fn devices(
        records: &dyn Records,
        reader: &mut Reader<'_>,
        racks: &BTreeSet<Uuid>,
    ) -> Result<Self, Problem> {
        let devices = reader.listed(records, "inventory.device", "rack", racks).await?;
        let types = referred(&devices, "device_type");
        let types = by_id(reader.listed(records, "inventory.device_type", "id", &types).await?);
        Ok(Self { devices, types, ..Self::default() })
    }

    /// Everything in racks.
    pub(crate) async fn all(
        records: &dyn Records,
        reader: &mut Reader<'_>,
        racks: &BTreeSet<Uuid>,
    ) -> Result<Self, Problem> {
        let mut all = Self::devices(records, reader, racks).await?;
        let roles = referred(&all.devices, "role");
        all.roles = by_id(reader.listed(records, "inventory.device_role", "id", &roles).await?);
        all.reservations = reader.listed(records, "inventory.rack_reservation", "rack", racks).await?;
        Ok(all)
    }

    /// The type of a device.
    pub(crate) fn kind(&self, device: &Record) -> Option<&Record> {
        self.types.get(&type_of(device)?)
    }

    /// Where a device is.
    pub(crate) fn mounted(&self, device: &Record) -> Option<Mounted> {
        Mounted::of(device, self.kind(device)?)
    }
}
