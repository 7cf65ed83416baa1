//! People: the list with the form for a new one, and one person's page with accommodations and history.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::conflicts::{self, Conflicts};
use super::record::{self, Record};
use crate::arrangement::{self, ArrangementFields};
use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::profile::{self, Absences, Training};
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// Whether a person can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Invited; no password was chosen yet.
    Invited,
    /// Can sign in.
    Active,
    /// Sign-in is switched off.
    Disabled,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The person's identifier.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The roles, as words.
    pub roles: Vec<String>,
    /// Whether the person can sign in.
    pub state: AccountState,
}

/// What was typed into the form for a new person.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The employer, for conflicts of interest.
    pub employer: String,
    /// The languages of mail and pages.
    pub languages: Vec<Choice>,
    /// The roles that can be given here, with what was ticked.
    pub roles: Vec<Choice>,
    /// The associations that can be chosen.
    pub associations: Vec<Choice>,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The list of people.
#[derive(Clone, Debug)]
pub struct People {
    /// What was searched for.
    pub search: String,
    /// The people found.
    pub rows: Vec<PersonRow>,
    /// The address of the next page of the list.
    pub next: Option<String>,
    /// The form for a new person.
    pub new: NewPerson,
}

/// The list of people, and the form for a new one.
#[must_use]
pub fn people(shell: &Shell, view: &People) -> Markup {
    let words = shell.words;
    let body = html! {
        div.tools {
            form.search method="get" action=(urls::PEOPLE) role="search" {
                label for="search" { (words.text("people-search")) }
                input #search type="search" name="search" value=(view.search) maxlength="100";
                button type="submit" { (words.text("people-search-do")) }
            }
            a.button href=(urls::AUTHORISATIONS_IMPORT) { (words.text("people-import")) }
        }
        @if view.rows.is_empty() {
            @if view.search.is_empty() {
                (parts::empty(&words.text("people-empty-title"), &words.text("people-empty-text"), None))
            } @else {
                (parts::empty(&words.text("people-none-found"), &words.text("people-none-found-text"), Some((&words.text("people-show-all"), urls::PEOPLE))))
            }
        } @else {
            (people_table(shell, view))
            @if let Some(next) = &view.next { p.more { a href=(next) rel="next" { (words.text("list-next")) } } }
        }
        (new_person(shell, &view.new))
    };
    document(shell, &staff::staff_page(&words.text("people-title")), &body)
}

fn people_table(shell: &Shell, view: &People) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("people-name")),
        Column::text(words.text("people-email")),
        Column::text(words.text("people-roles")),
        Column::text(words.text("people-state")),
    ];
    let rows: Vec<Row> = view
        .rows
        .iter()
        .map(|row| {
            Row::new(vec![
                html! { a href=(urls::person(&row.id)) { (row.name) } },
                html! { span.break { (row.email) } },
                html! { (row.roles.join(", ")) },
                html! { (account_badge(shell, row.state)) },
            ])
        })
        .collect();
    parts::table(&words.text("people-title"), &columns, &rows)
}

/// The roles that can be given. Each is a field of its own, `role_reviewer`, so that a plain form reader can take it.
fn role_fields(shell: &Shell, new: &NewPerson) -> Markup {
    let words = shell.words;
    html! {
        fieldset.field {
            legend { (words.text("people-roles")) }
            @for role in &new.roles {
                (Field::checkbox(&format!("role_{}", role.value), &role.label).value(role.chosen).render(words, &new.problems))
            }
        }
    }
}

fn account_badge(shell: &Shell, state: AccountState) -> Markup {
    let words = shell.words;
    match state {
        AccountState::Invited => parts::badge(Tone::Attention, &words.text("people-state-invited")),
        AccountState::Active => parts::badge(Tone::Good, &words.text("people-state-active")),
        AccountState::Disabled => parts::badge(Tone::Danger, &words.text("people-state-disabled")),
    }
}

fn new_person(shell: &Shell, new: &NewPerson) -> Markup {
    let words = shell.words;
    html! {
        section.panel aria-labelledby="new-person" {
            h2 #new-person { (words.text("people-new")) }
            p.hint { (words.text("people-new-text")) }
            (form::problem_summary(words, &new.problems))
            form.stack method="post" action=(urls::PEOPLE) {
                (Field::input("name", "text", words.text("people-name")).value(&new.name).autocomplete("off").render(words, &new.problems))
                (Field::input("email", "email", words.text("people-email")).value(&new.email).hint(words.text("people-email-hint")).render(words, &new.problems))
                (Field::input("employer", "text", words.text("people-employer")).value(&new.employer).hint(words.text("people-employer-hint")).optional().render(words, &new.problems))
                (staff::select("locale", words.text("people-language"), &new.languages).hint(words.text("people-language-hint")).render(words, &new.problems))
                @if new.associations.len() > 1 { (staff::select("association", words.text("people-association"), &new.associations).render(words, &new.problems)) }
                (role_fields(shell, new))
                div.buttons { button.primary type="submit" { (words.text("people-new-do")) } }
            }
        }
    }
}

/// Where an authorisation to test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorisationState {
    /// It can be used.
    Valid,
    /// A sitting used it.
    Used,
    /// Its period is over.
    Expired,
}

/// An authorisation to test.
#[derive(Clone, Debug)]
pub struct Authorisation {
    /// The track.
    pub track: String,
    /// The category.
    pub category: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_until: NaiveDate,
    /// Where it stands.
    pub state: AuthorisationState,
}

/// A seat that the person has or had.
#[derive(Clone, Debug)]
pub struct PersonRegistration {
    /// The sitting's identifier.
    pub sitting: String,
    /// The sitting's title.
    pub title: String,
    /// When it opens.
    pub opens_at: DateTime<Utc>,
    /// The sitting's time zone.
    pub time_zone: Tz,
    /// The track and category.
    pub category: String,
    /// Where it stands, as a word.
    pub state: String,
}

/// The form of a person's accommodations: what is confirmed, or what was typed.
#[derive(Clone, Debug, Default)]
pub struct Accommodations {
    /// Whether something is confirmed now.
    pub confirmed: bool,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// What.
    pub fields: ArrangementFields,
    /// The last day, `2027-11-21`.
    pub expires_on: String,
    /// The note of the one who approves.
    pub approved_note: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// Something that happened to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// They were put on record.
    Added,
    /// An authorisation to test arrived.
    Authorised {
        /// For which category and track.
        what: String,
        /// The application's number.
        reference: String,
    },
    /// They were given a seat.
    Registered {
        /// The sitting's title.
        sitting: String,
    },
    /// They accepted the agreement.
    Agreed {
        /// The sitting's title.
        sitting: String,
    },
    /// They were admitted to the room.
    Admitted {
        /// The sitting's title.
        sitting: String,
    },
    /// An arrangement was confirmed.
    Arranged {
        /// By whom.
        by: String,
    },
}

impl Happened {
    fn sentence(&self, words: Words) -> String {
        match self {
            Self::Added => words.text("happened-added"),
            Self::Authorised { what, reference } => words.with(
                "happened-authorised",
                &[("what", what.as_str().into()), ("reference", reference.as_str().into())],
            ),
            Self::Registered { sitting } => words.with("happened-registered", &[("sitting", sitting.as_str().into())]),
            Self::Agreed { sitting } => words.with("happened-agreed", &[("sitting", sitting.as_str().into())]),
            Self::Admitted { sitting } => words.with("happened-admitted", &[("sitting", sitting.as_str().into())]),
            Self::Arranged { by } => words.with("happened-arranged", &[("by", by.as_str().into())]),
        }
    }
}

/// A line of a person's history.
#[derive(Clone, Debug)]
pub struct HistoryLine {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: Happened,
}

/// One person.
#[derive(Clone, Debug)]
pub struct PersonPage {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The roles, as words with their association.
    pub roles: Vec<String>,
    /// Whether the person can sign in.
    pub state: AccountState,
    /// The time zone in which instants are shown.
    pub time_zone: Tz,
    /// Authorisations to test.
    pub authorisations: Vec<Authorisation>,
    /// Seats.
    pub registrations: Vec<PersonRegistration>,
    /// The accommodations; absent for one who sits no exam here.
    pub accommodations: Option<Accommodations>,
    /// What is on record besides.
    pub record: Record,
    /// What they read and when they are absent, for a reviewer.
    pub reviewer: Option<(Training, Absences)>,
    /// The conflicts, for a reviewer or an examinee.
    pub conflicts: Option<Conflicts>,
    /// What happened, newest first.
    pub history: Vec<HistoryLine>,
}

/// One person's page.
#[must_use]
pub fn person(shell: &Shell, view: &PersonPage) -> Markup {
    let words = shell.words;
    let body = html! {
        dl.facts {
            div { dt { (words.text("people-email")) } dd.break { (view.email) } }
            div { dt { (words.text("people-state")) } dd { (account_badge(shell, view.state)) } }
            div { dt { (words.text("people-roles")) } dd { (view.roles.join(", ")) } }
        }
        section aria-labelledby="person-authorisations" {
            h2 #person-authorisations { (words.text("person-authorisations")) }
            @if view.authorisations.is_empty() { p.soft { (words.text("person-authorisations-none")) } }
            @else { (authorisations(shell, &view.authorisations)) }
        }
        section aria-labelledby="person-registrations" {
            h2 #person-registrations { (words.text("person-registrations")) }
            @if view.registrations.is_empty() { p.soft { (words.text("person-registrations-none")) } }
            @else { (registrations(shell, &view.registrations)) }
        }
        @if let Some(accommodations) = &view.accommodations { (accommodation_form(shell, &view.id, accommodations)) }
        (record::record(words, &view.id, &view.record))
        @if let Some((training, absences)) = &view.reviewer {
            (profile::training(words, &urls::person_reviewer(&view.id), training))
            (profile::absences(words, &urls::person_absences(&view.id), absences))
        }
        @if let Some(found) = &view.conflicts { (conflicts::conflicts(shell, &view.id, found)) }
        form method="post" action=(urls::person_invitation(&view.id)) {
            p.soft { (words.text("person-invite-text")) }
            button type="submit" { (words.text("person-invite")) }
        }
        section aria-labelledby="person-history" {
            h2 #person-history { (words.text("person-history")) }
            @if view.history.is_empty() { p.soft { (words.text("person-history-none")) } }
            @else { ol.history.plain { @for line in &view.history { li { (parts::instant_short(words, line.at, view.time_zone)) span { (line.what.sentence(words)) } } } } }
        }
    };
    document(shell, &staff::staff_page(&view.name).up(words.text("people-title"), urls::PEOPLE), &body)
}

fn authorisations(shell: &Shell, rows: &[Authorisation]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("person-category")),
        Column::text(words.text("person-track")),
        Column::text(words.text("person-valid")),
        Column::text(words.text("people-state")),
    ];
    let lines: Vec<Row> = rows
        .iter()
        .map(|row| {
            let badge = match row.state {
                AuthorisationState::Valid => parts::badge(Tone::Good, &words.text("person-authorisation-valid")),
                AuthorisationState::Used => parts::badge(Tone::Neutral, &words.text("person-authorisation-used")),
                AuthorisationState::Expired => {
                    parts::badge(Tone::Attention, &words.text("person-authorisation-expired"))
                }
            };
            Row::new(vec![
                html! { (row.category) },
                html! { (row.track) },
                html! { (parts::date(words, row.valid_from)) " – " (parts::date(words, row.valid_until)) },
                html! { (badge) },
            ])
        })
        .collect();
    parts::table(&words.text("person-authorisations"), &columns, &lines)
}

fn registrations(shell: &Shell, rows: &[PersonRegistration]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("person-sitting")),
        Column::text(words.text("person-category")),
        Column::text(words.text("person-opens")),
        Column::text(words.text("people-state")),
    ];
    let lines: Vec<Row> = rows
        .iter()
        .map(|row| {
            Row::new(vec![
                html! { a href=(urls::sitting(&row.sitting)) { (row.title) } },
                html! { (row.category) },
                html! { (parts::instant_short(words, row.opens_at, row.time_zone)) },
                html! { (row.state) },
            ])
        })
        .collect();
    parts::table(&words.text("person-registrations"), &columns, &lines)
}

fn accommodation_form(shell: &Shell, person: &str, view: &Accommodations) -> Markup {
    let words = shell.words;
    html! {
        section.panel aria-labelledby="accommodations" {
            h2 #accommodations { (words.text("arrangement-title")) }
            p.hint { (words.text("arrangement-text")) }
            @if view.confirmed {
                p { (parts::badge(Tone::Good, &words.text("arrangement-confirmed"))) " "
                    @if let Some(name) = &view.approved_by { (words.with("arrangement-by", &[("name", name.as_str().into())])) } }
            }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::accommodations(person)) {
                (arrangement::fields(words, &view.fields, &view.problems))
                (Field::input("expires_on", "date", words.text("arrangement-expires")).value(&view.expires_on).hint(words.text("arrangement-expires-hint")).optional().render(words, &view.problems))
                (Field::input("approved_note", "text", words.text("arrangement-note")).value(&view.approved_note).hint(words.text("arrangement-note-hint")).render(words, &view.problems))
                div.buttons { button.primary type="submit" { (words.text("arrangement-do")) } }
            }
            @if view.confirmed {
                form method="post" action=(urls::accommodations_end(person)) {
                    button type="submit" { (words.text("arrangement-end")) }
                }
            }
        }
    }
}
