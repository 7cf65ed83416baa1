//! Screening: what in a prose answer would tell who wrote it. Pure, in one pass over the words and one over the
//! characters, whatever the text: hostile input costs no more than any other.
//!
//! What stands in the vignette names the vignette's people and places, not the writer's: a single name that stands there
//! too is no finding, even when the writer or a colleague bears it. The writer's name in two parts or more, or with an
//! initial, or in a signature, is one whatever the vignette says. A name that is also an ordinary word counts only where
//! a capital is not explained by its place: within a sentence, after a title, together with another part.

use std::collections::HashSet;

use super::record::Fact;
use super::vocabulary::spelled;

mod contacts;
mod mask;
mod names;
mod phrases;
mod places;
mod strays;
mod tokens;
mod words;

pub use mask::{Masked, masked};
use tokens::Words;

/// The most findings in one text; what goes beyond is no more hidden than what stands before.
pub const MAX_FINDINGS: usize = 300;

spelled! {
    /// What kind of thing a passage tells.
    FindingKind {
        /// The writer's own name.
        OwnName = "own_name",
        /// Somebody whom the writer works with.
        Person = "person",
        /// Where the writer works or worked.
        Employer = "employer",
        /// Where that is.
        Place = "place",
        /// An e-mail address.
        Email = "email",
        /// A web address.
        Web = "web",
        /// A telephone number.
        Phone = "phone",
        /// A name in a social network.
        Handle = "handle",
        /// The number of a licence.
        License = "license",
        /// Something else; only ever marked by hand.
        Other = "other",
    }
}

spelled! {
    /// Why a passage was marked.
    Reason {
        /// It is the writer's name.
        OwnName = "own_name",
        /// It is one part of the writer's name.
        OwnNamePart = "own_name_part",
        /// It is a common short form of the writer's first name.
        ShortForm = "short_form",
        /// It is a nickname on record.
        Nickname = "nickname",
        /// They are the writer's initials.
        Initials = "initials",
        /// It belongs to the writer's e-mail address.
        OwnAddress = "own_address",
        /// The writer introduces themselves.
        Introduction = "introduction",
        /// It signs the text.
        Signature = "signature",
        /// It is a name with the letters of a profession behind it.
        Credentials = "credentials",
        /// A supervisor on record.
        Supervisor = "supervisor",
        /// A reference rater on record.
        ReferenceRater = "reference_rater",
        /// A colleague on record.
        Colleague = "colleague",
        /// Somebody whom the writer calls theirs: my supervisor, our director.
        Companion = "companion",
        /// An employer on record.
        Employer = "employer",
        /// A part or the initials of an employer on record.
        EmployerPart = "employer_part",
        /// The writer says that they work there.
        Workplace = "workplace",
        /// A place on record.
        Place = "place",
        /// The writer says that their work is there.
        WorkplacePlace = "workplace_place",
        /// It has the form of an e-mail address.
        Email = "email",
        /// It has the form of a web address.
        Web = "web",
        /// It has the form of a telephone number.
        Phone = "phone",
        /// It has the form of a name in a social network.
        Handle = "handle",
        /// A number after a licence or a credential.
        License = "license",
        /// A name that neither the record nor the vignette accounts for.
        UnknownName = "unknown_name",
        /// A coordinator marked it.
        ByHand = "by_hand",
    }
}

impl Reason {
    /// The reason in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OwnName => "The writer’s own name.",
            Self::OwnNamePart => "A part of the writer’s name.",
            Self::ShortForm => "A common short form of the writer’s first name.",
            Self::Nickname => "A nickname on record for the writer.",
            Self::Initials => "The writer’s initials.",
            Self::OwnAddress => "The writer’s e-mail address, or a part of it.",
            Self::Introduction => "The writer seems to introduce themselves.",
            Self::Signature => "It seems to sign the text.",
            Self::Credentials => "A name with professional letters behind it.",
            Self::Supervisor => "A supervisor on record for the writer.",
            Self::ReferenceRater => "A reference rater on record for the writer.",
            Self::Colleague => "A colleague on record for the writer.",
            Self::Companion => "Somebody whom the writer calls their own supervisor or colleague.",
            Self::Employer => "An employer on record for the writer.",
            Self::EmployerPart => "A part or the initials of an employer on record.",
            Self::Workplace => "The writer seems to say that they work there.",
            Self::Place => "A place on record for the writer.",
            Self::WorkplacePlace => "The writer seems to say that their work is there.",
            Self::Email => "An e-mail address.",
            Self::Web => "A web address.",
            Self::Phone => "It looks like a telephone number.",
            Self::Handle => "A name in a social network.",
            Self::License => "A license number.",
            Self::UnknownName => "A name that neither the vignette nor the field accounts for.",
            Self::ByHand => "Marked by a coordinator.",
        }
    }
}

/// What is on record for the writer.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// The whole name.
    pub name: &'k str,
    /// The address.
    pub email: &'k str,
    /// Where they work.
    pub employer: Option<&'k str>,
    /// What else there is.
    pub facts: &'k [Fact],
}

/// A passage that would tell who wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it tells.
    pub kind: FindingKind,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// Whom or what it is about: passages of one kind and subject get the same mask.
    pub subject: String,
    /// Why it was marked.
    pub reason: Reason,
    /// Whether hardly anything else can be meant.
    pub confident: bool,
}

/// The subject of everything that names the writer.
pub const SELF: &str = "self";

/// What the vignette names.
struct Context {
    /// Its capitalised words, folded.
    names: HashSet<String>,
}

impl Context {
    fn of(texts: &[&str]) -> Self {
        let mut names = HashSet::new();
        for text in texts {
            // A word that opens a sentence has its capital from there, unless no ordinary word is written so.
            let tokens = Words::of(text).tokens.into_iter();
            let named = tokens.filter(|t| t.capital && !(t.opens && words::is_ordinary(&t.folded)));
            names.extend(named.map(|t| t.folded));
        }
        Self { names }
    }

    fn has(&self, folded: &str) -> bool {
        self.names.contains(folded)
    }
}

/// Finds what would tell who wrote `text`, in the order of the text and without overlaps. `context` is what the writer was
/// given to read: scenario, title, prompts.
pub fn screen(text: &str, known: &Known<'_>, context: &[&str]) -> Vec<Finding> {
    let words = Words::of(text);
    let context = Context::of(context);
    let mut found = contacts::find(&words, known.email);
    found.extend(places::find(&words, known, &context));
    let patterns = phrases::find(&words, &context);
    let people = names::Names::of(known, &patterns, &words);
    found.extend(people.find(&words, &context));
    found.extend(patterns);
    // Only where nothing else was found: what has a better reason keeps it.
    let strays = strays::find(&words, &context);
    let taken = |stray: &Finding| found.iter().any(|f| f.start <= stray.start && stray.end <= f.end);
    let strays: Vec<Finding> = strays.into_iter().filter(|stray| !taken(stray)).collect();
    found.extend(strays);
    settled(found, &words)
}

/// How much a kind of finding says of the whole passage: where two overlap, the greater one names it.
fn weight(finding: &Finding) -> (u8, bool, usize) {
    let kind = match finding.kind {
        FindingKind::Email | FindingKind::Web | FindingKind::Handle | FindingKind::License | FindingKind::Phone => 3,
        FindingKind::OwnName if finding.confident => 2,
        _ => 1,
    };
    (kind, finding.confident, finding.end - finding.start)
}

/// In order, with overlaps joined into one, and neighbours that are about the same thing.
fn settled(mut found: Vec<Finding>, words: &Words<'_>) -> Vec<Finding> {
    found.sort_by_key(|f| (f.start, std::cmp::Reverse(f.end)));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let Some(last) = kept.last_mut() else {
            kept.push(finding);
            continue;
        };
        let neighbours = || {
            last.kind == finding.kind && last.subject == finding.subject && small(&words.text[last.end..finding.start])
        };
        if finding.start < last.end || neighbours() {
            let (start, end) = (last.start, last.end.max(finding.end));
            if weight(&finding) > weight(last) {
                *last = finding;
            }
            (last.start, last.end) = (start, end);
        } else {
            kept.push(finding);
        }
    }
    kept.truncate(MAX_FINDINGS);
    kept
}

/// Whether what stands between two passages is so little that one mask covers both.
fn small(gap: &str) -> bool {
    gap.len() <= 10 && gap.split_whitespace().all(|word| words::is_connector(&tokens::folded(word)))
}

#[cfg(test)]
mod tests;
