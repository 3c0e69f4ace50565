//! What was read of one table, for people.

use model::{Completeness, Reason, ReasonCode};
use serde::{Deserialize, Serialize};
use snmp::{Table, WalkEnd};

/// How far one table was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// The table's name in its MIB, e.g. `lldpRemTable`.
    pub table: String,
    /// Rows the device declared, when it did.
    pub declared: Option<u32>,
    /// Rows read.
    pub read: u32,
    /// True when the table was read to its regular end and no declared count contradicts it.
    pub complete: bool,
    /// Why it is not complete.
    pub reason: Option<Reason>,
    /// Anything else worth knowing, e.g. rows that were dropped and why.
    pub note: Option<String>,
}

impl TableReport {
    /// A table that the device does not implement.
    pub fn not_supported(table: &str) -> Self {
        Self {
            table: table.to_owned(),
            declared: None,
            read: 0,
            complete: false,
            reason: Some(Reason::new(
                ReasonCode::NotSupported,
                format!("The device does not answer {table}."),
            )),
            note: None,
        }
    }

    /// A report with the facts of a frame.
    pub fn of(table: &str, completeness: &Completeness, note: Option<String>) -> Self {
        Self {
            table: table.to_owned(),
            declared: completeness.declared,
            read: completeness.read,
            complete: completeness.complete,
            reason: completeness.reason.clone(),
            note,
        }
    }
}

/// Judges a walk: complete only when the agent ended every column regularly and the rows do not
/// fall short of what the device declared. `name` is the table's, for the texts.
pub(super) fn judge(name: &str, table: &Table, rows: usize, declared: Option<u32>) -> Completeness {
    let mut completeness = match walk_reason(name, table, rows) {
        None => Completeness::complete(rows),
        Some(reason) => Completeness::partial(rows, reason),
    };
    completeness.declared = declared;
    if let Some(declared) = declared {
        fall_short(name, declared, &mut completeness);
    }
    completeness
}

/// Marks a completeness as partial when fewer rows were read than declared.
fn fall_short(name: &str, declared: u32, completeness: &mut Completeness) {
    if !completeness.complete || completeness.read >= declared {
        return;
    }
    let (code, text) = if completeness.read == 0 {
        (ReasonCode::TableWithheld, format!("{declared} rows of {name} are declared, none was answered."))
    } else {
        let read = completeness.read;
        (ReasonCode::PartialTable, format!("{declared} rows of {name} are declared, {read} were answered."))
    };
    completeness.complete = false;
    completeness.reason = Some(Reason::new(code, text));
}

/// Why a walk is not complete; `None` when it is.
pub(super) fn walk_reason(name: &str, table: &Table, rows: usize) -> Option<Reason> {
    if table.completeness.complete {
        return None;
    }
    let end = table.completeness.end;
    let code = match end {
        WalkEnd::EndOfTable | WalkEnd::EndOfMib => return None,
        // Some agents answer the step behind the last row with noSuchInstance: rows came, then an
        // end that no RFC allows. Nothing is missing that the agent would give.
        WalkEnd::NotServed if rows > 0 => return None,
        WalkEnd::NotServed => ReasonCode::NotSupported,
        WalkEnd::Looped => ReasonCode::WalkLooped,
        WalkEnd::WentBackwards => ReasonCode::WalkBackwards,
        WalkEnd::RowLimit | WalkEnd::SizeLimit => ReasonCode::RowLimit,
        WalkEnd::TimedOut if rows == 0 => ReasonCode::Timeout,
        WalkEnd::TimedOut => ReasonCode::PartialTable,
        WalkEnd::NoProgress => ReasonCode::BadAnswer,
        WalkEnd::ErrorStatus(_) => ReasonCode::AgentError,
        WalkEnd::Unauthorised => ReasonCode::TableWithheld,
        WalkEnd::Cancelled => ReasonCode::Cancelled,
    };
    Some(Reason::new(code, format!("{name} ended after {rows} rows: {}.", end_text(end))))
}

fn end_text(end: WalkEnd) -> &'static str {
    match end {
        WalkEnd::EndOfTable | WalkEnd::EndOfMib => "regular end",
        WalkEnd::NotServed => "the object does not exist",
        WalkEnd::Looped => "the agent repeated a row",
        WalkEnd::WentBackwards => "the agent went backwards",
        WalkEnd::RowLimit => "the row limit was reached",
        WalkEnd::SizeLimit => "the size limit was reached",
        WalkEnd::TimedOut => "the agent stopped answering",
        WalkEnd::NoProgress => "the answers carried nothing",
        WalkEnd::ErrorStatus(_) => "the agent answered an error",
        WalkEnd::Unauthorised => "access was denied",
        WalkEnd::Cancelled => "the reading was stopped",
    }
}
