//! Rack space: what stands where, what fits, what a rack looks like from the front and from behind.
//! Everything is counted in half units; a unit is two of them.

pub(crate) mod contents;
pub(crate) mod draw;
pub(crate) mod power;
pub(crate) mod rule;

use std::collections::BTreeSet;

use kit::record::Record;
use serde_json::Value;
use uuid::Uuid;

use crate::reading::{id_of, reference};

/// A side of a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Front,
    Rear,
}

impl Face {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "front" => Some(Self::Front),
            "rear" => Some(Self::Rear),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Rear => "rear",
        }
    }
}

/// A number of units in half units.
#[expect(clippy::cast_possible_truncation, reason = "heights and positions are below a million")]
pub(crate) fn halves(units: f64) -> i64 {
    (units * 2.0).round() as i64
}

/// Half units as units.
#[expect(clippy::cast_precision_loss, reason = "heights and positions are below a million")]
pub(crate) fn units(halves: i64) -> f64 {
    halves as f64 / 2.0
}

/// A decimal of a record, which comes as text or as a number.
pub(crate) fn number_of(record: &Record, field: &str) -> Option<f64> {
    match record.get(field)? {
        Value::String(text) => text.parse().ok(),
        value => value.as_f64(),
    }
}

fn whole(record: &Record, field: &str, fallback: i64) -> i64 {
    record.get(field).and_then(Value::as_i64).unwrap_or(fallback)
}

/// The units of a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Units.
    pub(crate) height: i64,
    /// Number of the lowest unit.
    pub(crate) start: i64,
    /// The lowest number is at the top.
    pub(crate) descending: bool,
}

impl Frame {
    pub(crate) fn of(rack: &Record) -> Self {
        Self {
            height: whole(rack, "u_height", 42),
            start: whole(rack, "starting_unit", 1),
            descending: rack.get("desc_units") == Some(&Value::Bool(true)),
        }
    }

    /// The first half unit, and the first behind the last.
    fn ends(self) -> (i64, i64) {
        (self.start * 2, (self.start + self.height) * 2)
    }

    /// All half units as one sees them from the top.
    pub(crate) fn halves_from_top(self) -> Vec<i64> {
        let (first, end) = self.ends();
        if self.descending { (first..end).collect() } else { (first..end).rev().collect() }
    }
}

/// A device at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mounted {
    pub(crate) device: Uuid,
    /// Its lowest half unit.
    pub(crate) position: i64,
    /// Half units.
    pub(crate) height: i64,
    pub(crate) face: Face,
    pub(crate) full_depth: bool,
}

impl Mounted {
    /// A device of a type at its position; none when it is in no unit.
    pub(crate) fn of(device: &Record, kind: &Record) -> Option<Self> {
        Some(Self {
            device: id_of(device)?,
            position: halves(number_of(device, "position")?),
            height: halves(number_of(kind, "u_height").unwrap_or(1.0)),
            face: Face::parse(device.get("face")?.as_str()?)?,
            full_depth: kind.get("is_full_depth") != Some(&Value::Bool(false)),
        })
    }

    /// Behind its last half unit.
    fn end(&self) -> i64 {
        self.position + self.height
    }

    /// Does one see it, or its back, from there?
    pub(crate) fn is_at(&self, face: Face) -> bool {
        self.full_depth || self.face == face
    }

    pub(crate) fn covers(&self, half: i64) -> bool {
        (self.position..self.end()).contains(&half)
    }

    /// Cannot both be there.
    pub(crate) fn collides(&self, other: &Self) -> bool {
        let faces = self.full_depth || other.full_depth || self.face == other.face;
        faces && self.position < other.end() && other.position < self.end()
    }

    pub(crate) fn fits(&self, frame: Frame) -> bool {
        let (first, end) = frame.ends();
        self.position >= first && self.end() <= end
    }
}

/// The whole units that a reservation holds.
pub(crate) fn reserved_units(reservation: &Record) -> BTreeSet<i64> {
    let units = reservation.get("units").and_then(Value::as_array);
    units.into_iter().flatten().filter_map(Value::as_i64).collect()
}

/// Half units in which nothing else fits: devices that count, and reservations.
pub(crate) fn used_halves(frame: Frame, mounted: &[(Mounted, bool)], reserved: &BTreeSet<i64>) -> (i64, i64) {
    let taken = |half: &i64| mounted.iter().any(|(device, counts)| *counts && device.covers(*half));
    let all = frame.halves_from_top();
    let by_devices = all.iter().filter(|half| taken(half)).count();
    let by_reservations = all.iter().filter(|half| !taken(half) && reserved.contains(&half.div_euclid(2)));
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    (count(by_devices), count(by_reservations.count()))
}

/// The type of a device.
pub(crate) fn type_of(device: &Record) -> Option<Uuid> {
    reference(device, "device_type")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mounted(position: f64, height: f64, face: Face, full_depth: bool) -> Mounted {
        Mounted { device: Uuid::nil(), position: halves(position), height: halves(height), face, full_depth }
    }

    #[test]
    fn two_cannot_be_at_one_place() {
        let two = mounted(3.0, 2.0, Face::Front, true);
        for (other, collides) in [
            (mounted(4.0, 2.0, Face::Front, true), true),
            (mounted(3.0, 2.0, Face::Rear, false), true),
            (mounted(2.0, 2.0, Face::Front, true), true),
            (mounted(2.5, 1.0, Face::Rear, false), true),
            (mounted(5.0, 1.0, Face::Front, true), false),
            (mounted(1.0, 2.0, Face::Front, true), false),
        ] {
            assert_eq!(two.collides(&other), collides, "{other:?}");
        }
        let shallow = mounted(1.0, 1.0, Face::Front, false);
        assert!(!shallow.collides(&mounted(1.0, 1.0, Face::Rear, false)));
        assert!(shallow.collides(&mounted(1.0, 1.0, Face::Front, false)));
    }

    #[test]
    fn units_of_a_frame() {
        let frame = Frame { height: 3, start: 4, descending: false };
        assert_eq!(
            frame.halves_from_top().iter().map(|half| units(*half)).collect::<Vec<_>>(),
            [6.5, 6.0, 5.5, 5.0, 4.5, 4.0]
        );
        assert_eq!(Frame { descending: true, ..frame }.halves_from_top().first(), Some(&8));
        for (device, fits) in [
            (mounted(4.0, 3.0, Face::Front, true), true),
            (mounted(4.5, 3.0, Face::Front, true), false),
            (mounted(3.5, 1.0, Face::Front, true), false),
        ] {
            assert_eq!(device.fits(frame), fits, "{device:?}");
        }
    }

    #[test]
    fn space_that_is_used() {
        let frame = Frame { height: 10, start: 1, descending: false };
        let front = (mounted(1.0, 2.0, Face::Front, false), true);
        let rear = (mounted(1.0, 1.0, Face::Rear, false), true);
        let blank = (mounted(9.0, 2.0, Face::Front, false), false);
        assert_eq!(used_halves(frame, &[front, rear, blank], &BTreeSet::from([2, 3])), (4, 2));
    }

    #[test]
    fn decimals_come_as_text_or_number() {
        let record = json!({"a": "3.5", "b": 3.5, "c": null});
        let record = record.as_object().unwrap();
        assert_eq!(
            [number_of(record, "a"), number_of(record, "b"), number_of(record, "c")],
            [Some(3.5), Some(3.5), None]
        );
    }
}
