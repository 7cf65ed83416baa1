//! The audit log.

use actix_web::web::Query;
use evenhand_templates::coordinator::audit::{Audit, AuditRow, Chain, audit};
use evenhand_templates::urls;
use serde::Deserialize;
use serde_json::Value;

use super::at_home;
use crate::desk::Range;
use crate::desk::audit::Log;
use crate::domain::timing::Instant;
use crate::store::audit::Recorded;
use crate::web::api::Answer;
use crate::web::visitor::{Visitor, page};

/// How many entries a page shows.
const ON_A_PAGE: i64 = 50;
/// The most characters of an entry's facts that are shown.
const MOST_FACTS: usize = 300;
/// The longest search.
const MOST_SEARCH: usize = 100;

/// What of the log is asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    verify: bool,
}

/// `GET /audit`
pub async fn show(visitor: Visitor, asked: Query<Asked>) -> Answer {
    let visitor = at_home(visitor).await?;
    let desk = visitor.coordinator();
    let search: String = asked.search.chars().take(MOST_SEARCH).collect();
    let range = Range { after: asked.after.clone(), limit: ON_A_PAGE };
    let log = desk.audit_find(search.clone(), range).await?;
    let chain = if asked.verify {
        let report = desk.audit_verify().await?;
        report.first_flaw.map_or(Chain::Holds, |at| Chain::Broken { at })
    } else {
        Chain::Unchecked
    };
    let next = log.page.next.as_ref().map(|after| {
        let query = serde_urlencoded::to_string([("search", search.as_str()), ("after", after)]).unwrap_or_default();
        format!("{}?{query}", urls::AUDIT)
    });
    let rows = log.page.items.iter().map(|entry| row(&log, entry)).collect();
    let view = Audit { search, rows, time_zone: visitor.shell.zone, chain, next };
    Ok(page(audit(&visitor.shell, &view)))
}

fn row(log: &Log, entry: &Recorded) -> AuditRow {
    let named = |id: &String| log.names.get(id).unwrap_or(id).clone();
    AuditRow {
        sequence: entry.sequence,
        at: Instant(entry.at).utc(),
        actor: named(&entry.actor),
        act: entry.act.clone(),
        subject: named(&entry.subject),
        facts: facts(log, &entry.detail),
        digest: entry.digest.clone(),
    }
}

/// The further facts on one line; long ones, and ids, are cut, and whole in the interface for programs.
fn facts(log: &Log, detail: &str) -> String {
    let Ok(Value::Object(facts)) = serde_json::from_str(detail) else { return String::new() };
    let told = facts.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {}", log.names.get(text).map_or_else(|| brief(text), Clone::clone)),
        other => format!("{name}: {other}"),
    });
    let line = told.collect::<Vec<_>>().join(", ");
    if line.chars().count() <= MOST_FACTS {
        return line;
    }
    format!("{} …", line.chars().take(MOST_FACTS).collect::<String>())
}

/// The beginning of what is long and without a space: an id or a digest.
fn brief(text: &str) -> String {
    const LONGEST_WORD: usize = 30;
    const SHOWN: usize = 8;
    if text.chars().count() > LONGEST_WORD && !text.contains(' ') {
        format!("{}…", text.chars().take(SHOWN).collect::<String>())
    } else {
        text.to_owned()
    }
}
