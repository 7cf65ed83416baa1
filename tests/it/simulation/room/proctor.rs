//! The proctor: pauses, credits, closes, and asks again until there is an answer.

use super::super::letter::Ask;
use super::{Event, Room};

impl Room {
    pub(super) fn proctor(&mut self) {
        if self.faulty {
            let pause = self.chance.between(3_000, 25_000);
            self.after(pause, Event::Proctor);
            match self.chance.below(100) {
                0..25 => self.grant(),
                25..32 => self.owe(Ask::Pause),
                // Sometimes nobody had paused it.
                32..52 => self.owe(Ask::Resume),
                52..55 => self.end_one(),
                _ => {}
            }
        }
        // What was not answered is asked again under its key, until it is.
        for letter in self.owed.clone() {
            self.post(letter);
        }
        if !self.faulty && !self.owed.is_empty() {
            self.after(5_000, Event::Proctor);
        }
    }

    /// Ends somebody's part, perhaps one that is over already.
    fn end_one(&mut self) {
        let ids: Vec<String> = self.model.sat.keys().cloned().collect();
        if !ids.is_empty() {
            let attempt = ids[usize::try_from(self.chance.below(i64::try_from(ids.len()).unwrap())).unwrap()].clone();
            self.owe(Ask::Close { attempt });
        }
    }

    pub(super) fn grant(&mut self) {
        let running: Vec<String> =
            self.model.sat.iter().filter(|(_, sat)| sat.closed.is_none()).map(|(id, _)| id.clone()).collect();
        let everybody = running.is_empty() || self.chance.percent(30);
        let attempt = if everybody {
            None
        } else {
            Some(running[usize::try_from(self.chance.below(i64::try_from(running.len()).unwrap())).unwrap()].clone())
        };
        let seconds = self.chance.between(1, 40);
        self.owe(Ask::Credit { attempt, seconds });
    }

    /// Something that the proctor asks until it is answered.
    pub(super) fn owe(&mut self, ask: Ask) {
        let key = format!("the proctor's {}", self.next);
        let letter = self.letter(None, ask, Some(key));
        self.owed.push(letter);
    }
}
