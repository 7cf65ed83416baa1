//! Counts for operators: how much is going on, never of whom.

use diesel::prelude::*;

use super::schema::{attempt, outbox, panel_due, reading, session};
use super::{Error, Sighted, Tx};

/// What an operator watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauges {
    /// Sessions that are alive.
    pub sessions: i64,
    /// Parts that run.
    pub attempts_open: i64,
    /// Parts whose time is up and that are not closed: more than a few for long means that the clerk is stuck.
    pub attempts_overdue: i64,
    /// Messages that wait for delivery.
    pub messages_pending: i64,
    /// Readings that are not sealed.
    pub readings_open: i64,
    /// Panels that wait for the clerk.
    pub panels_due: i64,
}

impl Tx<'_, Sighted> {
    /// The counts of this moment.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn gauges(&mut self) -> Result<Gauges, Error> {
        let open = attempt::table.filter(attempt::closed_at.is_null());
        Ok(Gauges {
            sessions: session::table
                .filter(session::ended_at.is_null())
                .filter(session::expires_at.gt(self.now.0))
                .count()
                .get_result(self.conn)?,
            attempts_open: open.count().get_result(self.conn)?,
            attempts_overdue: open.filter(attempt::deadline_at.le(self.now.0)).count().get_result(self.conn)?,
            messages_pending: outbox::table.filter(outbox::state.eq("pending")).count().get_result(self.conn)?,
            readings_open: reading::table
                .filter(reading::state.eq_any(["new", "draft"]))
                .count()
                .get_result(self.conn)?,
            panels_due: panel_due::table.count().get_result(self.conn)?,
        })
    }
}
