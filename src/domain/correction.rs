//! Corrections of sealed reviews: a sealed review never changes, a later version is asked for and approved by somebody else.

use super::refusal::{FieldProblem, Refusal};
use super::rubric::Marks;
use super::vocabulary::spelled;

/// The longest reason, in characters, of who asks and of who decides.
pub const MAX_REASON_CHARS: usize = 1000;

spelled! {
    /// How a correction stands.
    CorrectionState {
        /// Nobody has decided.
        Waiting = "waiting",
        /// It is the newest version of the review, or was.
        Approved = "approved",
        /// The review stays as it was.
        Refused = "refused",
    }
}

spelled! {
    /// What is decided of a correction.
    CorrectionDecision {
        /// It becomes the next version of the review.
        Approve = "approve",
        /// It does not.
        Refuse = "refuse",
    }
}

impl From<CorrectionDecision> for CorrectionState {
    fn from(decision: CorrectionDecision) -> Self {
        match decision {
            CorrectionDecision::Approve => Self::Approved,
            CorrectionDecision::Refuse => Self::Refused,
        }
    }
}

/// A reason without the space around it.
///
/// # Errors
/// [`Refusal::Invalid`] when there is none, or it is too long.
pub fn reason(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_REASON_CHARS {
        return Err(Refusal::invalid("/reason", format!("between 1 and {MAX_REASON_CHARS} characters")));
    }
    Ok(text)
}

/// Whether a correction may be asked for: of a sealed review, one at a time, and something must differ.
///
/// # Errors
/// [`Refusal::NotSealed`], [`Refusal::CorrectionWaiting`], [`Refusal::Invalid`].
pub fn may_ask(sealed: Option<&Marks>, waits: bool, wanted: &Marks) -> Result<(), Refusal> {
    match sealed {
        None => Err(Refusal::NotSealed),
        Some(_) if waits => Err(Refusal::CorrectionWaiting),
        Some(sealed) if sealed == wanted => {
            Err(Refusal::Invalid(vec![FieldProblem::new("", "nothing differs from the sealed review")]))
        }
        Some(_) => Ok(()),
    }
}

/// What must be known to judge whether somebody may decide a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionFacts {
    /// How it stands.
    pub state: CorrectionState,
    /// Whether who decides asked for it, read the script, or wrote it.
    pub party: bool,
    /// Whether a released result rests on the script.
    pub released: bool,
}

/// Whether a correction may be decided so. One whose script counts in a released result can only be refused: what was told
/// to somebody changes by an appeal or after a recall, not behind their back.
///
/// # Errors
/// [`Refusal::OwnCase`], [`Refusal::RequestDecided`], [`Refusal::ResultsReleased`].
pub fn may_decide(facts: &DecisionFacts, decision: CorrectionDecision) -> Result<(), Refusal> {
    match facts {
        DecisionFacts { party: true, .. } => Err(Refusal::OwnCase),
        DecisionFacts { state: CorrectionState::Approved | CorrectionState::Refused, .. } => {
            Err(Refusal::RequestDecided)
        }
        DecisionFacts { released: true, .. } if decision == CorrectionDecision::Approve => {
            Err(Refusal::ResultsReleased)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::CorrectionDecision::{Approve, Refuse};
    use super::CorrectionState::{Approved, Refused, Waiting};
    use super::*;

    #[test]
    fn one_correction_at_a_time_of_what_is_sealed() {
        let (old, new) = (Marks::default(), Marks { remarks_internal: "x".into(), ..Marks::default() });
        let code = |sealed, waits, wanted| may_ask(sealed, waits, wanted).err().map(|refusal| refusal.code());
        assert_eq!(code(None, false, &new), Some("not_sealed"));
        assert_eq!(code(Some(&old), true, &new), Some("correction_waiting"));
        assert_eq!(code(Some(&old), false, &old), Some("invalid"));
        assert_eq!(code(Some(&old), false, &new), None);
    }

    #[test]
    fn who_decides_is_no_party_and_what_was_told_stands() {
        let facts = |state, party, released| DecisionFacts { state, party, released };
        let cases = [
            (facts(Waiting, false, false), Approve, None),
            (facts(Waiting, false, false), Refuse, None),
            (facts(Waiting, true, false), Refuse, Some("own_case")),
            (facts(Approved, true, true), Approve, Some("own_case")),
            (facts(Approved, false, false), Refuse, Some("request_decided")),
            (facts(Refused, false, true), Approve, Some("request_decided")),
            (facts(Waiting, false, true), Approve, Some("results_released")),
            (facts(Waiting, false, true), Refuse, None),
        ];
        for (facts, decision, expected) in cases {
            assert_eq!(may_decide(&facts, decision).err().map(|r| r.code()), expected, "{facts:?} {decision}");
        }
    }

    #[test]
    fn a_reason_has_something_in_it_and_an_end() {
        let long = "é".repeat(MAX_REASON_CHARS);
        assert_eq!(reason(" x \n"), Ok("x"));
        assert_eq!(reason(&long), Ok(long.as_str()));
        for wrong in ["", " \n", &(long.clone() + "é")] {
            assert!(reason(wrong).is_err());
        }
    }
}
