//! What goes wrong, as opposed to what is refused.

use crate::domain::refusal::Refusal;

/// Something broke. Its text is for the log alone and never holds an answer, a name or a token.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused or failed.
    #[error("database: {0}")]
    Database(diesel::result::Error),
    /// Nothing can be stored at the moment: the disk is full or failing, the server is going or gone. Nothing was done,
    /// and the same call may well succeed later.
    #[error("storage: {0}")]
    Storage(String),
    /// No connection could be had.
    #[error("database connection: {0}")]
    Connection(String),
    /// Something stored is not what the program wrote: named by table and key.
    #[error("stored data: {0}")]
    Stored(String),
    /// A file could not be read or written.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
    /// The outside world did not do its part (mail, signing, a worker).
    #[error("{0}")]
    Outside(String),
}

/// Why a job did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A lawful no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// An accident.
    #[error(transparent)]
    Broke(Fault),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Broke(fault)
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Broke(error.into())
    }
}

impl From<diesel::result::Error> for Fault {
    fn from(error: diesel::result::Error) -> Self {
        if is_outage(&error) { Self::Storage(error.to_string()) } else { Self::Database(error) }
    }
}

/// What databases say when they cannot take anything at the moment, whatever it is. diesel has no kind for most of it.
const OUTAGES: [&str; 13] = [
    "disk is full",
    "disk I/O error",
    "database is locked",
    "unable to open database file",
    "attempt to write a readonly database",
    "No space left on device",
    "could not extend file",
    "could not write",
    "the database system is",
    "terminating connection",
    "server closed the connection",
    "no connection to the server",
    "could not receive data from server",
];

/// Whether it is the place of storage that failed, rather than the statement.
fn is_outage(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction, _) => true,
        Diesel::DatabaseError(DatabaseErrorKind::Unknown | DatabaseErrorKind::UnableToSendCommand, about) => {
            OUTAGES.iter().any(|sign| about.message().contains(sign))
        }
        Diesel::BrokenTransactionManager => true,
        _ => false,
    }
}

impl Error {
    /// A stored value that cannot be understood.
    pub fn stored(what: impl Into<String>) -> Self {
        Self::Broke(Fault::Stored(what.into()))
    }

    /// Whether the database asks for the whole transaction to be tried again.
    pub(super) fn wants_retry(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        match self {
            Self::Broke(Fault::Database(Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _))) => true,
            // diesel has no kind of its own for a deadlock.
            Self::Broke(Fault::Database(Diesel::DatabaseError(_, about))) => {
                about.message().contains("deadlock detected")
            }
            _ => false,
        }
    }

    /// Whether a uniqueness rule of the database was about to be broken.
    pub fn is_duplicate(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        matches!(self, Self::Broke(Fault::Database(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _))))
    }
}
