//! Identifiers: one newtype for each kind of thing, so that a registration can never be passed where an attempt is
//! meant. All are opaque strings to the outside; inside they are random UUIDs (version 4), never ordered by time.

use serde::{Deserialize, Serialize};

/// The longest identifier accepted from outside, in bytes; ours are 36 long.
pub const MAX_ID_BYTES: usize = 64;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as it stands in tables, addresses and JSON.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// An association that grants the credential.
    AssociationId,
    /// A person, in whatever roles.
    PersonId,
    /// A signed-in session; ending it kills every token that names it.
    SessionId,
    /// An authorisation to test.
    AuthorisationId,
    /// A sitting of an association.
    SittingId,
    /// A person's seat in a sitting.
    RegistrationId,
    /// One person's run of one part.
    AttemptId,
    /// A frozen form: the exact items or vignettes of a part, in order.
    FormId,
    /// One examinee's answer to one vignette.
    ScriptId,
    /// One reviewer's reading of one script, as the system knows it.
    ReadingId,
    /// What a reviewer knows a script by: random, of their own, meaningless.
    ScriptCode,
    /// A batch of outcomes that is released at once or not at all.
    ReleaseId,
    /// A passage of a script that would tell who wrote it.
    FindingId,
    /// A correction that a reviewer asked for.
    CorrectionId,
    /// An appeal against a released result.
    AppealId,
    /// A message in the outbox.
    MessageId,
}
