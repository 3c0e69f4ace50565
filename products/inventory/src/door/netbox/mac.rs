//! `mac_address` of an interface as the contract writes it: a text. We keep MAC addresses as records of
//! their own, one of which is the interface's primary one.

use std::collections::BTreeSet;

use kit::record::{Model, Record};
use kit::records::Write;
use kit::{Problem, Records, WriteTx};
use serde_json::{Value, json};

use super::contract::{Endpoint, Fact};
use super::pool::record_id;
use crate::reading::{Reader, id_of, reference, text};

const MAC: &str = "inventory.mac_address";
/// The field of interfaces that names their primary one.
const PRIMARY: &str = "primary_mac_address";

/// What a body says of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Mac {
    /// Nothing.
    #[default]
    Kept,
    /// There shall be none.
    Gone,
    /// In its usual form.
    Set(String),
}

/// Is the fact the text of an address that a record of its own holds?
pub(super) fn is_text(endpoint: &Endpoint, fact: &Fact) -> bool {
    fact.name == "mac_address" && fact.column.is_none() && endpoint.fact(PRIMARY).is_some()
}

/// The address in its usual form.
pub(super) fn given(value: &Value) -> Result<Mac, Vec<String>> {
    let invalid = || vec!["Expected is a MAC address like 00:11:22:33:44:55.".to_owned()];
    let given = match value {
        Value::Null => return Ok(Mac::Gone),
        Value::String(given) => given,
        _ => return Err(invalid()),
    };
    let digits: Vec<char> = given.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let right = digits.len() == 12 && digits.iter().all(char::is_ascii_hexdigit);
    if !right {
        return Err(invalid());
    }
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect::<String>()).collect();
    Ok(Mac::Set(pairs.join(":").to_ascii_uppercase()))
}

/// Gives interfaces the addresses that their bodies name: those they have, or new ones.
pub(super) async fn store(
    records: &dyn Records,
    tx: &mut WriteTx,
    model: &'static Model,
    interfaces: &mut [Record],
    macs: &[Mac],
) -> Result<(), Problem> {
    let wanted: Vec<(usize, &Mac)> = macs.iter().enumerate().filter(|(_, mac)| **mac != Mac::Kept).collect();
    let ids: BTreeSet<_> = wanted.iter().filter_map(|(at, _)| interfaces.get(*at)).map(record_id).collect();
    let mut known = Reader::In(tx).listed(records, MAC, "assigned_object_id", &ids).await?;
    let missing = wanted.iter().filter_map(|(at, mac)| {
        let (Mac::Set(address), interface) = (mac, interfaces.get(*at)?) else { return None };
        let id = record_id(interface);
        let has = known.iter().any(|known| is(known, id, address));
        let fields = [
            ("mac_address".to_owned(), json!(address)),
            ("assigned_object".to_owned(), json!({"type": model.name, "id": id})),
        ];
        (!has).then(|| Write::Create(Record::from_iter(fields)))
    });
    let missing: Vec<Write> = missing.collect();
    if let Some(macs) = records.model(MAC).filter(|_| !missing.is_empty()) {
        known.extend(records.write_in(tx, macs, missing).await?);
    }
    let changes = wanted.iter().filter_map(|(at, mac)| {
        let id = record_id(interfaces.get(*at)?);
        let primary = match mac {
            Mac::Set(address) => known.iter().find(|known| is(known, id, address)).and_then(id_of),
            _ => None,
        };
        let fields = Record::from_iter([(PRIMARY.to_owned(), json!(primary))]);
        Some(Write::Change { id, expect: None, fields, replace: false })
    });
    let changes: Vec<Write> = changes.collect();
    let changed = records.write_in(tx, model, changes).await?;
    for ((at, _), record) in wanted.iter().zip(changed) {
        if let Some(interface) = interfaces.get_mut(*at) {
            *interface = record;
        }
    }
    Ok(())
}

fn is(known: &Record, interface: uuid::Uuid, address: &str) -> bool {
    reference(known, "assigned_object") == Some(interface) && text(known, "mac_address") == address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_in_many_notations() {
        let set = Ok(Mac::Set("AA:BB:CC:DD:EE:0F".to_owned()));
        for text in ["aabbccddee0f", "aa:bb:cc:dd:ee:0f", "AA-BB-CC-DD-EE-0F", "aabb.ccdd.ee0f"] {
            assert_eq!(given(&json!(text)), set, "{text}");
        }
        assert_eq!(given(&Value::Null), Ok(Mac::Gone));
        for bad in
            [json!(""), json!("zz"), json!("00:11:22:33:44"), json!(1), json!("00:11:22:33:44:55:66:77")]
        {
            assert!(given(&bad).is_err(), "{bad}");
        }
    }
}
