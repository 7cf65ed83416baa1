//! Frozen forms: the exact content of a part in a sitting, in its order.

use std::collections::BTreeSet;

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::schema::{attempt, form, form_entry, registration};
use super::{Error, Sighted, Tx};
use crate::domain::form::ContentRef;
use crate::domain::hex::hex;
use crate::domain::ids::{FormId, PersonId, SittingId};
use crate::domain::vocabulary::{Part, Strand, Track};

/// For whom a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Part One of a track.
    Track(Track),
    /// Part Two of a strand.
    Strand(Strand),
}

impl Audience {
    /// The part.
    pub fn part(self) -> Part {
        match self {
            Self::Track(_) => Part::One,
            Self::Strand(_) => Part::Two,
        }
    }
}

impl Tx<'_, Sighted> {
    /// Freezes a form.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn form_freeze(
        &mut self,
        sitting: &SittingId,
        audience: Audience,
        seed: &str,
        entries: &[ContentRef],
    ) -> Result<FormId, Error> {
        let id: FormId = self.fresh();
        let (track, strand) = match audience {
            Audience::Track(track) => (Some(track.as_str()), None),
            Audience::Strand(strand) => (None, Some(strand.as_str())),
        };
        diesel::insert_into(form::table)
            .values((
                form::id.eq(id.as_str()),
                form::sitting_id.eq(sitting.as_str()),
                form::part.eq(audience.part().as_str()),
                form::track.eq(track),
                form::strand.eq(strand),
                form::seed.eq(seed),
                form::digest.eq(form_digest(entries)),
                form::frozen_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        for (ordinal, entry) in (0_i64..).zip(entries) {
            diesel::insert_into(form_entry::table)
                .values((
                    form_entry::form_id.eq(id.as_str()),
                    form_entry::ordinal.eq(ordinal),
                    form_entry::content_id.eq(&entry.id),
                    form_entry::content_version.eq(entry.version),
                ))
                .execute(self.conn)?;
        }
        Ok(id)
    }

    /// The forms of a sitting for an audience, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn forms(&mut self, sitting: &SittingId, audience: Audience) -> Result<Vec<FormId>, Error> {
        let query = form::table.filter(form::sitting_id.eq(sitting.as_str())).into_boxed();
        let query = match audience {
            Audience::Track(track) => query.filter(form::track.eq(track.as_str())),
            Audience::Strand(strand) => query.filter(form::strand.eq(strand.as_str())),
        };
        let ids: Vec<String> = query.order((form::frozen_at, form::id)).select(form::id).load(self.conn)?;
        Ok(ids.into_iter().map(FormId).collect())
    }

    /// The content of a form, in its order.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn form_entries(&mut self, form: &FormId) -> Result<Vec<ContentRef>, Error> {
        let rows: Vec<(String, i64)> = form_entry::table
            .filter(form_entry::form_id.eq(form.as_str()))
            .order(form_entry::ordinal)
            .select((form_entry::content_id, form_entry::content_version))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(id, version)| ContentRef { id, version }).collect())
    }

    /// Every item and vignette that a person was ever given in another sitting; practice does not count.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn content_seen(&mut self, who: &PersonId, besides: &SittingId) -> Result<BTreeSet<String>, Error> {
        let rows: Vec<String> = form_entry::table
            .inner_join(attempt::table.on(attempt::form_id.eq(form_entry::form_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::person_id.eq(who.as_str()))
            .filter(registration::sitting_id.ne(besides.as_str()))
            .filter(registration::practice.eq(false))
            .select(form_entry::content_id)
            .load(self.conn)?;
        Ok(rows.into_iter().collect())
    }

    /// Forms whose content is no longer what was frozen, by id.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn forms_altered(&mut self) -> Result<Vec<String>, Error> {
        let all: Vec<(String, String)> = form::table.select((form::id, form::digest)).load(self.conn)?;
        let mut altered = Vec::new();
        for (id, digest) in all {
            if form_digest(&self.form_entries(&FormId(id.clone()))?) != digest {
                altered.push(id);
            }
        }
        Ok(altered)
    }
}

/// The digest of a form's content.
fn form_digest(entries: &[ContentRef]) -> String {
    let mut hash = Sha256::new();
    for entry in entries {
        hash.update(format!("{}@{}\n", entry.id, entry.version));
    }
    hex(&hash.finalize())
}
