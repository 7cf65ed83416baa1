//! Real processes that are really killed, a database server that dies, and a disk that is full: whatever was acknowledged
//! before is there afterwards.

use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

use diesel::sql_types::Integer;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use evenhand::domain::vocabulary::{Category, Role, Track};
use evenhand::store::Address;
use evenhand::world::Clock;

pub mod process;

use process::{Counts, Server, Told, check, keep_saving};

use crate::app::{Backend, Home, TestApp};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;
use crate::routes::root;

const EXAMINEES: usize = 32;

/// An installation in which everybody is at work, under the real clock.
struct Hall {
    home: Rc<Home>,
    /// Tokens and attempts.
    at_work: Vec<(String, String)>,
}

impl Hall {
    fn new(home: Home) -> Self {
        actix_web::rt::System::new().block_on(async {
            let clock = Clock::manual(Clock::System.now());
            let app = TestApp::with_clock(Rc::new(home), clock, 7).await;
            let stage = Stage::with_reviewers(&app, 0).await;
            let sitting = app.sitting(&stage.here, &stage.coordinator, |terms| terms.capacity = 100).await;
            let mut at_work = Vec::new();
            for number in 0..EXAMINEES {
                let user = app.person(&format!("Examinee {number}"), &[(Role::Examinee, &stage.here)]).await;
                app.authorise(&user, &stage.here, Track::Imh, Category::Specialist, "2020-01-01", "2099-12-31").await;
                let registration = app.register(&stage.coordinator, &sitting, &user).await;
                let seat = Seat { user, registration };
                let attempt = attempt_of(&app.begin(&seat).await);
                at_work.push((seat.user.token, attempt));
            }
            Self { home: app.home.clone(), at_work }
        })
    }

    /// Everybody saves while `happens` happens; then everything that was acknowledged must be there.
    fn everybody_saves(&self, server: &mut Server, happens: impl FnOnce(&mut Server, &Counts)) {
        let (counts, address) = (Counts::default(), server.address);
        let told: Vec<Told> = std::thread::scope(|scope| {
            let clients: Vec<_> = (self.at_work.iter())
                .map(|(token, attempt)| scope.spawn(|| keep_saving(address, token, attempt, &counts)))
                .collect();
            // Whatever goes wrong in between, the clients have to be told to stop.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| happens(server, &counts)));
            counts.change(|sums| sums.stop = true);
            let told = clients.into_iter().map(|client| client.join().unwrap()).collect();
            outcome.unwrap_or_else(|failure| std::panic::resume_unwind(failure));
            told
        });
        // What only lived in the process or its caches is gone.
        server.kill_and_restart();
        for ((token, attempt), told) in self.at_work.iter().zip(&told) {
            check(address, token, attempt, told);
        }
    }

    /// The database as a whole, once nobody works with it any more.
    fn holds_together(self) {
        actix_web::rt::System::new().block_on(async {
            let clock = Clock::manual(Clock::System.now());
            TestApp::with_clock(self.home, clock, 8).await.finish().await;
        });
    }
}

/// Waits until so many more saves were acknowledged.
fn saves(counts: &Counts, more: u64) {
    let enough = counts.now(|sums| sums.acknowledged) + more;
    counts.until("saves are acknowledged", |sums| sums.acknowledged >= enough);
}

/// Waits until so many more saves were refused for want of storage.
fn refusals(counts: &Counts, more: u64) {
    let enough = counts.now(|sums| sums.unavailable) + more;
    counts.until("saves are refused", |sums| sums.unavailable >= enough);
}

#[test]
fn a_killed_process_on_sqlite() {
    let hall = Hall::new(Home::new(Backend::Sqlite).unwrap());
    let mut server = Server::start(&hall.home.folder, hall.home.database());
    hall.everybody_saves(&mut server, |server, counts| {
        for more in [1, 300, 40, 150, 7] {
            saves(counts, more);
            server.kill_and_restart();
        }
        saves(counts, 100);
    });
    drop(server);
    hall.holds_together();
}

#[test]
fn a_killed_process_and_a_killed_database_server() {
    if std::env::var("EVENHAND_TEST_POSTGRES").is_ok_and(|url| !url.is_empty()) {
        // One of its own: the others must not die with it.
        let cluster = Cluster::start();
        let hall = Hall::new(Home::on(&cluster.url));
        let mut server = Server::start(&hall.home.folder, hall.home.database());
        hall.everybody_saves(&mut server, |server, counts| {
            saves(counts, 200);
            server.kill_and_restart();
            saves(counts, 60);
            // One of its processes killed, the whole server gives up all others and recovers from its log.
            kill_backends(hall.home.database());
            saves(counts, 200);
            assert!(server.is_alive());
            kill_backends(hall.home.database());
            server.kill_and_restart();
            saves(counts, 100);
        });
        drop(server);
        hall.holds_together();
    }
}

/// A throw-away database server.
struct Cluster {
    folder: PathBuf,
    url: String,
}

impl Cluster {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("evenhand_cluster_{}", std::process::id()));
        let made = Command::new(root().join("tests/postgres")).arg("start").arg(&folder).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self { folder, url: String::from_utf8(made.stdout).unwrap().trim().to_owned() }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(root().join("tests/postgres")).arg("stop").arg(&self.folder).status();
    }
}

#[derive(QueryableByName)]
struct Serving {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// SIGKILL to what serves that database.
fn kill_backends(database: &Address) {
    let Address::Postgres(url) = database else { panic!("no database server") };
    let query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let backends: Vec<Serving> = sql_query(query).load(&mut PgConnection::establish(url).unwrap()).unwrap();
    let pids = backends.iter().map(|backend| backend.pid.to_string());
    // Some may be gone by then.
    Command::new("kill").arg("-KILL").args(pids).status().unwrap();
}

#[test]
fn a_full_disk() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        return;
    }
    let hall = Hall::new(Home::new(Backend::Sqlite).unwrap());
    let mut server = Server::start(&hall.home.folder, hall.home.database());
    hall.everybody_saves(&mut server, |server, counts| {
        saves(counts, 200);
        server.limit_files(Some(4096));
        refusals(counts, 100);
        let acknowledged = counts.now(|sums| sums.acknowledged);
        refusals(counts, 100);
        assert_eq!(counts.now(|sums| sums.acknowledged), acknowledged, "acknowledged without room");
        assert_eq!((server.status("/readyz"), server.status("/healthz")), (Some(503), Some(200)));
        // What is there can still be read.
        let (token, attempt) = &hall.at_work[0];
        let paper =
            process::Client::new(server.address, token).call("GET", &format!("/api/v1/attempts/{attempt}"), None);
        assert_eq!(paper.unwrap().status, 200);
        assert!(server.is_alive());

        server.limit_files(None);
        server.wait_until_ready();
        saves(counts, 200);
        assert!(server.is_alive());
    });
    drop(server);
    hall.holds_together();
}
