//! Cables: which one a port has, what lies at its other side, and where a path ends that goes on through
//! patch panels. Many ports are followed in step, so that a hop costs a few reads however many ports.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Change, Hooks, Record, Wrote};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use crate::panels::Panels;
use crate::reading::{Reader, id_of, reference, reference_model};

/// The model of the ends of cables.
const ENDS: &str = "inventory.cable_termination";
/// Most cables of a path.
const HOPS: usize = 64;

/// A port: model and id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Port {
    pub(crate) model: String,
    pub(crate) id: Uuid,
}

/// The cable of a port, and at which side of it the port is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) cable: Uuid,
    pub(crate) side: String,
}

/// One cable of a path with the ports at both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) near: Vec<Port>,
    pub(crate) cable: Uuid,
    pub(crate) far: Vec<Port>,
}

/// A path from a port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<Segment>,
    /// What it ends at; nothing when it ends open, at a patch panel.
    pub(crate) ends: Vec<Port>,
    /// The port behind a panel that has no cable.
    pub(crate) open: Option<Port>,
    /// It goes on in several ways, and which one is not known.
    pub(crate) split: bool,
}

impl Path {
    /// The ports on it, side by side of its cables, and the open one at its end.
    pub(crate) fn nodes(&self) -> Vec<Vec<Port>> {
        let sides = self.segments.iter().flat_map(|segment| [segment.near.clone(), segment.far.clone()]);
        sides.chain(self.open.iter().map(|open| vec![open.clone()])).collect()
    }
}

/// What is known of the cables of some ports.
#[derive(Default)]
pub(crate) struct Cabling {
    /// Ports that were asked for, also those without a cable.
    asked: BTreeSet<Uuid>,
    links: HashMap<Uuid, Link>,
    sides: HashMap<Uuid, Vec<(String, Port)>>,
}

/// Does a path end at it?
pub(crate) fn is_end(model: &str) -> bool {
    !matches!(model, "inventory.front_port" | "inventory.rear_port")
}

impl Cabling {
    /// Loads the cables of ports and everything at their sides.
    pub(crate) async fn load(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        ports: &BTreeSet<Uuid>,
    ) -> Result<(), Problem> {
        let unknown: BTreeSet<Uuid> =
            ports.iter().filter(|port| self.asked.insert(**port)).copied().collect();
        let mut reader = Reader::Of(ctx);
        let own = reader.listed(records, ENDS, "termination_id", &unknown).await?;
        let cables: BTreeSet<Uuid> = own
            .iter()
            .filter_map(|termination| reference(termination, "cable"))
            .filter(|cable| !self.sides.contains_key(cable))
            .collect();
        for termination in reader.listed(records, ENDS, "cable", &cables).await? {
            let (Some(cable), Some(port)) =
                (reference(&termination, "cable"), reference(&termination, "termination"))
            else {
                continue;
            };
            let side = termination.get("cable_end").and_then(Value::as_str).unwrap_or_default().to_owned();
            let port = Port { model: kind_of(&termination), id: port };
            self.asked.insert(port.id);
            self.links.insert(port.id, Link { cable, side: side.clone() });
            self.sides.entry(cable).or_default().push((side, port));
        }
        Ok(())
    }

    /// The cable of a port.
    pub(crate) fn link(&self, port: Uuid) -> Option<&Link> {
        self.links.get(&port)
    }

    /// The ports at the same side of the port's cable, itself among them.
    pub(crate) fn near(&self, port: Uuid) -> Vec<Port> {
        self.side(port, true)
    }

    /// The ports at the other side of the port's cable.
    pub(crate) fn far(&self, port: Uuid) -> Vec<Port> {
        self.side(port, false)
    }

    fn side(&self, port: Uuid, same: bool) -> Vec<Port> {
        let Some(link) = self.links.get(&port) else { return Vec::new() };
        let all = self.sides.get(&link.cable).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|(side, _)| (*side == link.side) == same).map(|(_, port)| port.clone()).collect()
    }

    /// Follows the cables of ports to what their paths end at.
    pub(crate) async fn paths(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        ports: &[Port],
    ) -> Result<HashMap<Uuid, Path>, Problem> {
        let mut walks: Vec<Walk> = ports.iter().map(Walk::from).collect();
        for _ in 0..HOPS {
            let at: BTreeSet<Uuid> = walks.iter().filter_map(|walk| Some(walk.at.as_ref()?.id)).collect();
            if at.is_empty() {
                break;
            }
            self.load(records, ctx, &at).await?;
            for walk in &mut walks {
                walk.cross(self);
            }
            let arrived: Vec<Port> = walks.iter().filter_map(|walk| walk.arrived.clone()).collect();
            let panels = Panels::load(records, ctx, &arrived).await?;
            for walk in &mut walks {
                walk.pass(&panels);
            }
        }
        Ok(walks.into_iter().map(|walk| (walk.origin, walk.path)).collect())
    }
}

/// One path on its way.
struct Walk {
    origin: Uuid,
    path: Path,
    /// The port whose cable comes next.
    at: Option<Port>,
    /// The panel port at which the last cable arrived.
    arrived: Option<Port>,
    /// Positions of rear ports on the way, the last one on top.
    positions: Vec<i64>,
}

impl Walk {
    fn from(origin: &Port) -> Self {
        let at = Some(origin.clone());
        Self { origin: origin.id, path: Path::default(), at, arrived: None, positions: Vec::new() }
    }

    /// Over the cable to its other side.
    fn cross(&mut self, cabling: &Cabling) {
        self.arrived = None;
        let Some(port) = self.at.take() else { return };
        let at = port.id;
        let Some(link) = cabling.link(at) else {
            self.path.open = Some(port).filter(|port| !is_end(&port.model));
            return;
        };
        let been = self.path.segments.iter().any(|segment| segment.cable == link.cable);
        if been {
            return;
        }
        let far = cabling.far(at);
        self.path.segments.push(Segment { near: cabling.near(at), cable: link.cable, far: far.clone() });
        match far.first() {
            Some(port) if is_end(&port.model) => self.path.ends = far,
            Some(port) => self.arrived = Some(port.clone()),
            None => {}
        }
    }

    /// Through a panel, from the port where the cable arrived to the one behind it.
    fn pass(&mut self, panels: &Panels) {
        let Some(arrived) = self.arrived.take() else { return };
        let mut behind = panels.behind(&arrived, &self.positions);
        self.path.split = behind.len() > 1;
        if let (Some((port, positions)), true) = (behind.pop(), behind.is_empty()) {
            (self.at, self.positions) = (Some(port), positions);
        }
    }
}

/// What may lie at the two sides of a cable.
const MATES: &[(&str, &[&str])] = &[
    ("console_port", &["console_server_port", "front_port", "rear_port"]),
    ("console_server_port", &["console_port", "front_port", "rear_port"]),
    ("interface", &["interface", "front_port", "rear_port"]),
    ("front_port", &["console_port", "console_server_port", "interface", "front_port", "rear_port"]),
    ("rear_port", &["console_port", "console_server_port", "interface", "front_port", "rear_port"]),
    ("power_port", &["power_outlet", "power_feed"]),
    ("power_outlet", &["power_port"]),
    ("power_feed", &["power_port"]),
];

fn short(model: &str) -> &str {
    model.strip_prefix("inventory.").unwrap_or(model)
}

/// Ends of cables: one kind of port a side, kinds that go together, nothing that has no socket.
pub(crate) struct Ends;

impl Hooks for Ends {
    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if change == Change::Delete {
                return Ok(());
            }
            let written: Vec<(usize, &Record)> =
                rows.iter().filter_map(|row| Some((row.at, row.after?))).collect();
            let sockets = without_socket(records, tx, &written).await?;
            let sides = sides_of(records, tx, &written).await?;
            let mut errors = Vec::new();
            for (at, record) in &written {
                let mut wrong = |code: &'static str, message: String| {
                    let pointer = format!("/{at}/termination");
                    errors.push(FieldError { pointer, code: code.into(), message });
                };
                let (Some(cable), Some(port)) =
                    (reference(record, "cable"), reference(record, "termination"))
                else {
                    continue;
                };
                let kind = kind_of(record);
                if let Some(what) = sockets.get(&port) {
                    wrong("no_socket", format!("An interface of the type {what} has no socket for a cable."));
                }
                let side = record.get("cable_end").and_then(Value::as_str).unwrap_or_default();
                for (other_side, other) in sides.get(&cable).into_iter().flatten() {
                    let mates = MATES
                        .iter()
                        .find(|(model, _)| *model == short(&kind))
                        .map_or(&[][..], |(_, mates)| mates);
                    if other_side == side && *other != kind {
                        wrong(
                            "mixed",
                            format!(
                                "A side has one kind of port; this has {} and {}.",
                                short(&kind),
                                short(other)
                            ),
                        );
                    } else if other_side != side && !mates.contains(&short(other)) {
                        wrong(
                            "no_mate",
                            format!("A cable cannot join {} and {}.", short(&kind), short(other)),
                        );
                    }
                }
            }
            if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
        })
    }
}

fn kind_of(termination: &Record) -> String {
    reference_model(termination, "termination").unwrap_or_default().to_owned()
}

/// Kinds of the ports at all sides of the cables of these ends.
async fn sides_of(
    records: &dyn Records,
    tx: &mut WriteTx,
    written: &[(usize, &Record)],
) -> Result<HashMap<Uuid, BTreeSet<(String, String)>>, Problem> {
    let cables = written.iter().filter_map(|(_, record)| reference(record, "cable")).collect();
    let mut sides: HashMap<Uuid, BTreeSet<(String, String)>> = HashMap::new();
    for end in Reader::In(tx).listed(records, ENDS, "cable", &cables).await? {
        if let Some(cable) = reference(&end, "cable") {
            let side = end.get("cable_end").and_then(Value::as_str).unwrap_or_default().to_owned();
            sides.entry(cable).or_default().insert((side, kind_of(&end)));
        }
    }
    Ok(sides)
}

/// Interfaces among the ports that have no socket, with their type.
async fn without_socket(
    records: &dyn Records,
    tx: &mut WriteTx,
    written: &[(usize, &Record)],
) -> Result<HashMap<Uuid, String>, Problem> {
    let interfaces = written
        .iter()
        .filter(|(_, record)| kind_of(record) == "inventory.interface")
        .filter_map(|(_, record)| reference(record, "termination"))
        .collect();
    let mut found = HashMap::new();
    for interface in Reader::In(tx).listed(records, "inventory.interface", "id", &interfaces).await? {
        let kind = interface.get("type").and_then(Value::as_str).unwrap_or_default();
        let none = matches!(kind, "virtual" | "bridge" | "lag" | "other-wireless")
            || kind.starts_with("ieee802.11")
            || kind.starts_with("ieee802.15");
        if let Some(port) = id_of(&interface).filter(|_| none) {
            found.insert(port, kind.to_owned());
        }
    }
    Ok(found)
}
