//! The overview: the sittings with where they stand, and what of them needs a coordinator today.

use std::collections::BTreeSet;

use super::admission::{CalibrationWork, work as calibration_work};
use super::appeals::open_appeals;
use super::coordinator::{Coordinator, SittingSummary, summary};
use super::corrections;
use super::forms::{Tried, lacks_form};
use super::panel::{FIRST_READINGS, first_readings};
use super::screening::undecided;
use crate::domain::ids::{AppealId, AttemptId, SittingId};
use crate::domain::retake::day_of;
use crate::domain::rights::{Act, Authority};
use crate::domain::sitting::Stage;
use crate::store::marking::{Reading, ReadingKind, Script};
use crate::store::readings::ReadingState;
use crate::store::releases::Release;
use crate::store::{Error, Sighted, Tx};

/// The most sittings that one page lists.
const MOST_SITTINGS: i64 = 500;
/// The most requests for accommodations that one page lists.
const MOST_REQUESTS: i64 = 50;

/// A sitting in the calendar.
#[derive(Debug, Clone)]
pub struct Scheduled {
    /// The sitting, and how full it is.
    pub summary: SittingSummary,
    /// Where it stands.
    pub stage: Stage,
    /// Whether the bank cannot fill a form that it still needs.
    pub lacks_form: bool,
    /// Whether the asker runs it.
    pub runs: bool,
    /// Whether the asker may see its board.
    pub sees_board: bool,
}

/// A sitting with what of it waits.
#[derive(Debug, Clone)]
pub struct Work {
    /// The sitting.
    pub sitting: Scheduled,
    /// Passages of scripts that wait for a decision.
    pub to_screen: i64,
    /// Scripts without two first readers, those apart that wait for a decision.
    pub scripts_lacking: i64,
    /// Disagreements for which no third reader was found yet.
    pub thirds_lacking: i64,
    /// Readings past their date.
    pub overdue: i64,
    /// Late answers that nobody has decided about.
    pub late: i64,
    /// Corrections of sealed reviews that wait for the asker.
    pub corrections: i64,
    /// Examinees whose every script is settled, and who are in no release yet.
    pub settled: i64,
}

/// What needs somebody today.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The sittings that the asker runs.
    pub work: Vec<Work>,
    /// Releases that wait for the asker as the second person.
    pub waiting: Vec<(Release, SittingId)>,
    /// Appeals that are open and may be seen by the asker, each with the name of who appeals.
    pub appeals: Vec<(AppealId, String)>,
    /// Requests for accommodations that wait, each with the name of who asks.
    pub requests: Vec<(String, String)>,
    /// What of calibration waits, by association.
    pub calibration: Vec<CalibrationWork>,
}

impl Coordinator {
    /// The sittings that one may see, in no order.
    ///
    /// # Errors
    /// [`RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn calendar(&self) -> Result<Vec<Scheduled>, Error> {
        self.0
            .read(|tx, me| {
                let places = me.require_anywhere(Act::SeeSittings)?;
                let mut tried = Tried::default();
                let mut rows = Vec::new();
                for sitting in tx.sittings(&places, "", MOST_SITTINGS)? {
                    let place = sitting.association.clone();
                    let (runs, sees_board) = (me.may(Act::RunSittings, &place), me.may(Act::SeeBoard, &place));
                    let summary = summary(tx, sitting)?;
                    rows.push(scheduled(tx, summary, (runs, sees_board), &mut tried)?);
                }
                Ok(rows)
            })
            .await
    }

    /// What needs the asker today.
    ///
    /// # Errors
    /// [`RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn overview(&self) -> Result<Overview, Error> {
        self.0
            .read(|tx, me| {
                let places = me.require_anywhere(Act::RunSittings)?;
                let mut tried = Tried::default();
                let mut work = Vec::new();
                for sitting in tx.sittings(&places, "", MOST_SITTINGS)? {
                    let summary = summary(tx, sitting)?;
                    let sitting = scheduled(tx, summary, (true, true), &mut tried)?;
                    work.push(work_of(tx, me, sitting)?);
                }
                let waiting = tx.releases_waiting(&places)?.into_iter().filter(|r| r.prepared_by != me.person.0);
                let mut requests = Vec::new();
                for request in tx.requests_waiting(&places, "", MOST_REQUESTS)? {
                    if request.person != me.person {
                        requests.push((request.id, tx.person(&request.person)?.name));
                    }
                }
                let waiting = waiting.map(|r| (r.clone(), SittingId(r.sitting_id))).collect();
                let appeals = open_appeals(tx, me, &places)?;
                Ok(Overview { work, waiting, appeals, requests, calibration: calibration_work(tx, me)? })
            })
            .await
    }
}

fn scheduled(
    tx: &mut Tx<'_, Sighted>,
    summary: SittingSummary,
    (runs, sees_board): (bool, bool),
    tried: &mut Tried,
) -> Result<Scheduled, Error> {
    let stage = summary.stage(tx.now());
    let coming = matches!(stage, Stage::Planned | Stage::Open);
    let lacks_form = coming && runs && lacks_form(tx, &summary.sitting, tried)?;
    Ok(Scheduled { stage, lacks_form, runs, sees_board, summary })
}

fn work_of(tx: &mut Tx<'_, Sighted>, me: &Authority, sitting: Scheduled) -> Result<Work, Error> {
    let mut work = Work {
        sitting,
        to_screen: 0,
        scripts_lacking: 0,
        thirds_lacking: 0,
        overdue: 0,
        late: 0,
        corrections: 0,
        settled: 0,
    };
    let id = work.sitting.summary.sitting.id.clone();
    work.late = tx.late_undecided_in(&id)?.values().sum();
    work.corrections = corrections::waiting(tx, me, &id)?;
    let taken = tx.registrations_taken(&id)?;
    // After an appeal, what was released is marked and released again.
    let reopened = tx.results_reopened(&id)?.iter().any(|(_, seat)| !taken.contains(seat));
    if work.sitting.stage == Stage::Planned || (work.sitting.stage == Stage::Released && !reopened) {
        return Ok(work);
    }
    let today = day_of(tx.now(), work.sitting.summary.sitting.zone()).to_string();
    let scripts = tx.scripts_in(&id)?;
    let ids: Vec<_> = scripts.iter().map(|s| s.id.clone()).collect();
    let readings = tx.readings_of(&ids)?;
    let open = |r: &&Reading| !matches!(r.state, ReadingState::Sealed | ReadingState::Declined);
    work.overdue = count(readings.iter().filter(open).filter(|r| r.due_on < today));
    let new: Vec<Script> = scripts.iter().filter(|s| !readings.iter().any(|r| r.script == s.id)).cloned().collect();
    let waiting = undecided(tx, &new)?;
    work.to_screen = i64::try_from(waiting.values().sum::<usize>()).unwrap_or(i64::MAX);
    let mut unsettled: BTreeSet<AttemptId> = BTreeSet::new();
    for script in &scripts {
        let first: Vec<&Reading> = first_readings(&script.id, &readings).collect();
        let sealed = first.iter().filter(|r| r.state == ReadingState::Sealed).count();
        if sealed >= FIRST_READINGS && tx.settlement(&script.id)?.is_some() {
            continue;
        }
        unsettled.insert(script.attempt.clone());
        work.scripts_lacking += i64::from(first.len() < FIRST_READINGS && !waiting.contains_key(&script.id));
        work.thirds_lacking += i64::from(sealed >= FIRST_READINGS && !has_third(script, &readings));
    }
    let written: BTreeSet<&AttemptId> = scripts.iter().map(|s| &s.attempt).collect();
    let attempts = tx.attempts_in(&id)?;
    let settled = attempts.iter().filter(|a| written.contains(&a.id) && !unsettled.contains(&a.id));
    work.settled = count(settled.filter(|a| !taken.contains(&a.registration)));
    Ok(work)
}

/// Whether somebody has a script's third reading.
fn has_third(script: &Script, readings: &[Reading]) -> bool {
    let third = |r: &Reading| r.script == script.id && r.kind == ReadingKind::Third;
    readings.iter().any(|r| third(r) && r.state != ReadingState::Declined)
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}
