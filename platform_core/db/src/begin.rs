//! The texts of SQL that are put together at run time. Apart from `records/sql.rs` this is the only
//! file of the workspace where `AssertSqlSafe` appears; a test searches for others.
//!
//! What goes into a text here is a uuid, a number, one of our own constants, or an identifier that
//! passed [`Identifier::new`].

use std::fmt::Write;

use kit::{Actor, Ctx, OpKind};
use sqlx::AssertSqlSafe;

/// A safe piece of SQL text.
pub(crate) type Text = AssertSqlSafe<String>;

/// A statement of a request may take this long, ms; set for every connection.
pub(crate) const REQUEST_TIMEOUT_MS: u32 = 10_000;
/// A statement of a job, ms.
const JOB_TIMEOUT_MS: u32 = 120_000;

/// `BEGIN` with everything the transaction needs to know, in one round trip.
pub(crate) fn begin(ctx: &Ctx, read_only: bool) -> Text {
    let mode = if read_only { "READ ONLY" } else { "READ WRITE" };
    let mut text = format!(
        "BEGIN {mode}; SET LOCAL app.current_tenant='{}'; SET LOCAL app.current_actor='{}'; \
         SET LOCAL app.request_id='{}'",
        ctx.tenant().0,
        actor(ctx.actor()),
        ctx.request_id(),
    );
    if ctx.kind() == OpKind::Job {
        // Writing to a String cannot fail.
        let _ = write!(text, "; SET LOCAL statement_timeout={JOB_TIMEOUT_MS}");
    }
    AssertSqlSafe(text)
}

/// The actor as stored in histories. Names of server parts are constants of ours; whatever is not
/// a letter, digit or `-_.` in one is dropped all the same.
fn actor(actor: &Actor) -> String {
    match actor {
        Actor::System(name) => {
            let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            format!("system:{}", name.collect::<String>())
        }
        other => other.to_string(),
    }
}

/// An identifier of lower-case letters, digits and underscores: needs no quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identifier(String);

impl Identifier {
    pub(crate) fn new(name: &str) -> Option<Self> {
        let fits = (1..=63).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        fits.then(|| Self(name.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// `CREATE DATABASE`, which takes no parameters.
pub(crate) fn create_database(name: &Identifier, template: &Identifier) -> Text {
    AssertSqlSafe(format!(
        "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
        name.0, template.0
    ))
}

/// `DROP DATABASE` together with its connections.
pub(crate) fn drop_database(name: &Identifier) -> Text {
    AssertSqlSafe(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_gets_into_the_text_unchecked() {
        assert_eq!(actor(&Actor::System("jobs'; DROP TABLE x --")), "system:jobsDROPTABLEx--");
        for bad in ["", "A", "a b", "a\"b", "a'b", "1a", &"a".repeat(64)] {
            assert_eq!(Identifier::new(bad), None, "{bad}");
        }
        assert!(Identifier::new("portolan_1").is_some());
    }
}
