//! People: names, addresses, credentials, arrangements. Identity's tables are known to this module alone, and every
//! method on them asks for sight.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::conn::on_backend;
use super::schema::person_role;
use super::{Error, Sighted, Tx, holding, lower, word};
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Role;

mod accommodations;
mod facts;
mod tables;
pub use accommodations::{AccommodationRow, ArrangementRequest};
use tables::{invitation, person, sign_in_failure};

/// Somebody on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = person)]
pub struct Person {
    /// Who.
    pub id: String,
    /// The whole name, as the person writes it.
    pub name: String,
    /// Lower case; unique.
    pub email: String,
    /// Where the person works.
    pub employer: Option<String>,
    /// The language of mail and pages: `en` or `es`.
    pub locale: String,
    /// When the person was added, in milliseconds.
    pub created_at: i64,
}

impl Person {
    /// Who.
    pub fn person_id(&self) -> PersonId {
        PersonId(self.id.clone())
    }
}

/// What signing in needs to know.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = person)]
pub struct Credential {
    /// Who.
    pub id: String,
    /// The name.
    pub name: String,
    /// The Argon2id hash in its usual text form; nothing until the invitation is taken up.
    pub password_hash: Option<String>,
}

impl Tx<'_, Sighted> {
    /// A person.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none.
    pub fn person(&mut self, id: &PersonId) -> Result<Person, Error> {
        person::table
            .find(id.as_str())
            .select(Person::as_select())
            .first(self.conn)
            .optional()?
            .ok_or_else(|| Refusal::NotFound.into())
    }

    /// Several people, in no order.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn people(&mut self, ids: &[String]) -> Result<Vec<Person>, Error> {
        Ok(person::table.filter(person::id.eq_any(ids)).select(Person::as_select()).load(self.conn)?)
    }

    /// Who has that address.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn person_by_email(&mut self, email: &str) -> Result<Option<Person>, Error> {
        Ok(person::table
            .filter(person::email.eq(email.to_lowercase()))
            .select(Person::as_select())
            .first(self.conn)
            .optional()?)
    }

    /// People with any role in these associations, by id, from after `after` on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn people_list(&mut self, places: &[AssociationId], after: &str, limit: i64) -> Result<Vec<Person>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        let members =
            person_role::table.filter(person_role::association_id.eq_any(places)).select(person_role::person_id);
        Ok(person::table
            .filter(person::id.eq_any(members))
            .filter(person::id.gt(after.to_owned()))
            .order(person::id)
            .limit(limit)
            .select(Person::as_select())
            .load(self.conn)?)
    }

    /// People with any role in these associations whose name or address holds `search`, by name, from after the
    /// person `after` on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn people_find(
        &mut self,
        places: &[AssociationId],
        search: &str,
        after: Option<&Person>,
        limit: i64,
    ) -> Result<Vec<Person>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        let members =
            person_role::table.filter(person_role::association_id.eq_any(places)).select(person_role::person_id);
        let pattern = holding(search);
        let mut query = person::table
            .filter(person::id.eq_any(members))
            .filter(lower(person::name).like(pattern.clone()).escape('\\').or(person::email.like(pattern).escape('\\')))
            .into_boxed();
        if let Some(last) = after {
            let later = person::name.eq(last.name.clone()).and(person::id.gt(last.id.clone()));
            query = query.filter(person::name.gt(last.name.clone()).or(later));
        }
        Ok(query.order((person::name, person::id)).limit(limit).select(Person::as_select()).load(self.conn)?)
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`Refusal::EmailTaken`].
    pub fn person_add(&mut self, new: &Person) -> Result<(), Error> {
        diesel::insert_into(person::table).values(new).execute(self.conn).map_err(|e| {
            let e = Error::from(e);
            if e.is_duplicate() { Refusal::EmailTaken.into() } else { e }
        })?;
        Ok(())
    }

    /// Sets where a person works.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn employer_set(&mut self, who: &PersonId, employer: Option<&str>) -> Result<(), Error> {
        diesel::update(person::table.find(who.as_str())).set(person::employer.eq(employer)).execute(self.conn)?;
        Ok(())
    }

    /// Gives a role; does nothing when the person has it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn role_grant(&mut self, who: &PersonId, role: Role, place: &AssociationId) -> Result<(), Error> {
        let row = (
            person_role::person_id.eq(who.as_str()),
            person_role::role.eq(role.as_str()),
            person_role::association_id.eq(place.as_str()),
        );
        on_backend!(self.conn, |c| diesel::insert_into(person_role::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        Ok(())
    }

    /// The roles of several people, as (person, role, association).
    ///
    /// # Errors
    /// A fault of the database.
    pub fn roles_of(&mut self, people: &[String]) -> Result<Vec<(PersonId, Role, AssociationId)>, Error> {
        let rows: Vec<(String, String, String)> = person_role::table
            .filter(person_role::person_id.eq_any(people))
            .order((person_role::person_id, person_role::association_id, person_role::role))
            .select((person_role::person_id, person_role::role, person_role::association_id))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(p, r, a)| Ok((PersonId(p), word("person_role", &r, Role::parse)?, AssociationId(a))))
            .collect()
    }

    /// Everybody with a role in an association.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn people_with_role(&mut self, role: Role, place: &AssociationId) -> Result<Vec<PersonId>, Error> {
        let ids: Vec<String> = person_role::table
            .filter(person_role::role.eq(role.as_str()))
            .filter(person_role::association_id.eq(place.as_str()))
            .order(person_role::person_id)
            .select(person_role::person_id)
            .load(self.conn)?;
        Ok(ids.into_iter().map(PersonId).collect())
    }

    /// What signing in with that address needs.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn credential(&mut self, email: &str) -> Result<Option<Credential>, Error> {
        Ok(person::table
            .filter(person::email.eq(email.to_lowercase()))
            .select(Credential::as_select())
            .first(self.conn)
            .optional()?)
    }

    /// Sets a password's hash.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn password_set(&mut self, who: &PersonId, hash: &str) -> Result<(), Error> {
        diesel::update(person::table.find(who.as_str())).set(person::password_hash.eq(hash)).execute(self.conn)?;
        Ok(())
    }

    /// Whether somebody was invited and has not taken the invitation up.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn invitation_is_open(&mut self, who: &PersonId) -> Result<bool, Error> {
        let hash: Option<String> = person::table.find(who.as_str()).select(person::password_hash).first(self.conn)?;
        let sent: i64 =
            invitation::table.filter(invitation::person_id.eq(who.as_str())).count().get_result(self.conn)?;
        Ok(hash.is_none() && sent > 0)
    }

    /// Sets a person's language.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn locale_set(&mut self, who: &PersonId, locale: &str) -> Result<(), Error> {
        diesel::update(person::table.find(who.as_str())).set(person::locale.eq(locale)).execute(self.conn)?;
        Ok(())
    }

    /// Records an invitation; only its token's digest is kept.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn invitation_add(&mut self, token_digest: &str, who: &PersonId, expires_at: Instant) -> Result<(), Error> {
        diesel::insert_into(invitation::table)
            .values((
                invitation::token_digest.eq(token_digest),
                invitation::person_id.eq(who.as_str()),
                invitation::expires_at.eq(expires_at.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whose invitation this is and when it expires, while it can be used.
    ///
    /// # Errors
    /// [`Refusal::InvitationGone`].
    pub fn invitation(&mut self, token_digest: &str) -> Result<(PersonId, Instant), Error> {
        let row: Option<(String, i64)> = invitation::table
            .find(token_digest)
            .filter(invitation::used_at.is_null())
            .filter(invitation::expires_at.gt(self.now.0))
            .select((invitation::person_id, invitation::expires_at))
            .first(self.conn)
            .optional()?;
        let (who, expires_at) = row.ok_or(Refusal::InvitationGone)?;
        Ok((PersonId(who), Instant(expires_at)))
    }

    /// Uses an invitation up.
    ///
    /// # Errors
    /// [`Refusal::InvitationGone`] when it was used or has expired.
    pub fn invitation_use(&mut self, token_digest: &str) -> Result<PersonId, Error> {
        let (who, _) = self.invitation(token_digest)?;
        diesel::update(invitation::table.find(token_digest))
            .set(invitation::used_at.eq(self.now.0))
            .execute(self.conn)?;
        Ok(who)
    }

    /// Failed sign-ins in the running window: when it began, and how many.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sign_in_failures(&mut self, scope: &str) -> Result<Option<(Instant, i64)>, Error> {
        let row: Option<(i64, i64)> = sign_in_failure::table
            .find(scope)
            .select((sign_in_failure::window_start, sign_in_failure::failures))
            .first(self.conn)
            .optional()?;
        Ok(row.map(|(start, failures)| (Instant(start), failures)))
    }

    /// Counts a failed sign-in.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sign_in_failures_set(&mut self, scope: &str, start: Instant, failures: i64) -> Result<(), Error> {
        let row = (
            sign_in_failure::scope.eq(scope),
            sign_in_failure::window_start.eq(start.0),
            sign_in_failure::failures.eq(failures),
        );
        on_backend!(self.conn, |c| diesel::insert_into(sign_in_failure::table)
            .values(row)
            .on_conflict(sign_in_failure::scope)
            .do_update()
            .set((sign_in_failure::window_start.eq(start.0), sign_in_failure::failures.eq(failures)))
            .execute(c))?;
        Ok(())
    }

    /// Forgets windows that began before `before`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sign_in_failures_forget(&mut self, before: Instant) -> Result<usize, Error> {
        Ok(diesel::delete(sign_in_failure::table.filter(sign_in_failure::window_start.lt(before.0)))
            .execute(self.conn)?)
    }
}
