//! One datagram in, none, one or two out (RFC 1157, RFC 3416, RFC 3414).

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use snmp::v3::{AgentRequest, Received, ReportKind};
use snmp::{Message, Pdu, PduKind, Version};

use crate::agent::World;
use crate::agent::message::{self, Answer, overhead, status, write_bare};
use crate::mib::table::{Table, sub_identifiers, tag};
use crate::mib::{ENGINE_TIME, MIB2, SYS_UP_TIME, Tables};
use crate::plan::{Device, Lame};

/// How long a slow agent takes.
const SLOW: Duration = Duration::from_millis(300);
/// Message size of the agent that cannot do more than the least RFC 3417 asks for.
const SMALL: usize = 484;
/// Octets an SNMPv3 message takes beside its bindings, with room for ids and padding.
const V3_OVERHEAD: usize = 200;

/// What is to be done with the output buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing.
    Silent,
    /// Send it.
    Send,
    /// Send it later.
    SendAfter(Duration),
    /// Send this first, then the buffer.
    SendTwo(Vec<u8>),
}

impl World {
    /// Answers a datagram sent to `address` into `out`.
    pub(crate) fn handle(&self, address: Ipv4Addr, datagram: &[u8], out: &mut Vec<u8>) -> Outcome {
        let Some(id) = self.plan.by_address.get(&address) else { return Outcome::Silent };
        let device = self.plan.device(*id);
        self.requests.fetch_add(1, Ordering::Relaxed);
        if device.is(Lame::Silent) || self.state().is_silent(*id) {
            return Outcome::Silent;
        }
        let count = if device.lame.is_some() { self.count(*id) } else { 0 };
        if device.is(Lame::Lossy) && count % 5 == 4 {
            return Outcome::Silent;
        }
        let answered = match snmp::peek_version(datagram) {
            Ok(Version::V3) if !device.is(Lame::V1Only) => self.handle_v3(device, datagram, out),
            Ok(version @ (Version::V1 | Version::V2c)) => {
                let refused = device.is(Lame::V3Only)
                    || device.is(Lame::V1Only) && version != Version::V1
                    || device.is(Lame::WrongCommunity);
                !refused && self.handle_community(device, datagram, out)
            }
            _ => false,
        };
        if !answered {
            return Outcome::Silent;
        }
        spoil(device, count, datagram, out)
    }

    fn handle_community(&self, device: &Device, datagram: &[u8], out: &mut Vec<u8>) -> bool {
        let Ok(request) = Message::decode(datagram) else { return false };
        let tables = self.tables(device.id);
        let Some(suffix) = request.community.strip_prefix(self.plan.options.community.as_bytes()) else {
            return false;
        };
        // `community@vlan` asks for the context of a VLAN.
        let Some(table) = choose(&tables, suffix, b"@") else { return false };
        let limit = self.limit(device).saturating_sub(overhead(&request.community));
        let Some(answer) = self.serve(device, table, &request.pdu, request.version, limit) else {
            return false;
        };
        message::write(out, request.version, &request.community, request.pdu.request_id, &answer);
        true
    }

    fn handle_v3(&self, device: &Device, datagram: &[u8], out: &mut Vec<u8>) -> bool {
        let uptime = self.uptime(device.id);
        let request = match self.with_engine(device.id, |engine| engine.receive(datagram, uptime)) {
            Received::Request(request) => request,
            Received::Reply(bytes, _) => {
                *out = bytes;
                return true;
            }
            Received::Drop(_) => return false,
        };
        let answer = self.answer_v3(device, &request);
        let reply = self.with_engine(device.id, |engine| match answer {
            Some(pdu) => engine.respond(&request, pdu, uptime),
            None => engine.report(&request, ReportKind::UnknownContexts, uptime),
        });
        match reply {
            Ok(bytes) => {
                *out = bytes;
                true
            }
            Err(_) => false,
        }
    }

    /// The answer, `None` for an unknown context.
    fn answer_v3(&self, device: &Device, request: &AgentRequest) -> Option<Pdu> {
        let tables = self.tables(device.id);
        let table = choose(&tables, &request.scoped.context_name, b"vlan-")?;
        let limit = self.limit(device).min(request.max_size()).saturating_sub(V3_OVERHEAD);
        let pdu = &request.scoped.pdu;
        let answer = self.serve(device, table, pdu, Version::V3, limit)?;
        let mut bytes = Vec::new();
        message::write(&mut bytes, Version::V2c, b"", pdu.request_id, &answer);
        Message::decode(&bytes).ok().map(|message| message.pdu)
    }

    fn limit(&self, device: &Device) -> usize {
        if device.is(Lame::SmallMessages) { SMALL } else { self.plan.options.max_message }
    }

    /// Answers a PDU; `None` for one that an agent does not answer.
    fn serve(
        &self,
        device: &Device,
        table: &Table,
        pdu: &Pdu,
        version: Version,
        limit: usize,
    ) -> Option<Answer> {
        let mut reader = Reader {
            world: self,
            device,
            table,
            version,
            limit,
            forbidden: if device.is(Lame::GenErr) { forbidden(table) } else { None },
            uptime: table.get(&sub_identifiers(&SYS_UP_TIME)),
            engine_time: table.get(&sub_identifiers(&ENGINE_TIME)),
            bindings: Vec::with_capacity(limit.min(1_500)),
        };
        let result = match &pdu.kind {
            PduKind::Get => reader.get(pdu),
            PduKind::GetNext => reader.get_next(pdu),
            PduKind::GetBulk { non_repeaters, max_repetitions } if version != Version::V1 => {
                let repetitions = if device.is(Lame::OneRowBulk) { 1 } else { *max_repetitions };
                reader.get_bulk(pdu, *non_repeaters as usize, repetitions as usize)
            }
            PduKind::Set => Err((status::NOT_WRITABLE, 1)),
            _ => return None,
        };
        Some(match result {
            Ok(()) => Answer { status: status::NO_ERROR, index: 0, bindings: reader.bindings },
            Err((error, index)) => {
                let mut bindings = Vec::new();
                // RFC 3416 4.2.1: a tooBig answer carries no bindings, others those of the request.
                if error != status::TOO_BIG || version == Version::V1 {
                    for binding in &pdu.varbinds {
                        write_bare(&mut bindings, binding.name.as_slice(), tag::NULL);
                    }
                }
                let v1_status = if error == status::NOT_WRITABLE { status::NO_SUCH_NAME } else { error };
                let status = if version == Version::V1 { v1_status } else { error };
                Answer { status, index, bindings }
            }
        })
    }
}

/// Error status and index.
type Failure = (i32, i32);

struct Reader<'a> {
    world: &'a World,
    device: &'a Device,
    table: &'a Table,
    version: Version,
    limit: usize,
    forbidden: Option<(u32, u32)>,
    uptime: Option<u32>,
    engine_time: Option<u32>,
    bindings: Vec<u8>,
}

impl Reader<'_> {
    fn get(&mut self, pdu: &Pdu) -> Result<(), Failure> {
        for (order, binding) in pdu.varbinds.iter().enumerate() {
            let number = order as i32 + 1;
            let name = binding.name.as_slice();
            match self.table.get(&sub_identifiers(name)) {
                Some(position) if self.visible(position) => self.push(position, number)?,
                _ if self.version == Version::V1 => return Err((status::NO_SUCH_NAME, number)),
                _ => {
                    write_bare(&mut self.bindings, name, tag::NO_SUCH_OBJECT);
                    self.fits()?;
                }
            }
        }
        Ok(())
    }

    fn get_next(&mut self, pdu: &Pdu) -> Result<(), Failure> {
        for (order, binding) in pdu.varbinds.iter().enumerate() {
            let number = order as i32 + 1;
            let name = binding.name.as_slice();
            let mut next = self.table.after(&sub_identifiers(name));
            while let Some(position) = next
                && !self.visible(position)
            {
                next = self.table.follow(position);
            }
            match next {
                Some(position) => self.push(position, number)?,
                None if self.version == Version::V1 => return Err((status::NO_SUCH_NAME, number)),
                None => {
                    write_bare(&mut self.bindings, name, tag::END_OF_MIB_VIEW);
                    self.fits()?;
                }
            }
        }
        Ok(())
    }

    /// RFC 3416 4.2.3: fills the message as far as it goes.
    fn get_bulk(&mut self, pdu: &Pdu, non_repeaters: usize, repetitions: usize) -> Result<(), Failure> {
        let non_repeaters = non_repeaters.min(pdu.varbinds.len());
        let (once, many) = pdu.varbinds.split_at(non_repeaters);
        self.get_next(&Pdu::get_next(0, once.iter().map(|binding| binding.name.clone())))?;
        let mut places: Vec<Place<'_>> = many
            .iter()
            .map(|binding| {
                let name = binding.name.as_slice();
                match self.table.after(&sub_identifiers(name)) {
                    Some(position) => Place::At(position),
                    None => Place::End(name),
                }
            })
            .collect();
        for _ in 0..repetitions {
            let mut ended = true;
            for (order, place) in places.iter_mut().enumerate() {
                let before = self.bindings.len();
                match place {
                    Place::At(position) => {
                        ended = false;
                        match self.push(*position, (non_repeaters + order) as i32 + 1) {
                            Err((status::TOO_BIG, _)) => {
                                self.bindings.truncate(before);
                                return Ok(());
                            }
                            other => other?,
                        }
                        *place = match self.table.follow(*position) {
                            Some(next) => Place::At(next),
                            None => Place::After(*position),
                        };
                    }
                    Place::End(name) => write_bare(&mut self.bindings, name, tag::END_OF_MIB_VIEW),
                    Place::After(position) => {
                        let name = self.table.name(*position);
                        write_bare(&mut self.bindings, &name, tag::END_OF_MIB_VIEW);
                    }
                }
                if self.bindings.len() > self.limit {
                    self.bindings.truncate(before);
                    return Ok(());
                }
            }
            if ended {
                return Ok(());
            }
        }
        Ok(())
    }

    /// SNMPv1 knows no Counter64 (RFC 3584 4.2.2.1).
    fn visible(&self, position: u32) -> bool {
        self.version != Version::V1 || self.table.value_tag(position) != tag::COUNTER64
    }

    fn fits(&self) -> Result<(), Failure> {
        if self.bindings.len() > self.limit { Err((status::TOO_BIG, 0)) } else { Ok(()) }
    }

    fn push(&mut self, position: u32, number: i32) -> Result<(), Failure> {
        if self.forbidden.is_some_and(|(first, last)| (first..=last).contains(&position)) {
            return Err((status::GEN_ERR, number));
        }
        self.bindings.extend_from_slice(self.table.binding(position));
        if Some(position) == self.uptime {
            let ticks = (self.world.uptime(self.device.id).as_millis() / 10) as u32;
            self.patch(&ticks.to_be_bytes());
        } else if Some(position) == self.engine_time {
            let seconds = self.world.uptime(self.device.id).as_secs().min(0x7f_ffff) as u32;
            self.patch(&seconds.to_be_bytes()[1..]);
        }
        self.fits()
    }

    /// Overwrites the value that was pushed last by one of the same size: uptimes are drawn so that
    /// sysUpTime always takes four octets and snmpEngineTime three.
    fn patch(&mut self, value: &[u8]) {
        let end = self.bindings.len();
        self.bindings[end - value.len()..].copy_from_slice(value);
    }
}

/// Where a repeated variable stands.
enum Place<'a> {
    /// Its next binding.
    At(u32),
    /// Nothing was after the name asked for.
    End(&'a [u32]),
    /// Nothing is after this binding.
    After(u32),
}

/// The view of a context: the default one for no name, that of a VLAN for mark and number.
fn choose<'a>(tables: &'a Arc<Tables>, name: &[u8], mark: &[u8]) -> Option<&'a Table> {
    if name.is_empty() {
        return Some(&tables.main);
    }
    let vlan: u16 = std::str::from_utf8(name.strip_prefix(mark)?).ok()?.parse().ok()?;
    tables.vlans.iter().find(|(id, _)| *id == vlan).map(|(_, table)| table)
}

/// The forwarding table of an agent that fails on it.
fn forbidden(table: &Table) -> Option<(u32, u32)> {
    table.range(&[&MIB2[..], &[17, 7, 1, 2]].concat())
}

/// Lame endings of an answer that was right.
fn spoil(device: &Device, count: u32, datagram: &[u8], out: &mut Vec<u8>) -> Outcome {
    match device.lame {
        Some(Lame::Slow) => Outcome::SendAfter(SLOW),
        Some(Lame::TruncatedPdu) if asks_for_arp(datagram) => {
            out.truncate(out.len() / 2);
            Outcome::Send
        }
        Some(Lame::LyingPdu) if count % 3 == 2 => {
            // The outermost length claims more than there is.
            if let [_, 0x82, _, low, ..] | [_, 0x81, low, ..] | [_, low, ..] = &mut out[..] {
                *low = low.wrapping_add(17);
            }
            Outcome::Send
        }
        Some(Lame::WrongRequestId) if count % 3 == 2 => Outcome::SendTwo(other_request(out)),
        _ => Outcome::Send,
    }
}

fn asks_for_arp(datagram: &[u8]) -> bool {
    // 1.3.6.1.2.1.4.22 as it stands in the datagram.
    datagram.windows(7).any(|window| window == [0x2b, 6, 1, 2, 1, 4, 22])
}

/// The same answer under another request id.
fn other_request(answer: &[u8]) -> Vec<u8> {
    let Ok(mut message) = Message::decode(answer) else { return answer.to_vec() };
    message.pdu.request_id = message.pdu.request_id.wrapping_sub(1_000);
    message.encode().unwrap_or_else(|_| answer.to_vec())
}

#[cfg(test)]
mod tests;
