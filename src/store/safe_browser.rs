//! Safe Exam Browser: which sittings ask for it, what each session proved, whose seat is exempt, who was turned away.
//! Sighted alone: nothing of it leads to a reviewer.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::conn::on_backend;
use super::schema::{registration, safe_browser, safe_browser_exemption, safe_browser_refusal, safe_browser_session};
use super::{Error, Sighted, Tx, from_json, to_json};
use crate::domain::ids::{PersonId, RegistrationId, SessionId, SittingId};
use crate::domain::safe_browser::{Keys, PROOF_SECONDS, Proved, Requirement, SeatFacts};
use crate::domain::timing::Instant;

/// What a session is known to have proved for a seat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// When, last.
    pub proved_at: Option<Instant>,
    /// Until when a page's proof opens what the page fetches.
    pub remembered_until: Option<Instant>,
}

/// A seat of a sitting that asks for the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrowserSeat {
    /// What is known of it.
    pub facts: SeatFacts,
    /// Why it is exempt, where it is.
    pub exemption: Option<String>,
}

impl Tx<'_, Sighted> {
    /// What a sitting asks of the browser; nothing where any will do.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_requirement(&mut self, sitting: &SittingId) -> Result<Option<Requirement>, Error> {
        let row: Option<(String, String)> = safe_browser::table
            .find(sitting.as_str())
            .select((safe_browser::config_keys, safe_browser::exam_keys))
            .first(self.conn)
            .optional()?;
        let Some((config_keys, exam_keys)) = row else { return Ok(None) };
        Ok(Some(Requirement {
            config_keys: from_json("safe_browser", &config_keys)?,
            exam_keys: from_json("safe_browser", &exam_keys)?,
        }))
    }

    /// Sets what a sitting asks of the browser.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_requirement_set(&mut self, sitting: &SittingId, new: Option<&Requirement>) -> Result<(), Error> {
        let Some(new) = new else {
            diesel::delete(safe_browser::table.find(sitting.as_str())).execute(self.conn)?;
            return Ok(());
        };
        let row = (
            safe_browser::sitting_id.eq(sitting.as_str()),
            safe_browser::config_keys.eq(to_json(&new.config_keys)?),
            safe_browser::exam_keys.eq(to_json(&new.exam_keys)?),
            safe_browser::changed_at.eq(self.now.0),
        );
        on_backend!(self.conn, |c| diesel::insert_into(safe_browser::table)
            .values(row)
            .on_conflict(safe_browser::sitting_id)
            .do_update()
            .set((
                safe_browser::config_keys.eq(excluded(safe_browser::config_keys)),
                safe_browser::exam_keys.eq(excluded(safe_browser::exam_keys)),
                safe_browser::changed_at.eq(excluded(safe_browser::changed_at)),
            ))
            .execute(c))?;
        Ok(())
    }

    /// Forgets, in every session of a sitting's seats, proofs of keys that are not taken any more.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_proofs_withdraw(&mut self, sitting: &SittingId, keys: &Keys) -> Result<(), Error> {
        let seats = registration::table.filter(registration::sitting_id.eq(sitting.as_str())).select(registration::id);
        let here = safe_browser_session::table.filter(safe_browser_session::registration_id.eq_any(seats));
        let proofs: Vec<(String, String, Option<String>, Option<String>)> = here
            .filter(safe_browser_session::proved_at.is_not_null())
            .select((
                safe_browser_session::registration_id,
                safe_browser_session::session_id,
                safe_browser_session::config_key,
                safe_browser_session::exam_key,
            ))
            .load(self.conn)?;
        for (seat, session, config_key, exam_key) in proofs {
            if keys.still_take(&Proved { config_key, exam_key }) {
                continue;
            }
            diesel::update(safe_browser_session::table.find((seat, session)))
                .set((
                    safe_browser_session::proved_at.eq(None::<i64>),
                    safe_browser_session::remembered_until.eq(None::<i64>),
                    safe_browser_session::config_key.eq(None::<String>),
                    safe_browser_session::exam_key.eq(None::<String>),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// What a session is known to have proved for a seat.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_known(&mut self, seat: &RegistrationId, session: &SessionId) -> Result<Known, Error> {
        let row: Option<(Option<i64>, Option<i64>)> = safe_browser_session::table
            .find((seat.as_str(), session.as_str()))
            .select((safe_browser_session::proved_at, safe_browser_session::remembered_until))
            .first(self.conn)
            .optional()?;
        let (proved_at, remembered_until) = row.unwrap_or_default();
        Ok(Known { proved_at: proved_at.map(Instant), remembered_until: remembered_until.map(Instant) })
    }

    /// Notes that a session proved keys for a seat; where a page did, the proof opens for a time what the page fetches.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_prove(
        &mut self,
        seat: &RegistrationId,
        session: &SessionId,
        proved: &Proved,
        by_page: bool,
    ) -> Result<(), Error> {
        let known = self.browser_known(seat, session)?;
        let until = if by_page { Some(self.now.plus_seconds(PROOF_SECONDS)) } else { known.remembered_until };
        let row = (
            safe_browser_session::registration_id.eq(seat.as_str()),
            safe_browser_session::session_id.eq(session.as_str()),
            safe_browser_session::proved_at.eq(Some(self.now.0)),
            safe_browser_session::remembered_until.eq(until.map(|at| at.0)),
            safe_browser_session::config_key.eq(&proved.config_key),
            safe_browser_session::exam_key.eq(&proved.exam_key),
        );
        on_backend!(self.conn, |c| diesel::insert_into(safe_browser_session::table)
            .values(row)
            .on_conflict((safe_browser_session::registration_id, safe_browser_session::session_id))
            .do_update()
            .set((
                safe_browser_session::proved_at.eq(excluded(safe_browser_session::proved_at)),
                safe_browser_session::remembered_until.eq(excluded(safe_browser_session::remembered_until)),
                safe_browser_session::config_key.eq(excluded(safe_browser_session::config_key)),
                safe_browser_session::exam_key.eq(excluded(safe_browser_session::exam_key)),
            ))
            .execute(c))?;
        Ok(())
    }

    /// Counts answers that came from a session which had proved nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_unproved_note(
        &mut self,
        seat: &RegistrationId,
        session: &SessionId,
        answers: i64,
    ) -> Result<(), Error> {
        let row = (
            safe_browser_session::registration_id.eq(seat.as_str()),
            safe_browser_session::session_id.eq(session.as_str()),
            safe_browser_session::unproved_saves.eq(answers),
            safe_browser_session::unproved_at.eq(Some(self.now.0)),
        );
        on_backend!(self.conn, |c| diesel::insert_into(safe_browser_session::table)
            .values(row)
            .on_conflict((safe_browser_session::registration_id, safe_browser_session::session_id))
            .do_update()
            .set((
                safe_browser_session::unproved_saves
                    .eq(safe_browser_session::unproved_saves + excluded(safe_browser_session::unproved_saves)),
                safe_browser_session::unproved_at.eq(excluded(safe_browser_session::unproved_at)),
            ))
            .execute(c))?;
        Ok(())
    }

    /// Whether a seat is exempt.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_exempt(&mut self, seat: &RegistrationId) -> Result<bool, Error> {
        let found: i64 = safe_browser_exemption::table.find(seat.as_str()).count().get_result(self.conn)?;
        Ok(found > 0)
    }

    /// Exempts a seat; again, with the new reason.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_exemption_set(&mut self, seat: &RegistrationId, reason: &str, by: &PersonId) -> Result<(), Error> {
        let row = (
            safe_browser_exemption::registration_id.eq(seat.as_str()),
            safe_browser_exemption::reason.eq(reason),
            safe_browser_exemption::granted_by.eq(by.as_str()),
            safe_browser_exemption::granted_at.eq(self.now.0),
        );
        on_backend!(self.conn, |c| diesel::insert_into(safe_browser_exemption::table)
            .values(row)
            .on_conflict(safe_browser_exemption::registration_id)
            .do_update()
            .set((
                safe_browser_exemption::reason.eq(excluded(safe_browser_exemption::reason)),
                safe_browser_exemption::granted_by.eq(excluded(safe_browser_exemption::granted_by)),
                safe_browser_exemption::granted_at.eq(excluded(safe_browser_exemption::granted_at)),
            ))
            .execute(c))?;
        Ok(())
    }

    /// Ends a seat's exemption. Says whether there was one.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_exemption_end(&mut self, seat: &RegistrationId) -> Result<bool, Error> {
        Ok(diesel::delete(safe_browser_exemption::table.find(seat.as_str())).execute(self.conn)? > 0)
    }

    /// Notes that somebody was turned away for want of the browser.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_refused_note(&mut self, seat: &RegistrationId) -> Result<(), Error> {
        let row =
            (safe_browser_refusal::registration_id.eq(seat.as_str()), safe_browser_refusal::refused_at.eq(self.now.0));
        on_backend!(self.conn, |c| diesel::insert_into(safe_browser_refusal::table)
            .values(row)
            .on_conflict(safe_browser_refusal::registration_id)
            .do_update()
            .set(safe_browser_refusal::refused_at.eq(excluded(safe_browser_refusal::refused_at)))
            .execute(c))?;
        Ok(())
    }

    /// When somebody was turned away from a seat, last.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_refused_at(&mut self, seat: &RegistrationId) -> Result<Option<Instant>, Error> {
        let at: Option<i64> = safe_browser_refusal::table
            .find(seat.as_str())
            .select(safe_browser_refusal::refused_at)
            .first(self.conn)
            .optional()?;
        Ok(at.map(Instant))
    }

    /// What is known of the seats of a sitting of which anything is.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn browser_seats(&mut self, sitting: &SittingId) -> Result<BTreeMap<RegistrationId, BrowserSeat>, Error> {
        let here =
            || registration::table.filter(registration::sitting_id.eq(sitting.as_str())).select(registration::id);
        let mut seats: BTreeMap<RegistrationId, BrowserSeat> = BTreeMap::new();
        let sessions: Vec<(String, Option<i64>, i64)> = safe_browser_session::table
            .filter(safe_browser_session::registration_id.eq_any(here()))
            .select((
                safe_browser_session::registration_id,
                safe_browser_session::proved_at,
                safe_browser_session::unproved_saves,
            ))
            .load(self.conn)?;
        for (id, proved_at, unproved_saves) in sessions {
            let facts = &mut seats.entry(RegistrationId(id)).or_default().facts;
            facts.proved_at = facts.proved_at.max(proved_at.map(Instant));
            facts.unproved_saves += unproved_saves;
        }
        let exempt: Vec<(String, String)> = safe_browser_exemption::table
            .filter(safe_browser_exemption::registration_id.eq_any(here()))
            .select((safe_browser_exemption::registration_id, safe_browser_exemption::reason))
            .load(self.conn)?;
        for (id, reason) in exempt {
            let seat = seats.entry(RegistrationId(id)).or_default();
            seat.facts.exempt = true;
            seat.exemption = Some(reason);
        }
        let refused: Vec<(String, i64)> = safe_browser_refusal::table
            .filter(safe_browser_refusal::registration_id.eq_any(here()))
            .select((safe_browser_refusal::registration_id, safe_browser_refusal::refused_at))
            .load(self.conn)?;
        for (id, at) in refused {
            seats.entry(RegistrationId(id)).or_default().facts.refused_at = Some(Instant(at));
        }
        Ok(seats)
    }

    /// A seat for practice asks for no browser; and what was proved names the keys that were.
    pub(super) fn browsers_are_asked_for_lawfully(&mut self, most: i64) -> Result<Vec<String>, Error> {
        let practice: Vec<String> = safe_browser::table
            .filter(
                safe_browser::sitting_id
                    .eq_any(super::schema::practice_sitting::table.select(super::schema::practice_sitting::sitting_id)),
            )
            .limit(most)
            .select(safe_browser::sitting_id)
            .load(self.conn)?;
        let nameless: Vec<String> = safe_browser_session::table
            .filter(safe_browser_session::proved_at.is_not_null())
            .filter(safe_browser_session::config_key.is_null())
            .filter(safe_browser_session::exam_key.is_null())
            .limit(most)
            .select(safe_browser_session::registration_id)
            .load(self.conn)?;
        let practice = practice.into_iter().map(|id| format!("sitting {id} is practice and asks for a browser"));
        Ok(practice.chain(nameless.into_iter().map(|id| format!("seat {id}: a proof of no key"))).collect())
    }
}
