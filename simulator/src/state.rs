//! What changes while a simulation runs: cables that are pulled, agents that fall silent.

use crate::plan::{Attached, Carrier, DeviceId, End, Plan, PortKind};

/// The changeable part of a network.
#[derive(Clone, Debug)]
pub(crate) struct State {
    cable_up: Vec<bool>,
    silent: Vec<bool>,
    lldp_off: Vec<bool>,
    changes: u32,
}

impl State {
    /// Everything up and talking.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            cable_up: vec![true; plan.cables.len()],
            silent: vec![false; plan.devices.len()],
            lldp_off: vec![false; plan.devices.len()],
            changes: 0,
        }
    }

    pub(crate) fn set_cable(&mut self, cable: u32, up: bool) {
        self.cable_up[cable as usize] = up;
        self.changes += 1;
    }

    pub(crate) fn set_silent(&mut self, device: DeviceId, silent: bool) {
        self.silent[device as usize] = silent;
    }

    pub(crate) fn set_lldp(&mut self, device: DeviceId, on: bool) {
        self.lldp_off[device as usize] = !on;
        self.changes += 1;
    }

    /// A time of last change, in hundredths of a second of uptime, that moves with every change:
    /// managers that read a table again only then must notice.
    pub(crate) fn last_change(&self) -> u32 {
        360_000 + self.changes * 100
    }

    pub(crate) fn cable_up(&self, cable: u32) -> bool {
        self.cable_up[cable as usize]
    }

    pub(crate) fn is_silent(&self, device: DeviceId) -> bool {
        self.silent[device as usize]
    }

    /// Sends and hears LLDP.
    pub(crate) fn lldp(&self, plan: &Plan, device: DeviceId) -> bool {
        plan.device(device).lldp && !self.lldp_off[device as usize]
    }

    /// Sends and hears CDP.
    pub(crate) fn cdp(&self, plan: &Plan, device: DeviceId) -> bool {
        plan.device(device).cdp && !self.lldp_off[device as usize]
    }

    pub(crate) fn lag_up(&self, plan: &Plan, lag: u32) -> bool {
        plan.lags[lag as usize].cables.iter().any(|cable| self.cable_up(*cable))
    }

    pub(crate) fn carrier_up(&self, plan: &Plan, carrier: Carrier) -> bool {
        match carrier {
            Carrier::Cable(cable) => self.cable_up(cable),
            Carrier::Lag(lag) => self.lag_up(plan, lag),
            Carrier::Vlan(_) => true,
        }
    }

    /// ifOperStatus = up.
    pub(crate) fn port_up(&self, plan: &Plan, end: End) -> bool {
        let device = plan.device(end.device);
        let port = device.port(end.port);
        match port.kind {
            PortKind::Physical { .. } => match port.attached {
                Attached::Nothing => false,
                Attached::Cable(cable) => self.cable_up(cable),
                Attached::Segment(_) | Attached::Host | Attached::Outside => true,
            },
            PortKind::Aggregate { .. } => device.interfaces.iter().any(|member| {
                member.lag == Some(end.port)
                    && matches!(member.attached, Attached::Cable(cable) if self.cable_up(cable))
            }),
            PortKind::Unit { parent } => below(plan, end.device, parent)
                .is_some_and(|port| self.port_up(plan, End { device: end.device, port })),
            PortKind::Svi { .. } | PortKind::Loopback | PortKind::Container => true,
        }
    }
}

/// Position of the port under a unit.
pub(crate) fn below(plan: &Plan, device: DeviceId, parent: u16) -> Option<u16> {
    let position = plan.device(device).interfaces.iter().position(|port| match port.kind {
        PortKind::Physical { number, .. } => number == parent,
        PortKind::Aggregate { number } => number + 1_000 == parent,
        _ => false,
    });
    position.map(|position| position as u16)
}
