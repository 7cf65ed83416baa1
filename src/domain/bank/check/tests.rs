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
            &["toml:21: error: the stem of \"att-002\" is the same as that of \"att-000\" at items/attachment.toml:1"],
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
        ("symbols are told apart", |b| b.items[1].value.choices = ["< 5", "> 5", "5", "= 5"].map(String::from), &[]),
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
            |b| b.vignettes.retain(|v| v.value.scenario_kind != ScenarioKind::Clinical || v.value.id == "clinical-0"),
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
        ["items/attachment.toml:1: warning: the key is the longest choice in 4 of this file's 8 items, more than 40 %"]
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
    let cases: [([usize; 4], usize); 5] =
        [([10, 10, 10, 10], 0), ([6, 14, 10, 10], 0), ([5, 13, 12, 10], 1), ([6, 15, 10, 9], 1), ([39, 0, 0, 0], 0)];
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

/// Adds what a practice exam is made of.
fn with_practice(bank: &mut Bank) {
    let mut question = item("practice-1");
    (question.path, question.value.practice) = ("practice/items.toml".into(), true);
    let mut scenario = vignette("practice-visit", ScenarioKind::Clinical);
    (scenario.path, scenario.value.practice) = ("practice/practice-visit.toml".into(), true);
    bank.items.push(question);
    bank.vignettes.push(scenario);
}

#[test]
fn practice_stands_apart() {
    fn changed(change: fn(&mut Located<Item>, &mut Located<Vignette>)) -> Vec<String> {
        told(|bank| {
            with_practice(bank);
            let (Some(item), Some(vignette)) = (bank.items.last_mut(), bank.vignettes.last_mut()) else { return };
            change(item, vignette);
        })
    }
    assert_eq!(changed(|_, _| ()), Vec::<String>::new());
    type Case = (&'static str, fn(&mut Located<Item>, &mut Located<Vignette>), &'static str);
    let cases: [Case; 5] = [
        (
            "not marked",
            |_, v| v.value.practice = false,
            "practice/practice-visit.toml:1: error: \"practice-visit\" is for real",
        ),
        ("elsewhere", |_, v| v.path = "vignettes/practice-visit.toml".into(), "belongs in the folder practice"),
        ("under another id", |i, _| i.value.id = "att-900".into(), "needs an id that begins with \"practice-\""),
        (
            "for one track",
            |i, _| i.value.tracks.truncate(1),
            "practice:1: error: the practice exam lacks an item of the track ECMH-E",
        ),
        (
            "without a vignette",
            |_, v| v.value.practice = false,
            "practice:1: error: the practice exam lacks a vignette",
        ),
    ];
    for (what, change, words) in cases {
        let found = changed(change);
        assert!(found.iter().any(|flaw| flaw.contains(words)), "{what}: {found:#?}");
    }
    let borrowed = told(|bank| bank.items[0].value.id = "practice-9".into());
    assert!(borrowed[0].contains("can't have an id that begins with"), "{borrowed:?}");
}

#[test]
fn what_is_for_practice_fills_no_form() {
    let found = told(|bank| {
        with_practice(bank);
        for item in bank.items.iter_mut().take(5) {
            (item.path, item.value.practice) = ("practice/items.toml".into(), true);
            item.value.id.insert_str(0, "practice-");
        }
        bank.vignettes.retain(|v| v.value.practice || v.value.scenario_kind != ScenarioKind::Clinical);
    });
    let lacks = |words: &str| found.iter().any(|flaw| flaw.contains("error") && flaw.contains(words));
    assert!(lacks("IMH-E, attachment: a form needs 4 items, and the bank has 3"), "{found:#?}");
    assert!(lacks("clinical: a form needs 2 of the kind clinical, and the bank has 0"), "{found:#?}");
}
