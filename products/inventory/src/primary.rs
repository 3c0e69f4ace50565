//! The addresses a machine is reached by: they are on its own interfaces.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Record, Wrote};
use kit::{FieldError, Problem, Records, WriteTx};
use uuid::Uuid;

use crate::reading::{Reader, by_id, id_of, reference, reference_model, text};

/// What has such addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Machine {
    Device,
    Virtual,
}

impl Machine {
    /// Its fields, and whether the family is IPv4 where it must be one.
    fn fields(self) -> &'static [(&'static str, Option<bool>)] {
        const FIELDS: [(&str, Option<bool>); 3] =
            [("primary_ip4", Some(true)), ("primary_ip6", Some(false)), ("oob_ip", None)];
        match self {
            Self::Device => &FIELDS,
            Self::Virtual => FIELDS.split_at(2).0,
        }
    }

    /// The model of its interfaces, and their field that names it.
    fn interfaces(self) -> (&'static str, &'static str) {
        match self {
            Self::Device => ("inventory.interface", "device"),
            Self::Virtual => ("inventory.vm_interface", "virtual_machine"),
        }
    }
}

/// The addresses are of their family, and on an interface of the machine or of its stack; an address
/// that stands for such a one outside (NAT) is as good.
pub(crate) async fn own_addresses(
    records: &dyn Records,
    tx: &mut WriteTx,
    machine: Machine,
    rows: &[Wrote<'_>],
) -> Result<(), Problem> {
    let changed = |row: &Wrote<'_>, field: &str| {
        let (before, after) = (row.before?, row.after?);
        reference(after, field).filter(|id| reference(before, field) != Some(*id))
    };
    let fields = machine.fields();
    let wanted: BTreeSet<Uuid> =
        rows.iter().flat_map(|row| fields.iter().filter_map(move |(field, _)| changed(row, field))).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut reader = Reader::In(tx);
    let addresses = by_id(reader.listed(records, "inventory.ip_address", "id", &wanted).await?);
    let inside = addresses.values().filter_map(|address| reference(address, "nat_inside")).collect();
    let inside = by_id(reader.listed(records, "inventory.ip_address", "id", &inside).await?);
    let owners =
        Owners::load(&mut reader, records, machine, addresses.values().chain(inside.values())).await?;
    let mut errors = Vec::new();
    for row in rows {
        let Some(after) = row.after else { continue };
        for (field, v4) in fields {
            let Some(address) = changed(row, field).and_then(|id| addresses.get(&id)) else { continue };
            let mut wrong = |code: &'static str, message: &str| {
                let pointer = format!("/{}/{field}", row.at);
                errors.push(FieldError { pointer, code: code.into(), message: message.to_owned() });
            };
            let nat = reference(address, "nat_inside").and_then(|id| inside.get(&id));
            if v4.is_some_and(|v4| text(address, "address").contains(':') == v4) {
                wrong("family", "This address is of the other family.");
            } else if !owners.has(after, address) && !nat.is_some_and(|nat| owners.has(after, nat)) {
                wrong("not_assigned", "This address is on none of its interfaces.");
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Whose interfaces addresses are on.
struct Owners {
    model: &'static str,
    /// Machines by interface.
    by_interface: HashMap<Uuid, Uuid>,
    /// Stacks by device.
    stacks: HashMap<Uuid, Uuid>,
}

impl Owners {
    async fn load<'a>(
        reader: &mut Reader<'_>,
        records: &dyn Records,
        machine: Machine,
        addresses: impl Iterator<Item = &'a Record>,
    ) -> Result<Self, Problem> {
        let (model, field) = machine.interfaces();
        let wanted = addresses.filter_map(|address| reference(address, "assigned_object")).collect();
        let interfaces = reader.listed(records, model, "id", &wanted).await?;
        let by_interface: HashMap<Uuid, Uuid> = interfaces
            .iter()
            .filter_map(|interface| Some((id_of(interface)?, reference(interface, field)?)))
            .collect();
        let mut stacks = HashMap::new();
        if matches!(machine, Machine::Device) {
            let wanted = by_interface.values().copied().collect();
            for device in reader.listed(records, "inventory.device", "id", &wanted).await? {
                if let (Some(id), Some(stack)) = (id_of(&device), reference(&device, "virtual_chassis")) {
                    stacks.insert(id, stack);
                }
            }
        }
        Ok(Self { model, by_interface, stacks })
    }

    fn has(&self, machine: &Record, address: &Record) -> bool {
        let interface = reference(address, "assigned_object")
            .filter(|_| reference_model(address, "assigned_object") == Some(self.model));
        let Some(owner) = interface.and_then(|interface| self.by_interface.get(&interface)) else {
            return false;
        };
        let stack = self.stacks.get(owner).copied();
        id_of(machine) == Some(*owner) || (stack.is_some() && stack == reference(machine, "virtual_chassis"))
    }
}
