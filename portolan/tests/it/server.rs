//! A server of one test: its own data directory, ports chosen by the system.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Password of the first administrator in every test.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Lasts as long as the server, or longer when it is killed.
    directory: Option<TempDir>,
    /// `http://127.0.0.1:port`
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
}

impl Server {
    /// Starts on an empty data directory.
    pub(crate) async fn start() -> Self {
        Self::start_set(&[]).await
    }

    /// Starts on an empty data directory with settings.
    pub(crate) async fn start_set(settings: &[&str]) -> Self {
        // PostgreSQL runs as another user than root and must be able to enter; socket paths are short.
        let directory = tempfile::Builder::new().prefix("pt").tempdir_in("/var/tmp").unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(directory.path(), open).unwrap();
        Self::start_with(directory, settings).await
    }

    /// Starts on a data directory that may hold data.
    pub(crate) async fn start_in(directory: TempDir) -> Self {
        Self::start_with(directory, &[]).await
    }

    async fn start_with(directory: TempDir, settings: &[&str]) -> Self {
        // The HTTP client wants a provider, though nothing here is encrypted; the first call wins.
        let _again = rustls::crypto::ring::default_provider().install_default().is_err();
        let log = std::fs::File::create(directory.path().join("server.log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_portolan"))
            .args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", "", "--data-dir"])
            .arg(directory.path().join("data"))
            .args(settings.iter().flat_map(|setting| ["--set", setting]))
            .env("PORTOLAN_ADMIN_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(url) = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Portolan is at ").map(str::to_owned))
        else {
            let log = std::fs::read_to_string(directory.path().join("server.log")).unwrap_or_default();
            panic!("the server did not start:\n{log}");
        };
        // Whoever reads nothing more lets the pipe go: the server prints no further line.
        let server = Self { child, directory: Some(directory), url, http: reqwest::Client::new() };
        server
            .until(Duration::from_secs(30), async || server.get("/readyz").await.status() == StatusCode::OK)
            .await;
        server
    }

    /// SIGKILL, as a crash of the machine would do it. The data directory stays.
    pub(crate) fn kill(mut self) -> TempDir {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.directory.take().unwrap()
    }

    /// Below it is everything of this server.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.directory.as_ref().unwrap().path().join("data")
    }

    /// Waits until something holds, looking often; fails after a while.
    pub(crate) async fn until(&self, patience: Duration, mut holds: impl AsyncFnMut() -> bool) {
        let started = Instant::now();
        while !holds().await {
            assert!(started.elapsed() < patience, "this did not come true within {patience:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// Logs in for a script.
    pub(crate) async fn login(&self, name: &str, password: &str) -> Principal<'_> {
        let body = json!({"username": name, "password": password});
        let answer =
            self.http.post(format!("{}/api/v1/auth/login", self.url)).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
        let token = answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
        Principal { server: self, token, tenant: None }
    }

    /// The first administrator.
    pub(crate) async fn admin(&self) -> Principal<'_> {
        self.login("admin", PASSWORD).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone after `kill`.
        if self.directory.is_some() {
            let _ended = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

/// Somebody logged in.
pub(crate) struct Principal<'a> {
    server: &'a Server,
    pub(crate) token: String,
    pub(crate) tenant: Option<String>,
}

impl Principal<'_> {
    /// One request with a JSON body.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let mut request =
            self.server.http.request(method, format!("{}{path}", self.server.url)).bearer_auth(&self.token);
        if let Some(tenant) = &self.tenant {
            request = request.header("x-tenant-id", tenant);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    /// POST of YAML.
    pub(crate) async fn post_yaml(&self, path: &str, text: &str) -> (StatusCode, Value) {
        let request = self.server.http.post(format!("{}{path}", self.server.url)).bearer_auth(&self.token);
        let request = request.header("content-type", "application/yaml").body(text.to_owned());
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// POST that must create something; gives its id.
    pub(crate) async fn create(&self, path: &str, body: &Value) -> String {
        let (status, answer) = self.post(path, body).await;
        assert!(status.is_success(), "{path}: {status} {answer}");
        answer["id"].as_str().unwrap_or_default().to_owned()
    }

    /// A user with a role in the tenant this principal works in, already past the password change.
    pub(crate) async fn add_user(&self, name: &str, role: &str) {
        let body = json!({"name": name, "password": PASSWORD, "must_change_password": false});
        let id = self.create("/api/v1/platform/users", &body).await;
        let binding = json!({"user": id, "role": {"name": role}});
        self.create("/api/v1/platform/role-bindings", &binding).await;
    }
}

impl<'a> Principal<'a> {
    /// With an API token.
    pub(crate) fn with_token(server: &'a Server, token: String) -> Self {
        Self { server, token, tenant: None }
    }
}
