//! `portolan import device-types`: types of devices, modules and racks from files of the community's YAML
//! form. Types that exist are skipped, so that a run that was stopped goes on where it was.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use reqwest::StatusCode;
use serde_json::Value;

use crate::Failure;
use crate::client::{Client, ServerArgs};

/// Types of one request, and bytes.
const BATCH: usize = 50;
const BATCH_BYTES: usize = 1024 * 1024;
/// Largest file, bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024;
/// Levels of directories below those that are named.
const MAX_DEPTH: usize = 16;

/// From which files, and how.
#[derive(clap::Args)]
pub(crate) struct LibraryArgs {
    /// Files and directories; directories are walked. What lies below `module-types` or `rack-types` is of
    /// that kind, everything else are types of devices.
    #[arg(value_name = "DIR|FILE", required = true)]
    paths: Vec<PathBuf>,
    /// Bring types that exist up to the files; without it they are skipped.
    #[arg(long)]
    update: bool,
    /// Check only; nothing is written.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// One document of a file.
struct Document {
    file: PathBuf,
    collection: &'static str,
    text: String,
}

#[derive(Default)]
struct Totals {
    created: u64,
    updated: u64,
    skipped: u64,
    components: u64,
    manufacturers: u64,
    /// What was refused: file and reasons.
    refused: Vec<String>,
}

/// Runs the command.
pub(crate) async fn device_types(args: LibraryArgs) -> Result<(), Failure> {
    let mut files = Vec::new();
    for path in &args.paths {
        walk(path, 0, &mut files)?;
    }
    if files.is_empty() {
        return Err(Failure::new("there is no file that ends in .yaml or .yml"));
    }
    files.sort();
    files.dedup();
    let client = Client::connect(&args.server).await?;
    let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(files.len() as u64));
    let mut totals = Totals::default();
    let mut batch: Vec<Document> = Vec::new();
    for file in files {
        let documents = match read(&file) {
            Ok(documents) => documents,
            Err(reason) => {
                totals.refused.push(format!("{}: {reason}", file.display()));
                Vec::new()
            }
        };
        for document in documents {
            let bytes: usize = batch.iter().map(|other| other.text.len()).sum();
            let other = batch.first().is_some_and(|first| first.collection != document.collection);
            if other
                || batch.len() >= BATCH
                || (!batch.is_empty() && bytes + document.text.len() > BATCH_BYTES)
            {
                send(&client, &args, std::mem::take(&mut batch), &mut totals).await?;
            }
            batch.push(document);
        }
        if let Some(bar) = &bar {
            bar.inc(1);
        }
    }
    send(&client, &args, batch, &mut totals).await?;
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    tell(&args, &totals)
}

/// What was done; what was refused is an incomplete import.
fn tell(args: &LibraryArgs, totals: &Totals) -> Result<(), Failure> {
    for line in &totals.refused {
        println!("{line}");
    }
    println!(
        "{}{} new, {} changed, {} skipped because they exist; {} components, {} new manufacturers; {} refused",
        if args.dry_run { "Would be: " } else { "" },
        totals.created,
        totals.updated,
        totals.skipped,
        totals.components,
        totals.manufacturers,
        totals.refused.len(),
    );
    if totals.refused.is_empty() {
        Ok(())
    } else {
        Err(Failure::incomplete("not every file could be imported; the lines above say why"))
    }
}

/// YAML files below a path. Links to directories are not followed.
fn walk(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let named = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let kind = if depth == 0 { std::fs::metadata(path) } else { std::fs::symlink_metadata(path) };
    let kind = kind.map_err(named)?;
    if kind.is_dir() {
        if depth > MAX_DEPTH {
            return Err(Failure::new(format!(
                "{}: more than {MAX_DEPTH} levels of directories",
                path.display()
            )));
        }
        for entry in std::fs::read_dir(path).map_err(named)? {
            let entry = entry.map_err(named)?;
            if !entry.file_name().to_string_lossy().starts_with('.') {
                walk(&entry.path(), depth + 1, files)?;
            }
        }
    } else if depth == 0 || path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
        files.push(path.to_owned());
    }
    Ok(())
}

/// The documents of a file.
fn read(file: &Path) -> Result<Vec<Document>, String> {
    let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE {
        return Err(format!("larger than {MAX_FILE} bytes"));
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let values = kit::yaml::documents(&bytes).map_err(|problem| problem.detail)?;
    let below = |name: &str| file.components().any(|part| part.as_os_str() == name);
    let collection = ["module-types", "rack-types"].into_iter().find(|name| below(name));
    let mut documents = Vec::with_capacity(values.len());
    for value in &values {
        let text = kit::yaml::text(value).map_err(|problem| problem.detail)?;
        let collection = collection.unwrap_or("device-types");
        documents.push(Document { file: file.to_owned(), collection, text });
    }
    Ok(documents)
}

/// Imports a batch. What the server refuses is told and left out, then the others are sent again.
async fn send(
    client: &Client,
    args: &LibraryArgs,
    mut batch: Vec<Document>,
    totals: &mut Totals,
) -> Result<(), Failure> {
    while let Some(first) = batch.first() {
        let path = format!(
            "/api/v1/inventory/{}/import?update={}&preview={}",
            first.collection, args.update, args.dry_run
        );
        let body: String = batch.iter().map(|document| format!("---\n{}\n", document.text)).collect();
        let (status, report) = client.post_yaml(&path, body).await?;
        let refused = refused(&report, &batch);
        if status.is_success() && refused.is_empty() {
            let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or_default();
            totals.created += count("created");
            totals.updated += count("updated");
            totals.skipped += count("skipped");
            totals.components += count("components");
            totals.manufacturers += count("manufacturers");
            return Ok(());
        }
        if refused.is_empty() || !(status.is_success() || status == StatusCode::UNPROCESSABLE_ENTITY) {
            return Err(Failure::new(format!("{path}: {status}: {report}")));
        }
        let mut place = 0;
        batch.retain(|_| {
            place += 1;
            refused.iter().all(|(number, _)| *number != place)
        });
        totals.refused.extend(refused.into_iter().map(|(_, line)| line));
    }
    Ok(())
}

/// The documents with errors, counted from 1, each with a line that says what is wrong.
fn refused(report: &Value, batch: &[Document]) -> Vec<(usize, String)> {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let one = |entry: &Value| {
        let number = usize::try_from(entry.get("document")?.as_u64()?).ok()?;
        let file = &batch.get(number.checked_sub(1)?)?.file;
        let errors = entry.get("errors")?.as_array()?;
        let errors: Vec<String> = errors
            .iter()
            .map(|error| format!("{} {}", text(error, "pointer"), text(error, "message")))
            .collect();
        Some((number, format!("{}: {}", file.display(), errors.join("; "))))
    };
    report.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(one).collect()
}
