//! The audit log as those read it who may: their associations' entries, with names in place of people's ids.

use std::collections::BTreeMap;

use super::coordinator::Coordinator;
use super::{Page, Range};
use crate::domain::rights::Act;
use crate::store::Error;
use crate::store::audit::{ChainReport, Recorded};

/// How many people one search of the log stands for at the most.
const MOST_PEOPLE: i64 = 50;
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
                let people = if search.is_empty() {
                    Vec::new()
                } else {
                    tx.people_find(&places, search, None, MOST_PEOPLE)?.into_iter().map(|p| p.id).collect()
                };
                let before = range.after.parse().unwrap_or(i64::MAX);
                let rows = tx.audit_find(&places, search, &people, before, range.probe())?;
                let page = range.page(rows, |e| e.sequence.to_string());
                let mut ids: Vec<String> =
                    page.items.iter().flat_map(|e| [e.actor.clone(), e.subject.clone()]).collect();
                ids.sort();
                ids.dedup();
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
