//! Safe Exam Browser on an examinee's pages: whether this page is shown in it, and where it is not, what to do.

use maud::{Markup, html};

use crate::{
    page::{Page, Shell, document},
    parts::{self, Tone},
    urls,
    words::Words,
};

/// How this page stands with regard to Safe Exam Browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SafeState {
    /// It is shown there.
    Proved,
    /// It need not be.
    Exempt,
    /// Nothing proves it.
    Missing,
}

impl SafeState {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Exempt => "exempt",
            Self::Missing => "missing",
        }
    }
}

/// An exam that is sat in Safe Exam Browser.
#[derive(Clone, Debug)]
pub struct SafeView {
    /// The sitting.
    pub sitting: String,
    /// The registration.
    pub registration: String,
    /// How this page stands.
    pub state: SafeState,
}

/// Where Safe Exam Browser can be had. It is told, not linked: pages lead nowhere else.
const WHERE: &str = "https://safeexambrowser.org/download_en.html";

/// Where the page tells its script what to prove; it shows nothing.
pub(crate) fn beacon(view: &SafeView) -> Markup {
    html! {
        @if view.state != SafeState::Exempt {
            div hidden data-safe-browser=(urls::api_safe_browser(&view.registration)) data-safe-state=(view.state.code()) {}
        }
    }
}

/// One line, where there is nothing to do yet.
pub(crate) fn line(words: Words, view: &SafeView) -> Markup {
    match view.state {
        SafeState::Proved => parts::remark(Tone::Good, &html! { p { (words.text("safe-proved")) } }),
        SafeState::Exempt => parts::remark(Tone::Accent, &html! { p { (words.text("safe-exempt")) } }),
        SafeState::Missing => parts::remark(
            Tone::Attention,
            &html! {
                p { (words.text("safe-ahead")) " " a href=(urls::api_safe_browser_file(&view.sitting)) download { (words.text("safe-file")) } }
            },
        ),
    }
}

/// What happened, what is safe, and what to do now.
pub(crate) fn what_to_do(words: Words, view: &SafeView, id: &str) -> Markup {
    html! {
        div data-safe-browser=(urls::api_safe_browser(&view.registration)) data-safe-state=(view.state.code()) {
            h2 id=(id) { (words.text("safe-title")) }
            p data-safe-asking { strong { (words.text("safe-asking")) } }
            p { (words.text("safe-what")) }
            p { (words.text("safe-kept")) }
            ol {
                li { (words.text("safe-do-install")) " " code { (WHERE) } }
                li { (words.text("safe-do-open")) }
                li { (words.text("safe-do-sign-in")) }
            }
            p { a.button.primary href=(urls::api_safe_browser_file(&view.sitting)) download { (words.text("safe-open")) } }
            p { (words.text("safe-call")) }
        }
    }
}

/// The page in the exam room's place.
#[must_use]
pub fn required(shell: &Shell, title: &str, view: &SafeView) -> Markup {
    let words = shell.words;
    let page =
        Page::new(title.to_owned()).up(words.text("safe-back"), urls::exam(&view.registration)).script("safe.js");
    document(
        shell,
        &page,
        &html! { section.now aria-labelledby="now-title" { (what_to_do(words, view, "now-title")) } },
    )
}
