//! What a walk yields.

use std::collections::BTreeMap;

use crate::{ErrorStatus, Oid, Value};

/// The rows of a walk, and how far they can be trusted to be all rows.
#[derive(Debug, Clone)]
pub struct Table {
    /// The columns as they were asked for; cells are numbered by their position here.
    pub columns: Vec<Oid>,
    /// Rows by index (the arcs after the column).
    pub rows: BTreeMap<Vec<u32>, Row>,
    /// How each column ended, in the order of `columns`.
    pub column_ends: Vec<Completeness>,
    /// How the whole walk ended: complete only if every column is; otherwise the end of the first
    /// column that is not.
    pub completeness: Completeness,
    /// Requests made, repetitions included.
    pub requests: u32,
    /// Requests that got no answer.
    pub timeouts: u32,
    /// The agent served rows in another order than SNMP's. Not an error by itself.
    pub disordered: bool,
}

impl Table {
    /// All cells, row by row: column, index, value.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &[u32], &Value)> {
        self.rows
            .iter()
            .flat_map(|(index, row)| row.cells().map(|(column, value)| (column, index.as_slice(), value)))
    }

    /// One column's cells: index, value.
    pub fn column(&self, column: usize) -> impl Iterator<Item = (&[u32], &Value)> {
        self.rows.iter().filter_map(move |(index, row)| Some((index.as_slice(), row.get(column)?)))
    }
}

/// One row: a value or nothing for every column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row(Vec<Option<Value>>);

impl Row {
    /// The cell of the column at this position of [`Table::columns`].
    pub fn get(&self, column: usize) -> Option<&Value> {
        self.0.get(column)?.as_ref()
    }

    /// The cells the row has: column, value.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &Value)> {
        self.0.iter().enumerate().filter_map(|(column, cell)| Some((column, cell.as_ref()?)))
    }

    pub(super) fn put(&mut self, column: usize, columns: usize, value: Value) {
        if self.0.is_empty() {
            self.0.resize(columns, None);
        }
        if let Some(cell) = self.0.get_mut(column) {
            *cell = Some(value);
        }
    }
}

/// Whether everything was read, and what ended the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Completeness {
    /// True only if the agent itself said, in a regular way, that nothing more follows.
    pub complete: bool,
    /// What ended the reading.
    pub end: WalkEnd,
}

impl From<WalkEnd> for Completeness {
    fn from(end: WalkEnd) -> Self {
        Self { complete: matches!(end, WalkEnd::EndOfTable | WalkEnd::EndOfMib), end }
    }
}

/// What ended the reading of a column or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WalkEnd {
    /// The agent went on to another object: regular.
    EndOfTable,
    /// The agent has nothing after this column: regular.
    EndOfMib,
    /// The agent answered noSuchObject or noSuchInstance to a step, which no RFC allows.
    NotServed,
    /// The agent served a row it had served before.
    Looped,
    /// The agent left the column towards smaller names.
    WentBackwards,
    /// [`super::WalkLimits::max_rows`] was reached.
    RowLimit,
    /// [`super::WalkLimits::max_bytes`] was reached.
    SizeLimit,
    /// No answer, after the repetitions of [`super::WalkLimits::max_timeouts`].
    TimedOut,
    /// Answers that carry nothing.
    NoProgress,
    /// The agent refused even the smallest request with this status.
    ErrorStatus(ErrorStatus),
    /// The agent denied access, or the caller learned it from an SNMPv3 report.
    Unauthorised,
    /// The caller stopped the walk.
    Cancelled,
}

impl WalkEnd {
    /// A stable code for records and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Self::EndOfTable => "end-of-table",
            Self::EndOfMib => "end-of-mib",
            Self::NotServed => "not-served",
            Self::Looped => "looped",
            Self::WentBackwards => "went-backwards",
            Self::RowLimit => "row-limit",
            Self::SizeLimit => "size-limit",
            Self::TimedOut => "timed-out",
            Self::NoProgress => "no-progress",
            Self::ErrorStatus(_) => "error-status",
            Self::Unauthorised => "unauthorised",
            Self::Cancelled => "cancelled",
        }
    }
}
