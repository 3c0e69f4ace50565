//! Uploads: looked at, kept by tenant, served without harm.
//!
//! A picture is what a decoder can read whole, within bounds; its type is what is in it, not what its
//! name or its sender says. Formats that can carry scripts (SVG) are none of those.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::images::{Image, Images, NewImage};
use kit::permission::Act;
use kit::record::Record;
use kit::records::{Ask, Where, Write};
use kit::{BoxFuture, Ctx, FieldError, Model, Permission, Problem, Services};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::image_attachment::IMAGE_ATTACHMENT;
use crate::picture::{ENDINGS, Seen, Unusable, look};

/// Largest file, bytes.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Longest part of a file's name that is kept, characters.
const MAX_NAME: usize = 100;

/// Pictures of the server. Cheap to clone.
#[derive(Clone)]
pub struct ImageStore {
    services: Services,
}

impl ImageStore {
    /// Over the record engine of the services.
    pub fn new(services: Services) -> Self {
        Self { services }
    }

    async fn find(&self, ctx: &Ctx, filter: Where) -> Result<Image, Problem> {
        let missing = || Problem::not_found("picture");
        let records = self.services.records()?;
        let model = records.model(IMAGE_ATTACHMENT.name).ok_or_else(missing)?;
        let ask = Ask { filter, limit: 1, ..Ask::default() };
        let record = records.find(ctx, model, &ask).await?.records.pop().ok_or_else(missing)?;
        let text = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or_default();
        let id: Uuid = text("id").parse().map_err(|_| missing())?;
        let bytes: Option<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM app.image_content WHERE id = $1")
            .bind(id)
            .fetch_optional(ctx.read().await?.conn())
            .await?;
        Ok(Image { media_type: text("media_type").to_owned(), bytes: bytes.ok_or_else(missing)? })
    }

    /// A picture by the id of its attachment.
    ///
    /// # Errors
    /// 403, 404.
    pub(crate) async fn by_id(&self, ctx: &Ctx, id: Uuid) -> Result<Image, Problem> {
        self.find(ctx, Where::is("id", "eq", id.to_string())).await
    }

    async fn keep(&self, ctx: &Ctx, new: NewImage) -> Result<Record, Problem> {
        let granted = ctx.authorize(Permission::new(IMAGE_ATTACHMENT.permission, Act::Write))?;
        let records = self.services.records()?.clone();
        let model: &'static Model = records
            .model(IMAGE_ATTACHMENT.name)
            .ok_or_else(|| Problem::internal("the engine has no image attachments"))?;
        let bytes = new.bytes;
        let name = safe_name(&new.file_name);
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default();
        // Decoding takes a while; the threads that answer others do not wait for it.
        let looked =
            tokio::task::spawn_blocking(move || checked(&bytes, &extension).map(|seen| (seen, bytes)));
        let (seen, bytes) =
            looked.await.map_err(Problem::internal)?.map_err(|message| wrong("image", message))?;
        let mut tx = ctx.write(granted).await?;
        let (object, id) = (&new.object.0, new.object.1);
        let target =
            records.model(object).ok_or_else(|| wrong("object", "There is no such type of records."))?;
        let ask = Ask { filter: Where::is("id", "eq", id.to_string()), limit: 1, ..Ask::default() };
        let found = records.find_in(&mut tx, target, &ask).await?.records.pop();
        let found = found.ok_or_else(|| wrong("object", "There is no such record."))?;
        let number = found.get("number").and_then(Value::as_i64).unwrap_or_default();
        let noun = object.split('.').next_back().unwrap_or_default().replace('_', "");
        let file_name = free_name(tx.conn(), &format!("{noun}_{number}_{name}")).await?;
        let mut record = Record::new();
        record.insert("object".to_owned(), json!({"type": object, "id": id}));
        record.insert("name".to_owned(), json!(new.name.filter(|name| !name.is_empty())));
        record.insert("description".to_owned(), json!(new.description.filter(|text| !text.is_empty())));
        record.insert("file_name".to_owned(), json!(file_name));
        if let Some(number) = new.number.filter(|_| ctx.is_copy()) {
            record.insert("number".to_owned(), json!(number));
        }
        record.insert("media_type".to_owned(), json!(seen.media_type));
        record.insert("image_width".to_owned(), json!(seen.width));
        record.insert("image_height".to_owned(), json!(seen.height));
        record.insert("image_size".to_owned(), json!(bytes.len()));
        let written = records.write_in(&mut tx, model, vec![Write::Create(record)]).await?.pop();
        let written = written.ok_or_else(|| Problem::internal("nothing was written"))?;
        let id: Uuid = written
            .get("id")
            .and_then(Value::as_str)
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| Problem::internal("a record without an id"))?;
        sqlx::query("INSERT INTO app.image_content (id, bytes) VALUES ($1, $2)")
            .bind(id)
            .bind(&bytes)
            .execute(tx.conn())
            .await?;
        tx.commit().await?;
        Ok(written)
    }
}

impl Images for ImageStore {
    fn store<'a>(&'a self, ctx: &'a Ctx, new: NewImage) -> BoxFuture<'a, Result<Record, Problem>> {
        Box::pin(self.keep(ctx, new))
    }

    fn by_name<'a>(&'a self, ctx: &'a Ctx, file_name: &'a str) -> BoxFuture<'a, Result<Image, Problem>> {
        Box::pin(self.find(ctx, Where::is("file_name", "eq", file_name)))
    }
}

/// A picture as an answer: nothing guesses its type, nothing in it runs.
pub(crate) fn served(image: Image) -> Response {
    let kind = HeaderValue::from_str(&image.media_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    (StatusCode::OK, headers, image.bytes).into_response()
}

fn wrong(field: &str, message: impl Into<String>) -> Problem {
    Problem::invalid(vec![FieldError {
        pointer: format!("/{field}"),
        code: "image".into(),
        message: message.into(),
    }])
}

/// Reads a picture whole.
fn checked(bytes: &[u8], extension: &str) -> Result<Seen, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("The file has {} bytes; at most {MAX_BYTES} are taken.", bytes.len()));
    }
    if !ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(extension)) {
        return Err(format!(
            "File extension \u{201c}{extension}\u{201d} is not allowed. Allowed extensions are: {}.",
            ENDINGS.join(", ")
        ));
    }
    look(bytes).map_err(|unusable| match unusable {
        Unusable::Large => {
            "The picture is too large: its sides, its frames or what it unpacks to.".to_owned()
        }
        Unusable::Unknown => {
            "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
                .to_owned()
        }
    })
}

/// The last part of a path, of plain characters.
fn safe_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: String = last.chars().map(plain).collect();
    let name = name.trim_start_matches('.');
    let cut = name.len().saturating_sub(MAX_NAME);
    name.get(cut..).unwrap_or_default().to_owned()
}

/// The name, or one like it when another picture has it.
async fn free_name(connection: &mut PgConnection, name: &str) -> Result<String, Problem> {
    let taken: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM app.image_attachment WHERE file_name = $1)")
            .bind(name)
            .fetch_one(connection)
            .await?;
    if !taken {
        return Ok(name.to_owned());
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let mark = Uuid::new_v4().simple().to_string();
    Ok(format!("{stem}_{}.{extension}", mark.get(..8).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sizes_are_bounded() {
        let large = vec![0; MAX_BYTES + 1];
        for (bytes, extension, expected) in [
            (b"".as_slice(), "exe", "extension"),
            (b"", "svg", "extension"),
            (b"hello", "png", "valid image"),
            (&large, "png", "bytes"),
        ] {
            let told = checked(bytes, extension).unwrap_err();
            assert!(told.contains(expected), "{extension}: {told}");
        }
    }

    #[test]
    fn names_are_made_safe() {
        for (given, expected) in [
            ("a b.png", "a_b.png"),
            ("../../etc/passwd.png", "passwd.png"),
            ("C:\\x\\y.png", "y.png"),
            (".htaccess", "htaccess"),
            ("x\r\nSet-Cookie: y.png", "x__Set-Cookie__y.png"),
        ] {
            assert_eq!(safe_name(given), expected);
        }
        assert_eq!(safe_name(&"x".repeat(500)).len(), MAX_NAME);
    }
}
