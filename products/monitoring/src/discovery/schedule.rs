//! When known devices are asked again. Pure: time is an argument.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::snmp::survey::Plan;

/// A device to keep asking.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KnownTarget {
    /// Where it is asked.
    pub address: IpAddr,
    /// UDP port of its agent.
    pub port: u16,
    /// The routing domain of the address.
    pub partition: String,
    /// The id of the credential it accepted.
    pub credential: String,
}

/// Times between two turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// Links: what changes when a cable does. 30 s by default.
    pub links: Duration,
    /// Everything. 5 min by default.
    pub tables: Duration,
}

impl Default for Intervals {
    fn default() -> Self {
        Self { links: Duration::from_secs(30), tables: Duration::from_mins(5) }
    }
}

/// An unanswered device is asked at most this rarely.
const MAX_BACK_OFF: Duration = Duration::from_mins(5);

#[derive(Clone, Copy, Debug)]
struct Turns {
    links: Instant,
    tables: Instant,
    /// Being asked now.
    busy: bool,
    /// Turns in a row without an answer.
    failures: u32,
}

/// Decides who is due.
#[derive(Clone, Debug)]
pub struct Scheduler {
    intervals: Intervals,
    targets: BTreeMap<KnownTarget, Turns>,
}

impl Scheduler {
    /// A scheduler without targets.
    pub fn new(intervals: Intervals) -> Self {
        Self { intervals, targets: BTreeMap::new() }
    }

    /// Replaces the targets. Those known keep their turns; the first turns of new ones are spread
    /// over the interval, so that they do not all come at once.
    pub fn set_targets(&mut self, targets: Vec<KnownTarget>, now: Instant) {
        let new = targets.iter().filter(|target| !self.targets.contains_key(target)).count();
        let share =
            |interval: Duration, place: usize| interval.mul_f64((place + 1) as f64 / new.max(1) as f64);
        let mut place = 0;
        let mut next = BTreeMap::new();
        for target in targets {
            if next.contains_key(&target) {
                continue;
            }
            let turns = self.targets.remove(&target).unwrap_or_else(|| {
                let turns = Turns {
                    links: now + share(self.intervals.links, place),
                    tables: now + share(self.intervals.tables, place),
                    busy: false,
                    failures: 0,
                };
                place += 1;
                turns
            });
            next.insert(target, turns);
        }
        self.targets = next;
    }

    /// Whom to ask now, and how much. A target that is given is busy until [`Scheduler::done`]. A
    /// turn for everything includes the links.
    pub fn due(&mut self, now: Instant) -> Vec<(Plan, Vec<KnownTarget>)> {
        let mut due: BTreeMap<Plan, Vec<KnownTarget>> = BTreeMap::new();
        for (target, turns) in self.targets.iter_mut().filter(|(_, turns)| !turns.busy) {
            let plan = if turns.tables <= now {
                Plan::Tables
            } else if turns.links <= now {
                Plan::Links
            } else {
                continue;
            };
            turns.busy = true;
            due.entry(plan).or_default().push(target.clone());
        }
        due.into_iter().collect()
    }

    /// A target was asked. `plan` is what was asked of it. Unanswered ones are asked less and less
    /// often, at most five minutes apart.
    pub fn done(&mut self, target: &KnownTarget, plan: Plan, answered: bool, now: Instant) {
        let Some(turns) = self.targets.get_mut(target) else { return };
        turns.busy = false;
        turns.failures = if answered { 0 } else { turns.failures.saturating_add(1) };
        let links = self.intervals.links;
        let back_off = links * 2u32.saturating_pow(turns.failures.min(8));
        let wait = if answered { links } else { back_off.min(MAX_BACK_OFF.max(links)) };
        turns.links = now + wait;
        if plan == Plan::Tables && answered {
            turns.tables = now + self.intervals.tables;
        } else if !answered {
            // Everything is read as soon as it answers again.
            turns.tables = turns.links;
        }
    }

    /// When somebody is due next; `None` while there is nobody or all are being asked.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        self.targets
            .values()
            .filter(|turns| !turns.busy)
            .map(|turns| turns.links.min(turns.tables).max(now))
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(last: u8) -> KnownTarget {
        let address = IpAddr::from([10, 0, 0, last]);
        KnownTarget { address, port: 161, partition: "default".into(), credential: "c".into() }
    }

    #[test]
    fn links_and_tables_take_their_turns() {
        let start = Instant::now();
        let mut scheduler = Scheduler::new(Intervals::default());
        scheduler.set_targets(vec![target(1)], start);
        let (mut links, mut tables) = (0, 0);
        for second in 0..=600 {
            let now = start + Duration::from_secs(second);
            for (plan, targets) in scheduler.due(now) {
                match plan {
                    Plan::Links => links += targets.len(),
                    Plan::Tables => tables += targets.len(),
                }
                for target in targets {
                    scheduler.done(&target, plan, true, now);
                }
            }
        }
        assert_eq!((links, tables), (18, 2), "20 turns in 600 s, two of them for everything");
    }

    #[test]
    fn first_turns_are_spread_and_busy_ones_wait() {
        let start = Instant::now();
        let mut scheduler = Scheduler::new(Intervals::default());
        scheduler.set_targets((1..=30).map(target).collect(), start);
        assert_eq!(scheduler.due(start).len(), 0);
        let first = scheduler.due(start + Duration::from_secs(10));
        assert_eq!(first.iter().map(|(_, targets)| targets.len()).sum::<usize>(), 10);
        // The same ten are busy: nobody else is due yet.
        assert!(scheduler.due(start + Duration::from_secs(10)).is_empty());
        assert_eq!(scheduler.next(start), Some(start + Duration::from_secs(11)));
    }

    #[test]
    fn silent_targets_back_off_and_are_read_whole_when_they_return() {
        let mut now = Instant::now();
        let mut scheduler = Scheduler::new(Intervals::default());
        scheduler.set_targets(vec![target(1)], now);
        let mut waits = Vec::new();
        for _ in 0..6 {
            let next = scheduler.next(now).unwrap();
            waits.push((next - now).as_secs());
            now = next;
            for (plan, targets) in scheduler.due(now) {
                scheduler.done(&targets[0], plan, false, now);
            }
        }
        assert_eq!(waits, [30, 60, 120, 240, 300, 300]);
        now = scheduler.next(now).unwrap();
        assert_eq!(scheduler.due(now), [(Plan::Tables, vec![target(1)])]);
    }

    #[test]
    fn known_targets_keep_their_turns() {
        let start = Instant::now();
        let mut scheduler = Scheduler::new(Intervals::default());
        scheduler.set_targets(vec![target(1)], start);
        let before = scheduler.next(start);
        scheduler.set_targets(vec![target(1), target(1)], start + Duration::from_secs(20));
        assert_eq!(scheduler.next(start), before);
        scheduler.set_targets(Vec::new(), start);
        assert_eq!(scheduler.next(start), None);
    }
}
