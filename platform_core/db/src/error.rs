//! What can go wrong before there is a store.

/// Why the store cannot be opened or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The private PostgreSQL did not start.
    #[error(transparent)]
    Engine(#[from] engines::EngineError),
    /// The URL is not one of PostgreSQL.
    #[error("PORTOLAN_DATABASE_URL is not a PostgreSQL URL (postgres://user:password@host:5432/database)")]
    BadUrl,
    /// The server is too old.
    #[error("the database server is PostgreSQL {0}; Portolan needs 15 or newer")]
    TooOld(u32),
    /// Roles or the database could not be set up.
    #[error(
        "cannot {step}: {source}. The role of the database URL must be a superuser, or own the database and \
         have CREATEROLE"
    )]
    Bootstrap {
        /// What was being done.
        step: &'static str,
        /// The cause.
        source: sqlx::Error,
    },
    /// A migration failed; nothing of it stays.
    #[error("migration {plugin}/{version} ({name}) failed: {source}")]
    Migration {
        /// Whose.
        plugin: &'static str,
        /// Its number.
        version: u32,
        /// Its name.
        name: &'static str,
        /// The cause.
        source: sqlx::Error,
    },
    /// An applied migration has another text now.
    #[error(
        "migration {plugin}/{version} ({name}) was applied with another text; applied migrations must never \
         change: restore the file and put the change into a new migration"
    )]
    Changed {
        /// Whose.
        plugin: &'static str,
        /// Its number.
        version: u32,
        /// Its name.
        name: &'static str,
    },
    /// The list of a plugin is not in rising order, or has gaps before applied ones.
    #[error("the migrations of {plugin} must have rising versions; {version} is out of order")]
    Order {
        /// Whose.
        plugin: &'static str,
        /// The number.
        version: u32,
    },
    /// The database was written by a newer server.
    #[error(
        "the database has migration {plugin}/{version}, which this server does not know: it was written by a \
         newer version of Portolan; start that one"
    )]
    Newer {
        /// Whose.
        plugin: String,
        /// The number.
        version: u32,
    },
    /// The database answered with an error.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
