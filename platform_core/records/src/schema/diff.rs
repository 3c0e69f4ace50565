//! The difference of two schemas, read from SQL that this crate wrote: statements end a line, columns
//! have a line each. A changed column leaves a `-- COLUMN` line by which the next reading knows it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Default)]
struct Table {
    columns: BTreeMap<String, String>,
    /// The statements that make it, to be repeated when the whole table is new.
    text: String,
}

#[derive(Default)]
struct Schema {
    tables: BTreeMap<String, Table>,
    /// Name to statement; the table is in the statement.
    indexes: BTreeMap<String, String>,
    foreign_keys: BTreeMap<String, String>,
}

/// The SQL from what `committed` makes to what `wanted` makes.
pub(super) fn between(committed: &[&str], wanted: &str) -> Option<String> {
    let (mut old, mut new) = (Schema::default(), Schema::default());
    for text in committed {
        old.read(text);
    }
    new.read(wanted);
    let mut sql = String::new();
    for (key, statement) in &old.foreign_keys {
        if new.foreign_keys.get(key) != Some(statement) && new.tables.contains_key(table_of(key)) {
            let _ = writeln!(sql, "ALTER TABLE {} DROP CONSTRAINT {};", table_of(key), name_of(key));
        }
    }
    for (key, statement) in &old.indexes {
        if new.indexes.get(key) != Some(statement) && new.tables.contains_key(table_of(key)) {
            let schema = table_of(key).split('.').next().unwrap_or_default();
            let _ = writeln!(sql, "DROP INDEX {schema}.{};", name_of(key));
        }
    }
    for name in old.tables.keys().filter(|name| !new.tables.contains_key(*name)) {
        let _ = writeln!(sql, "SELECT app.drop_tenant_table('{}');", name.replace('"', ""));
    }
    for (name, table) in &new.tables {
        match old.tables.get(name) {
            None => sql.push_str(&table.text),
            Some(before) => columns(&mut sql, name, before, table),
        }
    }
    for (key, statement) in &new.indexes {
        if old.indexes.get(key) != Some(statement) {
            sql.push_str(statement);
        }
    }
    let mut history = String::new();
    for (name, table) in new.tables.iter().filter(|(name, _)| !old.tables.contains_key(*name)) {
        let made = table.text.lines().find(|line| line.starts_with("-- MADE ")).unwrap_or_default();
        let _ = writeln!(history, "{}", made.trim_start_matches("-- MADE "));
        debug_assert!(!made.is_empty(), "{name} was never made a tenant table");
    }
    let text: String =
        sql.lines().filter(|line| !line.starts_with("-- MADE ")).fold(String::new(), |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        });
    let mut sql = text + &history;
    for (key, statement) in &new.foreign_keys {
        if old.foreign_keys.get(key) != Some(statement) {
            sql.push_str(statement);
        }
    }
    (!sql.is_empty()).then_some(sql)
}

/// `table|name` keys: an index or constraint belongs to its table.
fn key(table: &str, name: &str) -> String {
    format!("{table}|{name}")
}

fn table_of(key: &str) -> &str {
    key.split('|').next().unwrap_or_default()
}

fn name_of(key: &str) -> &str {
    key.split('|').nth(1).unwrap_or_default()
}

impl Schema {
    fn read(&mut self, text: &str) {
        let mut statement = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("-- COLUMN ") {
                self.column_comment(rest);
            } else if !(line.starts_with("--") || line.is_empty() && statement.is_empty()) {
                statement.push_str(line);
                statement.push('\n');
                if line.ends_with(';') {
                    self.statement(&std::mem::take(&mut statement));
                }
            }
        }
    }

    fn column_comment(&mut self, rest: &str) {
        let mut words = rest.splitn(3, ' ');
        if let (Some(table), Some(name), Some(definition)) = (words.next(), words.next(), words.next()) {
            let table = self.tables.entry(table.to_owned()).or_default();
            table.columns.insert(name.to_owned(), definition.to_owned());
        }
    }

    fn statement(&mut self, text: &str) {
        let flat = text.split_whitespace().collect::<Vec<_>>();
        match flat.as_slice() {
            ["CREATE", "TABLE", table, "(", ..] => {
                let made = self.tables.entry((*table).to_owned()).or_default();
                text.clone_into(&mut made.text);
                made.columns = text.lines().filter_map(column_line).collect();
            }
            ["CREATE", "INDEX", name, "ON", table, ..]
            | ["CREATE", "UNIQUE", "INDEX", name, "ON", table, ..] => {
                self.indexes.insert(key(table, name), text.to_owned());
            }
            ["DROP", "INDEX", name] => {
                let name = name.trim_end_matches(';').rsplit('.').next().unwrap_or_default();
                self.indexes.retain(|key, _| name_of(key) != name);
            }
            ["ALTER", "TABLE", table, "ADD", "CONSTRAINT", name, "FOREIGN", ..] => {
                self.foreign_keys.insert(key(table, name), text.to_owned());
            }
            ["ALTER", "TABLE", table, "DROP", "CONSTRAINT", name] => {
                self.foreign_keys.remove(&key(table, name.trim_end_matches(';')));
            }
            ["ALTER", "TABLE", table, "ADD", "COLUMN", name, ..] => {
                let definition =
                    text.trim().trim_end_matches(';').split_once(name).map(|(_, rest)| rest.trim());
                if let (Some(table), Some(definition)) = (self.tables.get_mut(*table), definition) {
                    table.columns.insert((*name).to_owned(), definition.to_owned());
                }
            }
            ["ALTER", "TABLE", table, "DROP", "COLUMN", name] => {
                if let Some(table) = self.tables.get_mut(*table) {
                    table.columns.remove(name.trim_end_matches(';'));
                }
            }
            ["SELECT", call, ..] => self.call(call, text.trim()),
            _ => {}
        }
    }

    fn call(&mut self, call: &str, text: &str) {
        let table = call.split('\'').nth(1).unwrap_or_default();
        let table = table.split('.').map(|part| format!("\"{part}\"")).collect::<Vec<_>>().join(".");
        if call.starts_with("app.drop_tenant_table") {
            self.tables.remove(&table);
            self.indexes.retain(|key, _| table_of(key) != table);
            self.foreign_keys.retain(|key, _| table_of(key) != table);
        } else if let Some(table) = self.tables.get_mut(&table) {
            let _ = writeln!(table.text, "-- MADE {text}");
        }
    }
}

/// `    "name" definition,`
fn column_line(line: &str) -> Option<(String, String)> {
    let (name, definition) = line.strip_prefix("    ")?.trim_end_matches(',').split_once(' ')?;
    name.starts_with('"').then(|| (name.to_owned(), definition.to_owned()))
}

fn columns(sql: &mut String, table: &str, before: &Table, after: &Table) {
    // Backwards: a generated column goes before the one it is made of.
    for name in before.columns.keys().rev().filter(|name| !after.columns.contains_key(*name)) {
        let _ = writeln!(sql, "ALTER TABLE {table} DROP COLUMN {name};");
    }
    for (name, definition) in &after.columns {
        match before.columns.get(name) {
            None => {
                if definition.contains(" NOT NULL") && !definition.contains(" DEFAULT ") {
                    let _ = writeln!(sql, "-- REVIEW: rows that exist need a value for {name}.");
                }
                let _ = writeln!(sql, "ALTER TABLE {table} ADD COLUMN {name} {definition};");
            }
            Some(old) if old != definition => change(sql, table, name, (old, definition)),
            Some(_) => {}
        }
    }
}

/// Type, NOT NULL, default and check of a definition.
fn parts(definition: &str) -> (&str, bool, Option<&str>, Option<&str>) {
    let (rest, check) = match definition.split_once(" CHECK ") {
        Some((rest, check)) => (rest, Some(check)),
        None => (definition, None),
    };
    let (rest, default) = match rest.split_once(" DEFAULT ") {
        Some((rest, default)) => (rest, Some(default)),
        None => (rest, None),
    };
    let kind = rest.trim_end_matches(" NOT NULL");
    (kind, kind.len() != rest.len(), default, check)
}

fn change(sql: &mut String, table: &str, name: &str, (old, new): (&str, &str)) {
    if old.contains(" GENERATED ") || new.contains(" GENERATED ") {
        let _ = writeln!(
            sql,
            "ALTER TABLE {table} DROP COLUMN {name};\nALTER TABLE {table} ADD COLUMN {name} {new};"
        );
        return;
    }
    let _ = writeln!(sql, "-- COLUMN {table} {name} {new}");
    let ((old_type, old_null, old_default, old_check), (kind, not_null, default, check)) =
        (parts(old), parts(new));
    let bare = |text: &str| text.replace('"', "");
    let constraint =
        format!("\"{}_{}_check\"", bare(table.rsplit('.').next().unwrap_or_default()), bare(name));
    if old_check.is_some() && old_check != check {
        let _ = writeln!(sql, "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint};");
    }
    if old_type != kind {
        let cast = kind.split(" COLLATE").next().unwrap_or_default();
        let _ = writeln!(sql, "-- REVIEW: values change their type.");
        let _ = writeln!(sql, "ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind} USING {name}::{cast};");
    }
    if old_default != default {
        let action =
            default.map_or_else(|| "DROP DEFAULT".to_owned(), |value| format!("SET DEFAULT {value}"));
        let _ = writeln!(sql, "ALTER TABLE {table} ALTER COLUMN {name} {action};");
    }
    if old_null != not_null {
        if not_null {
            let _ = writeln!(sql, "-- REVIEW: rows that exist need a value for {name}.");
        }
        let action = if not_null { "SET NOT NULL" } else { "DROP NOT NULL" };
        let _ = writeln!(sql, "ALTER TABLE {table} ALTER COLUMN {name} {action};");
    }
    if let Some(check) = check.filter(|_| old_check != check) {
        let _ = writeln!(sql, "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK {check};");
    }
}
