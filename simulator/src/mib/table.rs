//! An agent's whole MIB view as one block of encoded variable bindings in serving order.
//!
//! A binding costs its octets on the wire and four more, about 32 in all; an answer is made by
//! copying blocks. Encoding here is independent of the `snmp` crate on purpose: each tests the other.

use std::cmp::Ordering;

/// Octet of the application types (RFC 2578) and of the universal ones used here.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const OCTETS: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const IP_ADDRESS: u8 = 0x40;
    pub(crate) const COUNTER32: u8 = 0x41;
    pub(crate) const GAUGE32: u8 = 0x42;
    pub(crate) const TIME_TICKS: u8 = 0x43;
    pub(crate) const COUNTER64: u8 = 0x46;
    pub(crate) const NO_SUCH_OBJECT: u8 = 0x80;
    pub(crate) const END_OF_MIB_VIEW: u8 = 0x82;
}

/// A value to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Val<'a> {
    /// INTEGER.
    Int(i32),
    /// OCTET STRING.
    Bytes(&'a [u8]),
    /// OCTET STRING of text.
    Text(&'a str),
    /// OBJECT IDENTIFIER.
    Oid(&'a [u32]),
    /// IpAddress.
    Ip([u8; 4]),
    /// Counter32.
    Counter(u32),
    /// Gauge32.
    Gauge(u32),
    /// TimeTicks.
    Ticks(u32),
    /// Counter64.
    Counter64(u64),
}

/// Writes a length (X.690 8.1.3).
pub(crate) fn write_length(out: &mut Vec<u8>, length: usize) {
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend_from_slice(&[0x81, length as u8]),
        _ => {
            let [high, low] = (length as u16).to_be_bytes();
            out.extend_from_slice(&[0x82, high, low]);
        }
    }
}

/// Octets that a length takes.
pub(crate) fn length_size(length: usize) -> usize {
    match length {
        0..=0x7f => 1,
        0x80..=0xff => 2,
        _ => 3,
    }
}

/// Reads tag and length at the start; answers (octets of the header, length of the content).
fn header(bytes: &[u8]) -> (usize, usize) {
    match bytes[1] {
        0x81 => (3, usize::from(bytes[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))),
        short => (2, usize::from(short)),
    }
}

/// Writes one sub-identifier in base 128 (X.690 8.19).
fn write_arc(out: &mut Vec<u8>, arc: u32) {
    let mut shift = 28;
    while shift > 0 && arc >> shift == 0 {
        shift -= 7;
    }
    while shift > 0 {
        out.push(0x80 | (arc >> shift & 0x7f) as u8);
        shift -= 7;
    }
    out.push((arc & 0x7f) as u8);
}

/// The sub-identifiers of an OID as they are encoded: the first two arcs in one.
pub(crate) fn sub_identifiers(arcs: &[u32]) -> Vec<u32> {
    match arcs {
        [] => vec![0],
        [first] => vec![first.saturating_mul(40)],
        [first, second, rest @ ..] => {
            let mut result = Vec::with_capacity(arcs.len() - 1);
            result.push(first.saturating_mul(40).saturating_add(*second));
            result.extend_from_slice(rest);
            result
        }
    }
}

/// Writes the content of an OID.
pub(crate) fn write_oid(out: &mut Vec<u8>, arcs: &[u32]) {
    for arc in sub_identifiers(arcs) {
        write_arc(out, arc);
    }
}

/// An INTEGER's content: the shortest two's complement.
fn integer(value: i64) -> ([u8; 9], usize) {
    let mut octets = [0u8; 9];
    octets[1..].copy_from_slice(&value.to_be_bytes());
    if value < 0 {
        octets[0] = 0xff;
    }
    let mut start = 0;
    while start < 8
        && (octets[start] == 0 && octets[start + 1] < 0x80
            || octets[start] == 0xff && octets[start + 1] >= 0x80)
    {
        start += 1;
    }
    (octets, start)
}

fn unsigned(value: u64) -> ([u8; 9], usize) {
    let mut octets = [0u8; 9];
    octets[1..].copy_from_slice(&value.to_be_bytes());
    let mut start = 0;
    while start < 8 && octets[start] == 0 && octets[start + 1] < 0x80 {
        start += 1;
    }
    (octets, start)
}

/// Writes a value with tag and length.
pub(crate) fn write_value(out: &mut Vec<u8>, value: Val<'_>) {
    let mut put = |tag: u8, content: &[u8]| {
        out.push(tag);
        write_length(out, content.len());
        out.extend_from_slice(content);
    };
    let number = |tag: u8, (octets, start): ([u8; 9], usize), put: &mut dyn FnMut(u8, &[u8])| {
        put(tag, &octets[start..]);
    };
    match value {
        Val::Int(value) => number(tag::INTEGER, integer(i64::from(value)), &mut put),
        Val::Bytes(bytes) => put(tag::OCTETS, bytes),
        Val::Text(text) => put(tag::OCTETS, text.as_bytes()),
        Val::Oid(arcs) => {
            let mut content = Vec::with_capacity(arcs.len() * 2);
            write_oid(&mut content, arcs);
            put(tag::OID, &content);
        }
        Val::Ip(octets) => put(tag::IP_ADDRESS, &octets),
        Val::Counter(value) => number(tag::COUNTER32, unsigned(u64::from(value)), &mut put),
        Val::Gauge(value) => number(tag::GAUGE32, unsigned(u64::from(value)), &mut put),
        Val::Ticks(value) => number(tag::TIME_TICKS, unsigned(u64::from(value)), &mut put),
        Val::Counter64(value) => number(tag::COUNTER64, unsigned(value), &mut put),
    }
}

/// Compares an encoded OID with sub-identifiers.
fn compare(content: &[u8], key: &[u32]) -> Ordering {
    let mut arcs = key.iter();
    let mut value = 0u32;
    for octet in content {
        value = value << 7 | u32::from(octet & 0x7f);
        if octet & 0x80 == 0 {
            match arcs.next() {
                None => return Ordering::Greater,
                Some(arc) => match value.cmp(arc) {
                    Ordering::Equal => value = 0,
                    other => return other,
                },
            }
        }
    }
    if arcs.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

fn decode(content: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut value = 0u32;
    content.iter().filter_map(move |octet| {
        value = value << 7 | u32::from(octet & 0x7f);
        (octet & 0x80 == 0).then(|| std::mem::take(&mut value))
    })
}

/// Gathers bindings, best in rising order.
#[derive(Default)]
pub(crate) struct TableWriter {
    bytes: Vec<u8>,
    starts: Vec<u32>,
    column: Vec<u8>,
    name: Vec<u8>,
    value: Vec<u8>,
}

impl TableWriter {
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::with_capacity(96 * 1024), starts: Vec::with_capacity(4 * 1024), ..Self::default() }
    }

    /// Sets the column (or scalar group) whose instances follow.
    pub(crate) fn column(&mut self, arcs: &[u32]) {
        self.column.clear();
        write_oid(&mut self.column, arcs);
    }

    /// Writes the instance `index` of the current column.
    pub(crate) fn row(&mut self, index: &[u32], value: Val<'_>) {
        self.name.clear();
        self.name.extend_from_slice(&self.column);
        for arc in index {
            write_arc(&mut self.name, *arc);
        }
        self.value.clear();
        write_value(&mut self.value, value);
        let name = 1 + length_size(self.name.len()) + self.name.len();
        self.starts.push(self.bytes.len() as u32);
        self.bytes.push(tag::SEQUENCE);
        write_length(&mut self.bytes, name + self.value.len());
        self.bytes.push(tag::OID);
        write_length(&mut self.bytes, self.name.len());
        self.bytes.extend_from_slice(&self.name);
        self.bytes.extend_from_slice(&self.value);
    }

    /// Writes a scalar: its object and instance 0.
    pub(crate) fn scalar(&mut self, object: &[u32], value: Val<'_>) {
        self.column(object);
        self.row(&[0], value);
    }

    /// Sorts and closes. Later bindings of the same name are dropped.
    pub(crate) fn finish(self) -> Table {
        let Self { mut bytes, mut starts, .. } = self;
        bytes.shrink_to_fit();
        let content = |start: &u32| oid_content(&bytes[*start as usize..]);
        starts.sort_by(|a, b| decode(content(a)).cmp(decode(content(b))));
        starts.dedup_by(|b, a| content(a) == content(b));
        starts.shrink_to_fit();
        Table { bytes, starts, reversed: Vec::new(), jumps: Vec::new() }
    }
}

/// The content of the OID in a binding.
fn oid_content(binding: &[u8]) -> &[u8] {
    let (outer, _) = header(binding);
    let (inner, length) = header(&binding[outer..]);
    &binding[outer + inner..outer + inner + length]
}

/// All bindings of one view.
#[derive(Debug, Default)]
pub(crate) struct Table {
    bytes: Vec<u8>,
    starts: Vec<u32>,
    /// Stretches that are served in reverse.
    reversed: Vec<(u32, u32)>,
    jumps: Vec<(u32, u32)>,
}

impl Table {
    /// Number of bindings.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Octets on the heap.
    pub(crate) fn size(&self) -> usize {
        self.bytes.capacity() + self.starts.capacity() * 4
    }

    /// The encoded binding at a position.
    pub(crate) fn binding(&self, position: u32) -> &[u8] {
        let start = self.starts[position as usize] as usize;
        let (outer, length) = header(&self.bytes[start..]);
        &self.bytes[start..start + outer + length]
    }

    /// The name at a position, in arcs.
    pub(crate) fn name(&self, position: u32) -> Vec<u32> {
        let mut arcs = decode(self.oid(position as usize));
        let both = arcs.next().unwrap_or(0);
        let first = (both / 40).min(2);
        [first, both - first * 40].into_iter().chain(arcs).collect()
    }

    /// The tag of the value at a position.
    pub(crate) fn value_tag(&self, position: u32) -> u8 {
        let binding = self.binding(position);
        let (outer, _) = header(binding);
        let (inner, length) = header(&binding[outer..]);
        binding[outer + inner + length]
    }

    fn oid(&self, position: usize) -> &[u8] {
        oid_content(&self.bytes[self.starts[position] as usize..])
    }

    /// The binding of this name (sub-identifiers).
    pub(crate) fn get(&self, key: &[u32]) -> Option<u32> {
        if self.reversed.is_empty() {
            let found = self
                .starts
                .binary_search_by(|start| compare(oid_content(&self.bytes[*start as usize..]), key));
            found.ok().map(|position| position as u32)
        } else {
            (0..self.starts.len())
                .find(|position| compare(self.oid(*position), key) == Ordering::Equal)
                .map(|position| position as u32)
        }
    }

    /// The binding that the agent serves after this name.
    pub(crate) fn after(&self, key: &[u32]) -> Option<u32> {
        if (!self.jumps.is_empty() || !self.reversed.is_empty())
            && let Some(position) = self.get(key)
        {
            return self.follow(position);
        }
        if !self.reversed.is_empty() {
            return self.after_disordered(key);
        }
        let position = self.starts.partition_point(|start| {
            compare(oid_content(&self.bytes[*start as usize..]), key) != Ordering::Greater
        });
        (position < self.starts.len()).then_some(position as u32)
    }

    /// The smallest name above the key; in a reversed stretch the one that is served first.
    fn after_disordered(&self, key: &[u32]) -> Option<u32> {
        let position = (0..self.starts.len())
            .filter(|position| compare(self.oid(*position), key) == Ordering::Greater)
            .min_by(|a, b| decode(self.oid(*a)).cmp(decode(self.oid(*b))))? as u32;
        let stretch = self.reversed.iter().find(|(first, last)| (*first..=*last).contains(&position));
        Some(stretch.map_or(position, |(first, _)| *first))
    }

    /// The binding that the agent serves after the one at a position.
    pub(crate) fn follow(&self, position: u32) -> Option<u32> {
        if let Some((_, to)) = self.jumps.iter().find(|(from, _)| *from == position) {
            return Some(*to);
        }
        let next = position + 1;
        ((next as usize) < self.starts.len()).then_some(next)
    }

    /// Positions below an object, `None` when there is none.
    pub(crate) fn range(&self, object: &[u32]) -> Option<(u32, u32)> {
        let key = sub_identifiers(object);
        let below =
            |position: &u32| decode(self.oid(*position as usize)).take(key.len()).eq(key.iter().copied());
        let first = (0..self.starts.len() as u32).find(below)?;
        let last = (first..self.starts.len() as u32).take_while(below).last()?;
        Some((first, last))
    }

    /// Lameness: after `from` the agent goes to `to`.
    pub(crate) fn jump(&mut self, from: u32, to: u32) {
        self.jumps.push((from, to));
    }

    /// Lameness: serves the bindings from `first` to `last` in reverse.
    pub(crate) fn reverse(&mut self, first: u32, last: u32) {
        self.starts[first as usize..=last as usize].reverse();
        self.reversed.push((first, last));
    }
}

#[cfg(test)]
mod tests {
    use snmp::{Oid, Value};

    use super::*;

    fn sample() -> Table {
        let mut writer = TableWriter::new();
        writer.column(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 2]);
        for index in [1, 127, 128, 300, 10_101, 0x1a00_0000, u32::MAX] {
            writer.row(&[index], Val::Text("port"));
        }
        // Out of order on purpose.
        writer.scalar(&[1, 3, 6, 1, 2, 1, 1, 5], Val::Text("name"));
        writer.column(&[1, 0, 8802, 1]);
        writer.row(&[1], Val::Int(-129));
        writer.finish()
    }

    #[test]
    fn order_is_by_arcs_not_by_octets() {
        let table = sample();
        assert_eq!(table.len(), 9);
        let mut key = vec![0];
        let mut seen = 0;
        while let Some(position) = table.after(&key) {
            assert_eq!(position, seen);
            key = decode(table.oid(position as usize)).collect();
            assert_eq!(table.get(&key), Some(position));
            seen += 1;
        }
        assert_eq!(seen, 9);
        assert_eq!(table.range(&[1, 3, 6, 1, 2, 1, 2]), Some((2, 8)));
        assert_eq!(table.range(&[1, 3, 6, 1, 2, 1, 3]), None);
    }

    #[test]
    fn lame_orders() {
        let mut table = sample();
        table.jump(8, 2);
        assert_eq!(table.follow(8), Some(2));
        assert_eq!(table.after(&sub_identifiers(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 2, u32::MAX])), Some(2));
        let mut table = sample();
        table.reverse(2, 8);
        let first = table.after(&sub_identifiers(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 2, u32::MAX])).unwrap();
        assert_eq!(first, 3);
        assert_eq!(table.after(&sub_identifiers(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1])), None);
        assert_eq!(table.after(&sub_identifiers(&[1, 3, 6, 1, 2, 1, 2, 2])), Some(2));
    }

    proptest::proptest! {
        /// What is written here, the codec reads.
        #[test]
        fn the_codec_reads_every_binding(
            index in proptest::collection::vec(proptest::num::u32::ANY, 0..20),
            number: i32, big: u64, text in ".{0,300}",
        ) {
            let column = [1u32, 3, 6, 1, 4, 1, 9];
            let values = [
                (Val::Int(number), Value::Integer(number)),
                (Val::Counter64(big), Value::Counter64(big)),
                (Val::Gauge(number as u32), Value::Gauge32(number as u32)),
                (Val::Ticks(number as u32), Value::TimeTicks(number as u32)),
                (Val::Counter(number as u32), Value::Counter32(number as u32)),
                (Val::Text(&text), Value::OctetString(text.clone().into_bytes())),
                (Val::Oid(&column), Value::Oid(Oid::new(&column))),
                (Val::Ip([127, 1, 0, 1]), Value::IpAddress([127, 1, 0, 1].into())),
            ];
            for (written, expected) in values {
                let mut writer = TableWriter::new();
                writer.column(&column);
                writer.row(&index, written);
                let table = writer.finish();
                let binding = table.binding(0);
                let mut message = vec![tag::INTEGER, 1, 1, tag::OCTETS, 0, 0xa2];
                let mut pdu = vec![2, 1, 7, 2, 1, 0, 2, 1, 0, tag::SEQUENCE];
                write_length(&mut pdu, binding.len());
                pdu.extend_from_slice(binding);
                write_length(&mut message, pdu.len());
                message.extend_from_slice(&pdu);
                let mut datagram = vec![tag::SEQUENCE];
                write_length(&mut datagram, message.len());
                datagram.extend_from_slice(&message);
                let read = snmp::Message::decode(&datagram).unwrap();
                let read = &read.pdu.varbinds[0];
                proptest::prop_assert_eq!(read.name.as_slice(), [&column[..], &index].concat());
                proptest::prop_assert_eq!(&read.value, &expected);
            }
        }
    }
}
