//! The crawl's book-keeping: who is known, who is next, who is skipped and why. Pure: no I/O, no
//! clock. The crawl's single coordinator owns it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;

use model::names::{canonical_host, short_host};
use model::{Reason, ReasonCode};

use super::candidates::{Candidate, Claims, Weight};
use super::passport::Passport;
use super::progress::{Counts, TargetReport, TargetState};
use super::scope::Scope;

/// Addresses kept in the book, at most; later ones are dropped and counted.
const MAX_TARGETS: usize = 200_000;

/// What a device that introduced itself is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not met before: read it.
    New,
    /// The device that is read at this address.
    SameAs(IpAddr),
    /// One more than the order allows.
    TooMany,
}

/// Limits of the order that concern who is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) max_depth: u32,
    pub(super) max_devices: usize,
    pub(super) port: u16,
}

#[derive(Debug)]
struct Target {
    report: TargetReport,
    /// Other addresses of the same neighbour, asked when this one fails.
    alternates: Vec<IpAddr>,
    weight: Weight,
    claims: Claims,
    /// A question was sent.
    asked: bool,
}

#[derive(Debug)]
struct Device {
    asked_at: IpAddr,
    passport: Passport,
}

/// The book.
#[derive(Debug)]
pub(super) struct Book {
    scope: Scope,
    bounds: Bounds,
    targets: BTreeMap<IpAddr, Target>,
    announced: VecDeque<IpAddr>,
    seen: VecDeque<IpAddr>,
    devices: Vec<Device>,
    /// Devices by what two of them must have in common to be one.
    by_name: HashMap<(String, String), Vec<usize>>,
    /// Which devices list an address as their own.
    owners: HashMap<IpAddr, BTreeSet<usize>>,
    /// Announced targets that have not introduced themselves yet.
    introducing: BTreeSet<IpAddr>,
    changed: BTreeSet<IpAddr>,
}

impl Book {
    pub(super) fn new(scope: Scope, bounds: Bounds) -> Self {
        Self {
            scope,
            bounds,
            targets: BTreeMap::new(),
            announced: VecDeque::new(),
            seen: VecDeque::new(),
            devices: Vec::new(),
            by_name: HashMap::new(),
            owners: HashMap::new(),
            introducing: BTreeSet::new(),
            changed: BTreeSet::new(),
        }
    }

    /// Enters a seed.
    pub(super) fn seed(&mut self, ip: IpAddr) {
        let weight = Weight::Announced;
        let seed = Candidate {
            addresses: vec![ip],
            weight,
            protocol: "seed",
            guess: false,
            claims: Claims::default(),
        };
        self.enter(seed, 0, "seed");
    }

    /// Enters a neighbour that the device at `from` named.
    pub(super) fn offer(&mut self, candidate: Candidate, from: IpAddr) {
        let depth = self.targets.get(&from).map_or(0, |target| target.report.depth).saturating_add(1);
        let origin = format!("{} from {from}", candidate.protocol);
        self.enter(candidate, depth, &origin);
    }

    fn enter(&mut self, candidate: Candidate, depth: u32, origin: &str) {
        let Candidate { addresses, weight, claims, guess, .. } = candidate;
        let mut admitted = Vec::new();
        for ip in addresses {
            if !self.scope.is_askable(ip) {
                continue;
            }
            match self.scope.admit(ip) {
                Ok(()) => admitted.push(ip),
                Err(_) if guess => {}
                Err(reason) => self.skip(ip, reason, depth, origin),
            }
        }
        // A neighbour of which one address is in the book already, or is a known device's, is on
        // its way: nothing more to ask.
        if admitted.iter().any(|ip| self.is_on_its_way(*ip, weight, origin)) {
            return;
        }
        let Some(first) = admitted.iter().copied().find(|ip| !self.targets.contains_key(ip)) else { return };
        if let Some(owner) = self.owner(first, &claims) {
            if self.new_target(first, depth, origin, weight, claims) {
                self.set_same_as(first, owner);
            }
            return;
        }
        let limit = if depth > self.bounds.max_depth {
            let text =
                format!("{first} is {depth} steps from a seed; the limit is {}.", self.bounds.max_depth);
            Some(Reason::new(ReasonCode::DepthLimit, text))
        } else if self.devices.len() >= self.bounds.max_devices {
            Some(self.too_many())
        } else {
            None
        };
        if let Some(reason) = limit {
            self.skip(first, reason, depth, origin);
            return;
        }
        if self.new_target(first, depth, origin, weight, claims) {
            let alternates = admitted.into_iter().filter(|ip| *ip != first).collect();
            if let Some(target) = self.targets.get_mut(&first) {
                target.alternates = alternates;
            }
            self.queue(first, weight);
        }
    }

    fn queue(&mut self, ip: IpAddr, weight: Weight) {
        match weight {
            Weight::Announced => self.announced.push_back(ip),
            Weight::Seen => self.seen.push_back(ip),
        }
    }

    /// True when the address is asked or to be asked. A seen one that is now announced moves up.
    fn is_on_its_way(&mut self, ip: IpAddr, weight: Weight, origin: &str) -> bool {
        let Some(target) = self.targets.get_mut(&ip) else { return false };
        match target.report.state {
            TargetState::Queued if weight < target.weight => {
                target.weight = weight;
                target.report.origin = Some(origin.to_owned());
                self.announced.push_back(ip);
                true
            }
            TargetState::Failed => false,
            TargetState::Skipped => target.report.same_as.is_some(),
            _ => true,
        }
    }

    /// The device that an address is known to belong to: exactly one lists it, and the neighbour
    /// table does not say that somebody else is there.
    fn owner(&self, ip: IpAddr, claims: &Claims) -> Option<IpAddr> {
        let owners = self.owners.get(&ip)?;
        let [owner] = owners.iter().collect::<Vec<_>>()[..] else { return None };
        let device = self.devices.get(*owner)?;
        let same = |a: &str, b: &str| {
            let (a, b) = (canonical_host(a), canonical_host(b));
            a == b || short_host(&a) == short_host(&b)
        };
        let contradicted = !claims.name.is_empty()
            && !device.passport.name.is_empty()
            && !same(&claims.name, &device.passport.name);
        (!contradicted || device.asked_at == ip).then_some(device.asked_at)
    }

    fn new_target(&mut self, ip: IpAddr, depth: u32, origin: &str, weight: Weight, claims: Claims) -> bool {
        if self.targets.len() >= MAX_TARGETS || self.targets.contains_key(&ip) {
            return false;
        }
        let report = TargetReport {
            address: ip,
            subject: subject_key(ip, self.bounds.port),
            state: TargetState::Queued,
            reason: None,
            name: None,
            same_as: None,
            depth,
            origin: Some(origin.to_owned()),
            credential: None,
            tables: Vec::new(),
            duration_ms: None,
        };
        let target = Target { report, alternates: Vec::new(), weight, claims, asked: false };
        self.targets.insert(ip, target);
        self.changed.insert(ip);
        true
    }

    fn skip(&mut self, ip: IpAddr, reason: Reason, depth: u32, origin: &str) {
        if self.new_target(ip, depth, origin, Weight::Seen, Claims::default()) {
            self.end(ip, TargetState::Skipped, Some(reason));
        }
    }

    fn too_many(&self) -> Reason {
        let text = format!("{} devices were found, as many as allowed.", self.bounds.max_devices);
        Reason::new(ReasonCode::CountLimit, text)
    }

    fn end(&mut self, ip: IpAddr, state: TargetState, reason: Option<Reason>) {
        if let Some(target) = self.targets.get_mut(&ip) {
            target.report.state = state;
            target.report.reason = reason;
            self.changed.insert(ip);
        }
    }

    fn set_same_as(&mut self, ip: IpAddr, owner: IpAddr) {
        if let Some(target) = self.targets.get_mut(&ip) {
            target.report.same_as = Some(owner).filter(|owner| *owner != ip);
        }
        self.end(ip, TargetState::Skipped, None);
    }

    /// The next address to ask, and how likely it is a device. Addresses that were only seen wait
    /// until all announced devices have told their own addresses.
    /// Without `seen` they wait altogether.
    pub(super) fn next(&mut self, seen: bool) -> Option<(IpAddr, Weight)> {
        loop {
            let ip = match self.announced.pop_front() {
                Some(ip) => ip,
                None if seen && self.introducing.is_empty() => self.seen.pop_front()?,
                None => return None,
            };
            let Some(target) = self.targets.get(&ip) else { continue };
            if target.report.state != TargetState::Queued {
                continue;
            }
            if self.devices.len() >= self.bounds.max_devices {
                let reason = self.too_many();
                self.end(ip, TargetState::Skipped, Some(reason));
                continue;
            }
            if let Some(owner) = self.owner(ip, &target.claims) {
                self.set_same_as(ip, owner);
                continue;
            }
            let weight = target.weight;
            if let Some(target) = self.targets.get_mut(&ip) {
                target.asked = true;
                target.report.state = TargetState::Asking;
            }
            if weight == Weight::Announced {
                self.introducing.insert(ip);
            }
            self.changed.insert(ip);
            return Some((ip, weight));
        }
    }

    /// The device at `ip` has shown who it is.
    pub(super) fn introduced(&mut self, ip: IpAddr, passport: Passport, credential: &str) -> Verdict {
        self.introducing.remove(&ip);
        if let Some(target) = self.targets.get_mut(&ip) {
            target.report.credential = Some(credential.to_owned());
            target.report.name = Some(passport.name.clone()).filter(|name| !name.is_empty());
            self.changed.insert(ip);
        }
        let namesakes = self.by_name.get(&passport.names()).into_iter().flatten();
        let same = namesakes
            .filter_map(|number| self.devices.get(*number))
            .find(|device| passport.is_same(ip, &device.passport, device.asked_at));
        if let Some(device) = same {
            return Verdict::SameAs(device.asked_at);
        }
        if self.devices.len() >= self.bounds.max_devices {
            return Verdict::TooMany;
        }
        let number = self.devices.len();
        for own in passport.addresses.iter().chain([&ip]) {
            self.owners.entry(*own).or_default().insert(number);
        }
        self.by_name.entry(passport.names()).or_default().push(number);
        self.devices.push(Device { asked_at: ip, passport });
        Verdict::New
    }

    /// A device has been read to the end.
    pub(super) fn answered(&mut self, ip: IpAddr, duration_ms: u64) {
        self.took(ip, duration_ms);
        self.end(ip, TargetState::Answered, None);
    }

    /// What was asked turned out to be no device of its own.
    pub(super) fn not_new(&mut self, ip: IpAddr, verdict: Verdict, duration_ms: u64) {
        self.took(ip, duration_ms);
        if let Verdict::SameAs(owner) = verdict {
            self.set_same_as(ip, owner);
        } else {
            let reason = self.too_many();
            self.end(ip, TargetState::Skipped, Some(reason));
        }
    }

    /// Nothing was read at `ip`. Another address of the same neighbour takes its turn.
    pub(super) fn failed(&mut self, ip: IpAddr, reason: Reason, duration_ms: u64) {
        self.introducing.remove(&ip);
        self.took(ip, duration_ms);
        if self.devices.iter().any(|device| device.asked_at == ip) {
            // It introduced itself and gave some of its tables.
            self.end(ip, TargetState::Answered, Some(reason));
            return;
        }
        self.end(ip, TargetState::Failed, Some(reason));
        let Some(target) = self.targets.get_mut(&ip) else { return };
        let alternates = std::mem::take(&mut target.alternates);
        let (weight, claims, depth) = (target.weight, target.claims.clone(), target.report.depth);
        if !alternates.is_empty() {
            let origin = target.report.origin.clone().unwrap_or_default();
            let protocol = "";
            self.enter(
                Candidate { addresses: alternates, weight, protocol, guess: false, claims },
                depth,
                &origin,
            );
        }
    }

    fn took(&mut self, ip: IpAddr, duration_ms: u64) {
        if let Some(target) = self.targets.get_mut(&ip) {
            target.report.duration_ms = Some(duration_ms);
        }
    }

    /// More of a device's tables were read.
    pub(super) fn read(&mut self, ip: IpAddr, tables: Vec<crate::snmp::TableReport>) {
        if let Some(target) = self.targets.get_mut(&ip) {
            target.report.tables.extend(tables);
            self.changed.insert(ip);
        }
    }

    /// The crawl is stopped: what was not finished is marked so.
    pub(super) fn cancel(&mut self) {
        let open: Vec<(IpAddr, TargetState)> = self
            .targets
            .iter()
            .map(|(ip, target)| (*ip, target.report.state))
            .filter(|(_, state)| matches!(state, TargetState::Queued | TargetState::Asking))
            .collect();
        for (ip, state) in open {
            let reason = Reason::new(ReasonCode::Cancelled, "The discovery was stopped.");
            let introduced = self.devices.iter().any(|device| device.asked_at == ip);
            let state = match state {
                TargetState::Queued => TargetState::Skipped,
                _ if introduced => TargetState::Answered,
                _ => TargetState::Failed,
            };
            self.end(ip, state, Some(reason));
        }
    }

    /// True when reports changed since the last call of [`Book::take_changed`].
    pub(super) fn has_news(&self) -> bool {
        !self.changed.is_empty()
    }

    /// The reports that changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<TargetReport> {
        std::mem::take(&mut self.changed)
            .into_iter()
            .filter_map(|ip| self.targets.get(&ip).map(|target| target.report.clone()))
            .collect()
    }

    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for target in self.targets.values() {
            counts.asked += usize::from(target.asked);
            match target.report.state {
                TargetState::Queued | TargetState::Asking => counts.queued += 1,
                TargetState::Answered => counts.answered += 1,
                TargetState::Failed => counts.failed += 1,
                TargetState::Skipped => counts.skipped += 1,
            }
        }
        counts
    }

    pub(super) fn into_reports(self) -> Vec<TargetReport> {
        self.targets.into_values().map(|target| target.report).collect()
    }
}

/// The key of an agent as a subject: its address, with the port when it is not SNMP's own.
pub(super) fn subject_key(ip: IpAddr, port: u16) -> String {
    if port == 161 { ip.to_string() } else { std::net::SocketAddr::new(ip, port).to_string() }
}
