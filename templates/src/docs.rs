//! The readable page of the HTTP interface, from a list of operations.

use maud::{Markup, html};

use crate::{
    markdown,
    page::{Page, Shell, Width, document},
    urls,
};

/// The whole interface.
#[derive(Clone, Debug)]
pub struct DocsView {
    /// Its version.
    pub version: String,
    /// What holds for every call, in CommonMark.
    pub introduction: String,
    /// The groups, in order.
    pub groups: Vec<Group>,
    /// Every kind of problem, in order.
    pub problems: Vec<ProblemKind>,
}

/// A kind of problem that a call can answer. Problem documents link to it by `#problem-CODE`.
#[derive(Clone, Debug)]
pub struct ProblemKind {
    /// The stable code.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// What it says.
    pub sentence: String,
}

/// Calls that belong together.
#[derive(Clone, Debug)]
pub struct Group {
    /// A heading.
    pub title: String,
    /// The calls.
    pub operations: Vec<Operation>,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `GET`, `PUT` and so on.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// One line.
    pub summary: String,
    /// More, in CommonMark; may be empty.
    pub description: String,
    /// Who may call it.
    pub authority: String,
    /// The fields of the body or the query.
    pub fields: Vec<Named>,
    /// An example of the body, as JSON.
    pub example: Option<String>,
    /// The answers: status or status and code, and what it means.
    pub answers: Vec<Named>,
}

/// A name and what it means.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// What it means, in CommonMark within a line.
    pub meaning: String,
}

/// The page.
#[must_use]
pub fn page(shell: &Shell, view: &DocsView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("docs-title"))
        .width(Width::Wide)
        .lead(words.with("docs-lead", &[("version", view.version.as_str().into())]))
        .actions(html! { a.button href=(urls::OPENAPI) { (words.text("docs-openapi")) } });
    document(
        shell,
        &page,
        &html! {
            div.docs {
                nav aria-label=(words.text("docs-contents")) {
                    ul.plain {
                        @for (index, group) in view.groups.iter().enumerate() { li { a href={ "#group-" (index) } { (group.title) } } }
                        li { a href="#problems" { (words.text("docs-problems")) } }
                    }
                }
                div.stack {
                    div.prose { (markdown::render(&view.introduction)) }
                    @for (index, group) in view.groups.iter().enumerate() {
                        section.stack id={ "group-" (index) } {
                            h2 { (group.title) }
                            @for operation in &group.operations { (operation_card(shell, operation)) }
                        }
                    }
                    section.stack id="problems" {
                        h2 { (words.text("docs-problems")) }
                        p { (words.text("docs-problems-lead")) }
                        (problem_kinds(&view.problems))
                    }
                }
            }
        },
    )
}

fn operation_card(shell: &Shell, operation: &Operation) -> Markup {
    let words = shell.words;
    html! {
        article.panel.operation {
            h3 { code.method { (operation.method) } " " code { (operation.path) } }
            p { (operation.summary) span.soft { " · " (operation.authority) } }
            @if !operation.description.is_empty() { div { (markdown::render(&operation.description)) } }
            (named(&words.text("docs-fields"), &operation.fields))
            @if let Some(example) = &operation.example { pre tabindex="0" { code { (example) } } }
            (named(&words.text("docs-answers"), &operation.answers))
        }
    }
}

fn problem_kinds(kinds: &[ProblemKind]) -> Markup {
    html! {
        dl.facts {
            @for kind in kinds {
                div id={ "problem-" (kind.code) } {
                    dt { code { (kind.code) } " " span.soft { (kind.status) } }
                    dd { (kind.sentence) }
                }
            }
        }
    }
}

fn named(title: &str, list: &[Named]) -> Markup {
    html! {
        @if !list.is_empty() {
            h4 { (title) }
            dl.facts { @for one in list { div { dt { code { (one.name) } } dd { (markdown::render_inline(&one.meaning)) } } } }
        }
    }
}
