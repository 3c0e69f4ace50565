//! Against the Git of this machine: `git http-backend` behind a small web server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::wire::{Abilities, Band, Line, band, commit_of};
use super::*;

fn git(at: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.net", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(at)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", at)
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Serves the repositories below a directory; gives the address.
fn serve(root: PathBuf, authorization: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            answer(&root, authorization, &stream);
        }
    });
    format!("http://{address}")
}

fn answer(root: &Path, authorization: Option<&str>, mut stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut headers = std::collections::HashMap::new();
    for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap();
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    if authorization.is_some_and(|wanted| header("authorization") != wanted) {
        stream
            .write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
        return;
    }
    let (path, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", root)
        .env("REQUEST_METHOD", method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("HTTP_GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&body).unwrap();
    let output = child.wait_with_output().unwrap().stdout;
    let end = output.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(output[..end].to_vec()).unwrap();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    let answer = format!("HTTP/1.1 {status}\r\n{head}\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).unwrap();
    stream.write_all(&output[end + 4..]).unwrap();
}

fn repository(url: &str, branch: Option<&str>) -> Repository {
    let branch = branch.map(str::to_owned);
    Repository { url: url.to_owned(), branch, username: None, password: None }
}

/// Loopback allowed, as settings can.
fn open() -> Policy {
    let _again = rustls::crypto::ring::default_provider().install_default().is_err();
    Policy::new(vec!["127.0.0.0/8".parse().unwrap()])
}

/// A repository with a bit of everything.
fn world() -> tempfile::TempDir {
    let base = tempfile::tempdir().unwrap();
    let at = base.path().join("lab");
    std::fs::create_dir_all(at.join("sub/.hidden")).unwrap();
    git(&at, &["init", "-q", "-b", "main"]);
    let long: String = (0..3_000).map(|n| format!("line {n}\n")).collect();
    std::fs::write(at.join("long.txt"), &long).unwrap();
    std::fs::write(at.join("sub/alike.txt"), long.replace("line 7\n", "line seven\n")).unwrap();
    std::fs::write(at.join("sub/.hidden/x"), "x").unwrap();
    std::fs::write(at.join("a.bak"), "old").unwrap();
    std::fs::write(at.join("run.j2"), "hostname {{ name }}").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", at.join("link")).unwrap();
    git(&at, &["add", "-A"]);
    git(&at, &["commit", "-q", "-m", "one"]);
    git(&at, &["checkout", "-q", "-b", "other"]);
    std::fs::write(at.join("run.j2"), "hostname other").unwrap();
    git(&at, &["commit", "-q", "-a", "-m", "two"]);
    git(&at, &["checkout", "-q", "main"]);
    // So that the pack has deltas.
    git(&at, &["repack", "-q", "-a", "-d", "-f"]);
    base
}

#[tokio::test]
async fn a_branch_is_read_without_its_history() {
    let base = world();
    let url = format!("{}/lab/.git", serve(base.path().to_path_buf(), None));
    let policy = open();
    let found = files(&policy, &repository(&url, None), Patterns::of("*.bak")).await.unwrap();
    let names: Vec<&str> = found.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["long.txt", "run.j2", "sub/alike.txt"]);
    assert_eq!(found[1].text.as_deref(), Some("hostname {{ name }}"));
    assert!(found[2].text.as_deref().unwrap().contains("line seven\nline 8\n"));
    // The same as a directory gives, hashes included.
    let local = crate::directory::files(&base.path().join("lab"), &Patterns::of("*.bak")).unwrap();
    assert_eq!(found, local);
    let other = files(&policy, &repository(&url, Some("other")), Patterns::default()).await.unwrap();
    assert_eq!(
        other.iter().find(|file| file.path == "run.j2").unwrap().text.as_deref(),
        Some("hostname other")
    );
    let error = files(&policy, &repository(&url, Some("gone")), Patterns::default()).await.unwrap_err();
    assert!(error.contains("refs/heads/gone"), "{error}");
}

#[tokio::test]
async fn what_is_no_repository_or_closed_is_told() {
    let base = world();
    // me:secret
    let url = format!("{}/lab/.git", serve(base.path().to_path_buf(), Some("Basic bWU6c2VjcmV0")));
    let policy = open();
    let mut closed = repository(&url, None);
    for password in [None, Some("wrong")] {
        closed.username = Some("me".to_owned());
        closed.password = password.map(|text| SecretText::new(text.to_owned()));
        let error = files(&policy, &closed, Patterns::default()).await.unwrap_err();
        assert!(error.contains("401") && !error.contains("wrong"), "{error}");
    }
    closed.password = Some(SecretText::new("secret".to_owned()));
    assert!(files(&policy, &closed, Patterns::default()).await.is_ok());
    assert!(!format!("{closed:?}").contains("secret"));

    let error = files(&Policy::default(), &closed, Patterns::default()).await.unwrap_err();
    assert!(error.contains("webhooks.allowed_networks"), "{error}");
    let plain = serve(base.path().to_path_buf(), None);
    for address in [format!("{plain}/nothing.git"), "ftp://example.net/x".to_owned()] {
        assert!(files(&policy, &repository(&address, None), Patterns::default()).await.is_err(), "{address}");
    }
}

#[tokio::test]
async fn a_broken_pack_is_refused() {
    let base = tempfile::tempdir().unwrap();
    let commit = commit_of(&format!("{} HEAD", "1".repeat(40)), "HEAD").unwrap();
    for bytes in [&b""[..], b"PACK", b"PACK\0\0\0\x02\0\0\0\x01garbage", &[255; 4096]] {
        std::fs::write(base.path().join(fetch::RECEIVED), bytes).unwrap();
        let error = pack::files(&commit, base.path(), &Patterns::default(), &AtomicBool::new(false));
        assert!(error.is_err(), "{bytes:?}");
    }
}

fn data(text: &str) -> Line {
    Line::Data(text.as_bytes().to_vec())
}

#[test]
fn servers_introduce_themselves() {
    let lines = |texts: &[&str]| texts.iter().map(|text| data(text)).collect::<Vec<_>>();
    let able = Abilities::of(&lines(&[
        "# service=git-upload-pack\n",
        "version 2\n",
        "agent=git/2.39\n",
        "ls-refs=unborn\n",
        "fetch=shallow wait-for-done\n",
        "object-format=sha1\n",
    ]));
    let able = able.unwrap();
    let asked = String::from_utf8(able.ask_ref("HEAD")).unwrap();
    assert_eq!(asked, "0014command=ls-refs\n0017object-format=sha1\n00010014ref-prefix HEAD\n0000");
    let commit =
        commit_of(&format!("{} HEAD symref-target:refs/heads/main", "a".repeat(40)), "HEAD").unwrap();
    let asked = String::from_utf8(able.ask_pack(commit)).unwrap();
    assert!(asked.contains("000ddeepen 1\n") && asked.ends_with("0009done\n0000"), "{asked}");
    for wrong in [
        lines(&["version 1\n"]),
        lines(&[]),
        lines(&["version 2\n", "fetch=shallow\n", "object-format=sha256\n"]),
        lines(&["version 2\n", "ls-refs\n"]),
    ] {
        assert!(Abilities::of(&wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn bands_are_taken_apart() {
    assert_eq!(band(b"\x01PACK"), Some(Band::Pack(b"PACK")));
    assert_eq!(band(b"\x02Counting"), Some(Band::Progress));
    assert_eq!(band(b"\x03no\x07 way\n"), Some(Band::Error("no way".to_owned())));
    assert_eq!((band(b""), band(b"\x04x")), (None, None));
    assert_eq!(commit_of("nonsense", "HEAD"), None);
    assert_eq!(Line::Flush.text(), None);
}
