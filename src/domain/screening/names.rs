//! People: the writer in every form of their name, and those on record as working with them.

use std::collections::{HashMap, HashSet};

use super::phrases::LONGEST_NAME;
use super::tokens::{Token, Words};
use super::words::{
    is_acronym, is_author, is_credential, is_ordinary, is_particle, is_title, looks_ordinary, short_forms,
};
use super::{Context, Finding, FindingKind, Known, Reason, SELF};
use crate::domain::record::FactKind;

/// The most people whom a text introduces; answers name one or two.
const MOST_INTRODUCED: usize = 20;

/// One person's name.
struct Name {
    kind: FindingKind,
    /// Why the whole name is marked.
    reason: Reason,
    subject: String,
    /// The words that name this person, without particles and initials.
    parts: Vec<String>,
    /// The particles between them.
    particles: Vec<String>,
    /// The first letters of all parts in order.
    initials: String,
}

/// What a word can be to a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hit {
    Part,
    Short,
}

/// All people to look for.
pub struct Names {
    names: Vec<Name>,
    /// Which names a word may belong to.
    index: HashMap<String, Vec<(usize, Hit)>>,
}

/// Several words in a row that belong to one name.
struct Run {
    /// From which word to which, both included.
    first: usize,
    last: usize,
    /// Parts and short forms in it, and how many of them are capitalised or no ordinary words.
    parts: usize,
    solid: usize,
    /// Whether initials stand in it.
    initials: bool,
    /// Whether a title stands before it.
    title: bool,
    /// Whether the first of its parts is only a short form.
    short: bool,
}

impl Names {
    /// Everybody on record, and everybody whom the text itself introduces as the writer or a companion.
    pub fn of(known: &Known<'_>, patterns: &[Finding], words: &Words<'_>) -> Self {
        let mut people = Self { names: Vec::new(), index: HashMap::new() };
        people.add(known.name, FindingKind::OwnName, Reason::OwnName);
        for fact in known.facts.iter().filter(|fact| !fact.value.contains('@')) {
            match fact.kind {
                FactKind::Nickname => people.add(&fact.value, FindingKind::OwnName, Reason::Nickname),
                FactKind::Supervisor => people.add(&fact.value, FindingKind::Person, Reason::Supervisor),
                FactKind::ReferenceRater => people.add(&fact.value, FindingKind::Person, Reason::ReferenceRater),
                FactKind::Colleague => people.add(&fact.value, FindingKind::Person, Reason::Colleague),
                FactKind::Employer | FactKind::Place => {}
            }
        }
        // Once introduced, somebody is called by a part of the name.
        let mut introduced = HashSet::new();
        for told in patterns.iter().filter(|told| matches!(told.kind, FindingKind::OwnName | FindingKind::Person)) {
            let named = &words.text[told.start..told.end];
            if introduced.len() >= MOST_INTRODUCED || !introduced.insert(named) {
                continue;
            }
            people.add_as(&words.text[told.start..told.end], told.kind, told.reason, told.subject.clone());
        }
        people
    }

    fn add(&mut self, name: &str, kind: FindingKind, reason: Reason) {
        let own = kind == FindingKind::OwnName;
        let subject = if own { SELF.to_owned() } else { super::tokens::folded(name) };
        self.add_as(name, kind, reason, subject);
    }

    fn add_as(&mut self, name: &str, kind: FindingKind, reason: Reason, subject: String) {
        let words = Words::of(name);
        let named = words.tokens.iter().take(LONGEST_NAME).take_while(|t| !is_credential(&name[t.start..t.end]));
        let (mut parts, mut particles) = (Vec::new(), Vec::new());
        for token in named {
            match token.folded.as_str() {
                title if is_title(title) && parts.is_empty() => {}
                letter if letter.len() < 2 => {}
                particle if is_particle(particle) && words.tokens.len() > 1 => particles.push(particle.to_owned()),
                part => parts.push(part.to_owned()),
            }
        }
        let initials = words.tokens.iter().filter(|t| !is_particle(&t.folded) && !is_title(&t.folded));
        let initials = initials.filter_map(|t| t.folded.chars().next()).collect();
        let number = self.names.len();
        for part in &parts {
            self.index.entry(part.clone()).or_default().push((number, Hit::Part));
        }
        // Any part may be a first name: where surnames come first, the last one is.
        for short in parts.iter().flat_map(|part| short_forms(part)) {
            if !parts.iter().any(|part| part == short) {
                self.index.entry((*short).to_owned()).or_default().push((number, Hit::Short));
            }
        }
        self.names.push(Name { kind, reason, subject, parts, particles, initials });
    }

    /// Finds them.
    pub fn find(&self, words: &Words<'_>, context: &Context) -> Vec<Finding> {
        let mut found = Vec::new();
        // For each name, the word from which on it is looked for again.
        let mut free = vec![0; self.names.len()];
        for (at, token) in words.tokens.iter().enumerate() {
            for (number, hit) in self.index.get(&token.folded).into_iter().flatten() {
                if at < free[*number] {
                    continue;
                }
                let name = &self.names[*number];
                let run = self.run(words, *number, at, *hit);
                free[*number] = run.last + 1;
                if let Some(confident) = judged(words, name, &run, context) {
                    found.push(finding(words, name, &run, confident));
                }
            }
            found.extend(self.monogram(words, at));
        }
        found
    }

    /// What belongs to a name around the word that was hit.
    fn run(&self, words: &Words<'_>, number: usize, at: usize, hit: Hit) -> Run {
        let name = &self.names[number];
        let solid = |token: &Token| usize::from(token.capital || !is_ordinary(&token.folded));
        let mut run = Run {
            first: at,
            last: at,
            parts: 1,
            solid: solid(&words.tokens[at]),
            initials: false,
            title: false,
            short: hit == Hit::Short,
        };
        let initial = |token: &Token| token.is_letter() && token.capital && name.initials.contains(&token.folded);
        let mut next = at + 1;
        while next < words.tokens.len() && next <= at + LONGEST_NAME && words.joined(next) {
            let token = &words.tokens[next];
            let belongs = self.index.get(&token.folded).is_some_and(|hits| hits.iter().any(|(n, _)| *n == number));
            if belongs {
                run.parts += 1;
                run.solid += solid(token);
                run.last = next;
            } else if initial(token) {
                run.initials = true;
                run.last = next;
            } else if !name.particles.contains(&token.folded) {
                break;
            }
            next += 1;
        }
        while run.first > 0 && words.joined(run.first) && at - run.first < LONGEST_NAME {
            let before = &words.tokens[run.first - 1];
            if initial(before) && !(before.folded == "i" && words.gap(run.first) == " ") {
                run.initials = true;
            } else if is_title(&before.folded) && !run.title {
                run.title = true;
            } else if !name.particles.contains(&before.folded) || !before.capital {
                break;
            }
            run.first -= 1;
        }
        run
    }

    /// Three initials or more, written together or with points.
    fn monogram(&self, words: &Words<'_>, at: usize) -> Option<Finding> {
        let own = |n: &&Name| n.kind == FindingKind::OwnName && n.initials.len() >= 3;
        let token = &words.tokens[at];
        let name = self.names.iter().find(own)?;
        let last = if token.shouted && token.folded == name.initials && !is_acronym(words.between(at, at)) {
            at
        } else {
            let last = at + name.initials.len() - 1;
            let spelled = || words.tokens[at..=last].iter().map(|t| t.folded.as_str()).collect::<String>();
            let row = token.capital && last < words.tokens.len() && (at + 1..=last).all(|i| words.joined(i));
            if !(row && words.tokens[at..=last].iter().all(Token::is_letter) && spelled() == name.initials) {
                return None;
            }
            last
        };
        Some(Finding {
            kind: FindingKind::OwnName,
            start: token.start,
            end: words.tokens[last].end,
            subject: SELF.to_owned(),
            reason: Reason::Initials,
            confident: false,
        })
    }
}

/// Whether a run names that person, and whether hardly anything else can be meant; nothing when it does not.
fn judged(words: &Words<'_>, name: &Name, run: &Run, context: &Context) -> Option<bool> {
    let tokens = &words.tokens[run.first..=run.last];
    let own = name.kind == FindingKind::OwnName;
    let in_context = tokens.iter().filter(|t| !t.is_letter() && !is_title(&t.folded)).all(|t| context.has(&t.folded));
    if run.parts >= 2 {
        // "Will hand" is a question; "Will Hand" is somebody.
        let named = run.solid >= 2 && tokens.iter().any(|t| t.capital);
        return named.then_some(true).filter(|_| own || !in_context);
    }
    if run.initials {
        return (run.solid > 0).then_some(true).filter(|_| own || !in_context);
    }
    if in_context {
        return None;
    }
    let token = tokens.last()?;
    let ordinary = is_ordinary(&token.folded);
    if run.title {
        let plain = ordinary || run.short || looks_ordinary(&token.folded);
        return (token.capital || !plain).then_some(!run.short);
    }
    if !token.capital {
        let plain = ordinary || run.short || looks_ordinary(&token.folded) || !own;
        return (!plain).then_some(false);
    }
    match after(words, run.last) {
        After::Author => return None,
        // Somebody else's first name, unless it is a surname that has become part of another name.
        After::Surname => return (!ordinary && name.parts.last() == Some(&token.folded)).then_some(false),
        After::Nothing => {}
    }
    if ordinary {
        return stands_out(words, run.first).then_some(false);
    }
    Some(!run.short && token.folded.len() > 2)
}

/// What follows a single name.
enum After {
    Nothing,
    /// Somebody else's surname.
    Surname,
    /// The surname of an author of the field.
    Author,
}

fn after(words: &Words<'_>, last: usize) -> After {
    let Some(next) = words.tokens.get(last + 1).filter(|_| words.joined(last + 1)) else { return After::Nothing };
    let written = words.between(last + 1, last + 1);
    if is_author(&next.folded) && next.capital {
        After::Author
    } else if next.capital && !next.opens && !is_credential(written) && !next.shouted {
        After::Surname
    } else {
        After::Nothing
    }
}

/// Whether the capital of an ordinary word is there for its own sake: neither its place nor a heading asks for one.
fn stands_out(words: &Words<'_>, at: usize) -> bool {
    let token = &words.tokens[at];
    let capital = |i: usize| words.tokens.get(i).is_some_and(|t| t.capital && !t.opens && !t.is_letter());
    let within_heading = (at > 0 && capital(at - 1) && words.joined(at)) || (capital(at + 1) && words.joined(at + 1));
    let addressed = words.gap(at).ends_with(['"', '“', '«']) && words.gap(at + 1).starts_with(',');
    let signs = at + 1 == words.tokens.len()
        && words.text[token.end..].chars().all(|c| !c.is_alphanumeric())
        && token.opens_alone(words, at);
    addressed || signs || (!token.opens && !token.shouted && !within_heading)
}

impl Token {
    /// Whether this word stands alone after a full stop or a dash, as a signature does.
    fn opens_alone(&self, words: &Words<'_>, at: usize) -> bool {
        at > 0 && (self.opens || words.gap(at).contains(['—', '–', '-', '~']))
    }
}

fn finding(words: &Words<'_>, name: &Name, run: &Run, confident: bool) -> Finding {
    let own = name.kind == FindingKind::OwnName;
    let reason = match () {
        () if name.reason != Reason::OwnName => name.reason,
        () if own && run.short && run.parts == 1 => Reason::ShortForm,
        () if own && run.parts == 1 && name.parts.len() > 1 && !run.initials => Reason::OwnNamePart,
        () => name.reason,
    };
    Finding {
        kind: name.kind,
        start: words.tokens[run.first].start,
        end: words.tokens[run.last].end,
        subject: name.subject.clone(),
        reason,
        confident,
    }
}
