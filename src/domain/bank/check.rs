//! Whether the pieces of a bank fit together, suffice, and are fair. Errors stand in the way of an exam; warnings ask
//! a person to look.

use std::collections::BTreeMap;

use super::likeness::{Likeness, resemblances};
use super::{Bank, Blueprint, Flaw, Item, LETTERS, Located, Severity, Vignette, cues};
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

/// The name of a file of the bank without folder and ending; nothing for a file given alone, which may have any name.
fn name_in<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.split_once('/').filter(|(first, _)| *first == folder).and_then(|(_, name)| name.strip_suffix(".toml"))
}

fn repeated_ids(bank: &Bank) -> Vec<Flaw> {
    let items = bank.items.iter().map(|item| (item.value.id.as_str(), place_of(item)));
    let vignettes = bank.vignettes.iter().map(|vignette| (vignette.value.id.as_str(), place_of(vignette)));
    let mut first_of = BTreeMap::new();
    let mut flaws = Vec::new();
    for (id, (path, line)) in items.chain(vignettes) {
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
        let fits = |item: &&Located<Item>| item.value.area == area && item.value.tracks.contains(track);
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
        .filter(|track| bank.items.iter().any(|item| item.value.tracks.contains(track)))
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
        let fits =
            |vignette: &&Located<Vignette>| vignette.value.strand == *strand && vignette.value.scenario_kind == *kind;
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
mod tests {
    use super::super::samples::{bank, blueprint, item, item_of, vignette};
    use super::*;

    /// What is told of a flawless bank after a change: `path:line: severity: detail`.
    fn told(change: impl FnOnce(&mut Bank)) -> Vec<String> {
        let mut bank = bank();
        change(&mut bank);
        check(&bank).iter().map(Flaw::to_string).collect()
    }

    type Change = fn(&mut Bank);

    fn each_is_told(cases: &[(&str, Change, &[&str])]) {
        for (what, change, expected) in cases {
            let found = told(*change);
            assert_eq!(found.len(), expected.len(), "{what}: {found:#?}");
            for (flaw, words) in found.iter().zip(*expected) {
                assert!(flaw.contains(words), "{what}: {found:#?}");
            }
        }
    }

    #[test]
    fn a_sound_bank_has_no_flaw() {
        assert_eq!(told(|_| ()), Vec::<String>::new());
        assert_eq!(check(&Bank::default()), []);
    }

    #[test]
    fn pieces_fit_together() {
        each_is_told(&[
            (
                "an id twice",
                |b| b.items[3].value.id = "att-001".into(),
                &["items/attachment.toml:31: error: the id \"att-001\" is taken already, at items/attachment.toml:11"],
            ),
            (
                "an item's id for a vignette",
                |b| b.items[0].value.id = "policy-2".into(),
                &["vignettes/policy-2.toml:1: error: the id \"policy-2\" is taken already, at items/attachment.toml:1"],
            ),
            (
                "a stem twice",
                |b| b.items[2].value.stem = b.items[0].value.stem.to_uppercase(),
                &[
                    "toml:21: error: the stem of \"att-002\" is the same as that of \"att-000\" at items/attachment.toml:1",
                ],
            ),
            (
                "nearly a stem twice",
                |b| b.items[2].value.stem = b.items[0].value.stem.replace("000x7", ""),
                &["toml:21: warning: the stem of \"att-002\" is nearly the same as that of \"att-000\""],
            ),
            (
                "a choice twice",
                |b| b.items[1].value.choices[3] = "wait  and WATCH".into(),
                &["toml:11: error: \"att-001\": choices a and d are the same"],
            ),
            (
                "symbols are told apart",
                |b| b.items[1].value.choices = ["< 5", "> 5", "5", "= 5"].map(String::from),
                &[],
            ),
            (
                "an area in another's file",
                |b| {
                    let extra = Located { path: "items/law.toml".into(), ..item("att-900") };
                    b.items.push(extra);
                },
                &["items/law.toml:1: error: \"att-900\" is of the area attachment, but stands in the file of law"],
            ),
            (
                "a kind of another strand",
                |b| {
                    let mut odd = vignette("x", ScenarioKind::Teaching);
                    odd.value.strand = Strand::Policy;
                    b.vignettes.push(odd);
                },
                &[
                    "vignettes/x.toml:1: error: a scenario of the kind teaching belongs to the strand research_faculty, not policy",
                ],
            ),
            (
                "a vignette in another's file",
                |b| b.vignettes[0].value.id = "clinical-9".into(),
                &["error: the vignette \"clinical-9\" stands in a file called clinical-0.toml"],
            ),
            (
                "a criterion twice",
                |b| b.vignettes[0].value.rubric.criteria[1].id = "reflection".into(),
                &["vignettes/clinical-0.toml:1: error: two criteria are called \"reflection\""],
            ),
            (
                "points that stand still",
                |b| b.vignettes[0].value.rubric.criteria[1].levels[2].points = 1,
                &["error: the points of the criterion \"thinking\" must rise"],
            ),
            (
                "points that fall",
                |b| b.vignettes[0].value.rubric.criteria[0].levels.reverse(),
                &["error: the points of the criterion \"reflection\" must rise"],
            ),
            ("points that skip", |b| b.vignettes[0].value.rubric.criteria[0].levels[4].points = 9, &[]),
            (
                "a cue",
                |b| b.items[0].value.choices[3] = "None of the above".into(),
                &["items/attachment.toml:1: warning: \"att-000\": choice d is of the kind"],
            ),
        ]);
    }

    #[test]
    fn blueprints_can_be_filled() {
        each_is_told(&[
            (
                "a wrong sum",
                |b| b.blueprints[0].value.items = 60,
                &["blueprints/imh-e.toml:1: error: the areas add up to 4 items, but a form has 60"],
            ),
            (
                "two for a track",
                |b| {
                    let other = Located { path: "blueprints/x.toml".into(), ..b.blueprints[0].clone() };
                    b.blueprints.push(other);
                },
                &["blueprints/x.toml:1: error: the track IMH-E has a blueprint already, at blueprints/imh-e.toml:1"],
            ),
            (
                "too few for one form, and none of an area",
                |b| b.blueprints[0] = blueprint(Track::Imh, &[(Area::Attachment, 9), (Area::Law, 1)]),
                &[
                    "error: IMH-E, attachment: a form needs 9 items, and the bank has 8",
                    "error: IMH-E, law: a form needs 1 items, and the bank has 0",
                ],
            ),
            (
                "enough for one form but not for two",
                |b| b.blueprints[1] = blueprint(Track::Ecmh, &[(Area::Attachment, 5)]),
                &[
                    "blueprints/ecmh-e.toml:1: warning: ECMH-E, attachment: a form needs 5 items, and the bank has 8: not enough",
                ],
            ),
            (
                "items of the other track do not count",
                |b| b.items[0].value.tracks = vec![Track::Ecmh],
                &["blueprints/imh-e.toml:1: warning: IMH-E, attachment: a form needs 4 items, and the bank has 7"],
            ),
            ("an area that is not drawn from", |b| b.blueprints[0].value.areas.extend([(Area::Law, 0)]), &[]),
            (
                "a track without one",
                |b| b.blueprints.truncate(1),
                &["blueprints:1: warning: no blueprint says what a form of the track ECMH-E is made of"],
            ),
        ]);
    }

    #[test]
    fn vignettes_suffice_for_every_strand() {
        each_is_told(&[
            (
                "one clinical",
                |b| {
                    b.vignettes
                        .retain(|v| v.value.scenario_kind != ScenarioKind::Clinical || v.value.id == "clinical-0")
                },
                &["vignettes:1: error: clinical: a form needs 2 of the kind clinical, and the bank has 1"],
            ),
            (
                "three of policy",
                |b| b.vignettes.retain(|v| v.value.id != "policy-0"),
                &[
                    "vignettes:1: warning: policy: a form needs 2 of the kind policy, and the bank has 3: not enough for a second",
                ],
            ),
            (
                "no teaching, one study",
                |b| {
                    b.vignettes
                        .retain(|v| v.value.strand != Strand::ResearchFaculty || v.value.id == "empirical_research-0");
                },
                &[
                    "vignettes:1: error: research_faculty: a form needs 1 of the kind teaching, and the bank has 0",
                    "vignettes:1: warning: research_faculty: a form needs 1 of the kind empirical_research, and the bank has 1",
                ],
            ),
            (
                "items alone",
                |b| (b.vignettes, b.blueprints) = (vec![], vec![]),
                &["what a form of the track ECMH-E is made of", "what a form of the track IMH-E is made of"],
            ),
        ]);
    }

    #[test]
    fn a_file_given_alone_need_not_suffice() {
        let alone = |change: fn(&mut Bank)| {
            let mut only = Bank::default();
            change(&mut only);
            check(&only)
        };
        assert_eq!(alone(|b| b.items.push(Located { path: "draft.toml".into(), ..item("att-001") })), []);
        let draft = || Located { path: "/tmp/d/draft.toml".into(), ..vignette("x", ScenarioKind::Policy) };
        assert_eq!(
            alone(|b| b.vignettes.push(Located { path: "draft.toml".into(), ..vignette("x", ScenarioKind::Policy) })),
            []
        );
        assert_eq!(check(&Bank { vignettes: vec![draft()], ..Bank::default() }), []);
        let plan = Located { path: "draft.toml".into(), ..blueprint(Track::Imh, &[(Area::Law, 5)]) };
        assert_eq!(check(&Bank { blueprints: vec![plan], ..Bank::default() }), []);
    }

    #[test]
    fn long_keys_are_counted_by_file() {
        let long = |count: usize| {
            move |b: &mut Bank| {
                for item in &mut b.items[..count] {
                    let key = item.value.key;
                    item.value.choices[key].push_str(" And then.");
                    item.line += 7;
                }
            }
        };
        assert_eq!(told(long(3)), Vec::<String>::new(), "three of eight is less than 40 %");
        assert_eq!(
            told(long(4)),
            [
                "items/attachment.toml:1: warning: the key is the longest choice in 4 of this file's 8 items, more than 40 %"
            ]
        );
        let mut few = bank();
        long(4)(&mut few);
        few.items.truncate(7);
        assert!(!check(&few).iter().any(|f| f.detail.contains("longest")), "seven items say nothing");
    }

    #[test]
    fn equal_keys_do_not_follow_one_another() {
        let same =
            |keys: [usize; 8]| move |b: &mut Bank| b.items.iter_mut().zip(keys).for_each(|(i, key)| i.value.key = key);
        assert_eq!(told(same([0, 2, 2, 2, 2, 0, 1, 1])), Vec::<String>::new());
        assert_eq!(
            told(same([0, 2, 2, 2, 2, 2, 2, 1])),
            ["items/attachment.toml:11: warning: from here on, 6 keys in a row are c"]
        );
    }

    #[test]
    fn letters_are_counted_over_the_bank() {
        let with = |counts: [usize; 4], areas: [Area; 2]| {
            let keys = counts.iter().enumerate().flat_map(|(key, count)| std::iter::repeat_n(key, *count));
            let items = keys.enumerate().map(|(n, key)| {
                let mut item = item_of(&format!("x{n:03}"), areas[n % 2], n + 1);
                item.value.key = key;
                item
            });
            let bank = Bank { items: items.collect(), ..Bank::default() };
            letter_shares(&bank.items).iter().map(Flaw::to_string).collect::<Vec<_>>()
        };
        let two = [Area::Law, Area::Ethics];
        let cases: [([usize; 4], usize); 5] = [
            ([10, 10, 10, 10], 0),
            ([6, 14, 10, 10], 0),
            ([5, 13, 12, 10], 1),
            ([6, 15, 10, 9], 1),
            ([39, 0, 0, 0], 0),
        ];
        for (counts, expected) in cases {
            assert_eq!(with(counts, two).len(), expected, "{counts:?}");
        }
        assert_eq!(
            with([5, 13, 12, 10], two),
            ["items:1: warning: a is the key of 5 of 40 items; each letter should be that of 15 to 35 %"]
        );
        assert!(with([5, 13, 12, 10], [Area::Law; 2])[0].starts_with("items/law.toml:1: "));
    }

    #[test]
    fn flaws_come_by_path_and_line() {
        let found = check(&{
            let mut bank = bank();
            bank.items[5].value.choices[0] = "Ask the parent".into();
            bank.items[2].value.choices[0] = "Ask the parent".into();
            bank.vignettes.clear();
            bank.blueprints[0].value.items = 1;
            bank
        });
        let places: Vec<(&str, usize)> = found.iter().map(|f| (f.path.as_str(), f.line)).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(found.iter().filter(|f| f.path == "vignettes").count(), 4);
    }
}
