//! Pictures: uploads by forms, and the files themselves.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::images::{Images, NewImage};
use kit::{Ctx, Services};
use serde_json::{Map, Value, json};

use super::errors::{Errors, Refusal, add};
use super::input;
use super::objects::{Call, first};
use super::resolve::Resolved;

/// Where the files are.
pub(super) const PATH: &str = "/media/image-attachments/";
/// Largest form, bytes.
const MAX_FORM: u64 = 11 * 1024 * 1024;
/// Most fields of a form.
const MAX_FIELDS: usize = 100;

/// Is the body a form with files?
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

/// A form: its texts, and the file that came as `image`.
struct Form {
    texts: Map<String, Value>,
    file: Option<(String, Vec<u8>)>,
}

async fn form(request: Request) -> Result<Form, Refusal> {
    let bad = |text: String| {
        Refusal::detail(StatusCode::BAD_REQUEST, format!("Multipart form parse error - {text}"))
    };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let boundary =
        multer::parse_boundary(kind.unwrap_or_default()).map_err(|error| bad(error.to_string()))?;
    let limits = multer::Constraints::new().size_limit(multer::SizeLimit::new().whole_stream(MAX_FORM));
    let mut parts =
        multer::Multipart::with_constraints(request.into_body().into_data_stream(), boundary, limits);
    let mut form = Form { texts: Map::new(), file: None };
    let mut left = MAX_FIELDS;
    while let Some(part) = parts.next_field().await.map_err(|error| bad(error.to_string()))? {
        left = left.checked_sub(1).ok_or_else(|| bad(format!("more than {MAX_FIELDS} fields")))?;
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| bad(error.to_string()))?;
        match file {
            Some(file) if name == "image" => form.file = Some((file, bytes.to_vec())),
            // No endpoint but that of pictures takes files.
            Some(_) => return Err(Refusal::field(&name, "This server keeps pictures as image attachments.")),
            None => drop(form.texts.insert(name, Value::from(String::from_utf8_lossy(&bytes)))),
        }
    }
    Ok(form)
}

/// The file of a picture.
pub(super) async fn picture(services: &Services, ctx: &Ctx, file: &str) -> Result<Response, Refusal> {
    let image = services.images()?.by_name(ctx, file).await?;
    let kind = header::HeaderValue::from_str(&image.media_type);
    let kind = kind.unwrap_or_else(|_| header::HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static("sandbox; default-src 'none'")),
    ];
    Ok((StatusCode::OK, headers, image.bytes).into_response())
}

impl Call<'_> {
    /// POST of a form: an image attachment, or an object without files.
    pub(super) async fn upload(&self, images: &dyn Images, request: Request) -> Result<Response, Refusal> {
        let form = form(request).await?;
        if self.endpoint.kind != "extras.imageattachment" {
            if form.file.is_some() {
                return Err(Refusal::field("image", "This server keeps pictures as image attachments."));
            }
            return self.create(Value::Object(form.texts)).await;
        }
        let Some((file_name, bytes)) = form.file else {
            let mut errors = Self::wrong_texts(&form.texts);
            let text = if form.texts.contains_key("image") {
                "The submitted data was not a file. Check the encoding type on the form."
            } else {
                "No file was submitted."
            };
            add(&mut errors, "image", text);
            return Err(Refusal::fields(errors));
        };
        let body = Value::Object(form.texts.clone());
        let given = input::object(self.endpoint, &body, true).map_err(Refusal::fields)?;
        let errors = Self::wrong_texts(&form.texts);
        if !errors.is_empty() {
            return Err(Refusal::fields(errors));
        }
        let resolved = Resolved::of(self.records, self.ctx, std::slice::from_ref(&given)).await?;
        let invalid = |text: String| {
            let mut errors = Errors::new();
            add(&mut errors, "__all__", text);
            Refusal::fields(errors)
        };
        let fields = resolved
            .record(self.model, &given, None)
            .map_err(|_| invalid("Invalid parent object: there is none with this id.".to_owned()))?;
        let object = fields.get("object");
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let kind = text(object.and_then(|object| object.get("type"))).unwrap_or_default();
        let id = text(object.and_then(|object| object.get("id"))).and_then(|id| id.parse().ok());
        let Some(id) = id else { return Err(invalid("Invalid parent object.".to_owned())) };
        let number = form.texts.get("id").and_then(Value::as_str).and_then(|id| id.parse::<i64>().ok());
        let said = number.map(|number| json!({ "id": number })).into_iter().collect::<Vec<_>>();
        let number = self.said(&said).await?.map_err(first)?.into_iter().next().flatten();
        let new = NewImage {
            object: (kind, id),
            number,
            name: text(fields.get("name")),
            description: text(fields.get("description")),
            file_name,
            bytes,
        };
        let record = images.store(self.ctx, new).await.map_err(|problem| {
            let image = problem.errors.iter().find(|error| error.pointer == "/image");
            match image {
                Some(error) => Refusal::field("image", error.message.clone()),
                None => problem.clone().into(),
            }
        })?;
        self.created(&record).await
    }

    /// What is missing of the object that a picture is of.
    fn wrong_texts(texts: &Map<String, Value>) -> Errors {
        let mut errors = Errors::new();
        for name in ["object_type", "object_id"] {
            if !texts.contains_key(name) {
                add(&mut errors, name, "This field is required.");
            }
        }
        errors
    }
}
