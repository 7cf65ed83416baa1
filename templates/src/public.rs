//! What anyone may see: the front page, sign-in, an invitation, and the page for when something went wrong.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::{
    form::{Field, FieldError, problem_summary},
    page::{Page, Shell, Width, document},
    parts::{self, Tone},
    urls,
    words::Words,
};

/// The front page for somebody who is not signed in.
#[must_use]
pub fn landing(shell: &Shell) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("landing-title")).lead(words.text("landing-lead"));
    document(
        shell,
        &page,
        &html! {
            p { a.button.primary.large href=(urls::SIGN_IN) { (words.text("sign-in")) } }
            p.soft { (words.text("landing-invited")) }
        },
    )
}

/// The sign-in form.
#[derive(Clone, Debug, Default)]
pub struct SignInView {
    /// The address typed so far.
    pub email: String,
    /// The account has a second factor, whose code is asked for.
    pub asks_code: bool,
    /// The path to go to afterwards.
    pub back: Option<String>,
    /// Too many attempts: seconds until the next one.
    pub wait_seconds: Option<i64>,
    /// What was wrong.
    pub errors: Vec<FieldError>,
}

/// Sign-in.
#[must_use]
pub fn sign_in(shell: &Shell, view: &SignInView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("sign-in")).width(Width::Narrow);
    let email = Field::input("email", "email", words.text("email")).value(&view.email).autocomplete("username");
    let password = Field::input("password", "password", words.text("password")).autocomplete("current-password");
    let code = Field::input("code", "text", words.text("second-factor-code"))
        .hint(words.text("second-factor-hint"))
        .autocomplete("one-time-code")
        .inputmode("numeric");
    document(
        shell,
        &page,
        &html! {
            @if let Some(seconds) = view.wait_seconds {
                (parts::callout(Tone::Attention, &html! {
                    p { (words.with("sign-in-wait", &[("time", parts::duration(words, seconds).into())])) }
                }))
            }
            (problem_summary(words, &view.errors))
            form.stack method="post" action=(urls::SIGN_IN) {
                (email.render(words, &view.errors))
                (password.render(words, &view.errors))
                @if view.asks_code { (code.render(words, &view.errors)) }
                @if let Some(back) = &view.back { input type="hidden" name="back" value=(back); }
                button.primary.large type="submit" { (words.text("sign-in")) }
            }
            p.soft { (words.text("sign-in-help")) }
        },
    )
}

/// What is said when address and password do not fit, whatever the cause.
#[must_use]
pub fn sign_in_failed(words: Words) -> FieldError {
    FieldError { field: "email".to_owned(), message: words.text("sign-in-failed") }
}

/// What is wrong with a password that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// It has fewer characters than this.
    Short {
        /// The fewest characters.
        minimum: i64,
    },
    /// It is longer than any is taken.
    Long,
    /// It was typed twice, and not alike.
    Differs,
}

impl PasswordProblem {
    /// As the problem of its field.
    #[must_use]
    pub fn error(self, words: Words) -> FieldError {
        let (field, message) = match self {
            Self::Short { minimum } => ("password", words.with("password-short", &[("n", minimum.into())])),
            Self::Long => ("password", words.text("password-long")),
            Self::Differs => ("password_again", words.text("password-differs")),
        };
        FieldError { field: field.to_owned(), message }
    }
}

/// An invitation that can still be taken up.
#[derive(Clone, Debug)]
pub struct InvitationView {
    /// The token of the address.
    pub token: String,
    /// Whom it is for.
    pub name: String,
    /// The address that signs in.
    pub email: String,
    /// Who invites.
    pub association: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// The shortest password.
    pub minimum_length: i64,
    /// What was wrong.
    pub errors: Vec<FieldError>,
}

/// Invitation: choose a password.
#[must_use]
pub fn invitation(shell: &Shell, view: &InvitationView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.with("invitation-title", &[("name", view.name.as_str().into())]))
        .width(Width::Narrow)
        .lead(words.with("invitation-lead", &[("association", view.association.as_str().into())]));
    let password = Field::input("password", "password", words.text("password-new"))
        .hint(words.with("password-hint", &[("n", view.minimum_length.into())]))
        .autocomplete("new-password");
    let again = Field::input("password_again", "password", words.text("password-again")).autocomplete("new-password");
    let email = Field::input("email", "email", words.text("email")).value(&view.email).autocomplete("username");
    document(
        shell,
        &page,
        &html! {
            (problem_summary(words, &view.errors))
            form.stack method="post" action=(urls::invitation(&view.token)) {
                (email.fixed().render(words, &[]))
                (password.render(words, &view.errors))
                (again.render(words, &view.errors))
                button.primary.large type="submit" { (words.text("invitation-accept")) }
            }
            p.soft {
                (words.text("invitation-until")) " " (parts::instant(words, view.expires_at, shell.zone)) "."
            }
        },
    )
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing here for this person.
    NotFound,
    /// This person's roles do not allow it.
    NotAllowed,
    /// Nobody is signed in.
    SignedOut,
    /// The invitation was used or has expired.
    InvitationGone,
    /// The request could not be read.
    BadRequest,
    /// The request came from another site.
    ForeignOrigin,
    /// Starting needs the agreement.
    AgreementRequired,
    /// The part cannot be started yet.
    PartNotReady,
    /// The part is closed for good.
    PartClosed,
    /// The limit for late arrival is past.
    TooLate,
    /// The sitting has not opened, or is over.
    SittingNotOpen,
    /// The proctor has not confirmed the identity.
    NotAdmitted,
    /// Too many attempts, or the server is busy: again after so many seconds.
    Busy {
        /// How long to wait.
        seconds: i64,
    },
    /// Something broke on the server.
    Fault,
    /// A lawful no that has its own words.
    Stated {
        /// What happened, in one sentence.
        detail: String,
    },
}

/// The page for when something went wrong.
#[derive(Clone, Debug)]
pub struct ProblemView {
    /// What it was.
    pub problem: Problem,
    /// The id under which the fault was logged.
    pub fault_id: Option<String>,
    /// Whom to call or write to.
    pub contact: Option<String>,
    /// The way on: label and address. Without one, the front page.
    pub next: Option<(String, String)>,
}

/// What happened, what is safe, what to do now.
#[must_use]
pub fn problem(shell: &Shell, view: &ProblemView) -> Markup {
    let words = shell.words;
    let [title, what, safe, todo] = message_ids(&view.problem);
    let (label, href) = view.next.clone().unwrap_or_else(|| next_step(shell, &view.problem));
    let happened = match &view.problem {
        Problem::Stated { detail } => detail.clone(),
        Problem::Busy { seconds } => words.with(what, &[("time", parts::duration(words, *seconds).into())]),
        _ => words.text(what),
    };
    document(
        shell,
        &Page::new(words.text(title)).lead(happened),
        &html! {
            dl.facts.panel {
                div { dt { (words.text("problem-safe")) } dd { (words.text(safe)) } }
                div {
                    dt { (words.text("problem-now")) }
                    dd {
                        (words.text(todo))
                        @if let Some(contact) = &view.contact { " " (words.text("problem-contact")) " " strong { (contact) } "." }
                    }
                }
                @if let Some(id) = &view.fault_id {
                    div { dt { (words.text("problem-id")) } dd { code { (id) } } }
                }
            }
            p { a.button.primary href=(href) { (label) } }
        },
    )
}

fn next_step(shell: &Shell, problem: &Problem) -> (String, String) {
    let words = shell.words;
    match problem {
        Problem::SignedOut | Problem::InvitationGone => (words.text("sign-in"), urls::sign_in()),
        Problem::Busy { .. } | Problem::Fault => (words.text("problem-again"), shell.path.clone()),
        _ => (words.text("problem-home"), urls::home()),
    }
}

/// Title, what happened, what is safe, what to do.
fn message_ids(problem: &Problem) -> [&'static str; 4] {
    let (nothing, saved) = ("problem-nothing-changed", "problem-saved-is-safe");
    let (go_on, ask) = ("problem-go-on", "problem-ask");
    match problem {
        Problem::NotFound => ["not-found-title", "not-found-what", nothing, "not-found-do"],
        Problem::NotAllowed => ["not-allowed-title", "not-allowed-what", nothing, ask],
        Problem::SignedOut => ["signed-out-title", "signed-out-what", saved, "signed-out-do"],
        Problem::InvitationGone => ["invitation-gone-title", "invitation-gone-what", nothing, "invitation-gone-do"],
        Problem::BadRequest => ["bad-request-title", "bad-request-what", nothing, go_on],
        Problem::ForeignOrigin => ["foreign-origin-title", "foreign-origin-what", nothing, go_on],
        Problem::AgreementRequired => {
            ["agreement-required-title", "agreement-required-what", nothing, "agreement-required-do"]
        }
        Problem::PartNotReady => ["part-not-ready-title", "part-not-ready-what", saved, go_on],
        Problem::PartClosed => ["part-closed-title", "part-closed-what", saved, go_on],
        Problem::TooLate => ["too-late-title", "too-late-what", nothing, ask],
        Problem::SittingNotOpen => ["sitting-not-open-title", "sitting-not-open-what", nothing, go_on],
        Problem::NotAdmitted => ["not-admitted-title", "not-admitted-what", nothing, "not-admitted-do"],
        Problem::Busy { .. } => ["busy-title", "busy-what", saved, "busy-do"],
        Problem::Fault => ["fault-title", "fault-what", saved, "fault-do"],
        Problem::Stated { .. } => ["stated-title", "stated-title", nothing, ask],
    }
}
