//! What can go wrong with an engine, in words that name the remedy.

use std::path::PathBuf;

/// Why an engine could not be started.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No PostgreSQL binaries were found.
    #[error(
        "no PostgreSQL server program found (looked in {looked}); install Debian's postgresql-15 or newer, or \
         name the directory of `initdb` and `postgres` in PORTOLAN_PG_BIN"
    )]
    NoBinaries {
        /// Directories that were tried.
        looked: String,
    },
    /// The program is too old.
    #[error("{program} is PostgreSQL {found}; Portolan needs 15 or newer")]
    TooOld {
        /// The program.
        program: PathBuf,
        /// Its major version.
        found: u32,
    },
    /// The data directory belongs to another major version.
    #[error(
        "the data in {dir} was written by PostgreSQL {data}, but the program found is {program}; point \
         PORTOLAN_PG_BIN at version {data}, or move the data with pg_upgrade or dump and restore"
    )]
    OtherMajor {
        /// The data directory.
        dir: PathBuf,
        /// Major version of the data.
        data: u32,
        /// Major version of the program.
        program: u32,
    },
    /// Another server works on the same directory.
    #[error("another Portolan server uses {dir}; stop it, or give this one a data directory of its own")]
    InUse {
        /// The directory.
        dir: PathBuf,
    },
    /// The account that runs PostgreSQL cannot enter the directory.
    #[error(
        "PostgreSQL refuses to run as root and the account {user} cannot enter {dir}; choose a data directory \
         that every account may pass through, such as /var/lib/portolan, or run Portolan as an ordinary user"
    )]
    Unreachable {
        /// The account.
        user: String,
        /// The first directory it cannot pass.
        dir: PathBuf,
    },
    /// Something about a file.
    #[error("{action} {path}: {source}")]
    File {
        /// What was being done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A program could not be run or failed.
    #[error("{program} failed: {why}")]
    Failed {
        /// The program.
        program: String,
        /// Its last words.
        why: String,
    },
}

impl EngineError {
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> EngineError {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
