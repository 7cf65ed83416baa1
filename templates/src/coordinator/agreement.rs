//! How the first readers of settled scripts agree, and how severe each is: of one sitting, or of all of an association.

use maud::{Markup, html};

use super::{SittingHead, SittingTab, sitting_head};
use crate::figures::{self, Figure, Levels, Unit};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// Whose scripts.
#[derive(Clone, Debug)]
pub enum Of {
    /// Of a sitting.
    Sitting {
        /// Its head.
        head: SittingHead,
        /// Whether this reader runs it and has its other pages.
        runs: bool,
        /// The identifier of its association.
        association: String,
    },
    /// Of an association.
    Association {
        /// Its identifier.
        id: String,
        /// Its name.
        name: String,
        /// Its sittings with settled scripts: identifier, title, how many scripts.
        sittings: Vec<(String, String, i64)>,
    },
}

/// A measure over all scripts.
#[derive(Clone, Debug)]
pub struct Overall {
    /// The measure, by its code in the HTTP interface.
    pub measure: &'static str,
    /// Whether it is of verdicts, or else of points.
    pub of_verdicts: bool,
    /// What it came to.
    pub figure: Figure,
}

/// The measures of one criterion.
#[derive(Clone, Debug)]
pub struct CriterionRow {
    /// The competency domain.
    pub domain: String,
    /// The how-manieth criterion of that domain in its rubrics, from 1.
    pub ordinal: i64,
    /// How many scripts have it.
    pub n: i64,
    /// Each measure's code and what it came to, the same ones in every row.
    pub figures: Vec<(&'static str, Figure)>,
}

/// A cause of third readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Any.
    Any,
    /// The verdicts differed.
    VerdictSplit,
    /// A criterion differed by more than the tolerance.
    CriterionGap,
    /// The points were near the cut.
    NearCut,
}

/// The figures.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Whose scripts.
    pub of: Of,
    /// How many settled scripts there are.
    pub scripts: i64,
    /// How many it takes to tell anything.
    pub minimum: i64,
    /// Measures over all scripts.
    pub overall: Vec<Overall>,
    /// Measures by criterion.
    pub criteria: Vec<CriterionRow>,
    /// Which levels were given together.
    pub levels: Option<Levels>,
    /// Severity by reviewer's name.
    pub reviewers: Vec<(String, Figure)>,
    /// Third readings by cause.
    pub thirds: Vec<(Cause, Figure)>,
    /// The seed of what was drawn.
    pub seed: String,
}

/// The figures of a sitting or an association.
#[must_use]
pub fn agreement(shell: &Shell, view: &Agreement) -> Markup {
    let words = shell.words;
    let (name, csv) = match &view.of {
        Of::Sitting { head, .. } => (head.title.as_str(), urls::api_sitting_agreement_csv(&head.id)),
        Of::Association { id, name, .. } => (name.as_str(), urls::api_association_agreement_csv(id)),
    };
    let body = html! {
        (top(shell, view))
        p.lead { (words.with("concord-lead", &[("n", view.scripts.into())])) }
        @if view.scripts < view.minimum {
            (parts::empty(
                &words.text("concord-few-title"),
                &words.with("concord-few-text", &[("n", view.scripts.into()), ("minimum", view.minimum.into())]),
                None,
            ))
        } @else {
            p.buttons { a.button href=(csv) download { (words.text("concord-csv")) } }
            (overall(words, view))
            (severity(words, view))
            (criteria(words, view))
            (thirds(words, view))
        }
        (sittings(words, view))
        @if view.scripts >= view.minimum { (method(words, view)) }
    };
    let title = words.with("concord-page", &[("name", name.into())]);
    let page = staff::staff_page(&title);
    document(shell, &if matches!(view.of, Of::Sitting { .. }) { page.without_heading() } else { page }, &body)
}

fn top(shell: &Shell, view: &Agreement) -> Markup {
    let words = shell.words;
    html! {
        @if let Of::Sitting { head, runs, association } = &view.of {
            (sitting_head(shell, head, SittingTab::Marking, !runs))
            p.small {
                @if *runs { a href=(urls::sitting_marking(&head.id)) { (words.text("concord-back")) } " · " }
                a href=(urls::association_agreement(association)) { (words.text("concord-all-sittings")) }
            }
            h2 { (words.text("concord-title")) }
        }
    }
}

fn overall(words: Words, view: &Agreement) -> Markup {
    let columns = [
        Column::text(words.text("concord-of")),
        Column::text(words.text("concord-measure")),
        Column::number(words.text("concord-n")),
        Column::number(words.text("concord-value")),
    ];
    let rows: Vec<Row> = view
        .overall
        .iter()
        .map(|row| {
            let of = if row.of_verdicts { "concord-of-verdicts" } else { "concord-of-points" };
            Row::new(vec![
                html! { (words.text(of)) },
                html! { (measure_name(words, row.measure)) },
                html! { (row.figure.n) },
                figures::cell(words, &row.figure, unit(row.measure)),
            ])
        })
        .collect();
    html! { section { (parts::table(&words.text("concord-overall"), &columns, &rows)) } }
}

fn severity(words: Words, view: &Agreement) -> Markup {
    let columns = [
        Column::text(words.text("people-name")),
        Column::number(words.text("concord-n")),
        Column::number(words.text("concord-severity-column")),
    ];
    let rows: Vec<Row> = view
        .reviewers
        .iter()
        .map(|(name, figure)| {
            Row::new(vec![html! { (name) }, html! { (figure.n) }, figures::cell(words, figure, Unit::Difference)])
        })
        .collect();
    html! {
        section.figures-part aria-labelledby="severity" {
            h2 #severity { (words.text("concord-severity")) }
            p.hint { (words.text("concord-severity-text")) }
            div.beside {
                (figures::dot_plot(words, "severity-chart", &words.text("concord-severity"), &view.reviewers, Unit::Difference))
                (parts::table(&words.text("concord-severity-table"), &columns, &rows))
            }
        }
    }
}

fn criteria(words: Words, view: &Agreement) -> Markup {
    let measures: Vec<&str> =
        view.criteria.first().map(|row| row.figures.iter().map(|(m, _)| *m).collect()).unwrap_or_default();
    let mut columns = vec![Column::text(words.text("concord-criterion")), Column::number(words.text("concord-n"))];
    columns.extend(measures.iter().map(|measure| Column::number(measure_name(words, measure))));
    let rows: Vec<Row> = view
        .criteria
        .iter()
        .map(|row| {
            let name = if row.ordinal > 1 {
                words.with(
                    "concord-criterion-again",
                    &[("domain", row.domain.as_str().into()), ("n", row.ordinal.into())],
                )
            } else {
                row.domain.clone()
            };
            let mut cells = vec![html! { (name) }, html! { (row.n) }];
            cells.extend(row.figures.iter().map(|(m, figure)| figures::cell(words, figure, unit(m))));
            Row::new(cells)
        })
        .collect();
    html! {
        section.figures-part aria-labelledby="criteria" {
            h2 #criteria { (words.text("concord-criteria")) }
            p.hint { (words.text("concord-criteria-text")) }
            (parts::table(&words.text("concord-criteria-table"), &columns, &rows))
            @if let Some(levels) = &view.levels {
                h3 { (words.text("concord-levels")) }
                p.hint { (words.text("concord-levels-text")) }
                div.beside {
                    (figures::matrix("levels-chart", &words.text("concord-levels"), &words.text("concord-higher"), &words.text("concord-lower"), levels))
                    (levels_table(words, levels))
                }
            }
        }
    }
}

/// The same figures as a table.
fn levels_table(words: Words, levels: &Levels) -> Markup {
    let columns = [
        Column::text(words.text("concord-lower")),
        Column::number(words.text("concord-higher")),
        Column::number(words.text("concord-times")),
    ];
    let cells = levels.points.iter().zip(&levels.counts).enumerate().flat_map(|(low, (points, row))| {
        levels.points.iter().zip(row).skip(low).map(move |(other, count)| (points, other, count))
    });
    let rows: Vec<Row> = cells
        .filter(|(.., count)| **count > 0)
        .map(|(low, high, count)| Row::new(vec![html! { (low) }, html! { (high) }, html! { (count) }]))
        .collect();
    html! { details { summary { (words.text("concord-levels-table")) } (parts::table(&words.text("concord-levels-table"), &columns, &rows)) } }
}

fn thirds(words: Words, view: &Agreement) -> Markup {
    let columns = [
        Column::text(words.text("concord-cause")),
        Column::number(words.text("concord-n")),
        Column::number(words.text("concord-share")),
    ];
    let rows: Vec<Row> = view
        .thirds
        .iter()
        .map(|(cause, figure)| {
            let name = match cause {
                Cause::Any => words.text("concord-cause-any"),
                Cause::VerdictSplit => words.text("concord-cause-verdict"),
                Cause::CriterionGap => words.text("concord-cause-criterion"),
                Cause::NearCut => words.text("concord-cause-cut"),
            };
            Row::new(vec![html! { (name) }, html! { (figure.n) }, figures::cell(words, figure, Unit::Share)])
        })
        .collect();
    html! {
        section.figures-part aria-labelledby="thirds" {
            h2 #thirds { (words.text("concord-thirds")) }
            p.hint { (words.text("concord-thirds-text")) }
            (parts::table(&words.text("concord-thirds-table"), &columns, &rows))
        }
    }
}

fn sittings(words: Words, view: &Agreement) -> Markup {
    let Of::Association { sittings, .. } = &view.of else { return html! {} };
    let columns = [Column::text(words.text("sittings-name")), Column::number(words.text("concord-n"))];
    let rows: Vec<Row> = sittings
        .iter()
        .map(|(id, title, scripts)| {
            Row::new(vec![html! { a href=(urls::sitting_agreement(id)) { (title) } }, html! { (scripts) }])
        })
        .collect();
    html! { @if !rows.is_empty() { section { (parts::table(&words.text("concord-sittings"), &columns, &rows)) } } }
}

fn method(words: Words, view: &Agreement) -> Markup {
    html! {
        details.panel {
            summary { (words.text("concord-method")) }
            p { (words.text("concord-method-scripts")) }
            p { (words.text("concord-method-pairs")) }
            p { (words.text("concord-method-intervals")) }
            p { (words.with("concord-method-seed", &[("seed", view.seed.as_str().into())])) }
        }
    }
}

/// How a measure is written.
fn unit(measure: &str) -> Unit {
    if matches!(measure, "exact" | "adjacent") { Unit::Share } else { Unit::Coefficient }
}

/// A measure, by its code in the HTTP interface.
fn measure_name(words: Words, measure: &str) -> String {
    match measure {
        "exact" => words.text("measure-exact"),
        "adjacent" => words.text("measure-adjacent"),
        "kappa" => words.text("measure-kappa"),
        "kappa_linear" => words.text("measure-kappa-linear"),
        "kappa_quadratic" => words.text("measure-kappa-quadratic"),
        "ac1" => words.text("measure-ac1"),
        "ac2_quadratic" => words.text("measure-ac2"),
        "icc_1_1" => words.text("measure-icc-one"),
        "icc_1_2" => words.text("measure-icc-one-mean"),
        "icc_2_1" => words.text("measure-icc-two"),
        "icc_2_2" => words.text("measure-icc-two-mean"),
        _ => words.text("measure-alpha"),
    }
}
