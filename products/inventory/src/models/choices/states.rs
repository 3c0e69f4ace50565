//! States of things.

use kit::record::Choice;

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

/// Virtual device context status.
pub static VIRTUAL_DEVICE_CONTEXT_STATUS: &[Choice] = &[
    Choice::toned("active", "Active", "ok"),
    Choice::toned("planned", "Planned", "info"),
    Choice::toned("offline", "Offline", "critical"),
];
