//! Samples of the figures of agreement.

use super::{head, shell};
use crate::coordinator::SittingState;
use crate::coordinator::agreement::{self, Agreement, Cause, CriterionRow, Of, Overall};
use crate::figures::{Figure, Found, Levels};
use crate::sample::Pages;
use crate::urls;

/// The pages, in their states.
pub(super) fn pages() -> Pages {
    let sitting = |runs| Of::Sitting { head: head(SittingState::Marking), runs, association: "a1".to_owned() };
    let association = Of::Association {
        id: "a1".to_owned(),
        name: "Connecticut (CT-AIMH)".to_owned(),
        sittings: vec![
            ("s1".to_owned(), "Spring sitting 2027".to_owned(), 42),
            ("s0".to_owned(), "Autumn sitting 2026".to_owned(), 6),
        ],
    };
    let page = |view: &Agreement| agreement::agreement(&shell(&urls::sitting_agreement("s1")), view);
    let few = Agreement { scripts: 4, ..an_agreement(sitting(true)) };
    vec![
        ("sitting-agreement", page(&an_agreement(sitting(true)))),
        ("sitting-agreement-read-only", page(&an_agreement(sitting(false)))),
        ("sitting-agreement-few", page(&few)),
        (
            "association-agreement",
            agreement::agreement(&shell(&urls::association_agreement("a1")), &an_agreement(association)),
        ),
    ]
}

/// A figure with its interval.
pub(in crate::sample) fn figure(n: i64, value: f64, low: f64, high: f64) -> Figure {
    Figure { n, found: Found::Value(value, Some((low, high))) }
}

fn an_agreement(of: Of) -> Agreement {
    let overall = |measure, of_verdicts, figure| Overall { measure, of_verdicts, figure };
    let few = |n| Figure { n, found: Found::TooFew };
    let criterion = |domain: &str, ordinal, n| CriterionRow {
        domain: domain.to_owned(),
        ordinal,
        n,
        figures: vec![
            ("exact", figure(n, 0.62, 0.47, 0.75)),
            ("adjacent", figure(n, 0.95, 0.84, 0.99)),
            ("kappa_linear", figure(n, 0.55, 0.38, 0.72)),
            ("kappa_quadratic", figure(n, 0.71, 0.52, 0.85)),
            ("ac2_quadratic", figure(n, 0.82, 0.73, 0.91)),
            ("alpha_ordinal", figure(n, 0.7, 0.5, 0.84)),
        ],
    };
    let lacking = CriterionRow {
        figures: criterion("", 1, 4).figures.into_iter().map(|(measure, _)| (measure, few(4))).collect(),
        ..criterion("Communicating", 1, 4)
    };
    Agreement {
        of,
        scripts: 42,
        minimum: 10,
        overall: vec![
            overall("exact", true, figure(42, 0.88, 0.75, 0.95)),
            overall("kappa", true, figure(42, 0.71, 0.48, 0.94)),
            overall("ac1", true, figure(42, 0.79, 0.62, 0.96)),
            overall("alpha_nominal", true, Figure { n: 42, found: Found::Undefined }),
            overall("icc_1_1", false, figure(42, 0.74, 0.57, 0.85)),
            overall("icc_1_2", false, figure(42, 0.85, 0.72, 0.92)),
            overall("alpha_interval", false, Figure { n: 42, found: Found::Value(1.0, None) }),
        ],
        criteria: vec![
            criterion("Reflection", 1, 42),
            criterion("Administration", 1, 18),
            criterion("Administration", 2, 18),
            lacking,
        ],
        levels: Some(Levels {
            points: vec![0, 1, 2, 3, 4],
            counts: vec![
                vec![3, 2, 1, 0, 0],
                vec![0, 14, 11, 2, 0],
                vec![0, 0, 61, 29, 1],
                vec![0, 0, 0, 58, 12],
                vec![0, 0, 0, 0, 16],
            ],
        }),
        reviewers: vec![
            ("Daniel Roy".to_owned(), figure(24, -6.2, -9.1, -3.3)),
            ("Mei Tanaka".to_owned(), few(7)),
            ("Ruth Achterberg-Oyelaran Okafor".to_owned(), figure(31, 2.4, -0.4, 5.2)),
            ("Samira Haddad".to_owned(), figure(22, 0.3, -2.2, 2.8)),
        ],
        thirds: vec![
            (Cause::Any, figure(42, 0.19, 0.1, 0.33)),
            (Cause::VerdictSplit, figure(42, 0.12, 0.05, 0.25)),
            (Cause::CriterionGap, figure(42, 0.1, 0.04, 0.22)),
            (Cause::NearCut, figure(42, 0.0, 0.0, 0.08)),
        ],
        seed: "evenhand agreement 1 s1".to_owned(),
    }
}
