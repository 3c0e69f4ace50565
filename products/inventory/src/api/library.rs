//! Types of devices, modules and racks as YAML documents of the community's form: import and export.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::{Ctx, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{one, records};
use crate::library::{self, DEVICES, Kind, MODULES, Order, RACKS};
use crate::plugin::Shared;

/// Largest body of an import, bytes.
const MAX_BODY: usize = 8 * 1024 * 1024;
/// Media types of YAML: that of RFC 9512, and what was in use before.
const YAML: [&str; 4] = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

pub(super) fn router(shared: Shared) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(import_device_types))
        .routes(routes!(import_module_types))
        .routes(routes!(import_rack_types))
        .routes(routes!(export_device_type))
        .routes(routes!(export_module_type))
        .routes(routes!(export_rack_type))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(shared)
}

/// How.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    /// Bring types that exist up to the documents; without it they are skipped.
    #[serde(default)]
    update: bool,
    /// Say what would be done, and do nothing.
    #[serde(default)]
    preview: bool,
}

async fn import(
    shared: &Shared,
    ctx: &Ctx,
    kind: Kind,
    how: &How,
    (headers, body): (&HeaderMap, &Bytes),
) -> Result<Response, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !YAML.contains(&media.as_str()) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Send the documents with the header Content-Type: application/yaml.",
        ));
    }
    let documents = kit::yaml::documents(body)?;
    let order = Order { kind, update: how.update, preview: how.preview };
    let (report, good) = library::import(records(shared)?, ctx, order, documents).await?;
    let status = if good || how.preview { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Json(report)).into_response())
}

async fn export(shared: &Shared, ctx: &Ctx, kind: Kind, id: Uuid) -> Result<Response, Problem> {
    let records = records(shared)?;
    let record = one(records, ctx, kind.model, id).await?;
    let text = kit::yaml::text(&library::export(records, ctx, kind, &record).await?)?;
    let name = record.get(kind.key).and_then(Value::as_str).unwrap_or("type");
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut response = format!("---\n{text}").into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/yaml"));
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}.yaml\""));
    headers.insert(header::CONTENT_DISPOSITION, name.map_err(Problem::internal)?);
    Ok(response)
}

/// Import types of devices: YAML documents, one a type, all or none. Manufacturers are made when missing.
#[utoipa::path(post, path = "/device-types/import", tag = "inventory", operation_id = "inventory_device_types_import_yaml",
    params(How), request_body(content = String, content_type = "application/yaml"),
    extensions(("x-permission" = json!("inventory/device-types:write"))),
    responses((status = 200, description = "What was done, or would be, by document", body = Object),
        (status = 422, description = "Documents with errors; nothing was written", body = Object)))]
async fn import_device_types(
    State(shared): State<Shared>,
    ctx: Ctx,
    Query(how): Query<How>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    import(&shared, &ctx, DEVICES, &how, (&headers, &body)).await
}

/// Import types of modules: YAML documents, one a type, all or none. Manufacturers are made when missing.
#[utoipa::path(post, path = "/module-types/import", tag = "inventory", operation_id = "inventory_module_types_import_yaml",
    params(How), request_body(content = String, content_type = "application/yaml"),
    extensions(("x-permission" = json!("inventory/module-types:write"))),
    responses((status = 200, description = "What was done, or would be, by document", body = Object),
        (status = 422, description = "Documents with errors; nothing was written", body = Object)))]
async fn import_module_types(
    State(shared): State<Shared>,
    ctx: Ctx,
    Query(how): Query<How>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    import(&shared, &ctx, MODULES, &how, (&headers, &body)).await
}

/// Import types of racks: YAML documents, one a type, all or none. Manufacturers are made when missing.
#[utoipa::path(post, path = "/rack-types/import", tag = "inventory", operation_id = "inventory_rack_types_import_yaml",
    params(How), request_body(content = String, content_type = "application/yaml"),
    extensions(("x-permission" = json!("inventory/rack-types:write"))),
    responses((status = 200, description = "What was done, or would be, by document", body = Object),
        (status = 422, description = "Documents with errors; nothing was written", body = Object)))]
async fn import_rack_types(
    State(shared): State<Shared>,
    ctx: Ctx,
    Query(how): Query<How>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    import(&shared, &ctx, RACKS, &how, (&headers, &body)).await
}

/// A type of devices with its templates, as a YAML document.
#[utoipa::path(get, path = "/device-types/{id}/export", tag = "inventory", operation_id = "inventory_device_types_export_yaml",
    params(("id" = Uuid, Path, description = "Device type")),
    extensions(("x-permission" = json!("inventory/device-types:read"))),
    responses((status = 200, description = "The document", body = String, content_type = "application/yaml"),
        (status = 404, description = "No such type")))]
async fn export_device_type(
    State(shared): State<Shared>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    export(&shared, &ctx, DEVICES, id).await
}

/// A type of modules with its templates, as a YAML document.
#[utoipa::path(get, path = "/module-types/{id}/export", tag = "inventory", operation_id = "inventory_module_types_export_yaml",
    params(("id" = Uuid, Path, description = "Module type")),
    extensions(("x-permission" = json!("inventory/module-types:read"))),
    responses((status = 200, description = "The document", body = String, content_type = "application/yaml"),
        (status = 404, description = "No such type")))]
async fn export_module_type(
    State(shared): State<Shared>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    export(&shared, &ctx, MODULES, id).await
}

/// A type of racks, as a YAML document.
#[utoipa::path(get, path = "/rack-types/{id}/export", tag = "inventory", operation_id = "inventory_rack_types_export_yaml",
    params(("id" = Uuid, Path, description = "Rack type")),
    extensions(("x-permission" = json!("inventory/rack-types:read"))),
    responses((status = 200, description = "The document", body = String, content_type = "application/yaml"),
        (status = 404, description = "No such type")))]
async fn export_rack_type(
    State(shared): State<Shared>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    export(&shared, &ctx, RACKS, id).await
}
