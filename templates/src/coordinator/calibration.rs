//! How an association's reviewers are calibrated, and the decision about one of them.

use maud::{Markup, html};

use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// How a reviewer stands in a strand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is asked: they read.
    NotAsked,
    /// A set is to be given.
    Waiting,
    /// There are not benchmark scripts enough for a set.
    Lacking,
    /// They are scoring a set.
    Scoring,
    /// They read live scripts.
    Admitted,
    /// The calibration did not admit them.
    NotAdmitted,
    /// The admission was taken back.
    Withdrawn,
}

impl State {
    /// As a badge.
    #[must_use]
    pub fn badge(self, words: Words) -> Markup {
        let (tone, id) = match self {
            Self::NotAsked => (Tone::Neutral, "calibration-state-not-asked"),
            Self::Waiting => (Tone::Neutral, "calibration-state-waiting"),
            Self::Lacking => (Tone::Attention, "calibration-state-lacking"),
            Self::Scoring => (Tone::Accent, "calibration-state-scoring"),
            Self::Admitted => (Tone::Good, "calibration-state-admitted"),
            Self::NotAdmitted => (Tone::Attention, "calibration-state-not-admitted"),
            Self::Withdrawn => (Tone::Attention, "calibration-state-withdrawn"),
        };
        parts::badge(tone, &words.text(id))
    }
}

/// A set of benchmark scripts.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// The how-manieth.
    pub number: i64,
    /// How many scripts.
    pub scripts: i64,
    /// How many are sealed.
    pub sealed: i64,
    /// Once it is judged: the mean distance in hundredths of a point and how much is allowed; the verdicts that differ and
    /// how many may.
    pub judgement: Option<((i64, i64), (i64, i64))>,
}

/// A reviewer in a strand.
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// The reviewer's identifier.
    pub person: String,
    /// The name.
    pub name: String,
    /// The strand, as people call it.
    pub strand: String,
    /// How it stands.
    pub state: State,
    /// The newest set.
    pub set: Option<Set>,
    /// Who decided, and why.
    pub decided: Option<(String, String)>,
}

/// What was chosen and typed of a decision.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// About whom: reviewers with their strands.
    pub about: Vec<Choice>,
    /// What: `admit`, `again`, `withdraw`.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The calibration of an association's reviewers.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// The association's identifier.
    pub association: String,
    /// Its name.
    pub name: String,
    /// How many scripts a set has; nought where none is asked.
    pub scripts: i64,
    /// How many benchmark scripts are planted in each hundred.
    pub planted: i64,
    /// How many benchmark scripts there are, by strand.
    pub supply: Vec<(String, i64)>,
    /// Reviewer by reviewer.
    pub reviewers: Vec<Reviewer>,
    /// A decision, for those who may.
    pub decision: Option<Decision>,
}

/// How an association's reviewers are calibrated.
#[must_use]
pub fn calibration(shell: &Shell, view: &Calibration) -> Markup {
    let words = shell.words;
    let body = html! {
        p { (words.with("calibration-asked", &[("n", view.scripts.into()), ("planted", view.planted.into())])) }
        p.small {
            a href=(urls::drift(&view.association)) { (words.text("drift-title")) } " · "
            a href=(urls::policy(&view.association)) { (words.text("rules-title")) } " · "
            a href=(urls::association_agreement(&view.association)) { (words.text("concord-title")) }
        }
        @if view.reviewers.is_empty() {
            (parts::empty(&words.text("calibration-empty-title"), &words.text("calibration-empty-text"), None))
        } @else {
            section { (table(words, &view.reviewers)) }
        }
        section { (supply(words, view)) }
        @if let Some(decision) = view.decision.as_ref().filter(|d| !d.about.is_empty()) { (decide(words, view, decision)) }
    };
    document(shell, &staff::staff_page(&words.text("calibration-title")).lead(view.name.as_str()), &body)
}

fn table(words: Words, reviewers: &[Reviewer]) -> Markup {
    let columns = [
        Column::text(words.text("people-name")),
        Column::text(words.text("calibration-strand")),
        Column::text(words.text("calibration-state")),
        Column::text(words.text("calibration-set")),
        Column::text(words.text("calibration-decided")),
    ];
    let rows: Vec<Row> = reviewers
        .iter()
        .map(|row| {
            Row::new(vec![
                html! { a href=(urls::person(&row.person)) { (row.name) } },
                html! { (row.strand) },
                row.state.badge(words),
                html! { @match &row.set { Some(set) => (set_cell(words, set)), None => span.soft { "–" } } },
                html! { @match &row.decided {
                    Some((by, reason)) => { (by) br; span.soft.break { (reason) } }
                    None => span.soft { "–" },
                } },
            ])
        })
        .collect();
    parts::table(&words.text("calibration-title"), &columns, &rows)
}

fn set_cell(words: Words, set: &Set) -> Markup {
    let sealed = [("set", set.number.into()), ("sealed", set.sealed.into()), ("scripts", set.scripts.into())];
    html! {
        (words.with("calibration-set-sealed", &sealed))
        @if let Some(((distance, most), (misses, most_misses))) = set.judgement {
            br;
            span.soft {
                (words.with("calibration-set-judged", &[
                    ("distance", points(distance).into()), ("most", points(most).into()),
                    ("misses", misses.into()), ("most_misses", most_misses.into()),
                ]))
            }
        }
    }
}

/// Hundredths of a point, as people read them.
fn points(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn supply(words: Words, view: &Calibration) -> Markup {
    let columns =
        [Column::text(words.text("calibration-strand")), Column::number(words.text("calibration-benchmarks"))];
    let rows: Vec<Row> =
        view.supply.iter().map(|(strand, n)| Row::new(vec![html! { (strand) }, html! { (n) }])).collect();
    parts::table(&words.text("calibration-supply"), &columns, &rows)
}

fn decide(words: Words, view: &Calibration, decision: &Decision) -> Markup {
    let choices = vec![
        ("admit".to_owned(), words.text("calibration-admit")),
        ("again".to_owned(), words.text("calibration-again")),
        ("withdraw".to_owned(), words.text("calibration-withdraw")),
    ];
    html! {
        section.panel aria-labelledby="decide" {
            h2 #decide { (words.text("calibration-decide")) }
            p.hint { (words.text("calibration-decide-text")) }
            (form::problem_summary(words, &decision.problems))
            form.stack method="post" action=(urls::calibration(&view.association)) {
                (staff::select("about", words.text("calibration-about"), &decision.about).render(words, &decision.problems))
                (Field::radios("decision", words.text("calibration-decision"), choices).value(&decision.decision).render(words, &decision.problems))
                (Field::area("reason", 3, words.text("calibration-reason")).value(&decision.reason).hint(words.text("calibration-reason-hint")).max_length(2000).render(words, &decision.problems))
                div.buttons { button.primary type="submit" { (words.text("calibration-do")) } }
            }
        }
    }
}
