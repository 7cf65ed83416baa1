//! What is on record for a person, as coordinators keep it on the person's page.

use actix_web::web::Path;
use evenhand_templates::coordinator::people::person;
use evenhand_templates::coordinator::record::{Fact as Line, Record};
use evenhand_templates::form::FieldError;
use evenhand_templates::urls;
use serde::Deserialize;

use super::{Typing, person_page};
use crate::desk::people::{PersonFile, RecordChange};
use crate::domain::ids::PersonId;
use crate::domain::record::{Fact, FactKind, tidied};
use crate::domain::refusal::Refusal;
use crate::store::Error;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::pages::coordinator::at_home;
use crate::web::pages::forms::{Place, Typed, place, wrong};
use crate::web::visitor::{Visitor, page_refused, see_other};

const EMPLOYER: Place = place("/employer", "employer", "record-works");
const KIND: Place = place("/facts/kind", "kind", "record-kind");
const VALUE: Place = place("/facts", "value", "record-value");

/// Where the person works; or one fact, to be added or withdrawn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordForm {
    employer: Option<String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    value: String,
    withdraw: Option<String>,
}

impl RecordForm {
    fn change(&self, visitor: &Visitor, mut facts: Vec<Fact>) -> Result<RecordChange, Vec<FieldError>> {
        if let Some(employer) = &self.employer {
            return Ok(RecordChange { employer: Some(Some(employer.clone())), facts: None });
        }
        let mut typed = Typed::new(visitor.shell.words);
        let kind = typed.one_of(KIND, &self.kind, FactKind::parse).unwrap_or(FactKind::Nickname);
        let fact = tidied([Fact { kind, value: self.value.clone() }]).pop();
        if fact.is_none() {
            typed.problems.push(wrong(visitor.shell.words, VALUE, "a name, on one line"));
        }
        let Some(fact) = fact.filter(|_| typed.problems.is_empty()) else { return Err(typed.problems) };
        facts.retain(|known| *known != fact);
        if self.withdraw.is_none() {
            facts.push(fact);
        }
        Ok(RecordChange { employer: None, facts: Some(facts) })
    }

    /// What the desk found wrong, at the field it was typed in: what is on record already was found right before.
    fn refused(&self, visitor: &Visitor, error: Error) -> Result<Vec<FieldError>, Error> {
        let at = if self.employer.is_some() { EMPLOYER } else { VALUE };
        match error {
            Error::Refused(Refusal::Invalid(problems)) => {
                Ok(problems.iter().map(|problem| wrong(visitor.shell.words, at, &problem.detail)).collect())
            }
            other => Err(other),
        }
    }
}

/// The part of the page: what stands, and what was typed.
pub fn view(file: &PersonFile, refused: Option<(RecordForm, Vec<FieldError>)>) -> Record {
    let line = |fact: &Fact| Line { kind: fact.kind.as_str().to_owned(), value: fact.value.clone() };
    let mut view = Record {
        employer: file.view.person.employer.clone().unwrap_or_default(),
        facts: file.facts.iter().map(line).collect(),
        ..Record::default()
    };
    if let Some((form, problems)) = refused {
        view.problems = problems;
        match form.employer {
            Some(employer) => view.employer = employer,
            None => view.typed = Some(Line { kind: form.kind, value: form.value }),
        }
    }
    view
}

/// `POST /people/{person}/record`
pub async fn change(visitor: Visitor, id: Path<String>, form: Form<RecordForm>) -> Answer {
    let (id, form, desk) = (PersonId(id.into_inner()), form.0, visitor.people());
    let known = desk.file(&id).await?.facts;
    let problems = match form.change(&visitor, known) {
        Ok(change) => match desk.record_set(&id, change).await {
            Ok(()) => return Ok(see_other(&urls::person(id.as_str()))),
            Err(error) => form.refused(&visitor, error)?,
        },
        Err(problems) => problems,
    };
    let visitor = at_home(visitor).await?;
    let view = person_page(&visitor, &id, Typing { record: Some((form, problems)), ..Typing::default() }).await?;
    Ok(page_refused(person(&visitor.shell, &view)))
}
