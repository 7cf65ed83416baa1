//! An examinee's pages: their exams, the way into one, the exam room and its receipt, results and letters, the inbox.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono_tz::Tz;
use evenhand_templates::examinee::safe::{SafeState, SafeView, required};
use evenhand_templates::examinee::{
    AdmissionView, AgreementView, BeforeView, ExamState, ExamView, ExamsView, InboxMessage, InboxView, PartResultView,
    PartView, ResultView, ResultsView, Step, admission, exams as exams_view, inbox as inbox_view,
    results as results_view,
};
use evenhand_templates::words::Words;
use evenhand_templates::{letters, room, urls};
use serde::Deserialize;

use crate::desk::evidence::OwnLate;
use crate::desk::examinee::{Examinee, ResultView as Told};
use crate::desk::exams::{Exam, ReleasedLetter, Sheet};
use crate::domain::attempt::{Next, PartState};
use crate::domain::evidence::Standing as LateStanding;
use crate::domain::ids::{AttemptId, RegistrationId};
use crate::domain::outcome::PartResult;
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::domain::retake::day_of;
use crate::domain::safe_browser::{Shown, Standing};
use crate::domain::setup::Preferences;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Part, SittingKind};
use crate::store::Error;
use crate::store::sittings::Sitting;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::letter::{letter_view, remarks};
use crate::web::pages::arrangements::lines;
use crate::web::pages::practice;
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::{mailbox, seen, words};

/// Which agreement is accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementForm {
    version: String,
}

/// `GET /exams`
pub async fn exams(visitor: Visitor, request: HttpRequest) -> Answer {
    let (desk, now) = (visitor.examinee(), visitor.arrival());
    let mut exams = desk.exams(visitor.locale().tag()).await?;
    // What can still be sat comes first, the nearest on top; then what is past, the latest on top.
    exams.sort_by_key(|exam| {
        let opens_at = exam.course.sitting.terms.opens_at.0;
        let past = exam.released || matches!(exam.next, Next::Finished | Next::Over);
        (past, if past { -opens_at } else { opens_at })
    });
    let seen_until = seen::RESULTS.until(&request, &visitor.person.person_id());
    let is_new = |told: &&Told| Instant::parse(&told.released_at).is_some_and(|at| at > seen_until);
    let unread = desk.results().await?.iter().filter(is_new).count();
    let visitor = match exams.first() {
        Some(exam) => visitor.unless_known(exam.course.sitting.zone()),
        None => visitor,
    };
    let before = before(&desk).await?;
    let view = ExamsView {
        before,
        exams: exams.iter().map(|exam| exam_view(exam, now)).collect(),
        unread_results: i64::try_from(unread).unwrap_or(i64::MAX),
    };
    Ok(page(exams_view(&visitor.shell, &view)))
}

/// `GET /exams/{registration}`
pub async fn exam(visitor: Visitor, id: Path<String>, shown: Shown) -> Answer {
    let exam = visitor.examinee().exam(&RegistrationId(id.into_inner()), visitor.locale().tag(), &shown).await?;
    let visitor = visitor.unless_known(exam.course.sitting.zone());
    let practice = exam.course.registration.practice;
    // There is no hurry about practice.
    let part_two_until = exam.course.one.as_ref().filter(|_| !practice).and_then(|_| exam.start_until(Part::Two));
    let view = AdmissionView {
        exam: ExamView {
            title: title_of(&visitor, practice, &exam.course.sitting),
            ..exam_view(&exam, visitor.arrival())
        },
        now: visitor.now(),
        agreement: AgreementView {
            version: exam.agreement.0.clone(),
            text: exam.agreement.1.clone(),
            accepted_at: exam.accepted_at().map(Instant::utc),
        },
        step: step(&exam),
        late_until: exam.start_until(Part::One).filter(|_| !practice).map(Instant::utc),
        part_two_until: part_two_until.map(Instant::utc),
        awaits_admission: exam.awaits_admission(),
        contact: None,
        practice,
    };
    Ok(page(admission(&visitor.shell, &view)))
}

/// `POST /exams/{registration}/agreement`
pub async fn agree(visitor: Visitor, id: Path<String>, form: Form<AgreementForm>) -> Answer {
    let id = id.into_inner();
    match visitor.examinee().agreement_accept(&RegistrationId(id.clone()), &form.0.version).await {
        // The exam's page shows the version in force, to be read and accepted.
        Ok(()) | Err(Error::Refused(Refusal::AgreementChanged)) => Ok(see_other(&urls::exam(&id))),
        Err(other) => Err(other.into()),
    }
}

/// `POST /exams/{registration}/parts/{part}/start`
pub async fn start(visitor: Visitor, path: Path<(String, String)>, shown: Shown) -> Answer {
    let (id, part) = path.into_inner();
    let part = Part::parse(&part).ok_or(Refusal::NotFound)?;
    match visitor.examinee().part_start(&RegistrationId(id.clone()), part, &shown).await {
        Ok(started) => Ok(see_other(&urls::attempt(started.attempt.as_str()))),
        // The exam's page says that the sitting is paused, or sat in another browser, and what that means.
        Err(Error::Refused(Refusal::SittingPaused | Refusal::SafeExamBrowserRequired)) => {
            Ok(see_other(&urls::exam(&id)))
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /attempts/{attempt}`: the exam room, and the receipt once the part is closed.
pub async fn attempt(visitor: Visitor, id: Path<String>, shown: Shown) -> Answer {
    let sheet = visitor.examinee().sheet(&AttemptId(id.into_inner()), &shown).await?;
    let visitor = visitor.unless_known(sheet.sitting.zone());
    let scope = seen::scope(&visitor.person.person_id());
    let (attempt, title) = (&sheet.attempt, title_of(&visitor, sheet.practice, &sheet.sitting));
    if let Some(receipt) = &sheet.receipt {
        let mut view = room::ReceiptView { title, ..receipt_view(&visitor, &sheet, receipt, scope) };
        if sheet.practice && attempt.part == Part::One {
            view.solution = Some(practice::solution_view(visitor.examinee().practice_solution(&attempt.id).await?));
        }
        return Ok(page(room::receipt(&visitor.shell, &view)));
    }
    let safe = safe_view(sheet.browser, &sheet.sitting, &attempt.registration);
    if let Some(missing) = safe.as_ref().filter(|safe| safe.state == SafeState::Missing) {
        let mut refused = page(required(&visitor.shell, &title, missing));
        *refused.status_mut() = StatusCode::FORBIDDEN;
        return Ok(refused);
    }
    let view = room::RoomView {
        safe,
        attempt: attempt.id.0.clone(),
        registration: attempt.registration.0.clone(),
        part: words::part(attempt.part),
        title,
        scope,
        now: visitor.now(),
        deadline: attempt.clock.ends_at(visitor.arrival()).utc(),
        breaks: sheet.breaks,
        contact: None,
        preferences: preferences(visitor.examinee().preferences().await?),
    };
    Ok(page(room::room(&visitor.shell, &view)))
}

fn preferences(of: Preferences) -> room::Preferences {
    let Preferences { type_size, contrast, clock_hidden, list_view, keys_off } = of;
    room::Preferences { type_size, contrast, clock_hidden, list_view, keys_off }
}

/// `GET /results`
pub async fn results(visitor: Visitor) -> Answer {
    let told = visitor.examinee().results().await?;
    let (now, in_words) = (visitor.arrival(), visitor.shell.words);
    let view = ResultsView { results: told.iter().map(|told| result_view(in_words, told, now)).collect() };
    let mut response = page(results_view(&visitor.shell, &view));
    seen::RESULTS.note(&mut response, &visitor.web, &visitor.person.person_id(), now)?;
    Ok(response)
}

/// `GET /results/{registration}/letter`
pub async fn letter(visitor: Visitor, id: Path<String>) -> Answer {
    let found = visitor.examinee().letter(&RegistrationId(id.into_inner())).await?;
    let ReleasedLetter { letter, sitting, association, released_at } = found;
    // A letter is dated where it is written, whoever reads it where.
    let mut shell = visitor.shell.clone();
    shell.zone = sitting.zone();
    let (of, released_at) = ((&sitting, &association), Some(released_at.utc()));
    Ok(page(letters::page(&shell, &letter_view(shell.words, &letter, of, released_at, visitor.arrival()))))
}

/// `GET /inbox`
pub async fn inbox(visitor: Visitor, request: HttpRequest) -> Answer {
    let whose = visitor.person.person_id();
    let seen_until = seen::INBOX.until(&request, &whose);
    let messages = visitor.examinee().inbox().await?.into_iter().filter_map(|message| {
        let letter = mailbox::letter(&message, &visitor.person, &visitor.web.origin)?;
        let sent_at = message.written_at();
        let unread = sent_at > seen_until;
        Some(InboxMessage { subject: letter.subject, body: letter.body, sent_at: sent_at.utc(), unread })
    });
    let view = InboxView { messages: messages.collect(), origin: visitor.web.origin.clone() };
    let mut response = page(inbox_view(&visitor.shell, &view));
    seen::INBOX.note(&mut response, &visitor.web, &whose, visitor.arrival())?;
    Ok(response)
}

/// What a sitting is called: practice by the same name in everybody's language.
fn title_of(visitor: &Visitor, practice: bool, sitting: &Sitting) -> String {
    if practice {
        evenhand_templates::examinee::practice::title(visitor.shell.words)
    } else {
        sitting.terms.title.clone()
    }
}

/// What there is to do before the day, for who may and where there is something.
async fn before(desk: &Examinee) -> Result<Option<BeforeView>, Error> {
    if !desk.practice_possible().await? {
        return Ok(None);
    }
    let newest = desk.practices("en").await?.into_iter().next();
    let unfinished = newest.is_some_and(|seat| seat.parts.iter().any(|part| part.state == PartState::Open));
    Ok(Some(BeforeView { unfinished, check: desk.checks().await?.iter().find_map(practice::finished) }))
}

fn exam_view(exam: &Exam, now: Instant) -> ExamView {
    let (registration, terms) = (&exam.course.registration, &exam.course.sitting.terms);
    ExamView {
        registration: registration.id.0.clone(),
        title: terms.title.clone(),
        association: exam.association.name.clone(),
        track: words::track(registration.track),
        category: words::category(registration.category),
        fixed_start: terms.kind == SittingKind::Fixed,
        opens_at: terms.opens_at.utc(),
        closes_at: terms.closes_at.utc(),
        zone: exam.course.sitting.zone(),
        state: exam_state(exam, now),
        parts: [Part::One, Part::Two].map(|part| part_view(exam, part, now)).to_vec(),
        safe: safe_view(exam.browser, &exam.course.sitting, &registration.id),
        accommodations: exam.accommodation.as_ref().map(|row| lines(&row.arrangement())).unwrap_or_default(),
    }
}

fn exam_state(exam: &Exam, now: Instant) -> ExamState {
    let opened = now >= exam.course.sitting.terms.opens_at;
    match exam.next {
        _ if exam.released => ExamState::Released,
        Next::Resume(_) | Next::Start(Part::Two) => ExamState::Working,
        Next::Agree | Next::BeAdmitted | Next::Paused if exam.course.one.is_some() => ExamState::Working,
        Next::Start(Part::One) => ExamState::Open,
        Next::Agree | Next::BeAdmitted | Next::Paused if opened => ExamState::Open,
        Next::Agree | Next::BeAdmitted | Next::Paused | Next::Wait | Next::Late => ExamState::Booked,
        Next::Finished => ExamState::Done,
        Next::Over if exam.course.one.is_some() => ExamState::Done,
        Next::Over => ExamState::Missed,
    }
}

fn part_view(exam: &Exam, part: Part, now: Instant) -> PartView {
    let (state, attempt) = (exam.part_state(part), exam.course.attempt(part));
    PartView {
        part: words::part(part),
        state: words::part_state(state),
        allowance_seconds: exam.allowance_seconds(part),
        attempt: attempt.map(|a| a.id.0.clone()),
        deadline: attempt.filter(|_| state == PartState::Open).map(|a| a.clock.ends_at(now).utc()),
    }
}

/// Safe Exam Browser as pages show it, where the sitting asks for it.
fn safe_view(standing: Option<Standing>, sitting: &Sitting, seat: &RegistrationId) -> Option<SafeView> {
    let state = words::safe_state(standing?);
    Some(SafeView { sitting: sitting.id.0.clone(), registration: seat.0.clone(), state })
}

fn step(exam: &Exam) -> Step {
    match exam.next {
        Next::Start(_) | Next::Resume(_) if exam.browser == Some(Standing::Missing) => Step::SafeBrowser,
        Next::Agree => Step::Agreement,
        Next::Wait => Step::Wait,
        Next::BeAdmitted => Step::Identity,
        Next::Start(part) => Step::Start(words::part(part)),
        Next::Resume(part) => Step::Resume(words::part(part)),
        Next::Late => Step::Late,
        Next::Over => Step::Over,
        Next::Finished => Step::Finished,
        Next::Paused => Step::Paused,
    }
}

fn receipt_view(visitor: &Visitor, sheet: &Sheet, receipt: &Receipt, scope: String) -> room::ReceiptView {
    let attempt = &sheet.attempt;
    room::ReceiptView {
        attempt: attempt.id.0.clone(),
        registration: attempt.registration.0.clone(),
        title: sheet.sitting.terms.title.clone(),
        part: words::part(attempt.part),
        scope,
        closed_at: attempt.clock.closed_at.unwrap_or(attempt.clock.deadline).utc(),
        closed_by: words::closed_by(receipt.closed_by),
        closing_reason: sheet.closing_reason.clone(),
        answered: receipt.answered,
        total: sheet.asked.max(receipt.answered),
        last_saved_at: sheet.last_saved_at.map(Instant::utc),
        late: sheet.late.iter().map(own_late).collect(),
        version: receipt.version(),
        issued_at: receipt.amendment.as_ref().and_then(|a| Instant::parse(&a.issued_at)).map(Instant::utc),
        digest: receipt.digest.clone(),
        signature: receipt.signature.clone(),
        key_id: receipt.key_id.clone(),
        safe: sheet.browser.filter(|_| !sheet.practice).map(|_| sheet.sitting.id.0.clone()),
        practice: sheet.practice,
        solution: None,
        mark: receipt.mark().to_owned(),
        origin: visitor.web.origin.clone(),
        part_two_follows: attempt.part == Part::One && !matches!(sheet.next, Next::Finished | Next::Over | Next::Late),
    }
}

fn own_late(late: &OwnLate) -> room::LateView {
    room::LateView {
        position: late.position,
        arrived_at: Instant::parse(&late.arrived_at).unwrap_or(Instant(0)).utc(),
        state: match late.state {
            LateStanding::Undecided => room::LateState::LookedAt,
            LateStanding::Admitted => room::LateState::Admitted,
            LateStanding::Refused => room::LateState::Refused,
        },
        reason: late.reason.clone(),
    }
}

fn result_view(in_words: Words, told: &Told, now: Instant) -> ResultView {
    let today = day_of(now, told.sitting.time_zone.parse().unwrap_or(Tz::UTC));
    let part = |part: &PartResult| PartResultView {
        part: words::part(part.part),
        outcome: words::outcome(part.outcome),
        percent: part.percent,
        domains: part.domains.as_ref().map(|d| words::bands(in_words, d)).unwrap_or_default(),
        feedback: remarks(part),
    };
    ResultView {
        registration: told.registration.0.clone(),
        title: told.sitting.title.clone(),
        track: words::track(told.track),
        category: words::category(told.category),
        released_at: Instant::parse(&told.released_at).unwrap_or(now).utc(),
        outcome: words::outcome(told.outcome),
        parts: told.parts.iter().map(part).collect(),
        retake: told.retake.as_ref().and_then(|retake| words::retake(&retake.open_from, today)),
        follows_appeal: told.follows_appeal,
        appeal: told.appeal.state.map(|state| super::appeals::state(state, false)),
        appeal_until: told.appeal.until.as_deref().and_then(|day| day.parse().ok()),
    }
}
