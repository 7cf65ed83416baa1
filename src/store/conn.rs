//! One connection type for both databases, and how a connection is opened.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::R2D2Connection;

/// A connection to either database. Queries are written once against this; where the two dialects' types part ways
/// (upsert, several rows at once), [`on_backend!`](crate::store::on_backend) expands one body for each.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// The database server.
    Postgres(PgConnection),
}

/// Expands the same body once for each kind of connection.
macro_rules! on_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::conn::Conn::Sqlite($c) => $body,
            $crate::store::conn::Conn::Postgres($c) => $body,
        }
    };
}
pub(crate) use on_backend;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(String),
    /// A server; the whole URL, which may hold a password and is never logged.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite://path` or `postgres://…`.
    ///
    /// # Errors
    /// A sentence, when it is neither.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres(url.to_owned()))
        } else if let Some(path) = url.strip_prefix("sqlite://").filter(|p| !p.is_empty()) {
            Ok(Self::Sqlite(path.to_owned()))
        } else {
            Err("must begin with sqlite:// or postgres://".to_owned())
        }
    }
}

/// Opens connections for a pool.
#[derive(Debug)]
pub struct Connector(pub Address);

impl diesel::r2d2::ManageConnection for Connector {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        open(&self.0).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// Opens one connection, set up as the contract of the store asks.
///
/// # Errors
/// When the database cannot be reached or set up.
pub fn open(address: &Address) -> ConnectionResult<Conn> {
    match address {
        Address::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(path)?;
            // FULL: a COMMIT that returned is on the disk, power failure or not. That is what "saved" means.
            conn.batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;",
            )
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Sqlite(conn))
        }
        Address::Postgres(url) => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute("SET synchronous_commit = on; SET statement_timeout = '30s'; SET lock_timeout = '10s'")
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Postgres(conn))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(Address::parse("sqlite://a/b.db"), Ok(Address::Sqlite("a/b.db".into())));
        assert_eq!(Address::parse("sqlite:///a/b.db"), Ok(Address::Sqlite("/a/b.db".into())));
        assert!(matches!(Address::parse("postgres://u@h/d"), Ok(Address::Postgres(_))));
        for bad in ["", "sqlite://", "mysql://x", "/a/b.db"] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }
}
