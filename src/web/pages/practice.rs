//! Before the day: practice and the system check.

use actix_web::web::Path;
use evenhand_templates::examinee::{CheckRunView, CheckView as Shown, Found, SolutionView, SolvedView, checkup};
use evenhand_templates::staff::CheckMark;
use evenhand_templates::urls;

use crate::desk::practice::{Solution, Solved};
use crate::desk::system_check::{CheckBrief, CheckView};
use crate::domain::system_check::Outcome;
use crate::domain::timing::Instant;
use crate::web::api::Answer;
use crate::web::seen;
use crate::web::visitor::{Visitor, page, see_other};

/// `POST /practice`
pub async fn practise(visitor: Visitor) -> Answer {
    let (id, _) = visitor.examinee().practice_begin().await?;
    Ok(see_other(&urls::exam(id.as_str())))
}

/// `GET /system-check`
pub async fn overview(visitor: Visitor) -> Answer {
    let last = visitor.examinee().checks().await?.iter().find_map(finished);
    Ok(page(checkup::overview(&visitor.shell, last.as_ref())))
}

/// `POST /system-check`
pub async fn begin(visitor: Visitor) -> Answer {
    let (id, _) = visitor.examinee().check_begin().await?;
    Ok(see_other(&urls::system_check_run(&id)))
}

/// `GET /system-check/{check}`: one that is over leads back to where it can be done again.
pub async fn run(visitor: Visitor, id: Path<String>) -> Answer {
    let check = visitor.examinee().check(&id).await?;
    if check.finished_at.is_some() {
        return Ok(see_other(urls::SYSTEM_CHECK));
    }
    let view =
        CheckRunView { check: check.id, attempt: check.attempt.0, scope: seen::scope(&visitor.person.person_id()) };
    Ok(page(checkup::run(&visitor.shell, &view)))
}

/// A check that came to its end, as pages show it.
pub fn finished(check: &CheckView) -> Option<Shown> {
    let found = |outcome| match outcome {
        Outcome::Passed => Found::Passed,
        Outcome::Warning => Found::Warning,
        Outcome::Failed => Found::Failed,
        Outcome::Skipped => Found::Skipped,
    };
    Some(Shown {
        done_at: Instant::parse(check.finished_at.as_deref()?)?.utc(),
        passed: check.passed?,
        findings: check.findings.iter().map(|f| (f.check.as_str().to_owned(), found(f.outcome), f.measure)).collect(),
    })
}

/// A check as staff see it on a seat.
pub fn mark(check: &CheckBrief) -> Option<CheckMark> {
    Some(CheckMark {
        done_at: Instant::parse(&check.done_at)?.utc(),
        passed: check.passed,
        failed: check.failed.iter().map(|probe| probe.as_str().to_owned()).collect(),
    })
}

/// How a practised Part One went, as its receipt shows it.
pub fn solution_view(solution: Solution) -> SolutionView {
    let question = |q: Solved| SolvedView {
        position: q.position,
        stem: q.stem,
        chosen: q.chosen.map(str::to_owned).zip(q.chosen_text),
        right: (q.right.to_owned(), q.right_text),
        rationale: q.rationale,
    };
    SolutionView {
        correct: solution.correct,
        total: solution.scored,
        questions: solution.questions.into_iter().map(question).collect(),
    }
}
