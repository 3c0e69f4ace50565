//! `racks/<id>/elevation`: the half units of a rack from one side, as a list or as our drawing.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::record::Record;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::Refusal;
use super::objects::{Call, answer};
use super::pool::record_id;
use super::query;
use crate::racks::contents::Contents;
use crate::racks::draw::{self, Drawn, Picture, Size, Theme};
use crate::racks::{Face, Frame, Mounted, reserved_units, units};
use crate::reading::{Reader, reference};

/// Units of a page when nothing is said, and at most.
const PAGE: usize = 50;
const MAX_PAGE: usize = 1_000;

/// What is asked of an elevation.
struct Asked<'a> {
    face: Face,
    svg: bool,
    size: Size,
    /// Part of a unit's name.
    q: &'a str,
    /// Number of the device that is not seen.
    exclude: Option<i64>,
    /// Is a device in all of its units, or in its lowest only?
    expand: bool,
    limit: usize,
    offset: usize,
    highlight: Vec<&'a str>,
}

fn no_choice(name: &str, value: &str) -> Refusal {
    Refusal::field(name, format!("\"{value}\" is not a valid choice."))
}

impl<'a> Asked<'a> {
    fn of(pairs: &'a query::Pairs) -> Result<Self, Refusal> {
        let given = |name: &str| query::last(pairs, name).filter(|text| !text.is_empty());
        let whole = |name: &str| match given(name) {
            Some(text) => match text.parse::<i64>() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(Refusal::field(name, "A valid integer is required.")),
            },
            None => Ok(None),
        };
        let face = given("face").unwrap_or("front");
        let svg = match given("render").unwrap_or("json") {
            "json" => false,
            "svg" => true,
            other => return Err(no_choice("render", other)),
        };
        let usual = Size::default();
        let pixels = |asked: Option<i64>, usual: i64, most: i64| asked.unwrap_or(usual).clamp(10, most);
        let size = Size {
            unit_width: pixels(whole("unit_width")?, usual.unit_width, 1_000),
            unit_height: pixels(whole("unit_height")?, usual.unit_height, 100),
            legend_width: pixels(whole("legend_width")?, usual.legend_width, 200),
        };
        let page = |name: &str| query::last(pairs, name).and_then(|text| text.parse::<usize>().ok());
        Ok(Self {
            face: Face::parse(face).ok_or_else(|| no_choice("face", face))?,
            svg,
            size,
            q: given("q").unwrap_or_default(),
            exclude: whole("exclude")?,
            expand: !matches!(given("expand_devices"), Some("false" | "False" | "0")),
            limit: match page("limit") {
                Some(0) => MAX_PAGE,
                Some(limit) => limit.min(MAX_PAGE),
                None => PAGE,
            },
            offset: page("offset").unwrap_or(0),
            highlight: pairs
                .iter()
                .filter(|(name, _)| name == "highlight")
                .map(|(_, value)| value.as_str())
                .collect(),
        })
    }
}

fn number(record: &Record) -> Option<i64> {
    record.get("number").and_then(Value::as_i64)
}

fn name(device: &Record) -> String {
    let kind =
        || device.get("device_type").and_then(|kind| kind.get("display")?.as_str()).unwrap_or_default();
    device.get("name").and_then(Value::as_str).unwrap_or_else(kind).to_owned()
}

impl Call<'_> {
    /// GET of the elevation.
    pub(super) async fn elevation(&self, id: i64) -> Result<Response, Refusal> {
        let asked = Asked::of(self.pairs)?;
        let rack = self.object(id).await?;
        let racks = BTreeSet::from([record_id(&rack)]);
        let contents = Contents::all(self.records, &mut Reader::Of(self.ctx), &racks).await?;
        let seen = contents
            .devices
            .iter()
            .filter(|device| asked.exclude.is_none() || number(device) != asked.exclude);
        let seen: Vec<(Mounted, &Record)> =
            seen.filter_map(|device| Some((contents.mounted(device)?, device))).collect();
        if asked.svg {
            return Ok(drawing(&asked, &rack, &contents, seen));
        }
        self.half_units(&asked, &rack, &seen).await
    }

    async fn half_units(
        &self,
        asked: &Asked<'_>,
        rack: &Record,
        seen: &[(Mounted, &Record)],
    ) -> Result<Response, Refusal> {
        let face = asked.face.as_str();
        let label = if asked.face == Face::Front { "Front" } else { "Rear" };
        let named = |half: i64| (half, format!("U{}", units(half)));
        let halves: Vec<(i64, String)> = Frame::of(rack)
            .halves_from_top()
            .into_iter()
            .map(named)
            .filter(|(_, name)| asked.q.is_empty() || name.to_lowercase().contains(&asked.q.to_lowercase()))
            .collect();
        let devices = Endpoint::at("dcim/devices").ok_or_else(Refusal::no_route)?;
        let mut shown: HashMap<Uuid, String> = HashMap::new();
        let mut items = Vec::new();
        for (half, unit) in halves.iter().skip(asked.offset).take(asked.limit) {
            let there = seen.iter().find(|(place, _)| {
                let covers = if asked.expand { place.covers(*half) } else { place.position == *half };
                place.is_at(asked.face) && covers
            });
            let device = match there {
                Some((place, device)) => match shown.entry(place.device) {
                    Entry::Occupied(known) => known.into_mut().as_str(),
                    Entry::Vacant(unknown) => unknown.insert(self.short(devices, device).await?).as_str(),
                },
                None => "null",
            };
            let description = there.map(|(_, device)| name(device));
            items.push(format!(
                "{{\"id\":{},\"name\":\"{unit}\",\"face\":{{\"value\":\"{face}\",\"label\":\"{label}\"}},\
                 \"device\":{device},\"occupied\":{},\"display\":\"{unit}\",\"description\":{}}}",
                json!(units(*half)),
                there.is_some(),
                json!(description),
            ));
        }
        let (next, previous) = self.pages(asked, rack, halves.len());
        let body = format!(
            "{{\"count\":{},\"next\":{},\"previous\":{},\"results\":[{}]}}",
            halves.len(),
            json!(next),
            json!(previous),
            items.join(",")
        );
        Ok(answer(StatusCode::OK, body.into_bytes()))
    }

    /// The addresses of the pages behind and before.
    fn pages(&self, asked: &Asked<'_>, rack: &Record, count: usize) -> (Option<String>, Option<String>) {
        let path = format!("{}/{}/elevation", self.endpoint.path, number(rack).unwrap_or_default());
        let address = query::Address { base: self.base, path: &path, pairs: self.pairs };
        address.neighbours(asked.limit as u64, asked.offset as u64, count as u64)
    }
}

/// Our drawing in the wanted size; with `highlight=id:1` everything else is shaded.
fn drawing(asked: &Asked<'_>, rack: &Record, contents: &Contents, seen: Vec<(Mounted, &Record)>) -> Response {
    let drawn = |(place, device): (Mounted, &Record)| {
        let role = reference(device, "role").and_then(|role| contents.roles.get(&role));
        let text = |record: Option<&Record>, field: &str| {
            record.and_then(|record| record.get(field)?.as_str()).unwrap_or_default().to_owned()
        };
        let wanted = |mark: &&str| match mark.split_once(':') {
            Some(("id", id)) => id.parse().ok() == number(device),
            Some(("name", wanted)) => wanted == name(device),
            _ => false,
        };
        let kind = contents.kind(device);
        Drawn {
            title: format!("{} ({}, {})", name(device), text(role, "name"), text(kind, "model")),
            name: name(device),
            colour: text(role, "color"),
            shaded: !asked.highlight.is_empty() && !asked.highlight.iter().any(wanted),
            place,
        }
    };
    let picture = Picture {
        title: name(rack),
        frame: Frame::of(rack),
        face: asked.face,
        devices: seen.into_iter().map(drawn).collect(),
        reserved: contents.reservations.iter().flat_map(reserved_units).collect(),
    };
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))];
    (kind, draw::rack(&picture, asked.size, Theme::Light)).into_response()
}
