//! The one place that forks: commands whose process ends when the thread that started it ends.
#![expect(unsafe_code, reason = "pre_exec is the only way to set the parent-death signal before exec")]

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, getpid, getppid};

/// The account a child runs under, when it is not our own.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: Uid,
    pub(crate) gid: Gid,
}

/// A command with a clean environment that gets `signal` when the calling thread ends.
pub(crate) fn command(program: &Path, account: Option<&Account>, signal: Signal) -> Command {
    let mut command = Command::new(program);
    if let Some(account) = account {
        // std also drops the supplementary groups when it changes the uid as root.
        command.uid(account.uid.as_raw()).gid(account.gid.as_raw());
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .current_dir("/")
        .env_clear()
        .env("LC_ALL", "C")
        .env("PATH", "/usr/bin:/bin");
    let parent = getpid();
    // SAFETY: the closure runs between fork and exec and makes two async-signal-safe system calls
    // (prctl, getppid); it allocates nothing and takes no lock. std runs it after the uid change,
    // which would otherwise clear the parent-death signal.
    unsafe {
        command.pre_exec(move || {
            nix::sys::prctl::set_pdeathsig(signal)?;
            // The parent may have died before the signal was set; nobody would then send it.
            if getppid() == parent { Ok(()) } else { Err(std::io::ErrorKind::BrokenPipe.into()) }
        });
    }
    command
}
