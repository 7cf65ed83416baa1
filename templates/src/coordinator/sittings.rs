//! Sittings: the list, the form that makes or changes one, and one sitting with its registrations.

use maud::{Markup, html};

use super::{SittingHead, SittingKind, SittingTab, kind_word, sitting_head, state_badge};
use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct SittingRow {
    /// What every page of the sitting says at its head.
    pub head: SittingHead,
    /// Seats taken.
    pub booked: i64,
    /// Seats there are.
    pub capacity: i64,
    /// Whether a form is still missing.
    pub lacks_form: bool,
    /// Where this reader finds more of it, if anywhere.
    pub href: Option<String>,
}

/// The list of sittings.
#[derive(Clone, Debug)]
pub struct Sittings {
    /// Open and planned ones, soonest first.
    pub coming: Vec<SittingRow>,
    /// Those that are over, latest first.
    pub past: Vec<SittingRow>,
    /// Whether this reader makes sittings.
    pub may_make: bool,
    /// The associations whose figures of agreement this reader may see: identifier and name.
    pub agreement: Vec<(String, String)>,
}

/// The list of sittings.
#[must_use]
pub fn sittings(shell: &Shell, view: &Sittings) -> Markup {
    let words = shell.words;
    let empty = view.coming.is_empty() && view.past.is_empty();
    let body = html! {
        @if empty {
            @if view.may_make { (parts::empty(&words.text("sittings-empty-title"), &words.text("sittings-empty-text"), Some((&words.text("sittings-new"), &urls::sitting_new())))) }
            @else { (parts::empty(&words.text("sittings-empty-title"), &words.text("sittings-none-text"), None)) }
        } @else {
            @if view.may_make { p.buttons { a.button.primary href=(urls::SITTING_NEW) { (words.text("sittings-new")) } } }
            @if !view.coming.is_empty() { h2 { (words.text("sittings-coming")) } (sittings_table(shell, &words.text("sittings-coming"), &view.coming)) }
            @if !view.past.is_empty() { h2 { (words.text("sittings-past")) } (sittings_table(shell, &words.text("sittings-past"), &view.past)) }
            @for (id, name) in &view.agreement {
                p {
                    a href=(urls::association_agreement(id)) { (words.with("concord-page", &[("name", name.as_str().into())])) } " · "
                    a href=(urls::calibration(id)) { (words.text("calibration-title")) } " · "
                    a href=(urls::drift(id)) { (words.text("drift-title")) }
                }
            }
        }
    };
    document(shell, &staff::staff_page(&words.text("sittings-title")), &body)
}

fn sittings_table(shell: &Shell, caption: &str, rows: &[SittingRow]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("sittings-name")),
        Column::text(words.text("sittings-when")),
        Column::text(words.text("sittings-kind")),
        Column::text(words.text("sittings-booked")),
        Column::text(words.text("sittings-state")),
    ];
    let lines: Vec<Row> = rows.iter().map(|row| {
        let head = &row.head;
        Row::new(vec![
            html! { @if let Some(href) = &row.href { a href=(href) { (head.title) } } @else { (head.title) } },
            html! { (staff::span_of_time(words, head.opens_at, head.closes_at, head.time_zone)) },
            html! { (kind_word(shell, head.kind)) },
            html! { (words.with("sittings-seats", &[("booked", row.booked.into()), ("capacity", row.capacity.into())])) },
            html! { (state_badge(shell, head.state))
                    @if row.lacks_form { " " (parts::badge(Tone::Attention, &words.text("sittings-lacks-form"))) } },
        ])
    }).collect();
    parts::table(caption, &columns, &lines)
}

/// The form of a sitting: what is stored, or what was typed.
#[derive(Clone, Debug, Default)]
pub struct SittingForm {
    /// The associations that can be chosen.
    pub associations: Vec<Choice>,
    /// The title.
    pub title: String,
    /// How it starts: `fixed` or `window`.
    pub kind: String,
    /// When it opens, in the sitting's time zone: `2027-03-12T09:00`.
    pub opens_at: String,
    /// When it closes, likewise.
    pub closes_at: String,
    /// The time zones that can be chosen.
    pub time_zones: Vec<Choice>,
    /// Seats there are.
    pub capacity: String,
    /// Minutes of Part One.
    pub minutes_one: String,
    /// Questions in Part One.
    pub items: String,
    /// The pass mark of Part One in per cent.
    pub pass_percent: String,
    /// Minutes of Part Two.
    pub minutes_two: String,
    /// Vignettes offered.
    pub vignettes: String,
    /// Vignettes to answer.
    pub answer: String,
    /// Whether it is sat in Safe Exam Browser.
    pub safe: bool,
    /// Config Keys that are taken, one a line.
    pub config_keys: String,
    /// Browser Exam Keys that are taken, one a line.
    pub exam_keys: String,
    /// Whether parts and times can still change.
    pub parts_fixed: bool,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The page for a new sitting.
#[must_use]
pub fn sitting_new(shell: &Shell, view: &SittingForm) -> Markup {
    let words = shell.words;
    let body = html! {
        (form::problem_summary(words, &view.problems))
        form.stack method="post" action=(urls::SITTINGS) {
            (sitting_fields(shell, view))
            div.buttons { button.primary type="submit" { (words.text("sitting-new-do")) } a href=(urls::SITTINGS) { (words.text("sitting-new-cancel")) } }
        }
    };
    document(
        shell,
        &staff::staff_page(&words.text("sitting-new-title"))
            .lead(words.text("sitting-new-lead"))
            .up(words.text("sittings-title"), urls::SITTINGS),
        &body,
    )
}

fn sitting_fields(shell: &Shell, view: &SittingForm) -> Markup {
    let words = shell.words;
    let problems = &view.problems;
    let kinds = [
        Choice::new("fixed", words.text("sitting-kind-fixed-long")).chosen(view.kind != "window"),
        Choice::new("window", words.text("sitting-kind-window-long")).chosen(view.kind == "window"),
    ];
    html! {
        @if view.associations.len() > 1 { (staff::select("association", words.text("people-association"), &view.associations).render(words, problems)) }
        (Field::input("title", "text", words.text("sittings-name")).value(&view.title).hint(words.text("sitting-title-hint")).render(words, problems))
        (staff::radios("kind", words.text("sittings-kind"), &kinds).render(words, problems))
        (staff::select("time_zone", words.text("sitting-time-zone"), &view.time_zones).render(words, problems))
        div.row {
            (Field::input("opens_at", "datetime-local", words.text("sitting-opens")).value(&view.opens_at).render(words, problems))
            (Field::input("closes_at", "datetime-local", words.text("sitting-closes")).value(&view.closes_at).render(words, problems))
        }
        (Field::input("capacity", "number", words.text("sitting-capacity")).value(&view.capacity).range(1, 100_000).render(words, problems))
        @if view.parts_fixed { (parts::remark(Tone::Accent, &html! { p { (words.text("sitting-parts-fixed")) } })) }
        @else { (part_fields(shell, view)) }
        (safe_fields(words, view))
    }
}

/// Safe Exam Browser: keys can be put right on the day.
fn safe_fields(words: Words, view: &SittingForm) -> Markup {
    let problems = &view.problems;
    html! {
        fieldset {
            legend { (words.text("sitting-safe")) }
            div.stack {
                (Field::checkbox("safe", words.text("sitting-safe-asked")).value(view.safe).hint(words.text("sitting-safe-hint")).render(words, problems))
                (Field::area("config_keys", 3, words.text("sitting-safe-config")).value(&view.config_keys).hint(words.text("sitting-safe-config-hint")).optional().render(words, problems))
                (Field::area("exam_keys", 3, words.text("sitting-safe-exam")).value(&view.exam_keys).hint(words.text("sitting-safe-exam-hint")).optional().render(words, problems))
            }
        }
    }
}

fn part_fields(shell: &Shell, view: &SittingForm) -> Markup {
    let words = shell.words;
    let problems = &view.problems;
    html! {
        fieldset {
            legend { (words.text("sitting-part-one")) }
            div.row {
                (Field::input("minutes_one", "number", words.text("sitting-minutes")).value(&view.minutes_one).range(1, 720).render(words, problems))
                (Field::input("items", "number", words.text("sitting-items")).value(&view.items).range(1, 200).render(words, problems))
                (Field::input("pass_percent", "number", words.text("sitting-pass")).value(&view.pass_percent).range(1, 100).render(words, problems))
            }
        }
        fieldset {
            legend { (words.text("sitting-part-two")) }
            div.row {
                (Field::input("minutes_two", "number", words.text("sitting-minutes")).value(&view.minutes_two).range(1, 720).render(words, problems))
                (Field::input("vignettes", "number", words.text("sitting-vignettes")).value(&view.vignettes).range(1, 6).render(words, problems))
                (Field::input("answer", "number", words.text("sitting-answer")).value(&view.answer).range(1, 6).render(words, problems))
            }
        }
    }
}

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationState {
    /// A seat is booked.
    Booked,
    /// The examinee is writing or between the parts.
    Sitting,
    /// Both parts are closed.
    Finished,
    /// Nobody came.
    Absent,
    /// The seat was given up.
    Cancelled,
}

impl RegistrationState {
    /// The state's meaning and word.
    #[must_use]
    pub fn badge(self, words: Words) -> (Tone, String) {
        match self {
            Self::Booked => (Tone::Neutral, words.text("registration-booked")),
            Self::Sitting => (Tone::Accent, words.text("registration-sitting")),
            Self::Finished => (Tone::Good, words.text("registration-finished")),
            Self::Absent => (Tone::Attention, words.text("registration-absent")),
            Self::Cancelled => (Tone::Neutral, words.text("registration-cancelled")),
        }
    }
}

/// A seat of the sitting.
#[derive(Clone, Debug)]
pub struct RegistrationRow {
    /// The registration's identifier.
    pub registration: String,
    /// The person's identifier.
    pub person: String,
    /// The person's name.
    pub name: String,
    /// The track.
    pub track: String,
    /// The category.
    pub category: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// Whether a confirmed accommodation follows this person.
    pub accommodated: bool,
    /// How the last system check went.
    pub system_check: Option<staff::CheckMark>,
}

/// The form for a new seat.
#[derive(Clone, Debug, Default)]
pub struct NewRegistration {
    /// The people who hold an authorisation.
    pub people: Vec<Choice>,
    /// The tracks; the first choice offered is to go by the authorisation.
    pub tracks: Vec<Choice>,
    /// The categories that are examined, likewise.
    pub categories: Vec<Choice>,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// How much a form holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormSize {
    /// So many questions.
    Questions(i64),
    /// So many vignettes.
    Vignettes(i64),
}

impl FormSize {
    fn text(self, words: Words) -> String {
        match self {
            Self::Questions(n) => words.with("forms-questions", &[("n", n.into())]),
            Self::Vignettes(n) => words.with("forms-vignettes", &[("n", n.into())]),
        }
    }
}

/// A form of a part: which questions and vignettes.
#[derive(Clone, Debug)]
pub struct FormLine {
    /// What it is: the part and track or strand.
    pub title: String,
    /// Its size.
    pub size: FormSize,
    /// Whether it is frozen.
    pub frozen: bool,
    /// What the assembly could not satisfy.
    pub unmet: Vec<String>,
}

/// One sitting.
#[derive(Clone, Debug)]
pub struct SittingPage {
    /// The head.
    pub head: SittingHead,
    /// Seats there are.
    pub capacity: i64,
    /// Seats taken.
    pub registrations: Vec<RegistrationRow>,
    /// The form for a new seat; absent when none can be booked.
    pub new: Option<NewRegistration>,
    /// The forms.
    pub forms: Vec<FormLine>,
    /// The form that changes the sitting; absent when it can't change.
    pub edit: Option<SittingForm>,
    /// The Config Key of our own configuration, where the sitting is sat in Safe Exam Browser.
    pub safe_key: Option<String>,
}

/// One sitting: its seats, its forms, its facts.
#[must_use]
pub fn sitting(shell: &Shell, view: &SittingPage) -> Markup {
    let words = shell.words;
    let booked = view.registrations.iter().filter(|row| row.state != RegistrationState::Cancelled).count();
    let editing = view.edit.as_ref().is_some_and(|edit| !edit.problems.is_empty());
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Registrations, false))
        section aria-labelledby="registrations" {
            h2 #registrations { (words.text("registrations-title")) }
            p.soft { (words.with("sittings-seats", &[("booked", booked.into()), ("capacity", view.capacity.into())])) }
            @if view.registrations.is_empty() { (parts::empty(&words.text("registrations-empty-title"), &words.text("registrations-empty-text"), None)) }
            @else { (registrations_table(shell, &view.registrations)) }
        }
        @if let Some(new) = &view.new { (new_registration(shell, &view.head.id, new)) }
        section aria-labelledby="forms" {
            h2 #forms { (words.text("forms-title")) }
            @if view.forms.is_empty() { (parts::remark(Tone::Accent, &html! { p { (words.text("forms-none")) } })) }
            @else { ul.lines.plain { @for line in &view.forms { (form_line(shell, line)) } } }
        }
        @if let Some(key) = &view.safe_key { (safe_browser(words, &view.head.id, key)) }
        @if let Some(edit) = &view.edit {
            details.panel open[editing] {
                summary { (words.text("sitting-edit")) }
                (form::problem_summary(words, &edit.problems))
                form.stack method="post" action=(urls::sitting(&view.head.id)) {
                    (sitting_fields(shell, edit))
                    div.buttons { button type="submit" { (words.text("sitting-edit-do")) } }
                }
            }
        }
    };
    document(shell, &staff::staff_page(&view.head.title).without_heading(), &body)
}

/// What goes out to examinees, and the key by which it is recognised.
fn safe_browser(words: Words, sitting: &str, key: &str) -> Markup {
    html! {
        section.stack aria-labelledby="safe-browser" {
            h2 #safe-browser { (words.text("sitting-safe")) }
            p { (words.text("sitting-safe-text")) }
            div.buttons { a.button href=(urls::api_safe_browser_file(sitting)) download { (words.text("sitting-safe-file")) } }
            p.soft { (words.text("sitting-safe-key")) " " code { (key) } }
        }
    }
}

fn registrations_table(shell: &Shell, rows: &[RegistrationRow]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("people-name")),
        Column::text(words.text("person-track")),
        Column::text(words.text("person-category")),
        Column::text(words.text("registrations-accommodation")),
        Column::text(words.text("registrations-check")),
        Column::text(words.text("people-state")),
    ];
    let lines: Vec<Row> = rows.iter().map(|row| {
        let (meaning, state) = row.state.badge(words);
        Row::new(vec![
            html! { a href=(urls::person(&row.person)) { (row.name) } },
            html! { (row.track) },
            html! { (row.category) },
            html! { @if row.accommodated { (words.text("registrations-accommodated")) } @else { (words.text("registrations-standard")) } },
            staff::check_mark(words, row.system_check.as_ref(), shell.zone),
            html! {
                (parts::badge(meaning, &state))
                @if row.state == RegistrationState::Booked { (cancellation(words, row)) }
            },
        ])
    }).collect();
    parts::table(&words.text("registrations-title"), &columns, &lines)
}

/// Giving a seat back takes two presses: the first says what it means.
fn cancellation(words: Words, row: &RegistrationRow) -> Markup {
    let label = words.with("registration-cancel-of", &[("name", row.name.as_str().into())]);
    html! {
        details.inline {
            summary aria-label=(label) { (words.text("registration-cancel")) }
            form method="post" action=(urls::registration_cancellation(&row.registration)) {
                p { (words.text("registration-cancel-text")) }
                button.dangerous type="submit" { (words.text("registration-cancel-do")) }
            }
        }
    }
}

/// Choices after the one that leaves it to the authorisation.
fn or_as_authorised(words: Words, choices: &[Choice]) -> Vec<Choice> {
    let first = Choice::new("", words.text("registration-as-authorised"));
    std::iter::once(first).chain(choices.iter().cloned()).collect()
}

fn new_registration(shell: &Shell, sitting: &str, new: &NewRegistration) -> Markup {
    let words = shell.words;
    html! {
        section.panel aria-labelledby="new-registration" {
            h2 #new-registration { (words.text("registration-new")) }
            (form::problem_summary(words, &new.problems))
            @if new.people.is_empty() {
                p.soft { (words.text("registration-nobody")) " " a href=(urls::AUTHORISATIONS_IMPORT) { (words.text("people-import")) } }
            } @else {
                form.stack method="post" action=(urls::registrations(sitting)) {
                    (staff::select("person", words.text("registration-person"), &new.people).render(words, &new.problems))
                    div.row {
                        (staff::select("track", words.text("person-track"), &or_as_authorised(words, &new.tracks)).optional().render(words, &new.problems))
                        (staff::select("category", words.text("person-category"), &or_as_authorised(words, &new.categories)).optional().render(words, &new.problems))
                    }
                    div.buttons { button.primary type="submit" { (words.text("registration-new-do")) } }
                }
            }
        }
    }
}

fn form_line(shell: &Shell, line: &FormLine) -> Markup {
    let words = shell.words;
    html! {
        li {
            span { (line.title) }
            span.soft { (line.size.text(words)) }
            @if line.frozen { (parts::badge(Tone::Good, &words.text("forms-frozen"))) } @else { (parts::badge(Tone::Neutral, &words.text("forms-open"))) }
            @if !line.unmet.is_empty() {
                (parts::remark(Tone::Attention, &html! { p { (words.text("forms-unmet")) } ul { @for unmet in &line.unmet { li { (unmet) } } } }))
            }
        }
    }
}

impl SittingForm {
    /// The form as the standard exam: 60 questions and two vignettes, 90 minutes each, 48 of 60 to pass.
    #[must_use]
    pub fn standard() -> Self {
        let text = |number: i64| number.to_string();
        Self {
            kind: kind_value(SittingKind::Fixed).to_owned(),
            capacity: text(500),
            minutes_one: text(90),
            items: text(60),
            pass_percent: text(80),
            minutes_two: text(90),
            vignettes: text(2),
            answer: text(2),
            ..Self::default()
        }
    }
}

/// The form's value for a kind.
#[must_use]
pub fn kind_value(kind: SittingKind) -> &'static str {
    match kind {
        SittingKind::Fixed => "fixed",
        SittingKind::Window => "window",
    }
}
