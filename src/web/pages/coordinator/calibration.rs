//! Calibration of an association's reviewers, the decision about one of them, and how they drift.

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::calibration::{
    Calibration as View, Decision, Reviewer, Set, calibration as calibration_view,
};
use evenhand_templates::coordinator::drift::{self as shown, Concern as ShownConcern, drift as drift_view};
use evenhand_templates::figures::{Figure, Found};
use evenhand_templates::staff::{Choice, Done};
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde::Deserialize;

use crate::desk::admission::{AdmissionChoice, Calibrated, Calibration};
use crate::domain::calibration::drift::{Concern, Drift, Figures};
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::vocabulary::Strand;
use crate::store::calibration::Post;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::pages::forms::{After, Place, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

const PLACES: [Place; 3] = [
    place("/reason", "reason", "calibration-reason"),
    place("/decision", "decision", "calibration-decision"),
    place("/strand", "about", "calibration-about"),
];

/// A decision as typed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    #[serde(default)]
    about: String,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
}

/// `GET /associations/{association}/calibration`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let found = visitor.coordinator().calibration(&AssociationId(id.into_inner())).await?;
    let view = view(visitor.shell.words, &found, DecisionForm::default(), Vec::new());
    Ok(page(calibration_view(&visitor.shell, &view)))
}

/// `POST /associations/{association}/calibration`
pub async fn decide(visitor: Visitor, id: Path<String>, form: Form<DecisionForm>) -> Answer {
    let (place, in_words, desk) = (AssociationId(id.into_inner()), visitor.shell.words, visitor.coordinator());
    let found = desk.calibration(&place).await?;
    let outcome = match read(&place, &form.0) {
        Ok((post, choice)) => desk.admission_decide(&post, choice, form.0.reason.clone()).await.map(|_| ()),
        Err(refusal) => Err(refusal.into()),
    };
    match outcome {
        Ok(()) => Ok(see_other(&Done::CalibrationDecided.after(&urls::calibration(place.as_str())))),
        Err(error) => {
            let refused = unaccepted(error, in_words, &PLACES)?;
            let again = view(in_words, &found, form.0, refused.problems);
            Ok(Unaccepted::answer(refused.status, calibration_view(&visitor.shell, &again)))
        }
    }
}

/// What was chosen, as the desk takes it.
fn read(association: &AssociationId, form: &DecisionForm) -> Result<(Post, AdmissionChoice), Refusal> {
    let about = form.about.split_once('/').and_then(|(who, strand)| Some((who, Strand::parse(strand)?)));
    let (who, strand) = about.ok_or_else(|| Refusal::invalid("/strand", "none of the values offered"))?;
    let choice = AdmissionChoice::parse(&form.decision);
    let choice = choice.ok_or_else(|| Refusal::invalid("/decision", "none of the values offered"))?;
    Ok((Post { person: PersonId(who.to_owned()), association: association.clone(), strand }, choice))
}

fn view(
    in_words: Words,
    found: &Calibration,
    typed: DecisionForm,
    problems: Vec<evenhand_templates::form::FieldError>,
) -> View {
    let choice = |row: &Calibrated| {
        let value = format!("{}/{}", row.reviewer, row.strand);
        let chosen = value == typed.about;
        Choice::new(value, format!("{}, {}", row.name, words::strand(row.strand).name(in_words))).chosen(chosen)
    };
    View {
        association: found.association.id.clone(),
        name: found.association.name.clone(),
        scripts: found.policy.calibration_scripts,
        planted: found.policy.planted_per_hundred,
        supply: found.supply.iter().map(|(s, n)| (words::strand(*s).name(in_words), count(*n))).collect(),
        reviewers: found.rows.iter().map(|row| reviewer(in_words, row)).collect(),
        decision: found.may_decide.then(|| Decision {
            about: found.rows.iter().map(choice).collect(),
            decision: typed.decision.clone(),
            reason: typed.reason.clone(),
            problems,
        }),
    }
}

fn reviewer(in_words: Words, row: &Calibrated) -> Reviewer {
    let set = row.set.as_ref().map(|set| Set {
        number: set.number,
        scripts: set.scripts,
        sealed: set.sealed,
        judgement: set
            .judgement
            .as_ref()
            .map(|j| ((j.distance_hundredths, j.most_hundredths), (j.misses, j.most_misses))),
    });
    Reviewer {
        person: row.reviewer.0.clone(),
        name: row.name.clone(),
        strand: words::strand(row.strand).name(in_words),
        state: words::calibration_state(row.state),
        set,
        decided: row.decided_by.clone().map(|by| (by, row.reason.clone().unwrap_or_default())),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// `GET /associations/{association}/drift`
pub async fn drift(visitor: Visitor, id: Path<String>) -> Answer {
    let found = visitor.coordinator().drift(&AssociationId(id.into_inner())).await?;
    let view = shown::Drift {
        association: found.association.id.clone(),
        name: found.association.name.clone(),
        minimum: found.policy.drift_readings,
        threshold: found.policy.drift_severity_percent,
        reviewers: found.rows.iter().map(|(_, name, drift)| drifting(name, drift)).collect(),
    };
    Ok(page(drift_view(&visitor.shell, &view)))
}

fn drifting(name: &str, of: &Drift) -> shown::Reviewer {
    let Figures { severity, distance, agreement, .. } = of.newest;
    let figure = |value: Option<f64>, times: f64| Figure {
        n: count(of.newest.n),
        found: value.map_or(Found::TooFew, |value| Found::Value(value * times, None)),
    };
    let concern = |concern: &Concern| match concern {
        Concern::Lenient => ShownConcern::Lenient,
        Concern::Severe => ShownConcern::Severe,
        Concern::Distant => ShownConcern::Distant,
        Concern::Verdicts => ShownConcern::Verdicts,
    };
    // Of too few readings nothing is drawn either.
    let told = if severity.is_some() { of.points.as_slice() } else { &[] };
    let point = |point: &crate::domain::calibration::drift::Point| shown::Point {
        day: point.sealed_at.utc().date_naive(),
        difference: point.distance.percent(),
        planted: point.planted,
    };
    shown::Reviewer {
        name: name.to_owned(),
        n: count(of.points.len()),
        severity: figure(severity, 100.0),
        distance: figure(distance, 100.0),
        agreement: figure(agreement, 1.0),
        concerns: of.concerns.iter().map(concern).collect(),
        points: told.iter().map(point).collect(),
    }
}
