//! Writes the table of embedded files for `webui`.
//!
//! Standard library only, and never runs npm: `npm run build` leaves `web/dist` with every file
//! beside its `.gz` and `.br` forms and a list of them in `assets.tsv`. When that list is missing
//! the crate still builds, with an empty table; the library then serves a page that says so.
//!
//! Environment: `UI_DIST` names another directory; `REQUIRE_UI=1` makes a missing list an error.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo::rerun-if-env-changed=UI_DIST");
    println!("cargo::rerun-if-env-changed=REQUIRE_UI");
    match write_table() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            println!("cargo::error={reason}");
            ExitCode::FAILURE
        }
    }
}

fn write_table() -> Result<(), String> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no CARGO_MANIFEST_DIR")?);
    let dist = env::var_os("UI_DIST").map_or_else(|| manifest.join("dist"), PathBuf::from);
    // The directory itself is committed (its .gitignore): watching a path that does not exist
    // would run this script, and so rebuild everything above it, on every build.
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");

    let list = dist.join("assets.tsv");
    let table = if list.is_file() {
        let text = fs::read_to_string(&list).map_err(|e| format!("{}: {e}", list.display()))?;
        table(&dist, &text)?
    } else {
        let message = format!(
            "{} is missing: the web pages are not embedded; run `npm ci && npm run build` in web/",
            list.display()
        );
        if env::var("REQUIRE_UI").is_ok_and(|v| v == "1") {
            return Err(message);
        }
        println!("cargo::warning={message}");
        "&[]".to_owned()
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?).join("assets.rs");
    fs::write(&out, table).map_err(|e| format!("{}: {e}", out.display()))
}

/// Turns the list (`path TAB mime TAB etag`, sorted by path) into a Rust slice literal.
fn table(dist: &Path, list: &str) -> Result<String, String> {
    let mut rows = Vec::new();
    for line in list.lines().filter(|line| !line.is_empty()) {
        let mut columns = line.split('\t');
        let (Some(path), Some(mime), Some(etag)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(format!("assets.tsv: expected path, mime and etag in {line:?}"));
        };
        rows.push((path, mime, etag));
    }
    rows.sort_unstable();
    let mut code = String::from("&[\n");
    for (path, mime, etag) in rows {
        let whole = dist.join(path);
        let file = utf8(&whole)?;
        if !whole.is_file() {
            return Err(format!("assets.tsv names {path}, which is not in {}", dist.display()));
        }
        let gz = form(&dist.join(format!("{path}.gz")))?;
        let br = form(&dist.join(format!("{path}.br")))?;
        writeln!(
            code,
            "Asset {{ path: {path:?}, mime: {mime:?}, etag: {:?}, identity: include_bytes!({file:?}), gz: {gz}, br: {br} }},",
            format!("\"{etag}\""),
        )
        .map_err(|e| e.to_string())?;
    }
    code.push(']');
    Ok(code)
}

/// The compressed form beside a file, as Rust text.
fn form(side: &Path) -> Result<String, String> {
    if side.is_file() {
        Ok(format!("Some(include_bytes!({:?}))", utf8(side)?))
    } else {
        Ok("None".to_owned())
    }
}

fn utf8(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{} is not UTF-8", path.display()))
}
