//! A reviewer's own profile: what they are trained for, how much they take, when they are away, and whom they know. Whom
//! they name is written down and no more: nothing here, and no answer, depends on whether anybody is meant.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Reviewer;
use crate::domain::absence::{self, Absence};
use crate::domain::conflict::{self, Named};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::rights::{Act, Authority};
use crate::domain::vocabulary::Strand;
use crate::domain::workload::{Estimate, estimate};
use crate::store::audit::Entry;
use crate::store::profiles::{Side, Training};
use crate::store::{Blind, Error, Tx};

/// The most scripts at a time.
pub const MAX_CAPACITY: i64 = 500;

/// A reviewer as they describe themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// For which strands they are trained.
    pub strands: Vec<Strand>,
    /// The most open scripts.
    pub capacity: i64,
    /// When they are absent.
    pub absences: Vec<Absence>,
    /// Whom they know.
    pub knows: Vec<Named>,
    /// How long what waits will take them.
    pub estimate: Estimate,
}

/// What of it changes; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileChange {
    /// The strands.
    pub strands: Option<Vec<Strand>>,
    /// The most open scripts.
    pub capacity: Option<i64>,
    /// All absences.
    pub absences: Option<Vec<Absence>>,
    /// Everybody whom they know.
    pub knows: Option<Vec<Named>>,
}

impl ProfileChange {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.strands.as_ref().is_some_and(Vec::is_empty) {
            problems.push(FieldProblem::new("/strands", "one at least; to read nothing, set the capacity to 0"));
        }
        if self.capacity.is_some_and(|capacity| !(0..=MAX_CAPACITY).contains(&capacity)) {
            problems.push(FieldProblem::new("/capacity", format!("between 0 and {MAX_CAPACITY}")));
        }
        problems.extend(self.absences.as_deref().map(absence::problems_of).unwrap_or_default());
        problems.extend(self.knows.as_deref().map(conflict::problems_of).unwrap_or_default());
        problems
    }

    /// A reviewer's training after the change.
    pub fn applied_to(&self, now: &Training) -> Training {
        let mut strands = self.strands.clone().unwrap_or_else(|| now.strands.clone());
        strands.sort();
        strands.dedup();
        Training { strands, capacity: self.capacity.unwrap_or(now.capacity) }
    }
}

impl Reviewer {
    /// Own profile.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn profile(&self) -> Result<Profile, Error> {
        self.0
            .read(|tx, me| {
                me.require_anywhere(Act::Review)?;
                profile_of(tx, me)
            })
            .await
    }

    /// Changes it. Strands and capacity hold wherever one reviews. What is given out already stays where it is, so that
    /// nobody can tell from their queue whether somebody they named is in it.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::RoleRequired`].
    pub async fn profile_set(&self, change: ProfileChange) -> Result<Profile, Error> {
        self.0
            .write(move |tx, me| {
                let places = me.require_anywhere(Act::Review)?;
                let problems = change.problems();
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                for (place, training) in tx.training_of(&me.person)? {
                    tx.training_set(&me.person, &place, &change.applied_to(&training))?;
                }
                if let Some(absences) = &change.absences {
                    tx.absences_set(&me.person, absences, &me.person)?;
                }
                if let Some(knows) = &change.knows {
                    tx.named_set(&me.person, Side::Reviewer, knows)?;
                }
                tx.audit(Entry {
                    association: places.into_iter().next(),
                    actor: me.person.0.clone(),
                    act: "reviewer.profile",
                    subject: me.person.0.clone(),
                    // Which parts, and no word of them: whom somebody knows is nobody else's.
                    detail: json!({
                        "strands": change.strands, "capacity": change.capacity, "absences": change.absences.is_some(),
                        "knows": change.knows.is_some(),
                    }),
                })?;
                profile_of(tx, me)
            })
            .await
    }
}

fn profile_of(tx: &mut Tx<'_, Blind>, me: &Authority) -> Result<Profile, Error> {
    let training = tx.training_of(&me.person)?;
    let mut strands: Vec<Strand> = training.values().flat_map(|t| t.strands.clone()).collect();
    strands.sort();
    strands.dedup();
    let (sealed, open) = tx.own_work(&me.person)?;
    Ok(Profile {
        strands,
        capacity: training.values().map(|t| t.capacity).max().unwrap_or(0),
        absences: tx.absences_of(&me.person)?,
        knows: tx.named_by(&me.person, Side::Reviewer)?,
        estimate: estimate(&sealed, &open),
    })
}
