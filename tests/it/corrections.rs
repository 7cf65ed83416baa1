//! Corrections of sealed reviews: asked for, decided by somebody else, settled anew, and kept.

use actix_web::http::Method;
use evenhand::command::verify;
use evenhand::domain::ids::ScriptId;
use evenhand::domain::vocabulary::Role;
use serde_json::{Value, json};

use crate::app::{Reply, TestApp, User, on_both};
use crate::build::Stage;

on_both!(
    a_correction_is_a_later_version_and_may_call_a_third,
    a_third_readers_correction_settles_anew,
    whoever_is_a_party_does_not_decide,
    what_was_prepared_goes_stale_and_what_is_out_stands,
    a_page_asks_and_a_page_decides,
);

/// A script read by two, with each one's code for it.
struct Read {
    stage: Stage,
    script: String,
    readers: Vec<(User, String)>,
}

/// One examinee with one vignette, given to two of three reviewers and sealed by nobody.
async fn given_out(app: &TestApp) -> Read {
    let mut stage = Stage::new(app).await;
    stage.sitting =
        app.sitting(&stage.here, &stage.coordinator, |terms| (terms.two_vignettes, terms.two_answer) = (1, 1)).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 60).await;
    app.allocate(&stage, &stage.sitting).await;
    let mut readers = Vec::new();
    for reviewer in &stage.reviewers {
        if let Some(code) = app.codes(reviewer).await.pop() {
            readers.push((reviewer.clone(), code));
        }
    }
    assert_eq!(readers.len(), 2);
    let marking = app.get(&stage.coordinator, &stage.path("/marking")).await.expect(200);
    let script = marking["items"][0]["script"].as_str().unwrap().to_owned();
    Read { stage, script, readers }
}

impl Read {
    async fn ask(&self, app: &TestApp, who: &User, code: &str, verdict: &str) -> String {
        let mut review = app.review(who, code, verdict).await;
        review["reason"] = json!("I read the levels upside down.");
        let asked = app.post(who, &format!("/reviews/{code}/corrections"), review).await.expect(201);
        assert_eq!(asked, json!({ "code": code, "state": "waiting" }));
        let open = app.get(&self.stage.second, &self.stage.path("/corrections")).await.expect(200);
        assert_eq!(open["items"][0]["state"], "waiting");
        open["items"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn approve(&self, app: &TestApp, id: &str) -> Value {
        let body = json!({ "decision": "approve", "reason": "An evident slip." });
        app.post(&self.stage.second, &format!("/corrections/{id}/decision"), body).await.expect(200)
    }

    /// Verdict and how it was settled, of every settlement from the first on.
    async fn settlements(&self, app: &TestApp) -> Vec<(String, String, bool)> {
        let id = ScriptId(self.script.clone());
        let all = app.read(move |tx| tx.settlements(&id)).await;
        let told = |s: &evenhand::store::settlements::Settled| {
            (s.settlement.verdict.to_string(), s.settlement.settled_by.to_string(), s.superseded_at.is_none())
        };
        all.iter().map(told).collect()
    }

    /// The third reader and their code.
    async fn third(&self, app: &TestApp) -> (User, String) {
        for reviewer in &self.stage.reviewers {
            if !self.readers.iter().any(|(known, _)| known == reviewer) {
                return (reviewer.clone(), app.codes(reviewer).await.pop().unwrap());
            }
        }
        panic!("no third reader");
    }
}

/// A page as somebody sees it.
pub async fn look(app: &TestApp, who: &User, path: &str) -> String {
    let page = app.call(TestApp::browse(who, Method::GET, path)).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page.text()
}

/// A form as somebody sends it.
pub async fn press(app: &TestApp, who: &User, path: &str, form: String) -> Reply {
    let request = TestApp::browse(who, Method::POST, path);
    app.call(request.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(form)).await
}

/// That everything can be recomputed from what is stored.
pub async fn verified(app: &TestApp) {
    let (store, key) = (app.web.office.store.clone(), (*app.web.office.receipts).clone());
    let report = verify::results(&store, key).await.unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
}

async fn a_correction_is_a_later_version_and_may_call_a_third(app: &TestApp) {
    let read = given_out(app).await;
    let [(ash, ash_code), (birch, birch_code)] = &read.readers[..] else { panic!() };
    let path = format!("/reviews/{ash_code}/corrections");
    let mut review = app.review(ash, ash_code, "fail").await;
    review["reason"] = json!("x");
    app.post(ash, &path, review.clone()).await.problem(409, "not_sealed");
    app.seal(ash, ash_code, "pass").await;
    let mut same = app.review(ash, ash_code, "pass").await;
    same["reason"] = json!("x");
    assert_eq!(app.post(ash, &path, same).await.pointers("invalid"), [""]);
    for (field, value, code, pointer) in [
        ("reason", json!(" "), "invalid", "/reason"),
        ("reason", json!("é".repeat(1001)), "invalid", "/reason"),
        ("remarks_for_examinee", json!(""), "review_incomplete", "/remarks_for_examinee"),
        ("scores", json!({ "nothing": 1 }), "review_incomplete", "/scores/nothing"),
    ] {
        let mut wrong = review.clone();
        wrong[field] = value;
        assert_eq!(app.post(ash, &path, wrong).await.pointers(code)[0], pointer);
    }
    app.post(birch, &path, review.clone()).await.problem(404, "not_found");
    let id = read.ask(app, ash, ash_code, "fail").await;
    app.post(ash, &path, review).await.problem(409, "correction_waiting");

    // Nobody sees a mark before both are sealed and settled; what was sealed counts meanwhile.
    let corrections = read.stage.path("/corrections");
    let seen = app.get(&read.stage.second, &corrections).await.expect(200);
    assert_eq!((&seen["items"][0]["marks"], &seen["items"][0]["reviewer"]["name"]), (&Value::Null, &json!(ash.name)));
    assert!(!seen.to_string().contains("Seen and said"), "{seen}");
    let own = app.get(ash, &format!("/reviews/{ash_code}")).await.expect(200);
    assert_eq!((&own["sealed"]["verdict"], &own["correction"]["state"]), (&json!("pass"), &json!("waiting")));
    app.seal(birch, birch_code, "pass").await;
    app.clerk().await;
    assert_eq!(read.settlements(app).await, [("pass".into(), "agreement".into(), true)]);
    let seen = app.get(&read.stage.second, &corrections).await.expect(200);
    let marks = &seen["items"][0]["marks"];
    assert_eq!((&marks["sealed"]["verdict"], &marks["wanted"]["verdict"]), (&json!("pass"), &json!("fail")));
    let other = app.get(birch, &format!("/reviews/{birch_code}")).await.expect(200);
    assert_eq!(other["correction"], Value::Null);

    app.post(
        &read.stage.foreign,
        &format!("/corrections/{id}/decision"),
        json!({ "decision": "refuse", "reason": "x" }),
    )
    .await
    .problem(404, "not_found");
    let approved = read.approve(app, &id).await;
    assert_eq!((&approved["state"], &approved["decided_by"]["name"]), (&json!("approved"), &json!("Colin Here")));
    // The two no longer agree: what stood stands no more, and a third is called.
    assert_eq!(read.settlements(app).await, [("pass".into(), "agreement".into(), false)]);
    let again = json!({ "decision": "refuse", "reason": "x" });
    app.post(&read.stage.second, &format!("/corrections/{id}/decision"), again).await.problem(409, "request_decided");
    let marking = app.get(&read.stage.coordinator, &read.stage.path("/marking")).await.expect(200);
    assert_eq!(marking["items"][0]["state"], "third_reading");
    // The reviewer reads the review as it is now, and nothing of why, by whom, or what followed.
    let own = app.get(ash, &format!("/reviews/{ash_code}")).await.expect(200);
    assert_eq!((&own["sealed"]["verdict"], &own["correction"]["state"]), (&json!("fail"), &json!("approved")));
    app.clerk().await;
    let told = own.to_string() + &app.mail_to(&ash.email).concat();
    assert!(!told.contains("evident slip") && !told.contains("Colin"), "{told}");
    assert!(app.mail_to(&ash.email).iter().any(|mail| mail.contains("Your correction was decided")));

    let (third, third_code) = read.third(app).await;
    app.seal(&third, &third_code, "fail").await;
    app.clerk().await;
    let settled = [("pass".into(), "agreement".into(), false), ("fail".into(), "adjudicator".into(), true)];
    assert_eq!(read.settlements(app).await, settled);
    verified(app).await;
}

async fn a_third_readers_correction_settles_anew(app: &TestApp) {
    let read = given_out(app).await;
    for ((who, code), verdict) in read.readers.iter().zip(["pass", "fail"]) {
        app.seal(who, code, verdict).await;
    }
    app.clerk().await;
    let (third, code) = read.third(app).await;
    app.seal(&third, &code, "fail").await;
    app.clerk().await;
    let id = read.ask(app, &third, &code, "pass").await;
    read.approve(app, &id).await;
    let settled = [("fail".into(), "adjudicator".into(), false), ("pass".into(), "adjudicator".into(), true)];
    assert_eq!(read.settlements(app).await, settled);
    // A correction of a first reading brings the two together: then the third no longer counts.
    let (who, code) = &read.readers[0];
    let id = read.ask(app, who, code, "fail").await;
    read.approve(app, &id).await;
    assert_eq!(read.settlements(app).await.last(), Some(&("fail".into(), "agreement".into(), true)));
    verified(app).await;
}

async fn whoever_is_a_party_does_not_decide(app: &TestApp) {
    let read = given_out(app).await;
    let [(ash, ash_code), (birch, _)] = &read.readers[..] else { panic!() };
    app.seal(ash, ash_code, "pass").await;
    let id = read.ask(app, ash, ash_code, "fail").await;
    let decision = format!("/corrections/{id}/decision");
    let body = json!({ "decision": "refuse", "reason": "x" });
    app.post(ash, &decision, body.clone()).await.problem(404, "not_found");
    for party in [ash, birch] {
        let (who, place) = (party.id.clone(), read.stage.here.clone());
        app.write(move |tx| tx.role_grant(&who, Role::Coordinator, &place)).await;
        app.post(party, &decision, body.clone()).await.problem(403, "own_case");
        let listed = app.get(party, &read.stage.path("/corrections")).await.expect(200);
        assert_eq!(listed["items"], json!([]));
    }
    let refused = app.post(&read.stage.coordinator, &decision, body).await.expect(200);
    assert_eq!((&refused["state"], &refused["marks"]), (&json!("refused"), &Value::Null));
    let own = app.get(ash, &format!("/reviews/{ash_code}")).await.expect(200);
    assert_eq!((&own["sealed"]["verdict"], &own["correction"]["state"]), (&json!("pass"), &json!("refused")));
    // Refused, another can be asked for.
    read.ask(app, ash, ash_code, "fail").await;
}

async fn what_was_prepared_goes_stale_and_what_is_out_stands(app: &TestApp) {
    let read = given_out(app).await;
    let stage = &read.stage;
    for (who, code) in &read.readers {
        app.seal(who, code, "pass").await;
    }
    app.clerk().await;
    let prepared = app.post(&stage.coordinator, &stage.path("/releases"), Value::Null).await.expect(201);
    let release = prepared["id"].as_str().unwrap();
    let (ash, ash_code) = &read.readers[0];
    // Only a remark that no examinee reads differs: the result says the same, and rests on something else.
    let mut review = app.review(ash, ash_code, "pass").await;
    review["remarks_internal"] = json!("seen twice");
    review["reason"] = json!("x");
    app.post(ash, &format!("/reviews/{ash_code}/corrections"), review).await.expect(201);
    let open = app.get(&stage.second, &stage.path("/corrections")).await.expect(200);
    read.approve(app, open["items"][0]["id"].as_str().unwrap()).await;
    let approval = format!("/releases/{release}/approval");
    let stale = app.post(&stage.second, &approval, Value::Null).await.problem(409, "release_blocked");
    let changed = stale["checks"].as_array().unwrap().iter().find(|check| check["check"] == "unchanged").unwrap();
    assert_eq!(changed["holds"], false);
    app.post(&stage.coordinator, &format!("/releases/{release}/recall"), json!({ "reason": "stale" }))
        .await
        .expect(200);
    let out = app.release(stage, &stage.sitting).await;

    let id = read.ask(app, ash, ash_code, "fail").await;
    let decision = format!("/corrections/{id}/decision");
    let approve = json!({ "decision": "approve", "reason": "x" });
    app.post(&stage.second, &decision, approve.clone()).await.problem(409, "results_released");
    app.post(&stage.coordinator, &format!("/releases/{out}/recall"), json!({ "reason": "a slip" })).await.expect(200);
    app.post(&stage.second, &decision, approve).await.expect(200);
    verified(app).await;
}

async fn a_page_asks_and_a_page_decides(app: &TestApp) {
    let read = given_out(app).await;
    let (ash, ash_code) = &read.readers[0];
    app.seal(ash, ash_code, "pass").await;
    let page = look(app, ash, &format!("/marking/{ash_code}/correction")).await;
    assert!(page.contains("name=\"reason\""), "{page}");
    let desk = app.get(ash, &format!("/reviews/{ash_code}")).await.expect(200);
    let scores = desk["sealed"]["scores"].as_object().unwrap().iter();
    let scores: String = scores.map(|(criterion, points)| format!("&score.{criterion}={points}")).collect();
    let path = format!("/marking/{ash_code}/correction");
    let form = |reason: &str| format!("verdict=fail&remarks_for_examinee=Read+again.&reason={reason}{scores}");
    let refused = press(app, ash, &path, form("")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Read again."), "what was typed stands there again");
    let sent = press(app, ash, &path, form("Upside+down.")).await;
    assert_eq!((sent.status, sent.header("location")), (303, Some(format!("/marking/{ash_code}").as_str())));

    let second = &read.stage.second;
    let listed = look(app, second, &read.stage.path("/corrections")).await;
    assert!(listed.contains("Upside down.") && !listed.contains("Read again."), "{listed}");
    assert!(look(app, second, "/desk").await.contains("A reviewer asks for a correction"));
    let open = app.get(second, &read.stage.path("/corrections")).await.expect(200);
    let decision = format!("/corrections/{}/decision", open["items"][0]["id"].as_str().unwrap());
    assert_eq!(press(app, second, &decision, "decision=approve&reason=".into()).await.status, 422);
    assert_eq!(press(app, second, &decision, "decision=approve&reason=yes".into()).await.status, 303);
    assert!(look(app, ash, &format!("/marking/{ash_code}")).await.contains("Your correction was accepted"));
}
