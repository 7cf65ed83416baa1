//! Policies: the rules that vary between associations, as data with an effective date.

use serde::{Deserialize, Serialize};

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
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            part_two_rule: PartTwoRule::Points,
            part_two_cut_percent: 80,
            criterion_tolerance_points: 1,
            near_cut_band_percent: 0,
            resolution: Resolution::AdjudicatorDecides,
            show_percent: true,
            show_domains: false,
            remarks_for_passed: true,
            identity_check: false,
            late_arrival_seconds: 15 * 60,
            review_days: 21,
        }
    }
}
