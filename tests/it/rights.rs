//! Who may do what: every route by every kind of actor, as a golden grid. A route without a row fails, and so does a row
//! without a route.
//!
//! The statuses are exact. 401 stands for a page's way to the door as well; 404 is what those are told who may not know
//! that a thing exists; 409 and 410 are refusals that come after rights were granted.

use std::collections::BTreeSet;

use actix_web::http::Method;
use evenhand::domain::ids::RegistrationId;
use evenhand::domain::safe_browser::Requirement;
use evenhand::domain::vocabulary::{Category, Track};
use evenhand::web::routes::{PUBLIC, PUBLIC_PAGES};
use evenhand_templates::assets;
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{Seat, Stage};
use crate::coordinator::new_sitting;
use crate::routes::{Route, table};

on_both!(every_route_by_every_actor);

/// In this order stand the columns.
const ACTORS: [&str; 10] = [
    "stranger",
    "examinee",
    "other examinee",
    "reviewer",
    "other reviewer",
    "coordinator",
    "foreign coordinator",
    "proctor",
    "auditor",
    "administrator",
];

/// Rows are tried from top to bottom: what ends something stands below what needs it.
const GRID: &str = include_str!("rights.grid");

/// An import of one line.
const CSV: &str = "reference,name,email,track,category\nG-1,New Person,grid@example.org,IMH-E,specialist";

struct Row {
    route: Route,
    expected: Vec<u16>,
}

fn grid() -> Vec<Row> {
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        let route = Route { method: words.next()?.to_owned(), pattern: words.next()?.to_owned() };
        Some(Row { route, expected: words.map(|status| status.parse().unwrap()).collect() })
    };
    GRID.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).filter_map(row).collect()
}

/// Everything that a path or a body may name, all of it the coordinator's, the first examinee's or the first reviewer's.
struct Things {
    stage: Stage,
    actors: Vec<User>,
    running: Seat,
    attempt: String,
    released: String,
    code: String,
    review: Value,
    release: String,
    incident: String,
    check: String,
    request: String,
    correction: String,
    appeal: String,
    /// A script that nobody was given yet, and a passage in it.
    script: String,
    finding: String,
}

impl Things {
    async fn new(app: &TestApp) -> Self {
        let stage = Stage::new(app).await;
        let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
        let released = Self::released(app, &stage, &ann.user).await;
        let attempt = app.begin(&ann).await["attempt"].as_str().unwrap().to_owned();
        app.begin(&ben).await;
        let (gil, hal) = (stage.seat(app, "Gil Gone").await, stage.seat(app, "Hal Held").await);
        app.sit(&gil, 48).await;
        app.mark(&stage, &stage.sitting, "pass").await;
        let prepared = app.post(&stage.coordinator, &stage.path("/releases"), Value::Null).await.expect(201);
        app.sit(&hal, 48).await;
        app.allocate(&stage, &stage.sitting).await;
        let (mut reader, mut code, mut other) = (None, String::new(), None);
        for reviewer in &stage.reviewers {
            let queue = app.get(reviewer, "/reviews").await.expect(200);
            match queue["items"].as_array().unwrap().iter().find(|row| row["state"] == "new") {
                Some(row) if reader.is_none() => {
                    (reader, code) = (Some(reviewer.clone()), row["code"].as_str().unwrap().to_owned());
                }
                _ => other = Some(reviewer.clone()),
            }
        }
        let (reader, other) = (reader.unwrap(), other.unwrap());
        let review = app.review(&reader, &code, "pass").await;
        let actors = vec![
            User::stranger(),
            ann.user.clone(),
            ben.user.clone(),
            reader,
            other,
            // The one who did not prepare the release.
            stage.second.clone(),
            stage.foreign.clone(),
            stage.proctor.clone(),
            stage.auditor.clone(),
            stage.administrator.clone(),
        ];
        let ivy = stage.seat(app, "Ivy Inkpen").await;
        app.sit_one(&ivy, 48).await;
        app.sit_two(&ivy, "So says Inkpen, and waits.").await;
        let found = app.get(&stage.coordinator, &stage.path("/screening")).await.expect(200);
        let told = |name: &str| found["items"][0][name].as_str().unwrap().to_owned();
        let (finding, script) = (told("id"), told("script"));
        // The sitting asks for Safe Exam Browser; whose exam is under way here is exempt.
        let (sitting, exempt, by) =
            (stage.sitting.clone(), RegistrationId(ann.registration.clone()), stage.coordinator.id.clone());
        app.write(move |tx| {
            tx.browser_requirement_set(&sitting, Some(&Requirement::default()))?;
            tx.browser_exemption_set(&exempt, "x", &by)
        })
        .await;
        let release = prepared["id"].as_str().unwrap().to_owned();
        let begun = app.post(&ann.user, "/system-checks", Value::Null).await.expect(201);
        let check = begun["id"].as_str().unwrap().to_owned();
        Self {
            stage,
            actors,
            running: ann,
            attempt,
            released,
            code,
            review,
            release,
            check,
            incident: String::new(),
            request: String::new(),
            correction: "unknown".to_owned(),
            appeal: String::new(),
            script,
            finding,
        }
    }

    /// A seat whose result the examinee can read, in another sitting and for the other track.
    async fn released(app: &TestApp, stage: &Stage, who: &User) -> String {
        app.authorise(who, &stage.here, Track::Ecmh, Category::Specialist, "2027-01-01", "2027-12-31").await;
        let sitting = app.sitting(&stage.here, &stage.coordinator, |terms| terms.title = "Earlier".into()).await;
        let body = json!({ "person": who.id, "track": "ECMH-E", "category": "specialist" });
        let path = format!("/sittings/{sitting}/registrations");
        let seat = app.post(&stage.coordinator, &path, body).await.expect(201);
        let seat = Seat { user: who.clone(), registration: seat["id"].as_str().unwrap().to_owned() };
        app.sit(&seat, 60).await;
        app.mark(stage, &sitting, "pass").await;
        app.release(stage, &sitting).await;
        seat.registration
    }

    /// Makes anew what the first allowed call uses up.
    async fn renew(&mut self, app: &TestApp, route: &Route) {
        if route.pattern.contains("accommodation") {
            self.renew_request(app).await;
        }
        if route.pattern.contains("/appeal") {
            self.renew_appeal(app).await;
        }
        if route.pattern.contains("/corrections/{") {
            self.renew_correction(app).await;
        }
        if route.pattern.ends_with("/resolution") {
            let report = json!({ "kind": "other", "note": "x" });
            let made = app.post(&self.stage.coordinator, &self.stage.path("/incidents"), report).await.expect(201);
            self.incident = made["id"].as_str().unwrap().to_owned();
        }
        if route.pattern.ends_with("/lift") {
            let path = format!("/people/{}/conflicts", self.running.user.id);
            let conflict = json!({ "person": self.actors[3].id, "reason": "x" });
            app.post(&self.stage.coordinator, &path, conflict).await.expect(204);
        }
    }

    /// A request of the first examinee for accommodations that waits, and accommodations of theirs that can be ended.
    async fn renew_request(&mut self, app: &TestApp) {
        let own = app.get(&self.actors[1], "/accommodations").await.expect(200);
        let waiting = own["items"].as_array().unwrap().iter().find(|request| request["state"] == "waiting").cloned();
        let made = match waiting {
            Some(request) => request,
            None => {
                let wish = json!({ "larger_type": true, "statement": "x" });
                app.post(&self.actors[1], "/accommodations/requests", wish).await.expect(201)
            }
        };
        self.request = made["id"].as_str().unwrap().to_owned();
        let confirmed = format!("/people/{}/accommodations", self.running.user.id);
        app.put(&self.stage.coordinator, &confirmed, json!({ "approved_note": "x" })).await.expect(200);
    }

    /// An open appeal of the first examinee against the result that is out.
    async fn renew_appeal(&mut self, app: &TestApp) {
        let path = format!("/registrations/{}/appeal", self.released);
        // Where one is open already, that one will do.
        app.post(&self.actors[1], &path, json!({ "ground": "other", "statement": "x" })).await;
        let own = app.get(&self.actors[1], "/appeals").await.expect(200);
        assert_eq!(own["items"][0]["state"], "open");
        self.appeal = own["items"][0]["id"].as_str().unwrap().to_owned();
    }

    /// A correction of the first reviewer's sealed review that waits.
    async fn renew_correction(&mut self, app: &TestApp) {
        let review = json!({
            "reason": "x", "scores": self.review["scores"], "verdict": self.review["verdict"],
            "remarks_for_examinee": format!("Not {}.", self.correction),
        });
        // Where one waits already, that one will do.
        app.post(&self.actors[3], &format!("/reviews/{}/corrections", self.code), review).await;
        let asked = app.get(&self.actors[5], &self.stage.path("/corrections")).await.expect(200);
        assert_eq!(asked["items"][0]["state"], "waiting");
        self.correction = asked["items"][0]["id"].as_str().unwrap().to_owned();
    }

    /// Signs an actor in again after a call that signed them out.
    async fn sign_in_again(&mut self, app: &TestApp, route: &Route, actor: usize) {
        if actor > 0 && ["/session", "/sign-out"].iter().any(|end| route.pattern.ends_with(end)) {
            self.actors[actor].token = app.session_of(&self.actors[actor].id.clone()).await;
        }
    }

    fn path(&self, route: &Route) -> String {
        if route.pattern == "/static/{hash}/{name}" {
            return assets::href("style.css");
        }
        let mut path = route.pattern.clone();
        if ["}/reviewer", "}/absences"].iter().any(|end| path.ends_with(end)) {
            path = path.replace("{person}", self.actors[3].id.as_str()).replace("{id}", self.actors[3].id.as_str());
        }
        path = path.replace("reviewers/{person}", &format!("reviewers/{}", self.actors[3].id));
        for (below, id) in [
            ("/registrations/", self.running.registration.as_str()),
            ("/attempts/", &self.attempt),
            ("/people/", self.running.user.id.as_str()),
            ("/sittings/", self.stage.sitting.as_str()),
            ("/releases/", &self.release),
            ("/system-checks/", &self.check),
            ("/screening/", &self.finding),
            ("/associations/", self.stage.here.as_str()),
            ("/corrections/", &self.correction),
            ("/appeals/", &self.appeal),
            ("/accommodation-requests/", &self.request),
            ("/accommodations/requests/", &self.request),
        ] {
            path = path.replace(&format!("{below}{{id}}"), &format!("{below}{id}"));
        }
        let registration = if path.starts_with("/results") { &self.released } else { &self.running.registration };
        for (name, value) in [
            ("{registration}", registration.as_str()),
            ("{attempt}", &self.attempt),
            ("{person}", self.running.user.id.as_str()),
            ("{sitting}", self.stage.sitting.as_str()),
            ("{release}", &self.release),
            ("{other}", self.actors[3].id.as_str()),
            ("{code}", &self.code),
            ("{incident}", &self.incident),
            ("{check}", &self.check),
            ("{association}", self.stage.here.as_str()),
            ("{request}", &self.request),
            ("{correction}", &self.correction),
            ("{appeal}", &self.appeal),
            ("{outage}", "unknown"),
            ("{part}", "one"),
            ("{position}", "1"),
            ("{script}", &self.script),
            ("{finding}", &self.finding),
            ("{token}", "unknown"),
            ("{mark}", "unknown"),
        ] {
            path = path.replace(name, value);
        }
        assert!(!path.contains('{'), "{path}: add what it names");
        path
    }

    /// A body of the interface that fits, so that nothing but rights and facts can refuse it.
    fn body(&self, route: &Route, actor: usize) -> Value {
        let here = &self.stage.here;
        let role = json!([{ "role": "examinee", "association": here }]);
        let at = |end: &str| route.pattern.ends_with(end);
        match route.method.as_str() {
            "GET" | "DELETE" => Value::Null,
            "PATCH" if at("/people/{id}") => json!({ "facts": [{ "kind": "place", "value": "Windham County" }] }),
            "PATCH" => json!({ "title": "Renamed" }),
            _ if at("/late/decision") || at("/corrections/{id}/decision") => {
                json!({ "decision": "refuse", "reason": "x" })
            }
            _ if at("/appeal") => json!({ "ground": "other", "statement": "x" }),
            _ if at("/appeals/{id}/decision") => json!({ "decision": "dismiss", "reason": "x" }),
            _ if at("/reviews/{code}/corrections") => json!({
                "reason": "x", "scores": self.review["scores"], "verdict": self.review["verdict"],
                "remarks_for_examinee": "Different.",
            }),
            _ if at("/api/v1/session") => json!({ "email": format!("nobody{actor}@example.org"), "password": "x" }),
            _ if at("/invitations/{token}") => json!({ "password": "a fine password" }),
            _ if at("/receipts/check") => json!({}),
            _ if at("/agreement") => json!({ "version": "2026-1" }),
            _ if at("/answers/{position}") => json!({ "revision": 1, "choice": "a" }),
            _ if at("/answers") => json!({ "answers": [] }),
            _ if at("/preferences") => json!({ "contrast": true }),
            _ if at("/notes") => json!({ "revision": 1, "flagged": [2] }),
            _ if at("/draft") => json!({ "revision": 1 }),
            _ if at("/seal") => self.review.clone(),
            _ if at("/decline") => json!({ "reason": "no_time" }),
            _ if at("/profile") || at("/reviewer") => json!({ "capacity": 40 }),
            _ if at("/acquaintances") => json!({ "knows": [] }),
            _ if at("/conflicts") => json!({ "person": self.actors[3].id, "reason": "x" }),
            _ if at("/lift") => json!({ "reason": "x" }),
            _ if at("/reallocation") => json!({ "reviewer": self.actors[3].id }),
            _ if at("/flags") => json!({ "kind": "concern", "note": "x" }),
            _ if at("/people") => json!({ "name": "New", "email": format!("new{actor}@example.org"), "roles": role }),
            _ if at("/accommodations/requests") => json!({ "larger_type": true, "statement": "x" }),
            _ if at("/decision") => json!({ "decision": "decline", "note": "x" }),
            _ if at("/accommodations") => json!({ "approved_note": "x" }),
            _ if at("/sittings") => new_sitting(&self.stage),
            _ if at("/sittings/{id}/registrations") => {
                json!({ "person": self.running.user.id, "track": "IMH-E", "category": "specialist" })
            }
            _ if at("/sittings/{id}/screening") => {
                json!({ "script": self.script, "passage": "waits", "kind": "other" })
            }
            _ if at("/screening/{id}") => json!({ "decision": "mask" }),
            _ if at("reviewers/{person}/admission") => {
                json!({ "strand": "policy", "decision": "admit", "reason": "x" })
            }
            _ if at("/admission") => json!({}),
            _ if at("/exemption") => json!({ "reason": "x" }),
            _ if at("/credit") => json!({ "seconds": 60, "reason": "x" }),
            _ if at("/incidents") => json!({ "kind": "other", "note": "x" }),
            _ if at("/policy") => {
                json!({ "effective_from": "2027-06-01T00:00:00.000Z", "policy": { "review_days": 20 } })
            }
            _ if at("/attempts/{id}/screening") => json!({ "position": 1, "text": "x" }),
            _ if at("/messages") => json!({ "text": "x" }),
            _ if at("/{outage}") => json!({ "decision": "dismiss" }),
            _ if at("/close") => json!({ "reason": "x" }),
            _ if at("/pause") => json!({ "reason": "x" }),
            _ if at("/recall") => json!({ "reason": "x" }),
            _ if at("/report") => json!({ "findings": [] }),
            _ => Value::Null,
        }
    }

    /// A form of the pages that fits.
    fn form(&self, route: &Route, actor: usize) -> String {
        let at = |end: &str| route.pattern.ends_with(end);
        let here = &self.stage.here;
        let sitting = "title=Renamed&kind=window&time_zone=America%2FNew_York&opens_at=2027-03-12T09%3A59&closes_at=2027-04-11T11%3A00\
                       &capacity=20";
        let new = "title=New&kind=window&time_zone=America%2FNew_York&opens_at=2027-05-12T09%3A59&closes_at=2027-06-11T11%3A00&capacity=20\
                   &minutes_one=90&items=60&pass_percent=80&minutes_two=90&vignettes=2&answer=2";
        match () {
            () if at("/sign-in") => "email=nobody%40example.org&password=x".into(),
            () if at("/receipts") => "receipt=none".into(),
            () if at("/language") => "to=en".into(),
            () if at("/invitations/{token}") => "password=a+fine+password&password_again=a+fine+password".into(),
            () if at("/agreement") => "version=2026-1".into(),
            () if at("/people") => {
                format!("name=New&email=page{actor}%40example.org&association={here}&role_examinee=1")
            }
            () if at("/appeal") => "ground=other&statement=x".into(),
            () if at("/{appeal}/decision") => "decision=dismiss&reason=x".into(),
            () if at("/{correction}/decision") => "decision=refuse&reason=x".into(),
            () if at("/late/decision") => "decision=refuse&reason=x&answer=1-1".into(),
            () if at("/decision") => "time_multiplier_percent=150&note=x&decision=approve".into(),
            () if route.pattern == "/accommodations" => "time_multiplier_percent=150&statement=x".into(),
            () if at("/accommodations") => "time_multiplier_percent=100&approved_note=x".into(),
            () if at("/import") => format!(
                "csv={}&dry_run=true",
                CSV.replace(',', "%2C").replace('\n', "%0A").replace('@', "%40").replace(' ', "+")
            ),
            () if at("/sittings") => format!("association={here}&{new}"),
            () if at("/sittings/{sitting}") => sitting.into(),
            () if at("/registrations") => format!("person={}&track=IMH-E&category=specialist", self.running.user.id),
            () if at("/screening/{finding}") => "decision=mask".into(),
            () if at("/scripts/{script}/screening") => "passage=says&kind=other".into(),
            () if at("/allocation") => "dry_run=true".into(),
            () if at("/safe-exam-browser") => "reason=x".into(),
            () if at("/profile") || at("/reviewer") => {
                "strand_clinical=true&strand_policy=true&strand_research_faculty=true&capacity=40".into()
            }
            () if at("/record") => "employer=Little+Steps".into(),
            () if at("/absences") => "from=2027-01-01&until=2027-01-02&withdraw=true".into(),
            () if at("/acquaintances") => "who=Somebody+Else&relation=other&withdraw=true".into(),
            () if at("/conflicts") => format!("email={}&reason=x", self.actors[3].email.replace('@', "%40")),
            () if at("/lift") => "reason=x".into(),
            () if at("/reallocation") => format!("reviewer={}", self.actors[3].id),
            () if at("/policy") => {
                "part_two_rule=points&part_two_cut_percent=80&criterion_tolerance_points=1&near_cut_band_percent=0\
                 &resolution=closest_pair&appeal_days=30&re_mark_result=stands&review_days=21&reallocate_after_days=7\
                 &resolution=closest_pair&review_days=21&reallocate_after_days=7\
                 &calibration_scripts=0&calibration_distance_hundredths=75&calibration_misses=1&planted_per_hundred=0\
                 &drift_readings=10&drift_severity_percent=10&drift_distance_percent=20&drift_agreement_percent=70\
                 &same_association=allowed&late_arrival_seconds=15\
                 &practice_one_seconds=10&practice_two_seconds=10&longest_break_seconds=30\
                 &contact_loss_seconds=2"
                    .into()
            }
            () if at("/calibration") => format!("about={}%2Fpolicy&decision=withdraw&reason=x", self.actors[3].id),
            () if at("/messages") => "message_to=&text=x".into(),
            () if at("/{outage}") => "decision=dismiss".into(),
            () if at("/closing") => "reason=x".into(),
            () if at("/pause") => "pause_reason=x".into(),
            () if at("/recall") => "reason=x".into(),
            () if at("/credit") => "minutes=1&reason=x".into(),
            () if at("/incidents") => "kind=other&note=x".into(),
            () => String::new(),
        }
    }

    async fn status(&self, app: &TestApp, route: &Route, actor: usize) -> u16 {
        let (who, path) = (&self.actors[actor], self.path(route));
        let method: Method = route.method.parse().unwrap();
        let is_page = !["/api/", "/healthz", "/readyz", "/metrics"].iter().any(|p| path.starts_with(p));
        let reply = if path.ends_with("/authorisations/import") && !is_page {
            app.csv(who, "/authorisations/import?dry_run=true", CSV).await
        } else if is_page {
            let request = TestApp::browse(who, method.clone(), &path);
            let form = ("content-type", "application/x-www-form-urlencoded");
            let post = method == Method::POST;
            app.call(if post { request.insert_header(form).set_payload(self.form(route, actor)) } else { request })
                .await
        } else {
            let (request, body) = (TestApp::request(who, method, &path), self.body(route, actor));
            app.call(if body.is_null() { request } else { request.set_json(body) }).await
        };
        let to_the_door = reply.status == 303 && reply.header("location").is_some_and(|to| to.starts_with("/sign-in"));
        if to_the_door { 401 } else { reply.status }
    }
}

async fn every_route_by_every_actor(app: &TestApp) {
    let mut things = Things::new(app).await;
    let mut wrong = Vec::new();
    for Row { route, expected } in grid() {
        let mut found = Vec::new();
        for actor in 0..ACTORS.len() {
            things.renew(app, &route).await;
            found.push(things.status(app, &route, actor).await);
            things.sign_in_again(app, &route, actor).await;
        }
        if found != expected {
            let found: Vec<String> = found.iter().map(u16::to_string).collect();
            wrong.push(format!("{:<6} {:<62} {}", route.method, route.pattern, found.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "found instead ({}):\n{}", ACTORS.join(", "), wrong.join("\n"));
}

#[test]
fn every_route_has_a_row() {
    let rows: BTreeSet<Route> = grid().into_iter().map(|row| row.route).collect();
    let routes: BTreeSet<Route> = table().into_iter().collect();
    let lacking: Vec<&Route> = routes.difference(&rows).collect();
    let stale: Vec<&Route> = rows.difference(&routes).collect();
    assert!(lacking.is_empty() && stale.is_empty(), "without a row: {lacking:#?}\nwithout a route: {stale:#?}");
    assert_eq!(rows.len(), grid().len(), "a route has two rows");
    assert!(grid().iter().all(|row| row.expected.len() == ACTORS.len()));
}

#[test]
fn what_is_public_says_so() {
    let public: BTreeSet<Route> = PUBLIC
        .iter()
        .chain(PUBLIC_PAGES)
        .map(|(method, pattern)| Route { method: (*method).to_owned(), pattern: (*pattern).to_owned() })
        .collect();
    let routes: BTreeSet<Route> = table().into_iter().collect();
    assert_eq!(public.difference(&routes).collect::<Vec<_>>(), Vec::<&Route>::new());
    for Row { route, expected } in grid() {
        // Whoever signs in wrongly is refused in the same words as a stranger elsewhere.
        let asks_for_credentials = [("POST", "/api/v1/session"), ("GET", "/metrics")];
        if !asks_for_credentials.contains(&(route.method.as_str(), route.pattern.as_str())) {
            assert_eq!(expected[0] == 401, !public.contains(&route), "{route:?}");
        }
    }
}
