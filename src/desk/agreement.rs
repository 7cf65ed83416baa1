//! How the first readers of settled scripts agree, for the lead. Nothing of a script passes through here before its panel
//! is settled, and nothing at all while a figure rests on fewer than ten scripts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::coordinator::{Coordinator, SittingSummary};
use super::facts::sitting_for;
use crate::domain::ids::{AssociationId, PersonId, SittingId};
use crate::domain::panel::{Disagreement, SettledBy, disagreements};
use crate::domain::policy::Policy;
use crate::domain::psychometrics::report::{Levels, Report, Script, Subject, levels_of, report};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::store::agreement::{Scope, Settled};
use crate::store::sittings::Association;
use crate::store::{Error, Sighted, Tx};

/// The figures of a sitting or an association.
pub struct Agreement {
    /// The figures.
    pub report: Report,
    /// The names of the reviewers in them.
    pub names: BTreeMap<PersonId, String>,
}

/// A sitting that has settled scripts.
pub struct Compared {
    /// Which.
    pub sitting: SittingId,
    /// Its title.
    pub title: String,
    /// How many settled scripts it has.
    pub scripts: usize,
}

impl Coordinator {
    /// The associations whose figures the asker may see.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn agreement_associations(&self) -> Result<Vec<Association>, Error> {
        self.0.read(|tx, me| tx.associations(Some(&me.associations(Act::SeeAgreement)))).await
    }

    /// The figures of a sitting.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn agreement_of_sitting(&self, id: &SittingId) -> Result<(SittingSummary, Agreement), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::SeeAgreement, &id)?;
                let scripts = tx.scripts_settled(&Scope::Sitting(id.clone()))?;
                Ok((super::coordinator::summary(tx, sitting)?, figures(tx, &scripts, id.as_str())?))
            })
            .await
    }

    /// The figures of all sittings of an association, and the sittings behind them, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn agreement_of_association(
        &self,
        id: &AssociationId,
    ) -> Result<(Association, Agreement, Vec<Compared>), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                me.require(Act::SeeAgreement, Act::SeeSittings, &id)?;
                let place = tx.associations(Some(std::slice::from_ref(&id)))?.pop().ok_or(Refusal::NotFound)?;
                let scripts = tx.scripts_settled(&Scope::Association(id.clone()))?;
                let sittings = compared(tx, &scripts)?;
                Ok((place, figures(tx, &scripts, id.as_str())?, sittings))
            })
            .await
    }
}

/// The seed is made of what the figures are of: whoever has the scripts can draw the same again.
fn figures(tx: &mut Tx<'_, Sighted>, settled: &[Settled], of: &str) -> Result<Agreement, Error> {
    let mut rubrics: BTreeMap<(String, i64), Arc<Vec<Levels>>> = BTreeMap::new();
    let mut policies: BTreeMap<SittingId, Policy> = BTreeMap::new();
    let mut scripts = Vec::new();
    for script in settled {
        if !rubrics.contains_key(&script.vignette) {
            let vignette = tx.vignette(&script.vignette.0, script.vignette.1)?;
            rubrics.insert(script.vignette.clone(), Arc::new(levels_of(&vignette.rubric)));
        }
        if !policies.contains_key(&script.sitting) {
            let sitting = tx.sitting(&script.sitting)?;
            policies.insert(script.sitting.clone(), tx.policy(&sitting.association, sitting.terms.opens_at)?);
        }
        let (Some(levels), Some(policy)) = (rubrics.get(&script.vignette), policies.get(&script.sitting)) else {
            continue;
        };
        scripts.push(Script {
            readings: script.readings.clone(),
            max_points: script.max_points,
            levels: levels.clone(),
            third_for: third_for(script, policy),
        });
    }
    let report = report(&scripts, &format!("evenhand agreement 1 {of}"));
    let mut names = BTreeMap::new();
    for line in &report.lines {
        if let Subject::Reviewer(who) = &line.subject {
            names.insert(who.clone(), tx.person(who)?.name);
        }
    }
    Ok(Agreement { report, names })
}

/// Why a third reading was called for a script, by the policy that called it.
fn third_for(script: &Settled, policy: &Policy) -> Vec<Disagreement> {
    if script.settled_by == SettledBy::Agreement {
        return Vec::new();
    }
    let [a, b] = &script.readings;
    disagreements(&a.1, &b.1, script.max_points, policy)
}

fn compared(tx: &mut Tx<'_, Sighted>, scripts: &[Settled]) -> Result<Vec<Compared>, Error> {
    let mut counts: BTreeMap<&SittingId, usize> = BTreeMap::new();
    for script in scripts {
        *counts.entry(&script.sitting).or_default() += 1;
    }
    let mut rows = Vec::new();
    for (id, scripts) in counts {
        let sitting = tx.sitting(id)?;
        rows.push((sitting.terms.opens_at, Compared { sitting: sitting.id, title: sitting.terms.title, scripts }));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.0));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
