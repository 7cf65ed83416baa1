//! Exam content by version. A version never changes once it is here; what is new comes as a higher version.

use diesel::prelude::*;

use super::schema::{agreement, blueprint, form_entry, item, vignette};
use super::{Error, Sighted, Tx, from_json, to_json};
use crate::domain::bank::{Blueprint, Item, Vignette};
use crate::domain::ids::FormId;
use crate::domain::refusal::Refusal;
use crate::domain::vocabulary::{Strand, Track};

/// What importing one piece of content did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// It was not known.
    Added,
    /// It is here as it was.
    Unchanged,
    /// This version is here with other content, or a later version is: nothing was done.
    Conflicts,
}

impl Tx<'_, Sighted> {
    /// Imports a version of an item.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn item_import(&mut self, new: &Item) -> Result<Imported, Error> {
        let known: Vec<(i64, String)> = item::table
            .filter(item::id.eq(&new.id))
            .order(item::version.desc())
            .select((item::version, item::digest))
            .load(self.conn)?;
        let digest = new.content_digest();
        match standing(&known, new.version, &digest) {
            Imported::Added => {}
            other => return Ok(other),
        }
        diesel::insert_into(item::table)
            .values((
                item::id.eq(&new.id),
                item::version.eq(new.version),
                item::area.eq(new.area.as_str()),
                item::document.eq(to_json(new)?),
                item::digest.eq(digest),
                item::imported_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(Imported::Added)
    }

    /// Imports a version of a vignette.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn vignette_import(&mut self, new: &Vignette) -> Result<Imported, Error> {
        let known: Vec<(i64, String)> = vignette::table
            .filter(vignette::id.eq(&new.id))
            .order(vignette::version.desc())
            .select((vignette::version, vignette::digest))
            .load(self.conn)?;
        let digest = new.content_digest();
        match standing(&known, new.version, &digest) {
            Imported::Added => {}
            other => return Ok(other),
        }
        diesel::insert_into(vignette::table)
            .values((
                vignette::id.eq(&new.id),
                vignette::version.eq(new.version),
                vignette::strand.eq(new.strand.as_str()),
                vignette::document.eq(to_json(new)?),
                vignette::digest.eq(digest),
                vignette::imported_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(Imported::Added)
    }

    /// Imports a version of a blueprint.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn blueprint_import(&mut self, new: &Blueprint) -> Result<Imported, Error> {
        let known: Vec<(i64, String)> = blueprint::table
            .filter(blueprint::track.eq(new.track.as_str()))
            .order(blueprint::version.desc())
            .select((blueprint::version, blueprint::document))
            .load(self.conn)?;
        let document = to_json(new)?;
        match standing(&known, new.version, &document) {
            Imported::Added => {}
            other => return Ok(other),
        }
        diesel::insert_into(blueprint::table)
            .values((
                blueprint::track.eq(new.track.as_str()),
                blueprint::version.eq(new.version),
                blueprint::document.eq(document),
                blueprint::imported_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(Imported::Added)
    }

    /// Imports an agreement's text.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn agreement_import(&mut self, version: &str, locale: &str, body: &str) -> Result<Imported, Error> {
        let known: Option<String> =
            agreement::table.find((version, locale)).select(agreement::body).first(self.conn).optional()?;
        match known {
            Some(text) if text == body => Ok(Imported::Unchanged),
            Some(_) => Ok(Imported::Conflicts),
            None => {
                diesel::insert_into(agreement::table)
                    .values((
                        agreement::version.eq(version),
                        agreement::locale.eq(locale),
                        agreement::body.eq(body),
                        agreement::imported_at.eq(self.now.0),
                    ))
                    .execute(self.conn)?;
                Ok(Imported::Added)
            }
        }
    }

    /// The agreement in force (the newest version), in a language, or else in English.
    ///
    /// # Errors
    /// A fault of the database, or when no agreement was ever imported.
    pub fn agreement_in_force(&mut self, locale: &str) -> Result<(String, String), Error> {
        let rows: Vec<(String, String, String)> = agreement::table
            .filter(agreement::locale.eq_any([locale, "en"]))
            .order(agreement::version.desc())
            .limit(2)
            .select((agreement::version, agreement::locale, agreement::body))
            .load(self.conn)?;
        let version = rows.first().map(|r| r.0.clone()).ok_or_else(|| Error::stored("agreement: there is none"))?;
        let mut current: Vec<_> = rows.into_iter().filter(|r| r.0 == version).collect();
        current.sort_by_key(|r| r.1 != locale);
        current
            .into_iter()
            .next()
            .map(|(version, _, body)| (version, body))
            .ok_or_else(|| Error::stored("agreement: there is none"))
    }

    /// The newest version of every item that is not retired, for real exams: what is for practice is not among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn items_current(&mut self) -> Result<Vec<Item>, Error> {
        Ok(self.items_of_any_kind()?.into_iter().filter(|item| !item.practice).collect())
    }

    /// The same for practice, by id.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn items_for_practice(&mut self) -> Result<Vec<Item>, Error> {
        Ok(self.items_of_any_kind()?.into_iter().filter(|item| item.practice).collect())
    }

    fn items_of_any_kind(&mut self) -> Result<Vec<Item>, Error> {
        let rows: Vec<(String, String)> = item::table
            .filter(item::retired_at.is_null())
            .order((item::id, item::version.desc()))
            .select((item::id, item::document))
            .load(self.conn)?;
        newest(rows).iter().map(|text| from_json("item", text)).collect()
    }

    /// The newest version of every vignette that is not retired, for real exams: what is for practice is not among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn vignettes_current(&mut self, strand: Option<Strand>) -> Result<Vec<Vignette>, Error> {
        Ok(self.vignettes_of_any_kind(strand)?.into_iter().filter(|vignette| !vignette.practice).collect())
    }

    /// The same for practice, by id, for whatever strand.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn vignettes_for_practice(&mut self) -> Result<Vec<Vignette>, Error> {
        Ok(self.vignettes_of_any_kind(None)?.into_iter().filter(|vignette| vignette.practice).collect())
    }

    fn vignettes_of_any_kind(&mut self, strand: Option<Strand>) -> Result<Vec<Vignette>, Error> {
        let mut query = vignette::table.filter(vignette::retired_at.is_null()).into_boxed();
        if let Some(strand) = strand {
            query = query.filter(vignette::strand.eq(strand.as_str()));
        }
        let rows: Vec<(String, String)> = query
            .order((vignette::id, vignette::version.desc()))
            .select((vignette::id, vignette::document))
            .load(self.conn)?;
        newest(rows).iter().map(|text| from_json("vignette", text)).collect()
    }

    /// The newest blueprint of a track.
    ///
    /// # Errors
    /// [`Refusal::FormNotPossible`] when there is none.
    pub fn blueprint_current(&mut self, track: Track) -> Result<Blueprint, Error> {
        let text: Option<String> = blueprint::table
            .filter(blueprint::track.eq(track.as_str()))
            .order(blueprint::version.desc())
            .select(blueprint::document)
            .first(self.conn)
            .optional()?;
        let text = text.ok_or_else(|| Refusal::FormNotPossible(format!("there is no blueprint for {track}.")))?;
        from_json("blueprint", &text)
    }

    /// One version of a vignette.
    ///
    /// # Errors
    /// A fault when it is not there: stored references never dangle.
    pub fn vignette(&mut self, id: &str, version: i64) -> Result<Vignette, Error> {
        let text: String = vignette::table.find((id, version)).select(vignette::document).first(self.conn)?;
        from_json("vignette", &text)
    }

    /// The items of a form, in its order.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn form_items(&mut self, form: &FormId) -> Result<Vec<Item>, Error> {
        let rows: Vec<String> = form_entry::table
            .inner_join(
                item::table.on(item::id.eq(form_entry::content_id).and(item::version.eq(form_entry::content_version))),
            )
            .filter(form_entry::form_id.eq(form.as_str()))
            .order(form_entry::ordinal)
            .select(item::document)
            .load(self.conn)?;
        rows.iter().map(|text| from_json("item", text)).collect()
    }

    /// The vignettes of a form, in its order.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn form_vignettes(&mut self, form: &FormId) -> Result<Vec<Vignette>, Error> {
        let rows: Vec<String> = form_entry::table
            .inner_join(
                vignette::table
                    .on(vignette::id.eq(form_entry::content_id).and(vignette::version.eq(form_entry::content_version))),
            )
            .filter(form_entry::form_id.eq(form.as_str()))
            .order(form_entry::ordinal)
            .select(vignette::document)
            .load(self.conn)?;
        rows.iter().map(|text| from_json("vignette", text)).collect()
    }
}

/// How a new version stands towards those known, newest first.
pub(super) fn standing(known: &[(i64, String)], version: i64, digest: &str) -> Imported {
    match known.first() {
        None => Imported::Added,
        Some((newest, _)) if *newest < version => Imported::Added,
        Some((newest, same)) if *newest == version && same == digest => Imported::Unchanged,
        Some(_) => Imported::Conflicts,
    }
}

/// The first document of each id.
pub(super) fn newest(rows: Vec<(String, String)>) -> Vec<String> {
    let mut last = None;
    rows.into_iter()
        .filter_map(|(id, text)| {
            let first = last.as_ref() != Some(&id);
            last = Some(id);
            first.then_some(text)
        })
        .collect()
}
