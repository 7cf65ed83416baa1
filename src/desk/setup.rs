//! The examinee's desk, as the exam room needs it beside the answers: preferences, notes on the paper, earlier versions of
//! prose. None of it is ever waited for by an answer, and nobody but the examinee reads it.

use super::examinee::Examinee;
use super::facts::own_attempt;
use super::{Page, Range};
use crate::domain::ids::AttemptId;
use crate::domain::refusal::Refusal;
use crate::domain::setup::{Notes, Preferences};
use crate::store::Error;
use crate::store::setup::Version;

/// The most versions of one page.
const VERSIONS_ON_A_PAGE: i64 = 50;

impl Examinee {
    /// How I like the exam room.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn preferences(&self) -> Result<Preferences, Error> {
        self.0.read(|tx, me| Ok(tx.preferences(&me.person)?.unwrap_or_default())).await
    }

    /// Keeps how I like the exam room.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub async fn preferences_set(&self, new: Preferences) -> Result<Preferences, Error> {
        let session = self.0.session.clone();
        self.0
            .store
            .write_unaudited(&self.0.call, move |tx| {
                let me = tx.authority(&session)?;
                if let Some(problem) = new.problem() {
                    return Err(Refusal::Invalid(vec![problem]).into());
                }
                tx.preferences_set(&me.person, &new)?;
                Ok(new)
            })
            .await
    }

    /// My notes on a paper, with their revision.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn notes(&self, id: &AttemptId) -> Result<(i64, Notes), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                own_attempt(tx, &me.person, &id)?;
                tx.notes(&id)
            })
            .await
    }

    /// Keeps notes on a paper, and returns those that are kept then: these, or some as new or newer.
    ///
    /// # Errors
    /// [`Refusal::PartClosed`], [`Refusal::Invalid`]; [`Refusal::NotFound`] for anybody else's.
    pub async fn notes_save(&self, id: &AttemptId, revision: i64, new: Notes) -> Result<(i64, Notes), Error> {
        let (id, session) = (id.clone(), self.0.session.clone());
        self.0
            .store
            .write_unaudited(&self.0.call, move |tx| {
                let me = tx.authority(&session)?;
                let (attempt, _) = own_attempt(tx, &me.person, &id)?;
                let problems = new.problems(attempt.limits.len());
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                if attempt.clock.is_over(tx.now()) {
                    return Err(Refusal::PartClosed { late: false }.into());
                }
                tx.notes_save(&id, revision, &new)?;
                tx.notes(&id)
            })
            .await
    }

    /// Earlier versions of my prose at a position, the newest first; `after` in the range is a revision.
    ///
    /// # Errors
    /// [`Refusal::NoSuchPosition`] where no prose is written; [`Refusal::NotFound`] for anybody else's.
    pub async fn versions(&self, id: &AttemptId, position: i64, range: Range) -> Result<Page<Version>, Error> {
        let id = id.clone();
        let before = match range.after.as_str() {
            "" => i64::MAX,
            after => after.parse().map_err(|_| Refusal::invalid("/after", "not the end of a page"))?,
        };
        let range = Range { limit: range.limit.min(VERSIONS_ON_A_PAGE), ..range };
        self.0
            .read(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &id)?;
                let at = usize::try_from(position).ok().and_then(|p| p.checked_sub(1));
                if at.and_then(|at| attempt.limits.get(at)).is_none_or(|limit| *limit == 0) {
                    return Err(Refusal::NoSuchPosition.into());
                }
                let versions = tx.versions(&id, position, before, range.probe())?;
                Ok(range.page(versions, |v| v.revision.to_string()))
            })
            .await
    }
}
