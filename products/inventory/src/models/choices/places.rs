//! Of everything else.

use kit::record::Choice;

/// Cooling connector type.
pub static COOLING_CONNECTOR_TYPE: &[Choice] = &[
    Choice::new("uqd", "UQD (Universal Quick Disconnect)"),
    Choice::new("uqdb", "UQDB (Universal Quick Disconnect, Blind-mate)"),
    Choice::new("qdc", "QDC (Quick Disconnect Coupling)"),
    Choice::new("camlock", "Camlock (cam-and-groove)"),
    Choice::new("npt", "NPT (threaded)"),
    Choice::new("bsp", "BSP (threaded)"),
    Choice::new("proprietary", "Proprietary"),
];

/// Cooling method.
pub static COOLING_METHOD: &[Choice] = &[
    Choice::new("air", "Air"),
    Choice::new("liquid", "Liquid"),
    Choice::new("hybrid", "Hybrid"),
    Choice::new("immersion", "Immersion"),
];

/// Cooling source type.
pub static COOLING_SOURCE_TYPE: &[Choice] = &[
    Choice::new("chiller", "Chiller"),
    Choice::new("cooling-tower", "Cooling tower"),
    Choice::new("dry-cooler", "Dry cooler"),
    Choice::new("crac", "CRAC"),
    Choice::new("crah", "CRAH"),
];

/// Device airflow.
pub static DEVICE_AIRFLOW: &[Choice] = &[
    Choice::new("front-to-rear", "Front to rear"),
    Choice::new("rear-to-front", "Rear to front"),
    Choice::new("left-to-right", "Left to right"),
    Choice::new("right-to-left", "Right to left"),
    Choice::new("side-to-rear", "Side to rear"),
    Choice::new("rear-to-side", "Rear to side"),
    Choice::new("bottom-to-top", "Bottom to top"),
    Choice::new("top-to-bottom", "Top to bottom"),
    Choice::new("passive", "Passive"),
    Choice::new("mixed", "Mixed"),
];

/// Device face.
pub static DEVICE_FACE: &[Choice] = &[Choice::new("front", "Front"), Choice::new("rear", "Rear")];

/// Diameter unit.
pub static DIAMETER_UNIT: &[Choice] =
    &[Choice::new("mm", "Millimeters"), Choice::new("cm", "Centimeters"), Choice::new("in", "Inches")];

/// Fhrpgroup auth type.
pub static FHRPGROUP_AUTH_TYPE: &[Choice] =
    &[Choice::new("plaintext", "Plaintext"), Choice::new("md5", "MD5")];

/// Fhrpgroup protocol.
pub static FHRPGROUP_PROTOCOL: &[Choice] = &[
    Choice::new("vrrp2", "VRRPv2"),
    Choice::new("vrrp3", "VRRPv3"),
    Choice::new("carp", "CARP"),
    Choice::new("clusterxl", "ClusterXL"),
    Choice::new("hsrp", "HSRP"),
    Choice::new("glbp", "GLBP"),
    Choice::new("other", "Other"),
];

/// Flow rate unit.
pub static FLOW_RATE_UNIT: &[Choice] = &[
    Choice::new("lpm", "Liters per minute (L/min)"),
    Choice::new("m3ph", "Cubic meters per hour (m³/h)"),
    Choice::new("gpm", "Gallons per minute (GPM)"),
];

/// Fluid type.
pub static FLUID_TYPE: &[Choice] = &[
    Choice::new("water", "Water"),
    Choice::new("water-glycol", "Water/glycol"),
    Choice::new("dielectric", "Dielectric"),
    Choice::new("refrigerant", "Refrigerant"),
];

/// Ipaddress role.
pub static IPADDRESS_ROLE: &[Choice] = &[
    Choice::new("loopback", "Loopback"),
    Choice::new("secondary", "Secondary"),
    Choice::new("anycast", "Anycast"),
    Choice::new("vip", "VIP"),
    Choice::new("vrrp", "VRRP"),
    Choice::new("hsrp", "HSRP"),
    Choice::new("glbp", "GLBP"),
    Choice::new("carp", "CARP"),
];

/// Module airflow.
pub static MODULE_AIRFLOW: &[Choice] = &[
    Choice::new("front-to-rear", "Front to rear"),
    Choice::new("rear-to-front", "Rear to front"),
    Choice::new("left-to-right", "Left to right"),
    Choice::new("right-to-left", "Right to left"),
    Choice::new("side-to-rear", "Side to rear"),
    Choice::new("passive", "Passive"),
];

/// Rack airflow.
pub static RACK_AIRFLOW: &[Choice] =
    &[Choice::new("front-to-rear", "Front to rear"), Choice::new("rear-to-front", "Rear to front")];

/// Rack cooling capability.
pub static RACK_COOLING_CAPABILITY: &[Choice] = &[
    Choice::new("air-only", "Air only"),
    Choice::new("hybrid", "Hybrid"),
    Choice::new("liquid-only", "Liquid only"),
];

/// Rack dimension unit.
pub static RACK_DIMENSION_UNIT: &[Choice] = &[Choice::new("mm", "Millimeters"), Choice::new("in", "Inches")];

/// Rack form factor.
pub static RACK_FORM_FACTOR: &[Choice] = &[
    Choice::new("2-post-frame", "2-post frame"),
    Choice::new("4-post-frame", "4-post frame"),
    Choice::new("4-post-cabinet", "4-post cabinet"),
    Choice::new("wall-frame", "Wall-mounted frame"),
    Choice::new("wall-frame-vertical", "Wall-mounted frame (vertical)"),
    Choice::new("wall-cabinet", "Wall-mounted cabinet"),
    Choice::new("wall-cabinet-vertical", "Wall-mounted cabinet (vertical)"),
];

/// Rack width.
pub static RACK_WIDTH: &[Choice] = &[
    Choice::new("10", "10 inches"),
    Choice::new("19", "19 inches"),
    Choice::new("21", "21 inches"),
    Choice::new("23", "23 inches"),
];

/// Service protocol.
pub static SERVICE_PROTOCOL: &[Choice] =
    &[Choice::new("tcp", "TCP"), Choice::new("udp", "UDP"), Choice::new("sctp", "SCTP")];

/// Subdevice role.
pub static SUBDEVICE_ROLE: &[Choice] = &[Choice::new("parent", "Parent"), Choice::new("child", "Child")];

/// Weight unit.
pub static WEIGHT_UNIT: &[Choice] = &[
    Choice::new("kg", "Kilograms"),
    Choice::new("g", "Grams"),
    Choice::new("lb", "Pounds"),
    Choice::new("oz", "Ounces"),
];
