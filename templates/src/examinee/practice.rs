//! Before the day: the panel on the page of one's exams that leads to practice and to the system check, and what a
//! practised part came to.

use maud::{Markup, html};

use super::checkup::CheckView;
use crate::{
    markdown,
    page::Shell,
    parts::{self, Tone, badge},
    urls,
    words::Words,
};

/// What a practice exam is called.
#[must_use]
pub fn title(words: Words) -> String {
    words.text("practice-title")
}

/// What there is to do before the day.
#[derive(Clone, Debug)]
pub struct BeforeView {
    /// A practice exam that can be gone on with.
    pub unfinished: bool,
    /// The last system check that came to its end.
    pub check: Option<CheckView>,
}

/// The panel.
pub(crate) fn before(shell: &Shell, view: &BeforeView) -> Markup {
    let words = shell.words;
    parts::panel(
        &words.text("before-title"),
        &html! {
            p { (words.text("before-practice")) }
            p { (words.text("before-check")) }
            @if let Some(check) = &view.check {
                p { (check.badge(words)) " " span.soft { (parts::instant(words, check.done_at, shell.zone)) } }
            }
            div.buttons {
                form method="post" action=(urls::PRACTICE) {
                    button type="submit" { (words.text(if view.unfinished { "practice-continue" } else { "practice-begin" })) }
                }
                a.button href=(urls::SYSTEM_CHECK) { (words.text("check-title")) }
            }
        },
    )
}

/// How a practised Part One went.
#[derive(Clone, Debug)]
pub struct SolutionView {
    /// Questions answered rightly.
    pub correct: i64,
    /// Questions in all.
    pub total: i64,
    /// Each of them.
    pub questions: Vec<SolvedView>,
}

/// A question with its answer, in CommonMark.
#[derive(Clone, Debug)]
pub struct SolvedView {
    /// From 1.
    pub position: i64,
    /// What was asked.
    pub stem: String,
    /// What was chosen: the letter and its text.
    pub chosen: Option<(String, String)>,
    /// What is right, likewise.
    pub right: (String, String),
    /// Why.
    pub rationale: String,
}

/// What a receipt says of practice: that it was, and how Part One went.
pub(crate) fn practised(shell: &Shell, solution: Option<&SolutionView>) -> Markup {
    let words = shell.words;
    html! {
        (parts::remark(Tone::Accent, &html! { p { (words.text("practice-was")) } }))
        @if let Some(solution) = solution {
            section.panel {
                h2 { (words.with("practice-score", &[("n", solution.correct.into()), ("total", solution.total.into())])) }
                p.soft { (words.text("practice-score-note")) }
                ol.plain.solutions { @for question in &solution.questions { li { (solved(shell, question)) } } }
            }
        }
    }
}

fn solved(shell: &Shell, question: &SolvedView) -> Markup {
    let words = shell.words;
    let right = question.chosen.as_ref().is_some_and(|(letter, _)| *letter == question.right.0);
    let (tone, verdict) = match (&question.chosen, right) {
        (_, true) => (Tone::Good, "practice-right"),
        (Some(_), false) => (Tone::Attention, "practice-wrong"),
        (None, false) => (Tone::Neutral, "practice-blank"),
    };
    let answer = |(letter, text): &(String, String)| html! { strong { (letter.to_uppercase()) } " " (markdown::render_inline(text)) };
    html! {
        details open[!right] {
            summary { (words.with("room-question", &[("n", question.position.into())])) " " (badge(tone, &words.text(verdict))) }
            div.prose { (markdown::render(&question.stem)) }
            dl.facts {
                @if let Some(chosen) = question.chosen.as_ref().filter(|_| !right) {
                    div { dt { (words.text("practice-yours")) } dd { (answer(chosen)) } }
                }
                div { dt { (words.text("practice-correct")) } dd { (answer(&question.right)) } }
                div { dt { (words.text("practice-why")) } dd { (markdown::render(&question.rationale)) } }
            }
        }
    }
}
