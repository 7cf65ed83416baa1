//! The course of an examinee through the two parts: what may be started, when, and what each part's state is.

use super::refusal::Refusal;
use super::stop::{Span, moved_by};
use super::timing::{ClockFacts, Instant};
use super::vocabulary::{Part, SittingKind, spelled};

spelled! {
    /// How a part of a registration stands.
    PartState {
        /// An earlier part is not closed yet.
        Locked = "locked",
        /// It can be started.
        Ready = "ready",
        /// It runs.
        Open = "open",
        /// It is over for good.
        Closed = "closed",
    }
}

/// What must be known of a registration to judge a start.
#[derive(Debug, Clone)]
pub struct StartFacts {
    /// How the sitting starts.
    pub kind: SittingKind,
    /// When it opens.
    pub opens_at: Instant,
    /// After this nobody starts any more.
    pub closes_at: Instant,
    /// How late one may come to a fixed sitting.
    pub late_arrival_seconds: i64,
    /// Whether a coordinator let this person in late.
    pub late_admission: bool,
    /// Whether the proctor must have confirmed the identity.
    pub identity_check: bool,
    /// Whether the proctor has.
    pub admitted: bool,
    /// Whether the agreement in force was accepted.
    pub agreed: bool,
    /// Part One's clock, once started.
    pub one: Option<ClockFacts>,
    /// Part Two's clock, once started.
    pub two: Option<ClockFacts>,
    /// The sitting's pauses, in the order of time.
    pub pauses: Vec<Span>,
}

impl StartFacts {
    /// Whether everything stands still.
    pub fn is_paused(&self) -> bool {
        self.pauses.iter().any(|pause| pause.until.is_none())
    }

    fn clock(&self, part: Part) -> Option<&ClockFacts> {
        match part {
            Part::One => self.one.as_ref(),
            Part::Two => self.two.as_ref(),
        }
    }
}

/// The state of a part at `now`.
pub fn part_state(one: Option<&ClockFacts>, two: Option<&ClockFacts>, part: Part, now: Instant) -> PartState {
    let clock = match part {
        Part::One => one,
        Part::Two => two,
    };
    match (clock, part) {
        (Some(clock), _) if clock.is_over(now) => PartState::Closed,
        (Some(_), _) => PartState::Open,
        (None, Part::One) => PartState::Ready,
        (None, Part::Two) if one.is_some_and(|c| c.is_over(now)) => PartState::Ready,
        (None, Part::Two) => PartState::Locked,
    }
}

/// A start that was judged lawful.
#[derive(Debug, PartialEq, Eq)]
pub enum Start {
    /// The clock begins now.
    First(StartPermit),
    /// It runs already: continue where the server is.
    Resume,
}

/// Proof that a first start was judged lawful; the store asks for it.
#[derive(Debug, PartialEq, Eq)]
pub struct StartPermit(());

/// Whether `part` may start at `now`.
///
/// # Errors
/// The reason for which it may not, the most fundamental first.
pub fn may_start(facts: &StartFacts, part: Part, now: Instant) -> Result<Start, Refusal> {
    match part_state(facts.one.as_ref(), facts.two.as_ref(), part, now) {
        PartState::Open => return Ok(Start::Resume),
        PartState::Closed | PartState::Locked => return Err(Refusal::PartNotReady),
        PartState::Ready => debug_assert!(facts.clock(part).is_none()),
    }
    if facts.is_paused() {
        return Err(Refusal::SittingPaused);
    }
    if now < facts.opens_at {
        return Err(Refusal::SittingNotOpen);
    }
    if !facts.late_admission && now > last_start(facts, part) {
        return Err(Refusal::TooLate);
    }
    if facts.identity_check && !facts.admitted {
        return Err(Refusal::NotAdmitted);
    }
    if !facts.agreed {
        return Err(Refusal::AgreementRequired);
    }
    Ok(Start::First(StartPermit(())))
}

/// How long after Part One, at the most, Part Two may begin once the sitting has closed.
const LONGEST_BREAK_SECONDS: i64 = 24 * 3600;

/// The last instant at which a part may be started without a coordinator's leave. Part Two follows Part One whenever
/// that ended: coming late to a fixed sitting is a matter of the first start alone. A pause moves it by its length.
pub fn last_start(facts: &StartFacts, part: Part) -> Instant {
    let closes_at = moved_by(facts.closes_at, &facts.pauses);
    match (part, facts.kind, facts.one) {
        (Part::One, SittingKind::Fixed, _) => {
            moved_by(facts.opens_at.plus_seconds(facts.late_arrival_seconds), &facts.pauses).min(closes_at)
        }
        (Part::Two, _, Some(one)) => {
            let ended = one.closed_at.unwrap_or(one.deadline);
            let since: Vec<Span> = facts.pauses.iter().filter(|pause| pause.from >= ended).copied().collect();
            closes_at.max(moved_by(ended.plus_seconds(LONGEST_BREAK_SECONDS), &since))
        }
        (Part::One, SittingKind::Window, _) | (Part::Two, _, None) => closes_at,
    }
}

/// What an examinee is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Accept the agreement.
    Agree,
    /// Wait for the opening.
    Wait,
    /// Wait for the proctor's confirmation.
    BeAdmitted,
    /// Start that part.
    Start(Part),
    /// Go back to that part, which runs.
    Resume(Part),
    /// Nothing, unless a coordinator lets them in: it is too late to start.
    Late,
    /// Nothing: the sitting closed with a part not started.
    Over,
    /// Nothing: both parts are closed.
    Finished,
    /// Wait until the sitting goes on.
    Paused,
}

impl Next {
    /// Its one spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Wait => "wait",
            Self::BeAdmitted => "be_admitted",
            Self::Start(Part::One) => "start_one",
            Self::Start(Part::Two) => "start_two",
            Self::Resume(_) => "resume",
            Self::Late => "late",
            Self::Over => "over",
            Self::Finished => "finished",
            Self::Paused => "paused",
        }
    }
}

/// What is next for who has that seat, at `now`; as [`may_start`] judges.
pub fn next(facts: &StartFacts, now: Instant) -> Next {
    let state = |part| part_state(facts.one.as_ref(), facts.two.as_ref(), part, now);
    let part = match (state(Part::One), state(Part::Two)) {
        (PartState::Open, _) => return Next::Resume(Part::One),
        (_, PartState::Open) => return Next::Resume(Part::Two),
        (_, PartState::Closed) => return Next::Finished,
        (PartState::Closed, _) => Part::Two,
        _ => Part::One,
    };
    match may_start(facts, part, now) {
        Ok(_) => Next::Start(part),
        Err(Refusal::SittingPaused) => Next::Paused,
        Err(Refusal::TooLate) if now > moved_by(facts.closes_at, &facts.pauses) => Next::Over,
        Err(Refusal::TooLate) => Next::Late,
        // There is no need to wait for anything to read and accept it.
        Err(_) if !facts.agreed => Next::Agree,
        Err(Refusal::SittingNotOpen) => Next::Wait,
        Err(_) => Next::BeAdmitted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> StartFacts {
        StartFacts {
            kind: SittingKind::Fixed,
            opens_at: Instant(100_000),
            closes_at: Instant(9_000_000),
            late_arrival_seconds: 900,
            late_admission: false,
            identity_check: false,
            admitted: false,
            agreed: true,
            one: None,
            two: None,
            pauses: Vec::new(),
        }
    }

    /// A pause in milliseconds; without an end it goes on.
    fn pause(from: i64, until: impl Into<Option<i64>>) -> Span {
        Span { from: Instant(from), until: until.into().map(Instant) }
    }

    fn running() -> Option<ClockFacts> {
        Some(ClockFacts::new(Instant(5_000_000), None))
    }

    fn closed() -> Option<ClockFacts> {
        Some(ClockFacts::new(Instant(5_000_000), Some(Instant(200_000))))
    }

    #[test]
    fn starting() {
        type Change = fn(&mut StartFacts);
        let first = Ok(Start::First(StartPermit(())));
        type Case = (&'static str, Change, Part, i64, Result<Start, Refusal>);
        let cases: Vec<Case> = vec![
            ("on time", |_| (), Part::One, 100_000, Ok(Start::First(StartPermit(())))),
            ("a millisecond early", |_| (), Part::One, 99_999, Err(Refusal::SittingNotOpen)),
            ("as late as allowed", |_| (), Part::One, 1_000_000, Ok(Start::First(StartPermit(())))),
            ("later", |_| (), Part::One, 1_000_001, Err(Refusal::TooLate)),
            ("later, let in", |f| f.late_admission = true, Part::One, 1_000_001, Ok(Start::First(StartPermit(())))),
            (
                "window has no late",
                |f| f.kind = SittingKind::Window,
                Part::One,
                9_000_000,
                Ok(Start::First(StartPermit(()))),
            ),
            ("window is over", |f| f.kind = SittingKind::Window, Part::One, 9_000_001, Err(Refusal::TooLate)),
            ("no agreement", |f| f.agreed = false, Part::One, 100_000, Err(Refusal::AgreementRequired)),
            ("not admitted", |f| f.identity_check = true, Part::One, 100_000, Err(Refusal::NotAdmitted)),
            ("resume", |f| f.one = running(), Part::One, 4_999_999, Ok(Start::Resume)),
            ("resume after the late limit", |f| f.one = running(), Part::One, 2_000_000, Ok(Start::Resume)),
            ("time is up", |f| f.one = running(), Part::One, 5_000_000, Err(Refusal::PartNotReady)),
            ("closed", |f| f.one = closed(), Part::One, 300_000, Err(Refusal::PartNotReady)),
            ("two before one", |_| (), Part::Two, 300_000, Err(Refusal::PartNotReady)),
            ("two while one runs", |f| f.one = running(), Part::Two, 300_000, Err(Refusal::PartNotReady)),
            ("two after one", |f| f.one = closed(), Part::Two, 300_000, Ok(Start::First(StartPermit(())))),
            (
                "two once one's time is up",
                |f| f.one = running(),
                Part::Two,
                5_000_000,
                Ok(Start::First(StartPermit(()))),
            ),
            ("two long after opening", |f| f.one = closed(), Part::Two, 4_000_000, first),
            ("two within a day of one", |f| f.one = closed(), Part::Two, 86_600_000, Ok(Start::First(StartPermit(())))),
            ("two a day later", |f| f.one = closed(), Part::Two, 86_600_001, Err(Refusal::TooLate)),
            ("paused", |f| f.pauses = vec![pause(150_000, None)], Part::One, 160_000, Err(Refusal::SittingPaused)),
            (
                "resuming while paused",
                |f| (f.one, f.pauses) = (running(), vec![pause(150_000, None)]),
                Part::One,
                160_000,
                Ok(Start::Resume),
            ),
            (
                "later by the pause",
                |f| f.pauses = vec![pause(150_000, 210_000)],
                Part::One,
                1_060_000,
                Ok(Start::First(StartPermit(()))),
            ),
            ("later still", |f| f.pauses = vec![pause(150_000, 210_000)], Part::One, 1_060_001, Err(Refusal::TooLate)),
            (
                "a pause after the latest start moves nothing",
                |f| f.pauses = vec![pause(1_000_001, 2_000_001)],
                Part::One,
                2_000_002,
                Err(Refusal::TooLate),
            ),
            (
                "two a day and a pause later",
                |f| (f.one, f.pauses) = (closed(), vec![pause(300_000, 360_000)]),
                Part::Two,
                86_660_000,
                Ok(Start::First(StartPermit(()))),
            ),
            (
                "a pause during one does not move two's day",
                |f| (f.one, f.pauses) = (closed(), vec![pause(150_000, 180_000)]),
                Part::Two,
                86_600_001,
                Err(Refusal::TooLate),
            ),
        ];
        for (name, change, part, now, expected) in cases {
            let mut given = facts();
            change(&mut given);
            assert_eq!(may_start(&given, part, Instant(now)), expected, "{name}");
        }
    }

    #[test]
    fn what_is_next() {
        type Change = fn(&mut StartFacts);
        let cases: [(&str, Change, i64, Next); 14] = [
            ("agree beforehand", |f| f.agreed = false, 0, Next::Agree),
            ("wait", |_| (), 99_999, Next::Wait),
            ("start", |_| (), 100_000, Next::Start(Part::One)),
            ("be admitted", |f| f.identity_check = true, 100_000, Next::BeAdmitted),
            ("too late", |_| (), 1_000_001, Next::Late),
            ("too late even to agree", |f| f.agreed = false, 1_000_001, Next::Late),
            ("let in after all", |f| f.late_admission = true, 9_000_001, Next::Start(Part::One)),
            ("never came", |_| (), 9_000_001, Next::Over),
            ("paused", |f| f.pauses = vec![pause(150_000, None)], 160_000, Next::Paused),
            ("over, by the pause later", |f| f.pauses = vec![pause(150_000, 210_000)], 9_050_000, Next::Late),
            ("one runs", |f| f.one = running(), 4_999_999, Next::Resume(Part::One)),
            ("one ran out after closing", |f| f.one = running(), 9_500_000, Next::Start(Part::Two)),
            ("two was never started", |f| f.one = closed(), 90_000_000, Next::Over),
            ("two is closed", |f| (f.one, f.two) = (closed(), closed()), 300_000, Next::Finished),
        ];
        for (name, change, now, expected) in cases {
            let mut given = facts();
            change(&mut given);
            assert_eq!(next(&given, Instant(now)), expected, "{name}");
        }
    }
}
