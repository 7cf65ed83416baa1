//! Appeals: an examinee makes one against a released result; a coordinator who took no part decides it on the record of the
//! exam; where answers are marked again, a further round of scripts begins, which readers cannot tell from a first one.
//!
//! Invariants: no reviewer's name and no mark passes through here; whoever was given the scripts neither sees the file nor
//! decides; whoever decides is never given a script of that examinee afterwards.

use serde::Serialize;
use serde_json::json;

use super::closing::score_of;
use super::coordinator::Coordinator;
use super::examinee::{AppealStanding, Examinee};
use super::facts::{Course, arrangement_of, course, own_registration, sitting_for};
use super::panel::look_at;
use super::{Page, Range};
use crate::domain::accommodation::Arrangement;
use crate::domain::appeal::{
    AppealDecision, AppealFacts, AppealState, Ground, Involvement, MAX_REASON_CHARS, MAX_STATEMENT_CHARS, bounded,
    last_day, may_appeal, positions_again,
};
use crate::domain::ids::{AppealId, AssociationId, RegistrationId, ScriptId, SittingId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::ReMarkResult;
use crate::domain::refusal::Refusal;
use crate::domain::retake::day_of;
use crate::domain::rights::{Act, Authority};
use crate::domain::timing::{ClosedBy, Instant, Term};
use crate::domain::vocabulary::{Category, Part, Track};
use crate::store::appeals::{Appeal, Recount, RecountOne, RecountScript};
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::marking::Script;
use crate::store::registrations::Registration;
use crate::store::releases::ResultOut;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

mod file;

pub use file::{AppealFile, Event, EventKind, Marked, PartOnRecord};

/// An appeal as its examinee sees it.
#[derive(Debug, Clone, Serialize)]
pub struct AppealView {
    /// Which.
    pub id: AppealId,
    /// In whose seat.
    pub registration: RegistrationId,
    /// The sitting's title.
    pub sitting: String,
    /// On what ground.
    pub ground: Ground,
    /// What was written.
    pub statement: String,
    /// RFC 3339.
    pub made_at: String,
    /// How it stands.
    pub state: AppealState,
    /// When it was decided or taken back, RFC 3339.
    pub decided_at: Option<String>,
    /// Why so.
    pub reason: Option<String>,
    /// Whether counting again changed anything.
    pub changed: Option<bool>,
}

/// What an examinee needs to know before they appeal.
pub struct Before {
    /// The sitting.
    pub sitting: Sitting,
    /// The last day; nothing when it cannot be appealed.
    pub until: Option<String>,
    /// What a re-mark does to the result.
    pub re_mark_result: ReMarkResult,
    /// The appeals of this seat, newest first.
    pub appeals: Vec<AppealView>,
}

/// An appeal in a list.
#[derive(Debug, Clone, Serialize)]
pub struct AppealBrief {
    /// Which.
    pub id: AppealId,
    /// In whose seat.
    pub registration: RegistrationId,
    /// Who appeals.
    pub name: String,
    /// On what ground.
    pub ground: Ground,
    /// RFC 3339.
    pub made_at: String,
    /// How it stands.
    pub state: AppealState,
    /// When it was decided or taken back, RFC 3339.
    pub decided_at: Option<String>,
}

/// A decision to be made.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// What.
    pub decision: AppealDecision,
    /// What is marked again; all that counts when nothing is named.
    pub positions: Option<Vec<i64>>,
    /// Why; the examinee reads it.
    pub reason: String,
}

impl Examinee {
    /// Appeals against one's own released result.
    ///
    /// # Errors
    /// [`Refusal::AppealClosed`], [`Refusal::AppealExists`], [`Refusal::Invalid`]; [`Refusal::NotFound`] for anybody
    /// else's.
    pub async fn appeal_make(
        &self,
        id: &RegistrationId,
        ground: Ground,
        statement: String,
    ) -> Result<AppealView, Error> {
        let (id, view) = (id.clone(), id.clone());
        self.0
            .write(move |tx, me| {
                let seat = own_registration(tx, &me.person, &id)?;
                let sitting = tx.sitting(&seat.sitting)?;
                let results = tx.results_of_person(&me.person)?;
                let Some(out) = results.into_iter().find(|out| out.record.registration == id) else {
                    return Err(Refusal::AppealClosed.into());
                };
                may_appeal(&facts(tx, &sitting, &out)?)?;
                let appeal = Appeal {
                    id: tx.fresh(),
                    registration: id.clone(),
                    release: out.release,
                    ground,
                    statement: bounded("statement", &statement, MAX_STATEMENT_CHARS)?.to_owned(),
                    made_at: tx.now(),
                    state: AppealState::Open,
                    decided_by: None,
                    decided_at: None,
                    reason: None,
                    round: None,
                    recount: None,
                    reopens: false,
                };
                tx.appeal_add(&appeal)?;
                let parameters = json!({ "sitting": sitting.terms.title, "registration": id });
                tx.message_add(&me.person, "appeal_received", &parameters)?;
                let detail = json!({ "registration": id, "ground": ground });
                audit(tx, me, &sitting, "appeal.make", &appeal.id, detail)
            })
            .await?;
        let newest = self.appeals().await?.into_iter().find(|appeal| appeal.registration == view);
        newest.ok_or_else(|| Error::stored("appeal: missing"))
    }

    /// One's own appeals: those of the newest seat first, and of each the newest first.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn appeals(&self) -> Result<Vec<AppealView>, Error> {
        self.0
            .read(|tx, me| {
                let mut views = Vec::new();
                for seat in tx.registrations_of(&me.person)? {
                    views.extend(own_views(tx, &seat)?);
                }
                Ok(views)
            })
            .await
    }

    /// What there is to know before appealing, and what was appealed.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's seat, and for one that has neither a released result nor an appeal.
    pub async fn appeal_before(&self, id: &RegistrationId) -> Result<Before, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let seat = own_registration(tx, &me.person, &id)?;
                let sitting = tx.sitting(&seat.sitting)?;
                let results = tx.results_of_person(&me.person)?;
                let out = results.iter().find(|out| out.record.registration == id);
                let appeals = own_views(tx, &seat)?;
                if out.is_none() && appeals.is_empty() {
                    return Err(Refusal::NotFound.into());
                }
                let until = out.map(|out| appeal_until(tx, &sitting, out)).transpose()?.flatten();
                let re_mark_result = tx.policy(&sitting.association, sitting.terms.opens_at)?.re_mark_result;
                Ok(Before { sitting, until, re_mark_result, appeals })
            })
            .await
    }

    /// Takes back an appeal of one's own that is open. Says in which seat.
    ///
    /// # Errors
    /// [`Refusal::AppealDecided`]; [`Refusal::NotFound`] for anybody else's.
    pub async fn appeal_withdraw(&self, id: &AppealId) -> Result<RegistrationId, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let mut appeal = tx.appeal(&id)?;
                let seat = own_registration(tx, &me.person, &appeal.registration)?;
                if appeal.state != AppealState::Open {
                    return Err(Refusal::AppealDecided.into());
                }
                (appeal.state, appeal.decided_at) = (AppealState::Withdrawn, Some(tx.now()));
                tx.appeal_settle(&appeal)?;
                let sitting = tx.sitting(&seat.sitting)?;
                audit(tx, me, &sitting, "appeal.withdraw", &id, json!({}))?;
                Ok(seat.id)
            })
            .await
    }
}

fn own_views(tx: &mut Tx<'_, Sighted>, seat: &Registration) -> Result<Vec<AppealView>, Error> {
    let sitting = tx.sitting(&seat.sitting)?.terms.title;
    let view = |appeal: Appeal| AppealView {
        changed: appeal.recount.map(|recount| recount.changed),
        sitting: sitting.clone(),
        id: appeal.id,
        registration: appeal.registration,
        ground: appeal.ground,
        statement: appeal.statement,
        made_at: appeal.made_at.rfc3339(),
        state: appeal.state,
        decided_at: appeal.decided_at.map(Instant::rfc3339),
        reason: appeal.reason,
    };
    Ok(tx.appeals_of(&seat.id)?.into_iter().map(view).collect())
}

fn facts(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, out: &ResultOut) -> Result<AppealFacts, Error> {
    let against =
        |a: &Appeal| a.state == AppealState::Open || (a.release == out.release && a.state != AppealState::Withdrawn);
    let appealed = out.follows_appeal || tx.appeals_of(&out.record.registration)?.iter().any(against);
    Ok(AppealFacts {
        released_on: Some(day_of(out.released_at, sitting.zone())),
        today: day_of(tx.now(), sitting.zone()),
        appeal_days: tx.policy(&sitting.association, sitting.terms.opens_at)?.appeal_days,
        appealed,
    })
}

/// The last day on which a result can be appealed; nothing when it cannot.
pub(super) fn appeal_until(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    out: &ResultOut,
) -> Result<Option<String>, Error> {
    let facts = facts(tx, sitting, out)?;
    let last = facts.released_on.and_then(|day| last_day(day, facts.appeal_days));
    Ok(last.filter(|_| may_appeal(&facts).is_ok()).map(|day| day.to_string()))
}

/// How it stands with an appeal against a result.
pub(super) fn appeal_standing(tx: &mut Tx<'_, Sighted>, out: &ResultOut) -> Result<AppealStanding, Error> {
    let sitting = tx.registration(&out.record.registration)?.sitting;
    let sitting = tx.sitting(&sitting)?;
    let newest = tx.appeals_of(&out.record.registration)?;
    let newest = newest.into_iter().find(|appeal| appeal.state != AppealState::Withdrawn);
    Ok(AppealStanding {
        until: appeal_until(tx, &sitting, out)?,
        state: newest.as_ref().map(|appeal| appeal.state),
        id: newest.map(|appeal| appeal.id),
    })
}

/// The open appeals that somebody may see, each with the name of who appeals.
pub(super) fn open_appeals(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    places: &[AssociationId],
) -> Result<Vec<(AppealId, String)>, Error> {
    let mut found = Vec::new();
    for appeal in tx.appeals_open(places)? {
        let case = case_of(tx, appeal)?;
        if involvement(tx, me, &case)?.may_see().is_ok() {
            found.push((case.appeal.id, tx.person(&case.course.registration.person)?.name));
        }
    }
    Ok(found)
}

/// An appeal with what it is about.
struct Case {
    appeal: Appeal,
    course: Course,
    scripts: Vec<Script>,
}

impl Case {
    fn script_ids(&self) -> Vec<ScriptId> {
        self.scripts.iter().map(|script| script.id.clone()).collect()
    }
}

fn case_of(tx: &mut Tx<'_, Sighted>, appeal: Appeal) -> Result<Case, Error> {
    let registration = tx.registration(&appeal.registration)?;
    let course = course(tx, registration)?;
    let scripts = match &course.two {
        Some(attempt) => tx.scripts_of(&attempt.id)?,
        None => Vec::new(),
    };
    Ok(Case { appeal, course, scripts })
}

fn case_for(tx: &mut Tx<'_, Sighted>, me: &Authority, id: &AppealId) -> Result<Case, Error> {
    let appeal = tx.appeal(id)?;
    let case = case_of(tx, appeal)?;
    sitting_for(tx, me, Act::RunSittings, &case.course.sitting.id)?;
    Ok(case)
}

/// In what somebody took part of all that an appeal is about.
fn involvement(tx: &mut Tx<'_, Sighted>, me: &Authority, case: &Case) -> Result<Involvement, Error> {
    let release = tx.release(&case.appeal.release)?;
    let scripts = case.script_ids();
    let given = tx.readings_of(&scripts)?.iter().any(|reading| reading.reviewer == me.person);
    Ok(Involvement {
        examinee: case.course.registration.person == me.person,
        release: release.prepared_by == me.person.0 || release.approved_by.as_ref() == Some(&me.person.0),
        reading: given || tx.corrected(&me.person, &scripts)?,
        room: tx.took_part_in_room(&me.person, &case.course.registration.id)?,
    })
}

impl Coordinator {
    /// The appeals of a sitting, without those whose file the asker may not see.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn appeals(&self, id: &SittingId, range: Range) -> Result<Page<AppealBrief>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                sitting_for(tx, me, Act::RunSittings, &id)?;
                let page = range.page(tx.appeals_in(&id, &range.after, range.probe())?, |appeal| appeal.id.0.clone());
                let mut items = Vec::new();
                for appeal in page.items {
                    let case = case_of(tx, appeal)?;
                    if involvement(tx, me, &case)?.may_see().is_ok() {
                        let name = tx.person(&case.course.registration.person)?.name;
                        let Appeal { id, registration, ground, made_at, state, decided_at, .. } = case.appeal;
                        let decided_at = decided_at.map(Instant::rfc3339);
                        let made_at = made_at.rfc3339();
                        items.push(AppealBrief { id, registration, name, ground, made_at, state, decided_at });
                    }
                }
                Ok(Page { items, next: page.next })
            })
            .await
    }

    /// The file of an appeal: what it says, and the record of the exam.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`], [`Refusal::OwnCase`], [`Refusal::TookPartInReading`].
    pub async fn appeal(&self, id: &AppealId) -> Result<AppealFile, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let case = case_for(tx, me, &id)?;
                let involvement = involvement(tx, me, &case)?;
                involvement.may_see()?;
                file::file(tx, &case, involvement)
            })
            .await
    }

    /// Decides an appeal.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`], [`Refusal::OwnCase`], [`Refusal::TookPartInReading`],
    /// [`Refusal::TookPartInRelease`], [`Refusal::TookPartInRoom`], [`Refusal::AppealDecided`], [`Refusal::Invalid`].
    pub async fn appeal_decide(&self, id: &AppealId, new: NewDecision) -> Result<AppealFile, Error> {
        let decided = id.clone();
        self.0.write(move |tx, me| decide(tx, me, &decided, &new)).await?;
        self.appeal(id).await
    }
}

fn decide(tx: &mut Tx<'_, Sighted>, me: &Authority, id: &AppealId, new: &NewDecision) -> Result<(), Error> {
    let mut case = case_for(tx, me, id)?;
    involvement(tx, me, &case)?.may_decide()?;
    if case.appeal.state != AppealState::Open {
        return Err(Refusal::AppealDecided.into());
    }
    let reason = bounded("reason", &new.reason, MAX_REASON_CHARS)?.to_owned();
    if new.positions.is_some() && new.decision != AppealDecision::ReMark {
        return Err(Refusal::invalid("/positions", "only what is marked again is named").into());
    }
    match new.decision {
        AppealDecision::Dismiss => {}
        AppealDecision::ReMark => {
            case.appeal.round = Some(mark_again(tx, &case, new.positions.as_deref())?);
            case.appeal.reopens = true;
        }
        AppealDecision::Recount => {
            let recount = count_again(tx, &case)?;
            case.appeal.reopens = recount.changed;
            case.appeal.recount = Some(recount);
        }
    }
    let (seat, sitting) = (&case.course.registration, &case.course.sitting);
    if me.may(Act::Review, &sitting.association) {
        // Who has read the file of an examinee never reads their scripts.
        tx.conflict_add(&me.person, &seat.person, "appeal", Some(tx.now()))?;
    }
    let appeal = &mut case.appeal;
    (appeal.state, appeal.decided_by) = (new.decision.into(), Some(me.person.clone()));
    (appeal.decided_at, appeal.reason) = (Some(tx.now()), Some(reason.clone()));
    tx.appeal_settle(appeal)?;
    let changed = appeal.recount.as_ref().is_some_and(|recount| recount.changed);
    let parameters = json!({
        "sitting": sitting.terms.title, "registration": seat.id, "decision": new.decision, "reason": reason,
        "changed": changed,
    });
    tx.message_add(&seat.person, "appeal_decided", &parameters)?;
    let detail = json!({
        "decision": new.decision, "positions": new.positions, "round": appeal.round, "changed": appeal.reopens,
    });
    audit(tx, me, sitting, "appeal.decide", id, detail)
}

/// Opens a further round of marking, and says which. Its scripts go out with the next allocation, beside whatever else goes
/// out then.
fn mark_again(tx: &mut Tx<'_, Sighted>, case: &Case, named: Option<&[i64]>) -> Result<i64, Error> {
    let bases = tx.result_bases(&case.appeal.release)?;
    let basis = bases.get(&case.appeal.registration);
    let counts =
        |script: &&Script| basis.is_some_and(|basis| basis.iter().any(|one| one.counts && one.script == script.id));
    let mut counted: Vec<i64> = case.scripts.iter().filter(counts).map(|script| script.position).collect();
    counted.sort_unstable();
    let positions = positions_again(&counted, named)?;
    let round = case.scripts.iter().map(|script| script.round).max().unwrap_or_default() + 1;
    for position in positions {
        let of = case.scripts.iter().filter(|script| script.position == position);
        let newest = of.max_by_key(|script| script.round).ok_or_else(|| Error::stored("script: missing"))?;
        tx.script_again(newest, round)?;
    }
    Ok(round)
}

/// Computes both parts again by the rules by which they were computed. What differs is put on record beside what was.
fn count_again(tx: &mut Tx<'_, Sighted>, case: &Case) -> Result<Recount, Error> {
    let mut recount = Recount::default();
    let scored = |attempt: &&Attempt| attempt.receipt.is_some();
    if let Some(attempt) = case.course.one.as_ref().filter(scored) {
        let after = score_of(tx, attempt, case.course.sitting.terms.one_pass_percent)?;
        if let Some(before) = tx.score(&attempt.id)? {
            recount.changed |= before != after;
            if before != after {
                tx.score_add(&attempt.id, &after)?;
            }
            recount.one =
                Some(RecountOne { before: (before.total, before.verdict), after: (after.total, after.verdict) });
        }
    }
    for script in &case.scripts {
        let Some(before) = tx.settlement(&script.id)? else { continue };
        look_at(tx, &script.id)?;
        let after = tx.settlement(&script.id)?;
        recount.changed |= after != Some(before);
        recount.scripts.push(RecountScript { script: script.id.clone(), before, after });
    }
    Ok(recount)
}

fn audit(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    sitting: &Sitting,
    act: &'static str,
    id: &AppealId,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let association = Some(sitting.association.clone());
    tx.audit(Entry { association, actor: me.person.0.clone(), act, subject: id.0.clone(), detail })
}
