//! Addresses, prefixes, VLANs.

mod aggregate;
mod asn;
mod asn_range;
mod fhrp_group;
mod fhrp_group_assignment;
mod ip_address;
mod ip_range;
mod prefix;
mod rir;
mod role;
mod route_target;
mod service;
mod service_template;
mod vlan;
mod vlan_group;
mod vlan_translation_policy;
mod vlan_translation_rule;
mod vrf;

pub use aggregate::AGGREGATE;
pub use asn::ASN;
pub use asn_range::ASN_RANGE;
pub use fhrp_group::FHRP_GROUP;
pub use fhrp_group_assignment::FHRP_GROUP_ASSIGNMENT;
pub use ip_address::IP_ADDRESS;
pub use ip_range::IP_RANGE;
pub use prefix::PREFIX;
pub use rir::RIR;
pub use role::ROLE;
pub use route_target::ROUTE_TARGET;
pub use service::SERVICE;
pub use service_template::SERVICE_TEMPLATE;
pub use vlan::VLAN;
pub use vlan_group::VLAN_GROUP;
pub use vlan_translation_policy::VLAN_TRANSLATION_POLICY;
pub use vlan_translation_rule::VLAN_TRANSLATION_RULE;
pub use vrf::VRF;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[
    &AGGREGATE,
    &ASN,
    &ASN_RANGE,
    &FHRP_GROUP,
    &FHRP_GROUP_ASSIGNMENT,
    &IP_ADDRESS,
    &IP_RANGE,
    &PREFIX,
    &RIR,
    &ROLE,
    &ROUTE_TARGET,
    &SERVICE,
    &SERVICE_TEMPLATE,
    &VLAN,
    &VLAN_GROUP,
    &VLAN_TRANSLATION_POLICY,
    &VLAN_TRANSLATION_RULE,
    &VRF,
];
