//! The talk with the server of a repository.

use std::path::Path;

use egress::{Policy, Trust};
use gix_hash::ObjectId;
use gix_packetline::PacketLineRef;
use gix_packetline::decode::{Stream, streaming};
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::io::AsyncWriteExt as _;

use super::Repository;
use super::wire::{Abilities, Band, Line, band, commit_of, said};

/// Largest answer before the pack, bytes.
const MAX_TALK: u64 = 4 * 1024 * 1024;
/// Largest pack, bytes.
const MAX_PACK: u64 = 256 * 1024 * 1024;
/// The pack, as it was received.
pub(super) const RECEIVED: &str = "received";

/// Fetches the newest commit into the directory, as [`RECEIVED`]; its id.
///
/// # Errors
/// Why that cannot be done, for people.
pub(super) async fn fetch(egress: &Policy, repository: &Repository, room: &Path) -> Result<ObjectId, String> {
    let url = egress.url(&repository.url).map_err(|error| error.to_string())?;
    let client = egress.client(&Trust::default()).map_err(|error| error.to_string())?;
    let base = url.as_str().trim_end_matches('/').to_owned();
    let talk = Talk { client, base, repository };
    let abilities = talk.introduction().await?;
    let commit = talk.commit(&abilities).await?;
    talk.pack(&abilities, commit, &room.join(RECEIVED)).await?;
    Ok(commit)
}

struct Talk<'a> {
    client: Client,
    /// The address without a slash at its end.
    base: String,
    repository: &'a Repository,
}

impl Talk<'_> {
    async fn introduction(&self) -> Result<Abilities, String> {
        let request = self.client.get(format!("{}/info/refs?service=git-upload-pack", self.base));
        let mut lines = self.send(request).await?;
        let mut known = Vec::new();
        while let Some(line) = lines.next().await.map_err(|error| no_git(&error))? {
            known.push(line);
        }
        Abilities::of(&known)
    }

    /// The newest commit of the branch.
    async fn commit(&self, abilities: &Abilities) -> Result<ObjectId, String> {
        let name = match &self.repository.branch {
            Some(branch) if branch.chars().any(|c| c.is_whitespace() || c.is_control()) => {
                return Err("The name of a branch has no spaces.".to_owned());
            }
            Some(branch) => format!("refs/heads/{branch}"),
            None => "HEAD".to_owned(),
        };
        let mut lines = self.ask(abilities.ask_ref(&name)).await?;
        while let Some(line) = lines.next().await? {
            if let Some(commit) = line.text().and_then(|text| commit_of(text, &name)) {
                return Ok(commit);
            }
        }
        Err(format!("The repository has no {name}."))
    }

    async fn pack(&self, abilities: &Abilities, commit: ObjectId, into: &Path) -> Result<(), String> {
        let mut lines = self.ask(abilities.ask_pack(commit)).await?;
        // Other parts of the answer come before.
        loop {
            match lines.next().await? {
                Some(line) if line.text() == Some("packfile") => break,
                Some(_) => {}
                None => return Err("The server sent no pack.".to_owned()),
            }
        }
        lines.left = MAX_PACK;
        let failed = |error: std::io::Error| format!("a repository cannot be kept: {error}");
        let mut file = tokio::fs::File::create(into).await.map_err(failed)?;
        while let Some(Line::Data(data)) = lines.next().await? {
            match band(&data) {
                Some(Band::Pack(part)) => file.write_all(part).await.map_err(failed)?,
                Some(Band::Progress) => {}
                Some(Band::Error(error)) => return Err(format!("The server said: {error}")),
                None => return Err("The server sent something that is no pack.".to_owned()),
            }
        }
        file.flush().await.map_err(failed)
    }

    async fn ask(&self, message: Vec<u8>) -> Result<Lines, String> {
        let request = self
            .client
            .post(format!("{}/git-upload-pack", self.base))
            .header(CONTENT_TYPE, "application/x-git-upload-pack-request")
            .header(ACCEPT, "application/x-git-upload-pack-result")
            .body(message);
        self.send(request).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Lines, String> {
        let mut request = request.header("Git-Protocol", "version=2");
        if let Some(password) = &self.repository.password {
            // Servers that know tokens want some name.
            let name = self.repository.username.as_deref().unwrap_or("git");
            request = request.basic_auth(name, Some(password.expose()));
        }
        let response = request.send().await.map_err(|error| told(&error))?;
        let status = response.status();
        if status.is_redirection() {
            let place = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
            return Err(format!(
                "The repository has moved to {}. Write its new address.",
                place.unwrap_or("?")
            ));
        }
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(format!("The server lets nobody in with this user and password ({status})."))
            }
            status if status.is_success() => Ok(Lines { response, buffer: Vec::new(), left: MAX_TALK }),
            status => Err(format!("The server of the repository answered {status}.")),
        }
    }
}

/// An error with its causes, without the address: it is known, and shorter without.
fn told(error: &reqwest::Error) -> String {
    let mut text = "The repository cannot be reached".to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn no_git(error: &str) -> String {
    format!("There is no Git repository at this address: {error}")
}

/// The lines of an answer.
struct Lines {
    response: Response,
    /// Received and not read yet.
    buffer: Vec<u8>,
    /// Bytes that may still come.
    left: u64,
}

impl Lines {
    /// The next line; none behind the last one.
    async fn next(&mut self) -> Result<Option<Line>, String> {
        loop {
            match streaming(&self.buffer).map_err(|error| format!("no line of Git: {error}"))? {
                Stream::Complete { line, bytes_consumed } => {
                    let line = match line {
                        PacketLineRef::Data(data) if data.starts_with(b"ERR ") => {
                            return Err(format!(
                                "The server said: {}",
                                said(data.get(4..).unwrap_or_default())
                            ));
                        }
                        PacketLineRef::Data(data) => Line::Data(data.to_vec()),
                        PacketLineRef::Delimiter => Line::Delimiter,
                        PacketLineRef::Flush | PacketLineRef::ResponseEnd => Line::Flush,
                    };
                    self.buffer.drain(..bytes_consumed);
                    return Ok(Some(line));
                }
                Stream::Incomplete { .. } => {}
            }
            match self.response.chunk().await.map_err(|error| told(&error))? {
                None if self.buffer.is_empty() => return Ok(None),
                None => return Err("The answer of the server broke off.".to_owned()),
                Some(chunk) => {
                    let size = chunk.len() as u64;
                    self.left =
                        self.left.checked_sub(size).ok_or("The server sent more than a source may have.")?;
                    self.buffer.extend_from_slice(&chunk);
                }
            }
        }
    }
}
