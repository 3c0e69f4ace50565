//! The plan: which devices there are, how they are cabled, addressed and numbered.
//!
//! Management addresses come from the loopback network: every agent answers on one of its own
//! (routing switches on two), and it is that address which LLDP, CDP, OSPF router ids, internal BGP
//! sessions and the ARP tables of the management VLAN name. **In a simulation 127.0.0.0/8 is the
//! management plane**: a crawler must be allowed to enter it, and identity resolution must not throw
//! these addresses away as it rightly does elsewhere. User and link addresses are private ones
//! (10.0.0.0/8, 192.168.1.0/24, fd5a::/16) on which nothing answers.

mod build;
mod generate;
mod lame;
mod plant;
mod types;
mod vendor;

pub(crate) use build::link_local;
pub use lame::Lame;
pub use types::{
    Address, Attached, BgpSession, Cable, Carrier, Device, DeviceId, End, Host, HostAt, Interface, Lag,
    Member, Mode, Plan, PortKind, Role, Segment, Site, Subnet, Vlan, VrrpGroup,
};
pub use vendor::Vendor;

use crate::options::{Options, SimulatorError};

impl Plan {
    /// Draws the network of these options. Equal options give equal networks.
    pub fn generate(options: &Options) -> Result<Self, SimulatorError> {
        generate::generate(options)
    }
}

#[cfg(test)]
mod tests;
