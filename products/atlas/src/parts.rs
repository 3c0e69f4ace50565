//! The map as it is stored: parts with digests, so that only what changed is written and nothing
//! stored is held in memory a second time.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::digest::{self, Short};
use crate::map::{Assignment, Entity, EntityMemory, Link, Map, Node, Position, Prior, derived_id};
use crate::store::{Part, PartChange};

/// Digest of each stored part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digests(BTreeMap<Uuid, Short>);

/// A part in the form in which it is stored and compared. Times of confirmation are rounded to the
/// minute, so that a part is written once a minute at most when nothing else in it changes.
struct Written {
    id: Uuid,
    part: Part,
    body: Vec<u8>,
}

impl Written {
    fn of<T: Serialize>(id: Uuid, part: Part, value: &T) -> Result<Self, Problem> {
        Ok(Self { id, part, body: serde_json::to_vec(value).map_err(Problem::internal)? })
    }

    fn entity(entity: &Entity) -> Result<Self, Problem> {
        let last_seen = entity.last_seen.map(to_minute);
        Self::of(entity.id, Part::Entity, &Entity { last_seen, ..entity.clone() })
    }

    fn assignment(assignment: &Assignment) -> Result<Self, Problem> {
        let subject = &assignment.subject;
        let id = derived_id("atlas.assignment", &[&subject.source, &subject.partition, &subject.key]);
        Self::of(id, Part::Assignment, assignment)
    }

    fn memory(memory: &EntityMemory) -> Result<Self, Problem> {
        let id = derived_id("atlas.memory", &[&memory.entity.to_string()]);
        let last_seen = to_minute(memory.last_seen);
        Self::of(id, Part::Memory, &EntityMemory { last_seen, ..memory.clone() })
    }

    fn link(link: &Link) -> Result<Self, Problem> {
        let mut link = link.clone();
        link.last_seen = to_minute(link.last_seen);
        link.evidence.iter_mut().for_each(|evidence| evidence.seen_at = to_minute(evidence.seen_at));
        Self::of(link.id, Part::Link, &link)
    }

    fn place(node: Uuid, at: Position) -> Result<Self, Problem> {
        let id = derived_id("atlas.place", &[&node.to_string()]);
        Self::of(id, Part::Place, &(node, at))
    }

    fn digest(&self) -> Short {
        digest::of_octets(&self.body)
    }
}

fn to_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp() / 60 * 60, 0).unwrap_or(at)
}

fn place_of(node: &Node) -> Position {
    Position { x: node.x, y: node.y }
}

/// What must be written to get from what is stored to a map, and the digests it then has.
pub(crate) fn difference(stored: &Digests, map: &Map) -> Result<(PartChange, Digests), Problem> {
    let written = map
        .entities
        .iter()
        .map(Written::entity)
        .chain(map.assignments.iter().map(Written::assignment))
        .chain(map.memory.iter().map(Written::memory))
        .chain(map.links.iter().map(Written::link))
        .chain(map.nodes.iter().map(|node| Written::place(node.id, place_of(node))));
    let (mut change, mut digests) = (PartChange::default(), Digests::default());
    for written in written {
        let written = written?;
        let digest = written.digest();
        digests.0.insert(written.id, digest);
        if stored.0.get(&written.id) != Some(&digest) {
            let body = String::from_utf8(written.body).map_err(Problem::internal)?;
            change.put.push((written.id, written.part, body));
        }
    }
    change.removed = stored.0.keys().filter(|id| !digests.0.contains_key(id)).copied().collect();
    Ok((change, digests))
}

/// Reads stored parts back, one by one.
#[derive(Default)]
pub(crate) struct Reader {
    assignments: Vec<Assignment>,
    memory: Vec<EntityMemory>,
    links: Vec<Link>,
    positions: BTreeMap<Uuid, Position>,
    digests: Digests,
}

impl Reader {
    /// Takes a part. Its digest is that of the form in which it would be written now.
    pub(crate) fn take(&mut self, part: Part, body: &str) -> Result<(), Problem> {
        let written = match part {
            Part::Entity => Written::entity(&read(body)?)?,
            Part::Assignment => kept(&mut self.assignments, read(body)?, Written::assignment)?,
            Part::Memory => kept(&mut self.memory, read(body)?, Written::memory)?,
            Part::Link => kept(&mut self.links, read(body)?, Written::link)?,
            Part::Place => {
                let (node, at): (Uuid, Position) = read(body)?;
                self.positions.insert(node, at);
                Written::place(node, at)?
            }
        };
        self.digests.0.insert(written.id, written.digest());
        Ok(())
    }

    /// What was believed, with the digests of what is stored.
    pub(crate) fn finish(self, pins: BTreeMap<Uuid, Position>) -> (Prior, Digests) {
        let prior = Prior {
            assignments: Arc::new(self.assignments),
            memory: Arc::new(self.memory),
            links: Arc::new(self.links),
            positions: self.positions,
            pins,
        };
        (prior, self.digests)
    }
}

fn kept<T>(
    list: &mut Vec<T>,
    value: T,
    written: impl Fn(&T) -> Result<Written, Problem>,
) -> Result<Written, Problem> {
    let written = written(&value)?;
    list.push(value);
    Ok(written)
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Problem> {
    serde_json::from_str(body).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::tests::{device, drawn};

    #[test]
    fn only_what_changed_is_written() {
        let (mut map, _) = drawn(vec![device(1, "core1", "10.1.0.1", 2), device(2, "core2", "10.1.0.2", 2)]);
        let (all, digests) = difference(&Digests::default(), &map).unwrap();
        // Two devices: entity, assignment, memory and place of each; their subnet's links and place.
        assert!(all.put.len() >= 9 && all.removed.is_empty(), "{}", all.put.len());
        let (none, same) = difference(&digests, &map).unwrap();
        assert!(none.is_empty());
        assert_eq!(same, digests);
        map.entities[0].name = "core9".into();
        let gone = map.entities.pop().unwrap().id;
        let (change, _) = difference(&digests, &map).unwrap();
        assert_eq!(change.put.len(), 1);
        assert_eq!(change.removed, [gone]);
    }

    #[test]
    fn what_is_read_back_is_not_written_again() {
        let (map, _) = drawn(vec![device(1, "core1", "10.1.0.1", 2), device(2, "core2", "10.1.0.2", 2)]);
        let (all, digests) = difference(&Digests::default(), &map).unwrap();
        let mut reader = Reader::default();
        for (_, part, body) in &all.put {
            // PostgreSQL keeps values, not texts: order and spaces differ.
            let value: serde_json::Value = serde_json::from_str(body).unwrap();
            reader.take(*part, &serde_json::to_string_pretty(&value).unwrap()).unwrap();
        }
        let (prior, read) = reader.finish(BTreeMap::new());
        assert_eq!(read, digests);
        assert_eq!((prior.links.len(), prior.assignments.len()), (map.links.len(), 2));
    }
}
