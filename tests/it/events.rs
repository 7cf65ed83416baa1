//! The stream of events that an exam room listens to.

use std::future::poll_fn;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::Method;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use evenhand::desk::pulse::Beat;
use evenhand::domain::policy::Policy;
use evenhand::domain::vocabulary::SittingKind;
use evenhand::store::Address;
use serde_json::{Value, json};

use crate::app::{Backend, TestApp, on_both, run};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    credit_and_closing_are_told_at_once,
    a_second_device_takes_over,
    the_page_opened_last_goes_on,
    what_an_earlier_page_kept_is_stored_and_told,
    who_waits_is_told_of_the_admission,
);

/// An open stream.
struct Events(BoxBody);

impl Events {
    async fn open(app: &TestApp, seat: &Seat, attempt: &str) -> Self {
        Self::at(app, seat, &format!("/api/v1/attempts/{attempt}/events")).await
    }

    async fn at(app: &TestApp, seat: &Seat, path: &str) -> Self {
        let response = app.stream(TestApp::request(&seat.user, Method::GET, path)).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
        Self(response.into_body())
    }

    /// The stream of a page that was opened under that number.
    async fn of_page(app: &TestApp, seat: &Seat, attempt: &str, opening: i64) -> Self {
        Self::at(app, seat, &format!("/api/v1/attempts/{attempt}/events?opening={opening}")).await
    }

    /// The next event with its data; nothing at the end of the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        let frame = poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await?.unwrap();
        let frame = String::from_utf8(frame.to_vec()).unwrap();
        let (event, data) = frame.strip_suffix("\n\n").unwrap().split_once('\n').unwrap();
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        Some((event.strip_prefix("event: ").unwrap().to_owned(), data))
    }
}

async fn credit_and_closing_are_told_at_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let mut events = Events::open(app, &seat, &attempt).await;
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), clock["remaining_seconds"].as_i64()), ("clock", Some(5400)));
    let credit = json!({ "seconds": 60, "reason": "fire alarm" });
    app.post(&stage.proctor, &stage.path("/credit"), credit).await.expect(200);
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), clock["deadline"].as_str()), ("clock", Some("2027-03-12T16:31:00.000Z")));
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!(events.next().await, Some(("closed".to_owned(), json!({ "receipt": receipt }))));
    assert_eq!(events.next().await, None);
}

async fn a_second_device_takes_over(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let (attempt, theirs) = (attempt_of(&app.begin(&seat).await), attempt_of(&app.begin(&other).await));
    let mut first = Events::open(app, &seat, &attempt).await;
    let mut neighbour = Events::open(app, &other, &theirs).await;
    let mut second = Events::open(app, &seat, &attempt).await;
    assert_eq!(first.next().await.unwrap().0, "clock");
    assert_eq!(first.next().await, Some(("taken_over".to_owned(), json!({}))));
    assert_eq!(first.next().await, None);
    assert_eq!((second.next().await.unwrap().0, neighbour.next().await.unwrap().0), ("clock".into(), "clock".into()));
    // The clerk's closing reaches whoever listens, and nobody else's matters.
    app.submit(&other, &theirs).await;
    assert_eq!(neighbour.next().await.unwrap().0, "closed");
    app.clock.advance_seconds(5402);
    app.clerk().await;
    let (event, closed) = second.next().await.unwrap();
    assert_eq!((event.as_str(), closed["receipt"]["closed_by"].as_str()), ("closed", Some("deadline")));
}

/// A page opens; the number of its opening.
async fn open_page(app: &TestApp, seat: &Seat, attempt: &str) -> i64 {
    let opened = app.post(&seat.user, &format!("/attempts/{attempt}/openings"), Value::Null).await.expect(201);
    opened["opening"].as_i64().unwrap()
}

/// How a page that hears no events finds itself.
async fn asks(app: &TestApp, seat: &Seat, attempt: &str, opening: i64) -> (bool, i64) {
    let clock = app.get(&seat.user, &format!("/attempts/{attempt}/clock?opening={opening}")).await.expect(200);
    (clock["taken_over"].as_bool().unwrap_or(false), clock["earlier_saves"].as_i64().unwrap_or(0))
}

async fn the_page_opened_last_goes_on(app: &TestApp) {
    let taken_over = || Some(("taken_over".to_owned(), json!({})));
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let old = open_page(app, &seat, &attempt).await;
    let mut first = Events::of_page(app, &seat, &attempt, old).await;
    assert_eq!(first.next().await.unwrap().0, "clock");
    // The network of the old page is gone; another one is opened, and again when its answer was lost.
    drop(first);
    let path = format!("/attempts/{attempt}/openings");
    let new = app.retry(&seat.user, Method::POST, &path, "once", Value::Null).await.expect(201);
    assert_eq!(app.retry(&seat.user, Method::POST, &path, "once", Value::Null).await.expect(201), new);
    let new = new["opening"].as_i64().unwrap();
    assert!(new - old >= 1_000_000, "{old} {new}");
    let mut second = Events::of_page(app, &seat, &attempt, new).await;
    assert_eq!(second.next().await.unwrap().0, "clock");
    // The old page comes back: it is told so, and nobody else hears of it.
    let mut back = Events::of_page(app, &seat, &attempt, old).await;
    assert_eq!(back.next().await.unwrap().0, "clock");
    assert_eq!(back.next().await, taken_over());
    assert_eq!(back.next().await, None);
    app.post(&stage.proctor, &stage.path("/credit"), json!({ "seconds": 60, "reason": "noise" })).await.expect(200);
    assert_eq!(second.next().await.unwrap().0, "clock");
    assert_eq!((asks(app, &seat, &attempt, old).await.0, asks(app, &seat, &attempt, new).await.0), (true, false));
    // The same on a server that was started since.
    let restarted = TestApp::beside(app, 8).await;
    let mut back = Events::of_page(&restarted, &seat, &attempt, old).await;
    assert_eq!(back.next().await.unwrap().0, "clock");
    assert_eq!(back.next().await, taken_over());
    assert!(!asks(&restarted, &seat, &attempt, new).await.0);
    // Opened once more, the old device takes over.
    let again = open_page(app, &seat, &attempt).await;
    assert_eq!(second.next().await, taken_over());
    assert_eq!(second.next().await, None);
    assert!(again > new);
}

async fn what_an_earlier_page_kept_is_stored_and_told(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let old = open_page(app, &seat, &attempt).await;
    let new = open_page(app, &seat, &attempt).await;
    let mut page = Events::of_page(app, &seat, &attempt, new).await;
    assert_eq!(page.next().await.unwrap().0, "clock");
    app.save(&seat, &attempt, 1, json!({ "revision": new + 1, "choice": "a" })).await.expect(200);
    // The old page comes back and sends what it kept: the new page's answer stays, the other is stored.
    let kept = json!({ "answers": [
        { "position": 1, "revision": old + 900_000, "choice": "b" },
        { "position": 2, "revision": old + 1, "choice": "c" },
    ] });
    let answered = app.post(&seat.user, &format!("/attempts/{attempt}/answers"), kept.clone()).await.expect(200);
    assert_eq!(answered["results"][0]["revision"], new + 1);
    assert_eq!(answered["results"][1]["revision"], old + 1);
    assert_eq!(page.next().await, Some(("earlier_saves".to_owned(), json!({ "earlier_saves": 1 }))));
    assert_eq!((asks(app, &seat, &attempt, old).await, asks(app, &seat, &attempt, new).await), ((true, 1), (false, 1)));
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    let stored: Vec<&str> = paper["saved"].as_array().unwrap().iter().filter_map(|a| a["choice"].as_str()).collect();
    assert_eq!(stored, ["a", "c"]);
    // The page's own saves are no news to it, nor does a program that numbers from one hear of its own.
    app.save(&seat, &attempt, 3, json!({ "revision": new + 2, "choice": "a" })).await.expect(200);
    assert_eq!(asks(app, &seat, &attempt, new).await, (false, 1));
    let other = stage.seat(app, "Ben Bold").await;
    let theirs = attempt_of(&app.begin(&other).await);
    let mut program = Events::open(app, &other, &theirs).await;
    assert_eq!(program.next().await.unwrap().0, "clock");
    app.save(&other, &theirs, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.submit(&other, &theirs).await;
    assert_eq!(program.next().await.unwrap().0, "closed");
}

/// What comes before a stream would look by itself, whatever else the machine has to do.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(8), what).await.expect("it is told at once")
}

/// Several servers on one database: whatever is done on one reaches the pages that are connected to another.
#[test]
fn what_happens_on_one_server_reaches_pages_on_another() {
    run(Backend::Postgres, told_elsewhere);
}

async fn told_elsewhere(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.policy(&stage.here, Policy { identity_check: true, ..Policy::default() }).await;
    let now = app.now();
    let sitting = app.sitting(&stage.here, &stage.coordinator, move |terms| terms.opens_at = now).await;
    let (seat, waits) =
        (stage.seat_in(app, &sitting, "Ann Able").await, stage.seat_in(app, &sitting, "Ben Bold").await);
    let admission = |seat: &Seat| format!("/registrations/{}/admission", seat.registration);
    app.post(&stage.proctor, &admission(&seat), json!({})).await.expect(204);
    let attempt = attempt_of(&app.begin(&seat).await);
    app.agree(&waits).await;

    let other = TestApp::beside(app, 9).await;
    let mut page = Events::of_page(&other, &seat, &attempt, open_page(&other, &seat, &attempt).await).await;
    assert_eq!(page.next().await.unwrap().0, "clock");
    let mut waiting = Events::at(&other, &waits, &format!("/api/v1/registrations/{}/events", waits.registration)).await;
    assert_eq!(waiting.next().await.unwrap().1["next"], "be_admitted");

    let path = |rest: &str| format!("/sittings/{sitting}/{rest}");
    let credit = json!({ "seconds": 60, "reason": "noise" });
    app.post(&stage.proctor, &format!("/attempts/{attempt}/credit"), credit).await.expect(200);
    assert_eq!(soon(page.next()).await.unwrap().1["remaining_seconds"], 5460);
    app.post(&stage.proctor, &path("messages"), json!({ "text": "Please stay seated." })).await.expect(201);
    assert_eq!(soon(page.next()).await.unwrap().1["text"], "Please stay seated.");
    app.post(&stage.proctor, &path("pause"), json!({ "reason": "fire alarm" })).await.expect(200);
    assert_eq!(soon(page.next()).await.unwrap().1["state"], "paused");
    assert_eq!(soon(waiting.next()).await.unwrap().1["next"], "paused");
    app.post(&stage.proctor, &path("resume"), Value::Null).await.expect(200);
    assert_eq!(soon(page.next()).await.unwrap().1["state"], "open");
    assert_eq!(soon(waiting.next()).await.unwrap().1["next"], "be_admitted");
    app.post(&stage.proctor, &admission(&waits), json!({})).await.expect(204);
    assert_eq!(soon(waiting.next()).await.unwrap().1["next"], "start_one");
    // Opened on the one, taken over on the other.
    let newest = open_page(app, &seat, &attempt).await;
    assert_eq!(soon(page.next()).await, Some(("taken_over".to_owned(), json!({}))));
    let mut page = Events::of_page(&other, &seat, &attempt, newest).await;
    assert_eq!(page.next().await.unwrap().0, "clock");
    app.post(&stage.proctor, &format!("/attempts/{attempt}/close"), json!({ "reason": "It was a trial." }))
        .await
        .expect(200);
    assert_eq!(soon(page.next()).await.unwrap().0, "closed");
}

/// Where word was lost, pages look for themselves.
#[test]
fn a_broken_line_between_servers_is_mended() {
    run(Backend::Postgres, mended);
}

async fn mended(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let other = TestApp::beside(app, 9).await;
    let mut beats = other.web.office.pulse.listen();
    let Address::Postgres(url) = app.home.database() else { panic!("another database") };
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_backend_pid%' AND pid <> pg_backend_pid()";
    PgConnection::establish(url).unwrap().batch_execute(cut).unwrap();
    // Once when the line is found broken, once when it is there again.
    for _ in 0..2 {
        assert_eq!(soon(beats.recv()).await.unwrap(), Beat::Anything);
    }
    // The first server's own line may still be broken; what it could not tell, it makes up for.
    app.post(&stage.proctor, &format!("/attempts/{attempt}/credit"), json!({ "seconds": 60, "reason": "noise" }))
        .await
        .expect(200);
    assert!(soon(beats.recv()).await.is_ok());
}

async fn who_waits_is_told_of_the_admission(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.policy(&stage.here, Policy { identity_check: true, ..Policy::default() }).await;
    let now = app.now();
    let sitting = app
        .sitting(&stage.here, &stage.coordinator, move |terms| {
            terms.kind = SittingKind::Fixed;
            terms.opens_at = now.plus_seconds(60);
            terms.closes_at = now.plus_seconds(4 * 3600);
        })
        .await;
    let (seat, late) = (stage.seat_in(app, &sitting, "Ann Able").await, stage.seat_in(app, &sitting, "Lee Late").await);
    app.agree(&seat).await;
    app.agree(&late).await;
    let path = |seat: &Seat| format!("/api/v1/registrations/{}/events", seat.registration);
    let mut waiting = Events::at(app, &seat, &path(&seat)).await;
    let told =
        |next: &str, awaits: bool| Some(("standing".to_owned(), json!({ "next": next, "awaits_admission": awaits })));
    assert_eq!(waiting.next().await, told("wait", true));
    // Admitted before the opening: the page needs no other word to open by itself.
    let admission = |seat: &Seat| format!("/registrations/{}/admission", seat.registration);
    app.post(&stage.proctor, &admission(&seat), json!({})).await.expect(204);
    assert_eq!(waiting.next().await, told("wait", false));
    // Too late, until a coordinator says otherwise and why.
    app.clock.advance_seconds(60 + 15 * 60 + 1);
    let mut outside = Events::at(app, &late, &path(&late)).await;
    assert_eq!(outside.next().await, told("late", true));
    let reason = json!({ "late_reason": "the train stood still" });
    app.post(&stage.coordinator, &admission(&late), reason).await.expect(204);
    assert_eq!(outside.next().await, told("start_one", false));
    // Nobody hears of anybody else's seat.
    app.get(&seat.user, &format!("/registrations/{}/events", late.registration)).await.problem(404, "not_found");
}
