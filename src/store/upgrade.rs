//! Tables that are made again under data that is there: an installation is upgraded by replacing the program.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::MigrationHarness;

use super::conn::{Address, Conn, open};

/// The last migration of the tables that are filled.
const BEFORE: &str = "20261122000080";

/// One script, masked, read by two and settled, with all that it hangs on.
const MARKED: &str = "
    INSERT INTO association VALUES ('a', 'a', 'A', 'UTC', 1);
    INSERT INTO person (id, name, email, locale, created_at) VALUES ('p', 'P', 'p@example.org', 'en', 1), ('q', 'Q', 'q@example.org', 'en', 1);
    INSERT INTO sitting VALUES ('s', 'a', 'S', 'fixed', 1, 2, 'UTC', 9, 60, 1, 80, 60, 1, 1, 'p', 1);
    INSERT INTO form VALUES ('f', 's', 'two', NULL, 'policy', 'seed', 'digest', 1);
    INSERT INTO registration (id, sitting_id, person_id, track, category, strand, state, created_at)
        VALUES ('r', 's', 'p', 'IMH-E', 'c', 'policy', 'completed', 1);
    INSERT INTO attempt (id, registration_id, part, form_id, seed, limits, started_at, deadline_at, last_contact_at)
        VALUES ('t', 'r', 'two', 'f', 'seed', '[9]', 1, 2, 1);
    INSERT INTO script VALUES ('c', 't', 1, 'policy', 'v', 1, '[name] wrote', 12, 3);
    INSERT INTO script_original VALUES ('c', 'Pia wrote', 4);
    INSERT INTO screening_finding VALUES ('g', 'c', 'own_name', 0, 3, 'Pia', 'name', TRUE, 4, 'mask', 'q', 5);
    INSERT INTO reading (id, script_id, reviewer_id, kind, code, state, due_on, assigned_at, reminders)
        VALUES ('d', 'c', 'q', 'first', 'XYZ', 'sealed', '2026-11-23', 6, 2);
    INSERT INTO draft VALUES ('d', 7, '{}', 8, 90);
    INSERT INTO review VALUES ('d', 1, '{}', 10, 'pass', 'digest', 9);
    INSERT INTO review_flag VALUES ('l', 'd', 'concern', 'note', 9);
    INSERT INTO panel_due VALUES ('c', 9);
    INSERT INTO settlement VALUES ('c', 10, 12, 'pass', 'agreement', 10, 11);
";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[test]
fn what_was_marked_survives_the_new_tables() {
    let Ok(Conn::Sqlite(mut conn)) = open(&Address::Sqlite(":memory:".into())) else { panic!("no database") };
    while conn.run_next_migration(super::MIGRATIONS).unwrap().to_string() != BEFORE {}
    diesel::connection::SimpleConnection::batch_execute(&mut conn, MARKED).unwrap();
    conn.run_pending_migrations(super::MIGRATIONS).unwrap();
    for kept in [
        "script WHERE attempt_id = 't' AND round = 0 AND body = '[name] wrote' AND max_points = 12",
        "script_original WHERE body = 'Pia wrote' AND screened_at = 4",
        "screening_finding WHERE starts_at = 0 AND ends_at = 3 AND decision = 'mask' AND decided_by = 'q'",
        "reading WHERE code = 'XYZ' AND state = 'sealed' AND assigned_at = 6 AND reminders = 2",
        "draft WHERE revision = 7 AND worked_seconds = 90",
        "review WHERE version = 1 AND points = 10 AND verdict = 'pass' AND sealed_at = 9",
        "review_flag WHERE note = 'note'",
        "panel_due WHERE since = 9",
        "settlement WHERE version = 1 AND points = 10 AND settled_at = 10 AND released_at = 11 AND superseded_at IS NULL",
    ] {
        let found: Count =
            diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {kept}")).get_result(&mut conn).unwrap();
        assert_eq!(found.n, 1, "{kept}");
    }
    let former: Count = diesel::sql_query("SELECT COUNT(*) AS n FROM sqlite_master WHERE sql LIKE '%_former%'")
        .get_result(&mut conn)
        .unwrap();
    assert_eq!(former.n, 0, "nothing is left of the tables as they were");
    let loose: Count =
        diesel::sql_query("SELECT COUNT(*) AS n FROM pragma_foreign_key_check").get_result(&mut conn).unwrap();
    assert_eq!(loose.n, 0);
}
