//! The practice exam: the same engine under material that no real form holds, as often as an examinee likes.
//!
//! Invariants: a seat for practice is in a sitting for practice, and nothing but its examinee's desk knows either; the
//! agreement and the proctor's leave are not asked for, because there is nothing to keep secret and nobody watches.

use serde::Serialize;
use serde_json::json;

use super::examinee::{Examinee, RegistrationView, registration_view};
use super::facts::{Course, course, own_attempt, own_registration};
use crate::domain::attempt::{Next, next};
use crate::domain::bank::Item;
use crate::domain::form::{CHOICE_LETTERS, ContentRef, Layout};
use crate::domain::ids::{AssociationId, AttemptId, FormId, RegistrationId, SittingId};
use crate::domain::policy::Policy;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Authority;
use crate::domain::sitting::{MAX_ALLOWANCE_SECONDS, Terms};
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Category, Part, Role, SittingKind, Track};
use crate::store::audit::Entry;
use crate::store::forms::Audience;
use crate::store::registrations::Registration;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// How many practice exams the list shows: the newest.
const SHOWN: i64 = 20;
/// The most questions of a practice exam.
const MOST_ITEMS: usize = 20;
/// The most vignettes of a practice exam: as many as most exams have.
const MOST_VIGNETTES: usize = 2;
/// A sitting for practice goes on for so long.
const OPEN_SECONDS: i64 = 10 * 366 * 24 * 3600;
/// A part is no shorter, whatever the policy says.
const MIN_SECONDS: i64 = 60;
/// A sitting for practice never fills.
const SEATS: i64 = 1_000_000_000;

/// How Part One of a practice exam went.
#[derive(Debug, Clone, Serialize)]
pub struct Solution {
    /// Of which attempt.
    pub attempt: AttemptId,
    /// Questions answered rightly.
    pub correct: i64,
    /// Questions in all.
    pub scored: i64,
    /// Each question, in the order in which it was shown.
    pub questions: Vec<Solved>,
}

/// A question with its answer. Texts are Markdown; the edge makes them safe HTML.
#[derive(Debug, Clone, Serialize)]
pub struct Solved {
    /// From 1.
    pub position: i64,
    /// What was asked.
    pub stem: String,
    /// What was chosen, if anything: the letter shown.
    pub chosen: Option<&'static str>,
    /// Its text.
    pub chosen_text: Option<String>,
    /// What is right: the letter shown.
    pub right: &'static str,
    /// Its text.
    pub right_text: String,
    /// Why.
    pub rationale: String,
}

impl Examinee {
    /// A practice exam: the newest, as long as nothing was started in it or a part of it runs, or else a new one. Says
    /// whether it is new.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`] for who is no examinee; [`Refusal::FormNotPossible`] when the question bank holds nothing
    /// for practice.
    pub async fn practice_begin(&self) -> Result<(RegistrationId, bool), Error> {
        self.0
            .write(|tx, me| match unfinished(tx, me)? {
                Some(course) => Ok((course.registration.id, false)),
                None => Ok((practice_seat(tx, me, "practice.begin")?.id, true)),
            })
            .await
    }

    /// One of one's own practice exams.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's, and for a seat in a real exam.
    pub async fn practice(&self, id: &RegistrationId, locale: &str) -> Result<RegistrationView, Error> {
        let (id, locale) = (id.clone(), locale.to_owned());
        self.0
            .read(move |tx, me| {
                let registration = own_registration(tx, &me.person, &id)?;
                if !registration.practice {
                    return Err(Refusal::NotFound.into());
                }
                let course = course(tx, registration)?;
                registration_view(tx, &course, &locale)
            })
            .await
    }

    /// Own practice exams, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn practices(&self, locale: &str) -> Result<Vec<RegistrationView>, Error> {
        let locale = locale.to_owned();
        self.0
            .read(move |tx, me| {
                let mut views = Vec::new();
                for seat in tx.practices_of(&me.person, SHOWN)? {
                    let course = course(tx, seat)?;
                    views.push(registration_view(tx, &course, &locale)?);
                }
                Ok(views)
            })
            .await
    }

    /// The answers to a Part One that was practised and is closed.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's, for Part Two, and for whatever is not practice;
    /// [`Refusal::PartNotReady`] while it runs.
    pub async fn practice_solution(&self, id: &AttemptId) -> Result<Solution, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (attempt, registration) = own_attempt(tx, &me.person, &id)?;
                if !registration.practice || attempt.part != Part::One {
                    return Err(Refusal::NotFound.into());
                }
                if attempt.receipt.is_none() {
                    return Err(Refusal::PartNotReady.into());
                }
                let items = tx.form_items(&attempt.form)?;
                let layout = Layout::of(&attempt.seed, items.len());
                let answers = tx.answers_counted(&id)?;
                let chosen = |position| answers.iter().find(|a| a.position == position)?.choice.clone();
                let questions: Vec<Solved> = (1..)
                    .take(items.len())
                    .filter_map(|position| solved(&items, &layout, position, chosen(position)))
                    .collect();
                let correct = questions.iter().filter(|q| q.chosen == Some(q.right)).count();
                Ok(Solution { attempt: id.clone(), correct: count(correct), scored: count(questions.len()), questions })
            })
            .await
    }

    /// Whether this person may practise and there is something to practise on.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn practice_possible(&self) -> Result<bool, Error> {
        self.0
            .read(|tx, me| {
                let examinee = me.roles.iter().any(|(role, _)| *role == Role::Examinee);
                Ok(examinee && !tx.items_for_practice()?.is_empty() && !tx.vignettes_for_practice()?.is_empty())
            })
            .await
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn solved(items: &[Item], layout: &Layout, position: i64, chosen: Option<String>) -> Option<Solved> {
    let item = items.get(layout.ordinal_at(position)?)?;
    let shown = layout.choices_at(position)?;
    let right = CHOICE_LETTERS.get(shown.iter().position(|original| *original == item.key)?)?;
    let letter = chosen.and_then(|chosen| CHOICE_LETTERS.iter().copied().find(|letter| *letter == chosen));
    let text = |letter: &str| Some(item.choices.get(layout.original_choice(position, letter)?)?.clone());
    Some(Solved {
        position,
        stem: item.stem.clone(),
        chosen: letter,
        chosen_text: letter.and_then(text),
        right,
        right_text: item.key_text().to_owned(),
        rationale: item.rationale.clone(),
    })
}

/// The newest practice exam, provided that pressing the button again should lead back to it.
fn unfinished(tx: &mut Tx<'_, Sighted>, me: &Authority) -> Result<Option<Course>, Error> {
    let Some(newest) = tx.practices_of(&me.person, 1)?.pop() else { return Ok(None) };
    let course = course(tx, newest)?;
    let fresh = course.one.is_none() && current(tx, me, &course.sitting)?;
    let runs = matches!(next(&course.start, tx.now()), Next::Resume(_));
    Ok((fresh || runs).then_some(course))
}

/// Whether a new seat would be in that sitting too.
fn current(tx: &mut Tx<'_, Sighted>, me: &Authority, sitting: &Sitting) -> Result<bool, Error> {
    let (place, ..) = what_for(tx, me)?;
    Ok(sitting.association == place && is_like(sitting, &terms(tx, &place)?, tx.now()))
}

/// Gives a seat for practice in the association's sitting for it.
pub(super) fn practice_seat(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    act: &'static str,
) -> Result<Registration, Error> {
    let (place, track, category) = what_for(tx, me)?;
    let sitting = sitting_of(tx, me, &place)?;
    let registration = Registration {
        id: tx.fresh::<RegistrationId>(),
        sitting: sitting.clone(),
        person: me.person.clone(),
        track,
        category,
        strand: category.strand(),
        cancelled: false,
        completed: false,
        agreement: None,
        admitted_at: None,
        late_admission_reason: None,
        created_at: tx.now(),
        practice: true,
    };
    tx.registration_add(&registration)?;
    tx.audit(Entry {
        association: Some(place),
        actor: me.person.0.clone(),
        act,
        subject: registration.id.0.clone(),
        detail: json!({ "sitting": sitting, "track": track, "category": category }),
    })?;
    Ok(registration)
}

/// For what this person practises: for what they are registered, else authorised, else for anything.
fn what_for(tx: &mut Tx<'_, Sighted>, me: &Authority) -> Result<(AssociationId, Track, Category), Error> {
    let held = me.roles.iter().find(|(role, _)| *role == Role::Examinee);
    let (_, own) = held.ok_or(Refusal::RoleRequired)?;
    if let Some(seat) = tx.registrations_of(&me.person)?.into_iter().next() {
        return Ok((tx.sitting(&seat.sitting)?.association, seat.track, seat.category));
    }
    for held in tx.authorisations_of(&me.person)? {
        if let (Some(track), Some(category)) = (Track::parse(&held.track), Category::parse(&held.category)) {
            return Ok((AssociationId(held.association_id), track, category));
        }
    }
    Ok((own.clone(), Track::Imh, Category::Specialist))
}

/// The association's sitting for practice: the newest, as long as policy and material are what it was made of.
fn sitting_of(tx: &mut Tx<'_, Sighted>, me: &Authority, place: &AssociationId) -> Result<SittingId, Error> {
    let terms = terms(tx, place)?;
    if let Some(sitting) = tx.practice_sitting(place)?.filter(|sitting| is_like(sitting, &terms, tx.now())) {
        return Ok(sitting.id);
    }
    let sitting = Sitting {
        id: tx.fresh(),
        association: place.clone(),
        terms,
        created_by: me.person.clone(),
        created_at: tx.now(),
    };
    tx.practice_sitting_add(&sitting)?;
    tx.audit(Entry {
        association: Some(place.clone()),
        actor: "clerk".into(),
        act: "practice.open",
        subject: sitting.id.0.clone(),
        detail: json!({ "terms": sitting.terms }),
    })?;
    Ok(sitting.id)
}

/// Whether a sitting is made of these terms, and still open.
fn is_like(sitting: &Sitting, terms: &Terms, now: Instant) -> bool {
    let mut same = terms.clone();
    (same.opens_at, same.closes_at) = (sitting.terms.opens_at, sitting.terms.closes_at);
    same == sitting.terms && now < sitting.terms.closes_at
}

/// What a practice exam is made of today.
fn terms(tx: &mut Tx<'_, Sighted>, place: &AssociationId) -> Result<Terms, Error> {
    let now = tx.now();
    let Policy { practice_one_seconds, practice_two_seconds, .. } = tx.policy(place, now)?;
    let items = tx.items_for_practice()?.len().min(MOST_ITEMS);
    let vignettes = count(tx.vignettes_for_practice()?.len().min(MOST_VIGNETTES));
    if items == 0 || vignettes == 0 {
        return Err(nothing_to_practise().into());
    }
    let association = tx.associations(Some(std::slice::from_ref(place)))?.into_iter().next();
    Ok(Terms {
        title: "Practice exam".to_owned(),
        kind: SittingKind::Window,
        opens_at: now,
        closes_at: now.plus_seconds(OPEN_SECONDS),
        time_zone: association.map_or_else(|| "UTC".to_owned(), |association| association.time_zone),
        capacity: SEATS,
        one_allowance_seconds: practice_one_seconds.clamp(MIN_SECONDS, MAX_ALLOWANCE_SECONDS),
        one_items: count(items),
        one_pass_percent: 80,
        two_allowance_seconds: practice_two_seconds.clamp(MIN_SECONDS, MAX_ALLOWANCE_SECONDS),
        two_vignettes: vignettes,
        two_answer: vignettes,
    })
}

fn nothing_to_practise() -> Refusal {
    Refusal::FormNotPossible("the question bank holds nothing for practice.".to_owned())
}

/// The form of a practice exam: everything that the bank has for it today, frozen like any other.
pub(super) fn practice_form(
    tx: &mut Tx<'_, Sighted>,
    sitting: &SittingId,
    for_whom: Audience,
) -> Result<FormId, Error> {
    let entries: Vec<ContentRef> = match for_whom {
        Audience::Track(track) => tx
            .items_for_practice()?
            .into_iter()
            .filter(|item| item.tracks.contains(&track))
            .take(MOST_ITEMS)
            .map(|item| ContentRef { id: item.id, version: item.version })
            .collect(),
        Audience::Strand(_) => tx
            .vignettes_for_practice()?
            .into_iter()
            .take(MOST_VIGNETTES)
            .map(|vignette| ContentRef { id: vignette.id, version: vignette.version })
            .collect(),
    };
    if entries.is_empty() {
        return Err(nothing_to_practise().into());
    }
    for form in tx.forms(sitting, for_whom)? {
        if tx.form_entries(&form)? == entries {
            return Ok(form);
        }
    }
    let seed = tx.entropy().secret();
    tx.form_freeze(sitting, for_whom, &seed, &entries)
}
