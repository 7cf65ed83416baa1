use super::*;
use crate::domain::ids::AssociationId;
use crate::domain::sitting::problems;
use crate::domain::vocabulary::{Category, Strand, Track};
use crate::secrets::verify_password;
use crate::store::Address;

fn options(examinees: u32, reviewers: u32) -> Options {
    Options { port: 0, data: None, examinees, reviewers, part_one_seconds: 60, part_two_seconds: 90, json: true }
}

/// A store in a folder that goes away with the test.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        Self(folder(&options(0, 0), &World::system()).unwrap())
    }

    fn store(&self) -> Store {
        Store::open(Address::Sqlite(self.0.join("evenhand.db").display().to_string()), World::system()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn a_demo_has_somebody_for_every_task_and_breaks_no_rule() {
    run(async {
        let (place, options) = (Place::new(), options(6, 3));
        let store = place.store();
        let built = build(&store, &options).await.unwrap();
        let emails: Vec<String> = built.accounts.iter().map(|a| format!("{} {}", a.role, a.email)).collect();
        assert_eq!(emails.len(), 6 + 3 + 6);
        for expected in [
            "examinee examinee6@demo.example",
            "reviewer reviewer3@demo.example",
            "coordinator coordinator2@demo.example",
            "administrator administrator1@demo.example",
        ] {
            assert!(emails.iter().any(|e| e == expected), "{expected}: {emails:?}");
        }
        let password = built.accounts[0].password.clone();
        let sitting = built.sitting.clone();
        let now = store.world().clock.now();
        let (sitting, seats, reviewers, hash, findings) = store
            .read(now, move |tx| {
                let sitting = tx.sitting(&sitting)?;
                let place = AssociationId(sitting.association.0.clone());
                let hash = tx.credential("examinee1@demo.example")?.and_then(|c| c.password_hash);
                Ok((tx.registrations_in(&sitting.id)?, tx.reviewers(&place)?, hash, tx.invariants()?, sitting))
            })
            .await
            .map(|(seats, reviewers, hash, findings, sitting)| (sitting, seats, reviewers, hash, findings))
            .unwrap();
        assert!(problems(&sitting.terms).is_empty() && sitting.terms.opens_at < now && sitting.terms.closes_at > now);
        assert_eq!(findings, Vec::<String>::new());
        assert_eq!((seats.len(), reviewers.len()), (6, 3));
        assert!(reviewers.iter().all(|r| r.strands == Strand::ALL && r.capacity == 24));
        assert!(verify_password(&password, hash.as_deref()));
        for (track, category) in [
            (Track::Imh, Category::Specialist),
            (Track::Ecmh, Category::MentorPolicy),
            (Track::Imh, Category::MentorResearchFaculty),
            (Track::Ecmh, Category::MentorClinical),
        ] {
            assert!(seats.iter().any(|s| s.track == track && s.category == category), "{track} {category}");
        }
    });
}

#[test]
fn an_installation_that_is_there_is_left_alone() {
    let place = Place::new();
    let named = Options { data: Some(place.0.join("new")), ..options(1, 1) };
    let world = World::system();
    assert_eq!(folder(&named, &world).unwrap(), place.0.join("new"));
    for trace in ["evenhand.db", "secrets"] {
        let path = place.0.join("new").join(trace);
        std::fs::write(&path, "").unwrap();
        assert!(matches!(folder(&named, &world), Err(Trouble::Refused(_))), "{trace}");
        std::fs::remove_file(path).unwrap();
    }
}
