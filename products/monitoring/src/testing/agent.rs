//! A fixture agent: objects written as text, and the ways in which agents misbehave.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use model::{Document, DocumentKind, Reason};
use snmp::{ErrorStatus, Oid, Pdu, PduKind, Table, Value, VarBind, Walk, WalkLimits};

use crate::snmp::survey::{self, Plan, Timed};
use crate::snmp::{TableSource, tables};

/// How an agent misbehaves.
#[derive(Clone, Debug)]
pub(super) enum Quirk {
    /// Below this column the first row comes again and again.
    RepeatsRow(Oid),
    /// Behind this object comes one from before.
    GoesBackwards(Oid),
    /// Rows of these columns come in this order of their last arc.
    Disordered(Oid, Vec<u32>),
    /// An answer that would name something at or below this object is not sent.
    FallsSilent(Oid),
    /// No answer to anything.
    Silent,
    /// The step behind the last row of this column is answered with noSuchInstance.
    NoSuchInstanceAtEnd(Oid),
    /// More than this many names in one request are too big.
    TooBig(usize),
    /// GETNEXT with several names is refused.
    OneNameOnly,
}

/// An agent made of objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Fixture {
    pub(super) objects: BTreeMap<Oid, Value>,
    pub(super) quirks: Vec<Quirk>,
    /// What is shown in the context of a VLAN. `None` when contexts are not known.
    pub(super) vlans: Option<BTreeMap<u16, BTreeMap<Oid, Value>>>,
    /// Requests received.
    pub(super) requests: Arc<Mutex<usize>>,
}

/// Objects as text, one a line: `oid kind value`. Kinds: i integer, u unsigned, s text, x octets in
/// hexadecimal, o oid, a address. A line `[prefix]` puts a prefix before the following ones.
pub(super) fn objects(text: &str) -> BTreeMap<Oid, Value> {
    let mut prefix = String::new();
    let mut objects = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(new) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            prefix = format!("{new}.");
            continue;
        }
        let mut words = line.splitn(3, ' ');
        let (name, kind, value) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or(""));
        let value = match kind {
            "i" => Value::Integer(value.parse().unwrap()),
            "u" => Value::Gauge32(value.parse().unwrap()),
            "s" => Value::from(value),
            "x" => Value::octets(
                value
                    .split_whitespace()
                    .map(|octet| u8::from_str_radix(octet, 16).unwrap())
                    .collect::<Vec<_>>(),
            ),
            "o" => Value::Oid(value.parse().unwrap()),
            "a" => Value::IpAddress(value.parse().unwrap()),
            other => panic!("unknown kind {other}"),
        };
        objects.insert(format!("{prefix}{name}").parse().unwrap(), value);
    }
    objects
}

/// A minimal system group.
pub(super) fn system(name: &str, object_id: &str) -> String {
    format!("[1.3.6.1.2.1.1]\n1.0 s test device\n2.0 o {object_id}\n3.0 u 4200\n5.0 s {name}\n")
}

impl Fixture {
    pub(super) fn new(text: &str) -> Self {
        Self { objects: objects(text), ..Self::default() }
    }

    pub(super) fn with(mut self, quirk: Quirk) -> Self {
        self.quirks.push(quirk);
        self
    }

    fn follower(&self, name: &Oid) -> Option<(Oid, Value)> {
        let plain = || {
            let mut behind =
                self.objects.range((std::ops::Bound::Excluded(name.clone()), std::ops::Bound::Unbounded));
            behind.next().map(|(name, value)| (name.clone(), value.clone()))
        };
        for quirk in &self.quirks {
            match quirk {
                Quirk::RepeatsRow(column) if name.starts_with(column) => {
                    return self.objects.range(column.clone()..).next().map(|(n, v)| (n.clone(), v.clone()));
                }
                Quirk::GoesBackwards(object) if name == object => {
                    return self.objects.iter().next().map(|(n, v)| (n.clone(), v.clone()));
                }
                Quirk::Disordered(columns, order) if name.starts_with(columns) => {
                    let arcs = name.suffix(columns)?;
                    let Some(column) = arcs.first().map(|arc| columns.child(*arc)) else { return plain() };
                    let next = match arcs.get(1..) {
                        Some([]) | None => order.first(),
                        Some(index) => {
                            let place = order.iter().position(|last| Some(last) == index.last());
                            place.and_then(|place| order.get(place + 1))
                        }
                    };
                    let Some(next) = next else {
                        let mut behind = self.objects.range(column.clone()..);
                        return behind
                            .find(|(n, _)| !n.starts_with(&column))
                            .map(|(n, v)| (n.clone(), v.clone()));
                    };
                    return self
                        .objects
                        .range(column.clone()..)
                        .take_while(|(name, _)| name.starts_with(&column))
                        .find(|(name, _)| name.as_slice().last() == Some(next))
                        .map(|(n, v)| (n.clone(), v.clone()));
                }
                Quirk::NoSuchInstanceAtEnd(column) if name.starts_with(column) => {
                    let next = plain()?;
                    if !next.0.starts_with(column) {
                        return Some((name.clone(), Value::NoSuchInstance));
                    }
                    return Some(next);
                }
                _ => {}
            }
        }
        plain()
    }

    /// Answers a request; `None` is silence.
    pub(super) fn answer(&self, request: &Pdu, v1: bool) -> Option<Pdu> {
        *self.requests.lock().unwrap() += 1;
        for quirk in &self.quirks {
            match quirk {
                Quirk::Silent => return None,
                Quirk::TooBig(most) if request.varbinds.len() > *most => {
                    return Some(Pdu::error_response(request, ErrorStatus::TooBig, 0));
                }
                Quirk::OneNameOnly if request.varbinds.len() > 1 && request.kind != PduKind::Get => {
                    return Some(Pdu::error_response(request, ErrorStatus::GenErr, 0));
                }
                _ => {}
            }
        }
        let mut answers = Vec::new();
        match request.kind {
            PduKind::Get => {
                for (place, asked) in (1..).zip(&request.varbinds) {
                    match self.objects.get(&asked.name) {
                        Some(value) => answers.push(VarBind::new(asked.name.clone(), value.clone())),
                        None if v1 => {
                            return Some(Pdu::error_response(request, ErrorStatus::NoSuchName, place));
                        }
                        None => {
                            answers.push(VarBind { name: asked.name.clone(), value: Value::NoSuchObject });
                        }
                    }
                }
            }
            PduKind::GetNext => {
                for (place, asked) in (1..).zip(&request.varbinds) {
                    match self.follower(&asked.name) {
                        Some((name, value)) => answers.push(VarBind { name, value }),
                        None if v1 => {
                            return Some(Pdu::error_response(request, ErrorStatus::NoSuchName, place));
                        }
                        None => {
                            answers.push(VarBind { name: asked.name.clone(), value: Value::EndOfMibView });
                        }
                    }
                }
            }
            PduKind::GetBulk { max_repetitions, .. } => {
                let mut cursors: Vec<Oid> = request.varbinds.iter().map(|asked| asked.name.clone()).collect();
                for _ in 0..max_repetitions {
                    for cursor in &mut cursors {
                        let (name, value) =
                            self.follower(cursor).unwrap_or_else(|| (cursor.clone(), Value::EndOfMibView));
                        cursor.clone_from(&name);
                        answers.push(VarBind { name, value });
                    }
                }
            }
            _ => return None,
        }
        let mute = |name: &Oid| {
            self.quirks
                .iter()
                .any(|quirk| matches!(quirk, Quirk::FallsSilent(object) if name.starts_with(object)))
        };
        if answers.iter().any(|answer| mute(&answer.name)) {
            return None;
        }
        Some(Pdu::response_to(request, answers))
    }
}

/// The fixture without sockets.
#[async_trait]
impl TableSource for Fixture {
    async fn get(&self, oids: &[Oid]) -> Result<Vec<Option<Value>>, Reason> {
        Ok(oids.iter().map(|oid| self.objects.get(oid).cloned()).collect())
    }

    async fn present(&self, roots: &[Oid]) -> Vec<bool> {
        roots.iter().map(|root| self.follower(root).is_some_and(|(name, _)| name.starts_with(root))).collect()
    }

    async fn walk(&self, columns: &[Oid]) -> Table {
        let mut walk = Walk::new(columns, WalkLimits::default());
        let mut id = 0;
        while let Some(request) = walk.next_request(id) {
            match self.answer(&request, false) {
                Some(answer) => {
                    walk.on_response(&answer);
                }
                None => walk.on_timeout(),
            }
            id += 1;
        }
        walk.finish()
    }

    fn in_vlan(&self, vlan: u16) -> Option<Box<dyn TableSource>> {
        let objects = match &self.vlans {
            None => return Some(Box::new(self.clone())),
            Some(vlans) => vlans.get(&vlan).cloned(),
        };
        Some(Box::new(match objects {
            Some(objects) => Fixture { objects, ..Fixture::default() },
            None => Fixture::default().with(Quirk::Silent),
        }))
    }
}

/// Everything that is read of a fixture.
pub(super) async fn read(fixture: &Fixture) -> Vec<Timed> {
    read_plan(fixture, Plan::Tables).await
}

/// What a plan reads of a fixture.
pub(super) async fn read_plan(fixture: &Fixture, plan: Plan) -> Vec<Timed> {
    let values = fixture.get(tables::system::SCALARS).await.unwrap();
    let agent = survey::prepare(fixture, &values, plan, 2_000).await;
    let (_, mut readings) = survey::introduce(&agent, plan).await;
    let rest = Mutex::new(Vec::new());
    survey::read_rest(&agent, plan, &|timed| rest.lock().unwrap().push(timed), &|_| {}).await;
    readings.extend(rest.into_inner().unwrap());
    readings
}

/// One reading of a fixture.
pub(super) async fn reading(fixture: &Fixture, kind: DocumentKind) -> tables::Reading {
    read(fixture).await.into_iter().map(|timed| timed.reading).find(|reading| reading.kind == kind).unwrap()
}

/// One document of a fixture, as JSON.
pub(super) async fn body(fixture: &Fixture, kind: DocumentKind) -> serde_json::Value {
    let document: Option<Document> = reading(fixture, kind).await.document;
    serde_json::to_value(document).unwrap()["body"].clone()
}
