//! What is on record for a person: where they work and worked, with whom, and what else they are called. Screening looks
//! for it in what they write, and conflicts of interest follow from it.

use serde_json::json;

use super::{People, member};
use crate::domain::ids::PersonId;
use crate::domain::record::{Fact, problems_of_facts, tidied};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::rights::Act;
use crate::store::audit::Entry;
use crate::store::{Error, Sighted, Tx};

/// What of a person's record changes; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct RecordChange {
    /// Where the person works; nothing inside, when no employer is on record any more.
    pub employer: Option<Option<String>>,
    /// All facts, in the place of those that were.
    pub facts: Option<Vec<Fact>>,
}

impl People {
    /// Changes what is on record for a person.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn record_set(&self, id: &PersonId, change: RecordChange) -> Result<(), Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                let facts = change.facts.clone().map(tidied);
                let mut problems = facts.as_deref().map(problems_of_facts).unwrap_or_default();
                problems.extend(problem_of_employer(change.employer.iter().flatten().next()));
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                if let Some(employer) = &change.employer {
                    tx.employer_set(&id, employer.as_deref().map(str::trim).filter(|e| !e.is_empty()))?;
                }
                if let Some(facts) = &facts {
                    tx.person_facts_set(&id, facts)?;
                }
                // How many, not which: the log holds no name.
                let count = tx.person_facts(&id)?.len();
                tx.audit(Entry {
                    association: roles.first().map(|r| r.1.clone()),
                    actor: me.person.0.clone(),
                    act: "person.record",
                    subject: id.0.clone(),
                    detail: json!({ "employer": change.employer.is_some(), "facts": count }),
                })
            })
            .await
    }
}

/// What is wrong with an employer.
pub(super) fn problem_of_employer(employer: Option<&String>) -> Option<FieldProblem> {
    let too_long = employer.is_some_and(|e| e.chars().count() > 200);
    too_long.then(|| FieldProblem::new("/employer", "at most 200 characters"))
}

/// What a person's facts come to when these are added to them.
pub(super) fn with_facts(tx: &mut Tx<'_, Sighted>, who: &PersonId, new: &[Fact]) -> Result<Vec<Fact>, Error> {
    Ok(tidied(tx.person_facts(who)?.into_iter().chain(new.iter().cloned())))
}
