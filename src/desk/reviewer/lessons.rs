//! A reviewer's own calibration: how their sets of benchmark scripts stand, and what they learn from those that are judged.
//! Of what was planted later nothing is here, nor could be: it is out of the blind's sight.

use super::Reviewer;
use crate::domain::calibration::{State, state};
use crate::domain::ids::AssociationId;
use crate::domain::rights::Act;
use crate::domain::vocabulary::Strand;
use crate::store::Error;
use crate::store::lessons::OwnSet;

/// How a reviewer stands in a strand.
pub struct OwnCalibration {
    /// Where.
    pub association: AssociationId,
    /// In which strand.
    pub strand: Strand,
    /// How.
    pub state: State,
    /// The sets, newest first.
    pub sets: Vec<OwnSet>,
}

impl Reviewer {
    /// How one's own calibration stands, for each association and strand in which there was any.
    ///
    /// # Errors
    /// [`RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn calibration(&self) -> Result<Vec<OwnCalibration>, Error> {
        self.0
            .read(|tx, me| {
                me.require_anywhere(Act::Review)?;
                let mut found: Vec<OwnCalibration> = Vec::new();
                for decided in tx.own_decisions(&me.person)? {
                    let state = state(true, Some(decided.decision), false, true);
                    let (association, strand) = (decided.association, decided.strand);
                    found.push(OwnCalibration { association, strand, state, sets: Vec::new() });
                }
                for set in tx.own_sets(&me.person)? {
                    let is_open = set.judged.is_none();
                    let here = |known: &&mut OwnCalibration| {
                        known.association == set.association && known.strand == set.strand
                    };
                    match found.iter_mut().find(here) {
                        Some(known) => {
                            if is_open && known.state == State::Waiting {
                                known.state = State::Scoring;
                            }
                            known.sets.push(set);
                        }
                        None => found.push(OwnCalibration {
                            association: set.association.clone(),
                            strand: set.strand,
                            state: state(true, None, is_open, true),
                            sets: vec![set],
                        }),
                    }
                }
                found.sort_by(|a, b| (&a.association, a.strand).cmp(&(&b.association, b.strand)));
                Ok(found)
            })
            .await
    }
}
