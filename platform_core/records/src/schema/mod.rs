//! Tables from descriptors. The SQL is generated, committed in the crate that owns the models, and a
//! test fails when the two differ.

mod diff;

use std::fmt::Write as _;

use kit::record::{ANY, DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::entity::{has_ci, not_null, table_name, unique_keys};
use crate::query::sortable;
use crate::registry::ModelErrors;
use crate::sql::{column_type, keeps_history, lower, table};

/// The whole SQL text for these models: schemas, tables, indexes, row-level security with history,
/// then foreign keys. References must resolve among `models`.
///
/// # Errors
/// Faults of the descriptors.
pub fn create(models: &[&'static Model]) -> Result<String, ModelErrors> {
    create_with(models, &[])
}

/// [`create`] with models of other crates that references may name.
///
/// # Errors
/// Faults of the descriptors.
pub fn create_with(models: &[&'static Model], others: &[&'static Model]) -> Result<String, ModelErrors> {
    let all: Vec<&'static Model> = models.iter().chain(others).copied().collect();
    let faults = crate::check::check(&all);
    if !faults.is_empty() {
        return Err(ModelErrors(faults));
    }
    let mut text =
        "-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run\n\
                    -- the test that compares them with UPDATE=1.\n"
            .to_owned();
    let mut schemas: Vec<&str> =
        models.iter().filter_map(|model| model.table.split_once('.')).map(|(schema, _)| schema).collect();
    schemas.sort_unstable();
    schemas.dedup();
    for schema in schemas.into_iter().filter(|schema| *schema != "app") {
        let _ = writeln!(text, "\nCREATE SCHEMA IF NOT EXISTS \"{schema}\";");
    }
    for model in models {
        text += &table_text(model);
    }
    for model in models {
        for field in model.fields {
            if let FieldKind::Reference { model: target, on_delete } = field.kind
                && let Some(target) = all.iter().find(|other| other.name == target)
            {
                text += &foreign_key(model, field, target, on_delete);
            }
        }
    }
    Ok(text)
}

fn table_text(model: &'static Model) -> String {
    let table = table(model);
    let mut text =
        format!("\n-- {}: {}\nCREATE TABLE {table} (\n", model.name, model.description.replace('\n', " "));
    text += "    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),\n    id uuid NOT NULL,\n";
    if model.numbered {
        text += "    number bigint NOT NULL,\n";
    }
    for field in model.fields {
        text += &column(model, field);
    }
    text += "    created_at timestamptz NOT NULL DEFAULT now(),\n    updated_at timestamptz NOT NULL DEFAULT now(),\n    \
             version bigint NOT NULL DEFAULT 1,\n    PRIMARY KEY (tenant_id, id)\n);\n";
    text += &indexes(model, &table);
    let history = if keeps_history(model) { ", history => true" } else { "" };
    let _ = writeln!(text, "SELECT app.make_tenant_table('{}'{history});", model.table);
    text
}

fn column(model: &Model, field: &Field) -> String {
    let name = field.name;
    match field.kind {
        FieldKind::Count { .. } => return String::new(),
        FieldKind::Generic { models, .. } => {
            let null = if not_null(field) { " NOT NULL" } else { "" };
            let names: Vec<String> = models.iter().map(|model| literal(model)).collect();
            let check = match models {
                models if models == ANY => String::new(),
                _ => format!(" CHECK (\"{name}_type\" IN ({}))", names.join(", ")),
            };
            return format!(
                "    \"{name}_type\" text COLLATE \"C\"{null}{check},\n    \"{name}_id\" uuid{null},\n"
            );
        }
        _ => {}
    }
    // A digest is text that the history trigger must leave out.
    let digest = matches!(field.kind, FieldKind::Password { .. });
    let text = if digest { "app.secret_text" } else { column_type(&field.kind) };
    let collation = if text == "text" { " COLLATE \"C\"" } else { "" };
    let null = if not_null(field) { " NOT NULL" } else { "" };
    let default = default_text(field).map(|value| format!(" DEFAULT {value}")).unwrap_or_default();
    let check = check_text(field).map(|check| format!(" CHECK ({check})")).unwrap_or_default();
    let mut column = format!("    \"{name}\" {text}{collation}{null}{default}{check},\n");
    if has_ci(model, field) {
        let _ = writeln!(
            column,
            "    \"{name}_ci\" text COLLATE \"C\" GENERATED ALWAYS AS ({}) STORED,",
            lower(&format!("\"{name}\""))
        );
    }
    if matches!(field.kind, FieldKind::Secret { .. }) {
        let _ = writeln!(column, "    \"{name}_set_at\" timestamptz,");
    }
    if matches!(field.kind, FieldKind::Interface) {
        let _ = writeln!(
            column,
            "    \"{name}_host\" inet GENERATED ALWAYS AS (set_masklen(\"{name}\", CASE family(\"{name}\") WHEN 4 THEN 32 ELSE 128 END)) STORED,"
        );
    }
    column
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn default_text(field: &Field) -> Option<String> {
    // A field that applies only at times has its default filled in by the engine when it applies.
    if field.show_when.is_some() {
        return None;
    }
    match field.default {
        DefaultValue::None => None,
        DefaultValue::Text(text) => Some(literal(text)),
        DefaultValue::Integer(number) => Some(number.to_string()),
        DefaultValue::Boolean(value) => Some(value.to_string()),
        DefaultValue::Empty => Some("'{}'".to_owned()),
    }
}

/// What the database itself holds against a value that got past the engine.
fn check_text(field: &Field) -> Option<String> {
    let name = field.name;
    match field.kind {
        FieldKind::Text { max } | FieldKind::LongText { max } => {
            Some(format!("char_length(\"{name}\") BETWEEN 1 AND {max}"))
        }
        FieldKind::Integer { min, max } if (min, max) == (i64::MIN, i64::MAX) => None,
        FieldKind::Integer { min, max } => Some(format!("\"{name}\" BETWEEN {min} AND {max}")),
        FieldKind::Choice(choices) => {
            let values: Vec<String> = choices.iter().map(|choice| literal(choice.value)).collect();
            Some(format!("\"{name}\" IN ({})", values.join(", ")))
        }
        FieldKind::Ip => {
            Some(format!("masklen(\"{name}\") = CASE family(\"{name}\") WHEN 4 THEN 32 ELSE 128 END"))
        }
        FieldKind::TextList { max_items, .. }
        | FieldKind::PrefixList { max_items }
        | FieldKind::IntegerList { max_items, .. } => Some(format!("cardinality(\"{name}\") <= {max_items}")),
        _ => None,
    }
}

/// Unique keys, one index for every indexed field that no unique key serves, one for every foreign key.
fn indexes(model: &'static Model, table: &str) -> String {
    let column = |field: &Field| match field.kind {
        _ if has_ci(model, field) => format!("\"{}_ci\"", field.name),
        FieldKind::Interface => format!("\"{}_host\"", field.name),
        FieldKind::Generic { .. } => format!("\"{0}_id\", \"{0}_type\"", field.name),
        _ => format!("\"{}\"", field.name),
    };
    let mut text = String::new();
    if model.numbered {
        let _ = writeln!(
            text,
            "CREATE UNIQUE INDEX \"{}_number_key\" ON {table} (tenant_id, number);",
            table_name(model)
        );
    }
    let keys = unique_keys(model);
    for key in &keys {
        let columns: Vec<String> = key.fields.iter().map(|field| column(field)).collect();
        let nulls = match key.fields.last() {
            Some(last) if key.nulls_equal => {
                format!(" NULLS NOT DISTINCT WHERE \"{}\" IS NOT NULL", last.name)
            }
            _ => key.fields.first().map(|first| where_there(first)).unwrap_or_default(),
        };
        let _ = writeln!(
            text,
            "CREATE UNIQUE INDEX \"{}\" ON {table} (tenant_id, {}){nulls};",
            key.constraint,
            columns.join(", ")
        );
    }
    for field in model.fields {
        // A reference is followed backwards when its target goes, unless that is rare and said to be.
        let reference = matches!(field.kind, FieldKind::Reference { .. } | FieldKind::Generic { .. });
        let wanted = field.index || (reference && !field.filter);
        let generic = matches!(field.kind, FieldKind::Generic { .. });
        let leads = keys.iter().any(|key| {
            reference && !key.nulls_equal && key.fields.first().is_some_and(|first| first.name == field.name)
        });
        let served = leads || field.unique || !(generic || sortable(&field.kind));
        if wanted && !served {
            let _ = writeln!(
                text,
                "CREATE INDEX \"{}_{}_idx\" ON {table} (tenant_id, {}, id){};",
                table_name(model),
                field.name,
                column(field),
                where_there(field)
            );
        }
    }
    let sort = model.default_sort.trim_start_matches('-');
    if sort == "created_at" || sort == "updated_at" {
        let _ = writeln!(
            text,
            "CREATE INDEX \"{}_{sort}_idx\" ON {table} (tenant_id, {sort}, id);",
            table_name(model)
        );
    }
    text
}

/// References that are missing as a rule are not worth a place in an index: who follows one backwards asks
/// for those that are there.
fn where_there(field: &Field) -> String {
    match field.kind {
        _ if not_null(field) => String::new(),
        FieldKind::Reference { .. } => format!(" WHERE \"{}\" IS NOT NULL", field.name),
        FieldKind::Generic { .. } => format!(" WHERE \"{}_id\" IS NOT NULL", field.name),
        _ => String::new(),
    }
}

fn foreign_key(model: &Model, field: &Field, target: &Model, on_delete: OnDelete) -> String {
    let name = field.name;
    let rule = match on_delete {
        OnDelete::Protect => String::new(),
        OnDelete::Cascade => " ON DELETE CASCADE".to_owned(),
        OnDelete::SetNull => format!(" ON DELETE SET NULL (\"{name}\")"),
    };
    // Deferrable: a branch is put in place row by row, and records may refer to each other in a circle.
    format!(
        "\nALTER TABLE {} ADD CONSTRAINT \"{}_{name}_fkey\"\n    FOREIGN KEY (tenant_id, \"{name}\") REFERENCES {} (tenant_id, id){rule} DEFERRABLE;\n",
        table(model),
        table_name(model),
        table(target)
    )
}

/// The next migration: what changes the schema that `committed` (all migrations of these models, in
/// order) makes into the one that the models want. `None` when they agree. For review: data that must
/// move is marked, not moved.
///
/// # Errors
/// Faults of the descriptors.
pub fn diff(
    models: &[&'static Model],
    others: &[&'static Model],
    committed: &[&str],
) -> Result<Option<String>, ModelErrors> {
    Ok(diff::between(committed, &create_with(models, others)?))
}

/// For a test of a crate whose models changed after a release: all its migrations together must make
/// what the models want.
///
/// # Panics
/// When they do not, with the SQL that is missing.
pub fn assert_migrations_match(models: &[&'static Model], others: &[&'static Model], committed: &[&str]) {
    let missing = diff(models, others, committed);
    assert!(
        matches!(missing, Ok(None)),
        "add a migration with this SQL:\n{}",
        match missing {
            Ok(sql) => sql.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    );
}

/// For a test of the crate that owns the models: the committed file must be what they generate.
/// With `UPDATE=1` in the environment it is written instead.
///
/// # Panics
/// When the two differ, naming the first line, or when a descriptor is faulty.
pub fn assert_migration_matches(models: &[&'static Model], path: impl AsRef<std::path::Path>) {
    assert_migration_matches_with(models, &[], path);
}

/// [`assert_migration_matches`] with models of other crates that references may name.
///
/// # Panics
/// As [`assert_migration_matches`].
pub fn assert_migration_matches_with(
    models: &[&'static Model],
    others: &[&'static Model],
    path: impl AsRef<std::path::Path>,
) {
    let path = path.as_ref();
    let generated = create_with(models, others);
    assert!(generated.is_ok(), "{}", generated.err().map(|error| error.to_string()).unwrap_or_default());
    let generated = generated.unwrap_or_default();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        let written = std::fs::write(path, &generated);
        assert!(written.is_ok(), "cannot write {}: {written:?}", path.display());
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let differs = committed.lines().zip(generated.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or_else(|| committed.lines().count().min(generated.lines().count())) + 1;
    assert!(
        committed == generated,
        "{} differs from the models in line {line}. Write it with UPDATE=1, or a new migration when it is released already.",
        path.display()
    );
}
