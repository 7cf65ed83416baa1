//! A reviewer's own marking beside that of the others. It names nobody, and no field could bring a name here.

use maud::{Markup, html};

use crate::figures::{self, Figure, Unit};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row};
use crate::staff;
use crate::urls;

/// How two readers of the same scripts agree.
#[derive(Clone, Debug)]
pub struct Readers {
    /// The share with the same verdict.
    pub verdict: Figure,
    /// The mean share of criteria with the same level.
    pub exact: Figure,
    /// The mean share of criteria with the same or a neighbouring level.
    pub adjacent: Figure,
    /// The mean distance of their points.
    pub distance: Figure,
}

/// One's own marking beside that of the others.
#[derive(Clone, Debug)]
pub struct OwnAgreement {
    /// The difference from the other readers of the same scripts.
    pub severity: Figure,
    /// Oneself and the other readers of the same scripts.
    pub own: Readers,
    /// The others among themselves.
    pub others: Readers,
    /// How many released scripts it takes, and by how many the figures move on.
    pub step: i64,
    /// How many other readers it takes.
    pub readers: i64,
}

/// One's own marking beside that of the others.
#[must_use]
pub fn own_agreement(shell: &Shell, view: &OwnAgreement) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("own-measure")),
        Column::number(words.with("own-mine", &[("n", view.own.verdict.n.into())])),
        Column::number(words.with("own-others", &[("n", view.others.verdict.n.into())])),
    ];
    let lines = [
        ("own-verdict", view.own.verdict, view.others.verdict, Unit::Share),
        ("own-exact", view.own.exact, view.others.exact, Unit::Share),
        ("own-adjacent", view.own.adjacent, view.others.adjacent, Unit::Share),
        ("own-distance", view.own.distance, view.others.distance, Unit::Distance),
    ];
    let rows: Vec<Row> = lines
        .iter()
        .map(|(name, mine, others, unit)| {
            Row::new(vec![
                html! { (words.text(name)) },
                figures::cell(words, mine, *unit),
                figures::cell(words, others, *unit),
            ])
        })
        .collect();
    let known = matches!(view.severity.found, figures::Found::Value(..));
    let body = html! {
        p.small { a href=(urls::MARKING) { (words.text("own-back")) } }
        section.figures-part aria-labelledby="severity" {
            h2 #severity { (words.text("own-severity")) }
            p { (words.text("own-severity-text")) }
            @if known {
                (figures::dot_plot(words, "severity-chart", &words.text("own-severity"), &[(words.text("own-you"), view.severity)], Unit::Difference))
                (parts::facts(&[(words.with("own-severity-fact", &[("n", view.severity.n.into())]), figures::cell(words, &view.severity, Unit::Difference))]))
            } @else {
                (parts::empty(
                    &words.text("own-none-title"),
                    &words.with("own-none-text", &[("step", view.step.into()), ("readers", view.readers.into())]),
                    None,
                ))
            }
        }
        section { (parts::table(&words.text("own-agreement"), &columns, &rows)) }
        p.hint { (words.with("own-rules", &[("step", view.step.into()), ("readers", view.readers.into())])) }
    };
    document(shell, &staff::staff_page(&words.text("own-title")).lead(words.text("own-lead")), &body)
}
