//! The search over all records: which fields it knows and how texts are compared. Pure; what reads and
//! writes entries is `engine/found.rs`, `engine/search.rs` and `engine/rebuild.rs`.

mod fold;
mod question;

use std::net::IpAddr;

use ipnet::IpNet;
use kit::record::{Field, FieldKind, Format, Model, OnDelete};

pub(crate) use fold::{folded, grams, of_model};
pub(crate) use question::{Question, around};

use crate::datum::Datum;
use crate::sql::keeps_history;

/// A field that records are found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Searched {
    /// Its place among the fields of the model.
    pub(crate) at: usize,
    pub(crate) field: &'static Field,
    /// 0 what the record is called, 1 what else is its own, 2 prose.
    pub(crate) rank: i16,
}

/// The searched fields of a model: those that `q=` looks at, but choices, and what its records are called.
/// Logs and queues are not searched.
pub(crate) fn searched(model: &'static Model) -> Vec<Searched> {
    if !keeps_history(model) {
        return Vec::new();
    }
    let known = |field: &Field| {
        let whole = field.name == model.display && matches!(field.kind, FieldKind::Integer { .. });
        let text = crate::query::searchable(&field.kind) && !matches!(field.kind, FieldKind::Choice(_));
        whole || (text && (field.search || field.name == model.display))
    };
    let fields = model.fields.iter().enumerate().filter(|(_, field)| known(field));
    fields.map(|(at, field)| Searched { at, field, rank: rank(model, field) }).collect()
}

fn rank(model: &Model, field: &Field) -> i16 {
    // Ports and the like are named alike in every device: what stands alone comes first.
    let part = model.fields.iter().any(|other| {
        matches!(other.kind, FieldKind::Reference { model: target, on_delete: OnDelete::Cascade } if target != model.name)
    });
    match field.kind {
        FieldKind::LongText { .. } => 2,
        _ if field.name == "description" => 2,
        _ if field.name == model.display && !part => 0,
        FieldKind::Prefix | FieldKind::Interface | FieldKind::Ip => 0,
        _ => 1,
    }
}

/// The text of a value as it is compared; `None` for what is not found by text.
pub(crate) fn text_of(field: &Field, value: &Datum) -> Option<String> {
    let text: String = match value {
        Datum::Text(text) if field.format == Format::Mac => {
            text.chars().filter(char::is_ascii_hexdigit).collect()
        }
        Datum::Text(text) => text.clone(),
        Datum::Int(number) => number.to_string(),
        Datum::Ip(address) => address.to_string(),
        Datum::Net(net) | Datum::Interface(net) => net.to_string(),
        _ => return None,
    };
    Some(folded(&text)).filter(|text| !text.is_empty())
}

/// The host or network of a value.
pub(crate) fn address_of(value: &Datum) -> Option<IpNet> {
    match value {
        Datum::Ip(address) => Some(host(*address)),
        Datum::Interface(net) => Some(host(net.addr())),
        Datum::Net(net) => Some(*net),
        _ => None,
    }
}

fn host(address: IpAddr) -> IpNet {
    IpNet::from(address)
}
