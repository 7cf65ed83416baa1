//! The network between devices and the server, and what either makes of what arrives.

use serde_json::Value;

use super::super::disk::{Gate, nudge};
use super::super::judge;
use super::super::letter::{Ask, Letter, told};
use super::super::model::Outcome;
use super::{Answering, Event, Held, PATIENCE, Room};
use crate::app::Reply;

impl Room {
    pub(super) fn letter(&mut self, device: Option<usize>, ask: Ask, key: Option<String>) -> Letter {
        self.next += 1;
        Letter { id: self.next, device, ask, key, ghost: false }
    }

    pub(super) fn send(&mut self, device: Option<usize>, ask: Ask, key: Option<String>) {
        let letter = self.letter(device, ask, key);
        if let Some(device) = device {
            self.devices[device].waiting_for = Some(letter.id);
            self.after(PATIENCE, Event::GivenUp(device, letter.id));
        }
        self.post(letter);
    }

    pub(super) fn delay(&mut self) -> i64 {
        if self.faulty && self.chance.percent(10) { self.chance.below(30_000) } else { self.chance.between(1, 400) }
    }

    pub(super) fn post(&mut self, letter: Letter) {
        let lost = self.faulty && self.chance.percent(10);
        if self.faulty && self.chance.percent(8) {
            let again = self.chance.below(60_000);
            self.after(again, Event::Arrive(Letter { ghost: true, ..letter.clone() }));
        }
        let delay = self.delay();
        if !lost {
            self.after(delay, Event::Arrive(letter));
        }
    }

    pub(super) async fn arrive(&mut self, letter: Letter) -> Held {
        if self.down {
            return Ok(());
        }
        let at = self.now();
        self.requests += 1;
        let request = self.cast.request(&letter, letter.device.map(|device| self.examinee_at(device)));
        let app = self.app.clone();
        let mut answering: Answering = Box::pin(async move { app.call(request).await });
        if let Some(stall) = &mut self.stall {
            // Only what goes straight to the writer piles up behind it in a known order; the rest is lost on the way.
            let straight = matches!(
                letter.ask,
                Ask::Save { .. }
                    | Ask::Submit { .. }
                    | Ask::Credit { .. }
                    | Ask::Open { .. }
                    | Ask::Close { .. }
                    | Ask::Pause
                    | Ask::Resume
            );
            if !straight {
                return Ok(());
            }
            if stall.crash && stall.middle.is_none() && !stall.waiting.is_empty() && self.chance.percent(50) {
                stall.middle = Some(Gate::queue(&self.app).await);
            }
            if let Some(early) = nudge(&mut answering).await {
                return Err(format!("answered before its COMMIT: {letter:?} {early:?}"));
            }
            stall.waiting.push((letter, at, answering));
            return Ok(());
        }
        let reply = answering.await;
        self.answered(letter, at, reply)
    }

    /// The server has answered: the model says whether rightly, and the network whether anybody hears of it.
    pub(super) fn answered(&mut self, letter: Letter, at: i64, reply: Reply) -> Held {
        self.note(told(&letter, at - self.began, &reply));
        self.judge(&letter, at, &reply, self.disk)?;
        let lost = self.faulty && self.chance.percent(10);
        let delay = self.delay();
        if !letter.ghost && !lost {
            self.after(delay, Event::Hear(letter, reply));
        }
        Ok(())
    }

    pub(super) fn hear(&mut self, letter: &Letter, reply: &Reply) {
        let Some(device) = letter.device else {
            if reply.status < 500 {
                self.owed.retain(|owed| owed.key != letter.key);
            }
            return;
        };
        if self.devices[device].waiting_for != Some(letter.id) {
            return;
        }
        if reply.status >= 500 {
            return self.give_up(device, letter.id);
        }
        self.devices[device].waiting_for = None;
        match &letter.ask {
            Ask::Start { two } if reply.status < 400 => {
                let attempt = reply.json()["attempt"].as_str().unwrap().to_owned();
                let key = format!("open {}", self.next);
                self.send(Some(device), Ask::Open { attempt, two: *two }, Some(key));
            }
            Ask::Open { attempt, two } if reply.status < 400 => {
                let opening = reply.json()["opening"].as_i64().unwrap();
                self.send(Some(device), Ask::Paper { attempt: attempt.clone(), two: *two, opening }, None);
            }
            Ask::Paper { two, opening, .. } if reply.status < 400 => self.open(device, *two, *opening, &reply.json()),
            Ask::Clock { .. } if reply.status < 400 && reply.json()["taken_over"] == true => {
                if let Some(page) = &mut self.devices[device].page {
                    page.taken_over = true;
                }
            }
            Ask::Save { attempt, answers, .. } => {
                for (sent, outcome) in answers.iter().zip(judge::outcomes(answers, reply)) {
                    if let Outcome::Saved { revision, superseded: false, .. } = &outcome
                        && *revision == sent.revision
                    {
                        self.promises.push((attempt.clone(), sent.clone()));
                    }
                    self.devices[device].heard(sent, &outcome);
                }
            }
            Ask::Submit { .. } if reply.status == 200 => {
                if let Some(page) = &mut self.devices[device].page {
                    page.closed = true;
                }
            }
            _ => {}
        }
        // Whatever had to wait for this answer.
        self.after(0, Event::Flush(device));
    }

    /// The paper came for a page that was opened. While it is withheld nothing is there to work on: the examinee looks again.
    fn open(&mut self, device: usize, two: bool, opening: i64, paper: &Value) {
        let attempt = paper["attempt"].as_str().unwrap();
        if paper["state"] == "paused" {
            return;
        }
        let saved = paper["saved"].as_array().unwrap().iter();
        let saved = saved.map(|row| (row["position"].as_i64().unwrap(), row["revision"].as_i64().unwrap())).collect();
        let list = if two { "vignettes" } else { "questions" };
        let positions = i64::try_from(paper[list].as_array().unwrap().len()).unwrap();
        self.devices[device].open(attempt, two, positions, &saved, opening);
    }
}
