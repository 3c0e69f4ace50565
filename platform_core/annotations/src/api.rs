//! Routes beside those of the record engine: pictures.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use kit::images::{Images, NewImage};
use kit::{Ctx, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::images::{ImageStore, served};

/// Largest body of an upload, bytes.
const MAX_BODY: usize = 11 * 1024 * 1024;

/// Uploads and files of image attachments; lists and reads are the record engine's.
pub fn router(images: ImageStore) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .routes(routes!(content))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(images)
}

/// What an upload shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Upload {
    /// Model of the record: `inventory.site`.
    object_type: String,
    /// The record.
    object_id: Uuid,
    /// Name of the picture.
    name: Option<String>,
    /// What it shows.
    description: Option<String>,
    /// Name of the file, with its extension.
    file_name: String,
}

/// Attach a picture to a record: PNG, JPEG, GIF or WebP, at most 10 MiB. The body is the file.
#[utoipa::path(post, path = "/platform/image-attachments/upload", tag = "platform",
    operation_id = "platform_image_attachments_upload", params(Upload),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    extensions(("x-permission" = json!("platform/image-attachments:write"))),
    responses((status = 201, description = "The attachment"), (status = 422, description = "No picture, or no such record")))]
async fn upload(
    State(images): State<ImageStore>,
    ctx: Ctx,
    Query(upload): Query<Upload>,
    body: Bytes,
) -> Result<(StatusCode, axum::Json<Value>), Problem> {
    let new = NewImage {
        number: None,
        object: (upload.object_type, upload.object_id),
        name: upload.name,
        description: upload.description,
        file_name: upload.file_name,
        bytes: body.to_vec(),
    };
    let record = images.store(&ctx, new).await?;
    Ok((StatusCode::CREATED, axum::Json(Value::Object(record))))
}

/// The file of a picture.
#[utoipa::path(get, path = "/platform/image-attachments/{id}/content", tag = "platform",
    operation_id = "platform_image_attachments_content", params(("id" = Uuid, Path, description = "Attachment")),
    extensions(("x-permission" = json!("platform/image-attachments:read"))),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), (status = 404, description = "No such attachment")))]
async fn content(
    State(images): State<ImageStore>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    images.by_id(&ctx, id).await.map(served)
}
