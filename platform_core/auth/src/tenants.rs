//! Which tenants there are and who may work in which.

use db::{NewTenant, Store, TenantKind, TenantStatus};
use kit::{Act, Permission, Problem, SecretText, TenantId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::identity::Auth;
use crate::store::{self, TenantRow};
use crate::{credential, password};

const WRITE_USERS: Permission = Permission::new("platform/users", Act::Write);

/// What the first start made.
pub struct FirstStart {
    /// The tenant everything begins in.
    pub tenant: TenantId,
    /// Login name of the first administrator.
    pub login: &'static str,
    /// Its generated password, to be printed once; `None` when one was given.
    pub generated: Option<SecretText>,
}

impl Auth {
    /// Makes a tenant with its built-in roles.
    ///
    /// # Errors
    /// 409 for a slug that is taken, 422 for a wrong one.
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<TenantId, Problem> {
        let tenant = self.store().create_tenant(new).await?;
        self.write_builtin_roles(tenant).await?;
        Ok(tenant)
    }

    async fn write_builtin_roles(&self, tenant: TenantId) -> Result<(), Problem> {
        let system = self.system(tenant, "auth");
        let mut tx = system.write(system.authorize(WRITE_USERS)?).await?;
        store::write_builtin_roles(tx.conn()).await?;
        tx.commit().await
    }

    /// Brings the built-in roles of every tenant to the rules of this version; on an empty database
    /// makes the first tenant and its administrator. `given` is the password from the settings:
    /// then it need not be changed at the first login.
    ///
    /// # Errors
    /// Database errors; 422 for a given password that is too weak.
    pub async fn first_start(
        &self,
        given: Option<SecretText>,
    ) -> Result<(TenantId, Option<FirstStart>), Problem> {
        let tenants = self.store().tenants().await?;
        for tenant in &tenants {
            self.write_builtin_roles(tenant.id).await?;
        }
        if let Some(root) = tenants.iter().find(|tenant| tenant.parent.is_none()) {
            let system = self.system(root.id, "auth");
            let mut tx = system.read().await?;
            if store::user_by_name(tx.conn(), ADMINISTRATOR).await?.is_some()
                || store::has_administrator(tx.conn()).await?
            {
                return Ok((root.id, None));
            }
        }
        let tenant = match tenants.iter().find(|tenant| tenant.parent.is_none()) {
            Some(root) => root.id,
            None => {
                let new = NewTenant {
                    parent: None,
                    kind: TenantKind::Provider,
                    slug: "main".to_owned(),
                    name: "Main".to_owned(),
                };
                self.create_tenant(&new).await?
            }
        };
        let generated = given.is_none();
        let clear = match given {
            Some(clear) => clear,
            None => SecretText::new(credential::readable()?),
        };
        self.create_user(tenant, ADMINISTRATOR, &clear, generated, "admin").await?;
        let first = FirstStart { tenant, login: ADMINISTRATOR, generated: generated.then_some(clear) };
        Ok((tenant, Some(first)))
    }

    /// Makes a user with a role. For the command line; the API goes through the record engine.
    ///
    /// # Errors
    /// 422 for a weak password, 409 for a name that is taken.
    pub async fn create_user(
        &self,
        tenant: TenantId,
        name: &str,
        clear: &SecretText,
        must_change: bool,
        role: &str,
    ) -> Result<Uuid, Problem> {
        if let Some(weakness) = password::weakness(clear.expose(), &[name]) {
            return Err(Problem::field("/password", "weak", weakness));
        }
        let hash = self.passwords().hash(clear).await?;
        let system = self.system(tenant, "cli");
        let mut tx = system.write(system.authorize(WRITE_USERS)?).await?;
        let id = store::insert_user(tx.conn(), name, &hash, must_change, role).await?;
        store::bump_epoch(tx.conn()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sets a user's password and ends its sessions. For the command line.
    ///
    /// # Errors
    /// 404 for an unknown name, 422 for a weak password.
    pub async fn reset_password(
        &self,
        tenant: TenantId,
        name: &str,
        clear: &SecretText,
    ) -> Result<(), Problem> {
        if let Some(weakness) = password::weakness(clear.expose(), &[name]) {
            return Err(Problem::field("/password", "weak", weakness));
        }
        let hash = self.passwords().hash(clear).await?;
        let system = self.system(tenant, "cli");
        let mut tx = system.write(system.authorize(WRITE_USERS)?).await?;
        let id = store::user_by_name(tx.conn(), name).await?.ok_or_else(|| Problem::not_found("user"))?;
        store::set_password(tx.conn(), id, &hash, None).await?;
        store::bump_epoch(tx.conn()).await?;
        tx.commit().await
    }
}

/// Login name of the first administrator.
const ADMINISTRATOR: &str = "admin";

/// Whether `tenant` is below `home`. The transaction runs in `home`, which sees its descendants.
///
/// # Errors
/// Database errors.
pub async fn is_below(
    connection: &mut PgConnection,
    home: TenantId,
    tenant: TenantId,
) -> Result<bool, Problem> {
    Ok(store::descendants(connection, home.0).await?.iter().any(|row| row.id == tenant.0))
}

/// The tenants a principal may work in: its own, and those below it when it may enter them.
///
/// # Errors
/// Database errors.
pub async fn enterable(
    connection: &mut PgConnection,
    home: TenantId,
    may_enter: bool,
) -> Result<Vec<TenantRow>, Problem> {
    if may_enter {
        return store::descendants(connection, home.0).await;
    }
    Ok(store::tenant(connection, home.0).await?.into_iter().collect())
}

/// Tenants whose background work runs.
///
/// # Errors
/// Database errors.
pub async fn active(store: &Store) -> Result<Vec<TenantId>, Problem> {
    let all = store.tenants().await?;
    Ok(all
        .into_iter()
        .filter(|tenant| tenant.status == TenantStatus::Active)
        .map(|tenant| tenant.id)
        .collect())
}
