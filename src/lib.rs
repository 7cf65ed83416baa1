//! **evenhand**: exam administration and blind scoring.
//!
//! Where things live, from the inside out:
//!
//! - [`domain`]: the rules, pure; everything else asks them.
//! - [`store`]: all of diesel; what is kept, and how it is made durable.
//! - [`world`]: time and chance, the only source of either.
pub mod domain;
pub mod store;
pub mod world;
