//! The seeds of the fuzz targets are still what they are meant to be.

use std::path::Path;

use snmp::{Message, Version, peek_version};

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let files = std::fs::read_dir(&folder).expect("seeds").map(|entry| entry.expect("entry").path());
    files.map(|f| (f.display().to_string(), std::fs::read(&f).expect("seed"))).collect()
}

#[test]
fn seeds_are_good_messages() {
    let messages = seeds("message_decode");
    assert!(messages.len() >= 6);
    for (file, bytes) in messages {
        let message = Message::decode(&bytes).expect(&file);
        assert_eq!(message.encode().as_ref(), Ok(&bytes), "{file}");
    }
    let v3 = seeds("v3_open");
    assert!(v3.len() >= 6);
    for (file, bytes) in v3 {
        assert_eq!(peek_version(&bytes), Ok(Version::V3), "{file}");
    }
}
