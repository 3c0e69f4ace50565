//! Crawls over loopback: who is asked, how often, and what the report says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use model::{DocumentKind, Frame, ReasonCode};
use tokio_util::sync::CancellationToken;

use super::agent::{Fixture, Quirk, system};
use super::udp::{Behaviour, UdpAgent};
use crate::discovery::{
    CrawlOrder, CrawlReport, DeviceLimits, KnownTarget, NoProgress, Plan, Progress, RefreshOrder,
    TargetReport, TargetState, crawl, refresh,
};
use crate::snmp::{Client, ClientOptions, Credential};

/// A device on paper.
struct Node {
    name: &'static str,
    engine: &'static str,
    addresses: &'static [&'static str],
    /// Addresses it shares on purpose.
    virtual_addresses: &'static [&'static str],
    /// Announced name and management addresses.
    lldp: &'static [(&'static str, &'static [&'static str])],
    arp: &'static [&'static str],
}

const NODE: Node = Node { name: "", engine: "", addresses: &[], virtual_addresses: &[], lldp: &[], arp: &[] };

fn octets(ip: &str) -> &str {
    ip
}

impl Node {
    fn fixture(&self) -> Fixture {
        let mut text = system(self.name, "1.3.6.1.4.1.8072.3.2.10");
        let engine = if self.engine.is_empty() { self.name } else { self.engine };
        let _ = writeln!(text, "[1.3.6.1.6.3.10.2.1]\n1.0 s engine-{engine}\n2.0 i 3");
        let _ = writeln!(text, "[1.3.6.1.2.1.4.34.1]");
        for ip in self.addresses.iter().chain(&["127.0.0.1"]) {
            let _ = writeln!(text, "3.1.4.{0} i 1\n4.1.4.{0} i 1", octets(ip));
        }
        for ip in self.virtual_addresses {
            let _ = writeln!(text, "3.1.4.{0} i 1\n4.1.4.{0} i 2", octets(ip));
        }
        let _ =
            writeln!(text, "[1.0.8802.1.1.2.1]\n3.1.0 i 4\n3.2.0 x 02 00 00 00 00 01\n3.3.0 s {}", self.name);
        for (number, (name, management)) in (1..).zip(self.lldp) {
            let _ = writeln!(
                text,
                "4.1.1.5.0.{number}.1 x 02 00 00 00 00 0{number}\n4.1.1.9.0.{number}.1 s {name}"
            );
            for ip in *management {
                let _ = writeln!(text, "4.2.1.3.0.{number}.1.1.4.{} i 2", octets(ip));
            }
        }
        let _ = writeln!(text, "[1.3.6.1.2.1.4.22.1]");
        for (number, ip) in (1..).zip(self.arp) {
            let _ = writeln!(text, "2.1.{} x 02 00 00 00 01 0{number}", octets(ip));
        }
        Fixture::new(&text)
    }
}

struct Net {
    agents: BTreeMap<IpAddr, UdpAgent>,
    port: u16,
}

impl Net {
    /// Every node answers at each of its addresses.
    async fn new(nodes: &[Node]) -> Self {
        let mut net = Net { agents: BTreeMap::new(), port: 0 };
        for node in nodes {
            for ip in node.addresses.iter().chain(node.virtual_addresses) {
                net.add(ip, node.fixture(), Behaviour::default()).await;
            }
        }
        net
    }

    async fn add(&mut self, ip: &str, fixture: Fixture, behaviour: Behaviour) {
        let ip: IpAddr = ip.parse().unwrap();
        let agent = UdpAgent::spawn(ip, self.port, fixture, behaviour).await;
        self.port = agent.address.port();
        self.agents.insert(ip, agent);
    }

    fn datagrams(&self, ip: &str) -> usize {
        self.agents[&ip.parse::<IpAddr>().unwrap()].arrivals.lock().unwrap().len()
    }

    fn order(&self, seed: &str, allow: &str) -> CrawlOrder {
        let credentials = vec![Credential::v2c("c1", "public")];
        let mut order =
            CrawlOrder::new(vec![seed.parse().unwrap()], credentials, vec![allow.parse().unwrap()]);
        order.port = self.port;
        order.limits =
            DeviceLimits { timeout: Duration::from_millis(150), retries: 1, rate: 2000, ..order.limits };
        order
    }
}

async fn run(order: CrawlOrder) -> (CrawlReport, Vec<Frame>) {
    let client = Client::bind(ClientOptions::default()).unwrap();
    let frames = Arc::new(Mutex::new(Vec::new()));
    let report = crawl(&client, order, frames.clone(), Arc::new(NoProgress), CancellationToken::new()).await;
    let frames = frames.lock().unwrap().clone();
    (report, frames)
}

fn target<'a>(report: &'a CrawlReport, ip: &str) -> &'a TargetReport {
    report.targets.iter().find(|target| target.address.to_string() == ip).unwrap_or_else(|| panic!("{ip}"))
}

fn answered(report: &CrawlReport) -> Vec<&str> {
    let answered = report.targets.iter().filter(|target| target.state == TargetState::Answered);
    let mut names: Vec<&str> = answered.filter_map(|target| target.name.as_deref()).collect();
    names.sort_unstable();
    names
}

fn code(target: &TargetReport) -> Option<ReasonCode> {
    target.reason.as_ref().map(|reason| reason.code)
}

/// a - b - c - d, and b also names somebody outside.
fn chain() -> [Node; 4] {
    [
        Node { name: "a", addresses: &["127.77.1.1"], lldp: &[("b", &["127.77.1.2"])], ..NODE },
        Node {
            name: "b",
            addresses: &["127.77.1.2", "127.77.1.12"],
            lldp: &[("a", &["127.77.1.1"]), ("c", &["127.77.1.3"]), ("x", &["127.78.1.1"])],
            arp: &["127.77.1.200", "169.254.3.3"],
            ..NODE
        },
        Node {
            name: "c",
            addresses: &["127.77.1.3"],
            lldp: &[("b", &["127.77.1.12"]), ("d", &["127.77.1.4"])],
            ..NODE
        },
        Node { name: "d", addresses: &["127.77.1.4"], ..NODE },
    ]
}

#[tokio::test]
async fn neighbours_are_followed_each_device_is_asked_once_and_nobody_outside() {
    let mut net = Net::new(&chain()).await;
    net.add("127.78.1.1", Fixture::default(), Behaviour::default()).await;
    let (report, frames) = run(net.order("127.77.1.1", "127.77.0.0/16")).await;
    assert_eq!(answered(&report), ["a", "b", "c", "d"]);
    assert_eq!(net.datagrams("127.78.1.1"), 0, "outside the allowed prefixes nothing is sent");
    assert_eq!(code(target(&report, "127.78.1.1")), Some(ReasonCode::OutsideScope));
    let other = target(&report, "127.77.1.12");
    assert_eq!(
        (other.state, other.same_as.map(|ip| ip.to_string())),
        (TargetState::Skipped, Some("127.77.1.2".into()))
    );
    assert_eq!(net.datagrams("127.77.1.12"), 0, "b's other address was known as its own");
    // Nothing listens at the ARP entry: loopback refuses at once.
    assert_eq!(code(target(&report, "127.77.1.200")), Some(ReasonCode::Unreachable));
    assert!(report.targets.iter().all(|target| target.address.to_string() != "169.254.3.3"));
    assert_eq!((report.counts.answered, report.counts.queued), (4, 0));
    assert_eq!(target(&report, "127.77.1.4").depth, 3);
    let systems: Vec<_> = frames.iter().filter(|f| f.kind == DocumentKind::System).collect();
    assert_eq!(systems.len(), 4);
    assert!(systems.iter().all(|f| f.subject.key.ends_with(&format!(":{}", net.port))));
}

#[tokio::test]
async fn depth_and_count_limits_name_what_they_leave_out() {
    let net = Net::new(&chain()).await;
    let mut order = net.order("127.77.1.1", "127.77.0.0/16");
    order.max_depth = 1;
    let (report, _) = run(order).await;
    assert_eq!(answered(&report), ["a", "b"]);
    assert_eq!(code(target(&report, "127.77.1.3")), Some(ReasonCode::DepthLimit));

    let mut order = net.order("127.77.1.1", "127.77.0.0/16");
    order.max_devices = 2;
    let (report, frames) = run(order).await;
    assert_eq!(answered(&report), ["a", "b"]);
    assert_eq!(code(target(&report, "127.77.1.3")), Some(ReasonCode::CountLimit));
    let subjects: std::collections::BTreeSet<_> = frames.iter().map(|frame| &frame.subject.key).collect();
    assert_eq!(subjects.len(), 2);
}

#[tokio::test]
async fn clones_are_two_and_aliases_are_one() {
    // b and its clone have name and engine id in common; r is met at three addresses, one of which
    // is a virtual router's.
    let nodes = [
        Node {
            name: "a",
            addresses: &["127.77.2.1"],
            lldp: &[
                ("b", &["127.77.2.2"]),
                ("b", &["127.77.2.3"]),
                ("r", &["127.77.2.4"]),
                ("r", &["127.77.2.5"]),
            ],
            arp: &["127.77.2.254"],
            ..NODE
        },
        Node { name: "b", addresses: &["127.77.2.2"], ..NODE },
        Node { name: "b", addresses: &["127.77.2.3"], ..NODE },
        Node {
            name: "r",
            addresses: &["127.77.2.4", "127.77.2.5"],
            virtual_addresses: &["127.77.2.254"],
            ..NODE
        },
    ];
    let net = Net::new(&nodes).await;
    let (report, frames) = run(net.order("127.77.2.1", "127.77.0.0/16")).await;
    assert_eq!(answered(&report), ["a", "b", "b", "r"]);
    assert!(net.datagrams("127.77.2.254") > 0, "a virtual address says nothing about its owner: it is asked");
    assert!(target(&report, "127.77.2.254").same_as.is_some());
    let subjects: std::collections::BTreeSet<_> = frames.iter().map(|frame| &frame.subject.key).collect();
    assert_eq!(subjects.len(), 4, "only whole devices hand out frames");
}

#[tokio::test]
async fn an_address_that_somebody_else_announces_is_asked() {
    // b lists 127.77.3.9 as its own, but c announces to be there.
    let nodes = [
        Node { name: "a", addresses: &["127.77.3.1"], lldp: &[("b", &["127.77.3.2"])], ..NODE },
        Node { name: "b", addresses: &["127.77.3.2"], lldp: &[("c", &["127.77.3.9"])], ..NODE },
        Node { name: "c", addresses: &["127.77.3.9"], ..NODE },
    ];
    let mut net = Net::new(&nodes[..1]).await;
    let liar =
        Node { addresses: &["127.77.3.2", "127.77.3.9"], ..Node { lldp: nodes[1].lldp, name: "b", ..NODE } };
    net.add("127.77.3.2", liar.fixture(), Behaviour::default()).await;
    net.add("127.77.3.9", nodes[2].fixture(), Behaviour::default()).await;
    let (report, _) = run(net.order("127.77.3.1", "127.77.0.0/16")).await;
    assert_eq!(answered(&report), ["a", "b", "c"]);
}

#[tokio::test]
async fn another_address_of_a_neighbour_is_asked_when_the_first_is_dead() {
    let nodes = [
        Node { name: "a", addresses: &["127.77.4.1"], lldp: &[("b", &["127.77.4.2", "127.77.4.3"])], ..NODE },
        Node { name: "b", addresses: &["127.77.4.3"], ..NODE },
    ];
    let net = Net::new(&nodes).await;
    let (report, _) = run(net.order("127.77.4.1", "127.77.0.0/16")).await;
    assert_eq!(answered(&report), ["a", "b"]);
    assert_eq!(target(&report, "127.77.4.2").state, TargetState::Failed);
}

#[tokio::test]
async fn wrong_communities_losses_and_old_agents() {
    let node = |name| Node { name, addresses: &["127.77.5.1"], ..NODE }.fixture();
    let cases = [
        ("127.77.5.1", Behaviour { community: "other", ..Behaviour::default() }, Some(ReasonCode::Timeout)),
        ("127.77.5.2", Behaviour { lose: 1, ..Behaviour::default() }, None),
        ("127.77.5.3", Behaviour { v1_only: true, ..Behaviour::default() }, None),
        (
            "127.77.5.4",
            Behaviour { answers_from: Some("127.77.5.99".parse().unwrap()), ..Behaviour::default() },
            None,
        ),
    ];
    let mut net = Net { agents: BTreeMap::new(), port: 0 };
    for (ip, behaviour, _) in cases.clone() {
        net.add(ip, node("x"), behaviour).await;
    }
    for (ip, _, expected) in cases {
        let mut order = net.order(ip, "127.77.0.0/16");
        order.credentials.push(Credential::v1("old", "public"));
        let (report, frames) = run(order).await;
        assert_eq!(code(target(&report, ip)), expected, "{ip}");
        assert_eq!(frames.is_empty(), expected.is_some(), "{ip}");
    }
}

#[tokio::test]
async fn a_device_that_dies_while_it_is_read_keeps_what_it_gave() {
    let node = Node { name: "a", addresses: &["127.77.6.1"], arp: &["127.77.6.2"], ..NODE };
    let fixture = node.fixture().with(Quirk::FallsSilent("1.3.6.1.2.1.4.22.1".parse().unwrap()));
    let mut net = Net { agents: BTreeMap::new(), port: 0 };
    net.add("127.77.6.1", fixture, Behaviour::default()).await;
    let (report, frames) = run(net.order("127.77.6.1", "127.77.0.0/16")).await;
    assert_eq!(target(&report, "127.77.6.1").state, TargetState::Answered);
    let arp = frames.iter().find(|frame| frame.kind == DocumentKind::IpNeighbours).unwrap();
    assert!(!arp.completeness.complete);
    assert!(frames.iter().any(|frame| frame.kind == DocumentKind::Lldp && frame.completeness.complete));
    assert!(report.duration < Duration::from_secs(20), "{:?}", report.duration);
}

#[tokio::test]
async fn the_packet_rate_of_a_device_is_kept() {
    let node = Node { name: "a", addresses: &["127.77.7.1"], ..NODE };
    let mut text = node.fixture();
    let mut rows = "[1.3.6.1.2.1.2]\n".to_owned();
    for n in 1..=3000 {
        let _ = writeln!(rows, "2.1.2.{n} s p{n}\n2.1.3.{n} i 6");
    }
    text.objects.extend(super::agent::objects(&rows));
    let mut net = Net { agents: BTreeMap::new(), port: 0 };
    net.add("127.77.7.1", text, Behaviour::default()).await;
    let mut order = net.order("127.77.7.1", "127.77.0.0/16");
    order.limits.rate = 30;
    run(order).await;
    let arrivals = net.agents.values().next().unwrap().arrivals.lock().unwrap().clone();
    assert!(arrivals.len() > 40, "{}", arrivals.len());
    for (place, first) in arrivals.iter().enumerate() {
        let within = arrivals[place..]
            .iter()
            .take_while(|t| t.duration_since(*first) < Duration::from_secs(1))
            .count();
        assert!(within <= 30 + 8, "{within} datagrams within a second");
    }
}

#[tokio::test]
async fn a_cancelled_crawl_ends_at_once_and_says_so() {
    let mut net = Net::new(&chain()[..1]).await;
    net.add("127.77.1.2", Fixture::default(), Behaviour { community: "nobody", ..Behaviour::default() })
        .await;
    let mut order = net.order("127.77.1.1", "127.77.0.0/16");
    order.limits.timeout = Duration::from_mins(1);
    let client = Client::bind(ClientOptions::default()).unwrap();
    let cancel = CancellationToken::new();
    let (stop, asked) = (cancel.clone(), "127.77.1.2".parse::<IpAddr>().unwrap());
    let progress = move |event: Progress| {
        if matches!(&event, Progress::Target(target) if target.address == asked && target.state == TargetState::Asking)
        {
            stop.cancel();
        }
    };
    let started = Instant::now();
    let report = crawl(&client, order, Arc::new(Mutex::new(Vec::new())), Arc::new(progress), cancel).await;
    assert!(report.cancelled);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(code(target(&report, "127.77.1.2")), Some(ReasonCode::Cancelled));
    assert_eq!(report.counts.queued, 0);
}

#[tokio::test]
async fn known_devices_are_asked_again_and_silence_is_a_frame() {
    let net = Net::new(&chain()[1..2]).await;
    let known = |ip: &str| {
        let target = KnownTarget {
            address: ip.parse().unwrap(),
            port: net.port,
            partition: "default".into(),
            credential: "c1".into(),
        };
        (target, Credential::v2c("c1", "public"))
    };
    let limits = net.order("127.77.1.2", "127.77.0.0/16").limits;
    let targets = vec![known("127.77.1.2"), known("127.77.1.77")];
    let order = RefreshOrder { targets, plan: Plan::Links, limits, concurrency: 8 };
    let client = Client::bind(ClientOptions::default()).unwrap();
    let frames = Arc::new(Mutex::new(Vec::new()));
    let report =
        refresh(&client, order, frames.clone(), Arc::new(NoProgress), CancellationToken::new()).await;
    assert_eq!((report.counts.answered, report.counts.failed), (1, 1));
    let frames = frames.lock().unwrap();
    let silent = frames.iter().find(|frame| frame.subject.key.starts_with("127.77.1.77:")).unwrap();
    assert_eq!((silent.kind, silent.document.is_none()), (DocumentKind::System, true));
    assert!(frames.iter().any(|frame| frame.kind == DocumentKind::Lldp && frame.document.is_some()));
    assert!(frames.iter().all(|frame| frame.kind != DocumentKind::Addresses), "links only");
}
