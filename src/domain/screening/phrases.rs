//! Ways in which writers tell who they are without it being on record: introductions, signatures, "my agency in …",
//! "I work at …", "my supervisor …".

use super::places::may_be_institution;
use super::tokens::{Words, folded};
use super::words::{
    is_acronym, is_author, is_connector, is_credential, is_ordinary, is_particle, is_title, is_trimming,
    looks_ordinary, may_name,
};
use super::{Context, Finding, FindingKind, Reason, SELF};

/// The most words of a name.
pub const LONGEST_NAME: usize = 6;
/// The most words of an institution's name.
const LONGEST_INSTITUTION: usize = 8;
/// How far before the end of a text a signature may begin, in bytes.
const SIGNATURE_WITHIN: usize = 300;

const MINE: [&str; 8] = ["my", "our", "mi", "mis", "nuestra", "nuestro", "nuestras", "nuestros"];
const WORKPLACES: [&str; 34] = [
    "agency",
    "program",
    "programme",
    "clinic",
    "organization",
    "organisation",
    "office",
    "center",
    "centre",
    "hospital",
    "school",
    "preschool",
    "team",
    "practice",
    "university",
    "college",
    "department",
    "nonprofit",
    "site",
    "employer",
    "county",
    "district",
    "work",
    "job",
    "agencia",
    "programa",
    "clinica",
    "centro",
    "organizacion",
    "oficina",
    "escuela",
    "equipo",
    "universidad",
    "trabajo",
];
const COMPANIONS: [&str; 26] = [
    "supervisor",
    "manager",
    "director",
    "boss",
    "mentor",
    "colleague",
    "coworker",
    "teammate",
    "coordinator",
    "consultant",
    "therapist",
    "advisor",
    "supervisora",
    "directora",
    "jefe",
    "jefa",
    "mentora",
    "colega",
    "companera",
    "companero",
    "coordinadora",
    "coordinador",
    "consultora",
    "intern",
    "trainee",
    "dean",
];
const VERBS: [&str; 26] = [
    "work",
    "worked",
    "practice",
    "practiced",
    "practise",
    "intern",
    "interned",
    "volunteer",
    "volunteered",
    "teach",
    "taught",
    "employed",
    "trained",
    "train",
    "supervise",
    "supervised",
    "trabajo",
    "trabaje",
    "trabajaba",
    "laboro",
    "laboraba",
    "ejerzo",
    "enseno",
    "practico",
    "consult",
    "lecture",
];
const CLOSINGS: [&str; 16] = [
    "sincerely",
    "respectfully",
    "regards",
    "warmly",
    "cordially",
    "yours",
    "truly",
    "faithfully",
    "atentamente",
    "cordialmente",
    "saludos",
    "saludo",
    "respetuosamente",
    "cordial",
    "thanks",
    "gracias",
];

/// Finds them all.
pub fn find(words: &Words<'_>, context: &Context) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, token) in words.tokens.iter().enumerate() {
        let word = token.folded.as_str();
        if MINE.contains(&word) {
            found.extend(companion_or_workplace(words, at, context));
        }
        if VERBS.contains(&word) {
            found.extend(work(words, at, context));
        }
        if ["name", "me", "as", "nombre", "llamo", "soy", "am", "im", "this"].contains(&word) {
            found.extend(introduction(words, at, context));
        }
        if is_credential(words.between(at, at)) {
            found.extend(credentialed(words, at, context));
        }
        if token.start + SIGNATURE_WITHIN >= words.text.len() {
            found.extend(signature(words, at));
        }
    }
    found
}

/// Whether the words from `at` on are one phrase with nothing but spaces between them.
fn spaced(words: &Words<'_>, at: usize) -> bool {
    at < words.tokens.len() && words.gap(at).trim_matches([' ', '\u{a0}']).is_empty()
}

fn word<'w>(words: &'w Words<'_>, at: usize) -> &'w str {
    words.tokens.get(at).map_or("", |token| token.folded.as_str())
}

fn told(words: &Words<'_>, (first, last): (usize, usize), kind: FindingKind, reason: Reason) -> Option<Finding> {
    let (from, to) = (words.tokens.get(first)?, words.tokens.get(last)?);
    let own = kind == FindingKind::OwnName;
    let subject = if own { SELF.to_owned() } else { folded(words.between(first, last)) };
    Some(Finding { kind, start: from.start, end: to.end, subject, reason, confident: false })
}

/// A person's name that begins at `at`, as words from and to. The second value tells whether a title leads it.
fn person(words: &Words<'_>, at: usize, context: &Context, may_open: bool) -> Option<((usize, usize), bool)> {
    let (mut next, mut last, mut named, mut telling, mut title) = (at, None, 0, 0, false);
    while words.tokens.get(next).is_some_and(|t| t.capital && is_title(&t.folded)) && next < at + 2 {
        title = true;
        next += 1;
    }
    while let Some(token) = words.tokens.get(next).filter(|_| next < at + LONGEST_NAME) {
        if next > at && !words.joined(next) {
            break;
        }
        if token.is_letter() && token.capital && !(token.folded == "i" && words.gap(next + 1).starts_with(' ')) {
            last = Some(next);
        } else if may_name(token)
            && (!token.opens || (may_open && next == at))
            && !is_credential(words.between(next, next))
        {
            named += 1;
            telling += usize::from(!is_ordinary(&token.folded) && !context.has(&token.folded));
            last = Some(next);
        } else if !is_particle(&token.folded) || last.is_none() {
            break;
        }
        next += 1;
    }
    let last = last.filter(|_| named > 0 && (telling > 0 || title))?;
    let spoken_of = (at..=last).all(|i| is_title(word(words, i)) || context.has(word(words, i)));
    (!spoken_of).then_some(((at, last), title))
}

/// The name of an institution or a town that begins at `at`.
fn institution(words: &Words<'_>, at: usize, context: &Context) -> Option<(usize, usize)> {
    let first = words.tokens.get(at).filter(|t| t.capital && !t.opens && !t.is_letter() && may_name(t))?;
    let mut last = at;
    let mut next = at + 1;
    while next < words.tokens.len() && next < at + LONGEST_INSTITUTION && (words.joined(next) || words.possessed(next))
    {
        let token = &words.tokens[next];
        if token.capital || token.has_digit() {
            last = next;
        } else if !is_connector(&token.folded)
            || matches!(token.folded.as_str(), "and" | "y" | "in" | "at" | "on" | "en")
        {
            break;
        }
        next += 1;
    }
    // "Bridgeport, Connecticut"
    if words.gap(last + 1) == ", "
        && last == at
        && words.tokens.get(last + 1).is_some_and(|t| may_name(t) && !is_ordinary(&t.folded))
    {
        last += 1;
    }
    let telling = is_ordinary(&first.folded) && last == at;
    (!telling && may_be_institution(&words.tokens[at..=last], context)).then_some((at, last))
}

/// What a preposition after a place of work leads to.
fn led_to(preposition: &str) -> Option<(FindingKind, Reason)> {
    match preposition {
        "at" | "with" | "for" | "called" | "named" | "para" | "con" | "llamado" | "llamada" => {
            Some((FindingKind::Employer, Reason::Workplace))
        }
        "in" | "near" | "outside" | "en" | "de" | "serving" | "around" => {
            Some((FindingKind::Place, Reason::WorkplacePlace))
        }
        _ => None,
    }
}

/// "my supervisor, X", "our program in X".
fn companion_or_workplace(words: &Words<'_>, at: usize, context: &Context) -> Option<Finding> {
    let noun = (at + 1..at + 4)
        .take_while(|i| spaced(words, *i) || words.gap(*i) == "-")
        .find(|i| COMPANIONS.contains(&word(words, *i)) || WORKPLACES.contains(&word(words, *i)))?;
    let mut next = noun + 1;
    if COMPANIONS.contains(&word(words, noun)) {
        if !(spaced(words, next) || matches!(words.gap(next), ", " | " (")) {
            return None;
        }
        while next < noun + 4
            && spaced(words, next + 1)
            && ["is", "was", "named", "called", "es", "se", "llama", "la", "el", "era"].contains(&word(words, next))
        {
            next += 1;
        }
        let (at, _) = person(words, next, context, false)?;
        return told(words, at, FindingKind::Person, Reason::Companion);
    }
    let (mut kind, mut reason) = led_to(word(words, next)).filter(|_| spaced(words, next))?;
    next += 1;
    if spaced(words, next) && is_trimming(word(words, next)) {
        next += 1;
        (kind, reason) = (FindingKind::Employer, Reason::Workplace);
    }
    let at = spaced(words, next).then(|| institution(words, next, context))??;
    told(words, at, kind, reason)
}

/// "I work at X", "trabajo en X".
fn work(words: &Words<'_>, at: usize, context: &Context) -> Option<Finding> {
    let spanish = ["trabajo", "trabaje", "trabajaba", "laboro", "laboraba", "ejerzo", "enseno", "practico"]
        .contains(&word(words, at));
    let i = |i: usize| ["i", "ive", "im", "we", "id"].contains(&word(words, i));
    let mine = spanish || (at.saturating_sub(3)..at).any(i);
    let mut next = at + 1;
    while next < at + 3 && spaced(words, next) && HOURS.contains(&word(words, next)) {
        next += 1;
    }
    let (mut kind, mut reason) =
        led_to(word(words, next)).filter(|_| mine && spaced(words, next) && word(words, next) != "with")?;
    let mut next = next + 1;
    if spaced(words, next) && is_trimming(word(words, next)) {
        next += 1;
        (kind, reason) = (FindingKind::Employer, Reason::Workplace);
    }
    let written_small = || uncapitalised(words, next, context);
    let at = spaced(words, next).then(|| institution(words, next, context).or_else(written_small))??;
    told(words, at, kind, reason)
}

/// Hours of work that may stand between it and its place: "I work nights at".
const HOURS: [&str; 11] =
    ["nights", "days", "evenings", "weekends", "mornings", "part", "full", "time", "shifts", "mostly", "currently"];

/// A name behind "I work at" that was typed without capitals: "st lukes", "northside".
fn uncapitalised(words: &Words<'_>, at: usize, context: &Context) -> Option<(usize, usize)> {
    let saint = ["st", "saint", "san", "santa", "mt", "fort"].contains(&word(words, at)) && words.joined(at + 1);
    let last = at + usize::from(saint);
    let name = words.tokens.get(last)?;
    let unknown =
        name.folded.len() > 3 && !name.has_digit() && !is_ordinary(&name.folded) && !context.has(&name.folded);
    (unknown && (saint || !looks_ordinary(&name.folded))).then_some((at, last))
}

/// "My name is X", "me llamo X", "I am Dr. X".
fn introduction(words: &Words<'_>, at: usize, context: &Context) -> Option<Finding> {
    let before = |back: usize| at.checked_sub(back).map_or("", |i| word(words, i));
    // How many words of the name must stand there, and whether none of them may be ordinary.
    let (next, least) = match (before(1), word(words, at), word(words, at + 1)) {
        ("my", "name", "is") | ("mi", "nombre", "es") => (at + 2, 1),
        ("me", "llamo", _) => (at + 1, 1),
        ("call" | "calls" | "called", "me", _) | ("known", "as", _) => (at + 1, 1),
        (_, "soy", _) => (at + 1, 1),
        ("i", "am", _) | (_, "im", _) => (at + 1, 2),
        ("hi" | "hello" | "hey" | "hola", "this", "is") => (at + 2, 1),
        _ => return None,
    };
    let called = matches!((before(1), word(words, at)), ("call" | "calls" | "called", "me"));
    let nickname = || {
        let one = words.tokens.get(next).filter(|t| called && t.capital && !t.opens)?;
        let two = words.tokens.get(next + 1).is_some_and(|t| t.capital) && words.joined(next + 1);
        Some(((next, next + usize::from(two && is_title(&one.folded))), true))
    };
    let found = spaced(words, next).then(|| person(words, next, context, false).or_else(nickname));
    let ((first, last), title) = found??;
    let plain =
        words.tokens[first..=last].iter().any(|t| !t.is_letter() && !is_title(&t.folded) && is_ordinary(&t.folded));
    let surely = before(1) == "my" || before(1) == "mi" || before(1) == "me";
    let enough = last - first + 1 >= least && (surely || !plain);
    if !(enough || title) {
        return None;
    }
    told(words, (first, last), FindingKind::OwnName, Reason::Introduction)
}

/// "X, LCSW".
fn credentialed(words: &Words<'_>, at: usize, context: &Context) -> Option<Finding> {
    if !matches!(words.gap(at), ", " | " ") || is_credential(words.between(at.checked_sub(1)?, at - 1)) {
        return None;
    }
    let last = at - 1;
    let named = |i: usize| {
        let token = &words.tokens[i];
        may_name(token) && (!token.opens || i == 0 || !is_ordinary(&token.folded))
            || token.is_letter() && token.capital
            || is_title(&token.folded) && token.capital
    };
    let mut first = last;
    while first > 0 && last - first < LONGEST_NAME && words.joined(first) && named(first - 1) {
        first -= 1;
    }
    let tokens = &words.tokens[first..=last];
    let telling = tokens.iter().any(|t| {
        t.capital && t.folded.len() > 1 && !is_ordinary(&t.folded) && !is_title(&t.folded) && !context.has(&t.folded)
    });
    let cited = tokens.iter().any(|t| is_author(&t.folded));
    if !named(last) || !telling || cited {
        return None;
    }
    told(words, (first, last), FindingKind::OwnName, Reason::Credentials)
}

/// "--MK": letters behind a dash, and nothing after them.
fn initialled(words: &Words<'_>, at: usize) -> Option<Finding> {
    let token = &words.tokens[at];
    let ends = at + 1 == words.tokens.len() && words.gap(at + 1).chars().all(|c| c.is_whitespace() || c == '.');
    let signs =
        at > 0 && token.shouted && token.folded.len() <= 4 && words.gap(at).trim().ends_with(['-', '—', '–', '~']);
    let known = is_acronym(words.between(at, at)) || is_credential(words.between(at, at));
    if !ends || !signs || known {
        return None;
    }
    told(words, (at, at), FindingKind::OwnName, Reason::Signature)
}

/// "Sincerely, X" and "— X" at the end.
fn signature(words: &Words<'_>, at: usize) -> Option<Finding> {
    if let Some(letters) = initialled(words, at) {
        return Some(letters);
    }
    let nobody = Context { names: std::collections::HashSet::new() };
    let gap = words.gap(at);
    let after_closing = at.checked_sub(1).is_some_and(|i| {
        CLOSINGS.contains(&word(words, i))
            || (["submitted", "you", "vuestra"].contains(&word(words, i)) && gap.contains('\n'))
    });
    let thanks = at.checked_sub(1).is_some_and(|i| ["thanks", "gracias", "warmly", "saludo"].contains(&word(words, i)));
    let breaks = gap.contains('\n');
    let dash = gap.trim_start_matches([' ', '"', '”', '.', '!', '?', '\r']).starts_with('\n')
        && gap.trim_end().ends_with(['—', '–', '-', '―', '~']);
    let ends_text = words.text[words.tokens[at].end..].chars().filter(|c| c.is_alphanumeric()).count() <= 12;
    let closes = after_closing && (breaks || (gap.starts_with(',') && (!thanks || ends_text)));
    if !closes && !dash {
        return None;
    }
    let mut last = at;
    while last + 1 < words.tokens.len()
        && last < at + 3
        && words.joined(last + 1)
        && words.tokens[last + 1].capital
        && !words.tokens[last + 1].opens
    {
        last += 1;
    }
    let ends = words.tokens[last].end;
    // A signature has its line to itself, but for what one is by profession.
    let rest = words.text[ends..].split('\n').next().unwrap_or_default();
    let alone = rest.trim_matches(['.', ' ', '\r', '"', '”', ')']).is_empty() || rest.starts_with(',');
    let names_somebody = words.tokens[at..=last]
        .iter()
        .any(|t| may_name(t) && !is_author(&t.folded) && (closes || !is_ordinary(&t.folded)));
    let ((first, last), _) = if closes && (breaks || ends_text) && alone && names_somebody && words.tokens[at].capital {
        ((at, last), false)
    } else {
        person(words, at, &nobody, true).filter(|_| alone && names_somebody)?
    };
    told(words, (first, last), FindingKind::OwnName, Reason::Signature)
}
