//! What is in a branch of a Git repository: its newest commit is fetched over HTTP(S), protocol version 2, and
//! nothing else of its history.
//!
//! | file | job |
//! |---|---|
//! | `wire` | the lines of the protocol: what is asked, what is answered |
//! | `fetch` | the talk with the server: bounded in time and size, only where this server may go |
//! | `pack` | files out of the received pack |

mod fetch;
mod pack;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use egress::Policy;
use kit::SecretText;

use crate::directory::{FoundFile, Patterns};

/// Longest time that fetching may take.
const TIME: Duration = Duration::from_mins(5);

/// A repository with what it takes to read it.
#[derive(Debug)]
pub(crate) struct Repository {
    pub(crate) url: String,
    /// The one that the repository shows first when there is none.
    pub(crate) branch: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<SecretText>,
}

/// Ends blocking work when nobody waits for it any more.
struct Interrupt(Arc<AtomicBool>);

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// All files of the branch in the order of their paths. Links and submodules are left out, and so are hidden
/// files and those that a pattern names.
///
/// # Errors
/// Why it cannot be read, for people: never with a password.
pub(crate) async fn files(
    egress: &Policy,
    repository: &Repository,
    ignored: Patterns,
) -> Result<Vec<FoundFile>, String> {
    let room = tempfile::tempdir().map_err(|error| format!("no room for a repository: {error}"))?;
    let fetched = tokio::time::timeout(TIME, fetch::fetch(egress, repository, room.path())).await;
    let fetched = fetched.map_err(|_| format!("The repository took longer than {} s.", TIME.as_secs()))??;
    let interrupt = Interrupt(Arc::default());
    let stop = interrupt.0.clone();
    let work = tokio::task::spawn_blocking(move || {
        let files = pack::files(&fetched, room.path(), &ignored, &stop);
        drop(room);
        files
    });
    let files = work.await.map_err(|error| error.to_string())?;
    drop(interrupt);
    files
}
