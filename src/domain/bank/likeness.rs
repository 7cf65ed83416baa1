//! Texts that are the same but for a word: two items that ask one thing must never meet in a form by accident.

use std::collections::{BTreeMap, BTreeSet};

/// Two stems are nearly equal when they share so many percent of the different words they have together.
const NEAR_PERCENT: usize = 85;

/// With fewer different words than this, one word more or less is another question.
const MIN_WORDS: usize = 6;

/// How a text resembles an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same words in the same order.
    Equal,
    /// Nearly the same words.
    Near,
}

/// The words of a text, in small letters, without punctuation and Markdown.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(|word| word.trim_matches(['\'', '’']).to_lowercase())
        .filter(|word| !word.is_empty())
}

/// For each text that resembles an earlier one: its place, the place of the first such one, and how.
pub(super) fn resemblances(texts: &[&str]) -> Vec<(usize, usize, Likeness)> {
    let mut first_of: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut found = Vec::new();
    let mut distinct = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let words: Vec<String> = words(text).collect();
        match first_of.get(&words) {
            Some(first) => found.push((place, *first, Likeness::Equal)),
            None => {
                distinct.push((place, words.iter().cloned().collect::<BTreeSet<String>>()));
                first_of.insert(words, place);
            }
        }
    }
    found.extend(near_pairs(&distinct).into_iter().map(|(place, first)| (place, first, Likeness::Near)));
    found.sort_by_key(|(place, first, _)| (*place, *first));
    found
}

/// Finds near pairs without comparing each with each: sets that share so much must already share one of their rarest
/// words (prefix filtering), which leaves few candidates however large the bank.
fn near_pairs(texts: &[(usize, BTreeSet<String>)]) -> Vec<(usize, usize)> {
    let ranked = by_rarity(texts);
    let mut holders: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (index, ranks) in ranked.iter().enumerate().filter(|(_, ranks)| ranks.len() >= MIN_WORDS) {
        let rarest = ranks.len() - (ranks.len() * NEAR_PERCENT).div_ceil(100) + 1;
        let candidates: BTreeSet<usize> =
            ranks.iter().take(rarest).filter_map(|rank| holders.get(rank)).flatten().copied().collect();
        let near = candidates.into_iter().find(|at| ranked.get(*at).is_some_and(|other| is_near(ranks, other)));
        match near.and_then(|at| Some((texts.get(index)?.0, texts.get(at)?.0))) {
            Some(pair) => pairs.push(pair),
            // Only a text unlike all before it is held up to later ones: a crowd of likes costs one comparison each.
            None => ranks.iter().take(rarest).for_each(|rank| holders.entry(*rank).or_default().push(index)),
        }
    }
    pairs
}

/// Each text as its words' ranks, rising; the rarest word of all texts has the lowest rank.
fn by_rarity(texts: &[(usize, BTreeSet<String>)]) -> Vec<Vec<usize>> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for word in texts.iter().flat_map(|(_, words)| words) {
        *uses.entry(word).or_default() += 1;
    }
    let mut words: Vec<(&str, usize)> = uses.into_iter().collect();
    words.sort_by_key(|(_, count)| *count);
    let rank_of: BTreeMap<&str, usize> = words.into_iter().enumerate().map(|(rank, (word, _))| (word, rank)).collect();
    let ranks = |words: &BTreeSet<String>| {
        let mut ranks: Vec<usize> = words.iter().filter_map(|word| rank_of.get(word.as_str()).copied()).collect();
        ranks.sort_unstable();
        ranks
    };
    texts.iter().map(|(_, words)| ranks(words)).collect()
}

/// Whether two rising lists share enough. Stops as soon as they no longer can.
fn is_near(one: &[usize], other: &[usize]) -> bool {
    let enough = |shared: usize| shared * 100 >= NEAR_PERCENT * (one.len() + other.len() - shared);
    let (mut left, mut right, mut shared) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(left), other.get(right)) {
        if !enough(shared + (one.len() - left).min(other.len() - right)) {
            return false;
        }
        left += usize::from(a <= b);
        right += usize::from(b <= a);
        shared += usize::from(a == b);
    }
    enough(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bare() {
        let found: Vec<String> = words("The *infant's* cry -- “Où?” ‘9-month’, (x)").collect();
        assert_eq!(found, ["the", "infant's", "cry", "où", "9", "month", "x"]);
        assert_eq!(words(" \n*-_ ").count(), 0);
    }

    #[test]
    fn likeness_is_of_words() {
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
        let other_word = long.replace("three", "zzz");
        let two_others = other_word.replace("nine", "yyy");
        let cases = [
            (long, long, Some(Likeness::Equal)),
            ("Is *this* so?", "is this, so", Some(Likeness::Equal)),
            (long, &other_word, Some(Likeness::Near)),
            (long, &two_others, None),
            ("one two three four five", "one two three four six", None),
            ("one two three", "three two one", None),
            (long, "something else", None),
        ];
        for (one, other, expected) in cases {
            let found = resemblances(&[one, other]);
            assert_eq!(found, expected.map(|likeness| (1, 0, likeness)).into_iter().collect::<Vec<_>>(), "{other}");
        }
    }

    #[test]
    fn prefixes_find_what_comparing_each_with_each_finds() {
        // A small linear congruence makes sets that overlap in every degree.
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..300 {
            let texts: Vec<(usize, BTreeSet<String>)> = (0..2)
                .map(|n| (n, (0..30).filter(|_| next(12) > 0).map(|word| format!("w{word}")).collect()))
                .collect();
            let shared = texts[0].1.intersection(&texts[1].1).count();
            let expected = shared * 100 >= NEAR_PERCENT * texts[0].1.union(&texts[1].1).count();
            assert_eq!(!near_pairs(&texts).is_empty(), expected, "{texts:?}");
        }
    }
}
