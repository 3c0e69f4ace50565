//! SNMPv2-MIB system group, SNMP-FRAMEWORK-MIB engine, serial scalars of vendors without ENTITY-MIB.

use model::documents::System;
use model::{Completeness, Document, DocumentKind, Reason, ReasonCode};
use snmp::{Oid, Value};

use super::{Agent, Reading, oid};
use crate::snmp::report::TableReport;

const DESCRIPTION: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 1, 0);
const OBJECT_ID: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 2, 0);
const UPTIME: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 3, 0);
const CONTACT: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 4, 0);
const NAME: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 5, 0);
const LOCATION: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 6, 0);
const SERVICES: Oid = oid!(1, 3, 6, 1, 2, 1, 1, 7, 0);
const FORWARDING: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 1, 0);
pub(in crate::snmp) const ENGINE_ID: Oid = oid!(1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0);
const ENGINE_BOOTS: Oid = oid!(1, 3, 6, 1, 6, 3, 10, 2, 1, 2, 0);
const ENGINE_TIME: Oid = oid!(1, 3, 6, 1, 6, 3, 10, 2, 1, 3, 0);

/// The first question to any agent: who it is. Also tells whether a credential is accepted.
pub const SCALARS: &[Oid] = &[
    DESCRIPTION,
    OBJECT_ID,
    UPTIME,
    CONTACT,
    NAME,
    LOCATION,
    SERVICES,
    FORWARDING,
    ENGINE_ID,
    ENGINE_BOOTS,
    ENGINE_TIME,
];

/// Serial number scalars by enterprise number (Cisco's old chassis id, Juniper, Fortinet,
/// MikroTik, Palo Alto).
const SERIALS: &[(u32, Oid)] = &[
    (9, oid!(1, 3, 6, 1, 4, 1, 9, 3, 6, 3, 0)),
    (2636, oid!(1, 3, 6, 1, 4, 1, 2636, 3, 1, 3, 0)),
    (12356, oid!(1, 3, 6, 1, 4, 1, 12356, 100, 1, 1, 1, 0)),
    (14988, oid!(1, 3, 6, 1, 4, 1, 14988, 1, 1, 7, 3, 0)),
    (25461, oid!(1, 3, 6, 1, 4, 1, 25461, 2, 1, 2, 1, 3, 0)),
];

/// The serial scalar of a vendor.
pub fn serial_scalar(enterprise: u32) -> Option<Oid> {
    SERIALS.iter().find(|(number, _)| *number == enterprise).map(|(_, oid)| oid.clone())
}

/// The enterprise number in a sysObjectID below 1.3.6.1.4.1; 0 for anything else.
pub fn enterprise(object_id: Option<&Value>) -> u32 {
    match object_id.and_then(Value::as_oid).map(Oid::as_slice) {
        Some([1, 3, 6, 1, 4, 1, number, ..]) => *number,
        _ => 0,
    }
}

/// The enterprise number of a system group answer (in the order of [`SCALARS`]).
pub fn enterprise_of(values: &[Option<Value>]) -> u32 {
    enterprise(values.get(1).and_then(Option::as_ref))
}

/// Makes the System document. `now` is the time of the answer in Unix seconds.
pub fn read(agent: &Agent<'_>, now: i64) -> Reading {
    let text = |oid: &Oid| agent.scalar_text(oid).unwrap_or_default();
    let ticks = agent.scalar(&UPTIME).and_then(Value::as_u64).map(|ticks| ticks / 100);
    // sysUpTime wraps after 497 days, snmpEngineTime does not.
    let uptime = ticks.max(agent.scalar(&ENGINE_TIME).and_then(Value::as_u64));
    let serial = serial_scalar(agent.enterprise).and_then(|oid| agent.scalar_text(&oid));
    let system = System {
        description: text(&DESCRIPTION),
        object_id: agent.scalar(&OBJECT_ID).and_then(Value::as_oid).map(Oid::to_string).unwrap_or_default(),
        name: text(&NAME),
        location: text(&LOCATION),
        contact: text(&CONTACT),
        services: agent.scalar_u32(&SERVICES),
        forwarding: agent.scalar_u32(&FORWARDING).map(|n| n == 1),
        engine_id: agent.scalar(&ENGINE_ID).and_then(Value::as_bytes).unwrap_or_default().to_vec(),
        engine_boots: agent.scalar_u32(&ENGINE_BOOTS),
        boot_time: uptime.and_then(|s| i64::try_from(s).ok()).map(|s| (now - s + 5).div_euclid(10) * 10),
        serial: serial.filter(|serial| !serial.is_empty()),
    };
    let completeness =
        if system.description.is_empty() && system.object_id.is_empty() && system.name.is_empty() {
            let text = "The agent answers, but shows nothing of its system group.";
            Completeness::partial(0, Reason::new(ReasonCode::TableWithheld, text))
        } else {
            Completeness::complete(1)
        };
    let report = TableReport::of("system", &completeness, None);
    Reading {
        kind: DocumentKind::System,
        document: Some(Document::System(system)),
        completeness,
        tables: vec![report],
    }
}
