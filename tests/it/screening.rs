//! What tells who wrote a script: what is on record for people, what the screen finds of it, and what coordinators do
//! about it.

use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::Stage;

on_both!(the_record_is_kept_and_changed);

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
