//! The exam room beside the answers: the same on every device, laid out as arranged, and with earlier versions of prose.

use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::{PROSE, Stage};
use crate::examinee::attempt_of;

on_both!(
    preferences_follow_the_person,
    notes_follow_the_attempt,
    the_room_is_laid_out_as_arranged,
    earlier_versions_of_prose_are_found_again,
    the_history_is_read_in_pages,
);

async fn preferences_follow_the_person(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let plain =
        json!({ "type_size": null, "contrast": false, "clock_hidden": false, "list_view": false, "keys_off": false });
    assert_eq!(app.get(&seat.user, "/preferences").await.expect(200), plain);
    let chosen =
        json!({ "type_size": 2, "contrast": true, "clock_hidden": false, "list_view": true, "keys_off": false });
    assert_eq!(app.put(&seat.user, "/preferences", chosen.clone()).await.expect(200), chosen);
    app.put(&seat.user, "/preferences", chosen.clone()).await.expect(200);
    // Another device of the same person, and nobody else's.
    let device = crate::app::User { token: app.session_of(&seat.user.id).await, ..seat.user.clone() };
    assert_eq!(app.get(&device, "/preferences").await.expect(200), chosen);
    assert_eq!(app.get(&other.user, "/preferences").await.expect(200), plain);
    app.put(&seat.user, "/preferences", json!({ "type_size": 9 })).await.problem(422, "invalid");
    app.put(&seat.user, "/preferences", json!({ "colour": "red" })).await.problem(422, "invalid");
    assert_eq!(app.get(&seat.user, "/preferences").await.expect(200), chosen);
}

async fn notes_follow_the_attempt(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let attempt = attempt_of(&app.begin(&seat).await);
    let path = format!("/attempts/{attempt}/notes");
    let none = json!({ "revision": 0, "flagged": [], "struck": {}, "place": null });
    assert_eq!(app.get(&seat.user, &path).await.expect(200), none);
    let marked = json!({ "revision": 3, "flagged": [7, 12], "struck": { "7": ["b", "d"] }, "place": 12 });
    assert_eq!(app.put(&seat.user, &path, marked.clone()).await.expect(200), marked);
    // What is older, or the same again, changes nothing and learns what is stored.
    for revision in [1, 3] {
        let older = json!({ "revision": revision, "flagged": [1], "place": 1 });
        assert_eq!(app.put(&seat.user, &path, older).await.expect(200), marked);
    }
    let newer = json!({ "revision": 4, "place": 60 });
    let stored = json!({ "revision": 4, "flagged": [], "struck": {}, "place": 60 });
    assert_eq!(app.put(&seat.user, &path, newer).await.expect(200), stored);
    for (body, pointer) in [
        (json!({ "revision": 5, "flagged": [61] }), "/flagged"),
        (json!({ "revision": 5, "struck": { "1": ["z"] } }), "/struck"),
        (json!({ "revision": 5, "place": 0 }), "/place"),
        (json!({ "revision": -1 }), "/revision"),
    ] {
        let refused = app.put(&seat.user, &path, body).await.pointers("invalid");
        assert_eq!(refused, [pointer]);
    }
    app.put(&other.user, &path, json!({ "revision": 9 })).await.problem(404, "not_found");
    app.get(&stage.coordinator, &path).await.problem(404, "not_found");
    app.submit(&seat, &attempt).await;
    app.put(&seat.user, &path, json!({ "revision": 9 })).await.problem(409, "part_closed");
    assert_eq!(app.get(&seat.user, &path).await.expect(200), stored);
}

async fn the_room_is_laid_out_as_arranged(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let plain = json!({ "larger_type": false, "reader_layout": false, "spell_check": false });
    let paper = app.begin(&seat).await;
    assert_eq!((&paper["presentation"], &app.begin(&other).await["presentation"]), (&plain, &plain));
    let attempt = attempt_of(&paper);
    let of_now =
        || async { app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200)["presentation"].clone() };
    let arranged = format!("/people/{}/accommodations", seat.user.id);
    // While the part runs: on the next load.
    let more = json!({ "larger_type": true, "spell_check": true, "approved_note": "x" });
    app.put(&stage.coordinator, &arranged, more).await.expect(200);
    assert_eq!(of_now().await, json!({ "larger_type": true, "reader_layout": false, "spell_check": true }));
    app.clock.advance_seconds(10);
    let other_kind = json!({ "reader_layout": true, "approved_note": "x" });
    app.put(&stage.coordinator, &arranged, other_kind).await.expect(200);
    // What was given to a part that runs stays; the next part has what is arranged then.
    assert_eq!(of_now().await, json!({ "larger_type": true, "reader_layout": true, "spell_check": true }));
    app.clock.advance_seconds(10);
    app.submit(&seat, &attempt).await;
    let two = app.start(&seat, "two").await;
    assert_eq!(two["presentation"], json!({ "larger_type": false, "reader_layout": true, "spell_check": false }));
}

async fn earlier_versions_of_prose_are_found_again(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let one = app.sit_one(&seat, 50).await;
    let two = attempt_of(&app.start(&seat, "two").await);
    let path = format!("/attempts/{two}/answers/1/history");
    let texts = || async {
        let items = app.get(&seat.user, &path).await.expect(200)["items"].clone();
        items.as_array().unwrap().iter().map(|v| v["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts().await, Vec::<String>::new());
    app.save(&seat, &two, 1, json!({ "revision": 1, "text": PROSE })).await.expect(200);
    app.clock.advance_seconds(61);
    app.save(&seat, &two, 1, json!({ "revision": 2, "text": "Begun anew." })).await.expect(200);
    let versions = app.get(&seat.user, &path).await.expect(200);
    let kept = json!({
        "revision": 1, "saved_at": "2027-03-12T15:00:00.000Z", "text": PROSE, "words": PROSE.split(' ').count(),
        "characters": PROSE.len(),
    });
    assert_eq!(versions, json!({ "items": [kept], "next": null }));
    // Within the same minute a small change keeps nothing, unless it is asked for: a restoring loses nothing.
    app.clock.advance_seconds(1);
    app.save(&seat, &two, 1, json!({ "revision": 3, "text": "Begun again." })).await.expect(200);
    assert_eq!(texts().await.len(), 1);
    app.save(&seat, &two, 1, json!({ "revision": 4, "text": PROSE, "keep": true })).await.expect(200);
    assert_eq!(texts().await, ["Begun again.", PROSE]);
    // The same call again keeps nothing twice, and one in a batch counts as well.
    app.save(&seat, &two, 1, json!({ "revision": 4, "text": PROSE, "keep": true })).await.expect(200);
    let batch = json!({ "answers": [{ "position": 1, "revision": 5, "text": "Short.", "keep": true }] });
    app.post(&seat.user, &format!("/attempts/{two}/answers"), batch).await.expect(200);
    assert_eq!(texts().await, [PROSE, "Begun again.", PROSE]);
    // An answer that is emptied can be found again too.
    app.clock.advance_seconds(61);
    app.save(&seat, &two, 1, json!({ "revision": 6, "text": null })).await.expect(200);
    assert_eq!(texts().await[0], "Short.");
    app.get(&other.user, &path).await.problem(404, "not_found");
    app.get(&stage.coordinator, &path).await.problem(404, "not_found");
    for (attempt, position) in [(&two, "3"), (&two, "0"), (&two, "x"), (&one, "1")] {
        let path = format!("/attempts/{attempt}/answers/{position}/history");
        app.get(&seat.user, &path).await.problem(422, "no_such_position");
    }
    // What counts is what stands there, not what stood there.
    assert_eq!(app.submit(&seat, &two).await["answered"], 0);
}

async fn the_history_is_read_in_pages(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit_one(&seat, 50).await;
    let two = attempt_of(&app.start(&seat, "two").await);
    for revision in 1..=60 {
        let body = json!({ "revision": revision, "text": format!("version {revision}"), "keep": true });
        app.save(&seat, &two, 2, body).await.expect(200);
    }
    let path = format!("/attempts/{two}/answers/2/history");
    let first = app.get(&seat.user, &path).await.expect(200);
    let revisions = |page: &Value| -> Vec<i64> {
        page["items"].as_array().unwrap().iter().map(|v| v["revision"].as_i64().unwrap()).collect()
    };
    assert_eq!(revisions(&first), (10..=59).rev().collect::<Vec<_>>());
    let rest = app.get(&seat.user, &format!("{path}?after={}", first["next"].as_str().unwrap())).await.expect(200);
    assert_eq!((revisions(&rest), &rest["next"]), ((1..=9).rev().collect(), &Value::Null));
    app.get(&seat.user, &format!("{path}?after=x")).await.problem(422, "invalid");
}
