//! How the first readers of settled scripts agree: of a sitting, and over all sittings of an association.

use std::collections::BTreeMap;

use actix_web::web::Path;
use evenhand_templates::coordinator::agreement::{
    Agreement as Shown, Cause, CriterionRow, Of, Overall, agreement as agreement_view,
};
use evenhand_templates::figures::Levels;
use evenhand_templates::words::Words;

use super::{head, runs};
use crate::desk::agreement::Agreement;
use crate::domain::ids::{AssociationId, SittingId};
use crate::domain::panel::Disagreement;
use crate::domain::psychometrics::MIN_SCRIPTS;
use crate::domain::psychometrics::report::{Criterion, Matrix, Subject};
use crate::web::api::Answer;
use crate::web::visitor::{Visitor, page};
use crate::web::words;

/// `GET /sittings/{sitting}/agreement`
pub async fn of_sitting(visitor: Visitor, id: Path<String>) -> Answer {
    let (summary, found) = visitor.coordinator().agreement_of_sitting(&SittingId(id.into_inner())).await?;
    let of = Of::Sitting {
        head: head(&summary, visitor.arrival()),
        runs: runs(&visitor, &summary),
        association: summary.sitting.association.0.clone(),
    };
    Ok(page(agreement_view(&visitor.shell, &view(visitor.shell.words, of, &found))))
}

/// `GET /associations/{association}/agreement`
pub async fn of_association(visitor: Visitor, id: Path<String>) -> Answer {
    let desk = visitor.coordinator();
    let (place, found, sittings) = desk.agreement_of_association(&AssociationId(id.into_inner())).await?;
    let sittings = sittings.into_iter().map(|s| (s.sitting.0, s.title, count(s.scripts))).collect();
    let of = Of::Association { id: place.id, name: place.name, sittings };
    Ok(page(agreement_view(&visitor.shell, &view(visitor.shell.words, of, &found))))
}

fn view(in_words: Words, of: Of, found: &Agreement) -> Shown {
    let report = &found.report;
    let (mut overall, mut thirds, mut reviewers) = (Vec::new(), Vec::new(), Vec::new());
    let mut criteria: BTreeMap<Criterion, CriterionRow> = BTreeMap::new();
    for line in &report.lines {
        let (measure, figure) = (line.measure.as_str(), words::figure(&line.measured));
        match &line.subject {
            Subject::Verdict => overall.push(Overall { measure, of_verdicts: true, figure }),
            Subject::Points => overall.push(Overall { measure, of_verdicts: false, figure }),
            Subject::Scripts => thirds.push((Cause::Any, figure)),
            Subject::Cause(cause) => thirds.push((cause_shown(*cause), figure)),
            Subject::Reviewer(who) => reviewers.push((found.names.get(who).cloned().unwrap_or_default(), figure)),
            Subject::Criterion(criterion) => {
                let row = criteria.entry(*criterion).or_insert_with(|| CriterionRow {
                    domain: words::domain(criterion.domain).name(in_words),
                    ordinal: count(criterion.ordinal),
                    n: figure.n,
                    figures: Vec::new(),
                });
                row.figures.push((measure, figure));
            }
        }
    }
    reviewers.sort_by(|a: &(String, _), b| a.0.cmp(&b.0));
    Shown {
        of,
        scripts: count(report.scripts),
        minimum: count(MIN_SCRIPTS),
        overall,
        criteria: criteria.into_values().collect(),
        levels: report.matrix.as_ref().map(levels),
        reviewers,
        thirds,
        seed: report.seed.clone(),
    }
}

fn cause_shown(cause: Disagreement) -> Cause {
    match cause {
        Disagreement::VerdictSplit => Cause::VerdictSplit,
        Disagreement::CriterionGap => Cause::CriterionGap,
        Disagreement::NearCut => Cause::NearCut,
    }
}

fn levels(matrix: &Matrix) -> Levels {
    let counts = matrix.counts.iter().map(|row| row.iter().map(|n| count(*n)).collect());
    Levels { points: matrix.points.clone(), counts: counts.collect() }
}

fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}
