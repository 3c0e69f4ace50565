//! Cables and wireless links: which one a port has, what lies at its other side, and where a path ends
//! that goes on through patch panels and circuits. Many ports are followed in step, so that a hop costs a few reads however many ports.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Change, Hooks, Record, Wrote};
use kit::records::Where;
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use crate::panels::{CIRCUIT_END, Panels};
use crate::reading::{Reader, id_of, reference, reference_model, text};
use crate::wireless::is_wireless;

/// The model of the ends of cables.
const ENDS: &str = "inventory.cable_termination";
/// The models of what connects ports.
const CABLE: &str = "inventory.cable";
const WIRELESS: &str = "inventory.wireless_link";
/// Most cables of a path.
const HOPS: usize = 64;

/// A port: model and id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Port {
    pub(crate) model: String,
    pub(crate) id: Uuid,
}

/// The cable or wireless link of a port, and at which side of it the port is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) by: Port,
    pub(crate) side: String,
}

impl Link {
    /// The cable, if it is one.
    pub(crate) fn cable(&self) -> Option<Uuid> {
        (self.by.model == CABLE).then_some(self.by.id)
    }
}

/// One cable or wireless link of a path with the ports at both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) near: Vec<Port>,
    pub(crate) by: Port,
    pub(crate) far: Vec<Port>,
}

/// A path from a port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<Segment>,
    /// What it ends at; nothing when it ends open, at a patch panel.
    pub(crate) ends: Vec<Port>,
    /// The port behind a panel, or the end of a circuit, that has no cable.
    pub(crate) open: Option<Port>,
    /// Where that end of a circuit is.
    pub(crate) place: Option<Port>,
    /// It goes on in several ways, and which one is not known.
    pub(crate) split: bool,
}

impl Path {
    /// The ports on it, side by side of its cables, and the open one at its end.
    pub(crate) fn nodes(&self) -> Vec<Vec<Port>> {
        let sides = self.segments.iter().flat_map(|segment| [segment.near.clone(), segment.far.clone()]);
        sides.chain(self.open.iter().chain(&self.place).map(|one| vec![one.clone()])).collect()
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
    !matches!(model, "inventory.front_port" | "inventory.rear_port" | CIRCUIT_END)
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
            let by = Port { model: CABLE.to_owned(), id: cable };
            self.links.insert(port.id, Link { by, side: side.clone() });
            self.sides.entry(cable).or_default().push((side, port));
        }
        self.load_wireless(&mut reader, records, &unknown).await
    }

    /// Loads the wireless links of ports without a cable.
    async fn load_wireless(
        &mut self,
        reader: &mut Reader<'_>,
        records: &dyn Records,
        ports: &BTreeSet<Uuid>,
    ) -> Result<(), Problem> {
        const ENDS: [(&str, &str); 2] = [("A", "interface_a"), ("B", "interface_b")];
        let free = ports.iter().filter(|port| !self.links.contains_key(*port));
        let values: Vec<String> = free.map(Uuid::to_string).collect();
        if values.is_empty() {
            return Ok(());
        }
        let either =
            ENDS.map(|(_, field)| Where::Is { field: field.to_owned(), op: "eq", values: values.clone() });
        for link in reader.matching(records, WIRELESS, Where::Any(either.to_vec())).await? {
            let Some(id) = id_of(&link) else { continue };
            for (side, field) in ENDS {
                let Some(port) = reference(&link, field) else { continue };
                let by = Port { model: WIRELESS.to_owned(), id };
                self.links.insert(port, Link { by, side: side.to_owned() });
                let port = Port { model: "inventory.interface".to_owned(), id: port };
                self.sides.entry(id).or_default().push((side.to_owned(), port));
            }
        }
        Ok(())
    }

    /// The cable or wireless link of a port.
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
        let all = self.sides.get(&link.by.id).map(Vec::as_slice).unwrap_or_default();
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
    /// Where it is, when it is the end of a circuit.
    place: Option<Port>,
    /// The panel port at which the last cable arrived.
    arrived: Option<Port>,
    /// Positions of rear ports on the way, the last one on top.
    positions: Vec<i64>,
}

impl Walk {
    fn from(origin: &Port) -> Self {
        let at = Some(origin.clone());
        Self {
            origin: origin.id,
            path: Path::default(),
            at,
            place: None,
            arrived: None,
            positions: Vec::new(),
        }
    }

    /// Over the cable to its other side.
    fn cross(&mut self, cabling: &Cabling) {
        self.arrived = None;
        let Some(port) = self.at.take() else { return };
        let at = port.id;
        let Some(link) = cabling.link(at) else {
            self.path.open = Some(port).filter(|port| !is_end(&port.model));
            self.path.place = self.place.take();
            return;
        };
        let been = self.path.segments.iter().any(|segment| segment.by == link.by);
        if been {
            return;
        }
        let far = cabling.far(at);
        self.path.segments.push(Segment { near: cabling.near(at), by: link.by.clone(), far: far.clone() });
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
        let (Some((port, positions)), true) = (behind.pop(), behind.is_empty()) else { return };
        let place = panels.place(&port).cloned();
        if place.as_ref().is_some_and(|place| place.model == "inventory.provider_network") {
            // Into the network of a provider nobody looks: it ends there.
            self.path.ends.extend(place.clone());
            (self.path.open, self.path.place) = (Some(port), place);
        } else {
            (self.at, self.place, self.positions) = (Some(port), place, positions);
        }
    }
}

/// What may lie at the two sides of a cable.
const MATES: &[(&str, &[&str])] = &[
    ("console_port", &["console_server_port", "front_port", "rear_port"]),
    ("console_server_port", &["console_port", "front_port", "rear_port"]),
    ("interface", &["interface", "front_port", "rear_port", "circuit_termination"]),
    ("front_port", &PASSIVE),
    ("rear_port", &PASSIVE),
    ("circuit_termination", &["interface", "front_port", "rear_port", "circuit_termination"]),
    ("power_port", &["power_outlet", "power_feed"]),
    ("power_outlet", &["power_port"]),
    ("power_feed", &["power_port"]),
];

/// What a port of a panel may be joined with.
const PASSIVE: [&str; 6] =
    ["console_port", "console_server_port", "interface", "front_port", "rear_port", "circuit_termination"];

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
                if let Some(why) = sockets.get(&port) {
                    wrong("no_socket", why.clone());
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

/// Those of the ports that take no cable, and why.
async fn without_socket(
    records: &dyn Records,
    tx: &mut WriteTx,
    written: &[(usize, &Record)],
) -> Result<HashMap<Uuid, String>, Problem> {
    let ports = |model: &str| {
        let of_model = written.iter().filter(|(_, record)| kind_of(record) == model);
        of_model.filter_map(|(_, record)| reference(record, "termination")).collect()
    };
    let (interfaces, ends) = (ports("inventory.interface"), ports(CIRCUIT_END));
    let mut reader = Reader::In(tx);
    let mut found = HashMap::new();
    for interface in reader.listed(records, "inventory.interface", "id", &interfaces).await? {
        let kind = text(&interface, "type");
        let none = matches!(kind, "virtual" | "bridge" | "lag") || is_wireless(kind);
        if let Some(port) = id_of(&interface).filter(|_| none) {
            found.insert(port, format!("An interface of the type {kind} has no socket for a cable."));
        }
    }
    for end in reader.listed(records, CIRCUIT_END, "id", &ends).await? {
        let network = reference_model(&end, "termination") == Some("inventory.provider_network");
        if let Some(port) = id_of(&end).filter(|_| network) {
            found.insert(
                port,
                "A circuit that ends in the network of a provider takes no cable there.".into(),
            );
        }
    }
    Ok(found)
}
