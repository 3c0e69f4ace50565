//! Pictures: fetched from where the NetBox says they are, one at a time, and sent as a form.

use inventory::netbox_copy::{Object, Step};
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

use super::remote::{MAX_ANSWER, Remote, id_of};
use super::run::Run;
use crate::Failure;

/// Fields that go with the file.
const FIELDS: [&str; 5] = ["id", "object_type", "object_id", "name", "description"];

impl Run<'_> {
    /// Copies pictures. What is refused waits; the last time it is told.
    pub(super) async fn pictures(
        &mut self,
        step: &Step,
        pictures: Vec<Object>,
        last: bool,
    ) -> Result<(), Failure> {
        for picture in pictures {
            let url = picture.get("image").and_then(Value::as_str).unwrap_or_default();
            let done = match self.source.file(url).await {
                Ok(bytes) => {
                    self.target.upload(step.path(), &picture, &name_of(&picture, url), &bytes).await?
                }
                Err(reason) => Err(json!({"image": [reason]})),
            };
            match done {
                Ok(()) => self.report.count(step.path()).created += 1,
                Err(errors) => self.refuse(step, id_of(&picture).unwrap_or_default(), &errors, last),
            }
        }
        Ok(())
    }
}

impl Remote {
    /// A file of this server: only the path of the address is used, so that the token goes nowhere else.
    async fn file(&self, url: &str) -> Result<Vec<u8>, String> {
        let path = Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.path().to_owned());
        let mut place = Url::parse(self.base()).map_err(|error| error.to_string())?;
        place.set_path(&path);
        let mut response = self.http.get(place).send().await.map_err(|error| error.to_string())?;
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !response.status().is_success() || !kind.starts_with("image/") {
            return Err(format!(
                "The NetBox gave no picture at {path} ({}, {kind}); it may want a login there.",
                response.status()
            ));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            if bytes.len() + chunk.len() > MAX_ANSWER {
                return Err(format!("more than {MAX_ANSWER} bytes"));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// Sends a picture; the inner error: what is wrong with it.
    async fn upload(
        &self,
        path: &str,
        picture: &Object,
        name: &str,
        bytes: &[u8],
    ) -> Result<Result<(), Value>, Failure> {
        let boundary = format!("portolan-{}", uuid::Uuid::new_v4().simple());
        let path = format!("/api/{path}/");
        let request = self
            .http
            .post(format!("{}{path}", self.base()))
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .body(form(&boundary, picture, name, bytes));
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let text = response.text().await.map_err(|error| self.unreachable(&error))?;
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text));
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(self.refused(&path, status, &answer));
        }
        Ok(if status.is_success() { Ok(()) } else { Err(answer) })
    }
}

/// The name of the file without what the server puts before it: `site_1_door.png`.
fn name_of(picture: &Object, url: &str) -> String {
    let name = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let kind = picture.get("object_type").and_then(Value::as_str).unwrap_or_default();
    let kind = kind.rsplit('.').next().unwrap_or_default();
    let prefix = format!("{kind}_{}_", picture.get("object_id").and_then(Value::as_i64).unwrap_or_default());
    let name = name.strip_prefix(&prefix).unwrap_or(name);
    name.chars().map(|c| if c == '"' || c == '\\' || c.is_control() { '_' } else { c }).collect()
}

/// `multipart/form-data` (RFC 7578).
fn form(boundary: &str, picture: &Object, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(bytes.len() + 1_024);
    for field in FIELDS {
        let value = match picture.get(field) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let part =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_names() {
        let picture = json!({"object_type": "dcim.site", "object_id": 1});
        let picture = picture.as_object().unwrap();
        for (url, name) in [
            ("http://x/media/image-attachments/site_1_door.png", "door.png"),
            ("http://x/media/image-attachments/site_2_door.png?x=1", "site_2_door.png"),
            ("/media/a\"b.png", "a_b.png"),
        ] {
            assert_eq!(name_of(picture, url), name);
        }
    }

    #[test]
    fn a_form_has_fields_and_a_file() {
        let picture =
            json!({"id": 5, "object_type": "dcim.site", "object_id": 1, "name": "x", "description": null});
        let text = String::from_utf8(form("B", picture.as_object().unwrap(), "a.png", b"DATA")).unwrap();
        assert!(
            text.starts_with("--B\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n5\r\n"),
            "{text}"
        );
        assert!(text.ends_with("\r\n\r\nDATA\r\n--B--\r\n") && !text.contains("description"), "{text}");
    }
}
