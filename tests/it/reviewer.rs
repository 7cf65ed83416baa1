//! Reading blind: what a reviewer sees and does, and what becomes of it.

use actix_web::http::Method;
use evenhand::domain::hex::hex;
use evenhand::domain::ids::{ScriptCode, SittingId};
use evenhand::domain::rubric::{MAX_REMARK_CHARS, Marks};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::app::{TestApp, User, on_both};
use crate::build::{PROSE, Seat, Stage};

on_both!(
    a_queue_holds_codes_and_nothing_else,
    codes_of_others_do_not_exist,
    a_draft_is_kept_by_its_revision,
    sealing_needs_everything_and_is_for_good,
    passages_are_marked_and_sealed_with_the_review,
    what_is_given_back_goes_to_somebody_else,
    whoever_recognised_a_writer_stays_away,
    a_split_calls_a_third_who_cannot_tell,
    no_mark_is_seen_before_both_are_sealed,
    flags_reach_the_record,
    reviewers_are_reminded_gently,
);

/// One written script in a sitting of its own, given out to two of the stage's reviewers.
struct Panel {
    stage: Stage,
    sitting: SittingId,
    seat: Seat,
    /// The two, with their codes.
    readers: Vec<(User, String)>,
    /// Everybody else.
    others: Vec<User>,
}

impl Panel {
    async fn new(app: &TestApp) -> Self {
        let stage = Stage::new(app).await;
        let sitting = app
            .sitting(&stage.here, &stage.coordinator, |terms| (terms.two_vignettes, terms.two_answer) = (1, 1))
            .await;
        let seat = stage.seat_in(app, &sitting, "Ann Able").await;
        app.sit(&seat, 50).await;
        assert_eq!(app.allocate(&stage, &sitting).await["assigned"], 1);
        let (mut readers, mut others) = (Vec::new(), Vec::new());
        for reviewer in &stage.reviewers {
            match app.codes(reviewer).await.pop() {
                Some(code) => readers.push((reviewer.clone(), code)),
                None => others.push(reviewer.clone()),
            }
        }
        assert_eq!((readers.len(), others.len()), (2, 1));
        Self { stage, sitting, seat, readers, others }
    }

    fn reader(&self, index: usize) -> (&User, &str) {
        (&self.readers[index].0, &self.readers[index].1)
    }

    async fn marking(&self, app: &TestApp) -> Value {
        let path = format!("/sittings/{}/marking", self.sitting);
        app.get(&self.stage.coordinator, &path).await.expect(200)["items"][0].clone()
    }
}

fn names(of: &Value) -> Vec<&str> {
    of.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn a_queue_holds_codes_and_nothing_else(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    let row = app.get(who, "/reviews").await.expect(200)["items"][0].clone();
    assert_eq!(names(&row), ["code", "due_on", "state", "strand", "vignette"]);
    // Three weeks from Friday 12 March is Friday 2 April; the date that is told is the Monday after.
    assert_eq!((row["state"].as_str(), row["due_on"].as_str()), (Some("new"), Some("2027-04-05")));
    assert_eq!(code.len(), 11);
    assert_ne!(code, panel.reader(1).1);

    let desk = app.get(who, &format!("/reviews/{code}")).await.expect(200);
    let fields = ["answer", "code", "correction", "draft", "rubric", "sealed", "state", "strand", "vignette"];
    assert_eq!(names(&desk), fields);
    assert_eq!((desk["answer"].as_str(), &desk["draft"], &desk["sealed"]), (Some(PROSE), &Value::Null, &Value::Null));
    assert_eq!(names(&desk["vignette"]), ["prompts", "scenario", "title"]);
    assert_eq!(desk["rubric"]["verdicts"], json!(["pass", "fail"]));
    assert!(!desk["rubric"]["criteria"][0]["levels"].as_array().unwrap().is_empty());

    assert_eq!(app.get(&panel.others[0], "/reviews").await.expect(200), json!({ "items": [], "next": null }));
    app.get(&panel.seat.user, "/reviews").await.problem(403, "role_required");
    app.get(&panel.stage.coordinator, "/reviews").await.problem(403, "role_required");
}

async fn codes_of_others_do_not_exist(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (other_code, review) = (panel.reader(1).1, app.review(panel.reader(0).0, panel.reader(0).1, "pass").await);
    let calls: [(Method, &str, Value); 5] = [
        (Method::GET, "", Value::Null),
        (Method::PUT, "/draft", json!({ "revision": 1 })),
        (Method::POST, "/seal", review),
        (Method::POST, "/decline", json!({ "reason": "other" })),
        (Method::POST, "/flags", json!({ "kind": "concern", "note": "x" })),
    ];
    let (seat, stage) = (&panel.seat, &panel.stage);
    for (method, rest, body) in calls {
        for who in [panel.reader(0).0, &panel.others[0], &seat.user, &stage.coordinator, &stage.administrator] {
            let of =
                async |code: &str| app.send(who, method.clone(), &format!("/reviews/{code}{rest}"), body.clone()).await;
            let (foreign, unknown) = (of(other_code).await, of("AAAAA-AAAAA").await);
            foreign.problem(404, "not_found");
            assert_eq!(foreign, unknown, "{rest}");
        }
    }
}

async fn a_draft_is_kept_by_its_revision(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    let path = format!("/reviews/{code}");
    let draft = |revision: i64, text: &str| json!({ "revision": revision, "remarks_internal": text });
    let first = app.put(who, &format!("{path}/draft"), draft(3, "first")).await.expect(200);
    assert_eq!(first, json!({ "revision": 3, "saved_at": "2027-03-12T15:00:00.000Z" }));
    app.clock.advance_seconds(10);
    for revision in [1, 3] {
        assert_eq!(app.put(who, &format!("{path}/draft"), draft(revision, "late")).await.expect(200), first);
    }
    let desk = app.get(who, &path).await.expect(200);
    assert_eq!((desk["state"].as_str(), desk["draft"]["remarks_internal"].as_str()), (Some("draft"), Some("first")));
    app.put(who, &format!("{path}/draft"), draft(4, "second")).await.expect(200);
    let desk = app.get(who, &path).await.expect(200);
    assert_eq!(
        (desk["draft"]["revision"].as_i64(), desk["draft"]["remarks_internal"].as_str()),
        (Some(4), Some("second"))
    );

    let criterion = desk["rubric"]["criteria"][0]["id"].as_str().unwrap();
    let wrong = [
        (json!({ "revision": 9, "scores": { "nothing": 1 } }), "/scores/nothing".to_owned()),
        (json!({ "revision": 9, "scores": { criterion: 999 } }), format!("/scores/{criterion}")),
        (json!({ "revision": 9, "scores": { criterion: "3" } }), format!("/scores/{criterion}")),
        (
            json!({ "revision": 9, "remarks_for_examinee": "x".repeat(MAX_REMARK_CHARS + 1) }),
            "/remarks_for_examinee".to_owned(),
        ),
        (json!({ "revision": 9, "verdict": "maybe" }), "/verdict".to_owned()),
        (json!({ "revision": 9, "remark": "x" }), "/remark".to_owned()),
        (json!({ "revision": "9" }), "/revision".to_owned()),
    ];
    for (body, pointer) in wrong {
        assert_eq!(app.put(who, &format!("{path}/draft"), body).await.pointers("invalid"), [pointer]);
    }
    assert_eq!(app.get(who, &path).await.expect(200)["draft"]["revision"], 4);
    // The other reader's desk is as it was.
    let (other, code) = panel.reader(1);
    assert_eq!(app.get(other, &format!("/reviews/{code}")).await.expect(200)["state"], "new");
}

async fn sealing_needs_everything_and_is_for_good(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    let path = format!("/reviews/{code}");
    let desk = app.get(who, &path).await.expect(200);
    let criteria = desk["rubric"]["criteria"].as_array().unwrap();
    let mut missing: Vec<String> = criteria.iter().map(|c| format!("/scores/{}", c["id"].as_str().unwrap())).collect();
    missing.extend(["/verdict".to_owned(), "/remarks_for_examinee".to_owned()]);
    let mut named = app.post(who, &format!("{path}/seal"), json!({})).await.pointers("review_incomplete");
    named.sort();
    missing.sort();
    assert_eq!(named, missing);

    let review = app.review(who, code, "fail").await;
    let sealed = app.post(who, &format!("{path}/seal"), review.clone()).await.expect(200);
    assert_eq!((sealed["code"].as_str(), sealed["sealed_digest"].as_str().unwrap().len()), (Some(code), 64));
    let desk = app.get(who, &path).await.expect(200);
    assert_eq!((desk["state"].as_str(), &desk["draft"]), (Some("sealed"), &Value::Null));
    assert_eq!((&desk["sealed"]["scores"], &desk["sealed"]["digest"]), (&review["scores"], &sealed["sealed_digest"]));

    let other = app.review(who, code, "pass").await;
    app.post(who, &format!("{path}/seal"), other).await.problem(409, "already_sealed");
    app.post(who, &format!("{path}/seal"), review).await.problem(409, "already_sealed");
    app.put(who, &format!("{path}/draft"), json!({ "revision": 99 })).await.problem(409, "already_sealed");
    app.post(who, &format!("{path}/decline"), json!({ "reason": "other" })).await.problem(409, "already_sealed");
    assert_eq!(app.get(who, &path).await.expect(200), desk);
}

async fn passages_are_marked_and_sealed_with_the_review(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    let path = format!("/reviews/{code}");
    let mut review = app.review(who, code, "pass").await;
    let criterion = review["scores"].as_object().unwrap().keys().next().unwrap().clone();
    let length = PROSE.chars().count();
    let passage = |start: usize, end: usize| json!({ "start": start, "end": end, "criterion": criterion });
    let draft = |highlights: Value| json!({ "revision": 1, "highlights": highlights });
    let wrong = [
        (json!([passage(0, length + 1)]), "/highlights/0/end"),
        (json!([passage(0, 3), passage(3, 3)]), "/highlights/1/end"),
        (json!([{ "start": 0, "end": 3, "criterion": "nothing" }]), "/highlights/0/criterion"),
        (json!([{ "start": 0, "end": 3, "criterion": criterion, "note": "x".repeat(501) }]), "/highlights/0/note"),
        (json!([{ "start": -1, "end": 3, "criterion": criterion }]), "/highlights/0/start"),
        (json!([{ "start": 0, "end": 3, "criterion": criterion, "by": "me" }]), "/highlights/0/by"),
        (json!(vec![passage(0, 3); 101]), "/highlights"),
    ];
    for (highlights, pointer) in wrong {
        assert_eq!(app.put(who, &format!("{path}/draft"), draft(highlights)).await.pointers("invalid"), [pointer]);
    }
    let mut noted = passage(3, length);
    noted["note"] = json!("Pangolin note");
    let marked = json!([passage(0, 4), noted]);
    app.put(who, &format!("{path}/draft"), draft(marked.clone())).await.expect(200);
    assert_eq!(app.get(who, &path).await.expect(200)["draft"]["highlights"], marked);

    // Another digest than the same review has without them.
    review["highlights"] = marked.clone();
    app.post(who, &format!("{path}/seal"), review).await.expect(200);
    let sealed = app.get(who, &path).await.expect(200)["sealed"].clone();
    assert_eq!(sealed["highlights"], marked);
    let (reading, marks) = app
        .read({
            let (id, code) = (who.id.clone(), ScriptCode(code.to_owned()));
            move |tx| {
                let desk = tx.reading_by_code(&id, &code)?;
                Ok((desk.reading.clone(), tx.review(&desk.reading)?.unwrap().0))
            }
        })
        .await;
    let digest = |marks: &Marks| {
        let text = serde_json::to_string(marks).unwrap();
        hex(&Sha256::digest(format!("evenhand review 1\n{reading}\n1\n{text}")))
    };
    assert_eq!(sealed["digest"], digest(&marks));
    assert_ne!(sealed["digest"], digest(&Marks { highlights: Vec::new(), ..marks }));

    // Nobody is shown a word of it: neither the other reader nor, once results are out, the examinee.
    let (other, other_code) = panel.reader(1);
    assert!(!app.get(other, &format!("/reviews/{other_code}")).await.text().contains("Pangolin"));
    app.seal(other, other_code, "pass").await;
    app.clerk().await;
    let prepared =
        app.post(&panel.stage.coordinator, &format!("/sittings/{}/releases", panel.sitting), json!({})).await;
    let release = prepared.expect(201)["id"].as_str().unwrap().to_owned();
    app.post(&panel.stage.second, &format!("/releases/{release}/approval"), Value::Null).await.expect(200);
    let results = app.get(&panel.seat.user, "/results").await.expect(200).to_string();
    assert!(
        results.contains("remarks") && !results.contains("Pangolin") && !results.contains("highlights"),
        "{results}"
    );
}

async fn what_is_given_back_goes_to_somebody_else(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    let (other, other_code) = panel.reader(1);
    let path = format!("/reviews/{code}");
    for (body, pointer) in
        [(json!({ "reason": "bored" }), "/reason"), (json!({ "reason": "other", "note": "x".repeat(2001) }), "/note")]
    {
        assert_eq!(app.post(who, &format!("{path}/decline"), body).await.pointers("invalid"), [pointer]);
    }
    let before = app.get(other, &format!("/reviews/{other_code}")).await;
    app.post(who, &format!("{path}/decline"), json!({ "reason": "no_time", "note": "a busy month" })).await.expect(204);
    app.get(who, &path).await.problem(404, "not_found");
    assert_eq!(app.codes(who).await, Vec::<String>::new());
    app.clerk().await;
    let fresh = app.codes(&panel.others[0]).await;
    assert_eq!(fresh.len(), 1);
    assert_ne!(fresh[0], code);
    assert_eq!(app.codes(who).await, Vec::<String>::new());
    // Nobody else learns of it.
    assert_eq!(app.get(other, &format!("/reviews/{other_code}")).await, before);
    let progress = panel.marking(app).await;
    assert_eq!((progress["assigned"].as_i64(), progress["state"].as_str()), (Some(2), Some("reading")));
    app.clerk().await;
    assert_eq!(app.codes(&panel.others[0]).await, fresh);
}

async fn whoever_recognised_a_writer_stays_away(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    app.post(who, &format!("/reviews/{code}/decline"), json!({ "reason": "recognised" })).await.expect(204);
    app.clerk().await;
    let log = app.get(&panel.stage.coordinator, "/audit?limit=500").await.expect(200).to_string();
    assert!(log.contains("review.decline") && !log.contains("recognised"), "nobody else learns why");
    // Now the two others read it, and the one who knows the writer is nobody's third reader either.
    let (second, second_code) = panel.reader(1);
    let third = &panel.others[0];
    let third_code = app.codes(third).await.pop().unwrap();
    app.seal(second, second_code, "pass").await;
    app.seal(third, &third_code, "fail").await;
    app.clerk().await;
    assert_eq!(app.codes(who).await, Vec::<String>::new());
    let progress = panel.marking(app).await;
    assert_eq!((progress["state"].as_str(), &progress["settled"]), (Some("third_reading"), &Value::Null));
    // Once there is somebody who may, the next allocation finds them.
    let fourth = app.reviewer("Reader Elm", &panel.stage.here).await;
    app.allocate(&panel.stage, &panel.sitting).await;
    let code = app.codes(&fourth).await.pop().unwrap();
    app.seal(&fourth, &code, "pass").await;
    app.clerk().await;
    assert_eq!(panel.marking(app).await["state"], "settled");
}

async fn a_split_calls_a_third_who_cannot_tell(app: &TestApp) {
    let panel = Panel::new(app).await;
    let ((a, a_code), (b, b_code), third) = (panel.reader(0), panel.reader(1), &panel.others[0]);
    let first_desk = app.get(a, &format!("/reviews/{a_code}")).await;
    let first_queue = app.get(a, "/reviews").await;
    app.seal(a, a_code, "pass").await;
    app.clerk().await;
    assert_eq!(app.codes(third).await, Vec::<String>::new());
    app.seal(b, b_code, "fail").await;
    app.clerk().await;
    let code = app.codes(third).await.pop().unwrap();
    let desk = app.get(third, &format!("/reviews/{code}")).await;
    assert_eq!(desk.text().replace(&code, a_code), first_desk.text());
    assert_eq!(app.get(third, "/reviews").await.text().replace(&code, a_code), first_queue.text());
    assert_eq!(desk.headers, first_desk.headers);
    let mails = |who: &User| -> Vec<String> {
        let subject = |mail: String| mail.lines().find(|line| line.starts_with("Subject")).unwrap().to_owned();
        app.mail_to(&who.email).into_iter().map(subject).collect()
    };
    assert_eq!(mails(third), mails(a));

    let progress = panel.marking(app).await;
    assert_eq!((progress["needed"].as_i64(), progress["third_reading"].as_bool()), (Some(3), Some(true)));
    assert_eq!(progress["settled"], Value::Null);
    app.seal(third, &code, "pass").await;
    app.clerk().await;
    let settled = panel.marking(app).await["settled"].clone();
    assert_eq!((settled["settled_by"].as_str(), settled["verdict"].as_str()), (Some("adjudicator"), Some("pass")));
    assert_eq!(settled["points"], settled["max_points"]);
}

async fn no_mark_is_seen_before_both_are_sealed(app: &TestApp) {
    let panel = Panel::new(app).await;
    let ((a, a_code), (b, b_code)) = (panel.reader(0), panel.reader(1));
    let mut review = app.review(a, a_code, "fail").await;
    review["remarks_for_examinee"] = json!("Zebrafinch remark");
    review["remarks_internal"] = json!("Quokka remark");
    app.put(a, &format!("/reviews/{a_code}/draft"), {
        let mut draft = review.clone();
        draft["revision"] = json!(1);
        draft
    })
    .await
    .expect(200);
    app.post(a, &format!("/reviews/{a_code}/seal"), review).await.expect(200);
    app.clerk_tidies().await;
    let (stage, sitting) = (&panel.stage, &panel.sitting);
    let everything = async |who: &User| {
        let mut seen = String::new();
        for rest in ["", "/marking", "/board", "/registrations"] {
            seen += &app.get(who, &format!("/sittings/{sitting}{rest}")).await.text();
        }
        for path in ["/audit?limit=500", "/people", "/sittings", "/results"] {
            seen += &app.get(who, path).await.text();
        }
        seen + &app.post(who, &format!("/sittings/{sitting}/releases?dry_run=true"), Value::Null).await.text()
    };
    let others =
        [&stage.coordinator, &stage.second, &stage.proctor, &stage.auditor, &stage.administrator, &panel.seat.user];
    for who in others.into_iter().chain([b, &panel.others[0]]) {
        let seen = everything(who).await;
        for mark in ["Zebrafinch", "Quokka", "\"verdict\"", "\"points\"", "\"scores\"", "\"fail\""] {
            assert!(!seen.contains(mark), "{} sees {mark}", who.name);
        }
    }
    let progress = panel.marking(app).await;
    assert_eq!((progress["sealed"].as_i64(), &progress["settled"]), (Some(1), &Value::Null));
    // The other reader cannot even tell that there is another.
    assert_eq!(app.get(b, &format!("/reviews/{b_code}")).await.expect(200)["state"], "new");
    app.seal(b, b_code, "fail").await;
    app.clerk().await;
    assert_eq!(panel.marking(app).await["settled"]["settled_by"], "agreement");
    assert!(everything(&stage.coordinator).await.contains("\"verdict\""));
}

async fn flags_reach_the_record(app: &TestApp) {
    let panel = Panel::new(app).await;
    let (who, code) = panel.reader(0);
    let path = format!("/reviews/{code}/flags");
    for (body, pointer) in [
        (json!({ "kind": "concern", "note": "  " }), "/note"),
        (json!({ "kind": "concern", "note": "x".repeat(2001) }), "/note"),
        (json!({ "kind": "gossip", "note": "x" }), "/kind"),
    ] {
        assert_eq!(app.post(who, &path, body).await.pointers("invalid"), [pointer]);
    }
    app.post(who, &path, json!({ "kind": "identifies_writer", "note": "signed at the end" })).await.expect(204);
    let audit = app.get(&panel.stage.auditor, "/audit?limit=500").await.expect(200);
    let flagged = audit["items"].as_array().unwrap().iter().find(|e| e["act"] == "review.flag").unwrap();
    assert_eq!(flagged["detail"], json!({ "kind": "identifies_writer" }));
}

async fn reviewers_are_reminded_gently(app: &TestApp) {
    let panel = Panel::new(app).await;
    let ((a, a_code), (b, _)) = (panel.reader(0), panel.reader(1));
    app.clerk_tidies().await;
    let before = (app.mail_to(&a.email).len(), app.mail_to(&b.email).len());
    app.seal(a, a_code, "pass").await;
    // Due on 5 April: three days before, whoever still has work hears of it, once.
    app.go_to(evenhand::domain::timing::Instant::parse("2027-04-02T12:00:00.000Z").unwrap());
    for _ in 0..2 {
        app.clerk_tidies().await;
        app.clerk_tidies().await;
        app.clock.advance_seconds(600);
    }
    assert_eq!((app.mail_to(&a.email).len(), app.mail_to(&b.email).len()), (before.0, before.1 + 1));
}
