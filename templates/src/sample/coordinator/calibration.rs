//! Samples of calibration and drift.

use chrono::NaiveDate;

use super::shell;
use crate::coordinator::calibration::{self, Calibration, Decision, Reviewer, Set, State};
use crate::coordinator::drift::{self, Concern, Drift, Point};
use crate::figures::{Figure, Found};
use crate::form::FieldError;
use crate::sample::Pages;
use crate::staff::Choice;
use crate::urls;

/// The pages, in their states.
pub(super) fn pages() -> Pages {
    let page = |view: &Calibration| calibration::calibration(&shell(&urls::calibration("a1")), view);
    let course = |view: &Drift| drift::drift(&shell(&urls::drift("a1")), view);
    let refused = Decision {
        decision: "admit".to_owned(),
        problems: vec![FieldError { field: "reason".to_owned(), message: "Reason: say why.".to_owned() }],
        ..decision()
    };
    let none = Calibration { scripts: 0, planted: 0, reviewers: Vec::new(), decision: None, ..a_calibration() };
    vec![
        ("calibration", page(&a_calibration())),
        ("calibration-refused", page(&Calibration { decision: Some(refused), ..a_calibration() })),
        ("calibration-read-only", page(&Calibration { decision: None, ..a_calibration() })),
        ("calibration-none", page(&none)),
        ("drift", course(&a_drift())),
        ("drift-none", course(&Drift { reviewers: Vec::new(), ..a_drift() })),
    ]
}

fn decision() -> Decision {
    Decision {
        about: vec![
            Choice::new("p1/clinical", "Ruth Okafor, Clinical"),
            Choice::new("p1/policy", "Ruth Okafor, Policy"),
        ],
        ..Decision::default()
    }
}

fn a_calibration() -> Calibration {
    let row = |name: &str, strand: &str, state, set| Reviewer {
        person: "p1".to_owned(),
        name: name.to_owned(),
        strand: strand.to_owned(),
        state,
        set,
        decided: None,
    };
    let set = |number, sealed, judgement| Some(Set { number, scripts: 3, sealed, judgement });
    let withdrawn = Reviewer {
        decided: Some(("Grace Lindqvist".to_owned(), "Away from the field for two years.".to_owned())),
        ..row("Daniel Roy", "Policy", State::Withdrawn, None)
    };
    Calibration {
        association: "a1".to_owned(),
        name: "Connecticut (CT-AIMH)".to_owned(),
        scripts: 3,
        planted: 5,
        supply: vec![("Clinical".to_owned(), 5), ("Policy".to_owned(), 5), ("Research/Faculty".to_owned(), 2)],
        reviewers: vec![
            row("Ruth Okafor", "Clinical", State::Admitted, set(1, 3, Some(((53, 75), (0, 1))))),
            row("Ruth Okafor", "Policy", State::Scoring, set(2, 1, None)),
            row("Mei Tanaka", "Clinical", State::NotAdmitted, set(1, 3, Some(((140, 75), (2, 1))))),
            withdrawn,
            row("Rosa Lind", "Research/Faculty", State::Lacking, None),
            row("Rosa Lind", "Policy", State::Waiting, None),
        ],
        decision: Some(decision()),
    }
}

fn a_drift() -> Drift {
    let figure =
        |n, value: Option<f64>| Figure { n, found: value.map_or(Found::TooFew, |value| Found::Value(value, None)) };
    let day = |index: u32| NaiveDate::from_ymd_opt(2027, 1 + index, 7).unwrap_or_default();
    let points = |values: &[f64]| {
        let point = |(index, value): (u32, &f64)| Point { day: day(index), difference: *value, planted: index > 1 };
        (0..).zip(values).map(point).collect::<Vec<_>>()
    };
    let told = |name: &str, values: &[f64], (severity, distance, agreement), concerns| drift::Reviewer {
        name: name.to_owned(),
        n: i64::try_from(values.len()).unwrap_or(0),
        severity: figure(6, Some(severity)),
        distance: figure(6, Some(distance)),
        agreement: figure(6, Some(agreement)),
        concerns,
        points: points(values),
    };
    let few = drift::Reviewer {
        name: "Rosa Lind".to_owned(),
        n: 2,
        severity: figure(2, None),
        distance: figure(2, None),
        agreement: figure(2, None),
        concerns: Vec::new(),
        points: Vec::new(),
    };
    Drift {
        association: "a1".to_owned(),
        name: "Connecticut (CT-AIMH)".to_owned(),
        minimum: 6,
        threshold: 10,
        reviewers: vec![
            told(
                "Daniel Roy",
                &[-5.0, -5.0, -10.0, -15.0, -15.0, -20.0],
                (-13.3, 15.0, 0.67),
                vec![Concern::Severe, Concern::Verdicts],
            ),
            told("Ruth Okafor", &[0.0, 5.0, -5.0, 0.0, 5.0, 0.0], (0.8, 6.7, 1.0), Vec::new()),
            few,
        ],
    }
}
