//! Calibration: sets before live scripts, who is admitted and by what, and benchmark scripts planted among live ones that
//! nobody can tell from them.

use std::collections::BTreeSet;

use actix_web::http::Method;
use evenhand::domain::ids::{PersonId, ScriptCode};
use evenhand::domain::policy::Policy;
use evenhand::domain::vocabulary::{Role, Strand};
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{PROSE, Stage};

on_both!(
    a_set_comes_before_live_scripts,
    a_set_that_is_far_off_is_followed_by_another_and_then_by_a_coordinator,
    a_script_of_a_set_that_is_given_back_is_replaced,
    a_coordinator_decides_with_a_reason,
    nothing_changes_where_nothing_is_asked,
    planted_scripts_come_at_the_rate_and_are_counted_nowhere,
    what_is_planted_is_taken_back_with_the_rest,
    drift_is_told_from_enough_readings,
);

fn asking() -> Policy {
    Policy { calibration_scripts: 2, ..Policy::default() }
}

/// The reference of a benchmark that a reviewer knows by a code, as a review.
async fn reference(app: &TestApp, who: &User, code: &str) -> Value {
    let (reviewer, code) = (who.id.clone(), code.to_owned());
    app.read(move |tx| {
        let mine = tx.reading_by_code(&reviewer, &ScriptCode(code.clone()))?;
        let benchmark = tx.benchmark_of(&mine.script)?.expect("a benchmark");
        Ok(json!({
            "scores": benchmark.reading().scores, "verdict": benchmark.verdict, "remarks_for_examinee": "Seen.",
            "remarks_internal": "",
        }))
    })
    .await
}

/// Which of a reviewer's codes are of benchmarks.
async fn benchmarks(app: &TestApp, who: &User) -> Vec<String> {
    let mut found = Vec::new();
    for code in app.codes(who).await {
        let (reviewer, wanted) = (who.id.clone(), code.clone());
        let is_one = app
            .read(move |tx| {
                let mine = tx.reading_by_code(&reviewer, &ScriptCode(wanted.clone()))?;
                Ok(tx.benchmark_of(&mine.script)?.is_some())
            })
            .await;
        if is_one {
            found.push(code);
        }
    }
    found
}

/// The codes of a reviewer that are not sealed.
async fn open(app: &TestApp, who: &User) -> Vec<String> {
    let queue = app.get(who, "/reviews").await.expect(200);
    let items = queue["items"].as_array().unwrap().iter().filter(|row| row["state"] != "sealed");
    items.map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

async fn page(app: &TestApp, who: &User, path: &str) -> String {
    let reply = app.call(TestApp::browse(who, Method::GET, path)).await;
    assert_eq!(reply.status, 200, "{path}");
    reply.text()
}

async fn seal_as(app: &TestApp, who: &User, code: &str, review: Value) {
    app.post(who, &format!("/reviews/{code}/seal"), review).await.expect(200);
}

/// Reviewers who read clinical scripts alone, in an association that asks for two benchmark scripts.
async fn clinical(app: &TestApp, policy: Policy) -> Stage {
    let stage = Stage::new(app).await;
    for reviewer in &stage.reviewers {
        app.put(reviewer, "/reviewer/profile", json!({ "strands": ["clinical"] })).await.expect(200);
    }
    app.policy(&stage.here, policy).await;
    stage
}

async fn row(app: &TestApp, stage: &Stage, who: &User) -> Value {
    let path = format!("/associations/{}/calibration", stage.here);
    let found = app.get(&stage.coordinator, &path).await.expect(200);
    let items = found["items"].as_array().unwrap();
    items.iter().find(|row| row["reviewer"] == json!(who.id)).unwrap().clone()
}

async fn decide(app: &TestApp, stage: &Stage, who: &PersonId, decision: &str) -> crate::app::Reply {
    let body = json!({ "strand": "clinical", "decision": decision, "reason": "Read for us for ten years." });
    app.post(&stage.coordinator, &format!("/associations/{}/reviewers/{who}/admission", stage.here), body).await
}

async fn a_set_comes_before_live_scripts(app: &TestApp) {
    let stage = clinical(app, asking()).await;
    app.clerk().await;
    for reviewer in &stage.reviewers {
        let queue = app.get(reviewer, "/reviews").await.expect(200);
        assert_eq!(queue["items"].as_array().unwrap().len(), 2, "{queue}");
        assert_eq!(row(app, &stage, reviewer).await["state"], "scoring");
        assert!(app.mail_to(&reviewer.email).iter().any(|mail| mail.contains("2 scripts")));
    }
    // A second round gives nothing more.
    app.clerk().await;
    assert_eq!(app.codes(&stage.reviewers[0]).await.len(), 2);

    let ann = stage.seat(app, "Ann Able").await;
    app.sit(&ann, 48).await;
    let found = app.allocate(&stage, &stage.sitting).await;
    let lacking = &found["unassigned"][0];
    assert_eq!((found["assigned"].as_i64(), lacking["unadmitted"].as_i64()), (Some(0), Some(3)), "{found}");
    assert!(lacking["lacks"].as_str().unwrap().contains("3 not yet admitted"), "{found}");
    let steps: Vec<&Value> = found["remedy"]["steps"].as_array().unwrap().iter().map(|step| &step["kind"]).collect();
    assert_eq!(steps, ["admit", "admit"], "{found}");

    // One is a point off here and there, one has the reference, one is far away.
    let [near, exact, far] = &stage.reviewers[..] else { panic!("three") };
    for code in app.codes(near).await {
        let mut review = reference(app, near, &code).await;
        let first = review["scores"].as_object().unwrap().keys().next().unwrap().clone();
        let points = review["scores"][&first].as_i64().unwrap();
        review["scores"][&first] = json!(if points > 0 { points - 1 } else { 1 });
        let before = app.get(near, "/calibration").await.expect(200);
        assert_eq!(
            (&before["items"][0]["state"], &before["items"][0]["sets"][0]["lessons"]),
            (&json!("scoring"), &json!([]))
        );
        seal_as(app, near, &code, review).await;
    }
    for code in app.codes(exact).await {
        let review = reference(app, exact, &code).await;
        seal_as(app, exact, &code, review).await;
    }
    app.clerk().await;
    for reviewer in [near, exact] {
        let record = row(app, &stage, reviewer).await;
        assert_eq!((&record["state"], &record["decided_by"]), (&json!("admitted"), &Value::Null));
    }
    assert_eq!(row(app, &stage, exact).await["set"]["judgement"]["distance_hundredths"], 0);
    assert_eq!(row(app, &stage, near).await["set"]["judgement"]["distance_hundredths"], 20);
    assert_eq!(row(app, &stage, far).await["state"], "scoring");

    // What there is to learn: one's own beside the reference, with the reasons.
    let own = app.get(near, "/calibration").await.expect(200);
    let set = &own["items"][0]["sets"][0];
    assert_eq!((&own["items"][0]["state"], &set["outcome"]), (&json!("admitted"), &json!("admitted")));
    assert_eq!(set["lessons"].as_array().unwrap().len(), 2);
    let lesson = &set["lessons"][0];
    assert_eq!(lesson["criteria"].as_array().unwrap().len(), 5);
    assert_ne!(lesson["criteria"].as_array().unwrap().iter().filter(|c| c["own"] != c["reference"]).count(), 0);
    assert!(lesson["criteria"][0]["rationale"].as_str().unwrap().len() > 20);
    let shown = page(app, near, "/marking/calibration").await;
    assert!(shown.contains(lesson["criteria"][0]["title"].as_str().unwrap()));
    assert!(app.mail_to(&near.email).iter().any(|mail| mail.contains("/marking/calibration")));

    // Two are admitted: they are given what waited, and nobody else is.
    let found = app.allocate(&stage, &stage.sitting).await;
    assert_eq!(found["assigned"], 2, "{found}");
    assert_eq!(open(app, far).await.len(), 2);
    assert_eq!(open(app, near).await.len(), 2);
}

async fn a_set_that_is_far_off_is_followed_by_another_and_then_by_a_coordinator(app: &TestApp) {
    let stage = clinical(app, asking()).await;
    app.clerk().await;
    let reader = &stage.reviewers[0];
    // The shipped bank has five: two sets, and one left.
    for number in 1..=2 {
        assert_eq!(row(app, &stage, reader).await["set"]["number"], number);
        for code in open(app, reader).await {
            let mut review = reference(app, reader, &code).await;
            let pass = review["verdict"] == "pass";
            for points in review["scores"].as_object_mut().unwrap().values_mut() {
                *points = json!(if pass { 0 } else { 4 });
            }
            seal_as(app, reader, &code, review).await;
        }
        app.clerk().await;
    }
    let record = row(app, &stage, reader).await;
    assert_eq!((&record["state"], &record["set"]["number"]), (&json!("not_admitted"), &json!(2)), "{record}");
    assert!(open(app, reader).await.is_empty());
    let own = app.get(reader, "/calibration").await.expect(200);
    let outcomes: Vec<&Value> = own["items"][0]["sets"].as_array().unwrap().iter().map(|set| &set["outcome"]).collect();
    assert_eq!(outcomes, ["not_admitted", "further_set"]);
    // The coordinator's desk says so.
    let desk = page(app, &stage.coordinator, "/desk").await;
    assert!(desk.contains("1 reviewer is not admitted"), "{desk}");
    // Another set would take more than there are; that is told too.
    decide(app, &stage, &reader.id, "again").await.expect(200);
    app.clerk().await;
    assert_eq!(row(app, &stage, reader).await["state"], "lacking");
    decide(app, &stage, &reader.id, "admit").await.expect(200);
    assert_eq!(row(app, &stage, reader).await["state"], "admitted");
}

async fn a_script_of_a_set_that_is_given_back_is_replaced(app: &TestApp) {
    let stage = clinical(app, asking()).await;
    app.clerk().await;
    let reader = &stage.reviewers[0];
    let before: BTreeSet<String> = app.codes(reader).await.into_iter().collect();
    let given_back = before.first().unwrap();
    app.post(reader, &format!("/reviews/{given_back}/decline"), json!({ "reason": "recognised" })).await.expect(204);
    app.clerk().await;
    let after: BTreeSet<String> = app.codes(reader).await.into_iter().collect();
    assert_eq!((after.len(), after.intersection(&before).count()), (2, 1));
    assert_eq!(row(app, &stage, reader).await["set"]["number"], 1);
}

async fn a_coordinator_decides_with_a_reason(app: &TestApp) {
    let stage = clinical(app, asking()).await;
    app.clerk().await;
    let reader = &stage.reviewers[0];
    let path = format!("/associations/{}/reviewers/{}/admission", stage.here, reader.id);
    let body = |strand: &str, reason: &str| json!({ "strand": strand, "decision": "admit", "reason": reason });
    let refused = app.post(&stage.coordinator, &path, body("clinical", " ")).await;
    assert_eq!(refused.pointers("invalid"), ["/reason"]);
    app.post(&stage.coordinator, &path, body("policy", "x")).await.problem(404, "not_found");
    app.post(&stage.foreign, &path, body("clinical", "x")).await.problem(404, "not_found");
    app.post(&stage.administrator, &path, body("clinical", "x")).await.problem(403, "role_required");

    let admitted = decide(app, &stage, &reader.id, "admit").await.expect(200);
    assert_eq!((&admitted["state"], &admitted["decided_by"]), (&json!("admitted"), &json!("Cora Here")));
    assert_eq!(admitted["reason"], "Read for us for ten years.");
    assert_eq!(decide(app, &stage, &reader.id, "admit").await.pointers("invalid"), ["/decision"]);
    // What they had not begun of the set is theirs no more.
    assert!(app.codes(reader).await.is_empty());
    // The log tells the decision and not the reason.
    let log = app.get(&stage.auditor, "/audit?limit=500").await.expect(200).to_string();
    assert!(log.contains("reviewer.admission") && !log.contains("ten years"));

    let withdrawn = decide(app, &stage, &reader.id, "withdraw").await.expect(200);
    assert_eq!(withdrawn["state"], "withdrawn");
    let ann = stage.seat(app, "Ann Able").await;
    app.sit(&ann, 48).await;
    for other in &stage.reviewers[1..] {
        decide(app, &stage, &other.id, "admit").await.expect(200);
    }
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 2);
    assert!(app.codes(reader).await.is_empty());

    // Nobody decides about themselves.
    let both = [(Role::Coordinator, &stage.here), (Role::Reviewer, &stage.here)];
    let own = app.person("Corin Both", &both).await;
    let (who, place) = (own.id.clone(), stage.here.clone());
    app.write(move |tx| tx.reviewer_add(&who, &place, &[Strand::Clinical], 5)).await;
    let path = format!("/associations/{}/reviewers/{}/admission", stage.here, own.id);
    app.post(&own, &path, body("clinical", "x")).await.problem(403, "own_case");
}

async fn nothing_changes_where_nothing_is_asked(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.clerk().await;
    let ann = stage.seat(app, "Ann Able").await;
    app.sit(&ann, 48).await;
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 2);
    for reviewer in &stage.reviewers {
        assert_eq!(benchmarks(app, reviewer).await, Vec::<String>::new());
        assert_eq!(app.get(reviewer, "/calibration").await.expect(200)["items"], json!([]));
        assert_eq!(row(app, &stage, reviewer).await["state"], "not_asked");
    }
}

/// Everybody's live scripts, in a sitting whose vignettes have benchmarks.
async fn live(app: &TestApp, stage: &Stage, writers: &[&str]) {
    for name in writers {
        let seat = stage.seat(app, name).await;
        app.sit_one(&seat, 48).await;
        app.sit_two(&seat, PROSE).await;
    }
    app.allocate(stage, &stage.sitting).await;
    app.clerk().await;
}

async fn planted_scripts_come_at_the_rate_and_are_counted_nowhere(app: &TestApp) {
    let stage = clinical(app, Policy { planted_per_hundred: 50, ..Policy::default() }).await;
    live(app, &stage, &["Ann Able", "Ben Bold", "Cal Cole"]).await;
    let marking = app.get(&stage.coordinator, &stage.path("/marking")).await.expect(200);
    let mut planted_in_all = 0;
    for reviewer in &stage.reviewers {
        let (all, planted) = (app.codes(reviewer).await, benchmarks(app, reviewer).await);
        let live = all.len() - planted.len();
        // Half as many, give or take the one that is carried; as many as the vignettes of the sitting allow.
        assert!(planted.len() <= live.div_ceil(2), "{} of {live}", planted.len());
        planted_in_all += planted.len();
        let queue = app.get(reviewer, "/reviews").await.expect(200);
        let due: BTreeSet<&str> =
            queue["items"].as_array().unwrap().iter().map(|row| row["due_on"].as_str().unwrap()).collect();
        assert_eq!(due.len(), 1, "{queue}");
        // What is planted answers a vignette of the same batch.
        let title = |code: &String| {
            let item = queue["items"].as_array().unwrap().iter().find(|row| row["code"] == json!(code)).unwrap();
            item["vignette"]["title"].as_str().unwrap().to_owned()
        };
        let titles: BTreeSet<String> = all.iter().filter(|code| !planted.contains(code)).map(title).collect();
        assert!(planted.iter().all(|code| titles.contains(&title(code))));
        let mail = app.mail_to(&reviewer.email).join("\n");
        assert!(mail.contains(&format!("{} scripts", all.len())), "{mail}");
        // The coordinator's counts for the sitting know nothing of them.
        let rows = marking["reviewers"].as_array().unwrap();
        let counted = rows.iter().find(|row| row["reviewer"] == json!(reviewer.id)).unwrap();
        assert_eq!(counted["assigned"].as_u64(), Some(live as u64));
        let load = app.get(&stage.coordinator, &stage.path("/workload")).await.expect(200);
        let mine = load["items"].as_array().unwrap().iter().find(|row| row["reviewer"] == json!(reviewer.id)).unwrap();
        assert_eq!(mine["held"].as_u64(), Some(all.len() as u64), "what a reviewer holds is what they see");
        for code in all {
            app.seal(reviewer, &code, "pass").await;
        }
    }
    assert!(planted_in_all > 0, "the seed draws vignettes that have benchmarks");
    app.clerk().await;
    // Nothing of them is settled, and the release goes its way.
    let marking = app.get(&stage.coordinator, &stage.path("/marking")).await.expect(200);
    let scripts = marking["items"].as_array().unwrap();
    assert!(scripts.len() == 6 && scripts.iter().all(|script| script["state"] == "settled"), "{marking}");
    app.release(&stage, &stage.sitting).await;
    let agreement = app.get(&stage.coordinator, &stage.path("/agreement")).await.expect(200);
    assert_eq!(agreement["scripts"], 6);
    for reviewer in &stage.reviewers {
        assert_eq!(app.get(reviewer, "/calibration").await.expect(200)["items"], json!([]));
        let shown = page(app, reviewer, "/marking").await;
        assert!(!shown.contains("calibration") && !shown.contains("benchmark"));
    }
}

async fn what_is_planted_is_taken_back_with_the_rest(app: &TestApp) {
    let stage = clinical(app, Policy { planted_per_hundred: 50, ..Policy::default() }).await;
    live(app, &stage, &["Ann Able", "Ben Bold", "Cal Cole"]).await;
    let mut holder = None;
    for reviewer in &stage.reviewers {
        if !benchmarks(app, reviewer).await.is_empty() {
            holder = Some(reviewer);
        }
    }
    let holder = holder.expect("somebody has one");
    app.clock.advance_seconds(60 * 24 * 3600);
    let body = json!({ "reviewer": holder.id });
    // Sixty days on sessions have ended; the same people sign in anew.
    let coordinator = User { token: app.session_of(&stage.coordinator.id).await, ..stage.coordinator.clone() };
    let holder = User { token: app.session_of(&holder.id).await, ..holder.clone() };
    let live = app.codes(&holder).await.len() - benchmarks(app, &holder).await.len();
    let done = app.post(&coordinator, &stage.path("/reallocation"), body).await.expect(200);
    assert_eq!(done["taken_back"].as_u64(), Some(live as u64), "what was planted is counted nowhere");
    assert!(app.codes(&holder).await.is_empty(), "and does not stay behind");
}

async fn drift_is_told_from_enough_readings(app: &TestApp) {
    let policy =
        Policy { calibration_scripts: 3, drift_readings: 3, calibration_distance_hundredths: 400, ..Policy::default() };
    let stage = clinical(app, policy).await;
    app.clerk().await;
    let [severe, exact, _] = &stage.reviewers[..] else { panic!("three") };
    for reviewer in [severe, exact] {
        for code in app.codes(reviewer).await {
            let mut review = reference(app, reviewer, &code).await;
            if reviewer.id == severe.id {
                for points in review["scores"].as_object_mut().unwrap().values_mut() {
                    *points = json!((points.as_i64().unwrap() - 2).max(0));
                }
            }
            app.clock.advance_seconds(60);
            seal_as(app, reviewer, &code, review).await;
        }
    }
    app.clerk().await;
    let path = format!("/associations/{}/drift", stage.here);
    let found = app.get(&stage.coordinator, &path).await.expect(200);
    let of = |who: &User| {
        let items = found["items"].as_array().unwrap();
        items.iter().find(|row| row["reviewer"] == json!(who.id)).unwrap().clone()
    };
    let (first, second) = (of(severe), of(exact));
    assert!(first["newest"]["severity"].as_f64().unwrap() < -0.1, "{first}");
    let concerns: Vec<&str> = first["concerns"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(concerns.contains(&"severe") && !concerns.contains(&"verdicts"), "{first}");
    assert_eq!(second["newest"], json!({ "n": 3, "severity": 0.0, "distance": 0.0, "agreement": 1.0 }));
    assert_eq!(second["concerns"], json!([]));
    assert_eq!(found["items"].as_array().unwrap().len(), 2, "who has sealed none is not there");
    let csv = app.get(&stage.coordinator, &format!("{path}.csv")).await;
    assert_eq!(csv.text().lines().count(), 7, "{}", csv.text());
    let shown = page(app, &stage.coordinator, &path).await;
    assert!(
        shown.contains("Reader Ash") && shown.contains("severe") && shown.matches("class=\"dot open\"").count() == 6
    );
    let desk = page(app, &stage.coordinator, "/desk").await;
    assert!(desk.contains("1 reviewer reads apart"), "{desk}");
    // Of two nothing is told, and nothing is drawn.
    app.policy(&stage.here, Policy { drift_readings: 4, calibration_scripts: 3, ..Policy::default() }).await;
    let few = app.get(&stage.coordinator, &path).await.expect(200);
    assert!(few["items"].as_array().unwrap().iter().all(|row| row["newest"]["severity"].is_null()), "{few}");
    assert_eq!(app.get(&stage.coordinator, &format!("{path}.csv")).await.text().lines().count(), 1);
}
