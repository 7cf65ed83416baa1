//! The document shell around every page: language, skip link, header, navigation by role, notice, heading, footer.
//!
//! It holds no inline script and no inline style, so that a strict Content-Security-Policy holds on every page.

use chrono_tz::Tz;
use maud::{DOCTYPE, Markup, html};

use crate::{
    assets,
    parts::{self, Tone},
    urls,
    words::{Locale, Words},
};

/// What every page needs to know about the person and the request.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The language.
    pub words: Words,
    /// The person's time zone; instants without a zone of their own are told in it.
    pub zone: Tz,
    /// Who is signed in.
    pub person: Option<PersonView>,
    /// The navigation of this person's roles.
    pub navigation: Vec<NavItem>,
    /// The path of this page: marks the current section, and is where a choice of language returns to.
    pub path: String,
    /// What the last act did.
    pub notice: Option<Notice>,
}

impl Shell {
    /// The shell of somebody who is not signed in.
    #[must_use]
    pub fn anonymous(locale: Locale, path: &str) -> Self {
        Self {
            words: locale.words(),
            zone: Tz::UTC,
            person: None,
            navigation: Vec::new(),
            path: path.to_owned(),
            notice: None,
        }
    }
}

/// The person who is signed in.
#[derive(Clone, Debug)]
pub struct PersonView {
    /// Their name; empty where none is shown.
    pub name: String,
    /// The association for which they act, if there is only one.
    pub association: Option<String>,
}

/// A section of the site in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The examinee's exams.
    Exams,
    /// The examinee's results.
    Results,
    /// The inbox.
    Inbox,
    /// The reviewer's queue.
    Marking,
    /// The coordinator's desk.
    Desk,
    /// Sittings.
    Sittings,
    /// People.
    People,
    /// Import of authorisations.
    Import,
    /// The rules of associations.
    Rules,
    /// The audit log.
    Audit,
}

impl Section {
    /// The section's first page.
    #[must_use]
    pub fn href(self) -> &'static str {
        match self {
            Self::Exams => urls::EXAMS,
            Self::Results => urls::RESULTS,
            Self::Inbox => urls::INBOX,
            Self::Marking => urls::MARKING,
            Self::Desk => urls::DESK,
            Self::Sittings => urls::SITTINGS,
            Self::People => urls::PEOPLE,
            Self::Import => urls::AUTHORISATIONS_IMPORT,
            Self::Rules => urls::ASSOCIATIONS,
            Self::Audit => urls::AUDIT,
        }
    }

    fn label(self, words: Words) -> String {
        words.text(match self {
            Self::Exams => "nav-exams",
            Self::Results => "nav-results",
            Self::Inbox => "nav-inbox",
            Self::Marking => "nav-marking",
            Self::Desk => "nav-desk",
            Self::Sittings => "nav-sittings",
            Self::People => "nav-people",
            Self::Import => "nav-import",
            Self::Rules => "nav-rules",
            Self::Audit => "nav-audit",
        })
    }
}

/// One entry of the navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// Where it leads.
    pub section: Section,
    /// How many things wait there, if it is worth saying.
    pub count: Option<i64>,
}

impl From<Section> for NavItem {
    fn from(section: Section) -> Self {
        Self { section, count: None }
    }
}

/// One sentence about what the last act did, shown once at the top.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its meaning.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// How wide the main column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A form or a short notice.
    Narrow,
    /// Prose of about 66 characters a line.
    Reading,
    /// Tables.
    Wide,
    /// The whole window, with a header of its own instead of the site's.
    Room,
}

/// What the shell needs to know about one page.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    lead: Option<Markup>,
    up: Option<(String, String)>,
    actions: Option<Markup>,
    width: Width,
    heading: bool,
    styles: Vec<&'static str>,
    scripts: Vec<&'static str>,
}

impl Page {
    /// A page of reading width under that heading.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            lead: None,
            up: None,
            actions: None,
            width: Width::Reading,
            heading: true,
            styles: Vec::new(),
            scripts: Vec::new(),
        }
    }

    /// One sentence or line under the heading.
    #[must_use]
    pub fn lead(self, lead: impl maud::Render) -> Self {
        Self { lead: Some(html! { (lead) }), ..self }
    }

    /// The page above this one.
    #[must_use]
    pub fn up(self, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { up: Some((label.into(), href.into())), ..self }
    }

    /// Links or buttons beside the heading.
    #[must_use]
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }

    /// Another width.
    #[must_use]
    pub fn width(self, width: Width) -> Self {
        Self { width, ..self }
    }

    /// The body brings its own level-one heading.
    #[must_use]
    pub fn without_heading(self) -> Self {
        Self { heading: false, ..self }
    }

    /// One more style sheet, by asset name.
    #[must_use]
    pub fn style(mut self, name: &'static str) -> Self {
        self.styles.push(name);
        self
    }

    /// One more ES module, by asset name.
    #[must_use]
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }
}

/// The whole document.
#[must_use]
pub fn document(shell: &Shell, page: &Page, body: &Markup) -> Markup {
    let words = shell.words;
    html! {
        (DOCTYPE)
        html lang=(words.locale.tag()) {
            (head(words, page))
            body class=(width_class(page.width)) data-time=(urls::API_TIME) {
                a.skip href="#main" { (words.text("skip-to-content")) }
                @if page.width != Width::Room { (header(shell)) }
                main #main tabindex="-1" {
                    @if let Some(notice) = &shell.notice { (parts::callout(notice.tone, &html! { p { (notice.text) } })) }
                    @if page.heading { (heading(page)) }
                    (body)
                }
                @if page.width != Width::Room { (footer(shell)) }
            }
        }
    }
}

fn width_class(width: Width) -> &'static str {
    match width {
        Width::Narrow => "narrow",
        Width::Reading => "reading",
        Width::Wide => "wide",
        Width::Room => "room",
    }
}

fn head(words: Words, page: &Page) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex, nofollow";
            title { (page.title) " · " (words.text("product")) }
            link rel="icon" type="image/svg+xml" href=(assets::href("favicon.svg"));
            @for name in std::iter::once(&"style.css").chain(&page.styles) {
                link rel="stylesheet" href=(assets::href(name));
            }
            @for name in std::iter::once(&"page.js").chain(&page.scripts) {
                script type="module" src=(assets::href(name)) {}
            }
        }
    }
}

fn header(shell: &Shell) -> Markup {
    let words = shell.words;
    html! {
        header.site {
            div.bar {
                a.brand href=(urls::HOME) { (brand(words)) }
                @if !shell.navigation.is_empty() {
                    nav aria-label=(words.text("nav-label")) {
                        ul { @for item in &shell.navigation { li { (nav_link(shell, *item)) } } }
                    }
                }
                div.who {
                    @if let Some(person) = &shell.person {
                        // Reviewers are shown no name, not even their own.
                        @if !person.name.is_empty() {
                            p {
                                span.name { (person.name) }
                                @if let Some(association) = &person.association { span.association { (association) } }
                            }
                        }
                        form method="post" action=(urls::SIGN_OUT) {
                            button.quiet type="submit" { (words.text("sign-out")) }
                        }
                    }
                }
            }
        }
    }
}

/// The product's mark and name.
#[must_use]
pub fn brand(words: Words) -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false" {
            rect width="32" height="32" rx="7" {}
            path d="M8 12h16M8 20h16" {}
        }
        span { (words.text("product")) }
    }
}

fn nav_link(shell: &Shell, item: NavItem) -> Markup {
    let href = item.section.href();
    let here = shell.path == href;
    let inside = shell.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let current = if here { Some("page") } else { inside.then_some("true") };
    html! {
        a href=(href) aria-current=[current] {
            (item.section.label(shell.words))
            @if let Some(count) = item.count.filter(|count| *count > 0) { " " span.count { (count) } }
        }
    }
}

fn footer(shell: &Shell) -> Markup {
    let words = shell.words;
    html! {
        footer.site {
            div.bar {
                p { (words.text("footer-line")) }
                form method="post" action=(urls::LANGUAGE) aria-label=(words.text("language-label")) {
                    input type="hidden" name="back" value=(shell.path);
                    @for locale in Locale::ALL {
                        button.quiet type="submit" name="to" value=(locale.tag()) lang=(locale.tag())
                            aria-pressed=(if locale == words.locale { "true" } else { "false" }) { (locale.name()) }
                    }
                }
            }
        }
    }
}

fn heading(page: &Page) -> Markup {
    html! {
        div.heading {
            @if let Some((label, href)) = &page.up {
                p.up { a href=(href) { span aria-hidden="true" { "← " } (label) } }
            }
            div.line {
                h1 { (page.title) }
                @if let Some(actions) = &page.actions { div.actions { (actions) } }
            }
            @if let Some(lead) = &page.lead { p.lead { (lead) } }
        }
    }
}
