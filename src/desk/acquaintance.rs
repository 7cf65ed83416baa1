//! Who knows whom: the facts from which conflicts follow, gathered for many people at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::conflict::{Origin, Party, between, means};
use crate::domain::ids::PersonId;
use crate::domain::record::{Fact, FactKind};
use crate::store::conflicts::{Acquaintance, Conflict, ENTERED};
use crate::store::people::Person;
use crate::store::profiles::Side;
use crate::store::{Error, Sighted, Tx};

/// What is known of some people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    people: BTreeMap<PersonId, Person>,
    facts: BTreeMap<PersonId, Vec<Fact>>,
    associations: BTreeMap<PersonId, BTreeSet<String>>,
    named: Vec<Acquaintance>,
    lifted: BTreeSet<(String, PersonId)>,
    conflicts: Vec<Conflict>,
}

impl Circle {
    /// Gathers it.
    pub fn load(tx: &mut Tx<'_, Sighted>, ids: &[PersonId]) -> Result<Self, Error> {
        let mut ids = ids.to_vec();
        ids.sort();
        ids.dedup();
        let (mut people, mut associations) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<_>>::new());
        // In slices: the embedded database binds a bounded number of values.
        for slice in ids.chunks(500) {
            let slice: Vec<String> = slice.iter().map(|id| id.0.clone()).collect();
            people.extend(tx.people(&slice)?.into_iter().map(|person| (person.person_id(), person)));
            for (who, _, place) in tx.roles_of(&slice)? {
                associations.entry(who).or_default().insert(place.0);
            }
        }
        Ok(Self {
            people,
            associations,
            facts: tx.facts_of(&ids)?,
            named: tx.acquaintances_of(&ids)?,
            lifted: tx.acquaintance_lifts()?,
            conflicts: tx.conflicts_of(&ids)?,
        })
    }

    /// Somebody's name.
    pub fn name(&self, who: &PersonId) -> String {
        self.people.get(who).map(|person| person.name.clone()).unwrap_or_default()
    }

    /// Whether two people belong to an association together.
    pub fn share_association(&self, a: &PersonId, b: &PersonId) -> bool {
        matches!((self.associations.get(a), self.associations.get(b)), (Some(a), Some(b)) if !a.is_disjoint(b))
    }

    /// Every conflict of these two that follows from the record, but for earlier readings.
    pub fn between(&self, reviewer: &PersonId, examinee: &PersonId, associations_count: bool) -> BTreeSet<Origin> {
        let (reads, writes) =
            (self.party(reviewer, Side::Reviewer, examinee), self.party(examinee, Side::Examinee, reviewer));
        let mut origins = between(&reads, &writes, associations_count);
        let on_record = self
            .conflicts
            .iter()
            .find(|row| row.reviewer_id == reviewer.0 && row.examinee_id == examinee.0 && row.lifted_at.is_none());
        match on_record.map(|row| row.reason.as_str()) {
            Some(ENTERED) => drop(origins.insert(Origin::EnteredByCoordinator)),
            Some(_) => drop(origins.insert(Origin::Recognised)),
            None => {}
        }
        origins
    }

    /// The declarations of one of these two that mean the other.
    pub fn declarations(&self, reviewer: &PersonId, examinee: &PersonId) -> Vec<Acquaintance> {
        let mut found = Vec::new();
        for (by, side, other) in [(reviewer, Side::Reviewer, examinee), (examinee, Side::Examinee, reviewer)] {
            let named = self.party(other, side, by);
            found.extend(self.standing(by, side, other).filter(|entry| means(&entry.who, &named)).cloned());
        }
        found
    }

    /// Why a conflict of these two was lifted, if one on record was.
    pub fn lift_reason(&self, reviewer: &PersonId, examinee: &PersonId) -> Option<String> {
        let row = self.conflicts.iter().find(|row| row.reviewer_id == reviewer.0 && row.examinee_id == examinee.0)?;
        row.lift_reason.clone()
    }

    /// Whom somebody named and nobody lifted for that other.
    fn standing<'c>(
        &'c self,
        by: &'c PersonId,
        side: Side,
        other: &'c PersonId,
    ) -> impl Iterator<Item = &'c Acquaintance> + 'c {
        self.named.iter().filter(move |entry| {
            entry.person_id == by.0
                && entry.side == side.as_str()
                && !self.lifted.contains(&(entry.id.clone(), other.clone()))
        })
    }

    fn party(&self, who: &PersonId, side: Side, other: &PersonId) -> Party {
        let Some(person) = self.people.get(who) else { return Party::default() };
        let facts = |kind: FactKind| -> Vec<String> {
            let own = self.facts.get(who).into_iter().flatten();
            own.filter(|fact| fact.kind == kind).map(|fact| fact.value.clone()).collect()
        };
        Party {
            name: person.name.clone(),
            nicknames: facts(FactKind::Nickname),
            email: person.email.clone(),
            employers: person.employer.iter().cloned().chain(facts(FactKind::Employer)).collect(),
            supervisors: facts(FactKind::Supervisor),
            reference_raters: facts(FactKind::ReferenceRater),
            colleagues: facts(FactKind::Colleague),
            named: self.standing(who, side, other).map(|entry| entry.who.clone()).collect(),
            associations: self.associations.get(who).cloned().unwrap_or_default(),
        }
    }
}
