//! The reviewer's desk. It holds a blind store and nothing else: there is no way from here to a name.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Office, Page, Place, Range};
use crate::domain::correction::{CorrectionState, may_ask, reason as checked_reason};
use crate::domain::ids::{ScriptCode, SessionId};
use crate::domain::psychometrics::standing::Standing;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::rubric::Marks;
use crate::domain::timing::Instant;
use crate::store::audit::Entry;
use crate::store::corrections::OwnCorrection;
use crate::store::readings::{DeclineReason, Desk, Draft, FlagKind, QueueEntry, ReadingState};
use crate::store::{Blind, Call, Error, Tx};

pub mod lessons;
pub mod profile;

/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 2000;

/// One's own scripts.
pub struct Reviewer(Place<Blind>);

/// A script as its reader sees it.
pub struct Opened {
    /// The script, its vignette and rubric.
    pub desk: Desk,
    /// What was written so far.
    pub draft: Option<Draft>,
    /// What was sealed, with its digest: the newest version.
    pub sealed: Option<(Marks, String)>,
    /// The newest correction that was asked for.
    pub correction: Option<OwnCorrection>,
}

/// What sealing gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// What this reviewer knows the script by.
    pub code: ScriptCode,
    /// The digest over what was sealed.
    pub sealed_digest: String,
}

/// What saving a draft gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSaved {
    /// The stored revision.
    pub revision: i64,
    /// When it arrived, RFC 3339.
    pub saved_at: String,
}

impl Reviewer {
    /// The desk of whoever holds that session.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self(Place::blind(office, session, call))
    }

    /// When the call arrived.
    pub fn now(&self) -> Instant {
        self.0.now()
    }

    /// What this reviewer may do: ids and roles, no name.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub async fn authority(&self) -> Result<Authority, Error> {
        self.0.read(|_, me| Ok(me.clone())).await
    }

    /// Own queue.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn queue(&self, range: Range) -> Result<Page<QueueEntry>, Error> {
        self.0
            .read(move |tx, me| {
                me.require_anywhere(Act::Review)?;
                let rows = tx.reading_queue(&me.person, &range.after, range.probe())?;
                Ok(range.page(rows, |row| row.code.0.clone()))
            })
            .await
    }

    /// How one's own marking stands beside that of the others, as far as that may be told.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn standing(&self) -> Result<Standing, Error> {
        self.0
            .read(|tx, me| {
                me.require_anywhere(Act::Review)?;
                tx.own_standing(&me.person)
            })
            .await
    }

    /// One script.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a code that is not one's own.
    pub async fn open(&self, code: &ScriptCode) -> Result<Opened, Error> {
        let code = code.clone();
        self.0
            .read(move |tx, me| {
                let desk = own(tx, me, &code)?;
                let sealed = tx.review(&desk.reading)?;
                let draft = if sealed.is_some() { None } else { tx.draft(&desk.reading)? };
                let correction = tx.correction_newest(&desk.reading)?;
                Ok(Opened { draft, sealed, correction, desk })
            })
            .await
    }

    /// Saves a draft; an older or equal revision changes nothing.
    ///
    /// # Errors
    /// [`Refusal::AlreadySealed`], [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn draft_save(&self, code: &ScriptCode, revision: i64, marks: Marks) -> Result<DraftSaved, Error> {
        let (code, session) = (code.clone(), self.0.session.clone());
        self.0
            .store
            .write_unaudited(&self.0.call, move |tx| {
                let me = tx.authority(&session)?;
                let desk = own(tx, &me, &code)?;
                refuse_sealed(&desk)?;
                refuse_wrong(marks.problems_as_draft(&desk.vignette.rubric, &desk.answer), Refusal::Invalid)?;
                let saved = tx.draft_save(&desk.reading, revision, &marks)?;
                Ok(DraftSaved { revision: saved.revision, saved_at: Instant(saved.saved_at).rfc3339() })
            })
            .await
    }

    /// Seals a review for good.
    ///
    /// # Errors
    /// [`Refusal::ReviewIncomplete`], [`Refusal::AlreadySealed`], [`Refusal::NotFound`].
    pub async fn seal(&self, code: &ScriptCode, marks: Marks) -> Result<Sealed, Error> {
        let code = code.clone();
        let sealed = self
            .0
            .write(move |tx, me| {
                let desk = own(tx, me, &code)?;
                refuse_sealed(&desk)?;
                refuse_wrong(marks.problems_as_review(&desk.vignette.rubric, &desk.answer), Refusal::ReviewIncomplete)?;
                let digest = tx.review_seal(&desk, &marks)?;
                audit(tx, me, "review.seal", &desk, json!({ "digest": digest }))?;
                Ok(Sealed { code: code.clone(), sealed_digest: digest })
            })
            .await?;
        self.0.office.pulse.wake_clerk();
        Ok(sealed)
    }

    /// Asks for a correction of a sealed review. What was sealed stays; somebody else decides whether a later version stands
    /// beside it.
    ///
    /// # Errors
    /// [`Refusal::NotSealed`], [`Refusal::CorrectionWaiting`], [`Refusal::ReviewIncomplete`], [`Refusal::Invalid`],
    /// [`Refusal::NotFound`].
    pub async fn correct(&self, code: &ScriptCode, marks: Marks, reason: String) -> Result<(), Error> {
        let code = code.clone();
        self.0
            .write(move |tx, me| {
                let desk = own(tx, me, &code)?;
                if tx.lesson_is_told(&desk.reading)? {
                    return Err(Refusal::invalid("", "the reference of this benchmark script is known to you").into());
                }
                let sealed = tx.review(&desk.reading)?.map(|(marks, _)| marks);
                let newest = tx.correction_newest(&desk.reading)?;
                let waits = newest.is_some_and(|newest| newest.state == CorrectionState::Waiting);
                may_ask(sealed.as_ref(), waits, &marks)?;
                refuse_wrong(marks.problems_as_review(&desk.vignette.rubric, &desk.answer), Refusal::ReviewIncomplete)?;
                let id = tx.correction_ask(&desk.reading, &marks, checked_reason(&reason)?)?;
                audit(tx, me, "review.correction.ask", &desk, json!({ "correction": id }))
            })
            .await
    }

    /// Gives a script back. It goes to somebody else, and nobody is told why.
    ///
    /// # Errors
    /// [`Refusal::AlreadySealed`], [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn decline(&self, code: &ScriptCode, reason: DeclineReason, note: String) -> Result<(), Error> {
        let code = code.clone();
        self.0
            .write(move |tx, me| {
                let desk = own(tx, me, &code)?;
                refuse_sealed(&desk)?;
                refuse_long(&note)?;
                tx.reading_decline(&desk, reason, note.trim())?;
                // Why stays between the reviewer and the allocation: others read the log.
                audit(tx, me, "review.decline", &desk, json!({}))
            })
            .await?;
        self.0.office.pulse.wake_clerk();
        Ok(())
    }

    /// Points something out.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn flag(&self, code: &ScriptCode, kind: FlagKind, note: String) -> Result<(), Error> {
        let code = code.clone();
        self.0
            .write(move |tx, me| {
                let desk = own(tx, me, &code)?;
                if note.trim().is_empty() {
                    return Err(Refusal::invalid("/note", "say what you saw").into());
                }
                refuse_long(&note)?;
                tx.review_flag(&desk.reading, kind, note.trim())?;
                audit(tx, me, "review.flag", &desk, json!({ "kind": kind }))
            })
            .await
    }
}

fn own(tx: &mut Tx<'_, Blind>, me: &Authority, code: &ScriptCode) -> Result<Desk, Error> {
    // Whoever is no reviewer at all learns nothing of codes either.
    me.require_anywhere(Act::Review).map_err(|_| Refusal::NotFound)?;
    tx.reading_by_code(&me.person, code)
}

fn refuse_sealed(desk: &Desk) -> Result<(), Refusal> {
    if desk.state == ReadingState::Sealed { Err(Refusal::AlreadySealed) } else { Ok(()) }
}

fn refuse_wrong(
    problems: Vec<crate::domain::refusal::FieldProblem>,
    refusal: impl Fn(Vec<crate::domain::refusal::FieldProblem>) -> Refusal,
) -> Result<(), Refusal> {
    if problems.is_empty() { Ok(()) } else { Err(refusal(problems)) }
}

fn refuse_long(note: &str) -> Result<(), Refusal> {
    if note.chars().count() > MAX_NOTE_CHARS {
        return Err(Refusal::invalid("/note", format!("at most {MAX_NOTE_CHARS} characters")));
    }
    Ok(())
}

fn audit(
    tx: &mut Tx<'_, Blind>,
    me: &Authority,
    act: &'static str,
    desk: &Desk,
    detail: serde_json::Value,
) -> Result<(), Error> {
    tx.audit(Entry {
        association: me.associations(Act::Review).into_iter().next(),
        actor: me.person.0.clone(),
        act,
        subject: desk.reading.0.clone(),
        detail,
    })
}
