//! What arrives in time counts, however long it then waits for a connection to the database server.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::app::{Backend, TestApp, run};
use crate::build::Stage;
use crate::examinee::attempt_of;

/// As many as a server has at the most.
const CONNECTIONS: usize = 10;

/// Holds every connection of a server until it is let go.
struct Held {
    keys: Vec<Sender<()>>,
    jobs: Vec<tokio::task::JoinHandle<()>>,
}

impl Held {
    async fn all(app: &TestApp) -> Self {
        let (has, mut held) = tokio::sync::mpsc::unbounded_channel();
        let (mut keys, mut jobs) = (Vec::new(), Vec::new());
        for _ in 0..CONNECTIONS {
            let (key, wait) = channel::<()>();
            let (store, now, has, wait) =
                (app.web.office.store.clone(), app.now(), has.clone(), Arc::new(Mutex::new(wait)));
            keys.push(key);
            jobs.push(tokio::task::spawn_local(async move {
                let hold = store.read(now, move |_| {
                    let _ = has.send(());
                    let _ = wait.lock().unwrap().recv();
                    Ok(())
                });
                hold.await.unwrap();
            }));
        }
        for _ in 0..CONNECTIONS {
            held.recv().await.unwrap();
        }
        Self { keys, jobs }
    }

    async fn let_go(self) {
        drop(self.keys);
        for job in self.jobs {
            job.await.unwrap();
        }
    }
}

#[test]
fn a_save_that_waited_for_a_connection_counts() {
    run(Backend::Postgres, waited);
}

async fn waited(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let right = app.key(&attempt).await[0];
    let other = TestApp::beside(app, 9).await;
    app.clock.advance_seconds(5399);
    let arrived = app.now().rfc3339();
    let held = Held::all(app).await;
    let save = json!({ "revision": 1, "choice": right });
    let mut saving = Box::pin(app.save(&seat, &attempt, 1, save.clone()));
    assert!((&mut saving).now_or_never().is_none());
    // Another server closes the part meanwhile, long after the time was up.
    app.clock.advance_seconds(5);
    other.clerk().await;
    let first = other.submit(&seat, &attempt).await;
    assert_eq!((&first["closed_by"], &first["answered"]), (&json!("deadline"), &json!(0)));
    held.let_go().await;
    let saved = saving.await.expect(200);
    assert_eq!((&saved["revision"], &saved["saved_at"]), (&json!(1), &json!(arrived)));
    // It counts: in the paper, in a later receipt, in the score.
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    assert_eq!(paper["saved"][0]["choice"], right);
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!((&receipt["version"], &receipt["answered"]), (&json!(2), &json!(1)));
    let id = evenhand::domain::ids::AttemptId(attempt.clone());
    assert_eq!(app.read(move |tx| tx.score(&id)).await.unwrap().total.correct, 1);
    // Told again it is the same; a new one is late.
    assert_eq!(app.save(&seat, &attempt, 1, save).await.expect(200)["saved_at"], json!(arrived));
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": right })).await.problem(409, "part_closed");
    let work = app.get(&stage.coordinator, &stage.path("/late")).await.expect(200);
    assert_ne!(work["items"], Value::Null);
}
