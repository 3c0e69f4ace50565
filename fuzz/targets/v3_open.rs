//! Any bytes as an SNMPv3 datagram, to an agent and to managers at two security levels.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use snmp::Pdu;
use snmp::v3::{AuthProtocol, Opened, PrivProtocol, Received, UserKeys, UsmAgent, UsmSession};

const ENGINE: &[u8] = b"\x80\0\x1f\x88\x04fuzz";
const NOW: Duration = Duration::from_secs(100);

static OPEN: LazyLock<Arc<UserKeys>> =
    LazyLock::new(|| Arc::new(UserKeys::new("open", None, None).expect("keys")));
static SAFE: LazyLock<Arc<UserKeys>> = LazyLock::new(|| {
    let auth = Some((AuthProtocol::Sha256, &b"password"[..]));
    let privacy = Some((PrivProtocol::Aes128, &b"password"[..]));
    Arc::new(UserKeys::new("safe", auth, privacy).expect("keys"))
});

/// A session that has learned the engine and waits for the answers to messages 1 to 3.
fn session(keys: &Arc<UserKeys>, agent: &mut UsmAgent) -> UsmSession {
    let mut session = UsmSession::new(Arc::clone(keys), 1);
    let question = Pdu::get(1, []);
    let probe = session.request(0, "", &question, NOW).expect("probe");
    let Received::Reply(report, _) = agent.receive(&probe, NOW) else { panic!("no report") };
    assert!(matches!(session.open(&report, NOW), Ok(Opened::Retry(_))));
    for msg_id in 1..4 {
        session.request(msg_id, "", &question, NOW).expect("request");
    }
    session
}

fuzz_target!(|datagram: &[u8]| {
    let mut agent = UsmAgent::new(ENGINE, 1, 1);
    agent.add_user(&OPEN);
    agent.add_user(&SAFE);
    let mut sessions = [session(&OPEN, &mut agent), session(&SAFE, &mut agent)];
    if let Received::Request(request) = agent.receive(datagram, NOW) {
        let pdu = Pdu::response_to(&request.scoped.pdu, request.scoped.pdu.varbinds.clone());
        agent.respond(&request, pdu, NOW).expect("what was read can be written");
    }
    let [open, safe] = &mut sessions;
    let _ = open.open(datagram, NOW);
    assert_eq!(open.engine_boots(), None, "an unauthenticated message was trusted");
    // Fuzzing cannot find the key, and no seed has a protected response.
    let opened = safe.open(datagram, NOW);
    assert!(!matches!(opened, Ok(Opened::Response(_))), "a forged response was accepted");
});
