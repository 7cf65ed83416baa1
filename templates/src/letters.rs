//! The result letter: what one prints and keeps.
//!
//! A letter shows the outcome by the feedback rules. It never shows a reviewer's name or code, a single mark, or an
//! accommodation: its view has no field for them.

use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};

use crate::{
    exam::{Category, Outcome, Part, Retake, Track},
    examinee::{DomainView, domain_bands},
    markdown,
    page::{Page, Shell, document},
    parts, urls,
    words::Words,
};

/// The letter of one result.
#[derive(Clone, Debug)]
pub struct LetterView {
    /// Who writes.
    pub association: String,
    /// To whom.
    pub name: String,
    /// The sitting's title.
    pub title: String,
    /// The day on which it was sat, where it was sat.
    pub sat_on: NaiveDate,
    /// The track.
    pub track: Track,
    /// The category.
    pub category: Category,
    /// When it was released; not yet, for a preview.
    pub released_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Outcome,
    /// The parts.
    pub parts: Vec<LetterPart>,
    /// When it may be taken again, if it was not passed.
    pub retake: Option<Retake>,
    /// Reviewers' remarks for the examinee, a group for each vignette.
    pub remarks: Vec<LetterRemarks>,
    /// Whether it follows an appeal and takes the place of an earlier letter.
    pub follows_appeal: bool,
    /// Until when an appeal may be made.
    pub appeal_until: Option<NaiveDate>,
    /// Who signs.
    pub signatory: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
}

/// What the letter says of one part.
#[derive(Clone, Debug)]
pub struct LetterPart {
    /// Which.
    pub part: Part,
    /// What came of it.
    pub outcome: Outcome,
    /// Whole per cent, if the policy shows it.
    pub percent: Option<i64>,
    /// Bands per domain, if the policy shows them.
    pub domains: Vec<DomainView>,
}

/// Remarks on one answer.
#[derive(Clone, Debug)]
pub struct LetterRemarks {
    /// The vignette's title.
    pub vignette: String,
    /// The remarks, in CommonMark, in an order that tells nothing.
    pub remarks: Vec<String>,
}

/// The letter as a page of its own.
#[must_use]
pub fn page(shell: &Shell, view: &LetterView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("letter-title")).up(words.text("results-title"), urls::RESULTS).without_heading();
    document(
        shell,
        &page,
        &html! {
            p.no-print.up { a href=(urls::RESULTS) { span aria-hidden="true" { "← " } (words.text("results-title")) } }
            (letter(shell, view, 1))
            p.no-print.soft { (words.text("letter-print")) }
        },
    )
}

/// The letter alone, its heading at that level (1 on a page of its own, 3 in a list of letters).
#[must_use]
pub fn letter(shell: &Shell, view: &LetterView, level: u8) -> Markup {
    let words = shell.words;
    html! {
        article.letter lang=(words.locale.tag()) {
            header {
                p.from { (view.association) }
                @if let Some(at) = view.released_at { p.dated { (parts::date(words, at.with_timezone(&shell.zone).date_naive())) } }
            }
            div.prose {
                @match level {
                    1 => h1 { (subject(words, view)) },
                    _ => h3 { (subject(words, view)) },
                }
                p { (words.with("letter-dear", &[("name", view.name.as_str().into())])) }
                p { (opening(words, view)) }
                @if view.follows_appeal { p { (words.text("letter-follows-appeal")) } }
                p.verdict { strong { (verdict(words, view.outcome)) } }
                (part_list(shell, view))
                @if let Some(retake) = view.retake { (retake_paragraph(words, retake)) }
                (remarks(words, view))
                (closing(words, view))
            }
        }
    }
}

fn subject(words: Words, view: &LetterView) -> String {
    words.with(
        "letter-subject",
        &[("category", view.category.name(words).into()), ("track", view.track.name(words).into())],
    )
}

fn opening(words: Words, view: &LetterView) -> String {
    // Who did not come is not told that they sat it.
    let id = if view.outcome == Outcome::Absent { "letter-opening-absent" } else { "letter-opening" };
    words.with(id, &[("date", parts::date_text(words, view.sat_on).into()), ("title", view.title.as_str().into())])
}

fn verdict(words: Words, outcome: Outcome) -> String {
    words.text(match outcome {
        Outcome::Passed => "letter-passed",
        Outcome::Failed => "letter-failed",
        Outcome::Void => "letter-void",
        Outcome::Withheld => "letter-withheld",
        Outcome::Incomplete => "letter-incomplete",
        Outcome::Absent => "letter-absent",
    })
}

fn part_list(shell: &Shell, view: &LetterView) -> Markup {
    let words = shell.words;
    html! {
        ul.letter-parts {
            @for part in &view.parts {
                li {
                    (part.part.name(words)) " (" (part.part.content(words)) "): "
                    strong { (part.outcome.badge(words).1) }
                    @if let Some(percent) = part.percent { ". " (words.with("result-percent", &[("n", percent.into())])) }
                    (domain_bands(shell, &part.domains))
                }
            }
        }
    }
}

fn retake_paragraph(words: Words, retake: Retake) -> Markup {
    html! {
        p {
            @if retake.open { (words.text("retake-open")) }
            @else { (words.text("retake-from")) " " strong { (parts::date(words, retake.open_from)) } ". " (words.text("retake-invited")) }
        }
    }
}

fn remarks(words: Words, view: &LetterView) -> Markup {
    html! {
        @if !view.remarks.is_empty() {
            h4.letter-heading { (words.text("letter-remarks")) }
            p { (words.text("letter-remarks-intro")) }
            @for group in &view.remarks {
                section.letter-remarks {
                    p.vignette-title { (group.vignette) }
                    @for remark in &group.remarks { blockquote { (markdown::render(remark)) } }
                }
            }
        }
    }
}

fn closing(words: Words, view: &LetterView) -> Markup {
    html! {
        @if let Some(until) = view.appeal_until {
            p { (words.with("letter-appeal", &[("date", parts::date_text(words, until).into())])) }
        }
        @if let Some(contact) = &view.contact { p { (words.with("letter-contact", &[("contact", contact.as_str().into())])) } }
        @if let Some(signatory) = &view.signatory { p.signed { (signatory) br; (view.association) } }
    }
}
