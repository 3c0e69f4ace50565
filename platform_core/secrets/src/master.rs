//! Where the master key comes from.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kit::SecretText;
use zeroize::Zeroizing;

use crate::envelope::SecretKey;

/// Where the master key comes from: 32 bytes, written in base64.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file that only its owner may read. Created at the very first start.
    File(PathBuf),
    /// A text, for example from `PORTOLAN_SECRETS_KEY` or a systemd credential.
    Text(SecretText),
}

/// Reads the key. `may_create`: nothing was ever sealed, so a missing file may be made.
pub(crate) fn load(source: &KeySource, may_create: bool) -> Result<SecretKey, String> {
    match source {
        KeySource::Text(text) => parse(text.expose(), "the text given"),
        KeySource::File(path) => match fs::symlink_metadata(path) {
            Ok(_) => read(path),
            Err(error) if error.kind() == ErrorKind::NotFound && may_create => create(path),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(format!(
                "the master key {} is missing, but secrets were sealed with one; restore the file from your backup",
                path.display()
            )),
            Err(error) => Err(format!("cannot look at the master key {}: {error}", path.display())),
        },
    }
}

fn read(path: &Path) -> Result<SecretKey, String> {
    let meta = fs::metadata(path).map_err(|error| format!("cannot look at {}: {error}", path.display()))?;
    if meta.mode() & 0o077 != 0 {
        return Err(format!(
            "others may read the master key {0} (mode {1:04o}); run: chmod 0400 {0}",
            path.display(),
            meta.mode() & 0o7777
        ));
    }
    if meta.len() > 1024 {
        return Err(format!("{} is too long for a master key", path.display()));
    }
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| format!("cannot read the master key {}: {error}", path.display()))?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, whence: &str) -> Result<SecretKey, String> {
    BASE64_STANDARD
        .decode(text.trim())
        .map(Zeroizing::new)
        .ok()
        .and_then(|bytes| SecretKey::from_bytes(&bytes))
        .ok_or_else(|| format!("{whence} must be 32 bytes in base64 (44 characters)"))
}

/// Writes beside the final name first, so that a power cut leaves no half key behind.
fn create(path: &Path) -> Result<SecretKey, String> {
    let key = SecretKey::random();
    let text = Zeroizing::new(BASE64_STANDARD.encode(key.bytes()) + "\n");
    let half = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::remove_file(&half).or_else(|error| match error.kind() {
            ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(&half)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // Never over a key that somebody else has just made.
        fs::hard_link(&half, path)?;
        fs::remove_file(&half)?;
        path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    };
    write().map_err(|error| format!("cannot create the master key {}: {error}", path.display()))?;
    tracing::info!(path = %path.display(), "new master key for secrets; keep a copy of it apart from the database's backup");
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_made_once_protected_and_never_silently_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/master.key");
        let source = KeySource::File(path.clone());
        assert!(load(&source, false).err().unwrap().contains("restore the file"));
        let key = load(&source, true).ok().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o400);
        assert!(load(&source, true).ok().unwrap() == key);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(load(&source, true).err().unwrap().contains("chmod 0400"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "short").unwrap();
        assert!(load(&source, true).err().unwrap().contains("44 characters"));
    }
}
