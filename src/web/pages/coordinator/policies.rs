//! The rules of associations: the list, the rules in force, the form that sets new ones.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use chrono_tz::Tz;
use evenhand_templates::coordinator::rules::{self, Change, Rule, Rules as View, Takes as Shown};
use evenhand_templates::form::FieldError;
use evenhand_templates::staff::{Done, Slip};
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde_json::{Map, Value, json};

use crate::desk::policies::{Rules, Version};
use crate::domain::ids::AssociationId;
use crate::domain::policy::{Policy, RULES, Takes};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::store::Error;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};

const FROM: Place = place("/effective_from", "effective_from", "rules-from");

/// What was typed, by the field's name.
type Sent = BTreeMap<String, String>;

/// New rules, and from when on they hold.
type New = (Option<Instant>, Map<String, Value>);

/// Lengths of time are kept in seconds and shown in minutes.
fn unit(name: &str) -> i64 {
    if name.ends_with("_seconds") { 60 } else { 1 }
}

/// `GET /associations`
pub async fn list(visitor: Visitor) -> Answer {
    let places = visitor.people().ruled().await?;
    let rows: Vec<_> = places.into_iter().map(|a| (a.id, a.name, a.time_zone.parse().unwrap_or(Tz::UTC))).collect();
    Ok(page(rules::associations(&visitor.shell, &rows)))
}

/// `GET /associations/{association}/policy`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let rules = visitor.people().rules(&AssociationId(id.into_inner())).await?;
    Ok(page(rules::rules(&visitor.shell, &view(&rules))))
}

/// `POST /associations/{association}/policy`
pub async fn set(visitor: Visitor, id: Path<String>, form: Form<Sent>) -> Answer {
    let (id, sent, in_words) = (AssociationId(id.into_inner()), form.0, visitor.shell.words);
    let desk = visitor.people();
    let rules = desk.rules(&id).await?;
    let refused = match read(in_words, &sent, zone(&rules)) {
        Ok((from, changes)) => match desk.rules_set(&id, from, changes).await {
            Ok(_) => return Ok(see_other(&Done::RulesSet.after(&urls::policy(id.as_str())))),
            Err(error) => refusal(error, in_words)?,
        },
        Err(problems) => Unaccepted::of(problems),
    };
    let mut again = view(&rules);
    for rule in &mut again.rules {
        rule.value = sent.get(&rule.name).cloned().unwrap_or_else(|| "false".into());
    }
    again.effective_from = sent.get(FROM.field).cloned().unwrap_or_default();
    again.problems = refused.problems;
    Ok(Unaccepted::answer(refused.status, rules::rules(&visitor.shell, &again)))
}

/// What was typed, as the desk takes it.
fn read(in_words: Words, sent: &Sent, zone: Tz) -> Result<New, Vec<FieldError>> {
    let mut typed = Typed::new(in_words);
    let mut changes = Map::new();
    for rule in RULES {
        let text = sent.get(rule.name).map_or("", String::as_str);
        let value = match rule.takes {
            Takes::Flag => json!(text == "true"),
            Takes::OneOf(_) => json!(text),
            Takes::Whole { .. } => match text.trim().parse::<i64>() {
                Ok(number) => json!(number.saturating_mul(unit(rule.name))),
                Err(_) => {
                    typed.problems.push(at(in_words, rule.name, &Slip::NotANumber.text(in_words)));
                    continue;
                }
            },
        };
        changes.insert(rule.name.to_owned(), value);
    }
    let from = sent.get(FROM.field).filter(|text| !text.trim().is_empty());
    let from = from.map(|text| typed.local_time(FROM, text, zone));
    if typed.problems.is_empty() { Ok((from, changes)) } else { Err(typed.problems) }
}

fn at(in_words: Words, name: &str, detail: &str) -> FieldError {
    FieldError { field: name.to_owned(), message: format!("{}: {detail}.", rules::label(in_words, name)) }
}

/// The desk's problems at the fields; bounds of a length of time in the unit that was typed.
fn refusal(error: Error, in_words: Words) -> Result<Unaccepted, AppError> {
    let Error::Refused(Refusal::Invalid(problems)) = error else { return unaccepted(error, in_words, &[]) };
    let mut told = Vec::new();
    for problem in problems {
        let rule = problem.pointer.strip_prefix("/policy/").and_then(|name| RULES.iter().find(|r| r.name == name));
        match rule {
            Some(rule) => {
                let detail = match rule.takes {
                    Takes::Whole { least, most } if unit(rule.name) > 1 => {
                        let (least, most) = (least / unit(rule.name), most / unit(rule.name));
                        Slip::Minutes { least, most }.text(in_words)
                    }
                    _ => problem.detail,
                };
                told.push(at(in_words, rule.name, &detail));
            }
            None => told.extend(unaccepted(Refusal::Invalid(vec![problem]).into(), in_words, &[FROM])?.problems),
        }
    }
    Ok(Unaccepted::of(told))
}

fn zone(rules: &Rules) -> Tz {
    rules.association.time_zone.parse().unwrap_or(Tz::UTC)
}

fn view(rules: &Rules) -> View {
    let fields = rules.in_force.policy.fields();
    let shown = |takes: Takes, unit: i64| match takes {
        Takes::Flag => Shown::Flag,
        Takes::Whole { least, most } => Shown::Whole { least: least / unit, most: most / unit },
        Takes::OneOf(values) => Shown::OneOf(values().into_iter().map(str::to_owned).collect()),
    };
    let rule = |rule: &crate::domain::policy::Rule| Rule {
        name: rule.name.to_owned(),
        takes: shown(rule.takes, unit(rule.name)),
        value: fields.get(rule.name).map(|value| value_text(rule.name, value)).unwrap_or_default(),
    };
    let held: Vec<&Version> = std::iter::once(&rules.in_force).chain(&rules.past).collect();
    let ahead: Vec<&Version> = rules.coming.iter().rev().chain(std::iter::once(&rules.in_force)).collect();
    let mut coming = changes(&ahead);
    coming.truncate(rules.coming.len());
    coming.reverse();
    View {
        association: rules.association.id.clone(),
        name: rules.association.name.clone(),
        time_zone: zone(rules),
        since: rules.in_force.effective_from.map(|at| Instant(at).utc()),
        rules: RULES.iter().map(rule).collect(),
        coming,
        past: changes(&held),
        may_set: rules.may_set,
        effective_from: String::new(),
        problems: Vec::new(),
    }
}

fn value_text(name: &str, value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Number(number) => (number.as_i64().unwrap_or(0) / unit(name)).to_string(),
        other => other.to_string(),
    }
}

/// What each version changed against the one before it; the versions newest first, the usual rules before the oldest.
fn changes(versions: &[&Version]) -> Vec<Change> {
    let usual = Policy::default();
    let earlier = versions.iter().skip(1).map(|v| &v.policy).chain(std::iter::once(&usual));
    let change = |(version, before): (&&Version, &Policy)| {
        let from = Instant(version.effective_from?).utc();
        let before = before.fields();
        let changed = version.policy.fields().into_iter().filter(|(name, value)| before.get(name) != Some(value));
        let rules = changed.map(|(name, value)| (name.clone(), value_text(&name, &value))).collect();
        Some(Change { from, rules })
    };
    versions.iter().zip(earlier).filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_every_word_of_one_can_be_shown() {
        for rule in RULES {
            assert!(rules::is_known(rule.name, None), "{}: give it a label", rule.name);
            if let Takes::OneOf(values) = rule.takes {
                for word in values() {
                    assert!(rules::is_known(rule.name, Some(word)), "{word}: say what it means");
                }
            }
            if let Takes::Whole { least, most } = rule.takes {
                assert_eq!((least % unit(rule.name), most % unit(rule.name)), (0, 0), "{}: whole minutes", rule.name);
            }
        }
    }
}
