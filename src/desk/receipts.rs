//! Receipts as anybody may check them: no session, no names, no answers.
//!
//! Invariants: nothing is looked up for a receipt whose signature does not hold, so that nobody finds out by asking
//! which attempts there are; checks from one address are bounded.

use serde::Serialize;

use super::Office;
use super::door::{address_scope, check_tries, note_tries};
use crate::domain::ids::AttemptId;
use crate::domain::receipt::{Receipt, ReceiptKey};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::store::{Call, Error, Sighted, Tx};

/// How many checks may come from one network address in a window; many people may sit behind one.
const MAX_CHECKS: i64 = 300;

/// How a receipt turned out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Whether everything holds: signature, record and digest.
    pub holds: bool,
    /// Whether the signature is that of the named key over exactly this receipt.
    pub signature_holds: bool,
    /// The key that it names.
    pub key_id: String,
    /// Whether that key is ours.
    pub key_known: bool,
    /// Whether this very receipt is on record here. Looked up only if the signature holds.
    pub on_record: Option<bool>,
    /// Whether the answers stored here give this digest.
    pub digest_holds: Option<bool>,
    /// Which version it is.
    pub version: i64,
    /// The newest version known here.
    pub newest_version: Option<i64>,
    /// Whether that is this one.
    pub newest: Option<bool>,
}

/// Checks a receipt.
///
/// # Errors
/// [`Refusal::TooManyAttempts`].
pub async fn check(office: &Office, now: Instant, address: &str, given: Receipt) -> Result<Checked, Error> {
    bound(office, now, address).await?;
    let key = office.receipts.clone();
    office.store.read(now, move |tx| checked(tx, &key, &given)).await
}

/// The receipt behind the short form printed on one: the attempt and the first digits of the signature.
///
/// # Errors
/// [`Refusal::NotFound`], the same whether there is no such attempt or no such signature; [`Refusal::TooManyAttempts`].
pub async fn find(
    office: &Office,
    now: Instant,
    address: &str,
    attempt: &str,
    mark: &str,
) -> Result<(Receipt, Checked), Error> {
    bound(office, now, address).await?;
    let (id, mark, key) = (AttemptId(attempt.to_owned()), mark.to_owned(), office.receipts.clone());
    office
        .store
        .read(now, move |tx| {
            let found = versions(tx, &id)?.into_iter().find(|receipt| receipt.mark() == mark);
            let receipt = found.ok_or(Refusal::NotFound)?;
            let checked = checked(tx, &key, &receipt)?;
            Ok((receipt, checked))
        })
        .await
}

async fn bound(office: &Office, now: Instant, address: &str) -> Result<(), Error> {
    let scopes = vec![(format!("receipts {}", address_scope(address)), MAX_CHECKS)];
    let asked = scopes.clone();
    office.store.read(now, move |tx| check_tries(tx, &asked)).await?;
    office.store.write_unaudited(&Call::at(now), move |tx| note_tries(tx, &scopes)).await
}

/// Every version of an attempt's receipt; none when there is no such attempt, or it is open.
fn versions(tx: &mut Tx<'_, Sighted>, id: &AttemptId) -> Result<Vec<Receipt>, Error> {
    let first = match tx.attempt(id) {
        Ok(attempt) => attempt.receipt,
        Err(Error::Refused(Refusal::NotFound)) => None,
        Err(fault) => return Err(fault),
    };
    let Some(first) = first else { return Ok(Vec::new()) };
    let mut all = vec![first];
    all.extend(tx.receipts_amended(id)?);
    Ok(all)
}

fn checked(tx: &mut Tx<'_, Sighted>, key: &ReceiptKey, given: &Receipt) -> Result<Checked, Error> {
    let mut found = Checked {
        holds: false,
        signature_holds: key.verifies(given),
        key_id: given.key_id.clone(),
        key_known: given.key_id == key.id(),
        on_record: None,
        digest_holds: None,
        version: given.version(),
        newest_version: None,
        newest: None,
    };
    if !found.signature_holds {
        return Ok(found);
    }
    let known = versions(tx, &given.attempt)?;
    let now = tx.receipt_for(given.clone(), &given.admitted(), key)?;
    let on_record = known.contains(given);
    let digest_holds =
        on_record && now.digest == given.digest && now.answered == given.answered && now.amendment == given.amendment;
    found.newest_version = known.last().map(Receipt::version);
    found.newest = found.newest_version.map(|newest| newest == given.version());
    found.on_record = Some(on_record);
    found.digest_holds = Some(digest_holds);
    found.holds = on_record && digest_holds;
    Ok(found)
}
