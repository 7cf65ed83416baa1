//! Names that nothing accounts for: they stand neither on the writer's record nor in the vignette, and nobody in the field
//! is called so. Most tell who wrote, or where; what does not is dismissed with a click, while a name that is missed is
//! read by two people who may know it.

use super::tokens::{Token, Words, folded};
use super::words::{
    is_acronym, is_author, is_common_capital, is_connector, is_credential, is_generic, is_given_name, is_known_author,
    is_ordinary, is_particle, is_public, is_title,
};
use super::{Context, Finding, FindingKind, Reason};

/// The most words of such a name.
const LONGEST: usize = 8;

/// Nouns that end or begin the name of an institution.
const INSTITUTIONS: [&str; 27] = [
    "academy",
    "agency",
    "alliance",
    "associates",
    "center",
    "centre",
    "chapel",
    "church",
    "clinic",
    "coalition",
    "collaborative",
    "college",
    "elementary",
    "foundation",
    "hospital",
    "institute",
    "library",
    "ministries",
    "partners",
    "pediatrics",
    "preschool",
    "project",
    "school",
    "services",
    "shelter",
    "university",
    "ymca",
];

/// What may follow the name of an institution: the Kennebec office, her Riverside team.
const WORKPLACES: [&str; 8] = ["office", "team", "program", "campus", "branch", "unit", "district", "nicu"];

/// Nouns that end the name of a place.
const PLACES: [&str; 32] = [
    "avenue",
    "ave",
    "bay",
    "beach",
    "blvd",
    "boulevard",
    "bluff",
    "canyon",
    "city",
    "county",
    "cove",
    "creek",
    "falls",
    "grove",
    "harbor",
    "heights",
    "hill",
    "hills",
    "hollow",
    "island",
    "lake",
    "lane",
    "mountain",
    "neck",
    "parish",
    "point",
    "reservation",
    "ridge",
    "road",
    "springs",
    "street",
    "valley",
];
/// Words that begin the name of a place.
const PLACE_STARTS: [&str; 9] = ["fort", "ft", "mount", "mt", "port", "camp", "lake", "cape", "rancho"];

/// Words behind which a place stands.
const PLACE_LEADS: [&str; 18] = [
    "on", "in", "near", "outside", "around", "across", "to", "from", "past", "toward", "towards", "through", "north",
    "south", "east", "west", "downtown", "out",
];
/// Words behind which an institution stands.
const INSTITUTION_LEADS: [&str; 6] = ["at", "for", "with", "via", "through", "by"];

/// What a word is to the name it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It names somebody or something that nothing accounts for.
    Telling,
    /// It may be part of a name: a title, an ordinary word, what everybody knows.
    Fitting,
}

/// Finds them.
pub fn find(words: &Words<'_>, context: &Context) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.tokens.len() {
        let run = run(words, at);
        let Some(last) = run else {
            found.extend(spoken(words, at, context));
            at += 1;
            continue;
        };
        match named(words, (at, last), context) {
            Some(name) => found.push(told(words, name)),
            None => found.extend(spoken(words, at, context)),
        }
        at = last + 1;
    }
    found
}

/// The last of the capitalised words that begin at `at` and belong together.
fn run(words: &Words<'_>, at: usize) -> Option<usize> {
    let starts = |token: &Token| token.capital && !(token.folded == "i" && token.is_letter());
    words.tokens.get(at).filter(|token| starts(token))?;
    let (mut last, mut next) = (at, at + 1);
    while next < words.tokens.len() && next < at + LONGEST && belongs(words, next) {
        let token = &words.tokens[next];
        if starts(token) || (token.has_digit() && words.gap(next) == "-") {
            last = next;
        } else if !(links(&token.folded) || is_particle(&token.folded)) || next > last + 1 {
            break;
        }
        next += 1;
    }
    Some(last)
}

/// Whether a small word may stand within a name: "Office of Early Childhood", not "Aldana at Wayne State".
fn links(folded: &str) -> bool {
    is_connector(folded) && !["in", "at", "on", "for", "en", "para"].contains(&folded)
}

fn belongs(words: &Words<'_>, at: usize) -> bool {
    !words.tokens[at].opens && (words.joined(at) || words.possessed(at) || words.gap(at) == " & ")
}

fn weight(words: &Words<'_>, at: usize, context: &Context) -> Weight {
    let token = &words.tokens[at];
    let word = token.folded.as_str();
    let accounted = token.is_letter()
        || token.has_digit()
        || !token.capital
        // Letters are judged by where they stand.
        || (token.shouted && word.len() < 6)
        || word.len() < 3
        || anybodys(word, context)
        || ["s", "es"].iter().any(|many| word.strip_suffix(many).is_some_and(|one| anybodys(one, context)))
        || is_title(word)
        || is_connector(word)
        || is_credential(words.between(at, at));
    if accounted { Weight::Fitting } else { Weight::Telling }
}

/// Whether the vignette, the language or the world accounts for a word.
fn anybodys(word: &str, context: &Context) -> bool {
    context.has(word) || is_ordinary(word) || is_public(word) || is_generic(word) || is_common_capital(word)
}

/// The part of a run that is a name, if one is.
fn named(words: &Words<'_>, (mut first, last): (usize, usize), context: &Context) -> Option<(usize, usize)> {
    let telling = |at: usize| weight(words, at, context) == Weight::Telling;
    // The first word of a sentence has its capital from there; a name that begins with it shows by what follows.
    let explained = |at: usize| words.tokens[at].opens && !is_given_name(&words.tokens[at].folded);
    while first < last && explained(first) && !telling(first) {
        first += 1;
        while first < last && !words.tokens[first].capital {
            first += 1;
        }
    }
    let run = first..=last;
    let tokens = &words.tokens[first..=last];
    if tokens.iter().any(|t| is_author(&t.folded)) || is_known_author(&folded(words.between(first, last))) {
        return None;
    }
    if tokens.iter().all(|t| t.shouted || t.has_digit()) {
        return acronym(words, (first, last)).then_some((first, last));
    }
    let sure = run.clone().any(|at| telling(at) && !(first == last && explained(at) && !words.possessed(at + 1)));
    let begins = first == last && telling(first) && !explained(first);
    let titled = run.clone().any(telling) && is_title(&tokens[0].folded);
    (sure || begins || titled || of_a_kind(words, (first, last), context)).then_some((first, last))
}

/// Several capitalised words, not all of them known together, that end as places do: Black Mountain, Dauphin Street.
fn of_a_kind(words: &Words<'_>, (first, last): (usize, usize), context: &Context) -> bool {
    let tokens = &words.tokens[first..=last];
    let word = |at: usize| words.tokens[at].folded.as_str();
    let own = |t: &&Token| t.capital && !is_generic(&t.folded) && !is_public(&t.folded) && !context.has(&t.folded);
    let several = last > first && !words.tokens[first].opens && tokens.iter().any(|t| own(&t));
    several
        && (PLACES.contains(&word(last))
            || INSTITUTIONS.contains(&word(last))
            || PLACE_STARTS.contains(&word(first))
            || possessive_place(words, first, last))
}

/// "Sarah's Place", "Children's House": somebody's, and a house.
fn possessive_place(words: &Words<'_>, first: usize, last: usize) -> bool {
    (first + 1..=last).any(|at| words.possessed(at))
        && ["place", "house", "home", "nest", "haven", "corner"].contains(&words.tokens[last].folded.as_str())
}

/// Whether letters that are no acronym of the field stand where an employer would.
fn acronym(words: &Words<'_>, (first, last): (usize, usize)) -> bool {
    let written = words.between(first, last);
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    let before = |back: usize| first.checked_sub(back).map_or("", |at| words.tokens[at].folded.as_str());
    let led = INSTITUTION_LEADS[..3].contains(&before(1))
        || (before(1) == "the" && INSTITUTION_LEADS[..3].contains(&before(2)));
    let parts = (first..=last).all(|at| {
        is_acronym(words.between(at, at))
            || is_ordinary(&words.tokens[at].folded)
            || is_credential(words.between(at, at))
    });
    letters >= 3 && led && !parts && !is_acronym(written)
}

/// Names that stand without capitals: "here in duluth we", "my friend gus halloran".
fn spoken(words: &Words<'_>, at: usize, context: &Context) -> Option<Finding> {
    let word = |i: usize| words.tokens.get(i).map_or("", |t| t.folded.as_str());
    let unknown = |i: usize| {
        words.tokens.get(i).is_some_and(|t| {
            t.folded.len() >= 4
                && t.folded.chars().all(char::is_alphabetic)
                && !is_ordinary(&t.folded)
                && !is_public(&t.folded)
                && !super::words::looks_ordinary(&t.folded)
                && !context.has(&t.folded)
        })
    };
    let here = ["here", "up", "down", "over", "out"].contains(&word(at)) && ["in", "at"].contains(&word(at + 1));
    if here && words.joined(at + 1) && words.joined(at + 2) {
        let last = if unknown(at + 2) { at + 2 } else { at + 3 };
        let small = last == at + 2 || is_particle(word(at + 2)) || word(at + 2) == "san" || word(at + 2) == "new";
        if unknown(last) && small && (last == at + 2 || words.joined(last)) {
            return Some(told(words, (at + 2, last)));
        }
    }
    let small = words.tokens.get(at).is_some_and(|t| !t.capital);
    let both =
        small && is_given_name(word(at)) && !is_ordinary(word(at)) && !context.has(word(at)) && words.joined(at + 1);
    (both && unknown(at + 1)).then(|| told(words, (at, at + 1)))
}

fn told(words: &Words<'_>, (first, last): (usize, usize)) -> Finding {
    let kind = kind_of(words, (first, last));
    let text = words.between(first, last);
    // "at St. Brendan's": what is called so has the ending in its name.
    let rest = &words.text[words.tokens[last].end..];
    let ending = ["'s", "’s"].into_iter().find(|s| kind == FindingKind::Employer && rest.starts_with(s));
    Finding {
        kind,
        start: words.tokens[first].start,
        end: words.tokens[last].end + ending.map_or(0, str::len),
        subject: folded(text),
        reason: Reason::UnknownName,
        confident: false,
    }
}

/// What a name seems to be that of, by its words and by the word before it.
fn kind_of(words: &Words<'_>, (first, last): (usize, usize)) -> FindingKind {
    let word = |at: usize| words.tokens[at].folded.as_str();
    let any = |kinds: &[&str]| (first..=last).any(|at| kinds.contains(&word(at)));
    let before = (1..=2)
        .filter_map(|back| first.checked_sub(back).map(word))
        .find(|before| !["the", "a", "an"].contains(before))
        .unwrap_or_default();
    let person = is_title(word(first)) && !(word(first) == "st" && INSTITUTION_LEADS.contains(&before));
    let after = words.tokens.get(last + 1).filter(|_| words.joined(last + 1)).map_or("", |t| t.folded.as_str());
    let saint = word(first) == "st" || word(first) == "saint";
    if person && !saint {
        FindingKind::Person
    } else if any(&INSTITUTIONS)
        || INSTITUTIONS.contains(&after)
        || WORKPLACES.contains(&after)
        || words.tokens[last].shouted
        || possessive_place(words, first, last)
    {
        FindingKind::Employer
    } else if PLACES.contains(&after)
        || PLACES.contains(&word(last))
        || PLACE_STARTS.contains(&word(first))
        || PLACE_LEADS.contains(&before)
    {
        FindingKind::Place
    } else if before == "at" || before == "for" || saint || (first..=last).any(|at| is_generic(word(at))) {
        FindingKind::Employer
    } else {
        FindingKind::Person
    }
}
