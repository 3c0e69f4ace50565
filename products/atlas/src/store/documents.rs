//! Subjects, their documents and their failures.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use kit::{Problem, ReadTx, WriteTx};
use model::{Completeness, Document, DocumentKind, Method, Reason, Subject};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::map::{DocumentView, Failure, SubjectView, derived_id};

/// The id of a subject: derived from its name, so that no look-up is needed.
fn subject_id(subject: &Subject) -> Uuid {
    derived_id("atlas.subject", &[&subject.source, &subject.partition, &subject.key])
}

fn document_id(subject: Uuid, kind: &str) -> Uuid {
    derived_id("atlas.document", &[&subject.to_string(), kind])
}

fn method_text(method: Method) -> &'static str {
    match method {
        Method::Queried => "queried",
        Method::Stated => "stated",
        Method::Reported => "reported",
    }
}

/// What a batch of frames changes.
#[derive(Default)]
pub(crate) struct Changes {
    /// Subjects that were not known.
    pub(crate) subjects: Vec<(Subject, Method)>,
    /// Documents with new content: subject, heading, the new one, whether it replaces another.
    pub(crate) documents: Vec<(Subject, DocumentKind, DocumentView, bool)>,
    /// Documents whose content was confirmed: subject, heading, time.
    pub(crate) confirmed: Vec<(Subject, DocumentKind, DateTime<Utc>)>,
    /// Failed readings.
    pub(crate) failures: Vec<(Subject, Failure)>,
    /// Failures that a good reading ended; no heading is the subject as a whole.
    pub(crate) mended: Vec<(Subject, Option<DocumentKind>)>,
}

/// Something read back. A subject comes before its documents and failures.
pub(crate) enum Loaded {
    /// A subject, still without documents.
    Subject(SubjectView),
    /// A document of it.
    Document(Subject, DocumentView),
    /// A failure of it.
    Failure(Subject, Failure),
}

/// Some subjects with all their documents, in the order asked for.
pub(crate) async fn load_views(tx: &mut ReadTx, wanted: &[Subject]) -> Result<Vec<SubjectView>, Problem> {
    let mut views: BTreeMap<Subject, SubjectView> = BTreeMap::new();
    let ids = wanted.iter().map(subject_id).collect();
    load(tx, Some(ids), |loaded| match loaded {
        Loaded::Subject(view) => drop(views.insert(view.subject.clone(), view)),
        Loaded::Document(subject, document) => {
            if let Some(view) = views.get_mut(&subject) {
                view.documents.insert(document.document.kind(), document);
            }
        }
        Loaded::Failure(subject, failure) => {
            views.get_mut(&subject).into_iter().for_each(|view| view.failures.push(failure.clone()));
        }
    })
    .await?;
    Ok(wanted.iter().filter_map(|subject| views.remove(subject)).collect())
}

/// Reads the subjects of these ids, or everything known; one document at a time, so that whole
/// documents are never in memory together.
pub(crate) async fn load(
    tx: &mut ReadTx,
    only: Option<Vec<Uuid>>,
    mut take: impl FnMut(Loaded),
) -> Result<(), Problem> {
    let mut subjects: BTreeMap<Uuid, Subject> = BTreeMap::new();
    let rows = sqlx::query(
        "SELECT id, source, partition, key, method FROM atlas.subject WHERE $1::uuid[] IS NULL OR id = ANY($1)",
    )
    .bind(&only)
    .fetch_all(tx.conn())
    .await?;
    for row in &rows {
        let view = subject(row)?;
        subjects.insert(row.try_get("id")?, view.subject.clone());
        take(Loaded::Subject(view));
    }
    let mut rows = sqlx::query(
        "SELECT subject_id, kind, body, completeness, ttl_seconds, seen_at FROM atlas.document \
         WHERE $1::uuid[] IS NULL OR subject_id = ANY($1)",
    )
    .bind(&only)
    .fetch(tx.conn());
    while let Some(row) = rows.try_next().await? {
        let subject = subjects.get(&row.try_get::<Uuid, _>("subject_id")?);
        // A heading of a later version is left alone: this one cannot read it.
        if let (Some(subject), Some(_)) = (subject, DocumentKind::parse(row.try_get("kind")?)) {
            take(Loaded::Document(subject.clone(), document(&row)?));
        }
    }
    drop(rows);
    let rows = sqlx::query(
        "SELECT subject_id, kind, at, declared, read, reason FROM atlas.failure \
         WHERE $1::uuid[] IS NULL OR subject_id = ANY($1) ORDER BY id",
    )
    .bind(&only)
    .fetch_all(tx.conn())
    .await?;
    for row in &rows {
        if let Some(subject) = subjects.get(&row.try_get::<Uuid, _>("subject_id")?) {
            take(Loaded::Failure(subject.clone(), failure(row)?));
        }
    }
    Ok(())
}

fn subject(row: &PgRow) -> Result<SubjectView, Problem> {
    let subject = Subject {
        source: row.try_get("source")?,
        partition: row.try_get("partition")?,
        key: row.try_get("key")?,
    };
    let method = match row.try_get::<&str, _>("method")? {
        "stated" => Method::Stated,
        "reported" => Method::Reported,
        _ => Method::Queried,
    };
    Ok(SubjectView { subject, method, documents: BTreeMap::new(), failures: Vec::new() })
}

fn document(row: &PgRow) -> Result<DocumentView, Problem> {
    Ok(DocumentView {
        document: Arc::new(row.try_get::<Json<Document>, _>("body")?.0),
        seen_at: row.try_get("seen_at")?,
        completeness: row.try_get::<Json<Completeness>, _>("completeness")?.0,
        ttl_seconds: count(row.try_get("ttl_seconds")?),
    })
}

fn failure(row: &PgRow) -> Result<Failure, Problem> {
    Ok(Failure {
        kind: DocumentKind::parse(row.try_get("kind")?),
        at: row.try_get("at")?,
        declared: row.try_get::<Option<i64>, _>("declared")?.map(count),
        read: count(row.try_get("read")?),
        reason: row.try_get::<Json<Reason>, _>("reason")?.0,
    })
}

fn count(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Writes a batch in the caller's transaction.
pub(crate) async fn write_changes(tx: &mut WriteTx, changes: &Changes) -> Result<(), Problem> {
    write_subjects(tx, &changes.subjects).await?;
    write_past(tx, changes).await?;
    write_documents(tx, changes).await?;
    confirm(tx, &changes.confirmed).await?;
    write_failures(tx, changes).await
}

async fn write_subjects(tx: &mut WriteTx, subjects: &[(Subject, Method)]) -> Result<(), Problem> {
    if subjects.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = subjects.iter().map(|(subject, _)| subject_id(subject)).collect();
    let sources: Vec<&str> = subjects.iter().map(|(subject, _)| subject.source.as_str()).collect();
    let partitions: Vec<&str> = subjects.iter().map(|(subject, _)| subject.partition.as_str()).collect();
    let keys: Vec<&str> = subjects.iter().map(|(subject, _)| subject.key.as_str()).collect();
    let methods: Vec<&str> = subjects.iter().map(|(_, method)| method_text(*method)).collect();
    sqlx::query(
        "INSERT INTO atlas.subject (id, source, partition, key, method) \
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET method = excluded.method",
    )
    .bind(ids)
    .bind(sources)
    .bind(partitions)
    .bind(keys)
    .bind(methods)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what the new documents replace, with the time in which it was true.
async fn write_past(tx: &mut WriteTx, changes: &Changes) -> Result<(), Problem> {
    let (mut ids, mut documents, mut to) = (Vec::new(), Vec::new(), Vec::new());
    for (subject, kind, new, _) in changes.documents.iter().filter(|(.., replaces)| *replaces) {
        ids.push(Uuid::now_v7());
        documents.push(document_id(subject_id(subject), kind.as_str()));
        to.push(new.seen_at);
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO atlas.document_past (id, subject_id, kind, body, valid_from, valid_to) \
         SELECT new.id, d.subject_id, d.kind, d.body, d.valid_from, new.valid_to \
         FROM UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[]) AS new (id, document_id, valid_to) \
         JOIN atlas.document d ON d.id = new.document_id",
    )
    .bind(ids)
    .bind(documents)
    .bind(to)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn write_documents(tx: &mut WriteTx, changes: &Changes) -> Result<(), Problem> {
    if changes.documents.is_empty() {
        return Ok(());
    }
    let (mut ids, mut subjects, mut kinds, mut bodies, mut complete, mut ttls, mut seen) = (
        Vec::new(),
        Vec::new(),
        Vec::new(),
        Vec::<Value>::new(),
        Vec::<Value>::new(),
        Vec::<i64>::new(),
        Vec::new(),
    );
    for (subject, kind, view, _) in &changes.documents {
        let subject = subject_id(subject);
        ids.push(document_id(subject, kind.as_str()));
        subjects.push(subject);
        kinds.push(kind.as_str());
        bodies.push(serde_json::to_value(&*view.document).map_err(Problem::internal)?);
        complete.push(serde_json::to_value::<&Completeness>(&view.completeness).map_err(Problem::internal)?);
        ttls.push(i64::from(view.ttl_seconds));
        seen.push(view.seen_at);
    }
    sqlx::query(
        "INSERT INTO atlas.document (id, subject_id, kind, body, completeness, ttl_seconds, valid_from, seen_at) \
         SELECT *, seen FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::jsonb[], $6::bigint[], \
         $7::timestamptz[]) AS new (id, subject_id, kind, body, completeness, ttl_seconds, seen) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body, completeness = excluded.completeness, \
         ttl_seconds = excluded.ttl_seconds, valid_from = excluded.valid_from, seen_at = excluded.seen_at",
    )
    .bind(ids)
    .bind(subjects)
    .bind(kinds)
    .bind(bodies)
    .bind(complete)
    .bind(ttls)
    .bind(seen)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn confirm(
    tx: &mut WriteTx,
    confirmed: &[(Subject, DocumentKind, DateTime<Utc>)],
) -> Result<(), Problem> {
    if confirmed.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> =
        confirmed.iter().map(|(subject, kind, _)| document_id(subject_id(subject), kind.as_str())).collect();
    let times: Vec<DateTime<Utc>> = confirmed.iter().map(|(_, _, at)| *at).collect();
    sqlx::query(
        "UPDATE atlas.document d SET seen_at = new.at FROM UNNEST($1::uuid[], $2::timestamptz[]) AS new (id, at) \
         WHERE d.id = new.id",
    )
    .bind(ids)
    .bind(times)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn write_failures(tx: &mut WriteTx, changes: &Changes) -> Result<(), Problem> {
    let failure_id = |subject: &Subject, kind: Option<DocumentKind>| {
        derived_id(
            "atlas.failure",
            &[&subject_id(subject).to_string(), kind.map_or("", DocumentKind::as_str)],
        )
    };
    if !changes.mended.is_empty() {
        let ids: Vec<Uuid> =
            changes.mended.iter().map(|(subject, kind)| failure_id(subject, *kind)).collect();
        sqlx::query("DELETE FROM atlas.failure WHERE id = ANY($1)").bind(ids).execute(tx.conn()).await?;
    }
    for (subject, failure) in &changes.failures {
        sqlx::query(
            "INSERT INTO atlas.failure (id, subject_id, kind, at, declared, read, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, id) DO UPDATE SET at = excluded.at, \
             declared = excluded.declared, read = excluded.read, reason = excluded.reason",
        )
        .bind(failure_id(subject, failure.kind))
        .bind(subject_id(subject))
        .bind(failure.kind.map_or("", DocumentKind::as_str))
        .bind(failure.at)
        .bind(failure.declared.map(i64::from))
        .bind(i64::from(failure.read))
        .bind(serde_json::to_value(&failure.reason).map_err(Problem::internal)?)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
