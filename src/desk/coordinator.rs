//! The coordinator's desk: sittings, seats and time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::board::presence_at;
use super::facts::sitting_for;
use super::forms::{NamedForms, freeze_named};
use super::pulse::Beat;
use super::system_check::CheckBrief;
use super::{Office, Page, Place, Range};
use crate::domain::accommodation::day_that_counts;
use crate::domain::eligibility::{Validity, covers};
use crate::domain::ids::{AssociationId, AttemptId, PersonId, RegistrationId, SessionId, SittingId};
use crate::domain::outcome::Outcome;
use crate::domain::presence::Presence;
use crate::domain::refusal::Refusal;
use crate::domain::retake::day_of;
use crate::domain::rights::{Act, Authority};
use crate::domain::safe_browser::Requirement;
use crate::domain::safe_browser::configuration::own_config_key;
use crate::domain::sitting::{Stage, Terms, problems, stage};
use crate::domain::timing::{Instant, MAX_CREDIT_SECONDS};
use crate::domain::vocabulary::{Category, Part, Track};
use crate::store::attempts::{Attempt, Credit};
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::registrations::Registration;
use crate::store::sittings::Sitting;
use crate::store::{Call, Error, Sighted, Tx};

/// How many authorisations are looked through for people who may be given a seat.
const MOST_CANDIDATES: i64 = 500;

/// The desk for sittings.
pub struct Coordinator(pub(super) Place<Sighted>);

/// Where a deadline was moved to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Whose.
    pub attempt: AttemptId,
    /// RFC 3339.
    pub deadline: String,
}

/// A sitting with how full it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SittingSummary {
    /// The sitting.
    pub sitting: Sitting,
    /// Whose it is.
    pub association_name: String,
    /// Seats taken.
    pub taken: i64,
    /// Results that are out.
    pub results_out: i64,
    /// What is asked of the browser; nothing where any will do.
    pub browser: Option<Requirement>,
}

impl SittingSummary {
    /// Where the sitting stands.
    pub fn stage(&self, now: Instant) -> Stage {
        stage(&self.sitting.terms, self.taken, self.results_out, now)
    }
}

/// A seat with its holder and how far they are.
pub struct Seat {
    /// The seat.
    pub registration: Registration,
    /// Who.
    pub person: Person,
    /// What was started.
    pub attempts: Vec<Attempt>,
    /// Whether an arrangement is in force.
    pub accommodated: bool,
    /// How the last system check went, if there was one.
    pub system_check: Option<CheckBrief>,
    /// Where they are.
    pub presence: Presence,
}

/// Somebody who may be given a seat.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub person: Person,
    /// For what.
    pub authorised: Vec<(Track, Category)>,
}

impl Coordinator {
    /// The desk of whoever holds that session.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self(Place::new(office, session, call))
    }

    /// Creates a sitting. Forms that are not named are assembled from the blueprint and frozen at their first use.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`] for a foreign association.
    pub async fn sitting_add(
        &self,
        association: AssociationId,
        terms: Terms,
        forms: NamedForms,
        browser: Option<Requirement>,
    ) -> Result<SittingSummary, Error> {
        let browser = browser.map(Requirement::normalised);
        self.0
            .write(move |tx, me| {
                me.require_anywhere(Act::RunSittings)?;
                me.require(Act::RunSittings, Act::SeeSittings, &association)?;
                refuse_impossible(&terms, browser.as_ref())?;
                let sitting = Sitting {
                    id: tx.fresh(),
                    association: association.clone(),
                    terms: terms.clone(),
                    created_by: me.person.clone(),
                    created_at: tx.now(),
                };
                tx.sitting_add(&sitting)?;
                freeze_named(tx, &sitting, &forms)?;
                tx.browser_requirement_set(&sitting.id, browser.as_ref())?;
                audit_sitting(tx, me, &sitting, browser.as_ref(), "sitting.create")?;
                summary(tx, sitting)
            })
            .await
    }

    /// Changes a sitting. Once somebody has started, only title, capacity and closing can change; of Safe Exam Browser the
    /// keys, so that a wrong one can be put right on the day, and that it is asked for no more. `browser` is what is asked
    /// of the browser from now on, if that changes.
    ///
    /// # Errors
    /// [`Refusal::SittingInUse`], [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn sitting_change(
        &self,
        id: &SittingId,
        change: impl Fn(&mut Terms) + Send + 'static,
        browser: Option<Option<Requirement>>,
    ) -> Result<SittingSummary, Error> {
        let (id, base) = (id.clone(), self.0.office.base_url.clone());
        let browser = browser.map(|asked| asked.map(Requirement::normalised));
        self.0
            .write(move |tx, me| {
                let mut sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                let before = sitting.terms.clone();
                change(&mut sitting.terms);
                let asked_before = tx.browser_requirement(&id)?;
                let asked = browser.clone().unwrap_or_else(|| asked_before.clone());
                refuse_impossible(&sitting.terms, asked.as_ref())?;
                let mut harmless = before;
                harmless.title.clone_from(&sitting.terms.title);
                harmless.capacity = sitting.terms.capacity;
                harmless.closes_at = sitting.terms.closes_at;
                let newly_asked = asked.is_some() && asked_before.is_none();
                if (harmless != sitting.terms || newly_asked) && tx.sitting_is_in_use(&id)? {
                    return Err(Refusal::SittingInUse.into());
                }
                if sitting.terms.capacity < tx.seats_taken(&id)? {
                    return Err(Refusal::invalid("/capacity", "fewer than the seats that are taken").into());
                }
                tx.sitting_change(&sitting)?;
                if asked != asked_before {
                    tx.browser_requirement_set(&id, asked.as_ref())?;
                    if let Some(asked) = &asked {
                        tx.browser_proofs_withdraw(&id, &asked.keys(&own_config_key(&base, &id)))?;
                    }
                }
                audit_sitting(tx, me, &sitting, asked.as_ref(), "sitting.change")?;
                summary(tx, sitting)
            })
            .await
    }

    /// The sittings of one's associations.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn sittings(&self, range: Range) -> Result<Page<SittingSummary>, Error> {
        self.0
            .read(move |tx, me| {
                let places = me.require_anywhere(Act::SeeSittings)?;
                let mut rows = Vec::new();
                for sitting in tx.sittings(&places, &range.after, range.probe())? {
                    rows.push(summary(tx, sitting)?);
                }
                Ok(range.page(rows, |s| s.sitting.id.0.clone()))
            })
            .await
    }

    /// A sitting.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn sitting(&self, id: &SittingId) -> Result<SittingSummary, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::SeeSittings, &id)?;
                summary(tx, sitting)
            })
            .await
    }

    /// The seats of a sitting.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn seats(&self, id: &SittingId) -> Result<Vec<Seat>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &id)?;
                let attempts = tx.attempts_in(&id)?;
                let checks = tx.system_checks_in(&id)?;
                let mut seats = Vec::new();
                for registration in tx.registrations_in(&id)? {
                    let own: Vec<Attempt> =
                        attempts.iter().filter(|a| a.registration == registration.id).cloned().collect();
                    let began_at = own.iter().find(|a| a.part == Part::One).map(|a| a.started_at);
                    let day = day_that_counts(sitting.terms.opens_at, began_at, tx.now(), sitting.zone());
                    seats.push(Seat {
                        person: tx.person(&registration.person)?,
                        presence: presence_at(&sitting, &registration, &own, tx.now()),
                        attempts: own,
                        system_check: checks.get(&registration.person).map(CheckBrief::from),
                        accommodated: tx.accommodation(&registration.person, day)?.is_some(),
                        registration,
                    });
                }
                Ok(seats)
            })
            .await
    }

    /// Who may be given a seat: every holder of an authorisation that nothing else stands in the way of, by name.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn candidates(&self, id: &SittingId) -> Result<Vec<Candidate>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                let day = day_of(sitting.terms.opens_at.max(tx.now()), sitting.zone()).to_string();
                let mut found: BTreeMap<String, Vec<(Track, Category)>> = BTreeMap::new();
                for held in tx.authorisations_without_seat(&sitting.association, &day, MOST_CANDIDATES)? {
                    let words = (Track::parse(&held.track), Category::parse(&held.category));
                    let (Some(track), Some(category)) = words else { continue };
                    match may_register(tx, &sitting, &PersonId(held.person_id.clone()), track, category) {
                        Ok(()) => found.entry(held.person_id).or_default().push((track, category)),
                        Err(Error::Refused(_)) => {}
                        Err(other) => return Err(other),
                    }
                }
                let mut candidates = Vec::new();
                for (person, mut authorised) in found {
                    authorised.sort();
                    authorised.dedup();
                    candidates.push(Candidate { person: tx.person(&PersonId(person))?, authorised });
                }
                candidates.sort_by(|a, b| (&a.person.name, &a.person.id).cmp(&(&b.person.name, &b.person.id)));
                Ok(candidates)
            })
            .await
    }

    /// Gives somebody a seat.
    ///
    /// # Errors
    /// [`Refusal::NotAuthorised`], [`Refusal::RetakeNotOpen`], [`Refusal::SittingFull`], [`Refusal::AlreadyRegistered`],
    /// [`Refusal::TooLate`] once starting has ended, [`Refusal::NotFound`].
    pub async fn register(
        &self,
        id: &SittingId,
        who: &PersonId,
        track: Track,
        category: Category,
    ) -> Result<Registration, Error> {
        let (id, who) = (id.clone(), who.clone());
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                if tx.now() > sitting.terms.closes_at {
                    return Err(Refusal::TooLate.into());
                }
                may_register(tx, &sitting, &who, track, category)?;
                let registration = Registration {
                    id: tx.fresh(),
                    sitting: id.clone(),
                    person: who.clone(),
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
                };
                tx.registration_add(&registration)?;
                tell_registered(tx, me, &sitting, &registration)?;
                Ok(registration)
            })
            .await
    }

    /// Gives a seat back, as long as nothing was started in it and no result is out. Says in which sitting.
    ///
    /// # Errors
    /// [`Refusal::SittingInUse`] when something was; [`Refusal::NotFound`].
    pub async fn registration_cancel(&self, id: &RegistrationId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let registration = tx.registration(&id)?;
                let sitting = sitting_for(tx, me, Act::RunSittings, &registration.sitting)?;
                if registration.completed || !tx.attempts_of(&id)?.is_empty() {
                    return Err(Refusal::SittingInUse.into());
                }
                tx.registration_cancel(&id)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "registration.cancel",
                    subject: id.0.clone(),
                    detail: json!({}),
                })?;
                Ok(sitting.id)
            })
            .await
    }

    /// Grants time to one examinee. For proctors too.
    ///
    /// # Errors
    /// [`Refusal::PartClosed`], [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn credit_one(&self, id: &AttemptId, credit: Credit) -> Result<Moved, Error> {
        let id = id.clone();
        let moved = self
            .0
            .write(move |tx, me| {
                let attempt = tx.attempt(&id)?;
                let registration = tx.registration(&attempt.registration)?;
                let sitting = sitting_for(tx, me, Act::RunRoom, &registration.sitting)?;
                refuse_odd_credit(&credit)?;
                if attempt.clock.is_over(tx.now()) {
                    return Err(Refusal::PartClosed { late: false }.into());
                }
                grant(tx, me, &sitting, &attempt, &credit)
            })
            .await?;
        self.0.office.pulse.tell(Beat::Clock(moved.attempt.clone()));
        Ok(moved)
    }

    /// Grants time to everybody whose part runs. For proctors too.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn credit_all(&self, id: &SittingId, credit: Credit) -> Result<Vec<Moved>, Error> {
        let id = id.clone();
        let moved = self
            .0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &id)?;
                refuse_odd_credit(&credit)?;
                let now = tx.now();
                let running: Vec<Attempt> =
                    tx.attempts_in(&id)?.into_iter().filter(|a| !a.clock.is_over(now)).collect();
                running.iter().map(|attempt| grant(tx, me, &sitting, attempt, &credit)).collect()
            })
            .await?;
        let moved: Vec<Moved> = moved;
        moved.iter().for_each(|m| self.0.office.pulse.tell(Beat::Clock(m.attempt.clone())));
        Ok(moved)
    }
}

fn refuse_impossible(terms: &Terms, browser: Option<&Requirement>) -> Result<(), Refusal> {
    let mut problems = problems(terms);
    problems.extend(browser.map(Requirement::problems).unwrap_or_default());
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

fn refuse_odd_credit(credit: &Credit) -> Result<(), Refusal> {
    if !(1..=MAX_CREDIT_SECONDS).contains(&credit.seconds) {
        return Err(Refusal::invalid("/seconds", format!("between 1 and {MAX_CREDIT_SECONDS}")));
    }
    let reason = credit.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Refusal::invalid("/reason", "between 1 and 500 characters"));
    }
    Ok(())
}

/// A sitting with how full it is.
pub(super) fn summary(tx: &mut Tx<'_, Sighted>, sitting: Sitting) -> Result<SittingSummary, Error> {
    let (taken, results_out) = (tx.seats_taken(&sitting.id)?, tx.results_out(&sitting.id)?);
    let place = tx.associations(Some(std::slice::from_ref(&sitting.association)))?;
    let association_name = place.into_iter().next().map(|a| a.name).unwrap_or_default();
    let browser = tx.browser_requirement(&sitting.id)?;
    Ok(SittingSummary { sitting, association_name, taken, results_out, browser })
}

fn audit_sitting(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    sitting: &Sitting,
    browser: Option<&Requirement>,
    act: &'static str,
) -> Result<(), Error> {
    let mut detail = json!({ "terms": sitting.terms });
    if let Some(browser) = browser {
        detail["safe_exam_browser"] = browser.told();
    }
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: me.person.0.clone(),
        act,
        subject: sitting.id.0.clone(),
        detail,
    })
}

/// Whether a person may take a seat, by everything that is on record of them.
fn may_register(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    who: &PersonId,
    track: Track,
    category: Category,
) -> Result<(), Error> {
    let day = day_of(sitting.terms.opens_at.max(tx.now()), sitting.zone());
    let authorisations = tx.authorisations_of(who)?;
    let covered = authorisations.iter().filter(|a| a.association_id == sitting.association.0).any(|a| {
        let (track_held, category_held) = (Track::parse(&a.track), Category::parse(&a.category));
        match (track_held, category_held, a.valid_from.parse(), a.valid_until.parse()) {
            (Some(t), Some(c), Ok(from), Ok(until)) => covers((t, c, Validity { from, until }), track, category, day),
            _ => false,
        }
    });
    let results = tx.results_of_person(who)?;
    let of_track = || results.iter().filter(|out| out.track == track).map(|out| &out.record);
    // An appeal may turn an old fail into a pass after a later exam: one pass is enough.
    if !covered || of_track().any(|result| result.outcome == Outcome::Pass) {
        return Err(Refusal::NotAuthorised.into());
    }
    if tx.registrations_of(who)?.iter().any(|r| r.track == track && !r.completed) {
        return Err(Refusal::AlreadyRegistered.into());
    }
    if let Some(open_from) = of_track().filter_map(|result| result.retake_open_from.clone()).max()
        && day.to_string() < open_from
    {
        return Err(Refusal::RetakeNotOpen { open_from }.into());
    }
    if tx.seats_taken(&sitting.id)? >= sitting.terms.capacity {
        return Err(Refusal::SittingFull.into());
    }
    Ok(())
}

fn tell_registered(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    sitting: &Sitting,
    seat: &Registration,
) -> Result<(), Error> {
    let terms = &sitting.terms;
    let parameters = json!({
        "sitting": terms.title, "kind": terms.kind, "opens_at": terms.opens_at.rfc3339(),
        "closes_at": terms.closes_at.rfc3339(), "time_zone": terms.time_zone,
        "registration": seat.id, "track": seat.track,
    });
    tx.message_add(&seat.person, "registration", &parameters)?;
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: me.person.0.clone(),
        act: "registration.create",
        subject: seat.id.0.clone(),
        detail: json!({ "sitting": sitting.id, "person": seat.person, "track": seat.track, "category": seat.category }),
    })
}

/// Grants credit to one attempt, on record.
pub(super) fn grant(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    sitting: &Sitting,
    attempt: &Attempt,
    credit: &Credit,
) -> Result<Moved, Error> {
    let moved: Instant = tx.credit_add(attempt, credit, &me.person)?;
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: me.person.0.clone(),
        act: "attempt.credit",
        subject: attempt.id.0.clone(),
        detail: json!({ "seconds": credit.seconds, "reason": credit.reason, "deadline": moved.rfc3339() }),
    })?;
    Ok(Moved { attempt: attempt.id.clone(), deadline: moved.rfc3339() })
}
