//! Attempts: a part that was started, its clock as an explained sum, and what closing it left.

use std::collections::BTreeMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{
    attempt, attempt_page, clock_state, clock_term, registration, safe_browser, safe_browser_exemption,
    safe_browser_session, score, session,
};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::attempt::StartPermit;
use crate::domain::ids::{AttemptId, FormId, PersonId, RegistrationId, SessionId, SittingId};
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::domain::scoring::Score;
use crate::domain::stop::Stop;
use crate::domain::timing::{ClockFacts, ClosedBy, Instant, Term, TermKind, deadline};
use crate::domain::vocabulary::Part;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attempt)]
struct Row {
    id: String,
    registration_id: String,
    part: String,
    form_id: String,
    seed: String,
    limits: String,
    started_at: i64,
    deadline_at: i64,
    last_contact_at: i64,
    closed_at: Option<i64>,
    closed_by: Option<String>,
    answered: Option<i64>,
    digest: Option<String>,
    signature: Option<String>,
    key_id: Option<String>,
}

/// Whether and why a clock stands, for those that were ever stopped.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = clock_state)]
struct StateRow {
    stopped_at: Option<i64>,
    stop_until: Option<i64>,
    runs_from: Option<i64>,
}

/// What every reading of attempts joins, and selects.
macro_rules! attempts {
    () => {
        attempt::table.left_join(clock_state::table.on(clock_state::attempt_id.eq(attempt::id)))
    };
}

/// One person's run of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which.
    pub id: AttemptId,
    /// In whose seat.
    pub registration: RegistrationId,
    /// Which part.
    pub part: Part,
    /// On which form.
    pub form: FormId,
    /// The seed of its shuffles.
    pub seed: String,
    /// The most characters of each position; 0 where a choice is made.
    pub limits: Vec<i64>,
    /// When the clock began.
    pub started_at: Instant,
    /// When time is up, and whether it is closed.
    pub clock: ClockFacts,
    /// When the examinee's page was last heard of.
    pub last_contact_at: Instant,
    /// What closing it gave: the first version.
    pub receipt: Option<Receipt>,
}

impl TryFrom<(Row, Option<StateRow>)> for Attempt {
    type Error = Error;

    fn try_from((row, state): (Row, Option<StateRow>)) -> Result<Self, Error> {
        let part = word("attempt", &row.part, Part::parse)?;
        let receipt = match (row.closed_at, row.closed_by, row.answered, row.digest, row.signature, row.key_id) {
            (Some(at), Some(by), Some(answered), Some(digest), Some(signature), Some(key_id)) => Some(Receipt {
                attempt: AttemptId(row.id.clone()),
                part,
                closed_at: Instant(at).rfc3339(),
                closed_by: word("attempt", &by, ClosedBy::parse)?,
                answered,
                digest,
                signature,
                key_id,
                amendment: None,
            }),
            _ => None,
        };
        Ok(Self {
            limits: from_json("attempt", &row.limits)?,
            clock: clock_of(row.deadline_at, row.closed_at, state),
            id: AttemptId(row.id),
            registration: RegistrationId(row.registration_id),
            part,
            form: FormId(row.form_id),
            seed: row.seed,
            started_at: Instant(row.started_at),
            last_contact_at: Instant(row.last_contact_at),
            receipt,
        })
    }
}

fn clock_of(deadline: i64, closed: Option<i64>, state: Option<StateRow>) -> ClockFacts {
    let since = state.and_then(|state| state.stopped_at).map(Instant);
    ClockFacts {
        deadline: Instant(deadline),
        closed_at: closed.map(Instant),
        stop: since.map(|since| Stop { since, until: state.and_then(|state| state.stop_until).map(Instant) }),
        runs_from: state.and_then(|state| state.runs_from).map(Instant),
    }
}

/// What a first start needs.
#[derive(Debug, Clone)]
pub struct NewAttempt {
    /// In whose seat.
    pub registration: RegistrationId,
    /// Which part.
    pub part: Part,
    /// On which form.
    pub form: FormId,
    /// The seed of its shuffles.
    pub seed: String,
    /// The most characters of each position; 0 where a choice is made.
    pub limits: Vec<i64>,
    /// What its time is made of.
    pub terms: Vec<Term>,
}

/// What a save must know, read in one query.
#[derive(Debug, Clone)]
pub struct SaveFacts {
    /// The clock.
    pub clock: ClockFacts,
    /// The most characters of each position; 0 where a choice is made.
    pub limits: Vec<i64>,
    /// Revisions up to this one come from pages that were opened before the newest.
    pub earlier_until: i64,
    /// In whose seat.
    pub registration: RegistrationId,
    /// Whether the sitting asks for Safe Exam Browser, the seat is not exempt, and this session has proved nothing.
    pub unproved: bool,
}

/// Credit that somebody grants.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Credit {
    /// How much.
    pub seconds: i64,
    /// Why.
    pub reason: String,
}

impl Tx<'_, Sighted> {
    /// Starts a part. The permit proves that [`may_start`](crate::domain::attempt::may_start) was asked.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempt_start(&mut self, _permit: StartPermit, new: &NewAttempt) -> Result<AttemptId, Error> {
        let id: AttemptId = self.fresh();
        diesel::insert_into(attempt::table)
            .values((
                attempt::id.eq(id.as_str()),
                attempt::registration_id.eq(new.registration.as_str()),
                attempt::part.eq(new.part.as_str()),
                attempt::form_id.eq(new.form.as_str()),
                attempt::seed.eq(&new.seed),
                attempt::limits.eq(to_json(&new.limits)?),
                attempt::started_at.eq(self.now.0),
                attempt::deadline_at.eq(deadline(self.now, &new.terms).0),
                attempt::last_contact_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        for (ordinal, term) in (0_i64..).zip(&new.terms) {
            self.term_add(&id, ordinal, term, None)?;
        }
        Ok(id)
    }

    fn term_add(&mut self, id: &AttemptId, ordinal: i64, term: &Term, by: Option<&PersonId>) -> Result<(), Error> {
        diesel::insert_into(clock_term::table)
            .values((
                clock_term::attempt_id.eq(id.as_str()),
                clock_term::ordinal.eq(ordinal),
                clock_term::kind.eq(term.kind.as_str()),
                clock_term::seconds.eq(term.seconds),
                clock_term::reason.eq(&term.reason),
                clock_term::granted_by.eq(by.map(PersonId::as_str)),
                clock_term::granted_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// An attempt.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn attempt(&mut self, id: &AttemptId) -> Result<Attempt, Error> {
        let row: Option<(Row, Option<StateRow>)> = attempts!()
            .filter(attempt::id.eq(id.as_str()))
            .select((Row::as_select(), Option::<StateRow>::as_select()))
            .first(self.conn)
            .optional()?;
        row.ok_or(Refusal::NotFound)?.try_into()
    }

    /// The attempts of a seat, Part One first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempts_of(&mut self, seat: &RegistrationId) -> Result<Vec<Attempt>, Error> {
        let rows: Vec<(Row, Option<StateRow>)> = attempts!()
            .filter(attempt::registration_id.eq(seat.as_str()))
            .order(attempt::part)
            .select((Row::as_select(), Option::<StateRow>::as_select()))
            .load(self.conn)?;
        rows.into_iter().map(Attempt::try_from).collect()
    }

    /// Every attempt of a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempts_in(&mut self, sitting: &SittingId) -> Result<Vec<Attempt>, Error> {
        let rows: Vec<(Row, Option<StateRow>)> = attempts!()
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .order((attempt::registration_id, attempt::part))
            .select((Row::as_select(), Option::<StateRow>::as_select()))
            .load(self.conn)?;
        rows.into_iter().map(Attempt::try_from).collect()
    }

    /// What an attempt's time is made of.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn terms_of(&mut self, id: &AttemptId) -> Result<Vec<Term>, Error> {
        let rows: Vec<(String, i64, Option<String>)> = clock_term::table
            .filter(clock_term::attempt_id.eq(id.as_str()))
            .order(clock_term::ordinal)
            .select((clock_term::kind, clock_term::seconds, clock_term::reason))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(kind, seconds, reason)| {
                Ok(Term { kind: word("clock_term", &kind, TermKind::parse)?, seconds, reason })
            })
            .collect()
    }

    /// The same for every attempt of a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn terms_in(&mut self, sitting: &SittingId) -> Result<BTreeMap<AttemptId, Vec<Term>>, Error> {
        let rows: Vec<(String, String, i64, Option<String>)> = clock_term::table
            .inner_join(attempt::table.on(attempt::id.eq(clock_term::attempt_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .order((clock_term::attempt_id, clock_term::ordinal))
            .select((clock_term::attempt_id, clock_term::kind, clock_term::seconds, clock_term::reason))
            .load(self.conn)?;
        let mut terms: BTreeMap<AttemptId, Vec<Term>> = BTreeMap::new();
        for (id, kind, seconds, reason) in rows {
            let kind = word("clock_term", &kind, TermKind::parse)?;
            terms.entry(AttemptId(id)).or_default().push(Term { kind, seconds, reason });
        }
        Ok(terms)
    }

    /// Adds credit and moves the deadline with it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn credit_add(&mut self, of: &Attempt, credit: &Credit, by: &PersonId) -> Result<Instant, Error> {
        let term = Term { kind: TermKind::Credit, seconds: credit.seconds, reason: Some(credit.reason.clone()) };
        self.term_append(of, &term, Some(by))
    }

    /// Adds what an arrangement that was confirmed while the part runs gives to it, and moves the deadline with it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn arrangement_add(&mut self, of: &Attempt, seconds: i64, by: &PersonId) -> Result<Instant, Error> {
        self.term_append(of, &Term { kind: TermKind::Accommodation, seconds, reason: None }, Some(by))
    }

    /// Adds a term and moves the deadline with it.
    ///
    /// # Errors
    /// A fault of the database.
    pub(super) fn term_append(&mut self, of: &Attempt, term: &Term, by: Option<&PersonId>) -> Result<Instant, Error> {
        let mut terms = self.terms_of(&of.id)?;
        let ordinal = i64::try_from(terms.len()).unwrap_or(i64::MAX);
        self.term_add(&of.id, ordinal, term, by)?;
        terms.push(term.clone());
        let moved = deadline(of.started_at, &terms);
        diesel::update(attempt::table.find(of.id.as_str())).set(attempt::deadline_at.eq(moved.0)).execute(self.conn)?;
        Ok(moved)
    }

    /// What a save of this session's person to that attempt must know, provided that session and seat go together:
    /// revocation, ownership and the clock in one query.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`] or [`Refusal::NotFound`].
    pub fn save_facts(&mut self, session_id: &SessionId, id: &AttemptId) -> Result<SaveFacts, Error> {
        type Found = (i64, Option<i64>, Option<StateRow>, String, Option<i64>, String, bool);
        let asked = exists(safe_browser::table.filter(safe_browser::sitting_id.eq(registration::sitting_id)));
        let exempt = safe_browser_exemption::registration_id.eq(registration::id);
        let proved = safe_browser_session::registration_id
            .eq(registration::id)
            .and(safe_browser_session::session_id.eq(session::id))
            .and(safe_browser_session::proved_at.is_not_null());
        let unproved = asked
            .and(not(exists(safe_browser_exemption::table.filter(exempt))))
            .and(not(exists(safe_browser_session::table.filter(proved))));
        let row: Option<Found> = attempts!()
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .inner_join(session::table.on(session::person_id.eq(registration::person_id)))
            .left_join(attempt_page::table.on(attempt_page::attempt_id.eq(attempt::id)))
            .filter(attempt::id.eq(id.as_str()))
            .filter(session::id.eq(session_id.as_str()))
            .filter(session::ended_at.is_null())
            .filter(session::expires_at.gt(self.now.0))
            .select((
                attempt::deadline_at,
                attempt::closed_at,
                Option::<StateRow>::as_select(),
                attempt::limits,
                attempt_page::revisions_from.nullable(),
                registration::id,
                unproved,
            ))
            .first(self.conn)
            .optional()?;
        let Some((deadline_at, closed_at, state, limits, earlier, seat, unproved)) = row else {
            // Rare, so that a second query may find out which of the two it was.
            self.authority(session_id)?;
            return Err(Refusal::NotFound.into());
        };
        Ok(SaveFacts {
            clock: clock_of(deadline_at, closed_at, state),
            limits: from_json("attempt", &limits)?,
            earlier_until: earlier.unwrap_or(0),
            registration: RegistrationId(seat),
            unproved,
        })
    }

    /// Records that the examinee's page was heard of.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn contact_note(&mut self, id: &AttemptId) -> Result<(), Error> {
        diesel::update(attempt::table.find(id.as_str()).filter(attempt::closed_at.is_null()))
            .set(attempt::last_contact_at.eq(self.now.0))
            .execute(self.conn)?;
        Ok(())
    }

    /// Attempts whose time was up at `before` and that are not closed, the longest overdue first. One whose clock stands
    /// is not among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempts_overdue(&mut self, before: Instant, limit: i64) -> Result<Vec<AttemptId>, Error> {
        let ids: Vec<String> = attempts!()
            .filter(attempt::closed_at.is_null())
            .filter(clock_state::stopped_at.is_null())
            .filter(attempt::deadline_at.le(before.0))
            .order(attempt::deadline_at)
            .limit(limit)
            .select(attempt::id)
            .load(self.conn)?;
        Ok(ids.into_iter().map(AttemptId).collect())
    }

    /// Closes an attempt with its receipt. Does nothing to one that is closed.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempt_close(&mut self, receipt: &Receipt, at: Instant) -> Result<(), Error> {
        diesel::update(attempt::table.find(receipt.attempt.as_str()).filter(attempt::closed_at.is_null()))
            .set((
                attempt::closed_at.eq(at.0),
                attempt::closed_by.eq(receipt.closed_by.as_str()),
                attempt::answered.eq(receipt.answered),
                attempt::digest.eq(&receipt.digest),
                attempt::signature.eq(&receipt.signature),
                attempt::key_id.eq(&receipt.key_id),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Records a score as the next version.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn score_add(&mut self, id: &AttemptId, new: &Score) -> Result<(), Error> {
        let last: Option<i64> = score::table
            .filter(score::attempt_id.eq(id.as_str()))
            .select(diesel::dsl::max(score::version))
            .first(self.conn)?;
        diesel::insert_into(score::table)
            .values((
                score::attempt_id.eq(id.as_str()),
                score::version.eq(last.unwrap_or(0) + 1),
                score::correct.eq(new.total.correct),
                score::scored.eq(new.total.scored),
                score::verdict.eq(new.verdict.as_str()),
                score::document.eq(to_json(new)?),
                score::scored_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The newest score of an attempt.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn score(&mut self, id: &AttemptId) -> Result<Option<Score>, Error> {
        let text: Option<String> = score::table
            .filter(score::attempt_id.eq(id.as_str()))
            .order(score::version.desc())
            .select(score::document)
            .first(self.conn)
            .optional()?;
        text.map(|text| from_json("score", &text)).transpose()
    }

    /// How many were right by each version of an attempt's score, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn score_versions(&mut self, id: &AttemptId) -> Result<Vec<i64>, Error> {
        Ok(score::table
            .filter(score::attempt_id.eq(id.as_str()))
            .order(score::version)
            .select(score::correct)
            .load(self.conn)?)
    }

    /// Every closed attempt, by id, from after `after` on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempts_closed(&mut self, after: &str, limit: i64) -> Result<Vec<Attempt>, Error> {
        let rows: Vec<(Row, Option<StateRow>)> = attempts!()
            .filter(attempt::closed_at.is_not_null())
            .filter(attempt::id.gt(after.to_owned()))
            .order(attempt::id)
            .limit(limit)
            .select((Row::as_select(), Option::<StateRow>::as_select()))
            .load(self.conn)?;
        rows.into_iter().map(Attempt::try_from).collect()
    }
}
