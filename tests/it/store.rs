//! The store's word: what was acknowledged is there after whatever happens, one job's failure is its own, and a full
//! queue says so at once.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc;

use actix_web::rt;
use evenhand::domain::ids::AttemptId;
use evenhand::domain::refusal::Refusal;
use evenhand::store::people::Person;
use evenhand::store::{Address, Call, Error, Store};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{Backend, Home, Reply, TestApp, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    what_was_acknowledged_is_durable,
    one_jobs_failure_is_its_own,
    what_is_not_stored_is_not_acknowledged,
    equal_numbers_from_two_devices_are_told_apart,
    two_servers_share_a_database,
    seats_never_exceed_the_room,
    one_person_seals_once,
);

/// How many jobs may wait for the embedded database's writer.
const QUEUE_LENGTH: usize = 8_192;

/// A few examinees at work, with their attempts.
async fn room(app: &TestApp, stage: &Stage, names: &[&str]) -> Vec<(Seat, String)> {
    let mut room = Vec::new();
    for name in names {
        let seat = stage.seat(app, name).await;
        let attempt = attempt_of(&app.begin(&seat).await);
        room.push((seat, attempt));
    }
    room
}

/// The database as whoever comes after a crash finds it: of the embedded one, the files as they are at this moment.
fn after_a_crash(app: &TestApp, onto: &Home) -> Address {
    let Address::Sqlite(path) = app.home.database() else { return app.home.database().clone() };
    let copy = onto.folder.join("crashed.db").display().to_string();
    for suffix in ["", "-wal"] {
        std::fs::copy(format!("{path}{suffix}"), format!("{copy}{suffix}")).unwrap();
    }
    Address::Sqlite(copy)
}

async fn what_was_acknowledged_is_durable(app: &TestApp) {
    let stage = Stage::new(app).await;
    let room = room(app, &stage, &["Ann Able", "Ben Bold", "Cyd Cash", "Dee Dean"]).await;
    // Two hundred at once: on the embedded database they share a few transactions.
    let saves = room.iter().flat_map(|(seat, attempt)| {
        (1..=50).map(move |position| app.save(seat, attempt, position, json!({ "revision": position, "choice": "b" })))
    });
    for reply in join_all(saves).await {
        reply.expect(200);
    }
    let elsewhere = Home::new(Backend::Sqlite).unwrap();
    let found = Store::open(after_a_crash(app, &elsewhere), app.web.world.clone()).unwrap();
    for (_, attempt) in room {
        let id = AttemptId(attempt);
        let answers = found.read(app.now(), move |tx| tx.answers(&id)).await.unwrap();
        let revisions: Vec<i64> = answers.iter().map(|a| a.revision).collect();
        assert_eq!(revisions, (1..=50).collect::<Vec<i64>>());
        assert!(answers.iter().all(|a| a.choice.as_deref() == Some("b")));
    }
    assert_eq!(found.read(app.now(), |tx| tx.invariants()).await.unwrap(), Vec::<String>::new());
}

async fn one_jobs_failure_is_its_own(app: &TestApp) {
    let store = &app.web.office.store;
    let call = Call::at(app.now());
    let jobs = (0..40).map(|number| {
        store.write_unaudited(&call, move |tx| {
            tx.person_add(&Person {
                id: format!("person {number}"),
                name: "Somebody".into(),
                email: format!("{number}@example.org"),
                employer: None,
                locale: "en".into(),
                created_at: 0,
            })?;
            match number {
                7 | 8 => std::panic::resume_unwind(Box::new("on purpose")),
                20 => Err(Refusal::NotFound.into()),
                _ => Ok(number),
            }
        })
    });
    for (number, outcome) in join_all(jobs).await.into_iter().enumerate() {
        match (number, outcome) {
            (7 | 8, Err(Error::Broke(_))) | (20, Err(Error::Refused(Refusal::NotFound))) => {}
            (_, Ok(done)) => assert_eq!(done, number),
            (_, other) => panic!("{number}: {other:?}"),
        }
    }
    let ids: Vec<String> = (0..40).map(|number| format!("person {number}")).collect();
    let mut there: Vec<String> = app.read(move |tx| tx.people(&ids)).await.into_iter().map(|p| p.id).collect();
    there.sort();
    assert_eq!(there.len(), 37);
    assert!(["person 7", "person 8", "person 20"].iter().all(|gone| !there.contains(&(*gone).to_owned())));
}

fn somebody(id: &str) -> Person {
    Person {
        id: id.into(),
        name: "Somebody".into(),
        email: format!("{id}@example.org"),
        employer: None,
        locale: "en".into(),
        created_at: 0,
    }
}

/// A job that passes over a failed statement and says that all is well. A database server has undone the whole
/// transaction by then and still answers its COMMIT with success.
async fn what_is_not_stored_is_not_acknowledged(app: &TestApp) {
    let store = &app.web.office.store;
    let call = Call::at(app.now());
    store.write_unaudited(&call, |tx| tx.person_add(&somebody("first"))).await.unwrap();
    let outcome = store
        .write_unaudited(&call, |tx| {
            tx.person_add(&somebody("second"))?;
            assert!(tx.person_add(&somebody("first")).is_err());
            Ok(())
        })
        .await;
    let there = app.read(|tx| tx.people(&["second".to_owned()])).await;
    assert_eq!(outcome.is_ok(), !there.is_empty(), "{outcome:?}");
    // The connection is as good as new.
    store.write_unaudited(&call, |tx| tx.person_add(&somebody("third"))).await.unwrap();
}

async fn equal_numbers_from_two_devices_are_told_apart(app: &TestApp) {
    let stage = Stage::new(app).await;
    let room = room(app, &stage, &["Ann Able"]).await;
    let (seat, attempt) = &room[0];
    let save = async |revision: i64, choice: &str| {
        app.save(seat, attempt, 1, json!({ "revision": revision, "choice": choice })).await.expect(200)
    };
    let first = save(5, "a").await;
    assert_eq!(first["superseded"], Value::Null);
    assert_eq!(save(5, "a").await, first, "a repetition is answered as it was");
    let other = save(5, "b").await;
    assert_eq!((&other["revision"], &other["superseded"]), (&json!(5), &json!(true)));
    assert_eq!(save(4, "b").await, first, "the number tells that it is another");
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    assert_eq!(paper["saved"][0]["choice"], "a");
}

async fn two_servers_share_a_database(app: &TestApp) {
    let stage = Stage::new(app).await;
    let room = room(app, &stage, &["Ann Able", "Ben Bold"]).await;
    let other = TestApp::beside(app, 8).await;
    let proctor = &stage.proctor;
    let mut calls = Vec::new();
    for round in 0..10 {
        for (_, attempt) in &room {
            let server = if round % 2 == 0 { app } else { &other };
            let credit = json!({ "seconds": 60, "reason": format!("round {round}") });
            calls.push(async move { server.post(proctor, &format!("/attempts/{attempt}/credit"), credit).await });
        }
    }
    for reply in join_all(calls).await {
        reply.expect(200);
    }
    for (seat, attempt) in &room {
        let clock = other.get(&seat.user, &format!("/attempts/{attempt}/clock")).await.expect(200);
        assert_eq!((clock["remaining_seconds"].as_i64(), clock["terms"].as_array().unwrap().len()), (Some(6000), 11));
    }
    // Signed out at one, signed out at the other.
    app.delete(&stage.auditor, "/session").await.expect(204);
    other.get(&stage.auditor, "/session").await.problem(401, "not_signed_in");
}

async fn seats_never_exceed_the_room(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.patch(&stage.coordinator, &stage.path(""), json!({ "capacity": 3 })).await.expect(200);
    let mut people = Vec::new();
    for name in ["Ann Able", "Ben Bold", "Cyd Cash", "Dee Dean", "Eve East", "Fay Ford"] {
        people.push(stage.examinee(app, name).await);
    }
    let path = stage.path("/registrations");
    let calls = people.iter().map(|person| {
        let body = json!({ "person": person.id, "track": "IMH-E", "category": "specialist" });
        app.post(&stage.coordinator, &path, body)
    });
    let replies: Vec<Reply> = join_all(calls).await;
    let seated = replies.iter().filter(|r| r.status == 201).count();
    let full = replies.iter().filter(|r| r.status == 409 && r.json()["code"] == "sitting_full").count();
    assert_eq!((seated, full), (3, 3), "{replies:?}");
}

async fn one_person_seals_once(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 2).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 48).await;
    app.allocate(&stage, &stage.sitting).await;
    let who = &stage.reviewers[0];
    let code = app.codes(who).await.pop().unwrap();
    let (pass, fail) = (app.review(who, &code, "pass").await, app.review(who, &code, "fail").await);
    let path = format!("/reviews/{code}/seal");
    let calls = (0..8).map(|number| app.post(who, &path, if number % 2 == 0 { pass.clone() } else { fail.clone() }));
    let replies: Vec<Reply> = join_all(calls).await;
    let sealed: Vec<&Reply> = replies.iter().filter(|r| r.status == 200).collect();
    let refused = replies.iter().filter(|r| r.status == 409 && r.json()["code"] == "already_sealed").count();
    assert_eq!((sealed.len(), refused), (1, 7), "{replies:?}");
    let shown = app.get(who, &format!("/reviews/{code}")).await.expect(200);
    assert_eq!(shown["sealed"]["digest"], sealed[0].json()["sealed_digest"]);
    // The same starts at the same time make one attempt.
    let ben = stage.seat(app, "Ben Bold").await;
    app.agree(&ben).await;
    let path = format!("/registrations/{}/parts/one/start", ben.registration);
    let replies = join_all((0..6).map(|_| app.post(&ben.user, &path, Value::Null))).await;
    assert_eq!(replies.iter().filter(|r| r.status == 201).count(), 1, "{replies:?}");
    assert!(replies.iter().all(|r| r.json()["attempt"] == replies[0].json()["attempt"]));
}

/// The embedded database's queue is this process's own; a database server queues by itself.
#[test]
fn a_full_queue_answers_busy() {
    crate::app::run(Backend::Sqlite, async |app: &TestApp| {
        let stage = Stage::new(app).await;
        let room = room(app, &stage, &["Ann Able"]).await;
        let (store, call) = (app.web.office.store.clone(), Call::at(app.now()));
        let (started, begun) = mpsc::channel::<()>();
        let (release, gate) = mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        let (blocking, at) = (store.clone(), call.clone());
        let blocked = rt::spawn(async move {
            blocking
                .write_unaudited(&at, move |_| {
                    started.send(()).unwrap();
                    gate.lock().unwrap().recv().unwrap();
                    Ok(())
                })
                .await
        });
        rt::task::yield_now().await;
        begun.recv().unwrap();
        let (mut waiting, queued) = (Vec::new(), Rc::new(Cell::new(0)));
        for _ in 0..QUEUE_LENGTH {
            let (store, call, queued) = (store.clone(), call.clone(), queued.clone());
            waiting.push(rt::spawn(async move {
                queued.set(queued.get() + 1);
                store.write_unaudited(&call, |_| Ok(())).await
            }));
        }
        while queued.get() < QUEUE_LENGTH {
            rt::task::yield_now().await;
        }
        let (seat, attempt) = &room[0];
        let busy = app.save(seat, attempt, 1, json!({ "revision": 1, "choice": "a" })).await;
        busy.problem(503, "busy");
        assert_eq!(busy.header("retry-after"), Some("1"));
        release.send(()).unwrap();
        blocked.await.unwrap().unwrap();
        for job in waiting {
            job.await.unwrap().unwrap();
        }
        app.save(seat, attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    });
}
