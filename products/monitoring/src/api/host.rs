//! The machine the server runs on, as it sees itself.

use axum::Json;
use kit::{Ctx, Problem};
use model::Document;
use serde_json::{Value, json};

use crate::host::observe;
use crate::jobs::READ;

/// The host's own view: interfaces, addresses, routes, neighbours, sockets with their processes.
#[utoipa::path(get, path = "/host", tag = "monitoring", operation_id = "host_read",
    extensions(("x-permission" = json!("monitoring/discoveries:read"))),
    responses((status = 200, description = "The machine the server runs on", body = Object)))]
pub(super) async fn read(ctx: Ctx) -> Result<Json<Value>, Problem> {
    ctx.authorize(READ)?;
    let frames = observe("default").await.map_err(Problem::internal)?;
    let mut view = json!({"hostname": "", "system": {}, "interfaces": [], "addresses": [], "routes": [],
        "neighbours": [], "sockets": []});
    for frame in frames {
        let (key, value) = match frame.document {
            Some(Document::System(system)) => {
                view["hostname"] = json!(system.name);
                ("system", json!(system))
            }
            Some(Document::Interfaces(rows)) => ("interfaces", json!(rows)),
            Some(Document::Addresses(rows)) => ("addresses", json!(rows)),
            Some(Document::Routes(rows)) => ("routes", json!(rows)),
            Some(Document::IpNeighbours(rows)) => ("neighbours", json!(rows)),
            Some(Document::Sockets(rows)) => ("sockets", json!(rows)),
            _ => continue,
        };
        view[key] = value;
    }
    Ok(Json(view))
}
