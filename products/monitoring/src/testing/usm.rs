//! SNMPv3 against an agent of our own: what is accepted, and how refusals are named.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::ReasonCode;
use snmp::v3::{AuthProtocol as Auth, PrivProtocol as Privacy, UserKeys};
use tokio_util::sync::CancellationToken;

use super::agent::{Fixture, system};
use super::udp::{Behaviour, UdpAgent};
use crate::discovery::{CrawlOrder, CrawlReport, NoProgress, TargetState, crawl};
use crate::snmp::{AuthProtocol, Client, ClientOptions, Credential, PrivProtocol, V3User};

fn credential(user: &str, auth: Option<&str>, privacy: Option<&str>) -> Credential {
    let user = V3User {
        user: user.into(),
        auth: auth.map(|phrase| (AuthProtocol::Sha256, phrase.into())),
        privacy: privacy.map(|phrase| (PrivProtocol::Aes128, phrase.into())),
        context: String::new(),
    };
    Credential::v3("v3", user)
}

async fn ask(credentials: Vec<Credential>, uptime: u64) -> (CrawlReport, usize) {
    let private =
        UserKeys::new("ops", Some((Auth::Sha256, b"authpass1")), Some((Privacy::Aes128, b"privpass1")));
    let signed = UserKeys::new("signed", Some((Auth::Sha256, b"authpass1")), None);
    let behaviour = Behaviour {
        users: vec![private.unwrap(), signed.unwrap()],
        uptime: Duration::from_secs(uptime),
        ..Behaviour::default()
    };
    let ip: IpAddr = "::1".parse().unwrap();
    let fixture = Fixture::new(&system("r1", "1.3.6.1.4.1.8072.3.2.10"));
    let agent = UdpAgent::spawn(ip, 0, fixture, behaviour).await;
    let mut order = CrawlOrder::new(vec![ip], credentials, vec!["::1/128".parse().unwrap()]);
    order.port = agent.address.port();
    order.limits.timeout = Duration::from_millis(200);
    order.limits.rate = 1000;
    let client = Client::bind(ClientOptions::default()).unwrap();
    let frames = Arc::new(Mutex::new(Vec::new()));
    let report = crawl(&client, order, frames, Arc::new(NoProgress), CancellationToken::new()).await;
    let arrivals = agent.arrivals.lock().unwrap().len();
    (report, arrivals)
}

#[tokio::test]
async fn refusals_are_named() {
    let cases = [
        (credential("ops", Some("authpass1"), Some("privpass1")), None),
        (credential("signed", Some("authpass1"), None), None),
        (credential("nobody", Some("authpass1"), Some("privpass1")), Some(ReasonCode::WrongCredentials)),
        (credential("ops", Some("wrongpass"), Some("privpass1")), Some(ReasonCode::WrongCredentials)),
        (credential("signed", Some("authpass1"), Some("privpass1")), Some(ReasonCode::SecurityLevel)),
        (credential("ops", Some("authpass1"), None), Some(ReasonCode::SecurityLevel)),
    ];
    for (credential, expected) in cases {
        let (report, _) = ask(vec![credential.clone()], 5).await;
        let target = &report.targets[0];
        assert_eq!(target.reason.as_ref().map(|reason| reason.code), expected, "{credential:?}");
        assert_eq!(target.state == TargetState::Answered, expected.is_none(), "{credential:?}");
    }
}

#[tokio::test]
async fn an_engine_far_into_its_time_is_met_by_learning_it() {
    let (report, _) = ask(vec![credential("ops", Some("authpass1"), Some("privpass1"))], 9_000_000).await;
    assert_eq!(report.targets[0].state, TargetState::Answered);
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    let (_, arrivals) = ask(vec![credential("ops", Some("wrongpass"), Some("privpass1"))], 5).await;
    assert_eq!(arrivals, 2, "one probe for the engine id, one attempt");
}

#[tokio::test]
async fn the_next_credential_is_tried() {
    let wrong = credential("nobody", Some("authpass1"), Some("privpass1"));
    let mut right = credential("ops", Some("authpass1"), Some("privpass1"));
    right.id = "right".into();
    let (report, _) = ask(vec![wrong, right], 5).await;
    assert_eq!(report.targets[0].credential.as_deref(), Some("right"));
}
