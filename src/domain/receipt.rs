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
    /// What a later version adds; the first has none.
    #[serde(flatten)]
    pub amendment: Option<Amendment>,
}

/// What a later version of a receipt says beyond the first: the late evidence that counts by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// From 2.
    pub version: i64,
    /// When it was made, RFC 3339.
    pub issued_at: String,
    /// SHA-256 over the signed text of the version before, in hexadecimal.
    pub previous: String,
    /// The late answers that count, in the order of positions.
    pub admitted: Vec<AdmittedAnswer>,
}

/// A late answer that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmittedAnswer {
    /// The position.
    pub position: i64,
    /// The revision.
    pub revision: i64,
    /// When it arrived, RFC 3339.
    pub arrived_at: String,
    /// [`answer_digest`] of it.
    pub digest: String,
}

impl Receipt {
    /// Which version it is, from 1.
    pub fn version(&self) -> i64 {
        self.amendment.as_ref().map_or(1, |a| a.version)
    }

    /// The late answers that count by this version, by position and revision.
    pub fn admitted(&self) -> Vec<(i64, i64)> {
        self.amendment.iter().flat_map(|a| &a.admitted).map(|a| (a.position, a.revision)).collect()
    }

    /// The first digits of the signature: with the attempt, the short form by which a receipt is found.
    pub fn mark(&self) -> &str {
        self.signature.get(..MARK_DIGITS).unwrap_or(&self.signature)
    }

    /// Exactly what is signed: one field a line.
    pub fn signed_text(&self) -> String {
        let form = if self.amendment.is_some() { 2 } else { 1 };
        let mut text = format!(
            "evenhand receipt {form}\nattempt {}\npart {}\nclosed_at {}\nclosed_by {}\nanswered {}\ndigest {}\nkey_id {}\n",
            self.attempt, self.part, self.closed_at, self.closed_by, self.answered, self.digest, self.key_id
        );
        if let Some(Amendment { version, issued_at, previous, admitted }) = &self.amendment {
            text.push_str(&format!("version {version}\nissued_at {issued_at}\nprevious {previous}\n"));
            for AdmittedAnswer { position, revision, arrived_at, digest } in admitted {
                text.push_str(&format!("admitted {position} {revision} {arrived_at} {digest}\n"));
            }
        }
        text
    }

    /// SHA-256 over the signed text, in hexadecimal: how the next version names this one.
    pub fn text_digest(&self) -> String {
        hex(&Sha256::digest(self.signed_text().as_bytes()))
    }
}

/// How many digits of a signature stand for it: 128 bits, which nobody guesses.
const MARK_DIGITS: usize = 32;

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
    answers.iter().for_each(|answer| add(&mut hash, answer));
    hex(&hash.finalize())
}

/// The digest over one answer, of the same form.
pub fn answer_digest(attempt: &AttemptId, answer: &DigestedAnswer<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("evenhand answer 1\n{attempt}\n"));
    add(&mut hash, answer);
    hex(&hash.finalize())
}

fn add(hash: &mut Sha256, answer: &DigestedAnswer<'_>) {
    hash.update(format!("{} {} {} ", answer.position, answer.revision, answer.saved_at.0));
    match answer.content {
        Some(content) => hash.update(format!("{} {content}\n", content.len())),
        None => hash.update("-\n"),
    }
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
        receipt.key_id == self.id && signed_by(&self.key.verifying_key(), receipt)
    }
}

/// Whether the key of that public half, in hexadecimal, signed that receipt as it stands: all that anyone needs to check
/// one without us.
pub fn verifies(public: &str, receipt: &Receipt) -> bool {
    let key = unhex(public).and_then(|bytes| VerifyingKey::from_bytes(bytes.as_slice().try_into().ok()?).ok());
    key.is_some_and(|key| receipt.key_id == key_id(&key) && signed_by(&key, receipt))
}

fn signed_by(key: &VerifyingKey, receipt: &Receipt) -> bool {
    let Some(bytes) = unhex(&receipt.signature) else { return false };
    let Ok(signature) = Signature::from_slice(&bytes) else { return false };
    key.verify_strict(receipt.signed_text().as_bytes(), &signature).is_ok()
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
            amendment: None,
        }
    }

    fn amended() -> Receipt {
        let late = AdmittedAnswer {
            position: 3,
            revision: 2,
            arrived_at: "2026-11-21T19:23:00.000Z".into(),
            digest: "x".into(),
        };
        let amendment = Amendment {
            version: 2,
            issued_at: "2026-11-22T08:00:00.000Z".into(),
            previous: receipt().text_digest(),
            admitted: vec![late],
        };
        Receipt { amendment: Some(amendment), ..receipt() }
    }

    #[test]
    fn a_later_version_is_signed_whole_and_leaves_the_first_as_it_was() {
        let key = ReceiptKey::new(&[7; 32]);
        assert_eq!(serde_json::to_value(receipt()).unwrap().as_object().unwrap().len(), 8);
        let signed = key.sign(amended());
        assert!(key.verifies(&signed) && key.verifies(&key.sign(receipt())));
        let read: Receipt = serde_json::from_str(&serde_json::to_string(&signed).unwrap()).unwrap();
        assert_eq!(read, signed);
        type Change = fn(&mut Amendment);
        let changes: [Change; 7] = [
            |a| a.version = 3,
            |a| a.issued_at = "2026-11-22T08:00:00.001Z".into(),
            |a| a.previous.replace_range(0..1, "x"),
            |a| a.admitted.clear(),
            |a| a.admitted[0].position = 4,
            |a| a.admitted[0].arrived_at = "2026-11-21T19:22:00.000Z".into(),
            |a| a.admitted[0].digest = "y".into(),
        ];
        for change in changes {
            let mut altered = signed.clone();
            change(altered.amendment.as_mut().unwrap());
            assert!(!key.verifies(&altered), "{altered:?}");
        }
        assert!(!key.verifies(&Receipt { amendment: None, ..signed }));
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
