//! Text with the values bound to it.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use kit::Problem;
use kit::record::Model;
use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, Encode, Postgres, Type};

use super::{history_table, keeps_history, table};
use crate::datum::Datum;

/// Text with its bound values.
#[derive(Default)]
pub(super) struct Built {
    pub(super) text: String,
    pub(super) values: PgArguments,
    /// The time whose records are read; the present ones when `None`.
    as_of: Option<DateTime<Utc>>,
}

impl Built {
    /// A statement about records as they were.
    pub(super) fn as_of(as_of: Option<DateTime<Utc>>) -> Self {
        Self { as_of, ..Self::default() }
    }

    /// The records of a model under the name `t`: its table, or what its history says of a time. A
    /// model that keeps no history is read as it is.
    pub(super) fn source(&mut self, model: &Model) -> Result<(), Problem> {
        let table = table(model);
        let Some(at) = self.as_of.filter(|_| keeps_history(model)) else {
            self.push(&format!("{table} t"));
            return Ok(());
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
