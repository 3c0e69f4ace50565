//! Subjects, their documents and their failures.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::{Problem, ReadTx, WriteTx};
use model::{Completeness, Document, DocumentKind, Method, Reason, Subject};
use serde_json::Value;
use sqlx::Row as _;
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

/// Content that a new document replaces, with its beginning.
pub(crate) type Old = (Arc<Document>, DateTime<Utc>);

/// What a batch of frames changes.
#[derive(Default)]
pub(crate) struct Changes {
    /// Subjects that were not known.
    pub(crate) subjects: Vec<(Subject, Method)>,
    /// Documents with new content: subject, heading, the new one, the old content with its beginning.
    pub(crate) documents: Vec<(Subject, DocumentKind, DocumentView, Option<Old>)>,
    /// Documents whose content was confirmed: subject, heading, time.
    pub(crate) confirmed: Vec<(Subject, DocumentKind, DateTime<Utc>)>,
    /// Failed readings.
    pub(crate) failures: Vec<(Subject, Failure)>,
    /// Failures that a good reading ended; no heading is the subject as a whole.
    pub(crate) mended: Vec<(Subject, Option<DocumentKind>)>,
}

/// All subjects of the tenant with the time at which each document's content began.
pub(crate) type Loaded = (BTreeMap<Subject, SubjectView>, BTreeMap<(Subject, DocumentKind), DateTime<Utc>>);

/// Reads everything known.
pub(crate) async fn load_subjects(tx: &mut ReadTx) -> Result<Loaded, Problem> {
    let (mut subjects, mut by_id, mut begun) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let rows = sqlx::query("SELECT id, source, partition, key, method FROM atlas.subject")
        .fetch_all(tx.conn())
        .await?;
    for row in &rows {
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
        by_id.insert(row.try_get::<Uuid, _>("id")?, subject.clone());
        let view = SubjectView {
            subject: subject.clone(),
            method,
            documents: BTreeMap::new(),
            failures: Vec::new(),
        };
        subjects.insert(subject, view);
    }
    let rows = sqlx::query(
        "SELECT subject_id, kind, body, completeness, ttl_seconds, valid_from, seen_at FROM atlas.document",
    )
    .fetch_all(tx.conn())
    .await?;
    for row in &rows {
        let subject = by_id.get(&row.try_get::<Uuid, _>("subject_id")?);
        let kind = DocumentKind::parse(row.try_get("kind")?);
        // A heading of a later version is left alone: this one cannot read it.
        let (Some(subject), Some(kind)) = (subject, kind) else { continue };
        let view = DocumentView {
            document: Arc::new(serde_json::from_value(row.try_get("body")?).map_err(Problem::internal)?),
            seen_at: row.try_get("seen_at")?,
            completeness: serde_json::from_value(row.try_get("completeness")?).map_err(Problem::internal)?,
            ttl_seconds: u32::try_from(row.try_get::<i64, _>("ttl_seconds")?).unwrap_or(u32::MAX),
        };
        begun.insert((subject.clone(), kind), row.try_get("valid_from")?);
        if let Some(known) = subjects.get_mut(subject) {
            known.documents.insert(kind, view);
        }
    }
    for (subject, failure) in load_failures(tx, &by_id).await? {
        if let Some(known) = subjects.get_mut(&subject) {
            known.failures.push(failure);
        }
    }
    Ok((subjects, begun))
}

async fn load_failures(
    tx: &mut ReadTx,
    subjects: &BTreeMap<Uuid, Subject>,
) -> Result<Vec<(Subject, Failure)>, Problem> {
    let rows =
        sqlx::query("SELECT subject_id, kind, at, declared, read, reason FROM atlas.failure ORDER BY id")
            .fetch_all(tx.conn())
            .await?;
    let mut failures = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(subject) = subjects.get(&row.try_get::<Uuid, _>("subject_id")?) else { continue };
        let count = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
        let reason: Reason = serde_json::from_value(row.try_get("reason")?).map_err(Problem::internal)?;
        let failure = Failure {
            kind: DocumentKind::parse(row.try_get("kind")?),
            at: row.try_get("at")?,
            declared: row.try_get::<Option<i64>, _>("declared")?.map(count),
            read: count(row.try_get("read")?),
            reason,
        };
        failures.push((subject.clone(), failure));
    }
    Ok(failures)
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

async fn write_past(tx: &mut WriteTx, changes: &Changes) -> Result<(), Problem> {
    let (mut ids, mut subjects, mut kinds, mut bodies, mut from, mut to) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (subject, kind, new, old) in &changes.documents {
        let Some((old, begun)) = old else { continue };
        ids.push(Uuid::now_v7());
        subjects.push(subject_id(subject));
        kinds.push(kind.as_str());
        bodies.push(serde_json::to_value(&**old).map_err(Problem::internal)?);
        from.push(*begun);
        to.push(new.seen_at);
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO atlas.document_past (id, subject_id, kind, body, valid_from, valid_to) \
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[])",
    )
    .bind(ids)
    .bind(subjects)
    .bind(kinds)
    .bind(bodies)
    .bind(from)
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
