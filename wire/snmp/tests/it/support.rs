//! An agent in memory, with the quirks real agents have.

use snmp::{ErrorStatus, Fed, Oid, Pdu, PduKind, Table, Value, VarBind, Walk, WalkLimits};

pub(crate) fn oid(text: &str) -> Oid {
    text.parse().expect("test OID")
}

/// Bytes from hexadecimal digits; everything else is ignored.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap()).collect()
}

/// How the agent misbehaves.
#[expect(clippy::struct_excessive_bools, reason = "each is a quirk of its own")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Quirks {
    /// SNMPv1: noSuchName at the end, no GETBULK.
    pub(crate) v1: bool,
    /// Answers GETBULK with this.
    pub(crate) bulk_error: Option<ErrorStatus>,
    /// Gives no answer to GETBULK.
    pub(crate) bulk_mute: bool,
    /// Answers tooBig to more bindings than this.
    pub(crate) too_big_above: Option<usize>,
    /// Cuts answers to this many bindings.
    pub(crate) truncate_to: Option<usize>,
    /// Steps through its objects in the order they are listed, not in SNMP's.
    pub(crate) listed_order: bool,
    /// After the last object comes the object at this position again.
    pub(crate) wraps_to: Option<usize>,
    /// Gives no answer to a request with a name below this.
    pub(crate) mute_below: Option<&'static [u32]>,
    /// Answers this many requests, then none.
    pub(crate) dies_after: Option<u32>,
    /// Answers the first request with the wrong request id.
    pub(crate) late_answer: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) objects: Vec<(Oid, Value)>,
    pub(crate) quirks: Quirks,
    pub(crate) asked: u32,
}

impl Agent {
    pub(crate) fn new(objects: Vec<(Oid, Value)>, quirks: Quirks) -> Self {
        Self { objects, quirks, asked: 0 }
    }

    /// A table with these columns below `entry`, `rows` rows, and one object after it.
    pub(crate) fn with_table(entry: &str, columns: &[u32], rows: u32, quirks: Quirks) -> Self {
        let entry = oid(entry);
        let cell = |c: &u32, r: u32| (entry.child(*c).child(r), Value::Integer((c * 1000 + r) as i32));
        let mut objects: Vec<_> = columns.iter().flat_map(|c| (1..=rows).map(move |r| cell(c, r))).collect();
        objects.push((oid("1.3.9.1.0"), Value::from("after")));
        Self::new(objects, quirks)
    }

    fn next(&self, name: &Oid) -> Option<VarBind> {
        let position = if self.quirks.listed_order {
            match self.objects.iter().position(|(n, _)| n == name) {
                Some(position) => position + 1,
                None => self.objects.iter().position(|(n, _)| n.starts_with(name))?,
            }
        } else {
            self.objects.iter().position(|(n, _)| n > name).unwrap_or(self.objects.len())
        };
        let found = self.objects.get(position).or_else(|| self.objects.get(self.quirks.wraps_to?));
        found.map(|(n, v)| VarBind::new(n.clone(), v.clone()))
    }

    /// The answer, or `None` for silence.
    pub(crate) fn answer(&mut self, request: &Pdu) -> Option<Pdu> {
        self.asked += 1;
        let q = self.quirks;
        let muted = |v: &VarBind| q.mute_below.is_some_and(|b| v.name.as_slice().starts_with(b));
        let bulk = matches!(request.kind, PduKind::GetBulk { .. });
        if q.dies_after.is_some_and(|n| self.asked > n)
            || request.varbinds.iter().any(muted)
            || (bulk && q.bulk_mute)
        {
            return None;
        }
        assert!(!(bulk && q.v1), "GETBULK sent to an SNMPv1 agent");
        if let Some(status) = q.bulk_error.filter(|_| bulk) {
            return Some(Pdu::error_response(request, status, 0));
        }
        let repetitions = match request.kind {
            PduKind::GetBulk { max_repetitions, .. } => max_repetitions,
            _ => 1,
        };
        let mut names: Vec<Oid> = request.varbinds.iter().map(|v| v.name.clone()).collect();
        let mut varbinds = Vec::new();
        for _ in 0..repetitions {
            for (position, name) in names.iter_mut().enumerate() {
                let Some(next) = self.next(name) else {
                    if q.v1 {
                        let index = position as u32 + 1;
                        return Some(Pdu::error_response(request, ErrorStatus::NoSuchName, index));
                    }
                    varbinds.push(VarBind::new(name.clone(), Value::EndOfMibView));
                    continue;
                };
                *name = next.name.clone();
                varbinds.push(next);
            }
        }
        if q.too_big_above.is_some_and(|n| varbinds.len() > n) {
            return Some(Pdu::error_response(request, ErrorStatus::TooBig, 0));
        }
        varbinds.truncate(q.truncate_to.unwrap_or(usize::MAX));
        let mut response = Pdu::response_to(request, varbinds);
        if q.late_answer && self.asked == 1 {
            response.request_id -= 1;
        }
        Some(response)
    }

    /// Walks the agent; a foreign answer counts as silence.
    pub(crate) fn walk(&mut self, columns: &[Oid], limits: WalkLimits) -> Table {
        let mut walk = Walk::new(columns, limits);
        let mut request_id = 1;
        while let Some(request) = walk.next_request(request_id) {
            request_id += 1;
            assert!(request_id < 20_000, "the walk does not end");
            match self.answer(&request) {
                Some(response) if walk.on_response(&response) != Fed::Ignored => {}
                _ => walk.on_timeout(),
            }
        }
        assert!(walk.is_done());
        walk.finish()
    }
}
