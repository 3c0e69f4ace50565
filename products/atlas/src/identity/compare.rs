//! Two subjects: what proves them different, and how many points speak for one device.

use std::collections::BTreeSet;

use super::keys::{BootLine, Facts};
use crate::map::{IdentityKey, KeyKind};

/// At or above, two subjects are one device.
pub(crate) const MERGE_AT: u32 = 12;
/// At or above (and below [`MERGE_AT`]), a person is asked.
pub(crate) const PROPOSE_AT: u32 = 6;

/// Clocks of one collector and rounding of the boot time.
const BOOT_TOLERANCE: i64 = 20;
/// Boot times further apart than this, both read after the later one, are two agents.
const BOOT_DIFFERENT: i64 = 180;

/// How two time lines relate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// One agent, as far as time can tell.
    Agrees,
    /// Cannot be one agent.
    Contradicts,
    /// Not known, or a restart lies between the readings.
    Open,
}

fn line(a: &Facts, b: &Facts) -> Line {
    let (Some(a_line), Some(b_line)) = (a.boot, b.boot) else { return Line::Open };
    if a.source != b.source {
        return Line::Open;
    }
    let apart = (a_line.boot - b_line.boot).abs();
    if apart <= BOOT_TOLERANCE {
        return match (a_line.boots, b_line.boots) {
            (Some(x), Some(y)) if x != y => Line::Contradicts,
            _ => Line::Agrees,
        };
    }
    // The one read before the other's boot may simply have restarted since.
    let (early, late) = if a_line.boot < b_line.boot { (a_line, b_line) } else { (b_line, a_line) };
    let overlap = |line: BootLine| line.fresh;
    if apart > BOOT_DIFFERENT && early.seen > late.boot + BOOT_TOLERANCE && overlap(early) && overlap(late) {
        Line::Contradicts
    } else {
        Line::Open
    }
}

fn disjoint<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
    !a.is_empty() && !b.is_empty() && a.is_disjoint(b)
}

/// The reason why the two cannot be one device, whatever keys they share.
pub(crate) fn veto(a: &Facts, b: &Facts) -> Option<&'static str> {
    if a.serials_solid && b.serials_solid && disjoint(&a.serials, &b.serials) {
        return Some("chassis serial numbers differ");
    }
    if let (Some(x), Some(y)) = (&a.macs, &b.macs)
        && disjoint(x, y)
    {
        return Some("interface MAC addresses differ");
    }
    if line(a, b) == Line::Contradicts {
        return Some("boot times differ");
    }
    if a.source == b.source
        && let (Some(x), Some(y)) = (&a.chassis, &b.chassis)
        && x != y
    {
        return Some("LLDP chassis ids differ");
    }
    if foreign_address(a, b) && !same_box(a, b) {
        return Some("each owns the address it was asked at and not the other's");
    }
    None
}

/// Each owns the address it was asked at, and neither has the other's.
fn foreign_address(a: &Facts, b: &Facts) -> bool {
    if a.partition != b.partition {
        return false;
    }
    let (Some(x), Some(y)) = (a.asked, b.asked) else { return false };
    let (Some(own_a), Some(own_b)) = (&a.owned, &b.owned) else { return false };
    own_a.contains(&x) && own_b.contains(&y) && !own_a.contains(&y) && !own_b.contains(&x)
}

/// One interface table and one boot: a device whose agent shows each routing instance its own
/// addresses.
fn same_box(a: &Facts, b: &Facts) -> bool {
    a.macs.as_ref().is_some_and(|macs| macs.len() >= 2)
        && a.interfaces == b.interfaces
        && line(a, b) == Line::Agrees
}

/// Points of two subjects and the keys that gave them. A group counts once, by its best key;
/// demoted keys count nothing.
pub(crate) fn score(
    a: &Facts,
    b: &Facts,
    demoted: &BTreeSet<IdentityKey>,
    same_before: bool,
) -> (u32, Vec<IdentityKey>) {
    let shared: Vec<&IdentityKey> =
        a.keys.intersection(&b.keys).filter(|key| !demoted.contains(*key)).collect();
    let time = line(a, b);
    let mut groups = Groups::default();
    let macs = shared.iter().filter(|key| key.kind == KeyKind::InterfaceMac).count();
    for key in &shared {
        groups.take(key, macs, time == Line::Agrees, time == Line::Contradicts);
    }
    let mut total = groups.total();
    let agreeing_boot = time == Line::Agrees && !shared.is_empty();
    total += if agreeing_boot { 7 } else { 0 };
    total += if same_before { 6 } else { 0 };
    (total, groups.keys)
}

/// Points per group so far.
#[derive(Default)]
pub(crate) struct Groups {
    hardware: u32,
    engine: u32,
    control: u32,
    link: u32,
    address: u32,
    name: u32,
    /// The keys that counted.
    pub(crate) keys: Vec<IdentityKey>,
}

impl Groups {
    /// Counts one shared key. `macs` is the number of shared global interface addresses.
    pub(crate) fn take(&mut self, key: &IdentityKey, macs: usize, line_agrees: bool, line_contradicts: bool) {
        let (slot, points) = match key.kind {
            KeyKind::Serial | KeyKind::BridgeMac => (&mut self.hardware, 12),
            KeyKind::InterfaceMac => (&mut self.hardware, if macs >= 2 { 12 } else { 0 }),
            KeyKind::Engine if line_contradicts => (&mut self.engine, 0),
            KeyKind::Engine => (&mut self.engine, if line_agrees { 11 } else { 8 }),
            KeyKind::RouterId => (&mut self.control, 8),
            KeyKind::LldpChassis | KeyKind::AddressWithMac => {
                (&mut self.link, if names_local_mac(&key.value) { 4 } else { 8 })
            }
            KeyKind::Address => (&mut self.address, 6),
            KeyKind::Fqdn => (&mut self.name, 5),
            KeyKind::ShortName => (&mut self.name, 3),
        };
        if points > 0 {
            *slot = (*slot).max(points);
            if self.keys.len() < 16 {
                self.keys.push(key.clone());
            }
        }
    }

    /// The sum over groups.
    pub(crate) fn total(&self) -> u32 {
        self.hardware + self.engine + self.control + self.link + self.address + self.name
    }
}

/// The value ends in a locally administered MAC address, which many virtual machines may carry.
fn names_local_mac(value: &str) -> bool {
    value
        .rsplit('/')
        .next()
        .and_then(|tail| tail.parse::<model::Mac>().ok())
        .is_some_and(|mac| mac.class() == model::MacClass::Local)
}
