//! People, sittings and seats, time and the room, as coordinators and proctors keep them.

use actix_web::http::Method;
use evenhand::domain::ids::PersonId;
use evenhand::domain::vocabulary::{Category, Role, Track};
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::Stage;

on_both!(
    people_are_added_and_invited,
    people_of_other_associations_do_not_exist,
    an_import_is_rehearsed_first,
    an_import_names_line_and_column_and_is_all_or_none,
    sittings_are_created_and_changed,
    a_sitting_in_use_keeps_its_terms,
    a_seat_needs_leave_and_room,
    time_is_granted_to_one_or_to_all,
    the_board_tells_how_everybody_is,
    allocation_is_rehearsed_and_says_what_is_lacking,
    the_audit_log_is_each_associations_own,
    lists_come_in_pages,
);

fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}"))
}

async fn people_are_added_and_invited(app: &TestApp) {
    let stage = Stage::new(app).await;
    let who = &stage.coordinator;
    let body = json!({
        "name": "  Nia New ", "email": " Nia.New@Example.org", "employer": "Harbor Home Visiting", "locale": "es",
        "roles": [{ "role": "examinee", "association": stage.here }, { "role": "reviewer", "association": stage.here }],
        "strands": ["policy"],
    });
    let added = app.post(who, "/people", body.clone()).await.expect(201);
    let id = added["id"].as_str().unwrap();
    assert_eq!((added["name"].as_str(), added["email"].as_str()), (Some("Nia New"), Some("nia.new@example.org")));
    assert_eq!(added["active"], false);
    let shown = app.get(who, &format!("/people/{id}")).await.expect(200);
    assert_eq!(
        (shown["employer"].as_str(), shown["roles"].as_array().unwrap().len()),
        (Some("Harbor Home Visiting"), 2)
    );
    assert_eq!(
        (&shown["authorisations"], &shown["registrations"], &shown["accommodation"]),
        (&json!([]), &json!([]), &Value::Null)
    );
    app.clerk().await;
    assert_eq!(app.mail_to("nia.new@example.org").len(), 1);

    app.post(who, "/people", body).await.problem(409, "email_taken");
    let role = |role: &str, place: &Value| json!({ "role": role, "association": place });
    let (here, there) = (json!(stage.here), json!(stage.there));
    let with = |email: &str, roles: Value| json!({ "name": "Some Body", "email": email, "roles": roles });
    let wrong = [
        (with("x@example.org", json!([role("examinee", &there)])), vec!["/roles/0/association"]),
        (with("x@example.org", json!([role("examinee", &here), role("coordinator", &here)])), vec!["/roles/1/role"]),
        (with("x@example.org", json!([])), vec!["/roles"]),
        (with("nobody", json!([role("examinee", &here)])), vec!["/email"]),
        (json!({ "name": " ", "email": "", "roles": [role("examinee", &here)] }), vec!["/name", "/email"]),
    ];
    for (body, pointers) in wrong {
        assert_eq!(app.post(who, "/people", body).await.pointers("invalid"), pointers);
    }
    // An administrator appoints staff.
    let staff = with("staff@example.org", json!([role("coordinator", &here)]));
    app.post(&stage.administrator, "/people", staff).await.expect(201);
    app.post(&stage.proctor, "/people", with("x@example.org", json!([role("examinee", &here)])))
        .await
        .problem(403, "role_required");
}

async fn people_of_other_associations_do_not_exist(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (here, there) =
        (stage.examinee(app, "Ann Able").await, app.person("Tia There", &[(Role::Examinee, &stage.there)]).await);
    let both = app.person("Bo Both", &[(Role::Examinee, &stage.here), (Role::Reviewer, &stage.there)]).await;
    let seen = app.get(&stage.foreign, "/people").await.expect(200);
    let mut ids: Vec<&str> = items(&seen).iter().map(|p| p["id"].as_str().unwrap()).collect();
    let mut expected = [stage.foreign.id.as_str(), there.id.as_str(), both.id.as_str()];
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    let shown = app.get(&stage.foreign, &format!("/people/{}", both.id)).await.expect(200);
    assert_eq!(shown["roles"], json!([{ "role": "reviewer", "association": stage.there }]));
    app.get(&stage.foreign, &format!("/people/{}", here.id)).await.problem(404, "not_found");
    let arrangement = json!({ "time_multiplier_percent": 200, "approved_note": "x" });
    let path = format!("/people/{}/accommodations", here.id);
    app.put(&stage.foreign, &path, arrangement.clone()).await.problem(404, "not_found");
    app.put(&stage.coordinator, &path, arrangement).await.expect(200);
    let shown = app.get(&stage.coordinator, &format!("/people/{}", here.id)).await.expect(200);
    assert_eq!(shown["accommodation"]["approved_by"]["name"], "Cora Here");
    app.get(&stage.proctor, "/people").await.problem(403, "role_required");
}

const HEADER: &str = "reference,name,email,track,category,employer,valid_from,valid_until,locale\n";

async fn an_import_is_rehearsed_first(app: &TestApp) {
    let stage = Stage::new(app).await;
    let who = &stage.coordinator;
    let known = stage.examinee(app, "Ann Able").await;
    let csv = format!(
        "\u{feff}{HEADER}A-1,Nia New,NIA@example.org,IMH-E,specialist,\"Home, Sweet Home\",2027-01-01,2027-12-31,es\n\
         A-2,Ann Able,{},ECMH-E,mentor_policy,,,,\n",
        known.email
    );
    let before = (app.audit_head().await, app.get(who, "/people").await);
    let rehearsed = app.csv(who, "/authorisations/import?dry_run=true", csv.as_str()).await.expect(200);
    assert_eq!(rehearsed, json!({ "accepted": 2, "rejected": [] }));
    assert_eq!((app.audit_head().await, app.get(who, "/people").await), before);

    assert_eq!(app.csv(who, "/authorisations/import", csv.as_str()).await.expect(200), rehearsed);
    let people = app.get(who, "/people").await.expect(200);
    let new = items(&people).iter().find(|p| p["email"] == "nia@example.org").unwrap();
    assert_eq!((new["employer"].as_str(), new["locale"].as_str()), (Some("Home, Sweet Home"), Some("es")));
    let shown = app.get(who, &format!("/people/{}", known.id)).await.expect(200);
    let imported = shown["authorisations"].as_array().unwrap().iter().find(|a| a["reference"] == "A-2").unwrap();
    // From today for a year, where the file says nothing.
    assert_eq!(
        (imported["valid_from"].as_str(), imported["valid_until"].as_str()),
        (Some("2027-03-12"), Some("2028-03-12"))
    );
    app.clerk().await;
    assert_eq!((app.mail_to("nia@example.org").len(), app.mail_to(&known.email).len()), (1, 0));

    let again = app.csv(who, "/authorisations/import", csv.as_str()).await.expect(200);
    assert_eq!(again["accepted"], 0);
    assert_eq!(again["rejected"][0], json!({ "line": 2, "column": "reference", "detail": "was imported before" }));
    app.csv(&stage.proctor, "/authorisations/import", csv.as_str()).await.problem(403, "role_required");
    let elsewhere = format!("/authorisations/import?association={}", stage.there);
    app.csv(who, &elsewhere, csv.as_str()).await.problem(404, "not_found");
    app.send(who, Method::POST, "/authorisations/import", json!({})).await.problem(415, "media_type");
}

async fn an_import_names_line_and_column_and_is_all_or_none(app: &TestApp) {
    let stage = Stage::new(app).await;
    let who = &stage.coordinator;
    let csv = format!(
        "{HEADER}A-1,Good Line,good@example.org,IMH-E,specialist,,,,\n\
         ,No Reference,no@example.org,IMH-E,specialist,,,,\n\
         A-3,Bad Mail,nobody,IMH,chef,,2027-13-01,,fr\n\
         A-1,Twice,twice@example.org,IMH-E,specialist,,,,\n\
         A-5,Too Few,few@example.org\n\
         A-6,Backwards,back@example.org,IMH-E,specialist,,2027-05-01,2027-04-01,\n"
    );
    let before = (app.audit_head().await, app.get(who, "/people").await);
    for query in ["", "?dry_run=true"] {
        let report = app.csv(who, &format!("/authorisations/import{query}"), csv.as_str()).await.expect(200);
        assert_eq!(report["accepted"], 0);
        let places: Vec<(i64, &str)> = report["rejected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["line"].as_i64().unwrap(), r["column"].as_str().unwrap()))
            .collect();
        let expected = [
            (3, "reference"),
            (4, "category"),
            (4, "email"),
            (4, "locale"),
            (4, "track"),
            (4, "valid_from"),
            (5, "reference"),
            (6, ""),
            (7, "valid_until"),
        ];
        assert_eq!(places, expected);
    }
    for (csv, column) in [
        ("reference,name,email,track\n", "category"),
        ("reference,name,email,track,category,phone\n", "phone"),
        ("reference,name,email,track,category,name\n", "name"),
        (HEADER, ""),
        ("", "category"),
    ] {
        let report = app.csv(who, "/authorisations/import", csv).await.expect(200);
        assert_eq!((report["accepted"].as_i64(), &report["rejected"][0]["line"]), (Some(0), &json!(1)));
        assert_eq!(report["rejected"][0]["column"], column, "{csv}");
    }
    assert_eq!((app.audit_head().await, app.get(who, "/people").await), before);
}

/// What a sitting is created from.
pub fn new_sitting(stage: &Stage) -> Value {
    json!({
        "association": stage.here, "title": "Autumn", "kind": "fixed", "opens_at": "2027-09-10T09:00:00-04:00",
        "closes_at": "2027-09-10T17:00:00.000Z", "time_zone": "America/New_York", "capacity": 2,
    })
}

async fn sittings_are_created_and_changed(app: &TestApp) {
    let stage = Stage::new(app).await;
    let who = &stage.coordinator;
    let made = app.post(who, "/sittings", new_sitting(&stage)).await.expect(201);
    let path = format!("/sittings/{}", made["id"].as_str().unwrap());
    assert_eq!((made["opens_at"].as_str(), made["registered"].as_i64()), (Some("2027-09-10T13:00:00.000Z"), Some(0)));
    let parts = json!({
        "one": { "allowance_seconds": 5400, "items": 60, "pass_percent": 80 },
        "two": { "allowance_seconds": 5400, "vignettes": 2, "answer": 2 },
    });
    assert_eq!(made["parts"], parts);
    let change = json!({ "title": "Fall", "capacity": 3, "parts": { "two": { "vignettes": 3 } } });
    let changed = app.patch(who, &path, change).await.expect(200);
    assert_eq!((changed["title"].as_str(), changed["capacity"].as_i64()), (Some("Fall"), Some(3)));
    assert_eq!((&changed["parts"]["two"]["vignettes"], &changed["parts"]["two"]["answer"]), (&json!(3), &json!(2)));
    assert_eq!(app.get(&stage.auditor, &path).await.expect(200), changed);
    assert_eq!(items(&app.get(&stage.proctor, "/sittings").await.expect(200)).len(), 2);

    let mut elsewhere = new_sitting(&stage);
    elsewhere["association"] = json!(stage.there);
    app.post(who, "/sittings", elsewhere).await.problem(404, "not_found");
    app.post(&stage.proctor, "/sittings", new_sitting(&stage)).await.problem(403, "role_required");
    app.patch(&stage.proctor, &path, json!({ "title": "x" })).await.problem(403, "role_required");
    app.get(&stage.foreign, &path).await.problem(404, "not_found");
    app.patch(&stage.foreign, &path, json!({ "title": "x" })).await.problem(404, "not_found");
    assert_eq!(app.get(who, &path).await.expect(200), changed);
    assert_eq!(items(&app.get(&stage.foreign, "/sittings").await.expect(200)).len(), 0);
}

async fn a_sitting_in_use_keeps_its_terms(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (who, path) = (&stage.coordinator, stage.path(""));
    let (seat, _) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    app.patch(who, &path, json!({ "parts": { "one": { "items": 59 } } })).await.expect(200);
    app.begin(&seat).await;
    for change in [
        json!({ "opens_at": "2027-03-12T14:00:00.000Z" }),
        json!({ "kind": "fixed" }),
        json!({ "time_zone": "UTC" }),
        json!({ "parts": { "one": { "items": 60 } } }),
        json!({ "parts": { "one": { "allowance_seconds": 60 } } }),
        json!({ "parts": { "one": { "pass_percent": 1 } } }),
        json!({ "title": "Renamed", "parts": { "two": { "answer": 1 } } }),
    ] {
        app.patch(who, &path, change).await.problem(409, "sitting_in_use");
    }
    let harmless = json!({ "title": "Renamed", "capacity": 2, "closes_at": "2027-03-12T15:00:01.000Z" });
    let changed = app.patch(who, &path, harmless).await.expect(200);
    assert_eq!((changed["title"].as_str(), changed["registered"].as_i64()), (Some("Renamed"), Some(2)));
    assert_eq!(app.patch(who, &path, json!({ "capacity": 1 })).await.pointers("invalid"), ["/capacity"]);
    // Who has started keeps the seat.
    let seat_path = format!("/registrations/{}", seat.registration);
    app.delete(who, &seat_path).await.problem(409, "sitting_in_use");
}

async fn register(app: &TestApp, by: &User, path: &str, who: &User, track: &str, category: &str) -> crate::app::Reply {
    let body = json!({ "person": who.id, "track": track, "category": category });
    app.post(by, &format!("{path}/registrations"), body).await
}

async fn a_seat_needs_leave_and_room(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (by, path) = (&stage.coordinator, stage.path(""));
    let (here, there) = (&stage.here, &stage.there);
    let nobody = User { id: PersonId("unknown".into()), ..User::stranger() };
    register(app, by, &path, &nobody, "IMH-E", "specialist").await.problem(409, "not_authorised");

    let ann = app.person("Ann Able", &[(Role::Examinee, here)]).await;
    register(app, by, &path, &ann, "IMH-E", "specialist").await.problem(409, "not_authorised");
    // Neither another association's leave counts, nor one that has run out, nor one for something else.
    app.authorise(&ann, there, Track::Imh, Category::Specialist, "2027-01-01", "2027-12-31").await;
    app.authorise(&ann, here, Track::Imh, Category::Specialist, "2026-01-01", "2027-03-11").await;
    app.authorise(&ann, here, Track::Ecmh, Category::Specialist, "2027-01-01", "2027-12-31").await;
    app.authorise(&ann, here, Track::Imh, Category::MentorPolicy, "2027-01-01", "2027-12-31").await;
    register(app, by, &path, &ann, "IMH-E", "specialist").await.problem(409, "not_authorised");
    app.authorise(&ann, here, Track::Imh, Category::Specialist, "2027-03-12", "2027-03-12").await;
    let seat = register(app, by, &path, &ann, "IMH-E", "specialist").await.expect(201);
    assert_eq!((seat["strand"].as_str(), seat["person"].as_str()), (Some("clinical"), Some(ann.id.as_str())));
    register(app, by, &path, &ann, "IMH-E", "specialist").await.problem(409, "already_registered");
    register(app, by, &path, &ann, "IMH-E", "mentor_policy").await.problem(409, "already_registered");
    // The other track is another exam.
    register(app, by, &path, &ann, "ECMH-E", "specialist").await.expect(201);

    let ben = stage.examinee(app, "Ben Bold").await;
    app.patch(by, &path, json!({ "capacity": 2 })).await.expect(200);
    register(app, by, &path, &ben, "IMH-E", "specialist").await.problem(409, "sitting_full");
    app.delete(by, &format!("/registrations/{}", seat["id"].as_str().unwrap())).await.expect(204);
    register(app, by, &path, &ben, "IMH-E", "specialist").await.expect(201);
    register(app, &stage.foreign, &path, &ann, "IMH-E", "specialist").await.problem(404, "not_found");
    register(app, &stage.proctor, &path, &ann, "IMH-E", "specialist").await.problem(403, "role_required");
    app.clerk().await;
    assert_eq!(app.mail_to(&ben.email).len(), 1);
    app.clock.advance_seconds(31 * 24 * 3600);
    register(app, by, &path, &ann, "IMH-E", "specialist").await.problem(409, "too_late");
}

async fn time_is_granted_to_one_or_to_all(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben, cyd) =
        (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await, stage.seat(app, "Cyd Cash").await);
    let attempt = |paper: Value| paper["attempt"].as_str().unwrap().to_owned();
    let (one, two, over) =
        (attempt(app.begin(&ann).await), attempt(app.begin(&ben).await), attempt(app.begin(&cyd).await));
    app.submit(&cyd, &over).await;
    let credit = |seconds: i64, reason: &str| json!({ "seconds": seconds, "reason": reason });
    let path = |attempt: &str| format!("/attempts/{attempt}/credit");
    for (body, pointer) in [
        (credit(0, "x"), "/seconds"),
        (credit(-60, "x"), "/seconds"),
        (credit(14_401, "x"), "/seconds"),
        (credit(60, " "), "/reason"),
        (credit(60, &"x".repeat(501)), "/reason"),
        (json!({ "seconds": "60", "reason": "x" }), "/seconds"),
    ] {
        assert_eq!(app.post(&stage.proctor, &path(&one), body.clone()).await.pointers("invalid"), [pointer]);
        assert_eq!(app.post(&stage.proctor, &stage.path("/credit"), body).await.pointers("invalid"), [pointer]);
    }
    let moved = app.post(&stage.coordinator, &path(&one), credit(60, "a spilled cup")).await.expect(200);
    assert_eq!(moved, json!({ "attempt": one, "deadline": "2027-03-12T16:31:00.000Z" }));
    app.post(&stage.proctor, &path(&over), credit(60, "x")).await.problem(409, "part_closed");
    app.post(&stage.foreign, &path(&one), credit(60, "x")).await.problem(404, "not_found");
    app.post(&stage.auditor, &path(&one), credit(60, "x")).await.problem(403, "role_required");
    app.post(&ann.user, &path(&one), credit(60, "x")).await.problem(404, "not_found");

    let all = app.post(&stage.proctor, &stage.path("/credit"), credit(300, "fire alarm")).await.expect(200);
    let mut moved: Vec<(&str, &str)> =
        items(&all).iter().map(|m| (m["attempt"].as_str().unwrap(), m["deadline"].as_str().unwrap())).collect();
    let mut expected = [(one.as_str(), "2027-03-12T16:36:00.000Z"), (two.as_str(), "2027-03-12T16:35:00.000Z")];
    moved.sort_unstable();
    expected.sort_unstable();
    assert_eq!(moved, expected);
    // Time that is up cannot be given back to.
    app.clock.advance_seconds(2 * 3600);
    app.post(&stage.proctor, &path(&one), credit(60, "x")).await.problem(409, "part_closed");
    assert_eq!(items(&app.post(&stage.proctor, &stage.path("/credit"), credit(60, "x")).await.expect(200)).len(), 0);
}

async fn the_board_tells_how_everybody_is(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let cyd = stage.seat(app, "Cyd Cash").await;
    let attempt = app.begin(&ann).await["attempt"].as_str().unwrap().to_owned();
    app.sit_one(&ben, 10).await;
    app.post(&stage.proctor, &format!("/registrations/{}/admission", cyd.registration), json!({})).await.expect(204);
    app.clock.advance_seconds(20);
    app.save(&ann, &attempt, 3, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.clock.advance_seconds(40);
    let board = async || app.get(&stage.proctor, &stage.path("/board")).await.expect(200);
    let row = |board: &Value, name: &str| {
        board["items"].as_array().unwrap().iter().find(|r| r["person"]["name"] == name).unwrap().clone()
    };
    let seen = board().await;
    let mine = row(&seen, "Ann Able");
    assert_eq!((mine["presence"].as_str(), mine["answered"].as_i64()), (Some("working"), Some(1)));
    assert_eq!(
        (mine["last_save_age_seconds"].as_i64(), mine["deadline"].as_str()),
        (Some(40), Some("2027-03-12T16:30:00.000Z"))
    );
    assert_eq!(mine["parts"], json!([{ "part": "one", "state": "open" }, { "part": "two", "state": "locked" }]));
    assert_eq!(row(&seen, "Ben Bold")["presence"], "break");
    assert_eq!(row(&seen, "Cyd Cash")["presence"], "admitted");

    // Silence, and whatever was reported, rise to the top.
    app.clock.advance_seconds(21);
    let report = json!({ "registration": cyd.registration, "kind": "health", "note": "feels faint" });
    let incident = app.post(&stage.proctor, &stage.path("/incidents"), report).await.expect(201);
    let seen = board().await;
    let order: Vec<(&str, bool)> = seen["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["person"]["name"].as_str().unwrap(), r["attention"].as_bool().unwrap()))
        .collect();
    assert_eq!(order, [("Ann Able", true), ("Cyd Cash", true), ("Ben Bold", false)]);
    assert_eq!((&seen["items"][0]["presence"], &seen["items"][1]["incidents"]), (&json!("disconnected"), &json!(1)));
    // Looking at the clock is a sign of life.
    app.get(&ann.user, &format!("/attempts/{attempt}/clock")).await.expect(200);
    let resolution = stage.path(&format!("/incidents/{}/resolution", incident["id"].as_str().unwrap()));
    app.post(&stage.proctor, &resolution, Value::Null).await.expect(204);
    app.post(&stage.proctor, &resolution, Value::Null).await.problem(404, "not_found");
    assert!(board().await["items"].as_array().unwrap().iter().all(|r| r["attention"] == false));
    app.get(&stage.coordinator, &stage.path("/board")).await.expect(200);
    app.get(&stage.auditor, &stage.path("/board")).await.problem(403, "role_required");
    app.get(&stage.foreign, &stage.path("/board")).await.problem(404, "not_found");
    app.get(&ann.user, &stage.path("/board")).await.problem(404, "not_found");
}

async fn allocation_is_rehearsed_and_says_what_is_lacking(app: &TestApp) {
    let stage = Stage::with_reviewers(app, 1).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 48).await;
    let path = stage.path("/allocation");
    let by = &stage.coordinator;
    let lacking = app.post(by, &path, Value::Null).await.expect(200);
    assert_eq!(lacking["assigned"], 0);
    let unassigned = lacking["unassigned"].as_array().unwrap();
    assert_eq!(unassigned.len(), 2);
    assert!(
        unassigned.iter().all(|u| u["lacks"].as_str().unwrap().starts_with("1 reviewer for clinical")),
        "{unassigned:?}"
    );
    // A single reading is none: nobody was given half a panel.
    assert_eq!(app.codes(&stage.reviewers[0]).await, Vec::<String>::new());

    let second = app.reviewer("Reader Birch", &stage.here).await;
    let before = app.audit_head().await;
    let rehearsed = app.post(by, &format!("{path}?dry_run=true"), Value::Null).await.expect(200);
    assert_eq!((rehearsed["assigned"].as_i64(), rehearsed["unassigned"].as_array().unwrap().len()), (Some(2), 0));
    assert_eq!(app.audit_head().await, before);
    assert_eq!(app.codes(&second).await, Vec::<String>::new());
    assert_eq!(app.post(by, &path, Value::Null).await.expect(200)["assigned"], 2);
    assert_eq!((app.codes(&second).await.len(), app.codes(&stage.reviewers[0]).await.len()), (2, 2));
    // What is given out is not given out again.
    assert_eq!(app.post(by, &path, Value::Null).await.expect(200)["assigned"], 0);
    assert_eq!(app.codes(&second).await.len(), 2);
    app.post(&stage.proctor, &path, Value::Null).await.problem(403, "role_required");
    app.post(&stage.foreign, &path, Value::Null).await.problem(404, "not_found");
}

async fn the_audit_log_is_each_associations_own(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.begin(&seat).await;
    let mut theirs = new_sitting(&stage);
    theirs["association"] = json!(stage.there);
    app.post(&stage.foreign, "/sittings", theirs).await.expect(201);
    let here = app.get(&stage.auditor, "/audit?limit=500").await.expect(200);
    let acts: Vec<&str> = items(&here).iter().map(|e| e["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["registration.create", "agreement.accept", "form.freeze", "attempt.start"]);
    assert!(
        items(&here).iter().all(|e| e["association"] == json!(stage.here) && e["digest"].as_str().unwrap().len() == 64)
    );
    let there = app.get(&stage.foreign, "/audit").await.expect(200);
    let acts: Vec<&str> = items(&there).iter().map(|e| e["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["sitting.create"]);
    for who in [&stage.proctor, &seat.user, &stage.reviewers[0]] {
        app.get(who, "/audit").await.problem(403, "role_required");
    }
    // Never a name, an answer or a token.
    let text = here.to_string();
    assert!(!text.contains("Ann") && !text.contains("Cora") && !text.contains(&seat.user.token));
}

async fn lists_come_in_pages(app: &TestApp) {
    let stage = Stage::new(app).await;
    for name in ["Ann Able", "Ben Bold", "Cyd Cash"] {
        stage.seat(app, name).await;
    }
    for path in ["/people", "/audit"] {
        let whole = app.get(&stage.coordinator, path).await.expect(200);
        assert_eq!(whole["next"], Value::Null);
        let (mut pieces, mut after) = (Vec::new(), String::new());
        loop {
            let page = app.get(&stage.coordinator, &format!("{path}?limit=2&after={after}")).await.expect(200);
            assert!(items(&page).len() <= 2);
            pieces.extend(items(&page).clone());
            let Some(next) = page["next"].as_str() else { break };
            after = next.to_owned();
        }
        assert_eq!(&pieces, items(&whole), "{path}");
    }
    for query in ["limit=0", "limit=-1"] {
        assert_eq!(app.get(&stage.coordinator, &format!("/people?{query}")).await.pointers("invalid"), ["/limit"]);
    }
    let long = format!("/people?after={}", "x".repeat(65));
    assert_eq!(app.get(&stage.coordinator, &long).await.pointers("invalid"), ["/after"]);
}
