//! Cursors: where the next page begins, sealed so that they can be neither forged nor moved to
//! another tenant, model, filter or order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kit::{FieldError, Problem, TenantId};
use serde_json::Value;
use sha2::Sha256;

use super::{Query, parse};
use crate::datum::Datum;
use crate::entity::Entity;
use crate::row::Row;

const MAC_LENGTH: usize = 16;

/// The key that seals cursors.
pub(crate) struct CursorKey([u8; 32]);

impl CursorKey {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn mac(
        &self,
        tenant: TenantId,
        entity: &Entity,
        query: &Query,
        payload: &[u8],
    ) -> Result<Hmac<Sha256>, Problem> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(Problem::internal)?;
        let place = format!("{:?} {:?}", query.filter, query.sort);
        for part in [tenant.0.as_bytes(), entity.model.name.as_bytes(), place.as_bytes(), payload] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac)
    }

    /// The cursor behind `row`.
    pub(crate) fn seal(
        &self,
        tenant: TenantId,
        entity: &Entity,
        query: &Query,
        row: &Row,
    ) -> Result<String, Problem> {
        let values: Vec<Datum> =
            query.sort.iter().map(|key| sort_value(entity, row, key.column.name)).collect();
        let mut bytes = serde_json::to_vec(&values).map_err(Problem::internal)?;
        let tag = self.mac(tenant, entity, query, &bytes)?.finalize().into_bytes();
        bytes.extend(tag.iter().take(MAC_LENGTH));
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The sort values in a cursor, parallel to the order of the query.
    pub(crate) fn open(
        &self,
        tenant: TenantId,
        entity: &Entity,
        query: &Query,
        cursor: &str,
    ) -> Result<Vec<Datum>, Problem> {
        let refused = || {
            parse::problem(vec![FieldError {
                pointer: "?cursor".to_owned(),
                code: "invalid_cursor".into(),
                message:
                    "This cursor does not belong to this list with this filter and order, or it is from \
                          before a restart. Start again without cursor."
                        .to_owned(),
            }])
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let length = bytes.len().checked_sub(MAC_LENGTH).ok_or_else(refused)?;
        let (payload, tag) = bytes.split_at_checked(length).ok_or_else(refused)?;
        self.mac(tenant, entity, query, payload)?.verify_truncated_left(tag).map_err(|_| refused())?;
        let values: Vec<Value> = serde_json::from_slice(payload).map_err(|_| refused())?;
        if values.len() != query.sort.len() {
            return Err(refused());
        }
        let datums =
            query.sort.iter().zip(&values).map(|(key, value)| parse::value_of(&key.column.kind, value));
        datums.collect::<Result<_, _>>().map_err(|_| refused())
    }
}

/// The value of a row that the order compares.
pub(crate) fn sort_value(entity: &Entity, row: &Row, name: &str) -> Datum {
    match name {
        "id" => Datum::Uuid(row.id),
        "created_at" => Datum::Time(row.created_at),
        "updated_at" => Datum::Time(row.updated_at),
        "version" => Datum::Int(row.version),
        _ => row.cell(entity, name).cloned().unwrap_or(Datum::Null),
    }
}
