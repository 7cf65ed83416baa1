//! A reviewer's own calibration: how the sets stand, and one's own scores beside the reference of those that are judged.

use maud::{Markup, html};

use super::Verdict;
use crate::coordinator::calibration::State;
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// One criterion of a benchmark script.
#[derive(Clone, Debug)]
pub struct LessonRow {
    /// The criterion's title.
    pub title: String,
    /// One's own points.
    pub own: Option<i64>,
    /// The reference.
    pub reference: i64,
    /// The most there were.
    pub maximum: i64,
    /// Why the reference is what it is.
    pub rationale: String,
}

/// One benchmark script.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The code in one's own queue.
    pub code: String,
    /// The vignette's title.
    pub vignette: String,
    /// One's own verdict, and the reference's.
    pub verdicts: (Option<Verdict>, Verdict),
    /// Criterion by criterion.
    pub rows: Vec<LessonRow>,
}

/// A set.
#[derive(Clone, Debug)]
pub struct Set {
    /// The how-manieth.
    pub number: i64,
    /// How many scripts.
    pub scripts: i64,
    /// How many are sealed.
    pub sealed: i64,
    /// What there is to learn; nothing before it is judged.
    pub lessons: Vec<Lesson>,
}

/// How one stands in a strand.
#[derive(Clone, Debug)]
pub struct Post {
    /// The strand, as people call it.
    pub strand: String,
    /// How it stands.
    pub state: State,
    /// The sets, newest first.
    pub sets: Vec<Set>,
}

/// A reviewer's own calibration.
#[must_use]
pub fn own_calibration(shell: &Shell, posts: &[Post]) -> Markup {
    let words = shell.words;
    let body = html! {
        p.small { a href=(urls::MARKING) { (words.text("own-back")) } }
        @if posts.is_empty() {
            (parts::empty(&words.text("lesson-none-title"), &words.text("lesson-none-text"), None))
        }
        @for post in posts { (strand(words, post)) }
    };
    document(shell, &staff::staff_page(&words.text("lesson-title")).lead(words.text("lesson-lead")), &body)
}

fn strand(words: Words, post: &Post) -> Markup {
    html! {
        section {
            h2 { (post.strand) " " (post.state.badge(words)) }
            p { (words.text(match post.state {
                State::Admitted | State::NotAsked => "lesson-admitted",
                State::Scoring => "lesson-scoring",
                State::Waiting | State::Lacking => "lesson-waiting",
                State::NotAdmitted => "lesson-not-admitted",
                State::Withdrawn => "lesson-withdrawn",
            })) }
            @for set in &post.sets {
                @let sealed = [("set", set.number.into()), ("sealed", set.sealed.into()), ("scripts", set.scripts.into())];
                h3 { (words.with("calibration-set-sealed", &sealed)) }
                @for lesson in &set.lessons { (one(words, lesson)) }
            }
        }
    }
}

fn one(words: Words, lesson: &Lesson) -> Markup {
    let columns = [
        Column::text(words.text("concord-criterion")),
        Column::number(words.text("lesson-own")),
        Column::number(words.text("lesson-reference")),
        Column::text(words.text("lesson-why")),
    ];
    let rows: Vec<Row> = lesson
        .rows
        .iter()
        .map(|row| {
            let differs = row.own != Some(row.reference);
            Row::new(vec![
                html! { (row.title) },
                html! { @match row.own { Some(own) => (own), None => "–" } },
                html! {
                    @let reference = words.with("lesson-of", &[("points", row.reference.into()), ("maximum", row.maximum.into())]);
                    @if differs { strong { (reference) } } @else { (reference) }
                },
                html! { (row.rationale) },
            ])
        })
        .collect();
    let (own, reference) = lesson.verdicts;
    let caption = words.with(
        "lesson-caption",
        &[("code", lesson.code.as_str().into()), ("vignette", lesson.vignette.as_str().into())],
    );
    html! {
        div.lesson {
            (parts::table(&caption, &columns, &rows))
            p {
                (words.with("lesson-verdicts", &[("own", own.map_or_else(String::new, |v| verdict(words, v)).into()), ("reference", verdict(words, reference).into())]))
                " "
                @if own == Some(reference) { (parts::badge(Tone::Good, &words.text("lesson-same"))) }
                @else { (parts::badge(Tone::Attention, &words.text("lesson-different"))) }
            }
            p.small { a href=(urls::review(&lesson.code)) { (words.with("lesson-script", &[("code", lesson.code.as_str().into())])) } }
        }
    }
}

fn verdict(words: Words, verdict: Verdict) -> String {
    words.text(match verdict {
        Verdict::Pass => "desk-verdict-pass",
        Verdict::Fail => "desk-verdict-fail",
    })
}
