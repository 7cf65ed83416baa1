//! The readable page of the HTTP interface, made of the same document that programs read.
//!
//! Invariants: what the page says of a call stands in `openapi.json` and nowhere else; every code that a problem document
//! can carry has its anchor here, for that is where `type` leads.

use std::sync::LazyLock;

use actix_web::HttpRequest;
use evenhand_templates::docs::{self as view, DocsView, Group, Named, Operation, ProblemKind};
use evenhand_templates::page::Shell;
use evenhand_templates::words::Locale;
use serde_json::{Map, Value};

use crate::domain::refusal::Refusal;
use crate::web::api::Answer;
use crate::web::api::operations::OPENAPI_DOCUMENT;
use crate::web::error::{AppError, Problem};
use crate::web::visitor::{Visitor, page, stranger};

/// How far forms are told within forms.
const SHAPE_DEPTH: u8 = 3;

static VIEW: LazyLock<DocsView> = LazyLock::new(|| docs_view(&OPENAPI_DOCUMENT));

/// `GET /api/v1/docs`
pub async fn show(request: HttpRequest, visitor: Option<Visitor>) -> Answer {
    let shell = visitor.map_or_else(|| stranger(&request), |visitor| visitor.shell);
    // The document is written in English, and so is all of its page.
    let shell = Shell { words: Locale::En.words(), ..shell };
    Ok(page(view::page(&shell, &VIEW)))
}

fn docs_view(document: &Value) -> DocsView {
    let group = |tag: &Value| Group {
        title: text(tag, "name"),
        operations: operations(document).filter(|(.., o)| o["tags"][0] == tag["name"]).map(operation).collect(),
    };
    DocsView {
        version: text(&document["info"], "version"),
        introduction: text(&document["info"], "description"),
        groups: list(&document["tags"]).map(group).collect(),
        problems: problems().into_iter().map(kind).collect(),
    }
}

/// Path, method and description of every call.
fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    fields(&document["paths"]).flat_map(|(path, item)| fields(item).map(move |(method, call)| (path, method, call)))
}

fn operation((path, method, call): (&String, &String, &Value)) -> Operation {
    let body = fields(&call["requestBody"]["content"]).next().map(|(_, media)| media);
    let parameters = list(&call["parameters"]).map(resolved).filter(|p| p["in"] != "header").map(parameter);
    let named = body.map(|media| body_fields(resolved(&media["schema"]))).unwrap_or_default();
    Operation {
        method: method.to_uppercase(),
        path: path.clone(),
        summary: text(call, "summary"),
        description: text(call, "description"),
        authority: text(call, "x-actor"),
        fields: parameters.chain(named).collect(),
        example: body.and_then(|media| media.get("example")).map(example),
        answers: answers(&call["responses"]),
    }
}

/// A parameter of the path or the query; one that may be left out is marked as in the names of fields.
fn parameter(parameter: &Value) -> Named {
    let optional = parameter["required"] != true;
    Named { name: marked(&text(parameter, "name"), optional), meaning: text(parameter, "description") }
}

/// The fields of a body; of a body that is no object, the body.
fn body_fields(schema: &Value) -> Vec<Named> {
    if schema["properties"].is_null() {
        return vec![Named { name: "body".into(), meaning: text(schema, "description") }];
    }
    let field = |(name, about): (&String, &Value)| {
        let optional = !list(&schema["required"]).any(|required| required == name);
        Named { name: marked(name, optional), meaning: meaning(about) }
    };
    fields(&schema["properties"]).map(field).collect()
}

fn marked(name: &str, optional: bool) -> String {
    if optional { format!("{name}?") } else { name.to_owned() }
}

/// What a field is, and what it may be where that is a closed list.
fn meaning(field: &Value) -> String {
    let named = resolved(field);
    let own = text(field, "description");
    let said = if own.is_empty() { text(named, "description") } else { own };
    let allowed: Vec<String> =
        list(&named["enum"]).filter_map(Value::as_str).map(|allowed| format!("`{allowed}`")).collect();
    if allowed.is_empty() { said } else { format!("{said} One of {}.", allowed.join(", ")) }
}

fn example(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("{value:#}"), str::to_owned)
}

/// The answers of a call, without those that many calls share: the introduction tells of them once.
fn answers(responses: &Value) -> Vec<Named> {
    let own = fields(responses).filter(|(_, response)| response["$ref"].is_null());
    own.map(|(status, response)| {
        let shape = shape(&response["content"]["application/json"]["schema"], SHAPE_DEPTH);
        let said = text(response, "description");
        let meaning = if shape.is_empty() { said } else { format!("{said} `{shape}`") };
        Named { name: status.clone(), meaning }
    })
    .collect()
}

/// The form of a value in one line, such as `{items: [{id, reason?}], next}`; nothing for a plain one.
fn shape(schema: &Value, depth: u8) -> String {
    let schema = resolved(schema);
    if let Some(items) = schema.get("items") {
        return Some(shape(items, depth)).filter(|s| !s.is_empty()).map_or_else(String::new, |s| format!("[{s}]"));
    }
    let choice: Vec<String> =
        list(&schema["oneOf"]).chain(list(&schema["anyOf"])).map(|one| shape(one, depth)).collect();
    if !choice.is_empty() {
        return choice.into_iter().filter(|shape| !shape.is_empty()).collect::<Vec<_>>().join(" or ");
    }
    if schema["properties"].is_null() || depth == 0 {
        return String::new();
    }
    let named = fields(&schema["properties"]).map(|(name, about)| {
        let name = marked(name, !list(&schema["required"]).any(|required| required == name));
        let inner = shape(about, depth - 1);
        if inner.is_empty() { name } else { format!("{name}: {inner}") }
    });
    format!("{{{}}}", named.collect::<Vec<_>>().join(", "))
}

/// What a reference within the document leads to; anything else as it is.
fn resolved(value: &Value) -> &Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| OPENAPI_DOCUMENT.pointer(pointer)).unwrap_or(value)
}

fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}

fn list(of: &Value) -> impl Iterator<Item = &Value> {
    of.as_array().into_iter().flatten()
}

fn fields(of: &Value) -> impl Iterator<Item = (&String, &Value)> {
    of.as_object().into_iter().flat_map(Map::iter)
}

fn kind(problem: Problem) -> ProblemKind {
    ProblemKind { code: problem.code, status: problem.status, sentence: problem.detail }
}

/// One problem of every kind, by status.
fn problems() -> Vec<Problem> {
    let mut problems: Vec<Problem> = refusals().iter().map(Problem::from).collect();
    problems.extend(accidents().iter().map(AppError::problem));
    problems.sort_by_key(|problem| problem.status);
    problems
}

fn refusals() -> Vec<Refusal> {
    vec![
        Refusal::NotSignedIn,
        Refusal::SignInFailed,
        Refusal::SecondFactorRequired,
        Refusal::TooManyAttempts { retry_after_seconds: 60 },
        Refusal::TooManyMessages { retry_after_seconds: 60 },
        Refusal::InvitationGone,
        Refusal::NotFound,
        Refusal::RoleRequired,
        Refusal::OriginRefused,
        Refusal::AgreementRequired,
        Refusal::AgreementChanged,
        Refusal::PartNotReady,
        Refusal::TooLate,
        Refusal::SittingNotOpen,
        Refusal::NotAdmitted,
        Refusal::SafeExamBrowserRequired,
        Refusal::SittingPaused,
        Refusal::NotPaused,
        Refusal::BreakNotArranged,
        Refusal::BreakUsedUp,
        Refusal::PartClosed { late: true },
        Refusal::NoSuchPosition,
        Refusal::NoSuchChoice,
        Refusal::AnswerTooLong { max_characters: 12_000 },
        Refusal::RequestWaiting,
        Refusal::RequestDecided,
        Refusal::ReviewIncomplete(Vec::new()),
        Refusal::AlreadySealed,
        Refusal::NotSealed,
        Refusal::AppealClosed,
        Refusal::AppealExists,
        Refusal::AppealDecided,
        Refusal::TookPartInReading,
        Refusal::TookPartInRelease,
        Refusal::TookPartInRoom,
        Refusal::CorrectionWaiting,
        Refusal::ScriptAllocated,
        Refusal::ResultsReleased,
        Refusal::ScriptHeld,
        Refusal::OwnCase,
        Refusal::NotAuthorised,
        Refusal::RetakeNotOpen { open_from: "2027-11-21".into() },
        Refusal::SittingFull,
        Refusal::AlreadyRegistered,
        Refusal::EmailTaken,
        Refusal::SittingInUse,
        Refusal::FormNotPossible("2 vignettes of the strand policy are lacking.".into()),
        Refusal::ReleaseBlocked(Vec::new()),
        Refusal::ReleaseNotPending,
        Refusal::SecondPersonRequired,
        Refusal::Invalid(Vec::new()),
        Refusal::IdempotencyConflict,
        Refusal::TooOften { retry_after_seconds: 2 },
        Refusal::Busy,
    ]
}

/// What can go wrong besides refusals; [`AppError::NoRoute`] shares its code with a refusal.
fn accidents() -> Vec<AppError> {
    vec![
        AppError::Malformed("The body is not JSON.".into()),
        AppError::NoMethod,
        AppError::TooSlow,
        AppError::TooLarge(crate::web::body::ORDINARY_BYTES),
        AppError::MediaType("application/json"),
        AppError::Broke("7c1f09ae22d0".into()),
        AppError::NoStorage("7c1f09ae22d0".into()),
    ]
}

#[cfg(test)]
mod tests;
