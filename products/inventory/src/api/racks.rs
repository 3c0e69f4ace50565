//! Elevations of racks: what stands where, as rows and as a drawing.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kit::permission::Act;
use kit::record::Record;
use kit::{Ctx, Permission, Problem, Records};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Named, one, records, reference};
use crate::plugin::Shared;
use crate::racks::contents::Contents;
use crate::racks::draw::{self, Drawn, Picture, Size, Theme};
use crate::racks::power::{self, Power};
use crate::racks::{Face, Frame, Mounted, number_of, reserved_units, units, used_halves};
use crate::reading::{Reader, id_of};

/// From which side.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Side {
    /// `front` or `rear`; `front` when absent.
    face: Option<String>,
}

/// From which side, and how it looks.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Look {
    /// `front` or `rear`; `front` when absent.
    face: Option<String>,
    /// `light` or `dark`; `light` when absent.
    theme: Option<String>,
    /// Width of the devices in pixels: 100 to 1000, 230 when absent.
    unit_width: Option<i64>,
    /// Height of a unit in pixels: 10 to 100, 22 when absent.
    unit_height: Option<i64>,
}

/// A half unit.
#[derive(Serialize, ToSchema)]
pub(super) struct HalfUnit {
    /// 4 is the lower, 4.5 the upper half of unit 4.
    unit: f64,
    name: String,
    /// What one sees there.
    device: Option<Uuid>,
    occupied: bool,
    /// Who holds it.
    reservation: Option<Uuid>,
}

/// A role with its colour.
#[derive(Serialize, ToSchema)]
pub(super) struct RoleInRack {
    id: Uuid,
    display: String,
    color: Option<String>,
}

/// A device of the rack.
#[derive(Serialize, ToSchema)]
pub(super) struct InRack {
    id: Uuid,
    /// Nothing when you may not read devices.
    name: Option<String>,
    /// Its lowest unit; nothing when it stands in none.
    position: Option<f64>,
    face: Option<String>,
    /// Units; 0 beside the rack's units.
    height: f64,
    full_depth: bool,
    status: Option<String>,
    role: Option<RoleInRack>,
    device_type: Option<Named>,
    asset_tag: Option<String>,
    /// For `If-Match` when it is moved.
    version: Option<i64>,
}

/// Units held for somebody.
#[derive(Serialize, ToSchema)]
pub(super) struct HeldUnits {
    id: Uuid,
    units: Vec<i64>,
    description: String,
    user: Option<Named>,
    assigned_tenant: Option<Named>,
}

/// What of a rack is used.
#[derive(Serialize, ToSchema)]
pub(super) struct RackUse {
    /// Units of the rack.
    units: i64,
    /// Units with a device at either side that counts.
    units_used: f64,
    /// Units held, without those in use.
    units_reserved: f64,
    /// Watts the feeds give, without their reserve.
    power_available: i64,
    power_allocated: i64,
    power_maximum: i64,
}

/// A rack from one side.
#[derive(Serialize, ToSchema)]
pub(super) struct RackElevation {
    id: Uuid,
    name: String,
    site: Option<Named>,
    location: Option<Named>,
    status: Option<String>,
    face: &'static str,
    u_height: i64,
    starting_unit: i64,
    /// The lowest number is at the top.
    desc_units: bool,
    /// Half units from the top.
    units: Vec<HalfUnit>,
    devices: Vec<InRack>,
    reservations: Vec<HeldUnits>,
    utilisation: RackUse,
}

/// A rack with everything in it.
struct Rack {
    record: Record,
    frame: Frame,
    contents: Contents,
    /// Devices in units, and whether they count as use of the rack.
    mounted: Vec<(Mounted, bool)>,
    reserved: BTreeSet<i64>,
    /// May devices be named?
    named: bool,
}

impl Rack {
    async fn load(records: &dyn Records, ctx: &Ctx, id: Uuid) -> Result<Self, Problem> {
        let record = one(records, ctx, "inventory.rack", id).await?;
        let contents = Contents::all(records, &mut Reader::Of(ctx), &BTreeSet::from([id])).await?;
        let counts = |device: &Record| {
            let excluded = contents.kind(device).and_then(|kind| kind.get("exclude_from_utilization"));
            excluded != Some(&Value::Bool(true))
        };
        let mounted = |device| Some((contents.mounted(device)?, counts(device)));
        let mounted = contents.devices.iter().filter_map(mounted).collect();
        let reserved = contents.reservations.iter().flat_map(reserved_units).collect();
        let named = ctx.authorize(Permission::new("inventory/devices", Act::Read)).is_ok();
        Ok(Self { frame: Frame::of(&record), record, contents, mounted, reserved, named })
    }

    fn units(&self, face: Face) -> Vec<HalfUnit> {
        let at = |half: i64| {
            let device = self.mounted.iter().find(|(device, _)| device.is_at(face) && device.covers(half));
            let whole = half.div_euclid(2);
            let reservation =
                self.contents.reservations.iter().find(|held| reserved_units(held).contains(&whole));
            HalfUnit {
                unit: units(half),
                name: format!("U{}", units(half)),
                device: device.map(|(device, _)| device.device),
                occupied: device.is_some(),
                reservation: reservation.and_then(id_of),
            }
        };
        self.frame.halves_from_top().into_iter().map(at).collect()
    }

    fn device(&self, device: &Record) -> Option<InRack> {
        let kind = self.contents.kind(device);
        let role = reference(device, "role");
        let color = role.as_ref().and_then(|role| text(self.contents.roles.get(&role.id)?, "color"));
        Some(InRack {
            id: id_of(device)?,
            name: self.named.then(|| name_of(device)),
            position: number_of(device, "position"),
            face: text(device, "face"),
            height: kind.and_then(|kind| number_of(kind, "u_height")).unwrap_or(1.0),
            full_depth: kind.is_none_or(|kind| kind.get("is_full_depth") != Some(&Value::Bool(false))),
            status: text(device, "status"),
            role: role.map(|role| RoleInRack { id: role.id, display: role.display, color }),
            device_type: reference(device, "device_type"),
            asset_tag: text(device, "asset_tag").filter(|_| self.named),
            version: device.get("version").and_then(Value::as_i64),
        })
    }

    fn elevation(&self, face: Face, power: Power) -> RackElevation {
        let (used, reserved) = used_halves(self.frame, &self.mounted, &self.reserved);
        let reservation = |held: &Record| {
            Some(HeldUnits {
                id: id_of(held)?,
                units: reserved_units(held).into_iter().collect(),
                description: text(held, "description").unwrap_or_default(),
                user: reference(held, "user"),
                assigned_tenant: reference(held, "assigned_tenant"),
            })
        };
        RackElevation {
            id: id_of(&self.record).unwrap_or_default(),
            name: text(&self.record, "name").unwrap_or_default(),
            site: reference(&self.record, "site"),
            location: reference(&self.record, "location"),
            status: text(&self.record, "status"),
            face: face.as_str(),
            u_height: self.frame.height,
            starting_unit: self.frame.start,
            desc_units: self.frame.descending,
            units: self.units(face),
            devices: self.contents.devices.iter().filter_map(|device| self.device(device)).collect(),
            reservations: self.contents.reservations.iter().filter_map(reservation).collect(),
            utilisation: RackUse {
                units: self.frame.height,
                units_used: units(used),
                units_reserved: units(reserved),
                power_available: power.available,
                power_allocated: power.allocated,
                power_maximum: power.maximum,
            },
        }
    }

    fn picture(&self, face: Face) -> Picture {
        let drawn = |device: &Record| {
            let place = self.contents.mounted(device)?;
            let role = reference(device, "role").and_then(|role| self.contents.roles.get(&role.id));
            let colour = role.and_then(|role| text(role, "color")).unwrap_or_default();
            let name = if self.named { name_of(device) } else { "occupied".to_owned() };
            let kind = reference(device, "device_type").map(|kind| kind.display).unwrap_or_default();
            let title =
                format!("{name}: {kind}, {} units from {}", units(place.height), units(place.position));
            Some(Drawn { place, name, title, colour, shaded: false })
        };
        let name = text(&self.record, "name").unwrap_or_default();
        Picture {
            title: format!("Rack {name} from the {}", if face == Face::Front { "front" } else { "back" }),
            frame: self.frame,
            face,
            devices: self.contents.devices.iter().filter_map(drawn).collect(),
            reserved: self.reserved.clone(),
        }
    }
}

fn text(record: &Record, field: &str) -> Option<String> {
    record.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// The name of a device, or what it is.
fn name_of(device: &Record) -> String {
    let kind = || reference(device, "device_type").map(|kind| kind.display).unwrap_or_default();
    text(device, "name").filter(|name| !name.is_empty()).unwrap_or_else(kind)
}

fn face(text: Option<&str>) -> Result<Face, Problem> {
    Face::parse(text.unwrap_or("front"))
        .ok_or_else(|| Problem::field("?face", "choice", "The faces are front and rear."))
}

/// A rack from one side: its half units from the top, everything in it, what is held and what is used.
#[utoipa::path(get, path = "/racks/{id}/elevation", tag = "inventory", operation_id = "inventory_racks_elevation",
    params(("id" = Uuid, Path, description = "Rack"), Side),
    extensions(("x-permission" = json!("inventory/racks:read"))),
    responses((status = 200, body = RackElevation), (status = 404, description = "No such rack")))]
pub(super) async fn elevation(
    State(shared): State<Shared>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Query(side): Query<Side>,
) -> Result<Json<RackElevation>, Problem> {
    let records = records(&shared)?;
    let face = face(side.face.as_deref())?;
    let rack = Rack::load(records, &ctx, id).await?;
    let power = power::of_rack(records, &ctx, id).await?;
    Ok(Json(rack.elevation(face, power)))
}

/// The drawing of a rack as SVG, to be put into other pages.
#[utoipa::path(get, path = "/racks/{id}/elevation.svg", tag = "inventory", operation_id = "inventory_racks_drawing",
    params(("id" = Uuid, Path, description = "Rack"), Look),
    extensions(("x-permission" = json!("inventory/racks:read"))),
    responses((status = 200, description = "The drawing", content_type = "image/svg+xml"), (status = 404, description = "No such rack")))]
pub(super) async fn drawing(
    State(shared): State<Shared>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let records = records(&shared)?;
    let face = face(look.face.as_deref())?;
    let theme = Theme::parse(look.theme.as_deref().unwrap_or("light"))
        .ok_or_else(|| Problem::field("?theme", "choice", "The themes are light and dark."))?;
    let within = |name: &str, value: Option<i64>, usual: i64, least: i64, most: i64| {
        let value = value.unwrap_or(usual);
        let message = || format!("It lies between {least} and {most} pixels.");
        (least..=most)
            .contains(&value)
            .then_some(value)
            .ok_or_else(|| Problem::field(name, "range", message()))
    };
    let usual = Size::default();
    let size = Size {
        unit_width: within("?unit_width", look.unit_width, usual.unit_width, 100, 1_000)?,
        unit_height: within("?unit_height", look.unit_height, usual.unit_height, 10, 100)?,
        ..usual
    };
    let rack = Rack::load(records, &ctx, id).await?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))];
    Ok((kind, draw::rack(&rack.picture(face), size, theme)).into_response())
}
