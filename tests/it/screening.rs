//! What tells who wrote a script: what is on record for people, what the screen finds of it, and what coordinators do
//! about it.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{PROSE, Seat, Stage};

on_both!(
    the_record_is_kept_and_changed,
    nothing_is_given_out_before_it_is_decided,
    what_was_missed_is_marked_by_hand,
    harmless_prose_goes_straight_through,
    writers_are_told_while_they_write,
);

async fn the_record_is_kept_and_changed(app: &TestApp) {
    let stage = Stage::new(app).await;
    let boss = &stage.coordinator;
    let role = json!([{ "role": "examinee", "association": stage.here }]);
    let facts = json!([
        { "kind": "supervisor", "value": " Bea  Cole " },
        { "kind": "nickname", "value": "Xan" },
        { "kind": "nickname", "value": "Xan" },
    ]);
    let new = json!({ "name": "Xanthippe Q", "email": "x@example.org", "roles": role, "facts": facts });
    let id = app.post(boss, "/people", new).await.expect(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/people/{id}");
    let kept = json!([{ "kind": "nickname", "value": "Xan" }, { "kind": "supervisor", "value": "Bea Cole" }]);
    assert_eq!(app.get(boss, &path).await.expect(200)["facts"], kept);
    // What is left out stays, `null` takes away.
    let changed = app.patch(boss, &path, json!({ "employer": " Small Steps " })).await.expect(200);
    assert_eq!((&changed["employer"], &changed["facts"]), (&json!("Small Steps"), &kept));
    let changed = app.patch(boss, &path, json!({ "employer": null, "facts": [] })).await.expect(200);
    assert_eq!((&changed["employer"], &changed["facts"]), (&Value::Null, &json!([])));
    let many: Vec<Value> = (0..41).map(|n| json!({ "kind": "place", "value": format!("Town {n}") })).collect();
    let refused = app.patch(boss, &path, json!({ "facts": many })).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/facts");
    // An import adds to what is known, and says so when that would be too much.
    let csv = |places: &str| {
        format!(
            "reference,name,email,track,category,place,reference_rater\nR-1,Xanthippe Q,x@example.org,IMH-E,specialist,{places},Dee Fox\n"
        )
    };
    app.patch(boss, &path, json!({ "facts": many[..39] })).await.expect(200);
    let report = app.csv(boss, "/authorisations/import?dry_run=true", &csv("Windham;Storrs")).await.expect(200);
    assert_eq!(report["rejected"][0]["line"], 2);
    app.patch(boss, &path, json!({ "facts": [{ "kind": "place", "value": "Windham" }] })).await.expect(200);
    let report = app.csv(boss, "/authorisations/import", &csv("Windham;Storrs")).await.expect(200);
    assert_eq!(report["accepted"], 1);
    let told = app.get(boss, &path).await.expect(200)["facts"].to_string();
    assert_eq!(
        told,
        json!([
            { "kind": "reference_rater", "value": "Dee Fox" },
            { "kind": "place", "value": "Storrs" },
            { "kind": "place", "value": "Windham" },
        ])
        .to_string()
    );
    // No log holds a name.
    let audit = app.get(boss, "/audit?limit=200").await.expect(200).to_string();
    assert!(audit.contains("person.record"));
    for name in ["Xan", "Bea Cole", "Windham", "Dee Fox"] {
        assert!(!audit.contains(name), "{name}");
    }
}

const TELLING: &str =
    "My name is Wilhelmina Quackenbush. Quackenbush asked Bea Cole, and Bea Cole asked us at w@q.example.org.";

/// Somebody who wrote that text twice.
async fn written(app: &TestApp, stage: &Stage, text: &str) -> Seat {
    let seat = stage.seat(app, "Wilhelmina Quackenbush").await;
    let facts = json!({ "facts": [{ "kind": "supervisor", "value": "Bea Cole" }] });
    app.patch(&stage.coordinator, &format!("/people/{}", seat.user.id), facts).await.expect(200);
    app.sit_one(&seat, 48).await;
    app.sit_two(&seat, text).await;
    seat
}

async fn findings(app: &TestApp, stage: &Stage) -> Vec<Value> {
    let found = app.get(&stage.coordinator, &stage.path("/screening")).await.expect(200);
    found["items"].as_array().unwrap().clone()
}

async fn page(app: &TestApp, who: &User, path: &str) -> String {
    app.call(TestApp::browse(who, Method::GET, path)).await.text()
}

async fn nothing_is_given_out_before_it_is_decided(app: &TestApp) {
    let stage = Stage::new(app).await;
    let boss = &stage.coordinator;
    written(app, &stage, TELLING).await;
    let rehearsed = app.post(boss, &stage.path("/allocation?dry_run=true"), Value::Null).await.expect(200);
    assert_eq!(rehearsed["assigned"], 0);
    let allocated = app.allocate(&stage, &stage.sitting).await;
    assert_eq!((&allocated["assigned"], &allocated["unassigned"]), (&rehearsed["assigned"], &rehearsed["unassigned"]));
    let lacks: Vec<&Value> = allocated["unassigned"].as_array().unwrap().iter().map(|l| &l["lacks"]).collect();
    assert_eq!(lacks, ["screening", "screening"]);
    let marking = app.get(boss, &stage.path("/marking")).await.expect(200);
    assert_eq!(marking["items"][0]["state"], "screening");
    let desk = page(app, boss, "/desk").await;
    assert!(desk.contains(&format!("/sittings/{}/screening", stage.sitting)), "{desk}");

    let found = findings(app, &stage).await;
    assert_eq!(found.len(), 10);
    assert_eq!((&found[0]["kind"], &found[0]["before"]), (&json!("own_name"), &json!("My name is ")));
    assert!(found.iter().all(|f| f["decision"].is_null()));
    for finding in &found {
        let decision = if finding["passage"] == "Quackenbush" { "dismiss" } else { "mask" };
        let path = format!("/screening/{}", finding["id"].as_str().unwrap());
        let decided = app.post(boss, &path, json!({ "decision": decision })).await.expect(200);
        assert_eq!(decided["decision"], decision);
    }
    // A decision is taken back, and taken again.
    let second = found.iter().find(|f| f["passage"] == "Quackenbush").unwrap();
    let path = format!("/screening/{}", second["id"].as_str().unwrap());
    assert_eq!(app.post(boss, &path, json!({ "decision": null })).await.expect(200)["decision"], Value::Null);
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 1);
    app.post(boss, &path, json!({ "decision": "mask" })).await.expect(200);
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 1);
    app.post(boss, &path, json!({ "decision": "dismiss" })).await.problem(409, "script_allocated");
    app.post(boss, &path, json!({})).await.expect(422);

    let mut read = Vec::new();
    for reviewer in &stage.reviewers {
        for code in app.codes(reviewer).await {
            let desk = app.get(reviewer, &format!("/reviews/{code}")).await.expect(200);
            read.push(desk["answer"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(read.len(), 4);
    let whole = "My name is [name]. [name] asked [person 1], and [person 1] asked us at [e-mail].";
    let dismissed = whole.replace(". [name]", ". Quackenbush");
    assert!(read.iter().all(|text| *text == whole || *text == dismissed), "{read:?}");
    assert!(read.iter().any(|text| text == whole) && read.contains(&dismissed));
    // No log holds what was found.
    let audit = app.get(boss, "/audit?limit=200").await.expect(200).to_string();
    assert!(audit.contains("screening.decide") && !audit.contains("Quackenbush") && !audit.contains("Cole"));
}

async fn what_was_missed_is_marked_by_hand(app: &TestApp) {
    let stage = Stage::new(app).await;
    let boss = &stage.coordinator;
    written(app, &stage, "At the lighthouse we sing. The lighthouse keeper knows me.").await;
    assert_eq!(findings(app, &stage).await, Vec::<Value>::new());
    let scripts = app.get(boss, &stage.path("/marking")).await.expect(200);
    let script = scripts["items"][0]["script"].as_str().unwrap().to_owned();
    let path = stage.path("/screening");
    let mark = |passage: &str| json!({ "script": script, "passage": passage, "kind": "place" });
    for nowhere in ["", "light", "Lighthouse", "castle"] {
        let refused = app.post(boss, &path, mark(nowhere)).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], "/passage", "{nowhere}");
    }
    let marked = app.post(boss, &path, mark("lighthouse")).await.expect(201);
    let masks: Vec<&Value> = marked["items"].as_array().unwrap().iter().map(|m| &m["mask"]).collect();
    assert_eq!(masks, ["[place]", "[place]"]);
    app.post(boss, &path, mark("lighthouse")).await.expect(422);
    // What was marked by hand and is taken back is no finding any more.
    let undone = format!("/screening/{}", marked["items"][1]["id"].as_str().unwrap());
    app.post(boss, &undone, json!({ "decision": null })).await.expect(200);
    assert_eq!(findings(app, &stage).await.len(), 1);
    let shown = page(app, boss, &format!("/scripts/{script}/screening")).await;
    assert!(shown.contains("<del>lighthouse</del>"), "{shown}");
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 2);
    app.post(boss, &path, mark("keeper")).await.problem(409, "script_allocated");
}

async fn harmless_prose_goes_straight_through(app: &TestApp) {
    let stage = Stage::new(app).await;
    written(app, &stage, PROSE).await;
    assert_eq!(findings(app, &stage).await, Vec::<Value>::new());
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 2);
}

async fn writers_are_told_while_they_write(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Xanthippe Quill").await, stage.seat(app, "Ben Bold").await);
    let one = app.begin(&seat).await["attempt"].as_str().unwrap().to_owned();
    let ask = async |who: &User, attempt: &str, body: Value| {
        app.post(who, &format!("/attempts/{attempt}/screening"), body).await
    };
    let text = "I am Xanthippe Quill, and I sat with the mother.";
    ask(&seat.user, &one, json!({ "position": 1, "text": text })).await.problem(422, "no_such_position");
    app.submit(&seat, &one).await;
    let two = app.start(&seat, "two").await["attempt"].as_str().unwrap().to_owned();
    let told = ask(&seat.user, &two, json!({ "position": 1, "text": text })).await.expect(200);
    assert_eq!(told["findings"][0]["kind"], "own_name");
    assert_eq!(told["findings"][0]["passage"], "Xanthippe Quill");
    ask(&other.user, &two, json!({ "position": 1, "text": text })).await.problem(404, "not_found");
    let soon = ask(&seat.user, &two, json!({ "position": 1, "text": text })).await;
    soon.problem(429, "too_often");
    assert_eq!(soon.header("retry-after"), Some("2"));
    app.go_to(app.now().plus_seconds(2));
    let calm = ask(&seat.user, &two, json!({ "position": 2, "text": PROSE })).await.expect(200);
    assert_eq!(calm["findings"], json!([]));
    let long = "a".repeat(20_000);
    ask(&seat.user, &two, json!({ "position": 1, "text": long })).await.problem(413, "answer_too_long");
    ask(&seat.user, &two, json!({ "position": 9, "text": "x" })).await.problem(422, "no_such_position");
    // Nothing of it is kept.
    let paper = app.get(&seat.user, &format!("/attempts/{two}")).await.expect(200);
    assert_eq!(paper["saved"], json!([]));
    app.submit(&seat, &two).await;
    ask(&seat.user, &two, json!({ "position": 1, "text": text })).await.problem(409, "part_closed");
}
