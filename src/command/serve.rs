//! The server itself.

use crate::app;
use crate::command::{Ending, Trouble, not_started};
use crate::config::Config;
use crate::world::World;

/// Serves until it is told to stop.
///
/// # Errors
/// When the server cannot start.
pub async fn serve(config: Config, world: World) -> Result<Ending, Trouble> {
    let listen = config.listen;
    app::serve(config, world).await.map_err(|fault| not_started(fault, listen))?;
    Ok(Ending::Good)
}
