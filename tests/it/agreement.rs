//! Figures of agreement: what enters them, who sees them, and what nobody can learn from them.

use actix_web::http::Method;
use evenhand::domain::ids::SittingId;
use evenhand::domain::policy::{Policy, Resolution};
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{Seat, Stage};

on_both!(
    figures_come_from_settled_scripts_alone,
    third_readings_count_as_such_and_nowhere_else,
    a_reviewers_own_figures_come_from_released_scripts,
    figures_are_pages_and_files_too,
);

/// A sitting of one vignette with as many written scripts, given out to the stage's readers.
async fn written(app: &TestApp, stage: &Stage, scripts: usize) -> (SittingId, Vec<Seat>) {
    let sitting =
        app.sitting(&stage.here, &stage.coordinator, |terms| (terms.two_vignettes, terms.two_answer) = (1, 1)).await;
    let mut seats = Vec::new();
    for number in 0..scripts {
        let seat = stage.seat_in(app, &sitting, &format!("Writer {number} of {}", &sitting.as_str()[..8])).await;
        app.sit(&seat, 50).await;
        seats.push(seat);
    }
    app.allocate(stage, &sitting).await;
    (sitting, seats)
}

/// The scripts that wait for somebody.
async fn open(app: &TestApp, who: &User) -> Vec<String> {
    let queue = app.get(who, "/reviews?limit=500").await.expect(200);
    let rows = queue["items"].as_array().unwrap().iter().filter(|row| row["state"] != "sealed");
    rows.map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

/// Has everybody seal all they have, each with the verdict that `verdict` gives for their place among the readers.
async fn seal_all(app: &TestApp, stage: &Stage, verdict: impl Fn(usize) -> &'static str) {
    for (place, reader) in stage.reviewers.iter().enumerate() {
        for code in open(app, reader).await {
            app.seal(reader, &code, verdict(place)).await;
        }
    }
    app.clerk().await;
}

async fn agreement(app: &TestApp, stage: &Stage, sitting: &SittingId) -> Value {
    app.get(&stage.coordinator, &format!("/sittings/{sitting}/agreement")).await.expect(200)
}

fn figure<'v>(report: &'v Value, subject: &str, measure: &str) -> &'v Value {
    let figures = report["figures"].as_array().unwrap();
    figures.iter().find(|f| f["subject"] == subject && f["measure"] == measure).unwrap_or(&Value::Null)
}

async fn figures_come_from_settled_scripts_alone(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (sitting, _) = written(app, &stage, 10).await;
    let empty = agreement(app, &stage, &sitting).await;
    assert_eq!((empty["scripts"].as_i64(), &empty["levels"]), (Some(0), &Value::Null));
    // Every first reader of all scripts but one seals; then all but one reading of the last.
    let (first, rest) = stage.reviewers.split_first().unwrap();
    for reader in rest {
        for code in open(app, reader).await {
            app.seal(reader, &code, "pass").await;
        }
    }
    let mut codes = open(app, first).await;
    let last = codes.pop().unwrap();
    for code in &codes {
        app.seal(first, code, "pass").await;
    }
    app.clerk().await;
    // Nine scripts are settled: nothing is told, and a sealed reading of the tenth changes no byte.
    let nine = agreement(app, &stage, &sitting).await;
    assert_eq!(nine["scripts"], 9);
    for found in nine["figures"].as_array().unwrap() {
        assert_eq!((&found["state"], &found["value"]), (&json!("too_few"), &Value::Null), "{found}");
    }
    let draft = {
        let mut draft = app.review(first, &last, "fail").await;
        draft["revision"] = json!(1);
        draft
    };
    app.put(first, &format!("/reviews/{last}/draft"), draft).await.expect(200);
    app.clerk().await;
    assert_eq!(agreement(app, &stage, &sitting).await, nine);
    // With the tenth settled there is something to say.
    app.seal(first, &last, "pass").await;
    app.clerk().await;
    let ten = agreement(app, &stage, &sitting).await;
    assert_eq!(ten["scripts"], 10);
    let exact = figure(&ten, "verdict", "exact");
    assert_eq!((&exact["n"], &exact["value"], &exact["high"]), (&json!(10), &json!(1.0), &json!(1.0)));
    assert_eq!(exact["method"], "wilson_score");
    assert_eq!(figure(&ten, "verdict", "kappa")["state"], "undefined");
    assert_eq!(figure(&ten, "verdict", "ac1")["value"], 1.0);
    assert_eq!(ten["levels"]["counts"][4][4], 50);
    // Three readers share twenty readings: nobody but who has ten of them is told of.
    let severities = ten["figures"].as_array().unwrap().iter().filter(|f| f["measure"] == "severity");
    for severity in severities {
        assert_eq!(severity["state"] == "known", severity["n"].as_i64() >= Some(10), "{severity}");
    }
    assert_eq!(agreement(app, &stage, &sitting).await, ten, "the same scripts give the same figures");
}

async fn third_readings_count_as_such_and_nowhere_else(app: &TestApp) {
    let stage = Stage::new(app).await;
    let policy = Policy { resolution: Resolution::AdjudicatorDecides, ..Policy::default() };
    app.policy(&stage.here, policy).await;
    let (sitting, _) = written(app, &stage, 12).await;
    // One fails whatever they read, the others pass it.
    seal_all(app, &stage, |place| if place == 0 { "fail" } else { "pass" }).await;
    let before = agreement(app, &stage, &sitting).await;
    let called: usize = {
        let mut waiting = 0;
        for reader in &stage.reviewers {
            waiting += open(app, reader).await.len();
        }
        waiting
    };
    assert!(called > 0);
    assert_eq!(before["scripts"].as_u64(), Some(12 - called as u64), "what waits for a third is not settled");
    seal_all(app, &stage, |_| "pass").await;
    let after = agreement(app, &stage, &sitting).await;
    assert_eq!(after["scripts"], 12);
    let share = |n: usize| json!((n as f64 / 12.0 * 10_000.0).round() / 10_000.0);
    assert_eq!(figure(&after, "scripts", "third_readings")["value"], share(called));
    // The third passed it as one of the first did: among the first two they still differ.
    assert_eq!(figure(&after, "verdict", "exact")["value"], share(12 - called));
    let causes: Vec<&Value> = after["figures"].as_array().unwrap().iter().filter(|f| f["subject"] == "cause").collect();
    assert_eq!(causes.len(), 3);
    let of = |cause: &str| causes.iter().find(|f| f["cause"] == cause).unwrap()["value"].clone();
    assert_eq!((of("verdict_split"), of("criterion_gap"), of("near_cut")), (share(called), share(called), json!(0.0)));
    let readings: i64 = after["figures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["measure"] == "severity")
        .map(|f| f["n"].as_i64().unwrap())
        .sum();
    assert_eq!(readings, 24, "two readers a script, and no third");
}

async fn a_reviewers_own_figures_come_from_released_scripts(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 4).await;
    let reader = &stage.reviewers[0];
    let own = async |who: &User| app.get(who, "/reviews/agreement").await.expect(200);
    let nothing = own(reader).await;
    assert_eq!((&nothing["severity"]["state"], &nothing["own"]["verdict"]["n"]), (&json!("too_few"), &json!(0)));
    let (sitting, _) = written(app, &stage, 20).await;
    // With capacity to spare, everybody reads ten of the forty.
    seal_all(app, &stage, |_| "pass").await;
    for who in &stage.reviewers {
        assert_eq!(own(who).await, nothing, "sealed and settled, but not released");
    }
    let id = app.release(&stage, &sitting).await;
    let mut told = 0;
    for who in &stage.reviewers {
        let (found, codes) = (own(who).await, app.codes(who).await.len());
        let steps = json!(codes / 10 * 10);
        assert_eq!(found["severity"]["n"], steps);
        assert_eq!(found["own"]["verdict"]["n"], steps);
        if found["severity"]["state"] == "known" {
            told += 1;
            assert_eq!((&found["severity"]["value"], &found["own"]["verdict"]["value"]), (&json!(0.0), &json!(1.0)));
        }
        let text = found.to_string();
        for other in stage.reviewers.iter() {
            assert!(!text.contains(other.id.as_str()) && !text.contains(&other.name), "{text}");
        }
        let page = app.call(TestApp::browse(who, Method::GET, "/marking/agreement")).await;
        assert_eq!(page.status, 200);
        for other in stage.reviewers.iter() {
            assert!(!page.text().contains(&other.name));
        }
    }
    assert!(told > 0, "four who share forty readings: some have ten, with three others");
    app.post(&stage.coordinator, &format!("/releases/{id}/recall"), json!({ "reason": "a wrong key" }))
        .await
        .expect(200);
    assert_eq!(own(reader).await, nothing);
}

async fn figures_are_pages_and_files_too(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (sitting, _) = written(app, &stage, 12).await;
    seal_all(app, &stage, |place| if place == 0 { "fail" } else { "pass" }).await;
    seal_all(app, &stage, |_| "pass").await;
    let browse = async |who: &User, path: &str| app.call(TestApp::browse(who, Method::GET, path)).await;
    for path in [format!("/sittings/{sitting}/agreement"), format!("/associations/{}/agreement", stage.here)] {
        for who in [&stage.coordinator, &stage.auditor, &stage.administrator] {
            let page = browse(who, &path).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let text = page.text();
            assert!(text.contains("Reader Ash") && text.contains("<svg class=\"chart\""), "{text}");
            assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        }
        let json = app.get(&stage.auditor, &path).await.expect(200);
        let file = app.get(&stage.auditor, &format!("{path}.csv")).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = file.text();
        let mut lines = text.lines();
        let head = "subject,domain,criterion,cause,reviewer,name,measure,n,state,value,low,high,method,seed";
        assert_eq!(lines.next(), Some(head));
        assert_eq!(lines.count(), json["figures"].as_array().unwrap().len());
        assert!(text.contains(json["bootstrap"]["seed"].as_str().unwrap()));
    }
    let whole = app.get(&stage.coordinator, &format!("/associations/{}/agreement", stage.here)).await.expect(200);
    assert_eq!(whole["sittings"], json!([{ "id": sitting, "title": "Spring sitting", "scripts": 12 }]));
    // The list of sittings leads auditors there too, who have no page of a sitting.
    let list = browse(&stage.auditor, "/sittings").await.text();
    assert!(list.contains(&format!("/associations/{}/agreement", stage.here)), "{list}");
    let marking = browse(&stage.coordinator, &format!("/sittings/{sitting}/marking")).await.text();
    assert!(marking.contains(&format!("/sittings/{sitting}/agreement")), "{marking}");
}
