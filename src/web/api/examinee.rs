//! The examinee's part of the interface.

use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use evenhand_templates::markdown;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Answer, whole};
use crate::desk::examinee::{Examinee, MAX_BATCH, Paper, SaveOutcome};
use crate::domain::ids::{AttemptId, RegistrationId};
use crate::domain::refusal::Refusal;
use crate::domain::safe_browser::Shown;
use crate::domain::vocabulary::Part;
use crate::store::answers::NewAnswer;
use crate::web::body::{LARGE_BYTES, Sent};
use crate::web::error::Problem;

/// The highest revision: what JavaScript can count to exactly.
pub const MAX_REVISION: i64 = 9_007_199_254_740_991;

/// Which agreement is accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    version: String,
}

/// An answer as sent. That `choice` or `text` is there counts, even as `null`, which clears.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    revision: i64,
    #[serde(default, deserialize_with = "present")]
    choice: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    text: Option<Option<String>>,
    #[serde(default)]
    keep: bool,
}

/// One answer of a batch.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionedAnswer {
    position: i64,
    revision: i64,
    #[serde(default, deserialize_with = "present")]
    choice: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    text: Option<Option<String>>,
    #[serde(default)]
    keep: bool,
}

/// Several answers at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    answers: Vec<PositionedAnswer>,
}

/// Tells a field that is `null` from one that is missing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// Makes an answer of what was sent at `pointer`.
fn answer(position: i64, body: AnswerBody, pointer: &str) -> Result<NewAnswer, Refusal> {
    if !(0..=MAX_REVISION).contains(&body.revision) {
        let detail = format!("between 0 and {MAX_REVISION}");
        return Err(Refusal::invalid(format!("{pointer}/revision"), detail));
    }
    let (choice, text) = match (body.choice, body.text) {
        (Some(choice), None) => (choice, None),
        (None, Some(text)) => (None, text),
        _ => return Err(Refusal::invalid(pointer, "either choice or text")),
    };
    if text.as_ref().is_some_and(|t| t.contains('\0')) || choice.as_ref().is_some_and(|c| c.contains('\0')) {
        return Err(Refusal::invalid(pointer, "a text cannot hold the character NUL"));
    }
    Ok(NewAnswer { position, revision: body.revision, choice, body: text, keep: body.keep })
}

/// What became of one save, as an answer or as a refusal.
fn outcome(outcome: SaveOutcome, pointer: &str) -> Result<Value, Refusal> {
    match outcome {
        SaveOutcome::Stored { position, revision, saved_at, deadline, superseded } => {
            let mut saved =
                json!({ "position": position, "revision": revision, "saved_at": saved_at, "deadline": deadline });
            if superseded {
                saved["superseded"] = json!(true);
            }
            Ok(saved)
        }
        SaveOutcome::Late { kept } => Err(Refusal::PartClosed { late: kept }),
        SaveOutcome::NoSuchPosition => Err(Refusal::NoSuchPosition),
        SaveOutcome::NoSuchChoice => Err(Refusal::NoSuchChoice),
        SaveOutcome::TooLong { max_characters } => Err(Refusal::AnswerTooLong { max_characters }),
        SaveOutcome::WrongKind => Err(Refusal::invalid(pointer, "Part One takes a choice, Part Two takes a text")),
    }
}

/// The locale in which texts are wanted.
fn locale(request: &HttpRequest) -> &'static str {
    let wanted = request.headers().get("accept-language").and_then(|v| v.to_str().ok()).unwrap_or("");
    evenhand_templates::words::Locale::from_accept_language(wanted).tag()
}

/// `GET /registrations`
pub async fn registrations(me: Examinee, request: HttpRequest) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.registrations(locale(&request)).await?)))
}

/// `POST /registrations/{id}/agreement`
pub async fn agree(me: Examinee, id: Path<String>, sent: Sent<Acceptance>) -> Answer {
    me.agreement_accept(&RegistrationId(id.into_inner()), &sent.0.version).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /registrations/{id}/parts/{part}/start`
pub async fn start(me: Examinee, path: Path<(String, String)>, shown: Shown) -> Answer {
    let (id, part) = path.into_inner();
    let part = Part::parse(&part).ok_or(Refusal::NotFound)?;
    let started = me.part_start(&RegistrationId(id), part, &shown).await?;
    let paper = rendered(me.paper(&started.attempt, &shown).await?);
    let mut response = if started.first { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(paper))
}

/// `GET /attempts/{id}`
pub async fn paper(me: Examinee, id: Path<String>, shown: Shown) -> Answer {
    Ok(HttpResponse::Ok().json(rendered(me.paper(&AttemptId(id.into_inner()), &shown).await?)))
}

/// A paper whose texts are safe HTML.
fn rendered(mut paper: Paper) -> Paper {
    let block = |text: &mut String| *text = markdown::render(text).0;
    let inline = |text: &mut String| *text = markdown::render_inline(text).0;
    for question in paper.questions.iter_mut().flatten() {
        block(&mut question.stem);
        question.choices.iter_mut().for_each(|c| inline(&mut c.text));
    }
    for vignette in paper.vignettes.iter_mut().flatten() {
        block(&mut vignette.scenario);
        vignette.prompts.iter_mut().for_each(inline);
    }
    paper
}

/// `PUT /attempts/{id}/answers/{position}`
pub async fn save(me: Examinee, path: Path<(String, String)>, sent: Sent<AnswerBody, LARGE_BYTES>) -> Answer {
    let (id, position) = path.into_inner();
    let position: i64 = position.parse().map_err(|_| Refusal::NoSuchPosition)?;
    let answers = vec![answer(position, sent.0, "")?];
    let outcomes = me.answers_save(&AttemptId(id), answers).await?;
    let saved = outcomes.into_iter().next().map(|o| outcome(o, "")).ok_or(Refusal::NoSuchPosition)??;
    Ok(HttpResponse::Ok().json(saved))
}

/// `POST /attempts/{id}/answers`
pub async fn save_batch(me: Examinee, id: Path<String>, sent: Sent<Batch, LARGE_BYTES>) -> Answer {
    let sent = sent.0.answers;
    if sent.len() > MAX_BATCH {
        return Err(Refusal::invalid("/answers", format!("at most {MAX_BATCH}")).into());
    }
    // Each row is judged by itself: one that is impossible as such keeps none of the others from being saved.
    let mut results = Vec::with_capacity(sent.len());
    let mut answers = Vec::with_capacity(sent.len());
    for (index, row) in sent.into_iter().enumerate() {
        let PositionedAnswer { position, revision, choice, text, keep } = row;
        match answer(position, AnswerBody { revision, choice, text, keep }, &format!("/answers/{index}")) {
            Ok(answer) => {
                answers.push(answer);
                results.push(None);
            }
            Err(refusal) => results.push(Some(row_problem(&refusal, position))),
        }
    }
    let positions: Vec<i64> = answers.iter().map(|a| a.position).collect();
    let outcomes = me.answers_save(&AttemptId(id.into_inner()), answers).await?;
    let mut judged = outcomes.into_iter().zip(positions);
    for (index, slot) in results.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
        *slot = judged.next().map(|(saved, position)| {
            outcome(saved, &format!("/answers/{index}")).unwrap_or_else(|refusal| row_problem(&refusal, position))
        });
    }
    Ok(HttpResponse::Ok().json(json!({ "results": results })))
}

/// Why one row of a batch was refused.
fn row_problem(refusal: &Refusal, position: i64) -> Value {
    let mut problem = json!(Problem::from(refusal));
    problem["position"] = json!(position);
    problem
}

/// `POST /attempts/{id}/openings`
pub async fn open(me: Examinee, id: Path<String>) -> Answer {
    let opening = me.open(&AttemptId(id.into_inner()), true).await?;
    Ok(HttpResponse::Created().json(json!({ "opening": opening })))
}

/// Which page asks, if a page does.
#[derive(Deserialize)]
pub struct Asking {
    pub(super) opening: Option<i64>,
}

/// `GET /attempts/{id}/clock`
pub async fn clock(me: Examinee, id: Path<String>, asking: Query<Asking>) -> Answer {
    Ok(HttpResponse::Ok().json(me.clock(&AttemptId(id.into_inner()), asking.opening).await?))
}

/// `POST /attempts/{id}/break`
pub async fn break_begin(me: Examinee, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(me.break_begin(&AttemptId(id.into_inner())).await?))
}

/// `POST /attempts/{id}/break/end`
pub async fn break_end(me: Examinee, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(me.break_end(&AttemptId(id.into_inner())).await?))
}

/// `GET /attempts/{id}/messages`
pub async fn messages(me: Examinee, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.messages(&AttemptId(id.into_inner())).await?)))
}

/// `POST /attempts/{id}/submit`
pub async fn submit(me: Examinee, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(me.submit(&AttemptId(id.into_inner())).await?))
}

/// `GET /results`
pub async fn results(me: Examinee) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.results().await?)))
}

/// `GET /practice`
pub async fn practices(me: Examinee, request: HttpRequest) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.practices(locale(&request)).await?)))
}

/// `POST /practice`
pub async fn practise(me: Examinee, request: HttpRequest) -> Answer {
    let (id, new) = me.practice_begin().await?;
    let view = me.practice(&id, locale(&request)).await?;
    Ok(if new { HttpResponse::Created() } else { HttpResponse::Ok() }.json(view))
}

/// `GET /practice/attempts/{id}/solution`
pub async fn solution(me: Examinee, id: Path<String>) -> Answer {
    let mut solution = me.practice_solution(&AttemptId(id.into_inner())).await?;
    for question in &mut solution.questions {
        question.stem = markdown::render(&question.stem).0;
        question.rationale = markdown::render(&question.rationale).0;
        question.right_text = markdown::render_inline(&question.right_text).0;
        question.chosen_text = question.chosen_text.take().map(|text| markdown::render_inline(&text).0);
    }
    Ok(HttpResponse::Ok().json(solution))
}
