//! Where PostgreSQL is and as whom we go there.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use engines::Postgres;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::postgres::PgConnectOptions;

use crate::begin::REQUEST_TIMEOUT_MS;
use crate::error::StoreError;

/// Where the data is. Both ways run the same code; embedded means we start PostgreSQL ourselves.
#[derive(Clone)]
pub enum Source {
    /// A private PostgreSQL below `data_dir/postgres`.
    Embedded {
        /// The server's data directory.
        data_dir: PathBuf,
        /// Directory of PostgreSQL's programs, when they are not in the usual places.
        bin_dir: Option<PathBuf>,
    },
    /// A PostgreSQL of the users' own, 15 or newer, with a database for Portolan alone.
    ///
    /// The URL's role creates six roles `portolan_*` and needs CREATEROLE and the ownership of the
    /// database (or CREATEDB, when the database does not exist yet), or to be a superuser. The
    /// passwords of the roles that log in are derived from the password of the URL, so several
    /// servers agree on them and none is stored.
    External {
        /// `postgres://user:password@host:5432/database?sslmode=verify-full`
        url: String,
    },
}

impl fmt::Debug for Source {
    /// Without the URL: it holds a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded { data_dir, .. } => write!(f, "Embedded({})", data_dir.display()),
            Self::External { .. } => f.write_str("External"),
        }
    }
}

/// The ways in, by role. Private to this crate, like the pools.
#[derive(Clone)]
pub(crate) struct Doors {
    /// The administrator: roles and the database, nothing else.
    pub(crate) admin: PgConnectOptions,
    /// Key for the passwords of our roles, when the server asks for passwords.
    pub(crate) secret: Option<String>,
}

/// The roles that log in.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    App,
    Relay,
    Migrator,
}

impl Role {
    pub(crate) const ALL: [Self; 3] = [Self::App, Self::Relay, Self::Migrator];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "portolan_app",
            Self::Relay => "portolan_relay",
            Self::Migrator => "portolan_migrator",
        }
    }
}

impl Doors {
    pub(crate) fn embedded(engine: &Postgres, database: &str) -> Self {
        let admin = engines::postgres::connect_options(engine.socket_dir())
            .username(engines::postgres::CLUSTER_USER)
            .database(database);
        Self { admin: common(admin), secret: None }
    }

    pub(crate) fn external(url: &str) -> Result<Self, StoreError> {
        let parsed = url::Url::parse(url).map_err(|_| StoreError::BadUrl)?;
        // sqlx takes any scheme for its own.
        if !matches!(parsed.scheme(), "postgres" | "postgresql") {
            return Err(StoreError::BadUrl);
        }
        let admin = PgConnectOptions::from_str(url).map_err(|_| StoreError::BadUrl)?;
        let secret = parsed.password().map(str::to_owned);
        Ok(Self { admin: common(admin), secret })
    }

    pub(crate) fn database(&self) -> &str {
        self.admin.get_database().unwrap_or("portolan")
    }

    /// The way in of one of our roles.
    pub(crate) fn role(&self, role: Role) -> PgConnectOptions {
        let options = self.admin.clone().username(role.name());
        match self.password(role) {
            Some(password) => options.password(&password),
            None => options,
        }
    }

    /// HMAC-SHA-256 of the role's name under the administrator's password.
    pub(crate) fn password(&self, role: Role) -> Option<String> {
        let secret = self.secret.as_ref()?;
        Some(hex(&mac(secret.as_bytes(), format!("portolan/role/{}", role.name()).as_bytes())))
    }
}

fn common(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("portolan").options([
        ("search_path", String::new()),
        ("TimeZone", "UTC".to_owned()),
        // "already exists, skipping" is no news.
        ("client_min_messages", "warning".to_owned()),
        ("statement_timeout", REQUEST_TIMEOUT_MS.to_string()),
        ("idle_in_transaction_session_timeout", "60000".to_owned()),
    ])
}

pub(crate) fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of every length; the error type is a formality.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
