//! Messages byte by byte.

use snmp::{
    DecodeError, EncodeError, ErrorStatus, Message, Oid, OidParseError, Pdu, PduKind, TrapV1, Value, VarBind,
    Version, peek_version,
};

use crate::support::{hex, oid};

/// A v2c response with one binding 1.3.6 = the value given as bytes.
fn response_with(value: &[u8]) -> Vec<u8> {
    let element = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
    let binding = element(0x30, &[&hex("06 02 2b 06"), value].concat());
    let pdu = element(0xa2, &[&hex("02 01 01  02 01 00  02 01 00"), &element(0x30, &binding)[..]].concat());
    element(0x30, &[&hex("02 01 01  04 01 63"), &pdu[..]].concat())
}

#[test]
fn a_request_has_the_bytes_of_the_standard() {
    let message = Message::new(Version::V1, "public", Pdu::get(0x1234_5678, [oid("1.3.6.1.2.1.1.1.0")]));
    let bytes = hex("30 29 02 01 00 04 06 70 75 62 6c 69 63 a0 1c 02 04 12 34 56 78 02 01 00 02 01 00
                     30 0e 30 0c 06 08 2b 06 01 02 01 01 01 00 05 00");
    assert_eq!(message.encode().unwrap(), bytes);
    assert_eq!(Message::decode(&bytes).unwrap(), message);
    assert_eq!(peek_version(&bytes), Ok(Version::V1));
}

#[test]
fn values_in_the_forms_real_agents_send() {
    let cases: [(&str, Value); 21] = [
        ("02 01 ff", Value::Integer(-1)),
        ("02 04 00 00 00 05", Value::Integer(5)),
        ("02 05 00 ff ff ff ff", Value::Integer(-1)),
        ("02 00", Value::Integer(0)),
        ("02 81 01 07", Value::Integer(7)),
        ("02 84 00 00 00 01 07", Value::Integer(7)),
        ("02 88 00 00 00 00 00 00 00 01 07", Value::Integer(7)),
        ("41 05 00 ff ff ff ff", Value::Counter32(u32::MAX)),
        ("41 04 ff ff ff fe", Value::Counter32(u32::MAX - 1)),
        ("42 04 80 00 00 00", Value::Gauge32(1 << 31)),
        ("47 01 09", Value::Gauge32(9)),
        ("43 06 00 00 00 00 00 2a", Value::TimeTicks(42)),
        ("46 09 00 ff ff ff ff ff ff ff ff", Value::Counter64(u64::MAX)),
        ("46 08 ff ff ff ff ff ff ff ff", Value::Counter64(u64::MAX)),
        ("40 04 0a 00 00 01", Value::IpAddress([10, 0, 0, 1].into())),
        ("40 00", Value::OctetString(vec![])),
        ("06 00", Value::Oid(oid("0.0"))),
        ("06 03 2b 80 06", Value::Oid(oid("1.3.6"))),
        ("06 03 88 37 03", Value::Oid(oid("2.999.3"))),
        ("81 00", Value::NoSuchInstance),
        ("44 02 01 02", Value::Opaque(vec![1, 2])),
    ];
    for (bytes, value) in cases {
        let message = Message::decode(&response_with(&hex(bytes))).expect(bytes);
        assert_eq!(message.pdu.varbinds, [VarBind::new(oid("1.3.6"), value)], "{bytes}");
    }
}

#[test]
fn malformed_messages_are_told_apart() {
    let cases = [
        ("02 05 01", DecodeError::Truncated),
        ("02 80 01 00", DecodeError::LengthForm),
        ("02 85 01 00 00 00 00 00", DecodeError::LengthForm),
        ("02 84 ff ff ff ff 00", DecodeError::Truncated),
        ("02 11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00", DecodeError::IntegerLength),
        ("06 02 2b 86", DecodeError::BadOid),
        ("06 06 2b 90 80 80 80 00", DecodeError::BadOid),
        ("7f 00", DecodeError::UnknownValue(0x7f)),
    ];
    for (bytes, error) in cases {
        assert_eq!(Message::decode(&response_with(&hex(bytes))), Err(error), "{bytes}");
    }
    assert_eq!(Message::decode(&hex("30 06 02 01 02 04 01 63")), Err(DecodeError::Version(2)));
    assert_eq!(Message::decode(&hex("30 03 02 01 03")), Err(DecodeError::Version(3)));
    let wanted = DecodeError::UnexpectedTag { wanted: 0x30, found: 0x31 };
    assert_eq!(Message::decode(&hex("31 03 02 01 01")), Err(wanted));
    let no_pdu = hex("30 13 02 01 01 04 01 63 a9 0b 02 01 01 02 01 00 02 01 00 30 00");
    assert_eq!(Message::decode(&no_pdu), Err(DecodeError::UnknownPdu(0xa9)));
}

#[test]
fn every_kind_of_pdu_survives_the_wire() {
    let names = || [oid("1.3.6.1"), oid("1.0.8802")];
    let varbinds = || vec![VarBind::new(oid("1.3.6.1"), "text"), VarBind::new(oid("2.100.3"), 7)];
    let request = Pdu::get(7, names());
    let trap = TrapV1 {
        enterprise: oid("1.3.6.1.4.1.9"),
        agent_address: [10, 0, 0, 1].into(),
        generic_trap: 6,
        specific_trap: -3,
        time_stamp: u32::MAX,
    };
    let pdus = [
        request.clone(),
        Pdu::get_next(-1, names()),
        Pdu::get_bulk(i32::MAX, 1, 50, names()),
        Pdu::set(i32::MIN, varbinds()),
        Pdu::inform(3, varbinds()),
        Pdu::trap_v2(4, varbinds()),
        Pdu::report(5, varbinds()),
        Pdu::trap_v1(trap, varbinds()),
        Pdu::response_to(&request, varbinds()),
        Pdu::error_response(&request, ErrorStatus::WrongType, 2),
        Pdu::error_response(&request, ErrorStatus::Other(4711), 0),
    ];
    for pdu in pdus {
        let message = Message::new(Version::V2c, "c", pdu);
        assert_eq!(Message::decode(&message.encode().unwrap()).unwrap(), message);
    }
}

#[test]
fn answers_follow_the_request() {
    let request = Pdu::get(7, [oid("1.3.6")]);
    assert!(request.wants_response());
    let good = Pdu::response_to(&request, vec![]);
    assert!(!good.wants_response());
    assert_eq!((good.kind, good.request_id), (PduKind::Response, 7));
    let bad = Pdu::error_response(&request, ErrorStatus::GenErr, 1);
    assert_eq!((bad.varbinds.len(), bad.error_index, bad.error_status.name()), (1, 1, "genErr"));
    assert!(Pdu::error_response(&request, ErrorStatus::TooBig, 0).varbinds.is_empty());
    for number in -1..30 {
        assert_eq!(ErrorStatus::from_number(number).number(), number);
    }
}

#[test]
fn negative_bulk_numbers_count_as_zero() {
    let bytes = hex("30 13 02 01 01 04 01 63 a5 0b 02 01 01 02 01 ff 02 01 80 30 00");
    let pdu = Message::decode(&bytes).unwrap().pdu;
    assert_eq!(pdu.kind, PduKind::GetBulk { non_repeaters: 0, max_repetitions: 0 });
}

#[test]
fn oids_that_cannot_travel_are_refused() {
    for bad in [vec![3, 1], vec![0, 40], vec![1, 40, 1], vec![5], vec![1; 129]] {
        let name = Oid::from(bad);
        let message = Message::new(Version::V2c, "c", Pdu::get(1, [name.clone()]));
        assert_eq!(message.encode(), Err(EncodeError::Oid(name)));
    }
}

#[test]
fn oids_as_text_and_in_relation() {
    assert_eq!(oid(".1.3.6.1"), Oid::from_static(&[1, 3, 6, 1]));
    assert_eq!(oid("1.3.4294967295").to_string(), "1.3.4294967295");
    let errors = [
        ("", OidParseError::Empty),
        (".", OidParseError::Empty),
        ("1..3", OidParseError::Arc { position: 2 }),
        ("1.+3", OidParseError::Arc { position: 2 }),
        ("1.3.4294967296", OidParseError::Arc { position: 3 }),
        ("1.a", OidParseError::Arc { position: 2 }),
    ];
    for (text, error) in errors {
        assert_eq!(text.parse::<Oid>(), Err(error), "{text:?}");
    }
    assert_eq!(["1"; 129].join(".").parse::<Oid>(), Err(OidParseError::TooLong));
    let base = oid("1.3.6");
    let long = base.join(&[7; 40]);
    assert!(long.starts_with(&base) && !base.starts_with(&long));
    assert_eq!(long.suffix(&base), Some(&[7; 40][..]));
    assert_eq!(base.suffix(&long), None);
    assert_eq!(base.child(9).parent(), Some(base.clone()));
    assert_eq!(Oid::default().parent(), None);
    assert!(oid("1.3.6.1") > base && oid("1.3.7") > long && oid("1.3.10") > oid("1.3.9.9"));
}

#[test]
fn values_for_people_and_programs() {
    let text = |bytes: &[u8]| Value::octets(bytes).text().unwrap();
    assert_eq!(text(b" sw1\0junk"), "sw1");
    assert_eq!(text("Zürich".as_bytes()), "Zürich");
    assert_eq!(text(b"Z\xfcrich\x07"), "Zürich");
    assert_eq!(Value::Integer(1).text(), None);
    assert_eq!(Value::Integer(-1).as_u64(), None);
    assert_eq!(Value::Integer(-1).as_i64(), Some(-1));
    assert_eq!(Value::Counter64(u64::MAX).as_i64(), None);
    assert_eq!(Value::Gauge32(7).as_u32(), Some(7));
    assert_eq!(Value::octets([10, 0, 0, 1]).as_ipv4(), Some([10, 0, 0, 1].into()));
    assert_eq!(Value::Opaque(hex("9f 78 04 41 28 00 00")).as_f64(), Some(10.5));
    assert!(Value::EndOfMibView.is_exception() && !Value::Null.is_exception());
}

#[test]
fn a_community_is_not_shown() {
    let message = Message::new(Version::V2c, "hunter2", Pdu::get(1, []));
    assert!(!format!("{message:?}").contains("hunter2"));
    assert!(!format!("{message:?}").contains(&format!("{:?}", b"hunter2")));
}
