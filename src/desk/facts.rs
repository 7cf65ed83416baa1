//! Facts that several desks load in the same way.

use chrono::NaiveDate;

use crate::domain::accommodation::{Presentation, day_that_counts, holds_on};
use crate::domain::attempt::StartFacts;
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::timing::{ClockFacts, Instant};
use crate::domain::vocabulary::Part;
use crate::store::attempts::Attempt;
use crate::store::people::AccommodationRow;
use crate::store::registrations::Registration;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// A seat with everything that its course depends on.
pub struct Course {
    /// The seat.
    pub registration: Registration,
    /// Where it is.
    pub sitting: Sitting,
    /// Part One, once started.
    pub one: Option<Attempt>,
    /// Part Two, once started.
    pub two: Option<Attempt>,
    /// What decides about starting.
    pub start: StartFacts,
}

impl Course {
    /// The attempt of a part, once started.
    pub fn attempt(&self, part: Part) -> Option<&Attempt> {
        match part {
            Part::One => self.one.as_ref(),
            Part::Two => self.two.as_ref(),
        }
    }
}

/// Loads the course of a seat.
pub fn course(tx: &mut Tx<'_, Sighted>, registration: Registration) -> Result<Course, Error> {
    let sitting = tx.sitting(&registration.sitting)?;
    let policy = tx.policy(&sitting.association, sitting.terms.opens_at.min(tx.now()))?;
    let (mut one, mut two) = (None, None);
    for attempt in tx.attempts_of(&registration.id)? {
        match attempt.part {
            Part::One => one = Some(attempt),
            Part::Two => two = Some(attempt),
        }
    }
    let agreed = match &registration.agreement {
        Some((accepted, _)) => *accepted == tx.agreement_in_force("en")?.0,
        None => false,
    };
    let clock = |attempt: &Option<Attempt>| -> Option<ClockFacts> { attempt.as_ref().map(|a| a.clock) };
    let start = StartFacts {
        kind: sitting.terms.kind,
        opens_at: sitting.terms.opens_at,
        closes_at: sitting.terms.closes_at,
        late_arrival_seconds: policy.late_arrival_seconds,
        late_admission: registration.late_admission_reason.is_some(),
        // Practice shows nothing that would have to be kept secret, and nobody watches it.
        identity_check: policy.identity_check && !registration.practice,
        admitted: registration.admitted_at.is_some(),
        agreed: agreed || registration.practice,
        one: clock(&one),
        two: clock(&two),
        pauses: tx.pauses(&sitting.id)?.iter().map(|pause| pause.span()).collect(),
    };
    Ok(Course { registration, sitting, one, two, start })
}

/// The day by which it is judged whether an arrangement holds for this seat.
pub fn arrangement_day(course: &Course, now: Instant) -> NaiveDate {
    let began_at = course.one.as_ref().map(|one| one.started_at);
    day_that_counts(course.sitting.terms.opens_at, began_at, now, course.sitting.zone())
}

/// What is arranged for the holder of this seat.
pub fn arrangement_of(tx: &mut Tx<'_, Sighted>, course: &Course) -> Result<Option<AccommodationRow>, Error> {
    let day = arrangement_day(course, tx.now());
    tx.accommodation(&course.registration.person, day)
}

/// How the room is laid out for the holder of this seat in a part that started at `started_at`: by what is arranged now,
/// and by what was arranged at any time since the part began, so that nothing is taken from a part that runs.
pub fn presentation_of(tx: &mut Tx<'_, Sighted>, course: &Course, started_at: Instant) -> Result<Presentation, Error> {
    let day = arrangement_day(course, tx.now());
    let arranged = tx.accommodations_since(&course.registration.person, started_at)?;
    let holding = arranged.iter().filter(|row| holds_on(row.expires_on.as_deref(), day));
    Ok(holding.fold(Presentation::default(), |sum, row| sum.or(row.presentation())))
}

/// The seat of that id, if it is this person's own. To everybody else it does not exist.
pub fn own_registration(tx: &mut Tx<'_, Sighted>, who: &PersonId, id: &RegistrationId) -> Result<Registration, Error> {
    let registration = tx.registration(id)?;
    if registration.person == *who && !registration.cancelled {
        Ok(registration)
    } else {
        Err(Refusal::NotFound.into())
    }
}

/// The attempt of that id with its seat, if it is this person's own.
pub fn own_attempt(tx: &mut Tx<'_, Sighted>, who: &PersonId, id: &AttemptId) -> Result<(Attempt, Registration), Error> {
    let attempt = tx.attempt(id)?;
    let registration = own_registration(tx, who, &attempt.registration)?;
    Ok((attempt, registration))
}

/// A sitting on which this person may do `act`; for those who may not even see it, it does not exist. One for practice
/// exists for nobody but who practises in it.
pub fn sitting_for(
    tx: &mut Tx<'_, Sighted>,
    authority: &Authority,
    act: Act,
    id: &SittingId,
) -> Result<Sitting, Error> {
    let sitting = tx.sitting(id)?;
    if tx.sitting_is_practice(id)? {
        return Err(Refusal::NotFound.into());
    }
    authority.require(act, Act::SeeSittings, &sitting.association)?;
    Ok(sitting)
}
