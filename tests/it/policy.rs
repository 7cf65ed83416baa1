//! The rules of an association: set, seen, in force from their date on, and noted.

use evenhand::domain::policy::Policy;
use serde_json::json;

use crate::app::{TestApp, on_both};
use crate::build::Stage;

on_both!(rules_hold_from_their_date_on, what_does_not_fit_is_named_and_changes_nothing, a_form_puts_rules_in_force,);

fn path(stage: &Stage) -> String {
    format!("/associations/{}/policy", stage.here)
}

/// How often the log says that rules were set.
async fn acts(app: &TestApp, stage: &Stage) -> usize {
    let log = app.get(&stage.auditor, "/audit?limit=500").await.expect(200);
    log["items"].as_array().unwrap().iter().filter(|entry| entry["act"] == "policy.set").count()
}

async fn rules_hold_from_their_date_on(app: &TestApp) {
    let stage = Stage::new(app).await;
    let usual = app.get(&stage.auditor, &path(&stage)).await.expect(200);
    assert!(usual["effective_from"].is_null());
    assert_eq!(usual["policy"], json!(Policy::default()));

    let at_once = json!({ "policy": { "review_days": 30 } });
    let set = app.put(&stage.administrator, &path(&stage), at_once).await.expect(200);
    assert_eq!((&set["policy"]["review_days"], &set["policy"]["show_percent"]), (&json!(30), &json!(true)));
    let from = app.now().plus_seconds(86_400);
    let later = json!({ "effective_from": from.rfc3339(), "policy": { "identity_check": true } });
    let set = app.put(&stage.administrator, &path(&stage), later.clone()).await.expect(200);
    assert_eq!(set["policy"]["identity_check"], false);
    assert_eq!(set["coming"][0]["policy"]["identity_check"], true);
    assert_eq!(set["coming"][0]["policy"]["review_days"], 30, "what holds then, with the changes");
    let again = app.put(&stage.administrator, &path(&stage), later).await;
    assert_eq!(again.pointers("invalid"), ["/policy"]);

    app.go_to(from);
    let then = app.get(&stage.coordinator, &path(&stage)).await.expect(200);
    assert_eq!((&then["policy"]["identity_check"], &then["effective_from"]), (&json!(true), &json!(from.rfc3339())));
    assert_eq!(then["past"][0]["policy"]["review_days"], 30);
    assert_eq!(acts(app, &stage).await, 2);
}

async fn what_does_not_fit_is_named_and_changes_nothing(app: &TestApp) {
    let stage = Stage::new(app).await;
    let put = async |body| app.put(&stage.administrator, &path(&stage), body).await;
    let yesterday = app.now().plus_seconds(-86_400).rfc3339();
    let cases = [
        (json!({ "policy": { "review_days": 0, "shoe_size": 1 } }), vec!["/policy/review_days", "/policy/shoe_size"]),
        (json!({ "policy": { "resolution": "toss a coin" } }), vec!["/policy/resolution"]),
        (json!({ "policy": {} }), vec!["/policy"]),
        (json!({ "effective_from": yesterday, "policy": { "review_days": 9 } }), vec!["/effective_from"]),
        (
            json!({ "effective_from": "2099-01-01T00:00:00.000Z", "policy": { "review_days": 9 } }),
            vec!["/effective_from"],
        ),
        (json!({ "effective_from": "soon", "policy": { "review_days": 9 } }), vec!["/effective_from"]),
    ];
    for (body, expected) in cases {
        assert_eq!(put(body.clone()).await.pointers("invalid"), expected, "{body}");
    }
    let still = app.get(&stage.administrator, &path(&stage)).await.expect(200);
    assert_eq!(still["policy"], json!(Policy::default()));
    assert_eq!(acts(app, &stage).await, 0);
}

async fn a_form_puts_rules_in_force(app: &TestApp) {
    let stage = Stage::new(app).await;
    let form = |days: &str, late: &str| {
        format!(
            "part_two_rule=verdicts&part_two_cut_percent=80&criterion_tolerance_points=1&near_cut_band_percent=0\
             &resolution=closest_pair&appeal_days=30&re_mark_result=stands&review_days={days}&reallocate_after_days=7\
             &calibration_scripts=0&calibration_distance_hundredths=75&calibration_misses=1&planted_per_hundred=0\
             &drift_readings=10&drift_severity_percent=10&drift_distance_percent=20&drift_agreement_percent=70\
                 &same_association=allowed&show_percent=true&late_arrival_seconds={late}&practice_one_seconds=10\
             &practice_two_seconds=10&longest_break_seconds=30&contact_loss_seconds=2&effective_from="
        )
    };
    let refused = app.send_form(&stage.administrator, &path(&stage), form("many", "200")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("not a whole number"), "{}", refused.text());
    let refused = app.send_form(&stage.administrator, &path(&stage), form("28", "200")).await;
    assert!(refused.text().contains("between 0 and 120 minutes"), "{}", refused.text());
    assert!(refused.text().contains("value=\"28\""), "what was typed is given back");
    assert_eq!(app.send_form(&stage.administrator, &path(&stage), form("28", "20")).await.status, 303);
    let set = app.get(&stage.administrator, &path(&stage)).await.expect(200);
    assert_eq!(set["policy"]["late_arrival_seconds"], 1200);
    assert_eq!(set["policy"]["remarks_for_passed"], false, "a box that is not ticked is a no");
}
