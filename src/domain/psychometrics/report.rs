//! Everything that is told to the lead about how two first readers agree, computed from settled scripts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::alpha::{Scale, alpha};
use super::icc::{different_readers, same_readers};
use super::kappa::{by_distance, gwet, kappa, same};
use super::share::{mean, share};
use super::{MIN_SCRIPTS, Measured};
use crate::domain::ids::PersonId;
use crate::domain::panel::{Disagreement, Reading};
use crate::domain::rubric::Rubric;
use crate::domain::vocabulary::{Domain, Verdict, spelled};

spelled! {
    /// What is measured.
    Measure {
        /// The share in which both readers gave the same.
        Exact = "exact",
        /// The share in which they gave the same or neighbouring points.
        Adjacent = "adjacent",
        /// Cohen's kappa on unordered pairs of readers.
        Kappa = "kappa",
        /// The same, weighted by the distance.
        KappaLinear = "kappa_linear",
        /// The same, weighted by the squared distance.
        KappaQuadratic = "kappa_quadratic",
        /// Gwet's AC1.
        Ac1 = "ac1",
        /// Gwet's AC2, weighted by the squared distance.
        Ac2 = "ac2_quadratic",
        /// Krippendorff's alpha of categories.
        AlphaNominal = "alpha_nominal",
        /// Krippendorff's alpha of ranks.
        AlphaOrdinal = "alpha_ordinal",
        /// Krippendorff's alpha of differences.
        AlphaInterval = "alpha_interval",
        /// Of one reading, where scripts have different readers.
        IccOne = "icc_1_1",
        /// Of two readings together, where scripts have different readers.
        IccOneMean = "icc_1_2",
        /// Of one reading, where all scripts have the same two readers.
        IccTwo = "icc_2_1",
        /// Of two readings together, where all scripts have the same two readers.
        IccTwoMean = "icc_2_2",
        /// By how much of a script's points a reviewer gives more, or less, than the other readers of the same scripts.
        Severity = "severity",
        /// The share that needed a third reading.
        ThirdReadings = "third_readings",
    }
}

spelled! {
    /// How an interval was found.
    Method {
        /// Wilson (1927).
        Wilson = "wilson_score",
        /// Fleiss, Cohen and Everitt (1969).
        LargeSample = "fleiss_cohen_everitt",
        /// Gwet (2008).
        Gwet = "gwet",
        /// Shrout and Fleiss (1979).
        Analysis = "shrout_fleiss",
        /// Scripts drawn anew, under the seed on record.
        Bootstrap = "bootstrap",
        /// Student (1908).
        Student = "student",
    }
}

impl Measure {
    /// How its interval is found.
    pub fn method(self) -> Method {
        match self {
            Self::Exact | Self::Adjacent | Self::ThirdReadings => Method::Wilson,
            Self::Kappa | Self::KappaLinear | Self::KappaQuadratic => Method::LargeSample,
            Self::Ac1 | Self::Ac2 => Method::Gwet,
            Self::AlphaNominal | Self::AlphaOrdinal | Self::AlphaInterval => Method::Bootstrap,
            Self::IccOne | Self::IccOneMean | Self::IccTwo | Self::IccTwoMean => Method::Analysis,
            Self::Severity => Method::Student,
        }
    }
}

/// A criterion as figures tell it apart: rubrics differ between vignettes, and what they share is the domain. Where a
/// rubric has several criteria of one domain, they are told apart by their order, so that a script counts once in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Criterion {
    /// The competency domain.
    pub domain: Domain,
    /// The how-manieth criterion of that domain, from 1.
    pub ordinal: usize,
}

/// The levels of a criterion under its name within one rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    criterion: Criterion,
    id: String,
    points: Vec<i64>,
}

/// The levels of all criteria of a rubric.
pub fn levels_of(rubric: &Rubric) -> Vec<Levels> {
    let mut seen: BTreeMap<Domain, usize> = BTreeMap::new();
    let criteria = rubric.criteria.iter().map(|criterion| {
        let ordinal = seen.entry(criterion.domain).and_modify(|count| *count += 1).or_insert(1);
        Levels {
            criterion: Criterion { domain: criterion.domain, ordinal: *ordinal },
            id: criterion.id.clone(),
            points: criterion.levels.iter().map(|level| level.points).collect(),
        }
    });
    criteria.collect()
}

/// A settled script with its two first readings, in the order of their readers' ids.
#[derive(Debug, Clone)]
pub struct Script {
    /// Who read it and what they judged. Third readings and calibration have no place here.
    pub readings: [(PersonId, Reading); 2],
    /// The most that one reading could give.
    pub max_points: i64,
    /// The criteria.
    pub levels: Arc<Vec<Levels>>,
    /// Why a third reading was called; nothing when none was.
    pub third_for: Vec<Disagreement>,
}

impl Script {
    /// What either reading gave, in per cent of the most.
    fn per_cent(&self) -> Vec<f64> {
        let most = self.max_points.max(1) as f64;
        self.readings.iter().map(|(_, reading)| 100.0 * reading.points() as f64 / most).collect()
    }

    fn readers(&self) -> [&PersonId; 2] {
        [&self.readings[0].0, &self.readings[1].0]
    }
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The overall verdicts.
    Verdict,
    /// The points in all, in per cent of the most.
    Points,
    /// The levels of a criterion.
    Criterion(Criterion),
    /// All scripts, whatever the cause.
    Scripts,
    /// One cause of third readings. A script may have several.
    Cause(Disagreement),
    /// A reviewer.
    Reviewer(PersonId),
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Of what.
    pub subject: Subject,
    /// Which measure.
    pub measure: Measure,
    /// What it came to.
    pub measured: Measured,
}

/// How often two readers of one criterion gave which levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The levels' points, rising.
    pub points: Vec<i64>,
    /// By the lower of the two, then by the higher: nothing stands below the diagonal.
    pub counts: Vec<Vec<usize>>,
}

/// Everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How many scripts it rests on.
    pub scripts: usize,
    /// Whether all of them have the same two readers.
    pub same_readers: bool,
    /// The seed of everything that was drawn.
    pub seed: String,
    /// The figures.
    pub lines: Vec<Line>,
    /// The levels given, over all criteria; nothing while there are too few scripts.
    pub matrix: Option<Matrix>,
}

/// The figures of these scripts, in whose order sums are taken.
pub fn report(scripts: &[Script], seed: &str) -> Report {
    let readers: BTreeSet<[&PersonId; 2]> = scripts.iter().map(Script::readers).collect();
    let mut report = Report {
        scripts: scripts.len(),
        same_readers: readers.len() == 1,
        seed: seed.to_owned(),
        lines: Vec::new(),
        matrix: (scripts.len() >= MIN_SCRIPTS).then(|| matrix(scripts)),
    };
    report.verdicts(scripts);
    report.points(scripts);
    let criteria: BTreeSet<Criterion> =
        scripts.iter().flat_map(|script| script.levels.iter().map(|levels| levels.criterion)).collect();
    for criterion in criteria {
        report.criterion(scripts, criterion);
    }
    report.third_readings(scripts);
    report.severities(scripts);
    report
}

impl Report {
    fn add(&mut self, subject: &Subject, measure: Measure, measured: Measured) {
        self.lines.push(Line { subject: subject.clone(), measure, measured });
    }

    fn verdicts(&mut self, scripts: &[Script]) {
        let category = |reading: &Reading| usize::from(reading.verdict == Verdict::Pass);
        let given: Vec<(usize, usize)> =
            scripts.iter().map(|s| (category(&s.readings[0].1), category(&s.readings[1].1))).collect();
        let subject = Subject::Verdict;
        self.add(&subject, Measure::Exact, share(given.iter().filter(|(a, b)| a == b).count(), given.len()));
        self.add(&subject, Measure::Kappa, kappa(&given, 2, &same));
        self.add(&subject, Measure::Ac1, gwet(&listed(&given), 2, &same));
        let values: Vec<Vec<f64>> =
            given.iter().map(|(a, b)| [a, b].map(|c| f64::from(u8::from(*c == 1))).to_vec()).collect();
        self.add(&subject, Measure::AlphaNominal, alpha(&values, Scale::Nominal, &self.seed, "verdict"));
    }

    fn points(&mut self, scripts: &[Script]) {
        let rows: Vec<Vec<f64>> = scripts.iter().map(Script::per_cent).collect();
        let subject = Subject::Points;
        let (pair, single, average) = if self.same_readers {
            (same_readers(&rows), Measure::IccTwo, Measure::IccTwoMean)
        } else {
            (different_readers(&rows), Measure::IccOne, Measure::IccOneMean)
        };
        self.add(&subject, single, pair.single);
        self.add(&subject, average, pair.average);
        self.add(&subject, Measure::AlphaInterval, alpha(&rows, Scale::Interval, &self.seed, "points"));
    }

    fn criterion(&mut self, scripts: &[Script], criterion: Criterion) {
        let given: Vec<(i64, i64)> = scripts.iter().filter_map(|script| of_criterion(script, criterion)).collect();
        let points = rising(scripts, |levels| levels.criterion == criterion);
        let at = |value: i64| points.partition_point(|known| *known < value);
        let ranked: Vec<(usize, usize)> = given.iter().map(|(a, b)| (at(*a), at(*b))).collect();
        let subject = Subject::Criterion(criterion);
        let within = |apart: i64| given.iter().filter(|(a, b)| (a - b).abs() <= apart).count();
        self.add(&subject, Measure::Exact, share(within(0), given.len()));
        self.add(&subject, Measure::Adjacent, share(within(1), given.len()));
        for (measure, power) in [(Measure::KappaLinear, 1), (Measure::KappaQuadratic, 2)] {
            self.add(&subject, measure, kappa(&ranked, points.len(), &by_distance(&points, power)));
        }
        self.add(&subject, Measure::Ac2, gwet(&listed(&ranked), points.len(), &by_distance(&points, 2)));
        let values: Vec<Vec<f64>> = given.iter().map(|(a, b)| vec![*a as f64, *b as f64]).collect();
        let purpose = format!("{} {}", criterion.domain, criterion.ordinal);
        self.add(&subject, Measure::AlphaOrdinal, alpha(&values, Scale::Ordinal, &self.seed, &purpose));
    }

    fn third_readings(&mut self, scripts: &[Script]) {
        let called = scripts.iter().filter(|script| !script.third_for.is_empty()).count();
        self.add(&Subject::Scripts, Measure::ThirdReadings, share(called, scripts.len()));
        for cause in Disagreement::ALL {
            let called = scripts.iter().filter(|script| script.third_for.contains(cause)).count();
            self.add(&Subject::Cause(*cause), Measure::ThirdReadings, share(called, scripts.len()));
        }
    }

    fn severities(&mut self, scripts: &[Script]) {
        let mut by_reviewer: BTreeMap<&PersonId, Vec<f64>> = BTreeMap::new();
        for script in scripts {
            let (given, [a, b]) = (script.per_cent(), script.readers());
            by_reviewer.entry(a).or_default().push(given[0] - given[1]);
            by_reviewer.entry(b).or_default().push(given[1] - given[0]);
        }
        for (reviewer, differences) in by_reviewer {
            self.add(&Subject::Reviewer(reviewer.clone()), Measure::Severity, mean(&differences, (-100.0, 100.0)));
        }
    }
}

fn listed(pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    pairs.iter().map(|(a, b)| vec![*a, *b]).collect()
}

/// What both readers gave on a criterion, if the script's rubric has it.
fn of_criterion(script: &Script, criterion: Criterion) -> Option<(i64, i64)> {
    let levels = script.levels.iter().find(|levels| levels.criterion == criterion)?;
    both(script, levels)
}

fn both(script: &Script, levels: &Levels) -> Option<(i64, i64)> {
    let [a, b] = &script.readings;
    Some((*a.1.scores.get(&levels.id)?, *b.1.scores.get(&levels.id)?))
}

/// The points of every level that could be given on some criteria, rising.
fn rising(scripts: &[Script], of: impl Fn(&Levels) -> bool) -> Vec<i64> {
    let levels = scripts.iter().flat_map(|script| script.levels.iter()).filter(|levels| of(levels));
    levels.flat_map(|levels| levels.points.iter().copied()).collect::<BTreeSet<i64>>().into_iter().collect()
}

fn matrix(scripts: &[Script]) -> Matrix {
    let points = rising(scripts, |_| true);
    let mut counts = vec![vec![0; points.len()]; points.len()];
    let at = |value: i64| points.binary_search(&value);
    for script in scripts {
        for (a, b) in script.levels.iter().filter_map(|levels| both(script, levels)) {
            if let (Ok(low), Ok(high)) = (at(a.min(b)), at(a.max(b))) {
                counts[low][high] += 1;
            }
        }
    }
    Matrix { points, counts }
}

#[cfg(test)]
mod tests;
