//! Late evidence: kept, shown beside what counts, decided about by a coordinator, and then counted in one place; and what
//! arrived in time but was overtaken by the closing, which counts by itself.

use actix_web::http::Method;
use evenhand::command::verify;
use evenhand::desk::examinee::{Examinee, SaveOutcome};
use evenhand::domain::ids::{AttemptId, PersonId};
use evenhand::domain::receipt::Receipt;
use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::Role;
use evenhand::store::Call;
use evenhand::store::answers::NewAnswer;
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{PROSE, Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    what_arrived_in_time_counts_although_the_part_closed_first,
    overtaken_prose_reaches_the_script,
    what_is_admitted_is_scored_anew_and_the_first_score_stays,
    what_is_refused_changes_nothing_that_counts,
    an_admitted_text_reaches_a_script_that_nobody_reads,
    a_text_that_somebody_reads_stays,
    a_release_waits_for_late_work_and_closes_the_door_behind_it,
    nobody_decides_their_own_case,
    the_page_shows_and_decides,
    an_admission_can_be_taken_back,
    a_pause_is_no_silence,
);

/// Saves as if the call had arrived at `arrival` and waited since.
async fn save_arrived(app: &TestApp, who: &User, attempt: &str, arrival: Instant, new: NewAnswer) -> SaveOutcome {
    let session = app.session_id_of(&who.id).await;
    let desk = Examinee::new(app.web.office.clone(), session, Call::at(arrival));
    desk.answers_save(&AttemptId(attempt.to_owned()), vec![new]).await.unwrap().pop().unwrap()
}

fn choice(position: i64, revision: i64, letter: &str) -> NewAnswer {
    NewAnswer { position, revision, choice: Some(letter.to_owned()), body: None, keep: false }
}

fn prose(position: i64, revision: i64, text: &str) -> NewAnswer {
    NewAnswer { position, revision, choice: None, body: Some(text.to_owned()), keep: false }
}

/// Every version of the score of an attempt, by how many were right, the newest alone being told by the store.
async fn correct(app: &TestApp, attempt: &str) -> i64 {
    let id = AttemptId(attempt.to_owned());
    app.read(move |tx| Ok(tx.score(&id)?.unwrap().total.correct)).await
}

async fn texts(app: &TestApp, attempt: &str) -> Vec<(i64, String)> {
    let id = AttemptId(attempt.to_owned());
    app.read(move |tx| Ok(tx.script_texts(&id)?.into_iter().map(|t| (t.position, t.body)).collect())).await
}

/// Verifies everything, and a receipt by itself.
async fn verified(app: &TestApp, receipt: &Value) -> Vec<String> {
    let (store, key) = (app.web.office.store.clone(), app.web.office.receipts.as_ref().clone());
    let mut findings = verify::results(&store, key.clone()).await.unwrap().findings;
    let receipt: Receipt = serde_json::from_value(receipt.clone()).unwrap();
    findings.extend(verify::receipt(&store, key, receipt).await.unwrap().findings);
    findings
}

async fn decide(app: &TestApp, by: &User, attempt: &str, decision: &str) -> Value {
    let body = json!({ "decision": decision, "reason": "the network was down" });
    app.post(by, &format!("/attempts/{attempt}/late/decision"), body).await.expect(200)
}

async fn what_arrived_in_time_counts_although_the_part_closed_first(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let key = app.key(&attempt).await;
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": key[0] })).await.expect(200);
    // A save arrives, and waits; the submit arrives after it, and is done first.
    let arrival = app.now();
    app.clock.advance_seconds(1);
    let first = app.submit(&seat, &attempt).await;
    assert_eq!((first["answered"].as_i64(), correct(app, &attempt).await), (Some(1), 1));
    let saved = save_arrived(app, &seat.user, &attempt, arrival, choice(2, 1, key[1])).await;
    let SaveOutcome::Stored { revision, saved_at, .. } = &saved else { panic!("{saved:?}") };
    assert_eq!((*revision, saved_at), (1, &arrival.rfc3339()));
    assert_eq!(correct(app, &attempt).await, 2);
    // Repeated, it is answered the same.
    assert_eq!(save_arrived(app, &seat.user, &attempt, arrival, choice(2, 1, key[1])).await, saved);

    let second = app.submit(&seat, &attempt).await;
    assert_eq!((second["version"].as_i64(), second["answered"].as_i64()), (Some(2), Some(2)));
    assert_eq!(second["closed_at"], first["closed_at"]);
    assert_eq!(second["admitted"][0]["arrived_at"], arrival.rfc3339());
    for receipt in [&first, &second] {
        assert_eq!(verified(app, receipt).await, Vec::<String>::new());
    }
    // Nothing of it waits for anybody; and what arrives with the submit or after it is late all the same.
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    assert_eq!(paper["saved"].as_array().unwrap().len(), 2);
    let closed_at = Instant::parse(first["closed_at"].as_str().unwrap()).unwrap();
    let late = save_arrived(app, &seat.user, &attempt, closed_at, choice(3, 1, key[2])).await;
    assert_eq!(late, SaveOutcome::Late { kept: true });
    assert_eq!(correct(app, &attempt).await, 2);
    let own = app.get(&seat.user, &format!("/attempts/{attempt}/late")).await.expect(200);
    let states: Vec<&str> = own["items"].as_array().unwrap().iter().map(|l| l["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["admitted", "undecided"]);
}

async fn overtaken_prose_reaches_the_script(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit_one(&seat, 50).await;
    let paper = app.start(&seat, "two").await;
    let attempt = attempt_of(&paper);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "text": "half" })).await.expect(200);
    let deadline = Instant::parse(paper["deadline"].as_str().unwrap()).unwrap();
    app.go_to(deadline.plus_seconds(3));
    app.clerk().await;
    let saved = save_arrived(app, &seat.user, &attempt, Instant(deadline.0 - 1), prose(1, 2, "half and half")).await;
    assert!(matches!(saved, SaveOutcome::Stored { revision: 2, .. }), "{saved:?}");
    assert_eq!(texts(app, &attempt).await[0], (1, "half and half".to_owned()));
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!(receipt["version"], 2);
    assert!(receipt["issued_at"].as_str() >= receipt["closed_at"].as_str());
    assert_eq!(verified(app, &receipt).await, Vec::<String>::new());
    // Once a reviewer holds the text, not even that changes it: a coordinator sees it.
    app.allocate(&stage, &stage.sitting).await;
    let late = save_arrived(app, &seat.user, &attempt, Instant(deadline.0 - 1), prose(1, 3, "more")).await;
    assert_eq!(late, SaveOutcome::Late { kept: true });
    let work = app.get(&stage.coordinator, &stage.path("/late")).await.expect(200);
    assert_eq!(
        (&work["items"][0]["answers"][1]["late_by_seconds"], &work["items"][0]["blocked"]),
        (&json!(0), &json!("script_held"))
    );
    assert_eq!(texts(app, &attempt).await[0], (1, "half and half".to_owned()));
}

/// A Part One with one right answer, and two that came late: a right one in place of nothing, and a wrong one in place
/// of the right.
async fn late_part_one(app: &TestApp, seat: &Seat) -> (String, Value) {
    let attempt = attempt_of(&app.begin(seat).await);
    let key = app.key(&attempt).await;
    let wrong = if key[0] == "a" { "b" } else { "a" };
    app.save(seat, &attempt, 1, json!({ "revision": 1, "choice": key[0] })).await.expect(200);
    app.clock.advance_seconds(5400 + 120);
    app.save(seat, &attempt, 1, json!({ "revision": 2, "choice": wrong })).await.problem(409, "part_closed");
    app.save(seat, &attempt, 2, json!({ "revision": 1, "choice": key[1] })).await.problem(409, "part_closed");
    app.save(seat, &attempt, 3, json!({ "revision": 1, "choice": key[2] })).await.problem(409, "part_closed");
    let receipt = app.submit(seat, &attempt).await;
    (attempt, receipt)
}

async fn what_is_admitted_is_scored_anew_and_the_first_score_stays(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let (attempt, first) = late_part_one(app, &seat).await;
    let report = json!({ "kind": "technical", "note": "the lights went out", "registration": seat.registration });
    app.post(&stage.proctor, &stage.path("/incidents"), report).await.expect(201);
    let work = app.get(&stage.coordinator, &stage.path("/late")).await.expect(200)["items"][0].clone();
    assert_eq!((&work["attempt"], &work["person"]["name"]), (&json!(attempt), &json!("Ann Able")));
    assert_eq!(
        (&work["answers"][0]["stored"]["revision"], &work["answers"][0]["late"]["revision"]),
        (&json!(1), &json!(2))
    );
    assert_eq!((&work["answers"][1]["stored"], &work["answers"][1]["late_by_seconds"]), (&Value::Null, &json!(120)));
    let signs: Vec<&str> = work["signs"].as_array().unwrap().iter().map(|s| s["kind"].as_str().unwrap()).collect();
    assert_eq!(signs, ["silence", "incident"]);
    // Neither the key nor what is right is told.
    for word in ["key", "correct", "right", "score"] {
        assert!(!work.to_string().contains(&format!("\"{word}")), "{work}");
    }

    let path = format!("/attempts/{attempt}/late/decision");
    let named = |position, revision| json!([{ "position": position, "revision": revision }]);
    let body = |answers| json!({ "decision": "admit", "reason": "the network was down", "answers": answers });
    let unknown = app.post(&stage.coordinator, &path, body(named(2, 9))).await;
    assert_eq!(unknown.pointers("invalid"), ["/answers/0"]);
    let silent = json!({ "decision": "admit", "reason": " " });
    assert_eq!(app.post(&stage.coordinator, &path, silent).await.pointers("invalid"), ["/reason"]);
    assert_eq!(correct(app, &attempt).await, 1);
    let decided = app.post(&stage.coordinator, &path, body(named(2, 1))).await.expect(200);
    assert_eq!(
        (&decided["answers"][1]["state"], &decided["answers"][1]["decided_by"]),
        (&json!("admitted"), &json!("Cora Here"))
    );
    assert_eq!((&decided["answers"][0]["state"], correct(app, &attempt).await), (&json!("undecided"), 2));

    let second = app.submit(&seat, &attempt).await;
    assert_eq!((&second["version"], &second["answered"]), (&json!(2), &json!(2)));
    assert_eq!(second["admitted"].as_array().unwrap().len(), 1);
    assert_ne!(second["digest"], first["digest"]);
    // Admitting what replaces a right answer by a wrong one counts as well: the decision does not pick.
    decide(app, &stage.coordinator, &attempt, "admit").await;
    assert_eq!(correct(app, &attempt).await, 2);
    let third = app.submit(&seat, &attempt).await;
    assert_eq!((&third["version"], third["admitted"].as_array().unwrap().len()), (&json!(3), 3));
    for receipt in [&first, &second, &third] {
        assert_eq!(verified(app, receipt).await, Vec::<String>::new());
    }
    let nothing = json!({ "decision": "admit", "reason": "x" });
    assert_eq!(app.post(&stage.coordinator, &path, nothing).await.pointers("invalid"), ["/answers"]);
    // The stored answer is as it was, and every score is on record.
    let id = AttemptId(attempt.clone());
    let (stored, versions) = app.read(move |tx| Ok((tx.answers(&id)?, tx.score_versions(&id)?))).await;
    assert_eq!((stored.len(), stored[0].revision, versions), (1, 1, vec![1, 2, 2]));
    app.clerk().await;
    let mails = app.mail_to(&seat.user.email);
    assert!(mails.iter().any(|m| m.contains("the network was down") && m.contains(third["digest"].as_str().unwrap())));
}

async fn what_is_refused_changes_nothing_that_counts(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let (attempt, first) = late_part_one(app, &seat).await;
    decide(app, &stage.coordinator, &attempt, "refuse").await;
    assert_eq!((app.submit(&seat, &attempt).await, correct(app, &attempt).await), (first.clone(), 1));
    assert_eq!(verified(app, &first).await, Vec::<String>::new());
    let own = app.get(&seat.user, &format!("/attempts/{attempt}/late")).await.expect(200);
    let expected = json!({
        "position": 1, "revision": 2, "arrived_at": app.now().rfc3339(), "state": "refused", "reason": "the network was down",
    });
    assert_eq!(own["items"][0], expected);
    // On the receipt's page stands what became of it, and no more.
    let page = app.call(TestApp::browse(&seat.user, Method::GET, &format!("/attempts/{attempt}"))).await.text();
    assert!(page.contains("Refused") && page.contains("the network was down") && !page.contains("Cora"));
}

/// A Part Two of which the second answer came late.
async fn late_part_two(app: &TestApp, seat: &Seat) -> String {
    app.sit_one(seat, 50).await;
    let attempt = attempt_of(&app.start(seat, "two").await);
    app.save(seat, &attempt, 1, json!({ "revision": 1, "text": PROSE })).await.expect(200);
    app.submit(seat, &attempt).await;
    app.clock.advance_seconds(30);
    app.save(seat, &attempt, 2, json!({ "revision": 1, "text": "late words" })).await.problem(409, "part_closed");
    attempt
}

async fn an_admitted_text_reaches_a_script_that_nobody_reads(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = late_part_two(app, &seat).await;
    assert_eq!(texts(app, &attempt).await, [(1, PROSE.to_owned()), (2, String::new())]);
    decide(app, &stage.coordinator, &attempt, "admit").await;
    assert_eq!(texts(app, &attempt).await, [(1, PROSE.to_owned()), (2, "late words".to_owned())]);
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!((&receipt["answered"], verified(app, &receipt).await), (&json!(2), Vec::new()));
    // It is what the reviewers read.
    app.allocate(&stage, &stage.sitting).await;
    let mut read = Vec::new();
    for reviewer in &stage.reviewers {
        for code in app.codes(reviewer).await {
            read.push(app.get(reviewer, &format!("/reviews/{code}")).await.expect(200)["answer"].to_string());
        }
    }
    assert_eq!(read.iter().filter(|text| text.contains("late words")).count(), 2);
}

async fn a_text_that_somebody_reads_stays(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 4).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = late_part_two(app, &seat).await;
    app.allocate(&stage, &stage.sitting).await;
    let path = format!("/attempts/{attempt}/late/decision");
    let admit = json!({ "decision": "admit", "reason": "x" });
    app.post(&stage.coordinator, &path, admit.clone()).await.problem(409, "script_held");
    assert_eq!(texts(app, &attempt).await[1].1, "");
    // Whoever holds it gives it back; nobody else is given it while the late work waits, and then it can be admitted.
    for reviewer in &stage.reviewers {
        for code in app.codes(reviewer).await {
            app.post(reviewer, &format!("/reviews/{code}/decline"), json!({ "reason": "no_time" })).await.expect(204);
        }
    }
    app.clerk().await;
    let held = app.allocate(&stage, &stage.sitting).await;
    assert_eq!((&held["assigned"], &held["unassigned"][0]["lacks"]), (&json!(0), &json!("late_evidence")));
    app.post(&stage.coordinator, &path, admit).await.expect(200);
    assert_eq!(texts(app, &attempt).await[1].1, "late words");
}

async fn a_release_waits_for_late_work_and_closes_the_door_behind_it(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = app.sit_one(&seat, 50).await;
    app.sit_two(&seat, PROSE).await;
    app.mark(&stage, &stage.sitting, "pass").await;
    app.save(&seat, &attempt, 1, json!({ "revision": 7, "choice": "a" })).await.problem(409, "part_closed");
    let blocked =
        app.post(&stage.coordinator, &stage.path("/releases"), Value::Null).await.problem(409, "release_blocked");
    let check = blocked["checks"].as_array().unwrap().iter().find(|c| c["check"] == "late_evidence").unwrap();
    assert_eq!((&check["holds"], check["detail"].as_str().unwrap().contains("Ann Able")), (&json!(false), true));
    decide(app, &stage.coordinator, &attempt, "refuse").await;
    let release = app.release(&stage, &stage.sitting).await;
    // What comes after the release is kept as well; it can be refused, and admitted only once the release is recalled.
    app.save(&seat, &attempt, 1, json!({ "revision": 8, "choice": "b" })).await.problem(409, "part_closed");
    let path = format!("/attempts/{attempt}/late/decision");
    let admit = json!({ "decision": "admit", "reason": "x" });
    app.post(&stage.coordinator, &path, admit.clone()).await.problem(409, "results_released");
    app.post(&stage.coordinator, &format!("/releases/{release}/recall"), json!({ "reason": "x" })).await.expect(200);
    app.post(&stage.coordinator, &path, admit).await.expect(200);
    assert_eq!(app.submit(&seat, &attempt).await["version"], 2);
}

async fn nobody_decides_their_own_case(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = late_part_two(app, &seat).await;
    let path = format!("/attempts/{attempt}/late/decision");
    let admit = json!({ "decision": "admit", "reason": "x" });
    // The examinee is made a coordinator, and so is a reviewer who holds the script.
    let grant = async |who: &PersonId| {
        let (who, place) = (who.clone(), stage.here.clone());
        app.write(move |tx| tx.role_grant(&who, Role::Coordinator, &place)).await;
    };
    grant(&seat.user.id).await;
    app.post(&seat.user, &path, admit.clone()).await.problem(403, "own_case");
    app.allocate(&stage, &stage.sitting).await;
    let mut reader = None;
    for reviewer in &stage.reviewers {
        if !app.codes(reviewer).await.is_empty() {
            reader = Some(reviewer);
        }
    }
    let reader = reader.unwrap();
    grant(&reader.id).await;
    app.post(reader, &path, json!({ "decision": "refuse", "reason": "x" })).await.problem(403, "own_case");
    // Nor are they shown the text beside a name.
    let shown = app.get(reader, &stage.path("/late")).await.expect(200);
    assert_eq!(
        (&shown["items"][0]["own_case"], &shown["items"][0]["answers"][0]["late"]),
        (&json!(true), &Value::Null)
    );
    assert!(!shown.to_string().contains("late words"));
    app.post(&stage.proctor, &path, admit).await.problem(403, "role_required");
}

async fn the_page_shows_and_decides(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = late_part_two(app, &seat).await;
    let page = format!("/sittings/{}/late", stage.sitting);
    let browse = async |path: &str| app.call(TestApp::browse(&stage.coordinator, Method::GET, path)).await.text();
    assert!(browse("/desk").await.contains(&page));
    assert!(browse(&format!("/sittings/{}/board", stage.sitting)).await.contains(&page));
    let shown = browse(&page).await;
    assert!(shown.contains("late words") && shown.contains("Ann Able"), "{shown}");
    let send = async |form: &'static str| {
        let request = TestApp::browse(&stage.coordinator, Method::POST, &format!("/attempts/{attempt}/late/decision"));
        let request = request.insert_header(("content-type", "application/x-www-form-urlencoded"));
        app.call(request.set_payload(form)).await
    };
    assert_eq!(send("decision=admit&reason=&answer=2-1").await.status, 422);
    assert_eq!(send("decision=admit&reason=known").await.status, 422);
    let done = send("decision=admit&reason=known&answer=2-1").await;
    assert_eq!((done.status, done.header("location").unwrap().starts_with(&page)), (303, true));
    assert_eq!(texts(app, &attempt).await[1].1, "late words");
    assert!(!browse("/desk").await.contains(&page));
}

async fn an_admission_can_be_taken_back(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = late_part_two(app, &seat).await;
    decide(app, &stage.coordinator, &attempt, "admit").await;
    let path = format!("/attempts/{attempt}/late/decision");
    let body = json!({ "decision": "refuse", "reason": "mistaken", "answers": [{ "position": 2, "revision": 1 }] });
    app.post(&stage.coordinator, &path, body).await.expect(200);
    assert_eq!(texts(app, &attempt).await[1].1, "");
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!((&receipt["version"], &receipt["admitted"]), (&json!(3), &json!([])));
    assert_eq!(verified(app, &receipt).await, Vec::<String>::new());
}

async fn a_pause_is_no_silence(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    app.clock.advance_seconds(5390);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.post(&stage.proctor, &stage.path("/pause"), json!({ "reason": "Fire alarm" })).await.expect(200);
    app.clock.advance_seconds(300);
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.expect(200);
    app.clock.advance_seconds(10);
    let signs =
        async || app.get(&stage.coordinator, &stage.path("/late")).await.expect(200)["items"][0]["signs"].clone();
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": "a" })).await.problem(409, "part_closed");
    app.submit(&seat, &attempt).await;
    assert_eq!(signs().await, json!([]));
    // Another, not heard of for a minute and a half beside the pause.
    let other = stage.seat(app, "Ben Bold").await;
    let theirs = attempt_of(&app.begin(&other).await);
    app.clock.advance_seconds(5400 - 80);
    app.post(&stage.proctor, &stage.path("/pause"), json!({ "reason": "Fire alarm" })).await.expect(200);
    app.clock.advance_seconds(300);
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.expect(200);
    app.clock.advance_seconds(90);
    app.save(&other, &theirs, 2, json!({ "revision": 1, "choice": "a" })).await.problem(409, "part_closed");
    app.submit(&other, &theirs).await;
    let work = app.get(&stage.coordinator, &stage.path("/late")).await.expect(200);
    let work = work["items"].as_array().unwrap().iter().find(|work| work["attempt"] == *theirs).unwrap().clone();
    assert_eq!(work["signs"][0]["seconds"], 5400 - 80 + 90);
}
