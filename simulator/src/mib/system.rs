//! SNMPv2-MIB system group, SNMP-FRAMEWORK-MIB engine group, serial numbers of vendors.

use crate::mib::table::{TableWriter, Val};
use crate::mib::{View, mib2};
use crate::plan::{Lame, Role, Vendor};

/// sysUpTime.0, whose value is patched in each answer.
pub(crate) const SYS_UP_TIME: [u32; 9] = [1, 3, 6, 1, 2, 1, 1, 3, 0];
/// snmpEngineTime.0, likewise.
pub(crate) const ENGINE_TIME: [u32; 11] = [1, 3, 6, 1, 6, 3, 10, 2, 1, 3, 0];

pub(super) fn system(w: &mut TableWriter, v: &View<'_>) {
    let device = v.device;
    w.scalar(&mib2(&[1, 1]), Val::Bytes(&v.text(&device.vendor.description(device.role, &device.name))));
    w.scalar(&mib2(&[1, 2]), Val::Oid(device.vendor.object_id()));
    w.scalar(&mib2(&[1, 3]), Val::Ticks(device.uptime * 100));
    w.scalar(&mib2(&[1, 4]), Val::Text("noc@sim.example"));
    w.scalar(&mib2(&[1, 5]), Val::Bytes(&v.text(&device.full_name())));
    w.scalar(&mib2(&[1, 6]), Val::Bytes(&v.text(&v.plan.site_of(device.id).location)));
    let services = match device.role {
        Role::Access => 2,
        Role::Distribution | Role::Leaf => 6,
        Role::Edge | Role::Core | Role::Spine => 4,
        Role::Server => 72,
    };
    w.scalar(&mib2(&[1, 7]), Val::Int(services));
}

pub(super) fn engine(w: &mut TableWriter, v: &View<'_>) {
    const GROUP: [u32; 9] = [1, 3, 6, 1, 6, 3, 10, 2, 1];
    let object = |tail: u32| [&GROUP[..], &[tail]].concat();
    w.scalar(&object(1), Val::Bytes(&v.device.engine_id));
    w.scalar(&object(2), Val::Int(engine_boots(v.device.id)));
    w.scalar(&object(3), Val::Int(v.device.uptime as i32));
    w.scalar(&object(4), Val::Int(v.plan.options.max_message as i32));
}

/// snmpEngineBoots of a device.
pub(crate) fn engine_boots(id: u32) -> i32 {
    1 + (id % 17) as i32
}

/// Scalars of vendors: a serial number outside ENTITY-MIB.
pub(super) fn vendor(w: &mut TableWriter, v: &View<'_>) {
    if v.device.vendor == Vendor::Juniper && !v.is(Lame::EmptyTables) {
        w.scalar(&[1, 3, 6, 1, 4, 1, 2636, 3, 1, 2], Val::Text(v.device.vendor.model(v.device.role)));
        w.scalar(&[1, 3, 6, 1, 4, 1, 2636, 3, 1, 3], Val::Text(&v.device.serial));
    }
}
