//! Programs, accounts and directories.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;
use nix::unistd::{User, chown, geteuid};

use super::{CLUSTER_USER, PostgresConfig};
use crate::EngineError;
use crate::log::Tail;
use crate::spawn::{Account, command};

const OLDEST: u32 = 15;
/// `sockaddr_un` holds 107 bytes; `/.s.PGSQL.5432` takes 14 of them.
const LONGEST_SOCKET_DIR: usize = 107 - 14;

/// Everything the supervisor needs.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) postgres: PathBuf,
    pub(super) account: Option<Account>,
    pub(super) data: PathBuf,
    pub(super) socket_dir: PathBuf,
    pub(super) major: u32,
    pub(super) config: PostgresConfig,
    /// Held as long as the supervisor lives: one server per directory.
    pub(super) _lock: File,
}

/// Blocking: finds programs, makes directories, takes the lock, runs `initdb` when needed.
pub(super) fn prepare(config: &PostgresConfig, tail: &Tail) -> Result<Prepared, EngineError> {
    let bin = find_binaries(config.bin_dir.as_deref())?;
    let postgres = bin.join("postgres");
    let major = program_major(&postgres)?;
    let account = account();
    let root = std::path::absolute(&config.root)
        .map_err(EngineError::file("resolve the data directory", &config.root))?;
    make_root(&root, account.as_ref())?;
    let lock = lock(&root)?;
    let data = root.join("data");
    match data_major(&data)? {
        Some(data_major) if data_major != major => {
            return Err(EngineError::OtherMajor { dir: data, data: data_major, program: major });
        }
        Some(_) => {}
        None => initdb(&bin, account.as_ref(), &data, config.durable, tail)?,
    }
    let socket_dir = socket_dir(&root, account.as_ref())?;
    Ok(Prepared { postgres, account, data, socket_dir, major, config: config.clone(), _lock: lock })
}

fn find_binaries(configured: Option<&Path>) -> Result<PathBuf, EngineError> {
    let from_environment = std::env::var_os("PORTOLAN_PG_BIN").map(PathBuf::from);
    let candidates: Vec<PathBuf> = if let Some(dir) = configured.map(Path::to_path_buf).or(from_environment) {
        vec![dir]
    } else {
        let debian = (OLDEST..=18).rev().map(|major| format!("/usr/lib/postgresql/{major}/bin").into());
        let beside_us = std::env::current_exe()
            .ok()
            .and_then(|exe| Some(exe.parent()?.parent()?.join("vendor/postgres/bin")));
        debian.chain(beside_us).chain(["/usr/local/pgsql/bin".into()]).collect()
    };
    let complete = |dir: &&PathBuf| dir.join("postgres").is_file() && dir.join("initdb").is_file();
    candidates.iter().find(complete).cloned().ok_or_else(|| EngineError::NoBinaries {
        looked: candidates.iter().map(|dir| dir.display().to_string()).collect::<Vec<_>>().join(", "),
    })
}

fn program_major(postgres: &Path) -> Result<u32, EngineError> {
    let failed = |why: String| EngineError::Failed { program: postgres.display().to_string(), why };
    let output =
        Command::new(postgres).arg("--version").output().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = parse_major(&text).ok_or_else(|| failed(format!("cannot read its version from {text:?}")))?;
    if major < OLDEST {
        return Err(EngineError::TooOld { program: postgres.to_owned(), found: major });
    }
    Ok(major)
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `18beta2` or a `PG_VERSION` file.
fn parse_major(text: &str) -> Option<u32> {
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn data_major(data: &Path) -> Result<Option<u32>, EngineError> {
    let path = data.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(parse_major(&text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(EngineError::file("read", path)(error)),
    }
}

/// PostgreSQL refuses to run as root: then the account `portolan`, else `postgres`, else `nobody`.
fn account() -> Option<Account> {
    if !geteuid().is_root() {
        return None;
    }
    ["portolan", "postgres", "nobody"].into_iter().find_map(|name| {
        let user = User::from_name(name).ok().flatten()?;
        Some(Account { name: user.name, uid: user.uid, gid: user.gid })
    })
}

fn make_root(root: &Path, account: Option<&Account>) -> Result<(), EngineError> {
    if let Some(parent) = root.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(parent)
            .map_err(EngineError::file("create", parent))?;
    }
    make_private(root, account)?;
    let Some(account) = account else { return Ok(()) };
    for dir in root.ancestors().skip(1) {
        let meta = fs::metadata(dir).map_err(EngineError::file("look at", dir))?;
        let passable = meta.mode() & 0o001 != 0
            || (meta.uid() == account.uid.as_raw() && meta.mode() & 0o100 != 0)
            || (meta.gid() == account.gid.as_raw() && meta.mode() & 0o010 != 0);
        if !passable {
            return Err(EngineError::Unreachable { user: account.name.clone(), dir: dir.to_owned() });
        }
    }
    Ok(())
}

/// A directory for the account only. One that exists must be a real directory of ours.
fn make_private(dir: &Path, account: Option<&Account>) -> Result<(), EngineError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let meta = fs::symlink_metadata(dir).map_err(EngineError::file("look at", dir))?;
            let wanted = account.map_or(geteuid(), |account| account.uid).as_raw();
            if !meta.is_dir() || (meta.uid() != wanted && meta.uid() != geteuid().as_raw()) {
                let error = std::io::Error::other("it exists and belongs to somebody else");
                return Err(EngineError::file("use the directory", dir)(error));
            }
        }
        Err(error) => return Err(EngineError::file("create", dir)(error)),
    }
    if let Some(account) = account {
        chown(dir, Some(account.uid), Some(account.gid))
            .map_err(|error| EngineError::file("change the owner of", dir)(error.into()))?;
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(EngineError::file("protect", dir))
}

fn lock(root: &Path) -> Result<File, EngineError> {
    let path = root.join("server.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(EngineError::file("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EngineError::InUse { dir: root.to_owned() }),
        Err(TryLockError::Error(error)) => Err(EngineError::file("lock", path)(error)),
    }
}

/// Creates the cluster beside its final name, so that an interrupted `initdb` is never taken for one.
fn initdb(
    bin: &Path,
    account: Option<&Account>,
    data: &Path,
    durable: bool,
    tail: &Tail,
) -> Result<(), EngineError> {
    let half = data.with_extension("new");
    if half.exists() {
        fs::remove_dir_all(&half).map_err(EngineError::file("remove", &half))?;
    }
    let program = bin.join("initdb");
    let mut initdb = command(&program, account, Signal::SIGKILL);
    initdb.arg("-D").arg(&half).args([
        "-U",
        CLUSTER_USER,
        "-E",
        "UTF8",
        "--locale=C",
        "--auth-local=trust",
        "--auth-host=reject",
        "--data-checksums",
        "--no-instructions",
    ]);
    if !durable {
        initdb.args(["--no-sync", "--wal-segsize=1"]);
    }
    let output = initdb.stderr(Stdio::piped()).output().map_err(EngineError::file("run", &program))?;
    if !output.status.success() {
        crate::log::copy(&*output.stderr, data.with_file_name("postgres.log"), tail);
        return Err(EngineError::Failed { program: program.display().to_string(), why: tail.text() });
    }
    fs::rename(&half, data).map_err(EngineError::file("rename the new cluster to", data))
}

fn socket_dir(root: &Path, account: Option<&Account>) -> Result<PathBuf, EngineError> {
    if root.as_os_str().as_bytes().len() <= LONGEST_SOCKET_DIR {
        return Ok(root.to_owned());
    }
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = format!("portolan-{}-{:016x}", geteuid(), hasher.finish());
    let base = std::env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|dir| account.is_none() && dir.is_dir() && dir.as_os_str().as_bytes().len() < 40)
        .unwrap_or_else(|| PathBuf::from("/tmp"));
    let dir = base.join(name);
    make_private(&dir, account)?;
    Ok(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (text, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 18beta2", Some(18)),
            ("16\n", Some(16)),
            ("postgres", None),
        ] {
            assert_eq!(parse_major(text), major, "{text}");
        }
    }

    #[test]
    fn missing_programs_name_the_remedy() {
        let error = find_binaries(Some(Path::new("/nowhere"))).unwrap_err().to_string();
        assert!(error.contains("/nowhere") && error.contains("PORTOLAN_PG_BIN"), "{error}");
    }
}
