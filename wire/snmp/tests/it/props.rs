//! Properties over arbitrary messages and arbitrary bytes.

use proptest::collection::vec;
use proptest::prelude::*;
use snmp::{
    ErrorStatus, IndexReader, Message, Oid, Pdu, PduKind, TrapV1, Value, VarBind, Version, Walk, WalkLimits,
    peek_version,
};

pub(crate) fn any_oid() -> impl Strategy<Value = Oid> {
    let root = prop_oneof![(0..=1_u32, 0..=39_u32), (Just(2), any::<u32>())];
    let arc = prop_oneof![0..300_u32, any::<u32>()];
    (root, vec(arc, 0..40)).prop_map(|((a, b), rest)| Oid::new(&[a, b]).join(&rest))
}

pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(Value::Integer),
        vec(any::<u8>(), 0..300).prop_map(Value::OctetString),
        Just(Value::Null),
        any_oid().prop_map(Value::Oid),
        any::<[u8; 4]>().prop_map(|a| Value::IpAddress(a.into())),
        any::<u32>().prop_map(Value::Counter32),
        any::<u32>().prop_map(Value::Gauge32),
        any::<u32>().prop_map(Value::TimeTicks),
        vec(any::<u8>(), 0..20).prop_map(Value::Opaque),
        any::<u64>().prop_map(Value::Counter64),
        Just(Value::NoSuchObject),
        Just(Value::NoSuchInstance),
        Just(Value::EndOfMibView),
    ]
}

fn any_varbinds() -> impl Strategy<Value = Vec<VarBind>> {
    vec((any_oid(), any_value()).prop_map(|(name, value)| VarBind { name, value }), 0..12)
}

fn any_trap() -> impl Strategy<Value = Pdu> {
    let fields = (any_oid(), any::<[u8; 4]>(), any::<i32>(), any::<i32>(), any::<u32>());
    (fields, any_varbinds()).prop_map(
        |((enterprise, address, generic_trap, specific_trap, time_stamp), varbinds)| {
            let agent_address = address.into();
            Pdu::trap_v1(
                TrapV1 { enterprise, agent_address, generic_trap, specific_trap, time_stamp },
                varbinds,
            )
        },
    )
}

pub(crate) fn any_pdu() -> impl Strategy<Value = Pdu> {
    let plain = prop_oneof![
        Just(PduKind::Get),
        Just(PduKind::GetNext),
        Just(PduKind::Response),
        Just(PduKind::Set),
        Just(PduKind::Inform),
        Just(PduKind::TrapV2),
        Just(PduKind::Report),
    ];
    let index = 0..=i32::MAX as u32;
    let plain = (plain, any::<i32>(), any::<i32>(), index.clone(), any_varbinds()).prop_map(
        |(kind, request_id, status, error_index, varbinds)| {
            let error_status = ErrorStatus::from_number(status);
            Pdu { kind, request_id, error_status, error_index, varbinds }
        },
    );
    let bulk = (any::<i32>(), index.clone(), index, vec(any_oid(), 0..12)).prop_map(
        |(id, non_repeaters, repetitions, oids)| Pdu::get_bulk(id, non_repeaters, repetitions, oids),
    );
    prop_oneof![4 => plain, 1 => bulk, 1 => any_trap()]
}

pub(crate) fn any_message() -> impl Strategy<Value = Message> {
    let version = prop_oneof![Just(Version::V1), Just(Version::V2c)];
    (version, vec(any::<u8>(), 0..40), any_pdu())
        .prop_map(|(version, community, pdu)| Message::new(version, community, pdu))
}

proptest! {
    #[test]
    fn decode_undoes_encode(message in any_message()) {
        let bytes = message.encode().unwrap();
        prop_assert_eq!(Message::decode(&bytes).unwrap(), message);
    }

    #[test]
    fn what_is_decoded_can_be_encoded_again(bytes in vec(any::<u8>(), 0..200)) {
        let _ = peek_version(&bytes);
        if let Ok(message) = Message::decode(&bytes) {
            prop_assert!(message.encode().is_ok());
        }
    }

    /// Bytes of a good message overwritten, then cut: most of the parser is reached, nothing panics.
    #[test]
    fn damaged_messages_never_panic(
        message in any_message(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = message.encode().unwrap();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(decoded) = Message::decode(&bytes) {
            prop_assert!(decoded.encode().is_ok());
        }
        let length = cut.index(bytes.len());
        prop_assert!(Message::decode(&bytes[..length]).is_err(), "a cut message is no message");
    }

    #[test]
    fn text_undoes_display(oid in any_oid()) {
        prop_assert_eq!(oid.to_string().parse::<Oid>().unwrap(), oid);
    }

    /// Whatever an agent answers, a walk ends, within a number of requests its limits imply.
    #[test]
    fn a_walk_ends_whatever_is_answered(
        answers in vec(prop_oneof![
            2 => any_pdu().prop_map(Some),
            2 => vec((0..3_usize, 0..6_u32, 0..10_u32).prop_map(steps), 0..20)
                .prop_map(|v| Some(Pdu::report(0, v))),
            1 => Just(None),
        ], 1..20),
        bulk in any::<bool>(),
    ) {
        let columns = [Oid::from([1, 3, 1]), Oid::from([1, 3, 2]), Oid::from([1, 3, 3])];
        let limits = WalkLimits { bulk, max_rows: 50, ..WalkLimits::default() };
        let mut walk = Walk::new(&columns, limits);
        let mut requests = 0;
        for answer in answers.iter().cycle() {
            let Some(request) = walk.next_request(requests) else { break };
            requests += 1;
            prop_assert!(requests < 600);
            match answer {
                Some(pdu) => {
                    let kind = PduKind::Response;
                    walk.on_response(&Pdu { kind, request_id: request.request_id, ..pdu.clone() });
                }
                None => walk.on_timeout(),
            }
        }
        let table = walk.finish();
        prop_assert!(table.rows.len() <= 50);
        let all = table.column_ends.iter().all(|c| c.complete);
        prop_assert_eq!(table.completeness.complete, all);
    }

    #[test]
    fn index_reads_never_panic_and_failed_reads_take_nothing(
        arcs in vec(prop_oneof![0..20_u32, any::<u32>()], 0..30),
        reads in vec(0..12_u8, 0..8),
    ) {
        let mut reader = IndexReader::new(&arcs);
        for read in reads {
            let before = reader.clone();
            let good = match read {
                0 => reader.u32().is_some(),
                1 => reader.octets(5).is_some(),
                2 => reader.prefixed_octets().is_some(),
                3 => reader.prefixed_arcs().is_some(),
                4 => reader.mac().is_some(),
                5 => reader.ipv4().is_some(),
                6 => reader.inet_address().is_some(),
                7 => reader.family_address().is_some(),
                8 => reader.last_u32().is_some(),
                9 => reader.last_octets(3).is_some(),
                10 => reader.last_mac().is_some(),
                _ => reader.last_ipv4().is_some(),
            };
            prop_assert!(good || reader == before);
        }
    }
}

fn steps((column, row, value): (usize, u32, u32)) -> VarBind {
    VarBind::new([1, 3, column as u32 + 1, row], Value::Gauge32(value))
}
