//! A job as the API shows it.

use chrono::{DateTime, Utc};
use kit::Problem;
use kit::jobs::Progress;
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use utoipa::ToSchema;
use uuid::Uuid;

/// A job, as `GET /api/v1/platform/jobs/{id}` and its stream show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobView {
    /// Its id.
    pub id: Uuid,
    /// Its kind, `<product>.<what>`.
    pub kind: String,
    /// `available`, `scheduled`, `running`, `retryable`, `completed`, `cancelled` or `discarded`.
    pub state: String,
    /// How far it is: `done`, `total` or null, `message`, `detail`.
    #[schema(value_type = Object)]
    pub progress: Progress,
    /// What it gave, once completed.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Why the last try failed.
    pub error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When the last try began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it reached a final state.
    pub finished_at: Option<DateTime<Utc>>,
    /// Tries begun.
    pub attempt: i64,
    /// Who enqueued it: `user:<id>`, `system:<part>` ...
    pub created_by: String,
}

impl JobView {
    /// Whether nothing will happen any more.
    pub fn is_finished(&self) -> bool {
        self.finished_at.is_some()
    }
}

const GET: &str = "SELECT id, kind, state, progress, result, error, created_at, started_at, finished_at, attempt, \
    created_by FROM app.job WHERE id = $1";

/// One job, on a connection that has its tenant set.
pub(crate) async fn fetch(connection: &mut PgConnection, id: Uuid) -> Result<Option<JobView>, Problem> {
    let Some(row) = sqlx::query(GET).bind(id).fetch_optional(connection).await? else { return Ok(None) };
    Ok(Some(JobView {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        state: row.try_get("state")?,
        progress: row.try_get::<Json<Progress>, _>("progress")?.0,
        result: row.try_get("result")?,
        error: row.try_get("error")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        attempt: row.try_get("attempt")?,
        created_by: row.try_get("created_by")?,
    }))
}
