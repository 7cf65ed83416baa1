//! The integration tests: whole installations in this process, on either database, with a clock that stands still.
//!
//! Every test of a behaviour runs on SQLite and, where `EVENHAND_TEST_POSTGRES` names a server, on PostgreSQL; at the end
//! of each the whole database must hold together.

#[cfg(test)]
mod app;
#[cfg(test)]
mod build;
#[cfg(test)]
mod examinee;
#[cfg(test)]
mod session;
#[path = "../browser/mod.rs"]
mod browser;
