use super::super::Severity;
use super::super::check::check;
use super::*;

const ITEMS: &str = r#"# Attachment.

[[item]]
id = "att-001"
version = 1
tracks = ["IMH-E", "ECMH-E"]
domain = "theoretical_foundations"
area = "attachment"
stem = """
A child cries.

Which step is *best*?
"""
a = "Wait"
b = "Ask"
c = "Call"
d = "Read"
key = "b"
rationale = """
It fits.
"""

[[item]]
id = "att-002"
version = 3
tracks = ["ECMH-E"]
domain = "thinking"
area = "attachment"
stem = "Another question altogether?"
a = "One"
b = "Two"
c = "Three"
d = "Four"
key = "d"
rationale = "So it is."
"#;

const VIGNETTE: &str = r#"id = "clinical-001"
version = 1
strand = "clinical"
scenario_kind = "clinical"
title = "A visit"
scenario = """
Something happens.
"""
prompts = [
  "What do you see?",
  "What do you do?",
]
max_characters = 12000

[[criterion]]
id = "reflection"
title = "Reflection"
domain = "reflection"
levels = [
  { points = 0, descriptor = "None." },
  { points = 1, descriptor = "Some." },
]

[[criterion]]
id = "thinking"
title = "Thinking"
domain = "thinking"
levels = [
  { points = 0, descriptor = "None." },
  { points = 2, descriptor = "Some." },
]
"#;

const BLUEPRINT: &str = r#"track = "IMH-E"
version = 1
items = 3

[areas]
attachment = 2
law = 1
"#;

fn read(path: &str, text: &str) -> (Bank, Vec<Flaw>) {
    parse(&[SourceFile { path: path.to_owned(), text: text.to_owned() }])
}

fn spoiled(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to spoil: {from}");
    text.replacen(from, to, 1)
}

/// What to replace, by what, and the lines and words of the flaws that must follow.
type Slip<'s> = (&'s str, &'s str, &'s [(usize, &'s str)]);

fn each_slip_is_told(path: &str, text: &str, cases: &[Slip<'_>]) {
    for (from, to, expected) in cases {
        let (_, flaws) = read(path, &spoiled(text, from, to));
        let told: Vec<(usize, &str)> = flaws.iter().map(|f| (f.line, f.detail.as_str())).collect();
        assert_eq!(told.len(), expected.len(), "{from} -> {to}: {told:?}");
        for ((line, detail), (at, words)) in told.iter().zip(*expected) {
            assert!(line == at && detail.contains(words), "{from} -> {to}: {told:?}");
        }
        assert!(flaws.iter().all(|f| f.path == path && f.severity == Severity::Error), "{flaws:?}");
    }
}

#[test]
fn items_are_read() {
    let (bank, flaws) = read("items/attachment.toml", ITEMS);
    assert_eq!(flaws, []);
    let [first, second] = &bank.items[..] else { panic!("{bank:?}") };
    assert_eq!((first.line, second.line, first.path.as_str()), (3, 23, "items/attachment.toml"));
    assert_eq!(first.value.stem, "A child cries.\n\nWhich step is *best*?");
    assert_eq!((first.value.key, first.value.key_text()), (1, "Ask"));
    assert_eq!(first.value.distractors().collect::<Vec<_>>(), ["Wait", "Call", "Read"]);
    assert_eq!(first.value.tracks, [Track::Imh, Track::Ecmh]);
    assert_eq!((second.value.version, second.value.domain), (3, Domain::Thinking));
    assert_eq!(second.value.tracks, [Track::Ecmh]);
}

#[test]
fn vignettes_and_blueprints_are_read() {
    let (bank, flaws) = read("vignettes/clinical-001.toml", VIGNETTE);
    assert_eq!(flaws, []);
    let vignette = &bank.vignettes[0].value;
    assert_eq!((vignette.prompts.len(), vignette.max_characters), (2, 12_000));
    assert_eq!(vignette.rubric.max_points(), 3);
    assert_eq!(vignette.scenario, "Something happens.");
    let (bank, flaws) = read("blueprints/imh-e.toml", BLUEPRINT);
    assert_eq!(flaws, []);
    let blueprint = &bank.blueprints[0].value;
    assert_eq!((blueprint.track, blueprint.items), (Track::Imh, 3));
    assert_eq!(
        blueprint.areas.iter().map(|(a, n)| (*a, *n)).collect::<Vec<_>>(),
        [(Area::Attachment, 2), (Area::Law, 1)]
    );
}

#[test]
fn the_editor_that_saved_a_file_changes_no_digest() {
    let digest = |text: &str| read("items/attachment.toml", text).0.items[0].value.content_digest();
    assert_eq!(digest(ITEMS), digest(&ITEMS.replace('\n', "\r\n")));
    assert_eq!(digest(ITEMS), digest(&format!("\u{feff}{ITEMS}")));
    assert_eq!(digest(ITEMS), digest(&spoiled(ITEMS, "[\"IMH-E\", \"ECMH-E\"]", "[\"ECMH-E\", \"IMH-E\"]")));
    assert_eq!(digest(ITEMS), digest(&spoiled(ITEMS, "\"Wait\"", "\" Wait \"")));
    assert_ne!(digest(ITEMS), digest(&spoiled(ITEMS, "\"Wait\"", "\"Wait!\"")));
}

#[test]
fn bounds_belong_to_what_is_allowed() {
    let text = |length: usize| format!("\"{}\"", "é".repeat(length));
    let cases = [
        ("\"att-002\"", format!("\"{}\"", "a".repeat(64))),
        ("\"att-002\"", "\"0_a-\"".to_owned()),
        ("version = 3", "version = 1_000_000".to_owned()),
        ("version = 3", "version = 0xff".to_owned()),
        ("\"Another question altogether?\"", text(MAX_STEM_CHARS)),
        ("\"Another question altogether?\"", "\"A\\ttab\"".to_owned()),
        ("\"One\"", text(MAX_CHOICE_CHARS)),
        ("\"So it is.\"", text(MAX_RATIONALE_CHARS)),
    ];
    for (from, to) in cases {
        let (bank, flaws) = read("items/attachment.toml", &spoiled(ITEMS, from, &to));
        assert_eq!((bank.items.len(), flaws), (2, vec![]), "{to}");
    }
}

#[test]
fn folders_say_what_files_hold() {
    let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
    let (bank, flaws) = parse(&[
        file("items/attachment.toml", ITEMS),
        file("vignettes/clinical-001.toml", VIGNETTE),
        file("blueprints/imh-e.toml", BLUEPRINT),
        file("items/notes.md", "= nonsense"),
        file("items/old/attachment.toml", "= nonsense"),
        file("associations/hawaii.toml", "= nonsense"),
        file("bank.toml", "= nonsense"),
    ]);
    assert_eq!(flaws, []);
    assert_eq!((bank.items.len(), bank.vignettes.len(), bank.blueprints.len()), (2, 1, 1));
    assert_eq!(parse(&[]), (Bank::default(), vec![]));
}

#[test]
fn a_file_given_alone_says_itself_what_it_holds() {
    let cases = [(ITEMS, (2, 0, 0)), (VIGNETTE, (0, 1, 0)), (BLUEPRINT, (0, 0, 1))];
    for (text, expected) in cases {
        for path in ["draft.toml", "/tmp/some/draft.toml", "new/draft.toml"] {
            let (bank, flaws) = read(path, text);
            assert_eq!(flaws, []);
            assert_eq!((bank.items.len(), bank.vignettes.len(), bank.blueprints.len()), expected);
        }
    }
    let (_, flaws) = read("draft.toml", "name = 1");
    assert!(flaws[0].detail.starts_with("this is no file of a question bank"), "{flaws:?}");
    assert_eq!(read("draft.txt", ITEMS), (Bank::default(), vec![]));
}

#[test]
fn slips_in_items_are_told_at_their_line() {
    let long_stem = format!("\"{}\"", "é".repeat(MAX_STEM_CHARS + 1));
    let long_choice = format!("a = \"{}\"", "x".repeat(MAX_CHOICE_CHARS + 1));
    let long_rationale = format!("\"{}\"", "x".repeat(MAX_RATIONALE_CHARS + 1));
    let long_id = format!("\"{}\"", "a".repeat(65));
    each_slip_is_told(
        "items/attachment.toml",
        ITEMS,
        &[
            ("id = \"att-001\"\n", "", &[(3, "this item lacks its \"id\"")]),
            ("key = \"d\"\n", "", &[(23, "lacks its \"key\"")]),
            ("\"att-002\"", "\"ATT 2\"", &[(24, "\"ATT 2\" can't be the id")]),
            ("\"att-002\"", "\"-att\"", &[(24, "can't be the id")]),
            ("\"att-002\"", "\"\"", &[(24, "can't be the id")]),
            ("\"att-002\"", &long_id, &[(24, "at most 64")]),
            ("version = 3", "version = 0", &[(25, "\"version\" must be from 1 to 1000000")]),
            ("version = 3", "version = 1_000_001", &[(25, "must be from")]),
            ("version = 3", "version = 99999999999999999999", &[(25, "must be from")]),
            (
                "version = 3",
                "version = \"3\"",
                &[(25, "must be a whole number without quotation marks, but is a text")],
            ),
            ("version = 3", "version = 3\npractice = 1", &[(26, "\"practice\" must be true or false")]),
            ("version = 3", "version = 3.5", &[(25, "a number with a decimal point")]),
            ("version = 3", "version = 2024-01-01", &[(25, "a date or time")]),
            ("[\"ECMH-E\"]", "[\"ECMH\"]", &[(26, "can't be \"ECMH\"; it is one of: IMH-E, ECMH-E")]),
            ("[\"ECMH-E\"]", "[\"ECMH-E\", \"ECMH-E\"]", &[(26, "names \"ECMH-E\" twice")]),
            ("[\"ECMH-E\"]", "[]", &[(26, "has 0 entries; it takes 1 to 2")]),
            ("[\"ECMH-E\"]", "\"ECMH-E\"", &[(26, "must be a list, but is a text")]),
            ("[\"ECMH-E\"]", "[2]", &[(26, "must be a text")]),
            (
                "\"thinking\"",
                "\"dreaming\"",
                &[(27, "\"domain\" can't be \"dreaming\"; it is one of: theoretical_foundations,")],
            ),
            ("area = \"attachment\"", "area = \"bonding\"", &[(8, "\"area\" can't be \"bonding\"")]),
            ("\"Another question altogether?\"", &long_stem, &[(29, "\"stem\" is 4001 characters long; at most 4000")]),
            ("\"Another question altogether?\"", "\" \\n \"", &[(29, "\"stem\" is empty")]),
            ("\"Another question altogether?\"", "\"a\\u0000b\"", &[(29, "invisible control character")]),
            (
                "\"Another question altogether?\"",
                "true",
                &[(29, "must be a text in quotation marks, but is true or false")],
            ),
            ("\"Another question altogether?\"", "{ text = 1 }", &[(29, "but is a table")]),
            ("\"Another question altogether?\"", "[\"x\"]", &[(29, "but is a list")]),
            ("a = \"One\"", &long_choice, &[(30, "\"a\" is 601 characters")]),
            ("key = \"d\"", "key = \"e\"", &[(34, "\"key\" can't be \"e\"; it is one of: a, b, c, d")]),
            ("key = \"d\"", "key = 4", &[(34, "must be a text")]),
            ("\"So it is.\"", &long_rationale, &[(35, "\"rationale\" is 4001")]),
            (
                "d = \"Four\"\n",
                "d = \"Four\"\ne = \"Five\"\n",
                &[(34, "an item has nothing called \"e\"; it has: id, version, tracks")],
            ),
            (
                "# Attachment.\n",
                "title = \"x\"\n",
                &[(1, "a file of items has nothing called \"title\"; it has: item")],
            ),
            ("version = 3\n", "version = 0\nkee = 1\n", &[(25, "must be from"), (26, "nothing called \"kee\"")]),
        ],
    );
}

#[test]
fn slips_in_vignettes_are_told_at_their_line() {
    let long_scenario = "x".repeat(MAX_SCENARIO_CHARS + 1);
    let long_prompt = "x".repeat(MAX_PROMPT_CHARS + 1);
    let many_prompts = format!("[{}]", "\"Why?\",".repeat(13));
    let criterion = "[[criterion]]\nid = \"x\"\ntitle = \"X\"\ndomain = \"thinking\"\nlevels = [{ points = 0, descriptor = \"a\" }, { points = 1, descriptor = \"b\" }]\n";
    let many_criteria = format!("max_characters = 12000\n{}", criterion.repeat(9));
    let level = "  { points = 1, descriptor = \"Some.\" },\n";
    let prompts = "[\n  \"What do you see?\",\n  \"What do you do?\",\n]";
    each_slip_is_told(
        "vignettes/clinical-001.toml",
        VIGNETTE,
        &[
            ("title = \"A visit\"\n", "", &[(1, "this vignette lacks its \"title\"")]),
            (
                "strand = \"clinical\"",
                "strand = \"clinic\"",
                &[(3, "\"strand\" can't be \"clinic\"; it is one of: clinical, policy")],
            ),
            ("kind = \"clinical\"", "kind = \"family\"", &[(4, "\"scenario_kind\" can't be \"family\"")]),
            ("Something happens.", &long_scenario, &[(6, "\"scenario\" is 20001")]),
            ("What do you do?", "", &[(11, "\"prompts\" is empty")]),
            ("What do you do?", &long_prompt, &[(11, "\"prompts\" is 1001")]),
            ("\"What do you do?\"", "7", &[(11, "must be a text")]),
            (prompts, "[]", &[(9, "has 0 entries; it takes 1 to 12")]),
            (prompts, &many_prompts, &[(9, "has 13 entries")]),
            ("12000", "499", &[(13, "must be from 500 to 50000")]),
            ("12000", "50001", &[(13, "must be from 500 to 50000")]),
            ("max_characters = 12000\n", &many_criteria, &[(14, "\"criterion\" has 11 entries; it takes 1 to 10")]),
            ("id = \"reflection\"\n", "", &[(15, "this criterion lacks its \"id\"")]),
            ("domain = \"reflection\"", "domain = \"art\"", &[(18, "\"domain\" can't be \"art\"")]),
            (level, "", &[(19, "\"levels\" has 1 entries; it takes 2 to 10")]),
            (level, &level.repeat(10), &[(19, "\"levels\" has 11 entries")]),
            ("points = 1,", "points = \"1\",", &[(21, "\"points\" must be a whole number")]),
            ("points = 1,", "points = -1,", &[(21, "\"points\" must be from 0 to 100")]),
            (
                "points = 1,",
                "point = 1,",
                &[
                    (21, "nothing called \"point\"; it has: points, descriptor"),
                    (21, "this level lacks its \"points\""),
                ],
            ),
            (level, "  5,\n", &[(21, "a level must be a table of names and values, but is a whole number")]),
            ("\"Some.\"", "\"\"", &[(21, "\"descriptor\" is empty")]),
            (
                "title = \"Thinking\"\n",
                "title = \"Thinking\"\nweight = 2\n",
                &[(27, "a criterion has nothing called \"weight\"")],
            ),
        ],
    );
    let without = VIGNETTE.split("[[criterion]]").next().unwrap_or_default();
    let (bank, flaws) = read("vignettes/clinical-001.toml", without);
    assert_eq!((bank.vignettes.len(), flaws.len()), (0, 1));
    assert_eq!(flaws[0].detail, "this vignette lacks its \"criterion\"");
}

#[test]
fn slips_in_blueprints_are_told_at_their_line() {
    each_slip_is_told(
        "blueprints/imh-e.toml",
        BLUEPRINT,
        &[
            ("track = \"IMH-E\"\n", "", &[(1, "this blueprint lacks its \"track\"")]),
            ("IMH-E", "IMH", &[(1, "\"track\" can't be \"IMH\"")]),
            ("items = 3", "items = 0", &[(3, "\"items\" must be from 1 to 500")]),
            ("law = 1", "laws = 1", &[(7, "\"areas\" can't be \"laws\"; it is one of: pregnancy,")]),
            ("law = 1", "law = \"1\"", &[(7, "\"law\" must be a whole number")]),
            ("law = 1", "law = -1", &[(7, "\"law\" must be from 0 to 500")]),
            ("[areas]\nattachment = 2\nlaw = 1", "areas = 3", &[(5, "\"areas\" must be a table")]),
        ],
    );
}

#[test]
fn one_bad_item_does_not_hide_the_others() {
    let (bank, flaws) = read("items/attachment.toml", &spoiled(ITEMS, "key = \"b\"", "key = \"x\""));
    assert_eq!(bank.items.iter().map(|i| i.value.id.as_str()).collect::<Vec<_>>(), ["att-002"]);
    assert_eq!(flaws.len(), 1);
    let (bank, flaws) = read("items/attachment.toml", &ITEMS.replace("version", "wersion").replace("key", "kei"));
    assert_eq!((bank.items.len(), flaws.len()), (0, 8), "two missing and two unknown in each: {flaws:?}");
    assert!(flaws.is_sorted_by_key(|f| f.line));
}

#[test]
fn a_file_of_items_holds_some_but_not_too_many() {
    let (bank, flaws) = read("items/attachment.toml", "# nothing yet\n");
    assert!(bank.items.is_empty());
    assert_eq!((flaws.len(), flaws[0].severity), (1, Severity::Warning));
    let second = &ITEMS[ITEMS.rfind("[[item]]").unwrap_or_default()..];
    let (bank, flaws) = read("items/attachment.toml", &second.repeat(MAX_ITEMS_PER_FILE + 1));
    assert_eq!(bank.items.len(), MAX_ITEMS_PER_FILE);
    assert!(flaws[0].detail.contains("has 2001 entries; it takes 1 to 2000"), "{flaws:?}");
    let (_, flaws) = read("items/attachment.toml", &second.replace("[[item]]", "[item]"));
    assert!(flaws[0].detail.contains("\"item\" must be a list, but is a table"), "{flaws:?}");
}

#[test]
fn broken_toml_is_explained() {
    let cases = [
        ("key = \"b\"", "key = \"b", 18, "a text is not closed on its line"),
        ("key = \"b\"", "key = b", 18, "straight quotation marks"),
        ("key = \"b\"", "key = \u{201c}b\u{201d}", 18, "straight quotation marks"),
        ("key = \"b\"", "key = \"b\"\nkey = \"c\"", 19, "given twice"),
        ("key = \"b\"", "the key is b", 18, "neither a heading nor name = value"),
        ("\"Ask\"", "\"Ask \"her\" now\"", 15, "already complete"),
        ("\"Ask\"", "\"Ask \\q\"", 15, "backslash"),
        ("\"Ask\"", "\"Ask \u{1}\"", 15, "invisible"),
        ("A child cries.", "A \u{1} cries.", 10, "invisible"),
        ("\"Ask\"", "1 b2 = 2", 15, "already complete"),
        ("best*?\n\"\"\"", "best*?", 19, "neither a heading"),
        ("[\"ECMH-E\"]", "[\"ECMH-E\"", 27, "comma"),
        ("\"So it is.\"", "\"\"\"So it is.", 35, "begins here with \"\"\" and is never closed"),
        ("\"So it is.\"", "'''So it is.", 35, "begins here with ''' and is never closed"),
        ("[[item]]", "[[item]", 3, "closing brackets"),
        ("[[item]]", "[[item]]\n[item]", 4, "given twice"),
    ];
    for (from, to, line, words) in cases {
        let (bank, flaws) = read("items/attachment.toml", &spoiled(ITEMS, from, to));
        assert!(bank.items.is_empty());
        assert!(flaws[0].line == line && flaws[0].detail.contains(words), "{to}: {flaws:?}");
        assert!(flaws.len() <= 5 && flaws.windows(2).all(|two| two[0].line < two[1].line), "{to}: {flaws:?}");
    }
}

#[test]
fn malformed_input_never_panics() {
    const ODD: [&str; 16] =
        ["\"", "\"\"\"", "'", "[", "]", "{", "}", "=", "\n", "\r", "\\", "\u{0}", "\u{202e}é", ".", "#", "-9e999"];
    let tried = |path: &str, text: String| {
        let (bank, flaws) = read(path, &text);
        assert!(flaws.iter().all(|f| f.line >= 1 && f.line <= text.matches('\n').count() + 1), "{flaws:?}");
        check(&bank);
    };
    for (path, text) in [("items/a.toml", ITEMS), ("vignettes/v.toml", VIGNETTE), ("blueprints/b.toml", BLUEPRINT)] {
        for at in 0..text.len() {
            tried(path, text[..at].to_owned());
            tried("loose.toml", text[at..].to_owned());
            for odd in [ODD[at % ODD.len()], ODD[at / 7 % ODD.len()]] {
                tried(path, format!("{}{odd}{}", &text[..at], &text[at..]));
                tried(path, format!("{}{odd}{}", &text[..at], &text[at + 1..]));
            }
        }
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let mut without = lines.clone();
            let line = without.remove(at);
            tried(path, without.join("\n"));
            without.insert(at * 5 % lines.len(), line);
            without.push(line);
            tried(path, without.join("\n"));
        }
    }
    for (path, text) in [
        ("items/x.toml", format!("item = {}", "[".repeat(100_000))),
        ("items/x.toml", format!("item = {}1{}", "{a=".repeat(20_000), "}".repeat(20_000))),
        ("items/x.toml", format!("{}1 = 1", "a.".repeat(50_000))),
        ("items/x.toml", "item = [1, \"x\", [], {}, 1979-05-27, inf, nan, 0xffffffffffffffffffff]".to_owned()),
        ("items/x.toml", "[[item.item]]\n[[item]]\n[item.a]\n".to_owned()),
        ("", String::new()),
        ("/", "x".to_owned()),
        ("items/", "item = 1".to_owned()),
        ("items/.toml", "\"\" = \"\"".to_owned()),
        ("x.toml", "\u{feff}".to_owned()),
    ] {
        tried(path, text);
    }
}
