//! Ways to reach somebody: e-mail and web addresses, telephone numbers, names in social networks, license numbers.

use super::tokens::{Words, folded};
use super::words::{is_credential, is_ordinary};
use super::{Finding, FindingKind, Reason, SELF};

/// The longest address or number that is looked at, in bytes.
const LONGEST: usize = 254;

/// Finds them all. `own` is the writer's e-mail address.
pub fn find(words: &Words<'_>, own: &str) -> Vec<Finding> {
    let mut found = mail_and_handles(words.text, own);
    for (start, chunk) in chunks(words.text).filter(|(_, chunk)| !chunk.contains('@') && is_web(chunk)) {
        found.push(told(FindingKind::Web, Reason::Web, start, chunk.trim_end_matches('/'), true));
    }
    for at in 0..words.tokens.len() {
        found.extend(spoken_address(words, at));
        found.extend(license(words, at));
    }
    found.extend(own_local_part(words, own));
    telephones(words, &mut found);
    found.extend(spoken_numbers(words));
    for at in 0..words.tokens.len() {
        found.extend(network_name(words, at));
    }
    found
}

/// Networks in which people have names of their own.
const NETWORKS: [&str; 16] = [
    "instagram",
    "insta",
    "ig",
    "twitter",
    "tiktok",
    "facebook",
    "fb",
    "snapchat",
    "snap",
    "venmo",
    "linkedin",
    "bluesky",
    "threads",
    "youtube",
    "handle",
    "username",
];

/// "find me on insta as tiny.feet", "ig: babysteps_boise": a name behind a network's that is no ordinary word.
fn network_name(words: &Words<'_>, at: usize) -> Option<Finding> {
    let word = |i: usize| words.tokens.get(i).map_or("", |t| t.folded.as_str());
    if !NETWORKS.contains(&word(at)) {
        return None;
    }
    let mut next = at + 1;
    while next < at + 3 && ["as", "at", "is", "under", "handle", "name"].contains(&word(next)) {
        next += 1;
    }
    let gap = words.gap(next);
    let start = words.tokens.get(next).filter(|_| gap.len() <= 3 && !gap.contains(['.', '@']))?.start;
    let name = run(words.text, start, |c| c.is_alphanumeric() || c == '_' || c == '.').trim_end_matches('.');
    let mixed = name.bytes().any(|b| b.is_ascii_digit()) && name.bytes().any(|b| b.is_ascii_alphabetic());
    let made = name.contains(['_', '.']) || mixed;
    made.then(|| told(FindingKind::Handle, Reason::Handle, start, name, false))
}

/// Digits as one says them.
const SPOKEN_DIGITS: [&str; 24] = [
    "zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "cero", "uno",
    "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "hundred",
];

/// "five oh three, five five five, ...": seven digits or more, said one by one.
fn spoken_numbers(words: &Words<'_>) -> Vec<Finding> {
    let (mut found, mut at) = (Vec::new(), 0);
    let said = |i: usize| words.tokens.get(i).is_some_and(|t| SPOKEN_DIGITS.contains(&t.folded.as_str()));
    while at < words.tokens.len() {
        let mut end = at;
        while said(end) && (end == at || words.gap(end).len() <= 3) {
            end += 1;
        }
        if end - at >= 7 {
            let text = words.between(at, end - 1);
            found.push(told(FindingKind::Phone, Reason::Phone, words.tokens[at].start, text, true));
        }
        at = end.max(at + 1);
    }
    found
}

/// Lines that anybody may name, by their digits: for those in danger, in despair or newly parents.
const PUBLIC_LINES: [&str; 9] = [
    "8338526262",
    "8002738255",
    "8007997233",
    "8004224453",
    "8009444773",
    "8006624357",
    "8006564673",
    "8662316422",
    "8002221222",
];

fn told(kind: FindingKind, reason: Reason, start: usize, text: &str, confident: bool) -> Finding {
    Finding { kind, start, end: start + text.len(), subject: folded(text), reason, confident }
}

/// What stands between white space, with where it begins.
fn chunks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '|')).filter_map(move |chunk| {
        let inner = chunk.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@' || c == '/'));
        let offset = inner.as_ptr() as usize - text.as_ptr() as usize;
        (!inner.is_empty() && inner.len() <= LONGEST).then_some((offset, inner))
    })
}

/// What the at-signs of a text belong to.
fn mail_and_handles(text: &str, own: &str) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let taken = found.last().map_or(0, |last| last.end);
        if at >= taken {
            found.extend(mail_or_handle(text, taken, at, own));
        }
    }
    found
}

/// The characters from `at` on that may stand in one, and no more of them than an address may have.
fn run(text: &str, at: usize, fits: impl Fn(char) -> bool) -> &str {
    let rest = &text[at..];
    let end = rest.char_indices().take(LONGEST).find(|(_, c)| !fits(*c)).map(|(i, _)| i);
    let end = end.or_else(|| rest.char_indices().nth(LONGEST).map(|(i, _)| i)).unwrap_or(rest.len());
    &rest[..end]
}

fn mail_or_handle(text: &str, from: usize, at: usize, own: &str) -> Option<Finding> {
    let local_char = |c: char| c.is_alphanumeric() || "._%+-'’".contains(c);
    let before = text[from..at].char_indices().rev().take(LONGEST).take_while(|(_, c)| local_char(*c));
    let local = before.last().map_or(at, |(i, _)| from + i);
    let local = local + text[local..at].len() - text[local..at].trim_start_matches(['.', '-', '\'', '’']).len();
    if local < at {
        let domain = run(text, at + 1, |c| c.is_alphanumeric() || c == '.' || c == '-').trim_end_matches(['.', '-']);
        let fits = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
        let whole = &text[local..at + 1 + domain.len()];
        let mut finding = told(FindingKind::Email, Reason::Email, local, whole, true);
        if whole.eq_ignore_ascii_case(own) {
            (finding.reason, finding.subject) = (Reason::OwnAddress, SELF.to_owned());
        }
        return fits.then_some(finding);
    }
    let name = run(text, at + 1, |c| c.is_alphanumeric() || c == '_' || c == '.').trim_end_matches('.');
    let long_enough = name.chars().count() >= 3 && name.contains(char::is_alphabetic);
    let plain = is_ordinary(&folded(name));
    let whole = &text[at..at + 1 + name.len()];
    (long_enough && !plain).then(|| told(FindingKind::Handle, Reason::Handle, at, whole, true))
}

/// Ends of host names that are no ordinary words, so that a space left out after a full stop makes no address.
const ENDS: [&str; 26] = [
    "com", "org", "net", "edu", "gov", "info", "io", "co", "uk", "ie", "au", "nz", "ca", "mx", "es", "pr", "eu", "biz",
    "health", "clinic", "care", "app", "dev", "page", "link", "example",
];
/// Sites that anybody may cite.
const CITED: [&str; 16] = [
    "aap.org",
    "acf.hhs.gov",
    "allianceaimh.org",
    "apa.org",
    "cdc.gov",
    "childwelfare.gov",
    "ed.gov",
    "hhs.gov",
    "icpsr.umich.edu",
    "nctsn.org",
    "nih.gov",
    "samhsa.gov",
    "waimh.org",
    "who.int",
    "zerotothree.org",
    "988lifeline.org",
];

fn is_web(chunk: &str) -> bool {
    let lower = chunk.to_ascii_lowercase();
    let after = |lead: &str| lower.strip_prefix(lead).map(str::to_owned);
    let bare = after("https://").or_else(|| after("http://"));
    let led = bare.is_some() || lower.starts_with("www.");
    let rest = bare.unwrap_or(lower);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let labels: Vec<&str> = host.split('.').collect();
    let sound =
        labels.len() > 1 && labels.iter().all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let known_end = labels.last().is_some_and(|end| ENDS.contains(end) || (*end == "us" && labels.len() > 2));
    let named = labels.iter().rev().nth(1).is_some_and(|l| l.len() > 1 && l.contains(char::is_alphabetic));
    let cited = CITED.contains(&host);
    sound && !cited && (led || (known_end && named))
}

/// "maria at example dot org"
fn spoken_address(words: &Words<'_>, at: usize) -> Option<Finding> {
    let word = |i: usize| words.tokens.get(i).map_or("", |t| t.folded.as_str());
    let spoken = ["at", "arroba"].contains(&word(at + 1))
        && ["dot", "punto"].contains(&word(at + 3))
        && ENDS.contains(&word(at + 4));
    let text = spoken.then(|| words.between(at, at + 4))?;
    (text.len() <= LONGEST).then(|| told(FindingKind::Email, Reason::Email, words.tokens[at].start, text, true))
}

/// The part of the writer's address before the at-sign, when it is more than an ordinary word.
fn own_local_part(words: &Words<'_>, own: &str) -> Vec<Finding> {
    let local = own.rsplit_once('@').map_or(own, |(local, _)| local);
    let parts = Words::of(local).tokens;
    let Some(first) = parts.first() else { return Vec::new() };
    let telling = local.len() >= 5 && (parts.len() > 1 || !is_ordinary(&first.folded));
    let hits = words.tokens.iter().filter(|t| telling && t.folded == first.folded);
    hits.filter_map(|t| {
        let text = words.text.get(t.start..t.start + local.len())?;
        let ends = !words.text[t.start + local.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '@');
        let finding =
            Finding { subject: SELF.to_owned(), ..told(FindingKind::Email, Reason::OwnAddress, t.start, text, true) };
        (ends && text.eq_ignore_ascii_case(local)).then_some(finding)
    })
    .collect()
}

/// "license no. 12345", "LCSW #004417".
fn license(words: &Words<'_>, at: usize) -> Option<Finding> {
    let token = &words.tokens[at];
    let strong =
        ["license", "licence", "lic", "licencia", "npi", "colegiado", "colegiada"].contains(&token.folded.as_str());
    let weak = is_credential(words.between(at, at))
        || [
            "registration",
            "registered",
            "certificate",
            "certification",
            "credential",
            "cedula",
            "registro",
            "endorsement",
            "endorsed",
            "permit",
            "registry",
            "credentialed",
        ]
        .contains(&token.folded.as_str());
    if !strong && !weak {
        return None;
    }
    let mut next = at + 1;
    let mut numbered = false;
    while words
        .tokens
        .get(next)
        .is_some_and(|t| ["number", "no", "num", "numero", "nr", "n", "is", "es", "id"].contains(&t.folded.as_str()))
        && next < at + 4
    {
        numbered = true;
        next += 1;
    }
    let gap = words.gap(next);
    numbered |= gap.contains(['#', '№', 'º']);
    let number =
        words.tokens.get(next).filter(|_| gap.len() <= 5 && !gap.contains('\n') && !gap.contains(['?', '!']))?;
    let end = words.text[number.start..]
        .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.' || c == '/'))
        .map_or(words.text.len(), |n| number.start + n);
    let text = words.text[number.start..end].trim_end_matches(['.', '-', '/']);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let fits = digits >= 4 && text.len() <= 30 && (numbered || (strong && !year));
    fits.then(|| {
        // What leads to the number belongs to it: the sign, the letters of the profession.
        let start = if is_credential(words.between(at, at)) { token.start } else { number.start };
        told(FindingKind::License, Reason::License, start, &words.text[start..number.start + text.len()], numbered)
    })
}

/// Words near a number that make it a telephone's.
const CALLING: [&str; 26] = [
    "call",
    "phone",
    "telephone",
    "tel",
    "text",
    "cell",
    "mobile",
    "fax",
    "ring",
    "reach",
    "whatsapp",
    "ext",
    "extension",
    "number",
    "contact",
    "hotline",
    "telefono",
    "llamar",
    "llamarme",
    "llame",
    "llama",
    "llamame",
    "celular",
    "movil",
    "cel",
    "numero",
];

fn telephones(words: &Words<'_>, found: &mut Vec<Finding>) {
    let bytes = words.text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit()
            || (matches!(bytes[at], b'+' | b'(') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        let inside = at > 0
            && (bytes[at - 1].is_ascii_alphanumeric()
                || !bytes[at - 1].is_ascii()
                || matches!(bytes[at - 1], b'$' | b'.' | b'/' | b'-' | b'#' | b':'));
        if !begins || (inside && bytes[at].is_ascii_digit()) {
            at += 1;
            continue;
        }
        let (end, groups) = number(bytes, at);
        let text = &words.text[at..end];
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let public = PUBLIC_LINES.contains(&digits.strip_prefix('1').unwrap_or(&digits));
        if let Some(sure) = judged(text, &groups, || called(words, at))
            && !public
            && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
        {
            found.push(told(FindingKind::Phone, Reason::Phone, at, text, sure));
        }
        at = end.max(at + 1);
    }
}

/// Where a number written in groups ends, and how long its groups are.
fn number(bytes: &[u8], start: usize) -> (usize, Vec<usize>) {
    let (mut at, mut end, mut groups, mut open) = (start, start, Vec::new(), 0);
    while at < bytes.len() && at < start + 28 {
        match bytes[at] {
            b'0'..=b'9' => {
                open += 1;
                end = at + 1;
            }
            b'+' if at == start => {}
            b'(' | b')' | b' ' | b'-' | b'.' => {
                // One sign between groups, or a bracket with one beside it.
                let doubled = bytes.get(at + 1).is_some_and(|b| {
                    !b.is_ascii_digit() && !matches!((bytes[at], b), (b')', b' ' | b'-') | (b' ' | b'-', b'('))
                });
                if doubled || at + 1 == bytes.len() {
                    break;
                }
                if open > 0 {
                    groups.push(open);
                    open = 0;
                }
            }
            _ => break,
        }
        at += 1;
    }
    if open > 0 {
        groups.push(open);
    }
    (end, groups)
}

/// Whether a telephone is called near a number.
fn called(words: &Words<'_>, at: usize) -> bool {
    let next = words.tokens.partition_point(|t| t.start < at);
    let near = words.tokens[next.saturating_sub(8)..next].iter();
    near.filter(|t| t.start + 60 >= at).any(|t| CALLING.contains(&t.folded.as_str()))
}

/// Whether a number in groups is a telephone's, and whether hardly anything else.
fn judged(text: &str, groups: &[usize], called: impl Fn() -> bool) -> Option<bool> {
    let digits: usize = groups.iter().sum();
    if !(7..=15).contains(&digits) || text.contains("..") {
        return None;
    }
    let date = matches!(groups, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4]);
    let years = matches!(groups, [4, 4]) && text.starts_with(['1', '2']);
    if date || years {
        return None;
    }
    match groups {
        _ if text.starts_with('+') => Some(true),
        [3, 3, 4] | [1, 3, 3, 4] => Some(true),
        [2..=4, 3..=4, 3..=4]
        | [2..=5, 6..=7]
        | [2, 4, 4]
        | [3..=4, 3, 3]
        | [3, 2, 2, 2]
        | [2, 2, 2, 2, 2]
        | [5, 3, 3]
            if text.starts_with(['0', '(']) =>
        {
            Some(true)
        }
        [3, 4] => called().then_some(true).or(text.contains('-').then_some(false)),
        [10 | 11] => Some(called()),
        [7..=9] | [2..=4, 3..=4, 2..=4] | [2..=5, 5..=7] | [3, 2, 2, 2] | [2, 2, 2, 2] | [1, 3, 4] | [4, 4] => {
            called().then_some(true)
        }
        _ => None,
    }
}
