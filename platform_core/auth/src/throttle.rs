//! Brute force limits: growing pauses per account and per address, forgotten after 15 minutes. There
//! is no permanent lock, because a lock is what an attacker wants (platform.md 2.2).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use kit::Problem;

/// Failures of one account before pauses begin.
const FREE: u32 = 5;
/// Longest pause, seconds.
const LONGEST: u64 = 300;
/// Failures of one address within the memory.
const PER_ADDRESS: u32 = 30;
/// How long a failure is remembered.
const MEMORY: Duration = Duration::from_mins(15);
/// Keys held at most; beyond that the oldest go.
const KEYS: usize = 50_000;

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

/// Counts failed logins.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<String, Failures>>,
}

impl Throttle {
    /// Whether another try may be made now.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn check(&self, login: &str, address: Option<IpAddr>, now: Instant) -> Result<(), Problem> {
        let failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let pause = failures.get(&account_key(login)).map_or(Duration::ZERO, |f| remaining(*f, now));
        let flood = address
            .and_then(|address| failures.get(&address_key(address)))
            .filter(|f| f.count >= PER_ADDRESS && now.duration_since(f.last) < MEMORY)
            .map_or(Duration::ZERO, |f| Duration::from_mins(10).saturating_sub(now.duration_since(f.last)));
        let wait = pause.max(flood);
        if wait.is_zero() {
            return Ok(());
        }
        let seconds = u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX);
        let mut problem = Problem::new(
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            "rate-limited",
            format!("Too many failed logins. Try again in {seconds} s."),
        );
        problem.retry_after = Some(seconds);
        Err(problem)
    }

    /// A failed try.
    pub fn failed(&self, login: &str, address: Option<IpAddr>, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if failures.len() >= KEYS {
            failures.retain(|_, f| now.duration_since(f.last) < MEMORY / 3);
        }
        if failures.len() >= KEYS {
            failures.clear();
        }
        for key in [Some(account_key(login)), address.map(address_key)].into_iter().flatten() {
            let entry = failures.entry(key).or_insert(Failures { count: 0, last: now });
            if now.duration_since(entry.last) >= MEMORY {
                entry.count = 0;
            }
            entry.count += 1;
            entry.last = now;
        }
    }

    /// A login that worked: the account's failures are forgotten.
    pub fn succeeded(&self, login: &str) {
        self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&account_key(login));
    }
}

fn remaining(failures: Failures, now: Instant) -> Duration {
    let passed = now.duration_since(failures.last);
    if failures.count < FREE || passed >= MEMORY {
        return Duration::ZERO;
    }
    let pause = 1u64.checked_shl(failures.count - FREE).unwrap_or(LONGEST).min(LONGEST);
    Duration::from_secs(pause).saturating_sub(passed)
}

fn account_key(login: &str) -> String {
    format!("a:{}", login.chars().take(256).flat_map(char::to_lowercase).collect::<String>())
}

/// IPv6 hosts own a whole /64.
fn address_key(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => format!("i:{v4}"),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("i:{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for _ in 0..4 {
            throttle.failed("Alice", None, start);
        }
        assert!(throttle.check("alice", None, start).is_ok());
        throttle.failed("alice", None, start);
        let problem = throttle.check("ALICE", None, start).unwrap_err();
        assert_eq!((problem.status.as_u16(), problem.retry_after), (429, Some(2)));
        assert!(throttle.check("alice", None, start + Duration::from_secs(2)).is_ok());
        for _ in 0..60 {
            throttle.failed("alice", None, start);
        }
        assert_eq!(throttle.check("alice", None, start).unwrap_err().retry_after, Some(301));
        assert!(throttle.check("alice", None, start + MEMORY).is_ok());
        assert!(throttle.check("bob", None, start).is_ok());
        throttle.succeeded("alice");
        assert!(throttle.check("alice", None, start).is_ok());
    }

    #[test]
    fn one_address_cannot_try_many_accounts() {
        let throttle = Throttle::default();
        let now = Instant::now();
        let (attacker, neighbour) = ("2001:db8:0:1::1".parse().unwrap(), "2001:db8:0:2::1".parse().unwrap());
        for n in 0..30 {
            throttle.failed(&format!("user{n}"), Some(attacker), now);
        }
        assert!(throttle.check("somebody", Some(attacker), now).is_err());
        assert!(throttle.check("somebody", Some(neighbour), now).is_ok());
    }
}
