//! Cursors of lists that are in memory: where the page before ended, by the order's own key, so that
//! what comes and goes meanwhile neither repeats nor hides a row. Opaque to clients, and refused by
//! a list with another filter or order.

use std::hash::Hash;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::Problem;
use uuid::Uuid;

use crate::digest::{self, Short};

/// A place in a list: behind this row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    list: Short,
    id: Uuid,
    key: String,
}

impl Place {
    /// Behind the row `id`, which has this key in the order of the list.
    pub(super) fn behind(list: &impl Hash, id: Uuid, key: String) -> Self {
        Self { list: digest::of(list), id, key }
    }

    /// Whether a row comes after this place; `descending` lists are the other way round.
    pub(super) fn is_before(&self, key: &str, id: Uuid, descending: bool) -> bool {
        let order = (self.key.as_str(), self.id).cmp(&(key, id));
        if descending { order.is_gt() } else { order.is_lt() }
    }

    /// As clients get it.
    pub(super) fn seal(&self) -> String {
        URL_SAFE_NO_PAD.encode([&self.list[..], self.id.as_bytes(), self.key.as_bytes()].concat())
    }

    /// Reads what a client sent.
    ///
    /// # Errors
    /// 422 when it is no cursor of this list with this filter and order.
    pub(super) fn open(text: &str, list: &impl Hash) -> Result<Self, Problem> {
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
