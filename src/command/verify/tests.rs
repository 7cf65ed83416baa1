use std::sync::Arc;

use super::*;
use crate::command::demo;
use crate::desk::Office;
use crate::desk::examinee::Examinee;
use crate::desk::hints::Pace;
use crate::desk::live::Boards;
use crate::desk::pulse::Pulse;
use crate::domain::ids::{AttemptId, RegistrationId, SessionId};
use crate::domain::safe_browser::Shown;
use crate::store::answers::NewAnswer;
use crate::store::{Address, Call};

/// An installation in which one examinee has taken Part One, in a folder that goes away with the test.
struct Place {
    folder: PathBuf,
    store: Store,
    key: ReceiptKey,
    receipt: Receipt,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    async fn new() -> Self {
        let world = World::system();
        let folder = crate::config::temporary_folder().join(format!("evenhand-verify-{}", world.entropy.word(12)));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("evenhand.db").display().to_string();
        let store = Store::open(Address::Sqlite(path), world).unwrap();
        let options = demo::Options {
            port: 0,
            data: None,
            examinees: 1,
            reviewers: 2,
            part_one_seconds: 60,
            part_two_seconds: 60,
            json: true,
        };
        let built = demo::build(&store, &options).await.unwrap();
        let key = ReceiptKey::new(&[7; 32]);
        let receipt = sit_part_one(&store, &key, &built).await;
        Self { folder, store, key, receipt }
    }
}

async fn sit_part_one(store: &Store, key: &ReceiptKey, built: &demo::Built) -> Receipt {
    let (call, sitting) = (Call::at(store.world().clock.now()), built.sitting.clone());
    let session = SessionId(store.world().entropy.id());
    let begun = session.clone();
    let seat: RegistrationId = store
        .write(&call, move |tx| {
            let person = tx.registrations_in(&sitting)?.remove(0);
            tx.session_begin(&begun, &person.person, tx.now().plus_seconds(3600))?;
            Ok(person.id)
        })
        .await
        .unwrap();
    let office = Office {
        store: store.clone(),
        receipts: Arc::new(key.clone()),
        pulse: Pulse::default(),
        pace: Pace::default(),
        boards: Boards::default(),
        base_url: "http://127.0.0.1:8080".into(),
    };
    let desk = Examinee::new(office, session, call);
    desk.agreement_accept(&seat, "2026-1").await.unwrap();
    let attempt: AttemptId = desk.part_start(&seat, Part::One, &Shown::default()).await.unwrap().attempt;
    let answers = (1..=50)
        .map(|position| NewAnswer { position, revision: 1, choice: Some("b".into()), body: None, keep: false })
        .collect();
    desk.answers_save(&attempt, answers).await.unwrap();
    desk.submit(&attempt).await.unwrap()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn what_was_done_properly_holds() {
    run(async {
        let place = Place::new().await;
        let report = results(&place.store, place.key.clone()).await.unwrap();
        assert_eq!(report.findings, Vec::<String>::new());
        assert_eq!((report.checked["receipts"], report.checked["scores"]), (1, 1));
        assert_eq!(audit(&place.store).await.unwrap().found, 0);
        let report = receipt(&place.store, place.key.clone(), place.receipt.clone()).await.unwrap();
        assert_eq!(report.findings, Vec::<String>::new());
    });
}

#[test]
fn a_score_that_its_answers_do_not_give_is_found() {
    run(async {
        let place = Place::new().await;
        let (id, call) = (place.receipt.attempt.clone(), Call::at(place.store.world().clock.now()));
        place
            .store
            .write(&call, move |tx| {
                let mut score = tx.score(&id)?.unwrap();
                score.total.correct += 1;
                tx.score_add(&id, &score)
            })
            .await
            .unwrap();
        let report = results(&place.store, place.key.clone()).await.unwrap();
        assert_eq!(report.found, 1, "{report:?}");
        assert!(report.findings[0].contains("is not what its answers give"), "{report:?}");
    });
}

#[test]
fn a_receipt_that_is_not_ours_or_was_altered_is_found() {
    run(async {
        let place = Place::new().await;
        let altered = |change: fn(&mut Receipt)| {
            let mut receipt = place.receipt.clone();
            change(&mut receipt);
            receipt
        };
        let cases: [(Receipt, &[&str]); 5] = [
            (altered(|r| r.answered = 60), &["stored answers", "signature", "another one"]),
            (altered(|r| r.digest = "0".repeat(64)), &["stored answers", "signature", "another one"]),
            (altered(|r| r.closed_at = "2026-11-21T00:00:00.000Z".into()), &["signature", "another one"]),
            (altered(|r| r.key_id = "other".into()), &["names the key other", "another one"]),
            (altered(|r| r.attempt = AttemptId("nowhere".into())), &["there is none"]),
        ];
        for (given, expected) in cases {
            let report = receipt(&place.store, place.key.clone(), given.clone()).await.unwrap();
            let fits = report.findings.iter().zip(expected).all(|(told, words)| told.contains(words));
            assert!(fits && report.findings.len() == expected.len(), "{given:?}: {report:?}");
        }
        let other = results(&place.store, ReceiptKey::new(&[8; 32])).await.unwrap();
        assert!(other.findings.iter().any(|told| told.contains("names the key")), "{other:?}");
    });
}
