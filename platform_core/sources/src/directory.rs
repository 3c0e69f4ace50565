//! What is in a directory of this server: files with their hashes, and the texts among them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Most files of a source.
pub(crate) const MAX_FILES: usize = 10_000;
/// Largest file, bytes.
pub(crate) const MAX_FILE: u64 = 16 * 1024 * 1024;
/// All files together, bytes.
pub(crate) const MAX_ALL: u64 = 512 * 1024 * 1024;
/// Deepest directory.
pub(crate) const MAX_DEPTH: usize = 32;
/// Largest text that is kept, characters.
const MAX_TEXT: usize = 65_536;
/// Longest path that is kept, characters.
pub(crate) const MAX_PATH: usize = 1_000;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundFile {
    /// From the directory on.
    pub(crate) path: String,
    pub(crate) size: u64,
    /// SHA-256, in hexadecimal.
    pub(crate) hash: String,
    /// Of a text that is small enough.
    pub(crate) text: Option<String>,
}

/// The directory a source names, when it lies in one of those that are allowed.
///
/// # Errors
/// Why it cannot be used. Nothing is said of what lies outside.
pub(crate) fn allowed(named: &str, roots: &[PathBuf]) -> Result<PathBuf, String> {
    let refused = || {
        "The directory must lie in one of those that the settings of this server allow (sources.local_directories)."
            .to_owned()
    };
    let path = Path::new(named.strip_prefix("file://").unwrap_or(named));
    let inside = |path: &Path| {
        roots.iter().filter_map(|root| root.canonicalize().ok()).any(|root| path.starts_with(root))
    };
    if !path.is_absolute() {
        return Err(refused());
    }
    let real = path.canonicalize().map_err(|_| refused())?;
    if !inside(&real) || !real.is_dir() {
        return Err(refused());
    }
    Ok(real)
}

/// All files below a directory in the order of their paths. Links are not followed, hidden files and those
/// that a pattern names are left out.
///
/// # Errors
/// A bound that is passed, a file that cannot be read.
pub(crate) fn files(root: &Path, ignored: &Patterns) -> Result<Vec<FoundFile>, String> {
    let mut found = Vec::new();
    let mut bytes = 0;
    let mut open = vec![(root.to_path_buf(), 0_usize)];
    while let Some((directory, depth)) = open.pop() {
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
        let failed = |error: std::io::Error| format!("{}: {error}", shown(&directory));
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = shown(&entry.path());
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(failed)?;
            if ignored.leave_out(&path, &name) {
                continue;
            }
            if kind.is_dir() && depth < MAX_DEPTH {
                open.push((entry.path(), depth + 1));
            } else if kind.is_file() && path.chars().count() <= MAX_PATH {
                let file = file(&entry.path(), path)?;
                bytes += file.size;
                found.push(file);
            }
            if found.len() > MAX_FILES || bytes > MAX_ALL {
                return Err(format!("A source has at most {MAX_FILES} files and {MAX_ALL} bytes."));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn file(at: &Path, path: String) -> Result<FoundFile, String> {
    let failed = |error: std::io::Error| format!("{path}: {error}");
    let mut content = Vec::new();
    fs::File::open(at).map_err(failed)?.take(MAX_FILE + 1).read_to_end(&mut content).map_err(failed)?;
    FoundFile::of(path, content)
}

impl FoundFile {
    /// A file with this content.
    ///
    /// # Errors
    /// It is too large.
    pub(crate) fn of(path: String, content: Vec<u8>) -> Result<Self, String> {
        if content.len() as u64 > MAX_FILE {
            return Err(format!("{path}: larger than {MAX_FILE} bytes."));
        }
        let hash = Sha256::digest(&content)
            .iter()
            .fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"));
        let size = content.len() as u64;
        let text = String::from_utf8(content)
            .ok()
            .filter(|text| !text.is_empty() && !text.contains('\0') && text.chars().count() <= MAX_TEXT);
        Ok(Self { path, size, hash, text })
    }
}

/// Patterns of names, as shells have them: `*`, `?`.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Vec<Vec<char>>);

impl Patterns {
    /// One a line.
    pub(crate) fn of(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Self(lines.map(|line| line.chars().collect()).collect())
    }

    /// Hidden files and those that a pattern names, by its path or by its name.
    pub(crate) fn leave_out(&self, path: &str, name: &str) -> bool {
        name.starts_with('.') || self.matches(path) || self.matches(name)
    }

    fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        self.0.iter().any(|pattern| fits(pattern, &name))
    }
}

/// Does the pattern fit the whole name? One pass, going back to the last `*` at most.
fn fits(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || Some(c) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, tried)) => {
                    star = Some((at, tried + 1));
                    p = at + 1;
                    n = tried + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_names() {
        for (pattern, name, expected) in [
            ("*.bak", "a.bak", true),
            ("*.bak", "a.bak2", false),
            ("a?c*", "abcd", true),
            ("*", "", true),
            ("x", "y", false),
            ("*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(Patterns::of(pattern).matches(name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn only_allowed_directories_are_read() {
        let base = tempfile::tempdir().unwrap();
        let (open, closed) = (base.path().join("open"), base.path().join("closed"));
        fs::create_dir_all(open.join("sub/.git")).unwrap();
        fs::create_dir_all(&closed).unwrap();
        fs::write(open.join("a.j2"), "x {{ y }}").unwrap();
        fs::write(open.join("sub/b.json"), "{}").unwrap();
        fs::write(open.join("sub/.git/config"), "hidden").unwrap();
        fs::write(open.join("c.bak"), "old").unwrap();
        fs::write(open.join("binary"), [0, 159, 146, 150]).unwrap();
        fs::write(closed.join("secret"), "s").unwrap();
        std::os::unix::fs::symlink(&closed, open.join("link")).unwrap();
        std::os::unix::fs::symlink(closed.join("secret"), open.join("file-link")).unwrap();
        let roots = [open.clone()];
        for path in [
            closed.clone(),
            open.join("../closed"),
            open.join("link"),
            "/etc".into(),
            "relative".into(),
            open.join("a.j2"),
            "/nowhere".into(),
        ] {
            assert!(allowed(path.to_str().unwrap(), &roots).is_err(), "{}", path.display());
        }
        assert!(allowed(open.to_str().unwrap(), &[]).is_err());
        let root = allowed(&format!("file://{}", open.display()), &roots).unwrap();
        let found = files(&root, &Patterns::of("*.bak")).unwrap();
        let names: Vec<(&str, Option<&str>)> =
            found.iter().map(|file| (file.path.as_str(), file.text.as_deref())).collect();
        assert_eq!(names, [("a.j2", Some("x {{ y }}")), ("binary", None), ("sub/b.json", Some("{}"))]);
        assert_eq!(found[2].hash, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }
}
