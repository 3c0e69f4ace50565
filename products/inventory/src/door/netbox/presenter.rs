//! Records in the form of the contract, for webhooks whose receivers know it.

use kit::presenter::Presenter;
use kit::record::{Model, Record};
use kit::{BoxFuture, Ctx, Problem, Services};
use serde_json::Value;

use super::PREFIX;
use super::contract::Endpoint;
use super::pool::Pool;
use super::render::{Form, Writer};

/// Shows records as NetBox's clients know them.
pub(crate) struct NetboxForm {
    services: Services,
}

impl NetboxForm {
    pub(crate) fn new(services: Services) -> Self {
        Self { services }
    }

    async fn shown(&self, ctx: &Ctx, model: &'static Model, record: &Record) -> Result<Value, Problem> {
        let Some(endpoint) = Endpoint::of_model(model.name) else { return Ok(Value::Object(record.clone())) };
        let records = self.services.records()?;
        let facts = Form::Full.facts(endpoint);
        let pool = Pool::load(&**records, ctx, endpoint, std::slice::from_ref(record), &facts).await?;
        let mut out = Vec::with_capacity(2_048);
        // Receivers know where this server is; the addresses are relative, as the contract has them.
        Writer { base: PREFIX, pool: &pool }.object(&mut out, endpoint, record, &facts);
        serde_json::from_slice(&out).map_err(Problem::internal)
    }
}

impl Presenter for NetboxForm {
    fn form(&self) -> &'static str {
        "netbox"
    }

    fn type_of(&self, model: &'static Model) -> Option<&'static str> {
        Endpoint::of_model(model.name).map(|endpoint| endpoint.kind.as_str())
    }

    fn field(&self, model: &'static Model, name: &str) -> Option<&'static str> {
        Endpoint::of_model(model.name)?.fact(name)?.column.as_deref()
    }

    fn show<'a>(
        &'a self,
        ctx: &'a Ctx,
        model: &'static Model,
        record: &'a Record,
    ) -> BoxFuture<'a, Result<Value, Problem>> {
        Box::pin(self.shown(ctx, model, record))
    }
}
