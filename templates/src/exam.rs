//! The words of the exam that many pages share: tracks, categories, strands, domains, parts, outcomes,
//! accommodations.

use chrono::NaiveDate;

use crate::{
    parts::{self, Tone},
    words::Words,
};

/// The knowledge that a form covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// Infant mental health: to age 3.
    Imh,
    /// Early childhood mental health: to age 6.
    Ecmh,
}

impl Track {
    /// Its name.
    #[must_use]
    pub fn name(self, words: Words) -> String {
        words.text(match self {
            Self::Imh => "track-imh",
            Self::Ecmh => "track-ecmh",
        })
    }
}

/// The category of the Endorsement that is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Specialist.
    Specialist,
    /// Mentor, clinical.
    MentorClinical,
    /// Mentor, policy.
    MentorPolicy,
    /// Mentor, research and faculty.
    MentorResearchFaculty,
}

impl Category {
    /// Its name.
    #[must_use]
    pub fn name(self, words: Words) -> String {
        words.text(match self {
            Self::Specialist => "category-specialist",
            Self::MentorClinical => "category-mentor-clinical",
            Self::MentorPolicy => "category-mentor-policy",
            Self::MentorResearchFaculty => "category-mentor-research-faculty",
        })
    }
}

/// The kind of vignettes of Part Two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strand {
    /// Clinical practice.
    Clinical,
    /// Policy and administration.
    Policy,
    /// Research and teaching.
    ResearchFaculty,
}

impl Strand {
    /// Its name.
    #[must_use]
    pub fn name(self, words: Words) -> String {
        words.text(match self {
            Self::Clinical => "strand-clinical",
            Self::Policy => "strand-policy",
            Self::ResearchFaculty => "strand-research-faculty",
        })
    }
}

/// A competency domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Theoretical Foundations.
    TheoreticalFoundations,
    /// Law, Regulation and Agency Policy.
    LawRegulationAgencyPolicy,
    /// Systems Expertise.
    SystemsExpertise,
    /// Direct Service Skills.
    DirectServiceSkills,
    /// Working With Others.
    WorkingWithOthers,
    /// Leading People.
    LeadingPeople,
    /// Communicating.
    Communicating,
    /// Thinking.
    Thinking,
    /// Reflection.
    Reflection,
    /// Administration.
    Administration,
    /// Research and Evaluation.
    ResearchAndEvaluation,
}

impl Domain {
    /// Its name.
    #[must_use]
    pub fn name(self, words: Words) -> String {
        words.text(match self {
            Self::TheoreticalFoundations => "domain-theoretical-foundations",
            Self::LawRegulationAgencyPolicy => "domain-law",
            Self::SystemsExpertise => "domain-systems",
            Self::DirectServiceSkills => "domain-direct-service",
            Self::WorkingWithOthers => "domain-working-with-others",
            Self::LeadingPeople => "domain-leading-people",
            Self::Communicating => "domain-communicating",
            Self::Thinking => "domain-thinking",
            Self::Reflection => "domain-reflection",
            Self::Administration => "domain-administration",
            Self::ResearchAndEvaluation => "domain-research",
        })
    }
}

/// A part of the exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Multiple choice.
    One,
    /// Vignettes.
    Two,
}

impl Part {
    /// The segment that names it in paths.
    #[must_use]
    pub fn segment(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Two => "two",
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self, words: Words) -> String {
        words.text(match self {
            Self::One => "part-one",
            Self::Two => "part-two",
        })
    }

    /// What it consists of, in a few words.
    #[must_use]
    pub fn content(self, words: Words) -> String {
        words.text(match self {
            Self::One => "part-one-content",
            Self::Two => "part-two-content",
        })
    }
}

/// Where a part stands for one examinee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Not yet.
    Locked,
    /// May be started.
    Ready,
    /// Running.
    Open,
    /// Closed for good.
    Closed,
}

impl PartState {
    /// The state's meaning and word.
    #[must_use]
    pub fn badge(self, words: Words) -> (Tone, String) {
        match self {
            Self::Locked => (Tone::Neutral, words.text("part-locked")),
            Self::Ready => (Tone::Accent, words.text("part-ready")),
            Self::Open => (Tone::Attention, words.text("part-open")),
            Self::Closed => (Tone::Good, words.text("part-closed")),
        }
    }
}

/// What came of an exam or of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Passed.
    Passed,
    /// Not passed.
    Failed,
    /// Void: an irregularity.
    Void,
    /// Withheld: under inquiry.
    Withheld,
    /// Not finished.
    Incomplete,
    /// Did not sit.
    Absent,
}

impl Outcome {
    /// The outcome's meaning and word.
    #[must_use]
    pub fn badge(self, words: Words) -> (Tone, String) {
        match self {
            Self::Passed => (Tone::Good, words.text("outcome-passed")),
            Self::Failed => (Tone::Attention, words.text("outcome-failed")),
            Self::Void => (Tone::Danger, words.text("outcome-void")),
            Self::Withheld => (Tone::Neutral, words.text("outcome-withheld")),
            Self::Incomplete => (Tone::Neutral, words.text("outcome-incomplete")),
            Self::Absent => (Tone::Neutral, words.text("outcome-absent")),
        }
    }
}

/// One confirmed accommodation. Shown to its person, and never on a result, a letter or a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accommodation {
    /// Each part's time, in hundredths of the ordinary: 150 is one and a half.
    TimeMultiplier {
        /// Hundredths.
        percent: i64,
    },
    /// More time in one part.
    ExtraTime {
        /// The part.
        part: Part,
        /// How much.
        seconds: i64,
    },
    /// Breaks during which the clock stands still.
    StopClockBreaks,
    /// Larger type.
    LargerType,
    /// One column, wider spacing, for reading aloud.
    ReaderLayout,
    /// Spell-check in prose.
    SpellCheck,
}

impl Accommodation {
    /// One line about it.
    #[must_use]
    pub fn line(&self, words: Words) -> String {
        match self {
            Self::TimeMultiplier { percent } => {
                let (whole, rest) = (percent / 100, percent % 100);
                let factor = format!("{whole}.{rest:02}");
                words.with(
                    "accommodation-multiplier",
                    &[("factor", factor.trim_end_matches('0').trim_end_matches('.').into())],
                )
            }
            Self::ExtraTime { part, seconds } => words.with(
                "accommodation-extra",
                &[("time", parts::duration(words, *seconds).into()), ("part", part.name(words).into())],
            ),
            Self::StopClockBreaks => words.text("accommodation-breaks"),
            Self::LargerType => words.text("accommodation-type"),
            Self::ReaderLayout => words.text("accommodation-reader"),
            Self::SpellCheck => words.text("accommodation-spelling"),
        }
    }
}

/// Whether and when an exam that was not passed may be taken again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retake {
    /// The first day.
    pub open_from: NaiveDate,
    /// That day has come.
    pub open: bool,
}
