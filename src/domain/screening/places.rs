//! Employers and places on record, whole, in part and by their initials.

use std::collections::HashMap;

use super::tokens::{Token, Words, folded};
use super::words::{
    is_acronym, is_common_capital, is_connector, is_generic, is_kind_of_place, is_ordinary, is_title, is_trimming,
};
use super::{Context, Finding, FindingKind, Known, Reason};
use crate::domain::record::FactKind;

/// What must be true of the words of a phrase in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Nothing.
    Any,
    /// Each but the small ones has a capital.
    Capitals,
    /// It has a capital that its place does not ask for, behind a word such as "in".
    After,
    /// All letters are capitals.
    Shouted,
}

struct Phrase {
    words: Vec<String>,
    rule: Rule,
    kind: FindingKind,
    reason: Reason,
    subject: String,
    confident: bool,
}

/// Programs that are found everywhere: to have worked in one tells little, to name one in an answer nothing.
const EVERYWHERE: [&[&str]; 12] = [
    &["head", "start"],
    &["early", "head", "start"],
    &["early", "intervention"],
    &["healthy", "families"],
    &["home", "visiting"],
    &["nurse", "family", "partnership"],
    &["parents", "as", "teachers"],
    &["child", "protective", "services"],
    &["early", "childhood", "mental", "health"],
    &["infant", "mental", "health"],
    &["public", "health"],
    &["child", "welfare"],
];

/// Whether these words name such a program.
pub fn is_everywhere(words: &[&str]) -> bool {
    EVERYWHERE.contains(&words)
}

/// Finds them.
pub fn find(words: &Words<'_>, known: &Known<'_>, context: &Context) -> Vec<Finding> {
    let mut phrases = Vec::new();
    let of_kind = |kind: FactKind| known.facts.iter().filter(move |f| f.kind == kind).map(|f| f.value.as_str());
    for employer in known.employer.into_iter().chain(of_kind(FactKind::Employer)) {
        employer_phrases(employer, &mut phrases);
    }
    for place in of_kind(FactKind::Place) {
        place_phrases(place, &mut phrases);
    }
    let mut index: HashMap<&str, Vec<&Phrase>> = HashMap::new();
    for phrase in &phrases {
        if let Some(first) = phrase.words.first() {
            index.entry(first).or_default().push(phrase);
        }
    }
    let mut found = Vec::new();
    for (at, token) in words.tokens.iter().enumerate() {
        for phrase in index.get(token.folded.as_str()).into_iter().flatten() {
            if stands(words, at, phrase) && !phrase.words.iter().all(|w| context.has(w) || is_connector(w)) {
                found.push(Finding {
                    kind: phrase.kind,
                    start: token.start,
                    end: words.tokens[at + phrase.words.len() - 1].end,
                    subject: phrase.subject.clone(),
                    reason: phrase.reason,
                    confident: phrase.confident,
                });
            }
        }
    }
    found
}

/// Whether a phrase stands at that word, written as its rule asks.
fn stands(words: &Words<'_>, at: usize, phrase: &Phrase) -> bool {
    let last = at + phrase.words.len() - 1;
    let Some(tokens) = words.tokens.get(at..=last) else { return false };
    let same = tokens.iter().zip(&phrase.words).all(|(t, w)| t.folded == *w);
    if !same || !(at + 1..=last).all(|i| words.follows(i) || words.possessed(i)) {
        return false;
    }
    let capitals = || tokens.iter().all(|t| t.capital || t.has_digit() || is_connector(&t.folded));
    match phrase.rule {
        Rule::Any => true,
        Rule::Capitals => capitals(),
        Rule::After => {
            let behind = ["in", "at", "from", "to", "near", "around", "for", "en", "de", "desde", "a"];
            let before = at.checked_sub(1).map(|i| &words.tokens[i]);
            capitals() && words.joined(at) && before.is_some_and(|t| behind.contains(&t.folded.as_str()))
        }
        Rule::Shouted => tokens.iter().all(|t| t.shouted),
    }
}

/// A word that hardly any other institution or place has in its name.
fn is_telling(token: &Token) -> bool {
    let word = token.folded.as_str();
    word.len() > 2 && !is_ordinary(word) && !is_generic(word) && !is_connector(word) && !is_common_capital(word)
}

/// The words of each part of a record that stands between commas and the like, without articles and legal forms.
fn segments(value: &str) -> Vec<Vec<Token>> {
    let mut segments = Vec::new();
    for part in value.split([',', ';', '(', ')', '/']) {
        let mut tokens = Words::of(part).tokens;
        while tokens.first().is_some_and(|t| is_trimming(&t.folded)) {
            tokens.remove(0);
        }
        while tokens.last().is_some_and(|t| is_trimming(&t.folded)) {
            tokens.pop();
        }
        if !tokens.is_empty() {
            segments.push(tokens);
        }
    }
    segments
}

fn employer_phrases(value: &str, phrases: &mut Vec<Phrase>) {
    for segment in segments(value) {
        let mut add = |tokens: &[Token], rule: Rule, reason: Reason, confident: bool| {
            let words: Vec<String> = tokens.iter().map(|t| t.folded.clone()).collect();
            let plain: Vec<&str> = words.iter().map(String::as_str).collect();
            if !is_everywhere(&plain) {
                let (kind, subject) = (FindingKind::Employer, folded(value));
                phrases.push(Phrase { words, rule, kind, reason, subject, confident });
            }
        };
        let telling = segment.iter().any(is_telling);
        match segment.as_slice() {
            [only] if !is_telling(only) => add(&segment, Rule::After, Reason::Employer, false),
            [_] => add(&segment, Rule::Capitals, Reason::Employer, true),
            // Three words or more mean it however they are written, unless they only say what kind of institution it is.
            [_, _, _, ..] if segment.iter().any(|t| !is_generic(&t.folded) && !is_connector(&t.folded)) => {
                add(&segment, Rule::Any, Reason::Employer, true);
            }
            _ => add(&segment, if telling { Rule::Any } else { Rule::Capitals }, Reason::Employer, true),
        }
        let kind_at = segment.iter().position(|t| is_generic(&t.folded)).unwrap_or(segment.len());
        match &segment[..kind_at] {
            [] => {}
            _ if kind_at == segment.len() => {}
            [only] if is_telling(only) => add(&segment[..1], Rule::Capitals, Reason::EmployerPart, false),
            [_] => add(&segment[..1], Rule::After, Reason::EmployerPart, false),
            several => add(several, Rule::Capitals, Reason::EmployerPart, false),
        }
        if segment.len() - kind_at >= 3 && kind_at > 0 {
            add(&segment[kind_at..], Rule::Capitals, Reason::EmployerPart, false);
        }
        let letters = segment.iter().filter(|t| !is_connector(&t.folded)).filter_map(|t| t.folded.chars().next());
        let letters: String = letters.collect();
        if letters.chars().count() >= 3 && !is_acronym(&letters.to_uppercase()) {
            let mut token = segment[0].clone();
            token.folded = letters;
            add(&[token], Rule::Shouted, Reason::EmployerPart, false);
        }
    }
}

fn place_phrases(value: &str, phrases: &mut Vec<Phrase>) {
    for segment in segments(value) {
        let core: Vec<Token> = segment.iter().filter(|t| !is_kind_of_place(&t.folded)).cloned().collect();
        for tokens in [&segment, &core] {
            let rule = match tokens.as_slice() {
                [] => continue,
                [only] if !is_telling(only) => Rule::After,
                _ => Rule::Capitals,
            };
            let words = tokens.iter().map(|t| t.folded.clone()).collect();
            let (kind, reason, subject) = (FindingKind::Place, Reason::Place, folded(value));
            phrases.push(Phrase { words, rule, kind, reason, subject, confident: rule == Rule::Capitals });
        }
    }
}

/// Whether a run of capitalised words can be the name of an institution or a town: not a title with a person, not the
/// name of a program that is everywhere, not ordinary words alone.
pub fn may_be_institution(tokens: &[Token], context: &Context) -> bool {
    let plain: Vec<&str> = tokens.iter().map(|t| t.folded.as_str()).collect();
    let named: Vec<&&str> = plain.iter().filter(|w| !is_connector(w) && !is_title(w)).collect();
    !is_everywhere(&plain)
        && !named.is_empty()
        && !named.iter().all(|w| context.has(w))
        && !named.iter().all(|w| is_generic(w) || is_common_capital(w))
}
