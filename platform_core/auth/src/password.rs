//! Password hashing: argon2id, 64 MiB, 3 passes, one lane (platform.md 2.2).

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kit::{Problem, SecretText};
use tokio::sync::Semaphore;

/// Shortest password, characters (ASVS 6.2.1 asks for at least 8).
pub const MIN_LENGTH: u32 = 12;
/// Longest password, characters.
pub const MAX_LENGTH: u32 = 256;

/// Hashes at once: bounds the memory to 128 MiB.
const AT_ONCE: usize = 2;
/// Waiting requests before the server says it is busy.
const QUEUE: usize = 64;

/// Passwords that everybody tries first; anything containing one of them with nothing else of
/// substance is refused.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "qwerty",
    "qwertz",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "changeme",
    "portolan",
    "abc123",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "1234567890",
];

/// How much one hash costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// KiB of memory.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// What a server uses.
    pub const SERVER: Self = Self { memory: 65_536, passes: 3 };
    /// For tests, where the hash is not what is tested.
    pub const TEST: Self = Self { memory: 64, passes: 1 };
}

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    cost: Cost,
    dummy: Arc<str>,
}

impl Passwords {
    /// With the given cost.
    ///
    /// # Errors
    /// When the operating system gives no random salt.
    pub fn new(cost: Cost) -> Result<Self, Problem> {
        let dummy = hash(cost, "no such user, same work")?;
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(QUEUE)),
            cost,
            dummy: dummy.into(),
        })
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// 503 while too many logins wait.
    pub async fn hash(&self, clear: &SecretText) -> Result<String, Problem> {
        let (cost, clear) = (self.cost, clear.clone());
        self.run(move || hash(cost, clear.expose())).await?
    }

    /// Whether the password belongs to the hash. Without a hash the same work is done in vain, so
    /// that an unknown user takes as long as a wrong password.
    ///
    /// # Errors
    /// 503 while too many logins wait.
    pub async fn verify(&self, clear: &SecretText, stored: Option<&str>) -> Result<bool, Problem> {
        let known = stored.is_some();
        let stored: String = stored.unwrap_or(&self.dummy).to_owned();
        let clear = clear.clone();
        let matches = self
            .run(move || {
                PasswordHash::new(&stored).is_ok_and(|parsed| {
                    Argon2::default().verify_password(clear.expose().as_bytes(), &parsed).is_ok()
                })
            })
            .await?;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let busy = || Problem::unavailable("Too many logins at once. Try again in a second.");
        let _place = self.queue.try_acquire().map_err(|_| busy())?;
        let _permit = self.permits.acquire().await.map_err(|_| busy())?;
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
    }
}

fn hash(cost: Cost, clear: &str) -> Result<String, Problem> {
    let params = Params::new(cost.memory, cost.passes, 1, None).map_err(Problem::internal)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(clear.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(Problem::internal)
}

/// Why a password is not good enough; `None` when it is. `context` holds words it must not consist
/// of (login name, e-mail).
pub fn weakness(clear: &str, context: &[&str]) -> Option<&'static str> {
    let lower = clear.to_lowercase();
    let rest_after = |word: &str| {
        let word = word.to_lowercase();
        (word.len() >= 4 && lower.contains(&word)).then(|| lower.replace(&word, "").chars().count())
    };
    if clear.chars().count() < MIN_LENGTH as usize {
        return Some("A password has at least 12 characters; a sentence is easy to remember.");
    }
    if clear.chars().count() > MAX_LENGTH as usize {
        return Some("A password has at most 256 characters.");
    }
    let distinct: std::collections::BTreeSet<char> = lower.chars().collect();
    if distinct.len() < 5 {
        return Some("This repeats too few characters.");
    }
    if COMMON.iter().any(|word| rest_after(word).is_some_and(|rest| rest < 6)) {
        return Some("This is among the passwords everybody tries first.");
    }
    if context.iter().any(|word| rest_after(word).is_some_and(|rest| rest < 6)) {
        return Some("A password must not consist of the login name or the e-mail address.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named() {
        for (clear, weak) in [
            ("short", true),
            ("aaaaaaaaaaaaaaaa", true),
            ("Password1234", true),
            ("alice@lab12345", true),
            ("correct horse battery staple", false),
            ("Zürich im Nebel 7", false),
        ] {
            assert_eq!(weakness(clear, &["alice", "alice@lab"]).is_some(), weak, "{clear}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_verifies() {
        let passwords = Passwords::new(Cost::TEST).unwrap();
        let right = SecretText::new("correct horse battery staple".into());
        let stored = passwords.hash(&right).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(passwords.verify(&right, Some(&stored)).await.unwrap());
        let wrong = SecretText::new("correct horse battery stable".into());
        assert!(!passwords.verify(&wrong, Some(&stored)).await.unwrap());
        let dummy = SecretText::new("no such user, same work".into());
        assert!(!passwords.verify(&dummy, None).await.unwrap());
    }
}
