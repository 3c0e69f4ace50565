//! Any bytes as an SNMPv1 or SNMPv2c datagram. What is read must be written and read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snmp::{IndexReader, Message};

fuzz_target!(|datagram: &[u8]| {
    let _ = snmp::peek_version(datagram);
    let Ok(message) = Message::decode(datagram) else { return };
    let bytes = message.encode().expect("what was read can be written");
    assert_eq!(Message::decode(&bytes).as_ref(), Ok(&message));
    for varbind in &message.pdu.varbinds {
        assert_eq!(varbind.name.to_string().parse().as_ref(), Ok(&varbind.name));
        let _ = (varbind.value.text(), varbind.value.as_f64(), varbind.value.as_ipv4());
        let mut index = IndexReader::new(varbind.name.as_slice());
        let _ = (index.inet_address(), index.family_address(), index.prefixed_octets(), index.last_mac());
    }
});
