//! Whether the server's answers, and in the end everything it stores, are what the model says.

use std::collections::{BTreeMap, BTreeSet};

use evenhand::domain::ids::AttemptId;
use evenhand::domain::receipt::Receipt;
use serde_json::{Value, json};

use super::disk::{Disk, Row, rows};
use super::letter::{Ask, Letter};
use super::model::{Outcome, Sat, Sent};
use super::room::Room;
use super::{instant, spelled};
use crate::app::Reply;

type Held = Result<(), String>;

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Held {
    if got == expected { Ok(()) } else { Err(format!("{what}: {got:?}, expected {expected:?}")) }
}

fn holds(what: &str, it: bool) -> Held {
    if it { Ok(()) } else { Err(what.to_owned()) }
}

/// What a reply says of each answer that was sent.
pub fn outcomes(sent: &[Sent], reply: &Reply) -> Vec<Outcome> {
    let body = reply.json();
    let rows = if sent.len() == 1 { vec![body] } else { body["results"].as_array().cloned().unwrap_or_default() };
    rows.iter().map(outcome).collect()
}

fn outcome(row: &Value) -> Outcome {
    match (row["revision"].as_i64(), row["saved_at"].as_str()) {
        (Some(revision), Some(at)) => {
            Outcome::Saved { revision, at: instant(at), superseded: row["superseded"] == true }
        }
        _ => Outcome::Refused(match row["code"].as_str() {
            Some("part_closed") if row["late"] == true => "part_closed",
            Some("no_such_position") => "no_such_position",
            Some("no_such_choice") => "no_such_choice",
            _ => "something else",
        }),
    }
}

impl Room {
    /// Holds an answer against the model, and tells the model what happened.
    pub fn judge(&mut self, letter: &Letter, at: i64, reply: &Reply, disk: Disk) -> Held {
        if reply.status >= 500 {
            // A failed request has done nothing, and nothing fails while the disk is well.
            holds("a fault while all is well", disk != Disk::Well)?;
            holds("another status than 503", reply.status == 503 || disk == Disk::Commit)?;
            return holds("no Retry-After", reply.status != 503 || reply.header("retry-after").is_some());
        }
        if let Some(known) = letter.key.as_ref().and_then(|key| self.model.answered.get(key)) {
            return same("a repeated call's answer", &answer_of(reply), known);
        }
        match &letter.ask {
            Ask::Agree => {
                self.model.agreed.insert(self.examinee(letter));
                same("agreeing", reply.status, 204)?;
            }
            Ask::Admit { examinee } => {
                self.model.admitted.insert(*examinee);
                same("admitting", reply.status, 204)?;
            }
            Ask::Start { two } => self.judge_start(letter, *two, at, reply)?,
            Ask::Save { attempt, answers, .. } => {
                let expected = self.model.save_all(attempt, answers, at);
                same("saving", outcomes(answers, reply), expected)?;
            }
            Ask::Submit { attempt } | Ask::Close { attempt } => {
                let by = if matches!(letter.ask, Ask::Close { .. }) { "proctor" } else { "examinee" };
                self.model.submit(attempt, at, by);
                same("submitting, or closing", reply.status, 200)?;
                self.judge_receipt(attempt, reply.json())?;
            }
            Ask::Open { attempt, .. } => {
                same("opening", reply.status, 201)?;
                same("the opening", &reply.json()["opening"], &json!(self.model.open(attempt, at)))?;
            }
            Ask::Paper { attempt, two, .. } => {
                same("the paper", reply.status, 200)?;
                let (paper, sat) = (reply.json(), &self.model.sat[attempt]);
                let withheld = sat.stopped.is_some() && !sat.over(at);
                let shown = paper[if *two { "vignettes" } else { "questions" }].as_array().map_or(0, Vec::len);
                let positions = usize::try_from(sat.positions).unwrap_or(0);
                same("what is shown", shown, if withheld { 0 } else { positions })?;
                same("the paper's answers", &paper["saved"], &json!(self.model.saved(attempt)))?;
            }
            Ask::Clock { attempt, opening } => {
                let sat = &self.model.sat[attempt];
                let state = match sat.stopped {
                    _ if sat.over(at) => "closed",
                    Some(_) => "paused",
                    None => "open",
                };
                let (deadline, clock) = (spelled(sat.deadline), reply.json());
                same("the clock", (&clock["deadline"], &clock["state"]), (&json!(deadline), &json!(state)))?;
                if let Some(opening) = opening {
                    let over = sat.opening.is_some_and(|newest| *opening < newest);
                    same("taken over", clock["taken_over"].as_bool().unwrap_or(false), over)?;
                    same("earlier saves", clock["earlier_saves"].as_i64().unwrap_or(0), sat.earlier_saves)?;
                }
            }
            Ask::Pause => {
                same("pausing", reply.status, 200)?;
                let since = self.model.pause(at);
                same("paused since", &reply.json()["paused_at"], &json!(spelled(since)))?;
            }
            Ask::Resume => {
                let status = if self.model.resume(at) { 200 } else { 409 };
                same("resuming", reply.status, status)?;
            }
            Ask::Credit { attempt, seconds } => self.judge_credit(attempt.as_deref(), *seconds, at, reply)?,
        }
        if let Some(key) = letter.key.as_ref().filter(|_| reply.status < 400) {
            self.model.answered.insert(key.clone(), answer_of(reply));
        }
        Ok(())
    }

    fn examinee(&self, letter: &Letter) -> usize {
        self.examinee_at(letter.device.unwrap_or_default())
    }

    fn judge_start(&mut self, letter: &Letter, two: bool, at: i64, reply: &Reply) -> Held {
        let who = self.examinee(letter);
        let known = self.model.attempt_of(who, two).cloned();
        let running = known.as_ref().is_some_and(|id| !self.model.sat[id].over(at));
        let one = self.model.attempt_of(who, false).cloned();
        let one_over = one.as_ref().is_some_and(|id| self.model.sat[id].over(at));
        let ready = known.is_none() && (!two || one_over);
        let lawful = ready
            && self.model.paused.is_none()
            && self.model.agreed.contains(&who)
            && self.model.admitted.contains(&who);
        let expected = if running {
            200
        } else if lawful {
            201
        } else {
            409
        };
        same("starting", reply.status, expected)?;
        if expected == 409 {
            return Ok(());
        }
        let paper = reply.json();
        let attempt = paper["attempt"].as_str().unwrap_or_default().to_owned();
        if let Some(known) = known {
            same("the attempt", &attempt, &known)?;
        } else {
            if let Some(one) = one.filter(|_| two) {
                self.model.time_is_up(&one);
            }
            let positions = if two { &paper["vignettes"] } else { &paper["questions"] };
            let sat = Sat {
                examinee: who,
                two,
                positions: i64::try_from(positions.as_array().map_or(0, Vec::len)).unwrap_or(0),
                started: at,
                deadline: at + 1000 * self.cast.allowance(who),
                stopped: None,
                runs_from: None,
                closed: None,
                opening: None,
                earlier_saves: 0,
                stored: BTreeMap::new(),
                late: BTreeMap::new(),
            };
            self.model.sat.insert(attempt.clone(), sat);
        }
        same("the paper's deadline", &paper["deadline"], &json!(spelled(self.model.sat[&attempt].deadline)))?;
        same("the paper's answers", &paper["saved"], &json!(self.model.saved(&attempt)))
    }

    fn judge_receipt(&mut self, attempt: &str, receipt: Value) -> Held {
        let sat = &self.model.sat[attempt];
        let (at, by) = sat.closed.ok_or("a receipt of an open part")?;
        same("closed at", &receipt["closed_at"], &json!(spelled(at)))?;
        same("closed by", &receipt["closed_by"], &json!(by))?;
        same("answered", &receipt["answered"], &json!(sat.answered()))?;
        same("digest", &receipt["digest"], &json!(sat.digest(attempt)))?;
        let signed: Receipt = serde_json::from_value(receipt.clone()).map_err(|e| e.to_string())?;
        holds("the receipt's signature", self.app.web.office.receipts.verifies(&signed))?;
        let first = self.receipts.entry(attempt.to_owned()).or_insert_with(|| receipt.clone());
        same("the receipt again", &receipt, first)
    }

    fn judge_credit(&mut self, attempt: Option<&str>, seconds: i64, at: i64, reply: &Reply) -> Held {
        let moved = self.model.credit(attempt, seconds, at);
        if attempt.is_some() && moved.is_empty() {
            return same("credit to a closed part", reply.status, 409);
        }
        same("credit", reply.status, 200)?;
        let body = reply.json();
        let told: BTreeMap<String, i64> = match attempt {
            Some(id) => BTreeMap::from([(id.to_owned(), instant(body["deadline"].as_str().unwrap_or_default()))]),
            None => (body["items"].as_array().into_iter().flatten())
                .map(|row| {
                    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
                    (text("attempt"), instant(&text("deadline")))
                })
                .collect(),
        };
        same("the deadlines", told, moved)
    }

    /// The end: everything that is stored, against the model, against what was promised, and against what was sent.
    pub async fn settle(&mut self) -> Held {
        let ids: Vec<String> = self.model.sat.keys().cloned().collect();
        for id in &ids {
            self.settle_one(id).await.map_err(|error| format!("attempt {id}: {error}"))?;
        }
        for (attempt, promised) in &self.promises {
            let kept = self.model.sat[attempt].stored.get(&promised.position);
            let kept = kept.ok_or_else(|| format!("acknowledged and not there: {attempt} {promised:?}"))?;
            let there = kept.revision > promised.revision || kept.content == promised.content;
            holds(&format!("acknowledged and not there: {attempt} {promised:?}"), there)?;
        }
        same("devices that still have something to send", self.unsent(), 0)?;
        same("the whole database", self.app.invariants().await, Vec::new())
    }

    async fn settle_one(&mut self, id: &str) -> Held {
        let sat = self.model.sat[id].clone();
        let user = self.cast.seats[sat.examinee].user.clone();
        let paper = self.app.get(&user, &format!("/attempts/{id}")).await.json();
        same("the state", &paper["state"], &json!("closed"))?;
        same("the deadline", &paper["deadline"], &json!(spelled(sat.deadline)))?;
        same("the stored answers", &paper["saved"], &json!(self.model.saved(id)))?;
        let receipt = self.app.post(&user, &format!("/attempts/{id}/submit"), Value::Null).await;
        self.judge_receipt(id, receipt.json())?;

        let database = self.app.home.database().clone();
        let late: Vec<Row> = rows(
            &database,
            &format!(
                "SELECT position, revision, COALESCE(choice, body) AS content, arrived_at AS at FROM late_answer \
                 WHERE attempt_id = '{id}' ORDER BY position, revision"
            ),
        );
        let expected: Vec<Row> = (sat.late.iter())
            .map(|((position, revision), (content, at))| Row {
                position: *position,
                revision: *revision,
                content: content.clone(),
                at: *at,
            })
            .collect();
        same("late evidence", late, expected)?;
        let own: BTreeSet<(i64, Option<String>)> = (self.sent.iter())
            .filter(|(attempt, _)| attempt == id)
            .map(|(_, sent)| (sent.position, sent.content.clone()))
            .collect();
        for (position, kept) in &sat.stored {
            holds("stored and never sent", own.contains(&(*position, kept.content.clone())))?;
        }
        if sat.two { self.settle_scripts(id, &sat) } else { self.settle_score(id, &sat).await }
    }

    fn settle_scripts(&self, id: &str, sat: &Sat) -> Held {
        let scripts = rows(
            self.app.home.database(),
            &format!(
                "SELECT position, CAST(0 AS BIGINT) AS revision, body AS content, CAST(0 AS BIGINT) AS at FROM script \
                 WHERE attempt_id = '{id}' ORDER BY position"
            ),
        );
        let read: Vec<(i64, Option<String>)> = scripts.into_iter().map(|row| (row.position, row.content)).collect();
        let written = |position| {
            let text = sat.stored.get(&position).and_then(|kept| kept.content.clone());
            (position, Some(text.unwrap_or_default()))
        };
        same("the scripts", read, (1..=sat.positions).map(written).collect())
    }

    async fn settle_score(&self, id: &str, sat: &Sat) -> Held {
        let wanted = AttemptId(id.to_owned());
        let score = self.app.read(move |tx| tx.score(&wanted)).await.ok_or("no score")?;
        let right = (1..).zip(self.app.key(id).await);
        let right = right.filter(|(at, key)| sat.stored.get(at).and_then(|kept| kept.content.as_deref()) == Some(*key));
        let correct = i64::try_from(right.count()).unwrap();
        same("the score", (score.total.correct, score.total.scored), (correct, sat.positions))
    }
}

/// An answer as a repetition has to give it: `deadline` and the like are of the first time too.
fn answer_of(reply: &Reply) -> Value {
    if reply.body.is_empty() { Value::Null } else { reply.json() }
}
