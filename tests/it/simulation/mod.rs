//! A room full of examinees in a world where everything fails: the network loses, delays, repeats and reorders, the disk
//! is slow or full, the server dies in the middle of a transaction. An independent model says what must be stored.
//!
//! Everything comes from a seed. `EVENHAND_SIM_SEEDS=N` runs so many seeds on each database, from `EVENHAND_SIM_FROM` on,
//! spread over the processors; `EVENHAND_SIM_SEED=N` replays one and prints its course. A seed that fails prints both.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use evenhand::domain::timing::Instant;

mod cast;
mod chance;
mod device;
mod disk;
mod judge;
mod letter;
mod model;
mod room;

use cast::Cast;
use room::Room;

use crate::app::{Backend, Home, TestApp};

/// How many seeds an ordinary run of the tests tries.
const SEEDS_ON_SQLITE: u64 = 24;
const SEEDS_ON_POSTGRES: u64 = 2;

fn spelled(at: i64) -> String {
    Instant(at).rfc3339()
}

fn instant(text: &str) -> i64 {
    Instant::parse(text).map_or(0, |at| at.0)
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// Memory, where there is such a place: nothing here depends on a real disk.
fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// An installation with everybody in it, to be copied for every seed.
struct Template {
    home: Rc<Home>,
    cast: Rc<Cast>,
}

impl Template {
    async fn new() -> Self {
        let app = TestApp::open(Home::below(&place(), Backend::Sqlite).unwrap(), 7).await;
        let cast = Rc::new(Cast::new(&app).await);
        Self { home: app.home.clone(), cast }
    }

    async fn room(&self, seed: u64) -> Room {
        let home = Home::copied(&self.home.folder, &place());
        // Chance of its own: the template has used up that of its seed for the names of what is in it.
        let app = TestApp::open(home, seed + (1 << 40)).await;
        Room::new(app, self.cast.clone(), seed, Some(&place()))
    }
}

/// Runs a room to its end; what does not hold, with the course that led there.
async fn course(seed: u64, room: &mut Room) {
    let outcome = match room.run().await {
        Ok(()) => room.settle().await,
        failed => failed,
    };
    if let Err(what) = outcome {
        let trace = room.trace.join("\n");
        panic!("{trace}\n\nseed {seed}: {what}\nreplay it with EVENHAND_SIM_SEED={seed}");
    }
}

fn say(text: &str) {
    eprintln!("{text}");
}

#[derive(Default)]
struct Tally {
    seeds: AtomicU64,
    requests: AtomicU64,
    promises: AtomicU64,
    late: AtomicU64,
}

impl Tally {
    fn add(&self, room: &Room) {
        let late: usize = room.model.sat.values().map(|sat| sat.late.len()).sum();
        for (sum, more) in [
            (&self.seeds, 1),
            (&self.requests, room.requests),
            (&self.promises, room.promises.len() as u64),
            (&self.late, late as u64),
        ] {
            sum.fetch_add(more, Ordering::Relaxed);
        }
    }

    /// A run in which nothing happens proves nothing.
    fn proves_something(&self) {
        let of = |sum: &AtomicU64| sum.load(Ordering::Relaxed);
        let (seeds, requests, promises, late) =
            (of(&self.seeds), of(&self.requests), of(&self.promises), of(&self.late));
        let told = format!("{seeds} seeds, {requests} requests, {promises} saves acknowledged, {late} came late");
        assert!(requests > 30 * seeds && promises > 10 * seeds && (seeds < 20 || late > 0), "{told}");
        if number("EVENHAND_SIM_SEEDS").is_some() {
            say(&told);
        }
    }
}

/// Runs `work` for many seeds, side by side where there are many; each has a thread and an actix system of its own.
fn for_seeds(usual: u64, work: impl AsyncFn(&[u64], &Tally) + Sync) {
    if let Some(seed) = number("EVENHAND_SIM_SEED") {
        return actix_web::rt::System::new().block_on(work(&[seed], &Tally::default()));
    }
    let (from, many) = (number("EVENHAND_SIM_FROM").unwrap_or(1), number("EVENHAND_SIM_SEEDS").unwrap_or(usual));
    let seeds: Vec<u64> = (from..from + many).collect();
    let tally = Tally::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for part in seeds.chunks(seeds.len().div_ceil(threads)) {
            let (work, tally) = (&work, &tally);
            scope.spawn(move || actix_web::rt::System::new().block_on(work(part, tally)));
        }
    });
    tally.proves_something();
}

#[test]
fn nothing_is_lost_on_sqlite() {
    for_seeds(SEEDS_ON_SQLITE, async |seeds: &[u64], tally: &Tally| {
        let template = Template::new().await;
        for seed in seeds {
            let mut room = template.room(*seed).await;
            course(*seed, &mut room).await;
            tally.add(&room);
            if number("EVENHAND_SIM_SEED").is_some() {
                say(&room.trace.join("\n"));
            }
        }
    });
}

#[test]
fn nothing_is_lost_on_postgres() {
    for_seeds(SEEDS_ON_POSTGRES, async |seeds: &[u64], tally: &Tally| {
        for seed in seeds {
            let Some(home) = Home::new(Backend::Postgres) else { continue };
            let app = TestApp::open(home, *seed).await;
            let cast = Rc::new(Cast::new(&app).await);
            let mut room = Room::new(app, cast, *seed, None);
            course(*seed, &mut room).await;
            tally.add(&room);
        }
    });
}

#[test]
fn a_seed_repeats_itself() {
    actix_web::rt::System::new().block_on(async {
        let template = Template::new().await;
        let mut courses = Vec::new();
        for seed in [3, 3, 4] {
            let mut room = template.room(seed).await;
            course(seed, &mut room).await;
            courses.push(room.trace);
        }
        assert!(courses[0].len() > 50);
        assert_eq!(courses[0], courses[1]);
        assert_ne!(courses[0], courses[2]);
    });
}

/// The model is worth something only if it notices. What is done here to the database, no request could do.
#[test]
fn what_is_lost_is_noticed() {
    let thefts = [
        "DELETE FROM answer WHERE rowid = (SELECT MIN(rowid) FROM answer)",
        "UPDATE answer SET revision = revision - 1 WHERE rowid = (SELECT MAX(rowid) FROM answer)",
        "UPDATE answer SET saved_at = saved_at + 1 WHERE rowid = (SELECT MAX(rowid) FROM answer)",
        "UPDATE answer SET choice = NULL, body = NULL WHERE rowid = \
         (SELECT MAX(rowid) FROM answer WHERE choice IS NOT NULL OR body IS NOT NULL)",
        "UPDATE attempt SET deadline_at = deadline_at + 1000",
        "UPDATE attempt SET digest = 'another'",
        "DELETE FROM late_answer",
        "UPDATE score SET document = replace(document, '\"correct\":', '\"correct\":1')",
        "UPDATE script SET body = 'another'",
    ];
    actix_web::rt::System::new().block_on(async {
        let template = Template::new().await;
        for theft in thefts {
            // The first seed in which there is something to steal.
            for seed in 1.. {
                let mut room = template.room(seed).await;
                course(seed, &mut room).await;
                if disk::execute(room.app.home.database(), theft) == 0 {
                    assert!(seed < 20, "{theft}");
                    continue;
                }
                assert!(room.settle().await.is_err(), "not noticed: {theft}");
                break;
            }
        }
    });
}
