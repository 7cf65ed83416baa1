//! A browser with the exam room open, as `queue.js` and `sender.js` make it: what was changed and not acknowledged is kept
//! on the device, sent in batches, one request at a time, and again after a failure.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::Chance;
use super::model::{Outcome, Sent};

/// A device. What is in `kept` outlives the page.
#[derive(Default)]
pub struct Device {
    pub examinee: usize,
    kept: BTreeMap<(String, i64), Sent>,
    pub page: Option<Page>,
    /// Which of its requests is under way; answers to others are not heard any more.
    pub waiting_for: Option<u64>,
    /// When the next request may be made.
    pub not_before: i64,
    failures: u32,
}

/// A page on one attempt.
pub struct Page {
    pub attempt: String,
    pub two: bool,
    pub positions: i64,
    base: i64,
    highest: BTreeMap<i64, i64>,
    pending: Vec<Sent>,
    refused: BTreeSet<i64>,
    /// The server said that the part is closed, or the examinee submitted it.
    pub closed: bool,
    /// The server said that another page was opened since.
    pub taken_over: bool,
}

impl Device {
    pub fn new(examinee: usize) -> Self {
        Self { examinee, ..Self::default() }
    }

    /// The page is opened: what is kept here and newer than the server's is sent, the rest forgotten.
    pub fn open(&mut self, attempt: &str, two: bool, positions: i64, saved: &BTreeMap<i64, i64>, base: i64) {
        let mut page = Page {
            attempt: attempt.to_owned(),
            two,
            positions,
            base,
            highest: saved.clone(),
            pending: Vec::new(),
            refused: BTreeSet::new(),
            closed: false,
            taken_over: false,
        };
        for ((of, position), sent) in self.kept.clone() {
            if of != attempt {
                continue;
            }
            if sent.revision > saved.get(&position).copied().unwrap_or(0) {
                page.highest.insert(position, sent.revision);
                page.pending.push(sent);
            } else {
                self.kept.remove(&(of, position));
            }
        }
        self.page = Some(page);
        self.failures = 0;
    }

    /// The page goes; what is under way is not heard of any more.
    pub fn leave(&mut self) {
        self.page = None;
        self.waiting_for = None;
    }

    /// Something is typed or chosen; the device may fail to keep it.
    pub fn edit(&mut self, position: i64, content: Option<String>, keeps: bool) -> Option<Sent> {
        let page = self.page.as_mut().filter(|page| !page.closed && !page.taken_over)?;
        let highest = page.highest.get(&position).copied().unwrap_or(0);
        let sent = Sent { position, revision: highest.max(page.base) + 1, content };
        page.highest.insert(position, sent.revision);
        page.refused.remove(&position);
        page.pending.retain(|other| other.position != position);
        page.pending.push(sent.clone());
        if keeps {
            self.kept.insert((page.attempt.clone(), position), sent.clone());
        }
        Some(sent)
    }

    /// What to send next, the longest waiting first.
    pub fn batch(&self, now: i64) -> Vec<Sent> {
        let Some(page) = &self.page else { return Vec::new() };
        if self.waiting_for.is_some() || now < self.not_before {
            return Vec::new();
        }
        page.pending.iter().filter(|sent| !page.refused.contains(&sent.position)).take(200).cloned().collect()
    }

    /// The number of its page's opening.
    pub fn opening(&self) -> Option<i64> {
        self.page.as_ref().map(|page| page.base)
    }

    pub fn unsent(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.pending.iter().any(|sent| !page.refused.contains(&sent.position)))
    }

    /// The request came to nothing: again, after a while.
    pub fn failed(&mut self, now: i64, chance: &mut Chance) {
        self.waiting_for = None;
        self.failures += 1;
        self.not_before = now + chance.below(15_000.min(500 << self.failures.min(16)) + 1);
    }

    /// The server answered.
    pub fn heard(&mut self, sent: &Sent, outcome: &Outcome) {
        self.failures = 0;
        let Some(page) = self.page.as_mut() else { return };
        let changed = page.pending.iter_mut().find(|other| other.position == sent.position);
        match outcome {
            Outcome::Saved { revision, .. } => {
                let highest = page.highest.entry(sent.position).or_default();
                *highest = (*highest).max(*revision);
                match changed {
                    // What is above all that this page gave out comes from one that was opened later.
                    Some(newer) if newer.revision > sent.revision && newer.revision <= *revision => {
                        let newer = newer.clone();
                        self.forget(&newer);
                    }
                    Some(newer) if newer.revision > sent.revision => {}
                    _ => self.forget(sent),
                }
            }
            Outcome::Refused("part_closed") => {
                page.closed = true;
                if changed.is_some_and(|newer| newer.revision == sent.revision) {
                    self.forget(sent);
                }
            }
            Outcome::Refused(_) => {
                page.refused.insert(sent.position);
            }
        }
    }

    fn forget(&mut self, sent: &Sent) {
        let Some(page) = self.page.as_mut() else { return };
        page.pending.retain(|other| other.position != sent.position);
        let key = (page.attempt.clone(), sent.position);
        if self.kept.get(&key).is_some_and(|kept| kept.revision <= sent.revision) {
            self.kept.remove(&key);
        }
    }
}
