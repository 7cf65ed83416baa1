//! The server's own part: the clerk's rounds, crashes, and the writer that is held back.

use std::path::Path;
use std::rc::Rc;

use super::super::disk::{Disk, Gate, nudge};
use super::super::letter::Letter;
use super::{Answering, Event, Held, Room, Stall};
use crate::app::{Home, TestApp};

impl Room {
    pub(super) async fn clerk_round(&mut self) -> Held {
        if self.faulty {
            self.after(4_000, Event::Clerk);
        }
        if self.down || self.stall.is_some() { Ok(()) } else { self.clerk().await }
    }

    pub(super) async fn clerk(&mut self) -> Held {
        let done = self.app.clerk_tries().await;
        if self.disk == Disk::Well {
            done.map_err(|error| format!("the clerk: {error}"))?;
            self.model.clerk(self.now());
        }
        Ok(())
    }

    /// The process dies while nothing is at the disk; what is in the network finds nobody for a while.
    pub(super) async fn crash(&mut self) {
        self.note("crash");
        self.restart(None).await;
    }

    pub(super) async fn restart(&mut self, image: Option<Home>) {
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

    pub(super) async fn let_writer_go(&mut self) -> Held {
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
    pub(super) async fn crash_midway(
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
