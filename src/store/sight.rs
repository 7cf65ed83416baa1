//! Sight: who may read identities. On a database server the blind run under a role of their own, which has no right to
//! any table that leads to a person; so even a query that should not be there finds nothing.

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::conn::Conn;
use super::fault::Fault;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Sighted {}
    impl Sealed for super::Blind {}
}

/// What a transaction may see.
pub trait Sight: sealed::Sealed + 'static {
    /// Whether identities are out of sight.
    const BLIND: bool;
}

/// May read identities.
#[derive(Debug, Clone, Copy)]
pub enum Sighted {}

/// May not: what a reviewer's desk works with.
#[derive(Debug, Clone, Copy)]
pub enum Blind {}

impl Sight for Sighted {
    const BLIND: bool = false;
}

impl Sight for Blind {
    const BLIND: bool = true;
}

/// The role under which the blind work on a database server.
pub const BLIND_ROLE: &str = "evenhand_reviewing";

/// All that the role may do, by table; it may do nothing else. Of a script, the column that leads to its writer is not
/// among those it may read.
pub const BLIND_RIGHTS: &[(&str, &str)] = &[
    ("absence", "SELECT, INSERT, UPDATE (withdrawn_at)"),
    ("acquaintance", "SELECT, INSERT, UPDATE (withdrawn_at)"),
    ("admission", "SELECT (person_id, association_id, strand, version, decision, decided_at)"),
    ("answered_call", "SELECT, INSERT"),
    ("audit", "INSERT"),
    ("audit_head", "SELECT, UPDATE"),
    ("calibration_reading", "SELECT"),
    ("calibration_set", "SELECT (person_id, association_id, strand, number, scripts, given_at, judged_at, outcome)"),
    ("draft", "SELECT, INSERT, UPDATE"),
    ("panel_due", "SELECT, INSERT, UPDATE"),
    ("person_role", "SELECT"),
    ("reading", "SELECT, UPDATE (state, decline_reason, decline_note, declined_at)"),
    ("review", "SELECT, INSERT"),
    // Nothing of who decided, nor of what they wrote: whoever decides may know the writer.
    ("review_correction", "SELECT (id, reading_id, marks, reason, asked_at, state), INSERT"),
    ("review_flag", "INSERT"),
    ("reviewer", "SELECT, UPDATE (strands, capacity)"),
    ("script", "SELECT (id, strand, vignette_id, vignette_version, body, max_points)"),
    ("session", "SELECT"),
    ("settlement", "SELECT (script_id, released_at, superseded_at)"),
    ("vignette", "SELECT"),
];

/// Of which rows of a table the role sees, where it does not see them all: of who named whom, what reviewers entered.
pub const BLIND_ROWS: &[(&str, &str)] = &[("acquaintance", "side = 'reviewer'")];

/// Two servers that start at one moment prepare one after the other. The number means nothing.
const PREPARING_LOCK: &str = "714025301143";

const MAKE_ROLE: &str = "DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'evenhand_reviewing') THEN
        BEGIN
            CREATE ROLE evenhand_reviewing NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'evenhand_reviewing', 'MEMBER') THEN
        GRANT evenhand_reviewing TO CURRENT_USER;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO evenhand_reviewing', current_schema());
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM evenhand_reviewing', current_schema());
END $$";

/// Prepares the role and its rights on a database server. Says whether there is one: an account that may not make roles
/// leaves the blind to what the compiler enforces.
///
/// # Errors
/// A fault of the database.
pub(super) fn prepare(conn: &mut Conn) -> Result<bool, Fault> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(false);
    }
    let fault = |error: Diesel| Fault::Outside(format!("the reviewers' role: {error}"));
    conn.batch_execute(&format!("SELECT pg_advisory_lock({PREPARING_LOCK})")).map_err(fault)?;
    let outcome = make_role(conn);
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({PREPARING_LOCK})")).map_err(fault)?;
    match outcome {
        Ok(()) => Ok(true),
        Err(Diesel::DatabaseError(DatabaseErrorKind::Unknown, said))
            if said.message().contains("permission denied") =>
        {
            tracing::warn!(
                "this database account may not make roles: reviewers' queries run under its own rights. \
                 To change that, as the server's superuser: CREATE ROLE {BLIND_ROLE} NOLOGIN; GRANT {BLIND_ROLE} TO the account"
            );
            Ok(false)
        }
        Err(error) => Err(fault(error)),
    }
}

fn make_role(conn: &mut Conn) -> Result<(), Diesel> {
    let mut statements = format!("BEGIN; {MAKE_ROLE}; ");
    for (table, rights) in BLIND_RIGHTS {
        statements.push_str(&format!("GRANT {rights} ON {table} TO {BLIND_ROLE}; "));
    }
    for (table, rows) in BLIND_ROWS {
        // Once only: it waits until nobody else uses the table.
        statements.push_str(&format!(
            "DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_policies
                    WHERE schemaname = current_schema() AND tablename = '{table}' AND policyname = '{BLIND_ROLE}') THEN
                    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
                    CREATE POLICY {BLIND_ROLE} ON {table} TO {BLIND_ROLE} USING ({rows});
                END IF;
            END $$; "
        ));
    }
    let outcome = conn.batch_execute(&(statements + "COMMIT"));
    if outcome.is_err() {
        conn.batch_execute("ROLLBACK")?;
    }
    outcome
}

/// Gives the rest of this transaction the rights of the blind.
pub(super) fn drop_rights(conn: &mut Conn) -> Result<(), Diesel> {
    conn.batch_execute(&format!("SET LOCAL ROLE {BLIND_ROLE}"))
}
