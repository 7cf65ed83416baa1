//! Builders: associations, people, sittings and seats, and exams up to any point of their course.

use std::sync::LazyLock;

use evenhand::command::bank::files::{Loaded, from_sources};
use evenhand::command::bank::import_into;
use evenhand::command::demo::shipped::SHIPPED;
use evenhand::domain::bank::SourceFile;
use evenhand::domain::form::{CHOICE_LETTERS, Layout};
use evenhand::domain::ids::{AssociationId, AttemptId, PersonId, SittingId};
use evenhand::domain::policy::Policy;
use evenhand::domain::sitting::Terms;
use evenhand::domain::vocabulary::{Category, Role, SittingKind, Strand, Track};
use evenhand::store::people::Person;
use evenhand::store::registrations::Authorisation;
use evenhand::store::sittings::{Association, Sitting};
use serde_json::{Value, json};

use crate::app::{Reply, TestApp, User};

/// Why a text can be said to be an answer: long enough to be one.
pub const PROSE: &str = "I would begin with the baby and the relationship, and ask what each of them is telling us.";

static BANK: LazyLock<Loaded> = LazyLock::new(|| {
    let sources: Vec<SourceFile> =
        SHIPPED.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
    from_sources(&sources)
});

/// An examinee with a seat.
#[derive(Debug, Clone)]
pub struct Seat {
    pub user: User,
    pub registration: String,
}

/// An installation in which an exam can be held: two associations, staff of every kind, the shipped question bank and an
/// open sitting.
pub struct Stage {
    pub here: AssociationId,
    pub there: AssociationId,
    pub coordinator: User,
    /// The second person whom a release needs.
    pub second: User,
    pub foreign: User,
    pub proctor: User,
    pub auditor: User,
    pub administrator: User,
    pub reviewers: Vec<User>,
    pub sitting: SittingId,
}

impl Stage {
    /// With three reviewers.
    pub async fn new(app: &TestApp) -> Self {
        Self::with_reviewers(app, 3).await
    }

    pub async fn with_reviewers(app: &TestApp, how_many: usize) -> Self {
        app.bank().await;
        let here = app.association("here").await;
        let there = app.association("there").await;
        let coordinator = app.person("Cora Here", &[(Role::Coordinator, &here)]).await;
        let sitting = app.sitting(&here, &coordinator, |_| ()).await;
        let mut reviewers = Vec::new();
        for number in 0..how_many {
            reviewers.push(app.reviewer(&format!("Reader {}", ["Ash", "Birch", "Cedar", "Elm"][number]), &here).await);
        }
        Self {
            second: app.person("Colin Here", &[(Role::Coordinator, &here)]).await,
            foreign: app.person("Fay There", &[(Role::Coordinator, &there)]).await,
            proctor: app.person("Petra Here", &[(Role::Proctor, &here)]).await,
            auditor: app.person("Aude Here", &[(Role::Auditor, &here)]).await,
            administrator: app.person("Ada Here", &[(Role::Administrator, &here)]).await,
            here,
            there,
            coordinator,
            reviewers,
            sitting,
        }
    }

    /// Somebody with a seat in the stage's sitting, as a specialist for infants.
    pub async fn seat(&self, app: &TestApp, name: &str) -> Seat {
        self.seat_in(app, &self.sitting, name).await
    }

    pub async fn seat_in(&self, app: &TestApp, sitting: &SittingId, name: &str) -> Seat {
        let user = self.examinee(app, name).await;
        let registration = app.register(&self.coordinator, sitting, &user).await;
        Seat { user, registration }
    }

    /// Somebody who may sit the exam and has no seat.
    pub async fn examinee(&self, app: &TestApp, name: &str) -> User {
        let user = app.person(name, &[(Role::Examinee, &self.here)]).await;
        app.authorise(&user, &self.here, Track::Imh, Category::Specialist, "2027-01-01", "2029-12-31").await;
        user
    }

    /// The path of the stage's sitting in the interface.
    pub fn path(&self, rest: &str) -> String {
        format!("/sittings/{}{rest}", self.sitting)
    }
}

impl TestApp {
    /// Imports the shipped question bank.
    pub async fn bank(&self) {
        let report = import_into(&self.web.office.store, BANK.clone(), false).await.unwrap();
        assert!(report.added > 0 && report.conflicts.is_empty());
    }

    pub async fn association(&self, slug: &str) -> AssociationId {
        let new = Association {
            id: self.web.world.entropy.id(),
            slug: slug.to_owned(),
            name: format!("Association {slug}"),
            time_zone: "America/New_York".to_owned(),
            created_at: self.now().0,
        };
        let id = AssociationId(new.id.clone());
        self.write(move |tx| tx.association_add(&new)).await;
        id
    }

    /// Puts a policy in force.
    pub async fn policy(&self, place: &AssociationId, new: Policy) {
        let place = place.clone();
        self.write(move |tx| tx.policy_set(&place, tx.now(), &new)).await;
    }

    /// Somebody who is signed in.
    pub async fn person(&self, name: &str, roles: &[(Role, &AssociationId)]) -> User {
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        self.person_at(name, &email, None, roles).await
    }

    pub async fn person_at(
        &self,
        name: &str,
        email: &str,
        employer: Option<&str>,
        roles: &[(Role, &AssociationId)],
    ) -> User {
        let person = Person {
            id: self.web.world.entropy.id(),
            name: name.to_owned(),
            email: email.to_owned(),
            employer: employer.map(str::to_owned),
            locale: "en".to_owned(),
            created_at: self.now().0,
        };
        let roles: Vec<(Role, AssociationId)> = roles.iter().map(|(role, place)| (*role, (*place).clone())).collect();
        let (id, added) = (PersonId(person.id.clone()), person.clone());
        self.write(move |tx| {
            tx.person_add(&added)?;
            roles.iter().try_for_each(|(role, place)| tx.role_grant(&added.person_id(), *role, place))
        })
        .await;
        let token = self.session_of(&id).await;
        User { id, name: person.name, email: person.email, token }
    }

    /// A reviewer trained for every strand.
    pub async fn reviewer(&self, name: &str, place: &AssociationId) -> User {
        let user = self.person(name, &[(Role::Reviewer, place)]).await;
        let (who, place) = (user.id.clone(), place.clone());
        self.write(move |tx| tx.reviewer_add(&who, &place, Strand::ALL, 40)).await;
        user
    }

    /// A sitting that opened a minute ago and goes on for a month, unless `change` says otherwise.
    pub async fn sitting(&self, place: &AssociationId, by: &User, change: impl Fn(&mut Terms)) -> SittingId {
        let now = self.now();
        let mut terms = Terms {
            title: "Spring sitting".to_owned(),
            kind: SittingKind::Window,
            opens_at: now.plus_seconds(-60),
            closes_at: now.plus_seconds(30 * 24 * 3600),
            time_zone: "America/New_York".to_owned(),
            capacity: 20,
            one_allowance_seconds: 5400,
            one_items: 60,
            one_pass_percent: 80,
            two_allowance_seconds: 5400,
            two_vignettes: 2,
            two_answer: 2,
        };
        change(&mut terms);
        let id = SittingId(self.web.world.entropy.id());
        let new =
            Sitting { id: id.clone(), association: place.clone(), terms, created_by: by.id.clone(), created_at: now };
        self.write(move |tx| tx.sitting_add(&new)).await;
        id
    }

    pub async fn authorise(
        &self,
        who: &User,
        place: &AssociationId,
        track: Track,
        category: Category,
        from: &str,
        until: &str,
    ) {
        let new = Authorisation {
            id: self.web.world.entropy.id(),
            association_id: place.0.clone(),
            person_id: who.id.0.clone(),
            track: track.as_str().to_owned(),
            category: category.as_str().to_owned(),
            valid_from: from.to_owned(),
            valid_until: until.to_owned(),
            reference: self.web.world.entropy.id(),
            created_at: self.now().0,
        };
        self.write(move |tx| tx.authorisation_add(&new)).await;
    }

    /// A seat as a specialist for infants, by way of the interface.
    pub async fn register(&self, by: &User, sitting: &SittingId, who: &User) -> String {
        let body = json!({ "person": who.id, "track": "IMH-E", "category": "specialist" });
        let seat = self.post(by, &format!("/sittings/{sitting}/registrations"), body).await.expect(201);
        seat["id"].as_str().unwrap().to_owned()
    }

    /// Accepts a version of the agreement.
    pub async fn agree_to(&self, seat: &Seat, version: &str) -> Reply {
        let path = format!("/registrations/{}/agreement", seat.registration);
        self.post(&seat.user, &path, json!({ "version": version })).await
    }

    /// Accepts the agreement in force.
    pub async fn agree(&self, seat: &Seat) {
        let own = self.get(&seat.user, "/registrations").await.expect(200);
        let version = own["items"][0]["agreement"]["version"].as_str().unwrap();
        self.agree_to(seat, version).await.expect(204);
    }

    /// Starts a part and returns its paper.
    pub async fn start(&self, seat: &Seat, part: &str) -> Value {
        let path = format!("/registrations/{}/parts/{part}/start", seat.registration);
        self.post(&seat.user, &path, Value::Null).await.expect(201)
    }

    /// Accepts the agreement and starts Part One.
    pub async fn begin(&self, seat: &Seat) -> Value {
        self.agree(seat).await;
        self.start(seat, "one").await
    }

    pub async fn save(&self, seat: &Seat, attempt: &str, position: i64, body: Value) -> Reply {
        self.put(&seat.user, &format!("/attempts/{attempt}/answers/{position}"), body).await
    }

    pub async fn submit(&self, seat: &Seat, attempt: &str) -> Value {
        self.post(&seat.user, &format!("/attempts/{attempt}/submit"), Value::Null).await.expect(200)
    }

    /// The right letter of every position of a Part One, from the store.
    pub async fn key(&self, attempt: &str) -> Vec<&'static str> {
        let id = AttemptId(attempt.to_owned());
        self.read(move |tx| {
            let attempt = tx.attempt(&id)?;
            let items = tx.form_items(&attempt.form)?;
            let layout = Layout::of(&attempt.seed, items.len());
            let right = |position: i64| {
                let item = &items[layout.ordinal_at(position).unwrap()];
                let shown = layout.choices_at(position).unwrap();
                CHOICE_LETTERS[shown.iter().position(|original| *original == item.key).unwrap()]
            };
            Ok((1..).take(items.len()).map(right).collect())
        })
        .await
    }

    /// Sits a whole Part One with so many right answers, the others wrong.
    pub async fn sit_one(&self, seat: &Seat, right: usize) -> String {
        let paper = self.begin(seat).await;
        let attempt = paper["attempt"].as_str().unwrap().to_owned();
        let answers: Vec<Value> = (1..)
            .zip(self.key(&attempt).await)
            .map(|(position, key)| {
                let wrong = if key == "a" { "b" } else { "a" };
                let choice = if position <= right { key } else { wrong };
                json!({ "position": position, "revision": 1, "choice": choice })
            })
            .collect();
        let path = format!("/attempts/{attempt}/answers");
        self.post(&seat.user, &path, json!({ "answers": answers })).await.expect(200);
        self.submit(seat, &attempt).await;
        attempt
    }

    /// Sits a whole Part Two, with the same text for every vignette.
    pub async fn sit_two(&self, seat: &Seat, text: &str) -> String {
        let paper = self.start(seat, "two").await;
        let attempt = paper["attempt"].as_str().unwrap().to_owned();
        for vignette in paper["vignettes"].as_array().unwrap() {
            let position = vignette["position"].as_i64().unwrap();
            self.save(seat, &attempt, position, json!({ "revision": 1, "text": text })).await.expect(200);
        }
        self.submit(seat, &attempt).await;
        attempt
    }

    /// Sits the whole exam: Part One with so many right answers, Part Two in prose.
    pub async fn sit(&self, seat: &Seat, right: usize) {
        self.sit_one(seat, right).await;
        self.sit_two(seat, PROSE).await;
    }

    /// Sits the whole exam in a later seat, where the newest of one's seats comes first.
    pub async fn sit_again(&self, seat: &Seat) {
        let own = self.get(&seat.user, "/registrations").await.expect(200);
        assert_eq!(own["items"][0]["id"], seat.registration);
        self.sit(seat, 60).await;
    }

    /// Gives every script of a sitting its readers.
    pub async fn allocate(&self, stage: &Stage, sitting: &SittingId) -> Value {
        self.post(&stage.coordinator, &format!("/sittings/{sitting}/allocation"), Value::Null).await.expect(200)
    }

    /// The codes in a reviewer's queue.
    pub async fn codes(&self, who: &User) -> Vec<String> {
        let queue = self.get(who, "/reviews").await.expect(200);
        queue["items"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    }

    /// A whole review of a script: the highest level of every criterion for a pass, the lowest for a fail.
    pub async fn review(&self, who: &User, code: &str, verdict: &str) -> Value {
        let desk = self.get(who, &format!("/reviews/{code}")).await.expect(200);
        let scores: serde_json::Map<String, Value> = desk["rubric"]["criteria"]
            .as_array()
            .unwrap()
            .iter()
            .map(|criterion| {
                let levels = criterion["levels"].as_array().unwrap();
                let level = if verdict == "pass" { levels.last() } else { levels.first() };
                (criterion["id"].as_str().unwrap().to_owned(), level.unwrap()["points"].clone())
            })
            .collect();
        json!({
            "scores": scores, "verdict": verdict, "remarks_for_examinee": format!("Seen and said: {verdict}."),
            "remarks_internal": "",
        })
    }

    /// Seals a script with that verdict.
    pub async fn seal(&self, who: &User, code: &str, verdict: &str) -> Value {
        let review = self.review(who, code, verdict).await;
        self.post(who, &format!("/reviews/{code}/seal"), review).await.expect(200)
    }

    /// Allocates a sitting's scripts and has every reviewer seal all of theirs with one verdict.
    pub async fn mark(&self, stage: &Stage, sitting: &SittingId, verdict: &str) {
        self.allocate(stage, sitting).await;
        for reviewer in &stage.reviewers {
            for code in self.codes(reviewer).await {
                let sealed = self.get(reviewer, &format!("/reviews/{code}")).await.expect(200)["state"] == "sealed";
                if !sealed {
                    self.seal(reviewer, &code, verdict).await;
                }
            }
        }
        self.clerk().await;
    }

    /// Prepares a release of everything that is complete in a sitting, and approves it by the second person.
    pub async fn release(&self, stage: &Stage, sitting: &SittingId) -> String {
        let path = format!("/sittings/{sitting}/releases");
        let prepared = self.post(&stage.coordinator, &path, Value::Null).await.expect(201);
        let id = prepared["id"].as_str().unwrap().to_owned();
        self.post(&stage.second, &format!("/releases/{id}/approval"), Value::Null).await.expect(200);
        id
    }
}
