//! Late evidence: what a coordinator sees of it beside what counted, their decision, and what follows from it.
//!
//! Invariants: only a coordinator who is no party to the case decides, with a reason, in the audit log; whether a choice
//! is right is neither told nor looked up here; what counts changes only where nobody has built on it yet, and leaves a
//! later receipt behind.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

mod signs;

pub use signs::Sign;
use signs::signs_of;

use super::closing::{close, score_part_one, scripts_of};
use super::coordinator::Coordinator;
use super::examinee::{Examinee, Saved};
use super::facts::{own_attempt, sitting_for};
use super::{Page, Range};
use crate::domain::evidence::{ARRIVED_IN_TIME, Decision, MAX_REASON_CHARS, RecountFacts, Standing, may_recount};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, ScriptId, SittingId};
use crate::domain::receipt::{Amendment, Receipt, ReceiptKey};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::timing::{ClosedBy, InTime, Instant, overtaken};
use crate::domain::vocabulary::Part;
use crate::store::answers::Answer;
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::evidence::{DecidedBy, Evidence, Place, ScriptText};
use crate::store::marking::NewScript;
use crate::store::people::Person;
use crate::store::registrations::Registration;
use crate::store::sittings::{Incident, Sitting};
use crate::store::{Error, Sighted, Tx};

/// What came late to one attempt, for a coordinator.
#[derive(Debug, Clone, Serialize)]
pub struct LateWork {
    /// To which attempt.
    pub attempt: AttemptId,
    /// In whose seat.
    pub registration: RegistrationId,
    /// Who.
    pub person: LatePerson,
    /// Which part.
    pub part: Part,
    /// When time was up, RFC 3339.
    pub deadline: String,
    /// When it was closed, RFC 3339.
    pub closed_at: String,
    /// By whom.
    pub closed_by: ClosedBy,
    /// Signs of why it came late.
    pub signs: Vec<Sign>,
    /// Whether the asker is a party to it: then no answer is shown, and somebody else decides.
    pub own_case: bool,
    /// Why nothing of it can be admitted now, as a refusal's code.
    pub blocked: Option<&'static str>,
    /// Each late answer, by position and revision.
    pub answers: Vec<LateAnswer>,
}

impl LateWork {
    /// How many of its answers nobody has decided about.
    pub fn undecided(&self) -> usize {
        self.answers.iter().filter(|a| a.state == Standing::Undecided).count()
    }
}

/// Who sent it.
#[derive(Debug, Clone, Serialize)]
pub struct LatePerson {
    /// Who.
    pub id: String,
    /// The name.
    pub name: String,
}

/// One late answer beside what counted in its place.
#[derive(Debug, Clone, Serialize)]
pub struct LateAnswer {
    /// The position.
    pub position: i64,
    /// The revision.
    pub revision: i64,
    /// When it arrived, RFC 3339.
    pub arrived_at: String,
    /// How long after the closing of the part, in seconds rounded up; nought where it had arrived before.
    pub late_by_seconds: i64,
    /// What was stored in time, if anything was.
    pub stored: Option<Saved>,
    /// What came late.
    pub late: Option<Saved>,
    /// How it stands.
    pub state: Standing,
    /// Why, once decided.
    pub reason: Option<String>,
    /// Who decided; nobody where the rule of arrival did.
    pub decided_by: Option<String>,
    /// When, RFC 3339.
    pub decided_at: Option<String>,
}

/// A late answer as its examinee is told of it.
#[derive(Debug, Clone, Serialize)]
pub struct OwnLate {
    /// The position.
    pub position: i64,
    /// The revision.
    pub revision: i64,
    /// When it arrived, RFC 3339.
    pub arrived_at: String,
    /// How it stands.
    pub state: Standing,
    /// Why, once decided.
    pub reason: Option<String>,
}

/// A decision to be made.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// About which late answers, by position and revision; about all undecided ones when none is named.
    pub answers: Option<Vec<Place>>,
}

impl Coordinator {
    /// The late work of a sitting, attempt by attempt.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn late_work(&self, id: &SittingId, range: Range) -> Result<(Sitting, Page<LateWork>), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                let with: BTreeSet<AttemptId> = tx.late_in(&id)?.into_keys().filter(|a| *a.0 > *range.after).collect();
                let probe = usize::try_from(range.probe()).unwrap_or(usize::MAX);
                let incidents = tx.incidents(&id)?;
                let released: BTreeSet<RegistrationId> = tx.registrations_in_releases(&id)?.into_iter().collect();
                let mut rows = Vec::new();
                for attempt in with.into_iter().take(probe) {
                    let attempt = tx.attempt(&attempt)?;
                    rows.push(late_work(tx, me, attempt, &incidents, &released)?);
                }
                Ok((sitting, range.page(rows, |row| row.attempt.0.clone())))
            })
            .await
    }

    /// Decides about late answers of an attempt. What counts changes with it, and the receipt and the score or the
    /// scripts follow.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`], [`Refusal::OwnCase`], [`Refusal::Invalid`],
    /// [`Refusal::ResultsReleased`], [`Refusal::ScriptHeld`].
    pub async fn late_decide(&self, id: &AttemptId, new: NewDecision) -> Result<LateWork, Error> {
        let (id, key) = (id.clone(), self.0.office.receipts.clone());
        let written = id.clone();
        self.0.write(move |tx, me| decide(tx, me, &key, &written, &new)).await?;
        self.0
            .read(move |tx, me| {
                let attempt = tx.attempt(&id)?;
                let sitting = tx.registration(&attempt.registration)?.sitting;
                let incidents = tx.incidents(&sitting)?;
                let released = tx.registrations_in_releases(&sitting)?.into_iter().collect();
                late_work(tx, me, attempt, &incidents, &released)
            })
            .await
    }

    /// In which sitting an attempt was made.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn sitting_of_attempt(&self, id: &AttemptId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0.read(move |tx, me| Ok(case_for(tx, me, &id)?.sitting.id)).await
    }
}

impl Examinee {
    /// What of one's own came late, and what became of it.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn late(&self, id: &AttemptId) -> Result<Vec<OwnLate>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &id)?;
                own_late(tx, &attempt.id)
            })
            .await
    }
}

impl Examinee {
    /// Every version of one's own receipt, oldest first; none while the part runs.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn receipts(&self, id: &AttemptId) -> Result<Vec<Receipt>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let first = own_attempt(tx, &me.person, &id)?.0.receipt;
                let mut all: Vec<Receipt> = first.into_iter().collect();
                all.extend(tx.receipts_amended(&id)?);
                Ok(all)
            })
            .await
    }
}

/// What of an attempt came late, as its examinee is told.
pub(super) fn own_late(tx: &mut Tx<'_, Sighted>, id: &AttemptId) -> Result<Vec<OwnLate>, Error> {
    let told = |evidence: Evidence| OwnLate {
        position: evidence.answer.position,
        revision: evidence.answer.revision,
        arrived_at: Instant(evidence.answer.saved_at).rfc3339(),
        state: evidence.standing(),
        reason: evidence.decided.map(|d| d.reason),
    };
    Ok(tx.evidence_of(id)?.into_iter().map(told).collect())
}

/// A closed part with everything that deciding about it needs.
struct Case {
    attempt: Attempt,
    registration: Registration,
    sitting: Sitting,
}

fn case_for(tx: &mut Tx<'_, Sighted>, me: &Authority, id: &AttemptId) -> Result<Case, Error> {
    let attempt = tx.attempt(id)?;
    let registration = tx.registration(&attempt.registration)?;
    // Practice is nobody's but its examinee's.
    if registration.practice {
        return Err(Refusal::NotFound.into());
    }
    let sitting = sitting_for(tx, me, Act::RunSittings, &registration.sitting)?;
    Ok(Case { attempt, registration, sitting })
}

fn case_of(tx: &mut Tx<'_, Sighted>, id: &AttemptId) -> Result<Case, Error> {
    let attempt = tx.attempt(id)?;
    let registration = tx.registration(&attempt.registration)?;
    let sitting = tx.sitting(&registration.sitting)?;
    Ok(Case { attempt, registration, sitting })
}

/// Whether somebody is a party: the writer, or one who was given the writing to read.
fn is_party(tx: &mut Tx<'_, Sighted>, who: &PersonId, attempt: &Attempt, writer: &PersonId) -> Result<bool, Error> {
    if who == writer {
        return Ok(true);
    }
    let scripts: Vec<ScriptId> = tx.scripts_of(&attempt.id)?.into_iter().map(|s| s.id).collect();
    Ok(tx.readings_of(&scripts)?.iter().any(|r| r.reviewer == *who))
}

fn decide(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    key: &ReceiptKey,
    id: &AttemptId,
    new: &NewDecision,
) -> Result<(), Error> {
    let mut case = case_for(tx, me, id)?;
    if is_party(tx, &me.person, &case.attempt, &case.registration.person)? {
        return Err(Refusal::OwnCase.into());
    }
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Refusal::invalid("/reason", format!("between 1 and {MAX_REASON_CHARS} characters")).into());
    }
    let places = places_named(tx, id, new)?;
    if case.attempt.receipt.is_none() && case.attempt.clock.is_over(tx.now()) {
        // Its time is up, and the clerk has not been here yet.
        close(tx, key, &case.attempt, case.attempt.clock.deadline, ClosedBy::Deadline, "clerk")?;
        case.attempt = tx.attempt(id)?;
    }
    let changes = changes(tx, &case, new.decision, &places)?;
    for place in &places {
        tx.late_decide(id, *place, new.decision, reason, &DecidedBy::Person(&me.person))?;
    }
    if me.may(Act::Review, &case.sitting.association) {
        // Who has seen a text beside its writer's name never reads that writer.
        tx.conflict_add(&me.person, &case.registration.person, "late_evidence", Some(tx.now()))?;
    }
    let receipt = match changes {
        Some(changes) => Some(recount(tx, key, &case, changes)?),
        None => None,
    };
    let named: Vec<_> = places.iter().map(|(position, revision)| json!([position, revision])).collect();
    audit_decision(
        tx,
        &case,
        me.person.as_str(),
        &json!({
            "decision": new.decision, "answers": named, "reason": reason,
            "receipt": receipt.as_ref().map(Receipt::version),
        }),
    )?;
    let newest = match (receipt, &case.attempt.receipt) {
        (Some(receipt), _) => receipt,
        (None, Some(first)) => tx.receipt_newest(first.clone())?,
        (None, None) => return Err(Error::stored("attempt: late evidence of a part that is not closed")),
    };
    let parameters = json!({
        "sitting": case.sitting.terms.title, "part": case.attempt.part, "attempt": id, "decision": new.decision,
        "reason": reason, "count": places.len(), "digest": newest.digest, "time_zone": case.sitting.terms.time_zone,
    });
    tx.message_add(&case.registration.person, "late_decision", &parameters)
}

/// The late answers that a decision names: all of them must exist.
fn places_named(tx: &mut Tx<'_, Sighted>, id: &AttemptId, new: &NewDecision) -> Result<Vec<Place>, Error> {
    let evidence = tx.evidence_of(id)?;
    let place = |e: &Evidence| (e.answer.position, e.answer.revision);
    let Some(named) = &new.answers else {
        let open: Vec<Place> = evidence.iter().filter(|e| e.standing() == Standing::Undecided).map(place).collect();
        if open.is_empty() {
            return Err(Refusal::invalid("/answers", "nothing of this attempt waits for a decision").into());
        }
        return Ok(open);
    };
    if let Some(index) = named.iter().position(|n| !evidence.iter().any(|e| place(e) == *n)) {
        return Err(Refusal::invalid(format!("/answers/{index}"), "no such late answer").into());
    }
    let named: BTreeSet<Place> = named.iter().copied().collect();
    if named.is_empty() {
        return Err(Refusal::invalid("/answers", "name at least one").into());
    }
    Ok(named.into_iter().collect())
}

fn audit_decision(tx: &mut Tx<'_, Sighted>, case: &Case, actor: &str, detail: &serde_json::Value) -> Result<(), Error> {
    tx.audit(Entry {
        association: Some(case.sitting.association.clone()),
        actor: actor.to_owned(),
        act: "late.decide",
        subject: case.attempt.id.0.clone(),
        detail: detail.clone(),
    })
}

/// What a decision changes of the scripts.
#[derive(Default)]
struct Changes {
    retext: Vec<(ScriptId, String)>,
    remove: Vec<ScriptId>,
    add: Vec<NewScript>,
}

/// What would change if that were decided about those late answers; nothing when the same answers go on counting.
fn changes(
    tx: &mut Tx<'_, Sighted>,
    case: &Case,
    decision: Decision,
    places: &[Place],
) -> Result<Option<Changes>, Error> {
    let id = &case.attempt.id;
    let before = tx.answers_counted(id)?;
    let mut admitted = tx.late_admitted(id)?;
    admitted.retain(|place| !places.contains(place));
    if decision == Decision::Admit {
        admitted.extend(places);
    }
    let after = tx.answers_overlaid(id, &admitted)?;
    if before == after {
        return Ok(None);
    }
    let released = tx.registrations_in_releases(&case.sitting.id)?.contains(&case.registration.id);
    let (mut changes, mut allocated) = (Changes::default(), false);
    if case.attempt.part == Part::Two && !case.registration.practice {
        let texts = tx.script_texts(id)?;
        let wanted = scripts_of(tx, &case.attempt, &case.registration, &case.sitting, &after)?;
        changes = script_changes(&texts, wanted);
        let text = |id: &ScriptId| texts.iter().find(|t| t.id == *id);
        allocated = changes.retext.iter().any(|(id, _)| text(id).is_some_and(|t| t.held > 0))
            || changes.remove.iter().any(|id| text(id).is_some_and(|t| t.readings > 0))
            // What is marked again stays as it was marked first.
            || tx.scripts_of(id)?.iter().any(|script| script.round > 0);
    }
    may_recount(&RecountFacts { part: case.attempt.part, released, allocated })?;
    Ok(Some(changes))
}

fn script_changes(texts: &[ScriptText], wanted: Vec<NewScript>) -> Changes {
    let mut changes = Changes::default();
    let gone = texts.iter().filter(|t| !wanted.iter().any(|w| w.position == t.position));
    changes.remove = gone.map(|t| t.id.clone()).collect();
    for script in wanted {
        match texts.iter().find(|t| t.position == script.position) {
            Some(text) if text.body == script.body => {}
            Some(text) => changes.retext.push((text.id.clone(), script.body)),
            None => changes.add.push(script),
        }
    }
    changes
}

/// Counts an attempt anew from what counts by now: the next version of its score, or its scripts; and of its receipt.
fn recount(tx: &mut Tx<'_, Sighted>, key: &ReceiptKey, case: &Case, changes: Changes) -> Result<Receipt, Error> {
    let attempt = &case.attempt;
    match attempt.part {
        _ if case.registration.practice => {}
        Part::One => score_part_one(tx, attempt, &case.sitting)?,
        Part::Two => {
            for (id, body) in &changes.retext {
                tx.script_retext(id, body)?;
            }
            changes.remove.iter().try_for_each(|id| tx.script_remove(id))?;
            changes.add.iter().try_for_each(|script| tx.script_add(script))?;
        }
    }
    let first = attempt.receipt.clone().ok_or_else(|| Error::stored("attempt: not closed, and yet counted anew"))?;
    let before = tx.receipt_newest(first)?;
    let closed_at = attempt.clock.closed_at.unwrap_or(attempt.clock.deadline);
    let amendment = Amendment {
        version: before.version() + 1,
        // An answer that was overtaken bears the instant of its arrival, and no receipt is older than the closing.
        issued_at: tx.now().max(closed_at).rfc3339(),
        previous: before.text_digest(),
        admitted: Vec::new(),
    };
    let counted = tx.late_counted(&attempt.id)?;
    let receipt = tx.receipt_for(Receipt { amendment: Some(amendment), ..before }, &counted, key)?;
    tx.receipt_amend(&receipt)?;
    Ok(receipt)
}

/// Admits an answer that had arrived in time and was overtaken by the closing, unless somebody has built on what counted
/// without it: then it waits for a coordinator. Returns whether it counts.
pub(super) fn admit_in_time(
    tx: &mut Tx<'_, Sighted>,
    id: &AttemptId,
    place: Place,
    proof: &InTime,
) -> Result<bool, Error> {
    let case = case_of(tx, id)?;
    match changes(tx, &case, Decision::Admit, &[place]) {
        Ok(_) => {
            tx.late_decide(id, place, Decision::Admit, ARRIVED_IN_TIME, &DecidedBy::Arrival(proof))?;
            Ok(true)
        }
        Err(Error::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Counts an attempt anew after answers that had arrived in time were admitted.
pub(super) fn recount_in_time(tx: &mut Tx<'_, Sighted>, key: &ReceiptKey, id: &AttemptId) -> Result<(), Error> {
    let case = case_of(tx, id)?;
    let changes = if case.attempt.part == Part::Two && !case.registration.practice {
        let answers = tx.answers_counted(id)?;
        script_changes(
            &tx.script_texts(id)?,
            scripts_of(tx, &case.attempt, &case.registration, &case.sitting, &answers)?,
        )
    } else {
        Changes::default()
    };
    let receipt = recount(tx, key, &case, changes)?;
    audit_decision(
        tx,
        &case,
        "clerk",
        &json!({
            "decision": Decision::Admit, "reason": ARRIVED_IN_TIME, "receipt": receipt.version(),
        }),
    )?;
    super::closing::send_receipt(tx, &receipt, &case.registration, &case.sitting)
}

fn late_work(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    attempt: Attempt,
    incidents: &[Incident],
    released: &BTreeSet<RegistrationId>,
) -> Result<LateWork, Error> {
    let registration = tx.registration(&attempt.registration)?;
    let Person { id, name, .. } = tx.person(&registration.person)?;
    let own_case = is_party(tx, &me.person, &attempt, &registration.person)?;
    let stored: BTreeMap<i64, Answer> = tx.answers(&attempt.id)?.into_iter().map(|a| (a.position, a)).collect();
    let evidence = tx.evidence_of(&attempt.id)?;
    let last_save = stored.values().map(|a| Instant(a.saved_at)).max();
    let signs = signs_of(tx, &attempt, &registration, (last_save, &evidence), incidents)?;
    let mut answers = Vec::new();
    for evidence in evidence {
        let stored = stored.get(&evidence.answer.position).filter(|_| !own_case);
        answers.push(late_answer(tx, &attempt, stored, evidence, own_case)?);
    }
    let held = tx.script_texts(&attempt.id)?.iter().any(|t| t.held > 0);
    let facts = RecountFacts { part: attempt.part, released: released.contains(&registration.id), allocated: held };
    Ok(LateWork {
        registration: registration.id,
        person: LatePerson { id, name },
        part: attempt.part,
        deadline: attempt.clock.deadline.rfc3339(),
        closed_at: closed_at(&attempt).rfc3339(),
        closed_by: attempt.receipt.as_ref().map_or(ClosedBy::Deadline, |r| r.closed_by),
        signs,
        own_case,
        blocked: may_recount(&facts).err().map(|refusal| refusal.code()),
        answers,
        attempt: attempt.id,
    })
}

/// When a part whose time is up was closed: by its deadline, until the clerk has written it down.
fn closed_at(attempt: &Attempt) -> Instant {
    attempt.clock.closed_at.unwrap_or(attempt.clock.deadline)
}

fn late_answer(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    stored: Option<&Answer>,
    evidence: Evidence,
    hidden: bool,
) -> Result<LateAnswer, Error> {
    let (answer, arrived) = (&evidence.answer, Instant(evidence.answer.saved_at));
    let decided_by = match evidence.decided.as_ref().and_then(|d| d.by.as_ref()) {
        Some(person) => Some(tx.person(person)?.name),
        None => None,
    };
    let in_time = overtaken(&attempt.clock, arrived).is_some();
    Ok(LateAnswer {
        position: answer.position,
        revision: answer.revision,
        arrived_at: arrived.rfc3339(),
        late_by_seconds: if in_time { 0 } else { arrived.seconds_since(closed_at(attempt)) },
        stored: stored.cloned().map(Saved::from),
        late: (!hidden).then(|| Saved::from(answer.clone())),
        state: evidence.standing(),
        reason: evidence.decided.as_ref().map(|d| d.reason.clone()),
        decided_by,
        decided_at: evidence.decided.as_ref().map(|d| d.at.rfc3339()),
    })
}
