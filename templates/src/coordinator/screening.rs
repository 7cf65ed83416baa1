//! Screening: passages that would tell who wrote a script, each in its sentence with the choice to mask it; and a script's
//! whole text, for what the screen missed.
//!
//! Invariant: the writer may be named here; no reviewer and no mark is.

use maud::{Markup, html};

use super::{SittingHead, SittingTab, sitting_head};
use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Tone};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// What became of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It waits.
    Open,
    /// Reviewers see a mask.
    Masked,
    /// Reviewers see it.
    Dismissed,
}

/// A passage in its sentence.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its identifier.
    pub id: String,
    /// Why it was marked, as a sentence.
    pub why: String,
    /// The text before the passage.
    pub before: String,
    /// The passage.
    pub passage: String,
    /// The text after the passage.
    pub after: String,
    /// Whether hardly anything else can be meant.
    pub confident: bool,
    /// What reviewers see in its place, or would.
    pub mask: String,
    /// What became of it.
    pub decided: Decided,
}

/// A script with what was found in it.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its identifier.
    pub id: String,
    /// The script, as coordinators call it.
    pub label: String,
    /// The vignette's title.
    pub vignette: String,
    /// Who wrote it.
    pub writer: String,
    /// Whether somebody was given it to read.
    pub given_out: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// The screening of a sitting.
#[derive(Clone, Debug)]
pub struct Screening {
    /// The head.
    pub head: SittingHead,
    /// The scripts in which something was found, those that wait first.
    pub scripts: Vec<Script>,
    /// The scripts in which nothing was found.
    pub clean: Vec<Script>,
}

/// A piece of a script's text.
#[derive(Clone, Debug)]
pub enum Passage {
    /// Nothing was found in it.
    Plain(String),
    /// It was found.
    Marked {
        /// The text.
        text: String,
        /// What reviewers see in its place, or would.
        mask: String,
        /// What became of it.
        decided: Decided,
    },
}

/// One script's page.
#[derive(Clone, Debug)]
pub struct ScriptPage {
    /// The sitting's identifier.
    pub sitting: String,
    /// The script with its findings.
    pub script: Script,
    /// The text, piece by piece.
    pub passages: Vec<Passage>,
    /// The kinds of things that can be marked by hand, by their codes.
    pub kinds: Vec<&'static str>,
    /// What was typed.
    pub typed: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The screening of a sitting.
#[must_use]
pub fn screening(shell: &Shell, view: &Screening) -> Markup {
    let words = shell.words;
    let open = view.scripts.iter().flat_map(|s| &s.findings).filter(|f| f.decided == Decided::Open).count();
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Marking, false))
        h2 { (words.with("screening-title", &[("n", open.into())])) }
        p.hint { (words.text("screening-text")) }
        @if view.scripts.is_empty() {
            (parts::empty(&words.text("screening-empty-title"), &words.text("screening-empty-text"), None))
        }
        @for script in &view.scripts { (script_section(shell, script)) }
        @if !view.clean.is_empty() {
            section aria-labelledby="clean" {
                h3 #clean { (words.text("screening-clean")) }
                ul.inline.plain {
                    @for script in &view.clean { li { a href=(urls::script_screening(&script.id)) { span.code { (script.label) } } " " (script.vignette) } }
                }
            }
        }
        p { a href=(urls::sitting_marking(&view.head.id)) { (words.text("screening-to-marking")) } }
    };
    let title = words.with("screening-page-title", &[("sitting", view.head.title.as_str().into())]);
    document(shell, &staff::staff_page(&title).without_heading(), &body)
}

fn script_section(shell: &Shell, script: &Script) -> Markup {
    let words = shell.words;
    let id = format!("s-{}", script.label);
    let open = script.findings.iter().filter(|f| f.decided == Decided::Open).count();
    html! {
        section.panel aria-labelledby=(id) {
            h3 id=(id) { span.code { (script.label) } " · " (script.vignette) }
            p.soft {
                (words.with("screening-writer", &[("name", script.writer.as_str().into())])) " · "
                a href=(urls::script_screening(&script.id)) { (words.text("screening-read")) }
                @if script.given_out { " · " (words.text("screening-given-out")) }
            }
            ul.findings.plain { @for finding in &script.findings { (finding_line(words, finding, script.given_out, "sitting")) } }
            @if open > 1 && !script.given_out {
                form.buttons method="post" action=(urls::script_screening(&script.id)) {
                    button type="submit" name="all" value="mask" { (words.with("screening-mask-all", &[("n", open.into())])) }
                }
            }
        }
    }
}

fn finding_line(words: Words, finding: &Finding, given_out: bool, back: &str) -> Markup {
    html! {
        li.finding {
            blockquote.prose { (finding.before) mark { (finding.passage) } (finding.after) }
            p.soft {
                (finding.why)
                @if !finding.confident && finding.decided == Decided::Open { " " (words.text("screening-unsure")) }
            }
            @match finding.decided {
                Decided::Open => {},
                Decided::Masked => p { (parts::badge(Tone::Good, &words.text("screening-masked"))) " " span.code { (finding.mask) } },
                Decided::Dismissed => p { (parts::badge(Tone::Neutral, &words.text("screening-dismissed"))) },
            }
            @if !given_out {
                form.buttons method="post" action=(urls::screening(&finding.id)) {
                    input type="hidden" name="back" value=(back);
                    @if finding.decided == Decided::Open {
                        button type="submit" name="decision" value="mask" { (words.text("screening-mask")) }
                        button type="submit" name="decision" value="dismiss" { (words.text("screening-dismiss")) }
                    } @else {
                        button.quiet type="submit" name="decision" value="undo" aria-label=(words.with("screening-undo-of", &[("passage", finding.passage.as_str().into())])) { (words.text("screening-undo")) }
                    }
                }
            }
        }
    }
}

/// One script with its whole text.
#[must_use]
pub fn script_page(shell: &Shell, view: &ScriptPage) -> Markup {
    let words = shell.words;
    let script = &view.script;
    let body = html! {
        p.soft { (script.vignette) " · " (words.with("screening-writer", &[("name", script.writer.as_str().into())])) }
        @if script.given_out { (parts::remark(Tone::Attention, &html! { p { (words.text("screening-given-out-text")) } })) }
        section aria-labelledby="script-text" {
            h2 #script-text { (words.text("screening-script-text")) }
            p.hint { (words.text("screening-script-hint")) }
            (text(&view.passages))
        }
        @if !script.findings.is_empty() {
            section aria-labelledby="script-findings" {
                h2 #script-findings { (words.text("screening-passages")) }
                ul.findings.plain { @for finding in &script.findings { (finding_line(words, finding, script.given_out, "script")) } }
            }
        }
        @if !script.given_out { (mark_form(words, view)) }
    };
    let title = words.with("screening-script-title", &[("script", script.label.as_str().into())]);
    let up = urls::sitting_screening(&view.sitting);
    document(shell, &staff::staff_page(&title).up(words.text("screening-up"), &up), &body)
}

/// The text with its marks. What is masked shows its mask behind it, so that one sees both.
fn text(passages: &[Passage]) -> Markup {
    html! {
        div.prose.script-text {
            @for passage in passages {
                @match passage {
                    Passage::Plain(text) => (text),
                    Passage::Marked { text, mask, decided } => {
                        @match decided {
                            Decided::Open => mark { (text) },
                            Decided::Masked => { del { (text) } " " ins.code { (mask) } },
                            Decided::Dismissed => (text),
                        }
                    },
                }
            }
        }
    }
}

fn mark_form(words: Words, view: &ScriptPage) -> Markup {
    let kinds = view.kinds.iter().map(|code| ((*code).to_owned(), kind_name(words, code))).collect();
    html! {
        section.panel aria-labelledby="mark-passage" {
            h2 #mark-passage { (words.text("screening-mark-title")) }
            p.hint { (words.text("screening-mark-text")) }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::script_screening(&view.script.id)) {
                (Field::input("passage", "text", words.text("screening-passage")).value(&view.typed).max_length(500).autocomplete("off").render(words, &view.problems))
                (Field::select("kind", words.text("screening-kind"), kinds).render(words, &view.problems))
                div.buttons { button.primary type="submit" { (words.text("screening-mark-do")) } }
            }
        }
    }
}

/// A kind of thing that tells who wrote, by its code in the HTTP interface.
fn kind_name(words: Words, code: &str) -> String {
    match code {
        "own_name" => words.text("screening-kind-own-name"),
        "person" => words.text("screening-kind-person"),
        "employer" => words.text("screening-kind-employer"),
        "place" => words.text("screening-kind-place"),
        "email" => words.text("screening-kind-email"),
        "web" => words.text("screening-kind-web"),
        "phone" => words.text("screening-kind-phone"),
        "handle" => words.text("screening-kind-handle"),
        "license" => words.text("screening-kind-license"),
        _ => words.text("screening-kind-other"),
    }
}
