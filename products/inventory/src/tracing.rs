//! The whole way of a cable path as a graph: from a port or a cable in both directions, through patch
//! panels and circuits, with every branch where it splits. Panels that lead to nothing have paths too.
//!
//! All branches go in step: a hop costs a few reads, however many branches there are.

use std::collections::BTreeSet;

use kit::{Ctx, Problem, Records};
use uuid::Uuid;

use crate::cabling::{Cabling, Port, is_end};
use crate::panels::Panels;

/// Most cables of a branch.
const HOPS: usize = 64;
/// Most ports of a trace; a wider one is cut off and says so.
const PORTS: usize = 2_000;

/// A port on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) port: Port,
    /// Cables between it and the origin; below zero on the way that leads behind a panel.
    pub(crate) step: i32,
}

/// A cable or wireless link on the way, as seen from the origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wire {
    pub(crate) by: Port,
    pub(crate) near: Vec<Uuid>,
    pub(crate) far: Vec<Uuid>,
}

/// Where everything lies.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) stops: Vec<Stop>,
    pub(crate) wires: Vec<Wire>,
    /// Ways through panels: from the port where one arrives to the one behind it.
    pub(crate) passes: Vec<(Uuid, Uuid)>,
    /// Panel ports at which a branch ends open.
    pub(crate) open: Vec<Uuid>,
    /// It branches.
    pub(crate) split: bool,
    /// It is longer or wider than a trace may be.
    pub(crate) cut: bool,
}

impl Trace {
    /// Does every branch end at something that is no panel?
    pub(crate) fn is_complete(&self) -> bool {
        !self.wires.is_empty() && self.open.is_empty() && !self.cut
    }
}

/// One branch on its way.
#[derive(Clone)]
struct Head {
    port: Port,
    step: i32,
    /// 1 away from the origin, -1 on the other side of it.
    way: i32,
    /// Positions of rear ports on the way, the last one on top.
    positions: Vec<i64>,
}

struct Walker<'a> {
    records: &'a dyn Records,
    ctx: &'a Ctx,
    cabling: Cabling,
    trace: Trace,
    seen: BTreeSet<Uuid>,
    /// Branches that went over the cable of a port, or into the panel at it.
    crossed: BTreeSet<Uuid>,
    passed: BTreeSet<(Uuid, Vec<i64>)>,
}

/// Follows everything from these ports, which lie at one side of one cable or are one port.
pub(crate) async fn trace(records: &dyn Records, ctx: &Ctx, origin: &[Port]) -> Result<Trace, Problem> {
    let mut walker = Walker {
        records,
        ctx,
        cabling: Cabling::default(),
        trace: Trace::default(),
        seen: BTreeSet::new(),
        crossed: BTreeSet::new(),
        passed: BTreeSet::new(),
    };
    let head = |way| move |port: &Port| Head { port: port.clone(), step: 0, way, positions: Vec::new() };
    for port in origin {
        walker.stop(port, 0);
    }
    let mut outward: Vec<Head> = origin.iter().map(head(1)).collect();
    let inward = origin.iter().filter(|port| !is_end(&port.model)).map(head(-1)).collect();
    outward.extend(walker.pass(inward).await?);
    for _ in 0..HOPS {
        if outward.is_empty() || walker.trace.cut {
            break;
        }
        let arrived = walker.cross(outward).await?;
        outward = walker.pass(arrived).await?;
    }
    walker.trace.cut |= !outward.is_empty();
    Ok(walker.trace)
}

impl Walker<'_> {
    fn stop(&mut self, port: &Port, step: i32) {
        if self.trace.stops.len() >= PORTS {
            self.trace.cut = true;
        } else if self.seen.insert(port.id) {
            self.trace.stops.push(Stop { port: port.clone(), step });
        }
    }

    /// Over the cables of these ports. Gives the branches that arrive at a panel.
    async fn cross(&mut self, heads: Vec<Head>) -> Result<Vec<Head>, Problem> {
        let ports = heads.iter().map(|head| head.port.id).collect();
        self.cabling.load(self.records, self.ctx, &ports).await?;
        let mut arrived = Vec::new();
        for head in heads {
            let Some(link) = self.cabling.link(head.port.id).cloned() else {
                if !is_end(&head.port.model) {
                    self.trace.open.push(head.port.id);
                }
                continue;
            };
            let (near, far) = (self.cabling.near(head.port.id), self.cabling.far(head.port.id));
            if !self.crossed.insert(link.by.id) && head.positions.is_empty() {
                continue;
            }
            let ids = |ports: &[Port]| ports.iter().map(|port| port.id).collect::<Vec<_>>();
            if !self.trace.wires.iter().any(|wire| wire.by == link.by) {
                self.trace.wires.push(Wire { by: link.by.clone(), near: ids(&near), far: ids(&far) });
            }
            let step = head.step + head.way;
            for port in &near {
                self.stop(port, head.step);
            }
            for port in &far {
                self.stop(port, step);
            }
            let panels = far.into_iter().filter(|port| !is_end(&port.model));
            arrived.extend(panels.map(|port| Head { port, step, ..head.clone() }));
        }
        Ok(arrived)
    }

    /// Through the panels at these ports. Gives the branches at the ports behind.
    async fn pass(&mut self, mut heads: Vec<Head>) -> Result<Vec<Head>, Problem> {
        self.trace.cut |= heads.len() > PORTS;
        heads.truncate(PORTS);
        heads.retain(|head| self.passed.insert((head.port.id, head.positions.clone())));
        let arrived: Vec<Port> = heads.iter().map(|head| head.port.clone()).collect();
        let panels = Panels::load(self.records, self.ctx, &arrived).await?;
        let mut behind = Vec::new();
        for head in heads {
            let next = panels.behind(&head.port, &head.positions);
            if next.is_empty() {
                self.trace.open.push(head.port.id);
            }
            self.trace.split |= next.len() > 1;
            for (port, positions) in next {
                self.stop(&port, head.step);
                let pass = (head.port.id, port.id);
                if !self.trace.passes.contains(&pass) {
                    self.trace.passes.push(pass);
                }
                behind.push(Head { port, positions, ..head.clone() });
            }
        }
        Ok(behind)
    }
}
