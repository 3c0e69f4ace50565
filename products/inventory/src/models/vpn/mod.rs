//! Tunnels, and networks over other networks.

mod ike_policy;
mod ike_proposal;
mod ipsec_policy;
mod ipsec_profile;
mod ipsec_proposal;
mod l2vpn;
mod l2vpn_termination;
mod tunnel;
mod tunnel_group;
mod tunnel_termination;

pub use ike_policy::IKE_POLICY;
pub use ike_proposal::IKE_PROPOSAL;
pub use ipsec_policy::IPSEC_POLICY;
pub use ipsec_profile::IPSEC_PROFILE;
pub use ipsec_proposal::IPSEC_PROPOSAL;
pub use l2vpn::L2VPN;
pub use l2vpn_termination::L2VPN_TERMINATION;
pub use tunnel::TUNNEL;
pub use tunnel_group::TUNNEL_GROUP;
pub use tunnel_termination::TUNNEL_TERMINATION;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[
    &IKE_POLICY,
    &IKE_PROPOSAL,
    &IPSEC_POLICY,
    &IPSEC_PROFILE,
    &IPSEC_PROPOSAL,
    &L2VPN,
    &L2VPN_TERMINATION,
    &TUNNEL,
    &TUNNEL_GROUP,
    &TUNNEL_TERMINATION,
];
