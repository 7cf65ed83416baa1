//! Who reads what: profiles, absences and conflicts, what is lacking and what would help, and what goes to others.

use actix_web::http::Method;
use evenhand::domain::policy::{Policy, SameAssociation};
use evenhand::domain::timing::Instant;
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{Seat, Stage};

on_both!(
    a_profile_is_ones_own_and_the_coordinators,
    naming_somebody_tells_nothing,
    conflicts_keep_apart_and_are_explained,
    the_absent_are_given_nothing,
    what_lacks_comes_with_the_smallest_remedy,
    reviewers_are_lent_where_the_rules_ask_for_it,
    what_nobody_reads_in_time_goes_to_others,
    what_stands_against_a_conflict_goes_to_others,
    a_draft_is_not_taken_without_asking,
    reminders_are_few,
    the_estimate_is_ones_own,
);

/// A sitting with one written script each.
async fn written(app: &TestApp, stage: &Stage, names: &[&str]) -> Vec<Seat> {
    let mut seats = Vec::new();
    for name in names {
        let seat = stage.seat(app, name).await;
        app.sit(&seat, 48).await;
        seats.push(seat);
    }
    seats
}

async fn held(app: &TestApp, who: &[User]) -> Vec<usize> {
    let mut counts = Vec::new();
    for reviewer in who {
        counts.push(app.codes(reviewer).await.len());
    }
    counts
}

async fn profile(app: &TestApp, who: &User, change: Value) -> Value {
    app.put(who, "/reviewer/profile", change).await.expect(200)
}

async fn a_profile_is_ones_own_and_the_coordinators(app: &TestApp) {
    let stage = Stage::new(app).await;
    let reader = &stage.reviewers[0];
    let own = app.get(reader, "/reviewer/profile").await.expect(200);
    assert_eq!((own["capacity"].as_i64(), own["strands"].as_array().unwrap().len()), (Some(40), 3));
    let away = json!([{ "from": "2027-04-01", "until": "2027-04-14" }]);
    let knows = json!([{ "who": "Ann Able", "relation": "supervision" }]);
    let changed =
        profile(app, reader, json!({ "strands": ["policy"], "capacity": 3, "absences": away, "knows": knows })).await;
    assert_eq!((&changed["absences"], &changed["knows"], &changed["strands"]), (&away, &knows, &json!(["policy"])));
    // What is left out stays.
    assert_eq!(profile(app, reader, json!({})).await, changed);
    for (body, pointer) in [
        (json!({ "strands": [] }), "/strands"),
        (json!({ "capacity": -1 }), "/capacity"),
        (json!({ "capacity": 501 }), "/capacity"),
        (json!({ "absences": [{ "from": "2027-04-02", "until": "2027-04-01" }] }), "/absences/0/until"),
        (json!({ "knows": [{ "who": "Ann", "relation": "other" }] }), "/knows/0/who"),
    ] {
        assert_eq!(app.put(reader, "/reviewer/profile", body).await.pointers("invalid"), [pointer]);
    }
    assert_eq!(app.get(reader, "/reviewer/profile").await.expect(200), changed);

    let path = format!("/people/{}/reviewer", reader.id);
    let by = &stage.coordinator;
    let record = app.put(by, &path, json!({ "capacity": 5 })).await.expect(200);
    assert_eq!(record, json!({ "strands": ["policy"], "capacity": 5, "absences": away }));
    assert_eq!(app.get(by, &format!("/people/{}", reader.id)).await.expect(200)["reviewer"], record);
    assert_eq!(app.put(by, &path, json!({ "knows": [] })).await.pointers("invalid"), ["/knows"]);
    app.put(by, &format!("/people/{}/reviewer", stage.proctor.id), json!({ "capacity": 5 }))
        .await
        .problem(404, "not_found");
    app.put(&stage.foreign, &path, json!({ "capacity": 5 })).await.problem(404, "not_found");
    // The log says that it was changed, and nobody's name.
    let log = app.get(&stage.auditor, "/audit?limit=500").await.expect(200).to_string();
    assert!(log.contains("reviewer.profile") && !log.contains("Able"), "{log}");
}

async fn naming_somebody_tells_nothing(app: &TestApp) {
    let stage = Stage::new(app).await;
    written(app, &stage, &["Ann Able"]).await;
    app.allocate(&stage, &stage.sitting).await;
    let reader = &stage.reviewers[0];
    let before = app.get(reader, "/reviews").await;
    let mut answers = Vec::new();
    for who in ["Ann Able", "Ann Ible"] {
        let body = json!({ "knows": [{ "who": who, "relation": "other" }] });
        let reply = app.send(reader, Method::PUT, "/reviewer/profile", body).await;
        answers.push((reply.status, reply.headers.clone(), reply.text().replace(who, "…")));
        // What is given out stays: a script that vanished would tell whose it was.
        app.clerk().await;
        assert_eq!(app.get(reader, "/reviews").await, before);
    }
    assert_eq!(answers[0], answers[1]);
}

async fn conflicts_keep_apart_and_are_explained(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 4).await;
    let by = &stage.coordinator;
    let seats = written(app, &stage, &["Ann Able", "Ben Bold"]).await;
    let (ann, [ash, birch, cedar, elm]) = (&seats[0].user, &stage.reviewers[..]) else { panic!("four") };
    profile(app, ash, json!({ "knows": [{ "who": "ABLE, Ann M.", "relation": "colleague" }] })).await;
    let named = json!({ "knows": [{ "who": birch.email, "relation": "supervision" }] });
    assert_eq!(app.put(ann, "/acquaintances", named.clone()).await.expect(200), named);
    assert_eq!(app.get(ann, "/acquaintances").await.expect(200), named);
    let fact = json!({ "facts": [{ "kind": "reference_rater", "value": "Reader Cedar" }] });
    app.patch(by, &format!("/people/{}", ann.id), fact).await.expect(200);

    let path = format!("/people/{}/conflicts", ann.id);
    let known = app.get(by, &path).await.expect(200);
    let origins: Vec<(&str, &Value)> =
        known["items"].as_array().unwrap().iter().map(|c| (c["name"].as_str().unwrap(), &c["origins"][0])).collect();
    assert_eq!(
        origins,
        [
            ("Reader Ash", &json!("declared_by_reviewer")),
            ("Reader Birch", &json!("declared_by_examinee")),
            ("Reader Cedar", &json!("reference_rater")),
        ]
    );
    // From the other side it is the same.
    let theirs = app.get(by, &format!("/people/{}/conflicts", ash.id)).await.expect(200);
    assert_eq!(
        (&theirs["items"][0]["name"], &theirs["declared"][0]["who"]),
        (&json!("Ann Able"), &json!("ABLE, Ann M."))
    );

    // One of four may read Ann: her two scripts lack one each.
    let lacking = app.allocate(&stage, &stage.sitting).await;
    assert_eq!(
        (lacking["assigned"].as_i64(), lacking["unassigned"].as_array().unwrap().len()),
        (Some(2), 2),
        "{lacking}"
    );
    let one = &lacking["unassigned"][0];
    assert_eq!((one["missing"].as_i64(), one["trained"].as_i64(), one["barred"].as_i64()), (Some(1), Some(4), Some(3)));
    assert_eq!(
        lacking["remedy"]["steps"],
        json!([{
            "kind": "recruit", "strand": "clinical", "reviewers": 1, "scripts_each": 2, "outside_association": false,
        }])
    );

    // What follows from the record cannot be lifted; what was declared can, with a reason.
    let lift = |other: &User| format!("{path}/{}/lift", other.id);
    app.post(by, &lift(cedar), json!({ "reason": "x" })).await.problem(404, "not_found");
    assert_eq!(app.post(by, &lift(ash), json!({ "reason": " " })).await.pointers("invalid"), ["/reason"]);
    app.post(by, &lift(ash), json!({ "reason": "another Ann Able" })).await.expect(204);
    app.post(by, &lift(ash), json!({ "reason": "again" })).await.problem(404, "not_found");
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 2);
    // What is entered holds for what comes.
    assert_eq!(app.post(by, &path, json!({ "person": by.id, "reason": "x" })).await.pointers("invalid"), ["/person"]);
    app.post(by, &path, json!({ "person": elm.id, "reason": "co-authors" })).await.expect(204);
    let known = app.get(by, &path).await.expect(200);
    let elms = known["items"].as_array().unwrap().iter().find(|c| c["name"] == "Reader Elm").unwrap();
    // She has been given Ann's scripts above: in a later sitting that alone keeps her away.
    let both = json!(["entered_by_coordinator", "earlier_reader"]);
    assert_eq!((&elms["origins"], &elms["can_be_lifted"]), (&both, &json!(true)));
    app.post(by, &lift(elm), json!({ "reason": "never happened" })).await.expect(204);
    let known = app.get(by, &path).await.expect(200);
    let elms = known["items"].as_array().unwrap().iter().find(|c| c["name"] == "Reader Elm").unwrap();
    assert_eq!((&elms["origins"], &elms["lift_reason"]), (&json!(["earlier_reader"]), &json!("never happened")));
    let log = app.get(&stage.auditor, "/audit?limit=500").await.expect(200).to_string();
    assert!(["conflict.enter", "conflict.lift", "acquaintance.declare"].iter().all(|act| log.contains(act)));
    assert!(!log.contains("co-authors") && !log.contains("another Ann"), "reasons stay off the log");
}

async fn the_absent_are_given_nothing(app: &TestApp) {
    let stage = Stage::new(app).await;
    written(app, &stage, &["Ann Able"]).await;
    // From 12 March a script is due on 5 April: 25 days, of which one is away for 13 and the other for 12.
    profile(app, &stage.reviewers[0], json!({ "absences": [{ "from": "2027-03-12", "until": "2027-03-24" }] })).await;
    profile(app, &stage.reviewers[1], json!({ "absences": [{ "from": "2027-03-25", "until": "2027-05-30" }] })).await;
    assert_eq!(app.allocate(&stage, &stage.sitting).await["assigned"], 2);
    assert_eq!(held(app, &stage.reviewers).await, [0, 2, 2]);
}

async fn what_lacks_comes_with_the_smallest_remedy(app: &TestApp) {
    let stage = Stage::new(app).await;
    written(app, &stage, &["Ann Able", "Ben Bold", "Cy Cole"]).await;
    let [ash, birch, cedar] = &stage.reviewers[..] else { panic!("three") };
    profile(app, ash, json!({ "capacity": 4 })).await;
    profile(app, birch, json!({ "capacity": 5 })).await;
    profile(app, cedar, json!({ "absences": [{ "from": "2027-03-01", "until": "2027-06-30" }] })).await;
    let path = stage.path("/allocation?dry_run=true");
    // Six scripts need twelve readings; two readers have room for nine: three more between them are less than a return.
    let dry = app.post(&stage.coordinator, &path, Value::Null).await.expect(200);
    assert_eq!((dry["assigned"].as_i64(), dry["remedy"]["is_least"].as_bool()), (Some(4), Some(true)), "{dry}");
    let steps = dry["remedy"]["steps"].as_array().unwrap();
    let raised: i64 = steps.iter().map(|step| step["by"].as_i64().unwrap()).sum();
    assert_eq!((raised, steps.iter().all(|step| step["kind"] == "raise")), (3, true), "{dry}");
    assert!(dry["unassigned"][0]["remedy"].as_array().is_some_and(|steps| !steps.is_empty()));
    // With nobody else, the absent one is the cheapest; and then it is enough.
    profile(app, birch, json!({ "strands": ["policy"] })).await;
    let dry = app.post(&stage.coordinator, &path, Value::Null).await.expect(200);
    let step = &dry["remedy"]["steps"][1];
    assert_eq!((step["kind"].as_str(), step["absent_until"].as_str()), (Some("return"), Some("2027-06-30")), "{dry}");
    profile(app, cedar, json!({ "absences": [] })).await;
    profile(app, ash, json!({ "capacity": 6 })).await;
    let done = app.allocate(&stage, &stage.sitting).await;
    assert_eq!((done["assigned"].as_i64(), &done["remedy"]), (Some(6), &Value::Null));
    assert_eq!(held(app, &stage.reviewers).await, [6, 0, 6]);
}

async fn reviewers_are_lent_where_the_rules_ask_for_it(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 2).await;
    let lent = [app.reviewer("Reader Yew", &stage.there).await, app.reviewer("Reader Zelkova", &stage.there).await];
    app.policy(&stage.here, Policy { same_association: SameAssociation::Barred, ..Policy::default() }).await;
    // Rules reach the sittings that open after them.
    app.clock.advance_seconds(120);
    let sitting = app.sitting(&stage.here, &stage.coordinator, |_| ()).await;
    let seat = stage.seat_in(app, &sitting, "Ann Able").await;
    app.sit(&seat, 48).await;
    let lacking = app.allocate(&stage, &sitting).await;
    assert_eq!(lacking["remedy"]["steps"][0]["outside_association"], true, "{lacking}");
    app.policy(&stage.there, Policy { lends_reviewers: true, ..Policy::default() }).await;
    assert_eq!(app.allocate(&stage, &sitting).await["assigned"], 2);
    assert_eq!((held(app, &lent).await, held(app, &stage.reviewers).await), (vec![2, 2], vec![0, 0]));
}

async fn workload(app: &TestApp, stage: &Stage, who: &User) -> Value {
    let rows = app.get(&stage.coordinator, &stage.path("/workload")).await.expect(200);
    rows["items"].as_array().unwrap().iter().find(|row| row["reviewer"] == json!(who.id)).unwrap().clone()
}

async fn what_nobody_reads_in_time_goes_to_others(app: &TestApp) {
    let stage = Stage::new(app).await;
    written(app, &stage, &["Ann Able"]).await;
    profile(app, &stage.reviewers[2], json!({ "capacity": 0 })).await;
    app.allocate(&stage, &stage.sitting).await;
    let (late, free) = (&stage.reviewers[0], &stage.reviewers[2]);
    assert_eq!(workload(app, &stage, late).await["proposal"], Value::Null);
    let path = stage.path("/reallocation");
    let nothing = app.post(&stage.coordinator, &path, json!({ "reviewer": late.id })).await.expect(200);
    assert_eq!(nothing, json!({ "taken_back": 0, "given": 0, "asked": 0 }));
    // Due on 5 April, and a week on top.
    app.go_to(Instant::parse("2027-04-13T15:00:00.000Z").unwrap());
    let row = workload(app, &stage, late).await;
    assert_eq!((row["held"].as_i64(), row["overdue"].as_i64(), row["sealed"].as_i64()), (Some(2), Some(2), Some(0)));
    assert_eq!(row["proposal"], json!({ "reason": "overdue", "not_begun": 2, "drafts": 0, "asked": 0 }));
    profile(app, free, json!({ "capacity": 9 })).await;
    let other = app.codes(&stage.reviewers[1]).await;
    let done = app.post(&stage.coordinator, &path, json!({ "reviewer": late.id })).await.expect(200);
    assert_eq!(done, json!({ "taken_back": 2, "given": 2, "asked": 0 }));
    assert_eq!(held(app, &stage.reviewers).await, [0, 2, 2]);
    assert_eq!(app.codes(&stage.reviewers[1]).await, other, "what is under way elsewhere stays as it is");
    app.clerk().await;
    assert!(app.mail_to(&late.email).iter().any(|mail| mail.contains("went to others")));
    // They do not come back to who could not read them.
    app.allocate(&stage, &stage.sitting).await;
    assert_eq!(held(app, &stage.reviewers).await, [0, 2, 2]);
}

async fn what_stands_against_a_conflict_goes_to_others(app: &TestApp) {
    let stage = Stage::new(app).await;
    let [ann, _] = &written(app, &stage, &["Ann Able", "Ben Bold"]).await[..] else { panic!("two") };
    profile(app, &stage.reviewers[2], json!({ "capacity": 0 })).await;
    app.allocate(&stage, &stage.sitting).await;
    profile(app, &stage.reviewers[2], json!({ "capacity": 9 })).await;
    let reader = &stage.reviewers[0];
    let codes = app.codes(reader).await;
    app.put(reader, &format!("/reviews/{}/draft", codes[0]), json!({ "revision": 1 })).await.expect(200);

    // What a reader says of themselves moves nothing that was given out: nobody can name people and see what goes.
    profile(app, reader, json!({ "knows": [{ "who": "Ann Able", "relation": "colleague" }] })).await;
    assert_eq!(workload(app, &stage, reader).await["proposal"], Value::Null);
    let named = json!({ "knows": [{ "who": reader.email, "relation": "supervision" }] });
    app.put(&ann.user, "/acquaintances", named).await.expect(200);
    let proposal = workload(app, &stage, reader).await["proposal"].clone();
    assert_eq!(proposal["reason"], "conflict");
    assert_eq!(proposal["not_begun"].as_i64().unwrap() + proposal["drafts"].as_i64().unwrap(), 2, "Ann's, not Ben's");
    assert_eq!(app.codes(reader).await, codes, "and nothing goes before a coordinator says so");

    let path = stage.path("/reallocation");
    let done = app.post(&stage.coordinator, &path, json!({ "reviewer": reader.id })).await.expect(200);
    assert_eq!(done, json!({ "taken_back": 2, "given": 2, "asked": 0 }));
    assert_eq!(held(app, &stage.reviewers).await, [2, 4, 2]);
    assert_eq!(workload(app, &stage, reader).await["proposal"], Value::Null);
}

async fn a_draft_is_not_taken_without_asking(app: &TestApp) {
    let stage = Stage::new(app).await;
    written(app, &stage, &["Ann Able"]).await;
    profile(app, &stage.reviewers[2], json!({ "capacity": 0 })).await;
    app.allocate(&stage, &stage.sitting).await;
    profile(app, &stage.reviewers[2], json!({ "capacity": 9 })).await;
    let away = &stage.reviewers[0];
    let codes = app.codes(away).await;
    app.put(away, &format!("/reviews/{}/draft", codes[0]), json!({ "revision": 1 })).await.expect(200);
    profile(app, away, json!({ "absences": [{ "from": "2027-03-12", "until": "2027-04-30" }] })).await;
    let row = workload(app, &stage, away).await;
    assert_eq!(row["absent_until"], "2027-04-30");
    assert_eq!(row["proposal"], json!({ "reason": "absent", "not_begun": 1, "drafts": 1, "asked": 0 }));
    let path = stage.path("/reallocation");
    let done = app.post(&stage.coordinator, &path, json!({ "reviewer": away.id })).await.expect(200);
    assert_eq!(done, json!({ "taken_back": 1, "given": 1, "asked": 1 }));
    assert_eq!(app.codes(away).await, codes[..1]);
    app.clerk().await;
    assert!(app.mail_to(&away.email).iter().any(|mail| mail.contains("finish what you have begun")));
    // Nobody is asked twice; and it goes when a coordinator says so.
    let done = app.post(&stage.coordinator, &path, json!({ "reviewer": away.id })).await.expect(200);
    assert_eq!(done, json!({ "taken_back": 0, "given": 0, "asked": 0 }));
    let done = app.post(&stage.coordinator, &path, json!({ "reviewer": away.id, "drafts": true })).await.expect(200);
    assert_eq!(done, json!({ "taken_back": 1, "given": 1, "asked": 0 }));
    app.get(away, &format!("/reviews/{}", codes[0])).await.problem(404, "not_found");
}

async fn reminders_are_few(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 2).await;
    written(app, &stage, &["Ann Able"]).await;
    app.allocate(&stage, &stage.sitting).await;
    let reader = &stage.reviewers[0];
    app.clerk_tidies().await;
    let before = app.mail_to(&reader.email).len();
    let mut counts = Vec::new();
    for day in 20..90 {
        app.go_to(Instant::parse("2027-03-12T15:00:00.000Z").unwrap().plus_seconds(day * 24 * 3600));
        app.clerk_tidies().await;
        app.clerk_tidies().await;
        let count = app.mail_to(&reader.email).len() - before;
        if counts.last().is_none_or(|(_, known)| *known != count) {
            counts.push((day, count));
        }
    }
    // Due on 5 April: three days before, the day after, a week after; and then no more.
    assert_eq!(counts, [(20, 0), (21, 1), (25, 2), (31, 3)]);
    let mail = app.mail_to(&reader.email).concat();
    assert!(!mail.contains("Able") && mail.contains("still awaited"), "{mail}");
}

async fn the_estimate_is_ones_own(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 2).await;
    written(app, &stage, &["Ann Able", "Ben Bold"]).await;
    app.allocate(&stage, &stage.sitting).await;
    let reader = &stage.reviewers[0];
    let estimate = async || app.get(reader, "/reviewer/profile").await.expect(200)["estimate"].clone();
    assert_eq!(estimate().await, json!({ "minutes": 240, "minutes_each": 60, "own": false }));
    let codes = app.codes(reader).await;
    for code in &codes[..3] {
        for revision in 1..=5 {
            app.put(reader, &format!("/reviews/{code}/draft"), json!({ "revision": revision })).await.expect(200);
            // Four minutes between saves; the pauses between scripts do not count.
            app.clock.advance_seconds(240);
        }
        app.seal(reader, code, "pass").await;
        app.clock.advance_seconds(3600);
    }
    assert_eq!(estimate().await, json!({ "minutes": 20, "minutes_each": 20, "own": true }));
    let page = app.call(TestApp::browse(reader, Method::GET, "/marking")).await.text();
    assert!(page.contains("judging by your own pace"), "{page}");
    // The other's is their own.
    let other = app.get(&stage.reviewers[1], "/reviewer/profile").await.expect(200);
    assert_eq!(other["estimate"]["own"], false);
}
