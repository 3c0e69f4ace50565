//! Scripts: kinds of job that people start, with parameters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kit::jobs::{ParameterKind, Script, Start};
use kit::plugin::JobRegistration;
use kit::{Ctx, JobKind, Jobs as _, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::queue::Queue;
use crate::running::lock;
use crate::{EXECUTE, READ};

/// The scripts of this server. Hooks of schedules are static and know no queue, so this is shared in the
/// process; every runner of it has the same plugins.
static KNOWN: Mutex<BTreeMap<&'static str, (JobKind, Script)>> = Mutex::new(BTreeMap::new());

/// Makes the scripts among these known.
pub(crate) fn declare<'a>(registrations: impl Iterator<Item = &'a JobRegistration>) {
    let mut known = lock(&KNOWN);
    for registration in registrations {
        if let Some(script) = registration.script {
            known.insert(registration.kind.name, (registration.kind, script));
        }
    }
}

/// A script by the name of its kind.
pub(crate) fn known(name: &str) -> Option<(JobKind, Script)> {
    lock(&KNOWN).get(name).copied()
}

/// All of them, by name.
pub(crate) fn all() -> Vec<(JobKind, Script)> {
    lock(&KNOWN).values().copied().collect()
}

/// A script, as the API shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScriptView {
    /// The kind of job it starts.
    name: &'static str,
    /// Title.
    title: &'static str,
    /// What it does.
    description: &'static str,
    /// What it is asked.
    parameters: Vec<ParameterView>,
    /// May the caller start it?
    executable: bool,
}

/// A parameter of a script.
#[derive(Serialize, ToSchema)]
pub(crate) struct ParameterView {
    /// Its name among the arguments.
    name: &'static str,
    /// Label.
    label: &'static str,
    /// `flag` or `record`.
    kind: &'static str,
    /// The model of a record.
    model: Option<&'static str>,
    /// Must be given.
    required: bool,
}

impl ScriptView {
    fn of((kind, script): &(JobKind, Script), ctx: &Ctx) -> Self {
        let parameter = |parameter: &kit::jobs::Parameter| {
            let (kind, model) = match parameter.kind {
                ParameterKind::Flag => ("flag", None),
                ParameterKind::Record(model) => ("record", Some(model)),
            };
            ParameterView {
                name: parameter.name,
                label: parameter.label,
                kind,
                model,
                required: parameter.required,
            }
        };
        Self {
            name: kind.name,
            title: kind.title,
            description: script.description,
            parameters: script.parameters.iter().map(parameter).collect(),
            executable: ctx.rights().allows(EXECUTE) && ctx.rights().allows(kind.permission),
        }
    }
}

/// Scripts: what people may start as a job, with its parameters.
#[utoipa::path(get, path = "/platform/scripts", tag = "platform", operation_id = "platform_scripts_list",
    extensions(("x-permission" = json!("platform/jobs:read"))),
    responses((status = 200, body = Vec<ScriptView>)))]
pub(crate) async fn list(ctx: Ctx) -> Result<Json<Vec<ScriptView>>, Problem> {
    ctx.authorize(READ)?;
    Ok(Json(all().iter().map(|script| ScriptView::of(script, &ctx)).collect()))
}

/// How a script is started.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunScript {
    /// Its parameters.
    #[serde(default)]
    #[schema(value_type = Object)]
    args: Value,
    /// Not before this time; at once without one. To repeat it, make a schedule.
    at: Option<DateTime<Utc>>,
}

/// The job that was started.
#[derive(Serialize, ToSchema)]
pub(crate) struct StartedJob {
    /// Follow it at `/api/v1/platform/jobs/{id}`.
    job_id: Uuid,
}

/// Start a script: a job does it in the caller's name.
#[utoipa::path(post, path = "/platform/scripts/{name}/actions/run", tag = "platform",
    operation_id = "platform_scripts_run", params(("name" = String, Path, description = "Name of the script")),
    request_body = RunScript, extensions(("x-permission" = json!("platform/jobs:execute"))),
    responses((status = 202, body = StartedJob), (status = 404, description = "No such script"),
        (status = 409, description = "Too many jobs wait"), (status = 422, description = "Wrong parameters")))]
pub(crate) async fn run(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(name): Path<String>,
    Json(body): Json<RunScript>,
) -> Result<(StatusCode, Json<StartedJob>), Problem> {
    let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
    let start = Start { script: name, args: body.args, at: body.at, schedule: None };
    let job_id = queue.start(&mut tx, start).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(StartedJob { job_id })))
}
