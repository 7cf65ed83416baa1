//! What a reviewer may read and write: their own readings. Open to blind transactions, and the whole of what those need.
//!
//! Invariant: no query in this module selects `script.attempt_id`, joins towards an attempt, or filters by anything
//! but the reviewer's own id and their own random codes.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::conn::on_backend;
use super::schema::{draft, panel_due, reading, review, review_flag, script, vignette};
use super::{Error, Tx, from_json, to_json, word};
use crate::domain::bank::Vignette;
use crate::domain::hex::hex;
use crate::domain::ids::{PersonId, ReadingId, ScriptCode, ScriptId};
use crate::domain::refusal::Refusal;
use crate::domain::rubric::Marks;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Strand, spelled};
use crate::domain::workload::PAUSE_SECONDS;

spelled! {
    /// How a reading stands.
    ReadingState {
        /// Assigned, not begun.
        New = "new",
        /// Begun.
        Draft = "draft",
        /// Done for good.
        Sealed = "sealed",
        /// Given back.
        Declined = "declined",
    }
}

spelled! {
    /// Why a reviewer gave a script back.
    DeclineReason {
        /// They know the writer from the writing.
        Recognised = "recognised",
        /// Another conflict.
        Conflict = "conflict",
        /// No time.
        NoTime = "no_time",
        /// Something else.
        Other = "other",
    }
}

spelled! {
    /// What a reviewer points out about a script.
    FlagKind {
        /// The text tells who wrote it.
        IdentifiesWriter = "identifies_writer",
        /// Something a coordinator should look at.
        Concern = "concern",
    }
}

/// One line of a reviewer's queue.
#[derive(Debug, Clone)]
pub struct QueueEntry {
    /// What this reviewer knows the script by.
    pub code: ScriptCode,
    /// The strand.
    pub strand: Strand,
    /// The vignette's title.
    pub vignette_title: String,
    /// How far they are.
    pub state: ReadingState,
    /// By when it is wanted, `YYYY-MM-DD`.
    pub due_on: String,
}

/// A reading with everything that its reviewer sees.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The system's name for it; not shown.
    pub reading: ReadingId,
    /// The system's name for the script; not shown.
    pub script: ScriptId,
    /// What this reviewer knows the script by.
    pub code: ScriptCode,
    /// The strand.
    pub strand: Strand,
    /// How far they are.
    pub state: ReadingState,
    /// The answer.
    pub answer: String,
    /// The vignette with its rubric.
    pub vignette: Vignette,
}

/// A draft as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Grows with every save.
    pub revision: i64,
    /// What was written.
    pub marks: Marks,
    /// When, in milliseconds.
    pub saved_at: i64,
    /// How long its reviewer has worked on it, in seconds, without the pauses.
    #[serde(default)]
    pub worked_seconds: i64,
}

impl Draft {
    /// How long its reviewer will have worked on it when they save at `now`: what lies between two saves is work,
    /// unless it is longer than a pause.
    fn worked_until(&self, now: Instant) -> i64 {
        let since = (now.0 - self.saved_at) / 1000;
        self.worked_seconds + if (0..=PAUSE_SECONDS).contains(&since) { since } else { 0 }
    }
}

impl<S> Tx<'_, S> {
    /// A reviewer's queue, in an order of their own: that of their random codes.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_queue(&mut self, reviewer: &PersonId, after: &str, limit: i64) -> Result<Vec<QueueEntry>, Error> {
        let rows: Vec<(String, String, String, String, String)> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(
                vignette::table
                    .on(vignette::id.eq(script::vignette_id).and(vignette::version.eq(script::vignette_version))),
            )
            .filter(reading::reviewer_id.eq(reviewer.as_str()))
            .filter(reading::state.ne("declined"))
            .filter(reading::code.gt(after.to_owned()))
            .order(reading::code)
            .limit(limit)
            .select((reading::code, script::strand, vignette::document, reading::state, reading::due_on))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(code, strand, document, state, due_on)| {
                Ok(QueueEntry {
                    code: ScriptCode(code),
                    strand: word("script", &strand, Strand::parse)?,
                    vignette_title: from_json::<Vignette>("vignette", &document)?.title,
                    state: word("reading", &state, ReadingState::parse)?,
                    due_on,
                })
            })
            .collect()
    }

    /// How many scripts wait for a reviewer.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn readings_open(&mut self, reviewer: &PersonId) -> Result<i64, Error> {
        Ok(reading::table
            .filter(reading::reviewer_id.eq(reviewer.as_str()))
            .filter(reading::state.eq_any(["new", "draft"]))
            .count()
            .get_result(self.conn)?)
    }

    /// The reading that this reviewer knows by that code.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a code that is not theirs, whether it exists or not, and for one they declined.
    pub fn reading_by_code(&mut self, reviewer: &PersonId, code: &ScriptCode) -> Result<Desk, Error> {
        type Row = (String, String, String, String, String, String);
        let row: Option<Row> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(
                vignette::table
                    .on(vignette::id.eq(script::vignette_id).and(vignette::version.eq(script::vignette_version))),
            )
            .filter(reading::reviewer_id.eq(reviewer.as_str()))
            .filter(reading::code.eq(code.as_str()))
            .filter(reading::state.ne("declined"))
            .select((reading::id, script::id, script::strand, reading::state, script::body, vignette::document))
            .first(self.conn)
            .optional()?;
        let (id, script_id, strand, state, answer, document) = row.ok_or(Refusal::NotFound)?;
        Ok(Desk {
            reading: ReadingId(id),
            script: ScriptId(script_id),
            code: code.clone(),
            strand: word("script", &strand, Strand::parse)?,
            state: word("reading", &state, ReadingState::parse)?,
            answer,
            vignette: from_json("vignette", &document)?,
        })
    }

    /// The draft of a reading.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn draft(&mut self, id: &ReadingId) -> Result<Option<Draft>, Error> {
        let row: Option<(i64, String, i64, i64)> = draft::table
            .find(id.as_str())
            .select((draft::revision, draft::marks, draft::saved_at, draft::worked_seconds))
            .first(self.conn)
            .optional()?;
        row.map(|(revision, marks, saved_at, worked_seconds)| {
            Ok(Draft { revision, marks: from_json("draft", &marks)?, saved_at, worked_seconds })
        })
        .transpose()
    }

    /// Saves a draft, unless the stored one is as new or newer: then nothing changes. Returns the stored one.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn draft_save(&mut self, id: &ReadingId, revision: i64, marks: &Marks) -> Result<Draft, Error> {
        let stored = self.draft(id)?;
        if let Some(newer) = stored.as_ref().filter(|d| d.revision >= revision) {
            return Ok(newer.clone());
        }
        let worked_seconds = stored.map_or(0, |d| d.worked_until(self.now));
        let text = to_json(marks)?;
        let row = (
            draft::reading_id.eq(id.as_str()),
            draft::revision.eq(revision),
            draft::marks.eq(&text),
            draft::saved_at.eq(self.now.0),
            draft::worked_seconds.eq(worked_seconds),
        );
        on_backend!(self.conn, |c| diesel::insert_into(draft::table)
            .values(row)
            .on_conflict(draft::reading_id)
            .do_update()
            .set((
                draft::revision.eq(revision),
                draft::marks.eq(&text),
                draft::saved_at.eq(self.now.0),
                draft::worked_seconds.eq(worked_seconds),
            ))
            .execute(c))?;
        self.reading_state_set(id, ReadingState::Draft)?;
        Ok(Draft { revision, marks: marks.clone(), saved_at: self.now.0, worked_seconds })
    }

    fn reading_state_set(&mut self, id: &ReadingId, state: ReadingState) -> Result<(), Error> {
        diesel::update(reading::table.find(id.as_str())).set(reading::state.eq(state.as_str())).execute(self.conn)?;
        Ok(())
    }

    /// Seals a review and asks for its script's panel to be looked at. Returns the review's digest.
    ///
    /// # Errors
    /// [`Refusal::AlreadySealed`].
    pub fn review_seal(&mut self, desk: &Desk, marks: &Marks) -> Result<String, Error> {
        let verdict = marks.verdict.ok_or_else(|| Refusal::invalid("/verdict", "choose pass or fail"))?;
        let text = to_json(marks)?;
        let digest = review_digest(&desk.reading, 1, &text);
        let row = (
            review::reading_id.eq(desk.reading.as_str()),
            review::version.eq(1_i64),
            review::marks.eq(&text),
            review::points.eq(marks.points()),
            review::verdict.eq(verdict.as_str()),
            review::digest.eq(&digest),
            review::sealed_at.eq(self.now.0),
        );
        diesel::insert_into(review::table).values(row).execute(self.conn).map_err(|e| {
            let e = Error::from(e);
            if e.is_duplicate() { Refusal::AlreadySealed.into() } else { e }
        })?;
        if let Some(draft) = self.draft(&desk.reading)? {
            diesel::update(draft::table.find(desk.reading.as_str()))
                .set(draft::worked_seconds.eq(draft.worked_until(self.now)))
                .execute(self.conn)?;
        }
        self.reading_state_set(&desk.reading, ReadingState::Sealed)?;
        self.panel_ask(&desk.script)?;
        Ok(digest)
    }

    /// Asks for a script's panel to be looked at by the clerk, who may know identities.
    pub(super) fn panel_ask(&mut self, id: &ScriptId) -> Result<(), Error> {
        let row = (panel_due::script_id.eq(id.as_str()), panel_due::since.eq(self.now.0));
        on_backend!(self.conn, |c| diesel::insert_into(panel_due::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        Ok(())
    }

    /// The sealed review of a reading, with its digest.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn review(&mut self, id: &ReadingId) -> Result<Option<(Marks, String)>, Error> {
        let row: Option<(String, String)> = review::table
            .filter(review::reading_id.eq(id.as_str()))
            .order(review::version.desc())
            .select((review::marks, review::digest))
            .first(self.conn)
            .optional()?;
        row.map(|(marks, digest)| Ok((from_json("review", &marks)?, digest))).transpose()
    }

    /// Gives a script back.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_decline(&mut self, desk: &Desk, reason: DeclineReason, note: &str) -> Result<(), Error> {
        diesel::update(reading::table.find(desk.reading.as_str()))
            .set((
                reading::state.eq(ReadingState::Declined.as_str()),
                reading::decline_reason.eq(reason.as_str()),
                reading::decline_note.eq(note),
                reading::declined_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        self.panel_ask(&desk.script)
    }

    /// Points something out about a script.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn review_flag(&mut self, id: &ReadingId, kind: FlagKind, note: &str) -> Result<(), Error> {
        let flag = self.entropy.id();
        diesel::insert_into(review_flag::table)
            .values((
                review_flag::id.eq(flag),
                review_flag::reading_id.eq(id.as_str()),
                review_flag::kind.eq(kind.as_str()),
                review_flag::note.eq(note),
                review_flag::raised_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}

/// The digest of a sealed review over its stored text.
pub(super) fn review_digest(id: &ReadingId, version: i64, marks: &str) -> String {
    hex(&Sha256::digest(format!("evenhand review 1\n{id}\n{version}\n{marks}")))
}
