//! Networks without wires.

mod wireless_lan;
mod wireless_lan_group;
mod wireless_link;

pub use wireless_lan::WIRELESS_LAN;
pub use wireless_lan_group::WIRELESS_LAN_GROUP;
pub use wireless_link::WIRELESS_LINK;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[&WIRELESS_LAN, &WIRELESS_LAN_GROUP, &WIRELESS_LINK];
