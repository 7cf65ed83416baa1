//! The world outside: time and chance. Only this module may ask the system for either (clippy holds everybody else to
//! it), so that a test can stop the clock and replay any draw.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::domain::hex::hex;
use crate::domain::timing::Instant;

/// Where time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved, for tests.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A manual clock standing at `at`.
    pub fn manual(at: Instant) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.0)))
    }

    /// Now.
    pub fn now(&self) -> Instant {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
            Self::System => chrono::Utc::now().into(),
            Self::Manual(at) => Instant(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; the system's clock moves by itself.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Self::Manual(at) = self {
            at.fetch_add(seconds * 1000, Ordering::SeqCst);
        }
    }
}

/// Where chance comes from.
#[derive(Debug, Clone)]
pub enum Entropy {
    /// The operating system, by way of the thread's generator.
    System,
    /// A generator that repeats itself from its seed, for tests and simulations.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Entropy {
    /// A source that repeats itself.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills a buffer.
    pub fn fill(&self, buffer: &mut [u8]) {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that draws from the system")]
            Self::System => rand::rng().fill_bytes(buffer),
            Self::Seeded(generator) => generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer),
        }
    }

    /// A fresh random identifier (UUID version 4): says nothing of when or after what it was made.
    pub fn id(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// A secret of 256 bits in hexadecimal.
    pub fn secret(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.fill(&mut bytes);
        hex(&bytes)
    }

    /// A script code: ten letters and figures that are not taken for each other, about 49 bits, in two groups.
    pub fn script_code(&self) -> String {
        let word = self.word(10);
        format!("{}-{}", &word[..5], &word[5..])
    }

    /// A word of `length` from an alphabet of 30 without look-alikes.
    pub fn word(&self, length: usize) -> String {
        const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut word = String::with_capacity(length);
        while word.len() < length {
            let mut byte = [0_u8];
            self.fill(&mut byte);
            // 240 is the greatest multiple of 30 in a byte: beyond it the alphabet would not be drawn evenly.
            if byte[0] < 240 {
                word.push(char::from(ALPHABET[usize::from(byte[0] % 30)]));
            }
        }
        word
    }
}

/// Both sources together, as the rest of the program receives them.
#[derive(Debug, Clone)]
pub struct World {
    /// Time.
    pub clock: Clock,
    /// Chance.
    pub entropy: Entropy,
}

impl World {
    /// The real world.
    pub fn system() -> Self {
        Self { clock: Clock::System, entropy: Entropy::System }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_chance_repeats_and_codes_are_well_formed() {
        let draw = |seed| {
            let entropy = Entropy::seeded(seed);
            (entropy.id(), entropy.secret(), entropy.script_code())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let (id, secret, code) = draw(7);
        assert_eq!((id.len(), secret.len(), code.len()), (36, 64, 11));
    }
}
