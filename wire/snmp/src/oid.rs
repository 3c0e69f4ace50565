//! Object identifiers (RFC 2578 section 3.5).

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// Most arcs an OID may have on the wire (RFC 2578 section 3.5).
pub const MAX_ARCS: usize = 128;

/// Arcs kept inside the value itself. Table columns have 9 to 14 arcs, so the common case
/// (column plus a small index) allocates nothing.
const INLINE: usize = 15;

/// An object identifier: a sequence of arcs ("sub-identifiers").
///
/// Equality, order and hash go by the arcs alone; the order is SNMP's lexicographic order.
#[derive(Clone)]
pub struct Oid(Repr);

#[derive(Clone)]
enum Repr {
    Inline { len: u8, arcs: [u32; INLINE] },
    Heap(Box<[u32]>),
    Static(&'static [u32]),
}

impl Oid {
    /// An OID known at compile time; usable in constants.
    pub const fn from_static(arcs: &'static [u32]) -> Self {
        Self(Repr::Static(arcs))
    }

    /// An OID of the given arcs. Whether it can be put on the wire is checked when it is encoded.
    pub fn new(arcs: &[u32]) -> Self {
        let mut inline = [0; INLINE];
        match inline.get_mut(..arcs.len()) {
            Some(slots) => {
                slots.copy_from_slice(arcs);
                Self(Repr::Inline { len: arcs.len() as u8, arcs: inline })
            }
            None => Self(Repr::Heap(arcs.into())),
        }
    }

    /// An OID of `count` arcs, 0 at first, which `fill` then sets.
    pub(crate) fn try_filled<E>(
        count: usize,
        fill: impl FnOnce(&mut [u32]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut arcs = [0; INLINE];
        if let Some(slots) = arcs.get_mut(..count) {
            fill(slots)?;
            return Ok(Self(Repr::Inline { len: count as u8, arcs }));
        }
        let mut arcs = vec![0; count].into_boxed_slice();
        fill(&mut arcs)?;
        Ok(Self(Repr::Heap(arcs)))
    }

    /// The arcs.
    pub fn as_slice(&self) -> &[u32] {
        match &self.0 {
            Repr::Inline { len, arcs } => arcs.get(..usize::from(*len)).unwrap_or_default(),
            Repr::Heap(arcs) => arcs,
            Repr::Static(arcs) => arcs,
        }
    }

    /// Number of arcs.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// True for the OID without arcs.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// True when `self` is `base` or lies below it.
    pub fn starts_with(&self, base: &Self) -> bool {
        self.as_slice().starts_with(base.as_slice())
    }

    /// The arcs after `base`, or `None` when `self` is not `base` and not below it. For a cell of
    /// a table and its column this is the row's index.
    pub fn suffix(&self, base: &Self) -> Option<&[u32]> {
        self.as_slice().strip_prefix(base.as_slice())
    }

    /// `self` with one more arc.
    #[must_use]
    pub fn child(&self, arc: u32) -> Self {
        self.join(&[arc])
    }

    /// `self` with more arcs behind it.
    #[must_use]
    pub fn join(&self, arcs: &[u32]) -> Self {
        let own = self.as_slice();
        let total = own.len() + arcs.len();
        let mut inline = [0; INLINE];
        match inline.get_mut(..total) {
            Some(slots) => {
                for (slot, arc) in slots.iter_mut().zip(own.iter().chain(arcs)) {
                    *slot = *arc;
                }
                Self(Repr::Inline { len: total as u8, arcs: inline })
            }
            None => Self(Repr::Heap(own.iter().chain(arcs).copied().collect())),
        }
    }

    /// `self` without its last arc; `None` for the empty OID.
    pub fn parent(&self) -> Option<Self> {
        self.as_slice().split_last().map(|(_, rest)| Self::new(rest))
    }
}

impl Default for Oid {
    fn default() -> Self {
        Self::from_static(&[])
    }
}

impl PartialEq for Oid {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Oid {}

impl PartialOrd for Oid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Oid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

impl Borrow<[u32]> for Oid {
    fn borrow(&self) -> &[u32] {
        self.as_slice()
    }
}

impl AsRef<[u32]> for Oid {
    fn as_ref(&self) -> &[u32] {
        self.as_slice()
    }
}

impl From<&[u32]> for Oid {
    fn from(arcs: &[u32]) -> Self {
        Self::new(arcs)
    }
}

impl From<Vec<u32>> for Oid {
    fn from(arcs: Vec<u32>) -> Self {
        if arcs.len() <= INLINE { Self::new(&arcs) } else { Self(Repr::Heap(arcs.into())) }
    }
}

impl<const N: usize> From<[u32; N]> for Oid {
    fn from(arcs: [u32; N]) -> Self {
        Self::new(&arcs)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arc) in self.as_slice().iter().enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            write!(f, "{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// Why a text is no OID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidParseError {
    /// The text is empty (or only a dot).
    #[error("empty object identifier: write arcs separated by dots, as in 1.3.6.1.2.1.1")]
    Empty,
    /// An arc is no decimal number below 2^32.
    #[error("arc {position} of the object identifier is not a number from 0 to 4294967295")]
    Arc {
        /// Which arc, counted from 1.
        position: usize,
    },
    /// More arcs than SNMP allows.
    #[error("the object identifier has more than {MAX_ARCS} arcs")]
    TooLong,
}

impl FromStr for Oid {
    type Err = OidParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_prefix('.').unwrap_or(text);
        if text.is_empty() {
            return Err(OidParseError::Empty);
        }
        let mut arcs = Vec::new();
        for (position, arc) in text.split('.').enumerate() {
            if position >= MAX_ARCS {
                return Err(OidParseError::TooLong);
            }
            // `u32::from_str` would take "+1".
            let digits = arc.bytes().all(|b| b.is_ascii_digit());
            match arc.parse() {
                Ok(value) if digits => arcs.push(value),
                _ => return Err(OidParseError::Arc { position: position + 1 }),
            }
        }
        Ok(arcs.into())
    }
}
