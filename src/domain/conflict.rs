//! Conflicts: who must not read whose scripts, and how it is known.
//!
//! Names are compared as people write them: in any case, with or without accents and full stops, titles and initials, and
//! in either order. A whole name is asked for, since one word would keep half the field apart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;
use super::vocabulary::spelled;

/// How many people somebody may name.
const MOST_NAMED: usize = 100;
/// The longest entry, in characters.
const MOST_CHARS: usize = 200;

spelled! {
    /// What somebody is to the person they name.
    Relation {
        /// One supervises the other, now or before.
        Supervision = "supervision",
        /// They work together.
        Colleague = "colleague",
        /// They are family.
        Relative = "relative",
        /// Something else.
        Other = "other",
    }
}

spelled! {
    /// How a conflict is known.
    Origin {
        /// The reviewer named the examinee.
        DeclaredByReviewer = "declared_by_reviewer",
        /// The examinee named the reviewer.
        DeclaredByExaminee = "declared_by_examinee",
        /// A coordinator entered it.
        EnteredByCoordinator = "entered_by_coordinator",
        /// The reviewer gave a script back and said so.
        Recognised = "recognised",
        /// They have the same employer.
        SameEmployer = "same_employer",
        /// The application names the reviewer as supervisor.
        Supervisor = "supervisor",
        /// The application names the reviewer as reference rater.
        ReferenceRater = "reference_rater",
        /// The record of one names the other as a colleague.
        Colleague = "colleague",
        /// They belong to the same association, and the policy keeps such apart.
        SameAssociation = "same_association",
        /// The reviewer read the examinee in an earlier sitting.
        EarlierReader = "earlier_reader",
    }
}

impl Origin {
    /// Whether a script that was given out before this was known goes to somebody else. What the reviewer says of
    /// themselves moves nothing: else they could name people and see what goes.
    pub fn takes_back(self) -> bool {
        !matches!(self, Self::DeclaredByReviewer | Self::Recognised)
    }

    /// Whether a coordinator may lift it: what somebody declared can be a mistake, what follows from the record cannot.
    pub fn can_be_lifted(self) -> bool {
        matches!(
            self,
            Self::DeclaredByReviewer | Self::DeclaredByExaminee | Self::EnteredByCoordinator | Self::Recognised
        )
    }
}

/// Somebody as far as conflicts are concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// The whole name.
    pub name: String,
    /// What else they are called.
    pub nicknames: Vec<String>,
    /// The address.
    pub email: String,
    /// Where they work.
    pub employers: Vec<String>,
    /// Who supervised them, by the application.
    pub supervisors: Vec<String>,
    /// Who vouched for them, by the application.
    pub reference_raters: Vec<String>,
    /// With whom they work.
    pub colleagues: Vec<String>,
    /// Whom they named themselves, leaving out what was lifted.
    pub named: Vec<String>,
    /// To which associations they belong.
    pub associations: BTreeSet<String>,
}

/// Every reason in the record for which `reviewer` must not read `examinee`. Associations count where the policy says so.
pub fn between(reviewer: &Party, examinee: &Party, associations_count: bool) -> BTreeSet<Origin> {
    let names = |entries: &[String], who: &Party| entries.iter().any(|entry| means(entry, who));
    let shares = |mine: &[String], theirs: &[String]| {
        let mine: BTreeSet<String> = mine.iter().map(|e| employer(e)).filter(|e| !e.is_empty()).collect();
        theirs.iter().any(|e| mine.contains(&employer(e)))
    };
    let checks = [
        (Origin::DeclaredByReviewer, names(&reviewer.named, examinee)),
        (Origin::DeclaredByExaminee, names(&examinee.named, reviewer)),
        (Origin::SameEmployer, shares(&reviewer.employers, &examinee.employers)),
        (Origin::Supervisor, names(&examinee.supervisors, reviewer) || names(&reviewer.supervisors, examinee)),
        (
            Origin::ReferenceRater,
            names(&examinee.reference_raters, reviewer) || names(&reviewer.reference_raters, examinee),
        ),
        (Origin::Colleague, names(&examinee.colleagues, reviewer) || names(&reviewer.colleagues, examinee)),
        (Origin::SameAssociation, associations_count && !reviewer.associations.is_disjoint(&examinee.associations)),
    ];
    checks.into_iter().filter(|(_, holds)| *holds).map(|(origin, _)| origin).collect()
}

/// Whether an entry, a name or an address, means this person.
pub fn means(entry: &str, who: &Party) -> bool {
    if let Some(written) = address(entry) {
        return Some(written) == address(&who.email);
    }
    let entry = name(entry);
    if entry.len() < 2 {
        return false;
    }
    let whole = name(&who.name);
    let last = whole.iter().next_back().cloned();
    let called = who.nicknames.iter().map(|nickname| {
        // A nickname takes the place of the given name: it goes with the last name, unless it is a whole name itself.
        let mut called = name(nickname);
        if called.len() < 2 {
            called.extend(last.clone());
        }
        called
    });
    std::iter::once(whole.clone()).chain(called).any(|known| same_name(&entry, &known))
}

/// Whether two names are of one person: the words of the shorter are among those of the longer, two at least.
fn same_name(a: &[String], b: &[String]) -> bool {
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let longer: BTreeSet<&String> = longer.iter().collect();
    let distinct: BTreeSet<&String> = shorter.iter().collect();
    distinct.len() >= 2 && distinct.iter().all(|word| longer.contains(word))
}

/// A name's words, without titles and initials.
fn name(text: &str) -> Vec<String> {
    const TITLES: [&str; 22] = [
        "dr",
        "mr",
        "mrs",
        "ms",
        "mx",
        "prof",
        "professor",
        "rev",
        "sr",
        "jr",
        "ii",
        "iii",
        "phd",
        "md",
        "edd",
        "psyd",
        "lcsw",
        "lmft",
        "msw",
        "rn",
        "imh",
        "ecmh",
    ];
    words(text).into_iter().filter(|word| word.chars().count() > 1 && !TITLES.contains(&word.as_str())).collect()
}

/// An employer's name as one text, without what only tells its legal form.
fn employer(text: &str) -> String {
    const FORMS: [&str; 20] = [
        "inc",
        "incorporated",
        "llc",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "co",
        "company",
        "plc",
        "pllc",
        "pc",
        "lp",
        "llp",
        "gmbh",
        "nonprofit",
        "the",
        "of",
        "and",
        "for",
    ];
    words(text).into_iter().filter(|word| !FORMS.contains(&word.as_str())).collect::<Vec<_>>().join(" ")
}

/// An address in lower case and without a tag, if the text is one.
fn address(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c| matches!(c, '<' | '>' | '(' | ')')).to_lowercase();
    let (user, host) = text.split_once('@')?;
    let user = user.split('+').next().unwrap_or(user);
    (!user.is_empty() && host.contains('.') && !host.contains(char::is_whitespace)).then(|| format!("{user}@{host}"))
}

/// The words of a text in lower case and without accents; apostrophes, full stops and hyphens part nothing.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for letter in text.to_lowercase().chars() {
        match letter {
            '\'' | '’' | '‘' | '.' | '`' => {}
            '\u{300}'..='\u{36f}' => {}
            letter if letter.is_alphanumeric() => push_plain(letter, &mut plain),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().map(str::to_owned).collect()
}

/// Appends a letter without its accent.
fn push_plain(letter: char, to: &mut String) {
    const PLAIN: [(&str, &str); 24] = [
        ("àáâãäåāăą", "a"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("èéêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľŀł", "l"),
        ("ñńņň", "n"),
        ("òóôõöøōŏő", "o"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ţťŧț", "t"),
        ("ùúûüũūŭůűų", "u"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("þ", "th"),
        ("ʻʼ", ""),
    ];
    match PLAIN.iter().find(|(accented, _)| accented.contains(letter)) {
        Some((_, plain)) => to.push_str(plain),
        None => to.push(letter),
    }
}

/// Somebody named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// A whole name, or an e-mail address.
    pub who: String,
    /// What they are.
    pub relation: Relation,
}

/// What is wrong with a list of people somebody names. Judged by the writing alone: whether anybody is meant has no part
/// in it.
pub fn problems_of(named: &[Named]) -> Vec<FieldProblem> {
    if named.len() > MOST_NAMED {
        return vec![FieldProblem::new("/knows", format!("at most {MOST_NAMED}"))];
    }
    let usable = |who: &str| who.chars().count() <= MOST_CHARS && (address(who).is_some() || name(who).len() >= 2);
    let wrong = named.iter().enumerate().filter(|(_, entry)| !usable(&entry.who));
    wrong
        .map(|(index, _)| {
            let detail = format!("a whole name, or an e-mail address; at most {MOST_CHARS} characters");
            FieldProblem::new(format!("/knows/{index}/who"), detail)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str, email: &str) -> Party {
        Party { name: name.into(), email: email.into(), ..Party::default() }
    }

    #[test]
    fn an_entry_means_a_person_however_it_is_written() {
        let cases = [
            ("Ann Able", "Ann Able", true),
            ("ANN ABLE", "Ann Able", true),
            ("Able, Ann", "Ann Able", true),
            ("Dr. Ann M. Able, PhD", "Ann Able", true),
            ("Ann Able", "Ann Marie Able", true),
            ("Ann Marie Able", "Ann Able", true),
            ("Ana Núñez", "Ana Nunez", true),
            ("Ana Nun\u{303}ez", "Ana Núñez", true),
            ("Sean O’Dowd", "Sean O'Dowd", true),
            ("Sean ODowd", "Sean O'Dowd", true),
            ("Mary Smith Jones", "Mary Smith-Jones", true),
            ("Łukasz Żak", "Lukasz Zak", true),
            ("Ann", "Ann Able", false),
            ("Able", "Ann Able", false),
            ("Ann Abel", "Ann Able", false),
            ("Ben Able", "Ann Able", false),
            ("Ann Ann", "Ann Able", false),
            ("", "Ann Able", false),
            ("ann@example.org", "Somebody Else", true),
            (" <Ann+exam@Example.org> ", "Somebody Else", true),
            ("ann@example.com", "Ann Able", false),
        ];
        for (entry, name, expected) in cases {
            assert_eq!(means(entry, &party(name, "ann@example.org")), expected, "{entry} / {name}");
        }
        let called = Party { nicknames: vec!["Nan".into(), "Nancy Abel".into()], ..party("Ann Able", "x@example.org") };
        for (entry, expected) in [("Nan Able", true), ("Nancy Abel", true), ("Nan Abel", false), ("Nan", false)] {
            assert_eq!(means(entry, &called), expected, "{entry}");
        }
    }

    #[test]
    fn employers_are_the_same_whatever_their_legal_form() {
        let cases = [
            ("Harbor House", "harbor house", true),
            ("Harbor House, Inc.", "The Harbor House", true),
            ("Café Niño LLC", "Cafe Nino", true),
            ("Dept. of Health", "Dept Health", true),
            ("Harbor House", "Harbor Home", false),
            ("Harbor", "Harbor House", false),
            ("Inc.", "LLC", false),
            ("", "", false),
        ];
        for (mine, theirs, expected) in cases {
            let with = |employer: &str| Party { employers: vec![employer.into()], ..party("X Y", "x@example.org") };
            let found = between(&with(mine), &Party { name: "V W".into(), ..with(theirs) }, false);
            assert_eq!(found.contains(&Origin::SameEmployer), expected, "{mine} / {theirs}");
        }
    }

    #[test]
    fn every_origin_is_found_by_itself() {
        let (reviewer, examinee) = (party("Rita Reader", "rita@example.org"), party("Ann Able", "ann@example.org"));
        let rita = || vec!["Rita Reader".to_owned()];
        let ann = || vec!["ann@example.org".to_owned()];
        let here = || BTreeSet::from(["here".to_owned()]);
        assert_eq!(between(&reviewer, &examinee, true), BTreeSet::new());
        let cases = [
            (Party { named: ann(), ..reviewer.clone() }, examinee.clone(), Origin::DeclaredByReviewer),
            (reviewer.clone(), Party { named: rita(), ..examinee.clone() }, Origin::DeclaredByExaminee),
            (reviewer.clone(), Party { supervisors: rita(), ..examinee.clone() }, Origin::Supervisor),
            (Party { supervisors: ann(), ..reviewer.clone() }, examinee.clone(), Origin::Supervisor),
            (reviewer.clone(), Party { reference_raters: rita(), ..examinee.clone() }, Origin::ReferenceRater),
            (reviewer.clone(), Party { colleagues: rita(), ..examinee.clone() }, Origin::Colleague),
            (
                Party { associations: here(), ..reviewer.clone() },
                Party { associations: here(), ..examinee.clone() },
                Origin::SameAssociation,
            ),
        ];
        for (reviewer, examinee, origin) in cases {
            assert_eq!(between(&reviewer, &examinee, true), BTreeSet::from([origin]));
            let without = between(&reviewer, &examinee, false);
            assert_eq!(without.contains(&origin), origin != Origin::SameAssociation);
        }
    }

    #[test]
    fn a_whole_name_or_an_address_is_asked_for() {
        let named = |who: &str| Named { who: who.into(), relation: Relation::Other };
        for (who, fine) in [
            ("Ann Able", true),
            ("ann@example.org", true),
            ("Ann", false),
            ("Dr. Able", false),
            ("", false),
            ("@", false),
        ] {
            assert_eq!(problems_of(&[named(who)]).is_empty(), fine, "{who}");
        }
        assert_eq!(problems_of(&[named("Ann Able"), named("x")])[0].pointer, "/knows/1/who");
        assert_eq!(problems_of(&vec![named("Ann Able"); 101])[0].pointer, "/knows");
        assert_eq!(problems_of(&[named(&"ab ".repeat(100))])[0].pointer, "/knows/0/who");
    }
}
