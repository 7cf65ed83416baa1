//! What must hold of the database as a whole, whatever was done to it. Run at the end of every integration test and by
//! `evenhand verify`.

use diesel::prelude::*;

use super::schema::{
    attempt, clock_state, form, form_entry, late_decision, reading, registration, release, review, script, settlement,
    sitting,
};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{AttemptId, SittingId};
use crate::domain::timing::{Instant, TermKind, deadline};

diesel::allow_columns_to_appear_in_same_group_by_clause!(registration::person_id, form_entry::content_id);

/// How many findings one kind of check reports at the most.
const MOST: i64 = 50;

impl Tx<'_, Sighted> {
    /// Everything that does not hold, in sentences that name the row.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn invariants(&mut self) -> Result<Vec<String>, Error> {
        let mut findings = self.deadlines_are_sums()?;
        findings.extend(self.stops_are_lawful()?);
        findings.extend(self.sealed_readings_have_reviews()?);
        findings.extend(self.panels_are_lawful()?);
        findings.extend(self.releases_have_two_people()?);
        findings.extend(self.released_settlements_are_marked()?);
        findings.extend(self.settlements_are_founded()?);
        findings.extend(self.rounds_are_lawful()?);
        findings.extend(self.scripts_come_from_closed_parts()?);
        findings.extend(self.masks_hold(MOST)?);
        findings.extend(self.receipts_tell_what_is_admitted()?);
        findings.extend(self.seats_are_within_capacity()?);
        findings.extend(self.retakers_see_nothing_twice()?);
        findings.extend(self.practice_counts_nowhere()?);
        findings.extend(self.browsers_are_asked_for_lawfully(MOST)?);
        findings.extend(self.calibration_holds(MOST)?);
        findings.extend(self.forms_altered()?.into_iter().map(|id| format!("form {id} was altered")));
        findings
            .extend(self.reviews_altered()?.into_iter().map(|id| format!("the review of reading {id} was altered")));
        findings.extend(self.audit_verify(50)?.findings);
        Ok(findings)
    }

    fn deadlines_are_sums(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<(String, i64, i64)> =
            attempt::table.select((attempt::id, attempt::started_at, attempt::deadline_at)).load(self.conn)?;
        let mut findings = Vec::new();
        for (id, started_at, deadline_at) in rows {
            let terms = self.terms_of(&AttemptId(id.clone()))?;
            if deadline(Instant(started_at), &terms) != Instant(deadline_at) {
                findings.push(format!("attempt {id}: the deadline is not the sum of its terms"));
            }
        }
        Ok(findings)
    }

    /// A clock stands exactly while its sitting is paused or its examinee on a break, never in a closed part, and what
    /// breaks gave back is what their terms say.
    fn stops_are_lawful(&mut self) -> Result<Vec<String>, Error> {
        let mut findings = Vec::new();
        type Found = (String, String, Option<i64>, i64, Option<i64>, Option<i64>);
        let rows: Vec<Found> = attempt::table
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .left_join(clock_state::table.on(clock_state::attempt_id.eq(attempt::id)))
            .select((
                attempt::id,
                registration::sitting_id,
                attempt::closed_at,
                attempt::deadline_at,
                clock_state::stopped_at.nullable(),
                clock_state::stop_until.nullable(),
            ))
            .load(self.conn)?;
        for (id, sitting, closed_at, deadline_at, stopped_at, until) in rows {
            let id = AttemptId(id);
            let breaks = self.breaks_of(&id)?;
            let on_break = breaks.iter().any(|taken| taken.ended_at.is_none());
            let pause = self.pause_open(&SittingId(sitting))?;
            let lawful = match (closed_at, stopped_at, until) {
                (Some(_), stopped, _) => stopped.is_none() && !on_break,
                (None, Some(_), Some(_)) => on_break && pause.is_none(),
                (None, Some(since), None) => pause.is_some_and(|pause| since >= pause.paused_at),
                // One whose time was up when the pause began waits for the clerk.
                (None, None, _) => !on_break && pause.is_none_or(|pause| deadline_at <= pause.paused_at),
            };
            if !lawful {
                findings
                    .push(format!("attempt {id}: its clock stands, or runs, against the pauses and breaks on record"));
            }
            let given: i64 = breaks.iter().map(|taken| taken.seconds).sum();
            let explained: i64 = self
                .terms_of(&id)?
                .iter()
                .filter(|term| term.kind == TermKind::Accommodation && term.reason.is_some())
                .map(|term| term.seconds)
                .sum();
            if given != explained {
                findings.push(format!("attempt {id}: breaks gave back {given} s, the terms say {explained} s"));
            }
        }
        Ok(findings)
    }

    fn sealed_readings_have_reviews(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<(String, String, Option<String>)> = reading::table
            .left_join(review::table.on(review::reading_id.eq(reading::id)))
            .filter(
                reading::state
                    .eq("sealed")
                    .and(review::reading_id.nullable().is_null())
                    .or(reading::state.ne("sealed").and(review::reading_id.nullable().is_not_null())),
            )
            .limit(MOST)
            .select((reading::id, reading::state, review::reading_id.nullable()))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|r| format!("reading {}: state {} does not fit its review", r.0, r.1)).collect())
    }

    /// No more than two first readings and one third that were not declined, and nobody reads their own script.
    fn panels_are_lawful(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<(String, String, i64)> = reading::table
            .filter(reading::state.ne("declined"))
            .group_by((reading::script_id, reading::kind))
            .select((reading::script_id, reading::kind, diesel::dsl::count_star()))
            .load(self.conn)?;
        let mut findings: Vec<String> = rows
            .into_iter()
            .filter(|(_, kind, count)| match kind.as_str() {
                "first" => *count > 2,
                "third" => *count > 1,
                // Any number of reviewers may be tried by one benchmark.
                _ => false,
            })
            .map(|(id, kind, count)| format!("script {id} has {count} {kind} readings"))
            .collect();
        let own: Vec<String> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::person_id.eq(reading::reviewer_id))
            .limit(MOST)
            .select(reading::id)
            .load(self.conn)?;
        findings.extend(own.into_iter().map(|id| format!("reading {id}: the reviewer is the writer")));
        let unread: Vec<String> = settlement::table
            .filter(diesel::dsl::not(diesel::dsl::exists(
                reading::table
                    .filter(reading::script_id.eq(settlement::script_id))
                    .filter(reading::state.eq("sealed"))
                    .filter(reading::kind.eq("first")),
            )))
            .limit(MOST)
            .select(settlement::script_id)
            .load(self.conn)?;
        findings.extend(unread.into_iter().map(|id| format!("script {id} is settled without a sealed reading")));
        Ok(findings)
    }

    fn releases_have_two_people(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<String> = release::table
            .filter(release::state.ne("prepared"))
            .filter(release::approved_by.is_null().and(release::recalled_by.is_null()))
            .limit(MOST)
            .select(release::id)
            .load(self.conn)?;
        Ok(rows.into_iter().map(|id| format!("release {id} has no second person")).collect())
    }

    fn scripts_come_from_closed_parts(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<String> = script::table
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .filter(attempt::closed_at.is_null().or(attempt::part.ne("two")))
            .limit(MOST)
            .select(script::id)
            .load(self.conn)?;
        Ok(rows.into_iter().map(|id| format!("script {id} stems from a part that is not closed")).collect())
    }

    /// The newest receipt of an attempt names exactly the late answers that count, and its scripts are the answers that count.
    fn receipts_tell_what_is_admitted(&mut self) -> Result<Vec<String>, Error> {
        let ids: Vec<String> = late_decision::table.select(late_decision::attempt_id).distinct().load(self.conn)?;
        let mut findings = Vec::new();
        for id in ids.into_iter().map(AttemptId) {
            let newest = self.receipts_amended(&id)?.pop();
            if newest.map_or_else(Vec::new, |r| r.admitted()) != self.late_counted(&id)? {
                findings
                    .push(format!("attempt {id}: its newest receipt does not tell the late evidence that is admitted"));
            }
            let answers = self.answers_counted(&id)?;
            for text in self.script_texts(&id)? {
                let counts = answers.iter().find(|a| a.position == text.position).and_then(|a| a.body.as_deref());
                if counts.unwrap_or_default() != text.body {
                    findings.push(format!("script {}: its text is not the answer that counts", text.id));
                }
            }
        }
        Ok(findings)
    }

    fn seats_are_within_capacity(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<(String, i64, i64)> = registration::table
            .inner_join(sitting::table.on(sitting::id.eq(registration::sitting_id)))
            .filter(registration::state.ne("cancelled"))
            .filter(registration::practice.eq(false))
            .group_by((sitting::id, sitting::capacity))
            .select((sitting::id, sitting::capacity, diesel::dsl::count_star()))
            .load(self.conn)?;
        Ok(rows
            .into_iter()
            .filter(|(_, capacity, taken)| taken > capacity)
            .map(|(id, capacity, taken)| format!("sitting {id}: {taken} seats of {capacity}"))
            .collect())
    }

    fn retakers_see_nothing_twice(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<(String, String, i64)> = form_entry::table
            .inner_join(form::table.on(form::id.eq(form_entry::form_id)))
            .inner_join(attempt::table.on(attempt::form_id.eq(form::id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::practice.eq(false))
            .group_by((registration::person_id, form_entry::content_id))
            .select((registration::person_id, form_entry::content_id, diesel::dsl::count_star()))
            .load(self.conn)?;
        Ok(rows
            .into_iter()
            .filter(|row| row.2 > 1)
            .map(|(person, content, _)| format!("person {person} was given {content} twice"))
            .collect())
    }
}
