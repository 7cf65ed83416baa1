//! That nobody can tell who wrote a script, shown rather than argued: two installations that differ in nothing but the
//! writer answer every reviewer the same, byte by byte, on every route there is.

use std::collections::BTreeSet;

use actix_web::http::Method;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use evenhand::domain::bank::Benchmark;
use evenhand::domain::ids::{AttemptId, SittingId};
use evenhand::domain::vocabulary::{Category, Role, Track};
use evenhand::store::marking::ReadingKind;
use evenhand::store::{Address, BLIND_RIGHTS, BLIND_ROLE};
use serde_json::{Value, json};

use crate::app::{Backend, Home, Reply, TestApp, User, run};
use crate::build::{PROSE, Seat, Stage};
use crate::routes::{Route, table};

/// What must never be seen: names, addresses and employers that stand nowhere else.
const CANARIES: [&str; 10] = [
    "xanthippe",
    "quillfeather",
    "zyzzyva",
    "bartholomew",
    "ngatao",
    "o'dowd",
    "o&#39;dowd",
    "marmalade",
    "kookaburra",
    "example.test",
];

/// Everything that reviewers were answered, and everything that was mailed to them.
#[derive(Debug, PartialEq)]
struct Seen {
    replies: Vec<(String, Reply)>,
    mails: Vec<String>,
}

/// An installation in which one of two people wrote.
struct World<'a> {
    app: &'a TestApp,
    stage: Stage,
    sitting: SittingId,
    seat: Seat,
    attempt: String,
    seen: Seen,
}

#[test]
fn sqlite() {
    two_worlds(Backend::Sqlite);
}

#[test]
fn postgres() {
    two_worlds(Backend::Postgres);
}

fn two_worlds(backend: Backend) {
    let (Some(one), Some(other)) = (Home::new(backend), Home::new(backend)) else { return };
    actix_web::rt::System::new().block_on(async move {
        let one = live(one, 0).await;
        let other = live(other, 1).await;
        assert_eq!(one.replies.len(), other.replies.len());
        for ((what, reply), (_, theirs)) in one.replies.iter().zip(&other.replies) {
            assert_eq!(reply, theirs, "{what}");
        }
        assert_eq!(one.mails, other.mails);
        assert!(!one.mails.is_empty());
        for text in
            one.replies.iter().map(|(what, reply)| format!("{what} {reply:?} {}", reply.text())).chain(one.mails)
        {
            let text = text.to_lowercase();
            let found = CANARIES.iter().find(|canary| text.contains(**canary));
            assert_eq!(found, None, "{text}");
        }
    });
}

#[test]
fn a_planted_script_on_sqlite() {
    planted_or_written(Backend::Sqlite);
}

#[test]
fn a_planted_script_on_postgres() {
    planted_or_written(Backend::Postgres);
}

/// A benchmark that is planted, and the same text that somebody wrote: no answer tells which of them it is, whether its
/// reader seals it or gives it back.
fn planted_or_written(backend: Backend) {
    for gives_back in [false, true] {
        let (Some(one), Some(other)) = (Home::new(backend), Home::new(backend)) else { return };
        actix_web::rt::System::new().block_on(async move {
            let planted = read_by_one(one, true, gives_back).await;
            let written = read_by_one(other, false, gives_back).await;
            assert_eq!(planted.replies.len(), written.replies.len());
            for ((what, reply), (_, theirs)) in planted.replies.iter().zip(&written.replies) {
                assert_eq!(reply, theirs, "{what}");
            }
            assert_eq!(planted.mails, written.mails);
        });
    }
}

/// The course of a text that a benchmark has and that an examinee wrote as well, in a world in which a reviewer is given
/// the benchmark, or in one in which it is the examinee's.
async fn read_by_one(home: Home, planted: bool, gives_back: bool) -> Seen {
    let app = TestApp::open(home, 42).await;
    let mut world = World::new(&app, 0).await;
    let (sitting, here) = (world.sitting.clone(), world.stage.here.clone());
    let vignette = app.read({
        let sitting = sitting.clone();
        move |tx| Ok(tx.scripts_in(&sitting)?[0].vignette.clone())
    });
    let vignette = vignette.await;
    let all = app.read(|tx| tx.benchmarks_current()).await;
    let answers = |one: &Benchmark| (one.vignette.clone(), one.vignette_version) == vignette;
    let benchmark = all.into_iter().map(|(_, one)| one).find(answers).expect("each vignette has one");
    let seat = world.stage.seat_in(&app, &sitting, "Wanda Writer").await;
    app.sit_one(&seat, 48).await;
    let attempt = AttemptId(app.sit_two(&seat, &benchmark.answer).await);
    app.clerk().await;
    let found = app.get(&world.stage.coordinator, &format!("/sittings/{sitting}/screening")).await.expect(200);
    for finding in found["items"].as_array().unwrap() {
        let path = format!("/screening/{}", finding["id"].as_str().unwrap());
        app.post(&world.stage.coordinator, &path, json!({ "decision": "dismiss" })).await.expect(200);
    }
    let reader = world.stage.reviewers[0].clone();
    let (who, of, place) = (reader.id.clone(), sitting.clone(), here.clone());
    app.write(move |tx| {
        if planted {
            let (_, reading) = tx.benchmark_assign(&benchmark, &who, "2027-04-05")?;
            tx.planted_add(&reading, &place, &of)
        } else {
            // What the benchmark's own script draws in the other world.
            tx.entropy().id();
            let script = tx.scripts_of(&attempt)?[0].id.clone();
            tx.reading_assign(&script, &who, ReadingKind::First, "2027-04-05").map(|_| ())
        }
    })
    .await;
    world.look().await;
    let code = app.codes(&reader).await.pop().expect("one script");
    let mut draft = app.review(&reader, &code, "pass").await;
    draft["revision"] = json!(1);
    world.note("draft", app.put(&reader, &format!("/reviews/{code}/draft"), draft).await);
    let note = json!({ "kind": "identifies_writer", "note": "short" });
    world.note("flag", app.post(&reader, &format!("/reviews/{code}/flags"), note).await);
    world.look().await;
    if gives_back {
        let path = format!("/reviews/{code}/decline");
        world.note("decline", app.post(&reader, &path, json!({ "reason": "recognised" })).await);
        // Somebody else is given what was written, and is not asked here.
        world.stage.reviewers = vec![reader];
    } else {
        let review = app.review(&reader, &code, "pass").await;
        world.note("seal", app.post(&reader, &format!("/reviews/{code}/seal"), review).await);
        let mut wanted = app.review(&reader, &code, "fail").await;
        wanted["reason"] = json!("I had the wrong script in mind.");
        world.note("correct", app.post(&reader, &format!("/reviews/{code}/corrections"), wanted).await);
        // It waits for a coordinator like any other, and is decided like any other.
        let coordinator = &world.stage.coordinator;
        let waiting = app.get(coordinator, &format!("/sittings/{sitting}/corrections")).await.expect(200);
        let id = waiting["items"][0]["id"].as_str().unwrap();
        let decision = json!({ "decision": "approve", "reason": "Plainly so." });
        app.post(coordinator, &format!("/corrections/{id}/decision"), decision).await.expect(200);
    }
    app.clerk().await;
    world.look().await;
    app.clock.advance_seconds(20 * 24 * 3600);
    app.clerk_tidies().await;
    world.look().await;
    for reviewer in &world.stage.reviewers {
        world.seen.mails.extend(app.mail_to(&reviewer.email).into_iter().map(dateless));
    }
    app.finish().await;
    world.seen
}

/// Only the date of a mail's journey is the machine's own.
fn dateless(mail: String) -> String {
    mail.lines().filter(|line| !line.starts_with("Date:")).collect::<Vec<_>>().join("\n")
}

/// The whole course of a script, with everything that reviewers see at every turn of it.
async fn live(home: Home, writer: usize) -> Seen {
    let app = TestApp::open(home, 42).await;
    let mut world = World::new(&app, writer).await;
    world.look().await;
    let stage = &world.stage;
    app.allocate(stage, &world.sitting).await;
    app.clerk().await;
    world.look().await;
    let mut readers = Vec::new();
    for reviewer in world.stage.reviewers.clone() {
        if let Some(code) = app.codes(&reviewer).await.pop() {
            readers.push((reviewer, code));
        }
    }
    // One begins, one gives back and is replaced, the two who remain disagree, and a third is called.
    let (a, a_code) = &readers[0];
    let (b, b_code) = &readers[1];
    let mut draft = app.review(a, a_code, "pass").await;
    draft["revision"] = json!(1);
    world.note("draft", app.put(a, &format!("/reviews/{a_code}/draft"), draft).await);
    world.note("decline", app.post(b, &format!("/reviews/{b_code}/decline"), json!({ "reason": "no_time" })).await);
    app.clerk().await;
    world.look().await;
    for reviewer in world.stage.reviewers.clone() {
        for code in app.codes(&reviewer).await {
            let verdict = if reviewer == *a { "pass" } else { "fail" };
            let review = app.review(&reviewer, &code, verdict).await;
            let note = json!({ "kind": "concern", "note": "short" });
            world.note("flag", app.post(&reviewer, &format!("/reviews/{code}/flags"), note).await);
            world.note("seal", app.post(&reviewer, &format!("/reviews/{code}/seal"), review).await);
        }
    }
    app.clerk().await;
    world.look().await;
    app.clock.advance_seconds(30 * 24 * 3600);
    app.clerk_tidies().await;
    app.clerk_tidies().await;
    world.look().await;
    for reviewer in &world.stage.reviewers {
        world.seen.mails.extend(app.mail_to(&reviewer.email).into_iter().map(dateless));
    }
    app.finish().await;
    world.seen
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp, writer: usize) -> Self {
        let stage = Stage::with_reviewers(app, 4).await;
        let sitting = app
            .sitting(&stage.here, &stage.coordinator, |terms| (terms.two_vignettes, terms.two_answer) = (1, 1))
            .await;
        let mut people = Vec::new();
        for (name, email, employer) in [
            ("Xanthippe Quillfeather", "x.quillfeather@zyzzyva.example.test", "Zyzzyva Family Nest"),
            ("Bartholomew NgataO O'Dowd", "marmalade@example.test", "Kookaburra House"),
        ] {
            let user = app.person_at(name, email, Some(employer), &[(Role::Examinee, &stage.here)]).await;
            app.authorise(&user, &stage.here, Track::Imh, Category::Specialist, "2027-01-01", "2029-12-31").await;
            people.push(user);
        }
        // What is arranged for one of them is arranged in both worlds, and counts in one.
        let arrangement = json!({ "time_multiplier_percent": 200, "approved_note": "Kookaburra" });
        app.put(&stage.coordinator, &format!("/people/{}/accommodations", people[0].id), arrangement).await.expect(200);
        let user = people[writer].clone();
        let registration = app.register(&stage.coordinator, &sitting, &user).await;
        let seat = Seat { user, registration };
        // Who may see people sees what must not be seen elsewhere: the search below does not look for nothing.
        let people = app.get(&stage.coordinator, "/people").await.text().to_lowercase();
        assert!(CANARIES.iter().filter(|canary| people.contains(**canary)).count() >= 8, "{people}");
        app.sit_one(&seat, 48).await;
        // Either names themselves in the same sentence, where readers see a mask.
        let attempt = app.sit_two(&seat, &format!("I am {}. {PROSE} Ask {}.", seat.user.name, seat.user.email)).await;
        let found = app.get(&stage.coordinator, &format!("/sittings/{sitting}/screening")).await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 2, "{found}");
        for finding in found["items"].as_array().unwrap() {
            let path = format!("/screening/{}", finding["id"].as_str().unwrap());
            app.post(&stage.coordinator, &path, json!({ "decision": "mask" })).await.expect(200);
        }
        let report = json!({ "registration": seat.registration, "kind": "health", "note": "Zyzzyva" });
        app.post(&stage.proctor, &format!("/sittings/{sitting}/incidents"), report).await.expect(201);
        Self { app, stage, sitting, seat, attempt, seen: Seen { replies: Vec::new(), mails: Vec::new() } }
    }

    fn note(&mut self, what: &str, reply: Reply) {
        self.seen.replies.push((what.to_owned(), reply));
    }

    /// Has every reviewer try every route, with their own codes and with the ids of things that are none of theirs.
    async fn look(&mut self) {
        for reviewer in self.stage.reviewers.clone() {
            let mut codes = self.app.codes(&reviewer).await;
            codes.push("AAAAA-AAAAA".to_owned());
            for route in table() {
                for code in &codes {
                    let path = self.filled(&route, code);
                    for reply in self.tried(&reviewer, &route, &path).await {
                        self.note(&format!("{} {} {path}", reviewer.name, route.method), reply);
                    }
                    if !route.pattern.contains("{code}") {
                        break;
                    }
                }
            }
        }
    }

    fn filled(&self, route: &Route, code: &str) -> String {
        let mut path = route.pattern.clone();
        for (name, value) in [
            ("{code}", code),
            ("{sitting}", self.sitting.as_str()),
            ("{registration}", &self.seat.registration),
            ("{attempt}", &self.attempt),
            ("{part}", "two"),
            ("{position}", "1"),
        ] {
            path = path.replace(name, value);
        }
        let id = match () {
            () if path.contains("/sittings/") => self.sitting.as_str(),
            () if path.contains("/attempts/") => &self.attempt,
            () if path.contains("/registrations/") => &self.seat.registration,
            () => "unknown",
        };
        path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
    }

    /// One try as a program and one as a browser; those that would end something are left to the story.
    async fn tried(&self, who: &User, route: &Route, path: &str) -> Vec<Reply> {
        let ends = ["/session", "/sign-out", "/seal", "/decline", "/flags", "/draft"];
        if route.method != "GET" && ends.iter().any(|end| path.ends_with(end)) {
            return Vec::new();
        }
        let method: Method = route.method.parse().unwrap();
        let body = if route.method == "GET" { Value::Null } else { json!({}) };
        let program = TestApp::request(who, method.clone(), path);
        let browser = TestApp::browse(who, method, path);
        let (program, browser) = match body {
            Value::Null => (program, browser),
            body => (
                program.set_json(&body),
                browser.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload("to=en"),
            ),
        };
        vec![self.app.call(program).await, self.app.call(browser).await]
    }
}

/// On a database server the blind work under a role that has no right to anything that leads to a person.
#[test]
fn the_database_server_refuses_the_blind_too() {
    run(Backend::Postgres, async |app| {
        let stage = Stage::new(app).await;
        let seat = stage.seat(app, "Ann Able").await;
        app.sit(&seat, 48).await;
        app.allocate(&stage, &stage.sitting).await;
        let Address::Postgres(url) = app.home.database() else { panic!("not a database server") };
        let mut conn = PgConnection::establish(url).unwrap();
        let may_read = "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                        AND relkind = 'r' AND has_any_column_privilege('evenhand_reviewing', oid, 'SELECT')";
        let readable: BTreeSet<String> =
            sql_query(may_read).load::<Named>(&mut conn).unwrap().into_iter().map(|row| row.name).collect();
        let meant = BLIND_RIGHTS.iter().filter(|(_, rights)| rights.contains("SELECT"));
        assert_eq!(readable, meant.map(|(table, _)| (*table).to_owned()).collect());

        for query in [
            "SELECT name FROM person",
            "SELECT person_id FROM registration",
            "SELECT registration_id FROM attempt",
            "SELECT body FROM answer",
            "SELECT attempt_id FROM script",
            "SELECT points FROM settlement",
            "SELECT parameters FROM outbox",
            "SELECT detail FROM audit",
            "SELECT benchmark_id FROM script",
            "SELECT document FROM benchmark",
            "SELECT reading_id FROM planted_reading",
            "SELECT reason FROM admission",
        ] {
            let as_blind = format!("BEGIN; SET LOCAL ROLE {BLIND_ROLE}; {query}");
            let refused = conn.batch_execute(&as_blind).expect_err(query).to_string();
            assert!(refused.contains("permission denied"), "{query}: {refused}");
            conn.batch_execute("ROLLBACK").unwrap();
        }

        // Of who named whom it sees what reviewers entered, and nothing of what examinees did.
        let named = |who: &str| json!({ "knows": [{ "who": who, "relation": "colleague" }] });
        app.put(&seat.user, "/acquaintances", named("Zuleika Quist")).await.expect(200);
        let seen = |conn: &mut PgConnection| -> Vec<String> {
            let rows = sql_query("SELECT who AS name FROM acquaintance").load::<Named>(conn).unwrap();
            rows.into_iter().map(|row| row.name).collect()
        };
        assert_eq!(seen(&mut conn), ["Zuleika Quist"]);
        conn.batch_execute(&format!("BEGIN; SET LOCAL ROLE {BLIND_ROLE}")).unwrap();
        assert_eq!(seen(&mut conn), [""; 0]);
        conn.batch_execute("ROLLBACK").unwrap();

        // That the reviewers' path really runs under it: without the role's right there is no queue.
        let reviewer = &stage.reviewers[0];
        app.get(reviewer, "/reviews").await.expect(200);
        conn.batch_execute(&format!("REVOKE SELECT ON reading FROM {BLIND_ROLE}")).unwrap();
        assert_eq!(app.get(reviewer, "/reviews").await.status, 500);
        app.get(&stage.coordinator, &stage.path("/marking")).await.expect(200);
    });
}

/// A row with a name.
#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}
