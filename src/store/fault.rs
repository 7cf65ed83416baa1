//! What goes wrong, as opposed to what is refused.

use crate::domain::refusal::Refusal;

/// Something broke. Its text is for the log alone and never holds an answer, a name or a token.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused or failed.
    #[error("database: {0}")]
    Database(diesel::result::Error),
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
        Self::Broke(Fault::Database(error))
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
