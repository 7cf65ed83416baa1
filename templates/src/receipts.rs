//! The page on which anybody checks a receipt, without signing in.
//!
//! Invariant: it tells no name and no answer.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::exam::Part;
use crate::form::{Field, FieldError, problem_summary};
use crate::page::{Page, Shell, document};
use crate::parts::{self, Tone};
use crate::urls;
use crate::words::Words;

/// What a receipt says of itself.
#[derive(Clone, Debug)]
pub struct Said {
    /// The attempt.
    pub attempt: String,
    /// The part.
    pub part: Part,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How many answers are stored.
    pub answered: i64,
    /// How many of them came late and were admitted.
    pub admitted: i64,
}

/// How a receipt turned out.
#[derive(Clone, Debug)]
pub struct Found {
    /// Everything holds.
    pub holds: bool,
    /// The signature does.
    pub signature_holds: bool,
    /// The key that it names.
    pub key_id: String,
    /// Whether that key is this installation's.
    pub key_known: bool,
    /// Whether it is on record here.
    pub on_record: Option<bool>,
    /// Whether the stored answers give its digest.
    pub digest_holds: Option<bool>,
    /// Its version.
    pub version: i64,
    /// The newest version known here.
    pub newest_version: Option<i64>,
    /// What it says, once its signature holds.
    pub said: Option<Said>,
}

/// The page.
#[derive(Clone, Debug)]
pub struct ReceiptsView {
    /// The key in use.
    pub key_id: String,
    /// Its public half, in hexadecimal.
    pub public_key: String,
    /// What was pasted.
    pub pasted: String,
    /// How it turned out.
    pub found: Option<Found>,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
}

/// What is said of a text that is no receipt.
#[must_use]
pub fn not_a_receipt(words: Words) -> FieldError {
    FieldError { field: "receipt".to_owned(), message: words.text("check-not-a-receipt") }
}

/// The page.
#[must_use]
pub fn receipts(shell: &Shell, view: &ReceiptsView) -> Markup {
    let words = shell.words;
    let pasted = Field::area("receipt", 8, words.text("check-receipt"))
        .hint(words.text("check-receipt-hint"))
        .max_length(65_536)
        .value(&view.pasted);
    document(
        shell,
        &Page::new(words.text("check-receipt-title")).lead(words.text("check-receipt-lead")).script("receipt.js"),
        &html! {
            @if let Some(found) = &view.found { (result(shell, found)) }
            (problem_summary(words, &view.errors))
            form.stack method="post" action=(urls::RECEIPTS) {
                (pasted.render(words, &view.errors))
                div.field #receipt-file-field hidden {
                    label for="receipt-file" { (words.text("check-file")) }
                    input #receipt-file type="file" accept="application/json,.json";
                }
                button.primary type="submit" { (words.text("check-do")) }
            }
            details.panel {
                summary { (words.text("check-by-yourself")) }
                p { (words.text("check-by-yourself-text")) }
                dl.facts {
                    div { dt { (words.text("receipt-key")) } dd { code { (view.key_id) } } }
                    div { dt { (words.text("check-public-key")) } dd { code.break { (view.public_key) } } }
                }
                p { a href=(urls::API_RECEIPT_KEYS) { (words.text("check-keys-link")) } }
            }
        },
    )
}

fn result(shell: &Shell, found: &Found) -> Markup {
    let words = shell.words;
    let (tone, sentence) = match (found.holds, found.signature_holds, found.key_known) {
        (true, ..) => (Tone::Good, "check-holds-all"),
        (false, true, _) => (Tone::Danger, "check-not-as-stored"),
        (false, false, true) => (Tone::Danger, "check-altered"),
        (false, false, false) => (Tone::Attention, "check-foreign-key"),
    };
    let older = found.newest_version.filter(|newest| found.holds && *newest > found.version);
    html! {
        (parts::callout(tone, &html! { p { strong { (words.text(sentence)) } } }))
        @if let Some(newest) = older {
            (parts::remark(Tone::Attention, &html! {
                p { (words.with("check-older", &[("version", found.version.into()), ("newest", newest.into())])) }
            }))
        }
        section.panel aria-labelledby="found" {
            h2 #found { (words.text("check-found")) }
            ul.checks.plain {
                (line(shell, Some(found.signature_holds), &words.with("check-line-signature", &[("key", found.key_id.as_str().into())])))
                (line(shell, found.on_record, &words.text("check-line-record")))
                (line(shell, found.digest_holds, &words.text("check-line-digest")))
                (line(shell, found.newest_version.map(|newest| newest == found.version), &words.text("check-line-newest")))
            }
            @if let Some(said) = &found.said { (facts(shell, found, said)) }
        }
    }
}

fn line(shell: &Shell, holds: Option<bool>, sentence: &str) -> Markup {
    let words = shell.words;
    html! {
        li {
            @match holds {
                Some(true) => (parts::badge(Tone::Good, &words.text("check-yes"))),
                Some(false) => (parts::badge(Tone::Danger, &words.text("check-no"))),
                None => (parts::badge(Tone::Neutral, &words.text("check-not-looked-at"))),
            }
            div { p { (sentence) } }
        }
    }
}

fn facts(shell: &Shell, found: &Found, said: &Said) -> Markup {
    let words = shell.words;
    let mut pairs = vec![
        (words.text("check-part"), html! { (said.part.name(words)) }),
        (words.text("receipt-answers"), html! { (said.answered) }),
        (words.text("receipt-version"), html! { (found.version) }),
        (words.text("receipt-attempt"), html! { code.break { (said.attempt) } }),
    ];
    if let Some(at) = said.closed_at {
        pairs.insert(1, (words.text("receipt-closed"), parts::instant(words, at, shell.zone)));
    }
    if said.admitted > 0 {
        pairs.push((words.text("check-admitted"), html! { (said.admitted) }));
    }
    parts::facts(&pairs)
}
