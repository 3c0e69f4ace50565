//! The operation context: the first parameter of every operation.

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::permission::{Act, Granted, PermSet, Permission};
use crate::problem::Problem;
use crate::record::Model;
use crate::rows::{Reach, RowAct};
use crate::tx::{Database, ReadTx, Turns, WriteTx};

/// A tenant. Comes from the authenticated principal, never from a header alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(pub Uuid);

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person, by user id.
    User(Uuid),
    /// A service account, by id.
    Service(Uuid),
    /// A collector, by id.
    Collector(Uuid),
    /// A part of the server itself, by name (`jobs`, `atlas` ...).
    System(&'static str),
}

impl Actor {
    /// The kind as stored and as used in Casbin subjects: `user`, `svc`, `collector`, `system`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Service(_) => "svc",
            Self::Collector(_) => "collector",
            Self::System(_) => "system",
        }
    }

    /// The id of a stored principal; the server itself has none.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::User(id) | Self::Service(id) | Self::Collector(id) => Some(*id),
            Self::System(_) => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) | Self::Service(id) | Self::Collector(id) => write!(f, "{}:{id}", self.kind()),
            Self::System(name) => write!(f, "system:{name}"),
        }
    }
}

/// What kind of work this is; it chooses the statement time-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpKind {
    /// A request somebody waits for: 10 s a statement.
    Request,
    /// A job or a background task: 120 s a statement.
    Job,
}

/// Where an operation reads and writes records.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// The main line: what everybody sees.
    Main,
    /// A branch, by id or name: the main line as it is now with the changes of the branch.
    Branch(Arc<str>),
    /// The main line, to which the changes of a branch are brought.
    Merge,
}

/// Tenant, principal, rights and trace of one operation. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    inner: Arc<Inner>,
    /// Shared by the reads of this context.
    turns: Option<Turns>,
}

struct Inner {
    tenant: TenantId,
    actor: Actor,
    rights: Arc<PermSet>,
    request: Uuid,
    kind: OpKind,
    copy: bool,
    line: Line,
    database: Arc<dyn Database>,
}

impl Ctx {
    /// Built by the authentication layer and by the job runner, nowhere else.
    pub fn new(
        tenant: TenantId,
        actor: Actor,
        rights: Arc<PermSet>,
        request: Uuid,
        kind: OpKind,
        database: Arc<dyn Database>,
    ) -> Self {
        let (copy, line) = (false, Line::Main);
        let inner = Inner { tenant, actor, rights, request, kind, copy, line, database };
        Self { inner: Arc::new(inner), turns: None }
    }

    /// The same operation somewhere else. What its reads share stays where it was begun.
    fn with(&self, copy: bool, line: Line) -> Self {
        let Inner { tenant, actor, rights, request, kind, copy: _, line: _, database } = &*self.inner;
        Self {
            inner: Arc::new(Inner {
                tenant: *tenant,
                actor: actor.clone(),
                rights: rights.clone(),
                request: *request,
                kind: *kind,
                copy,
                line,
                database: database.clone(),
            }),
            turns: None,
        }
    }

    /// The tenant in whose name this runs.
    pub fn tenant(&self) -> TenantId {
        self.inner.tenant
    }

    /// The principal.
    pub fn actor(&self) -> &Actor {
        &self.inner.actor
    }

    /// The compiled rights of the principal in this tenant.
    pub fn rights(&self) -> &Arc<PermSet> {
        &self.inner.rights
    }

    /// The request id, also of work that the request caused.
    pub fn request_id(&self) -> Uuid {
        self.inner.request
    }

    /// Request or job.
    pub fn kind(&self) -> OpKind {
        self.inner.kind
    }

    /// Does this copy records that were made elsewhere? Then they may say their numbers, and nothing is
    /// made beside them: what came with them there comes by itself. A merge is one too.
    pub fn is_copy(&self) -> bool {
        self.inner.copy || self.merges()
    }

    /// The same operation, as a copy ([`Ctx::is_copy`]). Needs the right to administer what is copied:
    /// whoever says numbers decides what later records are called.
    ///
    /// # Errors
    /// 403 `forbidden`, naming the missing permission.
    pub fn copying(&self, object: &'static str) -> Result<Self, Problem> {
        self.authorize(Permission::new(object, Act::Admin))?;
        Ok(self.with(true, self.inner.line.clone()))
    }

    /// The same operation in a branch, by id or name. Whether there is such a branch is found out when a
    /// transaction begins.
    #[must_use]
    pub fn in_branch(&self, branch: &str) -> Self {
        self.with(self.inner.copy, Line::Branch(branch.into()))
    }

    /// The same operation on the main line: what is never part of a branch.
    #[must_use]
    pub fn on_main(&self) -> Self {
        if self.inner.line == Line::Main {
            return self.clone();
        }
        self.with(self.inner.copy, Line::Main)
    }

    /// Refuses to go on in a branch, for what writes more than records.
    ///
    /// # Errors
    /// 409 `not-in-branch`.
    pub fn only_on_main(&self) -> Result<(), Problem> {
        match self.branch() {
            None => Ok(()),
            Some(_) => Err(Problem::conflict(
                "not-in-branch",
                "This cannot be done in a branch. Leave the branch and repeat it.",
            )),
        }
    }

    /// The same operation on the main line, to bring the changes of a branch there ([`Ctx::merges`]).
    #[must_use]
    pub fn merging(&self) -> Self {
        self.with(self.inner.copy, Line::Merge)
    }

    /// The branch in which this works, by id or name; `None` on the main line.
    pub fn branch(&self) -> Option<&str> {
        match &self.inner.line {
            Line::Branch(branch) => Some(branch),
            Line::Main | Line::Merge => None,
        }
    }

    /// Does this bring the changes of a branch to the main line? Then the records are in their places already
    /// and hooks only see whether they fit: nothing is made beside them.
    pub fn merges(&self) -> bool {
        self.inner.line == Line::Merge
    }

    /// The authorisation decision. The proof opens write transactions.
    ///
    /// # Errors
    /// 403 `forbidden`, naming the missing permission.
    pub fn authorize(&self, permission: Permission) -> Result<Granted, Problem> {
        if self.inner.rights.allows(permission) {
            Ok(Granted::new(permission))
        } else {
            Err(Problem::forbidden(permission))
        }
    }

    /// The decision about records of a model: given when some of them may be reached. Which ones, the
    /// record engine asks of every read and write ([`PermSet::reach`]); code that reads in another way
    /// must ask for all of them ([`Ctx::authorize`]).
    ///
    /// # Errors
    /// 403 `forbidden`, naming the missing permission.
    pub fn authorize_rows(&self, model: &Model, act: RowAct) -> Result<Granted, Problem> {
        let permission = Permission::new(model.permission, act.act());
        match self.inner.rights.reach(model, act) {
            Reach::Nothing => Err(Problem::forbidden(permission)),
            Reach::All | Reach::Part { .. } => Ok(Granted::new(permission)),
        }
    }

    /// A read-only transaction of this tenant.
    ///
    /// # Errors
    /// 503 when the database cannot be reached.
    pub async fn read(&self) -> Result<ReadTx, Problem> {
        match &self.turns {
            Some(turns) if self.branch().is_none() => turns.take(&*self.inner.database, self).await,
            _ => self.inner.database.begin_read(self).await,
        }
    }

    /// The same operation with one transaction for all its reads, one after the other: beginning and
    /// ending one costs more than most reads. A read that comes while another has it gets its own. For
    /// something that ends soon, and that writes nothing: the connection is held from the first read until
    /// the last clone of this is gone. In a branch only those that [`Ctx::look`] share one.
    #[must_use]
    pub fn together(&self) -> Self {
        Self { inner: self.inner.clone(), turns: Some(self.turns.clone().unwrap_or_default()) }
    }

    /// [`Ctx::read`] for the record engine, which lays the rows of a branch over the tables itself.
    ///
    /// # Errors
    /// 503 when the database cannot be reached, 404 and 409 for a branch that cannot be entered.
    pub async fn look(&self) -> Result<ReadTx, Problem> {
        match &self.turns {
            Some(turns) => turns.take(&*self.inner.database, self).await,
            None => self.inner.database.begin_look(self).await,
        }
    }

    /// A transaction of this tenant that may write.
    ///
    /// # Errors
    /// 503 when the database cannot be reached, 403 when the right was revoked meanwhile.
    pub async fn write(&self, granted: Granted) -> Result<WriteTx, Problem> {
        self.inner.database.begin_write(self, granted).await
    }

    pub(crate) async fn aside(&self, granted: Granted) -> Result<WriteTx, Problem> {
        self.inner.database.begin_aside(self, granted).await
    }
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("tenant", &self.inner.tenant)
            .field("actor", &self.inner.actor)
            .field("request", &self.inner.request)
            .finish_non_exhaustive()
    }
}

/// Handlers take `Ctx` as an argument; the gateway's authentication layer put it there.
impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unauthenticated)
    }
}
