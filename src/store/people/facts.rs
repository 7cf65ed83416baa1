//! What is on record for people besides name and address.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::tables::person_fact;
use crate::domain::ids::PersonId;
use crate::domain::record::{Fact, FactKind};
use crate::store::{Error, Sighted, Tx, word};

impl Tx<'_, Sighted> {
    /// What is on record for a person, in the order of kinds, then of words.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn person_facts(&mut self, who: &PersonId) -> Result<Vec<Fact>, Error> {
        Ok(self.facts_of(std::slice::from_ref(who))?.remove(who).unwrap_or_default())
    }

    /// The same for several people; who has nothing on record is not in it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn facts_of(&mut self, people: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<Fact>>, Error> {
        let mut found: BTreeMap<PersonId, Vec<Fact>> = BTreeMap::new();
        // In slices: the embedded database binds a bounded number of values.
        for slice in people.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(PersonId::as_str).collect();
            let rows: Vec<(String, String, String)> = person_fact::table
                .filter(person_fact::person_id.eq_any(ids))
                .select((person_fact::person_id, person_fact::kind, person_fact::value))
                .load(self.conn)?;
            for (who, kind, value) in rows {
                let kind = word("person_fact", &kind, FactKind::parse)?;
                found.entry(PersonId(who)).or_default().push(Fact { kind, value });
            }
        }
        found.values_mut().for_each(|facts| facts.sort());
        Ok(found)
    }

    /// Puts these facts in the place of all that were on record; what stays keeps the instant at which it was recorded.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn person_facts_set(&mut self, who: &PersonId, facts: &[Fact]) -> Result<(), Error> {
        let before = self.person_facts(who)?;
        for gone in before.iter().filter(|fact| !facts.contains(fact)) {
            let row = person_fact::table.find((who.as_str(), gone.kind.as_str(), gone.value.as_str()));
            diesel::delete(row).execute(self.conn)?;
        }
        for new in facts.iter().filter(|fact| !before.contains(fact)) {
            diesel::insert_into(person_fact::table)
                .values((
                    person_fact::person_id.eq(who.as_str()),
                    person_fact::kind.eq(new.kind.as_str()),
                    person_fact::value.eq(&new.value),
                    person_fact::recorded_at.eq(self.now.0),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }
}
