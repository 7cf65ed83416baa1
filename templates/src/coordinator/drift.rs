//! How an association's reviewers drift from the reference of benchmark scripts: figures, and a chart of each over time.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::figures::{self, Figure, Unit};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// Why somebody should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Gives more than the reference.
    Lenient,
    /// Gives less.
    Severe,
    /// Lies far from it.
    Distant,
    /// Has other verdicts.
    Verdicts,
}

/// One reading of a benchmark script.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// When it was sealed.
    pub day: NaiveDate,
    /// How much above the reference it lies, in hundredths of what the script can give.
    pub difference: f64,
    /// Whether it was planted among live scripts, or else part of a calibration set.
    pub planted: bool,
}

/// A reviewer.
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// The name.
    pub name: String,
    /// How many readings in all.
    pub n: i64,
    /// The mean difference with its sign, of the newest readings.
    pub severity: Figure,
    /// The mean distance.
    pub distance: Figure,
    /// The share of verdicts that are the reference's.
    pub agreement: Figure,
    /// Why somebody should look.
    pub concerns: Vec<Concern>,
    /// Every reading, oldest first; none while they are too few.
    pub points: Vec<Point>,
}

/// The reviewers of an association.
#[derive(Clone, Debug)]
pub struct Drift {
    /// The association's identifier.
    pub association: String,
    /// Its name.
    pub name: String,
    /// On how many readings figures rest.
    pub minimum: i64,
    /// From which difference on somebody is pointed out, in hundredths.
    pub threshold: i64,
    /// Reviewer by reviewer.
    pub reviewers: Vec<Reviewer>,
}

/// How the reviewers of an association drift.
#[must_use]
pub fn drift(shell: &Shell, view: &Drift) -> Markup {
    let words = shell.words;
    let told: Vec<&Reviewer> = view.reviewers.iter().filter(|r| !r.points.is_empty()).collect();
    let body = html! {
        p.lead { (words.with("drift-lead", &[("minimum", view.minimum.into())])) }
        p.small {
            a href=(urls::calibration(&view.association)) { (words.text("calibration-title")) } " · "
            a href=(urls::policy(&view.association)) { (words.text("rules-title")) }
        }
        @if view.reviewers.is_empty() {
            (parts::empty(&words.text("drift-empty-title"), &words.text("drift-empty-text"), None))
        } @else {
            @if !told.is_empty() { p.buttons { a.button href=(urls::api_drift_csv(&view.association)) download { (words.text("concord-csv")) } } }
            section { (table(words, view)) }
            @if !told.is_empty() {
                section.figures-part aria-labelledby="courses" {
                    h2 #courses { (words.text("drift-courses")) }
                    p.hint { (words.text("drift-courses-text")) }
                    div.courses {
                        @for (index, reviewer) in told.iter().enumerate() { (course(words, index, reviewer, view.threshold)) }
                    }
                }
            }
        }
        p.hint { (words.text("drift-own")) }
    };
    document(shell, &staff::staff_page(&words.text("drift-title")).lead(view.name.as_str()), &body)
}

fn table(words: Words, view: &Drift) -> Markup {
    let columns = [
        Column::text(words.text("people-name")),
        Column::number(words.text("drift-n")),
        Column::number(words.text("drift-severity")),
        Column::number(words.text("drift-distance")),
        Column::number(words.text("drift-agreement")),
        Column::text(words.text("drift-concerns")),
    ];
    let rows: Vec<Row> = view
        .reviewers
        .iter()
        .map(|row| {
            Row::new(vec![
                html! { (row.name) },
                html! { (row.n) },
                figures::cell(words, &row.severity, Unit::Difference),
                figures::cell(words, &row.distance, Unit::Distance),
                figures::cell(words, &row.agreement, Unit::Share),
                html! {
                    @if row.concerns.is_empty() { span.soft { "–" } }
                    @for concern in &row.concerns { (parts::badge(Tone::Attention, &name(words, *concern))) " " }
                },
            ])
        })
        .collect();
    parts::table(&words.with("drift-table", &[("minimum", view.minimum.into())]), &columns, &rows)
}

fn name(words: Words, concern: Concern) -> String {
    words.text(match concern {
        Concern::Lenient => "drift-lenient",
        Concern::Severe => "drift-severe",
        Concern::Distant => "drift-distant",
        Concern::Verdicts => "drift-verdicts",
    })
}

/// The width and height of a chart in its own units.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 170.0;
/// Where the plot begins and ends.
const LEFT: f64 = 44.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 140.0;

/// One reviewer's readings in the order of time, with the reference as a line at nought and the thresholds beside it.
fn course(words: Words, index: usize, of: &Reviewer, threshold: i64) -> Markup {
    let limit = threshold as f64;
    let farthest = of.points.iter().map(|point| point.difference.abs()).fold(1.5 * limit, f64::max);
    // A round end of the scale, the same on either side.
    let reach = (farthest / 10.0).ceil() * 10.0;
    let y = |value: f64| f64::midpoint(TOP, BOTTOM) - value / reach * (BOTTOM - TOP) / 2.0;
    let steps = staff::count(&of.points).max(2) - 1;
    let x = |place: usize| LEFT + 8.0 + place as f64 / steps as f64 * (WIDTH - LEFT - 20.0);
    let (title_id, desc_id) = (format!("course-{index}-title"), format!("course-{index}-desc"));
    let day = |point: Option<&Point>| point.map(|p| parts::date_text(words, p.day)).unwrap_or_default();
    let spoken =
        |point: &Point| format!("{}: {}", parts::date_text(words, point.day), Unit::Difference.text(point.difference));
    let at = |value: f64| format!("{value:.1}");
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(format!("{title_id} {desc_id}")) {
            title id=(title_id) { (words.with("drift-course", &[("name", of.name.as_str().into())])) }
            desc id=(desc_id) { (of.points.iter().map(spoken).collect::<Vec<_>>().join("; ")) }
            text.name x="0" y="15" { (of.name) }
            line.nought x1=(at(LEFT)) x2=(at(WIDTH)) y1=(at(y(0.0))) y2=(at(y(0.0))) {}
            @for end in [limit, -limit] { line.limit x1=(at(LEFT)) x2=(at(WIDTH)) y1=(at(y(end))) y2=(at(y(end))) {} }
            @for tick in [reach, 0.0, -reach] {
                text.tick x=(at(LEFT - 6.0)) y=(at(y(tick) + 4.0)) text-anchor="end" { (Unit::Difference.text(tick)) }
            }
            @for (place, point) in of.points.iter().enumerate() {
                circle class=(if point.planted { "dot" } else { "dot open" }) cx=(at(x(place))) cy=(at(y(point.difference))) r="4" {}
            }
            text.tick x=(at(LEFT)) y=(at(HEIGHT - 8.0)) { (day(of.points.first())) }
            text.tick x=(at(WIDTH)) y=(at(HEIGHT - 8.0)) text-anchor="end" { (day(of.points.last())) }
        }
    }
}
