use super::*;

const URL: &str = "https://exam.example.org/exams/r-1";

fn key(digit: char) -> String {
    digit.to_string().repeat(64)
}

/// A requirement that lists keys by their one digit.
fn asking(config: &str, exam: &str) -> Requirement {
    let keys = |digits: &str| digits.chars().map(key).collect();
    Requirement { config_keys: keys(config), exam_keys: keys(exam) }
}

fn shown(url: &str, config: Option<char>, exam: Option<char>) -> Shown {
    let hash = |digit: Option<char>| digit.map(|digit| proof_of(URL, &key(digit)));
    Shown { url: url.to_owned(), config_hash: hash(config), exam_hash: hash(exam), by_page: false }
}

/// The digests are those of `printf '%s' ADDRESS KEY | sha256sum`.
#[test]
fn a_proof_is_the_digest_of_address_and_key() {
    let cases = [
        (URL, key('a'), "ae42c512821ffd2564ba1b0dc7b562c002bdd05431170e1f0d5a446b10741872"),
        (
            "https://exam.example.org/exams/r-1#part",
            key('a'),
            "ae42c512821ffd2564ba1b0dc7b562c002bdd05431170e1f0d5a446b10741872",
        ),
        (
            "https://exam.example.org/exams/r-1?a=b",
            key('a'),
            "cdbb446da069bc453c5a6e071d0aaa8e97a27808accd03883e32b37432146472",
        ),
        ("http://127.0.0.1:8080/", key('0'), "973836657c6ee2db39987c723f825365825206137d7752a74383aaea667d7920"),
    ];
    for (url, key, expected) in cases {
        assert_eq!(proof_of(url, &key), expected, "{url}");
    }
}

#[test]
fn every_kind_that_is_listed_is_to_be_proved() {
    // The keys that are listed, those that are shown over the right address, and whether that will do. Our own Config Key
    // is 0.
    let cases = [
        ("", "", Some('0'), None, true),
        ("", "", Some('0'), Some('9'), true),
        ("", "", Some('a'), None, false),
        ("", "", None, None, false),
        ("ab", "", Some('b'), None, true),
        ("ab", "", Some('0'), None, true),
        ("ab", "", Some('c'), None, false),
        ("a", "e", Some('a'), Some('e'), true),
        ("a", "e", Some('0'), Some('e'), true),
        ("a", "e", Some('a'), None, false),
        ("a", "e", None, Some('e'), false),
        ("a", "e", Some('a'), Some('f'), false),
        // A Browser Exam Key stands for the settings too.
        ("", "ef", None, Some('f'), true),
        ("", "ef", Some('0'), None, false),
        ("", "ef", Some('0'), Some('f'), true),
        // A key of one kind is none of the other.
        ("a", "", None, Some('a'), false),
        ("", "e", Some('e'), None, false),
    ];
    for (config, exam, config_shown, exam_shown, holds) in cases {
        let keys = asking(config, exam).keys(&key('0'));
        let found = keys.proved_by(&shown(URL, config_shown, exam_shown));
        assert_eq!(found.is_some(), holds, "{config:?} {exam:?} {config_shown:?} {exam_shown:?}");
    }
}

#[test]
fn a_proof_holds_for_its_address_alone() {
    let keys = asking("a", "").keys(&key('0'));
    let at = |url: &str| keys.proved_by(&shown(url, Some('a'), None));
    assert_eq!(at(URL), Some(Proved { config_key: Some(key('a')), exam_key: None }));
    assert_eq!(at("https://exam.example.org/exams/r-1#top"), at(URL));
    for other in [
        "https://exam.example.org/exams/r-2",
        "https://exam.example.org/exams/r-1/",
        "https://exam.example.org/exams/r-1?x",
        "http://exam.example.org/exams/r-1",
        "https://other.example.org/exams/r-1",
    ] {
        assert_eq!(at(other), None, "{other}");
    }
}

#[test]
fn a_hash_is_taken_in_capitals_and_in_nothing_but_hexadecimal_of_its_length() {
    let keys = asking("a", "").keys(&key('0'));
    let right = proof_of(URL, &key('a'));
    let with = |hash: String| keys.proved_by(&Shown { config_hash: Some(hash), ..shown(URL, None, None) }).is_some();
    assert!(with(right.clone()) && with(right.to_uppercase()));
    for wrong in [String::new(), right[..63].to_owned(), format!("{right}0"), format!(" {}", &right[1..]), key('a')] {
        assert!(!with(wrong.clone()), "{wrong}");
    }
}

#[test]
fn keys_are_bounded_and_spelled_one_way() {
    let typed = Requirement { config_keys: vec![key('A'), format!(" {} ", key('a')), key('b')], exam_keys: vec![] };
    assert_eq!(typed.normalised(), asking("ab", ""));
    let many = Requirement { config_keys: (0..=MAX_KEYS).map(|n| format!("{n:064x}")).collect(), exam_keys: vec![] };
    let bad = |config: &str, exam: &str| Requirement {
        config_keys: vec![key('a'), config.into()],
        exam_keys: vec![exam.into()],
    };
    let cases: [(Requirement, &[&str]); 4] = [
        (asking("ab", "c"), &[]),
        (asking("", ""), &[]),
        (many, &["/safe_exam_browser/config_keys"]),
        (bad("", &"g".repeat(64)), &["/safe_exam_browser/config_keys/1", "/safe_exam_browser/exam_keys/0"]),
    ];
    for (requirement, expected) in cases {
        let found: Vec<String> = requirement.problems().into_iter().map(|p| p.pointer).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_proof_outlives_a_change_of_keys_where_its_own_are_still_taken() {
    let with =
        |config: Option<char>, exam: Option<char>| Proved { config_key: config.map(key), exam_key: exam.map(key) };
    let cases = [
        (asking("ab", ""), with(Some('b'), None), true),
        (asking("ab", ""), with(Some('0'), None), true),
        (asking("ab", ""), with(Some('c'), None), false),
        (asking("ab", "e"), with(Some('b'), None), false),
        (asking("ab", "e"), with(Some('b'), Some('e')), true),
        (asking("", "e"), with(None, Some('e')), true),
        (asking("a", ""), with(None, Some('e')), false),
    ];
    for (now, proved, holds) in cases {
        assert_eq!(now.keys(&key('0')).still_take(&proved), holds, "{now:?} {proved:?}");
    }
}

#[test]
fn the_audit_log_is_told_no_key() {
    let told = asking("a", "e").told().to_string();
    assert!(!told.contains(&key('a')) && !told.contains(&key('e')), "{told}");
    assert_ne!(asking("a", "e").told(), asking("b", "e").told());
}

#[test]
fn content_is_seen_on_grounds() {
    let keys = Some(asking("a", "").keys(&key('0')));
    let facts = |exempt, remembered: Option<i64>| Facts {
        keys: keys.clone(),
        exempt,
        remembered_until: remembered.map(Instant),
    };
    let (nothing, right, wrong) = (Shown::default(), shown(URL, Some('a'), None), shown(URL, Some('c'), None));
    let proved = Grounds::Proved(Proved { config_key: Some(key('a')), exam_key: None });
    let unasked = Facts { keys: None, exempt: false, remembered_until: None };
    let cases = [
        (unasked, &nothing, Ok(Grounds::Unasked)),
        (facts(false, None), &right, Ok(proved.clone())),
        (facts(false, None), &wrong, Err(Refusal::SafeExamBrowserRequired)),
        (facts(false, None), &nothing, Err(Refusal::SafeExamBrowserRequired)),
        (facts(true, None), &nothing, Ok(Grounds::Exempt)),
        (facts(true, None), &right, Ok(proved)),
        (facts(false, Some(101)), &nothing, Ok(Grounds::Remembered)),
        (facts(false, Some(100)), &nothing, Err(Refusal::SafeExamBrowserRequired)),
    ];
    for (facts, shown, expected) in cases {
        assert_eq!(may_see(&facts, shown, Instant(100)).map(|permit| permit.0), expected, "{facts:?}");
    }
}

#[test]
fn the_board_says_who_needs_somebody() {
    let hour = Instant(3_600_000);
    let ago = |seconds: i64| Some(hour.plus_seconds(-seconds));
    let seat = |proved_at, refused_at| SeatFacts { proved_at, refused_at, ..SeatFacts::default() };
    // The facts, whether they are at work, how they stand, and whether somebody should look.
    let cases = [
        (seat(None, None), false, Standing::Missing, false),
        (seat(None, None), true, Standing::Missing, true),
        (seat(ago(PROOF_SECONDS - 1), None), true, Standing::Proved, false),
        (seat(ago(PROOF_SECONDS), None), true, Standing::Missing, true),
        (seat(None, ago(5)), false, Standing::Missing, true),
        (seat(None, ago(TURNED_AWAY_SECONDS)), false, Standing::Missing, false),
        (seat(ago(4), ago(5)), false, Standing::Proved, false),
        (seat(ago(6), ago(5)), false, Standing::Proved, true),
        (SeatFacts { unproved_saves: 1, ..seat(ago(1), None) }, true, Standing::Proved, true),
        (SeatFacts { unproved_saves: 1, ..seat(ago(1), None) }, false, Standing::Proved, false),
        (SeatFacts { exempt: true, unproved_saves: 1, ..seat(None, ago(1)) }, true, Standing::Exempt, false),
    ];
    for (facts, working, standing, attention) in cases {
        assert_eq!(facts.standing(hour), standing, "{facts:?}");
        assert_eq!(facts.needs_attention(working, hour), attention, "{facts:?} {working}");
    }
}
