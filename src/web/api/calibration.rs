//! Calibration: a reviewer's own, and that of an association's reviewers with the decisions about them and their drift.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;
use serde_json::{Value, json};

use super::agreement::{csv_answer, rounded};
use super::{Answer, whole};
use crate::desk::admission::{AdmissionChoice, Calibration, Drifts};
use crate::desk::coordinator::Coordinator;
use crate::desk::reviewer::Reviewer;
use crate::desk::reviewer::lessons::OwnCalibration;
use crate::domain::calibration::drift::{Drift, Figures};
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::vocabulary::Strand;
use crate::store::calibration::Post;
use crate::store::lessons::{OwnLesson, OwnSet};
use crate::web::body::Sent;

/// The columns of the CSV: one line a reading of a benchmark script.
const COLUMNS: [&str; 10] =
    ["reviewer", "name", "sealed_on", "planted", "criteria", "max_points", "signed", "absolute", "verdict", "concerns"];

/// A decision about a reviewer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmissionBody {
    strand: Strand,
    decision: AdmissionChoice,
    reason: String,
}

/// `GET /calibration`
pub async fn own(me: Reviewer) -> Answer {
    let items = me.calibration().await?;
    Ok(HttpResponse::Ok().json(whole(items.iter().map(own_json).collect())))
}

fn own_json(of: &OwnCalibration) -> Value {
    json!({
        "association": of.association, "strand": of.strand, "state": of.state,
        "sets": of.sets.iter().map(set_json).collect::<Vec<_>>(),
    })
}

fn set_json(set: &OwnSet) -> Value {
    json!({
        "number": set.number, "scripts": set.scripts, "sealed": set.sealed,
        "outcome": set.judged.map(|(_, outcome)| outcome),
        "lessons": set.lessons.iter().map(lesson_json).collect::<Vec<_>>(),
    })
}

fn lesson_json(of: &OwnLesson) -> Value {
    let reference = |id: &str| of.lesson.marks.iter().find(|mark| mark.criterion == id);
    let criterion = |c: &crate::domain::rubric::Criterion| {
        let reference = reference(&c.id);
        json!({
            "id": c.id, "title": c.title, "own": of.own.scores.get(&c.id), "max_points": c.max_points(),
            "reference": reference.map(|mark| mark.points), "rationale": reference.map(|mark| &mark.rationale),
        })
    };
    json!({
        "code": of.code, "vignette": { "title": of.vignette.title },
        "verdict": { "own": of.own.verdict, "reference": of.lesson.verdict },
        "criteria": of.vignette.rubric.criteria.iter().map(criterion).collect::<Vec<_>>(),
    })
}

/// `GET /associations/{id}/calibration`
pub async fn of_association(desk: Coordinator, id: Path<String>) -> Answer {
    let found = desk.calibration(&AssociationId(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(calibration_json(&found)))
}

fn calibration_json(found: &Calibration) -> Value {
    let policy = &found.policy;
    json!({
        "association": found.association.id,
        "asked": {
            "scripts": policy.calibration_scripts, "distance_hundredths": policy.calibration_distance_hundredths,
            "misses": policy.calibration_misses, "planted_per_hundred": policy.planted_per_hundred,
        },
        "benchmarks": found.supply.iter().map(|(strand, n)| json!({ "strand": strand, "scripts": n })).collect::<Vec<_>>(),
        "items": found.rows,
        "next": null,
    })
}

/// `POST /associations/{id}/reviewers/{person}/admission`
pub async fn decide(desk: Coordinator, ids: Path<(String, String)>, sent: Sent<AdmissionBody>) -> Answer {
    let (association, person) = ids.into_inner();
    let AdmissionBody { strand, decision, reason } = sent.0;
    let post = Post { person: PersonId(person), association: AssociationId(association), strand };
    Ok(HttpResponse::Ok().json(desk.admission_decide(&post, decision, reason).await?))
}

/// `GET /associations/{id}/drift`
pub async fn drift(desk: Coordinator, id: Path<String>) -> Answer {
    let found = desk.drift(&AssociationId(id.into_inner())).await?;
    let policy = &found.policy;
    let items = found.rows.iter().map(|(who, name, drift)| drift_json(who, name, drift));
    Ok(HttpResponse::Ok().json(json!({
        "association": found.association.id,
        "minimum_readings": policy.drift_readings,
        "thresholds": {
            "severity_percent": policy.drift_severity_percent, "distance_percent": policy.drift_distance_percent,
            "agreement_percent": policy.drift_agreement_percent,
        },
        "items": items.collect::<Vec<_>>(),
        "next": null,
    })))
}

fn drift_json(who: &PersonId, name: &str, of: &Drift) -> Value {
    json!({
        "reviewer": who, "name": name, "all": figures_json(&of.all), "newest": figures_json(&of.newest),
        "concerns": of.concerns,
    })
}

fn figures_json(of: &Figures) -> Value {
    json!({
        "n": of.n, "severity": of.severity.map(rounded), "distance": of.distance.map(rounded),
        "agreement": of.agreement.map(rounded),
    })
}

/// `GET /associations/{id}/drift.csv`
pub async fn drift_csv(desk: Coordinator, id: Path<String>) -> Answer {
    let found = desk.drift(&AssociationId(id.into_inner())).await?;
    csv_answer("drift.csv", &COLUMNS, lines(&found))
}

/// The readings one by one; of a reviewer of whom nothing is told yet there are none.
fn lines(found: &Drifts) -> Vec<Vec<Value>> {
    let mut lines = Vec::new();
    for (who, name, drift) in found.rows.iter().filter(|(.., drift)| drift.newest.severity.is_some()) {
        let concerns: Vec<&str> = drift.concerns.iter().map(|c| c.as_str()).collect();
        for point in &drift.points {
            let of = &point.distance;
            lines.push(vec![
                json!(who),
                json!(name),
                json!(point.sealed_at.utc().date_naive()),
                json!(point.planted),
                json!(of.criteria),
                json!(of.max_points),
                json!(of.signed),
                json!(of.absolute),
                json!(if of.misses == 0 { "same" } else { "different" }),
                json!(concerns.join(" ")),
            ]);
        }
    }
    lines
}
