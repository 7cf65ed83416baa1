//! The import of authorisations to test: a preview first, then all lines or none.

use actix_web::web::Query;
use evenhand_templates::coordinator::import::{Import, ImportOutcome, ImportRow, LineError, import};
use evenhand_templates::parts;
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde::Deserialize;

use crate::desk::people::ImportReport;
use crate::domain::eligibility::{ImportLine, OPTIONAL, REQUIRED};
use crate::domain::ids::AssociationId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::store::sittings::Association;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::coordinator::sitting_form::choices;
use crate::web::pages::forms::{Place, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, page_refused, see_other};
use crate::web::words;

const ASSOCIATION: Place = place("/association", "association", "people-association");

/// The file's text, and whether to do it or only to see what it would do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportForm {
    csv: String,
    dry_run: bool,
    association: Option<String>,
}

/// How many lines the import before this page took.
#[derive(Deserialize)]
pub struct Imported {
    imported: Option<i64>,
}

/// The associations for which the visitor may import.
async fn places(visitor: &Visitor) -> Result<Vec<Association>, AppError> {
    if visitor.authority.associations(Act::RunSittings).is_empty() {
        return Err(Refusal::RoleRequired.into());
    }
    let mut places = visitor.people().associations().await?;
    places.retain(|place| visitor.authority.may(Act::RunSittings, &AssociationId(place.id.clone())));
    Ok(places)
}

/// `GET /authorisations/import`
pub async fn show(visitor: Visitor, before: Query<Imported>) -> Answer {
    let places = places(&visitor).await?;
    let outcome = before.imported.map(|count| ImportOutcome {
        dry_run: false,
        count,
        accepted: Vec::new(),
        rejected: Vec::new(),
    });
    Ok(page(import(&visitor.shell, &Import { outcome, ..blank(&places, None) })))
}

fn blank(places: &[Association], chosen: Option<&str>) -> Import {
    Import {
        csv: String::new(),
        columns: REQUIRED.map(str::to_owned).to_vec(),
        optional_columns: OPTIONAL.map(str::to_owned).to_vec(),
        associations: choices(places, chosen),
        problems: Vec::new(),
        outcome: None,
    }
}

/// `POST /authorisations/import`
pub async fn send(visitor: Visitor, form: Form<ImportForm>) -> Answer {
    let ImportForm { csv, dry_run, association } = form.0;
    let places = places(&visitor).await?;
    let in_words = visitor.shell.words;
    let mut view = Import { csv: csv.clone(), ..blank(&places, association.as_deref()) };
    match visitor.people().authorisations_import(association.map(AssociationId), csv, dry_run).await {
        Ok(report) if !dry_run && report.rejected.is_empty() => {
            Ok(see_other(&format!("{}?imported={}", urls::AUTHORISATIONS_IMPORT, report.accepted)))
        }
        Ok(report) => {
            let holds = report.rejected.is_empty();
            view.outcome = Some(outcome(in_words, dry_run, report));
            let markup = import(&visitor.shell, &view);
            Ok(if holds { page(markup) } else { page_refused(markup) })
        }
        Err(error) => {
            let refused = unaccepted(error, in_words, &[ASSOCIATION])?;
            view.problems = refused.problems;
            Ok(Unaccepted::answer(refused.status, import(&visitor.shell, &view)))
        }
    }
}

fn outcome(in_words: Words, dry_run: bool, report: ImportReport) -> ImportOutcome {
    let number = |line: u64| i64::try_from(line).unwrap_or(i64::MAX);
    let flawed = |line: &ImportLine| report.rejected.iter().any(|problem| problem.line == line.line);
    let accepted = report.lines.iter().filter(|line| !flawed(line)).map(|line| ImportRow {
        line: number(line.line),
        name: line.name.clone(),
        email: line.email.clone(),
        category: format!("{}, {}", words::category(line.category).name(in_words), line.track),
        valid: format!(
            "{} – {}",
            parts::date_text(in_words, line.validity.from),
            parts::date_text(in_words, line.validity.until)
        ),
        new_person: !report.known.contains(&line.line),
    });
    ImportOutcome {
        dry_run,
        count: report.accepted,
        accepted: accepted.collect(),
        rejected: report
            .rejected
            .iter()
            .map(|problem| LineError {
                line: number(problem.line),
                column: problem.column.clone(),
                detail: problem.detail.clone(),
            })
            .collect(),
    }
}
