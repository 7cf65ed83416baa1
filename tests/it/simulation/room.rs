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
use super::disk::{self, Disk, Gate};
use super::letter::{Ask, Letter};
use super::model::{Model, Sent};

use crate::app::{Reply, TestApp};

mod network;
mod proctor;
mod server;

/// How long the room is busy, in milliseconds; then everything gets well and what is owed is settled.
const HORIZON: i64 = 420_000;
/// After this a page gives a request up, in milliseconds.
const PATIENCE: i64 = 20_000;

enum Event {
    Act(usize),
    Flush(usize),
    Arrive(Letter),
    Hear(Letter, Reply),
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
            Event::Hear(letter, reply) => self.hear(&letter, &reply),
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
            .map(|page| (page.attempt.clone(), page.two, page.positions, page.closed, page.taken_over));
        let Some((attempt, two, positions, closed, taken_over)) = page else { return };
        if closed && !self.devices[device].unsent() {
            self.devices[device].leave();
        } else if roll < 6 || (taken_over && roll < 15) {
            self.note(format!("device {device} reloads"));
            self.devices[device].leave();
            self.send(Some(device), Ask::Start { two }, None);
        } else if roll < 9 && !self.devices[device].unsent() && self.devices[device].waiting_for.is_none() {
            let key = self.chance.percent(40).then(|| format!("submit {attempt}"));
            self.send(Some(device), Ask::Submit { attempt }, key);
        } else if roll < 13 && self.devices[device].waiting_for.is_none() {
            let opening = self.devices[device].opening();
            self.send(Some(device), Ask::Clock { attempt, opening }, None);
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
}
