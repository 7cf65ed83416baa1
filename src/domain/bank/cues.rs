//! What gives a key away, or trips up a reader, without any knowledge of the subject. All of it is for a person to
//! judge, so nothing here is more than a warning.

use super::Item;
use super::likeness::words;

/// The least number of letters of a word that can tell.
const TELLING_LETTERS: usize = 6;

/// The words between a question word and its "not" that show the "not" to belong to the story.
const STORY_WORDS: [&str; 23] = [
    "who", "whom", "whose", "that", "when", "where", "why", "how", "if", "whether", "because", "as", "although",
    "though", "since", "while", "until", "before", "after", "for", "did", "reason", "but",
];

/// Every cue of one item, as warnings.
pub(super) fn of_item(item: &Item) -> Vec<String> {
    const CUES: [fn(&Item) -> Option<String>; 6] =
        [catch_all_choice, quiet_negative, longest_key, uneven_choices, telling_words, absolute_words];
    CUES.iter().filter_map(|cue| cue(item)).collect()
}

/// The length of a text as a reader sees it.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// Whether the key is longer than each of the others.
pub(super) fn key_is_longest(item: &Item) -> bool {
    item.distractors().all(|text| length(text) < length(item.key_text()))
}

fn longest_key(item: &Item) -> Option<String> {
    let key = length(item.key_text());
    let others: usize = item.distractors().map(length).sum();
    // In whole numbers: the key exceeds one and a half times the mean of three, and that mean by more than twenty.
    let stands_out = key * 2 > others && key * 3 > others + 60;
    (stands_out && key_is_longest(item)).then(|| {
        format!("the key has {key} characters, the other choices {} on average: its length gives it away", others / 3)
    })
}

fn uneven_choices(item: &Item) -> Option<String> {
    let lengths = item.choices.iter().map(|text| length(text));
    let (shortest, longest) = (lengths.clone().min()?, lengths.max()?);
    let uneven = longest > shortest * 2 && longest > shortest + 40;
    (uneven && longest_key(item).is_none())
        .then(|| format!("the choices are of very different length, {shortest} to {longest} characters"))
}

fn catch_all_choice(item: &Item) -> Option<String> {
    let (place, kind) = item.choices.iter().enumerate().find_map(|(place, text)| Some((place, catch_all(text)?)))?;
    let letter = super::LETTERS.get(place)?;
    Some(format!("choice {letter} is of the kind \"{kind}\", which rewards test-taking rather than knowledge"))
}

fn catch_all(choice: &str) -> Option<&'static str> {
    let words: Vec<String> = words(choice).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_letter = |word: &&&str| super::LETTERS.contains(*word);
    let names_letters = words.iter().filter(is_letter).count() >= 2
        && words.iter().all(|word| {
            is_letter(&word)
                || ["and", "or", "both", "neither", "nor", "only", "choices", "answers", "options"].contains(word)
        });
    let quantity = words.first().copied();
    let refers = words.last() == Some(&"above")
        || (words.last().is_some_and(|last| ["these", "them", "choices", "answers", "options"].contains(last))
            && words.len() <= 4);
    match quantity {
        _ if names_letters => Some("both a and b"),
        Some("all" | "both") if refers => Some("all of the above"),
        Some("none" | "neither") if refers => Some("none of the above"),
        Some("any" | "some" | "two") if refers => Some("some of the above"),
        _ => None,
    }
}

fn quiet_negative(item: &Item) -> Option<String> {
    let (word, emphasised) = negative_of(question_of(&item.stem))?;
    (!emphasised).then(|| {
        format!("the question turns on \"{word}\", which is easily overlooked: write *{word}*, or ask positively")
    })
}

/// The sentence of a stem that asks: the last one with a question mark, else the last.
fn question_of(stem: &str) -> &str {
    let trimmed = stem.trim_end();
    let end = trimmed.rfind('?').unwrap_or(trimmed.len());
    let asked = trimmed.get(..end).unwrap_or(trimmed);
    let body = asked.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*' && c != '_');
    let start = body.rfind(['.', '?', '!', '\n']).map_or(0, |at| at + 1);
    body.get(start..).unwrap_or(body)
}

/// The word that turns a question into its opposite, and whether it is emphasised.
fn negative_of(question: &str) -> Option<(String, bool)> {
    let mut since_opener: Option<usize> = None;
    let mut before = String::new();
    let mut in_emphasis = false;
    for raw in question.split_whitespace() {
        let marked = raw.contains(['*', '_']);
        let word = words(raw).next().unwrap_or_default();
        let shouted = raw.chars().any(char::is_alphabetic) && !raw.chars().any(char::is_lowercase);
        let emphasised = in_emphasis || marked || shouted;
        let turned = match word.as_str() {
            "except" | "least" => before != "at",
            "not" => since_opener.is_some_and(|distance| distance <= 8),
            _ => false,
        };
        if turned {
            return Some((word, emphasised));
        }
        if runs_of_marks(raw) % 2 == 1 {
            in_emphasis = !in_emphasis;
        }
        since_opener = match word.as_str() {
            "which" | "what" => Some(0),
            story if STORY_WORDS.contains(&story) => None,
            _ => since_opener.map(|distance| distance + 1),
        };
        before = word;
    }
    None
}

/// How often emphasis begins or ends in a word.
fn runs_of_marks(raw: &str) -> usize {
    let is_mark = |c: char| c == '*' || c == '_';
    let mut previous = ' ';
    let mut runs = 0;
    for c in raw.chars() {
        runs += usize::from(is_mark(c) && !is_mark(previous));
        previous = c;
    }
    runs
}

fn telling_words(item: &Item) -> Option<String> {
    let long = |text: &str| words(text).filter(|word| length(word) >= TELLING_LETTERS).collect::<Vec<_>>();
    let elsewhere: Vec<String> = item.distractors().flat_map(words).collect();
    let in_key = long(item.key_text());
    let mut telling: Vec<String> = long(&item.stem);
    telling.retain(|word| in_key.contains(word) && !elsewhere.contains(word));
    telling.sort();
    telling.dedup();
    (telling.len() >= 2).then(|| {
        let list = telling.iter().map(|word| super::page::quoted(word)).collect::<Vec<_>>().join(", ");
        format!("the stem and the key, but no other choice, share the words {list}")
    })
}

fn absolute_words(item: &Item) -> Option<String> {
    let is_absolute =
        |text: &str| words(text).any(|word| ["always", "never", "only", "all", "none"].contains(&word.as_str()));
    let count = item.distractors().filter(|text| is_absolute(text)).count();
    (count >= 2 && !is_absolute(item.key_text())).then(|| {
        format!("{count} wrong choices, and not the key, use always, never, only, all or none: they can be ruled out by that")
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::item;
    use super::*;

    fn cues(change: impl FnOnce(&mut Item)) -> Vec<String> {
        let mut item = item("att-001").value;
        change(&mut item);
        of_item(&item)
    }

    #[test]
    fn a_fair_item_has_no_cue() {
        assert_eq!(cues(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn catch_all_choices() {
        let cases = [
            ("All of the above", true),
            ("None of the above.", true),
            ("all the above", true),
            ("None of these", true),
            ("Both of the above", true),
            ("Any of the above", true),
            ("Both a and b", true),
            ("A and C only", true),
            ("Neither *b* nor *d*", true),
            ("Choices A, B and C", true),
            ("A mother and a father", false),
            ("None of these concerns is urgent yet", false),
            ("None of the families who left had asked for these", false),
            ("All children are different", false),
            ("Both parents and the nurse", false),
            ("The level above", false),
            ("Vitamin D", false),
            ("", false),
        ];
        for (choice, expected) in cases {
            assert_eq!(catch_all(choice).is_some(), expected, "{choice}");
        }
        let found = cues(|i| i.choices[2] = "All of the above".into());
        assert!(found[0].starts_with("choice c is of the kind \"all of the above\""), "{found:?}");
    }

    #[test]
    fn negatives_need_emphasis() {
        let cases = [
            ("Which of the following is not a sign of this?", true),
            ("Which of the following is *not* a sign of this?", false),
            ("Which of the following is NOT a sign of this?", false),
            ("Which of these **would not** help?", false),
            ("Which of these *would not really* help?", false),
            ("Which *of these* would not help?", true),
            ("What does a mother of twins seen by two nurses in one week not need?", false),
            ("What should the visitor not do?", true),
            ("All of these are signs except:", true),
            ("All of these are signs EXCEPT", false),
            ("Which is least likely to help?", true),
            ("Which is _least_ likely to help?", false),
            ("Which needs at least two visits?", false),
            ("A father does not speak English. Which step is best?", false),
            ("Which step best supports a father who does not speak English?", false),
            ("What is the most likely reason the toddler did not settle?", false),
            ("If she is not at home, what is the best step?", false),
            ("She asks: \"Is it not odd?\" What is the best reply?", false),
            ("A girl does\nnot sleep. Which is best?\n", false),
            ("", false),
            ("?", false),
        ];
        for (stem, expected) in cases {
            let found = cues(|i| i.stem = stem.into());
            assert_eq!(!found.is_empty(), expected, "{stem}: {found:?}");
        }
    }

    #[test]
    fn a_long_key_gives_itself_away() {
        let cases = [
            (("x", 60), ("x", 30), true),
            (("x", 50), ("x", 30), false), // by just twenty
            (("x", 51), ("x", 30), true),
            (("x", 90), ("x", 60), false), // just one and a half times
            (("x", 91), ("x", 60), true),
            (("é", 91), ("x", 61), false), // characters count, not bytes
            (("x", 30), ("x", 60), false),
        ];
        for ((key, key_length), (other, other_length), expected) in cases {
            let found = cues(|i| {
                i.choices = std::array::from_fn(|n| other.repeat(other_length - n));
                i.choices[0] = other.repeat(other_length);
                i.choices[2] = other.repeat(other_length);
                i.choices[3] = other.repeat(other_length);
                i.choices[1] = key.repeat(key_length);
            });
            assert_eq!(found.iter().any(|f| f.starts_with("the key has")), expected, "{key_length} {other_length}");
        }
    }

    #[test]
    fn choices_are_of_like_length() {
        let cases = [([10, 51, 20, 20], 0, true), ([10, 50, 20, 20], 0, false), ([50, 91, 60, 60], 0, false)];
        for (lengths, key, expected) in cases {
            let found = cues(|i| {
                i.choices = lengths.map(|n| "x".repeat(n));
                i.key = key;
            });
            assert_eq!(found.iter().any(|f| f.contains("different length")), expected, "{lengths:?}");
        }
        let found = cues(|i| {
            i.choices = [10, 80, 20, 20].map(|n| "x".repeat(n));
        });
        assert_eq!(found.len(), 1, "a key that is too long is told once: {found:?}");
    }

    #[test]
    fn words_of_the_stem_tell() {
        let stem = "A toddler shows stilling and freezing at *reunion*, stilling longer. What is this?";
        let cases = [
            ("Freezing at reunion", ["one", "two", "three"], true),
            ("Freezing at reunion", ["reunion", "two", "three"], false),
            ("Freezing freezing", ["one", "two", "three"], false),
            ("Now stilling", ["one", "two", "three"], false),
            ("What shows this", ["one", "two", "three"], false),
        ];
        for (key, others, expected) in cases {
            let found = cues(|i| {
                i.stem = stem.into();
                i.choices = [others[0], key, others[1], others[2]].map(str::to_owned);
            });
            assert_eq!(!found.is_empty(), expected, "{key} {others:?}: {found:?}");
        }
    }

    #[test]
    fn absolute_words_rule_choices_out() {
        let cases = [
            (["Always wait", "Ask her", "Never wait", "Look on"], true),
            (["Always wait", "Ask her", "Go now", "Look on"], false),
            (["Always wait", "Ask her only", "Never wait", "Look on"], false),
            (["Overall", "Ask her", "Tall", "Nonetheless"], false),
        ];
        for (choices, expected) in cases {
            let found = cues(|i| i.choices = choices.map(str::to_owned));
            assert_eq!(found.len() == 1, expected, "{choices:?}: {found:?}");
        }
    }
}
