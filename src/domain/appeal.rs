//! Appeals: on which grounds and until when a result can be appealed, and who may decide.

use chrono::{Days, NaiveDate};

use super::refusal::Refusal;
use super::vocabulary::spelled;

/// The longest statement of an appeal, in characters.
pub const MAX_STATEMENT_CHARS: usize = 5000;
/// The longest reason of a decision, in characters.
pub const MAX_REASON_CHARS: usize = 2000;

spelled! {
    /// On what ground an appeal is made.
    Ground {
        /// The exam did not go by its rules.
        Procedure = "procedure",
        /// A confirmed accommodation was not given.
        Accommodation = "accommodation",
        /// Somebody who took part was in conflict and did not say so.
        Conflict = "conflict",
        /// The scoring was mistaken.
        Scoring = "scoring",
        /// Something else.
        Other = "other",
    }
}

spelled! {
    /// How an appeal stands.
    AppealState {
        /// Nobody has decided.
        Open = "open",
        /// Its examinee took it back.
        Withdrawn = "withdrawn",
        /// The result stays.
        Dismissed = "dismissed",
        /// Answers are marked again.
        ReMark = "re_mark",
        /// The result was counted again.
        Recount = "recount",
    }
}

spelled! {
    /// What is decided of an appeal.
    AppealDecision {
        /// The result stays.
        Dismiss = "dismiss",
        /// A fresh blind double reading.
        ReMark = "re_mark",
        /// Both parts are computed again from what is stored.
        Recount = "recount",
    }
}

impl From<AppealDecision> for AppealState {
    fn from(decision: AppealDecision) -> Self {
        match decision {
            AppealDecision::Dismiss => Self::Dismissed,
            AppealDecision::ReMark => Self::ReMark,
            AppealDecision::Recount => Self::Recount,
        }
    }
}

/// The last day on which a result that was released on that day can be appealed; none where no result can.
pub fn last_day(released_on: NaiveDate, appeal_days: i64) -> Option<NaiveDate> {
    let days = u64::try_from(appeal_days).ok().filter(|days| *days > 0)?;
    released_on.checked_add_days(Days::new(days))
}

/// What must be known to judge whether a result can be appealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppealFacts {
    /// The day on which it became visible; none while it is not.
    pub released_on: Option<NaiveDate>,
    /// Today, where the sitting took place.
    pub today: NaiveDate,
    /// The association's rule.
    pub appeal_days: i64,
    /// Whether an appeal against it is open or was decided, or it follows from one: that decision is final.
    pub appealed: bool,
}

/// Whether a result can be appealed.
///
/// # Errors
/// [`Refusal::AppealExists`], [`Refusal::AppealClosed`].
pub fn may_appeal(facts: &AppealFacts) -> Result<(), Refusal> {
    if facts.appealed {
        return Err(Refusal::AppealExists);
    }
    match facts.released_on.and_then(|day| last_day(day, facts.appeal_days)) {
        Some(last) if facts.today <= last => Ok(()),
        _ => Err(Refusal::AppealClosed),
    }
}

/// In what somebody took part of all that an appeal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Involvement {
    /// It is their own result.
    pub examinee: bool,
    /// They prepared or approved the release.
    pub release: bool,
    /// They were given one of the scripts, or decided a correction of one of its reviews.
    pub reading: bool,
    /// They admitted this examinee, gave time, recorded an incident, or decided about late work.
    pub room: bool,
}

impl Involvement {
    /// Whether who took part in that may decide.
    ///
    /// # Errors
    /// The first that stands against it: [`Refusal::OwnCase`], [`Refusal::TookPartInReading`],
    /// [`Refusal::TookPartInRelease`], [`Refusal::TookPartInRoom`].
    pub fn may_decide(self) -> Result<(), Refusal> {
        match self {
            Self { examinee: true, .. } => Err(Refusal::OwnCase),
            Self { reading: true, .. } => Err(Refusal::TookPartInReading),
            Self { release: true, .. } => Err(Refusal::TookPartInRelease),
            Self { room: true, .. } => Err(Refusal::TookPartInRoom),
            Self { examinee: false, release: false, reading: false, room: false } => Ok(()),
        }
    }

    /// Whether who took part in that may see the file, which tells whose the scripts are.
    ///
    /// # Errors
    /// [`Refusal::OwnCase`], [`Refusal::TookPartInReading`].
    pub fn may_see(self) -> Result<(), Refusal> {
        Self { release: false, room: false, ..self }.may_decide()
    }
}

/// A text without the space around it, of at most so many characters.
///
/// # Errors
/// [`Refusal::Invalid`] at that field when there is none, or it is too long.
pub fn bounded<'t>(field: &str, text: &'t str, most: usize) -> Result<&'t str, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(Refusal::invalid(format!("/{field}"), format!("between 1 and {most} characters")));
    }
    Ok(text)
}

/// Which positions are to be marked again: those named, or all that count when none is named.
///
/// # Errors
/// [`Refusal::Invalid`] for a position that does not count, for an empty list, and where there is nothing to mark again.
pub fn positions_again(counted: &[i64], named: Option<&[i64]>) -> Result<Vec<i64>, Refusal> {
    if counted.is_empty() {
        return Err(Refusal::invalid("/decision", "no answer of this result was marked"));
    }
    let Some(named) = named else { return Ok(counted.to_vec()) };
    if let Some(index) = named.iter().position(|position| !counted.contains(position)) {
        return Err(Refusal::invalid(format!("/positions/{index}"), "no answer of this position counts"));
    }
    let mut positions = named.to_vec();
    positions.sort_unstable();
    positions.dedup();
    if positions.is_empty() {
        return Err(Refusal::invalid("/positions", "name at least one"));
    }
    Ok(positions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_of_whole_days_after_the_release() {
        let facts = |released: Option<&str>, today: &str, appeal_days, appealed| AppealFacts {
            released_on: released.map(day),
            today: day(today),
            appeal_days,
            appealed,
        };
        let cases = [
            (facts(Some("2027-03-12"), "2027-03-12", 30, false), None),
            (facts(Some("2027-03-12"), "2027-04-11", 30, false), None),
            (facts(Some("2027-03-12"), "2027-04-12", 30, false), Some("appeal_closed")),
            (facts(Some("2027-03-12"), "2027-03-12", 0, false), Some("appeal_closed")),
            (facts(None, "2027-03-12", 30, false), Some("appeal_closed")),
            (facts(Some("2027-03-12"), "2027-03-13", 30, true), Some("appeal_exists")),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_appeal(&facts).err().map(|r| r.code()), expected, "{facts:?}");
        }
    }

    #[test]
    fn whoever_took_part_does_not_decide() {
        let none = Involvement::default();
        let cases = [
            (none, None, None),
            (Involvement { examinee: true, room: true, ..none }, Some("own_case"), Some("own_case")),
            (Involvement { release: true, ..none }, Some("took_part_in_release"), None),
            (
                Involvement { reading: true, release: true, ..none },
                Some("took_part_in_reading"),
                Some("took_part_in_reading"),
            ),
            (Involvement { room: true, ..none }, Some("took_part_in_room"), None),
        ];
        for (involvement, decide, see) in cases {
            assert_eq!(involvement.may_decide().err().map(|r| r.code()), decide, "{involvement:?}");
            assert_eq!(involvement.may_see().err().map(|r| r.code()), see, "{involvement:?}");
        }
    }

    #[test]
    fn what_is_marked_again() {
        assert_eq!(positions_again(&[1, 3], None), Ok(vec![1, 3]));
        assert_eq!(positions_again(&[1, 3], Some(&[3, 3])), Ok(vec![3]));
        for (counted, named, pointer) in
            [(&[][..], None, "/decision"), (&[1], Some(&[1, 2][..]), "/positions/1"), (&[1], Some(&[]), "/positions")]
        {
            let refusal = positions_again(counted, named).unwrap_err();
            assert_eq!(refusal.problems()[0].pointer, pointer);
        }
    }
}
