//! The exam as an examinee's program meets it: from the agreement to the receipt, to the millisecond.

use actix_web::http::Method;
use evenhand::domain::ids::{AttemptId, RegistrationId};
use evenhand::domain::policy::Policy;
use evenhand::domain::vocabulary::SittingKind;
use serde_json::{Value, json};

use crate::app::{Reply, TestApp, on_both};
use crate::build::{Seat, Stage};

on_both!(
    the_agreement_comes_first,
    a_window_opens_and_closes,
    a_fixed_sitting_waits_for_nobody,
    a_proctor_admits_where_the_policy_asks,
    parts_follow_each_other,
    a_paper_tells_nothing_of_the_key,
    the_newest_revision_counts,
    what_the_paper_does_not_have_is_refused,
    a_batch_is_judged_one_by_one,
    prose_is_kept_as_it_is,
    forty_eight_of_sixty_pass,
    other_peoples_exams_do_not_exist,
    a_retry_key_answers_the_same,
);

fn start_path(seat: &Seat, part: &str) -> String {
    format!("/registrations/{}/parts/{part}/start", seat.registration)
}

async fn start(app: &TestApp, seat: &Seat, part: &str) -> Reply {
    app.post(&seat.user, &start_path(seat, part), Value::Null).await
}

/// The attempt that a paper is of.
pub fn attempt_of(paper: &Value) -> String {
    paper["attempt"].as_str().unwrap().to_owned()
}

/// The states of both parts, as the examinee is told.
pub async fn states(app: &TestApp, seat: &Seat) -> (String, String) {
    let own = app.get(&seat.user, "/registrations").await.expect(200);
    let state = |index: usize| own["items"][0]["parts"][index]["state"].as_str().unwrap().to_owned();
    (state(0), state(1))
}

async fn the_agreement_comes_first(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    start(app, &seat, "one").await.problem(409, "agreement_required");
    let path = format!("/registrations/{}/agreement", seat.registration);
    app.post(&seat.user, &path, json!({ "version": "1999-1" })).await.problem(409, "agreement_changed");
    let own = app.get(&seat.user, "/registrations").await.expect(200);
    assert_eq!(own["items"][0]["agreement"]["accepted_at"], Value::Null);
    assert!(!own["items"][0]["agreement"]["text"].as_str().unwrap().is_empty());
    app.agree(&seat).await;
    app.clock.advance_seconds(60);
    app.agree(&seat).await;
    let own = app.get(&seat.user, "/registrations").await.expect(200);
    assert_eq!(own["items"][0]["agreement"]["accepted_at"], "2027-03-12T15:00:00.000Z");
    start(app, &seat, "one").await.expect(201);
}

async fn a_window_opens_and_closes(app: &TestApp) {
    let stage = Stage::new(app).await;
    let now = app.now();
    let sitting = app
        .sitting(&stage.here, &stage.coordinator, move |terms| {
            terms.opens_at = now.plus_seconds(60);
            terms.closes_at = now.plus_seconds(120);
        })
        .await;
    let (seat, late) = (stage.seat_in(app, &sitting, "Ann Able").await, stage.seat_in(app, &sitting, "Lee Late").await);
    app.agree(&seat).await;
    app.agree(&late).await;
    start(app, &seat, "one").await.problem(409, "sitting_not_open");
    app.clock.advance_seconds(59);
    start(app, &seat, "one").await.problem(409, "sitting_not_open");
    app.clock.advance_seconds(1);
    start(app, &seat, "one").await.expect(201);
    app.clock.advance_seconds(61);
    start(app, &late, "one").await.problem(409, "too_late");
    // Whoever began in time goes on: the window is for starting.
    start(app, &seat, "one").await.expect(200);
}

async fn a_fixed_sitting_waits_for_nobody(app: &TestApp) {
    let stage = Stage::new(app).await;
    let now = app.now();
    let sitting = app
        .sitting(&stage.here, &stage.coordinator, move |terms| {
            terms.kind = SittingKind::Fixed;
            terms.opens_at = now;
            terms.closes_at = now.plus_seconds(4 * 3600);
        })
        .await;
    let (seat, late) = (stage.seat_in(app, &sitting, "Ann Able").await, stage.seat_in(app, &sitting, "Lee Late").await);
    app.agree(&seat).await;
    app.agree(&late).await;
    app.clock.advance_seconds(15 * 60);
    start(app, &seat, "one").await.expect(201);
    app.clock.advance_seconds(1);
    start(app, &late, "one").await.problem(409, "too_late");
    let admission = format!("/registrations/{}/admission", late.registration);
    let reason = json!({ "late_reason": "the train stood still" });
    app.post(&stage.proctor, &admission, reason.clone()).await.problem(403, "role_required");
    app.post(&stage.coordinator, &admission, reason).await.expect(204);
    start(app, &late, "one").await.expect(201);
}

async fn a_proctor_admits_where_the_policy_asks(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.policy(&stage.here, Policy { identity_check: true, ..Policy::default() }).await;
    // The policy in force when the sitting opens is the one that counts.
    let now = app.now();
    let sitting = app.sitting(&stage.here, &stage.coordinator, move |terms| terms.opens_at = now.plus_seconds(1)).await;
    let seat = stage.seat_in(app, &sitting, "Ann Able").await;
    app.agree(&seat).await;
    app.clock.advance_seconds(2);
    start(app, &seat, "one").await.problem(409, "not_admitted");
    let admission = format!("/registrations/{}/admission", seat.registration);
    app.post(&stage.proctor, &admission, json!({})).await.expect(204);
    start(app, &seat, "one").await.expect(201);
}

async fn parts_follow_each_other(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.agree(&seat).await;
    assert_eq!(states(app, &seat).await, ("ready".into(), "locked".into()));
    start(app, &seat, "two").await.problem(409, "part_not_ready");
    start(app, &seat, "three").await.problem(404, "not_found");

    let paper = start(app, &seat, "one").await.expect(201);
    app.clock.advance_seconds(30);
    let resumed = start(app, &seat, "one").await.expect(200);
    assert_eq!(paper, resumed);
    assert_eq!(paper["deadline"], "2027-03-12T16:30:00.000Z");
    assert_eq!(states(app, &seat).await, ("open".into(), "locked".into()));
    start(app, &seat, "two").await.problem(409, "part_not_ready");

    let one = attempt_of(&paper);
    app.submit(&seat, &one).await;
    assert_eq!(states(app, &seat).await, ("closed".into(), "ready".into()));
    start(app, &seat, "one").await.problem(409, "part_not_ready");
    assert_eq!(app.get(&seat.user, &format!("/attempts/{one}")).await.expect(200)["state"], "closed");

    let paper = start(app, &seat, "two").await.expect(201);
    assert_eq!((paper["part"].as_str(), paper["choose"].as_i64()), (Some("two"), Some(2)));
    assert_eq!(paper["vignettes"].as_array().unwrap().len(), 2);
    app.submit(&seat, &attempt_of(&paper)).await;
    assert_eq!(states(app, &seat).await, ("closed".into(), "closed".into()));
    start(app, &seat, "two").await.problem(409, "part_not_ready");
}

/// Every name of a field anywhere in a document.
fn field_names(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            into.push(name.clone());
            field_names(inner, into);
        }),
        Value::Array(items) => items.iter().for_each(|inner| field_names(inner, into)),
        _ => {}
    }
}

async fn a_paper_tells_nothing_of_the_key(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let paper = app.begin(&ann).await;
    let mut names = Vec::new();
    field_names(&paper, &mut names);
    names.sort();
    names.dedup();
    let expected = [
        "attempt",
        "choice",
        "choices",
        "deadline",
        "kind",
        "larger_type",
        "part",
        "position",
        "presentation",
        "questions",
        "reader_layout",
        "saved",
        "seconds",
        "spell_check",
        "started_at",
        "state",
        "stem",
        "terms",
        "text",
    ];
    assert_eq!(names, expected);

    let id = AttemptId(attempt_of(&paper));
    let items = app
        .read(move |tx| {
            let form = tx.attempt(&id)?.form;
            tx.form_items(&form)
        })
        .await;
    let shown = paper.to_string();
    for item in &items {
        assert!(!shown.contains(&item.id), "{}", item.id);
        assert!(!shown.contains(item.domain.as_str()) && !shown.contains(item.rationale.as_str()), "{}", item.id);
    }
    for question in paper["questions"].as_array().unwrap() {
        let letters: Vec<&str> =
            question["choices"].as_array().unwrap().iter().map(|c| c["choice"].as_str().unwrap()).collect();
        assert_eq!(letters, ["a", "b", "c", "d"]);
    }
    // The same form in another order: what a neighbour's letters are helps nobody.
    let other = app.begin(&ben).await;
    let stems = |paper: &Value| -> Vec<String> {
        paper["questions"].as_array().unwrap().iter().map(|q| q["stem"].to_string()).collect()
    };
    let (mut mine, mut theirs) = (stems(&paper), stems(&other));
    assert_ne!(mine, theirs);
    mine.sort();
    theirs.sort();
    assert_eq!(mine, theirs);
}

async fn the_newest_revision_counts(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let first = app.save(&seat, &attempt, 1, json!({ "revision": 5, "choice": "b" })).await.expect(200);
    let deadline = "2027-03-12T16:30:00.000Z";
    let stored = json!({ "position": 1, "revision": 5, "saved_at": "2027-03-12T15:00:00.000Z", "deadline": deadline });
    assert_eq!(first, stored);
    app.clock.advance_seconds(10);
    for (revision, choice) in [(5, "b"), (5, "c"), (4, "d"), (1, "a")] {
        let again = app.save(&seat, &attempt, 1, json!({ "revision": revision, "choice": choice })).await.expect(200);
        // Only where the number alone does not tell that something else is stored.
        let mut expected = stored.clone();
        if (revision, choice) == (5, "c") {
            expected["superseded"] = json!(true);
        }
        assert_eq!(again, expected);
    }
    let saved = |paper: &Value| paper["saved"].clone();
    let path = format!("/attempts/{attempt}");
    let row = |revision: i64, at: &str| json!({ "position": 1, "revision": revision, "choice": "b", "saved_at": at });
    let paper = app.get(&seat.user, &path).await.expect(200);
    assert_eq!(saved(&paper), json!([row(5, "2027-03-12T15:00:00.000Z")]));

    let newer = app.save(&seat, &attempt, 1, json!({ "revision": 9, "choice": "d" })).await.expect(200);
    assert_eq!((newer["revision"].as_i64(), newer["saved_at"].as_str()), (Some(9), Some("2027-03-12T15:00:10.000Z")));
    app.save(&seat, &attempt, 1, json!({ "revision": 10, "choice": null })).await.expect(200);
    let paper = app.get(&seat.user, &path).await.expect(200);
    let cleared = json!([{ "position": 1, "revision": 10, "saved_at": "2027-03-12T15:00:10.000Z" }]);
    assert_eq!(saved(&paper), cleared);
    assert_eq!(app.submit(&seat, &attempt).await["answered"], 0);
}

async fn what_the_paper_does_not_have_is_refused(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let save = async |position: &str, body: Value| {
        app.put(&seat.user, &format!("/attempts/{attempt}/answers/{position}"), body).await
    };
    for position in ["0", "61", "-1", "9223372036854775808", "one", "1.0"] {
        save(position, json!({ "revision": 1, "choice": "a" })).await.problem(422, "no_such_position");
    }
    for choice in ["e", "A", "", "aa", "'; --"] {
        save("1", json!({ "revision": 1, "choice": choice })).await.problem(422, "no_such_choice");
    }
    let wrong = [
        (json!({ "revision": 1, "text": "prose" }), ""),
        (json!({ "revision": 1 }), ""),
        (json!({ "revision": 1, "choice": "a", "text": "x" }), ""),
        (json!({ "revision": 1, "choice": "a\u{0}" }), "/choice"),
        (json!({ "revision": -5, "choice": "a" }), "/revision"),
        (json!({ "revision": 9_007_199_254_740_992_i64, "choice": "a" }), "/revision"),
        (json!({ "revision": "1", "choice": "a" }), "/revision"),
        (json!({ "revision": 1.5, "choice": "a" }), "/revision"),
        (json!({ "revision": 1, "choice": 1 }), "/choice"),
        (json!({ "revision": 1, "choice": "a", "at": 1 }), "/at"),
    ];
    for (body, pointer) in wrong {
        assert_eq!(save("1", body.clone()).await.pointers("invalid"), [pointer], "{body}");
    }
    assert_eq!(app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200)["saved"], json!([]));
}

async fn a_batch_is_judged_one_by_one(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let path = format!("/attempts/{attempt}/answers");
    let row = |position: i64, revision: i64, choice: &str| json!({ "position": position, "revision": revision, "choice": choice });
    let batch = json!({ "answers": [row(1, 1, "a"), row(61, 1, "a"), row(2, 1, "x"), row(1, 3, "b"), row(1, 2, "c")] });
    let results = app.post(&seat.user, &path, batch).await.expect(200)["results"].clone();
    let seen: Vec<(i64, Value)> =
        results.as_array().unwrap().iter().map(|r| (r["position"].as_i64().unwrap(), r["code"].clone())).collect();
    let (stored, no_position, no_choice) = (Value::Null, json!("no_such_position"), json!("no_such_choice"));
    assert_eq!(seen, [(1, stored.clone()), (61, no_position), (2, no_choice), (1, stored.clone()), (1, stored)]);
    assert_eq!((results[1]["status"].as_i64(), results[4]["revision"].as_i64()), (Some(422), Some(3)));

    let many = |count: i64| -> Value { (0..count).map(|n| row(n % 60 + 1, 10 + n, "d")).collect() };
    let full = app.post(&seat.user, &path, json!({ "answers": many(200) })).await.expect(200);
    assert_eq!(full["results"].as_array().unwrap().len(), 200);
    let over = app.post(&seat.user, &path, json!({ "answers": many(201) })).await;
    assert_eq!(over.pointers("invalid"), ["/answers"]);
    // A row that is impossible as such is told so; the others are saved all the same.
    let odd = json!({ "answers": [{ "position": 4, "revision": -1, "choice": "a" }, row(3, 500, "d")] });
    let results = app.post(&seat.user, &path, odd).await.expect(200)["results"].clone();
    assert_eq!((results[0]["code"].as_str(), results[0]["position"].as_i64()), (Some("invalid"), Some(4)));
    assert_eq!(results[0]["errors"][0]["pointer"], "/answers/0/revision");
    assert_eq!(results[1]["revision"], 500);
    assert_eq!(app.post(&seat.user, &path, json!({ "answers": [] })).await.expect(200)["results"], json!([]));
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    let saved = paper["saved"].as_array().unwrap();
    assert_eq!(saved.len(), 60);
    assert!(saved.iter().all(|s| s["choice"] == "d"), "{saved:?}");
}

async fn prose_is_kept_as_it_is(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit_one(&seat, 60).await;
    let paper = app.start(&seat, "two").await;
    let attempt = attempt_of(&paper);
    let most = usize::try_from(paper["vignettes"][0]["max_characters"].as_i64().unwrap()).unwrap();
    let odd = "Zeilen\r\nund\t\u{1f476}\u{1f3fd} <script>alert(1)</script> 'quoted' \\ %00 \u{202e}mirrored";
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "text": odd })).await.expect(200);
    // As many characters, however many bytes those take.
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "text": "é".repeat(most) })).await.expect(200);
    let long = app.save(&seat, &attempt, 2, json!({ "revision": 2, "text": "é".repeat(most + 1) })).await;
    assert_eq!(long.problem(413, "answer_too_long")["max_characters"], json!(most));
    let wrong_kind = app.save(&seat, &attempt, 1, json!({ "revision": 2, "choice": "a" })).await;
    assert_eq!(wrong_kind.pointers("invalid"), [""]);
    app.save(&seat, &attempt, 3, json!({ "revision": 1, "text": "x" })).await.problem(422, "no_such_position");
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    assert_eq!(paper["saved"][0]["text"], odd);
    assert_eq!(paper["saved"][1]["text"], "é".repeat(most));
    app.save(&seat, &attempt, 2, json!({ "revision": 3, "text": null })).await.expect(200);
    assert_eq!(app.submit(&seat, &attempt).await["answered"], 1);
}

async fn forty_eight_of_sixty_pass(app: &TestApp) {
    let stage = Stage::new(app).await;
    for (name, right, verdict) in
        [("Ann Able", 48, "pass"), ("Ben Bold", 47, "fail"), ("Cyd Cash", 0, "fail"), ("Dee Dean", 60, "pass")]
    {
        let seat = stage.seat(app, name).await;
        let attempt = AttemptId(app.sit_one(&seat, right).await);
        let score = app.read(move |tx| tx.score(&attempt)).await.unwrap();
        assert_eq!((score.total.correct, score.total.scored), (i64::try_from(right).unwrap(), 60), "{name}");
        assert_eq!(score.verdict.as_str(), verdict, "{name}");
    }
}

async fn other_peoples_exams_do_not_exist(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let attempt = attempt_of(&app.begin(&ann).await);
    let missing = app.get(&ben.user, "/attempts/unknown").await;
    missing.problem(404, "not_found");
    let calls: [(Method, String, Value); 8] = [
        (Method::GET, format!("/attempts/{attempt}"), Value::Null),
        (Method::GET, format!("/attempts/{attempt}/clock"), Value::Null),
        (Method::GET, format!("/attempts/{attempt}/events"), Value::Null),
        (Method::POST, format!("/attempts/{attempt}/submit"), Value::Null),
        (Method::PUT, format!("/attempts/{attempt}/answers/1"), json!({ "revision": 1, "choice": "a" })),
        (Method::POST, format!("/attempts/{attempt}/answers"), json!({ "answers": [] })),
        (Method::POST, format!("/registrations/{}/agreement", ann.registration), json!({ "version": "2026-1" })),
        (Method::POST, start_path(&ann, "one"), Value::Null),
    ];
    for (method, path, body) in calls {
        for who in [&ben.user, &stage.coordinator, &stage.proctor, &stage.administrator] {
            let reply = app.send(who, method.clone(), &path, body.clone()).await;
            reply.problem(404, "not_found");
            // Nothing tells it from one that never was.
            assert_eq!(reply, missing, "{path}");
        }
    }
    assert_eq!(app.get(&ann.user, &format!("/attempts/{attempt}")).await.expect(200)["saved"], json!([]));
    assert_eq!(app.get(&ben.user, "/registrations").await.expect(200)["items"].as_array().unwrap().len(), 1);
    // A seat that was given back is nobody's any more.
    app.delete(&stage.coordinator, &format!("/registrations/{}", ben.registration)).await.expect(204);
    app.agree_to(&ben, "2026-1").await.problem(404, "not_found");
    start(app, &ben, "one").await.problem(404, "not_found");
    let id = RegistrationId(ben.registration.clone());
    assert!(app.read(move |tx| Ok(tx.registration(&id)?.cancelled)).await);
}

async fn a_retry_key_answers_the_same(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    app.agree(&seat).await;
    app.agree(&other).await;
    let first = app.retry(&seat.user, Method::POST, &start_path(&seat, "one"), "k1", Value::Null).await;
    let attempt = attempt_of(&first.expect(201));
    // Lost on its way, the same call is answered the same: still a first start.
    assert_eq!(app.retry(&seat.user, Method::POST, &start_path(&seat, "one"), "k1", Value::Null).await, first);
    start(app, &seat, "one").await.expect(200);

    let path = format!("/attempts/{attempt}/answers/1");
    let body = json!({ "revision": 1, "choice": "a" });
    let saved = app.retry(&seat.user, Method::PUT, &path, "k2", body.clone()).await;
    app.clock.advance_seconds(60);
    app.save(&seat, &attempt, 1, json!({ "revision": 7, "choice": "c" })).await.expect(200);
    assert_eq!(app.retry(&seat.user, Method::PUT, &path, "k2", body.clone()).await, saved);
    let changed = json!({ "revision": 2, "choice": "a" });
    app.retry(&seat.user, Method::PUT, &path, "k2", changed).await.problem(422, "idempotency_conflict");
    let elsewhere = format!("/attempts/{attempt}/answers/2");
    app.retry(&seat.user, Method::PUT, &elsewhere, "k2", body.clone()).await.problem(422, "idempotency_conflict");
    // Keys are each person's own.
    let theirs = app.retry(&other.user, Method::POST, &start_path(&other, "one"), "k1", Value::Null).await;
    theirs.expect(201);
    // What was refused may be tried again under its key.
    let credit = |seconds: i64| json!({ "seconds": seconds, "reason": "fire alarm" });
    let path = format!("/attempts/{attempt}/credit");
    app.retry(&stage.proctor, Method::POST, &path, "k3", credit(0)).await.pointers("invalid");
    let moved = app.retry(&stage.proctor, Method::POST, &path, "k3", credit(300)).await.expect(200);
    assert_eq!(app.retry(&stage.proctor, Method::POST, &path, "k3", credit(300)).await.expect(200), moved);
    let clock = app.get(&seat.user, &format!("/attempts/{attempt}/clock")).await.expect(200);
    assert_eq!(clock["terms"].as_array().unwrap().len(), 2);
}
