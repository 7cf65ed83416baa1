//! Receipts: what was stored when a part closed, told in a digest that the server signs and anyone can check later
//! against the stored answers.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hex::{hex, unhex};
use super::ids::AttemptId;
use super::timing::{ClosedBy, Instant};
use super::vocabulary::Part;

/// What an examinee keeps of a closed part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The attempt.
    pub attempt: AttemptId,
    /// The part.
    pub part: Part,
    /// When it was closed, RFC 3339.
    pub closed_at: String,
    /// By whom.
    pub closed_by: ClosedBy,
    /// How many positions were answered.
    pub answered: i64,
    /// SHA-256 over the stored answers, in hexadecimal.
    pub digest: String,
    /// Ed25519 over [`Receipt::signed_text`], in hexadecimal.
    pub signature: String,
    /// Which key signed.
    pub key_id: String,
}

impl Receipt {
    /// Exactly what is signed: one field a line.
    pub fn signed_text(&self) -> String {
        format!(
            "evenhand receipt 1\nattempt {}\npart {}\nclosed_at {}\nclosed_by {}\nanswered {}\ndigest {}\nkey_id {}\n",
            self.attempt, self.part, self.closed_at, self.closed_by, self.answered, self.digest, self.key_id
        )
    }
}

/// One stored answer, as the digest sees it.
#[derive(Debug, Clone, Copy)]
pub struct DigestedAnswer<'a> {
    /// The position.
    pub position: i64,
    /// The revision that counts.
    pub revision: i64,
    /// When it was saved.
    pub saved_at: Instant,
    /// The letter or the prose; nothing when cleared.
    pub content: Option<&'a str>,
}

/// The digest over the answers of an attempt, which come in the order of positions: for each, position, revision,
/// instant in milliseconds, and content led by its length in bytes (`-` for none), each ended by a line feed.
pub fn answers_digest(attempt: &AttemptId, answers: &[DigestedAnswer<'_>]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("evenhand answers 1\n{attempt}\n"));
    for answer in answers {
        hash.update(format!("{} {} {} ", answer.position, answer.revision, answer.saved_at.0));
        match answer.content {
            Some(content) => hash.update(format!("{} {content}\n", content.len())),
            None => hash.update("-\n"),
        }
    }
    hex(&hash.finalize())
}

/// The key with which receipts are signed.
#[derive(Clone)]
pub struct ReceiptKey {
    key: SigningKey,
    id: String,
}

impl std::fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceiptKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl ReceiptKey {
    /// The key of that secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(secret);
        let id = key_id(&key.verifying_key());
        Self { key, id }
    }

    /// The public half, in hexadecimal: what anyone needs to check a receipt.
    pub fn public(&self) -> String {
        hex(self.key.verifying_key().as_bytes())
    }

    /// The key's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs a receipt: fills in key and signature.
    pub fn sign(&self, mut receipt: Receipt) -> Receipt {
        receipt.key_id.clone_from(&self.id);
        receipt.signature = hex(&self.key.sign(receipt.signed_text().as_bytes()).to_bytes());
        receipt
    }

    /// Whether this key signed that receipt as it stands.
    pub fn verifies(&self, receipt: &Receipt) -> bool {
        let Some(bytes) = unhex(&receipt.signature) else { return false };
        let Ok(signature) = Signature::from_slice(&bytes) else { return false };
        receipt.key_id == self.id
            && self.key.verifying_key().verify_strict(receipt.signed_text().as_bytes(), &signature).is_ok()
    }
}

/// A public key's name: the first 16 hexadecimal digits of its digest.
fn key_id(key: &VerifyingKey) -> String {
    hex(&Sha256::digest(key.as_bytes()))[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            attempt: AttemptId("a".into()),
            part: Part::One,
            closed_at: "2026-11-21T19:22:31.000Z".into(),
            closed_by: ClosedBy::Deadline,
            answered: 59,
            digest: "d".into(),
            signature: String::new(),
            key_id: String::new(),
        }
    }

    #[test]
    fn every_altered_field_breaks_the_signature() {
        let key = ReceiptKey::new(&[7; 32]);
        let signed = key.sign(receipt());
        assert!(key.verifies(&signed));
        type Change = fn(&mut Receipt);
        let changes: [Change; 8] = [
            |r| r.attempt = AttemptId("b".into()),
            |r| r.part = Part::Two,
            |r| r.closed_at = "2026-11-21T19:22:32.000Z".into(),
            |r| r.closed_by = ClosedBy::Examinee,
            |r| r.answered = 60,
            |r| r.digest = "e".into(),
            |r| r.signature.replace_range(0..1, "x"),
            |r| r.key_id = "other".into(),
        ];
        for change in changes {
            let mut altered = signed.clone();
            change(&mut altered);
            assert!(!key.verifies(&altered), "{altered:?}");
        }
        assert!(!ReceiptKey::new(&[8; 32]).verifies(&signed));
    }

    #[test]
    fn the_digest_tells_answers_apart() {
        let id = AttemptId("a".into());
        let answer = |position, content| DigestedAnswer { position, revision: 1, saved_at: Instant(5), content };
        let variants = [
            vec![],
            vec![answer(1, None)],
            vec![answer(1, Some(""))],
            vec![answer(1, Some("a"))],
            vec![answer(2, Some("a"))],
            vec![answer(1, Some("a")), answer(2, Some("b"))],
            // What looks like two answers in one text is not two answers.
            vec![answer(1, Some("a\n2 1 5 1 b"))],
        ];
        let digests: std::collections::BTreeSet<String> = variants.iter().map(|v| answers_digest(&id, v)).collect();
        assert_eq!(digests.len(), variants.len());
    }
}
