//! The coordinator's pages: the desk, the sittings, their marking and release, the audit log.

use chrono_tz::Tz;
use evenhand_templates::coordinator::{SittingHead, SittingKind as ShownKind, SittingState};

use crate::desk::coordinator::SittingSummary;
use crate::domain::rights::Act;
use crate::domain::sitting::Stage;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::SittingKind;
use crate::web::visitor::Visitor;

pub mod agreement;
pub mod audit;
pub mod calibration;
pub mod corrections;
pub mod desk;
pub mod late;
pub mod marking;
pub mod policies;
pub mod release;
pub mod screening;
pub mod sitting_form;
pub mod sittings;

/// What every page of a sitting says at its head.
pub fn head(summary: &SittingSummary, now: Instant) -> SittingHead {
    let terms = &summary.sitting.terms;
    SittingHead {
        id: summary.sitting.id.0.clone(),
        title: terms.title.clone(),
        association: summary.association_name.clone(),
        kind: match terms.kind {
            SittingKind::Fixed => ShownKind::Fixed,
            SittingKind::Window => ShownKind::Window,
        },
        opens_at: terms.opens_at.utc(),
        closes_at: terms.closes_at.utc(),
        time_zone: summary.sitting.zone(),
        state: state(summary.stage(now)),
    }
}

/// The state's word.
pub fn state(stage: Stage) -> SittingState {
    match stage {
        Stage::Planned => SittingState::Planned,
        Stage::Open => SittingState::Open,
        Stage::Marking => SittingState::Marking,
        Stage::Released => SittingState::Released,
    }
}

/// Whether the visitor runs the sitting, so that its pages may offer what only they may do.
pub fn runs(visitor: &Visitor, summary: &SittingSummary) -> bool {
    visitor.authority.may(Act::RunSittings, &summary.sitting.association)
}

/// Instants that belong to no sitting are told in the browser's zone, and in the association's until that is known.
pub async fn at_home(visitor: Visitor) -> Result<Visitor, crate::web::error::AppError> {
    let home = visitor.people().associations().await.ok().and_then(|places| places.into_iter().next());
    let zone: Option<Tz> = home.and_then(|place| place.time_zone.parse().ok());
    Ok(match zone {
        Some(zone) => visitor.unless_known(zone),
        None => visitor,
    })
}
