//! One installation for one test: a database of its own, a clock that stands still, chance that repeats itself, and the
//! service as `main` assembles it.
//!
//! Invariant: whatever a test did, the whole database holds together when it ends.

use std::future::Future;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::{self, BoxBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::{Bytes, Data};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use evenhand::app::{application, assemble, clerk_round};
use evenhand::config::Config;
use evenhand::desk::door::SignedIn;
use evenhand::domain::ids::{PersonId, SessionId};
use evenhand::domain::timing::Instant;
use evenhand::mail::Transport;
use evenhand::store::{Address, Call, Error, Sighted, Tx};
use evenhand::web::Web;
use evenhand::world::{Clock, Entropy, World};
use serde_json::Value;

/// Where the tests' server is, as its superuser.
const POSTGRES: &str = "EVENHAND_TEST_POSTGRES";
/// Set where a missing server is a failure rather than a reason to do without.
const REQUIRE_POSTGRES: &str = "EVENHAND_TEST_REQUIRE_POSTGRES";
/// When every test begins: a Friday morning in New York.
pub const BEGINNING: &str = "2027-03-12T15:00:00.000Z";
/// What people type to get to the installation.
pub const ORIGIN: &str = "http://127.0.0.1:8080";

/// Which database a test runs on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Makes two tests of each function, `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                crate::app::run(crate::app::Backend::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                crate::app::run(crate::app::Backend::Postgres, super::$name);
            }
        }
    )+};
}
pub(crate) use on_both;

/// Runs a test on a fresh installation and looks the database over at its end.
pub fn run(backend: Backend, test: impl AsyncFnOnce(&TestApp)) {
    let Some(home) = Home::new(backend) else { return };
    actix_web::rt::System::new().block_on(async move {
        let app = TestApp::open(home, 7).await;
        test(&app).await;
        app.finish().await;
    });
}

/// Where an installation keeps its things; gone when it is dropped.
pub struct Home {
    pub folder: PathBuf,
    database: Address,
    server: Option<(String, String)>,
}

impl Home {
    /// A fresh one; nothing where there is no server and none is required.
    pub fn new(backend: Backend) -> Option<Self> {
        Self::below(&std::env::temp_dir(), backend)
    }

    /// A fresh one in that folder.
    pub fn below(place: &Path, backend: Backend) -> Option<Self> {
        if backend == Backend::Sqlite {
            let (_, folder) = Self::make_folder(place);
            let database = Address::Sqlite(folder.join("evenhand.db").display().to_string());
            return Some(Self { folder, database, server: None });
        }
        let server = std::env::var(POSTGRES).ok().filter(|url| !url.is_empty());
        assert!(
            server.is_some() || std::env::var_os(REQUIRE_POSTGRES).is_none(),
            "{POSTGRES} names no server, and one is required"
        );
        Some(Self::on(&server?))
    }

    /// A fresh one on that database server.
    pub fn on(server: &str) -> Self {
        let (name, folder) = Self::make_folder(&std::env::temp_dir());
        let mut admin = PgConnection::establish(server).unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let database = Address::Postgres(format!("{base}/{name}"));
        Self { folder, database, server: Some((server.to_owned(), name)) }
    }

    fn make_folder(place: &Path) -> (String, PathBuf) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("evenhand_it_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let folder = place.join(&name);
        std::fs::create_dir(&folder).unwrap();
        (name, folder)
    }

    /// A copy of an embedded installation, as whoever comes after a crash finds its files.
    pub fn copied(of: &Path, place: &Path) -> Self {
        let (_, folder) = Self::make_folder(place);
        // Keys are for their owner alone, or the server refuses them.
        std::fs::DirBuilder::new().mode(0o700).create(folder.join("secrets")).unwrap();
        let secrets = std::fs::read_dir(of.join("secrets")).unwrap().map(|entry| entry.unwrap().file_name());
        let secrets = secrets.map(|name| Path::new("secrets").join(name));
        for file in ["evenhand.db", "evenhand.db-wal"].into_iter().map(PathBuf::from).chain(secrets) {
            if of.join(&file).exists() {
                std::fs::copy(of.join(&file), folder.join(&file)).unwrap();
            }
        }
        let database = Address::Sqlite(folder.join("evenhand.db").display().to_string());
        Self { folder, database, server: None }
    }

    fn config(&self) -> Config {
        Config { database: self.database.clone(), ..Config::in_folder(self.folder.clone()) }
    }

    /// The address of the database, for a second server on it.
    pub fn database(&self) -> &Address {
        &self.database
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some((server, name)) = &self.server
            && let Ok(mut admin) = PgConnection::establish(server)
        {
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

type Answering = Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>;

/// A running installation.
pub struct TestApp {
    pub web: Data<Web>,
    pub clock: Clock,
    serve: Box<dyn Fn(TestRequest) -> Answering>,
    mail: Transport,
    pub home: Rc<Home>,
}

/// Somebody who makes requests; without a token, a stranger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub token: String,
}

impl User {
    /// Somebody who is not signed in.
    pub fn stranger() -> Self {
        Self { id: PersonId(String::new()), name: String::new(), email: String::new(), token: String::new() }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body, provided that the status is the expected one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem document, provided that it is a proper one of this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        for field in ["type", "title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {problem}");
        }
        problem
    }

    /// The pointers of a validation problem.
    #[track_caller]
    pub fn pointers(&self, code: &str) -> Vec<String> {
        let problem = self.problem(422, code);
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors: {problem}"));
        assert!(errors.iter().all(|e| e["detail"].as_str().is_some_and(|d| !d.is_empty())), "{problem}");
        errors.iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect()
    }
}

impl TestApp {
    /// Opens an installation in `home`, with chance that repeats itself from `seed`.
    pub async fn open(home: Home, seed: u64) -> Self {
        Self::with_clock(Rc::new(home), Clock::manual(Instant::parse(BEGINNING).unwrap()), seed).await
    }

    /// A second server on the same database, under the same clock.
    pub async fn beside(other: &Self, seed: u64) -> Self {
        Self::with_clock(other.home.clone(), other.clock.clone(), seed).await
    }

    /// A server on what is in `home`, under that clock.
    pub async fn with_clock(home: Rc<Home>, clock: Clock, seed: u64) -> Self {
        let world = World { clock: clock.clone(), entropy: Entropy::seeded(seed) };
        let config = home.config();
        let mail = Transport::open(&config.mail).unwrap();
        let web = assemble(config, world, ([127, 0, 0, 1], 8080).into()).unwrap();
        let service = Rc::new(init_service(application(web.clone())).await);
        let serve = move |request: TestRequest| -> Answering {
            let service = service.clone();
            Box::pin(async move { call_service(service.as_ref(), request.to_request()).await })
        };
        Self { web, clock, serve: Box::new(serve), mail, home }
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Moves the clock to an instant.
    pub fn go_to(&self, at: Instant) {
        let Clock::Manual(clock) = &self.clock else { panic!("the clock is not manual") };
        clock.store(at.0, Ordering::SeqCst);
    }

    /// Sends a request as it stands.
    pub async fn call(&self, request: TestRequest) -> Reply {
        let response = (self.serve)(request).await;
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        // A stream of events has no end that could be waited for.
        let endless = headers.iter().any(|(n, v)| n == "content-type" && v == "text/event-stream");
        let body = if endless { Bytes::new() } else { body::to_bytes(response.into_body()).await.unwrap() };
        let mut headers = headers;
        headers.sort();
        Reply { status, headers, body }
    }

    /// A response whose body is read bit by bit.
    pub async fn stream(&self, request: TestRequest) -> ServiceResponse<BoxBody> {
        (self.serve)(request).await
    }

    /// A request by its whole path, with that person's token.
    pub fn request(who: &User, method: Method, path: &str) -> TestRequest {
        let request = TestRequest::default().method(method).uri(path);
        if who.token.is_empty() {
            request
        } else {
            request.insert_header(("authorization", format!("Bearer {}", who.token)))
        }
    }

    /// A request by its whole path, from a page of this site, with that person's cookie.
    pub fn browse(who: &User, method: Method, path: &str) -> TestRequest {
        let request = TestRequest::default().method(method).uri(path).insert_header(("origin", ORIGIN));
        if who.token.is_empty() {
            request
        } else {
            request.insert_header(("cookie", format!("evenhand_session={}", who.token)))
        }
    }

    /// Sends JSON to a call of the interface.
    pub async fn send(&self, who: &User, method: Method, path: &str, body: Value) -> Reply {
        let request = Self::request(who, method, &format!("/api/v1{path}"));
        self.call(if body.is_null() { request } else { request.set_json(body) }).await
    }

    pub async fn get(&self, who: &User, path: &str) -> Reply {
        self.send(who, Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, who: &User, path: &str, body: Value) -> Reply {
        self.send(who, Method::POST, path, body).await
    }

    pub async fn put(&self, who: &User, path: &str, body: Value) -> Reply {
        self.send(who, Method::PUT, path, body).await
    }

    pub async fn patch(&self, who: &User, path: &str, body: Value) -> Reply {
        self.send(who, Method::PATCH, path, body).await
    }

    /// A form of the pages, as a browser sends it; `path` as the pages have it.
    pub async fn send_form(&self, who: &User, path: &str, form: String) -> Reply {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.call(Self::browse(who, Method::POST, path).insert_header(kind).set_payload(form)).await
    }

    pub async fn delete(&self, who: &User, path: &str) -> Reply {
        self.send(who, Method::DELETE, path, Value::Null).await
    }

    /// Sends CSV.
    pub async fn csv(&self, who: &User, path: &str, text: impl Into<String>) -> Reply {
        let request = Self::request(who, Method::POST, &format!("/api/v1{path}"));
        self.call(request.insert_header(("content-type", "text/csv; charset=utf-8")).set_payload(text.into())).await
    }

    /// Sends JSON under a retry key.
    pub async fn retry(&self, who: &User, method: Method, path: &str, key: &str, body: Value) -> Reply {
        let request = Self::request(who, method, &format!("/api/v1{path}")).insert_header(("idempotency-key", key));
        self.call(if body.is_null() { request } else { request.set_json(body) }).await
    }

    /// A session for somebody, without their password.
    pub async fn session_of(&self, who: &PersonId) -> String {
        let (session, person, now) = (self.web.world.entropy.id().into(), who.clone(), self.now());
        // Longer than any test turns its clock ahead.
        let expires_at = now.plus_seconds(10 * 366 * 24 * 3600);
        let signed_in = SignedIn {
            session,
            expires_at,
            person: person.clone(),
            name: String::new(),
            locale: "en".into(),
            roles: Vec::new(),
        };
        let session = signed_in.session.clone();
        self.write(move |tx| tx.session_begin(&session, &person, expires_at)).await;
        self.web.tokens.issue(&signed_in, now).unwrap()
    }

    /// The id of a new session for somebody, for desks that are sat at without a request.
    pub async fn session_id_of(&self, who: &PersonId) -> SessionId {
        let (session, person): (SessionId, PersonId) = (self.web.world.entropy.id().into(), who.clone());
        let (begun, expires_at) = (session.clone(), self.now().plus_seconds(24 * 3600));
        self.write(move |tx| tx.session_begin(&begun, &person, expires_at)).await;
        session
    }

    /// Writes to the store past every desk.
    pub async fn write(&self, job: impl Fn(&mut Tx<'_, Sighted>) -> Result<(), Error> + Send + 'static) {
        self.web.office.store.write(&Call::at(self.now()), job).await.unwrap();
    }

    /// Reads from the store past every desk.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Tx<'_, Sighted>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.web.office.store.read(self.now(), job).await.unwrap()
    }

    /// One round of the clerk.
    pub async fn clerk(&self) {
        clerk_round(&self.web, &self.mail, 1).await.unwrap();
    }

    /// The same where it may fail.
    pub async fn clerk_tries(&self) -> Result<(), Error> {
        clerk_round(&self.web, &self.mail, 1).await
    }

    /// One of those rounds in which the clerk also reminds and tidies up.
    pub async fn clerk_tidies(&self) {
        clerk_round(&self.web, &self.mail, 0).await.unwrap();
    }

    /// Every mail that went out to an address, headers and all, in the order of the files' names.
    pub fn mail_to(&self, address: &str) -> Vec<String> {
        let mut mails: Vec<(PathBuf, String)> = std::fs::read_dir(self.home.folder.join("mail"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), unfolded(&path)))
            .filter(|(_, mail)| mail.contains(&format!("To: {address}")))
            .collect();
        mails.sort();
        mails.into_iter().map(|(_, mail)| mail).collect()
    }

    /// How many entries the audit log has, and its last digest: what no lawful act leaves alone.
    pub async fn audit_head(&self) -> (i64, Vec<String>) {
        self.read(|tx| {
            let report = tx.audit_verify(50)?;
            Ok((report.entries, report.findings))
        })
        .await
    }

    /// What does not hold of the database as a whole.
    pub async fn invariants(&self) -> Vec<String> {
        self.read(|tx| tx.invariants()).await
    }

    /// Ends the test: the database must hold together.
    pub async fn finish(&self) {
        assert_eq!(self.invariants().await, Vec::<String>::new());
    }
}

/// A mail as a person reads it: lines that were broken for the journey are whole again.
fn unfolded(path: &Path) -> String {
    let mail = std::fs::read_to_string(path).unwrap();
    mail.replace("=\r\n", "").replace("=3D", "=")
}
