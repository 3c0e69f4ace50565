//! Permissions as a closed registry, and a principal's rights as a bitset over it (platform.md 2.3).

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::record::Model;
use crate::rows::{Open, Reach, RowAct, Rows};

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// See it.
    Read,
    /// Create and change it.
    Write,
    /// Remove it.
    Delete,
    /// Touch the network or run something with it.
    Execute,
    /// Settings, credentials and members of it.
    Admin,
}

impl Act {
    /// All acts, in bit order.
    pub const ALL: [Act; 5] = [Act::Read, Act::Write, Act::Delete, Act::Execute, Act::Admin];

    /// The text used in Casbin policies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Execute => "execute",
            Self::Admin => "admin",
        }
    }
}

/// An object and an act, e.g. `monitoring/credentials:write`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permission {
    /// `<product>/<kind>`, lower case.
    pub object: &'static str,
    /// The act.
    pub act: Act,
}

impl Permission {
    /// A permission.
    pub const fn new(object: &'static str, act: Act) -> Self {
        Self { object, act }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.object, self.act.as_str())
    }
}

/// A permission object as a plugin declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissionObject {
    /// `<product>/<kind>`.
    pub object: &'static str,
    /// What it protects, for the role editor.
    pub title: &'static str,
}

/// All objects that exist in this build. Bit of a permission = position x 5 + act.
#[derive(Debug, Default)]
pub struct PermissionRegistry {
    objects: Vec<PermissionObject>,
    index: HashMap<&'static str, usize>,
    models: HashMap<&'static str, &'static Model>,
}

impl PermissionRegistry {
    /// Builds the registry; a repeated object keeps its first title.
    pub fn new(objects: impl IntoIterator<Item = PermissionObject>) -> Self {
        let mut registry = Self::default();
        for object in objects {
            if !registry.index.contains_key(object.object) {
                registry.index.insert(object.object, registry.objects.len());
                registry.objects.push(object);
            }
        }
        registry
    }

    /// Knows the models too: object permissions name them, not permission objects.
    #[must_use]
    pub fn with_models(mut self, models: impl IntoIterator<Item = &'static Model>) -> Self {
        self.models = models.into_iter().map(|model| (model.name, model)).collect();
        self
    }

    /// A model that object permissions may name.
    pub fn model(&self, name: &str) -> Option<&'static Model> {
        self.models.get(name).copied()
    }

    /// The declared objects.
    pub fn objects(&self) -> &[PermissionObject] {
        &self.objects
    }

    /// Every permission there is.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> + '_ {
        self.objects.iter().flat_map(|o| Act::ALL.into_iter().map(|act| Permission::new(o.object, act)))
    }

    /// The bit of a permission; `None` when nobody declared its object.
    pub fn bit(&self, permission: Permission) -> Option<usize> {
        self.index.get(permission.object).map(|position| position * Act::ALL.len() + permission.act as usize)
    }
}

/// A principal's rights in one tenant, compiled.
#[derive(Clone, Debug)]
pub struct PermSet {
    registry: Arc<PermissionRegistry>,
    bits: Box<[u64]>,
    /// What a rule denies, or a token is not for: no object permission gives it.
    barred: Box<[u64]>,
    rows: Rows,
}

impl PermSet {
    /// No rights at all.
    pub fn none(registry: Arc<PermissionRegistry>) -> Self {
        let words = (registry.objects.len() * Act::ALL.len()).div_ceil(64);
        let empty = vec![0; words].into_boxed_slice();
        Self { registry, bits: empty.clone(), barred: empty, rows: Rows::default() }
    }

    /// Every right: the server's own tasks.
    pub fn all(registry: Arc<PermissionRegistry>) -> Self {
        let mut set = Self::none(registry);
        set.bits.fill(u64::MAX);
        set
    }

    /// Gives a permission. Undeclared ones stay refused.
    pub fn insert(&mut self, permission: Permission) {
        if let Some(bit) = self.registry.bit(permission)
            && let Some(word) = self.bits.get_mut(bit / 64)
        {
            *word |= 1 << (bit % 64);
        }
    }

    /// Bars a permission: object permissions do not give it.
    pub fn bar(&mut self, permission: Permission) {
        if let Some(bit) = self.registry.bit(permission)
            && let Some(word) = self.barred.get_mut(bit / 64)
        {
            *word |= 1 << (bit % 64);
        }
    }

    fn bars(&self, permission: Permission) -> bool {
        let Some(bit) = self.registry.bit(permission) else { return false };
        self.barred.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// Takes in what object permissions give. What they give plainly becomes a permission like any
    /// other, once all of it is given: writing is adding and changing.
    pub fn open(&mut self, rows: Rows) {
        let models: Vec<&'static Model> =
            rows.models().filter_map(|name| self.registry.model(name)).collect();
        for model in models {
            let plain = rows.plain(model.name);
            let given = |act: Act| match act {
                Act::Read => plain.contains("view"),
                Act::Write => plain.contains("add") && plain.contains("change"),
                Act::Delete | Act::Execute | Act::Admin => plain.contains(act.as_str()),
            };
            for act in Act::ALL.into_iter().filter(|act| given(*act)) {
                let permission = Permission::new(model.permission, act);
                if !self.bars(permission) {
                    self.insert(permission);
                }
            }
        }
        self.rows = rows;
    }

    /// What object permissions give.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Which records of a model may be reached with an act.
    pub fn reach(&self, model: &Model, act: RowAct) -> Reach<'_> {
        let permission = Permission::new(model.permission, act.act());
        if self.allows(permission) {
            return Reach::All;
        }
        if self.bars(permission) {
            return Reach::Nothing;
        }
        match (self.rows.opened(model.name, act.as_str()), model.own) {
            (Some(Open::All), _) => Reach::All,
            (Some(Open::Some(opened)), own) => Reach::Part { opened: Some(opened.as_ref()), own },
            (None, Some(own)) => Reach::Part { opened: None, own: Some(own) },
            (None, None) => Reach::Nothing,
        }
    }

    /// May some record of the model be reached with an act of this kind?
    pub fn reaches(&self, model: &Model, act: Act) -> bool {
        RowAct::ALL
            .into_iter()
            .any(|row| row.act() == act && !matches!(self.reach(model, row), Reach::Nothing))
    }

    /// The decision.
    pub fn allows(&self, permission: Permission) -> bool {
        self.registry.bit(permission).is_some_and(|bit| self.allows_bit(bit))
    }

    /// The decision for a bit looked up before: one shift and one mask.
    pub fn allows_bit(&self, bit: usize) -> bool {
        self.bits.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// The common part, also of what object permissions give: a token never allows more than its owner,
    /// nor more than its own rules.
    #[must_use]
    pub fn limited_to(&self, other: &Self) -> Self {
        let bits = self.bits.iter().zip(&other.bits).map(|(a, b)| a & b).collect();
        let barred = self.barred.iter().zip(&other.bits).map(|(a, b)| a | !b).collect();
        Self { registry: self.registry.clone(), bits, barred, rows: self.rows.clone() }
    }

    /// What this one allows and the other does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let bits = self.bits.iter().zip(&other.bits).map(|(a, b)| a & !b).collect();
        Self { bits, ..Self::none(self.registry.clone()) }
    }

    /// A permission that this one allows and the other does not.
    pub fn beyond(&self, other: &Self) -> Option<Permission> {
        self.iter().find(|permission| !other.allows(*permission))
    }

    /// The permissions there are.
    pub fn registry(&self) -> &Arc<PermissionRegistry> {
        &self.registry
    }

    /// The permissions held.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.registry.permissions().filter(|permission| self.allows(*permission))
    }

    /// The permissions held, and those held for some records only: what a page may offer.
    pub fn in_part(&self) -> Vec<Permission> {
        let mut models: HashMap<&'static str, Vec<&'static Model>> = HashMap::new();
        for model in self.registry.models.values() {
            models.entry(model.permission).or_default().push(model);
        }
        let reaches = |permission: &Permission| {
            let of_object = models.get(permission.object).into_iter().flatten();
            of_object.copied().any(|model| self.reaches(model, permission.act))
        };
        let all = self.registry.permissions();
        all.filter(|permission| self.allows(*permission) || reaches(permission)).collect()
    }
}

/// Proof of an authorisation decision: only [`crate::Ctx::authorize`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Granted {
    permission: Permission,
}

impl Granted {
    pub(crate) fn new(permission: Permission) -> Self {
        Self { permission }
    }

    /// The permission that was granted.
    pub fn permission(&self) -> Permission {
        self.permission
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::RowGrant;

    static SITE: Model = Model { name: "p.site", product: "p", permission: "p/sites", ..Model::BASE };
    static NOTE: Model =
        Model { name: "p.note", product: "p", permission: "p/notes", own: Some("user"), ..Model::BASE };

    fn opened(set: &mut PermSet, grants: &[(&str, &[&str], Option<&serde_json::Value>)]) {
        let actions: Vec<Vec<String>> = grants
            .iter()
            .map(|(_, actions, _)| actions.iter().map(|action| (*action).to_owned()).collect())
            .collect();
        let grants = grants.iter().zip(&actions);
        set.open(Rows::new(grants.map(|((model, _, constraint), actions)| RowGrant {
            model,
            actions,
            constraint: *constraint,
        })));
    }

    #[test]
    fn object_permissions_open_what_no_rule_denies() {
        let objects = ["p/sites", "p/notes"].map(|object| PermissionObject { object, title: "" });
        let registry = Arc::new(PermissionRegistry::new(objects).with_models([&SITE, &NOTE]));
        let [read, write] = [Act::Read, Act::Write].map(|act| Permission::new("p/sites", act));
        let active = serde_json::json!({"status": "active"});
        let mut set = PermSet::none(registry.clone());
        opened(&mut set, &[("p.site", &["view", "change"], None), ("p.site", &["delete"], Some(&active))]);
        assert!(set.allows(read) && !set.allows(write), "changing alone is not writing");
        assert!(matches!(set.reach(&SITE, RowAct::Change), Reach::All));
        assert!(matches!(set.reach(&SITE, RowAct::Add), Reach::Nothing));
        let Reach::Part { opened: Some(found), own: None } = set.reach(&SITE, RowAct::Delete) else {
            panic!()
        };
        assert_eq!(found.constraints(), [active]);
        assert!(!set.allows(Permission::new("p/sites", Act::Delete)));
        assert!(set.reaches(&SITE, Act::Delete) && set.reaches(&SITE, Act::Write));
        assert!(matches!(set.reach(&NOTE, RowAct::View), Reach::Part { opened: None, own: Some("user") }));

        let mut read_only = PermSet::none(registry.clone());
        read_only.insert(read);
        let token = set.limited_to(&read_only);
        assert!(matches!(token.reach(&SITE, RowAct::View), Reach::All));
        assert!(matches!(token.reach(&SITE, RowAct::Delete), Reach::Nothing));
        assert!(matches!(token.reach(&NOTE, RowAct::View), Reach::Nothing));

        let mut denied = PermSet::none(registry);
        denied.bar(read);
        opened(&mut denied, &[("p.site", &["view"], None)]);
        assert!(!denied.allows(read) && matches!(denied.reach(&SITE, RowAct::View), Reach::Nothing));
    }

    #[test]
    fn bits_do_not_run_into_each_other() {
        let names: Vec<&'static str> =
            (0..40).map(|n| &*Box::leak(format!("p/k{n}").into_boxed_str())).collect();
        let registry = Arc::new(PermissionRegistry::new(
            names.iter().map(|object| PermissionObject { object, title: "" }),
        ));
        let mut set = PermSet::none(registry.clone());
        let chosen = Permission::new(names[13], Act::Delete);
        set.insert(chosen);
        assert_eq!(set.iter().collect::<Vec<_>>(), [chosen]);
        assert!(!set.allows(Permission::new("p/undeclared", Act::Read)));
        assert!(PermSet::all(registry.clone()).allows(Permission::new(names[39], Act::Admin)));
        assert!(!PermSet::all(registry).allows(Permission::new("p/undeclared", Act::Read)));
    }
}
