//! Openings of an attempt's pages: which was the last, and whether earlier ones still delivered something.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::conn::on_backend;
use super::schema::attempt_page;
use super::{Error, Sighted, Tx};
use crate::domain::ids::AttemptId;
use crate::domain::opening;

/// How the pages of an attempt stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = attempt_page)]
pub struct Openings {
    /// The newest.
    #[diesel(column_name = opening)]
    pub newest: i64,
    /// How often since then something was stored that an earlier page had kept.
    pub earlier_saves: i64,
}

impl Tx<'_, Sighted> {
    /// Numbers a new opening of an attempt. A `page` numbers its revisions from it; other programs number as they like.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn attempt_open(&mut self, id: &AttemptId, page: bool) -> Result<i64, Error> {
        let last: Option<(i64, i64)> = attempt_page::table
            .find(id.as_str())
            .select((attempt_page::opening, attempt_page::revisions_from))
            .first(self.conn)
            .optional()?;
        let opening = opening::next(last.map(|(opening, _)| opening), self.now);
        let row = (
            attempt_page::attempt_id.eq(id.as_str()),
            attempt_page::opening.eq(opening),
            attempt_page::revisions_from.eq(if page { opening } else { last.map_or(0, |(_, from)| from) }),
        );
        on_backend!(self.conn, |c| diesel::insert_into(attempt_page::table)
            .values(row)
            .on_conflict(attempt_page::attempt_id)
            .do_update()
            .set((
                attempt_page::opening.eq(excluded(attempt_page::opening)),
                attempt_page::revisions_from.eq(excluded(attempt_page::revisions_from)),
            ))
            .execute(c))?;
        Ok(opening)
    }

    /// The openings of an attempt; nothing while no page was opened.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn openings(&mut self, id: &AttemptId) -> Result<Option<Openings>, Error> {
        Ok(attempt_page::table.find(id.as_str()).select(Openings::as_select()).first(self.conn).optional()?)
    }

    /// Notes that something was stored which an earlier page had kept.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn earlier_save_note(&mut self, id: &AttemptId) -> Result<(), Error> {
        diesel::update(attempt_page::table.find(id.as_str()))
            .set(attempt_page::earlier_saves.eq(attempt_page::earlier_saves + 1))
            .execute(self.conn)?;
        Ok(())
    }
}
