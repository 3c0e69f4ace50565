//! Objects of a copy say their ids (`copy::KEEP_IDS`). Safe by: the right to administer the type
//! (`Ctx::copying`), a unique index, and a counter that goes on behind the highest id
//! (`platform_core/records/src/engine/numbers.rs`); the change log says who wrote them.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use kit::Ctx;
use kit::record::Model;
use serde_json::Value;

use super::copy::KEEP_IDS;
use super::errors::{Errors, Refusal, add};
use super::objects::{Call, Wrong, all};

/// The highest id: what a double holds exactly, so that every client reads what was written.
const MAX_ID: i64 = (1 << 53) - 1;

/// The operation as a copy, when the request says so.
pub(super) fn copied(headers: &HeaderMap, ctx: Ctx, model: &'static Model) -> Result<Ctx, Refusal> {
    match headers.get(KEEP_IDS).map(HeaderValue::as_bytes) {
        None | Some(b"false") => Ok(ctx),
        Some(b"true") => Ok(ctx.copying(model.permission)?),
        Some(_) => {
            let text = format!("The header {KEEP_IDS} is true or false.");
            Err(Refusal::detail(StatusCode::BAD_REQUEST, text))
        }
    }
}

/// The id that a body says.
fn id_of(body: &Value) -> Result<Option<i64>, Errors> {
    let number = match body.get("id") {
        None => return Ok(None),
        Some(value) => value.as_i64(),
    };
    match number.filter(|number| (1..=MAX_ID).contains(number)) {
        Some(number) => Ok(Some(number)),
        None => {
            let mut errors = Errors::new();
            add(&mut errors, "id", format!("An id is a whole number from 1 to {MAX_ID}."));
            Err(errors)
        }
    }
}

impl Call<'_> {
    /// The ids that new objects say: none but in a copy. The inner error: ids that are wrong or taken.
    pub(super) async fn said(&self, bodies: &[Value]) -> Result<Result<Vec<Option<i64>>, Wrong>, Refusal> {
        if !self.ctx.is_copy() {
            return Ok(Ok(vec![None; bodies.len()]));
        }
        let numbers = match all(bodies.iter().map(id_of)) {
            Ok(numbers) => numbers,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let wanted: Vec<i64> = numbers.iter().flatten().copied().collect();
        let taken = self.numbered(&wanted).await?;
        let (mut seen, mut wrong) = (BTreeSet::new(), Wrong::new());
        for (at, number) in numbers.iter().enumerate() {
            let Some(number) = number else { continue };
            if taken.contains_key(number) || !seen.insert(*number) {
                let mut errors = Errors::new();
                add(&mut errors, "id", format!("{} with this id exists already.", self.endpoint.title()));
                wrong.push((at, errors));
            }
        }
        Ok(if wrong.is_empty() { Ok(numbers) } else { Err(wrong) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_whole_numbers() {
        for (id, said) in [(json!(1), 1), (json!(MAX_ID), MAX_ID)] {
            assert_eq!(id_of(&json!({ "id": id })), Ok(Some(said)));
        }
        assert_eq!(id_of(&json!({"name": "x"})), Ok(None));
        for bad in
            [json!(0), json!(-1), json!(1.5), json!("1"), json!(null), json!(MAX_ID + 1), json!(u64::MAX)]
        {
            assert!(id_of(&json!({ "id": bad })).is_err(), "{bad}");
        }
    }
}
