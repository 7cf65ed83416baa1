//! Refusals: every lawful "no" the system can give, with the stable code by which programs know it and a sentence for
//! people. A refusal is a decision, never an accident; accidents are [faults](crate::store::Fault).

use serde::{Deserialize, Serialize};

/// One thing wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// Where it is: a JSON pointer into the body, such as `/parts/one/items`.
    pub pointer: String,
    /// What is wrong, in a sentence.
    pub detail: String,
}

impl FieldProblem {
    /// A problem at that place.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// One check of the release gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which check it is.
    pub check: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found, naming what stands in the way.
    pub detail: String,
}

/// A lawful no. Each variant's documentation says when it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No valid token came with the request, or its session has ended.
    NotSignedIn,
    /// E-mail address or password did not fit; the same for every cause.
    SignInFailed,
    /// The password fits, and the account asks for a one-time code as well.
    SecondFactorRequired,
    /// Too many failures for this account or from this address lately.
    TooManyAttempts {
        /// When the next try is worth making.
        retry_after_seconds: i64,
    },
    /// Too many messages were sent to this room lately.
    TooManyMessages {
        /// When the next try is worth making.
        retry_after_seconds: i64,
    },
    /// The invitation was used, has expired or never was.
    InvitationGone,
    /// The thing does not exist, or this actor may not know whether it does.
    NotFound,
    /// The actor has no role that may do this.
    RoleRequired,
    /// The request comes from another site.
    OriginRefused,
    /// The agreement has not been accepted yet.
    AgreementRequired,
    /// The accepted version is not the one in force.
    AgreementChanged,
    /// The part cannot be started now: an earlier one is not closed, or it is closed itself.
    PartNotReady,
    /// The time by which one had to start has passed.
    TooLate,
    /// The sitting has not opened.
    SittingNotOpen,
    /// The proctor has not confirmed the examinee's identity yet.
    NotAdmitted,
    /// The sitting asks for Safe Exam Browser, and nothing proves that this comes from it.
    SafeExamBrowserRequired,
    /// The sitting is paused: nobody starts meanwhile, and no break begins.
    SittingPaused,
    /// The sitting is not paused, so that there is nothing to resume.
    NotPaused,
    /// The examinee has no confirmed arrangement for stop-the-clock breaks.
    BreakNotArranged,
    /// The breaks of this part have been as long as they may be.
    BreakUsedUp,
    /// The part is closed: what came was kept as late evidence where it could be.
    PartClosed {
        /// Whether the answer was kept as late evidence.
        late: bool,
    },
    /// The paper has no such position.
    NoSuchPosition,
    /// The question has no such choice.
    NoSuchChoice,
    /// The answer is longer than the vignette allows.
    AnswerTooLong {
        /// The most characters it takes.
        max_characters: i64,
    },
    /// A request of this person for accommodations waits already.
    RequestWaiting,
    /// The request was decided, or taken back.
    RequestDecided,
    /// The review lacks something without which it cannot be sealed.
    ReviewIncomplete(Vec<FieldProblem>),
    /// The review is sealed and never changes.
    AlreadySealed,
    /// The review is not sealed, so that there is nothing to correct.
    NotSealed,
    /// A correction of this review waits for a decision already.
    CorrectionWaiting,
    /// Somebody was given the script to read: what is masked in it cannot change any more.
    ScriptAllocated,
    /// The person holds no authorisation to test that covers this sitting.
    NotAuthorised,
    /// The year since the failed sitting is not over.
    RetakeNotOpen {
        /// The first day on which a retake may be sat, `YYYY-MM-DD`.
        open_from: String,
    },
    /// Every seat is taken.
    SittingFull,
    /// The person already holds an active registration for the track.
    AlreadyRegistered,
    /// Somebody with that e-mail address is on record already.
    EmailTaken,
    /// The sitting's terms cannot change any more: somebody has started.
    SittingInUse,
    /// The question bank cannot fill a form; says what is lacking.
    FormNotPossible(String),
    /// The release gate does not hold.
    ReleaseBlocked(Vec<Check>),
    /// The release is not in a state in which this can be done.
    ReleaseNotPending,
    /// This act needs another person than the one who prepared it.
    SecondPersonRequired,
    /// The result is released or waits for approval: what it rests on cannot change.
    ResultsReleased,
    /// A reviewer has, or had, the text that would change.
    ScriptHeld,
    /// The result is not out, or the time in which it can be appealed has passed.
    AppealClosed,
    /// The result was appealed already, or follows from an appeal.
    AppealExists,
    /// The appeal was decided, or taken back.
    AppealDecided,
    /// Whoever asks was given a script of this examinee to read, or decided a correction of its review.
    TookPartInReading,
    /// Whoever asks prepared or approved the release.
    TookPartInRelease,
    /// Whoever asks admitted this examinee, gave time, recorded an incident, or decided about late work.
    TookPartInRoom,
    /// Whoever asks is a party to the case: it is their own work, or a script that they read.
    OwnCase,
    /// Fields of the request are wrong; every one is named.
    Invalid(Vec<FieldProblem>),
    /// The same retry key came with another request.
    IdempotencyConflict,
    /// The same is asked too often.
    TooOften {
        /// When it may be asked again.
        retry_after_seconds: i64,
    },
    /// The queue is full; nothing was done.
    Busy,
}

impl Refusal {
    /// A refusal for one wrong field.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldProblem::new(pointer, detail)])
    }

    /// The stable code of the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SecondFactorRequired => "second_factor_required",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::TooManyMessages { .. } => "too_many_messages",
            Self::InvitationGone => "invitation_gone",
            Self::NotFound => "not_found",
            Self::RoleRequired => "role_required",
            Self::OriginRefused => "origin_refused",
            Self::AgreementRequired => "agreement_required",
            Self::AgreementChanged => "agreement_changed",
            Self::PartNotReady => "part_not_ready",
            Self::TooLate => "too_late",
            Self::SittingNotOpen => "sitting_not_open",
            Self::NotAdmitted => "not_admitted",
            Self::SafeExamBrowserRequired => "safe_exam_browser_required",
            Self::SittingPaused => "sitting_paused",
            Self::NotPaused => "not_paused",
            Self::BreakNotArranged => "break_not_arranged",
            Self::BreakUsedUp => "break_used_up",
            Self::PartClosed { .. } => "part_closed",
            Self::NoSuchPosition => "no_such_position",
            Self::NoSuchChoice => "no_such_choice",
            Self::AnswerTooLong { .. } => "answer_too_long",
            Self::RequestWaiting => "request_waiting",
            Self::RequestDecided => "request_decided",
            Self::ReviewIncomplete(_) => "review_incomplete",
            Self::AlreadySealed => "already_sealed",
            Self::NotSealed => "not_sealed",
            Self::CorrectionWaiting => "correction_waiting",
            Self::ScriptAllocated => "script_allocated",
            Self::NotAuthorised => "not_authorised",
            Self::RetakeNotOpen { .. } => "retake_not_open",
            Self::SittingFull => "sitting_full",
            Self::AlreadyRegistered => "already_registered",
            Self::EmailTaken => "email_taken",
            Self::SittingInUse => "sitting_in_use",
            Self::FormNotPossible(_) => "form_not_possible",
            Self::ReleaseBlocked(_) => "release_blocked",
            Self::ReleaseNotPending => "release_not_pending",
            Self::SecondPersonRequired => "second_person_required",
            Self::ResultsReleased => "results_released",
            Self::ScriptHeld => "script_held",
            Self::AppealClosed => "appeal_closed",
            Self::AppealExists => "appeal_exists",
            Self::AppealDecided => "appeal_decided",
            Self::TookPartInReading => "took_part_in_reading",
            Self::TookPartInRelease => "took_part_in_release",
            Self::TookPartInRoom => "took_part_in_room",
            Self::OwnCase => "own_case",
            Self::Invalid(_) => "invalid",
            Self::IdempotencyConflict => "idempotency_conflict",
            Self::TooOften { .. } => "too_often",
            Self::Busy => "busy",
        }
    }

    /// The reason in one sentence, safe to show to whoever asked.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotSignedIn => "Sign in first; your session may have ended.".into(),
            Self::SignInFailed => "E-mail address or password is not right.".into(),
            Self::SecondFactorRequired => "This account also asks for a one-time code.".into(),
            Self::TooManyAttempts { retry_after_seconds } => {
                format!("Too many failed attempts. Try again in {retry_after_seconds} seconds.")
            }
            Self::TooManyMessages { retry_after_seconds } => {
                format!("Too many messages were sent to this room. Try again in {retry_after_seconds} seconds.")
            }
            Self::InvitationGone => "This invitation was used already or has expired. Ask for a new one.".into(),
            Self::NotFound => "There is nothing here for you.".into(),
            Self::RoleRequired => "Your roles do not include this.".into(),
            Self::OriginRefused => "The request did not come from this site's own pages.".into(),
            Self::AgreementRequired => "Accept the agreement before you start.".into(),
            Self::AgreementChanged => "The agreement has changed. Read the version in force, then accept it.".into(),
            Self::PartNotReady => "This part cannot be started now.".into(),
            Self::TooLate => "The time for starting has passed. Ask the coordinator.".into(),
            Self::SittingNotOpen => "The sitting is not open yet.".into(),
            Self::NotAdmitted => "The proctor has not admitted you yet.".into(),
            Self::SafeExamBrowserRequired => {
                "This sitting is sat in Safe Exam Browser. Open the sitting's configuration file; it starts the browser.".into()
            }
            Self::SittingPaused => "The sitting is paused. It goes on when the proctor says so.".into(),
            Self::NotPaused => "The sitting is not paused.".into(),
            Self::BreakNotArranged => {
                "Breaks that stop the clock need a confirmed arrangement, which you do not have.".into()
            }
            Self::BreakUsedUp => "Your breaks in this part have been as long as they may be in all.".into(),
            Self::PartClosed { late: true } => {
                "The part is closed. What you sent was kept as late evidence and counts only if it is admitted.".into()
            }
            Self::PartClosed { late: false } => "The part is closed; nothing in it can change.".into(),
            Self::NoSuchPosition => "The paper has no such position.".into(),
            Self::NoSuchChoice => "The question has no such choice.".into(),
            Self::AnswerTooLong { max_characters } => {
                format!("The answer may have at most {max_characters} characters.")
            }
            Self::RequestWaiting => "A request of yours waits already. Take it back to send another.".into(),
            Self::RequestDecided => "This request was decided or taken back already.".into(),
            Self::ReviewIncomplete(_) => "The review is not complete.".into(),
            Self::AlreadySealed => "The review is sealed and cannot change.".into(),
            Self::NotSealed => "The review is not sealed yet: change it as it is.".into(),
            Self::CorrectionWaiting => "A correction of this review waits for a decision already.".into(),
            Self::ScriptAllocated => "Somebody was given this script to read: its masks cannot change any more.".into(),
            Self::NotAuthorised => "The person holds no authorisation to test that covers this sitting.".into(),
            Self::RetakeNotOpen { open_from } => format!("A retake may be sat from {open_from} on."),
            Self::SittingFull => "Every seat of this sitting is taken.".into(),
            Self::AlreadyRegistered => "The person already holds an active registration for this track.".into(),
            Self::EmailTaken => "Somebody with this e-mail address is on record already.".into(),
            Self::SittingInUse => "Somebody has started: these terms of the sitting cannot change any more.".into(),
            Self::FormNotPossible(lacking) => format!("The question bank cannot fill a form: {lacking}"),
            Self::ReleaseBlocked(_) => "Something stands in the way of this release.".into(),
            Self::ReleaseNotPending => "The release is not in a state in which this can be done.".into(),
            Self::SecondPersonRequired => "This needs another person than the one who prepared it.".into(),
            Self::ResultsReleased => {
                "This examinee's result is in a release. Recall that release first, decide, then release anew.".into()
            }
            Self::ScriptHeld => {
                "A reviewer holds this text already. Have its readings given back before you admit anything, or refuse \
                 the late text with that reason."
                    .into()
            }
            Self::AppealClosed => {
                "This result cannot be appealed: it is not released, or the time for an appeal has passed.".into()
            }
            Self::AppealExists => "This result was appealed already, or follows from an appeal.".into(),
            Self::AppealDecided => "This appeal was decided or taken back already.".into(),
            Self::TookPartInReading => {
                "You were given a script of this examinee, or decided a correction of one. Somebody else must decide."
                    .into()
            }
            Self::TookPartInRelease => {
                "You prepared or approved the release of this result. Somebody else must decide.".into()
            }
            Self::TookPartInRoom => {
                "You took part in this examinee's exam: admission, time, an incident or late work. Somebody else must \
                 decide."
                    .into()
            }
            Self::OwnCase => "You are a party to this. Somebody else must decide.".into(),
            Self::Invalid(_) => "Some fields are not right.".into(),
            Self::IdempotencyConflict => "This retry key was used for another request.".into(),
            Self::TooOften { .. } => "This was asked a moment ago. Ask again a little later.".into(),
            Self::Busy => "The server is catching up. Nothing was changed; try again shortly.".into(),
        }
    }

    /// The fields that are wrong, where the refusal is about fields.
    pub fn problems(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(problems) | Self::ReviewIncomplete(problems) => problems,
            _ => &[],
        }
    }
}
