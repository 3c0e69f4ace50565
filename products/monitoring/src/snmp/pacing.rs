//! How hard one device may be asked: packet rate, requests in flight, retransmission times.

use std::time::{Duration, Instant};

/// Limits for one device. The network is not harmed: they are on by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLimits {
    /// Packets per second to one device. Default 50.
    pub rate: u32,
    /// Requests in flight to one device. Default 4.
    pub in_flight: usize,
    /// Time given to the first answer; later ones are timed by what was measured. Default 1 s.
    pub timeout: Duration,
    /// Repetitions of an unanswered request. Default 2.
    pub retries: u32,
    /// Rows read of one table. Default 100 000.
    pub max_rows: usize,
    /// A route table that declares more rows is not walked. Default 2 000.
    pub max_routes: u32,
}

impl Default for DeviceLimits {
    fn default() -> Self {
        Self {
            rate: 50,
            in_flight: 4,
            timeout: Duration::from_secs(1),
            retries: 2,
            max_rows: 100_000,
            max_routes: 2_000,
        }
    }
}

/// A token bucket: `rate` packets per second, with bursts of a fifth of a second's worth.
#[derive(Debug)]
pub(crate) struct Bucket {
    interval: Duration,
    burst: Duration,
    /// The virtual time at which the next packet is due when sent evenly.
    next: Option<Instant>,
}

impl Bucket {
    pub(crate) fn new(rate: u32) -> Self {
        let rate = rate.max(1);
        let interval = Duration::from_secs(1) / rate;
        Self { interval, burst: interval * (rate / 5).max(4), next: None }
    }

    /// Takes a packet's place; says how long to wait before sending it.
    pub(crate) fn take(&mut self, now: Instant) -> Duration {
        let earliest = now.checked_sub(self.burst).unwrap_or(now);
        let due = self.next.map_or(earliest, |next| next.max(earliest));
        self.next = Some(due + self.interval);
        (due + self.interval).saturating_duration_since(now)
    }
}

/// Retransmission timing (RFC 6298, with bounds that suit SNMP agents).
#[derive(Debug)]
pub(super) struct Timing {
    initial: Duration,
    smoothed: Option<(Duration, Duration)>,
}

/// Agents with slow back ends (sub-agents, scripts) answer most requests at once and some much
/// later, so a measured time never brings the wait below this.
const FLOOR: Duration = Duration::from_millis(500);
const CEILING: Duration = Duration::from_secs(5);

impl Timing {
    pub(super) fn new(initial: Duration) -> Self {
        Self { initial, smoothed: None }
    }

    /// A measured round trip of a request that was sent once (Karn: others cannot be told apart).
    pub(super) fn measured(&mut self, time: Duration) {
        self.smoothed = Some(match self.smoothed {
            None => (time, time / 2),
            Some((mean, deviation)) => (mean * 7 / 8 + time / 8, deviation * 3 / 4 + mean.abs_diff(time) / 4),
        });
    }

    /// How long to wait for the answer to the `attempt`-th sending, counted from 0.
    pub(super) fn wait(&self, attempt: u32) -> Duration {
        let base = match self.smoothed {
            None => self.initial,
            Some((mean, deviation)) => (mean + deviation * 4).max(FLOOR.min(self.initial)),
        };
        (base * (attempt + 1)).min(CEILING.max(self.initial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_keeps_the_rate_after_a_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(50);
        let mut now = start;
        for _ in 0..200 {
            now += bucket.take(now);
        }
        let spent = now - start;
        assert!(spent >= Duration::from_millis(3700) && spent <= Duration::from_secs(4), "{spent:?}");
    }

    #[test]
    fn waits_follow_the_measured_time_within_bounds() {
        let mut timing = Timing::new(Duration::from_secs(1));
        assert_eq!(timing.wait(0), Duration::from_secs(1));
        assert_eq!(timing.wait(1), Duration::from_secs(2));
        for _ in 0..20 {
            timing.measured(Duration::from_millis(2));
        }
        assert_eq!(timing.wait(0), FLOOR);
        for _ in 0..40 {
            timing.measured(Duration::from_millis(1500));
        }
        assert!(timing.wait(0) >= Duration::from_millis(1500), "{:?}", timing.wait(0));
        assert!(timing.wait(9) <= CEILING);
    }
}
