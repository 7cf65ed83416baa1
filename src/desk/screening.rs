//! Screening before any routing: the clerk, or whoever allocates first, has every script looked through; a coordinator
//! decides each finding. The coordinator may know who wrote; no mark passes through here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::coordinator::Coordinator;
use super::facts::sitting_for;
use crate::domain::bank::Vignette;
use crate::domain::ids::{FindingId, PersonId, ScriptId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::domain::screening::{Finding, FindingKind, Known, Reason, SELF, masked, screen};
use crate::store::audit::Entry;
use crate::store::marking::Script;
use crate::store::screening::{Decision, KeptFinding, passage, to_mask};
use crate::store::{Error, Sighted, Tx};

/// How much of the text around a passage is shown at the most on either side, in characters.
const AROUND: usize = 120;
/// The longest passage that is marked by hand, in characters.
const LONGEST_BY_HAND: usize = 500;
/// The most findings of one script, those marked by hand among them.
const MOST_IN_SCRIPT: usize = 600;

/// A finding as a coordinator sees it: in its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    /// Which.
    pub id: FindingId,
    /// In which script.
    pub script: ScriptId,
    /// What it tells.
    pub kind: FindingKind,
    /// The text before it.
    pub before: String,
    /// The passage.
    pub passage: String,
    /// The text after it.
    pub after: String,
    /// Where it begins in the script, in characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Why it was marked.
    pub reason: Reason,
    /// The same in words.
    pub detail: String,
    /// Whether hardly anything else can be meant.
    pub confident: bool,
    /// What was decided.
    pub decision: Option<Decision>,
    /// What reviewers see in its place, or would.
    pub mask: String,
}

/// A script with what was found in it.
#[derive(Debug, Clone)]
pub struct ScreenedScript {
    /// Which.
    pub script: ScriptId,
    /// The vignette's title.
    pub vignette: String,
    /// Who wrote it.
    pub writer: String,
    /// Whether somebody was given it to read: then nothing can be decided any more.
    pub given_out: bool,
    /// What was found.
    pub findings: Vec<FindingView>,
}

/// A script with its text, for who looks for what the screen missed.
#[derive(Debug, Clone)]
pub struct ScriptText {
    /// The script with its findings.
    pub screened: ScreenedScript,
    /// In which sitting.
    pub sitting: SittingId,
    /// What was written.
    pub original: String,
    /// What reviewers read by the decisions so far.
    pub shown: String,
}

impl Coordinator {
    /// Every script of a sitting with what was found in it; what was not screened yet is screened now.
    ///
    /// # Errors
    /// [`NotFound`](Refusal::NotFound).
    pub async fn screening(&self, id: &SittingId) -> Result<Vec<ScreenedScript>, Error> {
        let wanted = id.clone();
        let list = move |tx: &mut Tx<'_, Sighted>, scripts: &[Script]| -> Result<Vec<ScreenedScript>, Error> {
            let ids: Vec<ScriptId> = scripts.iter().map(|s| s.id.clone()).collect();
            let mut found = tx.screened(&ids)?;
            scripts.iter().map(|s| screened_script(tx, s, found.remove(&s.id).unwrap_or_default())).collect()
        };
        let look = move |tx: &mut Tx<'_, Sighted>, me: &crate::domain::rights::Authority| {
            sitting_for(tx, me, Act::RunSittings, &wanted)?;
            tx.scripts_in(&wanted)
        };
        let looked = look.clone();
        let ready = self
            .0
            .read(move |tx, me| {
                let scripts = looked(tx, me)?;
                let ids: Vec<ScriptId> = scripts.iter().map(|s| s.id.clone()).collect();
                let done = tx.screened(&ids)?.len() == ids.len();
                Ok(done)
            })
            .await?;
        if !ready {
            let looked = look.clone();
            self.0
                .write(move |tx, me| {
                    let scripts = looked(tx, me)?;
                    screen_pending(tx, &scripts)
                })
                .await?;
        }
        self.0
            .read(move |tx, me| {
                let scripts = look(tx, me)?;
                list(tx, &scripts)
            })
            .await
    }

    /// Decides a finding, or takes the decision back: then what was marked by hand is no finding any more.
    ///
    /// # Errors
    /// [`NotFound`](Refusal::NotFound), [`ScriptAllocated`](Refusal::ScriptAllocated).
    pub async fn screening_decide(&self, id: &FindingId, decision: Option<Decision>) -> Result<FindingView, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let kept = tx.finding(&id)?;
                let script = changeable(tx, me, &kept.script)?;
                decide(tx, me, &script, std::slice::from_ref(&kept), decision)?;
                let (original, _) = tx.script_original(&kept.script)?;
                let mut all = tx.screened(std::slice::from_ref(&kept.script))?.remove(&kept.script).unwrap_or_default();
                if !all.iter().any(|f| f.id == id) {
                    all.push(KeptFinding { decision: None, ..kept });
                }
                views(&original, &all).into_iter().find(|view| view.id == id).ok_or_else(|| Refusal::NotFound.into())
            })
            .await
    }

    /// Decides everything in a script that is undecided.
    ///
    /// # Errors
    /// As [`screening_decide`](Self::screening_decide).
    pub async fn screening_decide_all(&self, id: &ScriptId, decision: Decision) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let script = changeable(tx, me, &id)?;
                let mut all = tx.screened(std::slice::from_ref(&id))?.remove(&id).unwrap_or_default();
                all.retain(|kept| kept.decision.is_none());
                decide(tx, me, &script, &all, Some(decision))?;
                Ok(script.sitting)
            })
            .await
    }

    /// Masks every occurrence of a passage that the screen missed.
    ///
    /// # Errors
    /// [`Invalid`](Refusal::Invalid) when it does not stand in the script; as
    /// [`screening_decide`](Self::screening_decide).
    pub async fn screening_mark(
        &self,
        sitting: &SittingId,
        id: &ScriptId,
        passage: &str,
        kind: FindingKind,
    ) -> Result<Vec<FindingView>, Error> {
        let (sitting, id, wanted) = (sitting.clone(), id.clone(), passage.trim().to_owned());
        self.0
            .write(move |tx, me| {
                sitting_for(tx, me, Act::RunSittings, &sitting)?;
                let script = changeable(tx, me, &id)?;
                if script.sitting != sitting {
                    return Err(Refusal::NotFound.into());
                }
                screen_pending(tx, std::slice::from_ref(&script))?;
                let (original, _) = tx.script_original(&id)?;
                let before = tx.screened(std::slice::from_ref(&id))?.remove(&id).unwrap_or_default();
                let new = by_hand(&original, &before, &wanted, kind)?;
                let mut added = Vec::new();
                for finding in new {
                    let id = tx.finding_add(&script.id, &finding)?;
                    added.push(KeptFinding { id, script: script.id.clone(), finding, decision: None });
                }
                decide(tx, me, &script, &added, Some(Decision::Mask))?;
                let all = tx.screened(std::slice::from_ref(&id))?.remove(&id).unwrap_or_default();
                let mut shown = views(&original, &all);
                shown.retain(|view| added.iter().any(|kept| kept.id == view.id));
                Ok(shown)
            })
            .await
    }

    /// A script with its whole text.
    ///
    /// # Errors
    /// [`NotFound`](Refusal::NotFound).
    pub async fn screening_script(&self, id: &ScriptId) -> Result<ScriptText, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let script = tx.script(&id)?.ok_or(Refusal::NotFound)?;
                sitting_for(tx, me, Act::RunSittings, &script.sitting)?;
                let found = tx.screened(std::slice::from_ref(&id))?.remove(&id).unwrap_or_default();
                let (original, _) = tx.script_original(&id)?;
                let shown = masked(&original, &to_mask(&found)).0;
                let screened = screened_script(tx, &script, found)?;
                Ok(ScriptText { screened, sitting: script.sitting, original, shown })
            })
            .await
    }
}

/// A script that the asker may change the masks of.
fn changeable(tx: &mut Tx<'_, Sighted>, me: &crate::domain::rights::Authority, id: &ScriptId) -> Result<Script, Error> {
    let script = tx.script(id)?.ok_or(Refusal::NotFound)?;
    sitting_for(tx, me, Act::RunSittings, &script.sitting)?;
    if tx.script_given_out(id)? {
        return Err(Refusal::ScriptAllocated.into());
    }
    Ok(script)
}

fn decide(
    tx: &mut Tx<'_, Sighted>,
    me: &crate::domain::rights::Authority,
    script: &Script,
    findings: &[KeptFinding],
    decision: Option<Decision>,
) -> Result<(), Error> {
    let sitting = tx.sitting(&script.sitting)?;
    for kept in findings.iter().filter(|kept| kept.decision != decision || decision.is_none()) {
        if decision.is_none() && kept.finding.reason == Reason::ByHand {
            tx.finding_remove(&kept.id)?;
        } else {
            tx.finding_decide(&kept.id, decision, &me.person)?;
        }
        tx.audit(Entry {
            association: Some(sitting.association.clone()),
            actor: me.person.0.clone(),
            act: "screening.decide",
            subject: kept.id.0.clone(),
            detail: json!({ "script": script.id, "kind": kept.finding.kind, "reason": kept.finding.reason, "decision": decision }),
        })?;
    }
    tx.script_mask(&script.id)
}

/// A passage wherever it stands whole and is not marked yet.
fn by_hand(original: &str, before: &[KeptFinding], wanted: &str, kind: FindingKind) -> Result<Vec<Finding>, Error> {
    let characters = wanted.chars().count();
    if characters == 0 || characters > LONGEST_BY_HAND {
        return Err(Refusal::invalid("/passage", format!("between 1 and {LONGEST_BY_HAND} characters")).into());
    }
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let whole = |start: usize, end: usize| {
        let inner = original[..start].chars().next_back().filter(|_| letter(wanted.chars().next()));
        let outer = original[end..].chars().next().filter(|_| letter(wanted.chars().next_back()));
        !letter(inner) && !letter(outer)
    };
    let subject = if kind == FindingKind::OwnName { SELF.to_owned() } else { wanted.to_lowercase() };
    let places = original.match_indices(wanted).map(|(start, found)| (start, start + found.len()));
    let kept = || before.iter().filter(|f| f.decision != Some(Decision::Dismiss));
    let free = |start: usize, end: usize| kept().all(|f| f.finding.end <= start || end <= f.finding.start);
    let found: Vec<Finding> = places
        .filter(|(start, end)| whole(*start, *end) && free(*start, *end))
        .take(MOST_IN_SCRIPT.saturating_sub(before.len()))
        .map(|(start, end)| Finding {
            kind,
            start,
            end,
            subject: subject.clone(),
            reason: Reason::ByHand,
            confident: true,
        })
        .collect();
    if found.is_empty() {
        let detail = "does not stand in the script as a whole, or is marked already";
        return Err(Refusal::invalid("/passage", detail).into());
    }
    Ok(found)
}

/// What the screen finds in a script.
pub(super) fn findings_of(tx: &mut Tx<'_, Sighted>, script: &Script) -> Result<Vec<Finding>, Error> {
    let (original, _) = tx.script_original(&script.id)?;
    let vignette = tx.vignette(&script.vignette.0, script.vignette.1)?;
    found_in(tx, &original, &vignette, &script.examinee)
}

/// What the screen finds in an answer to that vignette by that person.
pub(super) fn found_in(
    tx: &mut Tx<'_, Sighted>,
    text: &str,
    vignette: &Vignette,
    writer: &PersonId,
) -> Result<Vec<Finding>, Error> {
    let facts = tx.person_facts(writer)?;
    let writer = tx.person(writer)?;
    let known = Known { name: &writer.name, email: &writer.email, employer: writer.employer.as_deref(), facts: &facts };
    let mut context = vec![vignette.title.as_str(), vignette.scenario.as_str()];
    context.extend(vignette.prompts.iter().map(String::as_str));
    Ok(screen(text, &known, &context))
}

/// Screens those of these scripts that were not screened yet.
pub(super) fn screen_pending(tx: &mut Tx<'_, Sighted>, scripts: &[Script]) -> Result<(), Error> {
    let ids: Vec<ScriptId> = scripts.iter().map(|s| s.id.clone()).collect();
    let done = tx.screened(&ids)?;
    for script in scripts.iter().filter(|s| !done.contains_key(&s.id)) {
        let found = findings_of(tx, script)?;
        tx.script_screened(&script.id, &found)?;
    }
    Ok(())
}

/// How many passages of each of these scripts wait for a decision; those of which none does are not in it.
pub(super) fn undecided(tx: &mut Tx<'_, Sighted>, scripts: &[Script]) -> Result<BTreeMap<ScriptId, usize>, Error> {
    let ids: Vec<ScriptId> = scripts.iter().map(|s| s.id.clone()).collect();
    let done = tx.screened(&ids)?;
    let mut waiting = BTreeMap::new();
    for script in scripts {
        let count = match done.get(&script.id) {
            Some(found) => found.iter().filter(|kept| kept.decision.is_none()).count(),
            // Not screened yet, as in a rehearsal right after the end: looked through without keeping what is found.
            None => findings_of(tx, script)?.len(),
        };
        if count > 0 {
            waiting.insert(script.id.clone(), count);
        }
    }
    Ok(waiting)
}

fn screened_script(
    tx: &mut Tx<'_, Sighted>,
    script: &Script,
    found: Vec<KeptFinding>,
) -> Result<ScreenedScript, Error> {
    let (original, _) = tx.script_original(&script.id)?;
    Ok(ScreenedScript {
        script: script.id.clone(),
        vignette: tx.vignette(&script.vignette.0, script.vignette.1)?.title,
        writer: tx.person(&script.examinee)?.name,
        given_out: tx.script_given_out(&script.id)?,
        findings: views(&original, &found),
    })
}

/// The findings of one script as they are shown.
fn views(original: &str, found: &[KeptFinding]) -> Vec<FindingView> {
    // The masks are counted over what is masked; a passage that is not shows the mask that it would get among them.
    let chosen: Vec<&KeptFinding> = found.iter().filter(|kept| kept.decision != Some(Decision::Dismiss)).collect();
    let all: Vec<_> = chosen.iter().map(|kept| passage(&kept.finding)).collect();
    let masks: BTreeMap<&FindingId, String> =
        chosen.iter().map(|kept| &kept.id).zip(masked(original, &all).1).collect();
    found
        .iter()
        .filter_map(|kept| {
            let Finding { kind, start, end, reason, confident, .. } = kept.finding;
            let (before, passage, after) = (original.get(..start)?, original.get(start..end)?, original.get(end..)?);
            let first = before.chars().count();
            Some(FindingView {
                id: kept.id.clone(),
                script: kept.script.clone(),
                kind,
                before: tail(before),
                passage: passage.to_owned(),
                after: head(after),
                start: first,
                end: first + passage.chars().count(),
                reason,
                detail: reason.sentence().to_owned(),
                confident,
                decision: kept.decision,
                mask: masks.get(&kept.id).cloned().unwrap_or_default(),
            })
        })
        .collect()
}

/// The end of a text from the beginning of its last sentence on.
fn tail(text: &str) -> String {
    let from =
        text.char_indices().rev().take(AROUND).take_while(|(_, c)| *c != '\n').last().map_or(text.len(), |(i, _)| i);
    let near = &text[from..];
    let sentence =
        near.char_indices().rev().find(|(i, c)| matches!(c, '.' | '!' | '?') && near[i + 1..].starts_with(' '));
    near[sentence.map_or(0, |(i, _)| i + 1)..].trim_start().to_owned()
}

/// The beginning of a text up to the end of its first sentence.
fn head(text: &str) -> String {
    let to = text.char_indices().take(AROUND).find(|(_, c)| *c == '\n').map(|(i, _)| i);
    let to = to.or_else(|| text.char_indices().nth(AROUND).map(|(i, _)| i)).unwrap_or(text.len());
    let near = &text[..to];
    let sentence =
        near.char_indices().find(|(i, c)| matches!(c, '.' | '!' | '?') && near[i + 1..].starts_with([' ', '”', '"']));
    near[..sentence.map_or(near.len(), |(i, _)| i + 1)].trim_end().to_owned()
}
