//! Forms: which items and vignettes make up a part, and the order in which one examinee sees them.
//!
//! Everything that looks like chance here is a pure function of a recorded seed, through SHA-256 alone: an order can be
//! recomputed years later by anyone, whatever has become of any random-number library.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::bank::{Blueprint, Item, Vignette};
use super::vocabulary::{ScenarioKind, Strand};

/// The letters by which choices are called, in the order shown.
pub const CHOICE_LETTERS: [&str; 4] = ["a", "b", "c", "d"];

/// A frozen reference to one version of an item or vignette.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ContentRef {
    /// The item or vignette.
    pub id: String,
    /// Its version.
    pub version: i64,
}

/// The order of `count` things under a seed: position to original index.
///
/// Each index is ranked by the digest of seed, purpose and index; equal digests do not occur.
pub fn shuffled(seed: &str, purpose: &str, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_cached_key(|index| {
        let mut hash = Sha256::new();
        hash.update(seed.as_bytes());
        hash.update([0]);
        hash.update(purpose.as_bytes());
        hash.update([0]);
        hash.update(index.to_string().as_bytes());
        hash.finalize()
    });
    order
}

/// How one examinee sees a Part One form.
#[derive(Debug, Clone)]
pub struct Layout {
    questions: Vec<usize>,
    choices: Vec<Vec<usize>>,
}

impl Layout {
    /// The layout of a form of `count` items under the attempt's seed.
    pub fn of(seed: &str, count: usize) -> Self {
        let questions = shuffled(seed, "questions", count);
        let choices = questions
            .iter()
            .map(|ordinal| shuffled(seed, &format!("choices {ordinal}"), CHOICE_LETTERS.len()))
            .collect();
        Self { questions, choices }
    }

    /// The form's ordinal (from 0) of the question at a position (from 1).
    pub fn ordinal_at(&self, position: i64) -> Option<usize> {
        usize::try_from(position).ok()?.checked_sub(1).and_then(|p| self.questions.get(p).copied())
    }

    /// The original choice indices in the order shown at a position (from 1).
    pub fn choices_at(&self, position: i64) -> Option<&[usize]> {
        usize::try_from(position).ok()?.checked_sub(1).and_then(|p| self.choices.get(p).map(Vec::as_slice))
    }

    /// Undoes the shuffle: which original choice the letter shown at a position stands for.
    pub fn original_choice(&self, position: i64, letter: &str) -> Option<usize> {
        let shown = CHOICE_LETTERS.iter().position(|l| *l == letter)?;
        self.choices_at(position)?.get(shown).copied()
    }
}

/// Picks the items of a Part One form: for each area of the blueprint that many, by seed, none of `exclude`.
///
/// When fewer questions are asked than the blueprint has (a shortened sitting), the blueprint's proportions are kept as
/// nearly as whole questions allow, by largest remainder.
///
/// # Errors
/// A sentence that names each area which lacks items, and how many.
pub fn assemble_items(
    items: &[Item],
    blueprint: &Blueprint,
    count: i64,
    exclude: &BTreeSet<String>,
    seed: &str,
) -> Result<Vec<ContentRef>, String> {
    let mut picked = Vec::new();
    let mut lacking = Vec::new();
    for (area, wanted) in apportion(blueprint, count) {
        let eligible: Vec<&Item> = items
            .iter()
            .filter(|i| i.area == area && i.tracks.contains(&blueprint.track) && !exclude.contains(&i.id))
            .collect();
        let wanted = usize::try_from(wanted).unwrap_or(0);
        if eligible.len() < wanted {
            lacking.push(format!("{area} has {} of {wanted}", eligible.len()));
            continue;
        }
        let order = shuffled(seed, area.as_str(), eligible.len());
        picked.extend(
            order
                .into_iter()
                .take(wanted)
                .map(|i| ContentRef { id: eligible[i].id.clone(), version: eligible[i].version }),
        );
    }
    if lacking.is_empty() { Ok(picked) } else { Err(format!("{} items: {}", blueprint.track, lacking.join(", "))) }
}

/// The blueprint's areas scaled to `count` questions by largest remainder; ties go to the area named first.
fn apportion(blueprint: &Blueprint, count: i64) -> Vec<(super::vocabulary::Area, i64)> {
    let total: i64 = blueprint.areas.values().sum::<i64>().max(1);
    let mut rows: Vec<_> = blueprint.areas.iter().map(|(a, n)| (*a, n * count / total, n * count % total)).collect();
    let mut missing = count - rows.iter().map(|r| r.1).sum::<i64>();
    let mut by_remainder: Vec<usize> = (0..rows.len()).collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(rows[*i].2));
    for i in by_remainder {
        if missing > 0 {
            rows[i].1 += 1;
            missing -= 1;
        }
    }
    rows.into_iter().map(|(a, n, _)| (a, n)).collect()
}

/// Picks the vignettes of a Part Two form: of the strand, none of `exclude`, and for research and faculty by turns one
/// teaching and one empirical-research scenario.
///
/// # Errors
/// A sentence that names what is lacking.
pub fn assemble_vignettes(
    vignettes: &[Vignette],
    strand: Strand,
    count: i64,
    exclude: &BTreeSet<String>,
    seed: &str,
) -> Result<Vec<ContentRef>, String> {
    let kinds: &[ScenarioKind] = match strand {
        Strand::Clinical => &[ScenarioKind::Clinical],
        Strand::Policy => &[ScenarioKind::Policy],
        Strand::ResearchFaculty => &[ScenarioKind::Teaching, ScenarioKind::EmpiricalResearch],
    };
    let mut pools: Vec<Vec<&Vignette>> = kinds
        .iter()
        .map(|kind| {
            let of_kind: Vec<&Vignette> =
                vignettes.iter().filter(|v| v.scenario_kind == *kind && !exclude.contains(&v.id)).collect();
            shuffled(seed, kind.as_str(), of_kind.len()).into_iter().rev().map(|i| of_kind[i]).collect()
        })
        .collect();
    let mut picked = Vec::new();
    for turn in 0..usize::try_from(count).unwrap_or(0) {
        let at = turn % kinds.len();
        match pools[at].pop() {
            Some(v) => picked.push(ContentRef { id: v.id.clone(), version: v.version }),
            None => return Err(format!("not enough vignettes of kind {} for {count} in a form", kinds[at])),
        }
    }
    Ok(picked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::{Area, Domain, Track};

    fn item(id: &str, area: Area, tracks: &[Track]) -> Item {
        Item {
            id: id.into(),
            version: 1,
            tracks: tracks.to_vec(),
            domain: Domain::Thinking,
            area,
            stem: "?".into(),
            choices: ["1", "2", "3", "4"].map(String::from),
            key: 0,
            rationale: String::new(),
            practice: false,
        }
    }

    fn bank() -> (Vec<Item>, Blueprint) {
        let mut items: Vec<Item> =
            (0..6).map(|i| item(&format!("dev-{i}"), Area::Development, &[Track::Imh])).collect();
        items.extend((0..4).map(|i| item(&format!("law-{i}"), Area::Law, &[Track::Imh, Track::Ecmh])));
        let areas = [(Area::Development, 3), (Area::Law, 2)].into_iter().collect();
        (items, Blueprint { track: Track::Imh, version: 1, items: 5, areas })
    }

    #[test]
    fn a_layout_is_a_permutation_fixed_by_its_seed() {
        let layout = Layout::of("seed", 60);
        let seen: BTreeSet<usize> = (1..=60).filter_map(|p| layout.ordinal_at(p)).collect();
        assert_eq!(seen.len(), 60);
        assert_eq!(layout.ordinal_at(0), None);
        assert_eq!(layout.ordinal_at(61), None);
        for position in 1..=60 {
            let originals: BTreeSet<usize> =
                CHOICE_LETTERS.iter().filter_map(|l| layout.original_choice(position, l)).collect();
            assert_eq!(originals.len(), 4);
        }
        assert_eq!(layout.original_choice(1, "e"), None);
        // Pinned: results of years ago must be recomputed with the same order.
        assert_eq!(shuffled("seed", "questions", 8), Layout::of("seed", 8).questions);
        assert_eq!(shuffled("seed", "questions", 6), vec![2, 4, 0, 1, 5, 3]);
    }

    #[test]
    fn a_form_follows_its_blueprint_and_avoids_what_was_seen() {
        let (items, blueprint) = bank();
        let first = assemble_items(&items, &blueprint, 5, &BTreeSet::new(), "s").unwrap();
        assert_eq!(first.iter().filter(|r| r.id.starts_with("dev")).count(), 3);
        let seen: BTreeSet<String> = first.into_iter().map(|r| r.id).collect();
        let second = assemble_items(&items, &blueprint, 5, &seen, "s").unwrap();
        assert!(second.iter().all(|r| !seen.contains(&r.id)));
        let all: BTreeSet<String> = seen.into_iter().chain(second.into_iter().map(|r| r.id)).collect();
        let refused = assemble_items(&items, &blueprint, 5, &all, "s").unwrap_err();
        assert_eq!(refused, "IMH-E items: development has 0 of 3, law has 0 of 2");
    }

    #[test]
    fn a_shortened_form_keeps_the_proportions() {
        let (_, blueprint) = bank();
        for (count, expected) in [(5, [3, 2]), (1, [1, 0]), (2, [1, 1]), (3, [2, 1]), (10, [6, 4])] {
            let rows: Vec<i64> = apportion(&blueprint, count).into_iter().map(|r| r.1).collect();
            assert_eq!(rows, expected, "{count}");
        }
    }
}
