//! Who is admitted to live scripts, as coordinators see and decide it, and how reviewers drift from the reference. Nothing
//! here tells which scripts are benchmarks, and nobody sees figures of their own planted ones.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::calibration::distance;
use super::coordinator::Coordinator;
use crate::domain::bank::Benchmark;
use crate::domain::calibration::drift::{Drift, Point, drift};
use crate::domain::calibration::{Decision, State, state};
use crate::domain::ids::{AssociationId, PersonId, ScriptId};
use crate::domain::panel::Reading as Judged;
use crate::domain::policy::Policy;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::vocabulary::{Strand, spelled};
use crate::store::audit::Entry;
use crate::store::calibration::{Admission, Post};
use crate::store::readings::ReadingState;
use crate::store::sittings::Association;
use crate::store::{Error, Sighted, Tx};

/// The longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 2000;

spelled! {
    /// What a coordinator decides about a reviewer.
    AdmissionChoice {
        /// Live scripts may be given.
        Admit = "admit",
        /// None are given any more; what was given stays.
        Withdraw = "withdraw",
        /// Another set of benchmark scripts is given.
        Again = "again",
    }
}

impl AdmissionChoice {
    fn decision(self) -> Decision {
        match self {
            Self::Admit => Decision::Admitted,
            Self::Withdraw => Decision::Withdrawn,
            Self::Again => Decision::Again,
        }
    }
}

/// How a reviewer stands in a strand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calibrated {
    /// Who.
    pub reviewer: PersonId,
    /// The name.
    pub name: String,
    /// In which strand.
    pub strand: Strand,
    /// How it stands.
    pub state: State,
    /// The newest set, if there is one.
    pub set: Option<SetProgress>,
    /// Who decided last; nobody where the rule did, or nothing is decided.
    pub decided_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When, RFC 3339.
    pub decided_at: Option<String>,
}

/// How far a set is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetProgress {
    /// The how-manieth, from 1.
    pub number: i64,
    /// How many scripts.
    pub scripts: i64,
    /// How many are sealed.
    pub sealed: i64,
    /// What the judgement rests on, once it is judged.
    pub judgement: Option<Judgement>,
}

/// What a judgement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The mean distance of a criterion, in hundredths of a point.
    pub distance_hundredths: i64,
    /// How much was allowed.
    pub most_hundredths: i64,
    /// How many verdicts differed.
    pub misses: i64,
    /// How many might.
    pub most_misses: i64,
}

/// The calibration of an association's reviewers.
pub struct Calibration {
    /// Where.
    pub association: Association,
    /// What is asked.
    pub policy: Policy,
    /// How many benchmark scripts there are of each strand.
    pub supply: BTreeMap<Strand, usize>,
    /// Reviewer by reviewer, by name.
    pub rows: Vec<Calibrated>,
    /// Whether the asker decides here.
    pub may_decide: bool,
}

/// How the reviewers of an association drift.
pub struct Drifts {
    /// Where.
    pub association: Association,
    /// By which rules.
    pub policy: Policy,
    /// Reviewer by reviewer, by name.
    pub rows: Vec<(PersonId, String, Drift)>,
}

/// What of calibration needs a coordinator in an association.
#[derive(Debug, Clone)]
pub struct CalibrationWork {
    /// Where.
    pub association: Association,
    /// How many reviewers wait for a decision, or for benchmark scripts that there are not.
    pub waiting: usize,
    /// How many reviewers are pointed out.
    pub drifting: usize,
}

impl Coordinator {
    /// How the reviewers of an association are calibrated.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn calibration(&self, place: &AssociationId) -> Result<Calibration, Error> {
        let place = place.clone();
        self.0
            .read(move |tx, me| {
                me.require(Act::SeeAgreement, Act::SeeSittings, &place)?;
                calibration(tx, me, &place)
            })
            .await
    }

    /// Decides about a reviewer and a strand.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] without a reason, or where nothing would change; [`Refusal::OwnCase`] about oneself;
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn admission_decide(
        &self,
        post: &Post,
        choice: AdmissionChoice,
        reason: String,
    ) -> Result<Calibrated, Error> {
        let post = post.clone();
        self.0
            .write(move |tx, me| {
                me.require(Act::RunSittings, Act::SeeSittings, &post.association)?;
                let before = row(tx, &post)?;
                refuse(me, &post, choice, &reason, before.state)?;
                tx.admission_add(&post, choice.decision(), Some(&me.person), reason.trim())?;
                if choice != AdmissionChoice::Again {
                    take_back_unbegun(tx, &post)?;
                }
                tx.message_add(&post.person, "calibration_judged", &json!({}))?;
                tx.audit(Entry {
                    association: Some(post.association.clone()),
                    actor: me.person.0.clone(),
                    act: "reviewer.admission",
                    subject: post.person.0.clone(),
                    detail: json!({ "strand": post.strand, "decision": choice }),
                })?;
                row(tx, &post)
            })
            .await
    }

    /// How the reviewers of an association drift from the reference, the asker apart.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn drift(&self, place: &AssociationId) -> Result<Drifts, Error> {
        let place = place.clone();
        self.0
            .read(move |tx, me| {
                me.require(Act::SeeAgreement, Act::SeeSittings, &place)?;
                let association = association(tx, &place)?;
                let policy = tx.policy(&place, tx.now())?;
                let rows = drifts(tx, me, &place, &policy)?;
                Ok(Drifts { association, policy, rows })
            })
            .await
    }
}

fn refuse(me: &Authority, post: &Post, choice: AdmissionChoice, reason: &str, before: State) -> Result<(), Refusal> {
    if post.person == me.person {
        return Err(Refusal::OwnCase);
    }
    if reason.trim().is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Refusal::invalid("/reason", format!("say why, in at most {MAX_REASON_CHARS} characters")));
    }
    let changes = match choice {
        AdmissionChoice::Admit => before != State::Admitted,
        AdmissionChoice::Withdraw => before != State::Withdrawn,
        AdmissionChoice::Again => matches!(before, State::Admitted | State::NotAdmitted | State::Withdrawn),
    };
    if changes { Ok(()) } else { Err(Refusal::invalid("/decision", "it stands so already")) }
}

/// Who is decided about need not begin what is left of their set.
fn take_back_unbegun(tx: &mut Tx<'_, Sighted>, post: &Post) -> Result<(), Error> {
    let Some(set) = tx.calibration_sets(&post.association)?.remove(post).filter(|set| set.outcome.is_none()) else {
        return Ok(());
    };
    for one in tx.calibration_readings(post, set.number)?.iter().filter(|r| r.state == ReadingState::New) {
        tx.reading_take_back(&one.reading)?;
    }
    Ok(())
}

fn association(tx: &mut Tx<'_, Sighted>, place: &AssociationId) -> Result<Association, Error> {
    Ok(tx.associations(Some(std::slice::from_ref(place)))?.pop().ok_or(Refusal::NotFound)?)
}

fn calibration(tx: &mut Tx<'_, Sighted>, me: &Authority, place: &AssociationId) -> Result<Calibration, Error> {
    let association = association(tx, place)?;
    let policy = tx.policy(place, tx.now())?;
    let mut supply: BTreeMap<Strand, usize> = Strand::ALL.iter().map(|strand| (*strand, 0)).collect();
    for (strand, _) in tx.benchmarks_current()? {
        *supply.entry(strand).or_default() += 1;
    }
    let posts = tx.posts(place)?;
    let mut rows = rows(tx, &policy, place, &posts)?;
    rows.sort_by(|a, b| (&a.name, &a.reviewer, a.strand).cmp(&(&b.name, &b.reviewer, b.strand)));
    Ok(Calibration { association, policy, supply, rows, may_decide: me.may(Act::RunSittings, place) })
}

fn row(tx: &mut Tx<'_, Sighted>, post: &Post) -> Result<Calibrated, Error> {
    if !tx.posts(&post.association)?.contains(post) {
        return Err(Refusal::NotFound.into());
    }
    let policy = tx.policy(&post.association, tx.now())?;
    let rows = rows(tx, &policy, &post.association, std::slice::from_ref(post))?;
    Ok(rows.into_iter().next().ok_or(Refusal::NotFound)?)
}

fn rows(
    tx: &mut Tx<'_, Sighted>,
    policy: &Policy,
    place: &AssociationId,
    posts: &[Post],
) -> Result<Vec<Calibrated>, Error> {
    let people: BTreeSet<PersonId> = posts.iter().map(|post| post.person.clone()).collect();
    let mut decided = tx.admissions(&people.into_iter().collect::<Vec<_>>())?;
    let sets = tx.calibration_sets(place)?;
    let benchmarks = tx.benchmarks_current()?;
    let mut rows = Vec::new();
    for post in posts {
        let newest: Option<Admission> = decided.remove(post);
        let set = sets.get(post);
        let seen = tx.benchmarks_seen(&post.person)?;
        let unseen = benchmarks.iter().filter(|(s, one)| *s == post.strand && !seen.contains(&one.id)).count();
        let needed = usize::try_from(policy.calibration_scripts).unwrap_or(0);
        let is_open = set.is_some_and(|set| set.outcome.is_none());
        let decision = newest.as_ref().map(|newest| newest.decision);
        let set = match set {
            Some(set) => {
                let readings = tx.calibration_readings(post, set.number)?;
                Some(SetProgress {
                    number: set.number,
                    scripts: set.scripts,
                    sealed: count(readings.iter().filter(|r| r.state == ReadingState::Sealed).count()),
                    judgement: set.judgement.as_deref().and_then(|text| serde_json::from_str(text).ok()),
                })
            }
            None => None,
        };
        let decided_by = match newest.as_ref().and_then(|newest| newest.decided_by.clone()) {
            Some(who) => Some(tx.person(&who)?.name),
            None => None,
        };
        rows.push(Calibrated {
            name: tx.person(&post.person)?.name,
            reviewer: post.person.clone(),
            strand: post.strand,
            state: state(needed > 0, decision, is_open, unseen >= needed),
            set,
            decided_by,
            reason: newest.as_ref().map(|newest| newest.reason.clone()).filter(|reason| !reason.is_empty()),
            decided_at: newest.map(|newest| newest.decided_at.rfc3339()),
        });
    }
    Ok(rows)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn drifts(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    place: &AssociationId,
    policy: &Policy,
) -> Result<Vec<(PersonId, String, Drift)>, Error> {
    let mut benchmarks: BTreeMap<ScriptId, Option<Benchmark>> = BTreeMap::new();
    let mut points: BTreeMap<PersonId, Vec<Point>> = BTreeMap::new();
    for one in tx.benchmark_readings(place)? {
        // A coordinator who reads as well is not to learn how many benchmarks were among their scripts.
        if one.reviewer == me.person {
            continue;
        }
        if !benchmarks.contains_key(&one.script) {
            let found = tx.benchmark_of(&one.script)?;
            benchmarks.insert(one.script.clone(), found);
        }
        let Some(Some(benchmark)) = benchmarks.get(&one.script) else { continue };
        let Some(verdict) = one.marks.verdict else { continue };
        let own = Judged { scores: one.marks.scores, verdict };
        let distance = distance(tx, &own, benchmark)?;
        let point = Point { sealed_at: one.sealed_at, planted: one.planted, distance };
        points.entry(one.reviewer).or_default().push(point);
    }
    let mut rows = Vec::new();
    for (who, points) in points {
        rows.push((who.clone(), tx.person(&who)?.name, drift(points, policy)));
    }
    rows.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    Ok(rows)
}

/// What of calibration needs the asker, in the associations that they run.
pub(super) fn work(tx: &mut Tx<'_, Sighted>, me: &Authority) -> Result<Vec<CalibrationWork>, Error> {
    let mut found = Vec::new();
    for association in tx.associations(Some(&me.associations(Act::RunSittings)))? {
        let place = AssociationId(association.id.clone());
        let policy = tx.policy(&place, tx.now())?;
        if policy.calibration_scripts == 0 && policy.planted_per_hundred == 0 {
            continue;
        }
        let posts = tx.posts(&place)?;
        let rows = rows(tx, &policy, &place, &posts)?;
        let waits = |row: &&Calibrated| matches!(row.state, State::NotAdmitted | State::Lacking);
        let waiting = rows.iter().filter(waits).map(|row| &row.reviewer).collect::<BTreeSet<_>>().len();
        let drifts = drifts(tx, me, &place, &policy)?;
        let drifting = drifts.iter().filter(|(.., drift)| !drift.concerns.is_empty()).count();
        if waiting + drifting > 0 {
            found.push(CalibrationWork { association, waiting, drifting });
        }
    }
    Ok(found)
}
