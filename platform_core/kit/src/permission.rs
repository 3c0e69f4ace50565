//! Permissions as a closed registry, and a principal's rights as a bitset over it (platform.md 2.3).

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

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
}

impl PermSet {
    /// No rights at all.
    pub fn none(registry: Arc<PermissionRegistry>) -> Self {
        let words = (registry.objects.len() * Act::ALL.len()).div_ceil(64);
        Self { registry, bits: vec![0; words].into_boxed_slice() }
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

    /// The decision.
    pub fn allows(&self, permission: Permission) -> bool {
        self.registry.bit(permission).is_some_and(|bit| self.allows_bit(bit))
    }

    /// The decision for a bit looked up before: one shift and one mask.
    pub fn allows_bit(&self, bit: usize) -> bool {
        self.bits.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// The common part: a token never allows more than its owner.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let bits = self.bits.iter().zip(&other.bits).map(|(a, b)| a & b).collect();
        Self { registry: self.registry.clone(), bits }
    }

    /// What this one allows and the other does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let bits = self.bits.iter().zip(&other.bits).map(|(a, b)| a & !b).collect();
        Self { registry: self.registry.clone(), bits }
    }

    /// A permission that this one allows and the other does not.
    pub fn beyond(&self, other: &Self) -> Option<Permission> {
        self.iter().find(|permission| !other.allows(*permission))
    }

    /// The permissions there are.
    pub fn registry(&self) -> &Arc<PermissionRegistry> {
        &self.registry
    }

    /// The permissions held, for `/api/v1/me`.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.registry.permissions().filter(|permission| self.allows(*permission))
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
