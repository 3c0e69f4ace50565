//! The record engine as products see it: doors translate into it, products read and write records of
//! their own models through it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::permission::{Act, Permission};
use crate::record::{Model, Record};
use crate::{BoxFuture, Ctx, Problem, WriteTx};

/// A condition on records. Names and values come from outside as text; the engine checks them
/// against the models and answers 400 for what does not fit.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// All hold. Empty: true.
    All(Vec<Self>),
    /// One holds. Empty: false.
    Any(Vec<Self>),
    /// Does not hold, or has no value.
    Not(Box<Self>),
    /// The field compares with one of the values by the operator (`eq`, `contains`, `lt`, `isnull` ...).
    Is {
        /// The field, a built-in column, or a column of a generic reference.
        field: String,
        /// The operator, as in the native API's `field__op`.
        op: &'static str,
        /// The values, as text.
        values: Vec<String>,
    },
    /// The value of a custom field compares with one of the values.
    Custom {
        /// Its name.
        name: String,
        /// The operator.
        op: &'static str,
        /// The values, as text.
        values: Vec<String>,
    },
    /// What a reference leads to matches.
    Via {
        /// The reference field.
        field: String,
        /// The model meant, when the reference is generic.
        model: Option<&'static str>,
        /// What must hold there.
        then: Box<Self>,
    },
    /// A record of another model that refers here matches.
    Back {
        /// The other model.
        model: &'static str,
        /// Its reference field.
        field: String,
        /// What must hold there.
        then: Box<Self>,
    },
    /// The record, or one above it in the tree of its model, matches.
    Below(Box<Self>),
    /// The text, as it is, is in one of the fields the model is searched by.
    Search(String),
}

impl Where {
    /// One comparison.
    pub fn is(field: impl Into<String>, op: &'static str, value: impl Into<String>) -> Self {
        Self::Is { field: field.into(), op, values: vec![value.into()] }
    }
}

/// What a list is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which records.
    pub filter: Where,
    /// `-updated_at,name`; the model's own order when `None`.
    pub sort: Option<String>,
    /// Records left out at the beginning.
    pub offset: u64,
    /// At most this many, up to 1,000.
    pub limit: u32,
    /// Count everything that matches?
    pub count: bool,
    /// The records as they were at this time; as they are when `None`.
    pub as_of: Option<DateTime<Utc>>,
    /// Does it belong to records whose reading was decided before, like the cable of a port? Then
    /// no right to read this model is needed.
    pub implied: bool,
}

impl Default for Ask {
    /// The first thousand.
    fn default() -> Self {
        Self {
            filter: Where::All(Vec::new()),
            sort: None,
            offset: 0,
            limit: 1_000,
            count: false,
            as_of: None,
            implied: false,
        }
    }
}

/// Records that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The page.
    pub records: Vec<Record>,
    /// How many match, when that was asked.
    pub total: Option<u64>,
}

/// One change of a record.
#[derive(Clone, Debug)]
pub enum Write {
    /// A new record.
    Create(Record),
    /// Fields of one that exists.
    Change {
        /// Which.
        id: Uuid,
        /// The version it must have.
        expect: Option<i64>,
        /// The fields.
        fields: Record,
        /// Do fields that are not given go back to their default?
        replace: bool,
    },
    /// One less.
    Delete {
        /// Which.
        id: Uuid,
        /// The version it must have.
        expect: Option<i64>,
    },
}

/// Referenced records, by model and id.
pub type Referenced = HashMap<&'static str, HashMap<Uuid, Record>>;

/// Who may read what was changed in records: who may read the audit log. Only changes of records that they
/// may read are told.
pub const READ_CHANGES: Permission = Permission::new("audit/entries", Act::Read);

/// Which changes are asked for.
///
/// Columns for conditions and order: `number`, `created_at`, `model`, `record_number`, `action`, `display`,
/// `actor_id`, `actor_name` (of parts of the server), `request_id`.
#[derive(Clone, Debug)]
pub struct AskChanges {
    /// Of records of these models only.
    pub models: Vec<&'static str>,
    /// Which of them.
    pub filter: Where,
    /// `-created_at,-number`.
    pub sort: String,
    /// Changes left out at the beginning.
    pub offset: u64,
    /// At most this many, up to 1,000.
    pub limit: u32,
    /// Count everything that matches?
    pub count: bool,
    /// With the records before and after?
    pub sides: bool,
}

/// One change of a record, from the change log.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Counts the changes of the tenant.
    pub number: i64,
    /// When, RFC 3339.
    pub at: String,
    /// Model of the record.
    pub model: &'static str,
    /// The record.
    pub record_id: Uuid,
    /// Its number, if records of the model have one.
    pub record_number: Option<i64>,
    /// What it was shown by then.
    pub display: String,
    /// `create`, `update` or `delete`.
    pub action: String,
    /// Who: `user`, `svc`, `collector` or `system`.
    pub actor_kind: String,
    /// Id of who it was; a part of the server has none.
    pub actor_id: Option<Uuid>,
    /// Name of the part of the server.
    pub actor_name: Option<String>,
    /// The request that it belongs to.
    pub request_id: Uuid,
    /// The record before, unless it was created or nobody asked.
    pub before: Option<Record>,
    /// The record after, unless it was deleted or nobody asked.
    pub after: Option<Record>,
}

/// A page of changes.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The page.
    pub items: Vec<Changed>,
    /// How many match, when that was asked.
    pub total: Option<u64>,
    /// Numbers of the records that the records before and after refer to, also of those that are gone.
    pub numbers: HashMap<Uuid, i64>,
}

/// Reads and writes records of any model. Every function that takes a [`Ctx`] decides itself whether
/// its principal may.
pub trait Records: Send + Sync {
    /// A model by name.
    fn model(&self, name: &str) -> Option<&'static Model>;

    /// Records that match, as over the wire: those of them that the caller may see.
    ///
    /// # Errors
    /// 403 without the right to read, 400 for a condition that does not fit the model.
    fn find<'a>(
        &'a self,
        ctx: &'a Ctx,
        model: &'static Model,
        ask: &'a Ask,
    ) -> BoxFuture<'a, Result<Found, Problem>>;

    /// [`Records::find`] in the caller's transaction, whose right was decided before.
    ///
    /// # Errors
    /// 400 for a condition that does not fit the model.
    fn find_in<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        model: &'static Model,
        ask: &'a Ask,
    ) -> BoxFuture<'a, Result<Found, Problem>>;

    /// Records that others refer to, for a short form of them: who may read a record may see what it
    /// names. Those that do not exist are left out, and so are counts.
    ///
    /// # Errors
    /// 503 when the database is gone.
    fn referenced<'a>(
        &'a self,
        ctx: &'a Ctx,
        wanted: &'a [(&'static str, Vec<Uuid>)],
    ) -> BoxFuture<'a, Result<Referenced, Problem>>;

    /// How many records refer to each of the ids, by each of these fields of models, in their order; left
    /// out are only records that an object permission hides from the caller.
    ///
    /// # Errors
    /// 500 for a model or field that does not exist.
    fn referrals<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a [(&'a str, &'a str)],
        ids: &'a [Uuid],
    ) -> BoxFuture<'a, Result<Vec<HashMap<Uuid, i64>>, Problem>>;

    /// Writes all or nothing, as a client: read-only fields cannot be set, and every record must be within
    /// what the caller may do, before and after. The records after, in order; for a deletion the record
    /// before.
    ///
    /// # Errors
    /// 403 (`not-permitted` with pointers `/<position>` for single records), 404, 409 `in-use`, 412, 422 with every wrong field, pointers `/<position>/<field>`.
    fn write<'a>(
        &'a self,
        ctx: &'a Ctx,
        model: &'static Model,
        writes: Vec<Write>,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>>;

    /// [`Records::write`] in the caller's transaction, by code: read-only fields may be set.
    ///
    /// # Errors
    /// As [`Records::write`], but 403.
    fn write_in<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        model: &'static Model,
        writes: Vec<Write>,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>>;

    /// [`Records::write`] in the caller's transaction: what a client asked for, beside records that code
    /// writes with it.
    ///
    /// # Errors
    /// As [`Records::write`].
    fn write_asked<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        model: &'static Model,
        writes: Vec<Write>,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>>;

    /// Checks a constraint of an object permission: an object of conditions that must all hold, or a
    /// list of such objects of which one must.
    ///
    /// # Errors
    /// 400 saying what does not fit the model.
    fn check_constraint(&self, model: &'static Model, constraint: &Value) -> Result<(), Problem>;

    /// Takes back what one request wrote for one reason ([`WriteTx::because`]), in the caller's
    /// transaction and as further changes; how many records that were. Records of the models `kept` stay
    /// when they were created: others may use them meanwhile.
    ///
    /// # Errors
    /// 403 without the rights to write the records, 404 when there is no such change, 409 `changed-since`
    /// naming every record that was changed since: then nothing is written.
    fn take_back<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        request: Uuid,
        reason: &'a str,
        kept: &'a [&'a str],
    ) -> BoxFuture<'a, Result<usize, Problem>>;

    /// Changes of records, from the change log.
    ///
    /// # Errors
    /// 403 without [`READ_CHANGES`], 400 for a condition or an order that does not fit.
    fn changes<'a>(&'a self, ctx: &'a Ctx, ask: &'a AskChanges) -> BoxFuture<'a, Result<Changes, Problem>>;

    /// The choices of a list that every server knows (`IATA` ...), value and label, in the order of the
    /// values; none of a list that it does not know.
    fn base_choices(&self, list: &str) -> &'static [(&'static str, &'static str)];

    /// The choices of a set (a `platform.custom_field_choice_set`), value and label: those of its base,
    /// then its own. Only those whose value or label has `text`, in whatever case.
    fn choices(&self, set: &Record, text: &str) -> Vec<(String, String)> {
        let text = text.to_lowercase();
        let has = |part: &str| text.is_empty() || part.to_lowercase().contains(&text);
        let base = set.get("base_choices").and_then(Value::as_str).unwrap_or_default();
        let base = self.base_choices(base).iter().map(|(value, label)| (*value, *label));
        let own = set.get("extra_choices").and_then(Value::as_array).into_iter().flatten();
        let own = own.filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)));
        let mut found: Vec<(String, String)> = base
            .chain(own)
            .filter(|(value, label)| has(value) || has(label))
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .collect();
        if set.get("order_alphabetically") == Some(&Value::Bool(true)) {
            found.sort_by(|a, b| a.1.cmp(&b.1));
        }
        found
    }
}
