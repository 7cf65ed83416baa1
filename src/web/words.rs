//! From the domain's words to those of the templates, once for all pages.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use evenhand_templates::coordinator::calibration::State as Shown;
use evenhand_templates::exam;
use evenhand_templates::examinee::{Band as ShownBand, DomainView, SafeState};
use evenhand_templates::figures::{self, Found};
use evenhand_templates::room;
use evenhand_templates::words::Words;

use crate::domain::attempt::PartState;
use crate::domain::calibration::State;
use crate::domain::outcome::Outcome;
use crate::domain::psychometrics::{Figure, Measured};
use crate::domain::safe_browser::Standing;
use crate::domain::scoring::{Band, Tally};
use crate::domain::timing::ClosedBy;
use crate::domain::vocabulary::{Category, Domain, Part, Strand, Track};

/// A track.
pub fn track(track: Track) -> exam::Track {
    match track {
        Track::Imh => exam::Track::Imh,
        Track::Ecmh => exam::Track::Ecmh,
    }
}

/// A category.
pub fn category(category: Category) -> exam::Category {
    match category {
        Category::Specialist => exam::Category::Specialist,
        Category::MentorClinical => exam::Category::MentorClinical,
        Category::MentorPolicy => exam::Category::MentorPolicy,
        Category::MentorResearchFaculty => exam::Category::MentorResearchFaculty,
    }
}

/// A part.
pub fn part(part: Part) -> exam::Part {
    match part {
        Part::One => exam::Part::One,
        Part::Two => exam::Part::Two,
    }
}

/// How a part stands.
pub fn part_state(state: PartState) -> exam::PartState {
    match state {
        PartState::Locked => exam::PartState::Locked,
        PartState::Ready => exam::PartState::Ready,
        PartState::Open => exam::PartState::Open,
        PartState::Closed => exam::PartState::Closed,
    }
}

/// What a part or an exam came to.
pub fn outcome(outcome: Outcome) -> exam::Outcome {
    match outcome {
        Outcome::Pass => exam::Outcome::Passed,
        Outcome::Fail => exam::Outcome::Failed,
        Outcome::Incomplete => exam::Outcome::Incomplete,
        Outcome::Absent => exam::Outcome::Absent,
    }
}

/// Who closed a part.
pub fn closed_by(by: ClosedBy) -> room::ClosedBy {
    match by {
        ClosedBy::Examinee => room::ClosedBy::Examinee,
        ClosedBy::Deadline => room::ClosedBy::Deadline,
        ClosedBy::Proctor => room::ClosedBy::Proctor,
    }
}

/// A strand.
pub fn strand(strand: Strand) -> exam::Strand {
    match strand {
        Strand::Clinical => exam::Strand::Clinical,
        Strand::Policy => exam::Strand::Policy,
        Strand::ResearchFaculty => exam::Strand::ResearchFaculty,
    }
}

/// A competency domain.
pub fn domain(domain: Domain) -> exam::Domain {
    match domain {
        Domain::TheoreticalFoundations => exam::Domain::TheoreticalFoundations,
        Domain::LawRegulationAgencyPolicy => exam::Domain::LawRegulationAgencyPolicy,
        Domain::SystemsExpertise => exam::Domain::SystemsExpertise,
        Domain::DirectServiceSkills => exam::Domain::DirectServiceSkills,
        Domain::WorkingWithOthers => exam::Domain::WorkingWithOthers,
        Domain::LeadingPeople => exam::Domain::LeadingPeople,
        Domain::Communicating => exam::Domain::Communicating,
        Domain::Thinking => exam::Domain::Thinking,
        Domain::Reflection => exam::Domain::Reflection,
        Domain::Administration => exam::Domain::Administration,
        Domain::ResearchAndEvaluation => exam::Domain::ResearchAndEvaluation,
    }
}

/// A figure with its interval.
pub fn figure(measured: &Measured) -> figures::Figure {
    let found = match measured.figure {
        Figure::TooFew => Found::TooFew,
        Figure::Undefined => Found::Undefined,
        Figure::Known(estimate) => Found::Value(estimate.value, estimate.interval),
    };
    figures::Figure { n: i64::try_from(measured.n).unwrap_or(i64::MAX), found }
}

/// The bands of the domains.
pub fn bands(words: Words, domains: &BTreeMap<Domain, Tally>) -> Vec<DomainView> {
    let band = |tally: &Tally| match tally.band() {
        Band::Strong => ShownBand::Strong,
        Band::Adequate => ShownBand::Adequate,
        Band::Developing => ShownBand::Developing,
    };
    domains.iter().map(|(of, tally)| DomainView { name: domain(*of).name(words), band: band(tally) }).collect()
}

/// How a reviewer stands in a strand.
pub fn calibration_state(of: State) -> Shown {
    match of {
        State::NotAsked => Shown::NotAsked,
        State::Waiting => Shown::Waiting,
        State::Lacking => Shown::Lacking,
        State::Scoring => Shown::Scoring,
        State::Admitted => Shown::Admitted,
        State::NotAdmitted => Shown::NotAdmitted,
        State::Withdrawn => Shown::Withdrawn,
    }
}

/// When a retake opens, as seen on that day.
pub fn retake(open_from: &str, today: NaiveDate) -> Option<exam::Retake> {
    let open_from = open_from.parse().ok()?;
    Some(exam::Retake { open_from, open: today >= open_from })
}

/// How somebody stands with regard to Safe Exam Browser.
pub fn safe_state(standing: Standing) -> SafeState {
    match standing {
        Standing::Proved => SafeState::Proved,
        Standing::Exempt => SafeState::Exempt,
        Standing::Missing => SafeState::Missing,
    }
}
