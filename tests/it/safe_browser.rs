//! Safe Exam Browser: what a sitting asks for is shown in it alone, by headers or by a page's script, and no answer is lost
//! for want of it.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use evenhand::domain::ids::{RegistrationId, SittingId};
use evenhand::domain::safe_browser::configuration::{Addresses, own_config_key};
use evenhand::domain::safe_browser::{PROOF_SECONDS, proof_of};
use evenhand_templates::urls;
use serde_json::{Value, json};

use crate::app::{ORIGIN, Reply, TestApp, User, on_both};
use crate::build::{PROSE, Seat, Stage};
use crate::coordinator::new_sitting;

on_both!(
    the_exam_opens_by_headers_over_its_own_address_alone,
    browser_exam_keys_are_asked_for_where_they_are_listed,
    a_page_proves_it_by_its_script,
    a_page_that_sends_headers_opens_what_it_fetches,
    keys_are_put_right_on_the_day,
    no_answer_is_lost_for_want_of_the_browser,
    the_board_says_who_is_not_in_it,
    whoever_is_exempt_needs_none,
    keys_are_validated_and_spelled_one_way,
    the_file_is_for_staff_and_for_who_has_a_seat,
    pages_say_what_to_do,
    practice_needs_none,
    nothing_of_it_reaches_a_reviewer,
);

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const E: &str = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

/// What the stage's sitting asks of the browser.
async fn ask(app: &TestApp, stage: &Stage, asked: Value) -> Reply {
    app.patch(&stage.coordinator, &stage.path(""), json!({ "safe_exam_browser": asked })).await
}

/// A stage whose sitting asks for the browser, and somebody with a seat who accepted the agreement.
async fn asking(app: &TestApp, asked: Value) -> (Stage, Seat) {
    let stage = Stage::new(app).await;
    ask(app, &stage, asked).await.expect(200);
    let seat = stage.seat(app, "Sue Safe").await;
    app.agree(&seat).await;
    (stage, seat)
}

/// A request with the two headers, each over the address and key that are given.
fn with_headers(request: TestRequest, config: Option<(&str, &str)>, exam: Option<(&str, &str)>) -> TestRequest {
    let mut request = request;
    if let Some((url, key)) = config {
        request = request.insert_header(("X-SafeExamBrowser-ConfigKeyHash", proof_of(url, key)));
    }
    if let Some((url, key)) = exam {
        request = request.insert_header(("X-SafeExamBrowser-RequestHash", proof_of(url, key)));
    }
    request
}

fn address(path: &str) -> String {
    format!("{ORIGIN}{path}")
}

fn start_path(seat: &Seat, part: &str) -> String {
    format!("/api/v1/registrations/{}/parts/{part}/start", seat.registration)
}

/// Sends a call of the interface with a Config Key over its own address.
async fn proving(app: &TestApp, who: &User, method: Method, path: &str, key: &str) -> Reply {
    let url = address(path);
    app.call(with_headers(TestApp::request(who, method, path), Some((&url, key)), None)).await
}

async fn start_with(app: &TestApp, seat: &Seat, key: &str) -> Value {
    proving(app, &seat.user, Method::POST, &start_path(seat, "one"), key).await.expect(201)
}

fn attempt_in(paper: &Value) -> String {
    paper["attempt"].as_str().unwrap().to_owned()
}

async fn row(app: &TestApp, stage: &Stage, seat: &Seat) -> Value {
    let board = app.get(&stage.proctor, &stage.path("/board")).await.expect(200);
    board["items"].as_array().unwrap().iter().find(|row| row["registration"] == *seat.registration).unwrap().clone()
}

async fn audit(app: &TestApp, stage: &Stage) -> Vec<Value> {
    let page = app.get(&stage.auditor, "/audit?limit=500").await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn own_key(stage: &Stage) -> String {
    own_config_key(ORIGIN, &stage.sitting)
}

/// What a page's script sends.
async fn by_script(app: &TestApp, seat: &Seat, page: &str, key: &str) -> Reply {
    let url = address(page);
    let body = json!({ "url": url, "config_key_hash": proof_of(&url, key), "exam_key_hash": null });
    app.post(&seat.user, &format!("/registrations/{}/safe-exam-browser", seat.registration), body).await
}

async fn the_exam_opens_by_headers_over_its_own_address_alone(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A] })).await;
    let start = start_path(&seat, "one");
    let url = address(&start);
    let call = |config: Option<(&str, &str)>, exam: Option<(&str, &str)>| {
        app.call(with_headers(TestApp::request(&seat.user, Method::POST, &start), config, exam))
    };
    let other = address(&start_path(&seat, "two"));
    for (config, exam) in [
        (None, None),
        (Some((url.as_str(), B)), None),
        (Some((other.as_str(), A)), None),
        (Some(("http://evil.example/start", A)), None),
        (None, Some((url.as_str(), A))),
    ] {
        call(config, exam).await.problem(403, "safe_exam_browser_required");
    }
    // Whatever the request calls this host, its address is the configured one.
    let elsewhere = format!("http://evil.example{start}");
    let spoofed = with_headers(TestApp::request(&seat.user, Method::POST, &start), Some((&elsewhere, A)), None);
    let spoofed = spoofed.insert_header(("host", "evil.example"));
    app.call(spoofed).await.problem(403, "safe_exam_browser_required");

    let paper = call(Some((&url, A)), None).await.expect(201);
    assert_eq!(paper["questions"].as_array().unwrap().len(), 60);
    let path = format!("/api/v1/attempts/{}", attempt_in(&paper));
    // A proof for one address opens no other, and the call that gave it opens nothing else.
    app.call(TestApp::request(&seat.user, Method::GET, &path)).await.problem(403, "safe_exam_browser_required");
    let foreign = with_headers(TestApp::request(&seat.user, Method::GET, &path), Some((&url, A)), None);
    app.call(foreign).await.problem(403, "safe_exam_browser_required");
    proving(app, &seat.user, Method::GET, &path, B).await.problem(403, "safe_exam_browser_required");
    assert_eq!(proving(app, &seat.user, Method::GET, &path, A).await.expect(200)["questions"], paper["questions"]);
    // What is asked for is part of the address; our own configuration counts as well; going on asks again.
    proving(app, &seat.user, Method::GET, &format!("{path}?again=1"), &own_key(&stage)).await.expect(200);
    call(None, None).await.problem(403, "safe_exam_browser_required");
    call(Some((&url, A)), None).await.expect(200);
    // Nobody else comes in by it.
    let other = stage.seat(app, "Olga Other").await;
    proving(app, &other.user, Method::GET, &path, A).await.problem(404, "not_found");
    let log = audit(app, &stage).await;
    let begun = log.iter().find(|entry| entry["act"] == "attempt.start").unwrap();
    assert_eq!(begun["detail"]["safe_exam_browser"], "proved");
    assert!(!json!(log).to_string().contains(A), "a key stands in the audit log");
}

async fn browser_exam_keys_are_asked_for_where_they_are_listed(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A], "exam_keys": [E] })).await;
    let start = start_path(&seat, "one");
    let url = address(&start);
    let call = |config: Option<&str>, exam: Option<&str>| {
        let request = TestApp::request(&seat.user, Method::POST, &start);
        app.call(with_headers(request, config.map(|key| (url.as_str(), key)), exam.map(|key| (url.as_str(), key))))
    };
    for (config, exam) in [(Some(A), None), (None, Some(E)), (Some(A), Some(B)), (Some(B), Some(E))] {
        call(config, exam).await.problem(403, "safe_exam_browser_required");
    }
    call(Some(A), Some(E)).await.expect(201);
    call(Some(&own_key(&stage)), Some(E)).await.expect(200);
    // Alone they suffice: they stand for the settings too.
    ask(app, &stage, json!({ "exam_keys": [E] })).await.expect(200);
    call(None, Some(E)).await.expect(200);
    call(Some(&own_key(&stage)), None).await.problem(403, "safe_exam_browser_required");
}

async fn a_page_proves_it_by_its_script(app: &TestApp) {
    let (stage, seat) = asking(app, json!({})).await;
    let own = own_key(&stage);
    let page = urls::exam(&seat.registration);
    by_script(app, &seat, &page, A).await.problem(403, "safe_exam_browser_required");
    app.post(&seat.user, &start_path(&seat, "one")["/api/v1".len()..], Value::Null)
        .await
        .problem(403, "safe_exam_browser_required");
    let proved = by_script(app, &seat, &page, &own).await.expect(200);
    let until = app.now().plus_seconds(PROOF_SECONDS);
    assert_eq!(proved, json!({ "state": "proved", "valid_until": until.rfc3339() }));
    let paper = app.start(&seat, "one").await;
    let path = format!("/attempts/{}", attempt_in(&paper));
    app.get(&seat.user, &path).await.expect(200);
    // In another session of the same person nothing is proved.
    let elsewhere = User { token: app.session_of(&seat.user.id).await, ..seat.user.clone() };
    app.get(&elsewhere, &path).await.problem(403, "safe_exam_browser_required");
    // It lapses, and the exam room renews it.
    app.go_to(until);
    app.get(&seat.user, &path).await.problem(403, "safe_exam_browser_required");
    by_script(app, &seat, &urls::attempt(&attempt_in(&paper)), &own).await.expect(200);
    app.get(&seat.user, &path).await.expect(200);
    // The page is one of this exam, on this site.
    let other = stage.seat(app, "Olga Other").await;
    for page in [urls::exam(&other.registration), urls::attempt("unknown"), urls::exams(), "/inbox/x".to_owned()] {
        assert_eq!(by_script(app, &seat, &page, &own).await.pointers("invalid"), ["/url"], "{page}");
    }
    let call = format!("/registrations/{}/safe-exam-browser", seat.registration);
    let foreign = "https://evil.example/exams/x";
    let body = json!({ "url": foreign, "config_key_hash": proof_of(foreign, &own) });
    assert_eq!(app.post(&seat.user, &call, body).await.pointers("invalid"), ["/url"]);
    // Another's seat is none of one's own; and without a body the call's own headers count.
    app.post(&other.user, &call, Value::Null).await.problem(404, "not_found");
    let whole = format!("/api/v1{call}");
    proving(app, &elsewhere, Method::POST, &whole, &own).await.expect(200);
    app.get(&elsewhere, &path).await.expect(200);
}

async fn a_page_that_sends_headers_opens_what_it_fetches(app: &TestApp) {
    let (stage, seat) = asking(app, json!({})).await;
    let own = own_key(&stage);
    let browse = |method: Method, path: String| {
        let url = address(&path);
        app.call(with_headers(TestApp::browse(&seat.user, method, &path), Some((&url, &own)), None))
    };
    let exam = urls::exam(&seat.registration);
    let shown = browse(Method::GET, exam.clone()).await;
    assert!(shown.text().contains(&urls::part_start(&seat.registration, "one")), "{}", shown.text());
    let started = browse(Method::POST, urls::part_start(&seat.registration, "one")).await;
    let room = started.header("location").unwrap().to_owned();
    assert_eq!((started.status, browse(Method::GET, room.clone()).await.status), (303, 200));
    let fetched = TestApp::browse(&seat.user, Method::GET, &format!("/api/v1{room}"));
    assert_eq!(app.call(fetched).await.status, 200);
    assert_eq!(row(app, &stage, &seat).await["safe_exam_browser"]["state"], "proved");
}

async fn keys_are_put_right_on_the_day(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A] })).await;
    by_script(app, &seat, &urls::exam(&seat.registration), A).await.expect(200);
    let paper = app.start(&seat, "one").await;
    let path = format!("/attempts/{}", attempt_in(&paper));
    app.get(&seat.user, &path).await.expect(200);
    // A key that is still taken keeps its proofs, one that is not any more loses them.
    ask(app, &stage, json!({ "config_keys": [A, B] })).await.expect(200);
    app.get(&seat.user, &path).await.expect(200);
    let changed = ask(app, &stage, json!({ "config_keys": [B] })).await.expect(200);
    assert_eq!(changed["safe_exam_browser"], json!({ "config_keys": [B], "exam_keys": [] }));
    app.get(&seat.user, &path).await.problem(403, "safe_exam_browser_required");
    assert_eq!(row(app, &stage, &seat).await["safe_exam_browser"]["state"], "missing");
    by_script(app, &seat, &urls::exam(&seat.registration), B).await.expect(200);
    app.get(&seat.user, &path).await.expect(200);
    // Other changes leave it as it is; asked no more, it cannot be asked anew while people are at work.
    let renamed = app.patch(&stage.coordinator, &stage.path(""), json!({ "title": "Renamed" })).await.expect(200);
    assert_eq!(renamed["safe_exam_browser"]["config_keys"], json!([B]));
    let open = ask(app, &stage, Value::Null).await.expect(200);
    assert_eq!((&open["safe_exam_browser"], &open["safe_exam_browser_config_key"]), (&Value::Null, &Value::Null));
    let elsewhere = User { token: app.session_of(&seat.user.id).await, ..seat.user.clone() };
    app.get(&elsewhere, &path).await.expect(200);
    assert_eq!(row(app, &stage, &seat).await["safe_exam_browser"], Value::Null);
    ask(app, &stage, json!({})).await.problem(409, "sitting_in_use");
    let log = audit(app, &stage).await;
    let told = log.iter().filter(|entry| entry["act"] == "sitting.change");
    let keys: Vec<&Value> = told.map(|entry| &entry["detail"]["safe_exam_browser"]["config_keys"]).collect();
    assert_eq!(keys.iter().filter(|keys| keys.is_array()).count(), 4, "{keys:?}");
}

async fn no_answer_is_lost_for_want_of_the_browser(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A] })).await;
    let paper = start_with(app, &seat, A).await;
    let attempt = attempt_in(&paper);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    assert_eq!(row(app, &stage, &seat).await["safe_exam_browser"]["unproved_saves"], 0);
    // Another session of theirs, which has proved nothing: what it sends is stored, and counted as what it is.
    let elsewhere =
        Seat { user: User { token: app.session_of(&seat.user.id).await, ..seat.user.clone() }, ..seat.clone() };
    app.save(&elsewhere, &attempt, 2, json!({ "revision": 1, "choice": "b" })).await.expect(200);
    let batch = json!({ "answers": [
        { "position": 3, "revision": 1, "choice": "c" }, { "position": 99, "revision": 1, "choice": "c" },
    ] });
    app.post(&elsewhere.user, &format!("/attempts/{attempt}/answers"), batch).await.expect(200);
    let seen = row(app, &stage, &seat).await;
    assert_eq!((&seen["safe_exam_browser"]["unproved_saves"], &seen["attention"]), (&json!(2), &json!(true)));
    // The clock and the submission ask for nothing either, however long ago anything was proved.
    app.go_to(app.now().plus_seconds(PROOF_SECONDS + 1));
    app.save(&seat, &attempt, 4, json!({ "revision": 1, "choice": "d" })).await.expect(200);
    app.get(&seat.user, &format!("/attempts/{attempt}/clock")).await.expect(200);
    assert_eq!(app.submit(&seat, &attempt).await["answered"], 4);
    assert_eq!(row(app, &stage, &seat).await["safe_exam_browser"]["unproved_saves"], 2);
    // The receipt is no exam content, and its page is shown anywhere.
    let receipt = app.call(TestApp::browse(&elsewhere.user, Method::GET, &urls::attempt(&attempt))).await;
    assert_eq!(receipt.status, 200);
}

async fn the_board_says_who_is_not_in_it(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A] })).await;
    let shown = |row: &Value| (row["safe_exam_browser"]["state"].clone(), row["attention"].clone());
    assert_eq!(shown(&row(app, &stage, &seat).await), (json!("missing"), json!(false)));
    app.post(&seat.user, &start_path(&seat, "one")["/api/v1".len()..], Value::Null)
        .await
        .problem(403, "safe_exam_browser_required");
    let refused = row(app, &stage, &seat).await;
    assert_eq!(shown(&refused), (json!("missing"), json!(true)));
    assert_eq!(refused["safe_exam_browser"]["refused_at"], app.now().rfc3339());
    app.go_to(app.now().plus_seconds(5));
    let attempt = attempt_in(&start_with(app, &seat, A).await);
    assert_eq!(shown(&row(app, &stage, &seat).await), (json!("proved"), json!(false)));
    // At work, and nothing was proved for a while.
    app.go_to(app.now().plus_seconds(PROOF_SECONDS));
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    assert_eq!(shown(&row(app, &stage, &seat).await), (json!("missing"), json!(true)));
    proving(app, &seat.user, Method::GET, &format!("/api/v1/attempts/{attempt}"), A).await.expect(200);
    assert_eq!(shown(&row(app, &stage, &seat).await), (json!("proved"), json!(false)));
    // The page tells it in words, and whom to exempt.
    let page =
        app.call(TestApp::browse(&stage.proctor, Method::GET, &urls::board(stage.sitting.as_str()))).await.text();
    assert!(page.contains(&urls::safe_browser_exemption(&seat.registration)), "{page}");
}

async fn whoever_is_exempt_needs_none(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A] })).await;
    let path = format!("/registrations/{}/safe-exam-browser/exemption", seat.registration);
    let start = &start_path(&seat, "one")["/api/v1".len()..];
    app.put(&seat.user, &path, json!({ "reason": "x" })).await.problem(404, "not_found");
    for reason in ["", "   ", &"x".repeat(501)] {
        let refused = app.put(&stage.proctor, &path, json!({ "reason": reason })).await;
        assert_eq!(refused.pointers("invalid"), ["/reason"]);
    }
    app.put(&stage.proctor, &path, json!({ "reason": "Her tablet cannot run it" })).await.expect(204);
    let seen = row(app, &stage, &seat).await;
    assert_eq!(seen["safe_exam_browser"]["state"], "exempt");
    assert_eq!(seen["safe_exam_browser"]["exemption"], "Her tablet cannot run it");
    let paper = app.start(&seat, "one").await;
    app.save(&seat, &attempt_in(&paper), 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    let seen = row(app, &stage, &seat).await;
    assert_eq!((&seen["attention"], &seen["safe_exam_browser"]["unproved_saves"]), (&json!(false), &json!(0)));
    // It ends: from then on content is asked for again, and by a page as well.
    app.delete(&stage.coordinator, &path).await.expect(204);
    app.delete(&stage.coordinator, &path).await.expect(204);
    app.post(&seat.user, start, Value::Null).await.problem(403, "safe_exam_browser_required");
    let form = urls::safe_browser_exemption(&seat.registration);
    assert_eq!(app.send_form(&stage.proctor, &form, "reason=Broken+keyboard".into()).await.status, 303);
    app.post(&seat.user, start, Value::Null).await.expect(200);
    assert_eq!(app.send_form(&stage.proctor, &form, String::new()).await.status, 303);
    app.post(&seat.user, start, Value::Null).await.problem(403, "safe_exam_browser_required");
    let log = audit(app, &stage).await;
    let of = |act: &str| log.iter().filter(|entry| entry["act"] == act).count();
    assert_eq!((of("registration.browser_exempt"), of("registration.browser_exemption_end")), (2, 2));
    assert!(!json!(log).to_string().contains("tablet"), "the reason stands in the audit log");
}

async fn keys_are_validated_and_spelled_one_way(app: &TestApp) {
    let stage = Stage::new(app).await;
    let mut new = new_sitting(&stage);
    new["safe_exam_browser"] = json!({ "config_keys": [A.to_uppercase(), A, B], "exam_keys": [E] });
    let made = app.post(&stage.coordinator, "/sittings", new.clone()).await.expect(201);
    assert_eq!(made["safe_exam_browser"], json!({ "config_keys": [A, B], "exam_keys": [E] }));
    let id = SittingId(made["id"].as_str().unwrap().to_owned());
    assert_eq!(made["safe_exam_browser_config_key"], own_config_key(ORIGIN, &id));
    assert_eq!(app.get(&stage.auditor, &format!("/sittings/{id}")).await.expect(200), made);
    let many: Vec<String> = (0..21).map(|n| format!("{n:064x}")).collect();
    let cases = [
        (json!({ "config_keys": ["abc"] }), "/safe_exam_browser/config_keys/0"),
        (json!({ "config_keys": [A, "g".repeat(64)] }), "/safe_exam_browser/config_keys/1"),
        (json!({ "exam_keys": [""] }), "/safe_exam_browser/exam_keys/0"),
        (json!({ "exam_keys": many }), "/safe_exam_browser/exam_keys"),
    ];
    for (asked, pointer) in cases {
        new["safe_exam_browser"] = asked.clone();
        assert_eq!(app.post(&stage.coordinator, "/sittings", new.clone()).await.pointers("invalid"), [pointer]);
        assert_eq!(ask(app, &stage, asked).await.pointers("invalid"), [pointer]);
    }
    for odd in [json!([]), json!(true), json!({ "config_keys": A }), json!({ "keys": [A] })] {
        assert!([400, 422].contains(&ask(app, &stage, odd).await.status));
    }
    // The coordinator's page shows them, takes them, and says where one is wrong.
    let page = urls::sitting(id.as_str());
    let shown = app.call(TestApp::browse(&stage.coordinator, Method::GET, &page)).await.text();
    assert!(shown.contains(A) && shown.contains(&own_config_key(ORIGIN, &id)), "{shown}");
    let fields = "title=Autumn&kind=fixed&time_zone=America%2FNew_York&opens_at=2027-09-10T09%3A00\
                  &closes_at=2027-09-10T13%3A00&capacity=2&minutes_one=90&items=60&pass_percent=80&minutes_two=90\
                  &vignettes=2&answer=2";
    let typed = format!("{fields}&safe=true&config_keys={B}%0D%0A{}&exam_keys=", A.to_uppercase());
    assert_eq!(app.send_form(&stage.coordinator, &page, typed).await.status, 303);
    let now = app.get(&stage.coordinator, &format!("/sittings/{id}")).await.expect(200);
    assert_eq!(now["safe_exam_browser"], json!({ "config_keys": [B, A], "exam_keys": [] }));
    let wrong =
        app.send_form(&stage.coordinator, &page, format!("{fields}&safe=true&config_keys=1234&exam_keys=")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("field-config_keys-error"), "{}", wrong.text());
    assert_eq!(app.send_form(&stage.coordinator, &page, fields.to_owned()).await.status, 303);
    let now = app.get(&stage.coordinator, &format!("/sittings/{id}")).await.expect(200);
    assert_eq!(now["safe_exam_browser"], Value::Null);
}

async fn the_file_is_for_staff_and_for_who_has_a_seat(app: &TestApp) {
    let (stage, seat) = asking(app, json!({})).await;
    let path = stage.path("/safe-exam-browser.seb");
    let file = app.get(&seat.user, &path).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/seb")));
    assert!(file.header("content-disposition").unwrap().ends_with(".seb\""));
    let text = file.text();
    for part in [
        format!("<key>startURL</key>\n<string>{}</string>", address(&urls::safe_browser_start(stage.sitting.as_str()))),
        format!("<key>quitURL</key>\n<string>{}</string>", address(&urls::safe_browser_end(stage.sitting.as_str()))),
        "<key>sendBrowserExamKey</key>\n<true/>".to_owned(),
        "<key>expression</key>\n<string>.127.0.0.1:8080</string>".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    for who in [&stage.coordinator, &stage.proctor, &stage.auditor] {
        assert_eq!(app.get(who, &path).await.text(), text);
    }
    let nobody = stage.examinee(app, "Nora Seatless").await;
    for who in [&stage.foreign, &stage.reviewers[0], &nobody] {
        app.get(who, &path).await.problem(404, "not_found");
    }
    // Its two ways are pages of ours.
    let addresses = Addresses::of(ORIGIN, &stage.sitting);
    assert_eq!(addresses.start, address(&urls::safe_browser_start(stage.sitting.as_str())));
    assert_eq!(addresses.quit, address(&urls::safe_browser_end(stage.sitting.as_str())));
    let entered = TestApp::browse(&seat.user, Method::GET, &urls::safe_browser_start(stage.sitting.as_str()));
    assert_eq!(app.call(entered).await.header("location"), Some(urls::exam(&seat.registration).as_str()));
    // Who is not signed in comes back here from the door.
    let stranger = TestApp::browse(&User::stranger(), Method::GET, &urls::safe_browser_start(stage.sitting.as_str()));
    assert!(app.call(stranger).await.header("location").unwrap().contains("safe-exam-browser"));
    ask(app, &stage, Value::Null).await.expect(200);
    app.get(&seat.user, &path).await.problem(404, "not_found");
}

async fn pages_say_what_to_do(app: &TestApp) {
    let (stage, seat) = asking(app, json!({})).await;
    let browse = |path: String| app.call(TestApp::browse(&seat.user, Method::GET, &path));
    let file = urls::api_safe_browser_file(stage.sitting.as_str());
    assert!(browse(urls::exams()).await.text().contains(&file));
    let exam = browse(urls::exam(&seat.registration)).await;
    let text = exam.text();
    assert_eq!(exam.status, 200);
    assert!(text.contains(&file) && text.contains("data-safe-browser"), "{text}");
    assert!(!text.contains(&urls::part_start(&seat.registration, "one")), "{text}");
    // Pressing the button all the same leads back to what to do.
    let pressed = TestApp::browse(&seat.user, Method::POST, &urls::part_start(&seat.registration, "one"));
    assert_eq!(app.call(pressed).await.header("location"), Some(urls::exam(&seat.registration).as_str()));
    by_script(app, &seat, &urls::exam(&seat.registration), &own_key(&stage)).await.expect(200);
    let attempt = attempt_in(&app.start(&seat, "one").await);
    app.go_to(app.now().plus_seconds(PROOF_SECONDS));
    let room = browse(urls::attempt(&attempt)).await;
    assert_eq!(room.status, 403);
    assert!(room.text().contains(&file) && room.text().contains("data-safe-browser"), "{}", room.text());
    assert!(!room.text().contains("id=\"room\""));
    by_script(app, &seat, &urls::attempt(&attempt), &own_key(&stage)).await.expect(200);
    let room = browse(urls::attempt(&attempt)).await;
    assert!(room.status == 200 && room.text().contains("id=\"room\"") && room.text().contains("data-safe-browser"));
}

async fn practice_needs_none(app: &TestApp) {
    let (_, seat) = asking(app, json!({})).await;
    let practice = app.post(&seat.user, "/practice", Value::Null).await.expect(201);
    let id = RegistrationId(practice["id"].as_str().unwrap().to_owned());
    app.post(&seat.user, &format!("/registrations/{id}/parts/one/start"), Value::Null).await.expect(201);
    let told = app.post(&seat.user, &format!("/registrations/{id}/safe-exam-browser"), Value::Null).await.expect(200);
    assert_eq!(told, json!({ "state": "not_required", "valid_until": null }));
    app.post(&seat.user, "/system-checks", Value::Null).await.expect(201);
}

async fn nothing_of_it_reaches_a_reviewer(app: &TestApp) {
    let (stage, seat) = asking(app, json!({ "config_keys": [A] })).await;
    let path = format!("/registrations/{}/safe-exam-browser/exemption", seat.registration);
    app.put(&stage.proctor, &path, json!({ "reason": "Canarybird cannot run it" })).await.expect(204);
    app.sit_one(&seat, 60).await;
    app.sit_two(&seat, PROSE).await;
    app.allocate(&stage, &stage.sitting).await;
    for reviewer in &stage.reviewers {
        let mut seen = app.get(reviewer, "/reviews").await.text();
        for code in app.codes(reviewer).await {
            seen.push_str(&app.get(reviewer, &format!("/reviews/{code}")).await.text());
            seen.push_str(&app.call(TestApp::browse(reviewer, Method::GET, &urls::review(&code))).await.text());
        }
        seen.push_str(&app.call(TestApp::browse(reviewer, Method::GET, &urls::marking())).await.text());
        for word in ["Canarybird", A, "safe-exam-browser", "Safe Exam Browser", "safe_exam_browser"] {
            assert!(!seen.contains(word), "{word}: {seen}");
        }
        app.get(reviewer, &stage.path("/safe-exam-browser.seb")).await.problem(404, "not_found");
        app.get(reviewer, &stage.path("/board")).await.problem(404, "not_found");
    }
}
