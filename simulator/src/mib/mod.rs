//! The tables of an agent, built from plan and state when the agent is first asked.

mod bridge;
mod entity;
mod interfaces;
mod ip;
mod lag;
mod neighbours;
mod routing;
mod system;
pub(crate) mod table;

pub(crate) use bridge::{serves_fdb, serves_stp};
pub(crate) use entity::serves as serves_entity;
pub(crate) use lag::serves as serves_lag;
pub(crate) use system::{ENGINE_TIME, SYS_UP_TIME, engine_boots};

use crate::l2::SiteL2;
use crate::plan::{Device, DeviceId, End, Lame, Plan};
use crate::state::State;
use table::{Table, TableWriter};

/// mib-2.
pub(crate) const MIB2: [u32; 6] = [1, 3, 6, 1, 2, 1];

/// The views of an agent.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The default context.
    pub(crate) main: Table,
    /// Contexts of VLANs (`community@vlan`, SNMPv3 context `vlan-N`).
    pub(crate) vlans: Vec<(u16, Table)>,
}

impl Tables {
    /// Octets on the heap.
    pub(crate) fn size(&self) -> usize {
        self.main.size() + self.vlans.iter().map(|(_, table)| table.size()).sum::<usize>()
    }
}

/// What a table writer sees of the network.
pub(crate) struct View<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) state: &'a State,
    pub(crate) l2: &'a SiteL2,
    pub(crate) device: &'a Device,
    /// Positions of interfaces in rising ifIndex.
    pub(crate) order: Vec<u16>,
}

impl View<'_> {
    fn end(&self, port: u16) -> End {
        End { device: self.device.id, port }
    }

    fn is(&self, lame: Lame) -> bool {
        self.device.is(lame)
    }

    /// A text, with NUL octets behind it where the agent is that lame.
    fn text(&self, text: &str) -> Vec<u8> {
        let mut octets = text.as_bytes().to_vec();
        if self.is(Lame::NulText) {
            octets.extend_from_slice(&[0, 0]);
        }
        octets
    }
}

/// An object below mib-2.
fn mib2(tail: &[u32]) -> Vec<u32> {
    [&MIB2[..], tail].concat()
}

/// Builds all views of an agent.
pub(crate) fn build(plan: &Plan, state: &State, l2: &SiteL2, id: DeviceId) -> Tables {
    let device = plan.device(id);
    let view = View { plan, state, l2, device, order: device.by_if_index() };
    let mut writer = TableWriter::new();
    if device.is(Lame::SystemOnly) {
        system::system(&mut writer, &view);
        system::engine(&mut writer, &view);
        return Tables { main: writer.finish(), vlans: Vec::new() };
    }
    neighbours::lldp(&mut writer, &view);
    lag::lag(&mut writer, &view);
    system::system(&mut writer, &view);
    interfaces::if_table(&mut writer, &view);
    ip::ip(&mut writer, &view);
    routing::ospf(&mut writer, &view);
    routing::bgp(&mut writer, &view);
    bridge::bridge(&mut writer, &view);
    interfaces::if_x_table(&mut writer, &view);
    entity::entity(&mut writer, &view);
    routing::vrrp(&mut writer, &view);
    neighbours::cdp(&mut writer, &view);
    system::vendor(&mut writer, &view);
    system::engine(&mut writer, &view);
    neighbours::lldp_v2(&mut writer, &view);
    let mut main = writer.finish();
    disorder(&mut main, &view);
    let vlans = if device.is(Lame::VlanContexts) { bridge::contexts(&view) } else { Vec::new() };
    Tables { main, vlans }
}

/// Lame orders.
fn disorder(table: &mut Table, view: &View<'_>) {
    let lldp_remote = [1, 0, 8802, 1, 1, 2, 1, 4, 1, 1];
    match view.device.lame {
        Some(Lame::NonAscending) => {
            for column in 4..=12 {
                let object = [&lldp_remote[..], &[column]].concat();
                if let Some((first, last)) = table.range(&object) {
                    table.reverse(first, last);
                }
            }
        }
        Some(Lame::RowLoop) => {
            if let Some((_, last)) = table.range(&mib2(&[31, 1, 1, 1, 18])) {
                table.jump(last, last);
            }
        }
        Some(Lame::Backwards) => {
            let ends = (
                table.range(&[&lldp_remote[..], &[4]].concat()),
                table.range(&[&lldp_remote[..], &[12]].concat()),
            );
            if let (Some((first, _)), Some((_, last))) = ends {
                table.jump(last, first);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l2;
    use crate::options::{LameChoice, Options};

    #[test]
    fn every_agent_has_its_tables_and_stays_small() {
        let options = Options { devices: 200, lame: LameChoice::All, ..Options::default() };
        let plan = Plan::generate(&options).unwrap();
        let state = State::new(&plan);
        let mut total = 0;
        let mut size = 0;
        for device in &plan.devices {
            let l2 = l2::compute(&plan, &state, device.site);
            let tables = build(&plan, &state, &l2, device.id);
            assert!(tables.main.len() > 8, "{}", device.name);
            total += tables.main.len();
            size += tables.size();
            let rows =
                |tail: &[u32]| tables.main.range(&mib2(tail)).map_or(0, |(first, last)| last - first + 1);
            if device.lame.is_none() {
                assert_eq!(rows(&[2, 2, 1, 2]), device.interfaces.len() as u32);
                assert_eq!(rows(&[31, 1, 1, 1, 1]), device.interfaces.len() as u32);
                assert!(rows(&[4, 34, 1, 3]) >= 1);
                assert_eq!(device.role.bridges(), rows(&[17, 1, 4, 1, 2]) > 0);
            }
        }
        let each = size / total;
        assert!(each < 48, "{each} octets a binding");
        assert!(size / plan.devices.len() < 300_000, "{} octets a device", size / plan.devices.len());
    }
}
