//! The records as a GraphQL schema: what `definition` makes of the models, loaded through the record engine
//! under the caller's rights.

mod definition;
mod filter;
mod http;
mod load;

use std::sync::Arc;

use kit::graphql::{GraphQl as _, Limits, Schema};
use kit::{Model, Problem};
use records::Engine;

use crate::schema::Executor;
use definition::Catalogue;

pub use http::router;

/// Bounds of a query over records.
const LIMITS: Limits = Limits { depth: 12, fields: 500, aliases: Some(50), objects: 10_000 };

/// The source of the schema over records.
struct Native {
    engine: Engine,
    catalogue: Catalogue,
}

impl Native {
    /// The schema over all models of the engine. Takes a while: it is read and checked as a whole.
    ///
    /// # Errors
    /// 500 when the models make no valid schema.
    fn schema(engine: &Engine) -> Result<Arc<dyn Schema>, Problem> {
        let models: Vec<&'static Model> = engine.models().collect();
        let catalogue = Catalogue::new(&models);
        let definition = catalogue.definition.clone();
        Executor.schema(&definition, Arc::new(Self { engine: engine.clone(), catalogue }), LIMITS)
    }
}
