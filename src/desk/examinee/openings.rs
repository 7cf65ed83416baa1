//! The pages of an attempt: their opening, their clock, their signs of life.

use super::{ClockView, Examinee, PageView, clock_view};
use crate::desk::facts::own_attempt;
use crate::desk::pulse::Beat;
use crate::domain::ids::AttemptId;
use crate::domain::opening::is_superseded;
use crate::domain::outage::gaps;
use crate::domain::timing::Instant;
use crate::store::attempts::Attempt;
use crate::store::{Call, Error, Sighted, Tx};

/// How often a page's life sign is written down, in seconds.
const CONTACT_STEP_SECONDS: i64 = 15;

impl Examinee {
    /// A page is opened on an attempt: from now on it is the one that goes on with the work. Answers the number of the
    /// opening. A `page` numbers its revisions from it; another program that listens does not.
    ///
    /// # Errors
    /// [`Refusal::NotFound`](crate::domain::refusal::Refusal::NotFound) for anybody else's.
    pub async fn open(&self, id: &AttemptId, page: bool) -> Result<i64, Error> {
        let (wanted, session) = (id.clone(), self.0.session.clone());
        let opening = self
            .0
            .store
            .write_unaudited(&self.0.call, move |tx| {
                let me = tx.authority(&session)?;
                own_attempt(tx, &me.person, &wanted)?;
                tx.attempt_open(&wanted, page)
            })
            .await?;
        self.0.office.pulse.tell(Beat::Opened(id.clone(), opening));
        Ok(opening)
    }

    /// The clock, as the page of that opening is told it. Also tells the board that the examinee's page is alive.
    ///
    /// # Errors
    /// [`Refusal::NotFound`](crate::domain::refusal::Refusal::NotFound) for anybody else's.
    pub async fn clock(&self, id: &AttemptId, opening: Option<i64>) -> Result<ClockView, Error> {
        let wanted = id.clone();
        let (view, stale) = self
            .0
            .read(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &wanted)?;
                let stale = tx.now().seconds_since(attempt.last_contact_at) >= CONTACT_STEP_SECONDS;
                Ok((clock_for(tx, &attempt, opening)?, stale && attempt.receipt.is_none()))
            })
            .await?;
        if stale {
            let (noted, call) = (id.clone(), Call::at(self.0.now()));
            self.0.store.write_unaudited(&call, move |tx| note_contact(tx, &noted)).await?;
        }
        Ok(view)
    }

    /// The clock as a stream of events tells it: what the server sends is no sign of life from the page.
    ///
    /// # Errors
    /// [`Refusal::NotFound`](crate::domain::refusal::Refusal::NotFound) for anybody else's.
    pub async fn clock_unheard(&self, id: &AttemptId, opening: i64) -> Result<ClockView, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &id)?;
                clock_for(tx, &attempt, Some(opening))
            })
            .await
    }
}

/// The clock, and for a page that named its opening how it stands to the others.
fn clock_for(tx: &mut Tx<'_, Sighted>, attempt: &Attempt, opening: Option<i64>) -> Result<ClockView, Error> {
    let mut view = clock_view(tx, attempt)?;
    if let (Some(opening), Some(openings)) = (opening, tx.openings(&attempt.id)?) {
        let taken_over = is_superseded(opening, openings.newest);
        view.page = PageView { taken_over, earlier_saves: openings.earlier_saves };
    }
    Ok(view)
}

/// Notes that an attempt's page was heard of, and as outages the long silences since it last was.
fn note_contact(tx: &mut Tx<'_, Sighted>, id: &AttemptId) -> Result<(), Error> {
    let attempt = tx.attempt(id)?;
    let (last, now) = (attempt.last_contact_at, tx.now());
    if attempt.receipt.is_none() && now.seconds_since(last) >= CONTACT_STEP_SECONDS * 2 {
        let seat = tx.registration(&attempt.registration)?;
        let sitting = tx.sitting(&seat.sitting)?;
        let policy = tx.policy(&sitting.association, sitting.terms.opens_at.min(now))?;
        // A save is a sign of life too.
        let saves = tx.answers(id)?.into_iter().map(|answer| Instant(answer.saved_at));
        let mut signs: Vec<Instant> = saves.filter(|at| *at > last && *at < now).chain([last, now]).collect();
        signs.sort_unstable();
        for gap in gaps(&signs, policy.contact_loss_seconds) {
            tx.outage_add(Some(id), gap)?;
        }
    }
    tx.contact_note(id)
}
