//! The result letter: what its recipient reads and what those see beforehand who release it, made in one place.

use chrono::{DateTime, Utc};
use evenhand_templates::letters::{LetterPart, LetterRemarks, LetterView};
use evenhand_templates::words::Words;

use super::words;
use crate::desk::release::Letter;
use crate::domain::outcome::{Feedback, PartResult};
use crate::domain::retake::day_of;
use crate::domain::timing::Instant;
use crate::store::sittings::{Association, Sitting};

/// The letter as it is shown at `now`; without `released_at` a preview.
pub fn letter_view(
    in_words: Words,
    letter: &Letter,
    (sitting, association): (&Sitting, &Association),
    released_at: Option<DateTime<Utc>>,
    now: Instant,
) -> LetterView {
    let today = day_of(now, sitting.zone());
    LetterView {
        association: association.name.clone(),
        name: letter.person.name.clone(),
        title: sitting.terms.title.clone(),
        sat_on: letter.sat_on.parse().unwrap_or(today),
        track: words::track(letter.track),
        category: words::category(letter.category),
        released_at,
        outcome: words::outcome(letter.result.outcome),
        parts: letter.result.parts.iter().map(|part| letter_part(in_words, part)).collect(),
        retake: letter.result.retake_open_from.as_deref().and_then(|from| words::retake(from, today)),
        remarks: letter.result.parts.iter().flat_map(remarks).collect(),
        follows_appeal: letter.follows_appeal,
        appeal_until: letter.appeal_until.as_deref().and_then(|day| day.parse().ok()),
        // Neither signatories nor an address to write to are kept yet.
        signatory: None,
        contact: None,
    }
}

fn letter_part(in_words: Words, part: &PartResult) -> LetterPart {
    LetterPart {
        part: words::part(part.part),
        outcome: words::outcome(part.outcome),
        percent: part.percent,
        domains: part.domains.as_ref().map(|d| words::bands(in_words, d)).unwrap_or_default(),
    }
}

/// The remarks on a part, a group for each vignette.
pub fn remarks(part: &PartResult) -> Vec<LetterRemarks> {
    let group = |f: &Feedback| LetterRemarks { vignette: f.vignette.clone(), remarks: f.remarks.clone() };
    part.feedback.iter().flatten().map(group).collect()
}
