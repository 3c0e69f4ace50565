//! What a copy of a running NetBox needs to know, read from the contract: which endpoints come before
//! which, and how an object as it is read becomes one that can be written. Pure; `portolan import netbox`
//! does the talking.
//!
//! A copy writes through this door with the header [`KEEP_IDS`]: see `keep`.

mod body;
mod compare;
mod order;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use self::body::{Known, Lost, Mapped, Moment};
use super::contract::{Endpoint, Fact, Kind};
use super::{mac, parts};

/// Header of requests that copy objects: `true`. New objects then say their `id`, and nothing is made
/// beside them (no components of a type). Only for who may administer the type of the objects.
pub const KEEP_IDS: &str = "portolan-keep-ids";
/// The accounts of people: they are found by name, never changed.
pub const ACCOUNTS: &str = "users/users";
/// What says who may do what, and secrets: no copy. Rights are given here.
pub const RIGHTS: [&str; 2] = ["users/permissions", "users/tokens"];
/// The definitions that say what values of custom fields are.
pub const CUSTOM_FIELDS: &str = "extras/custom-fields";

/// An object as JSON.
pub type Object = Map<String, Value>;

/// The endpoints in the order in which a copy writes them.
pub struct Plan {
    steps: Vec<Step>,
}

/// One endpoint of a copy.
pub struct Step {
    endpoint: &'static Endpoint,
    /// Fields that wait for what they refer to.
    late: BTreeSet<&'static str>,
}

impl Plan {
    /// Everything the door lets write, but rights.
    pub fn new() -> Self {
        Self { steps: order::steps() }
    }

    /// The steps, first to last.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self::new()
    }
}

/// Where a field's value is kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// In the object.
    Here,
    /// Worked out, or in an object of its own.
    Elsewhere,
    /// There is no place for it.
    Nowhere,
}

/// Is the object this picture?
fn is_picture(fact: &Fact) -> bool {
    fact.kind == Kind::Image && fact.required
}

fn way(endpoint: &Endpoint, fact: &Fact) -> Way {
    let right = fact.to.as_deref().is_some_and(|to| RIGHTS.contains(&to));
    if fact.read_only || fact.write_only || right || mac::is_text(endpoint, fact) {
        return Way::Elsewhere;
    }
    match (parts::of(&endpoint.kind, &fact.name), &fact.back) {
        // The same mappings are written with the front ports.
        (Some(part), _) if part.owner == "rear_port" => Way::Elsewhere,
        (Some(_), _) => Way::Here,
        (None, Some(_)) => Way::Elsewhere,
        (None, None) if fact.column.is_some() || is_picture(fact) => Way::Here,
        (None, None) => Way::Nowhere,
    }
}

impl Step {
    /// `dcim/sites`.
    pub fn path(&self) -> &'static str {
        self.endpoint.path.as_str()
    }

    /// The type of its objects: `dcim.site`.
    pub fn kind(&self) -> &'static str {
        self.endpoint.kind.as_str()
    }

    /// Are its objects pictures? Then `image` is the address of the file.
    pub fn is_picture(&self) -> bool {
        self.endpoint.fields.iter().any(is_picture)
    }

    /// Fields that are written in a second pass.
    pub fn late(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.late.iter().copied()
    }

    /// The fields to read of an object, for `?fields=`.
    pub fn fields(&self) -> String {
        let mut names = vec!["id", "display", "last_updated"];
        let wanted = |fact: &&Fact| way(self.endpoint, fact) != Way::Elsewhere;
        names.extend(self.endpoint.fields.iter().filter(wanted).map(|fact| fact.name.as_str()));
        names.extend(body::OLDER.iter().filter(|(path, _)| *path == self.path()).map(|(_, name)| *name));
        names.join(",")
    }

    /// The fields that say which object it is.
    pub fn identity(&self) -> String {
        let mut names = vec!["id", "display"];
        names.extend(self.required().map(|fact| fact.name.as_str()));
        names.join(",")
    }

    /// Does the contract know this field?
    pub fn knows(&self, field: &str) -> bool {
        self.endpoint.fact(field).is_some()
            || body::OLDER.iter().any(|(path, name)| *path == self.path() && *name == field)
    }

    fn required(&self) -> impl Iterator<Item = &'static Fact> {
        let endpoint = self.endpoint;
        endpoint.fields.iter().filter(move |fact| fact.required && way(endpoint, fact) == Way::Here)
    }
}

/// Does a value say something? Empty texts and lists do not.
pub fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(flag) => *flag,
        Value::Number(_) => true,
    }
}
