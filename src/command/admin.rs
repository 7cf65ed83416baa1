//! The first people of an installation: whoever administers an association, and through whom all others come.
//!
//! Invariant: a password never stands on a command line, where other users of the machine could read it.

use std::io::BufRead;

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use evenhand_templates::urls;
use serde_json::json;

use crate::command::{Ending, Trouble, open, say};
use crate::config::Config;
use crate::desk::door::{INVITATION_SECONDS, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, token_digest};
use crate::domain::eligibility::problems_of_person;
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::vocabulary::Role;
use crate::secrets::hash_password;
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::sittings::Association;
use crate::store::{Call, Error, Sighted, Tx};
use crate::world::World;

/// What to do about administrators.
#[derive(Debug, Clone, Subcommand)]
pub enum Request {
    /// Make somebody administrator and coordinator of an association, which is created if it is new
    Create(Create),
}

/// Whom to make administrator, and of what.
#[derive(Debug, Clone, Args)]
pub struct Create {
    /// The association's whole name; needed when it is new
    #[arg(long, value_name = "NAME")]
    pub association: Option<String>,
    /// The association's short name: small letters, digits and hyphens
    #[arg(long)]
    pub slug: String,
    /// Where the association's calendar lies, such as America/Chicago
    #[arg(long, default_value = "UTC")]
    pub time_zone: String,
    /// The person's whole name
    #[arg(long)]
    pub name: String,
    /// The person's e-mail address; somebody who is on record already gets the roles, and a new invitation
    #[arg(long)]
    pub email: String,
    /// Read a password from standard input instead of printing an invitation
    #[arg(long)]
    pub password_stdin: bool,
}

/// Creates an administrator.
///
/// # Errors
/// When something given is not right, or the database fails.
pub async fn create(options: &Create, config: &Config, world: World) -> Result<Ending, Trouble> {
    let problems = problems_of(options);
    if !problems.is_empty() {
        let told: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.pointer, p.detail)).collect();
        return Err(Trouble::Usage(told.join("\n")));
    }
    let hash = match options.password_stdin {
        true => Some(hash_password(&read_password(std::io::stdin().lock())?, &world.entropy)?),
        false => None,
    };
    let store = open(config, world)?;
    let (wanted, call) = (options.clone(), Call::at(store.world().clock.now()));
    let token = store.write(&call, move |tx| create_in(tx, &wanted, hash.as_deref())).await?;
    match token {
        None => say(format_args!("{} can sign in now.", options.email))?,
        Some(token) => {
            let path = urls::invitation(&token);
            say(format_args!("Invitation for {}, good for 30 days:", options.email))?;
            say(format_args!("{}{path}", config.public_url))?;
        }
    }
    Ok(Ending::Good)
}

fn problems_of(options: &Create) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for found in problems_of_person(&options.name, &options.email) {
        // The pointer of a field is the name of an option here.
        problems.push(FieldProblem::new(found.pointer.replace('/', "--"), found.detail));
    }
    let slug = &options.slug;
    let plain = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !(1..=40).contains(&slug.len()) || !plain {
        problems.push(FieldProblem::new("--slug", "between 1 and 40 small letters, digits and hyphens"));
    }
    if options.time_zone.parse::<Tz>().is_err() {
        problems.push(FieldProblem::new("--time-zone", "not a time zone of the IANA list"));
    }
    let name = options.association.as_deref().map(str::trim);
    if name.is_some_and(|name| name.is_empty() || name.chars().count() > 200) {
        problems.push(FieldProblem::new("--association", "between 1 and 200 characters"));
    }
    problems
}

/// The first line, without its end.
fn read_password(input: impl BufRead) -> Result<String, Trouble> {
    let mut line = String::new();
    let most = u64::try_from(MAX_PASSWORD_BYTES).unwrap_or(u64::MAX).saturating_add(3);
    input.take(most).read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.chars().count() < MIN_PASSWORD_CHARS || password.len() > MAX_PASSWORD_BYTES {
        return Err(Trouble::Refused(format!(
            "A password has at least {MIN_PASSWORD_CHARS} characters and at most {MAX_PASSWORD_BYTES} bytes."
        )));
    }
    Ok(password.to_owned())
}

/// Does it, and gives the token of an invitation unless there is a password.
fn create_in(tx: &mut Tx<'_, Sighted>, options: &Create, hash: Option<&str>) -> Result<Option<String>, Error> {
    let place = association(tx, options)?;
    let who = person(tx, options)?;
    for role in [Role::Administrator, Role::Coordinator] {
        tx.role_grant(&who, role, &place)?;
        note(tx, &place, "role.grant", &who.0, json!({ "role": role }))?;
    }
    if let Some(hash) = hash {
        tx.password_set(&who, hash)?;
        // Whoever was signed in under an older password is not any more.
        tx.sessions_end_all(&who)?;
        return Ok(None);
    }
    let token = tx.entropy().secret();
    tx.invitation_add(&token_digest(&token), &who, tx.now().plus_seconds(INVITATION_SECONDS))?;
    Ok(Some(token))
}

fn association(tx: &mut Tx<'_, Sighted>, options: &Create) -> Result<AssociationId, Error> {
    if let Some(known) = tx.association_by_slug(&options.slug)? {
        return Ok(AssociationId(known.id));
    }
    let Some(name) = &options.association else {
        return Err(Refusal::invalid("--association", "is needed: there is no association of that slug yet").into());
    };
    let new = Association {
        id: tx.fresh::<AssociationId>().0,
        slug: options.slug.clone(),
        name: name.trim().to_owned(),
        time_zone: options.time_zone.clone(),
        created_at: tx.now().0,
    };
    tx.association_add(&new)?;
    let place = AssociationId(new.id);
    note(tx, &place, "association.create", &place.0, json!({ "slug": options.slug }))?;
    Ok(place)
}

fn person(tx: &mut Tx<'_, Sighted>, options: &Create) -> Result<PersonId, Error> {
    if let Some(known) = tx.person_by_email(options.email.trim())? {
        return Ok(known.person_id());
    }
    let new = Person {
        id: tx.fresh::<PersonId>().0,
        name: options.name.trim().to_owned(),
        email: options.email.trim().to_lowercase(),
        employer: None,
        locale: "en".to_owned(),
        created_at: tx.now().0,
    };
    tx.person_add(&new)?;
    Ok(new.person_id())
}

fn note(
    tx: &mut Tx<'_, Sighted>,
    place: &AssociationId,
    act: &'static str,
    subject: &str,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let association = Some(place.clone());
    tx.audit(Entry { association, actor: "operator".to_owned(), act, subject: subject.to_owned(), detail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_within_bounds() {
        let read = |text: &str| read_password(text.as_bytes()).ok();
        assert_eq!(read("correct horse\nmore"), Some("correct horse".to_owned()));
        assert_eq!(read("correct horse\r\n"), Some("correct horse".to_owned()));
        assert_eq!(read(" spaces count \n"), Some(" spaces count ".to_owned()));
        assert_eq!(read("short"), None);
        assert_eq!(read(""), None);
        let longest = "x".repeat(MAX_PASSWORD_BYTES);
        assert_eq!(read(&format!("{longest}\n")), Some(longest.clone()));
        assert_eq!(read(&format!("{longest}x")), None);
        assert_eq!(read(&longest.repeat(9)), None);
    }

    #[test]
    fn everything_that_is_not_right_is_told_by_its_option() {
        let options = Create {
            association: Some("  ".into()),
            slug: "Bad Slug".into(),
            time_zone: "Mars/Olympus".into(),
            name: String::new(),
            email: "nobody".into(),
            password_stdin: false,
        };
        let told: Vec<String> = problems_of(&options).into_iter().map(|p| p.pointer).collect();
        assert_eq!(told, ["--name", "--email", "--slug", "--time-zone", "--association"]);
    }
}
