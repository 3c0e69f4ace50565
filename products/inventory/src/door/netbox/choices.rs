//! `extras/custom-field-choice-sets/1/choices`: what can be chosen.

use axum::response::Response;
use serde_json::{Value, json};

use super::errors::Refusal;
use super::objects::Call;
use super::query;

/// The endpoint of sets of choices.
pub(super) const SETS: &str = "extras/custom-field-choice-sets";

impl Call<'_> {
    /// GET: the choices of a set, those that have `q`.
    pub(super) async fn choices(&self, id: i64) -> Result<Response, Refusal> {
        let set = self.object(id).await?;
        let found = self.records.choices(&set, query::last(self.pairs, "q").unwrap_or_default());
        let choice = |(value, label): &(String, String)| json!({"id": value, "display": label});
        let results: Vec<Value> = query::cut(&found, self.pairs).iter().map(choice).collect();
        let path = format!("{SETS}/{id}/choices");
        let address = query::Address { base: self.base, path: &path, pairs: self.pairs };
        Ok(address.answer(found.len(), &results))
    }
}
