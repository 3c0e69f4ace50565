//! Services products offer each other through traits declared in this crate: no product ever names
//! another one.

use std::sync::{Arc, OnceLock};

use crate::ctx::Ctx;
use crate::frames::FrameSink;
use crate::graphql::GraphQl;
use crate::images::Images;
use crate::jobs::Jobs;
use crate::presenter::Presenter;
use crate::problem::Problem;
use crate::records::Records;
use crate::secrets::Secrets;
use crate::templates::Templates;
use crate::truth::SourceOfTruth;

/// Makes contexts for background work of a tenant. Implemented by `platform_core/auth`.
pub trait SystemContexts: Send + Sync {
    /// A context with all rights in the tenant, acting as this part of the server.
    fn system(&self, tenant: crate::TenantId, name: &'static str) -> Ctx;
    /// All tenants that are active.
    fn active_tenants(&self) -> crate::BoxFuture<'_, Result<Vec<crate::TenantId>, Problem>>;
}

/// Checks a name and a password as the login page does: with its limits, its log and its message.
/// Implemented by `platform_core/auth`.
pub trait Logins: Send + Sync {
    /// The context of who they belong to, in their own tenant.
    ///
    /// # Errors
    /// 401 with one message for every failure, 403 while a new password must be chosen, 429 after too many.
    fn login<'a>(
        &'a self,
        name: &'a str,
        password: &'a crate::SecretText,
        address: Option<std::net::IpAddr>,
    ) -> crate::BoxFuture<'a, Result<Ctx, Problem>>;
}

/// The registry of services. Filled while the server starts, read afterwards.
#[derive(Default, Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    frames: OnceLock<Arc<dyn FrameSink>>,
    jobs: OnceLock<Arc<dyn Jobs>>,
    secrets: OnceLock<Arc<dyn Secrets>>,
    contexts: OnceLock<Arc<dyn SystemContexts>>,
    records: OnceLock<Arc<dyn Records>>,
    logins: OnceLock<Arc<dyn Logins>>,
    templates: OnceLock<Arc<dyn Templates>>,
    images: OnceLock<Arc<dyn Images>>,
    presenter: OnceLock<Arc<dyn Presenter>>,
    truth: OnceLock<Arc<dyn SourceOfTruth>>,
    graphql: OnceLock<Arc<dyn GraphQl>>,
}

macro_rules! service {
    ($(#[$doc:meta])* $get:ident, $set:ident, $service:ty) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// 503 when nothing in this server offers it.
        pub fn $get(&self) -> Result<&Arc<$service>, Problem> {
            self.inner.$get.get().ok_or_else(|| {
                Problem::unavailable(concat!("No part of this server offers the service `", stringify!($get), "`."))
            })
        }

        /// Offers the service. The first offer stays; false when there was one already.
        pub fn $set(&self, service: Arc<$service>) -> bool {
            self.inner.$get.set(service).is_ok()
        }
    };
}

impl Services {
    service!(/// Where frames go.
        frames, offer_frames, dyn FrameSink);
    service!(/// The job queue.
        jobs, offer_jobs, dyn Jobs);
    service!(/// Secrets.
        secrets, offer_secrets, dyn Secrets);
    service!(/// Contexts for background work.
        contexts, offer_contexts, dyn SystemContexts);
    service!(/// Logins by name and password.
        logins, offer_logins, dyn Logins);
    service!(/// The record engine.
        records, offer_records, dyn Records);
    service!(/// Templates of people.
        templates, offer_templates, dyn Templates);
    service!(/// Pictures of records.
        images, offer_images, dyn Images);
    service!(/// Records in the form of another tool.
        presenter, offer_presenter, dyn Presenter);
    service!(/// The source of truth.
        truth, offer_truth, dyn SourceOfTruth);
    service!(/// GraphQL.
        graphql, offer_graphql, dyn GraphQl);
}
