//! A reviewer's pages. They know the blind desk alone: nothing here can reach a name, a time of writing or another
//! reviewer.

use std::collections::BTreeMap;

use actix_web::web::Path;
use evenhand_templates::profile::{Profile as Shown, profile as profile_view};
use evenhand_templates::reviewer::agreement::{OwnAgreement, Readers, own_agreement};
use evenhand_templates::reviewer::calibration::{Lesson, LessonRow, Post, Set, own_calibration};
use evenhand_templates::reviewer::correction::{
    CorrectionPage, CorrectionState as ShownCorrection, correction as correction_view,
};
use evenhand_templates::reviewer::{
    Criterion, Level, MarkingDesk, Passage, Queue, QueueRow, ReviewState, TimeLeft, Verdict as Judged, marking_desk,
    queue as queue_view,
};
use evenhand_templates::urls;
use evenhand_templates::words::Words;

use crate::desk::reviewer::lessons::OwnCalibration;
use crate::desk::reviewer::profile::{Profile, ProfileChange};
use crate::desk::reviewer::{Opened, Reviewer};
use crate::desk::{MAX_PAGE, Range};
use crate::domain::correction::CorrectionState;
use crate::domain::ids::ScriptCode;
use crate::domain::psychometrics::standing::{Agreement, MIN_OTHERS, STEP};
use crate::domain::refusal::Refusal;
use crate::domain::retake::day_of;
use crate::domain::rubric::{self, Marks};
use crate::domain::vocabulary::Verdict;
use crate::store::lessons::{OwnLesson, OwnSet};
use crate::store::readings::{QueueEntry, ReadingState};
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{Place, Unaccepted, place, unaccepted};
use crate::web::pages::profiles::{self, AbsenceForm, KnownForm, TrainingForm};
use crate::web::visitor::{Reader, page, page_refused, see_other};
use crate::web::words::{self, calibration_state as state};

const CORRECTION_PLACES: [Place; 2] = [
    place("/reason", "reason", "correction-reason"),
    place("/remarks_for_examinee", "remarks_for_examinee", "desk-remarks-examinee"),
];

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
    let estimate = desk.profile().await?.estimate;
    let estimate = TimeLeft { minutes: estimate.minutes, own: estimate.own };
    let calibrated = !desk.calibration().await?.is_empty();
    Ok(page(queue_view(&shell, &Queue { rows, estimate, calibrated })))
}

/// `GET /marking/calibration`
pub async fn calibration(reader: Reader) -> Answer {
    let Reader { desk, shell } = reader;
    let posts: Vec<Post> = desk.calibration().await?.iter().map(|own| post(shell.words, own)).collect();
    Ok(page(own_calibration(&shell, &posts)))
}

fn post(in_words: Words, own: &OwnCalibration) -> Post {
    let set = |set: &OwnSet| Set {
        number: set.number,
        scripts: set.scripts,
        sealed: set.sealed,
        lessons: set.lessons.iter().map(lesson).collect(),
    };
    Post {
        strand: words::strand(own.strand).name(in_words),
        state: state(own.state),
        sets: own.sets.iter().map(set).collect(),
    }
}

fn lesson(of: &OwnLesson) -> Lesson {
    let row = |criterion: &rubric::Criterion| {
        let reference = of.lesson.marks.iter().find(|mark| mark.criterion == criterion.id)?;
        Some(LessonRow {
            title: criterion.title.clone(),
            own: of.own.scores.get(&criterion.id).copied(),
            reference: reference.points,
            maximum: criterion.max_points(),
            rationale: reference.rationale.clone(),
        })
    };
    Lesson {
        code: of.code.0.clone(),
        vignette: of.vignette.title.clone(),
        verdicts: (of.own.verdict.map(judged), judged(of.lesson.verdict)),
        rows: of.vignette.rubric.criteria.iter().filter_map(row).collect(),
    }
}

fn judged(verdict: Verdict) -> Judged {
    match verdict {
        Verdict::Pass => Judged::Pass,
        Verdict::Fail => Judged::Fail,
    }
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

/// A review as it is typed, by field.
type Sent = BTreeMap<String, String>;

/// `GET /marking/{code}/correction`
pub async fn correction(reader: Reader, code: Path<String>) -> Answer {
    let Reader { desk, shell } = reader;
    let opened = desk.open(&ScriptCode(code.into_inner())).await?;
    if opened.sealed.is_none() {
        return Err(Refusal::NotSealed.into());
    }
    let view =
        CorrectionPage { desk: desk_view(shell.words, opened, None), reason: String::new(), problems: Vec::new() };
    Ok(page(correction_view(&shell, &view)))
}

/// `POST /marking/{code}/correction`
pub async fn correct(reader: Reader, code: Path<String>, form: Form<Sent>) -> Answer {
    let Reader { desk, shell } = reader;
    let (code, sent) = (ScriptCode(code.into_inner()), form.0);
    let mut opened = desk.open(&code).await?;
    let field = |name: &str| sent.get(name).cloned().unwrap_or_default();
    let points =
        |(name, points): (&String, &String)| Some((name.strip_prefix("score.")?.to_owned(), points.parse().ok()?));
    let marks = Marks {
        scores: sent.iter().filter_map(points).collect(),
        verdict: Verdict::parse(&field("verdict")),
        // Browsers send lines as they travel in mail.
        remarks_for_examinee: field("remarks_for_examinee").replace("\r\n", "\n"),
        remarks_internal: field("remarks_internal").replace("\r\n", "\n"),
        // Passages are marked on the desk; a correction keeps those that were sealed.
        highlights: opened.sealed.as_ref().map(|(sealed, _)| sealed.highlights.clone()).unwrap_or_default(),
    };
    let reason = field("reason");
    let refused = match desk.correct(&code, marks.clone(), reason.clone()).await {
        Ok(()) => return Ok(see_other(&urls::review(code.as_str()))),
        Err(error) => unaccepted(error, shell.words, &CORRECTION_PLACES)?,
    };
    opened.sealed = Some((marks, String::new()));
    let view = CorrectionPage { desk: desk_view(shell.words, opened, None), reason, problems: refused.problems };
    Ok(Unaccepted::answer(refused.status, correction_view(&shell, &view)))
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
    let Opened { desk, draft, sealed, correction } = opened;
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
        verdict: marks.verdict.map(judged),
        remarks_for_examinee: marks.remarks_for_examinee,
        remarks_internal: marks.remarks_internal,
        highlights: marks.highlights.into_iter().map(passage).collect(),
        draft_revision: revision,
        sealed_digest,
        correction: correction.map(|asked| match asked.state {
            CorrectionState::Waiting => ShownCorrection::Waiting,
            CorrectionState::Approved => ShownCorrection::Approved,
            CorrectionState::Refused => ShownCorrection::Refused,
        }),
        next,
    }
}

fn passage(of: rubric::Highlight) -> Passage {
    Passage { start: of.start, end: of.end, criterion: of.criterion, note: of.note }
}

fn criterion(of: rubric::Criterion, marks: &Marks) -> Criterion {
    let levels = of.levels.into_iter().map(|level| Level { points: level.points, descriptor: level.descriptor });
    Criterion { chosen: marks.scores.get(&of.id).copied(), levels: levels.collect(), title: of.title, id: of.id }
}

/// `GET /marking/profile`
pub async fn profile(reader: Reader) -> Answer {
    let Reader { desk, shell } = reader;
    let own = desk.profile().await?;
    Ok(page(profile_view(&shell, &shown(shell.words, &own))))
}

fn shown(in_words: Words, own: &Profile) -> Shown {
    Shown {
        training: profiles::training(in_words, &own.strands, own.capacity),
        absences: profiles::absences(&own.absences),
        circle: profiles::circle(&own.knows),
    }
}

/// `POST /marking/profile`
pub async fn training(reader: Reader, form: Form<TrainingForm>) -> Answer {
    let Reader { desk, shell } = reader;
    let problems = match form.0.change(shell.words) {
        Ok(change) => match desk.profile_set(change).await {
            Ok(_) => return Ok(see_other(urls::REVIEWER_PROFILE)),
            Err(error) => unaccepted(error, shell.words, &profiles::TRAINING_PLACES)?.problems,
        },
        Err(problems) => problems,
    };
    let own = desk.profile().await?;
    let view = Shown { training: form.0.again(shell.words, problems), ..shown(shell.words, &own) };
    Ok(page_refused(profile_view(&shell, &view)))
}

/// `POST /marking/absences`
pub async fn absence(reader: Reader, form: Form<AbsenceForm>) -> Answer {
    let Reader { desk, shell } = reader;
    let own = desk.profile().await?;
    let problems = match form.0.applied(shell.words, own.absences.clone()) {
        Ok(all) => match desk.profile_set(ProfileChange { absences: Some(all), ..ProfileChange::default() }).await {
            Ok(_) => return Ok(see_other(urls::REVIEWER_PROFILE)),
            Err(error) => profiles::refused(error, shell.words, profiles::UNTIL)?,
        },
        Err(problems) => problems,
    };
    let view = Shown { absences: form.0.again(&own.absences, problems), ..shown(shell.words, &own) };
    Ok(page_refused(profile_view(&shell, &view)))
}

/// `POST /marking/acquaintances`
pub async fn acquaintance(reader: Reader, form: Form<KnownForm>) -> Answer {
    let Reader { desk, shell } = reader;
    let own = desk.profile().await?;
    let problems = match form.0.applied(shell.words, own.knows.clone()) {
        Ok(all) => match desk.profile_set(ProfileChange { knows: Some(all), ..ProfileChange::default() }).await {
            Ok(_) => return Ok(see_other(urls::REVIEWER_PROFILE)),
            Err(error) => profiles::refused(error, shell.words, profiles::WHO)?,
        },
        Err(problems) => problems,
    };
    let view = Shown { circle: form.0.again(&own.knows, problems), ..shown(shell.words, &own) };
    Ok(page_refused(profile_view(&shell, &view)))
}
