//! States of things.

use kit::record::Choice;

/// Circuit status.
pub static CIRCUIT_STATUS: &[Choice] = &[
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("provisioning", "Provisioning", "info"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("offline", "Offline", "critical"),
    Choice::toned("deprovisioning", "Deprovisioning", "warning"),
    Choice::toned("decommissioned", "Decommissioned", "muted"),
];

/// Cluster status.
pub static CLUSTER_STATUS: &[Choice] = &[
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("staging", "Staging", "info"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
    Choice::toned("offline", "Offline", "critical"),
];

/// Device status.
pub static DEVICE_STATUS: &[Choice] = &[
    Choice::toned("offline", "Offline", "critical"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("staged", "Staged", "info"),
    Choice::toned("failed", "Failed", "critical"),
    Choice::toned("inventory", "Inventory", "muted"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
];

/// Ipaddress status.
pub static IPADDRESS_STATUS: &[Choice] = &[
    Choice::toned("active", "Active", "ok"),
    Choice::toned("reserved", "Reserved", "info"),
    Choice::toned("deprecated", "Deprecated", "warning"),
    Choice::toned("dhcp", "DHCP", "info"),
    Choice::toned("slaac", "SLAAC", "info"),
];

/// L2VPN status.
pub static L2VPN_STATUS: &[Choice] = &[
    Choice::toned("active", "Active", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
];

/// Link status.
pub static LINK_STATUS: &[Choice] = &[
    Choice::toned("connected", "Connected", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
];

/// Module status.
pub static MODULE_STATUS: &[Choice] = &[
    Choice::toned("offline", "Offline", "critical"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("staged", "Staged", "info"),
    Choice::toned("failed", "Failed", "critical"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
];

/// Prefix status.
pub static PREFIX_STATUS: &[Choice] = &[
    Choice::toned("container", "Container", "muted"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("reserved", "Reserved", "info"),
    Choice::toned("deprecated", "Deprecated", "warning"),
];

/// Rack reservation status.
pub static RACK_RESERVATION_STATUS: &[Choice] = &[
    Choice::toned("pending", "Pending", "info"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("stale", "Stale", "warning"),
];

/// Rack status.
pub static RACK_STATUS: &[Choice] = &[
    Choice::toned("reserved", "Reserved", "info"),
    Choice::toned("available", "Available", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("deprecated", "Deprecated", "warning"),
];

/// Site status.
pub static SITE_STATUS: &[Choice] = &[
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("staging", "Staging", "info"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
    Choice::toned("retired", "Retired", "muted"),
];

/// Space status.
pub static SPACE_STATUS: &[Choice] = &[
    Choice::toned("active", "Active", "ok"),
    Choice::toned("reserved", "Reserved", "info"),
    Choice::toned("deprecated", "Deprecated", "warning"),
];

/// Tunnel status.
pub static TUNNEL_STATUS: &[Choice] = &[
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("disabled", "Disabled", "muted"),
];

/// Virtual device context status.
pub static VIRTUAL_DEVICE_CONTEXT_STATUS: &[Choice] = &[
    Choice::toned("active", "Active", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("offline", "Offline", "critical"),
];

/// Virtual machine status.
pub static VIRTUAL_MACHINE_STATUS: &[Choice] = &[
    Choice::toned("offline", "Offline", "critical"),
    Choice::toned("active", "Active", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("staged", "Staged", "info"),
    Choice::toned("failed", "Failed", "critical"),
    Choice::toned("decommissioning", "Decommissioning", "warning"),
    Choice::toned("paused", "Paused", "muted"),
];

/// Wireless LAN status.
pub static WIRELESS_LAN_STATUS: &[Choice] = &[
    Choice::toned("active", "Active", "ok"),
    Choice::toned("reserved", "Reserved", "info"),
    Choice::toned("disabled", "Disabled", "muted"),
    Choice::toned("deprecated", "Deprecated", "warning"),
];
