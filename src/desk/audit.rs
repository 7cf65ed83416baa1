//! The audit log as those read it who may: their associations' entries, with names in place of people's ids.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::coordinator::Coordinator;
use super::{Page, Range};
use crate::domain::ids::AssociationId;
use crate::domain::rights::Act;
use crate::store::audit::{ChainReport, Recorded};
use crate::store::{Error, Sighted, Tx};

/// How many people one search of the log stands for at the most.
const MOST_PEOPLE: i64 = 20;
/// How many of each one's practice exams the log is searched for: the newest.
const MOST_PRACTICES: i64 = 20;
/// How many findings of a walk along the chain are shown.
const MOST_FINDINGS: usize = 5;

/// A page of the log, newest first.
pub struct Log {
    /// The entries.
    pub page: Page<Recorded>,
    /// The names of the people in it, by id.
    pub names: BTreeMap<String, String>,
}

impl Coordinator {
    /// The audit log of one's associations, oldest first.
    ///
    /// # Errors
    /// [`RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn audit(&self, range: Range) -> Result<Page<Recorded>, Error> {
        self.0
            .read(move |tx, me| {
                let places = me.require_anywhere(Act::ReadAudit)?;
                let after = range.after.parse().unwrap_or(0);
                Ok(range.page(tx.audit_list(&places, after, range.probe())?, |e| e.sequence.to_string()))
            })
            .await
    }

    /// The audit log of one's associations, newest first: all of it, or what concerns `search`, which is a person, an
    /// act or an id.
    ///
    /// # Errors
    /// [`RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn audit_find(&self, search: String, range: Range) -> Result<Log, Error> {
        self.0
            .read(move |tx, me| {
                let places = me.require_anywhere(Act::ReadAudit)?;
                let search = search.trim();
                let subjects = if search.is_empty() { Vec::new() } else { subjects(tx, &places, search)? };
                let before = range.after.parse().unwrap_or(i64::MAX);
                let rows = tx.audit_find(&places, search, &subjects, before, range.probe())?;
                let page = range.page(rows, |e| e.sequence.to_string());
                let ids: BTreeSet<String> = page.items.iter().flat_map(ids_in).collect();
                let ids: Vec<String> = ids.into_iter().collect();
                let mut names = BTreeMap::new();
                for slice in ids.chunks(500) {
                    names.extend(tx.people(slice)?.into_iter().map(|p| (p.id, p.name)));
                }
                Ok(Log { page, names })
            })
            .await
    }

    /// Walks along the whole chain of the log.
    ///
    /// # Errors
    /// [`RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn audit_verify(&self) -> Result<ChainReport, Error> {
        self.0
            .read(|tx, me| {
                me.require_anywhere(Act::ReadAudit)?;
                tx.audit_verify(MOST_FINDINGS)
            })
            .await
    }
}

/// The ids by which the log speaks of people found by name or address: their own, those of their applications, seats and
/// attempts.
fn subjects(tx: &mut Tx<'_, Sighted>, places: &[AssociationId], search: &str) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for person in tx.people_find(places, search, None, MOST_PEOPLE)? {
        let who = person.person_id();
        ids.extend(tx.authorisations_of(&who)?.into_iter().map(|held| held.id));
        let practised = tx.practices_of(&who, MOST_PRACTICES)?;
        for seat in tx.registrations_of(&who)?.into_iter().chain(practised) {
            ids.extend(tx.attempts_of(&seat.id)?.into_iter().map(|attempt| attempt.id.0));
            ids.push(seat.id.0);
        }
        ids.push(person.id);
    }
    Ok(ids)
}

/// Everything in an entry that may be a person's id.
fn ids_in(entry: &Recorded) -> Vec<String> {
    let mut ids = vec![entry.actor.clone(), entry.subject.clone()];
    if let Ok(Value::Object(facts)) = serde_json::from_str(&entry.detail) {
        ids.extend(facts.into_iter().filter_map(|(_, fact)| fact.as_str().map(str::to_owned)));
    }
    ids
}
