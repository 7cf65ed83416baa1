//! The system check of an examinee's device, through a part of practice: the very saves, clock and events of the exam.

use serde::Serialize;
use serde_json::json;

use super::closing::close;
use super::examinee::{Examinee, start_first};
use super::facts::course;
use super::practice::practice_seat;
use super::pulse::Beat;
use super::safe_browser::seeing;
use crate::domain::attempt::{Start, may_start};
use crate::domain::ids::{AttemptId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::safe_browser::Shown;
use crate::domain::system_check::{Finding, Outcome, Probe, judge, passes, problems};
use crate::domain::timing::ClosedBy;
use crate::domain::vocabulary::Part;
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::system_checks::{Report, SystemCheck};
use crate::store::{Error, Sighted, Tx};

/// How many checks the list shows: the newest.
const SHOWN: i64 = 20;

/// A system check as its examinee sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckView {
    /// Which.
    pub id: String,
    /// The attempt to which its answers are saved.
    pub attempt: AttemptId,
    /// When it began, RFC 3339.
    pub begun_at: String,
    /// When it was reported.
    pub finished_at: Option<String>,
    /// Whether the device is fit for the exam.
    pub passed: Option<bool>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What staff see of somebody's last check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckBrief {
    /// When it was reported, RFC 3339.
    pub done_at: String,
    /// Whether the device is fit for the exam.
    pub passed: bool,
    /// What failed.
    pub failed: Vec<Probe>,
    /// What was not tried although it is needed, or is not there.
    pub skipped: Vec<Probe>,
}

impl From<&Report> for CheckBrief {
    fn from(report: &Report) -> Self {
        let which = |outcome| report.findings.iter().filter(|f| f.outcome == outcome).map(|f| f.check).collect();
        Self {
            done_at: report.finished_at.rfc3339(),
            passed: report.passed,
            failed: which(Outcome::Failed),
            skipped: which(Outcome::Skipped),
        }
    }
}

impl Examinee {
    /// Begins a check, or gives the last one again in which nothing was saved yet. Says whether it is new.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`] for who is no examinee; [`Refusal::FormNotPossible`] when the question bank holds nothing
    /// for practice.
    pub async fn check_begin(&self) -> Result<(String, bool), Error> {
        let (session, base) = (self.0.session.clone(), self.0.office.base_url.clone());
        self.0
            .write(move |tx, me| {
                if let Some(check) = unused(tx, &me.person)? {
                    return Ok((check, false));
                }
                let seat = practice_seat(tx, me, "system_check.begin")?;
                let course = course(tx, seat)?;
                let Start::First(permit) = may_start(&course.start, Part::One, tx.now())? else {
                    return Err(Refusal::PartNotReady.into());
                };
                let seeing = seeing(tx, &course.registration, &session, &base, &Shown::default())?;
                start_first(tx, permit, &course, Part::One, &seeing)?;
                Ok((tx.system_check_add(&me.person, &course.registration.id)?, true))
            })
            .await
    }

    /// One of one's own checks.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn check(&self, id: &str) -> Result<CheckView, Error> {
        let id = id.to_owned();
        self.0
            .read(move |tx, me| {
                let check = own_check(tx, &me.person, &id)?;
                view(tx, check)
            })
            .await
    }

    /// Own checks, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn checks(&self) -> Result<Vec<CheckView>, Error> {
        self.0
            .read(|tx, me| {
                let checks = tx.system_checks_of(&me.person, SHOWN)?;
                checks.into_iter().map(|check| view(tx, check)).collect()
            })
            .await
    }

    /// Takes down what was found, as far as it holds, and ends the check. Again: nothing changes.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`] for anybody else's.
    pub async fn check_report(&self, id: &str, findings: Vec<Finding>) -> Result<(), Error> {
        let wrong = problems(&findings);
        if !wrong.is_empty() {
            return Err(Refusal::Invalid(wrong).into());
        }
        let (id, key) = (id.to_owned(), self.0.office.receipts.clone());
        let ended = self
            .0
            .write(move |tx, me| {
                let check = own_check(tx, &me.person, &id)?;
                if check.report.is_some() {
                    return Ok(None);
                }
                let attempt = attempt_of(tx, &check)?;
                let answers = tx.answers(&attempt.id)?;
                let stored: Vec<i64> = answers.iter().filter(|a| !a.is_blank()).map(|a| a.position).collect();
                let judged = judge(&findings, &stored);
                let passed = passes(&judged);
                let (at, by) = if attempt.clock.is_over(tx.now()) {
                    (attempt.clock.deadline, ClosedBy::Deadline)
                } else {
                    (tx.now(), ClosedBy::Examinee)
                };
                close(tx, &key, &attempt, at, by, me.person.as_str())?;
                tx.system_check_finish(&id, passed, &judged)?;
                let sitting = tx.registration(&check.registration)?.sitting;
                let association = tx.sitting(&sitting)?.association;
                tx.audit(Entry {
                    association: Some(association),
                    actor: me.person.0.clone(),
                    act: "system_check.finish",
                    subject: id.clone(),
                    detail: json!({ "passed": passed }),
                })?;
                Ok(Some(attempt.id))
            })
            .await?;
        if let Some(attempt) = ended {
            self.0.office.pulse.tell(Beat::Closed(attempt));
        }
        Ok(())
    }
}

fn own_check(tx: &mut Tx<'_, Sighted>, who: &PersonId, id: &str) -> Result<SystemCheck, Error> {
    let check = tx.system_check(id)?;
    if check.person == *who { Ok(check) } else { Err(Refusal::NotFound.into()) }
}

fn attempt_of(tx: &mut Tx<'_, Sighted>, check: &SystemCheck) -> Result<Attempt, Error> {
    let attempts = tx.attempts_of(&check.registration)?;
    attempts.into_iter().next().ok_or_else(|| Error::stored("system_check: it has no attempt"))
}

/// The newest check, provided that it can still be made use of.
fn unused(tx: &mut Tx<'_, Sighted>, who: &PersonId) -> Result<Option<String>, Error> {
    let Some(check) = tx.system_checks_of(who, 1)?.pop().filter(|check| check.report.is_none()) else {
        return Ok(None);
    };
    let attempt = attempt_of(tx, &check)?;
    // Long enough to go through with it.
    let enough = attempt.clock.remaining_seconds(tx.now()) >= LEAST_SECONDS && !attempt.clock.is_over(tx.now());
    Ok((enough && tx.answers(&attempt.id)?.is_empty()).then_some(check.id))
}

/// How long a check takes at the most, in seconds, if one does it at once.
const LEAST_SECONDS: i64 = 300;

fn view(tx: &mut Tx<'_, Sighted>, check: SystemCheck) -> Result<CheckView, Error> {
    let attempt = attempt_of(tx, &check)?.id;
    let (finished_at, passed, findings) = match check.report {
        Some(report) => (Some(report.finished_at.rfc3339()), Some(report.passed), report.findings),
        None => (None, None, Vec::new()),
    };
    Ok(CheckView { id: check.id, attempt, begun_at: check.begun_at.rfc3339(), finished_at, passed, findings })
}
