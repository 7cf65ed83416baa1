//! Figures with their interval, and charts of them: a dot plot and a matrix of levels, drawn as SVG from the same numbers
//! that a table beside them tells.

use maud::{Markup, html};

use crate::words::Words;

/// What a measure came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// Too few scripts to say.
    TooFew,
    /// The readings do not vary: the measure is not defined.
    Undefined,
    /// A value, and its interval where there is one.
    Value(f64, Option<(f64, f64)>),
}

/// A figure with the number of scripts that it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// How many scripts.
    pub n: i64,
    /// What came of them.
    pub found: Found,
}

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, in per cent.
    Share,
    /// A coefficient between -1 and 1.
    Coefficient,
    /// A difference, in hundredths of what a script can give, with its sign.
    Difference,
    /// A distance, in the same.
    Distance,
}

impl Unit {
    /// A number as it is written.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        // A typographer's minus, and no minus before nought.
        let written = match self {
            Self::Share => format!("{:.0} %", value * 100.0),
            Self::Coefficient => format!("{value:.2}"),
            Self::Distance => format!("{value:.1}"),
            Self::Difference => format!("{value:+.1}"),
        };
        match written.as_str() {
            "-0.00" => "0.00".to_owned(),
            "+0.0" | "-0.0" => "0.0".to_owned(),
            "-0 %" => "0 %".to_owned(),
            _ => written.replace('-', "−"),
        }
    }
}

/// A figure as a cell: the value with its interval below, or why there is none.
#[must_use]
pub fn cell(words: Words, figure: &Figure, unit: Unit) -> Markup {
    html! {
        @match figure.found {
            Found::TooFew => span.soft { (words.text("figure-too-few")) },
            Found::Undefined => span.soft { (words.text("figure-undefined")) },
            Found::Value(value, interval) => {
                span.figure-value { (unit.text(value)) }
                @if let Some((low, high)) = interval {
                    " " span.figure-interval { (between(words, unit, low, high)) }
                }
            }
        }
    }
}

fn between(words: Words, unit: Unit, low: f64, high: f64) -> String {
    words.with("figure-interval", &[("low", unit.text(low).into()), ("high", unit.text(high).into())])
}

/// A figure as words, for those who hear a chart.
fn spoken(words: Words, name: &str, figure: &Figure, unit: Unit) -> String {
    let text = match figure.found {
        Found::TooFew => words.text("figure-too-few"),
        Found::Undefined => words.text("figure-undefined"),
        Found::Value(value, None) => unit.text(value),
        Found::Value(value, Some((low, high))) => format!("{} ({})", unit.text(value), between(words, unit, low, high)),
    };
    format!("{name}: {text}")
}

/// The width of a chart in its own units: that of a telephone, so that its letters are legible there.
const WIDTH: f64 = 320.0;
const ROW: f64 = 46.0;

/// A place on a chart, to a tenth of its unit.
fn at(value: f64) -> String {
    format!("{value:.1}")
}

/// A dot for each figure on a common scale with a line at nought, its interval as a bar; names stand above their line.
/// Figures that are not known are named and have no dot.
#[must_use]
pub fn dot_plot(words: Words, id: &str, title: &str, rows: &[(String, Figure)], unit: Unit) -> Markup {
    let ends = rows.iter().filter_map(|(_, figure)| match figure.found {
        Found::Value(value, Some((low, high))) => Some(value.abs().max(low.abs()).max(high.abs())),
        Found::Value(value, None) => Some(value.abs()),
        _ => None,
    });
    // A round end of the scale, the same on either side.
    let reach = (ends.fold(0.0, f64::max) / 5.0).ceil().max(1.0) * 5.0;
    let x = |value: f64| WIDTH / 2.0 + value / reach * (WIDTH / 2.0 - 24.0);
    let height = ROW * crate::staff::count(rows) as f64 + 30.0;
    let base = height - 24.0;
    let title_id = format!("{id}-title");
    let desc_id = format!("{id}-desc");
    html! {
        svg.chart id=(id) viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby=(format!("{title_id} {desc_id}")) {
            title id=(title_id) { (title) }
            desc id=(desc_id) { (rows.iter().map(|(name, figure)| spoken(words, name, figure, unit)).collect::<Vec<_>>().join("; ")) }
            line.axis x1=(at(x(-reach))) x2=(at(x(reach))) y1=(at(base)) y2=(at(base)) {}
            line.nought x1=(at(x(0.0))) x2=(at(x(0.0))) y1="4" y2=(at(base)) {}
            @for (tick, anchor) in [(-reach, "start"), (0.0, "middle"), (reach, "end")] {
                text.tick x=(at(x(tick))) y=(at(height - 6.0)) text-anchor=(anchor) { (unit.text(tick)) }
            }
            @for (row, top) in rows.iter().zip((0..).map(|i| f64::from(i) * ROW)) { (dot_row(words, row, top, &x, unit)) }
        }
    }
}

fn dot_row(words: Words, (name, figure): &(String, Figure), top: f64, x: &dyn Fn(f64) -> f64, unit: Unit) -> Markup {
    let (name_y, line) = (at(top + 15.0), top + 29.0);
    html! {
        text.name x="0" y=(name_y) { (name) }
        @match figure.found {
            Found::TooFew | Found::Undefined => text.lack x=(at(WIDTH)) y=(name_y) text-anchor="end" { (words.text("figure-none")) },
            Found::Value(value, interval) => {
                text.value x=(at(WIDTH)) y=(name_y) text-anchor="end" { (unit.text(value)) }
                @if let Some((low, high)) = interval {
                    line.reach x1=(at(x(low))) x2=(at(x(high))) y1=(at(line)) y2=(at(line)) {}
                    @for end in [low, high] { line.reach x1=(at(x(end))) x2=(at(x(end))) y1=(at(line - 4.0)) y2=(at(line + 4.0)) {} }
                }
                circle.dot cx=(at(x(value))) cy=(at(line)) r="5" {}
            }
        }
    }
}

/// How often two readers gave which levels of the same criterion: the lower of the two down, the higher across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The levels' points, rising.
    pub points: Vec<i64>,
    /// By the lower level, then by the higher; nothing stands below the diagonal.
    pub counts: Vec<Vec<i64>>,
}

/// The matrix as a chart: the darker of three washes, the more often; every cell has its number.
#[must_use]
pub fn matrix(id: &str, title: &str, across: &str, down: &str, levels: &Levels) -> Markup {
    let size = crate::staff::count(&levels.points).max(1) as f64;
    let side = ((WIDTH - 40.0) / size).min(64.0);
    let most = levels.counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let place = |index: usize| 36.0 + side * crate::staff::count(&levels.points[..index]) as f64;
    let class = |count: i64| match count {
        0 => "cell none",
        n if 3 * n > most => "cell much",
        _ => "cell some",
    };
    let height = place(levels.points.len()) + 4.0;
    let title_id = format!("{id}-title");
    html! {
        svg.chart id=(id) viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="img" aria-labelledby=(title_id) {
            title id=(title_id) { (title) }
            text.tick x="36" y="12" { (across) }
            text.tick x="-36" y="12" transform="rotate(-90)" text-anchor="end" { (down) }
            @for (index, points) in levels.points.iter().enumerate() {
                text.name x=(at(place(index) + side / 2.0)) y="30" text-anchor="middle" { (points) }
                text.name x="24" y=(at(place(index) + side / 2.0 + 5.0)) text-anchor="middle" { (points) }
            }
            @for (low, row) in levels.counts.iter().enumerate() {
                @for (high, count) in row.iter().enumerate().skip(low) {
                    g class={ (class(*count)) @if low == high { " alike" } } {
                        rect x=(at(place(high) + 1.0)) y=(at(place(low) + 1.0)) width=(at(side - 2.0)) height=(at(side - 2.0)) {}
                        text x=(at(place(high) + side / 2.0)) y=(at(place(low) + side / 2.0 + 5.0)) text-anchor="middle" { (count) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        for (unit, value, expected) in [
            (Unit::Share, 0.876, "88 %"),
            (Unit::Coefficient, -0.034, "−0.03"),
            (Unit::Coefficient, -0.001, "0.00"),
            (Unit::Difference, 2.46, "+2.5"),
            (Unit::Difference, -2.46, "−2.5"),
            (Unit::Difference, -0.04, "0.0"),
            (Unit::Distance, 12.345, "12.3"),
        ] {
            assert_eq!(unit.text(value), expected);
        }
    }
}
