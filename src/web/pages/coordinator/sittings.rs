//! Sittings: the list, a new one, one sitting with its seats, and changes of it.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::sittings::{
    FormLine, FormSize, NewRegistration, RegistrationRow, RegistrationState, SittingForm, SittingPage, SittingRow,
    Sittings, sitting, sitting_new, sittings,
};
use evenhand_templates::form::FieldError;
use evenhand_templates::staff::{Choice, Done, Slip};
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde::Deserialize;

use super::sitting_form::{self, PLACES, Sent, blank, retyped};
use super::{head, runs};
use crate::desk::coordinator::{Candidate, Seat};
use crate::desk::forms::{FormStanding, NamedForms};
use crate::desk::overview::Scheduled;
use crate::domain::ids::{AssociationId, PersonId, RegistrationId, SittingId};
use crate::domain::presence::Presence;
use crate::domain::rights::Act;
use crate::domain::safe_browser::configuration::own_config_key;
use crate::domain::sitting::Stage;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Category, Track};
use crate::store::forms::Audience;
use crate::store::sittings::Association;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

const PERSON: Place = place("/person", "person", "registration-person");
const TRACK: Place = place("/track", "track", "person-track");
const CATEGORY: Place = place("/category", "category", "person-category");

/// Who is to get a seat. Track and category may be left to the authorisation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatForm {
    person: String,
    #[serde(default)]
    track: String,
    #[serde(default)]
    category: String,
}

/// `GET /sittings`
pub async fn list(visitor: Visitor) -> Answer {
    let calendar = visitor.coordinator().calendar().await?;
    let now = visitor.arrival();
    let (mut coming, mut past): (Vec<Scheduled>, Vec<Scheduled>) =
        calendar.into_iter().partition(|s| matches!(s.stage, Stage::Planned | Stage::Open));
    coming.sort_by_key(|s| s.summary.sitting.terms.opens_at);
    past.sort_by_key(|s| std::cmp::Reverse(s.summary.sitting.terms.closes_at));
    let rows = |list: &[Scheduled]| list.iter().map(|s| row(s, now)).collect();
    let may_make = !visitor.authority.associations(Act::RunSittings).is_empty();
    let places = visitor.coordinator().agreement_associations().await?;
    let agreement = places.into_iter().map(|place| (place.id, place.name)).collect();
    let view = Sittings { coming: rows(&coming), past: rows(&past), may_make, agreement };
    Ok(page(sittings(&visitor.shell, &view)))
}

fn row(scheduled: &Scheduled, now: Instant) -> SittingRow {
    let id = scheduled.summary.sitting.id.as_str();
    let href = if scheduled.runs { Some(urls::sitting(id)) } else { scheduled.sees_board.then(|| urls::board(id)) };
    SittingRow {
        head: head(&scheduled.summary, now),
        booked: scheduled.summary.taken,
        capacity: scheduled.summary.sitting.terms.capacity,
        lacks_form: scheduled.lacks_form,
        href,
    }
}

/// The associations whose sittings the visitor runs.
async fn run_associations(visitor: &Visitor) -> Result<Vec<Association>, AppError> {
    let mut places = visitor.people().associations().await?;
    places.retain(|place| visitor.authority.may(Act::RunSittings, &AssociationId(place.id.clone())));
    if places.is_empty() {
        return Err(crate::domain::refusal::Refusal::RoleRequired.into());
    }
    Ok(places)
}

/// `GET /sittings/new`
pub async fn new(visitor: Visitor) -> Answer {
    let associations = run_associations(&visitor).await?;
    Ok(page(sitting_new(&visitor.shell, &blank(&associations))))
}

/// `POST /sittings`
pub async fn add(visitor: Visitor, form: Form<Sent>) -> Answer {
    let associations = run_associations(&visitor).await?;
    let in_words = visitor.shell.words;
    let refused = match sitting_form::read(in_words, &form.0) {
        Ok(typed) => {
            let named = form.0.association.clone().or_else(|| associations.first().map(|a| a.id.clone()));
            let place = AssociationId(named.unwrap_or_default());
            let browser = form.0.browser();
            match visitor.coordinator().sitting_add(place, typed.terms(), NamedForms::default(), browser).await {
                Ok(made) => return Ok(see_other(&Done::SittingMade.after(&urls::sitting(made.sitting.id.as_str())))),
                Err(error) => unaccepted(error, in_words, &PLACES)?,
            }
        }
        Err(problems) => Unaccepted::of(problems),
    };
    let over = SittingForm { problems: refused.problems, ..SittingForm::default() };
    let view = retyped(form.0, &associations, over);
    Ok(Unaccepted::answer(refused.status, sitting_new(&visitor.shell, &view)))
}

/// What a refused form puts on the page of a sitting.
#[derive(Default)]
struct Refused {
    seat: Option<(SeatForm, Vec<FieldError>)>,
    edit: Option<(Sent, Vec<FieldError>)>,
}

/// `GET /sittings/{sitting}`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let id = SittingId(id.into_inner());
    let summary = visitor.coordinator().sitting(&id).await?;
    if !runs(&visitor, &summary) && visitor.authority.may(Act::SeeBoard, &summary.sitting.association) {
        return Ok(see_other(&urls::board(id.as_str())));
    }
    let view = sitting_page(&visitor, &id, Refused::default()).await?;
    Ok(page(sitting(&visitor.shell, &view)))
}

async fn sitting_page(visitor: &Visitor, id: &SittingId, refused: Refused) -> Result<SittingPage, AppError> {
    let (desk, now) = (visitor.coordinator(), visitor.arrival());
    let forms = desk.forms(id).await?;
    let (summary, seats) = (desk.sitting(id).await?, desk.seats(id).await?);
    let terms = &summary.sitting.terms;
    let open = now <= terms.closes_at && summary.taken < terms.capacity;
    let new = if open || refused.seat.is_some() {
        Some(new_registration(visitor.shell.words, &desk.candidates(id).await?, refused.seat))
    } else {
        None
    };
    let shown =
        sitting_form::stored(terms, summary.browser.as_ref(), seats.iter().any(|seat| !seat.attempts.is_empty()));
    let edit = match refused.edit {
        Some((sent, problems)) => retyped(sent, &[], SittingForm { problems, ..shown }),
        None => shown,
    };
    let mut registrations: Vec<RegistrationRow> = seats.iter().map(|seat| seat_row(visitor, seat)).collect();
    registrations.sort_by(|a, b| (&a.name, &a.registration).cmp(&(&b.name, &b.registration)));
    Ok(SittingPage {
        head: head(&summary, now),
        capacity: terms.capacity,
        registrations,
        new,
        forms: forms.iter().map(|form| form_line(visitor.shell.words, form)).collect(),
        edit: Some(edit),
        safe_key: summary.browser.as_ref().map(|_| own_config_key(&visitor.web.origin, id)),
    })
}

/// Where a seat stands.
pub fn registration_state(presence: Presence) -> RegistrationState {
    match presence {
        Presence::Expected | Presence::Admitted => RegistrationState::Booked,
        Presence::Working | Presence::Disconnected | Presence::OnBreak | Presence::Paused | Presence::Break => {
            RegistrationState::Sitting
        }
        Presence::Finished => RegistrationState::Finished,
        Presence::Absent => RegistrationState::Absent,
    }
}

fn seat_row(visitor: &Visitor, seat: &Seat) -> RegistrationRow {
    RegistrationRow {
        registration: seat.registration.id.0.clone(),
        person: seat.person.id.clone(),
        name: seat.person.name.clone(),
        track: seat.registration.track.as_str().to_owned(),
        category: words::category(seat.registration.category).name(visitor.shell.words),
        state: registration_state(seat.presence),
        accommodated: seat.accommodated,
        system_check: seat.system_check.as_ref().and_then(crate::web::pages::practice::mark),
    }
}

fn form_line(in_words: Words, form: &FormStanding) -> FormLine {
    let (name, size) = match form.audience {
        Audience::Track(track) => (track.as_str().to_owned(), FormSize::Questions(form.size)),
        Audience::Strand(strand) => (words::strand(strand).name(in_words), FormSize::Vignettes(form.size)),
    };
    let title = format!("{}, {name}", words::part(form.audience.part()).name(in_words));
    FormLine { title, size, frozen: form.frozen, unmet: form.lacks.iter().cloned().collect() }
}

fn new_registration(
    in_words: Words,
    candidates: &[Candidate],
    refused: Option<(SeatForm, Vec<FieldError>)>,
) -> NewRegistration {
    let (sent, problems) = refused.map_or((None, Vec::new()), |(sent, problems)| (Some(sent), problems));
    let chosen = |of: fn(&SeatForm) -> &str, value: &str| sent.as_ref().is_some_and(|s| of(s) == value);
    let category_name = |category: Category| words::category(category).name(in_words);
    let people = candidates.iter().map(|candidate| {
        let held: Vec<String> =
            candidate.authorised.iter().map(|(t, c)| format!("{t}, {}", category_name(*c))).collect();
        let label = format!("{} ({})", candidate.person.name, held.join("; "));
        let id = candidate.person.id.as_str();
        Choice::new(id, label).chosen(chosen(|s| &s.person, id))
    });
    let held = |of: &dyn Fn(&(Track, Category)) -> bool| candidates.iter().flat_map(|c| &c.authorised).any(of);
    let tracks = Track::ALL.iter().filter(|t| held(&|(track, _)| track == *t));
    let tracks = tracks.map(|t| Choice::new(t.as_str(), t.as_str()).chosen(chosen(|s| &s.track, t.as_str())));
    let categories = Category::ALL.iter().filter(|c| held(&|(_, category)| category == *c));
    let categories =
        categories.map(|c| Choice::new(c.as_str(), category_name(*c)).chosen(chosen(|s| &s.category, c.as_str())));
    NewRegistration { people: people.collect(), tracks: tracks.collect(), categories: categories.collect(), problems }
}

/// `POST /sittings/{sitting}/registrations`
pub async fn register(visitor: Visitor, id: Path<String>, form: Form<SeatForm>) -> Answer {
    let (id, sent, in_words) = (SittingId(id.into_inner()), form.0, visitor.shell.words);
    let refused = match seat_meant(&visitor, &id, &sent).await? {
        Ok((track, category)) => {
            match visitor.coordinator().register(&id, &PersonId(sent.person.clone()), track, category).await {
                Ok(_) => return Ok(see_other(&Done::Registered.after(&urls::sitting(id.as_str())))),
                Err(error) => unaccepted(error, in_words, &[PERSON, TRACK, CATEGORY])?,
            }
        }
        Err(problems) => Unaccepted::of(problems),
    };
    let seat = Some((sent, refused.problems));
    again(&visitor, &id, refused.status, Refused { seat, edit: None }).await
}

/// The track and category that were chosen, or else those of the person's one authorisation.
async fn seat_meant(
    visitor: &Visitor,
    id: &SittingId,
    sent: &SeatForm,
) -> Result<Result<(Track, Category), Vec<FieldError>>, AppError> {
    let mut typed = Typed::new(visitor.shell.words);
    if sent.track.is_empty() || sent.category.is_empty() {
        let candidates = visitor.coordinator().candidates(id).await?;
        let held = candidates.into_iter().find(|c| c.person.id == sent.person).map(|c| c.authorised);
        let fits = |(track, category): &&(Track, Category)| {
            [(&sent.track, track.as_str()), (&sent.category, category.as_str())]
                .iter()
                .all(|(chosen, held)| chosen.is_empty() || chosen.as_str() == *held)
        };
        let held = held.unwrap_or_default();
        let fitting: Vec<&(Track, Category)> = held.iter().filter(fits).collect();
        if let [only] = fitting.as_slice() {
            return Ok(Ok(**only));
        }
        typed.slip(PERSON, Slip::WhichAuthorisation);
        return Ok(Err(typed.problems));
    }
    let track = typed.one_of(TRACK, &sent.track, Track::parse);
    let category = typed.one_of(CATEGORY, &sent.category, Category::parse);
    Ok(track.zip(category).ok_or(typed.problems))
}

/// `POST /sittings/{sitting}`
pub async fn change(visitor: Visitor, id: Path<String>, form: Form<Sent>) -> Answer {
    let (id, in_words) = (SittingId(id.into_inner()), visitor.shell.words);
    let refused = match sitting_form::read(in_words, &form.0) {
        Ok(typed) => {
            let change = move |terms: &mut _| typed.put_into(terms);
            match visitor.coordinator().sitting_change(&id, change, Some(form.0.browser())).await {
                Ok(_) => return Ok(see_other(&Done::SittingChanged.after(&urls::sitting(id.as_str())))),
                Err(error) => unaccepted(error, in_words, &PLACES)?,
            }
        }
        Err(problems) => Unaccepted::of(problems),
    };
    let edit = Some((form.0, refused.problems));
    again(&visitor, &id, refused.status, Refused { seat: None, edit }).await
}

/// The page with the form that was refused.
async fn again(visitor: &Visitor, id: &SittingId, status: StatusCode, refused: Refused) -> Answer {
    let view = sitting_page(visitor, id, refused).await?;
    Ok(Unaccepted::answer(status, sitting(&visitor.shell, &view)))
}

/// `POST /registrations/{registration}/cancellation`
pub async fn cancel(visitor: Visitor, id: Path<String>) -> Answer {
    let desk = visitor.coordinator();
    let id = RegistrationId(id.into_inner());
    let sitting = desk.registration_cancel(&id).await?;
    Ok(see_other(&Done::SeatGivenBack.after(&urls::sitting(sitting.as_str()))))
}
