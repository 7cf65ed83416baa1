//! Safe Exam Browser at the desks: whether a session may see the content of an exam, what it proved, who is exempt, and the
//! configuration that leads there.
//!
//! Content is handed out for a [`SeeingPermit`] alone. Saving and submitting ask for none: an answer that was given is
//! stored whatever sends it, and where the session had proved nothing that is counted and shown on the board.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::examinee::Examinee;
use super::facts::{course, own_attempt, own_registration, sitting_for};
use super::proctor::Proctor;
use crate::domain::attempt::{Next, next};
use crate::domain::ids::{AttemptId, RegistrationId, SessionId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::domain::safe_browser::configuration::{own_config_key, own_file};
use crate::domain::safe_browser::{
    FRESH_SECONDS, Facts, Grounds, PROOF_SECONDS, Proved, SeeingPermit, Shown, Standing, may_see,
};
use crate::domain::timing::Instant;
use crate::store::audit::Entry;
use crate::store::registrations::Registration;
use crate::store::{Call, Error, Sighted, Tx};

/// How seldom it is written down that somebody is turned away, in seconds.
const REFUSALS_APART_SECONDS: i64 = 30;
/// The most characters of a reason.
const MAX_REASON: usize = 500;

/// The page that a script's proof is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProvingPage {
    /// The exam's own.
    Exam(RegistrationId),
    /// The exam room of an attempt.
    Room(AttemptId),
}

/// What came of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserProof {
    /// `proved`, `exempt`, or `not_required`.
    pub state: String,
    /// Until when what the page fetches is open, RFC 3339; the page proves it anew before that.
    pub valid_until: Option<String>,
}

/// What is asked of the browser at a seat, and what is known of the session that asks.
fn facts(tx: &mut Tx<'_, Sighted>, seat: &Registration, session: &SessionId, base: &str) -> Result<Facts, Error> {
    // Practice shows nothing that would have to be kept secret.
    let asked = if seat.practice { None } else { tx.browser_requirement(&seat.sitting)? };
    let Some(requirement) = asked else {
        return Ok(Facts { keys: None, exempt: false, remembered_until: None });
    };
    Ok(Facts {
        keys: Some(requirement.keys(&own_config_key(base, &seat.sitting))),
        exempt: tx.browser_exempt(&seat.id)?,
        remembered_until: tx.browser_known(&seat.id, session)?.remembered_until,
    })
}

/// Whether this session, which shows that, may see the content of the exam at a seat.
pub(super) fn seeing(
    tx: &mut Tx<'_, Sighted>,
    seat: &Registration,
    session: &SessionId,
    base: &str,
    shown: &Shown,
) -> Result<SeeingPermit, Error> {
    let facts = facts(tx, seat, session, base)?;
    Ok(may_see(&facts, shown, tx.now())?)
}

/// Writes a proof down, unless one was a moment ago.
pub(super) fn note_proof(
    tx: &mut Tx<'_, Sighted>,
    seat: &RegistrationId,
    session: &SessionId,
    permit: &SeeingPermit,
    by_page: bool,
) -> Result<(), Error> {
    match permit.grounds() {
        Grounds::Proved(proved) if is_news(tx, seat, session, by_page)? => {
            tx.browser_prove(seat, session, proved, by_page)
        }
        _ => Ok(()),
    }
}

/// Whether a proof says more than is known already.
fn is_news(tx: &mut Tx<'_, Sighted>, seat: &RegistrationId, session: &SessionId, by_page: bool) -> Result<bool, Error> {
    let (known, now) = (tx.browser_known(seat, session)?, tx.now());
    // What turned somebody away since is over with this proof.
    let since_refused =
        tx.browser_refused_at(seat)?.is_some_and(|at| known.proved_at.is_none_or(|proved| proved <= at));
    let stale = known.proved_at.is_none_or(|at| now.seconds_since(at) >= FRESH_SECONDS);
    let lasting = PROOF_SECONDS - FRESH_SECONDS;
    let lapses = by_page && known.remembered_until.is_none_or(|until| until.seconds_since(now) < lasting);
    Ok(stale || lapses || since_refused)
}

/// At which seat content was asked for.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// At that one.
    Seat(RegistrationId),
    /// At that of an attempt.
    Attempt(AttemptId),
}

/// What a reading call may leave to be written down.
pub(super) type ToNote = Option<(RegistrationId, Proved)>;

/// The proof that a reading call found and that is worth writing down.
pub(super) fn to_note(
    tx: &mut Tx<'_, Sighted>,
    seat: &RegistrationId,
    session: &SessionId,
    permit: &SeeingPermit,
    by_page: bool,
) -> Result<ToNote, Error> {
    match permit.grounds() {
        Grounds::Proved(proved) if is_news(tx, seat, session, by_page)? => Ok(Some((seat.clone(), proved.clone()))),
        _ => Ok(None),
    }
}

impl Examinee {
    /// Writes down what a reading call found.
    pub(super) async fn browser_note(&self, found: ToNote, by_page: bool) -> Result<(), Error> {
        let Some((seat, proved)) = found else { return Ok(()) };
        let (session, call) = (self.0.session.clone(), Call::at(self.0.now()));
        self.0.store.write_unaudited(&call, move |tx| tx.browser_prove(&seat, &session, &proved, by_page)).await
    }

    /// Passes an outcome on; where it is that the browser is missing, the board is told.
    pub(super) async fn browser_watched<T>(&self, asked: Asked, outcome: Result<T, Error>) -> Result<T, Error> {
        if !matches!(outcome, Err(Error::Refused(Refusal::SafeExamBrowserRequired))) {
            return outcome;
        }
        let (session, call) = (self.0.session.clone(), Call::at(self.0.now()));
        let noted = self.0.store.write_unaudited(&call, move |tx| {
            let me = tx.authority(&session)?;
            let seat = match &asked {
                Asked::Seat(seat) => own_registration(tx, &me.person, seat)?,
                Asked::Attempt(attempt) => own_attempt(tx, &me.person, attempt)?.1,
            };
            let last = tx.browser_refused_at(&seat.id)?;
            if last.is_none_or(|at| tx.now().seconds_since(at) >= REFUSALS_APART_SECONDS) {
                tx.browser_refused_note(&seat.id)?;
            }
            Ok(())
        });
        noted.await?;
        outcome
    }

    /// Takes the proof of a page, by its script or by the headers of its call, and remembers it for a time.
    ///
    /// # Errors
    /// [`Refusal::SafeExamBrowserRequired`] where nothing of it holds; [`Refusal::Invalid`] for a page that is none of this
    /// exam; [`Refusal::NotFound`] for anybody else's.
    pub async fn browser_prove(
        &self,
        id: &RegistrationId,
        page: Option<ProvingPage>,
        shown: Vec<Shown>,
    ) -> Result<BrowserProof, Error> {
        let (id, session, base) = (id.clone(), self.0.session.clone(), self.0.office.base_url.clone());
        let wanted = id.clone();
        let outcome = self
            .0
            .store
            .write_unaudited(&Call::at(self.0.now()), move |tx| {
                let me = tx.authority(&session)?;
                let seat = own_registration(tx, &me.person, &wanted)?;
                let fits = match &page {
                    None => true,
                    Some(ProvingPage::Exam(of)) => *of == seat.id,
                    Some(ProvingPage::Room(attempt)) => tx.attempts_of(&seat.id)?.iter().any(|own| own.id == *attempt),
                };
                if !fits {
                    return Err(Refusal::invalid("/url", "a page of this exam").into());
                }
                let known = facts(tx, &seat, &session, &base)?;
                let now = tx.now();
                let judged = shown.iter().map(|one| may_see(&known, one, now));
                // The strongest grounds that anything shown gives.
                let best = judged.max_by_key(|one| match one {
                    Ok(permit) => 1 + u8::from(matches!(permit.grounds(), Grounds::Proved(_))),
                    Err(_) => 0,
                });
                match best.unwrap_or(Err(Refusal::SafeExamBrowserRequired)) {
                    Ok(permit) => {
                        note_proof(tx, &seat.id, &session, &permit, true)?;
                        let until = tx.browser_known(&seat.id, &session)?.remembered_until;
                        Ok(Some(told(&permit, until)))
                    }
                    Err(refusal) => {
                        // Only who could be at work by now is told of on the board.
                        let course = course(tx, seat)?;
                        match next(&course.start, now) {
                            Next::Start(_) | Next::Resume(_) => Err(refusal.into()),
                            _ => Ok(None),
                        }
                    }
                }
            })
            .await;
        let found = self.browser_watched(Asked::Seat(id), outcome).await?;
        found.ok_or_else(|| Refusal::SafeExamBrowserRequired.into())
    }

    /// The configuration of a sitting that asks for the browser, as a file: for its staff, and for who has a seat there.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for everybody else, and where no browser is asked for.
    pub async fn browser_file(&self, id: &SittingId) -> Result<String, Error> {
        let (id, base) = (id.clone(), self.0.office.base_url.clone());
        self.0
            .read(move |tx, me| {
                let sitting = tx.sitting(&id)?;
                let seated = tx.registrations_of(&me.person)?.iter().any(|seat| seat.sitting == id);
                if !seated && !me.may(Act::SeeSittings, &sitting.association) {
                    return Err(Refusal::NotFound.into());
                }
                tx.browser_requirement(&id)?.ok_or(Refusal::NotFound)?;
                Ok(own_file(&base, &id))
            })
            .await
    }

    /// One's own seat in a sitting: the newest, where there are several.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn seat_in(&self, id: &SittingId) -> Result<RegistrationId, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let seats = tx.registrations_of(&me.person)?;
                let own = seats.into_iter().find(|seat| seat.sitting == id);
                Ok(own.ok_or(Refusal::NotFound)?.id)
            })
            .await
    }
}

fn told(permit: &SeeingPermit, until: Option<Instant>) -> BrowserProof {
    let (state, until) = match permit.grounds() {
        Grounds::Unasked => ("not_required", None),
        Grounds::Exempt => ("exempt", None),
        Grounds::Remembered | Grounds::Proved(_) => ("proved", until),
    };
    BrowserProof { state: state.to_owned(), valid_until: until.map(Instant::rfc3339) }
}

/// How the session that asks stands; nothing where no browser is asked for.
pub(super) fn standing(judged: &Result<SeeingPermit, Error>) -> Option<Standing> {
    match judged.as_ref().map(SeeingPermit::grounds) {
        Ok(Grounds::Unasked) => None,
        Ok(Grounds::Exempt) => Some(Standing::Exempt),
        Ok(Grounds::Remembered | Grounds::Proved(_)) => Some(Standing::Proved),
        Err(_) => Some(Standing::Missing),
    }
}

/// What was judged, where it could be: a fault is none of the answers.
pub(super) fn judged(outcome: Result<SeeingPermit, Error>) -> Result<Result<SeeingPermit, Error>, Error> {
    match outcome {
        Err(Error::Broke(fault)) => Err(Error::Broke(fault)),
        other => Ok(other),
    }
}

impl Proctor {
    /// Exempts a seat, for a reason; nothing ends its exemption.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn browser_exempt(&self, id: &RegistrationId, reason: Option<String>) -> Result<(), Error> {
        let (id, told) = (id.clone(), id.clone());
        self.0
            .write(move |tx, me| {
                let seat = tx.registration(&id)?;
                let sitting = sitting_for(tx, me, Act::RunRoom, &seat.sitting)?;
                let act = match reason.as_deref().map(str::trim) {
                    Some(reason) if reason.is_empty() || reason.chars().count() > MAX_REASON => {
                        let detail = format!("between 1 and {MAX_REASON} characters");
                        return Err(Refusal::invalid("/reason", detail).into());
                    }
                    Some(reason) => {
                        tx.browser_exemption_set(&id, reason, &me.person)?;
                        "registration.browser_exempt"
                    }
                    None if tx.browser_exemption_end(&id)? => "registration.browser_exemption_end",
                    None => return Ok(()),
                };
                // The reason may tell of an arrangement, and the log is read by more people than those who need that.
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act,
                    subject: id.0.clone(),
                    detail: json!({ "sitting": sitting.id }),
                })
            })
            .await?;
        self.0.office.pulse.tell_seat(told);
        Ok(())
    }
}
