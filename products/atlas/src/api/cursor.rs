//! Cursors of lists that are in memory: where the page before ended, by the order's own key, so that
//! what comes and goes meanwhile neither repeats nor hides a row. Opaque to clients, and refused by
//! a list with another filter or order.

use std::hash::Hash;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::Problem;
use uuid::Uuid;

use crate::digest::{self, Short};

/// A page of a list, and where the next one begins.
pub(super) struct Page<'a, T> {
    pub(super) items: Vec<&'a T>,
    pub(super) next_cursor: Option<String>,
    /// Rows of all pages.
    pub(super) total: usize,
}

/// What a client asked of a list: how many, from where, which way round.
pub(super) struct Window<'a> {
    pub(super) limit: Option<usize>,
    pub(super) cursor: Option<&'a str>,
    pub(super) descending: bool,
}

impl Window<'_> {
    /// The page of `rows`, each with its key in the order of `list` (its filter and order).
    ///
    /// # Errors
    /// 422 for a limit outside 1 to 1,000 (50 when absent), or a cursor of another list.
    pub(super) fn page<'a, T>(
        &self,
        list: &impl Hash,
        mut rows: Vec<(String, &'a T)>,
        id: impl Fn(&T) -> Uuid,
    ) -> Result<Page<'a, T>, Problem> {
        let limit = self.limit.unwrap_or(50);
        if !(1..=1000).contains(&limit) {
            return Err(Problem::field("?limit", "range", "The limit lies between 1 and 1000."));
        }
        let begin = self.cursor.map(|text| Place::open(text, list)).transpose()?;
        let total = rows.len();
        rows.retain(|(key, row)| {
            begin.as_ref().is_none_or(|place| place.is_before(key, id(row), self.descending))
        });
        rows.sort_by(|(a, x), (b, y)| (a, id(x)).cmp(&(b, id(y))));
        if self.descending {
            rows.reverse();
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|(key, row)| Place::behind(list, id(row), key.clone()).seal());
        Ok(Page { items: rows.into_iter().map(|(_, row)| row).collect(), next_cursor, total })
    }
}

/// A place in a list: behind this row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    list: Short,
    id: Uuid,
    key: String,
}

impl Place {
    /// Behind the row `id`, which has this key in the order of the list.
    fn behind(list: &impl Hash, id: Uuid, key: String) -> Self {
        Self { list: digest::of(list), id, key }
    }

    /// Whether a row comes after this place; `descending` lists are the other way round.
    fn is_before(&self, key: &str, id: Uuid, descending: bool) -> bool {
        let order = (self.key.as_str(), self.id).cmp(&(key, id));
        if descending { order.is_gt() } else { order.is_lt() }
    }

    /// As clients get it.
    fn seal(&self) -> String {
        URL_SAFE_NO_PAD.encode([&self.list[..], self.id.as_bytes(), self.key.as_bytes()].concat())
    }

    /// Reads what a client sent.
    ///
    /// # Errors
    /// 422 when it is no cursor of this list with this filter and order.
    fn open(text: &str, list: &impl Hash) -> Result<Self, Problem> {
        let read = || {
            let octets = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (of, rest) = octets.split_first_chunk::<16>()?;
            let (id, key) = rest.split_first_chunk::<16>()?;
            let key = String::from_utf8(key.to_vec()).ok()?;
            (*of == digest::of(list)).then(|| Self { list: *of, id: Uuid::from_bytes(*id), key })
        };
        read().ok_or_else(|| {
            let message = "This cursor does not belong to this list with this filter and order. \
                           Start again without cursor.";
            Problem::field("?cursor", "invalid_cursor", message)
        })
    }
}
