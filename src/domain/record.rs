//! What is on record for a person besides name, address and present employer: it tells who wrote a text, and who must not
//! read it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;
use super::vocabulary::spelled;

/// The most facts of one person.
pub const MAX_FACTS: usize = 40;
/// The longest fact, in characters.
pub const MAX_FACT_CHARACTERS: usize = 200;

spelled! {
    /// What a fact is about.
    FactKind {
        /// Another name that the person goes by.
        Nickname = "nickname",
        /// A former employer; the present one stands with the person.
        Employer = "employer",
        /// The name or address of who supervises or supervised the person.
        Supervisor = "supervisor",
        /// The name or address of a reference rater of the application.
        ReferenceRater = "reference_rater",
        /// The name of somebody the person works with.
        Colleague = "colleague",
        /// A place that belongs to the person: town, county, site.
        Place = "place",
    }
}

/// One thing on record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// In the words of the record.
    pub value: String,
}

/// The facts as they are kept: trimmed, without empty ones and repetitions, in the order of their kinds.
pub fn tidied(facts: impl IntoIterator<Item = Fact>) -> Vec<Fact> {
    let tidy = |fact: Fact| Fact { value: fact.value.split_whitespace().collect::<Vec<_>>().join(" "), ..fact };
    let kept: BTreeSet<Fact> = facts.into_iter().map(tidy).filter(|fact| !fact.value.is_empty()).collect();
    kept.into_iter().collect()
}

/// What is wrong with facts; pointers name the fact by its place in the list.
pub fn problems_of_facts(facts: &[Fact]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if facts.len() > MAX_FACTS {
        problems.push(FieldProblem::new("/facts", format!("at most {MAX_FACTS}")));
    }
    for (index, fact) in facts.iter().enumerate().take(MAX_FACTS) {
        if fact.value.chars().count() > MAX_FACT_CHARACTERS || fact.value.chars().any(char::is_control) {
            let detail = format!("at most {MAX_FACT_CHARACTERS} characters on one line");
            problems.push(FieldProblem::new(format!("/facts/{index}/value"), detail));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(kind: FactKind, value: &str) -> Fact {
        Fact { kind, value: value.to_owned() }
    }

    #[test]
    fn facts_are_kept_once_and_in_order() {
        let given = [
            fact(FactKind::Place, "Windham  County "),
            fact(FactKind::Nickname, "Xan"),
            fact(FactKind::Place, "Windham County"),
            fact(FactKind::Colleague, "  "),
        ];
        assert_eq!(tidied(given), [fact(FactKind::Nickname, "Xan"), fact(FactKind::Place, "Windham County")]);
    }

    #[test]
    fn facts_are_bounded() {
        let pointers = |facts: &[Fact]| problems_of_facts(facts).into_iter().map(|p| p.pointer).collect::<Vec<_>>();
        let long = fact(FactKind::Place, &"é".repeat(MAX_FACT_CHARACTERS + 1));
        let fits = fact(FactKind::Place, &"é".repeat(MAX_FACT_CHARACTERS));
        assert_eq!(pointers(&[]), [""; 0]);
        assert_eq!(
            pointers(&[fits.clone(), long, fact(FactKind::Nickname, "a\u{7}b")]),
            ["/facts/1/value", "/facts/2/value"]
        );
        assert_eq!(pointers(&vec![fits; MAX_FACTS + 1]), ["/facts"]);
    }
}
