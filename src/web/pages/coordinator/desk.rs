//! The desk: what needs the coordinator today.

use evenhand_templates::coordinator::desk::{Desk, NearSitting, Task, TaskKind, desk};
use evenhand_templates::urls;

use super::state;
use crate::desk::overview::{Overview, Scheduled, Work};
use crate::domain::sitting::Stage;
use crate::domain::timing::Instant;
use crate::web::api::Answer;
use crate::web::visitor::{Visitor, page};

/// From how long before its opening on a sitting's missing form is pressing.
const SOON_SECONDS: i64 = 14 * 24 * 3600;
/// How many sittings the desk shows.
const SHOWN: usize = 8;

/// `GET /desk`
pub async fn show(visitor: Visitor) -> Answer {
    let overview = visitor.coordinator().overview().await?;
    Ok(page(desk(&visitor.shell, &desk_view(&overview, visitor.arrival()))))
}

fn desk_view(overview: &Overview, now: Instant) -> Desk {
    let mut tasks: Vec<Task> = overview
        .waiting
        .iter()
        .filter_map(|(release, id)| {
            let title = overview.work.iter().find(|w| w.sitting.summary.sitting.id == *id)?;
            let title = title.sitting.summary.sitting.terms.title.clone();
            Some(task(TaskKind::ReleasesToApprove, 1, title, urls::release(&release.id), false))
        })
        .collect();
    tasks.extend(overview.requests.iter().map(|(id, name)| {
        task(TaskKind::AccommodationRequest, 1, name.clone(), urls::accommodation_request(id), true)
    }));
    tasks.extend(
        overview
            .appeals
            .iter()
            .map(|(id, name)| task(TaskKind::Appeal, 1, name.clone(), urls::appeal(id.as_str()), true)),
    );
    for work in &overview.calibration {
        let (id, name) = (&work.association.id, &work.association.name);
        let lines = [
            (TaskKind::ReviewersNotAdmitted, work.waiting, urls::calibration(id)),
            (TaskKind::ReviewersDrifting, work.drifting, urls::drift(id)),
        ];
        for (kind, found, href) in lines.into_iter().filter(|(_, found, _)| *found > 0) {
            tasks.push(task(kind, i64::try_from(found).unwrap_or(i64::MAX), name.clone(), href, false));
        }
    }
    tasks.extend(overview.work.iter().flat_map(|work| tasks_of(work, now)));
    // The sort is stable: what presses comes first, the rest keeps its order.
    tasks.sort_by_key(|task| !task.pressing);
    let mut near: Vec<&Scheduled> =
        overview.work.iter().map(|w| &w.sitting).filter(|s| s.stage != Stage::Released).collect();
    near.sort_by_key(|s| (s.stage == Stage::Planned, s.summary.sitting.terms.opens_at));
    Desk { tasks, sittings: near.into_iter().take(SHOWN).map(near_view).collect() }
}

fn tasks_of(work: &Work, now: Instant) -> Vec<Task> {
    let sitting = &work.sitting.summary.sitting;
    let (title, id) = (&sitting.terms.title, sitting.id.as_str());
    let soon = sitting.terms.opens_at <= now.plus_seconds(SOON_SECONDS);
    let lacks_form = i64::from(work.sitting.lacks_form);
    [
        (TaskKind::SittingWithoutForm, lacks_form, urls::sitting(id), soon),
        (TaskKind::ReviewsOverdue, work.overdue, urls::sitting_marking(id), true),
        (TaskKind::Screening, work.to_screen, urls::sitting_screening(id), true),
        (TaskKind::ScriptsLackReviewer, work.scripts_lacking, urls::sitting_marking(id), false),
        (TaskKind::ThirdReadings, work.thirds_lacking, urls::sitting_marking(id), true),
        (TaskKind::LateEvidence, work.late, urls::late(id), true),
        (TaskKind::Corrections, work.corrections, urls::sitting_corrections(id), true),
        (TaskKind::ReadyToRelease, work.settled, urls::release_gate(id), false),
    ]
    .into_iter()
    .filter(|(_, count, ..)| *count > 0)
    .map(|(kind, count, href, pressing)| task(kind, count, title.clone(), href, pressing))
    .collect()
}

fn task(kind: TaskKind, count: i64, subject: String, href: String, pressing: bool) -> Task {
    Task { kind, count, subject, href, until: None, pressing }
}

fn near_view(scheduled: &Scheduled) -> NearSitting {
    let sitting = &scheduled.summary.sitting;
    NearSitting {
        id: sitting.id.0.clone(),
        title: sitting.terms.title.clone(),
        opens_at: sitting.terms.opens_at.utc(),
        closes_at: sitting.terms.closes_at.utc(),
        time_zone: sitting.zone(),
        booked: scheduled.summary.taken,
        capacity: sitting.terms.capacity,
        state: state(scheduled.stage),
    }
}
