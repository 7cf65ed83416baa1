//! The desks: what each actor can do. A desk loads facts, asks the domain, writes and audits, in one transaction each;
//! pages and the programming interface call the same ones.
//!
//! Invariants: every transaction of a desk begins by finding out what its session may do, so that a session which ended
//! or a role which was taken away counts from the next call on; the reviewer's desk holds a blind store.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::SessionId;
use crate::domain::receipt::ReceiptKey;
use crate::domain::rights::Authority;
use crate::domain::timing::Instant;
use crate::store::{Blind, Call, Error, Sight, Sighted, Store, Tx};

pub mod acquaintance;
pub mod admission;
pub mod agreement;
pub mod allocation;
pub mod appeals;
pub mod arrangements;
pub mod audit;
pub mod board;
pub mod calibration;
pub mod clerk;
pub mod closing;
pub mod coordinator;
pub mod corrections;
pub mod door;
pub mod evidence;
pub mod examinee;
pub mod exams;
pub mod facts;
pub mod forms;
pub mod hints;
pub mod live;
pub mod marking;
pub mod messages;
pub mod outages;
pub mod overview;
pub mod panel;
pub mod people;
pub mod policies;
pub mod practice;
pub mod proctor;
pub mod pulse;
pub mod receipts;
pub mod release;
pub mod reviewer;
pub mod safe_browser;
pub mod screening;
pub mod setup;
pub mod stops;
pub mod system_check;
pub mod workload;

use hints::Pace;
use pulse::Pulse;

/// What all desks share.
#[derive(Clone)]
pub struct Office {
    /// Everything that is kept.
    pub store: Store<Sighted>,
    /// Signs receipts.
    pub receipts: Arc<ReceiptKey>,
    /// Tells open pages and the clerk that something happened.
    pub pulse: Pulse,
    /// Who had their prose looked through a moment ago.
    pub pace: Pace,
    /// The boards that are being looked at.
    pub boards: live::Boards,
    /// Where people find this installation, without a slash at the end.
    pub base_url: Arc<str>,
}

/// The most entries of a page of any list.
pub const MAX_PAGE: i64 = 500;

/// One actor's place: the session they act under and the call they make.
pub struct Place<S = Sighted> {
    office: Office,
    store: Store<S>,
    session: SessionId,
    call: Call,
}

impl Place<Sighted> {
    /// A place with sight.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self { store: office.store.clone(), office, session, call }
    }
}

impl Place<Blind> {
    /// A place without sight.
    pub fn blind(office: Office, session: SessionId, call: Call) -> Self {
        Self { store: office.store.blind(), office, session, call }
    }
}

impl<S: Sight> Place<S> {
    /// When the call arrived.
    fn now(&self) -> Instant {
        self.call.arrival
    }

    /// Reads under the session's authority.
    async fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Tx<'_, S>, &Authority) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let session = self.session.clone();
        self.store
            .read(self.now(), move |tx| {
                let authority = tx.authority(&session)?;
                job(tx, &authority)
            })
            .await
    }

    /// Writes under the session's authority.
    async fn write<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        job: impl Fn(&mut Tx<'_, S>, &Authority) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let session = self.session.clone();
        self.store
            .write(&self.call, move |tx| {
                let authority = tx.authority(&session)?;
                job(tx, &authority)
            })
            .await
    }
}

/// A page of a list: entries, and where the next page begins.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to ask for as `after` to read on; nothing at the end.
    pub next: Option<String>,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct Range {
    /// After which entry; empty for the beginning.
    pub after: String,
    /// How many, at the most.
    pub limit: i64,
}

impl Range {
    /// How many rows to read to know whether there are more.
    fn probe(&self) -> i64 {
        self.limit + 1
    }

    /// Makes a page of rows read with [`Range::probe`].
    fn page<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Page { items: rows, next }
    }
}
