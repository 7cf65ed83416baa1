//! The server itself.

use crate::app;
use crate::command::{Ending, Trouble};
use crate::config::Config;
use crate::world::World;

/// Serves until it is told to stop.
///
/// # Errors
/// When the server cannot start.
pub async fn serve(config: Config, world: World) -> Result<Ending, Trouble> {
    app::serve(config, world).await?;
    Ok(Ending::Good)
}
