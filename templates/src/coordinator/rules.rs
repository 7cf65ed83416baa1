//! The rules of an association: what is in force, the form that changes it, what held before and what will hold.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// What a rule takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Yes or no: `true` or `false`.
    Flag,
    /// A whole number.
    Whole {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// One of these words of the interface.
    OneOf(Vec<String>),
}

/// One rule with its value.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name in the interface, which is the name of its field.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
    /// The value in force, or the one typed; lengths of time in minutes.
    pub value: String,
}

/// What changed at an instant.
#[derive(Clone, Debug)]
pub struct Change {
    /// From when on.
    pub from: DateTime<Utc>,
    /// Name and new value of each rule that changed.
    pub rules: Vec<(String, String)>,
}

/// The rules of an association.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whose, by id.
    pub association: String,
    /// Whose, by name.
    pub name: String,
    /// Where the association's calendar lies.
    pub time_zone: Tz,
    /// Since when these hold; nothing as long as none were set.
    pub since: Option<DateTime<Utc>>,
    /// Every rule.
    pub rules: Vec<Rule>,
    /// What will change, the next first.
    pub coming: Vec<Change>,
    /// What changed, newest first.
    pub past: Vec<Change>,
    /// Whether this person may change them.
    pub may_set: bool,
    /// The instant typed.
    pub effective_from: String,
    /// What is wrong with what was typed.
    pub problems: Vec<FieldError>,
}

/// A rule's name, its label, its hint.
type Labels = (&'static str, &'static str, &'static str);

/// The rules by what they are about, in the order in which people read them.
const GROUPS: &[(&str, &[Labels])] = &[
    (
        "rules-part-two",
        &[
            ("part_two_rule", "rule-part-two-rule", "rule-part-two-rule-hint"),
            ("part_two_cut_percent", "rule-cut", "rule-cut-hint"),
            ("criterion_tolerance_points", "rule-tolerance", "rule-tolerance-hint"),
            ("near_cut_band_percent", "rule-band", "rule-band-hint"),
            ("resolution", "rule-resolution", "rule-resolution-hint"),
        ],
    ),
    (
        "rules-reviewing",
        &[
            ("review_days", "rule-review-days", "rule-review-days-hint"),
            ("reallocate_after_days", "rule-reallocate", "rule-reallocate-hint"),
            ("same_association", "rule-same-association", "rule-same-association-hint"),
            ("lends_reviewers", "rule-lends", "rule-lends-hint"),
        ],
    ),
    (
        "rules-calibration",
        &[
            ("calibration_scripts", "rule-calibration-scripts", "rule-calibration-scripts-hint"),
            ("calibration_distance_hundredths", "rule-calibration-distance", "rule-calibration-distance-hint"),
            ("calibration_misses", "rule-calibration-misses", "rule-calibration-misses-hint"),
            ("planted_per_hundred", "rule-planted", "rule-planted-hint"),
            ("drift_readings", "rule-drift-readings", "rule-drift-readings-hint"),
            ("drift_severity_percent", "rule-drift-severity", "rule-drift-severity-hint"),
            ("drift_distance_percent", "rule-drift-distance", "rule-drift-distance-hint"),
            ("drift_agreement_percent", "rule-drift-agreement", "rule-drift-agreement-hint"),
        ],
    ),
    (
        "rules-results",
        &[
            ("show_percent", "rule-show-percent", "rule-show-percent-hint"),
            ("show_domains", "rule-show-domains", "rule-show-domains-hint"),
            ("remarks_for_passed", "rule-remarks", "rule-remarks-hint"),
            ("appeal_days", "rule-appeal-days", "rule-appeal-days-hint"),
            ("re_mark_result", "rule-re-mark", "rule-re-mark-hint"),
        ],
    ),
    (
        "rules-room",
        &[
            ("identity_check", "rule-identity", "rule-identity-hint"),
            ("late_arrival_seconds", "rule-late", "rule-late-hint"),
            ("longest_break_seconds", "rule-break", "rule-break-hint"),
            ("contact_loss_seconds", "rule-contact", "rule-contact-hint"),
        ],
    ),
    (
        "rules-practice",
        &[
            ("practice_one_seconds", "rule-practice-one", "rule-practice-hint"),
            ("practice_two_seconds", "rule-practice-two", "rule-practice-hint"),
        ],
    ),
];

/// The words that rules take, with what people read.
const VALUES: &[(&str, &str)] = &[
    ("points", "rule-value-points"),
    ("verdicts", "rule-value-verdicts"),
    ("adjudicator_decides", "rule-value-adjudicator"),
    ("majority_of_verdicts", "rule-value-majority"),
    ("closest_pair", "rule-value-closest"),
    ("stands", "rule-value-stands"),
    ("better", "rule-value-better"),
    ("allowed", "rule-value-allowed"),
    ("avoided", "rule-value-avoided"),
    ("barred", "rule-value-barred"),
    ("true", "rule-value-yes"),
    ("false", "rule-value-no"),
];

/// Whether people can be shown this rule and this word for it; the server's tests ask it of all they know.
#[must_use]
pub fn is_known(name: &str, word: Option<&str>) -> bool {
    labels(name).is_some() && word.is_none_or(|word| VALUES.iter().any(|(known, _)| *known == word))
}

fn labels(name: &str) -> Option<&'static Labels> {
    GROUPS.iter().flat_map(|(_, rules)| *rules).find(|(known, ..)| *known == name)
}

/// A rule's label.
#[must_use]
pub fn label(words: Words, name: &str) -> String {
    labels(name).map_or_else(|| name.to_owned(), |(_, label, _)| words.text(label))
}

fn value_text(words: Words, value: &str) -> String {
    VALUES.iter().find(|(known, _)| *known == value).map_or_else(|| value.to_owned(), |(_, id)| words.text(id))
}

/// The page of the rules.
#[must_use]
pub fn rules(shell: &Shell, view: &Rules) -> Markup {
    let words = shell.words;
    let body = html! {
        p {
            @match view.since {
                Some(since) => (words.with("rules-since", &[("at", parts::instant_text(words, since, view.time_zone).into())])),
                None => (words.text("rules-usual")),
            }
        }
        @if view.may_set { (rules_form(words, view)) } @else { (rules_table(words, view)) }
        (changes(words, "rules-coming", &view.coming, view.time_zone))
        (changes(words, "rules-past", &view.past, view.time_zone))
    };
    let page = staff::staff_page(&words.text("rules-title")).lead(view.name.as_str());
    document(shell, &page.up(words.text("rules-all"), urls::ASSOCIATIONS), &body)
}

fn in_group<'a>(view: &'a Rules, group: &'a [Labels]) -> impl Iterator<Item = (&'a Labels, &'a Rule)> {
    group.iter().filter_map(|labels| Some((labels, view.rules.iter().find(|rule| rule.name == labels.0)?)))
}

fn rules_form(words: Words, view: &Rules) -> Markup {
    html! {
        (form::problem_summary(words, &view.problems))
        form.stack method="post" action=(urls::policy(&view.association)) {
            @for (heading, group) in GROUPS {
                fieldset.panel {
                    legend { (words.text(heading)) }
                    @for (labels, rule) in in_group(view, group) { (field(words, labels, rule).render(words, &view.problems)) }
                }
            }
            (Field::input("effective_from", "datetime-local", words.text("rules-from"))
                .value(&view.effective_from)
                .hint(words.with("rules-from-hint", &[("zone", view.time_zone.name().into())]))
                .optional()
                .render(words, &view.problems))
            p.hint { (words.text("rules-reach")) }
            div.buttons { button.primary type="submit" { (words.text("rules-do")) } }
        }
    }
}

fn field(words: Words, (_, label, hint): &Labels, rule: &Rule) -> Field {
    let label = words.text(label);
    let field = match &rule.takes {
        Takes::Flag => Field::checkbox(&rule.name, label),
        Takes::Whole { least, most } => Field::input(&rule.name, "number", label).range(*least, *most),
        Takes::OneOf(values) => {
            let options = values.iter().map(|value| (value.clone(), value_text(words, value)));
            Field::select(&rule.name, label, options.collect())
        }
    };
    field.value(&rule.value).hint(words.text(hint))
}

fn rules_table(words: Words, view: &Rules) -> Markup {
    let columns = [Column::text(words.text("rules-rule")), Column::text(words.text("rules-value"))];
    html! {
        @for (heading, group) in GROUPS {
            @let lines: Vec<Row> = in_group(view, group)
                .map(|((_, label, hint), rule)| Row::new(vec![
                    html! { (words.text(label)) p.soft.small { (words.text(hint)) } },
                    html! { (value_text(words, &rule.value)) },
                ]))
                .collect();
            h2 { (words.text(heading)) }
            (parts::table(&words.text(heading), &columns, &lines))
        }
    }
}

fn changes(words: Words, heading: &str, changes: &[Change], zone: Tz) -> Markup {
    html! {
        @if !changes.is_empty() {
            section {
                h2 { (words.text(heading)) }
                ol.history.plain {
                    @for change in changes {
                        li {
                            (parts::instant_short(words, change.from, zone))
                            span {
                                @for (index, (name, value)) in change.rules.iter().enumerate() {
                                    @if index > 0 { "; " }
                                    (label(words, name)) ": " (value_text(words, value))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The associations whose rules one may see: id, name, time zone.
#[must_use]
pub fn associations(shell: &Shell, rows: &[(String, String, Tz)]) -> Markup {
    let words = shell.words;
    let columns = [Column::text(words.text("rules-association")), Column::text(words.text("rules-zone"))];
    let lines: Vec<Row> = rows
        .iter()
        .map(|(id, name, zone)| Row::new(vec![html! { a href=(urls::policy(id)) { (name) } }, html! { (zone.name()) }]))
        .collect();
    let body = parts::table(&words.text("rules-all"), &columns, &lines);
    document(shell, &staff::staff_page(&words.text("rules-all")).lead(words.text("rules-all-lead")), &body)
}
