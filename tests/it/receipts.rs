//! Receipts in anybody's hands: checked without signing in, and telling nothing else.

use actix_web::http::Method;
use evenhand::domain::receipt::{Receipt, ReceiptKey};
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::Stage;
use crate::examinee::attempt_of;

on_both!(
    anybody_can_check_a_receipt,
    nothing_is_told_of_what_we_did_not_sign,
    the_page_checks_and_the_short_form_leads_there,
    checks_from_one_address_are_bounded,
    the_file_is_the_examinees_own,
);

const CHECK: &str = "/receipts/check";

async fn a_receipt(app: &TestApp, stage: &Stage) -> (crate::build::Seat, String, Value) {
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    let receipt = app.submit(&seat, &attempt).await;
    (seat, attempt, receipt)
}

async fn anybody_can_check_a_receipt(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, attempt, first) = a_receipt(app, &stage).await;
    let nobody = User::stranger();
    let found = app.post(&nobody, CHECK, first.clone()).await.expect(200);
    let expected = json!({
        "holds": true, "signature_holds": true, "key_id": first["key_id"], "key_known": true, "on_record": true,
        "digest_holds": true, "version": 1, "newest_version": 1, "newest": true,
    });
    assert_eq!(found, expected);
    // A later version leaves the first valid, and no longer the newest.
    app.clock.advance_seconds(5);
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": "b" })).await.problem(409, "part_closed");
    let admit = json!({ "decision": "admit", "reason": "x" });
    app.post(&stage.coordinator, &format!("/attempts/{attempt}/late/decision"), admit).await.expect(200);
    let second = app.submit(&seat, &attempt).await;
    let found = app.post(&nobody, CHECK, first.clone()).await.expect(200);
    assert_eq!((&found["holds"], &found["newest"], &found["newest_version"]), (&json!(true), &json!(false), &json!(2)));
    let found = app.post(&nobody, CHECK, second).await.expect(200);
    assert_eq!((&found["holds"], &found["newest"], &found["version"]), (&json!(true), &json!(true), &json!(2)));

    let keys = app.get(&nobody, "/receipts/keys").await.expect(200);
    assert_eq!((&keys["items"][0]["key_id"], &keys["items"][0]["algorithm"]), (&first["key_id"], &json!("Ed25519")));
    // With the key alone, and without us.
    let receipt: Receipt = serde_json::from_value(first).unwrap();
    let public = keys["items"][0]["public_key"].as_str().unwrap();
    assert_eq!(public, app.web.office.receipts.public());
    assert!(evenhand::domain::receipt::verifies(public, &receipt));
}

async fn nothing_is_told_of_what_we_did_not_sign(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (_, _, receipt) = a_receipt(app, &stage).await;
    let nobody = User::stranger();
    let of = async |receipt: &Value| app.post(&nobody, CHECK, receipt.clone()).await.expect(200);
    let altered = json!({ "answered": 60 });
    let mut forged = receipt.clone();
    forged["answered"] = altered["answered"].clone();
    let mut nowhere = forged.clone();
    nowhere["attempt"] = json!("nowhere");
    // Of an attempt that there is and of one that there is not, the same is told.
    assert_eq!(of(&forged).await, of(&nowhere).await);
    assert_eq!((&of(&forged).await["holds"], &of(&forged).await["on_record"]), (&json!(false), &Value::Null));
    let read: Receipt = serde_json::from_value(receipt.clone()).unwrap();
    let foreign = json!(ReceiptKey::new(&[9; 32]).sign(read));
    let found = of(&foreign).await;
    assert_eq!((&found["key_known"], &found["signature_holds"]), (&json!(false), &json!(false)));
    // What is no part of a receipt is not signed.
    let mut more = receipt.clone();
    more["score"] = json!(60);
    assert_eq!(app.post(&nobody, CHECK, more).await.pointers("invalid"), ["/score"]);
    app.post(&nobody, CHECK, json!({ "attempt": "x".repeat(70_000) })).await.problem(413, "too_large");
}

async fn the_page_checks_and_the_short_form_leads_there(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, attempt, receipt) = a_receipt(app, &stage).await;
    let nobody = User::stranger();
    let send = async |text: &str| {
        let form = serde_urlencoded_form("receipt", text);
        let request = TestApp::browse(&nobody, Method::POST, "/receipts");
        app.call(request.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(form)).await
    };
    let good = send(&receipt.to_string()).await;
    assert!(good.status == 200 && good.text().contains("This receipt is real"), "{}", good.text());
    assert!(good.text().contains("<dt>Attempt"));
    assert!(!good.text().contains("Ann"));
    let mut forged = receipt.clone();
    forged["answered"] = json!(60);
    let bad = send(&forged.to_string()).await.text();
    assert!(bad.contains("something in it was changed") && !bad.contains("<dt>Attempt"), "{bad}");
    assert_eq!(send("no receipt").await.status, 422);

    // The receipt's own page bears the short form, which leads to the same.
    let own = app.call(TestApp::browse(&seat.user, Method::GET, &format!("/attempts/{attempt}"))).await.text();
    let mark = &receipt["signature"].as_str().unwrap()[..32];
    let short = format!("/receipts/{attempt}/{mark}");
    assert!(own.contains(&short), "{own}");
    let found = app.call(TestApp::browse(&nobody, Method::GET, &short)).await;
    assert!(found.status == 200 && found.text().contains("This receipt is real"));
    for other in [format!("/receipts/{attempt}/{}", "0".repeat(32)), format!("/receipts/nowhere/{mark}")] {
        assert_eq!(app.call(TestApp::browse(&nobody, Method::GET, &other)).await.status, 404);
    }
}

fn serde_urlencoded_form(name: &str, value: &str) -> String {
    let encoded: String = value.bytes().map(|b| format!("%{b:02X}")).collect();
    format!("{name}={encoded}")
}

async fn checks_from_one_address_are_bounded(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (_, _, receipt) = a_receipt(app, &stage).await;
    let nobody = User::stranger();
    for _ in 0..300 {
        app.post(&nobody, CHECK, receipt.clone()).await.expect(200);
    }
    let refused = app.post(&nobody, CHECK, receipt.clone()).await;
    refused.problem(429, "too_many_attempts");
    assert_eq!(refused.header("retry-after"), Some("900"));
    app.clock.advance_seconds(900);
    app.post(&nobody, CHECK, receipt).await.expect(200);
}

async fn the_file_is_the_examinees_own(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, attempt, receipt) = a_receipt(app, &stage).await;
    let path = format!("/attempts/{attempt}/receipt");
    let file = app.call(TestApp::browse(&seat.user, Method::GET, &path)).await;
    assert_eq!((file.status, file.json()), (200, receipt));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename=\"receipt-"));
    assert_eq!(app.call(TestApp::browse(&seat.user, Method::GET, &format!("{path}?version=2"))).await.status, 404);
    assert_eq!(app.call(TestApp::browse(&stage.coordinator, Method::GET, &path)).await.status, 404);
}
