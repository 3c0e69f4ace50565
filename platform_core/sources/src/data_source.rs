//! Places whose files are used here.

use kit::record::{Choice, DefaultValue, Field, FieldKind, Hooks, Model, Record};
use kit::{Ctx, FieldError};
use serde_json::Value;

const TYPES: &[Choice] = &[Choice::new("local", "Directory"), Choice::new(GIT, "Git repository")];

/// The type of repositories.
pub(crate) const GIT: &str = "git";

const STATES: &[Choice] = &[
    Choice::new("new", "New"),
    Choice::toned("queued", "Queued", "info"),
    Choice::toned("syncing", "Syncing", "info"),
    Choice::toned("completed", "Completed", "ok"),
    Choice::toned("failed", "Failed", "critical"),
];

/// Data source
pub(crate) static DATA_SOURCE: Model = Model {
    name: "platform.data_source",
    table: "app.data_source",
    collection: "data-sources",
    title: "Data source",
    title_plural: "Data sources",
    description: "Places whose files are used here: templates, contexts.",
    icon: "folder-share",
    nav_group: Some("Automation"),
    permission: "platform/data-sources",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::choice("type", "Type", TYPES).required().list(),
        Field::text("source_url", "Address", 200)
            .required()
            .exact()
            .filter()
            .unindexed()
            .list()
            .help(
                "A directory of the server, in one of those that its settings allow; or https://host/repository.git.",
            ),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::choice("status", "State", STATES).read_only().default(DefaultValue::Text("new")).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::integer("sync_interval", "Every", 1, 525_600)
            .filter()
            .unit("min")
            .help("Empty: only when asked."),
        Field::new("parameters", "Parameters", FieldKind::Json)
            .help("Of a repository: {\"branch\": \"main\", \"username\": \"reader\"}, both optional."),
        Field::new("password", "Password or token", FieldKind::Secret { min: 1, max: 1_000 })
            .help("Of a repository that is not open to everybody."),
        Field::new("ignore_rules", "Left out", FieldKind::LongText { max: 16_384 })
            .help("Patterns of file names, one a line: *.bak"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::owner(),
        Field::custom_fields(),
        Field::tags(),
        Field::new("last_synced", "Last synchronised", FieldKind::DateTime).read_only().filter().list(),
        Field::new("error", "Error", FieldKind::LongText { max: 1_000 }).read_only(),
        Field::count("file_count", "Files", "platform.data_file", "source").list(),
    ],
    hooks: &SourceRules,
    ..crate::BASE
};

/// What must hold beyond the declaration.
struct SourceRules;

impl Hooks for SourceRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        errors.extend(faults(record));
    }
}

fn faults(record: &Record) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, code: &'static str, message: &str| {
        errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: code.into(),
            message: message.to_owned(),
        });
    };
    let git = record.get("type").and_then(Value::as_str) == Some(GIT);
    let url = record.get("source_url").and_then(Value::as_str).unwrap_or_default();
    let place = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match place {
        None if git => wrong("/source_url", "format", "A repository begins with https:// or http://."),
        Some(place) if git && place.split('/').next().is_some_and(|host| host.contains('@')) => {
            wrong(
                "/source_url",
                "credentials",
                "Write the user into parameters and the password into its field.",
            );
        }
        _ => {}
    }
    match record.get("parameters") {
        None | Some(Value::Null) => {}
        Some(Value::Object(members)) => {
            for (name, value) in members {
                match name.as_str() {
                    "branch" | "username" if value.is_string() || value.is_null() => {}
                    "branch" | "username" => wrong("/parameters", "type", "branch and username are texts."),
                    "password" => {
                        wrong(
                            "/parameters",
                            "secret",
                            "Write the password into its field: there it is encrypted.",
                        );
                    }
                    _ => wrong("/parameters", "unknown_field", "There are branch and username."),
                }
            }
        }
        Some(_) => wrong("/parameters", "type", "Parameters are an object: {\"branch\": \"main\"}."),
    }
    errors
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repositories_are_checked() {
        for (source, expected) in [
            (json!({"type": "git", "source_url": "https://git.example.net/a.git"}), vec![]),
            (
                json!({"type": "git", "source_url": "https://git.example.net/a.git", "parameters": {"branch": "x"}}),
                vec![],
            ),
            (json!({"type": "local", "source_url": "/srv/files"}), vec![]),
            (json!({"type": "git", "source_url": "/srv/a.git"}), vec!["/source_url"]),
            (json!({"type": "git", "source_url": "ssh://git@example.net/a"}), vec!["/source_url"]),
            (json!({"type": "git", "source_url": "https://me:secret@example.net/a"}), vec!["/source_url"]),
            (
                json!({"type": "git", "source_url": "https://x/a", "parameters": {"password": "p", "depth": 1}}),
                vec!["/parameters", "/parameters"],
            ),
            (json!({"type": "git", "source_url": "https://x/a", "parameters": []}), vec!["/parameters"]),
        ] {
            let found = faults(source.as_object().unwrap());
            let found: Vec<&str> = found.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
