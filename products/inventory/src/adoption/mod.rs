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

impl SourceOfTruth for Truth {
    fn authorize_adoption(&self, ctx: &Ctx) -> Result<(), Problem> {
        ADOPTION.iter().try_for_each(|object| ctx.authorize(Permission::new(object, Act::Write)).map(drop))
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
            // Whoever accepted wants to see it settled; what cannot be published now stays due.
            if let Err(problem) = self.publisher.due(ctx.tenant()).await {
                tracing::warn!(%problem, "what was written could not be published at once");
            }
            Ok(made)
        })
    }
}
