//! Both sides against net-snmp, on loopback.

use std::fmt::Write;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use snmp::v3::{AuthProtocol, Opened, PrivProtocol, Received, ReportKind, UserKeys, UsmAgent, UsmSession};
use snmp::{Message, Oid, Pdu, Table, Value, Version, Walk, WalkEnd, WalkLimits, peek_version};

use crate::support::{Agent, Quirks, oid};
use crate::v3::{AUTHS, PRIVS};

const AUTH_PASSWORD: &str = "auth-password";
/// ifEntry, which our agent serves.
const ENTRY: &str = "1.3.6.1.2.1.2.2.1";
const PRIV_PASSWORD: &str = "priv-password";

/// False when net-snmp is missing and may be missing. In CI it must be there.
fn installed() -> bool {
    let found =
        |name: &str| Command::new(name).arg("-v").stderr(Stdio::null()).stdout(Stdio::null()).status();
    let missing = ["snmpd", "snmpget"].iter().any(|n| found(n).is_err());
    let required = std::env::var("CI").is_ok_and(|v| v == "true");
    assert!(!(missing && required), "net-snmp is missing: apt-get install snmp snmpd");
    !missing
}

fn auth_name(auth: AuthProtocol) -> &'static str {
    match auth {
        AuthProtocol::Md5 => "MD5",
        AuthProtocol::Sha1 => "SHA",
        AuthProtocol::Sha224 => "SHA-224",
        AuthProtocol::Sha256 => "SHA-256",
        AuthProtocol::Sha384 => "SHA-384",
        AuthProtocol::Sha512 => "SHA-512",
    }
}

fn priv_name(privacy: PrivProtocol) -> &'static str {
    match privacy {
        PrivProtocol::Des => "DES",
        PrivProtocol::Aes128 => "AES",
        PrivProtocol::Aes192 => "AES-192",
        PrivProtocol::Aes256 => "AES-256",
        PrivProtocol::Aes192Reeder => "AES-192-C",
        PrivProtocol::Aes256Reeder => "AES-256-C",
    }
}

fn user_name(auth: AuthProtocol, privacy: PrivProtocol) -> String {
    format!("u-{}-{}", auth_name(auth), priv_name(privacy))
}

fn pairs() -> impl Iterator<Item = (AuthProtocol, PrivProtocol)> {
    AUTHS.into_iter().flat_map(|a| PRIVS.into_iter().map(move |p| (a, p)))
}

fn user_keys(auth: AuthProtocol, privacy: PrivProtocol) -> UserKeys {
    let passwords = (AUTH_PASSWORD.as_bytes(), PRIV_PASSWORD.as_bytes());
    UserKeys::new(&user_name(auth, privacy), Some((auth, passwords.0)), Some((privacy, passwords.1))).unwrap()
}

fn loopback() -> UdpSocket {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port")
}

/// A directory that net-snmp may fill; removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("snmp-it-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("scratch directory");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running snmpd. It ends with this value, and with the test process however that ends: the
/// shell around it waits for the end of its input.
struct Snmpd {
    shell: Child,
    address: SocketAddr,
    _scratch: Scratch,
}

impl Snmpd {
    fn start() -> Self {
        let scratch = Scratch::new();
        let mut config =
            String::from("rocommunity public 127.0.0.1\nrouser nobody noauth\ncreateUser nobody\n");
        config.push_str("sysName interop\nsysServices 72\n");
        for (auth, privacy) in pairs() {
            let (user, a, p) = (user_name(auth, privacy), auth_name(auth), priv_name(privacy));
            let _ = write!(
                config,
                "rouser {user} priv\ncreateUser {user} {a} {AUTH_PASSWORD} {p} {PRIV_PASSWORD}\n"
            );
        }
        let file = scratch.0.join("snmpd.conf");
        std::fs::write(&file, config).expect("snmpd.conf");
        let address = loopback().local_addr().expect("address");
        let script = format!(
            "snmpd -f -C -c {} -Lf {} udp:{address} & p=$!; cat > /dev/null; kill $p; wait $p",
            file.display(),
            scratch.0.join("log").display()
        );
        let shell = Command::new("sh")
            .args(["-c", &script])
            .env("SNMP_PERSISTENT_DIR", &scratch.0)
            .env("SNMPCONFPATH", &scratch.0)
            .stdin(Stdio::piped())
            .spawn()
            .expect("sh");
        let snmpd = Self { shell, address, _scratch: scratch };
        let mut manager = Manager::new(address, Login::Community(Version::V2c));
        let deadline = Instant::now() + Duration::from_secs(20);
        while manager.ask(&Pdu::get(1, [oid("1.3.6.1.2.1.1.5.0")])).is_err() {
            assert!(Instant::now() < deadline, "snmpd does not answer");
        }
        snmpd
    }
}

impl Drop for Snmpd {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

enum Login {
    Community(Version),
    User(Box<UsmSession>),
}

#[derive(Debug, PartialEq, Eq)]
enum Failure {
    Timeout,
    Refused(ReportKind),
}

/// A manager's loop in its simplest form.
struct Manager {
    socket: UdpSocket,
    login: Login,
    msg_id: i32,
    start: Instant,
}

impl Manager {
    fn new(address: SocketAddr, login: Login) -> Self {
        let socket = loopback();
        socket.connect(address).expect("connect");
        socket.set_read_timeout(Some(Duration::from_millis(500))).expect("timeout");
        Self { socket, login, msg_id: 1000, start: Instant::now() }
    }

    fn with_keys(address: SocketAddr, keys: UserKeys) -> Self {
        Self::new(address, Login::User(Box::new(UsmSession::new(Arc::new(keys), 0x1234_5678_9abc_def0))))
    }

    fn ask(&mut self, pdu: &Pdu) -> Result<Pdu, Failure> {
        loop {
            self.msg_id += 1;
            let datagram = match &mut self.login {
                Login::Community(version) => {
                    Message::new(*version, "public", pdu.clone()).encode().expect("encode")
                }
                Login::User(session) => {
                    session.request(self.msg_id, "", pdu, self.start.elapsed()).expect("request")
                }
            };
            if self.socket.send(&datagram).is_err() {
                return Err(Failure::Timeout);
            }
            if let Some(response) = self.wait()? {
                return Ok(response);
            }
        }
    }

    /// The response; `None` when the request must be sent again.
    fn wait(&mut self) -> Result<Option<Pdu>, Failure> {
        let mut buffer = vec![0; 65_536];
        loop {
            let length = self.socket.recv(&mut buffer).map_err(|_| Failure::Timeout)?;
            let datagram = &buffer[..length];
            match &mut self.login {
                Login::Community(_) => return Ok(Some(Message::decode(datagram).expect("decode").pdu)),
                Login::User(session) => match session.open(datagram, self.start.elapsed()) {
                    Ok(Opened::Response(scoped)) => return Ok(Some(scoped.pdu)),
                    Ok(Opened::Retry(_)) => return Ok(None),
                    Ok(Opened::Refused(kind)) => return Err(Failure::Refused(kind)),
                    Ok(Opened::Ignored) | Err(_) => {}
                },
            }
        }
    }

    fn walk(&mut self, columns: &[Oid], limits: WalkLimits) -> Table {
        let mut walk = Walk::new(columns, limits);
        let mut request_id = 1;
        while let Some(request) = walk.next_request(request_id) {
            request_id += 1;
            match self.ask(&request) {
                Ok(response) => {
                    walk.on_response(&response);
                }
                Err(Failure::Timeout) => walk.on_timeout(),
                Err(Failure::Refused(_)) => walk.stop(WalkEnd::Unauthorised),
            }
        }
        walk.finish()
    }
}

fn system_columns() -> [Oid; 3] {
    // sysORID, sysORDescr, sysORUpTime: snmpd always has some rows.
    [2, 3, 4].map(|c| oid("1.3.6.1.2.1.1.9.1").child(c))
}

#[test]
fn our_manager_reads_net_snmps_agent() {
    if !installed() {
        return;
    }
    let snmpd = Snmpd::start();
    let name = |manager: &mut Manager| {
        let response = manager.ask(&Pdu::get(7, [oid("1.3.6.1.2.1.1.5.0")])).expect("an answer");
        assert_eq!(response.request_id, 7);
        response.varbinds[0].value.text().expect("sysName")
    };
    let mut rows = Vec::new();
    for version in [Version::V1, Version::V2c] {
        let mut manager = Manager::new(snmpd.address, Login::Community(version));
        assert_eq!(name(&mut manager), "interop", "{version:?}");
        let limits = if version == Version::V1 { WalkLimits::v1() } else { WalkLimits::default() };
        let table = manager.walk(&system_columns(), limits);
        assert!(table.completeness.complete, "{version:?}: {:?}", table.completeness);
        rows.push(table.rows);
        // The whole tree, to its end.
        let all = manager.walk(&[oid("1.3.6.1.2.1.1"), oid("1.3.6.1.2.1.2")], WalkLimits::v1());
        assert!(all.completeness.complete);
    }
    let descriptions = |rows: &std::collections::BTreeMap<Vec<u32>, snmp::Row>| -> Vec<_> {
        rows.values().filter_map(|r| r.get(1).and_then(Value::text)).collect()
    };
    assert!(rows[0].len() > 3);
    assert_eq!(descriptions(&rows[0]), descriptions(&rows[1]), "v1 and v2c read the same");
    for (auth, privacy) in pairs() {
        let mut manager = Manager::with_keys(snmpd.address, user_keys(auth, privacy));
        assert_eq!(name(&mut manager), "interop", "{auth:?} {privacy:?}");
    }
    let mut manager =
        Manager::with_keys(snmpd.address, user_keys(AuthProtocol::Sha256, PrivProtocol::Aes128));
    let table = manager.walk(&system_columns(), WalkLimits::default());
    assert!(table.completeness.complete);
    assert_eq!(descriptions(&table.rows), descriptions(&rows[0]), "v3 reads the same");
    let mut nobody = Manager::with_keys(snmpd.address, UserKeys::new("nobody", None, None).unwrap());
    assert_eq!(name(&mut nobody), "interop");
}

#[test]
fn net_snmps_agent_tells_what_is_wrong_with_a_credential() {
    if !installed() {
        return;
    }
    let snmpd = Snmpd::start();
    let user = user_name(AuthProtocol::Sha1, PrivProtocol::Aes128);
    let with = |user: &str, auth: &[u8], privacy: Option<&[u8]>| {
        let privacy = privacy.map(|p| (PrivProtocol::Aes128, p));
        UserKeys::new(user, Some((AuthProtocol::Sha1, auth)), privacy).unwrap()
    };
    let (auth, privacy) = (AUTH_PASSWORD.as_bytes(), PRIV_PASSWORD.as_bytes());
    let cases = [
        (with("stranger", auth, Some(privacy)), Failure::Refused(ReportKind::UnknownUserNames)),
        (with(&user, b"wrong-password", Some(privacy)), Failure::Refused(ReportKind::WrongDigests)),
        (with("nobody", auth, Some(privacy)), Failure::Refused(ReportKind::UnsupportedSecLevels)),
    ];
    for (keys, failure) in cases {
        let mut manager = Manager::with_keys(snmpd.address, keys);
        assert_eq!(manager.ask(&Pdu::get(7, [oid("1.3.6.1.2.1.1.5.0")])), Err(failure));
        let table = manager.walk(&system_columns(), WalkLimits::default());
        assert_eq!(table.completeness.end, WalkEnd::Unauthorised);
    }
    // A wrong privacy password decrypts to garbage, which net-snmp does not answer at all or
    // reports as a decryption error.
    let mut manager = Manager::with_keys(snmpd.address, with(&user, auth, Some(b"wrong-password")));
    assert!(manager.ask(&Pdu::get(7, [oid("1.3.6.1.2.1.1.5.0")])).is_err());
}

/// Our agent on a port of its own.
struct OurAgent {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl OurAgent {
    fn start(mut agent: Agent) -> Self {
        let socket = loopback();
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("timeout");
        let address = socket.local_addr().expect("address");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let mut usm = UsmAgent::new(b"\x80\0\x1f\x88\x04interop", 3, 42);
        for (auth, privacy) in pairs() {
            usm.add_user(&user_keys(auth, privacy));
        }
        let thread = std::thread::spawn(move || {
            let start = Instant::now();
            let mut buffer = vec![0; 65_536];
            while !stopped.load(Ordering::Relaxed) {
                let (length, from) = match socket.recv_from(&mut buffer) {
                    Ok(received) => received,
                    Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
                    Err(e) => panic!("receive: {e}"),
                };
                if let Some(reply) = reply(&mut agent, &mut usm, &buffer[..length], start.elapsed()) {
                    socket.send_to(&reply, from).expect("send");
                }
            }
        });
        Self { address, stop, thread: Some(thread) }
    }
}

impl Drop for OurAgent {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An agent's loop in its simplest form.
fn reply(agent: &mut Agent, usm: &mut UsmAgent, datagram: &[u8], uptime: Duration) -> Option<Vec<u8>> {
    if peek_version(datagram).ok()? == Version::V3 {
        return match usm.receive(datagram, uptime) {
            Received::Request(request) => {
                let pdu = agent.answer(&request.scoped.pdu)?;
                usm.respond(&request, pdu, uptime).ok()
            }
            Received::Reply(bytes, _) => Some(bytes),
            Received::Drop(_) => None,
        };
    }
    let message = Message::decode(datagram).ok()?;
    agent.quirks.v1 = message.version == Version::V1;
    let pdu = agent.answer(&message.pdu)?;
    Message { pdu, ..message }.encode().ok()
}

/// Runs a tool of net-snmp; gives its output.
fn tool(name: &str, login: &[&str], address: SocketAddr, rest: &[&str]) -> String {
    let scratch = Scratch::new();
    let output = Command::new(name)
        .args(["-On", "-t", "2", "-r", "1"])
        .args(login)
        .arg(address.to_string())
        .args(rest)
        .env("SNMP_PERSISTENT_DIR", &scratch.0)
        .env("SNMPCONFPATH", &scratch.0)
        .env("MIBS", "")
        .output()
        .expect(name);
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn net_snmps_tools_read_our_agent() {
    if !installed() {
        return;
    }
    let agent = OurAgent::start(Agent::with_table(ENTRY, &[1, 2, 3], 100, Quirks::default()));
    let last = ".1.3.6.1.2.1.2.2.1.3.100 = INTEGER: 3100";
    for (name, version) in [("snmpwalk", "1"), ("snmpwalk", "2c"), ("snmpbulkwalk", "2c")] {
        let output = tool(name, &["-v", version, "-c", "public"], agent.address, &[ENTRY]);
        let lines: Vec<_> = output.lines().filter(|l| l.contains("INTEGER")).collect();
        assert_eq!((lines.len(), lines.last().copied()), (300, Some(last)), "{name} {version}: {output}");
    }
    let login = |user: &str, auth: &str, privacy: &str, password: &str| -> Vec<String> {
        let arguments = [
            "-v",
            "3",
            "-l",
            "authPriv",
            "-u",
            user,
            "-a",
            auth,
            "-x",
            privacy,
            "-A",
            password,
            "-X",
            PRIV_PASSWORD,
        ];
        arguments.map(str::to_owned).to_vec()
    };
    let read = |login: &[String], name: &str, rest: &str| {
        let login: Vec<&str> = login.iter().map(String::as_str).collect();
        tool(name, &login, agent.address, &[rest])
    };
    for (auth, privacy) in pairs() {
        let login = login(&user_name(auth, privacy), auth_name(auth), priv_name(privacy), AUTH_PASSWORD);
        let output = read(&login, "snmpgetnext", "1.3.6.1.2.1.2.2.1.3.99");
        assert_eq!(output.lines().next(), Some(last), "{auth:?} {privacy:?}");
    }
    let user = user_name(AuthProtocol::Sha512, PrivProtocol::Aes256);
    let output = read(&login(&user, "SHA-512", "AES-256", AUTH_PASSWORD), "snmpbulkwalk", ENTRY);
    assert_eq!(output.matches("INTEGER").count(), 300, "{output}");
    let output = read(&login(&user, "SHA-512", "AES-256", "wrong-password"), "snmpget", ENTRY);
    assert!(output.contains("Authentication failure"), "{output}");
    let output = read(&login("stranger", "SHA-512", "AES-256", AUTH_PASSWORD), "snmpget", ENTRY);
    assert!(output.contains("Unknown user name"), "{output}");
}
