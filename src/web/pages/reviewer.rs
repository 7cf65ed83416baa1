//! A reviewer's pages. They know the blind desk alone: nothing here can reach a name, a time of writing or another
//! reviewer.

use actix_web::web::Path;
use evenhand_templates::reviewer::agreement::{OwnAgreement, Readers, own_agreement};
use evenhand_templates::reviewer::{
    Criterion, Level, MarkingDesk, Queue, QueueRow, ReviewState, Verdict as Shown, marking_desk, queue as queue_view,
};
use evenhand_templates::words::Words;

use crate::desk::reviewer::{Opened, Reviewer};
use crate::desk::{MAX_PAGE, Range};
use crate::domain::ids::ScriptCode;
use crate::domain::psychometrics::standing::{Agreement, MIN_OTHERS, STEP};
use crate::domain::retake::day_of;
use crate::domain::rubric::{self, Marks};
use crate::domain::vocabulary::Verdict;
use crate::store::readings::{QueueEntry, ReadingState};
use crate::web::api::Answer;
use crate::web::error::AppError;
use crate::web::visitor::{Reader, page};
use crate::web::words;

/// `GET /marking`
pub async fn queue(reader: Reader) -> Answer {
    let Reader { desk, shell } = reader;
    let today = day_of(desk.now(), shell.zone);
    let row = |entry: QueueEntry| {
        let due_on = entry.due_on.parse().ok();
        QueueRow {
            code: entry.code.0,
            strand: words::strand(entry.strand).name(shell.words),
            vignette: entry.vignette_title,
            state: match entry.state {
                ReadingState::New | ReadingState::Declined => ReviewState::New,
                ReadingState::Draft => ReviewState::Draft,
                ReadingState::Sealed => ReviewState::Sealed,
            },
            due_on,
            overdue: due_on.is_some_and(|due| due < today),
        }
    };
    let rows = whole_queue(&desk).await?.into_iter().map(row).collect();
    Ok(page(queue_view(&shell, &Queue { rows })))
}

/// `GET /marking/agreement`
pub async fn standing(reader: Reader) -> Answer {
    let Reader { desk, shell } = reader;
    let found = desk.standing().await?;
    let readers = |of: &Agreement| Readers {
        verdict: words::figure(&of.verdict),
        exact: words::figure(&of.exact),
        adjacent: words::figure(&of.adjacent),
        distance: words::figure(&of.distance),
    };
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let view = OwnAgreement {
        severity: words::figure(&found.severity),
        own: readers(&found.own),
        others: readers(&found.others),
        step: whole(STEP),
        readers: whole(MIN_OTHERS),
    };
    Ok(page(own_agreement(&shell, &view)))
}

/// `GET /marking/{code}`
pub async fn review(reader: Reader, code: Path<String>) -> Answer {
    let Reader { desk, shell } = reader;
    let code = ScriptCode(code.into_inner());
    let opened = desk.open(&code).await?;
    let next = next_code(&whole_queue(&desk).await?, &code);
    Ok(page(marking_desk(&shell, &desk_view(shell.words, opened, next))))
}

/// Every script of this reviewer.
async fn whole_queue(desk: &Reviewer) -> Result<Vec<QueueEntry>, AppError> {
    let (mut rows, mut after) = (Vec::new(), Some(String::new()));
    while let Some(from) = after {
        let part = desk.queue(Range { after: from, limit: MAX_PAGE }).await?;
        rows.extend(part.items);
        after = part.next;
    }
    Ok(rows)
}

/// The script to go on with: the next in the queue's order that is not sealed, from the beginning again after the end.
fn next_code(queue: &[QueueEntry], after: &ScriptCode) -> Option<String> {
    let open = || queue.iter().filter(|entry| entry.state != ReadingState::Sealed && entry.code != *after);
    open().find(|entry| entry.code.0 > after.0).or_else(|| open().next()).map(|entry| entry.code.0.clone())
}

fn desk_view(in_words: Words, opened: Opened, next: Option<String>) -> MarkingDesk {
    let Opened { desk, draft, sealed } = opened;
    let revision = draft.as_ref().map_or(0, |draft| draft.revision);
    let (marks, sealed_digest) = match (sealed, draft) {
        (Some((marks, digest)), _) => (marks, Some(digest)),
        (None, Some(draft)) => (draft.marks, None),
        (None, None) => (Marks::default(), None),
    };
    MarkingDesk {
        code: desk.code.0,
        strand: words::strand(desk.strand).name(in_words),
        vignette_title: desk.vignette.title,
        scenario: desk.vignette.scenario,
        prompts: desk.vignette.prompts,
        answer: desk.answer,
        criteria: desk.vignette.rubric.criteria.into_iter().map(|c| criterion(c, &marks)).collect(),
        verdict: marks.verdict.map(|verdict| match verdict {
            Verdict::Pass => Shown::Pass,
            Verdict::Fail => Shown::Fail,
        }),
        remarks_for_examinee: marks.remarks_for_examinee,
        remarks_internal: marks.remarks_internal,
        draft_revision: revision,
        sealed_digest,
        next,
    }
}

fn criterion(of: rubric::Criterion, marks: &Marks) -> Criterion {
    let levels = of.levels.into_iter().map(|level| Level { points: level.points, descriptor: level.descriptor });
    Criterion { chosen: marks.scores.get(&of.id).copied(), levels: levels.collect(), title: of.title, id: of.id }
}
