//! Who and what is in a demo: an association, its staff, its examinees and their seats, written in few transactions
//! with the entries in the audit log that the same acts leave at the desks.

use chrono::Days;
use serde_json::json;

use super::Options;
use crate::command::Trouble;
use crate::domain::ids::{AssociationId, AuthorisationId, PersonId, RegistrationId, SittingId};
use crate::domain::sitting::Terms;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Category, Role, SittingKind, Strand, Track};
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::registrations::{Authorisation, Registration};
use crate::store::sittings::{Association, Sitting};
use crate::store::{Call, Error, Sighted, Store, Tx};
use crate::world::World;

/// How many examinees one transaction adds.
const BATCH: usize = 1_000;
/// Seats that are free at the least, so that somebody can be registered.
const FREE_SEATS: i64 = 10;
const ZONE: &str = "America/New_York";
const DAY_SECONDS: i64 = 24 * 3600;

const GIVEN: [&str; 36] = [
    "Amina", "Beatriz", "Chidi", "Dalia", "Elena", "Farid", "Grace", "Hana", "Ibrahim", "Joy", "Keoni", "Leilani",
    "Mateo", "Noor", "Olga", "Priya", "Quinn", "Rosa", "Samuel", "Tala", "Uma", "Viktor", "Wren", "Ximena", "Yusuf",
    "Zoe", "Aroha", "Bao", "Carmen", "Desmond", "Esther", "Fatima", "Gabriel", "Huong", "Ines", "Jamal",
];
const FAMILY: [&str; 35] = [
    "Abara",
    "Begay",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fernandez",
    "Goldberg",
    "Haddad",
    "Ikeda",
    "Johnson",
    "Kealoha",
    "Lindqvist",
    "Morales",
    "Nguyen",
    "Okafor",
    "Park",
    "Quispe",
    "Rahman",
    "Santos",
    "Tran",
    "Ueda",
    "Vargas",
    "Washington",
    "Xiong",
    "Yazzie",
    "Zielinski",
    "Alvarez",
    "Brooks",
    "Chen",
    "Diallo",
    "Evans",
    "Foster",
    "Greene",
    "Hassan",
    "Ibarra",
];
const EMPLOYERS: [&str; 5] = [
    "Tidewater Family Center",
    "County Early Intervention",
    "Harbor Home Visiting",
    "Riverside Children's Clinic",
    "State College, Child Development",
];

/// In this order, so that the first four examinees sit every strand.
const CATEGORIES: [Category; 4] =
    [Category::Specialist, Category::MentorPolicy, Category::MentorResearchFaculty, Category::MentorClinical];

/// Everybody, with what they are. Ids are drawn beforehand: a transaction may be run again.
#[derive(Clone)]
pub(super) struct Cast {
    hash: String,
    association: Association,
    sitting: Sitting,
    examinees: Vec<Person>,
    applicant: Person,
    reviewers: Vec<Person>,
    staff: Vec<(Role, Person)>,
    reviewer_capacity: i64,
}

/// Names without end: no two alike among the first thousand and more.
struct Names {
    next: usize,
    now: Instant,
    world: World,
}

impl Names {
    fn person(&mut self, address: &str) -> Person {
        let number = self.next;
        self.next += 1;
        // 36 and 35 have no common divisor: together they come round after 1260 people.
        let name = format!("{} {}", GIVEN[number % GIVEN.len()], FAMILY[number % FAMILY.len()]);
        Person {
            id: self.world.entropy.id(),
            name,
            email: format!("{address}@demo.example"),
            employer: None,
            locale: "en".to_owned(),
            created_at: self.now.0,
        }
    }

    fn people(&mut self, kind: &str, how_many: u32) -> Vec<Person> {
        (1..=how_many).map(|number| self.person(&format!("{kind}{number}"))).collect()
    }
}

impl Cast {
    pub(super) fn new(options: &Options, world: &World, hash: String) -> Self {
        let now = world.clock.now();
        let mut names = Names { next: 0, now, world: world.clone() };
        let mut examinees = names.people("examinee", options.examinees);
        for (number, person) in examinees.iter_mut().enumerate() {
            person.employer = Some(EMPLOYERS[number % EMPLOYERS.len()].to_owned());
        }
        let reviewers = names.people("reviewer", options.reviewers);
        let staff: Vec<(Role, Person)> = [
            (Role::Coordinator, "coordinator1"),
            (Role::Coordinator, "coordinator2"),
            (Role::Proctor, "proctor1"),
            (Role::Auditor, "auditor1"),
            (Role::Administrator, "administrator1"),
            // An appeal is decided by somebody who neither prepared nor approved the release.
            (Role::Coordinator, "coordinator3"),
        ]
        .into_iter()
        .map(|(role, address)| (role, names.person(address)))
        .collect();
        let association = Association {
            id: world.entropy.id(),
            slug: "harbor".to_owned(),
            name: "Harbor Association for Infant Mental Health".to_owned(),
            time_zone: ZONE.to_owned(),
            created_at: now.0,
        };
        let creator = staff.first().map(|(_, person)| person.person_id()).unwrap_or(PersonId(String::new()));
        let sitting = Sitting {
            id: SittingId(world.entropy.id()),
            association: AssociationId(association.id.clone()),
            terms: terms(options, now),
            created_by: creator,
            created_at: now,
        };
        let reviewer_capacity = (4 * i64::from(options.examinees)).max(20);
        let applicant = names.person("applicant1");
        Self { hash, association, sitting, examinees, applicant, reviewers, staff, reviewer_capacity }
    }

    /// The open sitting.
    pub(super) fn sitting(&self) -> &SittingId {
        &self.sitting.id
    }

    /// The address of somebody without a seat.
    pub(super) fn applicant(&self) -> &str {
        &self.applicant.email
    }

    /// Everybody who can sign in and has something to do.
    pub(super) fn accounts(&self) -> impl Iterator<Item = (Role, String)> {
        let examinees = self.examinees.iter().map(|person| (Role::Examinee, person));
        let reviewers = self.reviewers.iter().map(|person| (Role::Reviewer, person));
        let staff = self.staff.iter().map(|(role, person)| (*role, person));
        examinees.chain(reviewers).chain(staff).map(|(role, person)| (role, person.email.clone()))
    }

    /// Writes everything.
    pub(super) async fn write_to(&self, store: &Store) -> Result<(), Trouble> {
        let call = Call::at(store.world().clock.now());
        let cast = self.clone();
        store.write(&call, move |tx| cast.write_house(tx)).await?;
        for start in (0..self.examinees.len()).step_by(BATCH) {
            let cast = self.clone();
            store.write(&call, move |tx| cast.write_examinees(tx, start)).await?;
        }
        Ok(())
    }

    fn place(&self) -> &AssociationId {
        &self.sitting.association
    }

    /// The association with its staff, the sitting, and the one who has no seat yet.
    fn write_house(&self, tx: &mut Tx<'_, Sighted>) -> Result<(), Error> {
        tx.association_add(&self.association)?;
        self.note(tx, "association.create", &self.association.id, json!({ "slug": self.association.slug }))?;
        for (role, person) in &self.staff {
            self.write_person(tx, person, *role)?;
        }
        for person in &self.reviewers {
            self.write_person(tx, person, Role::Reviewer)?;
            tx.reviewer_add(&person.person_id(), self.place(), Strand::ALL, self.reviewer_capacity)?;
        }
        tx.sitting_add(&self.sitting)?;
        self.note(tx, "sitting.create", &self.sitting.id.0, json!({ "terms": self.sitting.terms }))?;
        self.write_person(tx, &self.applicant, Role::Examinee)?;
        self.write_authorisation(tx, &self.applicant, self.examinees.len())
    }

    fn write_examinees(&self, tx: &mut Tx<'_, Sighted>, start: usize) -> Result<(), Error> {
        for (number, person) in self.examinees.iter().enumerate().skip(start).take(BATCH) {
            self.write_person(tx, person, Role::Examinee)?;
            self.write_authorisation(tx, person, number)?;
            self.write_seat(tx, person, number)?;
        }
        Ok(())
    }

    fn write_person(&self, tx: &mut Tx<'_, Sighted>, person: &Person, role: Role) -> Result<(), Error> {
        let who = person.person_id();
        tx.person_add(person)?;
        tx.password_set(&who, &self.hash)?;
        tx.role_grant(&who, role, self.place())?;
        if role == Role::Examinee {
            // Told by the entry about the authorisation with which an examinee comes in.
            return Ok(());
        }
        self.note(tx, "role.grant", &person.id, json!({ "role": role }))
    }

    fn write_authorisation(&self, tx: &mut Tx<'_, Sighted>, person: &Person, number: usize) -> Result<(), Error> {
        let today = tx.now().utc().date_naive();
        let authorisation = Authorisation {
            id: tx.fresh::<AuthorisationId>().0,
            association_id: self.association.id.clone(),
            person_id: person.id.clone(),
            track: track_of(number).as_str().to_owned(),
            category: category_of(number).as_str().to_owned(),
            valid_from: today.checked_sub_days(Days::new(30)).unwrap_or(today).to_string(),
            valid_until: today.checked_add_days(Days::new(335)).unwrap_or(today).to_string(),
            reference: format!("D-{:05}", number + 1),
            created_at: tx.now().0,
        };
        tx.authorisation_add(&authorisation)?;
        let detail = json!({ "person": person.id, "reference": authorisation.reference });
        self.note(tx, "authorisation.import", &authorisation.id, detail)
    }

    fn write_seat(&self, tx: &mut Tx<'_, Sighted>, person: &Person, number: usize) -> Result<(), Error> {
        let (track, category) = (track_of(number), category_of(number));
        let id: RegistrationId = tx.fresh();
        tx.registration_add(&Registration {
            id: id.clone(),
            sitting: self.sitting.id.clone(),
            person: person.person_id(),
            track,
            category,
            strand: category.strand(),
            cancelled: false,
            completed: false,
            agreement: None,
            admitted_at: None,
            late_admission_reason: None,
            created_at: tx.now(),
            practice: false,
        })?;
        let detail = json!({ "person": person.id, "sitting": self.sitting.id, "track": track, "category": category });
        self.note(tx, "registration.create", &id.0, detail)
    }

    fn note(
        &self,
        tx: &mut Tx<'_, Sighted>,
        act: &'static str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<(), Error> {
        let association = Some(self.place().clone());
        tx.audit(Entry { association, actor: "operator".to_owned(), act, subject: subject.to_owned(), detail })
    }
}

fn terms(options: &Options, now: Instant) -> Terms {
    Terms {
        title: "Demonstration sitting".to_owned(),
        kind: SittingKind::Window,
        opens_at: now.plus_seconds(-60),
        closes_at: now.plus_seconds(30 * DAY_SECONDS),
        time_zone: ZONE.to_owned(),
        capacity: (i64::from(options.examinees) + FREE_SEATS).max(50),
        one_allowance_seconds: options.part_one_seconds,
        one_items: 60,
        one_pass_percent: 80,
        two_allowance_seconds: options.part_two_seconds,
        two_vignettes: 2,
        two_answer: 2,
    }
}

fn track_of(number: usize) -> Track {
    if number.is_multiple_of(2) { Track::Imh } else { Track::Ecmh }
}

fn category_of(number: usize) -> Category {
    CATEGORIES[number % CATEGORIES.len()]
}
