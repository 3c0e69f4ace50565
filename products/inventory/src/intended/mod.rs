//! What the network is meant to be, published for whoever compares it with what is observed: one
//! document a device.
//!
//! A write marks the devices it concerns in its own transaction ([`Published`]); the [`publisher`]
//! makes their documents and hands them on, then takes the marks away. So every change is published
//! at least once, a thousand changes of one device as one document, and an unchanged document costs
//! its receiver one time stamp. Once a day everything is published, with the list of all devices.

mod publisher;

use std::collections::BTreeSet;

use kit::record::{Change, Drafted, Hooks, Record, Wrote};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use uuid::Uuid;

pub(crate) use publisher::{PUBLISH, PUBLISH_SCRIPT, PublishJob, Publisher, wake};

use crate::reading::{id_of, reference, reference_model};
use crate::store::intended as marks;
use crate::{cabling, circuits, components, interfaces, racks, space, virtualization, wireless};

/// Which devices a record concerns, virtual machines among them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Concern {
    /// It is one.
    Device,
    /// The device it is part of.
    Part,
    /// The device of the port it is assigned to.
    Assigned,
    /// The device of the port it ends at.
    Termination,
    /// The virtual machine it is part of.
    MachinePart,
    /// The devices of the interfaces it joins by radio.
    Radio,
    /// The devices that are connected to its circuit.
    CircuitEnd,
    /// The device of its front port.
    Passage,
    /// The devices at its ends.
    Cable,
    /// All devices that are described by it; `statement` finds them. New ones describe none.
    Description(&'static str),
}

/// Marks what a write concerns as due, after the model's own hooks.
pub(crate) struct Published {
    of: Concern,
    then: &'static dyn Hooks,
}

const fn published(of: Concern) -> Published {
    Published { of, then: &kit::record::NoHooks }
}

/// Hooks of devices.
pub(crate) static DEVICE: Published = Published { of: Concern::Device, then: &components::OfDevice };
/// Hooks of interfaces.
pub(crate) static INTERFACE: Published = Published { of: Concern::Part, then: &interfaces::OfDevice };
/// Hooks of front ports and rear ports.
pub(crate) static PORT: Published = published(Concern::Part);
/// Hooks of IP addresses.
pub(crate) static ADDRESS: Published = Published { of: Concern::Assigned, then: &space::Addresses };
/// Hooks of MAC addresses.
pub(crate) static MAC: Published = published(Concern::Assigned);
/// Hooks of the ends of cables.
pub(crate) static TERMINATION: Published = Published { of: Concern::Termination, then: &cabling::Ends };
/// Hooks of cables.
pub(crate) static CABLE: Published = published(Concern::Cable);
/// Hooks of the joints of patch panels.
pub(crate) static PASSAGE: Published = published(Concern::Passage);
/// Hooks of device types.
pub(crate) static DEVICE_TYPE: Published =
    Published { of: Concern::Description(marks::OF_TYPES), then: &racks::rule::OfDeviceType };
/// Hooks of manufacturers.
pub(crate) static MANUFACTURER: Published = published(Concern::Description(marks::OF_MANUFACTURERS));
/// Hooks of platforms.
pub(crate) static PLATFORM: Published = published(Concern::Description(marks::OF_PLATFORMS));
/// Hooks of device roles.
pub(crate) static DEVICE_ROLE: Published = published(Concern::Description(marks::OF_ROLES));
/// Hooks of sites.
pub(crate) static SITE: Published = published(Concern::Description(marks::OF_SITES));
/// Hooks of VRFs.
pub(crate) static VRF: Published = published(Concern::Description(marks::OF_VRFS));

/// Hooks of virtual machines.
pub(crate) static MACHINE: Published = Published { of: Concern::Device, then: &virtualization::Machines };
/// Hooks of interfaces of virtual machines.
pub(crate) static MACHINE_INTERFACE: Published =
    Published { of: Concern::MachinePart, then: &interfaces::OfMachine };
/// Hooks of circuits.
pub(crate) static CIRCUIT: Published =
    Published { of: Concern::Description(marks::OF_CIRCUITS), then: &circuits::Circuits };
/// Hooks of the ends of circuits.
pub(crate) static CIRCUIT_TERMINATION: Published =
    Published { of: Concern::CircuitEnd, then: &circuits::Terminations };
/// Hooks of wireless links.
pub(crate) static WIRELESS_LINK: Published = Published { of: Concern::Radio, then: &wireless::Links };

impl Published {
    /// Ids to mark by, and the statement that marks.
    fn concerned(&self, change: Change, rows: &[Wrote<'_>]) -> (BTreeSet<Uuid>, &'static str) {
        let records = || rows.iter().flat_map(|row| [row.before, row.after]).flatten();
        match self.of {
            Concern::Device => (records().filter_map(id_of).collect(), marks::OF_DEVICES),
            Concern::Part => (records().filter_map(|r| reference(r, "device")).collect(), marks::OF_DEVICES),
            Concern::Assigned => {
                let on_interface = |r: &&Record| {
                    matches!(
                        reference_model(r, "assigned_object"),
                        Some("inventory.interface" | "inventory.vm_interface")
                    )
                };
                let ids = records().filter(on_interface).filter_map(|r| reference(r, "assigned_object"));
                (ids.collect(), marks::OF_PORTS)
            }
            Concern::Termination => {
                (records().filter_map(|r| reference(r, "termination")).collect(), marks::OF_PORTS)
            }
            Concern::MachinePart => {
                (records().filter_map(|r| reference(r, "virtual_machine")).collect(), marks::OF_DEVICES)
            }
            Concern::Radio => {
                let ends = |r: &Record| ["interface_a", "interface_b"].map(|end| reference(r, end));
                (records().flat_map(ends).flatten().collect(), marks::OF_PORTS)
            }
            Concern::CircuitEnd => {
                (records().filter_map(|r| reference(r, "circuit")).collect(), marks::OF_CIRCUITS)
            }
            Concern::Passage => {
                (records().filter_map(|r| reference(r, "front_port")).collect(), marks::OF_PORTS)
            }
            Concern::Cable => (records().filter_map(id_of).collect(), marks::OF_CABLES),
            Concern::Description(statement) if change == Change::Update => {
                (records().filter_map(id_of).collect(), statement)
            }
            Concern::Description(statement) => (BTreeSet::new(), statement),
        }
    }
}

impl Hooks for Published {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        self.then.clean(ctx, before, record, errors);
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        self.then.clean_all(records, tx, drafts)
    }

    fn digest<'a>(
        &'a self,
        field: &'a str,
        clear: &'a kit::SecretText,
    ) -> BoxFuture<'a, Result<String, Problem>> {
        self.then.digest(field, clear)
    }

    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        change: Change,
        before: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        self.then.written(tx, change, before, after)
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let (ids, statement) = self.concerned(change, rows);
            if !ids.is_empty() {
                let ids: Vec<Uuid> = ids.into_iter().collect();
                marks::mark(tx, statement, &ids).await?;
                let tenant = tx.ctx().tenant();
                tx.after_commit(move || wake(tenant));
            }
            self.then.written_all(records, tx, change, rows).await
        })
    }
}
