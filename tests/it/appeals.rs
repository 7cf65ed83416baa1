//! Appeals: made in time, decided by somebody who took no part, and the re-marks that follow: read like first readings, by
//! others, and released like any result.

use actix_web::http::Method;
use evenhand::domain::policy::{Policy, ReMarkResult};
use evenhand::domain::vocabulary::Role;
use serde_json::{Value, json};

use crate::app::{Reply, TestApp, User, on_both};
use crate::build::{PROSE, Seat, Stage};
use crate::corrections::{look, press, verified};

on_both!(
    an_appeal_runs_its_course,
    a_window_and_one_appeal_in_it,
    the_window_ends,
    where_no_days_are_given_nothing_is_appealed,
    a_recount_that_gives_the_same_changes_nothing,
    the_better_marking_counts_where_the_rules_say_so,
    a_re_mark_stands_by_default,
    a_pass_by_appeal_gives_a_booked_seat_back,
    a_re_mark_looks_like_a_first_reading,
    pages_appeal_and_decide,
);

/// A result that is out, and somebody who took no part.
struct Out {
    stage: Stage,
    seat: Seat,
    judge: User,
}

/// One examinee with one vignette, marked by two of the stage's reviewers with that verdict, and released.
async fn out(app: &TestApp, reviewers: usize, verdict: &str, policy: Policy) -> Out {
    let mut stage = Stage::with_reviewers(app, reviewers).await;
    app.policy(&stage.here, policy).await;
    app.clock.advance_seconds(120);
    stage.sitting =
        app.sitting(&stage.here, &stage.coordinator, |terms| (terms.two_vignettes, terms.two_answer) = (1, 1)).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit_one(&seat, 60).await;
    app.sit_two(&seat, &format!("I am {}. {PROSE}", seat.user.name)).await;
    let found = app.get(&stage.coordinator, &stage.path("/screening")).await.expect(200);
    for finding in found["items"].as_array().unwrap() {
        let path = format!("/screening/{}", finding["id"].as_str().unwrap());
        app.post(&stage.coordinator, &path, json!({ "decision": "mask" })).await.expect(200);
    }
    app.mark(&stage, &stage.sitting, verdict).await;
    app.release(&stage, &stage.sitting).await;
    let judge = app.person("Uma Unpartial", &[(Role::Coordinator, &stage.here)]).await;
    Out { stage, seat, judge }
}

impl Out {
    async fn result(&self, app: &TestApp) -> Value {
        let results = app.get(&self.seat.user, "/results").await.expect(200);
        assert_eq!(results["items"].as_array().unwrap().len(), 1, "one result for each seat: {results}");
        results["items"][0].clone()
    }

    async fn try_appeal(&self, app: &TestApp) -> Reply {
        let body = json!({ "ground": "scoring", "statement": "They cannot have read it. <script>alert(1)</script>" });
        app.post(&self.seat.user, &format!("/registrations/{}/appeal", self.seat.registration), body).await
    }

    async fn appeal(&self, app: &TestApp) -> String {
        let made = self.try_appeal(app).await.expect(201);
        assert_eq!((&made["state"], &made["ground"]), (&json!("open"), &json!("scoring")));
        made["id"].as_str().unwrap().to_owned()
    }

    async fn decide(&self, app: &TestApp, id: &str, decision: &str) -> Value {
        let body = json!({ "decision": decision, "reason": "Heard and weighed." });
        app.post(&self.judge, &format!("/appeals/{id}/decision"), body).await.expect(200)
    }

    /// Has everybody seal what waits for them, with that verdict. Says who they were.
    async fn seal_all(&self, app: &TestApp, reviewers: &[User], verdict: &str) -> Vec<User> {
        let mut sealed = Vec::new();
        for reviewer in reviewers {
            for code in app.codes(reviewer).await {
                if app.get(reviewer, &format!("/reviews/{code}")).await.expect(200)["state"] != "sealed" {
                    app.seal(reviewer, &code, verdict).await;
                    sealed.push(reviewer.clone());
                }
            }
        }
        app.clerk().await;
        sealed
    }
}

async fn an_appeal_runs_its_course(app: &TestApp) {
    let out = out(app, 4, "fail", Policy::default()).await;
    let (stage, seat) = (&out.stage, &out.seat);
    let first = out.result(app).await;
    assert_eq!((&first["outcome"], &first["follows_appeal"]), (&json!("fail"), &json!(false)));
    assert_eq!(first["appeal"], json!({ "id": null, "state": null, "until": "2027-04-11" }));
    let other = stage.seat(app, "Ben Bold").await;
    let path = format!("/registrations/{}/appeal", seat.registration);
    let body = json!({ "ground": "scoring", "statement": "x" });
    app.post(&other.user, &path, body.clone()).await.problem(404, "not_found");
    let theirs = format!("/registrations/{}/appeal", other.registration);
    app.post(&other.user, &theirs, body).await.problem(409, "appeal_closed");
    for (field, value) in [("statement", json!(" ")), ("statement", json!("é".repeat(5001)))] {
        let wrong = json!({ "ground": "scoring", field: value });
        assert_eq!(app.post(&seat.user, &path, wrong).await.pointers("invalid"), [format!("/{field}")]);
    }
    let id = out.appeal(app).await;
    out.try_appeal(app).await.problem(409, "appeal_exists");

    // Only who took no part decides; who read a script does not even see whose it is.
    let decision = format!("/appeals/{id}/decision");
    let dismiss = json!({ "decision": "dismiss", "reason": "x" });
    for took_part in [&stage.coordinator, &stage.second] {
        app.post(took_part, &decision, dismiss.clone()).await.problem(403, "took_part_in_release");
        assert_eq!(app.get(took_part, &format!("/appeals/{id}")).await.expect(200)["barred"], "took_part_in_release");
    }
    let read: Vec<&User> = {
        let mut read = Vec::new();
        for reviewer in &stage.reviewers {
            if !app.codes(reviewer).await.is_empty() {
                read.push(reviewer);
            }
        }
        read
    };
    assert_eq!(read.len(), 2);
    for who in [read[0], &seat.user, &stage.proctor] {
        let (who, place) = (who.id.clone(), stage.here.clone());
        app.write(move |tx| tx.role_grant(&who, Role::Coordinator, &place)).await;
    }
    app.post(read[0], &decision, dismiss.clone()).await.problem(403, "took_part_in_reading");
    app.get(read[0], &format!("/appeals/{id}")).await.problem(403, "took_part_in_reading");
    app.post(&seat.user, &decision, dismiss.clone()).await.problem(403, "own_case");
    for unseen in [read[0], &seat.user] {
        let listed = app.get(unseen, &stage.path("/appeals")).await.expect(200);
        assert_eq!(listed["items"], json!([]));
    }
    let report = json!({ "registration": seat.registration, "kind": "other", "note": "late to a fire drill" });
    app.post(&stage.proctor, &stage.path("/incidents"), report).await.expect(201);
    app.post(&stage.proctor, &decision, dismiss).await.problem(403, "took_part_in_room");
    let incidents = app.get(&stage.second, &stage.path("/incidents")).await.expect(200);
    let incident = stage.path(&format!("/incidents/{}/resolution", incidents["items"][0]["id"].as_str().unwrap()));
    app.post(&stage.second, &incident, Value::Null).await.expect(204);

    let file = app.get(&out.judge, &format!("/appeals/{id}")).await.expect(200);
    assert_eq!((&file["name"], &file["barred"]), (&json!("Ann Able"), &Value::Null));
    let kinds: Vec<&str> = file["timeline"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    for kind in ["seat", "started", "closed", "incident", "given", "sealed", "prepared", "released", "appealed"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    assert!(!file.to_string().contains("Reader") && !file.to_string().contains("points"), "{file}");
    for (positions, pointer) in [(json!([9]), "/positions/0"), (json!([]), "/positions")] {
        let odd = json!({ "decision": "re_mark", "positions": positions, "reason": "x" });
        assert_eq!(app.post(&out.judge, &decision, odd).await.pointers("invalid"), [pointer]);
    }
    let decided = out.decide(app, &id, "re_mark").await;
    assert_eq!((&decided["state"], &decided["round"]), (&json!("re_mark"), &json!(1)));
    app.post(&out.judge, &decision, json!({ "decision": "dismiss", "reason": "x" }))
        .await
        .problem(409, "appeal_decided");
    app.clerk().await;
    assert!(app.mail_to(&seat.user.email).iter().any(|mail| mail.contains("Heard and weighed.")));
    let waiting = out.result(app).await;
    assert_eq!((&waiting["outcome"], &waiting["appeal"]["state"]), (&json!("fail"), &json!("re_mark")));

    // Whoever was given anything of the first marking stays away; the masks went along.
    assert_eq!(app.allocate(stage, &stage.sitting).await["assigned"], 1);
    let fresh: Vec<User> = stage.reviewers.iter().filter(|r| !read.contains(r)).cloned().collect();
    for reviewer in &fresh {
        let code = app.codes(reviewer).await.pop().unwrap();
        let desk = app.get(reviewer, &format!("/reviews/{code}")).await.expect(200);
        assert!(!desk["answer"].as_str().unwrap().contains("Ann Able"), "{desk}");
    }
    let marking = app.get(&stage.coordinator, &stage.path("/marking")).await.expect(200);
    let again = marking["items"].as_array().unwrap().iter().find(|row| row["round"] == 1).unwrap();
    assert_eq!((&again["state"], &again["settled"]), (&json!("reading"), &Value::Null));
    let unsettled = json!({ "registrations": [seat.registration] });
    let blocked = app.post(&stage.coordinator, &stage.path("/releases"), unsettled).await;
    blocked.problem(409, "release_blocked");
    assert_eq!(out.seal_all(app, &stage.reviewers, "pass").await, fresh);
    let second = app.release(stage, &stage.sitting).await;
    let now = out.result(app).await;
    assert_eq!((&now["outcome"], &now["follows_appeal"], &now["retake"]), (&json!("pass"), &json!(true), &Value::Null));
    out.try_appeal(app).await.problem(409, "appeal_exists");
    verified(app).await;

    // A recall of the later shows the earlier again; a recall of the earlier hides nothing of the later.
    app.post(&stage.coordinator, &format!("/releases/{second}/recall"), json!({ "reason": "x" })).await.expect(200);
    assert_eq!(out.result(app).await["outcome"], "fail");
    app.release(stage, &stage.sitting).await;
    assert_eq!(out.result(app).await["outcome"], "pass");
    verified(app).await;
}

async fn a_window_and_one_appeal_in_it(app: &TestApp) {
    let out = out(app, 2, "fail", Policy::default()).await;
    let id = out.appeal(app).await;
    let withdrawal = format!("/appeals/{id}");
    app.delete(&out.judge, &withdrawal).await.problem(404, "not_found");
    app.delete(&out.seat.user, &withdrawal).await.expect(204);
    app.delete(&out.seat.user, &withdrawal).await.problem(409, "appeal_decided");
    assert_eq!(out.result(app).await["appeal"]["state"], Value::Null);
    // Taken back, it may be made again; dismissed, that is the end of it.
    let id = out.appeal(app).await;
    assert_eq!(out.decide(app, &id, "dismiss").await["state"], "dismissed");
    out.try_appeal(app).await.problem(409, "appeal_exists");
    let own = app.get(&out.seat.user, "/appeals").await.expect(200);
    let states: Vec<&str> = own["items"].as_array().unwrap().iter().map(|a| a["state"].as_str().unwrap()).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&"dismissed") && states.contains(&"withdrawn"));
    assert!(own.to_string().contains("Heard and weighed."));
    // A dismissed appeal opens nothing.
    let nothing = app.post(&out.stage.coordinator, &out.stage.path("/releases"), Value::Null).await;
    nothing.problem(409, "release_blocked");
}

async fn the_window_ends(app: &TestApp) {
    let out = out(app, 2, "fail", Policy::default()).await;
    app.clock.advance_seconds(30 * 24 * 3600);
    assert_eq!(out.result(app).await["appeal"]["until"], "2027-04-11", "the last day counts whole");
    app.clock.advance_seconds(24 * 3600);
    assert_eq!(out.result(app).await["appeal"]["until"], Value::Null);
    out.try_appeal(app).await.problem(409, "appeal_closed");
}

async fn where_no_days_are_given_nothing_is_appealed(app: &TestApp) {
    let out = out(app, 2, "fail", Policy { appeal_days: 0, ..Policy::default() }).await;
    assert_eq!(out.result(app).await["appeal"]["until"], Value::Null);
    out.try_appeal(app).await.problem(409, "appeal_closed");
}

async fn a_recount_that_gives_the_same_changes_nothing(app: &TestApp) {
    let out = out(app, 2, "fail", Policy::default()).await;
    let id = out.appeal(app).await;
    let decided = out.decide(app, &id, "recount").await;
    assert_eq!((&decided["state"], &decided["recount"]["changed"]), (&json!("recount"), &json!(false)));
    assert_eq!(decided["recount"]["one"]["before"], decided["recount"]["one"]["after"]);
    assert_eq!(decided["recount"]["scripts"].as_array().unwrap().len(), 1);
    let nothing = app.post(&out.stage.coordinator, &out.stage.path("/releases"), Value::Null).await;
    nothing.problem(409, "release_blocked");
    let own = app.get(&out.seat.user, "/appeals").await.expect(200);
    assert_eq!(own["items"][0]["changed"], false);
    verified(app).await;
}

/// A pass that is marked again and then fails: what counts under that rule.
async fn marked_again(app: &TestApp, re_mark_result: ReMarkResult) -> (Value, Value) {
    let out = out(app, 4, "pass", Policy { re_mark_result, ..Policy::default() }).await;
    let id = out.appeal(app).await;
    out.decide(app, &id, "re_mark").await;
    app.allocate(&out.stage, &out.stage.sitting).await;
    out.seal_all(app, &out.stage.reviewers, "fail").await;
    app.release(&out.stage, &out.stage.sitting).await;
    verified(app).await;
    let result = out.result(app).await;
    (result["outcome"].clone(), result["parts"][1]["feedback"][0]["remarks"][0].clone())
}

async fn the_better_marking_counts_where_the_rules_say_so(app: &TestApp) {
    assert_eq!(marked_again(app, ReMarkResult::Better).await, (json!("pass"), json!("Seen and said: pass.")));
}

async fn a_re_mark_stands_by_default(app: &TestApp) {
    assert_eq!(marked_again(app, ReMarkResult::Stands).await, (json!("fail"), json!("Seen and said: fail.")));
}

async fn a_pass_by_appeal_gives_a_booked_seat_back(app: &TestApp) {
    let out = out(app, 4, "fail", Policy::default()).await;
    let stage = &out.stage;
    let next_year = app.now().plus_seconds(370 * 24 * 3600);
    let retake = app
        .sitting(&stage.here, &stage.coordinator, move |terms| {
            terms.opens_at = next_year;
            terms.closes_at = next_year.plus_seconds(8 * 3600);
        })
        .await;
    app.register(&stage.coordinator, &retake, &out.seat.user).await;
    let seats = async || app.get(&out.seat.user, "/registrations").await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(seats().await, 2);
    let id = out.appeal(app).await;
    out.decide(app, &id, "re_mark").await;
    app.allocate(stage, &stage.sitting).await;
    out.seal_all(app, &stage.reviewers, "pass").await;
    app.release(stage, &stage.sitting).await;
    assert_eq!(seats().await, 1, "the retake is not needed any more");
    app.clerk().await;
    assert!(app.mail_to(&out.seat.user.email).iter().any(|mail| mail.contains("Your seat was given back")));
    let body = json!({ "person": out.seat.user.id, "track": "IMH-E", "category": "specialist" });
    let again = app.post(&stage.coordinator, &format!("/sittings/{retake}/registrations"), body).await;
    again.problem(409, "not_authorised");
}

/// Two scripts of the same vignette with the same text wait for the same two readers: one is read for the first time, the
/// other for the second, after an appeal. Whatever a reader is answered about either is the same, byte by byte.
async fn a_re_mark_looks_like_a_first_reading(app: &TestApp) {
    let out = out(app, 2, "fail", Policy::default()).await;
    let stage = &out.stage;
    let id = out.appeal(app).await;
    out.decide(app, &id, "re_mark").await;
    let fresh = [app.reviewer("Reader Fir", &stage.here).await, app.reviewer("Reader Yew", &stage.here).await];
    let other = stage.seat(app, "Bea Bold").await;
    app.sit_one(&other, 60).await;
    app.sit_two(&other, &format!("I am {}. {PROSE}", other.user.name)).await;
    let found = app.get(&stage.coordinator, &stage.path("/screening")).await.expect(200);
    let open = found["items"].as_array().unwrap().iter().filter(|finding| finding["decision"].is_null());
    for finding in open {
        let path = format!("/screening/{}", finding["id"].as_str().unwrap());
        app.post(&stage.coordinator, &path, json!({ "decision": "mask" })).await.expect(200);
    }
    for reviewer in &stage.reviewers {
        let path = format!("/people/{}/conflicts", other.user.id);
        let conflict = json!({ "person": reviewer.id, "reason": "x" });
        app.post(&stage.coordinator, &path, conflict).await.expect(204);
    }
    assert_eq!(app.allocate(stage, &stage.sitting).await["assigned"], 2);
    app.clerk().await;
    for reader in &fresh {
        let codes = app.codes(reader).await;
        assert_eq!(codes.len(), 2);
        let mails = app.mail_to(&reader.email);
        assert_eq!(mails.len(), 1, "one mail for both");
        let mut seen = Vec::new();
        for code in &codes {
            let mut replies = Vec::new();
            for verdict in [None, Some("pass")] {
                if let Some(verdict) = verdict {
                    let mut draft = app.review(reader, code, verdict).await;
                    draft["revision"] = json!(1);
                    replies.push(app.put(reader, &format!("/reviews/{code}/draft"), draft).await);
                    let review = app.review(reader, code, verdict).await;
                    replies.push(app.post(reader, &format!("/reviews/{code}/seal"), review).await);
                    let mut correction = app.review(reader, code, "fail").await;
                    correction["reason"] = json!("x");
                    replies.push(app.post(reader, &format!("/reviews/{code}/corrections"), correction).await);
                }
                replies.push(app.get(reader, &format!("/reviews/{code}")).await);
                replies.push(app.call(TestApp::browse(reader, Method::GET, &format!("/marking/{code}"))).await);
                replies
                    .push(app.call(TestApp::browse(reader, Method::GET, &format!("/marking/{code}/correction"))).await);
            }
            seen.push(replies.iter().map(|reply| blank(reply, &codes)).collect::<Vec<_>>());
        }
        // The first was looked at while the other was open, the second after it was sealed: only the way to the next script
        // and the codes themselves may differ.
        for (one, two) in seen[0].iter().zip(&seen[1]) {
            assert_eq!(one, two);
        }
        let queue = app.get(reader, "/reviews").await.expect(200);
        let mut rows: Vec<String> = queue["items"].as_array().unwrap().iter().map(Value::to_string).collect();
        rows.iter_mut().for_each(|row| codes.iter().for_each(|code| *row = row.replace(code, "CODE")));
        assert_eq!(rows[0], rows[1]);
    }
}

/// An answer without what is random: codes, digests, lengths, and the way to the next script.
fn blank(reply: &Reply, codes: &[String]) -> (u16, Vec<(String, String)>, String) {
    let mut text = reply.text();
    codes.iter().for_each(|code| text = text.replace(code, "CODE"));
    for (before, after) in [("data-next=\"", "\""), ("<p class=\"buttons\"><a class=\"button primary\"", "</p>")] {
        if let Some((head, rest)) = text.split_once(before) {
            text = format!("{}{}", head.trim_end(), rest.split_once(after).map_or("", |(_, tail)| tail));
        }
    }
    let letters: Vec<char> = text.chars().collect();
    let mut plain = String::new();
    let mut at = 0;
    while at < letters.len() {
        let digits = letters[at..].iter().take_while(|c| c.is_ascii_hexdigit()).count();
        if digits == 64 {
            plain.push_str("DIGEST");
        } else {
            plain.extend(&letters[at..at + digits.max(1)]);
        }
        at += digits.max(1);
    }
    let headers = reply.headers.iter().filter(|(name, _)| name != "content-length").cloned().collect();
    (reply.status, headers, plain)
}

async fn pages_appeal_and_decide(app: &TestApp) {
    let out = out(app, 4, "fail", Policy::default()).await;
    let (examinee, path) = (&out.seat.user, format!("/results/{}/appeal", out.seat.registration));
    assert!(look(app, examinee, "/results").await.contains("Appeal this result"));
    let letter = look(app, examinee, &format!("/results/{}/letter", out.seat.registration)).await;
    assert!(letter.contains("grounds for an appeal"), "{letter}");
    let form = look(app, examinee, &path).await;
    assert!(form.contains("name=\"statement\"") && form.contains("better or worse"), "{form}");
    assert_eq!(press(app, examinee, &path, "statement=x".into()).await.status, 422);
    let refused = press(app, examinee, &path, "ground=procedure&statement=".into()).await;
    assert!(refused.status == 422 && refused.text().contains("value=\"procedure\" checked"), "{}", refused.text());
    let hostile = "ground=procedure&statement=A+fire+%3Cscript%3Ealarm%3C%2Fscript%3E".to_owned();
    let made = press(app, examinee, &path, hostile).await;
    assert_eq!((made.status, made.header("location")), (303, Some(format!("{path}?did=appealed").as_str())));
    let own = look(app, examinee, &path).await;
    assert!(own.contains("Take it back") && !own.contains("<script>alarm"), "{own}");

    assert!(look(app, &out.judge, "/desk").await.contains("Somebody appeals a result"));
    let open = app.get(&out.judge, &out.stage.path("/appeals")).await.expect(200);
    let file = format!("/appeals/{}", open["items"][0]["id"].as_str().unwrap());
    let shown = look(app, &out.judge, &file).await;
    assert!(shown.contains("Mark again") && !shown.contains("<script>alarm"), "{shown}");
    assert!(look(app, &out.stage.second, &file).await.contains("You prepared or approved the release"));
    let decision = format!("{file}/decision");
    for wrong in ["reason=x", "decision=re_mark&reason=x", "decision=dismiss&reason="] {
        assert_eq!(press(app, &out.judge, &decision, wrong.into()).await.status, 422, "{wrong}");
    }
    let decided = press(app, &out.judge, &decision, "decision=re_mark&position=1&reason=Heard.".into()).await;
    assert_eq!(decided.status, 303, "{}", decided.text());
    assert!(look(app, &out.judge, &file).await.contains("they go out with the next allocation"));
    assert!(look(app, &out.stage.coordinator, &out.stage.path("/marking")).await.contains("after an appeal"));
    assert!(look(app, examinee, &path).await.contains("Heard."));
    assert!(look(app, examinee, "/results").await.contains("marked again"));
}
