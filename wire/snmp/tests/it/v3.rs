//! SNMPv3: published key vectors, and manager against agent.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use proptest::prelude::*;

use snmp::v3::{
    AuthProtocol, DropReason, KeyError, Opened, PrivProtocol, Received, ReportKind, SecurityLevel, UserKeys,
    UsmAgent, UsmSession, V3Error,
};
use snmp::{ErrorStatus, Pdu, PduKind, Value, VarBind};

use crate::props::any_pdu;
use crate::support::{hex, oid};

const ENGINE: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
pub(crate) const AUTHS: [AuthProtocol; 6] = [
    AuthProtocol::Md5,
    AuthProtocol::Sha1,
    AuthProtocol::Sha224,
    AuthProtocol::Sha256,
    AuthProtocol::Sha384,
    AuthProtocol::Sha512,
];
pub(crate) const PRIVS: [PrivProtocol; 6] = [
    PrivProtocol::Des,
    PrivProtocol::Aes128,
    PrivProtocol::Aes192,
    PrivProtocol::Aes256,
    PrivProtocol::Aes192Reeder,
    PrivProtocol::Aes256Reeder,
];

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn keys(auth: AuthProtocol, privacy: PrivProtocol) -> Arc<UserKeys> {
    let keys = UserKeys::new("operator", Some((auth, b"maplesyrup")), Some((privacy, b"other-maple")));
    Arc::new(keys.expect("keys"))
}

/// A manager and an agent that share a user, and clocks.
struct Pair {
    session: UsmSession,
    agent: UsmAgent,
    next_id: i32,
    now: u64,
    uptime: u64,
}

impl Pair {
    fn new(keys: &Arc<UserKeys>) -> Self {
        let mut agent = UsmAgent::new(b"\x80\0\x1f\x88engine", 7, 99);
        agent.add_user(keys);
        Self { session: UsmSession::new(Arc::clone(keys), 1), agent, next_id: 1, now: 1000, uptime: 5000 }
    }

    fn pass(&mut self, seconds: u64) {
        self.now += seconds;
        self.uptime += seconds;
    }

    fn request(&mut self) -> Vec<u8> {
        self.next_id += 1;
        let pdu = Pdu::get(4711, [oid("1.3.6.1.2.1.1.5.0")]);
        self.session.request(self.next_id, "vlan-10", &pdu, secs(self.now)).expect("request")
    }

    fn answer(&mut self, datagram: &[u8]) -> Vec<u8> {
        match self.agent.receive(datagram, secs(self.uptime)) {
            Received::Request(request) => {
                let name = oid("1.3.6.1.2.1.1.5.0");
                let context = request.scoped.context_name.clone();
                let pdu = Pdu::response_to(&request.scoped.pdu, vec![VarBind::new(name, context)]);
                self.agent.respond(&request, pdu, secs(self.uptime)).expect("response")
            }
            Received::Reply(bytes, _) => bytes,
            Received::Drop(reason) => panic!("dropped: {reason:?}"),
        }
    }

    fn exchange(&mut self) -> Result<Opened, V3Error> {
        let request = self.request();
        let answer = self.answer(&request);
        self.session.open(&answer, secs(self.now))
    }

    /// Until something else than a retry comes.
    fn settle(&mut self) -> Opened {
        for _ in 0..8 {
            match self.exchange().expect("a good datagram") {
                Opened::Retry(_) => {}
                other => return other,
            }
        }
        panic!("the session never settles");
    }
}

#[test]
fn keys_are_those_of_rfc_3414_appendix_a_3() {
    let key = |auth| {
        let keys = UserKeys::new("u", Some((auth, b"maplesyrup")), None).unwrap();
        keys.localised_key_bytes(&ENGINE).0.unwrap().to_vec()
    };
    assert_eq!(key(AuthProtocol::Md5), hex("52 6f 5e ed 9f cc e2 6f 89 64 c2 93 07 87 d8 2b"));
    let sha = hex("66 95 fe bc 92 88 e3 62 82 23 5f c7 15 1f 12 84 97 b3 8f 3f");
    assert_eq!(key(AuthProtocol::Sha1), sha);
}

/// Computed with Python's hashlib: RFC 7860 has no vectors of its own.
#[test]
fn sha_2_keys_agree_with_another_implementation() {
    let expected = [
        (AuthProtocol::Sha224, "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674"),
        (AuthProtocol::Sha256, "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b"),
        (
            AuthProtocol::Sha384,
            "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78",
        ),
        (
            AuthProtocol::Sha512,
            "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099
             ad1ea87a8db096714d9788bd544047c9021e4229ce27e4c0a69250adfcffbb0b",
        ),
    ];
    for (auth, key) in expected {
        let keys = UserKeys::new("u", Some((auth, b"maplesyrup")), None).unwrap();
        assert_eq!(keys.localised_key_bytes(&ENGINE).0.unwrap().to_vec(), hex(key), "{auth:?}");
    }
}

/// The Reeder key over MD5 is that of draft-reeder-snmpv3-usm-3desede-00 section B.1; the others
/// were computed with Python's hashlib.
#[test]
fn short_keys_are_extended_as_in_the_drafts() {
    let key = |auth, privacy| {
        let keys = UserKeys::new("u", Some((auth, b"maplesyrup")), Some((privacy, b"maplesyrup"))).unwrap();
        keys.localised_key_bytes(&ENGINE).1.unwrap().to_vec()
    };
    let expected = [
        (
            AuthProtocol::Md5,
            "526f5eed9fcce26f8964c2930787d82b",
            "fa24a92467426c2f4b09192be10dfaec",
            "79eff44a90650ee0a3a40abfac5acc12",
        ),
        (
            AuthProtocol::Sha1,
            "6695febc9288e36282235fc7151f128497b38f3f",
            "505e07eb9af25568fa1f5dbe",
            "9b8b6d78936ba6e7d19dfd9c",
        ),
        (
            AuthProtocol::Sha224,
            "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674",
            "e82d9bf0",
            "22c34be4",
        ),
    ];
    for (auth, short, blumenthal, reeder) in expected {
        let blumenthal = hex(&format!("{short}{blumenthal}"));
        let reeder = hex(&format!("{short}{reeder}"));
        assert_eq!(key(auth, PrivProtocol::Aes256), blumenthal, "{auth:?}");
        assert_eq!(key(auth, PrivProtocol::Aes192), blumenthal[..24], "{auth:?}");
        assert_eq!(key(auth, PrivProtocol::Aes256Reeder), reeder, "{auth:?}");
        assert_eq!(key(auth, PrivProtocol::Aes192Reeder), reeder[..24], "{auth:?}");
        assert_eq!(key(auth, PrivProtocol::Aes128), hex(short)[..16], "{auth:?}");
        assert_eq!(key(auth, PrivProtocol::Des), hex(short)[..16], "{auth:?}");
    }
    // Long enough from the start: nothing to extend.
    assert_eq!(
        key(AuthProtocol::Sha256, PrivProtocol::Aes256),
        key(AuthProtocol::Sha256, PrivProtocol::Aes256Reeder)
    );
}

#[test]
fn bad_credentials_are_refused_with_the_reason() {
    let auth = Some((AuthProtocol::Sha1, &b"longenough"[..]));
    let short = Some((AuthProtocol::Sha1, &b"short"[..]));
    let privacy = Some((PrivProtocol::Aes128, &b"longenough"[..]));
    let short_privacy = Some((PrivProtocol::Aes128, &b"short"[..]));
    let error = |user: &str, a, p| UserKeys::new(user, a, p).err();
    assert_eq!(error("", auth, privacy), Some(KeyError::UserName));
    assert_eq!(error(&"u".repeat(33), None, None), Some(KeyError::UserName));
    assert_eq!(error("u", short, None), Some(KeyError::PasswordTooShort));
    assert_eq!(error("u", auth, short_privacy), Some(KeyError::PasswordTooShort));
    assert_eq!(error("u", None, privacy), Some(KeyError::PrivacyWithoutAuthentication));
    assert_eq!(error("u", auth, privacy), None);
}

#[test]
fn every_pair_of_protocols_talks() {
    for auth in AUTHS {
        for privacy in PRIVS {
            let mut pair = Pair::new(&keys(auth, privacy));
            assert_eq!(pair.exchange(), Ok(Opened::Retry(ReportKind::UnknownEngineIds)));
            let Ok(Opened::Response(scoped)) = pair.exchange() else { panic!("{auth:?} {privacy:?}") };
            assert_eq!((scoped.pdu.kind, scoped.pdu.request_id), (PduKind::Response, 4711));
            assert_eq!(scoped.pdu.varbinds[0].value, Value::from("vlan-10"));
            assert_eq!(pair.session.engine_boots(), Some(7));
        }
    }
}

#[test]
fn lower_levels_talk_too() {
    let none = UserKeys::new("operator", None, None).unwrap();
    let auth = UserKeys::new("operator", Some((AuthProtocol::Sha256, b"maplesyrup")), None).unwrap();
    for (keys, level) in [(none, SecurityLevel::NoAuthNoPriv), (auth, SecurityLevel::AuthNoPriv)] {
        assert_eq!(keys.level(), level);
        let mut pair = Pair::new(&Arc::new(keys));
        assert!(matches!(pair.settle(), Opened::Response(_)), "{level:?}");
    }
}

#[test]
fn wrong_credentials_are_named() {
    let good = keys(AuthProtocol::Sha1, PrivProtocol::Aes128);
    let with = |user: &str, auth: &[u8], privacy: Option<&[u8]>| {
        let auth = Some((AuthProtocol::Sha1, auth));
        Arc::new(UserKeys::new(user, auth, privacy.map(|p| (PrivProtocol::Aes128, p))).unwrap())
    };
    let cases = [
        (with("nobody", b"maplesyrup", Some(b"other-maple")), ReportKind::UnknownUserNames),
        (with("operator", b"wrong-password", Some(b"other-maple")), ReportKind::WrongDigests),
        (with("operator", b"maplesyrup", Some(b"wrong-password")), ReportKind::DecryptionErrors),
        (keys(AuthProtocol::Sha256, PrivProtocol::Aes128), ReportKind::WrongDigests),
    ];
    for (bad, kind) in cases {
        let mut pair = Pair::new(&good);
        pair.session = UsmSession::new(bad, 3);
        assert_eq!(pair.settle(), Opened::Refused(kind));
        assert_eq!(pair.agent.refused(kind), 1);
    }
    // The agent's user has no privacy key.
    let mut pair = Pair::new(&with("operator", b"maplesyrup", None));
    pair.session = UsmSession::new(good, 3);
    assert_eq!(pair.settle(), Opened::Refused(ReportKind::UnsupportedSecLevels));
}

#[test]
fn a_request_below_the_users_level_gets_no_data() {
    let full = keys(AuthProtocol::Sha1, PrivProtocol::Aes128);
    let mut pair = Pair::new(&full);
    let auth_only = UserKeys::new("operator", Some((AuthProtocol::Sha1, b"maplesyrup")), None).unwrap();
    pair.session = UsmSession::new(Arc::new(auth_only), 3);
    let Opened::Response(scoped) = pair.settle() else { panic!("no answer") };
    assert_eq!(scoped.pdu.error_status, ErrorStatus::AuthorizationError);
}

#[test]
fn clocks_that_drifted_are_set_again() {
    let mut pair = Pair::new(&keys(AuthProtocol::Sha512, PrivProtocol::Aes256));
    assert!(matches!(pair.settle(), Opened::Response(_)));
    // An hour passes here and there: nothing to learn.
    pair.pass(3600);
    assert!(matches!(pair.exchange(), Ok(Opened::Response(_))));
    // The agent's clock runs ahead of ours.
    pair.uptime += 400;
    assert_eq!(pair.exchange(), Ok(Opened::Retry(ReportKind::NotInTimeWindows)));
    assert!(matches!(pair.exchange(), Ok(Opened::Response(_))));
    // The agent restarts, with one boot more.
    let engine = pair.agent.engine_id().to_vec();
    pair.agent = UsmAgent::new(&engine, 8, 5);
    pair.agent.add_user(&keys(AuthProtocol::Sha512, PrivProtocol::Aes256));
    pair.uptime = 3;
    assert_eq!(pair.exchange(), Ok(Opened::Retry(ReportKind::NotInTimeWindows)));
    assert!(matches!(pair.exchange(), Ok(Opened::Response(_))));
    assert_eq!(pair.session.engine_boots(), Some(8));
    // An agent that lost its boots counter looks like a replay, until the caller says otherwise.
    pair.agent = UsmAgent::new(&engine, 1, 6);
    pair.agent.add_user(&keys(AuthProtocol::Sha512, PrivProtocol::Aes256));
    assert_eq!(pair.exchange(), Err(V3Error::NotInTimeWindow));
    pair.session.forget_engine();
    assert!(matches!(pair.settle(), Opened::Response(_)));
}

#[test]
fn a_replaced_engine_is_learned() {
    let user = keys(AuthProtocol::Sha1, PrivProtocol::Des);
    let mut pair = Pair::new(&user);
    assert!(matches!(pair.settle(), Opened::Response(_)));
    pair.agent = UsmAgent::new(b"\x80\0\0\0another", 1, 5);
    pair.agent.add_user(&user);
    assert_eq!(pair.exchange(), Ok(Opened::Retry(ReportKind::UnknownEngineIds)));
    assert!(matches!(pair.exchange(), Ok(Opened::Response(_))));
    assert_eq!(pair.session.engine_id(), Some(&b"\x80\0\0\0another"[..]));
}

#[test]
fn an_engine_that_never_agrees_is_given_up() {
    let user = keys(AuthProtocol::Sha1, PrivProtocol::Aes128);
    let mut pair = Pair::new(&user);
    let mut answers = Vec::new();
    for _ in 0..8 {
        pair.uptime += 1000; // this clock jumps with every look at it
        answers.push(pair.exchange());
    }
    assert!(answers.contains(&Ok(Opened::Refused(ReportKind::NotInTimeWindows))), "{answers:?}");
}

#[test]
fn damaged_and_replayed_datagrams_are_not_accepted() {
    let mut pair = Pair::new(&keys(AuthProtocol::Sha256, PrivProtocol::Aes128));
    assert!(matches!(pair.settle(), Opened::Response(_)));
    let request = pair.request();
    let answer = pair.answer(&request);
    for place in 0..answer.len() {
        let mut damaged = answer.clone();
        damaged[place] ^= 1;
        let opened = pair.session.open(&damaged, secs(pair.now));
        assert!(!matches!(opened, Ok(Opened::Response(_))), "byte {place}: {opened:?}");
    }
    assert!(matches!(pair.session.open(&answer, secs(pair.now)), Ok(Opened::Response(_))));
    assert_eq!(pair.session.open(&answer, secs(pair.now)), Ok(Opened::Ignored), "a duplicate");
    // The agent refuses the request once it is old.
    pair.pass(600);
    let Received::Reply(_, kind) = pair.agent.receive(&request, secs(pair.uptime)) else {
        panic!("accepted")
    };
    assert_eq!(kind, ReportKind::NotInTimeWindows);
}

#[test]
fn a_request_sent_back_is_no_answer() {
    let open = Arc::new(UserKeys::new("operator", None, None).unwrap());
    for keys in [keys(AuthProtocol::Sha256, PrivProtocol::Aes128), open] {
        let mut pair = Pair::new(&keys);
        assert!(matches!(pair.settle(), Opened::Response(_)));
        let request = pair.request();
        assert_eq!(pair.session.open(&request, secs(pair.now)), Ok(Opened::Ignored));
        let answer = pair.answer(&request);
        assert!(matches!(pair.session.open(&answer, secs(pair.now)), Ok(Opened::Response(_))));
    }
}

#[test]
fn an_answer_of_a_lower_level_is_not_accepted() {
    // Someone who knows the engine and the user, but no key, answers in clear.
    let mut pair = Pair::new(&keys(AuthProtocol::Sha256, PrivProtocol::Aes128));
    assert!(matches!(pair.settle(), Opened::Response(_)));
    let mut forger = UsmAgent::new(pair.agent.engine_id(), 7, 1);
    forger.add_user(&UserKeys::new("operator", None, None).unwrap());
    pair.request();
    let pdu = Pdu::response_to(&Pdu::get(4711, []), vec![]);
    let forged = forger.notification(pair.next_id, b"operator", "", pdu, secs(pair.uptime)).unwrap();
    assert_eq!(pair.session.open(&forged, secs(pair.now)), Err(V3Error::SecurityLevel));
}

#[test]
fn requests_that_are_not_reportable_get_no_report() {
    let user = keys(AuthProtocol::Sha1, PrivProtocol::Aes128);
    let mut agent = UsmAgent::new(b"\x80\0\x1f\x88engine", 7, 99);
    agent.add_user(&user);
    let trap = agent.notification(5, b"operator", "", Pdu::trap_v2(1, vec![]), secs(1)).unwrap();
    let mut other = UsmAgent::new(b"\x80\0\x1f\x88another", 1, 1);
    let dropped = Received::Drop(DropReason::Unreportable(ReportKind::UnknownEngineIds));
    assert_eq!(other.receive(&trap, secs(1)), dropped);
    assert!(matches!(other.receive(b"junk", secs(1)), Received::Drop(DropReason::Malformed(_))));
}

#[test]
fn applications_report_what_they_find() {
    let mut pair = Pair::new(&keys(AuthProtocol::Sha1, PrivProtocol::Aes128));
    assert!(matches!(pair.settle(), Opened::Response(_)));
    let request = pair.request();
    let Received::Request(received) = pair.agent.receive(&request, secs(pair.uptime)) else {
        panic!("refused")
    };
    assert_eq!((received.user(), received.level()), (&b"operator"[..], SecurityLevel::AuthPriv));
    assert_eq!(received.max_size(), 65_507);
    let report = pair.agent.report(&received, ReportKind::UnknownContexts, secs(pair.uptime)).unwrap();
    let opened = pair.session.open(&report, secs(pair.now));
    assert_eq!(opened, Ok(Opened::Refused(ReportKind::UnknownContexts)));
}

#[test]
fn no_key_is_shown() {
    let user = keys(AuthProtocol::Md5, PrivProtocol::Des);
    let pair = Pair::new(&user);
    let shown = format!("{user:?} {:?} {:?}", pair.session, pair.agent);
    let (auth, privacy) = user.localised_key_bytes(pair.agent.engine_id());
    for secret in
        [auth.unwrap().to_vec(), privacy.unwrap().to_vec(), b"maplesyrup".to_vec(), b"other-maple".to_vec()]
    {
        let listed = format!("{secret:?}");
        let part = listed.trim_matches(['[', ']']).split(", ").take(4).collect::<Vec<_>>().join(", ");
        assert!(!shown.contains(&part), "{shown}");
    }
    assert!(shown.contains("Md5") && shown.contains("operator"));
}

/// One user for all cases: keys are expensive.
static SHARED: LazyLock<Arc<UserKeys>> = LazyLock::new(|| keys(AuthProtocol::Sha256, PrivProtocol::Aes128));

proptest! {
    #[test]
    fn every_pdu_survives_protection(pdu in any_pdu(), context in "[a-z]{0,40}") {
        let mut pair = Pair::new(&SHARED);
        pair.settle();
        let request = pair.session.request(77, &context, &pdu, secs(pair.now)).unwrap();
        let Received::Request(received) = pair.agent.receive(&request, secs(pair.uptime)) else {
            panic!("refused")
        };
        prop_assert_eq!(&received.scoped.pdu, &pdu);
        prop_assert_eq!(received.scoped.context_name, context.into_bytes());
    }

    #[test]
    fn damaged_v3_datagrams_never_panic(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
        junk in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut pair = Pair::new(&SHARED);
        pair.settle();
        let mut request = pair.request();
        let whole = request.clone();
        let place = place.index(request.len());
        request[place] = byte;
        let accepted = matches!(pair.agent.receive(&request, secs(pair.uptime)), Received::Request(_));
        prop_assert!(!accepted || request == whole);
        let cut = &whole[..cut.index(whole.len())];
        prop_assert!(matches!(pair.agent.receive(cut, secs(1)), Received::Drop(DropReason::Malformed(_))));
        for datagram in [&request[..], cut, &junk] {
            let opened = pair.session.open(datagram, secs(pair.now));
            prop_assert!(!matches!(opened, Ok(Opened::Response(_))));
        }
    }
}
