//! Arrangements: an examinee asks, a coordinator of theirs decides, and what is confirmed holds at once and in every
//! later sitting. Nobody decides on their own request.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::examinee::Examinee;
use super::facts::{arrangement_day, course};
use super::people::{People, member};
use super::pulse::Beat;
use super::{Page, Range};
use crate::domain::accommodation::{
    Arrangement, Decision, RequestState, holds_on, last_day, lengthening_seconds, may_decide, problem_of_note,
};
use crate::domain::ids::{AssociationId, AttemptId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::vocabulary::Role;
use crate::store::audit::Entry;
use crate::store::people::{AccommodationRow, ArrangementRequest, Person};
use crate::store::{Error, Sighted, Tx};

/// How many of their requests a person sees.
const SHOWN: i64 = 50;

/// An arrangement to be confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewAccommodation {
    /// What.
    pub arrangement: Arrangement,
    /// Last day, `YYYY-MM-DD`.
    pub expires_on: Option<String>,
    /// On what grounds.
    pub approved_note: String,
}

/// What a coordinator makes of a request.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Which way.
    pub decision: Decision,
    /// What is granted by an approval.
    pub granted: Arrangement,
    /// Last day, `YYYY-MM-DD`.
    pub expires_on: Option<String>,
    /// What the person is told.
    pub note: String,
}

/// One's own arrangement and requests.
pub struct OwnArrangements {
    /// What is confirmed, be its last day over or not.
    pub confirmed: Option<AccommodationRow>,
    /// One's requests, newest first.
    pub requests: Vec<ArrangementRequest>,
}

/// A request with whom it concerns.
pub struct RequestFile {
    /// What is asked.
    pub request: ArrangementRequest,
    /// Who asks.
    pub person: Person,
    /// Who decided.
    pub decided_by: Option<Person>,
    /// What is confirmed for the person now.
    pub confirmed: Option<AccommodationRow>,
}

impl Examinee {
    /// One's own arrangement and requests.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn arrangements(&self) -> Result<OwnArrangements, Error> {
        self.0
            .read(|tx, me| {
                Ok(OwnArrangements {
                    confirmed: tx.accommodation_confirmed(&me.person)?,
                    requests: tx.requests_of(&me.person, SHOWN)?,
                })
            })
            .await
    }

    /// Asks for an arrangement.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`] for who sits no exams; [`Refusal::Invalid`]; [`Refusal::RequestWaiting`].
    pub async fn arrangement_request(&self, wish: Arrangement, statement: String) -> Result<ArrangementRequest, Error> {
        self.0
            .write(move |tx, me| {
                let place = me.roles.iter().find(|(role, _)| *role == Role::Examinee).ok_or(Refusal::RoleRequired)?;
                let mut problems = wish.problems();
                problems.extend(problem_of_note("/statement", &statement));
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                let request = ArrangementRequest {
                    id: tx.entropy().id(),
                    person: me.person.clone(),
                    state: RequestState::Waiting,
                    wish,
                    statement: statement.trim().to_owned(),
                    requested_at: tx.now(),
                    decided_by: None,
                    decided_at: None,
                    decision_note: None,
                    accommodation: None,
                };
                tx.request_add(&request)?;
                audit(tx, me, &place.1, "accommodation.request", &request.id)?;
                Ok(request)
            })
            .await
    }

    /// Takes a request of one's own back.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's; [`Refusal::RequestDecided`].
    pub async fn arrangement_withdraw(&self, id: String) -> Result<(), Error> {
        self.0
            .write(move |tx, me| {
                let mut request = tx.request(&id)?;
                if request.person != me.person {
                    return Err(Refusal::NotFound.into());
                }
                if request.state != RequestState::Waiting {
                    return Err(Refusal::RequestDecided.into());
                }
                request.state = RequestState::Withdrawn;
                request.decided_at = Some(tx.now());
                tx.request_settle(&request)?;
                match me.roles.first() {
                    Some((_, place)) => audit(tx, me, place, "accommodation.request_withdraw", &id),
                    None => Ok(()),
                }
            })
            .await
    }
}

impl People {
    /// Confirms an arrangement. It holds for every part that starts from then on, and lengthens one that runs.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`]; [`Refusal::SecondPersonRequired`] for oneself.
    pub async fn accommodation_set(&self, id: &PersonId, new: NewAccommodation) -> Result<AccommodationRow, Error> {
        let id = id.clone();
        let (row, moved) = self
            .0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                refuse_own(me, &id)?;
                let place = roles.into_iter().next().map(|(_, place)| place).ok_or(Refusal::NotFound)?;
                confirm(tx, me, &place, &id, &new)
            })
            .await?;
        self.tell(&moved);
        Ok(row)
    }

    /// Ends what is confirmed for somebody. A part that runs keeps what it was given.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for people of other associations and where nothing is confirmed.
    pub async fn accommodation_end(&self, id: &PersonId) -> Result<(), Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                refuse_own(me, &id)?;
                if !tx.accommodation_end(&id)? {
                    return Err(Refusal::NotFound.into());
                }
                tx.message_add(&id, "accommodation_ended", &json!({}))?;
                let place = roles.into_iter().next().map(|(_, place)| place).ok_or(Refusal::NotFound)?;
                audit(tx, me, &place, "accommodation.end", id.as_str())
            })
            .await
    }

    /// The requests that wait for a coordinator of one's associations.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn requests(&self, range: Range) -> Result<Page<RequestFile>, Error> {
        self.0
            .read(move |tx, me| {
                let places = me.require_anywhere(Act::JudgeArrangements)?;
                let waiting = tx.requests_waiting(&places, &range.after, range.probe())?;
                let files: Result<Vec<RequestFile>, Error> =
                    waiting.into_iter().map(|request| file(tx, request)).collect();
                Ok(range.page(files?, |f| f.request.id.clone()))
            })
            .await
    }

    /// One request.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for people of other associations; [`Refusal::RoleRequired`].
    pub async fn request(&self, id: String) -> Result<RequestFile, Error> {
        self.0
            .read(move |tx, me| {
                let (request, _) = readable(tx, me, &id)?;
                file(tx, request)
            })
            .await
    }

    /// Approves a request, as asked or otherwise, or declines it; the person is told.
    ///
    /// # Errors
    /// [`Refusal::RequestDecided`], [`Refusal::SecondPersonRequired`], [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn request_decide(&self, id: String, judgement: Judgement) -> Result<ArrangementRequest, Error> {
        let (request, moved) = self
            .0
            .write(move |tx, me| {
                let (mut request, place) = readable(tx, me, &id)?;
                may_decide(request.state, &request.person, &me.person)?;
                if let Some(problem) = problem_of_note("/note", &judgement.note) {
                    return Err(Refusal::Invalid(vec![problem]).into());
                }
                let mut moved = Vec::new();
                if judgement.decision == Decision::Approve {
                    let new = granted(&judgement)?;
                    let (row, lengthened) = confirm(tx, me, &place, &request.person, &new)?;
                    (request.accommodation, moved) = (Some(row.id), lengthened);
                    request.state = RequestState::Approved;
                } else {
                    tx.message_add(&request.person, "accommodation_declined", &json!({}))?;
                    request.state = RequestState::Declined;
                }
                request.decided_by = Some(me.person.clone());
                request.decided_at = Some(tx.now());
                request.decision_note = Some(judgement.note.trim().to_owned());
                tx.request_settle(&request)?;
                tx.audit(Entry {
                    association: Some(place),
                    actor: me.person.0.clone(),
                    act: "accommodation.request_decide",
                    subject: request.id.clone(),
                    detail: json!({ "decision": judgement.decision }),
                })?;
                Ok((request, moved))
            })
            .await?;
        self.tell(&moved);
        Ok(request)
    }

    /// Tells the open pages whose deadline moved.
    fn tell(&self, moved: &[AttemptId]) {
        moved.iter().for_each(|id| self.0.office.pulse.tell(Beat::Clock(id.clone())));
    }
}

fn refuse_own(me: &Authority, whose: &PersonId) -> Result<(), Refusal> {
    if me.person == *whose { Err(Refusal::SecondPersonRequired) } else { Ok(()) }
}

/// A request of an examinee of one's own associations, and that association.
fn readable(tx: &mut Tx<'_, Sighted>, me: &Authority, id: &str) -> Result<(ArrangementRequest, AssociationId), Error> {
    let places = me.require_anywhere(Act::JudgeArrangements)?;
    let request = tx.request(id)?;
    let roles = tx.roles_of(std::slice::from_ref(&request.person.0))?;
    let shared = roles.into_iter().find(|(_, role, place)| *role == Role::Examinee && places.contains(place));
    let (_, _, place) = shared.ok_or(Refusal::NotFound)?;
    Ok((request, place))
}

fn file(tx: &mut Tx<'_, Sighted>, request: ArrangementRequest) -> Result<RequestFile, Error> {
    let decided_by = match &request.decided_by {
        Some(who) => Some(tx.person(who)?),
        None => None,
    };
    let confirmed = tx.accommodation_confirmed(&request.person)?;
    Ok(RequestFile { person: tx.person(&request.person)?, decided_by, confirmed, request })
}

/// What an approval confirms.
fn granted(judgement: &Judgement) -> Result<NewAccommodation, Refusal> {
    if judgement.granted == Arrangement::NONE {
        return Err(Refusal::invalid("/time_multiplier_percent", "an approval grants at least one thing"));
    }
    Ok(NewAccommodation {
        arrangement: judgement.granted,
        expires_on: judgement.expires_on.clone(),
        approved_note: judgement.note.clone(),
    })
}

/// Puts an arrangement in force, lengthens what runs, and tells the person.
fn confirm(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    place: &AssociationId,
    who: &PersonId,
    new: &NewAccommodation,
) -> Result<(AccommodationRow, Vec<AttemptId>), Error> {
    let mut problems = new.arrangement.problems();
    let expires_on = match last_day(new.expires_on.as_deref()) {
        Ok(day) => day,
        Err(refusal) => {
            problems.extend_from_slice(refusal.problems());
            None
        }
    };
    problems.extend(problem_of_note("/approved_note", &new.approved_note));
    if !problems.is_empty() {
        return Err(Refusal::Invalid(problems).into());
    }
    let Arrangement { terms, stop_clock_breaks, presentation } = new.arrangement;
    let row = AccommodationRow {
        id: tx.entropy().id(),
        person_id: who.0.clone(),
        time_multiplier_percent: terms.time_multiplier_percent,
        extra_seconds_one: terms.extra_seconds_one,
        extra_seconds_two: terms.extra_seconds_two,
        stop_clock_breaks,
        expires_on,
        approved_by: me.person.0.clone(),
        approved_note: new.approved_note.clone(),
        approved_at: tx.now().0,
        replaced_at: None,
        larger_type: presentation.larger_type,
        reader_layout: presentation.reader_layout,
        spell_check: presentation.spell_check,
    };
    tx.accommodation_set(&row)?;
    tx.audit(Entry {
        association: Some(place.clone()),
        actor: me.person.0.clone(),
        act: "accommodation.set",
        subject: who.0.clone(),
        detail: json!({
            "terms": terms, "stop_clock_breaks": stop_clock_breaks, "presentation": presentation,
            "expires_on": row.expires_on,
        }),
    })?;
    tx.message_add(who, "accommodation_confirmed", &json!({}))?;
    let moved = lengthen_what_runs(tx, me, who, &row)?;
    Ok((row, moved))
}

/// Gives to the parts that run what the arrangement grants beyond what they have.
fn lengthen_what_runs(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    who: &PersonId,
    row: &AccommodationRow,
) -> Result<Vec<AttemptId>, Error> {
    let (now, mut moved) = (tx.now(), Vec::new());
    for seat in tx.registrations_of(who)? {
        let course = course(tx, seat)?;
        if !holds_on(row.expires_on.as_deref(), arrangement_day(&course, now)) {
            continue;
        }
        for attempt in [&course.one, &course.two].into_iter().flatten().filter(|a| !a.clock.is_over(now)) {
            let seconds = lengthening_seconds(&tx.terms_of(&attempt.id)?, attempt.part, &row.terms());
            if seconds == 0 {
                continue;
            }
            let deadline = tx.arrangement_add(attempt, seconds, &me.person)?;
            tx.audit(Entry {
                association: Some(course.sitting.association.clone()),
                actor: me.person.0.clone(),
                act: "attempt.accommodate",
                subject: attempt.id.0.clone(),
                detail: json!({ "seconds": seconds, "deadline": deadline.rfc3339() }),
            })?;
            moved.push(attempt.id.clone());
        }
    }
    Ok(moved)
}

fn audit(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    place: &AssociationId,
    act: &'static str,
    subject: &str,
) -> Result<(), Error> {
    tx.audit(Entry {
        association: Some(place.clone()),
        actor: me.person.0.clone(),
        act,
        subject: subject.to_owned(),
        detail: json!({}),
    })
}
