//! How much to ask for at once: as much as the agent is seen to answer, and less whenever it does
//! not.

/// The form of the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Columns in the request, at most.
    pub(super) columns: usize,
    /// Rows asked for with GETBULK; `None` for GETNEXT.
    pub(super) repetitions: Option<u32>,
}

/// Adapts the size of requests to the agent.
#[derive(Debug)]
pub(super) struct Pace {
    columns: usize,
    repetitions: Option<u32>,
    /// Never more repetitions than this; sinks when a size fails.
    ceiling: u32,
    max_varbinds: u32,
    max_columns: usize,
    /// GETBULK was given up because of losses, not because the agent refused it.
    lossy: bool,
    /// Good answers since then, and how many it takes to try GETBULK again.
    good: u32,
    patience: u32,
}

/// Good answers to GETNEXT after which GETBULK is tried again the first time; eight times as many
/// each further time.
const PATIENCE: u32 = 16;

impl Pace {
    pub(super) fn new(bulk: bool, max_columns: usize, max_repetitions: u32, max_varbinds: usize) -> Self {
        let ceiling = max_repetitions.max(1);
        Self {
            columns: max_columns.max(1),
            repetitions: bulk.then_some(ceiling.min(10)),
            ceiling,
            max_varbinds: u32::try_from(max_varbinds).unwrap_or(u32::MAX).max(1),
            max_columns: max_columns.max(1),
            lossy: false,
            good: 0,
            patience: PATIENCE,
        }
    }

    /// The form of a request when `active` columns are left.
    pub(super) fn step(&self, active: usize) -> Step {
        let columns = self.columns.min(active).max(1);
        let share = self.max_varbinds / u32::try_from(columns).unwrap_or(u32::MAX);
        Step { columns, repetitions: self.repetitions.map(|r| r.min(share).max(1)) }
    }

    /// A full answer: ask for more next time.
    pub(super) fn grow(&mut self) {
        if let Some(repetitions) = &mut self.repetitions {
            *repetitions = repetitions.saturating_mul(2).min(self.ceiling);
        }
    }

    /// A shorter answer than asked for: the agent packs `rows` into a message.
    pub(super) fn fit(&mut self, rows: u32) {
        if let Some(repetitions) = &mut self.repetitions {
            self.ceiling = rows.max(1);
            *repetitions = self.ceiling;
        }
    }

    /// A request of this form failed: ask for less. False when there is nothing less to ask for.
    pub(super) fn shrink(&mut self, failed: Step) -> bool {
        match failed.repetitions {
            Some(repetitions) if repetitions > 1 => {
                self.ceiling = repetitions / 2;
                self.repetitions = Some(self.ceiling);
                true
            }
            Some(_) => {
                self.repetitions = None;
                true
            }
            None if failed.columns > 1 => {
                self.columns = failed.columns / 2;
                true
            }
            None => false,
        }
    }

    /// The agent chokes on GETBULK as such, or answers several names badly: the smallest form of
    /// what failed, at once.
    pub(super) fn simplify(&mut self, failed: Step) -> bool {
        match failed {
            Step { repetitions: Some(_), .. } => {
                self.repetitions = None;
                true
            }
            Step { columns, .. } if columns > 1 => {
                self.columns = 1;
                true
            }
            Step { .. } => false,
        }
    }

    /// Losses: plain GETNEXT for now.
    pub(super) fn retreat(&mut self) {
        self.lossy |= self.repetitions.is_some();
        self.repetitions = None;
        self.good = 0;
    }

    /// Losses go on: one column at a time.
    pub(super) fn one_by_one(&mut self) {
        self.retreat();
        self.columns = 1;
    }

    /// A good answer to GETNEXT. After enough of them, what losses took away is tried again.
    pub(super) fn recover(&mut self) {
        self.good = self.good.saturating_add(1);
        if self.lossy && self.good >= self.patience {
            self.repetitions = Some(self.ceiling.min(4));
            self.columns = self.max_columns;
            self.lossy = false;
            self.patience = self.patience.saturating_mul(8);
        }
    }
}
