//! What stops a clock: the pause for everybody and the break of one, exact to the millisecond and never counted twice.

use evenhand::domain::ids::AttemptId;
use evenhand::domain::policy::Policy;
use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::SittingKind;
use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::{attempt_of, states};

on_both!(
    a_pause_leaves_exactly_what_was_left,
    nobody_starts_during_a_pause,
    nobody_reads_a_paper_while_the_clock_stands,
    a_pause_outlasts_the_deadline_and_the_server,
    a_paused_part_can_be_submitted,
    a_pause_of_a_pause_is_the_same_one,
    a_break_is_given_back,
    breaks_are_bounded_and_arranged,
    a_break_and_a_pause_count_once,
);

/// Moves the clock by milliseconds.
fn wait(app: &TestApp, milliseconds: i64) {
    app.go_to(Instant(app.now().0 + milliseconds));
}

async fn clock(app: &TestApp, seat: &Seat, attempt: &str) -> Value {
    app.get(&seat.user, &format!("/attempts/{attempt}/clock")).await.expect(200)
}

async fn pause(app: &TestApp, stage: &Stage) -> Value {
    app.post(&stage.proctor, &stage.path("/pause"), json!({ "reason": "Fire alarm" })).await.expect(200)
}

async fn resume(app: &TestApp, stage: &Stage) -> Value {
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.expect(200)
}

async fn take_break(app: &TestApp, seat: &Seat, attempt: &str) -> Value {
    app.post(&seat.user, &format!("/attempts/{attempt}/break"), Value::Null).await.expect(200)
}

async fn end_break(app: &TestApp, seat: &Seat, attempt: &str) -> Value {
    app.post(&seat.user, &format!("/attempts/{attempt}/break/end"), Value::Null).await.expect(200)
}

/// Somebody who may take breaks that stop the clock.
async fn seat_with_breaks(app: &TestApp, stage: &Stage, name: &str) -> Seat {
    let seat = stage.seat(app, name).await;
    let arrangement = json!({ "stop_clock_breaks": true, "approved_note": "on file" });
    app.put(&stage.coordinator, &format!("/people/{}/accommodations", seat.user.id), arrangement).await.expect(200);
    seat
}

async fn presence(app: &TestApp, stage: &Stage, seat: &Seat) -> String {
    let board = app.get(&stage.proctor, &stage.path("/board")).await.expect(200);
    let rows = board["items"].as_array().unwrap();
    let row = rows.iter().find(|row| row["registration"] == *seat.registration).unwrap();
    row["presence"].as_str().unwrap().to_owned()
}

async fn a_pause_leaves_exactly_what_was_left(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let attempt = attempt_of(&app.begin(&ann).await);
    wait(app, 500);
    let other = attempt_of(&app.begin(&ben).await);
    wait(app, 10_250);
    // 10.75 s and 10.25 s are gone.
    let paused = pause(app, &stage).await;
    assert_eq!(paused["paused_at"], "2027-03-12T15:00:10.750Z");
    assert_eq!(paused["attempts"].as_array().unwrap().len(), 2);
    let stop = json!({ "kind": "pause", "since": "2027-03-12T15:00:10.750Z", "reason": "Fire alarm" });
    for waited in [0, 1, 90_000] {
        wait(app, waited);
        let told = clock(app, &ann, &attempt).await;
        assert_eq!(
            (&told["state"], &told["remaining_seconds"], &told["stop"]),
            (&json!("paused"), &json!(5390), &stop)
        );
        assert_eq!(told["deadline"], "2027-03-12T16:30:00.000Z");
    }
    assert_eq!(presence(app, &stage, &ann).await, "paused");
    // What is on its way is kept and acknowledged.
    let saved = app.save(&ann, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    assert_eq!(saved["saved_at"], "2027-03-12T15:01:40.751Z");

    let resumed = resume(app, &stage).await;
    assert_eq!((&resumed["seconds"], &resumed["resumed_at"]), (&json!(91), &json!("2027-03-12T15:01:41.750Z")));
    for (waited, left) in [(0, 5390), (999, 5390), (249, 5390), (1, 5389), (999, 5389), (1, 5388)] {
        wait(app, waited);
        let told = clock(app, &ann, &attempt).await;
        assert_eq!((&told["state"], &told["remaining_seconds"]), (&json!("open"), &json!(left)), "{waited}");
    }
    let told = clock(app, &ann, &attempt).await;
    assert_eq!(told["terms"][1], json!({ "kind": "credit", "seconds": 91, "reason": "Fire alarm" }));
    assert_eq!(told["deadline"], "2027-03-12T16:31:31.000Z");
    assert_eq!(clock(app, &ben, &other).await["deadline"], "2027-03-12T16:31:31.500Z");
    assert_eq!(presence(app, &stage, &ann).await, "working");
    // To the millisecond: 5389.25 s from the resumption on.
    app.go_to(Instant::parse("2027-03-12T16:31:30.999Z").unwrap());
    app.save(&ann, &attempt, 2, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    wait(app, 1);
    app.save(&ann, &attempt, 3, json!({ "revision": 1, "choice": "a" })).await.problem(409, "part_closed");
}

async fn nobody_reads_a_paper_while_the_clock_stands(app: &TestApp) {
    let stage = Stage::new(app).await;
    let ann = seat_with_breaks(app, &stage, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&ann).await);
    let path = format!("/attempts/{attempt}");
    let paper = app.get(&ann.user, &path).await.expect(200);
    app.save(&ann, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    let withheld = async |list: &str, saved: usize| {
        let start = format!(
            "/registrations/{}/parts/{}/start",
            ann.registration,
            if list == "questions" { "one" } else { "two" }
        );
        let attempt = app.post(&ann.user, &start, Value::Null).await.expect(200);
        for told in [app.get(&ann.user, &format!("/attempts/{}", attempt_of(&attempt))).await.expect(200), attempt] {
            assert_eq!((&told["state"], &told[list]), (&json!("paused"), &json!([])));
            assert_eq!(told["saved"].as_array().unwrap().len(), saved);
        }
    };
    pause(app, &stage).await;
    withheld("questions", 1).await;
    resume(app, &stage).await;
    assert_eq!(app.get(&ann.user, &path).await.expect(200)["questions"], paper["questions"]);
    take_break(app, &ann, &attempt).await;
    withheld("questions", 1).await;
    end_break(app, &ann, &attempt).await;
    assert_eq!(app.get(&ann.user, &path).await.expect(200)["questions"], paper["questions"]);
    app.submit(&ann, &attempt).await;
    let two = app.start(&ann, "two").await;
    assert!(!two["vignettes"].as_array().unwrap().is_empty());
    pause(app, &stage).await;
    withheld("vignettes", 0).await;
    // What is closed is no secret to who wrote it, whatever the room does.
    assert_eq!(app.get(&ann.user, &path).await.expect(200)["state"], "closed");
    resume(app, &stage).await;
}

async fn nobody_starts_during_a_pause(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (opens, closes) = (app.now(), app.now().plus_seconds(3600));
    let sitting = app
        .sitting(&stage.here, &stage.coordinator, |terms| {
            (terms.kind, terms.opens_at, terms.closes_at) = (SittingKind::Fixed, opens, closes);
        })
        .await;
    let path = |rest: &str| format!("/sittings/{sitting}{rest}");
    let (ann, ben) = (stage.seat_in(app, &sitting, "Ann Able").await, stage.seat_in(app, &sitting, "Ben Bold").await);
    app.agree(&ann).await;
    app.sit_one(&ben, 48).await;
    app.post(&stage.coordinator, &path("/pause"), json!({ "reason": "Power cut" })).await.expect(200);
    let start = |seat: &Seat, part: &str| format!("/registrations/{}/parts/{part}/start", seat.registration);
    app.post(&ann.user, &start(&ann, "one"), Value::Null).await.problem(409, "sitting_paused");
    app.post(&ben.user, &start(&ben, "two"), Value::Null).await.problem(409, "sitting_paused");
    let page =
        app.call(TestApp::browse(&ann.user, actix_web::http::Method::GET, &format!("/exams/{}", ann.registration)));
    assert!(page.await.text().contains("The sitting is paused"));
    // Half an hour: the quarter of an hour for coming late is over meanwhile, and so it moves.
    app.clock.advance_seconds(1800);
    app.post(&stage.coordinator, &path("/resume"), Value::Null).await.expect(200);
    app.clock.advance_seconds(900);
    app.post(&ann.user, &start(&ann, "one"), Value::Null).await.expect(201);
    let late = stage.seat_in(app, &sitting, "Cat Late").await;
    app.agree(&late).await;
    app.clock.advance_seconds(1);
    app.post(&late.user, &start(&late, "one"), Value::Null).await.problem(409, "too_late");
    app.post(&ben.user, &start(&ben, "two"), Value::Null).await.expect(201);
}

async fn a_pause_outlasts_the_deadline_and_the_server(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let over = attempt_of(&app.begin(&ben).await);
    app.clock.advance_seconds(10);
    let attempt = attempt_of(&app.begin(&ann).await);
    app.clock.advance_seconds(5391);
    // Ben's time is up, Ann has nine seconds.
    let paused = pause(app, &stage).await;
    assert_eq!(paused["attempts"], json!([attempt]));
    app.clock.advance_seconds(3600);
    app.clerk().await;
    assert_eq!((states(app, &ann).await.0, states(app, &ben).await.0), ("open".into(), "closed".into()));
    assert_eq!(app.submit(&ben, &over).await["closed_by"], "deadline");
    // Another server comes up on the same database, as after a crash: it closes nothing, and what was typed is taken.
    let again = TestApp::beside(app, 8).await;
    again.clerk().await;
    assert_eq!(clock(&again, &ann, &attempt).await["state"], "paused");
    again.save(&ann, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    let resumed = resume(&again, &stage).await;
    assert_eq!(resumed["seconds"], 3600);
    again.clock.advance_seconds(8);
    again.clerk().await;
    assert_eq!(clock(&again, &ann, &attempt).await["remaining_seconds"], 1);
    again.clock.advance_seconds(4);
    again.clerk().await;
    let id = AttemptId(attempt);
    let receipt = again.read(move |tx| Ok(tx.attempt(&id)?.receipt)).await.unwrap();
    assert_eq!((receipt.closed_by.as_str(), receipt.answered), ("deadline", 1));
    assert_eq!(receipt.closed_at, "2027-03-12T17:30:10.000Z");
}

async fn a_paused_part_can_be_submitted(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    app.clock.advance_seconds(100);
    pause(app, &stage).await;
    wait(app, 2500);
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!(
        (&receipt["closed_by"], &receipt["closed_at"]),
        (&json!("examinee"), &json!("2027-03-12T15:01:42.500Z"))
    );
    let told = clock(app, &seat, &attempt).await;
    assert_eq!((&told["state"], &told["terms"][1]["seconds"]), (&json!("closed"), &json!(3)));
    assert_eq!(resume(app, &stage).await["attempts"], json!([]));
    app.start(&seat, "two").await;
}

async fn a_pause_of_a_pause_is_the_same_one(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.problem(409, "not_paused");
    for reason in ["", "   ", &"x".repeat(501)] {
        let refused = app.post(&stage.proctor, &stage.path("/pause"), json!({ "reason": reason })).await;
        assert_eq!(refused.pointers("invalid"), ["/reason"]);
    }
    let first = pause(app, &stage).await;
    app.clock.advance_seconds(5);
    let again = app.post(&stage.coordinator, &stage.path("/pause"), json!({ "reason": "again" })).await.expect(200);
    assert_eq!(again, first);
    // Credit counts on top, also while everything stands.
    app.post(&stage.proctor, &stage.path("/credit"), json!({ "seconds": 60, "reason": "smoke" })).await.expect(200);
    assert_eq!(clock(app, &seat, &attempt).await["remaining_seconds"], 5460);
    wait(app, 300);
    resume(app, &stage).await;
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.problem(409, "not_paused");
    // Before the clock runs on it is stopped again: not a millisecond is counted twice.
    wait(app, 100);
    pause(app, &stage).await;
    wait(app, 10_000);
    assert_eq!(clock(app, &seat, &attempt).await["remaining_seconds"], 5460);
    resume(app, &stage).await;
    wait(app, 1000);
    let seconds: Vec<i64> = clock(app, &seat, &attempt).await["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|term| term["seconds"].as_i64().unwrap())
        .collect();
    assert_eq!(seconds, [5400, 60, 6, 10]);
    assert_eq!(clock(app, &seat, &attempt).await["remaining_seconds"], 5460);
}

async fn a_break_is_given_back(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = seat_with_breaks(app, &stage, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    wait(app, 60_500);
    let told = take_break(app, &seat, &attempt).await;
    let stop = json!({ "kind": "break", "since": "2027-03-12T15:01:00.500Z", "until": "2027-03-12T15:31:00.500Z" });
    assert_eq!((&told["state"], &told["remaining_seconds"], &told["stop"]), (&json!("paused"), &json!(5340), &stop));
    wait(app, 300_000);
    assert_eq!(presence(app, &stage, &seat).await, "on_break");
    assert_eq!(take_break(app, &seat, &attempt).await["stop"], stop);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "b" })).await.expect(200);
    wait(app, 1);
    let told = end_break(app, &seat, &attempt).await;
    let term = json!({ "kind": "accommodation", "seconds": 301, "reason": "break of 301 seconds" });
    assert_eq!((&told["state"], &told["terms"][1]), (&json!("open"), &term));
    assert_eq!((&told["remaining_seconds"], &told["deadline"]), (&json!(5340), &json!("2027-03-12T16:35:01.000Z")));
    // Ending what has ended changes nothing.
    assert_eq!(end_break(app, &seat, &attempt).await, told);
}

async fn breaks_are_bounded_and_arranged(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.policy(&stage.here, Policy { longest_break_seconds: 600, ..Policy::default() }).await;
    // In force when the sitting opens.
    app.clock.advance_seconds(120);
    let sitting = app.sitting(&stage.here, &stage.coordinator, |_| ()).await;
    let stage = Stage { sitting, ..stage };
    let (ann, ben) = (seat_with_breaks(app, &stage, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let (attempt, other) = (attempt_of(&app.begin(&ann).await), attempt_of(&app.begin(&ben).await));
    let ask = |seat: &Seat, attempt: &str| (seat.user.clone(), format!("/attempts/{attempt}/break"));
    let (who, path) = ask(&ben, &other);
    app.post(&who, &path, Value::Null).await.problem(409, "break_not_arranged");
    take_break(app, &ann, &attempt).await;
    app.clock.advance_seconds(400);
    end_break(app, &ann, &attempt).await;
    app.clock.advance_seconds(10);
    let told = take_break(app, &ann, &attempt).await;
    assert_eq!(told["stop"]["until"], "2027-03-12T15:12:10.000Z");
    // The rest runs out: the clock goes on by itself, whether or not the clerk has been here.
    app.clock.advance_seconds(300);
    let by_itself = clock(app, &ann, &attempt).await;
    assert_eq!((&by_itself["state"], &by_itself["remaining_seconds"]), (&json!("open"), &json!(5290)));
    app.clerk().await;
    assert_eq!(clock(app, &ann, &attempt).await, by_itself);
    assert_eq!(by_itself["terms"][2]["seconds"], 200);
    let (who, path) = ask(&ann, &attempt);
    app.post(&who, &path, Value::Null).await.problem(409, "break_used_up");
    // Part Two has breaks of its own; one that outlasts the server's absence ends where it had to.
    app.submit(&ann, &attempt).await;
    app.post(&who, &path, Value::Null).await.problem(409, "part_closed");
    let two = attempt_of(&app.start(&ann, "two").await);
    take_break(app, &ann, &two).await;
    app.clock.advance_seconds(12 * 3600);
    app.clerk().await;
    let id = AttemptId(two.clone());
    let (receipt, started) = app.read(move |tx| tx.attempt(&id).map(|a| (a.receipt, a.started_at))).await;
    assert_eq!(receipt.unwrap().closed_at, started.plus_seconds(5400 + 600).rfc3339());
}

async fn a_break_and_a_pause_count_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (seat_with_breaks(app, &stage, "Ann Able").await, seat_with_breaks(app, &stage, "Ben Bold").await);
    let (attempt, other) = (attempt_of(&app.begin(&ann).await), attempt_of(&app.begin(&ben).await));
    app.clock.advance_seconds(100);
    take_break(app, &ann, &attempt).await;
    take_break(app, &ben, &other).await;
    wait(app, 60_400);
    pause(app, &stage).await;
    assert_eq!(clock(app, &ann, &attempt).await["stop"]["kind"], "pause");
    assert_eq!(presence(app, &stage, &ann).await, "paused");
    wait(app, 1000);
    // Ben ends his break meanwhile; the pause holds his clock all the same.
    assert_eq!(end_break(app, &ben, &other).await["state"], "paused");
    let begin = app.post(&ben.user, &format!("/attempts/{other}/break"), Value::Null).await;
    begin.problem(409, "sitting_paused");
    wait(app, 119_000);
    resume(app, &stage).await;
    let (hers, his) = (clock(app, &ann, &attempt).await, clock(app, &ben, &other).await);
    assert_eq!((&hers["stop"]["kind"], &his["state"]), (&json!("break"), &json!("open")));
    // Her break goes on with what is left of it: 61 s were taken.
    assert_eq!(hers["stop"]["since"], "2027-03-12T15:04:41.000Z");
    assert_eq!(hers["stop"]["until"], "2027-03-12T15:33:40.000Z");
    wait(app, 30_600);
    end_break(app, &ann, &attempt).await;
    let told = clock(app, &ann, &attempt).await;
    let seconds: Vec<i64> =
        told["terms"].as_array().unwrap().iter().map(|term| term["seconds"].as_i64().unwrap()).collect();
    assert_eq!(seconds, [5400, 61, 120, 30]);
    assert_eq!(told["remaining_seconds"], 5300);
    wait(app, 1000);
    assert_eq!(clock(app, &ann, &attempt).await["remaining_seconds"], 5299);
    // A part on a break is submitted like any other.
    take_break(app, &ann, &attempt).await;
    wait(app, 10);
    assert_eq!(app.submit(&ann, &attempt).await["closed_by"], "examinee");
}
