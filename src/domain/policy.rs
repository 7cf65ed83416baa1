//! Policies: the rules that vary between associations, as data with an effective date.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::refusal::{FieldProblem, Refusal};
use super::vocabulary::spelled;

spelled! {
    /// How a Part Two passes.
    PartTwoRule {
        /// The settled points of all counted scripts reach the cut.
        Points = "points",
        /// Every counted script's settled verdict is a pass.
        Verdicts = "verdicts",
    }
}

spelled! {
    /// What a third reading does.
    Resolution {
        /// The third reader decides alone.
        AdjudicatorDecides = "adjudicator_decides",
        /// The verdict that two of three gave, with the points of those two.
        MajorityOfVerdicts = "majority_of_verdicts",
        /// The two readings closest in points, together.
        ClosestPair = "closest_pair",
    }
}

spelled! {
    /// What a re-mark does to the result.
    ReMarkResult {
        /// It takes the place of the earlier marking, whichever is better: a second draw that can only win would be worth
        /// having whatever was wrong with the first.
        Stands = "stands",
        /// The better of the two markings counts.
        Better = "better",
    }
}

spelled! {
    /// Whether reviewers read scripts of their own association.
    SameAssociation {
        /// They do, and nobody else does.
        Allowed = "allowed",
        /// Rather not: reviewers whom other associations lend go first.
        Avoided = "avoided",
        /// Never: only reviewers whom other associations lend read.
        Barred = "barred",
    }
}

/// The rules of one association, in force from a date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// How a Part Two passes.
    pub part_two_rule: PartTwoRule,
    /// The cut of Part Two under [`PartTwoRule::Points`], in per cent of the maximum.
    pub part_two_cut_percent: i64,
    /// By how many points two readings of a criterion may differ.
    pub criterion_tolerance_points: i64,
    /// A third reading is called when the two readings' share of the maximum lies within so many percentage points of
    /// the cut; nought switches this off.
    pub near_cut_band_percent: i64,
    /// What a third reading does.
    pub resolution: Resolution,
    /// For how many days after its release a result can be appealed; nought: never.
    pub appeal_days: i64,
    /// What a re-mark does to the result.
    pub re_mark_result: ReMarkResult,
    /// Whether results show the percentage of Part One.
    pub show_percent: bool,
    /// Whether results show Part One by competency domain.
    pub show_domains: bool,
    /// Whether those who pass read the remarks too.
    pub remarks_for_passed: bool,
    /// Whether the proctor confirms identities before anybody starts.
    pub identity_check: bool,
    /// How late one may come to a fixed sitting.
    pub late_arrival_seconds: i64,
    /// How long a reviewer has for a script.
    pub review_days: i64,
    /// How long Part One of a practice exam lasts, in seconds, before accommodations.
    pub practice_one_seconds: i64,
    /// How long Part Two of a practice exam lasts, in seconds, before accommodations.
    pub practice_two_seconds: i64,
    /// Whether reviewers read scripts of their own association.
    pub same_association: SameAssociation,
    /// Whether its reviewers may be asked to read for other associations.
    pub lends_reviewers: bool,
    /// How many days after its date a script is proposed for another reviewer.
    pub reallocate_after_days: i64,
    /// How long the stop-the-clock breaks of one part may be in all, in seconds; after that its clock goes on by itself.
    pub longest_break_seconds: i64,
    /// After how long without contact from a running part its loss proposes a credit, in seconds.
    pub contact_loss_seconds: i64,
    /// How many benchmark scripts of a strand a reviewer scores before they are given live ones; nought asks for none.
    pub calibration_scripts: i64,
    /// The mean distance from the reference within which such a set admits, in hundredths of a point per criterion.
    pub calibration_distance_hundredths: i64,
    /// How many of a set's verdicts may differ from the reference.
    pub calibration_misses: i64,
    /// How many benchmark scripts are planted among each hundred live ones; nought plants none.
    pub planted_per_hundred: i64,
    /// On how many readings of benchmark scripts figures of drift rest: the newest so many, and nothing is told of fewer.
    pub drift_readings: i64,
    /// Beyond which mean difference from the reference a reviewer is pointed out, in per cent of the points.
    pub drift_severity_percent: i64,
    /// Beyond which mean distance of the criteria, whatever its sign, in the same.
    pub drift_distance_percent: i64,
    /// Below which share of verdicts that are the reference's, in per cent.
    pub drift_agreement_percent: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            part_two_rule: PartTwoRule::Points,
            part_two_cut_percent: 80,
            criterion_tolerance_points: 1,
            near_cut_band_percent: 0,
            resolution: Resolution::AdjudicatorDecides,
            appeal_days: 30,
            re_mark_result: ReMarkResult::Stands,
            show_percent: true,
            show_domains: false,
            remarks_for_passed: true,
            identity_check: false,
            late_arrival_seconds: 15 * 60,
            review_days: 21,
            practice_one_seconds: 10 * 60,
            practice_two_seconds: 10 * 60,
            same_association: SameAssociation::Allowed,
            lends_reviewers: false,
            reallocate_after_days: 7,
            longest_break_seconds: 30 * 60,
            contact_loss_seconds: 120,
            calibration_scripts: 0,
            calibration_distance_hundredths: 75,
            calibration_misses: 1,
            planted_per_hundred: 0,
            drift_readings: 10,
            drift_severity_percent: 10,
            drift_distance_percent: 20,
            drift_agreement_percent: 70,
        }
    }
}

/// What values a rule takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Yes or no.
    Flag,
    /// A whole number within these bounds, both included.
    Whole {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// One of a closed list of words.
    OneOf(fn() -> Vec<&'static str>),
}

/// One field of a policy, as forms and the interface offer it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The field's name; a length of time ends in `_seconds` or `_days`, a share in `_percent`.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
}

const fn flag(name: &'static str) -> Rule {
    Rule { name, takes: Takes::Flag }
}

const fn whole(name: &'static str, least: i64, most: i64) -> Rule {
    Rule { name, takes: Takes::Whole { least, most } }
}

const fn one_of(name: &'static str, values: fn() -> Vec<&'static str>) -> Rule {
    Rule { name, takes: Takes::OneOf(values) }
}

/// Every field of a policy, in the order in which people are shown them.
pub const RULES: &[Rule] = &[
    one_of("part_two_rule", || PartTwoRule::ALL.iter().map(|v| v.as_str()).collect()),
    whole("part_two_cut_percent", 1, 100),
    whole("criterion_tolerance_points", 0, 10),
    whole("near_cut_band_percent", 0, 20),
    one_of("resolution", || Resolution::ALL.iter().map(|v| v.as_str()).collect()),
    whole("review_days", 1, 180),
    whole("reallocate_after_days", 0, 180),
    one_of("same_association", || SameAssociation::ALL.iter().map(|v| v.as_str()).collect()),
    flag("lends_reviewers"),
    whole("appeal_days", 0, 365),
    one_of("re_mark_result", || ReMarkResult::ALL.iter().map(|v| v.as_str()).collect()),
    whole("calibration_scripts", 0, 20),
    whole("calibration_distance_hundredths", 0, 400),
    whole("calibration_misses", 0, 20),
    whole("planted_per_hundred", 0, 50),
    whole("drift_readings", 3, 100),
    whole("drift_severity_percent", 1, 100),
    whole("drift_distance_percent", 1, 100),
    whole("drift_agreement_percent", 0, 100),
    flag("show_percent"),
    flag("show_domains"),
    flag("remarks_for_passed"),
    flag("identity_check"),
    whole("late_arrival_seconds", 0, 2 * 3600),
    whole("practice_one_seconds", 60, 2 * 3600),
    whole("practice_two_seconds", 60, 2 * 3600),
    whole("longest_break_seconds", 0, 4 * 3600),
    whole("contact_loss_seconds", 60, 3600),
];

impl Rule {
    /// What stands against that value, if anything does.
    fn problem(&self, value: &Value) -> Option<String> {
        match self.takes {
            Takes::Flag => (!value.is_boolean()).then(|| "true or false".into()),
            Takes::Whole { least, most } => {
                let fits = value.as_i64().is_some_and(|number| (least..=most).contains(&number));
                (!fits).then(|| format!("a whole number from {least} to {most}"))
            }
            Takes::OneOf(values) => {
                let values = values();
                let fits = value.as_str().is_some_and(|word| values.contains(&word));
                (!fits).then(|| format!("one of {}", values.join(", ")))
            }
        }
    }
}

impl Policy {
    /// This policy with some of its fields changed.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], naming every field that there is not and every value that does not fit.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, Refusal> {
        let problem = |name: &String, value| match RULES.iter().find(|rule| rule.name == name) {
            Some(rule) => rule.problem(value),
            None => Some("no rule has this name".into()),
        };
        let problems: Vec<FieldProblem> = changes
            .iter()
            .filter_map(|(name, value)| Some(FieldProblem::new(format!("/policy/{name}"), problem(name, value)?)))
            .collect();
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let mut fields = self.fields();
        fields.extend(changes.clone());
        serde_json::from_value(Value::Object(fields)).map_err(|error| Refusal::invalid("/policy", error.to_string()))
    }

    /// Every field with its value.
    pub fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn changes(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn every_field_is_offered_and_its_default_fits() {
        let fields = Policy::default().fields();
        let named: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
        let offered: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(named, offered);
        assert_eq!(offered.len(), RULES.len());
        assert_eq!(Policy::default().with(&fields), Ok(Policy::default()));
    }

    #[test]
    fn only_what_is_named_changes() {
        let changed = Policy::default().with(&changes(json!({ "review_days": 30, "resolution": "closest_pair" })));
        let expected = Policy { review_days: 30, resolution: Resolution::ClosestPair, ..Policy::default() };
        assert_eq!(changed, Ok(expected));
    }

    #[test]
    fn every_value_that_does_not_fit_is_named() {
        let refused = Policy::default().with(&changes(json!({
            "review_days": 0, "part_two_cut_percent": 101, "show_percent": "yes", "resolution": "toss a coin",
            "near_cut_band_percent": 1.5, "shoe_size": 42,
        })));
        let Err(refusal) = refused else { panic!("accepted") };
        let pointers: Vec<&str> = refusal.problems().iter().map(|p| p.pointer.as_str()).collect();
        let named =
            ["near_cut_band_percent", "part_two_cut_percent", "resolution", "review_days", "shoe_size", "show_percent"];
        assert_eq!(pointers, named.map(|name| format!("/policy/{name}")));
    }
}
