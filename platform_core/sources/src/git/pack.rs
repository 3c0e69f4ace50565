//! Files out of a received pack. Nothing of it is trusted: neither sizes nor numbers nor shapes.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use gix_hash::{Kind, ObjectId};
use gix_object::tree::EntryKind;
use gix_object::{CommitRefIter, TreeRefIter};
use gix_pack::Bundle;
use gix_pack::bundle::write::Options;
use gix_pack::cache::Never;
use gix_utils::progress::Discard;
use gix_zlib::Inflate;

use super::fetch::RECEIVED;
use crate::directory::{FoundFile, MAX_ALL, MAX_DEPTH, MAX_FILES, MAX_PATH, Patterns};

/// Largest object that is unpacked, bytes: above the largest file, so that a larger one is told by its name.
const MAX_OBJECT: usize = 64 * 1024 * 1024;
/// Directories looked into: trees can name each other again and again.
const MAX_TREES: usize = 100_000;

fn broken(error: impl std::fmt::Display) -> String {
    format!("The pack of the repository cannot be read: {error}")
}

/// The files of a commit in the order of their paths.
pub(super) fn files(
    commit: &ObjectId,
    room: &Path,
    ignored: &Patterns,
    stop: &AtomicBool,
) -> Result<Vec<FoundFile>, String> {
    let mut pack = BufReader::new(File::open(room.join(RECEIVED)).map_err(broken)?);
    let options =
        Options { thread_limit: Some(1), alloc_limit_bytes: Some(MAX_OBJECT), ..Options::default() };
    let nowhere = None::<gix_object::find::Never>;
    let written =
        Bundle::write_to_directory(&mut pack, Some(room), &mut Discard, stop, nowhere, Kind::Sha1, options);
    let bundle =
        written.map_err(broken)?.to_bundle().ok_or_else(|| broken("it is empty"))?.map_err(broken)?;
    let mut unpacked = Unpacked { bundle, inflate: Inflate::default(), buffer: Vec::new() };
    let root = unpacked.root(commit)?;
    let mut walk = Walk { ignored, found: Vec::new(), bytes: 0, open: vec![(root, String::new(), 0)] };
    let mut trees = 0;
    while let Some((tree, path, depth)) = walk.open.pop() {
        trees += 1;
        if trees > MAX_TREES || stop.load(Ordering::Relaxed) {
            return Err(format!("A repository has at most {MAX_TREES} directories."));
        }
        let data = unpacked.object(&tree, gix_object::Kind::Tree)?.to_vec();
        walk.tree(&data, &path, depth, &mut unpacked)?;
    }
    walk.found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walk.found)
}

struct Unpacked {
    bundle: Bundle,
    inflate: Inflate,
    buffer: Vec<u8>,
}

impl Unpacked {
    /// The content of an object.
    fn object(&mut self, id: &ObjectId, kind: gix_object::Kind) -> Result<&[u8], String> {
        let found = self.bundle.find(id, &mut self.buffer, &mut self.inflate, &mut Never).map_err(broken)?;
        let (data, _) = found.ok_or_else(|| broken(format!("{id} is missing")))?;
        if data.kind == kind { Ok(data.data) } else { Err(broken(format!("{id} is no {kind}"))) }
    }

    /// The directory of a commit.
    fn root(&mut self, commit: &ObjectId) -> Result<ObjectId, String> {
        let data = self.object(commit, gix_object::Kind::Commit)?;
        CommitRefIter::from_bytes(data, Kind::Sha1).tree_id().map_err(broken)
    }
}

struct Walk<'a> {
    ignored: &'a Patterns,
    found: Vec<FoundFile>,
    /// Of all files together.
    bytes: u64,
    /// Directories to look into: with their paths, and how deep they are.
    open: Vec<(ObjectId, String, usize)>,
}

impl Walk<'_> {
    fn tree(&mut self, data: &[u8], path: &str, depth: usize, unpacked: &mut Unpacked) -> Result<(), String> {
        for entry in TreeRefIter::from_bytes(data, Kind::Sha1) {
            let entry = entry.map_err(broken)?;
            let name = String::from_utf8_lossy(entry.filename).into_owned();
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if self.ignored.leave_out(&path, &name) || path.chars().count() > MAX_PATH {
                continue;
            }
            match entry.mode.kind() {
                EntryKind::Tree if depth < MAX_DEPTH => {
                    self.open.push((entry.oid.to_owned(), path, depth + 1));
                }
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    let content = unpacked.object(&entry.oid.to_owned(), gix_object::Kind::Blob)?.to_vec();
                    let file = FoundFile::of(path, content)?;
                    self.bytes += file.size;
                    self.found.push(file);
                }
                // Links may lead anywhere; submodules are repositories of their own.
                EntryKind::Tree | EntryKind::Link | EntryKind::Commit => {}
            }
            if self.found.len() > MAX_FILES || self.bytes > MAX_ALL || self.open.len() > MAX_TREES {
                return Err(format!("A source has at most {MAX_FILES} files and {MAX_ALL} bytes."));
            }
        }
        Ok(())
    }
}
