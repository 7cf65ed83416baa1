//! The reviewer's part of the interface. Nothing here can reach a name, a time or another reviewer.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::agreement::measured_json;
use super::{Answer, ListQuery};
use crate::desk::reviewer::{Opened, Reviewer};
use crate::domain::correction::CorrectionState;
use crate::domain::ids::ScriptCode;
use crate::domain::psychometrics::standing::{Agreement, MIN_OTHERS, STEP};
use crate::domain::refusal::Refusal;
use crate::domain::rubric::{Highlight, Marks, Rubric};
use crate::domain::vocabulary::Verdict;
use crate::store::readings::{DeclineReason, FlagKind};
use crate::web::body::Sent;

/// What a reviewer writes. A draft needs its revision; with a whole review one may come along and means nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewBody {
    revision: Option<i64>,
    #[serde(default)]
    scores: BTreeMap<String, i64>,
    verdict: Option<Verdict>,
    #[serde(default)]
    remarks_for_examinee: String,
    #[serde(default)]
    remarks_internal: String,
    #[serde(default)]
    highlights: Vec<Highlight>,
}

/// A whole review as it is to be, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBody {
    reason: String,
    #[serde(default)]
    scores: BTreeMap<String, i64>,
    verdict: Option<Verdict>,
    #[serde(default)]
    remarks_for_examinee: String,
    #[serde(default)]
    remarks_internal: String,
    #[serde(default)]
    highlights: Vec<Highlight>,
}

impl ReviewBody {
    fn marks(self) -> Marks {
        Marks {
            scores: self.scores,
            verdict: self.verdict,
            remarks_for_examinee: self.remarks_for_examinee,
            remarks_internal: self.remarks_internal,
            highlights: self.highlights,
        }
    }
}

/// Why a script is given back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclineBody {
    reason: DeclineReason,
    #[serde(default)]
    note: Option<String>,
}

/// What is pointed out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagBody {
    kind: FlagKind,
    note: String,
}

/// `GET /reviews`
pub async fn queue(me: Reviewer, query: Query<ListQuery>) -> Answer {
    let page = me.queue(query.into_inner().range()?).await?;
    let items: Vec<Value> = page
        .items
        .into_iter()
        .map(|row| {
            json!({
                "code": row.code, "strand": row.strand, "vignette": { "title": row.vignette_title },
                "state": row.state, "due_on": row.due_on,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": page.next })))
}

/// `GET /reviews/agreement`
pub async fn standing(desk: Reviewer) -> Answer {
    let found = desk.standing().await?;
    Ok(HttpResponse::Ok().json(json!({
        "minimum_scripts": STEP, "minimum_other_readers": MIN_OTHERS,
        "severity": measured_json(&found.severity), "own": readers_json(&found.own), "others": readers_json(&found.others),
    })))
}

fn readers_json(readers: &Agreement) -> Value {
    json!({
        "verdict": measured_json(&readers.verdict), "exact": measured_json(&readers.exact),
        "adjacent": measured_json(&readers.adjacent), "distance": measured_json(&readers.distance),
    })
}

/// `GET /reviews/{code}`
pub async fn show(me: Reviewer, code: Path<String>) -> Answer {
    let Opened { desk, draft, sealed, correction } = me.open(&ScriptCode(code.into_inner())).await?;
    let correction = correction.map(|asked| json!({ "state": asked.state, "reason": asked.reason }));
    let draft = draft.map(|d| with(marks_json(&d.marks), "revision", json!(d.revision)));
    let sealed = sealed.map(|(marks, digest)| with(marks_json(&marks), "digest", json!(digest)));
    Ok(HttpResponse::Ok().json(json!({
        "code": desk.code,
        "strand": desk.strand,
        "state": desk.state,
        "vignette": {
            "title": desk.vignette.title,
            "scenario": evenhand_templates::markdown::render(&desk.vignette.scenario).0,
            "prompts": desk.vignette.prompts.iter()
                .map(|p| evenhand_templates::markdown::render_inline(p).0).collect::<Vec<_>>(),
        },
        "answer": desk.answer,
        "rubric": rubric_json(&desk.vignette.rubric),
        "draft": draft,
        "sealed": sealed,
        "correction": correction,
    })))
}

fn rubric_json(rubric: &Rubric) -> Value {
    json!({ "criteria": rubric.criteria, "verdicts": Verdict::ALL })
}

fn marks_json(marks: &Marks) -> Value {
    json!({
        "scores": marks.scores, "verdict": marks.verdict,
        "remarks_for_examinee": marks.remarks_for_examinee, "remarks_internal": marks.remarks_internal,
        "highlights": marks.highlights,
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// `PUT /reviews/{code}/draft`
pub async fn draft(me: Reviewer, code: Path<String>, sent: Sent<ReviewBody>) -> Answer {
    let revision = sent.0.revision.ok_or_else(|| Refusal::invalid("/revision", "a draft needs its revision"))?;
    let marks = sent.0.marks();
    let saved = me.draft_save(&ScriptCode(code.into_inner()), revision, marks).await?;
    Ok(HttpResponse::Ok().json(saved))
}

/// `POST /reviews/{code}/seal`
pub async fn seal(me: Reviewer, code: Path<String>, sent: Sent<ReviewBody>) -> Answer {
    let marks = sent.0.marks();
    Ok(HttpResponse::Ok().json(me.seal(&ScriptCode(code.into_inner()), marks).await?))
}

/// `POST /reviews/{code}/corrections`
pub async fn correct(me: Reviewer, code: Path<String>, sent: Sent<CorrectionBody>) -> Answer {
    let CorrectionBody { reason, scores, verdict, remarks_for_examinee, remarks_internal, highlights } = sent.0;
    let marks = Marks { scores, verdict, remarks_for_examinee, remarks_internal, highlights };
    let code = ScriptCode(code.into_inner());
    me.correct(&code, marks, reason).await?;
    Ok(HttpResponse::Created().json(json!({ "code": code, "state": CorrectionState::Waiting })))
}

/// `POST /reviews/{code}/decline`
pub async fn decline(me: Reviewer, code: Path<String>, sent: Sent<DeclineBody>) -> Answer {
    let DeclineBody { reason, note } = sent.0;
    me.decline(&ScriptCode(code.into_inner()), reason, note.unwrap_or_default()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /reviews/{code}/flags`
pub async fn flag(me: Reviewer, code: Path<String>, sent: Sent<FlagBody>) -> Answer {
    let FlagBody { kind, note } = sent.0;
    me.flag(&ScriptCode(code.into_inner()), kind, note).await?;
    Ok(HttpResponse::NoContent().finish())
}
