//! The practice exam: the real engine, and nothing of it counts anywhere.

use actix_web::http::Method;
use evenhand::domain::ids::{AttemptId, RegistrationId};
use evenhand::domain::policy::Policy;
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{PROSE, Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    practice_is_sat_like_an_exam,
    practice_counts_nowhere,
    practice_exists_for_its_examinee_alone,
    accommodations_hold_in_practice,
    the_clerk_closes_practice_too,
    pressing_twice_leads_to_the_same_seat,
    who_practises_must_be_an_examinee,
    a_system_check_saves_where_the_exam_saves,
    a_device_is_not_believed_what_the_server_did_not_see,
    staff_see_how_the_last_check_went,
);

/// A seat for practice of somebody.
async fn practise(app: &TestApp, user: &User) -> Seat {
    let seat = app.post(user, "/practice", Value::Null).await.expect(201);
    Seat { user: user.clone(), registration: seat["id"].as_str().unwrap().to_owned() }
}

/// Sits a whole practice exam with so many right answers; the attempts of both parts.
async fn sit(app: &TestApp, seat: &Seat, right: usize) -> (String, String) {
    let one = attempt_of(&app.start(seat, "one").await);
    for (position, key) in (1..).zip(app.key(&one).await) {
        let wrong = if key == "a" { "b" } else { "a" };
        let choice = if position <= right { key } else { wrong };
        let answer = json!({ "revision": 1, "choice": choice });
        app.save(seat, &one, i64::try_from(position).unwrap(), answer).await.expect(200);
    }
    app.submit(seat, &one).await;
    let two = app.sit_two(seat, PROSE).await;
    (one, two)
}

async fn practice_is_sat_like_an_exam(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    // Identity checks are for the day.
    app.policy(&stage.here, Policy { identity_check: true, practice_one_seconds: 300, ..Policy::default() }).await;
    let seat = practise(app, &user).await;
    let listed = app.get(&user, "/practice").await.expect(200);
    assert_eq!(listed["items"][0]["id"], seat.registration);
    assert_eq!(listed["items"][0]["practice"], true);
    assert_eq!(listed["items"][0]["awaits_admission"], false);
    assert_eq!(listed["items"][0]["parts"][0]["allowance_seconds"], 300);
    assert_eq!(listed["items"][0]["parts"][1]["allowance_seconds"], 600);

    let paper = app.start(&seat, "one").await;
    let attempt = attempt_of(&paper);
    assert_eq!(paper["questions"].as_array().unwrap().len(), 10);
    let solution = format!("/practice/attempts/{attempt}/solution");
    app.get(&user, &solution).await.problem(409, "part_not_ready");
    let key = app.key(&attempt).await;
    for position in 1..=8 {
        let choice = if position == 8 { if key[7] == "a" { "b" } else { "a" } } else { key[position - 1] };
        let answer = json!({ "revision": 1, "choice": choice });
        app.save(&seat, &attempt, i64::try_from(position).unwrap(), answer).await.expect(200);
    }
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!((receipt["answered"].as_i64(), receipt["closed_by"].as_str()), (Some(8), Some("examinee")));
    assert!(!receipt["signature"].as_str().unwrap().is_empty());
    let told = app.get(&user, &solution).await.expect(200);
    assert_eq!((told["correct"].as_i64(), told["scored"].as_i64()), (Some(7), Some(10)));
    for (question, right) in told["questions"].as_array().unwrap().iter().zip(&key) {
        assert_eq!(question["right"], *right);
        assert!(question["rationale"].as_str().unwrap().starts_with("<p>"));
        let asked = &paper["questions"][usize::try_from(question["position"].as_i64().unwrap() - 1).unwrap()];
        assert_eq!(question["stem"], asked["stem"], "the questions stand as they stood on the paper");
        let shown = asked["choices"].as_array().unwrap().iter().find(|c| c["choice"] == question["right"]).unwrap();
        assert_eq!(shown["text"], question["right_text"]);
    }
    assert_eq!(told["questions"][8]["chosen"], Value::Null);

    let paper = app.start(&seat, "two").await;
    assert_eq!((paper["vignettes"].as_array().unwrap().len(), paper["choose"].as_i64()), (2, Some(2)));
    let two = attempt_of(&paper);
    app.save(&seat, &two, 1, json!({ "revision": 1, "text": PROSE })).await.expect(200);
    app.submit(&seat, &two).await;
    app.get(&user, &format!("/practice/attempts/{two}/solution")).await.problem(404, "not_found");
}

async fn practice_counts_nowhere(app: &TestApp) {
    let stage = Stage::new(app).await;
    let before = stage.seat(app, "Bea Before").await;
    let user = before.user.clone();
    let seat = practise(app, &user).await;
    let (one, two) = sit(app, &seat, 3).await;

    let own = app.get(&user, "/registrations").await.expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 1, "programs find the real seat first, and only it");
    assert_eq!(own["items"][0]["id"], before.registration);
    assert_eq!(own["items"][0].get("practice"), None);
    assert_eq!(app.get(&user, "/results").await.expect(200)["items"], json!([]));
    let who = user.id.clone();
    let told: Vec<String> =
        app.read(move |tx| Ok(tx.messages_of(&who, 50)?.into_iter().map(|m| m.kind).collect())).await;
    assert_eq!(told, ["registration"], "the receipt of practice is on its page, not among the mail");
    let (ones, twos) = (AttemptId(one), AttemptId(two));
    app.read(move |tx| {
        assert!(tx.score(&ones)?.is_none());
        assert!(tx.scripts_of(&twos)?.is_empty());
        Ok(())
    })
    .await;

    // Whoever practised first can be registered afterwards, and sees nothing of practice in the exam.
    let later = stage.examinee(app, "Lee Later").await;
    let rehearsal = practise(app, &later).await;
    app.start(&rehearsal, "one").await;
    let registration = app.register(&stage.coordinator, &stage.sitting, &later).await;
    let real = Seat { user: later, registration };
    let paper = app.begin(&real).await;
    let attempt = AttemptId(attempt_of(&paper));
    let asked = app
        .read(move |tx| {
            let form = tx.attempt(&attempt)?.form;
            tx.form_entries(&form)
        })
        .await;
    assert_eq!(asked.len(), 60);
    assert!(asked.iter().all(|entry| !entry.id.starts_with("practice-")));

    // What a practice exam left behind reaches no list of the staff.
    let sittings = app.get(&stage.coordinator, "/sittings").await.expect(200);
    assert_eq!(sittings["items"].as_array().unwrap().len(), 1);
    let seats = app.get(&stage.coordinator, &stage.path("/registrations")).await.expect(200);
    assert_eq!(seats["items"].as_array().unwrap().len(), 2);
    let board = app.get(&stage.coordinator, &stage.path("/board")).await.expect(200);
    assert_eq!(board["items"].as_array().unwrap().len(), 2);
    let allocation = app.allocate(&stage, &stage.sitting).await;
    assert_eq!((allocation["assigned"].clone(), allocation["unassigned"].clone()), (json!(0), json!([])));
}

async fn practice_exists_for_its_examinee_alone(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    let seat = practise(app, &user).await;
    let attempt = attempt_of(&app.start(&seat, "one").await);
    let id = RegistrationId(seat.registration.clone());
    let sitting = app.read(move |tx| Ok(tx.registration(&id)?.sitting)).await;
    let other = stage.examinee(app, "Oda Other").await;
    for (method, path, body) in [
        (Method::GET, format!("/sittings/{sitting}"), Value::Null),
        (Method::PATCH, format!("/sittings/{sitting}"), json!({ "title": "x" })),
        (Method::GET, format!("/sittings/{sitting}/board"), Value::Null),
        (Method::GET, format!("/sittings/{sitting}/registrations"), Value::Null),
        (Method::GET, format!("/sittings/{sitting}/marking"), Value::Null),
        (Method::POST, format!("/sittings/{sitting}/allocation"), Value::Null),
        (Method::POST, format!("/sittings/{sitting}/releases?dry_run=true"), json!({})),
        (Method::POST, format!("/sittings/{sitting}/credit"), json!({ "seconds": 60, "reason": "x" })),
        (Method::POST, format!("/attempts/{attempt}/credit"), json!({ "seconds": 60, "reason": "x" })),
        (Method::POST, format!("/registrations/{}/admission", seat.registration), json!({})),
        (Method::DELETE, format!("/registrations/{}", seat.registration), Value::Null),
        (Method::GET, format!("/attempts/{attempt}"), Value::Null),
        (Method::GET, format!("/practice/attempts/{attempt}/solution"), Value::Null),
    ] {
        for who in [&stage.coordinator, &other] {
            app.send(who, method.clone(), &path, body.clone()).await.problem(404, "not_found");
        }
    }
}

async fn accommodations_hold_in_practice(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    let arrangement =
        json!({ "time_multiplier_percent": 150, "extra_seconds": { "one": 60, "two": 0 }, "approved_note": "x" });
    app.put(&stage.coordinator, &format!("/people/{}/accommodations", user.id), arrangement).await.expect(200);
    let seat = practise(app, &user).await;
    let attempt = attempt_of(&app.start(&seat, "one").await);
    let clock = app.get(&user, &format!("/attempts/{attempt}/clock")).await.expect(200);
    assert_eq!(clock["remaining_seconds"], 600 + 300 + 60);
}

async fn the_clerk_closes_practice_too(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    let seat = practise(app, &user).await;
    let attempt = attempt_of(&app.start(&seat, "one").await);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.clock.advance_seconds(700);
    app.clerk().await;
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": "a" })).await.problem(409, "part_closed");
    let told = app.get(&user, &format!("/practice/attempts/{attempt}/solution")).await.expect(200);
    assert_eq!(told["questions"][1]["chosen"], Value::Null);
    app.start(&seat, "two").await;
}

async fn pressing_twice_leads_to_the_same_seat(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    let first = practise(app, &user).await;
    let again = app.post(&user, "/practice", Value::Null).await.expect(200);
    assert_eq!(again["id"], first.registration, "nothing was started in it");
    let attempt = attempt_of(&app.start(&first, "one").await);
    let running = app.post(&user, "/practice", Value::Null).await.expect(200);
    assert_eq!(running["id"], first.registration, "a part of it runs");
    app.submit(&first, &attempt).await;
    app.clock.advance_seconds(1);
    let second = practise(app, &user).await;
    assert_ne!(second.registration, first.registration, "one may begin anew without Part Two");
    // Another policy is another practice exam, also for who has not started.
    app.policy(&stage.here, Policy { practice_two_seconds: 60, ..Policy::default() }).await;
    app.clock.advance_seconds(1);
    let third = practise(app, &user).await;
    assert_ne!(third.registration, second.registration);
    assert_eq!(app.get(&user, "/practice").await.expect(200)["items"].as_array().unwrap().len(), 3);
}

async fn who_practises_must_be_an_examinee(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.post(&stage.coordinator, "/practice", Value::Null).await.problem(403, "role_required");
    app.post(&User::stranger(), "/practice", Value::Null).await.problem(401, "not_signed_in");
    assert_eq!(app.get(&stage.coordinator, "/practice").await.expect(200)["items"], json!([]));
}

/// A check that is begun: its id and its attempt.
async fn begin_check(app: &TestApp, user: &User) -> (String, String) {
    let begun = app.post(user, "/system-checks", Value::Null).await.expect(201);
    let text = |field: &str| begun[field].as_str().unwrap().to_owned();
    (text("id"), text("attempt"))
}

/// Everything passed, as a device says.
fn all_passed() -> Value {
    let probes = ["modules", "device_storage", "storage_room", "events", "clock", "round_trip", "save", "pull_out"];
    let findings: Vec<Value> = probes.iter().map(|probe| json!({ "check": probe, "outcome": "passed" })).collect();
    json!({ "findings": findings })
}

async fn a_system_check_saves_where_the_exam_saves(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    let (id, attempt) = begin_check(app, &user).await;
    let again = app.post(&user, "/system-checks", Value::Null).await.expect(200);
    assert_eq!(again["id"], id, "nothing was saved in it yet");
    let seat = Seat { user: user.clone(), registration: String::new() };
    for position in 1..=3 {
        app.save(&seat, &attempt, position, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    }
    let path = format!("/system-checks/{id}/report");
    let twice =
        json!({ "findings": [{ "check": "save", "outcome": "passed" }, { "check": "save", "outcome": "failed" }] });
    assert_eq!(app.post(&user, &path, twice).await.pointers("invalid"), ["/findings/1/check"]);
    let told = app.post(&user, &path, all_passed()).await.expect(200);
    assert_eq!((told["passed"].as_bool(), told["findings"].as_array().unwrap().len()), (Some(true), 9));
    app.clock.advance_seconds(60);
    let later = app.post(&user, &path, json!({ "findings": [] })).await.expect(200);
    assert_eq!(later, told, "a report stands");
    // Its part is closed, and it is no practice exam.
    app.save(&seat, &attempt, 4, json!({ "revision": 1, "choice": "a" })).await.problem(409, "part_closed");
    assert_eq!(app.get(&user, "/practice").await.expect(200)["items"], json!([]));
    assert_eq!(app.get(&user, "/registrations").await.expect(200)["items"], json!([]));
    let other = stage.examinee(app, "Oda Other").await;
    app.post(&other, &path, all_passed()).await.problem(404, "not_found");
    assert_eq!(app.get(&user, "/system-checks").await.expect(200)["items"][0]["id"], id);
}

async fn a_device_is_not_believed_what_the_server_did_not_see(app: &TestApp) {
    let stage = Stage::new(app).await;
    let user = stage.examinee(app, "Ann Able").await;
    let (id, attempt) = begin_check(app, &user).await;
    let seat = Seat { user: user.clone(), registration: String::new() };
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    let told = app.post(&user, &format!("/system-checks/{id}/report"), all_passed()).await.expect(200);
    assert_eq!(told["passed"], false);
    let outcome = |probe: &str| {
        let findings = told["findings"].as_array().unwrap();
        findings.iter().find(|f| f["check"] == probe).unwrap()["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!((outcome("save"), outcome("pull_out")), ("passed".into(), "failed".into()));
}

async fn staff_see_how_the_last_check_went(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let board = app.get(&stage.proctor, &stage.path("/board")).await.expect(200);
    assert_eq!(board["items"][0]["system_check"], Value::Null);
    let (id, attempt) = begin_check(app, &seat.user).await;
    app.post(&seat.user, &format!("/system-checks/{id}/report"), all_passed()).await.expect(200);
    let board = app.get(&stage.proctor, &stage.path("/board")).await.expect(200);
    assert_eq!(board["items"][0]["system_check"]["passed"], false);
    assert_eq!(board["items"][0]["system_check"]["failed"], json!(["save", "pull_out"]));
    assert_eq!(board["items"][0]["presence"], "expected", "a check is no sign of being in the room");
    app.get(&stage.proctor, &format!("/attempts/{attempt}")).await.problem(404, "not_found");
}
