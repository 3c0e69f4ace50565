//! Text with the values bound to it.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use kit::Problem;
use kit::record::Model;
use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, Encode, Postgres, Type};

use super::{history_table, keeps_history, table};
use crate::datum::Datum;

/// Which records are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// Those of the tables.
    #[default]
    Tables,
    /// Those of this time.
    AsOf(DateTime<Utc>),
    /// Those of the tables with the rows of the branch that the transaction names laid over them
    /// ([`kit::ReadTx::overlaid`]).
    Branch,
}

impl View {
    /// As this transaction sees them now.
    pub(crate) fn of(tx: &kit::ReadTx) -> Self {
        if tx.overlaid() { Self::Branch } else { Self::Tables }
    }
}

/// What a branch did not touch, and what it changed or made. The cost of the second half goes with the branch;
/// the first stays a table of its own for the planner, because the condition on it stands outside.
fn overlaid(relation: &str, table: &str) -> String {
    let entries = format!("b.branch_id = (SELECT app.branch_id()) AND b.relation = '{relation}'");
    format!(
        "(SELECT u.* FROM (SELECT m.*, true AS untouched FROM {table} m \
         UNION ALL SELECT r.*, false FROM app.branch_row b LEFT JOIN {table} m ON m.id = b.record_id \
         CROSS JOIN LATERAL jsonb_populate_record(m, b.patch || jsonb_build_object('updated_at', b.updated_at, \
         'version', coalesce(m.version, 0) + b.edits)) r \
         WHERE {entries} AND (b.kind = 'create' OR b.kind = 'update' AND m.id IS NOT NULL)) u \
         WHERE NOT u.untouched OR u.id NOT IN (SELECT b.record_id FROM app.branch_row b WHERE {entries})) t"
    )
}

/// Text with its bound values.
#[derive(Default)]
pub(super) struct Built {
    pub(super) text: String,
    pub(super) values: PgArguments,
    view: View,
}

impl Built {
    /// A statement about records that are not simply those of the tables.
    pub(super) fn of(view: View) -> Self {
        Self { view, ..Self::default() }
    }

    /// The records of a model under the name `t`: its table, what its history says of a time, or its table
    /// with the rows of a branch. A model that keeps no history is read as it is.
    pub(super) fn source(&mut self, model: &Model) -> Result<(), Problem> {
        let table = table(model);
        let at = match self.view {
            View::AsOf(at) if keeps_history(model) => at,
            View::Branch if keeps_history(model) => {
                self.push(&overlaid(model.table, &table));
                return Ok(());
            }
            _ => {
                self.push(&format!("{table} t"));
                return Ok(());
            }
        };
        let history = history_table(model);
        self.push(&format!(
            "(SELECT r.* FROM (SELECT DISTINCT ON (h.id) h.operation, h.data FROM {history} h WHERE h.at <= "
        ));
        self.bind(at)?;
        self.push(&format!(
            " ORDER BY h.id, h.at DESC, h.version DESC) l \
             CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, l.data) r WHERE l.operation <> 'delete') t"
        ));
        Ok(())
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text += text;
    }

    /// Binds a value and writes its `$n`.
    pub(super) fn bind<'q, T: Encode<'q, Postgres> + Type<Postgres>>(
        &mut self,
        value: T,
    ) -> Result<(), Problem> {
        self.values.add(value).map_err(Problem::internal)?;
        let _ = write!(self.text, "${}", self.values.len());
        Ok(())
    }

    pub(super) fn bind_datum(&mut self, value: &Datum) -> Result<(), Problem> {
        match value {
            Datum::Bool(value) => self.bind(*value),
            Datum::Int(value) => self.bind(*value),
            Datum::Float(value) => self.bind(*value),
            Datum::Date(value) => self.bind(*value),
            Datum::Text(value) => self.bind(value.clone()),
            Datum::Time(value) => self.bind(*value),
            Datum::Uuid(value) => self.bind(*value),
            Datum::Ip(value) => self.bind(*value),
            Datum::Net(value) | Datum::Interface(value) => self.bind(*value),
            other => Err(Problem::internal(format!("{other:?} cannot be a filter value"))),
        }
    }

    /// Binds a list whose values are all of the column's kind.
    pub(super) fn bind_list(&mut self, values: &[Datum]) -> Result<(), Problem> {
        fn all<T>(values: &[Datum], take: impl Fn(&Datum) -> Option<T>) -> Option<Vec<T>> {
            values.iter().map(take).collect()
        }
        match values.first() {
            Some(Datum::Int(_)) => {
                self.bind(all(values, |v| if let Datum::Int(v) = v { Some(*v) } else { None }))
            }
            Some(Datum::Uuid(_)) => {
                self.bind(all(values, |v| if let Datum::Uuid(v) = v { Some(*v) } else { None }))
            }
            Some(Datum::Time(_)) => {
                self.bind(all(values, |v| if let Datum::Time(v) = v { Some(*v) } else { None }))
            }
            Some(Datum::Float(_)) => {
                self.bind(all(values, |v| if let Datum::Float(v) = v { Some(*v) } else { None }))
            }
            Some(Datum::Date(_)) => {
                self.bind(all(values, |v| if let Datum::Date(v) = v { Some(*v) } else { None }))
            }
            Some(Datum::Ip(_)) => {
                self.bind(all(values, |v| if let Datum::Ip(v) = v { Some(*v) } else { None }))
            }
            Some(Datum::Net(_)) => {
                self.bind(all(values, |v| if let Datum::Net(v) = v { Some(*v) } else { None }))
            }
            _ => self.bind(all(values, |v| if let Datum::Text(v) = v { Some(v.clone()) } else { None })),
        }
    }
}
