//! Reviewers and conflicts as coordinators keep them: a reviewer's profile on their behalf, and who must not read whom.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{People, member};
use crate::desk::acquaintance::Circle;
use crate::desk::reviewer::profile::ProfileChange;
use crate::domain::absence::Absence;
use crate::domain::conflict::{Named, Origin};
use crate::domain::ids::{AssociationId, PersonId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::vocabulary::{Role, Strand};
use crate::store::audit::Entry;
use crate::store::profiles::Side;
use crate::store::{Error, Sighted, Tx};

/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 2000;

/// A reviewer as coordinators see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerRecord {
    /// For which strands they are trained.
    pub strands: Vec<Strand>,
    /// The most open scripts.
    pub capacity: i64,
    /// When they are absent.
    pub absences: Vec<Absence>,
}

/// That two people must not read one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictView {
    /// With whom.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// As what the other one is concerned: `reviewer` or `examinee`.
    pub side: Side,
    /// How it is known; nothing where it was lifted.
    pub origins: BTreeSet<Origin>,
    /// Whether a coordinator may lift something of it.
    pub can_be_lifted: bool,
    /// Why it was lifted, if it was.
    pub lift_reason: Option<String>,
}

/// Somebody whom a person named, and whom that was found to mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// In their words.
    #[serde(flatten)]
    pub named: Named,
    /// As what they named them: `reviewer` or `examinee`.
    pub side: Side,
}

/// The conflicts of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflicts {
    /// With whom.
    pub items: Vec<ConflictView>,
    /// Whom they named themselves, whether or not anybody on record is meant.
    pub declared: Vec<Declaration>,
}

impl People {
    /// Changes a reviewer's profile on their behalf, where one may.
    ///
    /// # Errors
    /// [`Refusal::Invalid`]; [`Refusal::NotFound`] for somebody who is no reviewer here.
    pub async fn reviewer_set(&self, id: &PersonId, change: ProfileChange) -> Result<ReviewerRecord, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                let mut problems = change.problems();
                if change.knows.is_some() {
                    problems.push(crate::domain::refusal::FieldProblem::new(
                        "/knows",
                        "only they themselves say whom they know",
                    ));
                }
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                let places: Vec<AssociationId> = reviews_in(&roles);
                let training = tx.training_of(&id)?;
                if !places.iter().any(|place| training.contains_key(place)) {
                    return Err(Refusal::NotFound.into());
                }
                for (place, now) in training.iter().filter(|(place, _)| places.contains(place)) {
                    tx.training_set(&id, place, &change.applied_to(now))?;
                }
                if let Some(absences) = &change.absences {
                    tx.absences_set(&id, absences, &me.person)?;
                }
                tx.audit(Entry {
                    association: places.first().cloned(),
                    actor: me.person.0.clone(),
                    act: "reviewer.profile",
                    subject: id.0.clone(),
                    detail: json!({
                        "strands": change.strands, "capacity": change.capacity, "absences": change.absences.is_some(),
                    }),
                })?;
                record_of(tx, &id, &places)?.ok_or_else(|| Refusal::NotFound.into())
            })
            .await
    }

    /// Everybody whom a person must not read, or be read by, as far as one may see them; and whom they named. What follows
    /// from belonging to the same association is not listed: it is everybody.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for people of other associations.
    pub async fn conflicts(&self, id: &PersonId) -> Result<Conflicts, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::SeePeople)?;
                conflicts_of(tx, me, &id, &roles)
            })
            .await
    }

    /// Enters a conflict between a reviewer and an examinee, whichever of the two is which.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn conflict_enter(&self, id: &PersonId, with: &PersonId, reason: String) -> Result<(), Error> {
        let (id, with) = (id.clone(), with.clone());
        self.0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                let reason = reason_of(&reason)?;
                let (_, others) = member(tx, me, &with, Act::ManagePeople)
                    .map_err(|_| Refusal::invalid("/person", "nobody of your associations"))?;
                let is = |roles: &[(Role, AssociationId)], role| roles.iter().any(|(held, _)| *held == role);
                let mut entered = false;
                for (reads, writes, fits) in [
                    (&id, &with, is(&roles, Role::Reviewer) && is(&others, Role::Examinee)),
                    (&with, &id, is(&others, Role::Reviewer) && is(&roles, Role::Examinee)),
                ] {
                    if fits && reads != writes {
                        tx.conflict_enter(reads, writes, &me.person, reason)?;
                        entered = true;
                    }
                }
                if !entered {
                    let told = Refusal::invalid("/person", "one of the two must be a reviewer, the other an examinee");
                    return Err(told.into());
                }
                audit(tx, me, "conflict.enter", &roles, (&id, &with))
            })
            .await
    }

    /// Lifts what was declared between two people. What follows from the record stays, and so does what is declared anew.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when nothing between them can be lifted; [`Refusal::Invalid`] without a reason.
    pub async fn conflict_lift(&self, id: &PersonId, with: &PersonId, reason: String) -> Result<(), Error> {
        let (id, with) = (id.clone(), with.clone());
        self.0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                member(tx, me, &with, Act::ManagePeople)?;
                let reason = reason_of(&reason)?;
                let circle = Circle::load(tx, &[id.clone(), with.clone()])?;
                let mut lifted = false;
                for (reads, writes) in [(&id, &with), (&with, &id)] {
                    lifted |= tx.conflict_lift(reads, writes, &me.person, reason)?;
                    for declared in circle.declarations(reads, writes) {
                        let other = if declared.person_id == reads.0 { writes } else { reads };
                        tx.acquaintance_lift(&declared.id, other, &me.person, reason)?;
                        lifted = true;
                    }
                }
                if !lifted {
                    return Err(Refusal::NotFound.into());
                }
                audit(tx, me, "conflict.lift", &roles, (&id, &with))
            })
            .await
    }
}

/// A reviewer's record, as far as one may see it.
pub(super) fn record_of(
    tx: &mut Tx<'_, Sighted>,
    id: &PersonId,
    places: &[AssociationId],
) -> Result<Option<ReviewerRecord>, Error> {
    let training = tx.training_of(id)?;
    let mut here = training.into_iter().filter(|(place, _)| places.contains(place)).map(|(_, training)| training);
    let Some(first) = here.next() else { return Ok(None) };
    Ok(Some(ReviewerRecord { strands: first.strands, capacity: first.capacity, absences: tx.absences_of(id)? }))
}

/// Where somebody with these roles reviews.
pub(super) fn reviews_in(roles: &[(Role, AssociationId)]) -> Vec<AssociationId> {
    roles.iter().filter(|(role, _)| *role == Role::Reviewer).map(|(_, place)| place.clone()).collect()
}

fn conflicts_of(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    id: &PersonId,
    roles: &[(Role, AssociationId)],
) -> Result<Conflicts, Error> {
    let places = me.associations(Act::SeePeople);
    let (mut reviewers, mut examinees) = (BTreeSet::new(), BTreeSet::new());
    for place in &places {
        if roles.iter().any(|(role, _)| *role == Role::Examinee) {
            reviewers.extend(tx.people_with_role(Role::Reviewer, place)?);
        }
        if roles.iter().any(|(role, _)| *role == Role::Reviewer) {
            examinees.extend(tx.people_with_role(Role::Examinee, place)?);
        }
    }
    let everybody: Vec<PersonId> = reviewers.iter().chain(&examinees).chain([id]).cloned().collect();
    let circle = Circle::load(tx, &everybody)?;
    // No sitting is left out.
    let writers: Vec<PersonId> = examinees.iter().chain([id]).cloned().collect();
    let earlier = tx.earlier_readers(&writers, &SittingId(String::new()))?;
    let mut items = Vec::new();
    let pairs = reviewers.iter().map(|who| (who, id, Side::Reviewer));
    for (reads, writes, side) in pairs.chain(examinees.iter().map(|whom| (id, whom, Side::Examinee))) {
        if reads == writes {
            continue;
        }
        let mut origins = circle.between(reads, writes, false);
        if earlier.contains(&(reads.clone(), writes.clone())) {
            origins.insert(Origin::EarlierReader);
        }
        let lift_reason = circle.lift_reason(reads, writes);
        if !origins.is_empty() || lift_reason.is_some() {
            let other = if side == Side::Reviewer { reads } else { writes };
            let can_be_lifted = origins.iter().any(|origin| origin.can_be_lifted());
            items.push(ConflictView {
                person: other.clone(),
                name: circle.name(other),
                side,
                origins,
                can_be_lifted,
                lift_reason,
            });
        }
    }
    items.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    let mut declared = Vec::new();
    for side in Side::ALL {
        declared.extend(tx.named_by(id, *side)?.into_iter().map(|named| Declaration { named, side: *side }));
    }
    Ok(Conflicts { items, declared })
}

fn reason_of(reason: &str) -> Result<&str, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Refusal::invalid("/reason", format!("between 1 and {MAX_REASON_CHARS} characters")));
    }
    Ok(reason)
}

fn audit(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    act: &'static str,
    roles: &[(Role, AssociationId)],
    (id, with): (&PersonId, &PersonId),
) -> Result<(), Error> {
    tx.audit(Entry {
        association: roles.first().map(|(_, place)| place.clone()),
        actor: me.person.0.clone(),
        act,
        subject: id.0.clone(),
        detail: json!({ "with": with }),
    })
}
