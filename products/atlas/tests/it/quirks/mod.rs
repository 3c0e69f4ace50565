//! The 44 field failures of quirks.md, and those that our own tests found. Each row is a fixture of documents with the true devices,
//! the true cables and the coded reasons that must come out, nothing more and nothing less. What a
//! row says about reading SNMP itself (index lengths, walk order) is proven on the wire in the
//! monitoring product; here its documents are.

mod devices;
mod own;
mod ports;
mod times;

use std::fmt::Write;

use atlas::map::Map;

use crate::net::{cables, devices as device_names, reasons};

/// One row.
pub(crate) struct Case {
    pub(crate) row: u8,
    /// What the field reported.
    pub(crate) symptom: &'static str,
    /// What is right.
    pub(crate) right: &'static str,
    pub(crate) map: fn() -> Map,
    pub(crate) devices: &'static [&'static str],
    pub(crate) cables: &'static [&'static str],
    pub(crate) reasons: &'static [&'static str],
}

fn cases() -> Vec<Case> {
    let mut all: Vec<Case> = ports::cases()
        .into_iter()
        .chain(devices::cases())
        .chain(times::cases())
        .chain(own::cases())
        .collect();
    all.sort_by_key(|case| case.row);
    all
}

fn verdict(case: &Case) -> Result<(), String> {
    // A fixture has expectations of its own besides devices, cables and reasons.
    let map = std::panic::catch_unwind(case.map).map_err(|_| format!("row {}: see above\n", case.row))?;
    let mut wrong = String::new();
    for (what, is, must) in [
        ("devices", device_names(&map), case.devices.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()),
        ("cables", cables(&map), case.cables.iter().map(|s| (*s).to_owned()).collect()),
        (
            "reasons",
            reasons(&map).into_iter().map(str::to_owned).collect(),
            case.reasons.iter().map(|s| (*s).to_owned()).collect(),
        ),
    ] {
        if is != must {
            let _ = writeln!(wrong, "row {}: {what} are {is:?}, must be {must:?}", case.row);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[test]
fn all_rows_come_out_right() {
    let cases = cases();
    let rows: Vec<u8> = cases.iter().map(|case| case.row).collect();
    assert_eq!(rows, (1..=47).collect::<Vec<u8>>());
    let wrong: String = cases.iter().filter_map(|case| verdict(case).err()).collect();
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// docs/quirks-scoreboard.md is written from the cases; `UPDATE_DOCS=1` rewrites it.
#[test]
fn scoreboard_is_current() {
    let cases = cases();
    let mut page = String::from(
        "# Field failures: scoreboard\n\n\
         Written by `products/atlas/tests/it/quirks` (run `UPDATE_DOCS=1 cargo test -p atlas --test it quirks` to\n\
         rewrite it); the test fails when it is out of date. Each row is a fixture of documents; the result is\n\
         compared with all devices, all cables and all reasons, not with a part of them.\n\n\
         | # | reported elsewhere | what Portolan does | devices | cables | reasons given | result |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for case in &cases {
        let result = if verdict(case).is_ok() { "right" } else { "WRONG" };
        let reasons = if case.reasons.is_empty() { "-".to_owned() } else { case.reasons.join(", ") };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {result} |",
            case.row,
            case.symptom,
            case.right,
            case.devices.len(),
            case.cables.len(),
            reasons
        );
    }
    let right = cases.iter().filter(|case| verdict(case).is_ok()).count();
    let _ = writeln!(page, "\n{right} of {} rows are right.", cases.len());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/quirks-scoreboard.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let held = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(held, page, "run UPDATE_DOCS=1 cargo test -p atlas --test it quirks");
}
