//! net-snmp's snmpd as an independent agent, on loopback.

use std::net::{IpAddr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::{Document, Frame, ReasonCode};
use tokio_util::sync::CancellationToken;

use crate::discovery::{CrawlOrder, CrawlReport, NoProgress, TargetReport, TargetState, crawl};
use crate::snmp::{AuthProtocol, Client, ClientOptions, Credential, PrivProtocol, V3User};

const SNMPD: &str = "/usr/sbin/snmpd";

struct Snmpd {
    child: Child,
    port: u16,
    _directory: tempfile::TempDir,
}

impl Drop for Snmpd {
    fn drop(&mut self) {
        // The process may have ended by itself; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Snmpd {
    /// `None` when snmpd is not installed.
    fn start() -> Option<Self> {
        if !std::path::Path::new(SNMPD).exists() {
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = directory.path().join("snmpd.conf");
        let configuration = format!(
            "agentAddress udp:127.0.0.1:{port},udp6:[::1]:{port}\nrocommunity public\nrocommunity6 public\n\
             createUser md5des MD5 authpass1 DES privpass1\nrouser md5des priv\n\
             createUser sha1aes SHA authpass1 AES privpass1\nrouser sha1aes priv\n\
             createUser sha256 SHA-256 authpass1\nrouser sha256 auth\n\
             createUser sha512aes SHA-512 authpass1 AES privpass1\nrouser sha512aes priv\n\
             sysName peer.test\nsysDescr net-snmp peer\nsysServices 72\n"
        );
        std::fs::write(&file, configuration).unwrap();
        let child = Command::new(SNMPD)
            .args(["-f", "-I", "-smux", "-C", "-c"])
            .arg(&file)
            .args(["-Lf", "/dev/null"])
            .env("SNMP_PERSISTENT_DIR", directory.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, port, _directory: directory })
    }

    async fn ask(&self, ip: IpAddr, credential: Credential) -> (CrawlReport, Vec<Frame>) {
        let allow = vec!["127.0.0.1/32".parse().unwrap(), "::1/128".parse().unwrap()];
        let mut order = CrawlOrder::new(vec![ip], vec![credential], allow);
        order.port = self.port;
        order.limits.rate = 500;
        let client = Client::bind(ClientOptions::default()).unwrap();
        let frames = Arc::new(Mutex::new(Vec::new()));
        let report =
            crawl(&client, order, frames.clone(), Arc::new(NoProgress), CancellationToken::new()).await;
        let frames = frames.lock().unwrap().clone();
        (report, frames)
    }

    /// What became of the one address that is asked; the machine's own neighbours are left alone.
    async fn target(&self, ip: &str, credential: &Credential) -> (TargetReport, Vec<Frame>) {
        let ip: IpAddr = ip.parse().unwrap();
        let (report, frames) = self.ask(ip, credential.clone()).await;
        (report.targets.into_iter().find(|target| target.address == ip).unwrap(), frames)
    }

    /// Until the agent answers at all.
    async fn ready(&self) {
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        loop {
            let (target, _) = self.target("127.0.0.1", &Credential::v2c("c", "public")).await;
            if target.state == TargetState::Answered {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "snmpd did not come up: {:?}", target.reason);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn user(name: &str, auth: AuthProtocol, privacy: Option<PrivProtocol>) -> Credential {
    let user = V3User {
        user: name.into(),
        auth: Some((auth, "authpass1".into())),
        privacy: privacy.map(|protocol| (protocol, "privpass1".into())),
        context: String::new(),
    };
    Credential::v3(name, user)
}

#[tokio::test]
async fn snmpd_lets_every_version_and_protocol_in() {
    let Some(snmpd) = Snmpd::start() else {
        tracing::warn!("SKIPPED: {SNMPD} is missing; install the package snmpd");
        return;
    };
    snmpd.ready().await;
    let credentials = [
        Credential::v1("v1", "public"),
        Credential::v2c("v2c", "public"),
        user("md5des", AuthProtocol::Md5, Some(PrivProtocol::Des)),
        user("sha1aes", AuthProtocol::Sha1, Some(PrivProtocol::Aes128)),
        user("sha256", AuthProtocol::Sha256, None),
        user("sha512aes", AuthProtocol::Sha512, Some(PrivProtocol::Aes128)),
    ];
    for (credential, ip) in credentials.iter().zip(["127.0.0.1", "::1"].iter().cycle()) {
        let (target, frames) = snmpd.target(ip, credential).await;
        assert_eq!(target.state, TargetState::Answered, "{credential:?} {:?}", target.reason);
        assert_eq!(target.name.as_deref(), Some("peer.test"), "{credential:?}");
        let interfaces = frames.iter().find_map(|frame| match &frame.document {
            Some(Document::Interfaces(interfaces)) => Some((interfaces, &frame.completeness)),
            _ => None,
        });
        let (interfaces, completeness) = interfaces.unwrap();
        assert!(completeness.complete, "{completeness:?}");
        assert!(interfaces.iter().any(|interface| interface.name == "lo" && interface.if_type == 24));
    }
    let refused = [
        (user("nobody", AuthProtocol::Sha1, Some(PrivProtocol::Aes128)), ReasonCode::WrongCredentials),
        (user("sha1aes", AuthProtocol::Md5, Some(PrivProtocol::Des)), ReasonCode::WrongCredentials),
        (user("sha1aes", AuthProtocol::Sha1, None), ReasonCode::SecurityLevel),
        (user("sha256", AuthProtocol::Sha256, Some(PrivProtocol::Aes128)), ReasonCode::SecurityLevel),
    ];
    for (credential, code) in refused {
        let (target, _) = snmpd.target("127.0.0.1", &credential).await;
        assert_eq!(target.reason.map(|reason| reason.code), Some(code), "{credential:?}");
    }
}
