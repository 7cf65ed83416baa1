//! Accommodations: the fields that describe one, the examinee's own page with the request, and the coordinator's page of
//! one request.
//!
//! What a person writes in a request is shown to that person and to their coordinators, on these two pages alone.

use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};

use crate::{
    exam::Accommodation,
    form::{self, Field, FieldError},
    page::{Page, Shell, document},
    parts::{self, Tone, badge},
    staff::{self, Choice},
    urls,
    words::Words,
};

/// What can be arranged, as it stands in a form: confirmed, asked for, or typed.
#[derive(Clone, Debug, Default)]
pub struct ArrangementFields {
    /// The time multiplier in per cent: 100, 125, 150, 200.
    pub time_multiplier_percent: String,
    /// Added minutes in Part One.
    pub extra_minutes_one: String,
    /// Added minutes in Part Two.
    pub extra_minutes_two: String,
    /// Whether breaks stop the clock.
    pub stop_clock_breaks: bool,
    /// Whether the room opens with larger type.
    pub larger_type: bool,
    /// Whether the room is laid out for reading aloud.
    pub reader_layout: bool,
    /// Whether spell-check works in prose.
    pub spell_check: bool,
}

/// A confirmed multiplier that is none of the usual ones stays what it is.
fn other_multiplier(words: Words, percent: &str) -> Option<Choice> {
    let known = ["", "100", "125", "150", "200"].contains(&percent);
    let label = || words.with("arrangement-other", &[("percent", percent.into())]);
    (!known).then(|| Choice::new(percent, label()).chosen(true))
}

/// The fields of an arrangement, the same in every form.
#[must_use]
pub fn fields(words: Words, view: &ArrangementFields, problems: &[FieldError]) -> Markup {
    let multipliers: Vec<Choice> = [
        ("100", "arrangement-x100"),
        ("125", "arrangement-x125"),
        ("150", "arrangement-x150"),
        ("200", "arrangement-x200"),
    ]
    .into_iter()
    .map(|(value, id)| Choice::new(value, words.text(id)).chosen(value == view.time_multiplier_percent))
    .chain(other_multiplier(words, &view.time_multiplier_percent))
    .collect();
    let minutes = |name: &str, label: &str, value: &str| {
        Field::input(name, "number", words.text(label)).value(value).range(0, 240).optional().render(words, problems)
    };
    let tick = |name: &str, label: &str, hint: &str, on: bool| {
        Field::checkbox(name, words.text(label)).hint(words.text(hint)).value(on).render(words, problems)
    };
    html! {
        (staff::select("time_multiplier_percent", words.text("arrangement-multiplier"), &multipliers).render(words, problems))
        div.row {
            (minutes("extra_minutes_one", "arrangement-extra-one", &view.extra_minutes_one))
            (minutes("extra_minutes_two", "arrangement-extra-two", &view.extra_minutes_two))
        }
        (tick("stop_clock_breaks", "arrangement-breaks", "arrangement-breaks-hint", view.stop_clock_breaks))
        (tick("larger_type", "arrangement-type", "arrangement-type-hint", view.larger_type))
        (tick("reader_layout", "arrangement-reader", "arrangement-reader-hint", view.reader_layout))
        (tick("spell_check", "arrangement-spelling", "arrangement-spelling-hint", view.spell_check))
    }
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// A coordinator has to look at it.
    Waiting,
    /// An arrangement came of it.
    Approved,
    /// None did.
    Declined,
    /// The person took it back.
    Withdrawn,
}

impl RequestState {
    fn badge(self, words: Words) -> Markup {
        match self {
            Self::Waiting => badge(Tone::Attention, &words.text("request-waiting")),
            Self::Approved => badge(Tone::Good, &words.text("request-approved")),
            Self::Declined => badge(Tone::Neutral, &words.text("request-declined")),
            Self::Withdrawn => badge(Tone::Neutral, &words.text("request-withdrawn")),
        }
    }
}

/// What is confirmed for somebody.
#[derive(Clone, Debug)]
pub struct ConfirmedView {
    /// What.
    pub lines: Vec<Accommodation>,
    /// The last day.
    pub expires_on: Option<NaiveDate>,
    /// The last day is over.
    pub over: bool,
}

/// A request.
#[derive(Clone, Debug)]
pub struct RequestView {
    /// Which.
    pub id: String,
    /// Where it stands.
    pub state: RequestState,
    /// What is asked for.
    pub lines: Vec<Accommodation>,
    /// What the person wrote.
    pub statement: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// When it was decided or taken back.
    pub decided_at: Option<DateTime<Utc>>,
    /// What the one who decided wrote.
    pub note: Option<String>,
}

/// A request as it is written.
#[derive(Clone, Debug, Default)]
pub struct RequestForm {
    /// What.
    pub fields: ArrangementFields,
    /// Why.
    pub statement: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// One's own accommodations.
#[derive(Clone, Debug)]
pub struct ArrangementsView {
    /// What is confirmed.
    pub confirmed: Option<ConfirmedView>,
    /// One's requests, newest first.
    pub requests: Vec<RequestView>,
    /// The form; none while a request waits.
    pub form: Option<RequestForm>,
}

/// What the act before one's own page did, by its code in the address.
#[must_use]
pub fn notice(words: Words, code: &str) -> Option<String> {
    match code {
        "sent" => Some(words.text("request-sent-notice")),
        "withdrawn" => Some(words.text("request-withdrawn-notice")),
        _ => None,
    }
}

fn lines(words: Words, of: &[Accommodation]) -> Markup {
    html! {
        @if of.is_empty() { p.soft { (words.text("request-as-written")) } }
        @else { ul.plain { @for one in of { li { (one.line(words)) } } } }
    }
}

fn confirmed(shell: &Shell, of: Option<&ConfirmedView>, none: &str) -> Markup {
    let words = shell.words;
    html! {
        @match of {
            None => p.soft { (none) },
            Some(held) => {
                p {
                    @if held.over { (badge(Tone::Attention, &words.text("arrangements-over"))) }
                    @else { (badge(Tone::Good, &words.text("arrangement-confirmed"))) }
                }
                (lines(words, &held.lines))
                @if let Some(day) = held.expires_on {
                    p { (words.text("arrangements-until")) " " strong { (parts::date(words, day)) } }
                }
            },
        }
    }
}

/// One's own accommodations: what is confirmed, what was asked, and a new request.
#[must_use]
pub fn arrangements(shell: &Shell, view: &ArrangementsView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("arrangements-title"))
        .up(words.text("exams-title"), urls::EXAMS)
        .lead(words.text("arrangements-lead"));
    document(
        shell,
        &page,
        &html! {
            (parts::panel(&words.text("exam-accommodations"), &confirmed(shell, view.confirmed.as_ref(), &words.text("arrangements-none"))))
            @for request in &view.requests { (own_request(shell, request)) }
            @if let Some(form) = &view.form { (request_form(words, form)) }
        },
    )
}

fn own_request(shell: &Shell, request: &RequestView) -> Markup {
    let words = shell.words;
    html! {
        article.panel {
            div.heading-line {
                h2 { (words.text("request-title")) " " span.soft { (parts::instant_short(words, request.sent_at, shell.zone)) } }
                (request.state.badge(words))
            }
            (lines(words, &request.lines))
            details { summary { (words.text("request-statement-own")) } div.prose { (crate::markdown::prose(&request.statement)) } }
            @if let Some(note) = &request.note {
                h3 { (words.text("request-note-own")) }
                div.prose { (crate::markdown::prose(note)) }
            }
            @if request.state == RequestState::Waiting {
                p { (words.text("request-waiting-text")) }
                form method="post" action=(urls::request_withdrawal(&request.id)) {
                    button type="submit" { (words.text("request-withdraw")) }
                }
            }
        }
    }
}

fn request_form(words: Words, view: &RequestForm) -> Markup {
    let statement = Field::area("statement", 6, words.text("request-statement"))
        .hint(words.text("request-statement-hint"))
        .max_length(2000)
        .value(&view.statement);
    html! {
        section.panel aria-labelledby="request-form" {
            h2 #request-form { (words.text("request-new")) }
            p { (words.text("request-new-text")) }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::OWN_ACCOMMODATIONS) {
                (fields(words, &view.fields, &view.problems))
                (statement.render(words, &view.problems))
                div.buttons { button.primary type="submit" { (words.text("request-send")) } }
            }
        }
    }
}

/// A coordinator's decision as it is written.
#[derive(Clone, Debug, Default)]
pub struct DecisionForm {
    /// What would be granted.
    pub fields: ArrangementFields,
    /// The last day, `2027-11-21`.
    pub expires_on: String,
    /// What the person is told.
    pub note: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// One request as its coordinator sees it.
#[derive(Clone, Debug)]
pub struct RequestPage {
    /// Who asks.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What is asked.
    pub request: RequestView,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What is confirmed now.
    pub confirmed: Option<ConfirmedView>,
    /// The decision; none once it is made, or where it is somebody else's to make.
    pub form: Option<DecisionForm>,
}

/// One request, with the decision.
#[must_use]
pub fn request(shell: &Shell, view: &RequestPage) -> Markup {
    let words = shell.words;
    let body = html! {
        section.panel aria-labelledby="asked" {
            div.heading-line { h2 #asked { (words.text("request-asked")) } (view.request.state.badge(words)) }
            p.soft { (parts::instant(words, view.request.sent_at, shell.zone)) }
            (lines(words, &view.request.lines))
            h3 { (words.text("request-statement-theirs")) }
            div.prose { (crate::markdown::prose(&view.request.statement)) }
        }
        (parts::panel(&words.text("request-confirmed-now"), &confirmed(shell, view.confirmed.as_ref(), &words.text("request-confirmed-none"))))
        @if let (Some(name), Some(at)) = (&view.decided_by, view.request.decided_at) {
            section.panel {
                h2 { (words.text("request-decision")) }
                p { (words.with("request-decided-by", &[("name", name.as_str().into())])) " " (parts::instant_short(words, at, shell.zone)) }
                @if let Some(note) = &view.request.note { div.prose { (crate::markdown::prose(note)) } }
            }
        }
        @if let Some(form) = &view.form { (decision_form(words, &view.request.id, form)) }
    };
    let page = staff::staff_page(&words.with("request-page-title", &[("name", view.name.as_str().into())]))
        .up(view.name.clone(), urls::person(&view.person));
    document(shell, &page, &body)
}

fn decision_form(words: Words, id: &str, view: &DecisionForm) -> Markup {
    html! {
        section.panel aria-labelledby="decide" {
            h2 #decide { (words.text("request-decide")) }
            p.hint { (words.text("request-decide-text")) }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::request_decision(id)) {
                (fields(words, &view.fields, &view.problems))
                (Field::input("expires_on", "date", words.text("arrangement-expires")).value(&view.expires_on).hint(words.text("arrangement-expires-hint")).optional().render(words, &view.problems))
                (Field::area("note", 4, words.text("request-note")).hint(words.text("request-note-hint")).max_length(2000).value(&view.note).render(words, &view.problems))
                div.buttons {
                    button.primary type="submit" name="decision" value="approve" { (words.text("request-approve")) }
                    button type="submit" name="decision" value="decline" { (words.text("request-decline")) }
                }
            }
        }
    }
}
