//! Safe Exam Browser: what proves that a request comes from it, set up as a sitting asks, and what follows where nothing
//! does. The configuration that we offer ourselves is in [`configuration`].
//!
//! A proof is SHA-256 over the requested address without its fragment, followed by a key, both as text, in hexadecimal
//! (source: Safe Exam Browser's developer documentation, "Config Key", safeexambrowser.org/developer/seb-config-key.html,
//! and its specification of the Browser Exam Key). The Config Key stands for settings alone, whatever version and system
//! they run on; a Browser Exam Key stands for one build with its settings. So each kind that is listed has to be proved,
//! and our own configuration's Config Key always counts as listed where Config Keys are looked at: beside those that are,
//! or alone where no key of either kind is.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hex::hex;
use super::refusal::{FieldProblem, Refusal};
use super::timing::Instant;

pub mod configuration;

/// The most keys of a kind that a sitting takes.
pub const MAX_KEYS: usize = 20;
/// The longest address that is looked at, in bytes.
pub const MAX_URL_BYTES: usize = 2000;
/// For how long a page's proof opens what that page fetches, in seconds. Pages renew it while they live.
pub const PROOF_SECONDS: i64 = 600;
/// A proof this fresh is not written down anew, in seconds.
pub const FRESH_SECONDS: i64 = 120;
/// For how long somebody who was turned away needs attention, in seconds.
pub const TURNED_AWAY_SECONDS: i64 = 1800;

/// What a sitting asks of the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Requirement {
    /// Config Keys that are taken besides that of our own configuration: 64 lower-case hexadecimal digits each.
    pub config_keys: Vec<String>,
    /// Browser Exam Keys that are taken.
    pub exam_keys: Vec<String>,
}

impl Requirement {
    /// The same with keys spelled as they are compared: lower case, each once.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        for keys in [&mut self.config_keys, &mut self.exam_keys] {
            let mut kept: Vec<String> = Vec::new();
            for key in keys.drain(..).map(|key| key.trim().to_ascii_lowercase()) {
                if !kept.contains(&key) {
                    kept.push(key);
                }
            }
            *keys = kept;
        }
        self
    }

    /// Everything that is wrong with it once normalised.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        for (name, keys) in [("config_keys", &self.config_keys), ("exam_keys", &self.exam_keys)] {
            let pointer = format!("/safe_exam_browser/{name}");
            if keys.len() > MAX_KEYS {
                problems.push(FieldProblem::new(pointer, format!("at most {MAX_KEYS} keys")));
                continue;
            }
            for (index, _) in keys.iter().enumerate().filter(|(_, key)| !is_key(key)) {
                problems.push(FieldProblem::new(format!("{pointer}/{index}"), "64 hexadecimal digits"));
            }
        }
        problems
    }

    /// The keys that are taken, where `own` is the Config Key of our own configuration.
    pub fn keys(&self, own: &str) -> Keys {
        let looks_at_config = !self.config_keys.is_empty() || self.exam_keys.is_empty();
        let config = looks_at_config.then(|| {
            let own = std::iter::once(own.to_owned());
            self.config_keys.iter().cloned().chain(own).collect()
        });
        let exam = (!self.exam_keys.is_empty()).then(|| self.exam_keys.clone());
        Keys { config, exam }
    }

    /// What the audit log says of it: how many keys, and enough of each one's digest to recognise it by. Who knows a key
    /// could pretend to be Safe Exam Browser, so that none stands there itself.
    pub fn told(&self) -> serde_json::Value {
        let prints = |keys: &[String]| -> Vec<String> {
            keys.iter().map(|key| hex(&Sha256::digest(key.as_bytes())[..4])).collect()
        };
        serde_json::json!({ "config_keys": prints(&self.config_keys), "exam_keys": prints(&self.exam_keys) })
    }
}

fn is_key(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The keys that are taken; nothing of a kind that is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Config Keys.
    pub config: Option<Vec<String>>,
    /// Browser Exam Keys.
    pub exam: Option<Vec<String>>,
}

/// What a request, or the page that it comes from, showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The absolute address that was hashed.
    pub url: String,
    /// Over a Config Key.
    pub config_hash: Option<String>,
    /// Over a Browser Exam Key.
    pub exam_hash: Option<String>,
    /// Whether it was a page: then what that fetches is opened too, for a time.
    pub by_page: bool,
}

/// Which keys somebody proved to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// The Config Key.
    pub config_key: Option<String>,
    /// The Browser Exam Key.
    pub exam_key: Option<String>,
}

impl Keys {
    /// Whether what was proved with other keys before will still do.
    pub fn still_take(&self, proved: &Proved) -> bool {
        let holds = |keys: &Option<Vec<String>>, key: &Option<String>| {
            keys.as_ref().is_none_or(|keys| key.as_ref().is_some_and(|key| keys.contains(key)))
        };
        holds(&self.config, &proved.config_key) && holds(&self.exam, &proved.exam_key)
    }

    /// Which of these keys what was shown proves; nothing unless every kind that is looked at is proved. Every key is
    /// tried, and every comparison takes the same time.
    pub fn proved_by(&self, shown: &Shown) -> Option<Proved> {
        let found = |keys: &Option<Vec<String>>, hash: &Option<String>| -> Option<Option<String>> {
            let Some(keys) = keys else { return Some(None) };
            let hash = hash.as_deref()?;
            let fits = |key: &&String| same(&proof_of(&shown.url, key), hash);
            let mut fitting: Vec<&String> = keys.iter().filter(fits).collect();
            fitting.pop().map(|key| Some(key.clone()))
        };
        let (config, exam) = (found(&self.config, &shown.config_hash), found(&self.exam, &shown.exam_hash));
        Some(Proved { config_key: config?, exam_key: exam? })
    }
}

/// The proof of a key for an address.
pub fn proof_of(url: &str, key: &str) -> String {
    let url = url.split('#').next().unwrap_or(url);
    hex(&Sha256::digest(format!("{url}{key}").as_bytes()))
}

/// Compares without telling by its duration how much agrees. Capitals are taken for what they stand for.
fn same(wanted: &str, given: &str) -> bool {
    wanted.len() == given.len()
        && wanted.bytes().zip(given.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b.to_ascii_lowercase())) == 0
}

/// What must be known to judge whether somebody may see an exam's content in the browser that asks.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The keys that are taken; nothing where any browser will do.
    pub keys: Option<Keys>,
    /// Whether this seat is exempt.
    pub exempt: bool,
    /// Until when a proof that a page gave in this session holds.
    pub remembered_until: Option<Instant>,
}

/// On what grounds content may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grounds {
    /// The sitting asks for no browser.
    Unasked,
    /// The seat is exempt.
    Exempt,
    /// A page of this session proved it a while ago.
    Remembered,
    /// This very request proves it.
    Proved(Proved),
}

impl Grounds {
    /// What the audit log says of them; nothing where nothing was asked.
    pub fn told(&self) -> Option<&'static str> {
        match self {
            Self::Unasked => None,
            Self::Exempt => Some("exempt"),
            Self::Remembered | Self::Proved(_) => Some("proved"),
        }
    }
}

/// Leave to see an exam's content: what hands out any asks for it.
#[derive(Debug, PartialEq, Eq)]
pub struct SeeingPermit(Grounds);

impl SeeingPermit {
    /// On what grounds.
    pub fn grounds(&self) -> &Grounds {
        &self.0
    }
}

/// Whether content may be seen at `now` by who shows that.
///
/// # Errors
/// [`Refusal::SafeExamBrowserRequired`].
pub fn may_see(facts: &Facts, shown: &Shown, now: Instant) -> Result<SeeingPermit, Refusal> {
    let Some(keys) = &facts.keys else { return Ok(SeeingPermit(Grounds::Unasked)) };
    if let Some(proved) = keys.proved_by(shown) {
        return Ok(SeeingPermit(Grounds::Proved(proved)));
    }
    if facts.exempt {
        return Ok(SeeingPermit(Grounds::Exempt));
    }
    if facts.remembered_until.is_some_and(|until| now < until) {
        return Ok(SeeingPermit(Grounds::Remembered));
    }
    Err(Refusal::SafeExamBrowserRequired)
}

/// How a seat stands with regard to the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A page of theirs proved it lately.
    Proved,
    /// They need not.
    Exempt,
    /// Nothing proves it.
    Missing,
}

/// What the board knows of a seat in a sitting that asks for the browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeatFacts {
    /// Whether the seat is exempt.
    pub exempt: bool,
    /// When it was proved last.
    pub proved_at: Option<Instant>,
    /// When somebody was turned away last.
    pub refused_at: Option<Instant>,
    /// How many answers came from where nothing had been proved.
    pub unproved_saves: i64,
}

impl SeatFacts {
    /// How the seat stands.
    pub fn standing(&self, now: Instant) -> Standing {
        if self.exempt {
            Standing::Exempt
        } else if self.proved_at.is_some_and(|at| now < at.plus_seconds(PROOF_SECONDS)) {
            Standing::Proved
        } else {
            Standing::Missing
        }
    }

    /// Whether somebody should look: who is at work without proof, whose answers come from elsewhere, who was turned away
    /// and has not come back since.
    pub fn needs_attention(&self, working: bool, now: Instant) -> bool {
        if self.exempt {
            return false;
        }
        let waits_outside = self.refused_at.is_some_and(|at| {
            now < at.plus_seconds(TURNED_AWAY_SECONDS) && self.proved_at.is_none_or(|proved| proved < at)
        });
        waits_outside || (working && (self.standing(now) == Standing::Missing || self.unproved_saves > 0))
    }
}

#[cfg(test)]
mod tests;
