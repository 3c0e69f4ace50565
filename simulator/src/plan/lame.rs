//! Lame agents: every way of answering badly that was met in the field
//! (numbers are the rows of `specs/quirks.md`).

macro_rules! lames {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// One way in which an agent answers badly.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Lame { $($(#[$doc])* $variant,)* }

        impl Lame {
            /// All of them, in the order in which `all` plants them.
            pub const ALL: &'static [Lame] = &[$(Lame::$variant,)*];

            /// The name used on the command line and in the truth file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Reads the name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

lames! {
    /// Row 1: lldpRemTable indexed by local port and index only, without time mark.
    LldpTwoPart = "lldp-2part";
    /// Row 2: one MAC address on all ports, a bare number in port id subtype 5 with a NUL behind it.
    OneMac = "one-mac";
    /// Row 3: port id subtype 7 holding the ifDescr.
    PortIdLocal = "port-id-local";
    /// Rows 4 and 5: lldpLocPortNum is a name space of its own (567 + port), not the ifIndex.
    LocalPortSpace = "local-port-space";
    /// Row 4: break-out port names such as `ethernet1/1/14:1`.
    Breakout = "breakout";
    /// Row 4: lldpRemTable answers only its first row although more are declared.
    CutShort = "cut-short";
    /// Row 6: rows in non-ascending order.
    NonAscending = "non-ascending";
    /// Row 7: LLDP-V2-MIB only.
    LldpV2Only = "lldp-v2-only";
    /// Row 8: neither LLDP nor CDP nor STP, only the forwarding table.
    FdbOnly = "fdb-only";
    /// Row 9: only the system group is answered; neighbours name its ports.
    SystemOnly = "system-only";
    /// Row 17: the last row of ifXTable is repeated for ever.
    RowLoop = "row-loop";
    /// Row 17: after the last LLDP row the agent goes back to the first.
    Backwards = "backwards";
    /// Row 17: the address answers nothing at all.
    Silent = "silent";
    /// Row 17: chassis id subtype sent as text instead of a number.
    ChassisAsString = "chassis-as-string";
    /// Row 17: lldpRemTable rows without content.
    GhostRows = "ghost-rows";
    /// Row 17: ifNumber declares all interfaces, ifTable serves not even half of them.
    ShortIfTable = "short-iftable";
    /// Row 17: tables declare rows (lldpStatsRemTablesInserts, dot1dBaseNumPorts), none are served.
    EmptyTables = "empty-tables";
    /// Row 30: no ENTITY-MIB; the serial number comes from a scalar of the vendor.
    NoEntity = "no-entity";
    /// Row 31: break-out ports reported as ifType propVirtual(53).
    BreakoutVirtual = "breakout-virtual";
    /// Row 32: a box with several VRFs whose addresses overlap those of other devices.
    MultiVrf = "multi-vrf";
    /// Row 33: LLDP sends no management address.
    NoManagementAddress = "no-management-address";
    /// Rows 33 and 35: the LLDP management address is a link-local factory default.
    BadManagementAddress = "bad-management-address";
    /// Row 34: each true neighbour is listed several times under different time marks.
    RepeatedNeighbour = "repeated-neighbour";
    /// Row 37: sends LLDP but its own remote table is empty.
    LldpOneSided = "lldp-one-sided";
    /// Row 38: a neighbour that was unplugged long ago is still listed on an empty port.
    StaleNeighbour = "stale-neighbour";
    /// Row 41: FDB id differs from the VLAN; dot1qVlanFdbId tells which.
    FdbId = "fdb-id";
    /// Row 41: the default context answers no forwarding table; `community@vlan` and the v3 context
    /// `vlan-N` do.
    VlanContexts = "vlan-contexts";
    /// ArubaOS-CX: a length octet before the MAC address in the forwarding table's index.
    FdbLengthOctet = "fdb-length-octet";
    /// Row 44: the LLDP chassis id is the serial number, which two devices share.
    ChassisSerial = "chassis-serial";
    /// NUL octets behind every text.
    NulText = "nul-text";
    /// Answers after 300 ms.
    Slow = "slow";
    /// Loses every fifth request.
    Lossy = "lossy";
    /// Only another community is accepted: silence.
    WrongCommunity = "wrong-community";
    /// Only SNMPv3 is answered.
    V3Only = "v3-only";
    /// Only SNMPv1 is answered: no GETBULK, noSuchName at the end.
    V1Only = "v1-only";
    /// Messages are limited to 484 octets; larger answers are tooBig.
    SmallMessages = "small-messages";
    /// Datagrams of the ARP table are cut in the middle.
    TruncatedPdu = "truncated-pdu";
    /// Length octets of every third answer lie.
    LyingPdu = "lying-pdu";
    /// Every third answer carries another request's id first, then the right one.
    WrongRequestId = "wrong-request-id";
    /// genErr on the forwarding table.
    GenErr = "gen-err";
    /// GETBULK repetitions are ignored: one row per answer.
    OneRowBulk = "one-row-bulk";
}

impl Lame {
    /// True when the device never gives a usable answer to SNMPv2c with the simulation's community.
    pub fn mute(self) -> bool {
        matches!(self, Self::Silent | Self::WrongCommunity | Self::V1Only | Self::V3Only)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        let mut seen = std::collections::BTreeSet::new();
        for lame in Lame::ALL {
            assert!(seen.insert(lame.name()), "{}", lame.name());
            assert_eq!(Lame::parse(lame.name()), Some(*lame));
        }
        assert_eq!(Lame::parse("no-such"), None);
    }
}
