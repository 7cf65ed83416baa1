//! The real program as a process of its own, and clients that talk to it over real connections.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use evenhand::store::Address;
use serde_json::{Value, json};

/// How long anything is waited for before it is said never to come.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long a client waits for something to change before it tries again.
const PAUSE: Duration = Duration::from_millis(10);
/// How often a server is asked, or started, before it is given up.
const TRIES: u32 = 2_000;

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
        let child = start(data, &database, address);
        Self { address, data: data.to_owned(), database, child }
    }

    /// The status with which an address is answered; nothing when nobody answers.
    pub fn status(&self, path: &str) -> Option<u16> {
        Client::new(self.address, "").call("GET", path, None).ok().map(|reply| reply.status)
    }

    /// SIGKILL, and a new process on the same data.
    pub fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = start(&self.data, &self.database, self.address);
    }

    /// Asks until it says that it is ready.
    pub fn wait_until_ready(&self) {
        assert!((0..TRIES).any(|_| self.status("/readyz") == Some(200)), "never ready");
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

/// Starts a process and waits until it listens. One that could not start, with a database that is still recovering, is
/// started again, as whoever supervises it would.
fn start(data: &Path, database: &str, address: SocketAddr) -> Child {
    for _ in 0..TRIES {
        let mut child = spawn(data, database, address);
        let (lines, listening) = (BufReader::new(child.stderr.take().unwrap()).lines(), channel());
        let said = listening.0;
        // Goes on reading to the end, so that the process never waits for a reader of its log.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter(|line| line.contains("listening")) {
                let _ = said.send(line);
            }
        });
        match listening.1.recv_timeout(PATIENCE) {
            Ok(_) => return child,
            Err(RecvTimeoutError::Disconnected) => {
                child.wait().unwrap();
            }
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    panic!("the server never listened");
}

fn spawn(data: &Path, database: &str, address: SocketAddr) -> Child {
    // The signal that a process gets for a file that grows too large would end it; without, the write fails, as on a full
    // disk.
    Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_evenhand")])
        .env("EVENHAND_DATA_FOLDER", data)
        .env("EVENHAND_SERVER_LISTEN", address.to_string())
        .env("DATABASE_URL", database)
        .env("EVENHAND_LOG", "info")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
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
    sums: Mutex<Sums>,
    changed: Condvar,
}

#[derive(Default)]
pub struct Sums {
    pub acknowledged: u64,
    pub unavailable: u64,
    pub stop: bool,
}

impl Counts {
    pub fn now<T>(&self, read: impl FnOnce(&Sums) -> T) -> T {
        read(&self.sums.lock().unwrap())
    }

    pub fn change(&self, change: impl FnOnce(&mut Sums)) {
        change(&mut self.sums.lock().unwrap());
        self.changed.notify_all();
    }

    /// Waits until it is so.
    #[track_caller]
    pub fn until(&self, what: &str, it_is_so: impl Fn(&Sums) -> bool) {
        let sums = self.sums.lock().unwrap();
        let (_sums, late) = self.changed.wait_timeout_while(sums, PATIENCE, |sums| !it_is_so(sums)).unwrap();
        assert!(!late.timed_out(), "never: {what}");
    }

    /// Waits a little until something changes.
    fn breathe(&self) {
        let _changed = self.changed.wait_timeout(self.sums.lock().unwrap(), PAUSE).unwrap();
    }
}

/// Saves with growing revisions, each until it is acknowledged, until told to stop.
pub fn keep_saving(address: SocketAddr, token: &str, attempt: &str, counts: &Counts) -> Told {
    let (mut client, mut told) = (Client::new(address, token), Told::default());
    while !counts.now(|sums| sums.stop) {
        told.last_sent += 1;
        let revision = told.last_sent;
        let (position, choice) = (1 + revision % 60, ["a", "b", "c", "d"][usize::try_from(revision / 60 % 4).unwrap()]);
        let path = format!("/api/v1/attempts/{attempt}/answers/{position}");
        let body = json!({ "revision": revision, "choice": choice });
        while !counts.now(|sums| sums.stop) {
            match client.call("PUT", &path, Some(&body)) {
                Ok(Answer { status: 200, body, .. }) => {
                    assert_eq!(body["revision"], revision, "{body}");
                    told.acknowledged.insert(position, (revision, choice.to_owned()));
                    counts.change(|sums| sums.acknowledged += 1);
                    break;
                }
                Ok(Answer { status: 503, retry_after, body }) => {
                    assert!(["busy", "storage_unavailable"].contains(&body["code"].as_str().unwrap()), "{body}");
                    assert!(retry_after.is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{body}");
                    counts.change(|sums| sums.unavailable += 1);
                    counts.breathe();
                }
                Ok(Answer { status, body, .. }) => panic!("{status} {body}"),
                // The process is gone, or going.
                Err(_) => {
                    client = Client::new(address, token);
                    counts.breathe();
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
