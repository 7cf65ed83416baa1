//! Absences: when a reviewer is asked to read, and when not.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;

/// The longest absence that is taken in, in days.
const MOST_DAYS: i64 = 2 * 366;
/// How many absences somebody may have declared at a time.
const MOST: usize = 50;

/// Days on which somebody reads nothing; both days are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Absence {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

impl Absence {
    fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
}

/// The last day of the absence that somebody is in on a day, with those that follow on it without a day between.
pub fn away_until(absences: &[Absence], day: NaiveDate) -> Option<NaiveDate> {
    let mut last = None;
    let mut next = day;
    while let Some(until) = absences.iter().filter(|a| a.covers(next)).map(|a| a.until).max() {
        last = Some(until);
        next = until.succ_opt()?;
    }
    last
}

/// Whether somebody is given nothing to read from one day to another: on more than half of these days, both included,
/// they are absent. Somebody who is back in time for half of them or more is asked.
pub fn is_away(absences: &[Absence], from: NaiveDate, until: NaiveDate) -> bool {
    let days = from.iter_days().take_while(|day| *day <= until);
    let (mut all, mut absent) = (0, 0);
    for day in days {
        all += 1;
        absent += i64::from(absences.iter().any(|a| a.covers(day)));
    }
    2 * absent > all
}

/// What is wrong with absences as somebody declares them.
pub fn problems_of(absences: &[Absence]) -> Vec<FieldProblem> {
    if absences.len() > MOST {
        return vec![FieldProblem::new("/absences", format!("at most {MOST}"))];
    }
    let mut problems = Vec::new();
    for (index, absence) in absences.iter().enumerate() {
        let days = (absence.until - absence.from).num_days();
        if days < 0 {
            problems.push(FieldProblem::new(format!("/absences/{index}/until"), "not before the first day"));
        } else if days > MOST_DAYS {
            problems
                .push(FieldProblem::new(format!("/absences/{index}/until"), "at most two years after the first day"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absence(from: &str, until: &str) -> Absence {
        Absence { from: from.parse().unwrap(), until: until.parse().unwrap() }
    }

    #[test]
    fn away_is_more_than_half_of_the_days() {
        let cases = [
            (vec![], false),
            (vec![absence("2027-03-01", "2027-03-05")], false),
            (vec![absence("2027-03-01", "2027-03-06")], true),
            (vec![absence("2027-03-05", "2027-03-20")], true),
            (vec![absence("2027-03-06", "2027-03-20")], false),
            // Days that two absences cover count once.
            (vec![absence("2027-03-01", "2027-03-04"), absence("2027-03-02", "2027-03-05")], false),
            (vec![absence("2027-03-01", "2027-03-03"), absence("2027-03-08", "2027-03-10")], true),
        ];
        for (absences, away) in cases {
            let days = ("2027-03-01".parse().unwrap(), "2027-03-10".parse().unwrap());
            assert_eq!(is_away(&absences, days.0, days.1), away, "{absences:?}");
        }
    }

    #[test]
    fn absences_that_meet_are_one() {
        let absences = [absence("2027-03-01", "2027-03-03"), absence("2027-03-04", "2027-03-09")];
        assert_eq!(away_until(&absences, "2027-03-02".parse().unwrap()), "2027-03-09".parse().ok());
        assert_eq!(away_until(&absences, "2027-03-10".parse().unwrap()), None);
    }

    #[test]
    fn an_absence_ends_after_it_begins() {
        assert_eq!(problems_of(&[absence("2027-03-02", "2027-03-01")])[0].pointer, "/absences/0/until");
        assert_eq!(problems_of(&[absence("2027-03-01", "2029-04-01")])[0].pointer, "/absences/0/until");
        assert!(problems_of(&[absence("2027-03-01", "2027-03-01")]).is_empty());
        assert_eq!(problems_of(&vec![absence("2027-03-01", "2027-03-01"); 51])[0].pointer, "/absences");
    }
}
