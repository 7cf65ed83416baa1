//! The door: invitations, signing in and out. The only desk for people whose session is yet to begin.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Office;
use crate::domain::hex::hex;
use crate::domain::ids::{AssociationId, PersonId, SessionId};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Role;
use crate::secrets::{hash_password, verify_password};
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::{Call, Error, Fault, Sighted, Tx};

/// How many failures an account may have in a window.
const MAX_FAILURES_ACCOUNT: i64 = 10;
/// How many failures may come from one network address in a window; a whole room may sit behind one.
const MAX_FAILURES_ADDRESS: i64 = 200;
/// How long the window is.
const WINDOW_SECONDS: i64 = 15 * 60;
/// How many passwords are hashed at a time: each takes 19 MiB and a core.
const HASHERS: usize = 2;
/// How many may wait for that.
const MAX_WAITING: usize = 512;

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// The longest, in bytes: hashing is not to be made a weapon.
pub const MAX_PASSWORD_BYTES: usize = 256;
/// How long an invitation can be used.
pub const INVITATION_SECONDS: i64 = 30 * 24 * 3600;

static HASHING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(HASHERS);
static WAITING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(MAX_WAITING);

/// A session that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// When it ends, whatever happens.
    pub expires_at: Instant,
    /// Whose.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The language.
    pub locale: String,
    /// The roles, by association.
    pub roles: Vec<(Role, AssociationId)>,
}

/// The digest under which a token is kept.
pub fn token_digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Does the expensive part of passwords, a few at a time, away from the threads that serve.
async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _waiting = WAITING.try_acquire().map_err(|_| Refusal::Busy)?;
    let _turn = HASHING.acquire().await.map_err(|e| Fault::Outside(e.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Fault::Outside("a hasher panicked".into()).into())
}

/// Signs in.
///
/// # Errors
/// [`Refusal::SignInFailed`], the same for every cause; [`Refusal::TooManyAttempts`].
pub async fn sign_in(
    office: &Office,
    now: Instant,
    session_seconds: i64,
    address: &str,
    email: &str,
    password: &str,
) -> Result<SignedIn, Error> {
    let scopes = [
        (format!("account {}", token_digest(&email.to_lowercase())), MAX_FAILURES_ACCOUNT),
        (address_scope(address), MAX_FAILURES_ADDRESS),
    ];
    let (asked, wanted) = (scopes.clone(), email.to_owned());
    let credential = office
        .store
        .read(now, move |tx| {
            check_tries(tx, &asked)?;
            tx.credential(&wanted)
        })
        .await?;
    let hash = credential.as_ref().and_then(|c| c.password_hash.clone());
    let given = password.chars().take(MAX_PASSWORD_BYTES + 1).collect::<String>();
    let fits = hashing(move || verify_password(&given, hash.as_deref())).await?;
    let Some(credential) = credential.filter(|_| fits) else {
        return Err(note_failure(office, now, scopes).await);
    };
    let who = PersonId(credential.id);
    office.store.write(&Call::at(now), move |tx| begin(tx, &who, session_seconds, "session.begin")).await
}

async fn note_failure(office: &Office, now: Instant, scopes: [(String, i64); 2]) -> Error {
    let noted = office.store.write_unaudited(&Call::at(now), move |tx| note_tries(tx, &scopes)).await;
    noted.err().unwrap_or_else(|| Refusal::SignInFailed.into())
}

/// How a network address is told apart from others without being kept.
pub(super) fn address_scope(address: &str) -> String {
    format!("address {}", token_digest(address))
}

/// Counts a try in each of the scopes.
pub(super) fn note_tries(tx: &mut Tx<'_, Sighted>, scopes: &[(String, i64)]) -> Result<(), Error> {
    let now = tx.now();
    for (scope, _) in scopes {
        let running = tx.sign_in_failures(scope)?.filter(|(start, _)| now < start.plus_seconds(WINDOW_SECONDS));
        let (start, tries) = running.unwrap_or((now, 0));
        tx.sign_in_failures_set(scope, start, tries + 1)?;
    }
    Ok(())
}

/// Refuses when one of the scopes has had as many tries as it may have for now.
pub(super) fn check_tries(tx: &mut Tx<'_, Sighted>, scopes: &[(String, i64)]) -> Result<(), Error> {
    for (scope, most) in scopes {
        if let Some((start, failures)) = tx.sign_in_failures(scope)? {
            let end = start.plus_seconds(WINDOW_SECONDS);
            if failures >= *most && tx.now() < end {
                return Err(Refusal::TooManyAttempts { retry_after_seconds: end.seconds_since(tx.now()) }.into());
            }
        }
    }
    Ok(())
}

fn begin(tx: &mut Tx<'_, Sighted>, who: &PersonId, session_seconds: i64, act: &'static str) -> Result<SignedIn, Error> {
    let person = tx.person(who)?;
    let session: SessionId = tx.fresh();
    let expires_at = tx.now().plus_seconds(session_seconds);
    tx.session_begin(&session, who, expires_at)?;
    let roles = tx.authority(&session)?.roles;
    tx.audit(Entry {
        association: roles.first().map(|r| r.1.clone()),
        actor: who.0.clone(),
        act,
        subject: session.0.clone(),
        detail: json!({}),
    })?;
    Ok(SignedIn { session, expires_at, person: who.clone(), name: person.name, locale: person.locale, roles })
}

/// Ends a session. One that has ended already stays so.
///
/// # Errors
/// A fault of the database.
pub async fn sign_out(office: &Office, now: Instant, session: SessionId) -> Result<(), Error> {
    office
        .store
        .write(&Call::at(now), move |tx| {
            let Ok(authority) = tx.authority(&session) else { return Ok(()) };
            tx.session_end(&session)?;
            tx.audit(Entry {
                association: authority.roles.first().map(|r| r.1.clone()),
                actor: authority.person.0,
                act: "session.end",
                subject: session.0.clone(),
                detail: json!({}),
            })
        })
        .await
}

/// An invitation that can be used.
pub struct Invited {
    /// Whom it is for.
    pub person: Person,
    /// The association that invites.
    pub association: String,
    /// Until when it can be used.
    pub expires_at: Instant,
}

/// Whom an invitation is for.
///
/// # Errors
/// [`Refusal::InvitationGone`].
pub async fn invitation(office: &Office, now: Instant, token: &str) -> Result<Invited, Error> {
    let digest = token_digest(token);
    office
        .store
        .read(now, move |tx| {
            let (who, expires_at) = tx.invitation(&digest)?;
            Ok(Invited { person: tx.person(&who)?, association: inviting(tx, &who)?, expires_at })
        })
        .await
}

/// Takes an invitation up: sets the password and signs in. Sessions from before end.
///
/// # Errors
/// [`Refusal::InvitationGone`]; [`Refusal::Invalid`] for a password that is too short or too long.
pub async fn invitation_accept(
    office: &Office,
    now: Instant,
    session_seconds: i64,
    token: &str,
    password: &str,
) -> Result<SignedIn, Error> {
    invitation(office, now, token).await?;
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(Refusal::invalid("/password", format!("at least {MIN_PASSWORD_CHARS} characters")).into());
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(Refusal::invalid("/password", format!("at most {MAX_PASSWORD_BYTES} bytes")).into());
    }
    let (given, entropy) = (password.to_owned(), office.store.world().entropy.clone());
    let hash = hashing(move || hash_password(&given, &entropy)).await??;
    let digest = token_digest(token);
    office
        .store
        .write(&Call::at(now), move |tx| {
            let who = tx.invitation_use(&digest)?;
            tx.password_set(&who, &hash)?;
            tx.sessions_end_all(&who)?;
            begin(tx, &who, session_seconds, "invitation.accept")
        })
        .await
}

/// Invites somebody: makes a token, keeps its digest, and sends the token by mail alone.
pub fn invite(tx: &mut Tx<'_, Sighted>, who: &PersonId) -> Result<String, Error> {
    let token = tx.entropy().secret();
    let expires_at = tx.now().plus_seconds(INVITATION_SECONDS);
    tx.invitation_add(&token_digest(&token), who, expires_at)?;
    let association = inviting(tx, who)?;
    let parameters = json!({ "association": association, "token": token, "expires_at": expires_at.rfc3339() });
    tx.message_add(who, "invitation", &parameters)?;
    Ok(token)
}

/// The name of the association that invites somebody: the first in which they have a role.
fn inviting(tx: &mut Tx<'_, Sighted>, who: &PersonId) -> Result<String, Error> {
    let places: Vec<AssociationId> =
        tx.roles_of(std::slice::from_ref(&who.0))?.into_iter().map(|(_, _, place)| place).take(1).collect();
    Ok(tx.associations(Some(&places))?.pop().map(|a| a.name).unwrap_or_default())
}
