//! What must be stored, said a second time: the rules of saving, closing and crediting in their simplest form, without a
//! database. It is told what reached the server and says what the answer has to be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The clerk leaves a part alone for so long after its deadline, in milliseconds.
const GRACE: i64 = 2_000;

/// An answer as sent: where, which revision, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    pub position: i64,
    pub revision: i64,
    pub content: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub revision: i64,
    pub content: Option<String>,
    pub at: i64,
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Sat {
    pub examinee: usize,
    pub two: bool,
    pub positions: i64,
    pub started: i64,
    /// When time is up, as far as it is on record.
    pub deadline: i64,
    /// Since when a pause of the room holds the clock.
    pub stopped: Option<i64>,
    /// From when on it runs after a pause.
    pub runs_from: Option<i64>,
    /// When it was closed and by whom.
    pub closed: Option<(i64, &'static str)>,
    /// The number of the newest page's opening.
    pub opening: Option<i64>,
    /// How often something was stored that an earlier page had kept.
    pub earlier_saves: i64,
    pub stored: BTreeMap<i64, Kept>,
    pub late: BTreeMap<(i64, i64), (Option<String>, i64)>,
}

impl Sat {
    /// Never while the clock stands: then time is up later and later.
    pub fn over(&self, at: i64) -> bool {
        self.closed.is_some() || (self.stopped.is_none() && at >= self.deadline)
    }

    fn close(&mut self, at: i64, by: &'static str) {
        if self.closed.is_none() {
            self.run_on(at);
            self.closed = Some(if at < self.deadline { (at, by) } else { (self.deadline, "deadline") });
        }
    }

    fn stop(&mut self, at: i64) {
        let from = self.runs_from.unwrap_or(self.started).max(at);
        if !self.over(at) && from < self.deadline {
            self.stopped = Some(from);
        }
    }

    /// What stopped the clock ends: whole seconds are given back, and a fraction is one.
    fn run_on(&mut self, at: i64) {
        if let Some(since) = self.stopped.take() {
            let back = ((at - since).max(0) + 999) / 1000 * 1000;
            self.deadline += back;
            self.runs_from = Some(since + back);
        }
    }

    pub fn answered(&self) -> i64 {
        let said = |k: &&Kept| k.content.as_ref().is_some_and(|text| !text.trim().is_empty());
        i64::try_from(self.stored.values().filter(said).count()).unwrap()
    }

    /// The digest of the receipt, from its published description.
    pub fn digest(&self, attempt: &str) -> String {
        let mut text = format!("evenhand answers 1\n{attempt}\n");
        for (position, kept) in &self.stored {
            text += &format!("{position} {} {} ", kept.revision, kept.at);
            match &kept.content {
                Some(content) => text += &format!("{} {content}\n", content.len()),
                None => text += "-\n",
            }
        }
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What became of one answer, as far as the interface tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Saved { revision: i64, at: i64, superseded: bool },
    Refused(&'static str),
}

/// Everything that must be stored.
#[derive(Debug, Default, Clone)]
pub struct Model {
    pub sat: BTreeMap<String, Sat>,
    pub admitted: BTreeSet<usize>,
    /// Since when the room is paused.
    pub paused: Option<i64>,
    pub agreed: BTreeSet<usize>,
    /// What was answered under a retry key.
    pub answered: BTreeMap<String, Value>,
}

impl Model {
    pub fn attempt_of(&self, examinee: usize, two: bool) -> Option<&String> {
        self.sat.iter().find(|(_, sat)| sat.examinee == examinee && sat.two == two).map(|(id, _)| id)
    }

    /// An answer came.
    pub fn save(&mut self, attempt: &str, sent: &Sent, at: i64) -> Outcome {
        let sat = self.sat.get_mut(attempt).unwrap();
        if !(1..=sat.positions).contains(&sent.position) {
            return Outcome::Refused("no_such_position");
        }
        if !sat.two && sent.content.as_deref().is_some_and(|letter| !["a", "b", "c", "d"].contains(&letter)) {
            return Outcome::Refused("no_such_choice");
        }
        let over = sat.over(at);
        if let Some(kept) = sat.stored.get(&sent.position).filter(|kept| kept.revision >= sent.revision) {
            let superseded = kept.revision == sent.revision && kept.content != sent.content;
            return Outcome::Saved { revision: kept.revision, at: kept.at, superseded };
        }
        if over {
            sat.late.entry((sent.position, sent.revision)).or_insert((sent.content.clone(), at));
            return Outcome::Refused("part_closed");
        }
        let kept = Kept { revision: sent.revision, content: sent.content.clone(), at };
        sat.stored.insert(sent.position, kept);
        Outcome::Saved { revision: sent.revision, at, superseded: false }
    }

    /// Several came at once. What an earlier page had kept is told to the newest.
    pub fn save_all(&mut self, attempt: &str, answers: &[Sent], at: i64) -> Vec<Outcome> {
        let outcomes: Vec<Outcome> = answers.iter().map(|sent| self.save(attempt, sent, at)).collect();
        let sat = self.sat.get_mut(attempt).unwrap();
        let stands = |sent: &Sent, outcome: &Outcome| matches!(outcome, Outcome::Saved { revision, superseded: false, .. } if *revision == sent.revision);
        let newest = sat.opening.unwrap_or(0);
        if answers.iter().zip(&outcomes).any(|(sent, outcome)| sent.revision <= newest && stands(sent, outcome)) {
            sat.earlier_saves += 1;
        }
        outcomes
    }

    /// A page was opened: its number.
    pub fn open(&mut self, attempt: &str, at: i64) -> i64 {
        let sat = self.sat.get_mut(attempt).unwrap();
        let opening = sat.opening.map_or(at, |last| at.max(last + 1_000_000));
        sat.opening = Some(opening);
        opening
    }

    /// The examinee submitted, or the proctor ended the part.
    pub fn submit(&mut self, attempt: &str, at: i64, by: &'static str) {
        self.sat.get_mut(attempt).unwrap().close(at, by);
    }

    /// Time is up for whoever starts the next part, and for whom the clerk finds.
    pub fn time_is_up(&mut self, attempt: &str) {
        let sat = self.sat.get_mut(attempt).unwrap();
        sat.close(sat.deadline, "deadline");
    }

    /// The room was paused; one that is paused already stays so.
    pub fn pause(&mut self, at: i64) -> i64 {
        if self.paused.is_none() {
            self.sat.values_mut().for_each(|sat| sat.stop(at));
        }
        *self.paused.get_or_insert(at)
    }

    /// The room goes on. Answers whether it was paused.
    pub fn resume(&mut self, at: i64) -> bool {
        self.sat.values_mut().filter(|sat| sat.closed.is_none()).for_each(|sat| sat.run_on(at));
        self.paused.take().is_some()
    }

    /// The clerk came by.
    pub fn clerk(&mut self, now: i64) {
        for sat in self.sat.values_mut().filter(|sat| sat.over(now) && sat.deadline <= now - GRACE) {
            sat.close(sat.deadline, "deadline");
        }
    }

    /// Time was granted to one or, without a name, to everybody whose part runs. Answers whom it moved.
    pub fn credit(&mut self, attempt: Option<&str>, seconds: i64, at: i64) -> BTreeMap<String, i64> {
        let mut moved = BTreeMap::new();
        for (id, sat) in &mut self.sat {
            if attempt.is_none_or(|one| one == id) && !sat.over(at) {
                sat.deadline += seconds * 1000;
                moved.insert(id.clone(), sat.deadline);
            }
        }
        moved
    }

    /// The paper's list of what is stored.
    pub fn saved(&self, attempt: &str) -> Vec<Value> {
        let sat = &self.sat[attempt];
        let field = if sat.two { "text" } else { "choice" };
        let row = |(position, kept): (&i64, &Kept)| {
            let mut row = json!({
                "position": position, "revision": kept.revision, "saved_at": super::spelled(kept.at),
            });
            if let Some(content) = &kept.content {
                row[field] = json!(content);
            }
            row
        };
        sat.stored.iter().map(row).collect()
    }
}
