//! The inventory as the source of truth for others: what was observed becomes records, under the rights
//! of whoever accepts it, in one transaction, with the reason in the change log.

mod device;
mod repair;
mod vocabulary;
mod words;
mod writer;

use kit::permission::Act;
use kit::{BoxFuture, Ctx, Permission, Problem, Services, SourceOfTruth};
use model::adoption::{ObservedDevice, Plan, Repair, Wishes};
use uuid::Uuid;

use crate::intended::Publisher;
use vocabulary::Vocabulary;
use writer::Writer;

/// The permission object of devices.
const DEVICES: &str = "inventory/devices";
/// Most repairs of one transaction.
const REPAIRS: usize = 1_000;

/// The inventory, asked by other products.
pub(crate) struct Truth {
    services: Services,
    publisher: Publisher,
}

impl Truth {
    pub(crate) fn new(services: Services, publisher: Publisher) -> Self {
        Self { services, publisher }
    }

    /// Whoever accepted wants to see it settled; what cannot be published now stays due.
    async fn publish(&self, ctx: &Ctx) {
        if let Err(problem) = self.publisher.due(ctx.tenant()).await {
            tracing::warn!(%problem, "what was written could not be published at once");
        }
    }

    async fn adopt_one(
        &self,
        ctx: &Ctx,
        device: &ObservedDevice,
        wishes: Wishes,
        because: &str,
        words: &mut Option<Vocabulary>,
    ) -> Result<Uuid, Problem> {
        let mut tx = ctx.write(ctx.authorize(Permission::new(DEVICES, Act::Write))?).await?;
        tx.because(because);
        let words = Vocabulary::once(words, tx.conn()).await?;
        let records = self.services.records()?;
        let made = device::adopt(&mut Writer::new(records.as_ref(), &mut tx), words, device, wishes).await?;
        tx.commit().await?;
        Ok(made)
    }
}

/// The right that opens the transaction; every write asks for its own.
fn opens(repair: &Repair) -> Permission {
    let (object, act) = match repair {
        Repair::AdoptDevice { .. } | Repair::RetireDevice { .. } | Repair::SetDevice { .. } => {
            (DEVICES, Act::Write)
        }
        Repair::AddInterface { .. } | Repair::SetInterface { .. } => ("inventory/interfaces", Act::Write),
        Repair::RemoveInterface { .. } => ("inventory/interfaces", Act::Delete),
        Repair::AddAddress { .. } | Repair::MoveAddress { .. } | Repair::ReleaseAddress { .. } => {
            ("inventory/ip-addresses", Act::Write)
        }
        Repair::AddCable { .. } => ("inventory/cables", Act::Write),
        Repair::MoveCable { .. } => ("inventory/cable-terminations", Act::Write),
        Repair::RemoveCable { .. } => ("inventory/cables", Act::Delete),
    };
    Permission::new(object, act)
}

/// What adopting devices with their cables may write.
const ADOPTION: &[&str] = &[
    DEVICES,
    "inventory/interfaces",
    "inventory/mac-addresses",
    "inventory/ip-addresses",
    "inventory/vrfs",
    "inventory/cables",
    "inventory/cable-terminations",
    "inventory/sites",
    "inventory/device-roles",
    "inventory/manufacturers",
    "inventory/device-types",
    "inventory/platforms",
];

/// What repairs may delete.
const DELETED: &[&str] = &["inventory/interfaces", "inventory/cables", "inventory/cable-terminations"];

/// Words that an adoption creates and others may use meanwhile: they stay when it is taken back.
const SHARED: &[&str] = &[
    "inventory.site",
    "inventory.device_role",
    "inventory.manufacturer",
    "inventory.device_type",
    "inventory.platform",
    "inventory.vrf",
];

impl SourceOfTruth for Truth {
    fn authorize_adoption(&self, ctx: &Ctx, deletes: bool) -> Result<(), Problem> {
        for object in ADOPTION {
            ctx.authorize(Permission::new(object, Act::Write))?;
        }
        if deletes {
            for object in DELETED {
                ctx.authorize(Permission::new(object, Act::Delete))?;
            }
        }
        Ok(())
    }

    fn plan<'a>(
        &'a self,
        ctx: &'a Ctx,
        devices: &'a [ObservedDevice],
        wishes: Wishes,
    ) -> BoxFuture<'a, Result<Vec<Plan>, Problem>> {
        Box::pin(async move {
            ctx.authorize(Permission::new(DEVICES, Act::Read))?;
            device::plans(ctx.read().await?.conn(), devices, wishes).await
        })
    }

    fn adopt<'a>(
        &'a self,
        ctx: &'a Ctx,
        devices: &'a [ObservedDevice],
        wishes: Wishes,
        because: &'a str,
    ) -> BoxFuture<'a, Vec<Result<Uuid, Problem>>> {
        Box::pin(async move {
            let mut words = None;
            let mut made = Vec::with_capacity(devices.len());
            for device in devices {
                let because = format!("{because}: entity {}", device.entity);
                let done = self.adopt_one(ctx, device, wishes, &because, &mut words).await;
                let trouble = done.as_ref().is_err_and(|problem| problem.status.is_server_error());
                if done.is_err() {
                    // The words it made are undone with it.
                    words = None;
                }
                made.push(done);
                if trouble {
                    break;
                }
            }
            self.publish(ctx).await;
            made
        })
    }

    fn take_back<'a>(
        &'a self,
        ctx: &'a Ctx,
        request: Uuid,
        reason: &'a str,
        because: &'a str,
    ) -> BoxFuture<'a, Result<usize, Problem>> {
        Box::pin(async move {
            // Any right to write opens the transaction; every record asks for its own.
            let any =
                ADOPTION.iter().find_map(|object| ctx.authorize(Permission::new(object, Act::Write)).ok());
            let granted = match any {
                Some(granted) => granted,
                None => ctx.authorize(Permission::new(DEVICES, Act::Write))?,
            };
            let mut tx = ctx.write(granted).await?;
            tx.because(because);
            let records = self.services.records()?;
            let undone = records.take_back(&mut tx, request, reason, SHARED).await?;
            tx.commit().await?;
            self.publish(ctx).await;
            Ok(undone)
        })
    }

    fn repair<'a>(
        &'a self,
        ctx: &'a Ctx,
        repairs: &'a [Repair],
        wishes: Wishes,
        because: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Uuid>, Problem>> {
        Box::pin(async move {
            if repairs.len() > REPAIRS {
                return Err(Problem::bad_request(format!("At most {REPAIRS} repairs in one transaction.")));
            }
            let Some(first) = repairs.first() else { return Ok(Vec::new()) };
            let mut tx = ctx.write(ctx.authorize(opens(first))?).await?;
            tx.because(because);
            let records = self.services.records()?;
            let made = repair::repair(&mut Writer::new(records.as_ref(), &mut tx), repairs, wishes).await?;
            tx.commit().await?;
            self.publish(ctx).await;
            Ok(made)
        })
    }
}
