//! Rights on some records of a model: what object permissions give beside the rules of roles.
//!
//! Roles decide over whole permission objects and are bits. An object permission names models, actions
//! and, if it likes, a constraint. Without a constraint it is a plain grant, as good as a rule; with one
//! it opens the records that match. Grants add up: a plain one wins over constrained ones, and several
//! constraints open what matches one of them. What a rule denies, no object permission gives.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::permission::Act;

/// What is done to a record. Finer than [`Act`]: who may change records need not be able to add some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowAct {
    /// See it.
    View,
    /// Create it.
    Add,
    /// Change it.
    Change,
    /// Delete it.
    Delete,
}

impl RowAct {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::View, Self::Add, Self::Change, Self::Delete];

    /// The word in an object permission.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Add => "add",
            Self::Change => "change",
            Self::Delete => "delete",
        }
    }

    /// By the word in an object permission.
    pub fn of(action: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == action)
    }

    /// What a rule of a role calls it.
    pub fn act(self) -> Act {
        match self {
            Self::View => Act::Read,
            Self::Add | Self::Change => Act::Write,
            Self::Delete => Act::Delete,
        }
    }
}

/// What one object permission gives on one model.
#[derive(Clone, Debug)]
pub struct RowGrant<'a> {
    /// The model: `inventory.site`.
    pub model: &'a str,
    /// `view`, `add`, `change`, `delete`, and words of whoever asks for them.
    pub actions: &'a [String],
    /// On which records; on all of them when `None`.
    pub constraint: Option<&'a Value>,
}

/// Records that are open because they match one of the constraints. What the record engine makes of
/// the constraints is kept here: once for a principal and a state of its rights.
#[derive(Debug, Default)]
pub struct Opened {
    constraints: Vec<Value>,
    compiled: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Opened {
    /// The constraints; one must match.
    pub fn constraints(&self) -> &[Value] {
        &self.constraints
    }

    /// What `compile` makes of them, the first time.
    pub fn compiled<T: Send + Sync + 'static>(&self, compile: impl FnOnce(&[Value]) -> T) -> Option<Arc<T>> {
        let made = self.compiled.get_or_init(|| Arc::new(compile(&self.constraints)));
        made.clone().downcast::<T>().ok()
    }
}

/// What is open of one model for one action.
#[derive(Clone, Debug)]
pub enum Open {
    /// All of its records.
    All,
    /// Those that match.
    Some(Arc<Opened>),
}

/// What object permissions give a principal, by model and action.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    models: BTreeMap<String, BTreeMap<String, Open>>,
}

impl Rows {
    /// Adds up grants.
    pub fn new<'a>(grants: impl IntoIterator<Item = RowGrant<'a>>) -> Self {
        let mut found: BTreeMap<String, BTreeMap<String, Option<Vec<Value>>>> = BTreeMap::new();
        for grant in grants {
            let actions = found.entry(grant.model.to_owned()).or_default();
            for action in grant.actions {
                let open = actions.entry(action.clone()).or_insert_with(|| Some(Vec::new()));
                match (grant.constraint, &mut *open) {
                    (None, open) => *open = None,
                    (Some(constraint), Some(constraints)) => constraints.push(constraint.clone()),
                    (Some(_), None) => {}
                }
            }
        }
        let open = |constraints: Option<Vec<Value>>| match constraints {
            None => Open::All,
            Some(constraints) => Open::Some(Arc::new(Opened { constraints, compiled: OnceLock::new() })),
        };
        let actions = |actions: BTreeMap<String, Option<Vec<Value>>>| {
            actions.into_iter().map(|(action, constraints)| (action, open(constraints))).collect()
        };
        Self { models: found.into_iter().map(|(model, found)| (model, actions(found))).collect() }
    }

    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// The models that something is given on.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }

    /// The actions that are given on all records of a model.
    pub fn plain(&self, model: &str) -> BTreeSet<&str> {
        let actions = self.models.get(model).into_iter().flatten();
        actions.filter(|(_, open)| matches!(open, Open::All)).map(|(action, _)| action.as_str()).collect()
    }

    /// What is open for an action.
    pub fn opened(&self, model: &str, action: &str) -> Option<&Open> {
        self.models.get(model)?.get(action)
    }

    /// All there is: model, action, what is open.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Open)> {
        self.models.iter().flat_map(|(model, actions)| {
            actions.iter().map(move |(action, open)| (model.as_str(), action.as_str(), open))
        })
    }
}

/// How many records of a model a principal reaches with an act.
#[derive(Clone, Copy, Debug)]
pub enum Reach<'a> {
    /// All.
    All,
    /// Those that an object permission opens, and its own ones.
    Part {
        /// What object permissions open.
        opened: Option<&'a Opened>,
        /// The field that must name the principal: [`crate::Model::own`].
        own: Option<&'static str>,
    },
    /// None.
    Nothing,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn grant<'a>(model: &'a str, actions: &'a [String], constraint: Option<&'a Value>) -> RowGrant<'a> {
        RowGrant { model, actions, constraint }
    }

    #[test]
    fn grants_add_up_and_plain_ones_win() {
        let (view, both) = (vec!["view".to_owned()], vec!["view".to_owned(), "change".to_owned()]);
        let (a, b) = (json!({"name": "a"}), json!({"name": "b"}));
        let rows = Rows::new([
            grant("x.site", &view, Some(&a)),
            grant("x.site", &both, Some(&b)),
            grant("x.rack", &view, Some(&a)),
            grant("x.rack", &view, None),
            grant("x.rack", &both, Some(&b)),
        ]);
        let constraints = |model: &str, action: &str| match rows.opened(model, action) {
            Some(Open::Some(opened)) => opened.constraints().to_vec(),
            _ => Vec::new(),
        };
        assert_eq!(constraints("x.site", "view"), [a, b.clone()]);
        assert_eq!(constraints("x.site", "change"), [b]);
        assert!(rows.opened("x.site", "add").is_none() && rows.opened("x.none", "view").is_none());
        assert!(matches!(rows.opened("x.rack", "view"), Some(Open::All)));
        assert_eq!(rows.plain("x.rack"), BTreeSet::from(["view"]));
    }

    #[test]
    fn constraints_are_compiled_once() {
        let view = vec!["view".to_owned()];
        let rows = Rows::new([grant("x.site", &view, Some(&json!({"name": "a"})))]);
        let Some(Open::Some(opened)) = rows.opened("x.site", "view") else { panic!("not open") };
        let first = opened.compiled(<[Value]>::len).unwrap();
        let second = opened.compiled(|_| panic!("compiled again")).map(|other: Arc<usize>| *other);
        assert_eq!((*first, second), (1, Some(1)));
        assert!(opened.compiled(|_| String::new()).is_none());
    }
}
