//! People as coordinators and administrators keep them: who there is, their roles, authorisations and arrangements.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::board::presence_at;
use super::door::invite;
use super::{Office, Page, Place, Range};
use crate::domain::eligibility::{ImportLine, LineProblem, Validity, read_import};
use crate::domain::ids::{AssociationId, PersonId, SessionId};
use crate::domain::presence::Presence;
use crate::domain::record::{Fact, problems_of_facts, tidied};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::rights::{Act, Authority};
use crate::domain::vocabulary::{Role, Strand};
use crate::store::audit::Entry;
use crate::store::people::{AccommodationRow, Person};
use crate::store::registrations::{Authorisation, Registration};
use crate::store::sittings::{Association, Sitting};
use crate::store::{Call, Error, Sighted, Tx};

pub mod conflicts;
mod record;
pub use record::RecordChange;
use record::{problem_of_employer, with_facts};

/// How many scripts a reviewer takes at a time unless somebody says otherwise.
const DEFAULT_CAPACITY: i64 = 40;

/// The desk for people.
pub struct People(pub(super) Place<Sighted>);

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The whole name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Where the person works.
    pub employer: Option<String>,
    /// What else is on record.
    pub facts: Vec<Fact>,
    /// The language: `en` or `es`.
    pub locale: String,
    /// What the person will be, and where.
    pub roles: Vec<(Role, AssociationId)>,
    /// For reviewers: the strands they are trained for; all, when none is named.
    pub strands: Vec<Strand>,
}

/// Somebody with their roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// What, and where; only where the asker may see it.
    pub roles: Vec<(Role, AssociationId)>,
    /// Whether the invitation was taken up.
    pub active: bool,
}

/// Everything about one person.
pub struct PersonFile {
    /// Who, with roles.
    pub view: PersonView,
    /// What is on record besides name, address and employer.
    pub facts: Vec<Fact>,
    /// Leave to test.
    pub authorisations: Vec<Authorisation>,
    /// Seats, newest first, and where their holder is.
    pub registrations: Vec<(Registration, Sitting, Presence)>,
    /// The arrangement in force, and who confirmed it.
    pub accommodation: Option<(AccommodationRow, Person)>,
    /// What they read, for somebody who reviews here.
    pub reviewer: Option<conflicts::ReviewerRecord>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// How many lines were accepted; none are when any is rejected.
    pub accepted: i64,
    /// What is wrong, line by line.
    pub rejected: Vec<LineProblem>,
    /// The lines as understood, for the preview.
    pub lines: Vec<ImportLine>,
    /// The lines whose person was on record already.
    pub known: Vec<u64>,
}

impl People {
    /// The desk of whoever holds that session.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self(Place::new(office, session, call))
    }

    /// The associations in which the asker manages people.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn associations(&self) -> Result<Vec<Association>, Error> {
        self.0
            .read(|tx, me| {
                let places = me.require_anywhere(Act::ManagePeople)?;
                tx.associations(Some(&places))
            })
            .await
    }

    /// Adds somebody and invites them.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::EmailTaken`], [`Refusal::RoleRequired`].
    pub async fn add(&self, new: NewPerson) -> Result<PersonView, Error> {
        self.0
            .write(move |tx, me| {
                me.require_anywhere(Act::ManagePeople)?;
                let problems = problems_of(me, &new);
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                let person = person_of(tx, &new.name, &new.email, new.employer.as_deref(), &new.locale);
                tx.person_add(&person)?;
                let who = person.person_id();
                tx.person_facts_set(&who, &tidied(new.facts.clone()))?;
                for (role, place) in &new.roles {
                    grant(tx, me, &who, *role, place, &new.strands)?;
                }
                invite(tx, &who)?;
                Ok(PersonView { person, roles: new.roles.clone(), active: false })
            })
            .await
    }

    /// The people of one's associations.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn list(&self, range: Range) -> Result<Page<PersonView>, Error> {
        self.0
            .read(move |tx, me| {
                let places = me.require_anywhere(Act::SeePeople)?;
                let people = tx.people_list(&places, &range.after, range.probe())?;
                Ok(range.page(views(tx, &places, people)?, |v| v.person.id.clone()))
            })
            .await
    }

    /// The people of one's associations whose name or address holds `search`, by name.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn find(&self, search: String, range: Range) -> Result<Page<PersonView>, Error> {
        self.0
            .read(move |tx, me| {
                let places = me.require_anywhere(Act::SeePeople)?;
                let last = tx.people(std::slice::from_ref(&range.after))?.into_iter().next();
                let people = tx.people_find(&places, &search, last.as_ref(), range.probe())?;
                Ok(range.page(views(tx, &places, people)?, |v| v.person.id.clone()))
            })
            .await
    }

    /// Who of one's associations has that address.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn member_by_email(&self, email: &str) -> Result<Option<PersonId>, Error> {
        let email = email.trim().to_owned();
        self.0
            .read(move |tx, me| {
                me.require_anywhere(Act::SeePeople)?;
                let Some(found) = tx.person_by_email(&email)? else { return Ok(None) };
                let id = found.person_id();
                Ok(member(tx, me, &id, Act::SeePeople).is_ok().then_some(id))
            })
            .await
    }

    /// Everything about one person.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for people of other associations.
    pub async fn file(&self, id: &PersonId) -> Result<PersonFile, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (person, roles) = member(tx, me, &id, Act::SeePeople)?;
                let mut registrations = Vec::new();
                for registration in tx.registrations_of(&id)? {
                    let sitting = tx.sitting(&registration.sitting)?;
                    if me.may(Act::SeePeople, &sitting.association) {
                        let attempts = tx.attempts_of(&registration.id)?;
                        let presence = presence_at(&sitting, &registration, &attempts, tx.now());
                        registrations.push((registration, sitting, presence));
                    }
                }
                let mut authorisations = tx.authorisations_of(&id)?;
                authorisations.retain(|a| me.may(Act::SeePeople, &AssociationId(a.association_id.clone())));
                let today = tx.now().utc().date_naive();
                let accommodation = match tx.accommodation(&id, today)? {
                    Some(row) => {
                        let approver = tx.person(&PersonId(row.approved_by.clone()))?;
                        Some((row, approver))
                    }
                    None => None,
                };
                let active = tx.credential(&person.email)?.is_some_and(|c| c.password_hash.is_some());
                let reviewer = conflicts::record_of(tx, &id, &conflicts::reviews_in(&roles))?;
                Ok(PersonFile {
                    reviewer,
                    view: PersonView { person, roles, active },
                    facts: tx.person_facts(&id)?,
                    authorisations,
                    registrations,
                    accommodation,
                })
            })
            .await
    }

    /// Invites somebody again, who lost the first invitation or forgot the password. The link goes to the person's own
    /// address and to nobody else; until it is used nothing changes.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for people of other associations.
    pub async fn invite_again(&self, id: &PersonId) -> Result<(), Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let (_, roles) = member(tx, me, &id, Act::ManagePeople)?;
                invite(tx, &id)?;
                tx.audit(Entry {
                    association: roles.first().map(|r| r.1.clone()),
                    actor: me.person.0.clone(),
                    act: "person.invite",
                    subject: id.0.clone(),
                    detail: json!({}),
                })
            })
            .await
    }

    /// Imports authorisations to test from CSV: every line or none.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`]; [`Refusal::NotFound`] for a foreign association; [`Refusal::Invalid`] when the asker
    /// has several associations and names none.
    pub async fn authorisations_import(
        &self,
        place: Option<AssociationId>,
        csv: String,
        dry_run: bool,
    ) -> Result<ImportReport, Error> {
        if dry_run {
            return self.0.read(move |tx, me| judge_import(tx, &association_for(me, place.as_ref())?, &csv)).await;
        }
        self.0
            .write(move |tx, me| {
                let place = association_for(me, place.as_ref())?;
                let report = judge_import(tx, &place, &csv)?;
                if report.rejected.is_empty() {
                    for line in &report.lines {
                        authorise(tx, me, &place, line)?;
                    }
                }
                Ok(report)
            })
            .await
    }
}

/// The one association meant: the named one, or the only one the asker runs sittings in.
fn association_for(me: &Authority, named: Option<&AssociationId>) -> Result<AssociationId, Error> {
    let places = me.require_anywhere(Act::RunSittings)?;
    match (named, places.as_slice()) {
        (Some(place), _) if places.contains(place) => Ok(place.clone()),
        (Some(_), _) => Err(Refusal::NotFound.into()),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(Refusal::invalid("/association", "name one of your associations").into()),
    }
}

/// People with the roles that they have in these associations.
fn views(tx: &mut Tx<'_, Sighted>, places: &[AssociationId], people: Vec<Person>) -> Result<Vec<PersonView>, Error> {
    let ids: Vec<String> = people.iter().map(|p| p.id.clone()).collect();
    let roles = tx.roles_of(&ids)?;
    let mut views = Vec::new();
    for person in people {
        let own = roles.iter().filter(|(p, _, place)| p.0 == person.id && places.contains(place));
        let roles = own.map(|(_, role, place)| (*role, place.clone())).collect();
        let active = tx.credential(&person.email)?.is_some_and(|c| c.password_hash.is_some());
        views.push(PersonView { person, roles, active });
    }
    Ok(views)
}

/// A person of one's own associations with the roles they have there.
pub(super) fn member(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    id: &PersonId,
    act: Act,
) -> Result<(Person, Vec<(Role, AssociationId)>), Error> {
    let places = me.require_anywhere(act)?;
    let roles: Vec<(Role, AssociationId)> = tx
        .roles_of(std::slice::from_ref(&id.0))?
        .into_iter()
        .filter(|(_, _, place)| places.contains(place))
        .map(|(_, role, place)| (role, place))
        .collect();
    if roles.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    Ok((tx.person(id)?, roles))
}

fn person_of(tx: &mut Tx<'_, Sighted>, name: &str, email: &str, employer: Option<&str>, locale: &str) -> Person {
    Person {
        id: tx.entropy().id(),
        name: name.trim().to_owned(),
        email: email.trim().to_lowercase(),
        employer: employer.map(str::trim).filter(|e| !e.is_empty()).map(str::to_owned),
        locale: locale.to_owned(),
        created_at: tx.now().0,
    }
}

fn grant(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    who: &PersonId,
    role: Role,
    place: &AssociationId,
    strands: &[Strand],
) -> Result<(), Error> {
    tx.role_grant(who, role, place)?;
    if role == Role::Reviewer {
        let strands = if strands.is_empty() { Strand::ALL } else { strands };
        tx.reviewer_add(who, place, strands, DEFAULT_CAPACITY)?;
    }
    tx.audit(Entry {
        association: Some(place.clone()),
        actor: me.person.0.clone(),
        act: "role.grant",
        subject: who.0.clone(),
        detail: json!({ "role": role }),
    })
}

fn problems_of(me: &Authority, new: &NewPerson) -> Vec<FieldProblem> {
    let mut problems = crate::domain::eligibility::problems_of_person(&new.name, &new.email);
    problems.extend(problem_of_employer(new.employer.as_ref()));
    problems.extend(problems_of_facts(&new.facts));
    if !["en", "es"].contains(&new.locale.as_str()) {
        problems.push(FieldProblem::new("/locale", "en or es"));
    }
    if new.roles.is_empty() || new.roles.len() > 50 {
        problems.push(FieldProblem::new("/roles", "between 1 and 50"));
    }
    for (index, (role, place)) in new.roles.iter().enumerate() {
        let appoints = matches!(role, Role::Coordinator | Role::Administrator | Role::Auditor);
        if !me.may(Act::ManagePeople, place) {
            problems.push(FieldProblem::new(format!("/roles/{index}/association"), "not one of your associations"));
        } else if appoints && !me.may(Act::AppointStaff, place) {
            problems.push(FieldProblem::new(format!("/roles/{index}/role"), "only an administrator gives this role"));
        }
    }
    problems
}

fn judge_import(tx: &mut Tx<'_, Sighted>, place: &AssociationId, csv: &str) -> Result<ImportReport, Error> {
    let today = tx.now().utc().date_naive();
    let (lines, mut rejected) = read_import(csv, today);
    let mut known = Vec::new();
    for line in &lines {
        if let Some(person) = tx.person_by_email(&line.email)? {
            known.push(line.line);
            if !problems_of_facts(&with_facts(tx, &person.person_id(), &line.facts)?).is_empty() {
                rejected.push(LineProblem::new(
                    line.line,
                    "",
                    "with this the person would have too many facts on record",
                ));
            }
        }
        if tx.authorisation_exists(place, &line.reference)? {
            rejected.push(LineProblem::new(line.line, "reference", "was imported before"));
        }
    }
    rejected.sort();
    let accepted = if rejected.is_empty() { i64::try_from(lines.len()).unwrap_or(i64::MAX) } else { 0 };
    Ok(ImportReport { accepted, rejected, lines, known })
}

fn authorise(tx: &mut Tx<'_, Sighted>, me: &Authority, place: &AssociationId, line: &ImportLine) -> Result<(), Error> {
    let who = match tx.person_by_email(&line.email)? {
        Some(known) => known.person_id(),
        None => {
            let person = person_of(tx, &line.name, &line.email, line.employer.as_deref(), &line.locale);
            tx.person_add(&person)?;
            let who = person.person_id();
            tx.role_grant(&who, Role::Examinee, place)?;
            invite(tx, &who)?;
            who
        }
    };
    tx.role_grant(&who, Role::Examinee, place)?;
    let facts = with_facts(tx, &who, &line.facts)?;
    tx.person_facts_set(&who, &facts)?;
    let Validity { from, until } = &line.validity;
    let authorisation = Authorisation {
        id: tx.entropy().id(),
        association_id: place.0.clone(),
        person_id: who.0.clone(),
        track: line.track.as_str().into(),
        category: line.category.as_str().into(),
        valid_from: from.to_string(),
        valid_until: until.to_string(),
        reference: line.reference.clone(),
        created_at: tx.now().0,
    };
    tx.authorisation_add(&authorisation)?;
    tx.audit(Entry {
        association: Some(place.clone()),
        actor: me.person.0.clone(),
        act: "authorisation.import",
        subject: authorisation.id.clone(),
        detail: json!({ "person": who, "reference": line.reference }),
    })
}
