//! The examinee's desk: one's own exams, from the agreement to the result.

use serde_json::json;

mod acquaintances;
mod openings;
mod paper;
mod saving;
mod views;

pub(super) use paper::clock_view;
use paper::paper_of;
use saving::save_one;
pub use views::*;

use super::appeals::appeal_standing;
use super::closing::close;
use super::evidence::recount_in_time;
use super::facts::{Course, arrangement_of, course, own_attempt, own_registration, presentation_of};
use super::forms::assemble;
use super::practice::practice_form;
use super::pulse::{Beat, SeatBeat};
use super::safe_browser::{Asked, note_proof, seeing, to_note};
use super::{Office, Place};
use crate::domain::attempt::{Start, StartPermit, may_start, part_state};
use crate::domain::ids::{AttemptId, FormId, RegistrationId, SessionId};
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Authority;
use crate::domain::safe_browser::{SeeingPermit, Shown};
use crate::domain::timing::{Accommodation, ClosedBy, opening_terms};
use crate::domain::vocabulary::Part;
use crate::store::answers::NewAnswer;
use crate::store::attempts::NewAttempt;
use crate::store::audit::Entry;
use crate::store::forms::Audience;
use crate::store::outbox::Message;
use crate::store::people::Person;
use crate::store::releases::ResultOut;
use crate::store::{Call, Error, Sighted, Tx};

/// The most answers of one batch.
pub const MAX_BATCH: usize = 200;

/// One's own exams.
pub struct Examinee(pub(super) Place<Sighted>);

impl Examinee {
    /// The desk of whoever holds that session.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self(Place::new(office, session, call))
    }

    /// Who I am.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn me(&self) -> Result<(Person, Authority), Error> {
        self.0.read(|tx, me| Ok((tx.person(&me.person)?, me.clone()))).await
    }

    /// Own seats, newest first; the agreement in that language.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn registrations(&self, locale: &str) -> Result<Vec<RegistrationView>, Error> {
        let locale = locale.to_owned();
        self.0
            .read(move |tx, me| {
                let mut views = Vec::new();
                for registration in tx.registrations_of(&me.person)? {
                    let course = course(tx, registration)?;
                    views.push(registration_view(tx, &course, &locale)?);
                }
                Ok(views)
            })
            .await
    }

    /// Accepts the agreement.
    ///
    /// # Errors
    /// [`Refusal::AgreementChanged`] when that is not the version in force.
    pub async fn agreement_accept(&self, id: &RegistrationId, version: &str) -> Result<(), Error> {
        let (id, version) = (id.clone(), version.to_owned());
        self.0
            .write(move |tx, me| {
                let registration = own_registration(tx, &me.person, &id)?;
                if tx.agreement_in_force("en")?.0 != version {
                    return Err(Refusal::AgreementChanged.into());
                }
                if registration.agreement.as_ref().is_some_and(|(accepted, _)| *accepted == version) {
                    return Ok(());
                }
                tx.agreement_accept(&id, &version)?;
                let sitting = tx.sitting(&registration.sitting)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "agreement.accept",
                    subject: id.0.clone(),
                    detail: json!({ "version": version }),
                })
            })
            .await
    }

    /// Starts a part, or resumes it when it runs.
    ///
    /// # Errors
    /// The reason for which it may not be started.
    pub async fn part_start(&self, id: &RegistrationId, part: Part, shown: &Shown) -> Result<Started, Error> {
        let (wanted, key, shown) = (id.clone(), self.0.office.receipts.clone(), shown.clone());
        let (session, base) = (self.0.session.clone(), self.0.office.base_url.clone());
        let outcome = self
            .0
            .write(move |tx, me| {
                let registration = own_registration(tx, &me.person, &wanted)?;
                let course = course(tx, registration)?;
                let start = may_start(&course.start, part, tx.now())?;
                let seeing = seeing(tx, &course.registration, &session, &base, &shown)?;
                note_proof(tx, &wanted, &session, &seeing, shown.by_page)?;
                match start {
                    Start::Resume => resume(&course, part),
                    Start::First(permit) => {
                        // Part One's time may be up without the clerk having come by.
                        if let Some(one) = course.one.as_ref().filter(|_| part == Part::Two) {
                            close(tx, &key, one, one.clock.ends_at(tx.now()), ClosedBy::Deadline, "clerk")?;
                        }
                        start_first(tx, permit, &course, part, &seeing)
                    }
                }
            })
            .await;
        self.browser_watched(Asked::Seat(id.clone()), outcome).await
    }

    /// The paper with what is stored so far.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn paper(&self, id: &AttemptId, shown: &Shown) -> Result<Paper, Error> {
        let (wanted, shown, by_page) = (id.clone(), shown.clone(), shown.by_page);
        let (session, base) = (self.0.session.clone(), self.0.office.base_url.clone());
        let outcome = self
            .0
            .read(move |tx, me| {
                let (attempt, registration) = own_attempt(tx, &me.person, &wanted)?;
                let course = course(tx, registration)?;
                let seeing = seeing(tx, &course.registration, &session, &base, &shown)?;
                let found = to_note(tx, &course.registration.id, &session, &seeing, by_page)?;
                let presentation = presentation_of(tx, &course, attempt.started_at)?;
                Ok((paper_of(tx, &seeing, &attempt, course.sitting.terms.two_answer, presentation)?, found))
            })
            .await;
        let (paper, found) = self.browser_watched(Asked::Attempt(id.clone()), outcome).await?;
        self.browser_note(found, by_page).await?;
        Ok(paper)
    }

    /// Saves answers. Each is judged by itself; what arrived in time and is newer than what is stored is durable when
    /// this returns.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`], [`Refusal::NotFound`] or a fault: then none was saved.
    pub async fn answers_save(&self, id: &AttemptId, answers: Vec<NewAnswer>) -> Result<Vec<SaveOutcome>, Error> {
        let (wanted, session, key) = (id.clone(), self.0.session.clone(), self.0.office.receipts.clone());
        let (outcomes, earlier) = self
            .0
            .store
            .write_unaudited(&self.0.call, move |tx| {
                let id = &wanted;
                let facts = tx.save_facts(&session, id)?;
                let mut outcomes = Vec::with_capacity(answers.len());
                let (mut changed, mut earlier) = (false, false);
                for answer in &answers {
                    let (outcome, recount) = save_one(tx, id, &facts, answer)?;
                    earlier |= answer.revision <= facts.earlier_until && outcome.stored(answer);
                    outcomes.push(outcome);
                    changed |= recount;
                }
                if earlier {
                    tx.earlier_save_note(id)?;
                }
                if facts.unproved {
                    let stored = outcomes.iter().filter(|outcome| outcome.is_stored()).count();
                    if let Some(stored) = i64::try_from(stored).ok().filter(|stored| *stored > 0) {
                        tx.browser_unproved_note(&facts.registration, &session, stored)?;
                    }
                }
                if changed {
                    // Rare: what was closed in between is counted anew, with a later receipt.
                    recount_in_time(tx, &key, id)?;
                }
                Ok((outcomes, earlier))
            })
            .await?;
        if earlier {
            self.0.office.pulse.tell(Beat::EarlierSaves(id.clone()));
        }
        Ok(outcomes)
    }

    /// Submits a part: closes it for good. Again: the newest receipt, the same one unless late evidence was admitted.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn submit(&self, id: &AttemptId) -> Result<Receipt, Error> {
        let (wanted, key) = (id.clone(), self.0.office.receipts.clone());
        let receipt = self
            .0
            .write(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &wanted)?;
                // What arrives at the deadline or later finds a part whose time was up.
                let (at, by) = if attempt.clock.is_over(tx.now()) {
                    (attempt.clock.ends_at(tx.now()), ClosedBy::Deadline)
                } else {
                    (tx.now(), ClosedBy::Examinee)
                };
                close(tx, &key, &attempt, at, by, me.person.as_str())
            })
            .await?;
        self.0.office.pulse.tell(Beat::Closed(id.clone()));
        Ok(receipt)
    }

    /// Own released results, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn results(&self) -> Result<Vec<ResultView>, Error> {
        self.0
            .read(|tx, me| {
                let mut views = Vec::new();
                for out in tx.results_of_person(&me.person)? {
                    let appeal = appeal_standing(tx, &out)?;
                    let ResultOut { record, track, released_at, follows_appeal, .. } = out;
                    let registration = tx.registration(&record.registration)?;
                    let sitting = tx.sitting(&registration.sitting)?;
                    views.push(ResultView {
                        registration: record.registration,
                        sitting: sitting_view(&sitting),
                        track,
                        category: registration.category,
                        released_at: released_at.rfc3339(),
                        outcome: record.outcome,
                        parts: record.parts,
                        retake: record.retake_open_from.map(|open_from| RetakeView { open_from }),
                        follows_appeal,
                        appeal,
                    });
                }
                Ok(views)
            })
            .await
    }

    /// Own messages, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn inbox(&self) -> Result<Vec<Message>, Error> {
        self.0.read(|tx, me| tx.messages_of(&me.person, 200)).await
    }

    /// Sets the language of one's pages and mail.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn locale_set(&self, locale: &'static str) -> Result<(), Error> {
        self.0.write(move |tx, me| tx.locale_set(&me.person, locale)).await
    }

    /// The newest receipt of a closed part.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn receipt(&self, id: &AttemptId) -> Result<Option<Receipt>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let first = own_attempt(tx, &me.person, &id)?.0.receipt;
                first.map(|first| tx.receipt_newest(first)).transpose()
            })
            .await
    }

    /// Why the proctor closed a part, if it was the proctor.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn closing_reason(&self, id: &AttemptId) -> Result<Option<String>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                own_attempt(tx, &me.person, &id)?;
                tx.proctor_closing(&id)
            })
            .await
    }

    /// The same desk at a later instant, for a connection that stays open.
    pub fn later(&self) -> Self {
        let call = Call::at(self.0.store.world().clock.now());
        Self(Place::new(self.0.office.clone(), self.0.session.clone(), call))
    }

    /// Hears of which seats something changes.
    pub fn listen_to_seats(&self) -> tokio::sync::broadcast::Receiver<SeatBeat> {
        self.0.office.pulse.listen_to_seats()
    }

    /// Hears what happens to attempts.
    pub fn listen(&self) -> tokio::sync::broadcast::Receiver<Beat> {
        self.0.office.pulse.listen()
    }
}

/// A sitting as an examinee sees it.
pub fn sitting_view(sitting: &crate::store::sittings::Sitting) -> SittingView {
    SittingView {
        id: sitting.id.0.clone(),
        title: sitting.terms.title.clone(),
        kind: sitting.terms.kind,
        opens_at: sitting.terms.opens_at.rfc3339(),
        closes_at: sitting.terms.closes_at.rfc3339(),
        time_zone: sitting.terms.time_zone.clone(),
    }
}

/// A seat as its holder sees it, the agreement in that language.
pub(super) fn registration_view(
    tx: &mut Tx<'_, Sighted>,
    course: &Course,
    locale: &str,
) -> Result<RegistrationView, Error> {
    let (registration, terms) = (&course.registration, &course.sitting.terms);
    let (version, text) = tx.agreement_in_force(locale)?;
    let accepted = registration.agreement.as_ref().filter(|(accepted, _)| *accepted == version);
    let part = |part, allowance_seconds| PartView {
        part,
        state: part_state(course.start.one.as_ref(), course.start.two.as_ref(), part, tx.now()),
        allowance_seconds,
        attempt: course.attempt(part).map(|a| a.id.clone()),
    };
    let parts = vec![part(Part::One, terms.one_allowance_seconds), part(Part::Two, terms.two_allowance_seconds)];
    let agreement = AgreementView { accepted_at: accepted.map(|(_, at)| at.rfc3339()), version, text };
    Ok(RegistrationView {
        id: registration.id.clone(),
        sitting: sitting_view(&course.sitting),
        track: registration.track,
        category: registration.category,
        strand: registration.strand,
        state: if registration.completed { "completed" } else { "active" },
        agreement,
        parts,
        awaits_admission: course.start.identity_check && !course.start.admitted,
        practice: registration.practice,
        accommodation: arrangement_of(tx, course)?.map(Confirmed::from),
    })
}

fn resume(course: &Course, part: Part) -> Result<Started, Error> {
    let attempt = course.attempt(part).ok_or(Refusal::PartNotReady)?.id.clone();
    Ok(Started { attempt, first: false })
}

/// Starts a part for the first time.
pub(super) fn start_first(
    tx: &mut Tx<'_, Sighted>,
    permit: StartPermit,
    course: &Course,
    part: Part,
    seeing: &SeeingPermit,
) -> Result<Started, Error> {
    let (registration, terms) = (&course.registration, &course.sitting.terms);
    let accommodation = arrangement_of(tx, course)?.map_or(Accommodation::NONE, |a| a.terms());
    let (form, limits, allowance) = match part {
        Part::One => {
            let form = form_for(tx, course, Audience::Track(registration.track))?;
            let items = tx.form_entries(&form)?.len();
            (form, vec![0; items], terms.one_allowance_seconds)
        }
        Part::Two => {
            let form = form_for(tx, course, Audience::Strand(registration.strand))?;
            let limits = tx.form_vignettes(&form)?.iter().map(|v| v.max_characters).collect();
            (form, limits, terms.two_allowance_seconds)
        }
    };
    let new = NewAttempt {
        registration: registration.id.clone(),
        part,
        form: form.clone(),
        seed: tx.entropy().secret(),
        limits,
        terms: opening_terms(part, allowance, &accommodation),
    };
    let attempt = tx.attempt_start(permit, &new)?;
    tx.audit(Entry {
        association: Some(course.sitting.association.clone()),
        actor: registration.person.0.clone(),
        act: "attempt.start",
        subject: attempt.0.clone(),
        detail: start_detail(&new, registration.practice, seeing),
    })?;
    Ok(Started { attempt, first: true })
}

fn start_detail(new: &NewAttempt, practice: bool, seeing: &SeeingPermit) -> serde_json::Value {
    let mut detail = json!({
        "part": new.part, "registration": new.registration, "form": new.form, "terms": new.terms,
    });
    if practice {
        detail["practice"] = json!(true);
    }
    if let Some(grounds) = seeing.grounds().told() {
        detail["safe_exam_browser"] = json!(grounds);
    }
    detail
}

/// A frozen form of the sitting that shows this person nothing twice; assembled and frozen now if there is none yet.
fn form_for(tx: &mut Tx<'_, Sighted>, course: &Course, audience: Audience) -> Result<FormId, Error> {
    let sitting = &course.sitting;
    if course.registration.practice {
        return practice_form(tx, &sitting.id, audience);
    }
    let seen = tx.content_seen(&course.registration.person, &sitting.id)?;
    for form in tx.forms(&sitting.id, audience)? {
        if seen.is_empty() || tx.form_entries(&form)?.iter().all(|entry| !seen.contains(&entry.id)) {
            return Ok(form);
        }
    }
    let seed = tx.entropy().secret();
    let entries = assemble(tx, &sitting.terms, audience, &seen, &seed)?;
    let form = tx.form_freeze(&sitting.id, audience, &seed, &entries)?;
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: "clerk".into(),
        act: "form.freeze",
        subject: form.0.clone(),
        detail: json!({ "sitting": sitting.id, "entries": entries.len() }),
    })?;
    Ok(form)
}
