//! The question bank as authors keep it: items, vignettes and blueprints in TOML files. This module turns their text
//! into values and names every flaw at its place; it reads no files itself. What `parse` lets into a [`Bank`] keeps
//! its bounds; whether the pieces fit together and the questions are fair is for `check` to say.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::rubric::Rubric;
use super::vocabulary::{Area, Domain, ScenarioKind, Strand, Track};
pub use benchmark::{Benchmark, ReferenceMark};

pub mod benchmark;
pub mod check;
mod cues;
mod likeness;
mod page;
pub mod parse;
#[cfg(test)]
mod samples;

/// The letters by which authors name an item's choices, in order.
pub const LETTERS: [&str; 4] = ["a", "b", "c", "d"];

/// One file of the bank, already read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it stands below the bank's root, with `/` between the parts.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// One multiple-choice question of Part One with a single best answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name in the whole bank, the same in every version.
    pub id: String,
    /// Which wording of it this is.
    pub version: i64,
    /// The tracks whose forms may draw it, in the vocabulary's order.
    pub tracks: Vec<Track>,
    /// The competency domain under which feedback counts it.
    pub domain: Domain,
    /// The knowledge area under which a blueprint counts it.
    pub area: Area,
    /// The question, in Markdown.
    pub stem: String,
    /// What may be chosen, in the author's order.
    pub choices: [String; 4],
    /// Which of the choices is right: 0 to 3.
    pub key: usize,
    /// Why the key is right and the others are not, for authors and committees.
    pub rationale: String,
    /// Whether it is for practice alone: no real form ever holds it, and its key is no secret.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}

/// One scenario of Part Two, answered in prose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vignette {
    /// Its name in the whole bank, the same in every version.
    pub id: String,
    /// Which wording of it this is.
    pub version: i64,
    /// The strand whose forms may draw it.
    pub strand: Strand,
    /// What it is about.
    pub scenario_kind: ScenarioKind,
    /// A neutral title.
    pub title: String,
    /// The scenario, in Markdown.
    pub scenario: String,
    /// What the writer must answer, in order.
    pub prompts: Vec<String>,
    /// The longest answer that is taken.
    pub max_characters: i64,
    /// How answers are judged.
    pub rubric: Rubric,
    /// Whether it is for practice alone: no real form ever holds it, and nobody ever scores it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}

/// How many items of each knowledge area make one Part One form of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blueprint {
    /// The track whose forms it describes.
    pub track: Track,
    /// Which edition of it this is.
    pub version: i64,
    /// How many items a form has.
    pub items: i64,
    /// How many of them come from each area.
    pub areas: BTreeMap<Area, i64>,
}

/// A value and the place it was read from, so that later flaws can name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// The file.
    pub path: String,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

/// Everything that could be read, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bank {
    /// Part One's questions.
    pub items: Vec<Located<Item>>,
    /// Part Two's scenarios.
    pub vignettes: Vec<Located<Vignette>>,
    /// What forms are made of.
    pub blueprints: Vec<Located<Blueprint>>,
    /// Answers whose scores are known.
    pub benchmarks: Vec<Located<Benchmark>>,
}

/// How bad a flaw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The bank can't be used like this.
    Error,
    /// The bank can be used, and someone should look.
    Warning,
}

/// Something to correct, and where. Flaws sort by path, then line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flaw {
    /// The file; for what concerns many files, the folder.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, for people who do not program.
    pub detail: String,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.severity, self.detail)
    }
}

impl<T> Located<T> {
    fn error(&self, detail: impl Into<String>) -> Flaw {
        self.flaw(Severity::Error, detail)
    }

    fn warning(&self, detail: impl Into<String>) -> Flaw {
        self.flaw(Severity::Warning, detail)
    }

    fn flaw(&self, severity: Severity, detail: impl Into<String>) -> Flaw {
        Flaw { path: self.path.clone(), line: self.line, severity, detail: detail.into() }
    }
}

impl Item {
    /// The right choice's text.
    pub fn key_text(&self) -> &str {
        self.choices.get(self.key).map_or("", String::as_str)
    }

    /// The wrong choices' texts, in the author's order.
    pub fn distractors(&self) -> impl Iterator<Item = &str> {
        self.choices.iter().enumerate().filter(|(place, _)| *place != self.key).map(|(_, text)| text.as_str())
    }

    /// A digest of everything but the version: two items with the same digest ask the same in the same words.
    pub fn content_digest(&self) -> String {
        // Taken apart without `..`, so that a new field can't be left out of the digest unnoticed.
        let Self { id, version: _, tracks, domain, area, stem, choices, key, rationale, practice } = self;
        let content = json!({
            "id": id, "tracks": tracks, "domain": domain, "area": area, "stem": stem, "choices": choices, "key": key,
            "rationale": rationale,
        });
        digest(marked(content, *practice))
    }
}

impl Vignette {
    /// A digest of everything but the version: two vignettes with the same digest ask the same and are judged alike.
    pub fn content_digest(&self) -> String {
        let Self { id, version: _, strand, scenario_kind, title, scenario, prompts, max_characters, rubric, practice } =
            self;
        let content = json!({
            "id": id, "strand": strand, "scenario_kind": scenario_kind, "title": title, "scenario": scenario,
            "prompts": prompts, "max_characters": max_characters, "rubric": rubric,
        });
        digest(marked(content, *practice))
    }
}

/// Only practice is marked as what it is: what was imported before there was any keeps its digest.
fn marked(mut content: Value, practice: bool) -> Value {
    if practice {
        content["practice"] = json!(true);
    }
    content
}

/// SHA-256, in hexadecimal, of the compact JSON with its keys sorted.
fn digest(mut value: Value) -> String {
    // serde_json keeps keys sorted only as long as no crate of the build asks it to preserve their order.
    value.sort_all_objects();
    format!("{:x}", Sha256::digest(value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::samples::{blueprint, item, vignette};
    use super::*;

    /// What is changed, whether the digest stays the same, and the change.
    type Change<T> = (&'static str, bool, fn(&mut T));

    #[test]
    fn a_flaw_reads_like_a_compilers() {
        let flaw = item("att-001").error("odd");
        assert_eq!(flaw.to_string(), "items/attachment.toml:1: error: odd");
        assert_eq!(item("att-001").warning("odd").to_string(), "items/attachment.toml:1: warning: odd");
    }

    #[test]
    fn the_digest_ignores_the_version_and_nothing_else() {
        let before = item("att-001").value;
        let cases: [Change<Item>; 10] = [
            ("version", true, |i| i.version = 7),
            ("id", false, |i| i.id.push('x')),
            ("tracks", false, |i| i.tracks.truncate(1)),
            ("domain", false, |i| i.domain = Domain::Thinking),
            ("area", false, |i| i.area = Area::Law),
            ("stem", false, |i| i.stem.push('.')),
            ("choices", false, |i| i.choices.swap(0, 1)),
            ("key", false, |i| i.key = 3),
            ("rationale", false, |i| i.rationale.clear()),
            ("practice", false, |i| i.practice = true),
        ];
        for (what, same, change) in cases {
            let mut after = before.clone();
            change(&mut after);
            assert_eq!(before.content_digest() == after.content_digest(), same, "{what}");
        }
        let before = vignette("clinical-001", ScenarioKind::Clinical).value;
        let cases: [Change<Vignette>; 5] = [
            ("version", true, |v| v.version = 7),
            ("prompts", false, |v| v.prompts.swap(0, 1)),
            ("max_characters", false, |v| v.max_characters += 1),
            ("practice", false, |v| v.practice = true),
            ("rubric", false, |v| v.rubric.criteria[0].levels[1].descriptor.push('.')),
        ];
        for (what, same, change) in cases {
            let mut after = before.clone();
            change(&mut after);
            assert_eq!(before.content_digest() == after.content_digest(), same, "{what}");
        }
    }

    #[test]
    fn the_digest_is_sha256_of_sorted_compact_json() {
        // printf '{"a":[1,"é"],"b":{"c":null,"d":2}}' | sha256sum
        let expected = "ee979912";
        let found = digest(json!({"b": {"d": 2, "c": null}, "a": [1, "é"]}));
        assert_eq!(&found[..8], expected);
        assert_eq!(found.len(), 64);
    }

    #[test]
    fn values_survive_json() {
        let item = item("att-001").value;
        assert_eq!(serde_json::to_value(&item).and_then(serde_json::from_value).ok(), Some(item));
        let vignette = vignette("clinical-001", ScenarioKind::Clinical).value;
        assert_eq!(serde_json::to_value(&vignette).and_then(serde_json::from_value).ok(), Some(vignette));
        let blueprint = blueprint(Track::Imh, &[(Area::Attachment, 2)]).value;
        let written = serde_json::to_string(&blueprint).unwrap_or_default();
        assert_eq!(written, r#"{"track":"IMH-E","version":1,"items":2,"areas":{"attachment":2}}"#);
        assert_eq!(serde_json::from_str(&written).ok(), Some(blueprint));
    }
}
