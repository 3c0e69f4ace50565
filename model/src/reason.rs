//! Coded reasons: why something could not be read, placed or believed, and what to do about it.

use serde::{Deserialize, Serialize};

/// A coded reason with the facts of one case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// The machine-readable code.
    pub code: ReasonCode,
    /// What happened here, in one sentence with the facts (never a secret).
    pub text: String,
}

impl Reason {
    /// A reason with its facts.
    pub fn new(code: ReasonCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// What a person can do about it.
    pub fn remedy(&self) -> &'static str {
        self.code.remedy()
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, rescan $rescan:literal, $remedy:literal;)*) => {
        /// Every reason Portolan gives. The code is stable, the wording is not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum ReasonCode { $($(#[$doc])* #[serde(rename = $code)] $variant,)* }

        impl ReasonCode {
            /// All codes, for documentation and tests.
            pub const ALL: &'static [ReasonCode] = &[$(ReasonCode::$variant,)*];

            /// The stable code, kebab-case.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What a person can do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }

            /// Whether asking again may change the answer without anybody changing anything.
            pub fn rescan_helps(self) -> bool {
                match self { $(Self::$variant => $rescan,)* }
            }
        }
    };
}

reasons! {
    // Asking a device.
    /// No answer within the time and retries allowed.
    Timeout = "timeout", rescan true, "Check that the address is reachable from here, that UDP 161 is open and that the credential is right: SNMP agents stay silent on a wrong community.";
    /// The address refused the datagram (ICMP unreachable).
    Unreachable = "unreachable", rescan true, "Check routing and filters between here and the address; no SNMP agent listens on that port.";
    /// Every credential was refused.
    WrongCredentials = "wrong-credentials", rescan false, "Add a credential this device accepts (user, protocols, keys), or allow this server's address in the device's SNMP configuration.";
    /// The agent knows the user but not this security level.
    SecurityLevel = "security-level", rescan false, "Use the authentication and privacy protocols that are configured for this user on the device.";
    /// The agent's clock window could not be met.
    NotInTimeWindow = "not-in-time-window", rescan true, "The agent's engine boots/time are unstable; restart its SNMP daemon.";
    /// Address outside the allowed prefixes.
    OutsideScope = "outside-scope", rescan false, "Add its prefix to the discovery's allowed prefixes if it shall be asked.";
    /// Deeper than the depth limit.
    DepthLimit = "depth-limit", rescan false, "Raise max_depth if the network beyond shall be discovered.";
    /// More devices than the count limit.
    CountLimit = "count-limit", rescan false, "Raise max_devices if more shall be discovered.";
    /// The job was cancelled before this was asked.
    Cancelled = "cancelled", rescan true, "Start the discovery again.";
    /// A table ended before its declared rows were read.
    PartialTable = "partial-table", rescan true, "Rescan; if it stays, give the SNMP view of this credential access to the whole table.";
    /// A walk returned the same row again and again.
    WalkLooped = "walk-looped", rescan false, "The agent repeats rows; update its software. Rows read before the loop are kept, nothing was closed.";
    /// A walk went backwards.
    WalkBackwards = "walk-backwards", rescan false, "The agent answers out of order; update its software. Rows read are kept, nothing was closed.";
    /// More rows than the limit.
    RowLimit = "row-limit", rescan false, "Raise the row limit of this table for the device if all of it is wanted.";
    /// The agent answered with an error status.
    AgentError = "agent-error", rescan true, "The agent failed on this table; check its log and SNMP view.";
    /// The answer could not be decoded.
    BadAnswer = "bad-answer", rescan true, "The agent sent data that is not valid SNMP; update its software.";
    /// The table does not exist on the agent.
    NotSupported = "not-supported", rescan false, "The device does not implement this table; another source must provide it.";
    /// Declared rows, answered none.
    TableWithheld = "table-withheld", rescan true, "The agent declares rows but answers none: its SNMP view hides the table. Widen the view.";

    // Placing what was read.
    /// A neighbour announces itself but was never queried; it may match, not create.
    NeighbourNotQueried = "neighbour-not-queried", rescan true, "Give this server a credential and a reachable management address for it, or state it as a device by hand.";
    /// The neighbour sent no management address and nothing else matches.
    NoManagementAddress = "no-management-address", rescan true, "Enable the management address TLV on the neighbour, or name its address as a seed.";
    /// The only identity offered belongs to several devices.
    AmbiguousIdentity = "ambiguous-identity", rescan false, "Several devices claim this key; correct the cloned name, serial or MAC, or link them by hand.";
    /// A port name that matches no interface.
    UnknownPort = "unknown-port", rescan true, "The announced port matches no interface of the device; check for a stale announcement or a renamed port.";
    /// The local port number could not be mapped to an interface.
    UnknownLocalPort = "unknown-local-port", rescan true, "The agent's LLDP local port table does not name this port; update its software.";
    /// A MAC address learned on several ports of one switch: none can be trusted.
    MacOnManyPorts = "mac-on-many-ports", rescan true, "The address is learned on several ports at once; look for a loop, a clone or a defective agent.";
    /// An address claimed by several devices.
    DuplicateAddress = "duplicate-address", rescan false, "Two devices hold this address in one routing domain; correct one or put them in separate partitions.";
    /// Locally administered or virtual address: says nothing about a device.
    VirtualMac = "virtual-mac", rescan false, "A virtual or randomised address never identifies a device; nothing to do.";
    /// Seen only behind a port, owner unknown.
    EndpointUnknown = "endpoint-unknown", rescan true, "An end system without SNMP; scan it or state it by hand to give it a name.";
    /// Two sources contradict each other and neither wins.
    Contradiction = "contradiction", rescan true, "Sources disagree; look at the evidence of both and correct the wrong one.";
    /// Evidence too weak to draw a link.
    WeakEvidence = "weak-evidence", rescan true, "Enable LLDP or CDP on one side, or give access to the forwarding tables.";
    /// The row is a leftover of the agent.
    GhostRow = "ghost-row", rescan true, "The agent keeps a row without content; ignored.";
    /// The device answers only for itself as reported by somebody else's identity (poller's own id).
    ForeignIdentity = "foreign-identity", rescan false, "The identity belongs to the asking system, not to the answer; ignored.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_survive_serde() {
        let mut seen = std::collections::BTreeSet::new();
        for code in ReasonCode::ALL {
            assert!(seen.insert(code.as_str()), "{}", code.as_str());
            assert!(!code.remedy().is_empty());
            let text = serde_json::to_string(code).unwrap();
            assert_eq!(text, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<ReasonCode>(&text).unwrap(), *code);
        }
    }
}
