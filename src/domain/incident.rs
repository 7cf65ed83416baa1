//! What can happen in a room, as a closed list.

use super::vocabulary::spelled;

spelled! {
    /// Of what kind an incident is.
    IncidentKind {
        /// A device, the network, the power.
        Technical = "technical",
        /// Noise.
        Noise = "noise",
        /// Another disturbance of the room.
        Disturbance = "disturbance",
        /// Somebody fell ill.
        Illness = "illness",
        /// Another matter of health.
        Health = "health",
        /// It looks as if somebody did not keep to the rules.
        SuspectedIrregularity = "suspected_irregularity",
        /// Something was not as the rules have it.
        Irregularity = "irregularity",
        /// Somebody came late.
        LateArrival = "late_arrival",
        /// None of these.
        Other = "other",
    }
}
