//! Patch panels: how front and rear ports are joined, and how a path finds its way out of one again. A
//! circuit is like a panel: what goes in at one end comes out at the other.
//! Going in at a front port, its position at the rear port is kept; coming in at a rear port of several
//! positions, the position that was kept last says which front port is meant.

use std::collections::{BTreeMap, BTreeSet};

use kit::record::Record;
use kit::{Ctx, Problem, Records};
use serde_json::Value;
use uuid::Uuid;

use crate::cabling::Port;
use crate::reading::{Reader, id_of, reference, reference_model};

const FRONT: &str = "inventory.front_port";
const REAR: &str = "inventory.rear_port";
/// The two ends of a circuit.
pub(crate) const CIRCUIT_END: &str = "inventory.circuit_termination";

/// How the ports of some panels are joined.
#[derive(Default)]
pub(crate) struct Panels {
    /// Of each port those behind it: own position, position there, the other port.
    joined: BTreeMap<Uuid, Vec<(i64, i64, Port)>>,
    /// Rear ports of one position: they tell nothing apart.
    single: BTreeSet<Uuid>,
    /// Where the ends of circuits are.
    places: BTreeMap<Uuid, Port>,
}

impl Panels {
    /// What is behind these ports.
    pub(crate) async fn load(records: &dyn Records, ctx: &Ctx, ports: &[Port]) -> Result<Self, Problem> {
        let of = |model: &str| -> BTreeSet<Uuid> {
            ports.iter().filter(|port| port.model == model).map(|port| port.id).collect()
        };
        let mut reader = Reader::Of(ctx);
        let mut mappings = reader.listed(records, "inventory.port_mapping", "front_port", &of(FRONT)).await?;
        mappings.extend(reader.listed(records, "inventory.port_mapping", "rear_port", &of(REAR)).await?);
        let rears = mappings.iter().filter_map(|mapping| reference(mapping, "rear_port")).collect();
        let rears = reader.listed(records, REAR, "id", &rears).await?;
        let mut panels = Self::default();
        let positions = |rear: &Record| rear.get("positions").and_then(Value::as_i64).unwrap_or(1);
        panels.single.extend(rears.iter().filter(|rear| positions(rear) <= 1).filter_map(id_of));
        for mapping in &mappings {
            let position = |field: &str| mapping.get(field).and_then(Value::as_i64).unwrap_or(1);
            if let (Some(front), Some(rear)) =
                (reference(mapping, "front_port"), reference(mapping, "rear_port"))
            {
                panels.join((front, position("front_position")), (rear, position("rear_position")));
            }
        }
        panels.load_circuits(&mut reader, records, &of(CIRCUIT_END)).await?;
        Ok(panels)
    }

    /// The other ends of circuits.
    async fn load_circuits(
        &mut self,
        reader: &mut Reader<'_>,
        records: &dyn Records,
        ends: &BTreeSet<Uuid>,
    ) -> Result<(), Problem> {
        let own = reader.listed(records, CIRCUIT_END, "id", ends).await?;
        let circuits = own.iter().filter_map(|end| reference(end, "circuit")).collect();
        let all = reader.listed(records, CIRCUIT_END, "circuit", &circuits).await?;
        for end in &all {
            let (Some(id), Some(model)) = (id_of(end), reference_model(end, "termination")) else { continue };
            if let Some(place) = reference(end, "termination") {
                self.places.insert(id, Port { model: model.to_owned(), id: place });
            }
            let others = all.iter().filter(|other| reference(other, "circuit") == reference(end, "circuit"));
            for other in others.filter_map(id_of).filter(|other| *other != id) {
                let port = Port { model: CIRCUIT_END.to_owned(), id: other };
                self.joined.entry(id).or_default().push((1, 1, port));
            }
        }
        Ok(())
    }

    /// Where a port is, when it is the end of a circuit.
    pub(crate) fn place(&self, port: &Port) -> Option<&Port> {
        self.places.get(&port.id)
    }

    fn join(&mut self, (front, front_at): (Uuid, i64), (rear, rear_at): (Uuid, i64)) {
        let port = |model: &str, id| Port { model: model.to_owned(), id };
        for (from, entry) in
            [(front, (front_at, rear_at, port(REAR, rear))), (rear, (rear_at, front_at, port(FRONT, front)))]
        {
            let joined = self.joined.entry(from).or_default();
            if !joined.contains(&entry) {
                joined.push(entry);
            }
        }
    }

    /// The ports behind the one at which a path arrived, each with the positions it keeps from there.
    /// Several when nothing says which one is meant.
    pub(crate) fn behind(&self, port: &Port, positions: &[i64]) -> Vec<(Port, Vec<i64>)> {
        let joined = self.joined.get(&port.id).map(Vec::as_slice).unwrap_or_default();
        let mut kept = positions.to_vec();
        if port.model == CIRCUIT_END {
            return joined.iter().map(|(_, _, other)| (other.clone(), positions.to_vec())).collect();
        }
        if port.model == FRONT {
            let through = |(_, there, rear): &(i64, i64, Port)| {
                let mut kept = positions.to_vec();
                if !self.single.contains(&rear.id) {
                    kept.push(*there);
                }
                (rear.clone(), kept)
            };
            return joined.iter().map(through).collect();
        }
        let meant = if self.single.contains(&port.id) { None } else { kept.pop() };
        let mut fronts: Vec<(Port, Vec<i64>)> = Vec::new();
        for (_, _, front) in joined.iter().filter(|(own, ..)| meant.is_none_or(|meant| meant == *own)) {
            if fronts.iter().all(|(known, _)| known != front) {
                fronts.push((front.clone(), kept.clone()));
            }
        }
        fronts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn port(model: &str, n: u128) -> Port {
        Port { model: model.into(), id: id(n) }
    }

    /// Rear port 1 with front ports 11 to 13 at its positions 1 to 3.
    fn panels() -> Panels {
        let mut panels = Panels::default();
        for (front, at) in [(11, 1), (12, 2), (13, 3)] {
            panels.join((id(front), 1), (id(1), at));
        }
        panels
    }

    fn told(panels: &Panels, port: &Port, positions: &[i64]) -> Vec<(u128, Vec<i64>)> {
        panels.behind(port, positions).into_iter().map(|(port, kept)| (port.id.as_u128(), kept)).collect()
    }

    #[test]
    fn a_position_is_kept_until_the_other_panel() {
        assert_eq!(told(&panels(), &port(FRONT, 12), &[]), [(1, vec![2])]);
        assert_eq!(told(&panels(), &port(REAR, 1), &[7, 2]), [(12, vec![7])]);
        assert_eq!(told(&panels(), &port(REAR, 1), &[4]), [], "nothing is at that position");
    }

    #[test]
    fn a_circuit_keeps_the_positions() {
        let mut panels = panels();
        panels.joined.insert(id(21), vec![(1, 1, port(CIRCUIT_END, 22))]);
        assert_eq!(told(&panels, &port(CIRCUIT_END, 21), &[7, 2]), [(22, vec![7, 2])]);
    }

    #[test]
    fn without_a_position_it_splits() {
        assert_eq!(told(&panels(), &port(REAR, 1), &[]), [(11, vec![]), (12, vec![]), (13, vec![])]);
        let mut single = panels();
        single.single.insert(id(1));
        assert_eq!(told(&single, &port(REAR, 1), &[2]).len(), 3, "one position tells nothing apart");
        assert_eq!(told(&single, &port(FRONT, 11), &[]), [(1, vec![])]);
    }
}
