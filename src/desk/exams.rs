//! The examinee's desk, as their pages need it: where each exam stands, what is next, and what a closed part and a
//! released result came to. The pages show this and judge nothing.

use serde::Serialize;

use super::appeals::appeal_until;
use super::evidence::{OwnLate, own_late};
use super::examinee::Examinee;
use super::facts::{Course, arrangement_of, course, own_attempt, own_registration};
use super::release::{Letter, association_of, letter};
use super::safe_browser::{ToNote, judged, seeing, standing, to_note};
use super::stops::breaks_arranged;
use crate::domain::attempt::{Next, PartState, last_start, next, part_state};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SessionId};
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::domain::safe_browser::{Shown, Standing};
use crate::domain::timing::{Accommodation, Instant, opening_terms};
use crate::domain::vocabulary::Part;
use crate::store::attempts::Attempt;
use crate::store::people::AccommodationRow;
use crate::store::registrations::Registration;
use crate::store::sittings::{Association, Sitting};
use crate::store::{Error, Sighted, Tx};

/// An exam as its examinee sees it.
pub struct Exam {
    /// The seat, the sitting, the attempts.
    pub course: Course,
    /// Whose sitting it is.
    pub association: Association,
    /// The version of the agreement in force, and its text in Markdown.
    pub agreement: (String, String),
    /// The confirmed arrangement.
    pub accommodation: Option<AccommodationRow>,
    /// What is next.
    pub next: Next,
    /// Whether its result is released.
    pub released: bool,
    /// How whoever asks stands with regard to Safe Exam Browser; nothing where the sitting does not ask for it.
    pub browser: Option<Standing>,
    now: Instant,
}

/// How a seat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SeatStanding {
    /// What is next, in the words of [`Next::as_str`].
    pub next: &'static str,
    /// Whether the proctor's confirmation is still awaited.
    pub awaits_admission: bool,
}

impl Exam {
    /// Whether the proctor's confirmation is still awaited.
    pub fn awaits_admission(&self) -> bool {
        self.course.start.identity_check && !self.course.start.admitted
    }

    /// When the agreement in force was accepted.
    pub fn accepted_at(&self) -> Option<Instant> {
        self.course.registration.agreement.as_ref().filter(|_| self.course.start.agreed).map(|(_, at)| *at)
    }

    /// How a part stands. It is ready only while it may really be started.
    pub fn part_state(&self, part: Part) -> PartState {
        let start = &self.course.start;
        match part_state(start.one.as_ref(), start.two.as_ref(), part, self.now) {
            PartState::Ready if self.next != Next::Start(part) => PartState::Locked,
            state => state,
        }
    }

    /// The time this examinee has for a part: what was granted once it has started, until then what would be.
    pub fn allowance_seconds(&self, part: Part) -> i64 {
        if let Some(attempt) = self.course.attempt(part) {
            return attempt.clock.deadline.seconds_since(attempt.started_at);
        }
        let terms = &self.course.sitting.terms;
        let allowance = match part {
            Part::One => terms.one_allowance_seconds,
            Part::Two => terms.two_allowance_seconds,
        };
        let accommodation = self.accommodation.as_ref().map_or(Accommodation::NONE, AccommodationRow::terms);
        opening_terms(part, allowance, &accommodation).iter().map(|term| term.seconds).sum()
    }

    /// The last instant at which a part may be started; none for who was let in late.
    pub fn start_until(&self, part: Part) -> Option<Instant> {
        let start = &self.course.start;
        (!start.late_admission).then(|| last_start(start, part))
    }
}

/// A part that was started, as its examinee's page needs it.
pub struct Sheet {
    /// The attempt.
    pub attempt: Attempt,
    /// Its sitting.
    pub sitting: Sitting,
    /// How many answers the part asks for.
    pub asked: i64,
    /// When the newest answer arrived.
    pub last_saved_at: Option<Instant>,
    /// What came too late, and what became of it.
    pub late: Vec<OwnLate>,
    /// The newest receipt, once closed.
    pub receipt: Option<Receipt>,
    /// Why the proctor closed it, if it was the proctor.
    pub closing_reason: Option<String>,
    /// What is next in this exam.
    pub next: Next,
    /// Whether stop-the-clock breaks are arranged.
    pub breaks: bool,
    /// Whether it is practice.
    pub practice: bool,
    /// How whoever asks stands with regard to Safe Exam Browser; nothing where the sitting does not ask for it.
    pub browser: Option<Standing>,
}

/// A released result with its letter.
pub struct ReleasedLetter {
    /// The letter.
    pub letter: Letter,
    /// The sitting.
    pub sitting: Sitting,
    /// Whose.
    pub association: Association,
    /// When it was released.
    pub released_at: Instant,
}

impl Examinee {
    /// Own exams, newest seat first; agreements in that language.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn exams(&self, locale: &'static str) -> Result<Vec<Exam>, Error> {
        let (session, base) = (self.0.session.clone(), self.0.office.base_url.clone());
        self.0
            .read(move |tx, me| {
                let released = released(tx, &me.person)?;
                let seats = tx.registrations_of(&me.person)?;
                seats
                    .into_iter()
                    .map(|seat| {
                        let seeing = judged(seeing(tx, &seat, &session, &base, &Shown::default()))?;
                        let course = course(tx, seat)?;
                        exam(tx, course, locale, &released, standing(&seeing))
                    })
                    .collect()
            })
            .await
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn exam(&self, id: &RegistrationId, locale: &'static str, shown: &Shown) -> Result<Exam, Error> {
        let (id, shown) = (id.clone(), shown.clone());
        let (session, base) = (self.0.session.clone(), self.0.office.base_url.clone());
        let (exam, found) = self
            .0
            .read(move |tx, me| {
                let registration = own_registration(tx, &me.person, &id)?;
                let (seeing, found) = shown_by_page(tx, &registration, &session, &base, &shown)?;
                let course = course(tx, registration)?;
                let released = released(tx, &me.person)?;
                Ok((exam(tx, course, locale, &released, seeing)?, found))
            })
            .await?;
        self.browser_note(found, true).await?;
        Ok(exam)
    }

    /// A part that was started. One whose time is up is closed first, if the clerk has not been here yet.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn sheet(&self, id: &AttemptId, shown: &Shown) -> Result<Sheet, Error> {
        let found = self.sheet_as_is(id, shown).await?;
        if found.attempt.receipt.is_some() || !found.attempt.clock.is_over(self.0.now()) {
            return Ok(found);
        }
        self.submit(id).await?;
        self.sheet_as_is(id, shown).await
    }

    async fn sheet_as_is(&self, id: &AttemptId, shown: &Shown) -> Result<Sheet, Error> {
        let (id, shown) = (id.clone(), shown.clone());
        let (session, base) = (self.0.session.clone(), self.0.office.base_url.clone());
        let (sheet, found) = self
            .0
            .read(move |tx, me| {
                let (attempt, registration) = own_attempt(tx, &me.person, &id)?;
                let (browser, found) = shown_by_page(tx, &registration, &session, &base, &shown)?;
                let course = course(tx, registration)?;
                let last_saved_at = tx.answers_counted(&id)?.iter().map(|answer| answer.saved_at).max().map(Instant);
                let asked = match attempt.part {
                    Part::One => i64::try_from(attempt.limits.len()).unwrap_or(i64::MAX),
                    Part::Two => course.sitting.terms.two_answer,
                };
                let (late, next) = (own_late(tx, &id)?, next(&course.start, tx.now()));
                let breaks = breaks_arranged(tx, &course)?;
                let practice = course.registration.practice;
                let receipt = attempt.receipt.clone().map(|first| tx.receipt_newest(first)).transpose()?;
                let closing_reason = tx.proctor_closing(&id)?;
                let sheet = Sheet {
                    closing_reason,
                    receipt,
                    attempt,
                    sitting: course.sitting,
                    asked,
                    last_saved_at,
                    late,
                    next,
                    breaks,
                    practice,
                    browser,
                };
                Ok((sheet, found))
            })
            .await?;
        self.browser_note(found, true).await?;
        Ok(sheet)
    }

    /// How a seat stands, for a page that waits.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn standing(&self, id: &RegistrationId) -> Result<SeatStanding, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let registration = own_registration(tx, &me.person, &id)?;
                let course = course(tx, registration)?;
                let awaits_admission = course.start.identity_check && !course.start.admitted;
                Ok(SeatStanding { next: next(&course.start, tx.now()).as_str(), awaits_admission })
            })
            .await
    }

    /// The letter of a released result.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's, and while it is not released.
    pub async fn letter(&self, id: &RegistrationId) -> Result<ReleasedLetter, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let results = tx.results_of_person(&me.person)?;
                let found = results.into_iter().find(|out| out.record.registration == id);
                let out = found.ok_or(Refusal::NotFound)?;
                let registration = tx.registration(&id)?;
                let course = course(tx, registration)?;
                let mut letter = letter(tx, &course, out.record.clone(), Some(&out.release))?;
                letter.appeal_until = appeal_until(tx, &course.sitting, &out)?;
                let association = association_of(tx, &course.sitting)?;
                Ok(ReleasedLetter { letter, sitting: course.sitting, association, released_at: out.released_at })
            })
            .await
    }
}

fn released(tx: &mut Tx<'_, Sighted>, who: &PersonId) -> Result<Vec<RegistrationId>, Error> {
    Ok(tx.results_of_person(who)?.into_iter().map(|out| out.record.registration).collect())
}

/// How the session of a page stands, and the proof that is worth writing down.
fn shown_by_page(
    tx: &mut Tx<'_, Sighted>,
    seat: &Registration,
    session: &SessionId,
    base: &str,
    shown: &Shown,
) -> Result<(Option<Standing>, ToNote), Error> {
    let seeing = judged(seeing(tx, seat, session, base, shown))?;
    let found = match &seeing {
        Ok(permit) => to_note(tx, &seat.id, session, permit, true)?,
        Err(_) => None,
    };
    Ok((standing(&seeing), found))
}

fn exam(
    tx: &mut Tx<'_, Sighted>,
    course: Course,
    locale: &str,
    released: &[RegistrationId],
    browser: Option<Standing>,
) -> Result<Exam, Error> {
    let now = tx.now();
    Ok(Exam {
        association: association_of(tx, &course.sitting)?,
        agreement: tx.agreement_in_force(locale)?,
        accommodation: arrangement_of(tx, &course)?,
        next: next(&course.start, now),
        released: released.contains(&course.registration.id),
        browser,
        course,
        now,
    })
}
