//! The rules of the associations: what is in force, what was and what will be, and new ones with an effective date.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::people::People;
use crate::domain::ids::AssociationId;
use crate::domain::policy::Policy;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::timing::Instant;
use crate::store::audit::Entry;
use crate::store::sittings::Association;
use crate::store::{Error, Sighted, Tx};

/// How many policies of an association are read back, newest first.
const MOST_VERSIONS: i64 = 100;
/// How far ahead rules may be put in force: two years.
const FARTHEST_AHEAD_SECONDS: i64 = 2 * 366 * 86_400;

/// A policy with the instant from which on it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From when on, in milliseconds since 1970; nothing for the rules that hold as long as none were set.
    pub effective_from: Option<i64>,
    /// The rules.
    pub policy: Policy,
}

/// The rules of an association.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rules {
    /// Whose.
    pub association: Association,
    /// What holds now.
    pub in_force: Version,
    /// What will hold, the next first.
    pub coming: Vec<Version>,
    /// What held before, newest first.
    pub past: Vec<Version>,
    /// Whether the asker may change them.
    pub may_set: bool,
}

impl People {
    /// The associations whose rules one may see.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn ruled(&self) -> Result<Vec<Association>, Error> {
        self.0
            .read(|tx, me| {
                let places = me.require_anywhere(Act::SeePolicy)?;
                tx.associations(Some(&places))
            })
            .await
    }

    /// The rules of one.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn rules(&self, place: &AssociationId) -> Result<Rules, Error> {
        let place = place.clone();
        self.0
            .read(move |tx, me| {
                me.require(Act::SeePolicy, Act::SeeSittings, &place)?;
                rules(tx, me, &place)
            })
            .await
    }

    /// Puts rules in force: those that hold at that instant, with these changes. Without an instant they hold at once.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a field that there is not, a value out of bounds, an instant that has passed, and rules
    /// that change nothing; [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn rules_set(
        &self,
        place: &AssociationId,
        from: Option<Instant>,
        changes: Map<String, Value>,
    ) -> Result<Rules, Error> {
        let place = place.clone();
        self.0
            .write(move |tx, me| {
                me.require(Act::SetPolicy, Act::SeeSittings, &place)?;
                let from = from.unwrap_or(tx.now());
                if from < tx.now() || from > tx.now().plus_seconds(FARTHEST_AHEAD_SECONDS) {
                    return Err(Refusal::invalid("/effective_from", "from now on, within two years").into());
                }
                let before = tx.policy(&place, from)?;
                let after = before.with(&changes)?;
                if after == before {
                    return Err(Refusal::invalid("/policy", "nothing differs from the rules that hold then").into());
                }
                if tx.policies(&place, MOST_VERSIONS)?.iter().any(|(at, _)| *at == from) {
                    return Err(Refusal::invalid("/effective_from", "rules begin at this instant already").into());
                }
                tx.policy_set(&place, from, &after)?;
                audit_change(tx, me, &place, from, (&before, &after))?;
                rules(tx, me, &place)
            })
            .await
    }
}

/// Notes the new value of every field that changed.
fn audit_change(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    place: &AssociationId,
    from: Instant,
    (before, after): (&Policy, &Policy),
) -> Result<(), Error> {
    let before = before.fields();
    let mut detail: Map<String, Value> =
        after.fields().into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect();
    detail.insert("effective_from".into(), json!(from.rfc3339()));
    tx.audit(Entry {
        association: Some(place.clone()),
        actor: me.person.0.clone(),
        act: "policy.set",
        subject: place.0.clone(),
        detail: Value::Object(detail),
    })
}

fn rules(tx: &mut Tx<'_, Sighted>, me: &Authority, place: &AssociationId) -> Result<Rules, Error> {
    let association = tx.associations(Some(std::slice::from_ref(place)))?.pop().ok_or(Refusal::NotFound)?;
    let now = tx.now();
    let versions = tx.policies(place, MOST_VERSIONS)?;
    let (mut coming, mut past): (Vec<_>, Vec<_>) = versions.into_iter().partition(|(from, _)| *from > now);
    coming.reverse();
    let version = |(from, policy): (Instant, Policy)| Version { effective_from: Some(from.0), policy };
    let in_force = if past.is_empty() {
        Version { effective_from: None, policy: Policy::default() }
    } else {
        version(past.remove(0))
    };
    Ok(Rules {
        association,
        in_force,
        coming: coming.into_iter().map(version).collect(),
        past: past.into_iter().map(version).collect(),
        may_set: me.may(Act::SetPolicy, place),
    })
}
