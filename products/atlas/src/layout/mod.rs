//! Layout: where nodes are drawn, computed here so that every viewer sees the same and nothing jumps.
//!
//! Nodes that were drawn before stay where they were, pins where people put them. A new node is put
//! near its neighbours. Only when a map has more new nodes than placed ones (the first discovery) is
//! it laid out as a whole: distances of the graph give the first guess ([`spread`]), forces refine it
//! ([`force`]), the core is turned upwards, overlaps are removed ([`space`]), components are packed.
//! Everything is deterministic: no clock, no random numbers.

mod force;
mod space;
mod spread;

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::map::{Layer, Link, LinkKind, LinkState, Node, NodeKind, Position, Prior, Role};

/// Ideal length of a link.
pub(crate) const LENGTH: f64 = 120.0;

/// A point while it moves.
pub(crate) type Point = (f64, f64);

/// The graph to be drawn, by positions in the node list.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// Neighbours with weight.
    pub near: Vec<Vec<(usize, f64)>>,
    /// Height of each node in the usual drawing: 0 core .. 4 end systems.
    pub tier: Vec<f64>,
    /// Half width and half height of a node with its label.
    pub size: Vec<(f64, f64)>,
}

impl Graph {
    fn of(nodes: &[Node], links: &[Link]) -> Self {
        let at: HashMap<Uuid, usize> = nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let mut weights: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for link in links.iter().filter(|link| link.state != LinkState::Gone) {
            let (Some(&a), Some(&b)) = (at.get(&link.a.device), at.get(&link.b.device)) else { continue };
            let weight: f64 = match (link.layer, link.kind) {
                (Layer::L1 | Layer::L2, _) => 1.0,
                (Layer::L3, LinkKind::Bgp) => 0.1,
                (Layer::L3, LinkKind::Segment) => 0.4,
                (Layer::L3, _) => 0.3,
            };
            if a != b {
                let slot = weights.entry((a.min(b), a.max(b))).or_default();
                *slot = slot.max(weight);
            }
        }
        let mut near = vec![Vec::new(); nodes.len()];
        for ((a, b), weight) in weights {
            near[a].push((b, weight));
            near[b].push((a, weight));
        }
        let size = nodes
            .iter()
            .map(|node| ((node.name.chars().count().min(24) as f64 * 3.6).max(30.0), 34.0))
            .collect();
        let tier = nodes.iter().map(|node| tier(node.kind, node.role)).collect();
        Self { near, tier, size }
    }

    /// Connected components, largest first, each sorted.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.near.len()];
        let mut list = Vec::new();
        for start in 0..self.near.len() {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut component = vec![start];
            let mut next = 0;
            while let Some(&at) = component.get(next) {
                next += 1;
                for &(other, _) in &self.near[at] {
                    if !seen[other] {
                        seen[other] = true;
                        component.push(other);
                    }
                }
            }
            component.sort_unstable();
            list.push(component);
        }
        list.sort_by(|x, y| y.len().cmp(&x.len()).then(x.cmp(y)));
        list
    }
}

fn tier(kind: NodeKind, role: Role) -> f64 {
    match (kind, role) {
        (NodeKind::Segment, _) => 2.5,
        (_, Role::Router | Role::Firewall) => 0.0,
        (_, Role::L3Switch) => 1.0,
        (_, Role::Switch) => 2.0,
        (NodeKind::Stub, Role::Unknown) => 2.5,
        (_, Role::Ap) => 3.0,
        _ => 4.0,
    }
}

/// Gives every node its place.
pub(crate) fn place(nodes: &mut [Node], links: &[Link], prior: &Prior) {
    let graph = Graph::of(nodes, links);
    let pins: Vec<Option<Point>> = nodes.iter().map(|n| prior.pins.get(&n.id).map(point)).collect();
    let before: Vec<Option<Point>> = nodes
        .iter()
        .zip(&pins)
        .map(|(n, pin)| pin.or_else(|| prior.positions.get(&n.id).map(point)))
        .collect();
    let placed = before.iter().flatten().count();
    let fresh = nodes.len() - placed;
    let points = if fresh > placed { whole(&graph, &pins) } else { grown(&graph, &before) };
    for (((node, (x, y)), pin), before) in nodes.iter_mut().zip(points).zip(pins).zip(before) {
        node.pinned = pin.is_some();
        (node.x, node.y) = if before == Some((x, y)) { (x, y) } else { (tenth(x), tenth(y)) };
    }
}

fn point(position: &Position) -> Point {
    let sane = |value: f64| if value.is_finite() { value.clamp(-1e6, 1e6) } else { 0.0 };
    (sane(position.x), sane(position.y))
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Lays the whole graph out; pinned nodes keep their place.
fn whole(graph: &Graph, pins: &[Option<Point>]) -> Vec<Point> {
    let mut points = vec![(0.0, 0.0); graph.near.len()];
    let mut free = Vec::new();
    for component in graph.components() {
        let pinned = component.iter().any(|at| pins[*at].is_some());
        let laid = component_layout(graph, &component, pins);
        for (at, point) in component.iter().zip(laid) {
            points[*at] = point;
        }
        if !pinned {
            free.push(component);
        }
    }
    let fixed: Vec<usize> =
        (0..points.len()).filter(|at| !free.iter().any(|c| c.binary_search(at).is_ok())).collect();
    space::pack(graph, &mut points, &fixed, &free);
    points
}

fn component_layout(graph: &Graph, component: &[usize], pins: &[Option<Point>]) -> Vec<Point> {
    let part = Part::of(graph, component);
    let mut points = spread::spread(&part);
    let held: Vec<Option<Point>> = component.iter().map(|at| pins[*at]).collect();
    spread::turn(&part, &mut points);
    space::anchor(&mut points, &held);
    force::relax(&part, &mut points, &held);
    if held.iter().all(Option::is_none) {
        spread::turn(&part, &mut points);
    }
    space::separate(&part, &mut points, &held);
    points
}

/// A component with its own numbering.
#[derive(Debug)]
pub(crate) struct Part {
    /// Neighbours with weight.
    pub near: Vec<Vec<(usize, f64)>>,
    /// Tiers.
    pub tier: Vec<f64>,
    /// Half sizes.
    pub size: Vec<(f64, f64)>,
}

impl Part {
    fn of(graph: &Graph, component: &[usize]) -> Self {
        let local: HashMap<usize, usize> =
            component.iter().enumerate().map(|(at, global)| (*global, at)).collect();
        let near = component
            .iter()
            .map(|at| {
                graph.near[*at].iter().filter_map(|(to, w)| local.get(to).map(|to| (*to, *w))).collect()
            })
            .collect();
        let pick = |at: &usize| (graph.tier[*at], graph.size[*at]);
        let (tier, size) = component.iter().map(pick).unzip();
        Self { near, tier, size }
    }
}

/// Puts new nodes near their neighbours; nothing else moves.
fn grown(graph: &Graph, before: &[Option<Point>]) -> Vec<Point> {
    let mut points: Vec<Option<Point>> = before.to_vec();
    let mut taken = space::Taken::of(graph, &points);
    // Outward from what is placed, best connected first.
    loop {
        let next = (0..points.len())
            .filter(|at| points[*at].is_none())
            .map(|at| (graph.near[at].iter().filter(|(to, _)| points[*to].is_some()).count(), at))
            .filter(|(known, _)| *known > 0)
            .max_by(|x, y| x.0.cmp(&y.0).then(y.1.cmp(&x.1)));
        let Some((_, at)) = next else { break };
        let wish = space::beside(graph, &points, at);
        let spot = taken.free_spot(graph.size[at], wish);
        taken.add(graph.size[at], spot);
        points[at] = Some(spot);
    }
    let mut rest: Vec<Vec<usize>> = graph.components();
    rest.retain(|component| component.iter().all(|at| points[*at].is_none()));
    let none = vec![None; points.len()];
    let mut all: Vec<Point> = points.iter().map(|p| p.unwrap_or_default()).collect();
    for component in &rest {
        for (at, point) in component.iter().zip(component_layout(graph, component, &none)) {
            all[*at] = point;
        }
    }
    let fixed: Vec<usize> = (0..points.len()).filter(|at| points[*at].is_some()).collect();
    space::pack(graph, &mut all, &fixed, &rest);
    all
}

#[cfg(test)]
mod tests;
