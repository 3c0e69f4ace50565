//! `portolan doctor`: what the server needs and has.

use std::path::Path;

use crate::Failure;
use crate::settings::Settings;

/// Looks and prints a line for each thing; the exit code tells whether all is well.
pub(crate) async fn doctor(settings: &Settings) -> Result<(), Failure> {
    let mut wrong = 0;
    let mut say = |good: bool, what: String| {
        println!("{} {what}", if good { "ok  " } else { "FAIL" });
        wrong += u32::from(!good);
    };
    let writable = std::fs::create_dir_all(&settings.data_dir).is_ok()
        && std::fs::metadata(&settings.data_dir).is_ok_and(|data| !data.permissions().readonly());
    say(writable, format!("data directory {}", settings.data_dir.display()));
    if settings.database_url.is_none() {
        let found = ["18", "17", "16", "15"]
            .iter()
            .map(|major| format!("/usr/lib/postgresql/{major}/bin"))
            .chain(std::env::var("PORTOLAN_PG_BIN"))
            .find(|directory| Path::new(directory).join("postgres").exists());
        match &found {
            Some(directory) => say(true, format!("PostgreSQL binaries in {directory}")),
            None => say(
                false,
                "PostgreSQL binaries: install Debian's postgresql-15, or set PORTOLAN_PG_BIN".to_owned(),
            ),
        }
    }
    let mut options = match &settings.database_url {
        Some(url) => db::StoreOptions::external(url.clone()),
        None => db::StoreOptions::embedded(settings.data_dir.clone()),
    };
    options.app_connections = 2;
    match db::Store::open(options).await {
        Err(error) => say(false, format!("database: {error}")),
        Ok(store) => {
            say(true, "database answers, its core is of this version".to_owned());
            match store.audit().await {
                Err(error) => say(false, format!("catalogue audit: {error}")),
                Ok(findings) if findings.is_empty() => {
                    say(true, "catalogue audit: every table is a tenant table or allowed".to_owned())
                }
                Ok(findings) => {
                    for finding in findings {
                        say(false, format!("catalogue audit: {finding:?}"));
                    }
                }
            }
            store.stop().await;
        }
    }
    if wrong == 0 { Ok(()) } else { Err(Failure::new(format!("{wrong} things are wrong"))) }
}
