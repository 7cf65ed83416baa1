//! The room: examinees on their devices, a proctor, the clerk, and a faulty world between them, all from one seed.
//!
//! Everything happens in the order of one list of events, and one thing at a time; only behind a held-back writer do
//! requests pile up, in an order that is known. So a seed gives the same course every time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use evenhand::domain::timing::Instant;
use serde_json::Value;

use super::cast::Cast;
use super::chance::Chance;
use super::device::Device;
use super::disk::{self, Disk, Gate, nudge};
use super::letter::{Ask, Letter, told};
use super::model::{Model, Outcome, Sent};

use crate::app::{Home, Reply, TestApp};

/// How long the room is busy, in milliseconds; then everything gets well and what is owed is settled.
const HORIZON: i64 = 420_000;
/// After this a page gives a request up, in milliseconds.
const PATIENCE: i64 = 20_000;

enum Event {
    Act(usize),
    Flush(usize),
    Arrive(Letter),
    Hear(Letter, Reply, i64),
    GivenUp(usize, u64),
    Clerk,
    Proctor,
    Disk(Disk),
    Crash,
    Up,
    HoldWriter,
    LetWriterGo,
}

type Answering = std::pin::Pin<Box<dyn Future<Output = Reply>>>;

/// A writer that is held back, and who waits for it.
struct Stall {
    gate: Gate,
    waiting: Vec<(Letter, i64, Answering)>,
    /// If the server is to crash in the middle of the next transaction: the second gate, once it is queued.
    crash: bool,
    middle: Option<Gate>,
}

pub struct Room {
    pub app: Rc<TestApp>,
    pub cast: Rc<Cast>,
    pub model: Model,
    pub trace: Vec<String>,
    /// What a device was told is saved.
    pub promises: Vec<(String, Sent)>,
    /// Everything that was ever sent, and by whom.
    pub sent: BTreeSet<(String, Sent)>,
    pub receipts: BTreeMap<String, Value>,
    pub requests: u64,
    chance: Chance,
    seed: u64,
    events: BTreeMap<(i64, u64), Event>,
    next: u64,
    devices: Vec<Device>,
    owed: Vec<Letter>,
    disk: Disk,
    faulty: bool,
    down: bool,
    stall: Option<Stall>,
    place: Option<std::path::PathBuf>,
    edits: u64,
    began: i64,
}

type Held = Result<(), String>;

impl Room {
    /// `place` is where crashed installations are copied to; without one a crash only loses what was under way.
    pub fn new(app: TestApp, cast: Rc<Cast>, seed: u64, place: Option<&Path>) -> Self {
        let mut chance = Chance::new(seed);
        let examinees = usize::try_from(chance.between(1, 4)).unwrap();
        let mut devices: Vec<Device> = (0..examinees).map(Device::new).collect();
        for examinee in 0..examinees {
            if chance.percent(40) {
                devices.push(Device::new(examinee));
            }
        }
        let began = app.now().0;
        let mut room = Self {
            app: Rc::new(app),
            cast,
            model: Model::default(),
            trace: Vec::new(),
            promises: Vec::new(),
            sent: BTreeSet::new(),
            receipts: BTreeMap::new(),
            requests: 0,
            chance,
            seed,
            events: BTreeMap::new(),
            next: 0,
            devices,
            owed: Vec::new(),
            disk: Disk::Well,
            faulty: true,
            down: false,
            stall: None,
            place: place.map(Path::to_owned),
            edits: 0,
            began,
        };
        room.plan(examinees);
        room
    }

    fn plan(&mut self, examinees: usize) {
        for device in 0..self.devices.len() {
            let at = self.chance.below(15_000);
            self.at(at, Event::Act(device));
        }
        for examinee in 0..examinees {
            let letter = self.letter(None, Ask::Admit { examinee }, Some(format!("admit {examinee}")));
            self.owed.push(letter);
        }
        self.at(0, Event::Proctor);
        self.at(1_000, Event::Clerk);
        for _ in 0..self.chance.below(4) {
            let (at, how) =
                (self.chance.below(HORIZON), self.chance.one(&[Disk::Statement, Disk::Transaction, Disk::Commit]));
            let lasts = self.chance.between(500, 20_000);
            self.at(at, Event::Disk(how));
            self.at(at + lasts, Event::Disk(Disk::Well));
        }
        for _ in 0..self.chance.below(3) {
            let at = self.chance.below(HORIZON);
            self.at(at, Event::Crash);
        }
        if self.place.is_some() {
            for _ in 0..self.chance.below(5) {
                let (at, lasts) = (self.chance.below(HORIZON), self.chance.between(20, 9_000));
                self.at(at, Event::HoldWriter);
                self.at(at + lasts, Event::LetWriterGo);
            }
        }
    }

    pub fn now(&self) -> i64 {
        self.app.now().0
    }

    /// Whose device that is.
    pub fn examinee_at(&self, device: usize) -> usize {
        self.devices[device].examinee
    }

    /// How many devices still have something to send.
    pub fn unsent(&self) -> usize {
        self.devices.iter().filter(|device| device.unsent()).count()
    }

    fn note(&mut self, text: impl AsRef<str>) {
        let line = format!("{:>8} {}", self.now() - self.began, text.as_ref());
        self.trace.push(line);
    }

    /// Puts an event on the list, so many milliseconds after the beginning.
    fn at(&mut self, at: i64, event: Event) {
        self.next += 1;
        self.events.insert((self.began + at, self.next), event);
    }

    fn after(&mut self, delay: i64, event: Event) {
        let at = self.now() - self.began + delay;
        self.at(at, event);
    }

    /// Everything until the room is empty and every debt is settled.
    pub async fn run(&mut self) -> Held {
        self.go_on().await?;
        // A pause that was on its way for long may have come last.
        while self.model.paused.is_some() {
            self.owe(Ask::Resume);
            self.after(1, Event::Proctor);
            self.go_on().await?;
        }
        let end = self.model.sat.values().map(|sat| sat.deadline).max().unwrap_or(0) + 10_000;
        self.app.go_to(Instant(end.max(self.now())));
        self.clerk().await
    }

    async fn go_on(&mut self) -> Held {
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.app.go_to(Instant(at.max(self.now())));
            if self.faulty && self.now() - self.began > HORIZON {
                self.heal().await?;
            }
            self.happen(event).await?;
        }
        Ok(())
    }

    async fn heal(&mut self) -> Held {
        self.let_writer_go().await?;
        self.faulty = false;
        self.down = false;
        self.set_disk(Disk::Well);
        self.note("all is well again");
        for device in 0..self.devices.len() {
            self.after(1, Event::Flush(device));
        }
        // Nobody stays in a paused room for ever.
        self.owe(Ask::Resume);
        self.after(1, Event::Proctor);
        Ok(())
    }

    async fn happen(&mut self, event: Event) -> Held {
        match event {
            Event::Act(device) => self.act(device),
            Event::Flush(device) => self.flush(device),
            Event::Arrive(letter) => return self.arrive(letter).await,
            Event::Hear(letter, reply, at) => self.hear(&letter, &reply, at),
            Event::GivenUp(device, id) => self.give_up(device, id),
            Event::Clerk => return self.clerk_round().await,
            Event::Proctor => self.proctor(),
            Event::Disk(disk) => {
                if self.faulty && self.stall.is_none() {
                    self.set_disk(disk);
                }
            }
            Event::Crash => {
                if self.faulty && self.stall.is_none() {
                    self.crash().await;
                }
            }
            Event::Up => self.down = false,
            Event::HoldWriter => {
                if self.faulty && self.stall.is_none() && !self.down {
                    let gate = Gate::queue(&self.app).await;
                    assert!(gate.reached());
                    let crash = self.chance.percent(40);
                    self.stall = Some(Stall { gate, waiting: Vec::new(), crash, middle: None });
                    self.note("the disk is slow");
                }
            }
            Event::LetWriterGo => return self.let_writer_go().await,
        }
        Ok(())
    }

    fn set_disk(&mut self, disk: Disk) {
        if self.disk != disk {
            disk::set(self.app.home.database(), disk);
            self.disk = disk;
            self.note(format!("disk: {disk:?}"));
        }
    }

    // The examinees

    fn act(&mut self, device: usize) {
        if !self.faulty {
            return;
        }
        let pause = self.chance.between(500, 9_000);
        self.after(pause, Event::Act(device));
        match self.devices[device].page {
            None if self.devices[device].waiting_for.is_none() => self.visit(device),
            None => {}
            Some(_) => self.work(device),
        }
    }

    /// Goes where the examinee is to go next.
    fn visit(&mut self, device: usize) {
        let who = self.devices[device].examinee;
        let one = self.model.attempt_of(who, false).map(|id| &self.model.sat[id]);
        let two = one.is_some_and(|sat| sat.over(self.now()));
        // Now and then somebody tries the wrong door.
        let ask = if self.chance.percent(8) {
            Ask::Start { two: self.chance.percent(50) }
        } else if !self.model.agreed.contains(&who) {
            Ask::Agree
        } else {
            Ask::Start { two }
        };
        self.send(Some(device), ask, None);
    }

    fn work(&mut self, device: usize) {
        let roll = self.chance.below(100);
        let page = self.devices[device]
            .page
            .as_ref()
            .map(|page| (page.attempt.clone(), page.two, page.positions, page.closed));
        let Some((attempt, two, positions, closed)) = page else { return };
        if closed && !self.devices[device].unsent() {
            self.devices[device].leave();
        } else if roll < 6 {
            self.note(format!("device {device} reloads"));
            self.devices[device].leave();
            self.send(Some(device), Ask::Start { two }, None);
        } else if roll < 9 && !self.devices[device].unsent() && self.devices[device].waiting_for.is_none() {
            let key = self.chance.percent(40).then(|| format!("submit {attempt}"));
            self.send(Some(device), Ask::Submit { attempt }, key);
        } else if roll < 13 && self.devices[device].waiting_for.is_none() {
            self.send(Some(device), Ask::Clock { attempt }, None);
        } else {
            for _ in 0..self.chance.between(1, 3) {
                self.edit(device, &attempt, two, positions);
            }
            self.flush(device);
        }
    }

    fn edit(&mut self, device: usize, attempt: &str, two: bool, positions: i64) {
        self.edits += 1;
        let outside = self.chance.percent(1);
        let position = if outside { positions + 1 } else { self.chance.between(1, positions) };
        let content = match self.chance.below(20) {
            0 => None,
            1 if !two => Some("z".to_owned()),
            _ if two => Some(format!("{} wrote {} here", self.devices[device].examinee, self.edits)),
            _ => Some(self.chance.one(&["a", "b", "c", "d"]).to_owned()),
        };
        let keeps = !self.chance.percent(5);
        if let Some(sent) = self.devices[device].edit(position, content, keeps) {
            self.sent.insert((attempt.to_owned(), sent));
        }
    }

    fn flush(&mut self, device: usize) {
        let now = self.now();
        let answers = self.devices[device].batch(now);
        let Some(page) = &self.devices[device].page else { return };
        if answers.is_empty() {
            return;
        }
        let ask = Ask::Save { attempt: page.attempt.clone(), answers, two: page.two };
        self.send(Some(device), ask, None);
    }

    fn give_up(&mut self, device: usize, id: u64) {
        if self.devices[device].waiting_for == Some(id) {
            let now = self.now();
            self.devices[device].failed(now, &mut self.chance);
            let wait = self.devices[device].not_before - now;
            self.after(wait, Event::Flush(device));
        }
    }

    // The proctor

    fn proctor(&mut self) {
        if self.faulty {
            let pause = self.chance.between(3_000, 25_000);
            self.after(pause, Event::Proctor);
            match self.chance.below(100) {
                0..25 => self.grant(),
                25..32 => self.owe(Ask::Pause),
                // Sometimes nobody had paused it.
                32..52 => self.owe(Ask::Resume),
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

    fn grant(&mut self) {
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
    fn owe(&mut self, ask: Ask) {
        let key = format!("the proctor's {}", self.next);
        let letter = self.letter(None, ask, Some(key));
        self.owed.push(letter);
    }

    // The network

    fn letter(&mut self, device: Option<usize>, ask: Ask, key: Option<String>) -> Letter {
        self.next += 1;
        Letter { id: self.next, device, ask, key, ghost: false }
    }

    fn send(&mut self, device: Option<usize>, ask: Ask, key: Option<String>) {
        let letter = self.letter(device, ask, key);
        if let Some(device) = device {
            self.devices[device].waiting_for = Some(letter.id);
            self.after(PATIENCE, Event::GivenUp(device, letter.id));
        }
        self.post(letter);
    }

    fn delay(&mut self) -> i64 {
        if self.faulty && self.chance.percent(10) { self.chance.below(30_000) } else { self.chance.between(1, 400) }
    }

    fn post(&mut self, letter: Letter) {
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

    async fn arrive(&mut self, letter: Letter) -> Held {
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
            if !matches!(letter.ask, Ask::Save { .. } | Ask::Submit { .. } | Ask::Credit { .. }) {
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
    fn answered(&mut self, letter: Letter, at: i64, reply: Reply) -> Held {
        self.note(told(&letter, at - self.began, &reply));
        self.judge(&letter, at, &reply, self.disk)?;
        let lost = self.faulty && self.chance.percent(10);
        let delay = self.delay();
        if !letter.ghost && !lost {
            self.after(delay, Event::Hear(letter, reply, at));
        }
        Ok(())
    }

    fn hear(&mut self, letter: &Letter, reply: &Reply, at: i64) {
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
            Ask::Start { two } if reply.status < 400 => self.open(device, *two, &reply.json(), at),
            Ask::Save { attempt, answers, .. } => {
                for (sent, outcome) in answers.iter().zip(super::judge::outcomes(answers, reply)) {
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

    fn open(&mut self, device: usize, two: bool, paper: &Value, at: i64) {
        let saved = paper["saved"].as_array().unwrap().iter();
        let saved = saved.map(|row| (row["position"].as_i64().unwrap(), row["revision"].as_i64().unwrap())).collect();
        let list = if two { "vignettes" } else { "questions" };
        let positions = i64::try_from(paper[list].as_array().unwrap().len()).unwrap();
        self.devices[device].open(paper["attempt"].as_str().unwrap(), two, positions, &saved, at);
    }

    // The server

    async fn clerk_round(&mut self) -> Held {
        if self.faulty {
            self.after(4_000, Event::Clerk);
        }
        if self.down || self.stall.is_some() { Ok(()) } else { self.clerk().await }
    }

    async fn clerk(&mut self) -> Held {
        let done = self.app.clerk_tries().await;
        if self.disk == Disk::Well {
            done.map_err(|error| format!("the clerk: {error}"))?;
            self.model.clerk(self.now());
        }
        Ok(())
    }

    /// The process dies while nothing is at the disk; what is in the network finds nobody for a while.
    async fn crash(&mut self) {
        self.note("crash");
        self.restart(None).await;
    }

    async fn restart(&mut self, image: Option<Home>) {
        self.seed += 1 << 32;
        let home = match (image, &self.place) {
            (Some(image), _) => Rc::new(image),
            (None, Some(place)) => Rc::new(Home::copied(&self.app.home.folder, place)),
            (None, None) => self.app.home.clone(),
        };
        self.app = Rc::new(TestApp::with_clock(home, self.app.clock.clone(), self.seed).await);
        self.down = true;
        let pause = self.chance.between(100, 12_000);
        self.after(pause, Event::Up);
    }

    async fn let_writer_go(&mut self) -> Held {
        let Some(Stall { gate, waiting, crash, middle }) = self.stall.take() else { return Ok(()) };
        self.note(format!("the disk is back, {} waited", waiting.len()));
        if let (true, Some(middle), Some(place)) = (crash, middle, self.place.clone()) {
            return self.crash_midway(gate, middle, waiting, &place).await;
        }
        gate.open().await;
        for (letter, at, answering) in waiting {
            let reply = answering.await;
            self.answered(letter, at, reply)?;
        }
        Ok(())
    }

    /// The process dies in the middle of a transaction: some jobs have run, none is committed, so none may be answered.
    async fn crash_midway(
        &mut self,
        gate: Gate,
        middle: Gate,
        waiting: Vec<(Letter, i64, Answering)>,
        place: &Path,
    ) -> Held {
        self.note("crash in the middle of a transaction");
        let first = gate.release();
        let stands = middle.reached();
        let image = Home::copied(&self.app.home.folder, place);
        let mut left = Vec::new();
        for (letter, _, mut answering) in waiting {
            match nudge(&mut answering).await {
                Some(early) if stands || early.status < 500 => {
                    return Err(format!("answered before its COMMIT: {letter:?} {early:?}"));
                }
                // The transaction failed before the process died.
                Some(_) => {}
                None => left.push(answering),
            }
        }
        self.restart(Some(image)).await;
        // The dead process's installation is finished off; nobody hears of it.
        middle.open().await;
        let _ = first.await;
        for answering in left {
            answering.await;
        }
        Ok(())
    }
}
