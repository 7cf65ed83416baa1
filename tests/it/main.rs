//! The integration tests: whole installations in this process, on either database, with a clock that stands still.
//!
//! Every test of a behaviour runs on SQLite and, where `EVENHAND_TEST_POSTGRES` names a server, on PostgreSQL; at the end
//! of each the whole database must hold together.

#[cfg(test)]
mod accommodations;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod allocation;
#[cfg(test)]
mod app;
#[cfg(test)]
mod appeals;
#[cfg(test)]
mod blindness;
#[cfg(test)]
#[path = "../browser/mod.rs"]
mod browser;
#[cfg(test)]
mod build;
#[cfg(test)]
mod calibration;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod coordinator;
#[cfg(test)]
mod corrections;
#[cfg(test)]
mod events;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod examinee;
#[cfg(test)]
mod input;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod pool;
#[cfg(test)]
mod practice;
#[cfg(test)]
mod recall;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod record;
#[cfg(test)]
mod release;
#[cfg(test)]
mod reviewer;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod room;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod safe_browser;
#[cfg(test)]
mod screening;
#[cfg(test)]
mod session;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod stops;
#[cfg(test)]
mod store;
#[cfg(test)]
mod tidy;
