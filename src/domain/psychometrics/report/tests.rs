use super::*;
use crate::domain::psychometrics::{Estimate, Figure};
use crate::domain::rubric::{self, Level};

fn rubric(domains: &[Domain]) -> Rubric {
    let criterion = |(index, domain): (usize, &Domain)| rubric::Criterion {
        id: format!("c{index}"),
        title: String::new(),
        domain: *domain,
        levels: (0..5).map(|points| Level { points, descriptor: String::new() }).collect(),
    };
    Rubric { criteria: domains.iter().enumerate().map(criterion).collect() }
}

fn person(name: &str) -> PersonId {
    PersonId(name.into())
}

fn reading(levels: &[i64]) -> Reading {
    let scores: BTreeMap<String, i64> = levels.iter().enumerate().map(|(i, p)| (format!("c{i}"), *p)).collect();
    let verdict = if levels.iter().sum::<i64>() >= 5 { Verdict::Pass } else { Verdict::Fail };
    Reading { scores, verdict }
}

fn script(readers: [&str; 2], a: [i64; 2], b: [i64; 2], third_for: &[Disagreement]) -> Script {
    Script {
        readings: [(person(readers[0]), reading(&a)), (person(readers[1]), reading(&b))],
        max_points: 8,
        levels: Arc::new(levels_of(&rubric(&[Domain::Thinking, Domain::Reflection]))),
        third_for: third_for.to_vec(),
    }
}

/// Twelve scripts by three reviewers of whom one, "c", is one point above the others on every criterion.
fn twelve() -> Vec<Script> {
    let mut scripts = Vec::new();
    for i in 0..4_i64 {
        let (x, y) = (i % 4, (i + 1) % 4);
        scripts.push(script(["a", "b"], [x, y], [x, y], &[]));
        scripts.push(script(["a", "c"], [x, y], [x + 1, y + 1], &[]));
        scripts.push(script(["b", "c"], [x, y], [x + 1, y + 1], &[Disagreement::VerdictSplit]));
    }
    scripts
}

fn find(report: &Report, subject: &Subject, measure: Measure) -> Measured {
    report.lines.iter().find(|l| l.subject == *subject && l.measure == measure).unwrap().measured
}

fn value(measured: Measured) -> f64 {
    measured.known().unwrap().value
}

#[test]
fn figures_of_a_small_batch() {
    let report = report(&twelve(), "seed");
    assert_eq!((report.scripts, report.same_readers), (12, false));
    let thinking = Subject::Criterion(Criterion { domain: Domain::Thinking, ordinal: 1 });
    assert!((value(find(&report, &thinking, Measure::Exact)) - 4.0 / 12.0).abs() < 1e-12);
    assert!((value(find(&report, &thinking, Measure::Adjacent)) - 1.0).abs() < 1e-12);
    assert!((value(find(&report, &Subject::Scripts, Measure::ThirdReadings)) - 4.0 / 12.0).abs() < 1e-12);
    let near = Subject::Cause(Disagreement::NearCut);
    assert!(value(find(&report, &near, Measure::ThirdReadings)).abs() < 1e-12);
    // Two criteria, one point each, of eight: 25 per cent above on every script.
    let severity = |who: &str| find(&report, &Subject::Reviewer(person(who)), Measure::Severity);
    assert_eq!((severity("a").n, severity("a").figure), (8, Figure::TooFew));
    let matrix = report.matrix.unwrap();
    assert_eq!(matrix.points, [0, 1, 2, 3, 4]);
    assert_eq!(matrix.counts.iter().flatten().sum::<usize>(), 24);
    assert_eq!((matrix.counts[0][0], matrix.counts[0][1], matrix.counts[1][0]), (2, 4, 0));
}

#[test]
fn severity_is_the_difference_from_the_others() {
    let twice: Vec<Script> = twelve().into_iter().chain(twelve()).collect();
    let report = report(&twice, "seed");
    let severity = |who: &str| find(&report, &Subject::Reviewer(person(who)), Measure::Severity);
    assert_eq!(severity("c").figure, Figure::Known(Estimate { value: 25.0, interval: None }));
    assert_eq!(severity("a").n, 16);
    assert!((value(severity("a")) + 12.5).abs() < 1e-12, "{:?}", severity("a"));
    let (low, high) = severity("a").known().unwrap().interval.unwrap();
    assert!(low < -12.5 && -12.5 < high && high < 0.0);
}

#[test]
fn with_two_readers_in_all_their_severity_is_told_apart() {
    let with = |readers| (0..12_i64).map(move |i| script(readers, [i % 4, i % 3], [i % 4, i % 2], &[]));
    let one: Vec<Script> = with(["a", "b"]).collect();
    let found = report(&one, "seed");
    assert!(found.same_readers);
    assert!(found.lines.iter().any(|line| line.measure == Measure::IccTwo));
    let two: Vec<Script> = one.into_iter().chain(with(["a", "c"])).collect();
    let found = report(&two, "seed");
    assert!(!found.same_readers);
    assert!(found.lines.iter().any(|line| line.measure == Measure::IccOne));
}

#[test]
fn a_domain_with_two_criteria_counts_a_script_once_in_each() {
    let levels = levels_of(&rubric(&[Domain::Administration, Domain::Thinking, Domain::Administration]));
    let found: Vec<(Domain, usize)> = levels.iter().map(|l| (l.criterion.domain, l.criterion.ordinal)).collect();
    assert_eq!(found, [(Domain::Administration, 1), (Domain::Thinking, 1), (Domain::Administration, 2)]);
}

#[test]
fn nothing_is_told_of_few_scripts() {
    for count in [0, 1, 9] {
        let report = report(&twelve()[..count], "seed");
        assert!(report.matrix.is_none());
        for line in &report.lines {
            assert_eq!(line.measured.figure, Figure::TooFew, "{line:?}");
        }
    }
}

#[test]
fn perfect_agreement_is_one_throughout() {
    let scripts: Vec<Script> = (0..20_i64).map(|i| script(["a", "b"], [i % 5, i % 3], [i % 5, i % 3], &[])).collect();
    for line in report(&scripts, "seed").lines {
        let expected = match line.measure {
            Measure::Severity | Measure::ThirdReadings => 0.0,
            _ => 1.0,
        };
        assert!((value(line.measured) - expected).abs() < 1e-9, "{line:?}");
    }
}

#[test]
fn the_seed_alone_decides_what_is_drawn() {
    let scripts: Vec<Script> = twelve().into_iter().chain(twelve()).collect();
    assert_eq!(report(&scripts, "one"), report(&scripts, "one"));
    let interval = |seed| find(&report(&scripts, seed), &Subject::Points, Measure::AlphaInterval).known().unwrap();
    assert_eq!(interval("one").value, interval("two").value);
    assert_ne!(interval("one").interval, interval("two").interval);
}
