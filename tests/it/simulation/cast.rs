//! Who is in the room: built once, and copied for every seed.

use evenhand::domain::ids::SittingId;
use evenhand::domain::policy::Policy;
use serde_json::json;

use super::disk;
use crate::app::{TestApp, User};
use crate::build::{Seat, Stage};

/// How long a part lasts for who has no arrangement, in seconds.
const ALLOWANCE: i64 = 120;
const NAMES: [&str; 4] = ["Ann Able", "Ben Bold", "Cyd Cash", "Dee Dean"];

pub struct Cast {
    pub seats: Vec<Seat>,
    pub proctor: User,
    pub sitting: SittingId,
    /// The agreement in force.
    pub agreement: String,
}

impl Cast {
    /// Fills an installation: short parts, identities to be confirmed, one examinee with time and a half.
    pub async fn new(app: &TestApp) -> Self {
        let stage = Stage::with_reviewers(app, 0).await;
        app.policy(&stage.here, Policy { identity_check: true, ..Policy::default() }).await;
        let now = app.now();
        let sitting = app
            .sitting(&stage.here, &stage.coordinator, |terms| {
                // Not before the rules above were in force.
                terms.opens_at = now;
                terms.one_items = 10;
                terms.one_allowance_seconds = ALLOWANCE;
                terms.two_allowance_seconds = ALLOWANCE;
            })
            .await;
        let mut seats = Vec::new();
        for name in NAMES {
            seats.push(stage.seat_in(app, &sitting, name).await);
        }
        let arrangement = json!({ "time_multiplier_percent": 150, "approved_note": "on file" });
        let path = format!("/people/{}/accommodations", seats[1].user.id);
        app.put(&stage.coordinator, &path, arrangement).await.expect(200);
        let own = app.get(&seats[0].user, "/registrations").await.expect(200);
        let agreement = own["items"][0]["agreement"]["version"].as_str().unwrap().to_owned();
        disk::prepare(app.home.database());
        // Mail is delivered before anything begins, so that the seeds need not.
        app.clerk().await;
        Self { seats, proctor: stage.proctor, sitting, agreement }
    }

    /// How long a part lasts for an examinee, in seconds.
    pub fn allowance(&self, examinee: usize) -> i64 {
        if examinee == 1 { ALLOWANCE * 3 / 2 } else { ALLOWANCE }
    }
}
