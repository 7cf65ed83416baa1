//! Forms that tell about reviewers and acquaintances: one's own, and those that coordinators fill in for somebody.

use chrono::NaiveDate;
use evenhand_templates::form::FieldError;
use evenhand_templates::profile::{Absences, Circle, Known, Training};
use evenhand_templates::staff::{Choice, Slip};
use evenhand_templates::words::Words;
use serde::Deserialize;

use super::forms::{Place, Typed, place, wrong};
use crate::desk::reviewer::profile::ProfileChange;
use crate::domain::absence::Absence;
use crate::domain::conflict::{Named, Relation};
use crate::domain::refusal::Refusal;
use crate::domain::vocabulary::Strand;
use crate::store::Error;
use crate::web::error::AppError;
use crate::web::words;

/// The first day of an absence.
const FROM: Place = place("/absences", "from", "absence-from");
/// The last day of an absence.
pub const UNTIL: Place = place("/absences", "until", "absence-until");
/// Whom somebody names.
pub const WHO: Place = place("/knows", "who", "knows-who");
const RELATION: Place = place("/knows/relation", "relation", "knows-relation");
const CAPACITY: Place = place("/capacity", "capacity", "training-capacity");
const STRANDS: Place = place("/strands", "strand_clinical", "training-strands");

/// Where the desk's findings belong in the form for training.
pub const TRAINING_PLACES: [Place; 2] = [CAPACITY, STRANDS];

/// One absence, to be added or withdrawn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceForm {
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    withdraw: Option<String>,
}

/// One acquaintance, to be added or withdrawn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownForm {
    #[serde(default)]
    who: String,
    #[serde(default)]
    relation: String,
    withdraw: Option<String>,
}

/// Strands and capacity. A strand counts when its box is ticked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingForm {
    strand_clinical: Option<String>,
    strand_policy: Option<String>,
    strand_research_faculty: Option<String>,
    #[serde(default)]
    capacity: String,
}

impl AbsenceForm {
    /// All absences after this one was added or withdrawn.
    pub fn applied(&self, in_words: Words, mut all: Vec<Absence>) -> Result<Vec<Absence>, Vec<FieldError>> {
        let mut typed = Typed::new(in_words);
        let mut day = |place: Place, text: &str| {
            text.trim().parse::<NaiveDate>().unwrap_or_else(|_| {
                typed.slip(place, Slip::NotATime);
                NaiveDate::default()
            })
        };
        let absence = Absence { from: day(FROM, &self.from), until: day(UNTIL, &self.until) };
        if !typed.problems.is_empty() {
            return Err(typed.problems);
        }
        all.retain(|known| *known != absence);
        if self.withdraw.is_none() {
            all.push(absence);
        }
        Ok(all)
    }

    /// The part of the page after it was refused.
    pub fn again(&self, all: &[Absence], problems: Vec<FieldError>) -> Absences {
        Absences { from: self.from.clone(), until: self.until.clone(), problems, ..absences(all) }
    }
}

impl KnownForm {
    /// Everybody known after this one was added or withdrawn.
    pub fn applied(&self, in_words: Words, mut all: Vec<Named>) -> Result<Vec<Named>, Vec<FieldError>> {
        let mut typed = Typed::new(in_words);
        let relation = typed.one_of(RELATION, &self.relation, Relation::parse).unwrap_or(Relation::Other);
        if !typed.problems.is_empty() {
            return Err(typed.problems);
        }
        let named = Named { who: self.who.split_whitespace().collect::<Vec<_>>().join(" "), relation };
        all.retain(|known| *known != named);
        if self.withdraw.is_none() {
            all.push(named);
        }
        Ok(all)
    }

    /// The part of the page after it was refused.
    pub fn again(&self, all: &[Named], problems: Vec<FieldError>) -> Circle {
        Circle { who: self.who.clone(), relation: self.relation.clone(), problems, ..circle(all) }
    }
}

impl TrainingForm {
    fn strands(&self) -> Vec<Strand> {
        let ticked = |strand: &Strand| match strand {
            Strand::Clinical => self.strand_clinical.is_some(),
            Strand::Policy => self.strand_policy.is_some(),
            Strand::ResearchFaculty => self.strand_research_faculty.is_some(),
        };
        Strand::ALL.iter().copied().filter(ticked).collect()
    }

    /// What changes.
    pub fn change(&self, in_words: Words) -> Result<ProfileChange, Vec<FieldError>> {
        let mut typed = Typed::new(in_words);
        let capacity = typed.whole(CAPACITY, &self.capacity);
        if !typed.problems.is_empty() {
            return Err(typed.problems);
        }
        Ok(ProfileChange { strands: Some(self.strands()), capacity: Some(capacity), ..ProfileChange::default() })
    }

    /// The part of the page after it was refused.
    pub fn again(&self, in_words: Words, problems: Vec<FieldError>) -> Training {
        Training { strands: strand_choices(in_words, &self.strands()), capacity: self.capacity.clone(), problems }
    }
}

/// What a desk found wrong with one thing more, at the field it was typed in.
///
/// # Errors
/// What is no answer to a form.
pub fn refused(error: Error, in_words: Words, at: Place) -> Result<Vec<FieldError>, AppError> {
    match error {
        Error::Refused(Refusal::Invalid(problems)) => {
            Ok(problems.iter().map(|problem| wrong(in_words, at, &problem.detail)).collect())
        }
        other => Err(other.into()),
    }
}

/// Absences as pages show them.
pub fn absences(all: &[Absence]) -> Absences {
    Absences { all: all.iter().map(|a| (a.from, a.until)).collect(), ..Absences::default() }
}

/// Acquaintances as pages show them.
pub fn circle(all: &[Named]) -> Circle {
    let known = |named: &Named| Known { who: named.who.clone(), relation: named.relation.as_str().to_owned() };
    Circle { known: all.iter().map(known).collect(), ..Circle::default() }
}

/// Strands and capacity as pages show them.
pub fn training(in_words: Words, strands: &[Strand], capacity: i64) -> Training {
    Training { strands: strand_choices(in_words, strands), capacity: capacity.to_string(), problems: Vec::new() }
}

fn strand_choices(in_words: Words, chosen: &[Strand]) -> Vec<Choice> {
    let choice = |strand: &Strand| {
        Choice::new(strand.as_str(), words::strand(*strand).name(in_words)).chosen(chosen.contains(strand))
    };
    Strand::ALL.iter().map(choice).collect()
}
