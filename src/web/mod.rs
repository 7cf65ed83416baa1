//! The edge: HTTP. Handlers read what was sent, ask one desk, and show what it says; they decide nothing.

pub mod actor;
pub mod api;
pub mod body;
pub mod error;
pub mod letter;
pub mod mailbox;
pub mod pages;
pub mod present;
pub mod routes;
pub mod safe_browser;
pub mod seen;
pub mod session;
pub mod visitor;
pub mod words;

use std::sync::Arc;

use crate::config::Config;
use crate::desk::Office;
use crate::world::World;
use session::Tokens;

/// What every handler may use.
pub struct Web {
    /// The way to the desks.
    pub office: Office,
    /// Time and chance.
    pub world: World,
    /// Makes and reads session tokens.
    pub tokens: Tokens,
    /// What the operator decided.
    pub config: Arc<Config>,
    /// The address people use, without a path: what a same-origin request names.
    pub origin: String,
    /// Whether the session's cookie travels over TLS alone: always, off loopback.
    pub secure_cookies: bool,
}
