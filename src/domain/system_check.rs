//! The system check: what a device has to be able to do for the exam, and what the findings of one come to.
//!
//! The device finds most of it out by itself and is believed, because it deceives nobody but its owner. What the server can
//! see for itself (that answers arrived) it judges itself.

use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;
use super::vocabulary::spelled;

spelled! {
    /// What is looked at.
    Probe {
        /// The page's scripts run.
        Modules = "modules",
        /// The browser keeps what is written on the device.
        DeviceStorage = "device_storage",
        /// How much room there is, and whether the browser may clear it away; measured in megabytes.
        StorageRoom = "storage_room",
        /// The server can tell the page something while it is open.
        Events = "events",
        /// How far the device's clock is off, in milliseconds: shown, and of no consequence.
        Clock = "clock",
        /// How long a question to the server takes, in milliseconds.
        RoundTrip = "round_trip",
        /// An answer was saved and read again.
        Save = "save",
        /// Answers given without a network were kept and sent once it was back.
        PullOut = "pull_out",
        /// Safe Exam Browser is in use.
        SafeExamBrowser = "safe_exam_browser",
    }
}

spelled! {
    /// What was found.
    Outcome {
        /// As it should be.
        Passed = "passed",
        /// It works, and could be better.
        Warning = "warning",
        /// The exam would suffer.
        Failed = "failed",
        /// It was not tried, or is not there and need not be.
        Skipped = "skipped",
    }
}

/// One finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Of what.
    pub check: Probe,
    /// What was found.
    pub outcome: Outcome,
    /// A number that goes with it; its unit is that of the probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<i64>,
}

/// Without these the exam cannot be sat safely on the device.
const NEEDED: [Probe; 5] = [Probe::Modules, Probe::DeviceStorage, Probe::Events, Probe::Save, Probe::PullOut];

/// Where the answers of a check are written: one for [`Probe::Save`], two for [`Probe::PullOut`].
pub const SAVED_POSITIONS: [i64; 1] = [1];
/// The same for [`Probe::PullOut`].
pub const PULLED_POSITIONS: [i64; 2] = [2, 3];

/// What stands against these findings as they were sent.
pub fn problems(findings: &[Finding]) -> Vec<FieldProblem> {
    let twice = |at: usize| findings[..at].iter().any(|earlier| earlier.check == findings[at].check);
    (0..findings.len())
        .filter(|at| twice(*at))
        .map(|at| FieldProblem::new(format!("/findings/{at}/check"), "stands here twice"))
        .collect()
}

/// What the findings come to, in the order of the probes. What the device says it saved counts only where `stored`, the
/// positions at which the server holds an answer, bears it out. What was not reported was not tried.
pub fn judge(reported: &[Finding], stored: &[i64]) -> Vec<Finding> {
    let holds = |positions: &[i64]| positions.iter().all(|position| stored.contains(position));
    let judged = |check: &Probe| {
        let said = reported.iter().find(|finding| finding.check == *check).copied();
        let mut finding = said.unwrap_or(Finding { check: *check, outcome: Outcome::Skipped, measure: None });
        let borne_out = match check {
            Probe::Save => holds(&SAVED_POSITIONS),
            Probe::PullOut => holds(&PULLED_POSITIONS),
            _ => true,
        };
        if !borne_out && matches!(finding.outcome, Outcome::Passed | Outcome::Warning) {
            finding.outcome = Outcome::Failed;
        }
        finding
    };
    Probe::ALL.iter().map(judged).collect()
}

/// Whether a device with these findings is fit for the exam.
pub fn passes(findings: &[Finding]) -> bool {
    let fine = |probe: &Probe| {
        findings.iter().any(|f| f.check == *probe && matches!(f.outcome, Outcome::Passed | Outcome::Warning))
    };
    NEEDED.iter().all(fine) && findings.iter().all(|f| f.outcome != Outcome::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: Probe, outcome: Outcome) -> Finding {
        Finding { check, outcome, measure: None }
    }

    fn all_passed() -> Vec<Finding> {
        Probe::ALL.iter().map(|probe| found(*probe, Outcome::Passed)).collect()
    }

    #[test]
    fn what_a_check_comes_to() {
        type Case = (&'static str, Vec<(Probe, Outcome)>, Vec<i64>, bool);
        let cases: Vec<Case> = vec![
            ("all is well", vec![], vec![1, 2, 3], true),
            ("nothing arrived", vec![], vec![], false),
            ("what was pulled out did not arrive", vec![], vec![1, 2], false),
            ("the pull-out was not tried", vec![(Probe::PullOut, Outcome::Skipped)], vec![1], false),
            ("nothing is kept on the device", vec![(Probe::DeviceStorage, Outcome::Failed)], vec![1, 2, 3], false),
            ("little room", vec![(Probe::StorageRoom, Outcome::Warning)], vec![1, 2, 3], true),
            ("a slow line", vec![(Probe::RoundTrip, Outcome::Warning)], vec![1, 2, 3], true),
            ("no locked browser", vec![(Probe::SafeExamBrowser, Outcome::Skipped)], vec![1, 2, 3], true),
            ("a clock that is off", vec![(Probe::Clock, Outcome::Warning)], vec![1, 2, 3], true),
            ("something else failed", vec![(Probe::RoundTrip, Outcome::Failed)], vec![1, 2, 3], false),
        ];
        for (what, changes, stored, expected) in cases {
            let mut reported = all_passed();
            for (probe, outcome) in changes {
                reported.iter_mut().filter(|f| f.check == probe).for_each(|f| f.outcome = outcome);
            }
            assert_eq!(passes(&judge(&reported, &stored)), expected, "{what}");
        }
    }

    #[test]
    fn what_is_not_reported_was_not_tried() {
        let judged = judge(&[found(Probe::Save, Outcome::Passed)], &[1]);
        assert_eq!(judged.len(), Probe::ALL.len());
        let tried: Vec<Probe> = judged.iter().filter(|f| f.outcome != Outcome::Skipped).map(|f| f.check).collect();
        assert_eq!(tried, [Probe::Save]);
        assert!(!passes(&judged));
        assert!(!passes(&[]));
    }

    #[test]
    fn a_probe_is_reported_once() {
        let twice = [found(Probe::Save, Outcome::Passed), found(Probe::Save, Outcome::Failed)];
        let pointers: Vec<String> = problems(&twice).into_iter().map(|p| p.pointer).collect();
        assert_eq!(pointers, ["/findings/1/check"]);
        assert_eq!(problems(&all_passed()), []);
    }
}
