//! Benchmark scripts: answers to a vignette whose scores are known, because a panel has agreed on them and said why. By
//! them reviewers are calibrated before they read for an exam, and held against afterwards.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::page::{Fields, Page};
use super::parse::{MAX_CRITERIA, MAX_POINTS, MAX_RATIONALE_CHARS, MAX_VERSION};
use super::{Bank, Flaw, Located, Severity, Vignette, digest};
use crate::domain::panel::Reading;
use crate::domain::vocabulary::{Strand, Verdict};

/// The longest answer, in characters: that of the longest answer of any vignette.
const MAX_ANSWER_CHARS: usize = 50_000;
/// With fewer benchmark scripts of a strand than this nobody can be calibrated in it and planted on afterwards.
const ENOUGH_OF_A_STRAND: usize = 3;

/// An answer with its reference scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Its name in the whole bank, the same in every version.
    pub id: String,
    /// Which wording or scoring of it this is.
    pub version: i64,
    /// The vignette that it answers.
    pub vignette: String,
    /// Which version of that.
    pub vignette_version: i64,
    /// The reference verdict.
    pub verdict: Verdict,
    /// The answer, as an examinee would have typed it.
    pub answer: String,
    /// The reference by criterion, in the order of the rubric.
    pub marks: Vec<ReferenceMark>,
}

/// What one criterion's reference is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceMark {
    /// The criterion.
    pub criterion: String,
    /// The points of one of its levels.
    pub points: i64,
    /// Why, for the reviewer to learn from.
    pub rationale: String,
}

impl Benchmark {
    /// The reference, as a reading of the answer.
    pub fn reading(&self) -> Reading {
        let scores: BTreeMap<String, i64> = self.marks.iter().map(|m| (m.criterion.clone(), m.points)).collect();
        Reading { scores, verdict: self.verdict }
    }

    /// A digest of everything but the version.
    pub fn content_digest(&self) -> String {
        // Taken apart without `..`, so that a new field can't be left out of the digest unnoticed.
        let Self { id, version: _, vignette, vignette_version, verdict, answer, marks } = self;
        digest(json!({
            "id": id, "vignette": vignette, "vignette_version": vignette_version, "verdict": verdict,
            "answer": answer, "marks": marks,
        }))
    }

    /// What does not fit the vignette that it answers.
    pub fn misfits(&self, vignette: &Vignette) -> Vec<String> {
        let mut found = Vec::new();
        let criteria = &vignette.rubric.criteria;
        for criterion in criteria {
            match self.marks.iter().filter(|m| m.criterion == criterion.id).count() {
                0 => found.push(format!("the criterion \"{}\" has no reference", criterion.id)),
                1 => {}
                _ => found.push(format!("the criterion \"{}\" has more than one reference", criterion.id)),
            }
        }
        for mark in &self.marks {
            match criteria.iter().find(|c| c.id == mark.criterion) {
                None => found.push(format!("the rubric of {} has no criterion \"{}\"", vignette.id, mark.criterion)),
                Some(c) if !c.levels.iter().any(|l| l.points == mark.points) => {
                    found.push(format!("{} is no level of the criterion \"{}\"", mark.points, c.id));
                }
                Some(_) => {}
            }
        }
        let length = i64::try_from(self.answer.chars().count()).unwrap_or(i64::MAX);
        if length > vignette.max_characters {
            let most = vignette.max_characters;
            found.push(format!("the answer has {length} characters, and the vignette takes {most}"));
        }
        if vignette.practice {
            found.push(format!("the vignette {} is for practice, which nobody scores", vignette.id));
        }
        found
    }
}

/// Reads the file of one benchmark script.
pub(super) fn benchmark<'f>(page: &mut Page<'f>, root: &DeTable<'f>) -> Option<Located<Benchmark>> {
    let path = page.path().to_owned();
    let mut fields = Fields::of_file(page, root, "benchmark script");
    let id = fields.id("id");
    let version = fields.integer("version", 1..=MAX_VERSION);
    let vignette = fields.id("vignette");
    let vignette_version = fields.integer("vignette_version", 1..=MAX_VERSION);
    let verdict = fields.one_of("verdict", Verdict::ALL, Verdict::as_str);
    let answer = fields.text("answer", MAX_ANSWER_CHARS);
    let marks = fields.tables("reference", 1..=MAX_CRITERIA, reference);
    let line = fields.line();
    fields.close();
    let value = Benchmark {
        id: id?,
        version: version?,
        vignette: vignette?,
        vignette_version: vignette_version?,
        verdict: verdict?,
        answer: answer?,
        marks: marks?,
    };
    Some(Located { value, path, line })
}

fn reference<'f>(page: &mut Page<'f>, value: &Spanned<DeValue<'f>>) -> Option<ReferenceMark> {
    let mut fields = Fields::of_value(page, value, "reference")?;
    let criterion = fields.id("criterion");
    let points = fields.integer("points", 0..=MAX_POINTS);
    let rationale = fields.text("rationale", MAX_RATIONALE_CHARS);
    fields.close();
    Some(ReferenceMark { criterion: criterion?, points: points?, rationale: rationale? })
}

/// What is wrong with the benchmark scripts of a bank. Whether one fits its vignette is asked where the vignette is at
/// hand: a file given alone has none, and is held against what is in the database when it is imported.
pub(super) fn flaws(bank: &Bank) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = bank.benchmarks.iter().flat_map(|one| flaws_of(bank, one)).collect();
    if !bank.vignettes.is_empty() && !bank.benchmarks.is_empty() {
        flaws.extend(supply(bank));
    }
    flaws
}

fn flaws_of(bank: &Bank, one: &Located<Benchmark>) -> Vec<Flaw> {
    let Benchmark { id, vignette, vignette_version: version, .. } = &one.value;
    let mut flaws = Vec::new();
    let named = one.path.split_once('/').and_then(|(_, name)| name.strip_suffix(".toml"));
    if named.is_some_and(|name| name != id) {
        flaws.push(one.error(format!("the benchmark script \"{id}\" must stand in a file of its name, {id}.toml")));
    }
    match bank.vignettes.iter().find(|v| v.value.id == *vignette) {
        None if bank.vignettes.is_empty() => {}
        None => {
            flaws.push(one.error(format!("\"{id}\" answers the vignette \"{vignette}\", which is not in the bank")))
        }
        // An answer to an earlier wording is still good for whoever imports it beside that wording.
        Some(known) if known.value.version != *version => flaws.push(one.warning(format!(
            "\"{id}\" answers version {version} of \"{vignette}\", and the bank has version {}",
            known.value.version
        ))),
        Some(known) => {
            flaws.extend(one.value.misfits(&known.value).into_iter().map(|m| one.error(format!("\"{id}\": {m}"))))
        }
    }
    flaws
}

/// Who scores only good answers, or only bad ones, is calibrated on nothing.
fn supply(bank: &Bank) -> Vec<Flaw> {
    let strand_of = |one: &Located<Benchmark>| {
        bank.vignettes.iter().find(|v| v.value.id == one.value.vignette).map(|v| v.value.strand)
    };
    let warning = |detail: String| Flaw { path: "calibration".into(), line: 1, severity: Severity::Warning, detail };
    let mut flaws = Vec::new();
    for strand in Strand::ALL {
        let of: Vec<&Located<Benchmark>> = bank.benchmarks.iter().filter(|b| strand_of(b) == Some(*strand)).collect();
        if of.len() < ENOUGH_OF_A_STRAND {
            let n = of.len();
            flaws.push(warning(format!("{strand}: {n} benchmark scripts are too few to calibrate reviewers by")));
        } else if of.iter().map(|b| b.value.verdict.as_str()).collect::<BTreeSet<_>>().len() < 2 {
            flaws.push(warning(format!("{strand}: all benchmark scripts have the same verdict")));
        }
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::{SourceFile, check, parse};
    use super::*;
    use crate::domain::vocabulary::ScenarioKind;

    const TEXT: &str = r#"
id = "calibration-1"
version = 1
vignette = "clinical-0"
vignette_version = 1
verdict = "fail"
answer = """
I would listen.
"""

[[reference]]
criterion = "reflection"
points = 1
rationale = "Says so in general."

[[reference]]
criterion = "thinking"
points = 0
rationale = "Offers nothing."
"#;

    fn read(text: &str) -> (Bank, Vec<Flaw>) {
        parse::parse(&[
            SourceFile { path: "calibration/calibration-1.toml".into(), text: text.into() },
            SourceFile { path: "calibration/notes.md".into(), text: "not read".into() },
        ])
    }

    fn with_vignettes(text: &str) -> Vec<String> {
        let (mut bank, mut flaws) = read(text);
        bank.vignettes = vec![samples::vignette("clinical-0", ScenarioKind::Clinical)];
        flaws.extend(super::flaws(&bank));
        flaws.retain(|flaw| flaw.severity == Severity::Error);
        flaws.into_iter().map(|flaw| flaw.detail).collect()
    }

    #[test]
    fn a_file_is_read_whole() {
        let (bank, flaws) = read(TEXT);
        assert_eq!(flaws, []);
        let [one] = &bank.benchmarks[..] else { panic!("one") };
        assert_eq!(one.value.answer, "I would listen.");
        let reading = one.value.reading();
        assert_eq!((reading.scores["reflection"], reading.scores["thinking"], reading.verdict), (1, 0, Verdict::Fail));
        // Alone, without the vignette, nothing can be said against it.
        assert_eq!(check::check(&bank), []);
    }

    #[test]
    fn a_file_alone_is_known_by_what_it_holds() {
        let alone = SourceFile { path: "anything.toml".into(), text: TEXT.into() };
        assert_eq!(parse::parse(&[alone]).0.benchmarks.len(), 1);
    }

    #[test]
    fn what_does_not_fit_the_vignette_is_named() {
        assert_eq!(with_vignettes(TEXT), Vec::<String>::new());
        for (from, to, expected) in [
            ("points = 1", "points = 7", "7 is no level of the criterion \"reflection\""),
            ("criterion = \"thinking\"", "criterion = \"guessing\"", "has no criterion \"guessing\""),
            ("criterion = \"thinking\"", "criterion = \"reflection\"", "\"reflection\" has more than one reference"),
            ("vignette = \"clinical-0\"", "vignette = \"clinical-9\"", "which is not in the bank"),
            ("id = \"calibration-1\"", "id = \"calibration-2\"", "calibration-2.toml"),
            ("verdict = \"fail\"", "verdict = \"perhaps\"", "\"verdict\" can't be"),
            ("I would listen.", &"x".repeat(12_001), "the vignette takes 12000"),
        ] {
            let found = with_vignettes(&TEXT.replace(from, to));
            assert!(found.iter().any(|detail| detail.contains(expected)), "{to}: {found:?}");
        }
    }

    #[test]
    fn the_digest_ignores_the_version_and_nothing_else() {
        let (bank, _) = read(TEXT);
        let before = &bank.benchmarks[0].value;
        let changed = |change: fn(&mut Benchmark)| {
            let mut after = before.clone();
            change(&mut after);
            after.content_digest() != before.content_digest()
        };
        assert!(!changed(|b| b.version = 9));
        assert!(changed(|b| b.answer.push('.')));
        assert!(changed(|b| b.verdict = Verdict::Pass));
        assert!(changed(|b| b.marks[0].points = 2));
        assert!(changed(|b| b.marks[0].rationale.push('.')));
        assert!(changed(|b| b.vignette_version = 2));
    }
}
