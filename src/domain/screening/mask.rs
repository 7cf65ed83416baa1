//! Masks: what readers see in the place of a passage that would tell who wrote.

use std::collections::BTreeMap;

use super::FindingKind;

/// A passage to be masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked<'m> {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it tells.
    pub kind: FindingKind,
    /// Whom or what it is about.
    pub subject: &'m str,
}

impl FindingKind {
    /// What stands in the mask. English in scripts of any language: the language of an association's pages would tell
    /// more than the prose does.
    fn word(self) -> &'static str {
        match self {
            Self::OwnName => "name",
            Self::Person => "person",
            Self::Employer => "employer",
            Self::Place => "place",
            Self::Email => "e-mail",
            Self::Web => "web address",
            Self::Phone => "phone",
            Self::Handle => "handle",
            Self::License => "license number",
            Self::Other => "removed",
        }
    }
}

/// The text with masks, and the mask of each passage in the order given. Passages of one kind and subject have one mask;
/// others of that kind are counted in the order of the text: `[person 1]`, `[person 2]`; `[place]`, `[place 2]`. Passages
/// that overlap become one mask.
pub fn masked(text: &str, passages: &[Masked<'_>]) -> (String, Vec<String>) {
    let mut order: Vec<usize> = (0..passages.len()).collect();
    order.sort_by_key(|i| (passages[*i].start, passages[*i].end));
    let mut counted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut masks = vec![String::new(); passages.len()];
    let (mut shown, mut done) = (String::with_capacity(text.len()), 0);
    for i in order {
        let passage = &passages[i];
        let subjects = counted.entry(passage.kind.as_str()).or_default();
        let number = subjects.iter().position(|s| *s == passage.subject).unwrap_or_else(|| {
            subjects.push(passage.subject);
            subjects.len() - 1
        });
        let word = passage.kind.word();
        masks[i] = match (passage.kind, number) {
            (FindingKind::Person, _) => format!("[{word} {}]", number + 1),
            (_, 0) => format!("[{word}]"),
            _ => format!("[{word} {}]", number + 1),
        };
        // Fields that fit no text mask nothing rather than break a reader's page.
        if passage.start >= done
            && let Some(before) = text.get(done..passage.start)
        {
            shown.push_str(before);
            shown.push_str(&masks[i]);
        }
        done = done.max(passage.end);
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    (shown, masks)
}
