//! Time: what a deadline is made of, what counts by it to the millisecond, and what is left when it has passed.

use evenhand::domain::ids::AttemptId;
use evenhand::domain::receipt::{DigestedAnswer, Receipt, answers_digest};
use evenhand::domain::timing::Instant;
use serde_json::json;

use crate::app::{TestApp, on_both};
use crate::build::{PROSE, Stage};
use crate::examinee::{attempt_of, states};

on_both!(
    time_is_an_explained_sum,
    a_save_is_judged_by_its_arrival,
    what_comes_late_is_kept_as_evidence,
    the_clerk_closes_what_ran_out,
    the_clerk_closes_after_downtime,
    a_receipt_can_be_checked,
);

async fn time_is_an_explained_sum(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let arrangement = json!({
        "time_multiplier_percent": 150, "extra_seconds": { "one": 60, "two": 0 }, "approved_note": "on file",
    });
    app.put(&stage.coordinator, &format!("/people/{}/accommodations", seat.user.id), arrangement).await.expect(200);
    let paper = app.begin(&seat).await;
    let attempt = attempt_of(&paper);
    let clock_path = format!("/attempts/{attempt}/clock");
    let terms = json!([{ "kind": "allowance", "seconds": 5400 }, { "kind": "accommodation", "seconds": 2760 }]);
    assert_eq!((&paper["terms"], &paper["deadline"]), (&terms, &json!("2027-03-12T17:16:00.000Z")));
    app.clock.advance_seconds(100);
    let clock = app.get(&seat.user, &clock_path).await.expect(200);
    let expected = json!({
        "now": "2027-03-12T15:01:40.000Z", "deadline": "2027-03-12T17:16:00.000Z", "remaining_seconds": 8060,
        "terms": terms, "state": "open",
    });
    assert_eq!(clock, expected);

    let credit = json!({ "seconds": 300, "reason": "fire alarm" });
    let moved = app.post(&stage.proctor, &format!("/attempts/{attempt}/credit"), credit).await.expect(200);
    assert_eq!(moved["deadline"], "2027-03-12T17:21:00.000Z");
    let clock = app.get(&seat.user, &clock_path).await.expect(200);
    assert_eq!(clock["terms"][2], json!({ "kind": "credit", "seconds": 300, "reason": "fire alarm" }));
    assert_eq!(
        (clock["remaining_seconds"].as_i64(), clock["deadline"].as_str()),
        (Some(8360), moved["deadline"].as_str())
    );
    // What was arranged for a person says nothing of the sum in the next part until it starts.
    app.submit(&seat, &attempt).await;
    let clock = app.get(&seat.user, &clock_path).await.expect(200);
    assert_eq!((clock["state"].as_str(), clock["remaining_seconds"].as_i64()), (Some("closed"), Some(0)));
    let two = app.start(&seat, "two").await;
    assert_eq!(
        two["terms"],
        json!([{ "kind": "allowance", "seconds": 5400 }, { "kind": "accommodation", "seconds": 2700 }])
    );
}

async fn a_save_is_judged_by_its_arrival(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let paper = app.begin(&seat).await;
    let attempt = attempt_of(&paper);
    let deadline = Instant::parse(paper["deadline"].as_str().unwrap()).unwrap();
    app.go_to(Instant(deadline.0 - 1));
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.go_to(deadline);
    let late = app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": "a" })).await;
    assert_eq!(late.problem(409, "part_closed")["late"], true);
    // Closed by the deadline, whoever asks first.
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!((receipt["closed_by"].as_str(), receipt["answered"].as_i64()), (Some("deadline"), Some(1)));
    assert_eq!(receipt["closed_at"], paper["deadline"]);
}

async fn what_comes_late_is_kept_as_evidence(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let stored = app.save(&seat, &attempt, 1, json!({ "revision": 2, "choice": "a" })).await.expect(200);
    let receipt = app.submit(&seat, &attempt).await;
    app.clock.advance_seconds(5);
    let late = app.save(&seat, &attempt, 1, json!({ "revision": 3, "choice": "b" })).await;
    assert_eq!(late.problem(409, "part_closed")["late"], true);
    // A repetition of what is stored is answered as it was.
    assert_eq!(app.save(&seat, &attempt, 1, json!({ "revision": 2, "choice": "a" })).await.expect(200), stored);
    let batch = json!({ "answers": [{ "position": 2, "revision": 1, "choice": "c" }, { "position": 1, "revision": 1, "choice": "d" }] });
    let results =
        app.post(&seat.user, &format!("/attempts/{attempt}/answers"), batch).await.expect(200)["results"].clone();
    assert_eq!((&results[0]["code"], &results[0]["late"]), (&json!("part_closed"), &json!(true)));
    assert_eq!(results[1]["revision"], 2);

    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    assert_eq!(paper["saved"].as_array().unwrap().len(), 1);
    assert_eq!(paper["saved"][0]["choice"], "a");
    assert_eq!(app.submit(&seat, &attempt).await, receipt);
    let board = app.get(&stage.proctor, &stage.path("/board")).await.expect(200);
    assert_eq!(board["items"][0]["late_answers"], 2);
}

async fn the_clerk_closes_what_ran_out(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, credited) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Cat Credit").await);
    let (attempt, other) = (attempt_of(&app.begin(&seat).await), attempt_of(&app.begin(&credited).await));
    app.save(&seat, &attempt, 7, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    let credit = json!({ "seconds": 600, "reason": "fire alarm" });
    app.post(&stage.proctor, &format!("/attempts/{other}/credit"), credit).await.expect(200);
    app.clock.advance_seconds(5401);
    app.clerk().await;
    let closed = |id: &str| {
        let id = AttemptId(id.to_owned());
        app.read(move |tx| Ok(tx.attempt(&id)?.receipt))
    };
    // A save that arrived in time may still be on its way to the disk.
    assert_eq!(closed(&attempt).await, None);
    app.clock.advance_seconds(1);
    app.clerk().await;
    let receipt = closed(&attempt).await.unwrap();
    assert_eq!((receipt.closed_by.as_str(), receipt.answered), ("deadline", 1));
    assert_eq!(receipt.closed_at, "2027-03-12T16:30:00.000Z");
    assert_eq!(closed(&other).await, None);
    assert_eq!(states(app, &credited).await.0, "open");
    // The receipt that the examinee asks for is the clerk's.
    assert_eq!(app.submit(&seat, &attempt).await["signature"], receipt.signature);
}

async fn the_clerk_closes_after_downtime(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    app.sit_one(&ann, 50).await;
    let two = attempt_of(&app.start(&ann, "two").await);
    app.save(&ann, &two, 1, json!({ "revision": 1, "text": PROSE })).await.expect(200);
    app.clock.advance_seconds(5399);
    app.save(&ann, &two, 2, json!({ "revision": 1, "text": "the last words" })).await.expect(200);
    let one = attempt_of(&app.begin(&ben).await);
    // The server is gone for half a day, and comes back to all of it.
    app.clock.advance_seconds(12 * 3600);
    app.clerk().await;
    let (two_id, one_id) = (AttemptId(two), AttemptId(one));
    let (receipt, scripts, score) =
        app.read(move |tx| Ok((tx.attempt(&two_id)?.receipt, tx.scripts_of(&two_id)?.len(), tx.score(&one_id)?))).await;
    let receipt = receipt.unwrap();
    assert_eq!((receipt.closed_by.as_str(), receipt.answered, scripts), ("deadline", 2, 2));
    assert_eq!(receipt.closed_at, "2027-03-12T16:30:00.000Z");
    assert_eq!(score.unwrap().total.correct, 0);
    // Part One ended while nobody looked: Part Two can be sat all the same.
    app.start(&ben, "two").await;
    app.clerk().await;
    assert!(app.mail_to(&ann.user.email).iter().any(|mail| mail.contains(&receipt.digest)));
}

async fn a_receipt_can_be_checked(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit_one(&seat, 30).await;
    let two = attempt_of(&app.start(&seat, "two").await);
    app.clock.advance_seconds(3);
    app.save(&seat, &two, 2, json!({ "revision": 4, "text": "Ünïcode\nand lines" })).await.expect(200);
    app.save(&seat, &two, 1, json!({ "revision": 1, "text": null })).await.expect(200);
    let first = app.submit(&seat, &two).await;
    app.clock.advance_seconds(3600);
    assert_eq!(app.submit(&seat, &two).await, first);

    let receipt: Receipt = serde_json::from_value(first).unwrap();
    assert!(app.web.office.receipts.verifies(&receipt));
    assert!(!app.web.office.receipts.verifies(&Receipt { answered: 2, ..receipt.clone() }));
    assert_eq!((receipt.closed_by.as_str(), receipt.answered), ("examinee", 1));
    // Anybody can recompute the digest from what the paper says is stored.
    let paper = app.get(&seat.user, &format!("/attempts/{two}")).await.expect(200);
    let saved: Vec<(i64, i64, Instant, Option<String>)> = paper["saved"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let at = Instant::parse(row["saved_at"].as_str().unwrap()).unwrap();
            let text = row["text"].as_str().map(str::to_owned);
            (row["position"].as_i64().unwrap(), row["revision"].as_i64().unwrap(), at, text)
        })
        .collect();
    let digested: Vec<DigestedAnswer<'_>> = saved
        .iter()
        .map(|(position, revision, saved_at, content)| DigestedAnswer {
            position: *position,
            revision: *revision,
            saved_at: *saved_at,
            content: content.as_deref(),
        })
        .collect();
    assert_eq!(answers_digest(&receipt.attempt, &digested), receipt.digest);
}
