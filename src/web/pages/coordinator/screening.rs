//! Screening: the passages that would tell who wrote, each in its sentence, and a script's whole text for what was missed.

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::screening::{
    Decided, Finding, Passage, Screening, Script, ScriptPage, screening, script_page,
};
use evenhand_templates::urls;
use serde::Deserialize;

use super::head;
use super::marking::label;
use crate::desk::screening::{FindingView, ScreenedScript, ScriptText};
use crate::domain::ids::{FindingId, ScriptId, SittingId};
use crate::domain::screening::FindingKind;
use crate::store::screening::Decision;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::pages::forms::{After, Place, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};

const PASSAGE: Place = place("/passage", "passage", "screening-passage");

/// What is decided of one finding; `undo` takes it back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    decision: Chosen,
    /// Where the button stands.
    back: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Chosen {
    Mask,
    Dismiss,
    Undo,
}

/// What the screen missed, or what is decided of all that is undecided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptForm {
    all: Option<Decision>,
    passage: Option<String>,
    kind: Option<FindingKind>,
}

/// `GET /sittings/{sitting}/screening`
pub async fn show(visitor: Visitor, id: Path<String>) -> Answer {
    let id = SittingId(id.into_inner());
    let desk = visitor.coordinator();
    let scripts = desk.screening(&id).await?;
    let summary = desk.sitting(&id).await?;
    let (mut scripts, clean): (Vec<Script>, Vec<Script>) =
        scripts.iter().map(script).partition(|s| !s.findings.is_empty());
    // What waits stands first.
    scripts.sort_by_key(|s| !s.findings.iter().any(|f| f.decided == Decided::Open));
    Ok(page(screening(&visitor.shell, &Screening { head: head(&summary, visitor.arrival()), scripts, clean })))
}

fn script(screened: &ScreenedScript) -> Script {
    Script {
        id: screened.script.0.clone(),
        label: label(screened.script.as_str()),
        vignette: screened.vignette.clone(),
        writer: screened.writer.clone(),
        given_out: screened.given_out,
        findings: screened.findings.iter().map(finding).collect(),
    }
}

fn finding(view: &FindingView) -> Finding {
    Finding {
        id: view.id.0.clone(),
        why: view.detail.clone(),
        before: view.before.clone(),
        passage: view.passage.clone(),
        after: view.after.clone(),
        confident: view.confident,
        mask: view.mask.clone(),
        decided: decided(view),
    }
}

fn decided(view: &FindingView) -> Decided {
    match view.decision {
        None => Decided::Open,
        Some(Decision::Mask) => Decided::Masked,
        Some(Decision::Dismiss) => Decided::Dismissed,
    }
}

/// `POST /screening/{finding}`
pub async fn decide(visitor: Visitor, id: Path<String>, form: Form<DecisionForm>) -> Answer {
    let DecisionForm { decision, back } = form.0;
    let decision = match decision {
        Chosen::Mask => Some(Decision::Mask),
        Chosen::Dismiss => Some(Decision::Dismiss),
        Chosen::Undo => None,
    };
    let desk = visitor.coordinator();
    let decided = desk.screening_decide(&FindingId(id.into_inner()), decision).await?;
    let text = desk.screening_script(&decided.script).await?;
    // Back to where the button stood, which is one of two pages.
    Ok(see_other(&match back.as_deref() {
        Some("script") => urls::script_screening(decided.script.as_str()),
        _ => format!("{}#s-{}", urls::sitting_screening(text.sitting.as_str()), label(decided.script.as_str())),
    }))
}

/// `GET /scripts/{script}/screening`
pub async fn show_script(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let text = visitor.coordinator().screening_script(&ScriptId(id.into_inner())).await?;
    Ok(page(script_page(&visitor.shell, &view(&text, String::new(), None))))
}

fn view(text: &ScriptText, typed: String, refused: Option<Unaccepted>) -> ScriptPage {
    let mut passages = Vec::new();
    let mut done = 0;
    let letters: Vec<(usize, char)> = text.original.char_indices().collect();
    let byte = |at: usize| letters.get(at).map_or(text.original.len(), |(byte, _)| *byte);
    for view in &text.screened.findings {
        let (start, end) = (byte(view.start), byte(view.end));
        if start < done {
            continue;
        }
        passages.push(Passage::Plain(text.original[done..start].to_owned()));
        passages.push(Passage::Marked { text: view.passage.clone(), mask: view.mask.clone(), decided: decided(view) });
        done = end;
    }
    passages.push(Passage::Plain(text.original[done..].to_owned()));
    ScriptPage {
        sitting: text.sitting.0.clone(),
        script: script(&text.screened),
        passages,
        kinds: FindingKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        typed,
        problems: refused.map(|r| r.problems).unwrap_or_default(),
    }
}

/// `POST /scripts/{script}/screening`
pub async fn mark(visitor: Visitor, id: Path<String>, form: Form<ScriptForm>) -> Answer {
    let (id, ScriptForm { all, passage, kind }) = (ScriptId(id.into_inner()), form.0);
    let desk = visitor.coordinator();
    if let Some(decision) = all {
        let sitting = desk.screening_decide_all(&id, decision).await?;
        return Ok(see_other(&format!("{}#s-{}", urls::sitting_screening(sitting.as_str()), label(id.as_str()))));
    }
    let text = desk.screening_script(&id).await?;
    let passage = passage.unwrap_or_default();
    match desk.screening_mark(&text.sitting, &id, &passage, kind.unwrap_or(FindingKind::Other)).await {
        Ok(_) => Ok(see_other(&urls::script_screening(id.as_str()))),
        Err(error) => {
            let refused: Unaccepted = unaccepted(error, visitor.shell.words, &[PASSAGE])?;
            let status = refused.status;
            Ok(Unaccepted::answer(status, script_page(&visitor.shell, &view(&text, passage, Some(refused)))))
        }
    }
}
