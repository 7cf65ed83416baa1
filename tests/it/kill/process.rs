//! The real program as a process of its own, and clients that talk to it over real connections.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use evenhand::store::Address;
use serde_json::{Value, json};

/// How often something is looked at before it is said never to come, and how long apart.
const TRIES: u32 = 3_000;
const PAUSE: Duration = Duration::from_millis(10);

/// Looks again and again until it is so.
#[track_caller]
pub fn until(what: &str, mut it_is_so: impl FnMut() -> bool) {
    for _ in 0..TRIES {
        if it_is_so() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("never: {what}");
}

/// `evenhand serve`, always at the same address.
pub struct Server {
    pub address: SocketAddr,
    data: std::path::PathBuf,
    database: String,
    child: Child,
}

impl Server {
    pub fn start(data: &Path, database: &Address) -> Self {
        // Nobody else is given the port between here and there, or the start fails.
        let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let database = match database {
            Address::Sqlite(path) => format!("sqlite://{path}"),
            Address::Postgres(url) => url.clone(),
        };
        let child = spawn(data, &database, address);
        let mut server = Self { address, data: data.to_owned(), database, child };
        server.wait_until_ready();
        server
    }

    /// As whoever supervises it would: one that could not start, with a database that is still recovering, is started
    /// again.
    fn wait_until_ready(&mut self) {
        until("the server is ready", || {
            if !self.is_alive() {
                self.child = spawn(&self.data, &self.database, self.address);
            }
            self.status("/readyz") == Some(200)
        });
    }

    /// The status with which an address is answered; nothing when nobody answers.
    pub fn status(&self, path: &str) -> Option<u16> {
        Client::new(self.address, "").call("GET", path, None).ok().map(|reply| reply.status)
    }

    /// SIGKILL, and a new process on the same data.
    pub fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(&self.data, &self.database, self.address);
        self.wait_until_ready();
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// How large a file of the process may become, in bytes; without a number, as large as it likes.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let bytes = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let (pid, limit) = (self.child.id().to_string(), format!("--fsize={bytes}:unlimited"));
        assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(data: &Path, database: &str, address: SocketAddr) -> Child {
    // The signal that a process gets for a file that grows too large would end it; without, the write fails, as on a full
    // disk.
    Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_evenhand")])
        .env("EVENHAND_DATA_FOLDER", data)
        .env("EVENHAND_SERVER_LISTEN", address.to_string())
        .env("DATABASE_URL", database)
        .env("EVENHAND_LOG", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: Value,
}

/// One connection at a time, kept while it lasts.
pub struct Client {
    address: SocketAddr,
    token: String,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    pub fn new(address: SocketAddr, token: &str) -> Self {
        Self { address, token: token.to_owned(), connection: None }
    }

    /// A call; an error is anything by which no whole answer came.
    pub fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(kept) => kept,
            None => {
                let stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
                stream.set_read_timeout(Some(Duration::from_secs(40)))?;
                BufReader::new(stream)
            }
        };
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        connection.get_mut().write_all((head + &body).as_bytes())?;
        let answer = read(&mut connection)?;
        self.connection = Some(connection);
        Ok(answer)
    }
}

fn read(connection: &mut BufReader<TcpStream>) -> std::io::Result<Answer> {
    let broken = || std::io::Error::other("not a whole answer");
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let (mut length, mut retry_after) = (0, None);
    loop {
        line.clear();
        if connection.read_line(&mut line)? == 0 {
            return Err(broken());
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().map_err(|_| broken())?,
            "retry-after" => retry_after = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(Answer { status, retry_after, body: serde_json::from_slice(&body).unwrap_or_default() })
}

/// What an examinee's client was told: by position, the revision and choice acknowledged last; and how often it failed.
#[derive(Default)]
pub struct Told {
    pub acknowledged: BTreeMap<i64, (i64, String)>,
    pub last_sent: i64,
}

/// What all clients count together.
#[derive(Default)]
pub struct Counts {
    pub acknowledged: AtomicU64,
    pub unavailable: AtomicU64,
    pub stop: AtomicBool,
}

/// Saves with growing revisions, each until it is acknowledged, until told to stop.
pub fn keep_saving(address: SocketAddr, token: &str, attempt: &str, counts: &Counts) -> Told {
    let (mut client, mut told) = (Client::new(address, token), Told::default());
    while !counts.stop.load(Ordering::SeqCst) {
        told.last_sent += 1;
        let revision = told.last_sent;
        let (position, choice) = (1 + revision % 60, ["a", "b", "c", "d"][usize::try_from(revision / 60 % 4).unwrap()]);
        let path = format!("/api/v1/attempts/{attempt}/answers/{position}");
        let body = json!({ "revision": revision, "choice": choice });
        while !counts.stop.load(Ordering::SeqCst) {
            match client.call("PUT", &path, Some(&body)) {
                Ok(Answer { status: 200, body, .. }) => {
                    assert_eq!(body["revision"], revision, "{body}");
                    told.acknowledged.insert(position, (revision, choice.to_owned()));
                    counts.acknowledged.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                Ok(Answer { status: 503, retry_after, body }) => {
                    assert!(["busy", "storage_unavailable"].contains(&body["code"].as_str().unwrap()), "{body}");
                    assert!(retry_after.is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{body}");
                    counts.unavailable.fetch_add(1, Ordering::SeqCst);
                    std::thread::sleep(PAUSE);
                }
                Ok(Answer { status, body, .. }) => panic!("{status} {body}"),
                // The process is gone, or going.
                Err(_) => {
                    client = Client::new(address, token);
                    std::thread::sleep(PAUSE);
                }
            }
        }
    }
    told
}

/// Whether everything that was acknowledged is there, by what an examinee is shown.
pub fn check(address: SocketAddr, token: &str, attempt: &str, told: &Told) {
    let paper = Client::new(address, token).call("GET", &format!("/api/v1/attempts/{attempt}"), None).unwrap();
    assert_eq!(paper.status, 200, "{}", paper.body);
    let rows = paper.body["saved"].as_array().unwrap();
    let there: BTreeMap<i64, &Value> = rows.iter().map(|row| (row["position"].as_i64().unwrap(), row)).collect();
    for (position, (revision, choice)) in &told.acknowledged {
        let row = there.get(position).unwrap_or_else(|| panic!("{attempt}: {position} at {revision} is lost"));
        let stored = row["revision"].as_i64().unwrap();
        assert!(stored >= *revision && stored <= told.last_sent, "{attempt}: {row}, acknowledged {revision}");
        assert!(stored > *revision || row["choice"] == choice.as_str(), "{attempt}: {row}, acknowledged {choice}");
    }
}
