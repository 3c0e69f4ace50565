//! Templates of people as a service: lists are exported by them, configurations and the bodies of
//! webhooks are made from them.

use serde_json::{Map, Value};

use crate::BoxFuture;
use crate::problem::Problem;

/// Templates to be rendered over the same values.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// The templates, in the language of Jinja.
    pub codes: Vec<String>,
    /// Of the environment: `trim_blocks`, `lstrip_blocks`, `keep_trailing_newline`, `autoescape`,
    /// `undefined`.
    pub params: Map<String, Value>,
    /// What they see: an object.
    pub context: Value,
}

impl Rendering {
    /// One template.
    pub fn one(code: impl Into<String>, context: Value) -> Self {
        Self { codes: vec![code.into()], params: Map::new(), context }
    }
}

/// Renders templates: bounded in time and memory, without files, network or other templates.
/// Implemented by `platform_core/templates`.
pub trait Templates: Send + Sync {
    /// The texts, in the order of the templates.
    ///
    /// # Errors
    /// 422 `template` with what is wrong and the line; 503 when too many are rendered.
    fn render(&self, rendering: Rendering) -> BoxFuture<'_, Result<Vec<String>, Problem>>;
}
