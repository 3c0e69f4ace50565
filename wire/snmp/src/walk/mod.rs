//! Reading tables: a walker that asks for several columns at once, adapts to what the agent can
//! answer, and says truthfully whether it has read everything.
//!
//! Sans-I/O. The caller sends what [`Walk::next_request`] gives, and tells the walk what happened:
//! [`Walk::on_response`], [`Walk::on_timeout`] or [`Walk::stop`]. When `next_request` gives `None`,
//! [`Walk::finish`] yields the [`Table`].
//!
//! A walk always ends: every answer either adds a cell, ends a column or uses up a bounded
//! allowance of failures, and cells are bounded by [`WalkLimits`].

mod pace;
mod table;

use std::collections::BTreeMap;

use pace::{Pace, Step};
pub use table::{Completeness, Row, Table, WalkEnd};

use crate::{ErrorStatus, Oid, Pdu, PduKind, Value, VarBind};

/// Bounds of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkLimits {
    /// Rows kept, over all columns. Default 100 000.
    pub max_rows: usize,
    /// Bytes of indexes and values kept. Default 64 MiB.
    pub max_bytes: usize,
    /// Most repetitions in one GETBULK. Default 50.
    pub max_repetitions: u32,
    /// Most variable bindings asked for in one request. Default 60: about one Ethernet frame.
    pub max_varbinds: usize,
    /// Most columns in one request. Default 12.
    pub max_columns: usize,
    /// Requests without answer, in a row, before the walk is given up. Default 4. When the agent
    /// has answered before, the columns are first tried one by one with two timeouts each, because
    /// some agents fall silent over a single column.
    pub max_timeouts: u32,
    /// Use GETBULK. Default true; must be false for SNMPv1.
    pub bulk: bool,
}

impl Default for WalkLimits {
    fn default() -> Self {
        Self {
            max_rows: 100_000,
            max_bytes: 64 << 20,
            max_repetitions: 50,
            max_varbinds: 60,
            max_columns: 12,
            max_timeouts: 4,
            bulk: true,
        }
    }
}

impl WalkLimits {
    /// The defaults without GETBULK.
    pub fn v1() -> Self {
        Self { bulk: false, ..Self::default() }
    }
}

/// What became of a response given to [`Walk::on_response`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fed {
    /// It was the awaited one; it added this many cells.
    Taken {
        /// New cells.
        cells: usize,
    },
    /// It answers something else (a late or foreign answer): keep waiting.
    Ignored,
}

/// Answers without a single usable binding, in a row, before the walk gives up.
const MAX_EMPTY: u32 = 3;

/// Timeouts granted to each single column after the agent fell silent.
const TIMEOUTS_AFTER_GIVING_UP: u32 = 2;

/// Columns in a row that may time out one by one before the agent counts as gone.
const MAX_MUTE_COLUMNS: u32 = 3;

#[derive(Debug)]
struct Column {
    base: Oid,
    /// Where the next step starts: the base, then the name served last.
    cursor: Oid,
    end: Option<WalkEnd>,
}

#[derive(Debug)]
struct Pending {
    request_id: i32,
    step: Step,
    /// Positions of the columns in the request.
    columns: Vec<usize>,
}

/// A walk over the columns of one table (or over any subtrees).
#[derive(Debug)]
pub struct Walk {
    limits: WalkLimits,
    columns: Vec<Column>,
    rows: BTreeMap<Vec<u32>, Row>,
    bytes: usize,
    pace: Pace,
    pending: Option<Pending>,
    answered: bool,
    silent: u32,
    mute_columns: u32,
    empty: u32,
    requests: u32,
    timeouts: u32,
    disordered: bool,
}

impl Walk {
    /// A walk below each of `columns`, which should be columns of one table: their cells are
    /// joined to rows by index.
    pub fn new(columns: &[Oid], limits: WalkLimits) -> Self {
        let pace = Pace::new(limits.bulk, limits.max_columns, limits.max_repetitions, limits.max_varbinds);
        Self {
            columns: columns
                .iter()
                .map(|base| Column { base: base.clone(), cursor: base.clone(), end: None })
                .collect(),
            limits,
            rows: BTreeMap::new(),
            bytes: 0,
            pace,
            pending: None,
            answered: false,
            silent: 0,
            mute_columns: 0,
            empty: 0,
            requests: 0,
            timeouts: 0,
            disordered: false,
        }
    }

    /// The next request, or `None` when the walk is over. Replaces a request that is still
    /// waiting for its answer.
    pub fn next_request(&mut self, request_id: i32) -> Option<Pdu> {
        let active: Vec<usize> =
            self.columns.iter().enumerate().filter(|(_, c)| c.end.is_none()).map(|(n, _)| n).collect();
        if active.is_empty() {
            self.pending = None;
            return None;
        }
        let step = self.pace.step(active.len());
        let columns: Vec<usize> = active.into_iter().take(step.columns).collect();
        let names = columns.iter().filter_map(|n| self.columns.get(*n)).map(|c| c.cursor.clone());
        let pdu = match step.repetitions {
            Some(repetitions) => Pdu::get_bulk(request_id, 0, repetitions, names),
            None => Pdu::get_next(request_id, names),
        };
        self.requests = self.requests.saturating_add(1);
        self.pending = Some(Pending { request_id, step, columns });
        Some(pdu)
    }

    /// Takes the answer. `Ignored` leaves the walk waiting.
    pub fn on_response(&mut self, response: &Pdu) -> Fed {
        let awaited =
            |p: &mut Pending| response.kind == PduKind::Response && p.request_id == response.request_id;
        let Some(pending) = self.pending.take_if(awaited) else { return Fed::Ignored };
        self.answered = true;
        self.silent = 0;
        self.mute_columns = 0;
        if response.error_status != ErrorStatus::NoError {
            self.refused(&pending, response.error_status, response.error_index);
            return Fed::Taken { cells: 0 };
        }
        let (cells, ended) = self.take_varbinds(&pending, &response.varbinds);
        if cells == 0 && !ended {
            self.empty += 1;
            if !self.pace.simplify(pending.step) && self.empty >= MAX_EMPTY {
                self.end_columns(&pending.columns, WalkEnd::NoProgress);
                self.empty = 0;
            }
            return Fed::Taken { cells };
        }
        self.empty = 0;
        match pending.step.repetitions {
            None => self.pace.recover(),
            Some(asked) => {
                let width = pending.columns.len().max(1);
                let rows = u32::try_from(response.varbinds.len() / width).unwrap_or(u32::MAX);
                if rows >= asked {
                    self.pace.grow();
                } else if !ended {
                    self.pace.fit(rows);
                }
            }
        }
        Fed::Taken { cells }
    }

    /// The request got no answer in time (the caller may have repeated it by itself before).
    pub fn on_timeout(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        self.timeouts = self.timeouts.saturating_add(1);
        self.silent += 1;
        if self.silent >= self.limits.max_timeouts.max(1) {
            self.give_up(&pending);
            return;
        }
        // The first loss is most likely the network's. From the second on, the request may be what
        // the agent cannot answer.
        match self.silent {
            1 => {}
            2 => {
                self.pace.shrink(pending.step);
            }
            _ => self.pace.retreat(),
        }
    }

    /// The agent stays mute. If it has answered before, it may be one column that silences it: the
    /// columns are then tried one by one, with a smaller allowance each.
    fn give_up(&mut self, pending: &Pending) {
        let several = pending.columns.len() > 1;
        if !several {
            self.mute_columns += 1;
        }
        if !self.answered || self.mute_columns >= MAX_MUTE_COLUMNS {
            self.stop(WalkEnd::TimedOut);
            return;
        }
        if several {
            self.pace.one_by_one();
        } else {
            self.end_columns(&pending.columns, WalkEnd::TimedOut);
        }
        self.silent = self.limits.max_timeouts.saturating_sub(TIMEOUTS_AFTER_GIVING_UP);
    }

    /// Ends every column that has not ended yet.
    pub fn stop(&mut self, end: WalkEnd) {
        self.pending = None;
        for column in &mut self.columns {
            column.end.get_or_insert(end);
        }
    }

    /// True when there is nothing left to ask.
    pub fn is_done(&self) -> bool {
        self.columns.iter().all(|c| c.end.is_some())
    }

    /// Rows read so far.
    pub fn rows_read(&self) -> usize {
        self.rows.len()
    }

    /// The result. A walk that is not over counts as cancelled.
    pub fn finish(mut self) -> Table {
        self.stop(WalkEnd::Cancelled);
        let column_ends: Vec<Completeness> =
            self.columns.iter().map(|c| c.end.unwrap_or(WalkEnd::Cancelled).into()).collect();
        let completeness = column_ends
            .iter()
            .find(|c| !c.complete)
            .or(column_ends.first())
            .copied()
            .unwrap_or(WalkEnd::EndOfTable.into());
        Table {
            columns: self.columns.into_iter().map(|c| c.base).collect(),
            rows: self.rows,
            column_ends,
            completeness,
            requests: self.requests,
            timeouts: self.timeouts,
            disordered: self.disordered,
        }
    }

    fn end_columns(&mut self, columns: &[usize], end: WalkEnd) {
        for position in columns {
            self.end_column(*position, end);
        }
    }

    fn end_column(&mut self, position: usize, end: WalkEnd) {
        if let Some(column) = self.columns.get_mut(position) {
            column.end.get_or_insert(end);
        }
    }

    /// An answer with an error status.
    fn refused(&mut self, pending: &Pending, status: ErrorStatus, index: u32) {
        match status {
            // SNMPv1's way to say that nothing follows a name.
            ErrorStatus::NoSuchName if pending.step.repetitions.is_none() => {
                let named = usize::try_from(index).ok().and_then(|i| pending.columns.get(i.checked_sub(1)?));
                match (named, pending.columns.as_slice()) {
                    (Some(position), _) | (None, [position]) => self.end_column(*position, WalkEnd::EndOfMib),
                    _ => {
                        self.pace.simplify(pending.step);
                    }
                }
            }
            ErrorStatus::NoAccess | ErrorStatus::AuthorizationError => {
                if !self.pace.simplify(pending.step) {
                    self.end_columns(&pending.columns, WalkEnd::Unauthorised);
                }
            }
            ErrorStatus::TooBig => {
                if !self.pace.shrink(pending.step) {
                    self.end_columns(&pending.columns, WalkEnd::ErrorStatus(status));
                }
            }
            _ => {
                if !self.pace.simplify(pending.step) {
                    self.end_columns(&pending.columns, WalkEnd::ErrorStatus(status));
                }
            }
        }
    }

    /// Sorts bindings to their columns. Says how many cells were new, and whether a column ended.
    fn take_varbinds(&mut self, pending: &Pending, varbinds: &[VarBind]) -> (usize, bool) {
        let repetitions = pending.step.repetitions.unwrap_or(1) as usize;
        let asked = pending.columns.len().saturating_mul(repetitions);
        let mut cells = 0;
        let mut ended = false;
        let places = pending.columns.iter().cycle();
        for (varbind, position) in varbinds.iter().take(asked).zip(places) {
            match self.take_varbind(*position, varbind) {
                Some(Ok(())) => cells += 1,
                Some(Err(end)) => {
                    self.end_column(*position, end);
                    ended = true;
                }
                None => {}
            }
        }
        (cells, ended)
    }

    /// One binding for one column: a new cell, the column's end, or nothing when the column had
    /// ended before (GETBULK answers run over the end).
    fn take_varbind(&mut self, position: usize, varbind: &VarBind) -> Option<Result<(), WalkEnd>> {
        let width = self.columns.len();
        let column = self.columns.get_mut(position).filter(|c| c.end.is_none())?;
        match varbind.value {
            Value::EndOfMibView => return Some(Err(WalkEnd::EndOfMib)),
            Value::NoSuchObject | Value::NoSuchInstance => return Some(Err(WalkEnd::NotServed)),
            _ => {}
        }
        let Some(index) = varbind.name.suffix(&column.base) else {
            let onwards = varbind.name > column.base;
            return Some(Err(if onwards { WalkEnd::EndOfTable } else { WalkEnd::WentBackwards }));
        };
        let row = self.rows.get(index);
        // Some agents keep their tables in an order of their own, and step through them in it.
        // As long as every name is new that is good enough; the first repetition is a loop.
        if varbind.name == column.cursor || row.is_some_and(|r| r.get(position).is_some()) {
            return Some(Err(WalkEnd::Looped));
        }
        if row.is_none() && self.rows.len() >= self.limits.max_rows {
            return Some(Err(WalkEnd::RowLimit));
        }
        let index_size = if row.is_none() { index.len() * 4 + width * size_of::<Option<Value>>() } else { 0 };
        let size = index_size + varbind.value.size();
        if self.bytes.saturating_add(size) > self.limits.max_bytes {
            return Some(Err(WalkEnd::SizeLimit));
        }
        self.bytes += size;
        self.disordered |= varbind.name < column.cursor;
        column.cursor = varbind.name.clone();
        if let Some(row) = self.rows.get_mut(index) {
            row.put(position, width, varbind.value.clone());
        } else {
            let mut row = Row::default();
            row.put(position, width, varbind.value.clone());
            self.rows.insert(index.to_vec(), row);
        }
        Some(Ok(()))
    }
}
