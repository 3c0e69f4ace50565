//! One layer of the map.

use axum::Json;
use axum::extract::{Query, State};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SharedState;
use crate::map::{Layer, NodeKind, Topology};
use crate::service::READ;

/// Which part of the map.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// `l1` (cables), `l2` (frames) or `l3` (packets); `l1` when absent.
    layer: Option<String>,
    /// Devices of this site only.
    site: Option<String>,
    /// Devices whose name or address contains this text only.
    q: Option<String>,
}

pub(super) fn layer(text: Option<&str>) -> Result<Layer, Problem> {
    match text {
        None => Ok(Layer::L1),
        Some(text) => Layer::parse(text)
            .ok_or_else(|| Problem::field("?layer", "choice", "The layers are l1, l2 and l3.")),
    }
}

/// The map of one layer: nodes with places, links with evidence.
#[utoipa::path(get, path = "/topology", tag = "atlas", operation_id = "atlas_topology", params(Wanted),
    extensions(("x-permission" = json!("atlas/topology:read"))),
    responses((status = 200, description = "Nodes and links of the layer", body = Object)))]
pub(super) async fn topology(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Topology>, Problem> {
    ctx.authorize(READ)?;
    let layer = layer(wanted.layer.as_deref())?;
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    let mut topology = current.map.topology(layer, current.revision);
    if wanted.site.is_some() || wanted.q.is_some() {
        narrow(&mut topology, wanted.site.as_deref(), wanted.q.as_deref());
    }
    Ok(Json(topology))
}

/// Keeps devices that fit, links between them, and the media those links end in.
fn narrow(topology: &mut Topology, site: Option<&str>, text: Option<&str>) {
    let text = text.map(str::to_lowercase);
    let fits: std::collections::BTreeSet<_> = topology
        .nodes
        .iter()
        .filter(|node| {
            let by_site = site.is_none_or(|site| node.site.as_deref() == Some(site));
            let by_text = text.as_deref().is_none_or(|text| {
                node.name.to_lowercase().contains(text)
                    || node.addresses.iter().any(|address| address.to_string().contains(text))
            });
            node.kind == NodeKind::Segment || (by_site && by_text)
        })
        .map(|node| node.id)
        .collect();
    topology.links.retain(|link| fits.contains(&link.a.device) && fits.contains(&link.b.device));
    let linked: std::collections::BTreeSet<_> =
        topology.links.iter().flat_map(|link| [link.a.device, link.b.device]).collect();
    topology.nodes.retain(|node| {
        fits.contains(&node.id) && (node.kind != NodeKind::Segment || linked.contains(&node.id))
    });
}

/// The revision of the map.
#[derive(Serialize, ToSchema)]
pub(super) struct Revision {
    revision: i64,
}

/// Whether the map changed since it was last read.
#[utoipa::path(get, path = "/topology/revision", tag = "atlas", operation_id = "atlas_topology_revision",
    extensions(("x-permission" = json!("atlas/topology:read"))), responses((status = 200, body = Revision)))]
pub(super) async fn revision(State(shared): State<SharedState>, ctx: Ctx) -> Result<Json<Revision>, Problem> {
    ctx.authorize(READ)?;
    let revision = shared.atlas()?.current(ctx.tenant()).await?.revision;
    Ok(Json(Revision { revision }))
}
