//! What an examinee sees, as the desk tells it. The programming interface sends these as they are.

use serde::{Deserialize, Serialize};

use crate::domain::accommodation::{Arrangement, Presentation};
use crate::domain::appeal::AppealState;
use crate::domain::attempt::PartState;
use crate::domain::ids::{AppealId, AttemptId, RegistrationId};
use crate::domain::outcome::{Outcome, PartResult};
use crate::domain::stop::{RunState, StopKind};
use crate::domain::timing::{Instant, Term};
use crate::domain::vocabulary::{Category, Part, SittingKind, Strand, Track};
use crate::store::answers::{Answer, NewAnswer};
use crate::store::people::AccommodationRow;

/// A seat as its holder sees it.
#[derive(Debug, Clone, Serialize)]
pub struct RegistrationView {
    /// Which.
    pub id: RegistrationId,
    /// Where and when.
    pub sitting: SittingView,
    /// For which track.
    pub track: Track,
    /// For which category.
    pub category: Category,
    /// The strand of Part Two.
    pub strand: Strand,
    /// How it stands: `active` or `completed`.
    pub state: &'static str,
    /// What is to be accepted, and when it was.
    pub agreement: AgreementView,
    /// Both parts.
    pub parts: Vec<PartView>,
    /// Whether the proctor's confirmation is still awaited.
    pub awaits_admission: bool,
    /// Whether it is for practice and counts nowhere; left out where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    /// The confirmed arrangement, if there is one.
    pub accommodation: Option<Confirmed>,
}

/// A confirmed arrangement as its person sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Confirmed {
    /// What.
    #[serde(flatten)]
    pub arrangement: Arrangement,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub expires_on: Option<String>,
}

impl From<AccommodationRow> for Confirmed {
    fn from(row: AccommodationRow) -> Self {
        Self { arrangement: row.arrangement(), expires_on: row.expires_on }
    }
}

/// A sitting as an examinee sees it.
#[derive(Debug, Clone, Serialize)]
pub struct SittingView {
    /// Which.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How it starts.
    pub kind: SittingKind,
    /// When it opens, RFC 3339.
    pub opens_at: String,
    /// When starting ends.
    pub closes_at: String,
    /// Where its clock hangs.
    pub time_zone: String,
}

/// The agreement.
#[derive(Debug, Clone, Serialize)]
pub struct AgreementView {
    /// The version in force.
    pub version: String,
    /// Its text, in Markdown.
    pub text: String,
    /// When that version was accepted.
    pub accepted_at: Option<String>,
}

/// A part as an examinee sees it.
#[derive(Debug, Clone, Serialize)]
pub struct PartView {
    /// Which.
    pub part: Part,
    /// How it stands.
    pub state: PartState,
    /// What the sitting gives everybody.
    pub allowance_seconds: i64,
    /// Once started.
    pub attempt: Option<AttemptId>,
}

/// A part that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The attempt.
    pub attempt: AttemptId,
    /// Whether the clock began with this very call.
    pub first: bool,
}

/// What is delivered once, at the start of a part. Texts are Markdown; the edge makes them safe HTML.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    /// The attempt.
    pub attempt: AttemptId,
    /// Which part.
    pub part: Part,
    /// `open`, `paused` or `closed`.
    pub state: RunState,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub deadline: String,
    /// The deadline's explanation.
    pub terms: Vec<Term>,
    /// How the room is laid out.
    pub presentation: Presentation,
    /// Part One; empty while the clock stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<Question>>,
    /// Part Two: how many of the vignettes are to be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choose: Option<i64>,
    /// Part Two; empty while the clock stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vignettes: Option<Vec<VignetteView>>,
    /// What is stored so far.
    pub saved: Vec<Saved>,
}

/// One question.
#[derive(Debug, Clone, Serialize)]
pub struct Question {
    /// From 1.
    pub position: i64,
    /// What is asked.
    pub stem: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
}

/// One choice.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What to send.
    pub choice: &'static str,
    /// What it says.
    pub text: String,
}

/// One vignette.
#[derive(Debug, Clone, Serialize)]
pub struct VignetteView {
    /// From 1.
    pub position: i64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub scenario: String,
    /// What is asked.
    pub prompts: Vec<String>,
    /// The longest answer.
    pub max_characters: i64,
}

/// A stored answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Where.
    pub position: i64,
    /// Which revision.
    pub revision: i64,
    /// In Part One.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// In Part Two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it arrived, RFC 3339.
    pub saved_at: String,
}

impl From<Answer> for Saved {
    fn from(a: Answer) -> Self {
        Self {
            position: a.position,
            revision: a.revision,
            choice: a.choice,
            text: a.body,
            saved_at: Instant(a.saved_at).rfc3339(),
        }
    }
}

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveOutcome {
    /// It, or something as new, is stored.
    Stored {
        /// Where.
        position: i64,
        /// The revision that is stored.
        revision: i64,
        /// When that one arrived, RFC 3339.
        saved_at: String,
        /// When time is up, RFC 3339.
        deadline: String,
        /// Whether it is something else under the same number, from another device perhaps.
        #[serde(default)]
        superseded: bool,
    },
    /// The part was over; whether it was kept as late evidence.
    Late {
        /// Whether it was kept.
        kept: bool,
    },
    /// It was refused.
    NoSuchPosition,
    /// It was refused.
    NoSuchChoice,
    /// It was refused.
    TooLong {
        /// The most characters it takes.
        max_characters: i64,
    },
    /// It was refused: prose where a choice is made, or the other way round.
    WrongKind,
}

impl SaveOutcome {
    /// Whether what was sent is what stands now.
    pub fn stored(&self, sent: &NewAnswer) -> bool {
        matches!(self, Self::Stored { revision, superseded: false, .. } if *revision == sent.revision)
    }

    /// Whether it, or something as new, is stored and counts.
    pub fn is_stored(&self) -> bool {
        matches!(self, Self::Stored { .. })
    }
}

/// The explained clock of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// The server's time, RFC 3339.
    pub now: String,
    /// When time is up.
    pub deadline: String,
    /// Whole seconds, rounded up.
    pub remaining_seconds: i64,
    /// The deadline's explanation.
    pub terms: Vec<Term>,
    /// `open`, `paused` or `closed`.
    pub state: RunState,
    /// From when on the clock runs after a stop, RFC 3339, while that is still to come: less than a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_from: Option<String>,
    /// What holds the clock, when it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopView>,
    /// For a page that named its opening: how it stands to the others.
    #[serde(flatten)]
    pub page: PageView,
}

/// How a page stands to the others on the same attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PageView {
    /// Whether another was opened since, which goes on with the work; left out where that is not so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub taken_over: bool,
    /// How often something was stored that an earlier page had kept; left out while that is never.
    #[serde(skip_serializing_if = "is_nought")]
    pub earlier_saves: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_nought(count: &i64) -> bool {
    *count == 0
}

/// What holds a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopView {
    /// A pause for everybody, or one's own break.
    pub kind: StopKind,
    /// Since when, RFC 3339.
    pub since: String,
    /// When a break ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why, for a pause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A released result.
#[derive(Debug, Clone, Serialize)]
pub struct ResultView {
    /// In whose seat.
    pub registration: RegistrationId,
    /// The sitting.
    pub sitting: SittingView,
    /// For which track.
    pub track: Track,
    /// For which category.
    pub category: Category,
    /// RFC 3339.
    pub released_at: String,
    /// What the exam came to.
    pub outcome: Outcome,
    /// What is told of each part.
    pub parts: Vec<PartResult>,
    /// When a retake opens, for who did not pass.
    pub retake: Option<RetakeView>,
    /// Whether it follows an appeal, and takes the place of an earlier result.
    pub follows_appeal: bool,
    /// How it stands with an appeal against it.
    pub appeal: AppealStanding,
}

/// When a retake opens.
#[derive(Debug, Clone, Serialize)]
pub struct RetakeView {
    /// `YYYY-MM-DD`.
    pub open_from: String,
}

/// How it stands with an appeal against a result.
#[derive(Debug, Clone, Serialize)]
pub struct AppealStanding {
    /// The newest appeal against it, unless it was taken back.
    pub id: Option<AppealId>,
    /// How that stands.
    pub state: Option<AppealState>,
    /// The last day on which it can be appealed, `YYYY-MM-DD`; nothing when it cannot.
    pub until: Option<String>,
}
