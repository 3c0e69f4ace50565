//! What racks and what is in them must hold together: nothing stands where something else is or where
//! no unit is, and everything in a rack is at its site.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Change, Hooks, Record, Wrote};
use kit::records::Write;
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use super::contents::Contents;
use super::{Frame, Mounted, number_of, reserved_units, units};
use crate::reading::{Reader, by_id, id_of, reference};
use crate::rules::Sizes;
use crate::store::space;

fn wrong(at: usize, field: &str, code: &'static str, message: String) -> FieldError {
    FieldError { pointer: format!("/{at}/{field}"), code: code.into(), message }
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Does any of the fields differ from before? A new record differs in all.
fn changed(row: &Wrote<'_>, fields: &[&str]) -> bool {
    let Some(after) = row.after else { return false };
    row.before.is_none_or(|before| fields.iter().any(|field| before.get(*field) != after.get(*field)))
}

fn name(record: &Record) -> &str {
    record.get("name").and_then(Value::as_str).unwrap_or("a device without a name")
}

/// Who changes what is in a rack waits for whoever does it already.
async fn lock(tx: &mut WriteTx, racks: &BTreeSet<Uuid>) -> Result<(), Problem> {
    for rack in racks {
        space::lock_parent(tx, *rack).await?;
    }
    Ok(())
}

/// Devices that were written and their racks.
pub(crate) async fn placed(
    records: &dyn Records,
    tx: &mut WriteTx,
    rows: &[Wrote<'_>],
) -> Result<(), Problem> {
    const FIELDS: [&str; 6] = ["rack", "position", "face", "device_type", "site", "location"];
    let moved: Vec<(usize, &Record)> = rows
        .iter()
        .filter(|row| changed(row, &FIELDS))
        .filter_map(|row| Some((row.at, row.after?)))
        .filter(|(_, device)| reference(device, "rack").is_some())
        .collect();
    let ids: BTreeSet<Uuid> = moved.iter().filter_map(|(_, device)| reference(device, "rack")).collect();
    if ids.is_empty() {
        return Ok(());
    }
    lock(tx, &ids).await?;
    let mut reader = Reader::In(tx);
    let racks = by_id(reader.listed(records, "inventory.rack", "id", &ids).await?);
    let contents = Contents::devices(records, &mut reader, &ids).await?;
    let mut errors = Vec::new();
    for (at, device) in moved {
        let Some(rack) = reference(device, "rack").and_then(|id| racks.get(&id)) else { continue };
        if let Some((field, code, message)) =
            at_its_site(device, rack).or_else(|| free(device, rack, &contents))
        {
            errors.push(wrong(at, field, code, message));
        }
    }
    refuse(errors)
}

type Wrong = (&'static str, &'static str, String);

fn display<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(|value| value.get("display")?.as_str()).unwrap_or_default()
}

fn at_its_site(device: &Record, rack: &Record) -> Option<Wrong> {
    if reference(device, "site") != reference(rack, "site") {
        let message = format!("Rack {} is not at the site {}.", name(rack), display(device, "site"));
        return Some(("rack", "other_site", message));
    }
    let location = reference(device, "location");
    if location.is_some() && location != reference(rack, "location") {
        let message = format!("Rack {} is not at the location {}.", name(rack), display(device, "location"));
        return Some(("rack", "other_location", message));
    }
    None
}

fn free(device: &Record, rack: &Record, contents: &Contents) -> Option<Wrong> {
    let kind = contents.kind(device)?;
    if number_of(device, "position").is_some() && number_of(kind, "u_height") == Some(0.0) {
        return Some((
            "position",
            "no_height",
            "A device of a type without height has no position in a rack.".to_owned(),
        ));
    }
    let place = Mounted::of(device, kind)?;
    let (from, frame) = (units(place.position), Frame::of(rack));
    if !place.fits(frame) {
        let message = format!(
            "A device of {} units at unit {from} does not fit into rack {}, whose units are {} to {}.",
            units(place.height),
            name(rack),
            frame.start,
            frame.start + frame.height - 1
        );
        return Some(("position", "outside", message));
    }
    let rack = reference(device, "rack");
    let others = contents.devices.iter().filter(|other| reference(other, "rack") == rack);
    let there = others
        .filter_map(|other| Some((other, contents.mounted(other)?)))
        .find(|(_, other)| other.device != place.device && place.collides(other))?;
    let (other, at) = there;
    let message = format!("{} is there already, from unit {} on.", name(other), units(at.position));
    Some(("position", "occupied", message))
}

/// Racks: what stands in them still fits, and moves with them.
pub(crate) struct OfRack;

impl Hooks for OfRack {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        Sizes.clean(ctx, before, record, errors);
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if change != Change::Update {
                return Ok(());
            }
            let of = |fields: &[&str]| -> BTreeSet<Uuid> {
                rows.iter().filter(|row| changed(row, fields)).filter_map(|row| id_of(row.after?)).collect()
            };
            still_fit(records, tx, rows, &of(&["u_height", "starting_unit"])).await?;
            move_along(records, tx, rows, &of(&["site", "location"])).await
        })
    }
}

async fn still_fit(
    records: &dyn Records,
    tx: &mut WriteTx,
    rows: &[Wrote<'_>],
    ids: &BTreeSet<Uuid>,
) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    lock(tx, ids).await?;
    let contents = Contents::devices(records, &mut Reader::In(tx), ids).await?;
    let mut errors = Vec::new();
    for (at, rack) in rows.iter().filter_map(|row| Some((row.at, row.after?))) {
        let (frame, id) = (Frame::of(rack), id_of(rack));
        let inside = contents.devices.iter().filter(|device| reference(device, "rack") == id);
        let places = inside.filter_map(|device| Some((device, contents.mounted(device)?)));
        for (device, place) in places.filter(|(_, place)| !place.fits(frame)).take(1) {
            let below = place.position < frame.start * 2;
            let field = if below { "starting_unit" } else { "u_height" };
            let from = units(place.position);
            let message = format!("{} stands at unit {from} and would not fit any more.", name(device));
            errors.push(wrong(at, field, "in_use", message));
        }
    }
    refuse(errors)
}

/// Devices in a rack are where the rack is.
async fn move_along(
    records: &dyn Records,
    tx: &mut WriteTx,
    rows: &[Wrote<'_>],
    ids: &BTreeSet<Uuid>,
) -> Result<(), Problem> {
    let Some(model) = records.model("inventory.device").filter(|_| !ids.is_empty()) else { return Ok(()) };
    let racks: HashMap<Uuid, &Record> =
        rows.iter().filter_map(|row| Some((id_of(row.after?)?, row.after?))).collect();
    let devices = Reader::In(tx).listed(records, "inventory.device", "rack", ids).await?;
    let moves = devices.iter().filter_map(|device| {
        let rack = racks.get(&reference(device, "rack")?)?;
        let place =
            |field: &str| reference(rack, field).map_or(Value::Null, |id| Value::from(id.to_string()));
        let fields = ["site", "location"].map(|field| (field.to_owned(), place(field)));
        Some(Write::Change {
            id: id_of(device)?,
            expect: None,
            fields: fields.into_iter().collect(),
            replace: false,
        })
    });
    let moves: Vec<Write> = moves.collect();
    if !moves.is_empty() {
        records.write_in(tx, model, moves).await?;
    }
    Ok(())
}

/// Device types: what is mounted still fits when they grow.
pub(crate) struct OfDeviceType;

impl Hooks for OfDeviceType {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        Sizes.clean(ctx, before, record, errors);
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let grown = rows.iter().filter(|row| changed(row, &["u_height", "is_full_depth"]));
            let grown: Vec<(usize, Uuid)> =
                grown.filter_map(|row| Some((row.at, id_of(row.after?)?))).collect();
            if change != Change::Update || grown.is_empty() {
                return Ok(());
            }
            let types: BTreeSet<Uuid> = grown.iter().map(|(_, id)| *id).collect();
            let of_type = Reader::In(tx).listed(records, "inventory.device", "device_type", &types).await?;
            let ids: BTreeSet<Uuid> = of_type.iter().filter_map(|device| reference(device, "rack")).collect();
            lock(tx, &ids).await?;
            let mut reader = Reader::In(tx);
            let racks = by_id(reader.listed(records, "inventory.rack", "id", &ids).await?);
            let contents = Contents::devices(records, &mut reader, &ids).await?;
            let mut errors = Vec::new();
            for device in &of_type {
                let Some(rack) = reference(device, "rack").and_then(|id| racks.get(&id)) else { continue };
                let kind = reference(device, "device_type");
                let at = grown.iter().find(|(_, id)| Some(*id) == kind).map_or(0, |(at, _)| *at);
                if let Some((_, code, message)) = free(device, rack, &contents) {
                    let message = format!("{} in rack {}: {message}", name(device), name(rack));
                    errors.push(wrong(at, "u_height", code, message));
                    break;
                }
            }
            refuse(errors)
        })
    }
}

/// Reservations: units that there are, and that nobody else holds.
pub(crate) struct OfReservation;

impl Hooks for OfReservation {
    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let held: Vec<(usize, &Record)> = rows
                .iter()
                .filter(|row| change != Change::Delete && changed(row, &["rack", "units"]))
                .filter_map(|row| Some((row.at, row.after?)))
                .collect();
            let ids: BTreeSet<Uuid> = held.iter().filter_map(|(_, held)| reference(held, "rack")).collect();
            if ids.is_empty() {
                return Ok(());
            }
            lock(tx, &ids).await?;
            let mut reader = Reader::In(tx);
            let racks = by_id(reader.listed(records, "inventory.rack", "id", &ids).await?);
            let all = reader.listed(records, "inventory.rack_reservation", "rack", &ids).await?;
            let errors = held.into_iter().filter_map(|(at, held)| {
                let rack = reference(held, "rack").and_then(|id| racks.get(&id))?;
                not_free(held, rack, &all).map(|(code, message)| wrong(at, "units", code, message))
            });
            refuse(errors.collect())
        })
    }
}

fn not_free(held: &Record, rack: &Record, all: &[Record]) -> Option<(&'static str, String)> {
    let (wanted, frame) = (reserved_units(held), Frame::of(rack));
    let list = |units: &mut dyn Iterator<Item = i64>| {
        units.map(|unit| unit.to_string()).collect::<Vec<_>>().join(", ")
    };
    let there = frame.start..frame.start + frame.height;
    let outside = list(&mut wanted.iter().copied().filter(|unit| !there.contains(unit)));
    if !outside.is_empty() {
        return Some(("outside", format!("Rack {} has no unit {outside}.", name(rack))));
    }
    let others =
        all.iter().filter(|other| id_of(other) != id_of(held) && other.get("rack") == held.get("rack"));
    let taken: BTreeSet<i64> = others.flat_map(reserved_units).filter(|unit| wanted.contains(unit)).collect();
    let taken = list(&mut taken.into_iter());
    (!taken.is_empty())
        .then(|| ("reserved", format!("Somebody else holds unit {taken} of rack {}.", name(rack))))
}
