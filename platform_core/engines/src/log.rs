//! An engine's own log: a bounded file, and its last lines in memory for error messages.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The file is renamed to `<name>.1` when it has grown to this; so at most twice this on disk.
const MAX_BYTES: u64 = 8 << 20;
/// Longest line taken over; the rest of a longer one is cut off.
const MAX_LINE: u64 = 8 << 10;
/// Lines kept for error messages.
const TAIL: usize = 12;

/// The last lines of an engine's log.
#[derive(Clone, Default)]
pub(crate) struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == TAIL {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The lines, oldest first.
    pub(crate) fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join(" | ")
    }
}

/// Copies `source` into the file at `path` until it ends. Ends quietly when the disk is full: the
/// engine goes on, its last lines stay in memory.
pub(crate) fn copy(source: impl Read, path: PathBuf, tail: &Tail) {
    let mut source = BufReader::new(source);
    let mut target = Rotating::open(path).ok();
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut source).take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        if target.as_mut().is_some_and(|file| file.write(&line).is_err()) {
            target = None;
        }
        tail.push(String::from_utf8_lossy(&line).trim_end().to_owned());
    }
}

struct Rotating {
    path: PathBuf,
    file: File,
    written: u64,
}

impl Rotating {
    fn open(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let written = file.metadata()?.len();
        Ok(Self { path, file, written })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.written > MAX_BYTES {
            let mut old = self.path.clone().into_os_string();
            old.push(".1");
            std::fs::rename(&self.path, old)?;
            *self = Self::open(self.path.clone())?;
        }
        self.file.write_all(line)?;
        self.written += line.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_and_the_tail_is_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.log");
        let line = format!("{}\n", "x".repeat(4000));
        let mut text = line.repeat(9 << 20 >> 12).into_bytes();
        text.extend_from_slice(b"the last words");
        let tail = Tail::default();
        copy(&*text, path.clone(), &tail);
        assert!(std::fs::metadata(&path).unwrap().len() < MAX_BYTES);
        assert!(dir.path().join("engine.log.1").exists());
        assert!(tail.text().ends_with("the last words"));
    }
}
