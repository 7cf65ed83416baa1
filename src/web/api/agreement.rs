//! Figures of agreement as JSON and as CSV, for the lead and for reviewers of their own.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Map, Value, json};

use super::Answer;
use crate::desk::agreement::Agreement;
use crate::desk::coordinator::Coordinator;
use crate::domain::ids::{AssociationId, SittingId};
use crate::domain::psychometrics::chance::RESAMPLES;
use crate::domain::psychometrics::report::{Line, Method, Subject};
use crate::domain::psychometrics::{Figure, MIN_SCRIPTS, Measured};
use crate::store::Fault;
use crate::web::error::AppError;

/// The columns of the CSV, which are the fields of a figure.
const COLUMNS: [&str; 14] = [
    "subject",
    "domain",
    "criterion",
    "cause",
    "reviewer",
    "name",
    "measure",
    "n",
    "state",
    "value",
    "low",
    "high",
    "method",
    "seed",
];

/// `GET /sittings/{id}/agreement`
pub async fn of_sitting(desk: Coordinator, id: Path<String>) -> Answer {
    let (summary, found) = desk.agreement_of_sitting(&SittingId(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(report_json("sitting", summary.sitting.id.as_str(), &found)))
}

/// `GET /sittings/{id}/agreement.csv`
pub async fn of_sitting_csv(desk: Coordinator, id: Path<String>) -> Answer {
    let (_, found) = desk.agreement_of_sitting(&SittingId(id.into_inner())).await?;
    csv(&found)
}

/// `GET /associations/{id}/agreement`
pub async fn of_association(desk: Coordinator, id: Path<String>) -> Answer {
    let (place, found, sittings) = desk.agreement_of_association(&AssociationId(id.into_inner())).await?;
    let mut body = report_json("association", &place.id, &found);
    let sittings = sittings.iter().map(|s| json!({ "id": s.sitting, "title": s.title, "scripts": s.scripts }));
    body["sittings"] = sittings.collect();
    Ok(HttpResponse::Ok().json(body))
}

/// `GET /associations/{id}/agreement.csv`
pub async fn of_association_csv(desk: Coordinator, id: Path<String>) -> Answer {
    let (_, found, _) = desk.agreement_of_association(&AssociationId(id.into_inner())).await?;
    csv(&found)
}

fn report_json(of: &str, id: &str, found: &Agreement) -> Value {
    let report = &found.report;
    let figures: Vec<Value> = report.lines.iter().map(|line| Value::Object(line_json(found, line))).collect();
    json!({
        of: id,
        "scripts": report.scripts,
        "minimum_scripts": MIN_SCRIPTS,
        "same_readers": report.same_readers,
        "interval_percent": 95,
        "bootstrap": { "seed": report.seed, "resamples": RESAMPLES },
        "figures": figures,
        "levels": report.matrix.as_ref().map(|matrix| json!({ "points": matrix.points, "counts": matrix.counts })),
    })
}

fn line_json(found: &Agreement, line: &Line) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    match &line.subject {
        Subject::Verdict => put("subject", json!("verdict")),
        Subject::Points => put("subject", json!("points")),
        Subject::Scripts => put("subject", json!("scripts")),
        Subject::Criterion(criterion) => {
            put("domain", json!(criterion.domain));
            put("criterion", json!(criterion.ordinal));
            put("subject", json!("criterion"))
        }
        Subject::Cause(cause) => {
            put("cause", json!(cause));
            put("subject", json!("cause"))
        }
        Subject::Reviewer(who) => {
            put("reviewer", json!(who));
            put("name", json!(found.names.get(who)));
            put("subject", json!("reviewer"))
        }
    };
    put("measure", json!(line.measure));
    put("method", json!(line.measure.method()));
    fields.extend(measured_json(&line.measured));
    fields
}

/// A figure: how many scripts, whether it is known, and if so its value and its interval, to four decimals.
pub fn measured_json(measured: &Measured) -> Map<String, Value> {
    let mut fields = Map::new();
    let state = match measured.figure {
        Figure::TooFew => "too_few",
        Figure::Undefined => "undefined",
        Figure::Known(_) => "known",
    };
    fields.insert("n".to_owned(), json!(measured.n));
    fields.insert("state".to_owned(), json!(state));
    let known = measured.known();
    fields.insert("value".to_owned(), json!(known.map(|e| rounded(e.value))));
    let interval = known.and_then(|e| e.interval);
    fields.insert("low".to_owned(), json!(interval.map(|(low, _)| rounded(low))));
    fields.insert("high".to_owned(), json!(interval.map(|(_, high)| rounded(high))));
    fields
}

/// To four decimals: what lies beyond them may differ between machines.
pub fn rounded(value: f64) -> f64 {
    // Adding nought takes the sign from a nought.
    (value * 10_000.0).round() / 10_000.0 + 0.0
}

fn csv(found: &Agreement) -> Answer {
    let mut lines = Vec::new();
    for line in &found.report.lines {
        let mut fields = line_json(found, line);
        if line.measure.method() == Method::Bootstrap {
            fields.insert("seed".to_owned(), json!(found.report.seed));
        }
        lines.push(COLUMNS.iter().map(|column| fields.get(*column).cloned().unwrap_or_default()).collect());
    }
    csv_answer("agreement.csv", &COLUMNS, lines)
}

/// A table as a file for spreadsheets.
///
/// # Errors
/// A fault of the writer.
pub fn csv_answer(name: &str, columns: &[&str], lines: Vec<Vec<Value>>) -> Answer {
    let broken = |e: &dyn std::fmt::Display| AppError::from(Fault::Outside(format!("csv: {e}")));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(|e| broken(&e))?;
    for line in &lines {
        writer.write_record(line.iter().map(|field| cell(Some(field)))).map_err(|e| broken(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| broken(&e))?;
    let named = ("content-disposition", format!("attachment; filename=\"{name}\""));
    Ok(HttpResponse::Ok().content_type("text/csv; charset=utf-8").insert_header(named).body(bytes))
}

/// A field as a spreadsheet takes it: text that it could mistake for a formula begins with an apostrophe.
fn cell(field: Option<&Value>) -> String {
    match field {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (field, expected) in [
            (json!("=HYPERLINK(1)"), "'=HYPERLINK(1)"),
            (json!("@x"), "'@x"),
            (json!("Ann"), "Ann"),
            (json!(-0.5), "-0.5"),
            (Value::Null, ""),
        ] {
            assert_eq!(cell(Some(&field)), expected);
        }
        assert_eq!(rounded(-0.000_01).to_string(), "0");
        assert_eq!(rounded(0.123_45), 0.1235);
    }
}
