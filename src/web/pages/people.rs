//! People: the list, a new person, one person's page with their accommodations.

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::people::{
    Accommodations, AccountState, Authorisation, AuthorisationState, Happened, HistoryLine, NewPerson as NewPersonView,
    People as PeopleView, PersonPage, PersonRegistration, PersonRow, people, person,
};
use evenhand_templates::form::FieldError;
use evenhand_templates::staff::{Choice, Done, Slip, role_name};
use evenhand_templates::urls;
use evenhand_templates::words::{Locale, Words};
use serde::Deserialize;

use super::arrangements::{CONFIRMATION_PLACES, FieldsForm, fields_of};
use super::coordinator::at_home;
use super::coordinator::sitting_form::choices;
use super::coordinator::sittings::registration_state;
use crate::desk::Range;
use crate::desk::arrangements::NewAccommodation;
use crate::desk::people::{NewPerson, PersonFile, PersonView};
use crate::domain::accommodation::Arrangement;
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::retake::day_of;
use crate::domain::rights::Act;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Category, Role, Track};
use crate::store::Error;
use crate::store::sittings::Association;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

pub mod import;
pub mod record;
pub mod reviewing;

/// How many people a page of the list shows.
const ON_A_PAGE: i64 = 50;
/// The longest search.
const MOST_SEARCH: usize = 100;
/// The roles that the form offers, those first that anybody who adds people may give.
const ROLES: [(Role, &str); 6] = [
    (Role::Examinee, "role_examinee"),
    (Role::Reviewer, "role_reviewer"),
    (Role::Proctor, "role_proctor"),
    (Role::Coordinator, "role_coordinator"),
    (Role::Auditor, "role_auditor"),
    (Role::Administrator, "role_administrator"),
];
const EMAIL: Place = place("/email", "email", "people-email");
const PERSON_PLACES: [Place; 5] = [
    place("/name", "name", "people-name"),
    EMAIL,
    place("/employer", "employer", "people-employer"),
    place("/locale", "locale", "people-language"),
    ROLE,
];
const ROLE: Place = place("/roles", "role_examinee", "people-roles");
/// Which part of the list is asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
}

/// Somebody to be added. A role is given when its box was ticked.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    name: String,
    email: String,
    #[serde(default)]
    employer: String,
    locale: Option<String>,
    association: Option<String>,
    role_examinee: Option<String>,
    role_reviewer: Option<String>,
    role_proctor: Option<String>,
    role_coordinator: Option<String>,
    role_auditor: Option<String>,
    role_administrator: Option<String>,
}

impl PersonForm {
    fn has(&self, role: Role) -> bool {
        let ticked = match role {
            Role::Examinee => &self.role_examinee,
            Role::Reviewer => &self.role_reviewer,
            Role::Proctor => &self.role_proctor,
            Role::Coordinator => &self.role_coordinator,
            Role::Auditor => &self.role_auditor,
            Role::Administrator => &self.role_administrator,
            Role::Author => &None,
        };
        ticked.is_some()
    }

    /// The ticked roles, in the order in which the desk is told of them.
    fn roles(&self) -> Vec<(Role, &'static str)> {
        ROLES.into_iter().filter(|(role, _)| self.has(*role)).collect()
    }
}

/// An arrangement to be confirmed.
#[derive(Deserialize)]
pub struct AccommodationForm {
    #[serde(flatten)]
    fields: FieldsForm,
    #[serde(default)]
    expires_on: String,
    approved_note: String,
}

/// `GET /people`
pub async fn list(visitor: Visitor, asked: Query<Asked>) -> Answer {
    let blank = PersonForm { role_examinee: Some(String::new()), ..PersonForm::default() };
    let view = list_view(&visitor, &asked, &blank, Vec::new()).await?;
    Ok(page(people(&visitor.shell, &view)))
}

async fn list_view(
    visitor: &Visitor,
    asked: &Asked,
    form: &PersonForm,
    problems: Vec<FieldError>,
) -> Result<PeopleView, AppError> {
    let desk = visitor.people();
    let search: String = asked.search.chars().take(MOST_SEARCH).collect();
    let range = Range { after: asked.after.clone(), limit: ON_A_PAGE };
    let found = desk.find(search.clone(), range).await?;
    let associations = desk.associations().await?;
    let next = found.next.as_ref().map(|after| {
        let query = serde_urlencoded::to_string([("search", search.as_str()), ("after", after)]).unwrap_or_default();
        format!("{}?{query}", urls::PEOPLE)
    });
    let in_words = visitor.shell.words;
    Ok(PeopleView {
        rows: found.items.iter().map(|found| row(in_words, found)).collect(),
        search,
        next,
        new: new_view(visitor, form, &associations, problems),
    })
}

fn row(in_words: Words, found: &PersonView) -> PersonRow {
    let mut roles: Vec<String> = found.roles.iter().map(|(role, _)| role_name(in_words, role.as_str())).collect();
    roles.dedup();
    PersonRow {
        id: found.person.id.clone(),
        name: found.person.name.clone(),
        email: found.person.email.clone(),
        roles,
        state: account(found),
    }
}

fn account(of: &PersonView) -> AccountState {
    if of.active { AccountState::Active } else { AccountState::Invited }
}

fn new_view(
    visitor: &Visitor,
    form: &PersonForm,
    associations: &[Association],
    problems: Vec<FieldError>,
) -> NewPersonView {
    let in_words = visitor.shell.words;
    let appoints = !visitor.authority.associations(Act::AppointStaff).is_empty();
    let offered = |role: Role| appoints || matches!(role, Role::Examinee | Role::Reviewer | Role::Proctor);
    let roles = ROLES.into_iter().filter(|(role, _)| offered(*role));
    let chosen = form.locale.as_deref().and_then(Locale::from_tag).unwrap_or(Locale::En);
    let language = |locale: Locale| Choice::new(locale.tag(), locale.name()).chosen(locale == chosen);
    NewPersonView {
        name: form.name.clone(),
        email: form.email.clone(),
        employer: form.employer.clone(),
        languages: Locale::ALL.into_iter().map(language).collect(),
        roles: roles
            .map(|(role, _)| Choice::new(role.as_str(), role_name(in_words, role.as_str())).chosen(form.has(role)))
            .collect(),
        associations: choices(associations, form.association.as_deref()),
        problems,
    }
}

/// `POST /people`
pub async fn add(visitor: Visitor, form: Form<PersonForm>) -> Answer {
    let form = form.0;
    let desk = visitor.people();
    let home = match &form.association {
        Some(named) => named.clone(),
        None => desk.associations().await?.into_iter().next().map(|place| place.id).unwrap_or_default(),
    };
    let new = NewPerson {
        name: form.name.clone(),
        email: form.email.clone(),
        employer: Some(form.employer.clone()).filter(|e| !e.trim().is_empty()),
        locale: form.locale.clone().unwrap_or_else(|| "en".to_owned()),
        roles: form.roles().into_iter().map(|(role, _)| (role, AssociationId(home.clone()))).collect(),
        facts: Vec::new(),
        strands: Vec::new(),
    };
    match desk.add(new).await {
        Ok(made) => Ok(see_other(&Done::Invited.after(&urls::person(&made.person.id)))),
        Err(error) => {
            let refused = refused_person(&visitor, &form, error)?;
            let asked = Asked { search: String::new(), after: String::new() };
            let view = list_view(&visitor, &asked, &form, refused.problems).await?;
            Ok(Unaccepted::answer(refused.status, people(&visitor.shell, &view)))
        }
    }
}

/// A refused person; what the desk says of the roles by number belongs to the boxes by name.
fn refused_person(visitor: &Visitor, form: &PersonForm, error: Error) -> Result<Unaccepted, AppError> {
    let in_words = visitor.shell.words;
    match error {
        Error::Refused(Refusal::EmailTaken) => {
            let mut refused = unaccepted(error, in_words, &PERSON_PLACES)?;
            for problem in &mut refused.problems {
                EMAIL.field.clone_into(&mut problem.field);
            }
            Ok(refused)
        }
        Error::Refused(Refusal::Invalid(problems)) => {
            let roles = form.roles();
            let told = problems.into_iter().map(|problem| role_problem(in_words, &roles, problem)).collect();
            unaccepted(Refusal::Invalid(told).into(), in_words, &places_with(&roles))
        }
        other => unaccepted(other, in_words, &PERSON_PLACES),
    }
}

/// The pointers of single roles, by the order in which they were sent.
const ROLE_POINTERS: [(&str, &str); 6] = [
    ("/roles/0/role", "/roles/0/association"),
    ("/roles/1/role", "/roles/1/association"),
    ("/roles/2/role", "/roles/2/association"),
    ("/roles/3/role", "/roles/3/association"),
    ("/roles/4/role", "/roles/4/association"),
    ("/roles/5/role", "/roles/5/association"),
];

fn places_with(roles: &[(Role, &'static str)]) -> Vec<Place> {
    let single = ROLE_POINTERS.iter().zip(roles).flat_map(|((role, association), (_, field))| {
        [place(role, field, "people-roles"), place(association, "association", "people-association")]
    });
    PERSON_PLACES.into_iter().chain(single).collect()
}

fn role_problem(in_words: Words, roles: &[(Role, &'static str)], problem: FieldProblem) -> FieldProblem {
    if roles.is_empty() && problem.pointer == ROLE.pointer {
        return FieldProblem::new(problem.pointer, Slip::NoneTicked.text(in_words));
    }
    problem
}

/// `GET /people/{person}`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(at_home(visitor).await?);
    let view = person_page(&visitor, &PersonId(id.into_inner()), Typing::default()).await?;
    Ok(page(person(&visitor.shell, &view)))
}

/// What was typed on the page and refused.
#[derive(Default)]
struct Typing {
    accommodation: Option<(AccommodationForm, Vec<FieldError>)>,
    record: Option<(record::RecordForm, Vec<FieldError>)>,
    reviewing: reviewing::Refused,
}

async fn person_page(visitor: &Visitor, id: &PersonId, mut typing: Typing) -> Result<PersonPage, AppError> {
    let desk = visitor.people();
    let file = desk.file(id).await?;
    let associations = desk.associations().await?;
    let in_words = visitor.shell.words;
    let role_line = |(role, place): &(Role, AssociationId)| {
        let role = role_name(in_words, role.as_str());
        match associations.iter().find(|a| a.id == place.0).filter(|_| associations.len() > 1) {
            Some(place) => format!("{role}, {}", place.name),
            None => role,
        }
    };
    let sits = file.view.roles.iter().any(|(role, _)| *role == Role::Examinee);
    let accommodations = sits.then(|| match typing.accommodation.take() {
        Some((form, problems)) => retyped(&file, form, problems),
        None => confirmed(&file),
    });
    let reads = file.reviewer.as_ref();
    let reviewer = reads.map(|record| reviewing::reviewing(visitor, record, &mut typing.reviewing));
    let conflicts = if sits || reviewer.is_some() {
        Some(reviewing::conflicts_view(desk.conflicts(id).await?, &mut typing.reviewing))
    } else {
        None
    };
    Ok(PersonPage {
        reviewer,
        conflicts,
        id: file.view.person.id.clone(),
        name: file.view.person.name.clone(),
        email: file.view.person.email.clone(),
        roles: file.view.roles.iter().map(role_line).collect(),
        state: account(&file.view),
        time_zone: visitor.shell.zone,
        authorisations: authorisations(visitor, &file),
        registrations: registrations(in_words, &file),
        accommodations,
        record: record::view(&file, typing.record.take()),
        history: history(in_words, &file),
    })
}

fn category_name(in_words: Words, category: &str) -> String {
    Category::parse(category).map_or_else(|| category.to_owned(), |c| words::category(c).name(in_words))
}

fn authorisations(visitor: &Visitor, file: &PersonFile) -> Vec<Authorisation> {
    let today = day_of(visitor.arrival(), visitor.shell.zone);
    let used = |track: &str, category: &str| {
        let sat = |(r, _, _): &(crate::store::registrations::Registration, _, _)| {
            (Some(r.track), Some(r.category)) == (Track::parse(track), Category::parse(category))
        };
        file.registrations.iter().any(sat)
    };
    file.authorisations
        .iter()
        .filter_map(|held| {
            let valid_until = held.valid_until.parse().ok()?;
            let state = if today > valid_until {
                AuthorisationState::Expired
            } else if used(&held.track, &held.category) {
                AuthorisationState::Used
            } else {
                AuthorisationState::Valid
            };
            Some(Authorisation {
                track: held.track.clone(),
                category: category_name(visitor.shell.words, &held.category),
                valid_from: held.valid_from.parse().ok()?,
                valid_until,
                state,
            })
        })
        .collect()
}

fn registrations(in_words: Words, file: &PersonFile) -> Vec<PersonRegistration> {
    file.registrations
        .iter()
        .map(|(seat, sitting, presence)| PersonRegistration {
            sitting: sitting.id.0.clone(),
            title: sitting.terms.title.clone(),
            opens_at: sitting.terms.opens_at.utc(),
            time_zone: sitting.zone(),
            category: format!("{}, {}", words::category(seat.category).name(in_words), seat.track),
            state: registration_state(*presence).badge(in_words).1,
        })
        .collect()
}

fn confirmed(file: &PersonFile) -> Accommodations {
    let Some((held, approver)) = &file.accommodation else {
        return Accommodations { fields: fields_of(&Arrangement::NONE), ..Accommodations::default() };
    };
    Accommodations {
        confirmed: true,
        approved_by: Some(approver.name.clone()),
        fields: fields_of(&held.arrangement()),
        expires_on: held.expires_on.clone().unwrap_or_default(),
        approved_note: held.approved_note.clone(),
        problems: Vec::new(),
    }
}

fn retyped(file: &PersonFile, form: AccommodationForm, problems: Vec<FieldError>) -> Accommodations {
    Accommodations {
        fields: form.fields.shown(),
        expires_on: form.expires_on,
        approved_note: form.approved_note,
        problems,
        ..confirmed(file)
    }
}

fn history(in_words: Words, file: &PersonFile) -> Vec<HistoryLine> {
    let line = |at: i64, what| HistoryLine { at: Instant(at).utc(), what };
    let mut lines = vec![line(file.view.person.created_at, Happened::Added)];
    for held in &file.authorisations {
        let what = format!("{}, {}", category_name(in_words, &held.category), held.track);
        lines.push(line(held.created_at, Happened::Authorised { what, reference: held.reference.clone() }));
    }
    for (seat, sitting, _) in &file.registrations {
        let title = || sitting.terms.title.clone();
        lines.push(line(seat.created_at.0, Happened::Registered { sitting: title() }));
        lines.extend(seat.agreement.iter().map(|(_, at)| line(at.0, Happened::Agreed { sitting: title() })));
        lines.extend(seat.admitted_at.iter().map(|at| line(at.0, Happened::Admitted { sitting: title() })));
    }
    if let Some((held, approver)) = &file.accommodation {
        lines.push(line(held.approved_at, Happened::Arranged { by: approver.name.clone() }));
    }
    // Stable, and turned round: of two things at one instant, the one that followed from the other stands above it.
    lines.sort_by_key(|line| line.at);
    lines.reverse();
    lines
}

/// `POST /people/{person}/invitation`
pub async fn invite(visitor: Visitor, id: Path<String>) -> Answer {
    let id = PersonId(id.into_inner());
    visitor.people().invite_again(&id).await?;
    Ok(see_other(&Done::Invited.after(&urls::person(id.as_str()))))
}

/// `POST /people/{person}/accommodations`
pub async fn accommodate(visitor: Visitor, id: Path<String>, form: Form<AccommodationForm>) -> Answer {
    let (id, form, in_words) = (PersonId(id.into_inner()), form.0, visitor.shell.words);
    let mut typed = Typed::new(in_words);
    let new = NewAccommodation {
        arrangement: form.fields.read(&mut typed),
        expires_on: Some(form.expires_on.trim().to_owned()).filter(|day| !day.is_empty()),
        approved_note: form.approved_note.clone(),
    };
    let refused = if typed.problems.is_empty() {
        match visitor.people().accommodation_set(&id, new).await {
            Ok(_) => return Ok(see_other(&Done::Arranged.after(&urls::person(id.as_str())))),
            Err(error) => unaccepted(error, in_words, &CONFIRMATION_PLACES)?,
        }
    } else {
        Unaccepted::of(typed.problems)
    };
    let visitor = at_home(visitor).await?;
    let view =
        person_page(&visitor, &id, Typing { accommodation: Some((form, refused.problems)), ..Typing::default() })
            .await?;
    Ok(Unaccepted::answer(refused.status, person(&visitor.shell, &view)))
}
