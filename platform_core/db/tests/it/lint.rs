//! Rules about the source that types cannot express.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && !matches!(name.to_str(), Some("target" | "node_modules" | ".git" | "fuzz")) {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The pool is private to this crate, and SQL text is put together in two files only.
#[test]
fn sql_and_pools_stay_where_they_belong() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the search must find the workspace");
    // (word, where it may appear): this crate, and the record engine's one SQL builder.
    let rules = [
        ("AssertSqlSafe", ["platform_core/db/src/begin.rs", "platform_core/records/src/sql"]),
        ("PgPool", ["platform_core/db/src/store.rs", "platform_core/db/src/store.rs"]),
        ("after_release", ["platform_core/db/src/store.rs", "platform_core/db/src/store.rs"]),
    ];
    let mut faults = Vec::new();
    for file in &files {
        let relative = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        if relative.ends_with("db/tests/it/lint.rs") {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for (word, allowed) in rules {
                if line.contains(word) && !allowed.iter().any(|place| relative.starts_with(place)) {
                    faults.push(format!("{relative}: {}", line.trim()));
                }
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
