//! Whether the pieces of a bank fit together, suffice, and are fair. Errors stand in the way of an exam; warnings ask
//! a person to look.

use std::collections::BTreeMap;

use super::likeness::{Likeness, resemblances};
use super::{Bank, Blueprint, Flaw, Item, LETTERS, Located, Severity, Vignette, benchmark, cues, parse};
use crate::domain::rubric::Criterion;
use crate::domain::vocabulary::{Area, ScenarioKind, Strand, Track};

/// With fewer items than this in a file, how often the key is the longest says nothing.
const MIN_ITEMS_FOR_LENGTHS: usize = 8;
/// The key may be the longest choice in so many percent of a file's items.
const MAX_LONGEST_PERCENT: usize = 40;
/// With fewer items than this in the bank, how often each letter is the key says nothing.
const MIN_ITEMS_FOR_LETTERS: usize = 40;
/// Each letter is the key in so many percent of the bank's items.
const LETTER_PERCENT: std::ops::RangeInclusive<usize> = 15..=35;
/// So many equal keys may follow one another in a file.
const MAX_RUN: usize = 4;

/// What a form of each strand is made of. Retakers need the same again.
const VIGNETTES_OF_A_FORM: [(Strand, ScenarioKind, usize); 4] = [
    (Strand::Clinical, ScenarioKind::Clinical, 2),
    (Strand::Policy, ScenarioKind::Policy, 2),
    (Strand::ResearchFaculty, ScenarioKind::Teaching, 1),
    (Strand::ResearchFaculty, ScenarioKind::EmpiricalResearch, 1),
];

/// Every flaw of what was read, by path and line. Whether there is enough of everything is asked of whole banks only,
/// not of a file that was given alone.
pub fn check(bank: &Bank) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    flaws.extend(repeated_ids(bank));
    flaws.extend(repeated_stems(&bank.items));
    flaws.extend(bank.items.iter().flat_map(item_flaws));
    flaws.extend(by_file(&bank.items).values().flat_map(|items| file_flaws(items)));
    flaws.extend(letter_shares(&bank.items));
    flaws.extend(bank.vignettes.iter().flat_map(vignette_flaws));
    flaws.extend(repeated_blueprints(&bank.blueprints));
    flaws.extend(bank.blueprints.iter().filter_map(wrong_sum));
    flaws.extend(bank.items.iter().filter_map(|item| misplaced(item, &item.value.id, item.value.practice)));
    flaws.extend(bank.vignettes.iter().filter_map(|one| misplaced(one, &one.value.id, one.value.practice)));
    flaws.extend(practice_supply(bank));
    flaws.extend(benchmark::flaws(bank));
    if is_whole(bank) {
        flaws.extend(bank.blueprints.iter().flat_map(|blueprint| item_supply(bank, blueprint)));
        flaws.extend(missing_blueprints(bank));
        flaws.extend(vignette_supply(bank));
    }
    flaws.sort();
    flaws
}

fn is_whole(bank: &Bank) -> bool {
    let mut paths = (bank.items.iter().map(|item| &item.path))
        .chain(bank.vignettes.iter().map(|vignette| &vignette.path))
        .chain(bank.blueprints.iter().map(|blueprint| &blueprint.path));
    paths.any(|path| in_folder(path, "items") || in_folder(path, "vignettes") || in_folder(path, "blueprints"))
}

fn in_folder(path: &str, folder: &str) -> bool {
    path.split_once('/').is_some_and(|(first, _)| first == folder)
}

/// What practice ids begin with, so that nothing of practice ever becomes a real question under the same id.
const PRACTICE_PREFIX: &str = "practice-";

/// What is for practice says so, stands in its own folder and has an id of its own kind; nothing else does.
fn misplaced<T>(piece: &Located<T>, id: &str, practice: bool) -> Option<Flaw> {
    let in_a_folder = piece.path.contains('/');
    let should = |rule: &str| {
        let what = if practice { "is for practice and" } else { "is for real exams and" };
        Some(piece.error(format!("\"{id}\" {what} {rule}")))
    };
    match (practice, in_a_folder && parse::is_practice(&piece.path), id.starts_with(PRACTICE_PREFIX)) {
        (true, false, _) if in_a_folder => should("belongs in the folder practice"),
        (true, _, false) => should("needs an id that begins with \"practice-\""),
        (false, true, _) => should("can't stand in the folder practice; say practice = true if it is for practice"),
        (false, _, true) => should("can't have an id that begins with \"practice-\""),
        _ => None,
    }
}

/// Whoever practises meets both parts, whatever their track.
fn practice_supply(bank: &Bank) -> Vec<Flaw> {
    let items: Vec<&Item> = bank.items.iter().map(|item| &item.value).filter(|item| item.practice).collect();
    let vignettes = bank.vignettes.iter().filter(|vignette| vignette.value.practice).count();
    let paths = bank.items.iter().map(|i| &i.path).chain(bank.vignettes.iter().map(|v| &v.path));
    if !paths.into_iter().any(|path| parse::is_practice(path)) {
        return Vec::new();
    }
    let lack = |what: String| Flaw {
        path: "practice".to_owned(),
        line: 1,
        severity: Severity::Error,
        detail: format!("the practice exam lacks {what}"),
    };
    let without = Track::ALL.iter().filter(|track| !items.iter().any(|item| item.tracks.contains(track)));
    let mut flaws: Vec<Flaw> = without.map(|track| lack(format!("an item of the track {track}"))).collect();
    if vignettes == 0 {
        flaws.push(lack("a vignette".to_owned()));
    }
    flaws
}

/// The name of a file of the bank without folder and ending; nothing for a file given alone, which may have any name.
fn name_in<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.split_once('/').filter(|(first, _)| *first == folder).and_then(|(_, name)| name.strip_suffix(".toml"))
}

fn repeated_ids(bank: &Bank) -> Vec<Flaw> {
    let items = bank.items.iter().map(|item| (item.value.id.as_str(), place_of(item)));
    let vignettes = bank.vignettes.iter().map(|vignette| (vignette.value.id.as_str(), place_of(vignette)));
    let benchmarks = bank.benchmarks.iter().map(|one| (one.value.id.as_str(), place_of(one)));
    let mut first_of = BTreeMap::new();
    let mut flaws = Vec::new();
    for (id, (path, line)) in items.chain(vignettes).chain(benchmarks) {
        match first_of.get(id) {
            None => {
                first_of.insert(id, (path, line));
            }
            Some((other_path, other_line)) => flaws.push(Flaw {
                path: path.to_owned(),
                line,
                severity: Severity::Error,
                detail: format!("the id \"{id}\" is taken already, at {other_path}:{other_line}"),
            }),
        }
    }
    flaws
}

fn place_of<T>(located: &Located<T>) -> (&str, usize) {
    (&located.path, located.line)
}

fn repeated_stems(items: &[Located<Item>]) -> Vec<Flaw> {
    let stems: Vec<&str> = items.iter().map(|item| item.value.stem.as_str()).collect();
    let told = |(place, first, likeness): (usize, usize, Likeness)| {
        let (item, other) = (items.get(place)?, items.get(first)?);
        let where_else = format!("of \"{}\" at {}:{}", other.value.id, other.path, other.line);
        let id = &item.value.id;
        Some(match likeness {
            Likeness::Equal => item.error(format!("the stem of \"{id}\" is the same as that {where_else}")),
            Likeness::Near => item.warning(format!("the stem of \"{id}\" is nearly the same as that {where_else}")),
        })
    };
    resemblances(&stems).into_iter().filter_map(told).collect()
}

fn item_flaws(item: &Located<Item>) -> Vec<Flaw> {
    let id = &item.value.id;
    let mut flaws = Vec::new();
    if let Some((one, other)) = equal_choices(&item.value) {
        flaws.push(item.error(format!("\"{id}\": choices {one} and {other} are the same")));
    }
    if let Some(name) = name_in(&item.path, "items").filter(|name| *name != item.value.area.as_str()) {
        let area = item.value.area;
        flaws.push(item.error(format!("\"{id}\" is of the area {area}, but stands in the file of {name}")));
    }
    flaws.extend(cues::of_item(&item.value).into_iter().map(|cue| item.warning(format!("\"{id}\": {cue}"))));
    flaws
}

fn equal_choices(item: &Item) -> Option<(&'static str, &'static str)> {
    let plain = |text: &str| {
        let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        spaced.trim_end_matches('.').to_owned()
    };
    let choices = item.choices.each_ref().map(|text| plain(text));
    let place = |wanted: &String| choices.iter().position(|choice| choice == wanted);
    let (other, one) =
        choices.iter().enumerate().find_map(|(at, text)| Some((at, place(text).filter(|p| *p < at)?)))?;
    Some((LETTERS.get(one)?, LETTERS.get(other)?))
}

fn by_file(items: &[Located<Item>]) -> BTreeMap<&str, Vec<&Located<Item>>> {
    let mut files: BTreeMap<&str, Vec<&Located<Item>>> = BTreeMap::new();
    for item in items {
        files.entry(&item.path).or_default().push(item);
    }
    files
}

fn file_flaws(items: &[&Located<Item>]) -> Vec<Flaw> {
    let mut flaws = equal_runs(items);
    let longest = items.iter().filter(|item| cues::key_is_longest(&item.value)).count();
    if items.len() >= MIN_ITEMS_FOR_LENGTHS && longest * 100 > MAX_LONGEST_PERCENT * items.len() {
        let detail = format!(
            "the key is the longest choice in {longest} of this file's {} items, more than {MAX_LONGEST_PERCENT} %",
            items.len()
        );
        flaws.extend(items.first().map(|first| Flaw { line: 1, ..first.warning(detail) }));
    }
    flaws
}

fn equal_runs(items: &[&Located<Item>]) -> Vec<Flaw> {
    items
        .chunk_by(|one, next| one.value.key == next.value.key)
        .filter(|run| run.len() > MAX_RUN)
        .filter_map(|run| {
            let first = run.first()?;
            let letter = LETTERS.get(first.value.key)?;
            Some(first.warning(format!("from here on, {} keys in a row are {letter}", run.len())))
        })
        .collect()
}

fn letter_shares(items: &[Located<Item>]) -> Vec<Flaw> {
    let total = items.len();
    if total < MIN_ITEMS_FOR_LETTERS {
        return Vec::new();
    }
    let path = match by_file(items).keys().next() {
        Some(only) if by_file(items).len() == 1 => (*only).to_owned(),
        _ => "items".to_owned(),
    };
    let shares = LETTERS
        .iter()
        .enumerate()
        .map(|(place, letter)| (letter, items.iter().filter(|item| item.value.key == place).count()));
    shares
        .filter(|(_, count)| count * 100 < LETTER_PERCENT.start() * total || count * 100 > LETTER_PERCENT.end() * total)
        .map(|(letter, count)| Flaw {
            path: path.clone(),
            line: 1,
            severity: Severity::Warning,
            detail: format!(
                "{letter} is the key of {count} of {total} items; each letter should be that of {} to {} %",
                LETTER_PERCENT.start(),
                LETTER_PERCENT.end()
            ),
        })
        .collect()
}

fn vignette_flaws(vignette: &Located<Vignette>) -> Vec<Flaw> {
    let Vignette { id, strand, scenario_kind: kind, rubric, .. } = &vignette.value;
    let mut flaws = Vec::new();
    if kind.strand() != *strand {
        let theirs = kind.strand();
        flaws.push(
            vignette.error(format!("a scenario of the kind {kind} belongs to the strand {theirs}, not {strand}")),
        );
    }
    if let Some(name) = name_in(&vignette.path, "vignettes").filter(|name| name != id) {
        flaws.push(
            vignette.error(format!("the vignette \"{id}\" stands in a file called {name}.toml; make them the same")),
        );
    }
    for (place, criterion) in rubric.criteria.iter().enumerate() {
        if rubric.criteria.iter().take(place).any(|earlier| earlier.id == criterion.id) {
            flaws.push(vignette.error(format!("two criteria are called \"{}\"", criterion.id)));
        }
        if !rises(criterion) {
            let detail =
                format!("the points of the criterion \"{}\" must rise from each level to the next", criterion.id);
            flaws.push(vignette.error(detail));
        }
    }
    flaws
}

fn rises(criterion: &Criterion) -> bool {
    criterion.levels.is_sorted_by(|one, next| one.points < next.points)
}

fn repeated_blueprints(blueprints: &[Located<Blueprint>]) -> Vec<Flaw> {
    let mut first_of: BTreeMap<Track, &Located<Blueprint>> = BTreeMap::new();
    let mut flaws = Vec::new();
    for blueprint in blueprints {
        let track = blueprint.value.track;
        match first_of.get(&track) {
            None => {
                first_of.insert(track, blueprint);
            }
            Some(first) => {
                let (path, line) = place_of(first);
                flaws.push(blueprint.error(format!("the track {track} has a blueprint already, at {path}:{line}")));
            }
        }
    }
    flaws
}

fn wrong_sum(blueprint: &Located<Blueprint>) -> Option<Flaw> {
    let sum: i64 = blueprint.value.areas.values().sum();
    let items = blueprint.value.items;
    (sum != items).then(|| blueprint.error(format!("the areas add up to {sum} items, but a form has {items}")))
}

fn item_supply(bank: &Bank, blueprint: &Located<Blueprint>) -> Vec<Flaw> {
    let Blueprint { track, areas, .. } = &blueprint.value;
    let supply = |area: Area| {
        let fits = |item: &&Located<Item>| {
            item.value.area == area && item.value.tracks.contains(track) && !item.value.practice
        };
        i64::try_from(bank.items.iter().filter(fits).count()).unwrap_or(i64::MAX)
    };
    areas
        .iter()
        .filter_map(|(area, needed)| {
            let there = supply(*area);
            let detail = format!("{track}, {area}: a form needs {needed} items, and the bank has {there}");
            match () {
                () if there < *needed => Some(blueprint.error(detail)),
                () if there < needed * 2 => Some(blueprint.warning(format!(
                    "{detail}: not enough for a second form without any of the same, which retakers need"
                ))),
                () => None,
            }
        })
        .collect()
}

fn missing_blueprints(bank: &Bank) -> Vec<Flaw> {
    Track::ALL
        .iter()
        .filter(|track| bank.items.iter().any(|item| item.value.tracks.contains(track) && !item.value.practice))
        .filter(|track| bank.blueprints.iter().all(|blueprint| blueprint.value.track != **track))
        .map(|track| Flaw {
            path: "blueprints".to_owned(),
            line: 1,
            severity: Severity::Warning,
            detail: format!("no blueprint says what a form of the track {track} is made of"),
        })
        .collect()
}

fn vignette_supply(bank: &Bank) -> Vec<Flaw> {
    // A bank of items alone is still being written: nobody could sit Part Two, nor thinks so.
    if bank.vignettes.is_empty() && bank.blueprints.is_empty() {
        return Vec::new();
    }
    let shortage = |(strand, kind, needed): &(Strand, ScenarioKind, usize)| {
        let fits = |vignette: &&Located<Vignette>| {
            let one = &vignette.value;
            one.strand == *strand && one.scenario_kind == *kind && !one.practice
        };
        let there = bank.vignettes.iter().filter(fits).count();
        let detail = format!("{strand}: a form needs {needed} of the kind {kind}, and the bank has {there}");
        let (severity, detail) = match () {
            () if there < *needed => (Severity::Error, detail),
            () if there < needed * 2 => {
                (Severity::Warning, format!("{detail}: not enough for a second form, which retakers need"))
            }
            () => return None,
        };
        Some(Flaw { path: "vignettes".to_owned(), line: 1, severity, detail })
    };
    VIGNETTES_OF_A_FORM.iter().filter_map(shortage).collect()
}

#[cfg(test)]
mod tests;
