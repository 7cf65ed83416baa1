//! **evenhand**: exam administration and blind scoring.
//!
//! Where things live, from the inside out:
//!
//! - [`domain`]: the rules, pure; everything else asks them.
//! - [`store`]: all of diesel; what is kept, and how it is made durable.
//! - [`desk`]: what each actor can do, one transaction each.
//! - [`web`]: the edge; HTTP to desk and back.
//! - [`world`]: time and chance, the only source of either.
//! - [`command`]: what the command line can do.
//! - [`config`]: what an operator decides; [`secrets`]: keys and passwords; [`mail`]: how mail leaves.
pub mod app;
pub mod command;
pub mod config;
pub mod desk;
pub mod domain;
pub mod mail;
pub mod secrets;
pub mod store;
pub mod web;
pub mod world;
