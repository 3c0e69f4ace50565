//! A running simulation: agents on loopback, with a hand on cables and agents.

use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::agent::{Server, Statistics, World};
use crate::options::{Options, SimulatorError};
use crate::plan::{DeviceId, Plan};
use crate::truth::Truth;

/// Running agents. Dropping it stops them.
///
/// ```no_run
/// use simulator::{Options, Plan, Simulation};
/// let plan = Plan::generate(&Options { devices: 20, port: 0, ..Options::default() })?;
/// let simulation = Simulation::start(plan)?;
/// println!("ask {} port {}", simulation.addresses()[0], simulation.port());
/// simulation.set_link(0, false);
/// # Ok::<(), simulator::SimulatorError>(())
/// ```
pub struct Simulation {
    world: Arc<World>,
    server: Server,
}

impl Simulation {
    /// Opens the port of the plan's options (0: a free one) and answers on every address of the
    /// plan from then on.
    pub fn start(plan: Plan) -> Result<Self, SimulatorError> {
        plan.options.check()?;
        let world = Arc::new(World::new(Arc::new(plan))?);
        let server = Server::start(&world)?;
        Ok(Self { world, server })
    }

    /// Draws the network of these options and starts it.
    pub fn from_options(options: &Options) -> Result<Self, SimulatorError> {
        Self::start(Plan::generate(options)?)
    }

    /// UDP port of all agents.
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// Management addresses, one for each device, in the order of [`Plan::devices`].
    pub fn addresses(&self) -> Vec<Ipv4Addr> {
        self.world.plan.devices.iter().map(|device| device.address).collect()
    }

    /// The network.
    pub fn plan(&self) -> &Plan {
        &self.world.plan
    }

    /// What a discovery should find while everything is up.
    pub fn truth(&self) -> Truth {
        Truth::of(&self.world.plan, self.port())
    }

    /// Pulls or mends a cable: both ports go down or up, neighbours forget or meet each other, the
    /// spanning tree of the site turns, forwarding tables follow. At once; real protocols need
    /// seconds. An unknown cable does nothing.
    pub fn set_link(&self, cable: u32, up: bool) {
        let Some(entry) = self.plan().cables.get(cable as usize) else { return };
        let sites = [entry.a.device, entry.b.device].map(|id| self.plan().device(id).site);
        self.world.change(&sites, |state| state.set_cable(cable, up));
    }

    /// Makes an agent answer nothing any more, or answer again. Its neighbours still hear it.
    pub fn silence(&self, device: DeviceId, silent: bool) {
        if (device as usize) < self.plan().devices.len() {
            self.world.change(&[], |state| state.set_silent(device, silent));
        }
    }

    /// Switches LLDP and CDP of a device off: it is heard by no neighbour and tells of none, while
    /// all cables stay up.
    pub fn forget_lldp(&self, device: DeviceId) {
        self.set_lldp(device, false);
    }

    /// Switches LLDP and CDP of a device off or, where it spoke them before, on again.
    pub fn set_lldp(&self, device: DeviceId, on: bool) {
        if (device as usize) >= self.plan().devices.len() {
            return;
        }
        let mut sites = vec![self.plan().device(device).site];
        for cable in &self.plan().cables {
            if cable.a.device == device || cable.b.device == device {
                sites.push(self.plan().device(cable.far(device).device).site);
            }
        }
        sites.sort_unstable();
        sites.dedup();
        self.world.change(&sites, |state| state.set_lldp(device, on));
    }

    /// What was asked and answered so far.
    pub fn statistics(&self) -> Statistics {
        self.world.statistics()
    }

    /// Ends all threads and closes the port.
    pub fn stop(self) {
        drop(self);
    }
}
