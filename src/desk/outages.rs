//! Outages that were measured propose their own credit; a person approves it, or dismisses it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Office;
use super::coordinator::{Moved, grant};
use super::facts::sitting_for;
use super::proctor::Proctor;
use super::pulse::Beat;
use crate::domain::ids::{AttemptId, SittingId};
use crate::domain::outage::{AWAY_SECONDS, Gap, OutageDecision, OutageKind, lost_seconds};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::domain::stop::Span;
use crate::domain::timing::{Instant, MAX_CREDIT_SECONDS};
use crate::store::attempts::{Attempt, Credit};
use crate::store::audit::Entry;
use crate::store::outages::Outage;
use crate::store::sittings::Sitting;
use crate::store::{Call, Error, Sighted, Tx};

/// How often the server's heartbeat is written down, in seconds.
const BEAT_SECONDS: i64 = 5;

/// Writes the server's heartbeat down, and the outage that a long silence before it was. Returns whether it was due.
///
/// # Errors
/// A fault of the database.
pub async fn beat(office: &Office, now: Instant) -> Result<bool, Error> {
    let last = office.store.read(now, |tx| tx.heartbeat()).await?;
    if last.is_some_and(|last| now.0 - last.0 < BEAT_SECONDS * 1000) {
        return Ok(false);
    }
    office
        .store
        .write_unaudited(&Call::at(now), move |tx| {
            // Another machine on the same database may have been faster.
            let last = tx.heartbeat()?.filter(|last| now.0 - last.0 >= AWAY_SECONDS * 1000);
            if let Some(last) = last {
                tx.outage_add(None, Gap { from: last, until: now })?;
            }
            tx.heartbeat_note()
        })
        .await?;
    Ok(true)
}

/// Credit that an outage proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The outage.
    pub outage: String,
    /// What was not there.
    pub kind: OutageKind,
    /// When it began, RFC 3339.
    pub began_at: String,
    /// When it ended.
    pub ended_at: String,
    /// The most that anybody lost by it, in seconds.
    pub seconds: i64,
    /// What each examinee lost.
    pub losses: Vec<Loss>,
}

/// What one examinee lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// In which attempt.
    pub attempt: AttemptId,
    /// Whose.
    pub name: String,
    /// How much, in seconds.
    pub seconds: i64,
}

/// What is proposed for a sitting as it is now: outages about which nothing was decided, for parts that still run.
pub(super) fn proposals(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Vec<Proposal>, Error> {
    let (id, now) = (&sitting.id, tx.now());
    let mut running: Vec<Attempt> = tx.attempts_in(id)?;
    running.retain(|attempt| !attempt.clock.is_over(now));
    let Some(earliest) = running.iter().map(|attempt| attempt.started_at).min() else { return Ok(Vec::new()) };
    let outages = tx.outages(id, earliest)?;
    if outages.is_empty() {
        return Ok(Vec::new());
    }
    let threshold = tx.policy(&sitting.association, sitting.terms.opens_at.min(now))?.contact_loss_seconds;
    let decided = tx.outages_decided(id)?;
    let pauses: Vec<Span> = tx.pauses(id)?.iter().map(|pause| pause.span()).collect();
    let names = names_in(tx, id)?;
    let of_server: Vec<Span> = outages
        .iter()
        .filter(|outage| outage.attempt_id.is_none())
        .map(|outage| Span { from: Instant(outage.began_at), until: Some(Instant(outage.ended_at)) })
        .collect();
    let mut proposals = Vec::new();
    for outage in outages.iter().filter(|outage| !decided.contains(&outage.id)) {
        let mut losses = Vec::new();
        for attempt in running.iter().filter(|a| outage.attempt_id.as_ref().is_none_or(|of| *of == a.id.0)) {
            let mut without = pauses.clone();
            without.extend(
                tx.breaks_of(&attempt.id)?
                    .iter()
                    .map(|taken| Span { from: Instant(taken.began_at), until: taken.ended_at.map(Instant) }),
            );
            if outage.attempt_id.is_some() {
                without.extend(&of_server);
            }
            let seconds = lost_seconds(outage.gap(), attempt.started_at, &without).min(MAX_CREDIT_SECONDS);
            let least = if outage.attempt_id.is_some() { threshold } else { 1 };
            if seconds >= least {
                let name = names.get(attempt.registration.as_str()).cloned().unwrap_or_default();
                losses.push(Loss { attempt: attempt.id.clone(), name, seconds });
            }
        }
        if let Some(seconds) = losses.iter().map(|loss| loss.seconds).max() {
            proposals.push(proposal(outage, seconds, losses));
        }
    }
    Ok(proposals)
}

fn proposal(outage: &Outage, seconds: i64, losses: Vec<Loss>) -> Proposal {
    Proposal {
        outage: outage.id.clone(),
        kind: if outage.attempt_id.is_some() { OutageKind::Contact } else { OutageKind::Server },
        began_at: Instant(outage.began_at).rfc3339(),
        ended_at: Instant(outage.ended_at).rfc3339(),
        seconds,
        losses,
    }
}

/// The names of a sitting's examinees, by seat.
fn names_in(tx: &mut Tx<'_, Sighted>, id: &SittingId) -> Result<BTreeMap<String, String>, Error> {
    let seats = tx.registrations_in(id)?;
    let holders: Vec<String> = seats.iter().map(|seat| seat.person.0.clone()).collect();
    let names: BTreeMap<String, String> = tx.people(&holders)?.into_iter().map(|p| (p.id, p.name)).collect();
    let named = seats.into_iter().filter_map(|seat| Some((seat.id.0, names.get(seat.person.as_str())?.clone())));
    Ok(named.collect())
}

fn reason_for(kind: OutageKind, seconds: i64) -> String {
    match kind {
        OutageKind::Server => format!("the server was away for {seconds} seconds"),
        OutageKind::Contact => format!("no contact for {seconds} seconds"),
    }
}

impl Proctor {
    /// What outages propose to credit.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn proposals(&self, id: &SittingId) -> Result<Vec<Proposal>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::SeeBoard, &id)?;
                proposals(tx, &sitting)
            })
            .await
    }

    /// Grants or dismisses what an outage proposes; once. Answers the deadlines that moved.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for what is not proposed, or not any more; [`Refusal::RoleRequired`].
    pub async fn outage_decide(
        &self,
        id: &SittingId,
        outage: String,
        decision: OutageDecision,
    ) -> Result<Vec<Moved>, Error> {
        let id = id.clone();
        let wanted = id.clone();
        let moved: Vec<Moved> = self
            .0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &wanted)?;
                let proposed = proposals(tx, &sitting)?.into_iter().find(|proposal| proposal.outage == outage);
                let proposed = proposed.ok_or(Refusal::NotFound)?;
                tx.outage_decide(&outage, &wanted, decision, &me.person)?;
                let mut moved = Vec::new();
                for loss in proposed.losses.iter().filter(|_| decision == OutageDecision::Grant) {
                    let attempt = tx.attempt(&loss.attempt)?;
                    let credit = Credit { seconds: loss.seconds, reason: reason_for(proposed.kind, loss.seconds) };
                    moved.push(grant(tx, me, &sitting, &attempt, &credit)?);
                }
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "outage.decide",
                    subject: outage.clone(),
                    detail: json!({
                        "sitting": wanted, "decision": decision, "kind": proposed.kind, "seconds": proposed.seconds,
                        "attempts": proposed.losses.len(),
                    }),
                })?;
                Ok(moved)
            })
            .await?;
        let pulse = &self.0.office.pulse;
        moved.iter().for_each(|m| pulse.tell(Beat::Clock(m.attempt.clone())));
        pulse.tell(Beat::Room(id));
        Ok(moved)
    }
}
