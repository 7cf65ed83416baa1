//! Scoring Part One: by key, in integers, undoing the shuffle.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::form::Layout;
use super::vocabulary::{Domain, Verdict, spelled};

spelled! {
    /// How an item of a frozen form counts.
    Treatment {
        /// As keyed.
        Scored = "scored",
        /// Found defective: counts for nobody.
        Dropped = "dropped",
        /// Found defective: counts as right for everybody.
        Credited = "credited",
    }
}

/// What scoring needs of one item of the form.
#[derive(Debug, Clone)]
pub struct KeyedItem {
    /// The index of the right choice as authored.
    pub key: usize,
    /// How it counts.
    pub treatment: Treatment,
    /// The domain under which feedback counts it.
    pub domain: Domain,
}

/// Right answers out of those that count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many were right.
    pub correct: i64,
    /// How many counted.
    pub scored: i64,
}

impl Tally {
    /// Whole per cent, rounded down, so that no number shown reaches a mark that the score does not.
    pub fn percent(&self) -> i64 {
        if self.scored == 0 { 0 } else { 100 * self.correct / self.scored }
    }

    /// How strong this is, in broad strokes: a domain holds too few questions for a number to mean much.
    pub fn band(&self) -> Band {
        match self.percent() {
            80.. => Band::Strong,
            60.. => Band::Adequate,
            _ => Band::Developing,
        }
    }
}

spelled! {
    /// How one did in a domain, in broad strokes.
    Band {
        /// Four in five or more.
        Strong = "strong",
        /// Three in five or more.
        Adequate = "adequate",
        /// Worth more study.
        Developing = "developing",
    }
}

/// The score of a Part One.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Over the whole form.
    pub total: Tally,
    /// By competency domain.
    pub domains: BTreeMap<Domain, Tally>,
    /// Whether the pass mark is reached.
    pub verdict: Verdict,
}

/// Scores `answers` (position from 1 to the letter shown) against a form. A blank is wrong.
///
/// The rule is `100 x correct >= pass_percent x scored`, in integers, never rounded (domain.md, Part One).
pub fn score(form: &[KeyedItem], layout: &Layout, answers: &BTreeMap<i64, String>, pass_percent: i64) -> Score {
    let mut total = Tally::default();
    let mut domains: BTreeMap<Domain, Tally> = BTreeMap::new();
    for (position, ordinal) in (1..).zip(0..form.len()).filter_map(|(p, _)| Some((p, layout.ordinal_at(p)?))) {
        let Some(item) = form.get(ordinal) else { continue };
        let chosen = answers.get(&position).and_then(|letter| layout.original_choice(position, letter));
        let right = match item.treatment {
            Treatment::Dropped => continue,
            Treatment::Credited => true,
            Treatment::Scored => chosen == Some(item.key),
        };
        for tally in [&mut total, domains.entry(item.domain).or_default()] {
            tally.scored += 1;
            tally.correct += i64::from(right);
        }
    }
    let verdict = if 100 * total.correct >= pass_percent * total.scored && total.scored > 0 {
        Verdict::Pass
    } else {
        Verdict::Fail
    };
    Score { total, domains, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::CHOICE_LETTERS;

    fn form(count: usize) -> Vec<KeyedItem> {
        (0..count).map(|i| KeyedItem { key: i % 4, treatment: Treatment::Scored, domain: Domain::ALL[i % 3] }).collect()
    }

    /// Answers the first `right` positions rightly, the next `wrong` wrongly, and leaves the rest blank.
    fn answers(form: &[KeyedItem], layout: &Layout, right: i64, wrong: i64) -> BTreeMap<i64, String> {
        (1..=right + wrong)
            .map(|position| {
                let key = form[layout.ordinal_at(position).unwrap()].key;
                let letter = CHOICE_LETTERS
                    .iter()
                    .find(|l| (layout.original_choice(position, l) == Some(key)) == (position <= right))
                    .unwrap();
                (position, (*letter).to_owned())
            })
            .collect()
    }

    #[test]
    fn forty_eight_of_sixty_pass_and_forty_seven_fail() {
        let form = form(60);
        let layout = Layout::of("any", 60);
        let cases = [
            (60, 0, 80, Verdict::Pass),
            (48, 12, 80, Verdict::Pass),
            (48, 0, 80, Verdict::Pass),
            (47, 13, 80, Verdict::Fail),
            (47, 0, 80, Verdict::Fail),
            (0, 0, 80, Verdict::Fail),
            (0, 0, 0, Verdict::Pass),
            (42, 0, 70, Verdict::Pass),
            (41, 0, 70, Verdict::Fail),
        ];
        for (right, wrong, pass_percent, verdict) in cases {
            let score = score(&form, &layout, &answers(&form, &layout, right, wrong), pass_percent);
            assert_eq!((score.total.correct, score.verdict), (right, verdict), "{right} right, {pass_percent} %");
            assert_eq!(score.domains.values().map(|t| t.scored).sum::<i64>(), 60);
        }
    }

    #[test]
    fn voided_items_are_dropped_or_credited() {
        let mut form = form(60);
        let layout = Layout::of("any", 60);
        let given = answers(&form, &layout, 47, 13);
        let last = layout.ordinal_at(60).unwrap();
        form[last].treatment = Treatment::Credited;
        assert_eq!(score(&form, &layout, &given, 80).total, Tally { correct: 48, scored: 60 });
        form[last].treatment = Treatment::Dropped;
        let dropped = score(&form, &layout, &given, 80);
        // 47 of 59 is 79.66 %: not rounded up.
        assert_eq!((dropped.total, dropped.verdict), (Tally { correct: 47, scored: 59 }, Verdict::Fail));
        assert_eq!(dropped.total.percent(), 79);
    }

    #[test]
    fn a_form_whose_every_item_is_dropped_passes_nobody() {
        let mut form = form(2);
        form.iter_mut().for_each(|i| i.treatment = Treatment::Dropped);
        assert_eq!(score(&form, &Layout::of("x", 2), &BTreeMap::new(), 80).verdict, Verdict::Fail);
    }

    #[test]
    fn nonsense_letters_are_wrong() {
        let form = form(1);
        let given = [(1, "z".to_owned())].into_iter().collect();
        assert_eq!(score(&form, &Layout::of("x", 1), &given, 80).total.correct, 0);
    }
}
