//! Samples of what an examinee sees.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{Pages, at, signed_in};
use crate::{
    arrangement::{
        ArrangementFields, ArrangementsView, ConfirmedView, RequestForm, RequestState, RequestView, arrangements,
    },
    exam::{Accommodation, Category, Outcome, Part, PartState, Retake, Track},
    examinee::appeal::{self, AppealForm, AppealPage, AppealState, Ground, OwnAppeal},
    examinee::{
        AdmissionView, AgreementView, Band, BeforeView, CheckRunView, CheckView, DomainView, ExamState, ExamView,
        ExamsView, Found, InboxMessage, InboxView, PartResultView, PartView, ResultView, ResultsView, SafeState,
        SafeView, SolutionView, SolvedView, Step, admission, checkup, exams, inbox, results, safe::required,
    },
    form::FieldError,
    letters::{self, LetterPart, LetterRemarks, LetterView},
    mail::{Addressee, Mail, compose},
    page::{NavItem, Notice, Section, Shell},
    parts::Tone,
    profile,
    room::{ClosedBy, LateState, LateView, Preferences, ReceiptView, RoomView, receipt, room},
    urls,
    words::Locale,
};

/// Every page, in its states.
pub(super) fn pages(locale: Locale) -> Pages {
    let shell = |path: &str| shell(locale, path);
    let mut pages = vec![
        (
            "exams",
            exams(
                &noticed(shell(urls::EXAMS)),
                &ExamsView { exams: all_exams(), unread_results: 1, before: Some(before()) },
            ),
        ),
        ("exams-empty", exams(&shell(urls::EXAMS), &ExamsView { exams: Vec::new(), unread_results: 0, before: None })),
    ];
    for (name, view) in admissions().into_iter().chain(safe_admissions()) {
        pages.push((name, admission(&shell("/exams/r-1"), &view)));
    }
    pages.extend([
        ("acquaintances", profile::acquaintances(&shell(urls::ACQUAINTANCES), &an_acquaintance(""))),
        ("acquaintances-refused", profile::acquaintances(&shell(urls::ACQUAINTANCES), &an_acquaintance("Ruth"))),
        ("room-one", room(&shell("/attempts/a-1"), &room_view(Part::One))),
        ("room-two", room(&shell("/attempts/a-2"), &room_view(Part::Two))),
        ("room-safe", room(&shell("/attempts/a-1"), &safe_room())),
        ("safe-browser", required(&shell("/attempts/a-1"), TITLE, &safe(SafeState::Missing))),
        ("receipt-safe", receipt(&shell("/attempts/a-2"), &safe_receipt())),
        ("receipt-one", receipt(&shell("/attempts/a-1"), &receipt_view(Part::One, ClosedBy::Examinee))),
        ("receipt-two", receipt(&shell("/attempts/a-2"), &receipt_view(Part::Two, ClosedBy::Deadline))),
        ("receipt-proctor", receipt(&shell("/attempts/a-2"), &receipt_view(Part::Two, ClosedBy::Proctor))),
        ("arrangements", arrangements(&shell(urls::OWN_ACCOMMODATIONS), &own_arrangements())),
        ("arrangements-waiting", arrangements(&shell(urls::OWN_ACCOMMODATIONS), &waiting_arrangements())),
        ("practice-receipt", receipt(&shell("/attempts/a-1"), &practised())),
        ("system-check", checkup::overview(&shell(urls::SYSTEM_CHECK), None)),
        ("system-check-done", checkup::overview(&shell(urls::SYSTEM_CHECK), Some(&checked(false)))),
        ("system-check-run", checkup::run(&shell("/system-check/c-1"), &check_run())),
        ("results", results(&shell(urls::RESULTS), &ResultsView { results: all_results() })),
        ("appeal", appeal::own(&shell("/results/r-1/appeal"), &appeal_page(Vec::new(), false))),
        ("appeal-refused", appeal::own(&shell("/results/r-1/appeal"), &appeal_page(Vec::new(), true))),
        ("appeals", appeal::own(&shell("/results/r-1/appeal"), &appeals())),
        ("results-empty", results(&shell(urls::RESULTS), &ResultsView { results: Vec::new() })),
        ("inbox", inbox(&shell(urls::INBOX), &InboxView { messages: messages(locale), origin: ORIGIN.to_owned() })),
        ("inbox-empty", inbox(&shell(urls::INBOX), &InboxView { messages: Vec::new(), origin: ORIGIN.to_owned() })),
    ]);
    for (name, outcome) in [
        ("letter-passed", Outcome::Passed),
        ("letter-failed", Outcome::Failed),
        ("letter-void", Outcome::Void),
        ("letter-withheld", Outcome::Withheld),
        ("letter-incomplete", Outcome::Incomplete),
        ("letter-absent", Outcome::Absent),
    ] {
        pages.push((name, letters::page(&shell("/results/r-1/letter"), &letter(outcome))));
    }
    pages
}

fn appeal_page(appeals: Vec<OwnAppeal>, refused: bool) -> AppealPage {
    let wrong = FieldError { field: "statement".to_owned(), message: "1–5000".to_owned() };
    let form = AppealForm {
        until: at("2027-06-02T13:00:00Z").date_naive(),
        stands: !refused,
        ground: if refused { "procedure".to_owned() } else { String::new() },
        statement: String::new(),
        problems: Some(wrong).filter(|_| refused).into_iter().collect(),
    };
    AppealPage { registration: "r-1".to_owned(), title: TITLE.to_owned(), appeals, form: Some(form) }
}

pub(super) fn an_appeal(state: AppealState) -> OwnAppeal {
    let decided = state != AppealState::Open;
    let reason =
        (decided && state != AppealState::Withdrawn).then(|| "The alarm cost more than was credited.".to_owned());
    OwnAppeal {
        id: format!("q-{state:?}").to_lowercase().replace(['(', ')'], "-"),
        ground: Ground::Procedure,
        statement: "A fire alarm rang for ten minutes while I wrote.\n\nFive were credited.".to_owned(),
        made_at: at("2027-05-04T13:00:00Z"),
        state,
        decided: decided.then(|| (at("2027-05-12T13:00:00Z"), reason)),
    }
}

fn appeals() -> AppealPage {
    let states = [
        AppealState::Open,
        AppealState::Withdrawn,
        AppealState::Dismissed,
        AppealState::ReMark,
        AppealState::Recount(true),
        AppealState::Recount(false),
    ];
    AppealPage { form: None, ..appeal_page(states.map(an_appeal).to_vec(), false) }
}

fn an_acquaintance(typed: &str) -> profile::Circle {
    let known = |who: &str, relation: &str| profile::Known { who: who.to_owned(), relation: relation.to_owned() };
    let wrong = FieldError { field: "who".to_owned(), message: "A whole name, or an e-mail address.".to_owned() };
    profile::Circle {
        known: vec![known("Ruth Okafor", "supervision"), known("daniel.roy@example.org", "other")],
        who: typed.to_owned(),
        relation: "colleague".to_owned(),
        problems: Some(wrong).filter(|_| !typed.is_empty()).into_iter().collect(),
    }
}

fn shell(locale: Locale, path: &str) -> Shell {
    let navigation =
        vec![Section::Exams.into(), NavItem { section: Section::Results, count: Some(1) }, Section::Inbox.into()];
    signed_in(locale, "Maria Delgado", path, navigation)
}

fn noticed(shell: Shell) -> Shell {
    let text = match shell.words.locale {
        Locale::En => "Your password was changed.",
        Locale::Es => "Se cambió su contraseña.",
    };
    Shell { notice: Some(Notice { tone: Tone::Good, text: text.to_owned() }), ..shell }
}

const ORIGIN: &str = "https://exam.example.org";
const TITLE: &str = "Spring sitting 2027";

fn part(part: Part, state: PartState) -> PartView {
    let running = state == PartState::Open;
    let attempt = (running || state == PartState::Closed).then(|| format!("a-{}", part.segment()));
    PartView { part, state, allowance_seconds: 8100, attempt, deadline: running.then(|| at("2027-03-20T16:15:00Z")) }
}

fn exam(state: ExamState, one: PartState, two: PartState) -> ExamView {
    ExamView {
        registration: "r-1".to_owned(),
        title: TITLE.to_owned(),
        association: "Connecticut (CT-AIMH)".to_owned(),
        track: Track::Imh,
        category: Category::MentorClinical,
        fixed_start: true,
        opens_at: at("2027-03-20T14:00:00Z"),
        closes_at: at("2027-03-20T19:00:00Z"),
        zone: Tz::America__New_York,
        state,
        parts: vec![part(Part::One, one), part(Part::Two, two)],
        accommodations: vec![Accommodation::TimeMultiplier { percent: 150 }, Accommodation::StopClockBreaks],
        safe: None,
    }
}

/// The same exam, sat in Safe Exam Browser.
fn safe(state: SafeState) -> SafeView {
    SafeView { sitting: "s-1".to_owned(), registration: "r-1".to_owned(), state }
}

/// Admission to it.
fn safe_admissions() -> Vec<(&'static str, AdmissionView)> {
    use PartState::{Closed, Locked, Open, Ready};
    let base = |name: &str| admissions().into_iter().find(|(known, _)| *known == name).map(|(_, view)| view);
    let with = |name, step, one, two, state| {
        let view = base(name)?;
        let exam =
            ExamView { safe: Some(safe(state)), parts: vec![part(Part::One, one), part(Part::Two, two)], ..view.exam };
        Some(AdmissionView { exam, step, ..view })
    };
    let pages = [
        ("admission-safe-ahead", with("admission-wait", Step::Wait, Locked, Locked, SafeState::Missing)),
        ("admission-safe-missing", with("admission-start", Step::SafeBrowser, Ready, Locked, SafeState::Missing)),
        ("admission-safe-proved", with("admission-running", Step::Resume(Part::One), Open, Locked, SafeState::Proved)),
        ("admission-safe-exempt", with("admission-break", Step::Start(Part::Two), Closed, Ready, SafeState::Exempt)),
    ];
    pages.into_iter().filter_map(|(name, view)| Some((name, view?))).collect()
}

fn all_exams() -> Vec<ExamView> {
    use PartState::{Closed, Locked, Ready};
    let window = ExamView {
        title: "Monthly window, April 2027".to_owned(),
        association: "Hawaii (AIMH HI)".to_owned(),
        track: Track::Ecmh,
        category: Category::MentorResearchFaculty,
        fixed_start: false,
        opens_at: at("2027-04-24T18:00:00Z"),
        closes_at: at("2027-05-01T09:59:00Z"),
        zone: Tz::Pacific__Honolulu,
        accommodations: vec![
            Accommodation::ExtraTime { part: Part::Two, seconds: 1800 },
            Accommodation::LargerType,
            Accommodation::ReaderLayout,
            Accommodation::SpellCheck,
        ],
        ..exam(ExamState::Booked, Locked, Locked)
    };
    let plain = |category, state, one, two| ExamView { category, accommodations: Vec::new(), ..exam(state, one, two) };
    vec![
        exam(ExamState::Open, Ready, Locked),
        window,
        plain(Category::Specialist, ExamState::Working, Closed, Ready),
        plain(Category::MentorPolicy, ExamState::Done, Closed, Closed),
        plain(Category::MentorPolicy, ExamState::Released, Closed, Closed),
        plain(Category::Specialist, ExamState::Missed, Locked, Locked),
        plain(Category::Specialist, ExamState::Cancelled, Locked, Locked),
    ]
}

const AGREEMENT: &str = "By starting this exam I agree that\n\n- its questions and vignettes are **confidential**: I do not \
copy, record, discuss or publish them, now or later;\n- I work alone, without notes, books, other people or programs that \
write;\n- what I write is my own.\n\nI understand that breaking this agreement can make my exam void.";

fn admissions() -> Vec<(&'static str, AdmissionView)> {
    use PartState::{Closed, Locked, Open, Ready};
    let view = |now: &str, step: Step, one, two| AdmissionView {
        exam: exam(ExamState::Booked, one, two),
        now: at(now),
        agreement: AgreementView {
            version: "2027-1".to_owned(),
            text: AGREEMENT.to_owned(),
            accepted_at: (step != Step::Agreement).then(|| at("2027-03-20T13:31:00Z")),
        },
        step,
        late_until: Some(at("2027-03-20T14:15:00Z")),
        part_two_until: Some(at("2027-03-20T16:45:00Z")),
        awaits_admission: step == Step::Identity,
        contact: Some("+1 860 555 0100".to_owned()),
        practice: false,
    };
    let practice = |now, step, one, two| AdmissionView { practice: true, ..view(now, step, one, two) };
    vec![
        ("practice-start", practice("2027-03-01T14:01:00Z", Step::Start(Part::One), Ready, Locked)),
        ("practice-finished", practice("2027-03-01T15:01:00Z", Step::Finished, Closed, Closed)),
        ("admission-agreement", view("2027-03-20T13:30:00Z", Step::Agreement, Locked, Locked)),
        ("admission-wait", view("2027-03-20T13:47:18Z", Step::Wait, Locked, Locked)),
        ("admission-identity", view("2027-03-20T14:01:00Z", Step::Identity, Locked, Locked)),
        ("admission-paused", view("2027-03-20T14:01:00Z", Step::Paused, Locked, Locked)),
        ("admission-start", view("2027-03-20T14:01:00Z", Step::Start(Part::One), Ready, Locked)),
        ("admission-running", view("2027-03-20T14:40:00Z", Step::Resume(Part::One), Open, Locked)),
        ("admission-break", view("2027-03-20T16:20:00Z", Step::Start(Part::Two), Closed, Ready)),
        ("admission-late", view("2027-03-20T14:20:00Z", Step::Late, Locked, Locked)),
        ("admission-over", view("2027-03-21T14:20:00Z", Step::Over, Locked, Locked)),
        ("admission-finished", view("2027-03-20T18:50:00Z", Step::Finished, Closed, Closed)),
    ]
}

/// A request; both sides see the same.
pub(super) fn a_request(state: RequestState) -> RequestView {
    let decided = state != RequestState::Waiting;
    RequestView {
        id: "q-1".to_owned(),
        state,
        lines: vec![Accommodation::TimeMultiplier { percent: 150 }, Accommodation::LargerType],
        statement: "I read slowly, and small type tires my eyes.\n\nAt university I had half as much time again."
            .to_owned(),
        sent_at: at("2027-01-04T15:20:00Z"),
        decided_at: decided.then(|| at("2027-01-06T09:02:00Z")),
        note: decided.then(|| "Confirmed as asked. It holds for the retake too.".to_owned()),
    }
}

fn own_arrangements() -> ArrangementsView {
    let fields = ArrangementFields { time_multiplier_percent: "125".to_owned(), ..ArrangementFields::default() };
    ArrangementsView {
        confirmed: Some(ConfirmedView {
            lines: vec![
                Accommodation::TimeMultiplier { percent: 150 },
                Accommodation::StopClockBreaks,
                Accommodation::LargerType,
            ],
            expires_on: Some(day(2028, 12, 31)),
            over: false,
        }),
        requests: vec![a_request(RequestState::Approved)],
        form: Some(RequestForm { fields, ..RequestForm::default() }),
    }
}

fn waiting_arrangements() -> ArrangementsView {
    ArrangementsView { confirmed: None, requests: vec![a_request(RequestState::Waiting)], form: None }
}

fn room_view(part: Part) -> RoomView {
    RoomView {
        attempt: format!("a-{}", part.segment()),
        registration: "r-1".to_owned(),
        part,
        title: TITLE.to_owned(),
        scope: "p-1".to_owned(),
        breaks: part == Part::Two,
        now: at("2027-03-20T14:40:12Z"),
        deadline: at("2027-03-20T15:30:00Z"),
        contact: Some("+1 860 555 0100".to_owned()),
        preferences: Preferences { type_size: Some(2), ..Preferences::default() },
        safe: None,
    }
}

fn safe_room() -> RoomView {
    RoomView { safe: Some(safe(SafeState::Proved)), ..room_view(Part::One) }
}

fn safe_receipt() -> ReceiptView {
    ReceiptView { safe: Some("s-1".to_owned()), ..receipt_view(Part::Two, ClosedBy::Examinee) }
}

fn receipt_view(part: Part, closed_by: ClosedBy) -> ReceiptView {
    ReceiptView {
        attempt: format!("a-{}", part.segment()),
        registration: "r-1".to_owned(),
        title: TITLE.to_owned(),
        part,
        scope: "p-1".to_owned(),
        closed_at: at("2027-03-20T15:22:41Z"),
        closed_by,
        closing_reason: (closed_by == ClosedBy::Proctor).then(|| "You were taken ill and asked to end it.".to_owned()),
        answered: if part == Part::One { 58 } else { 2 },
        total: if part == Part::One { 60 } else { 2 },
        last_saved_at: Some(at("2027-03-20T15:22:38Z")),
        late: if closed_by == ClosedBy::Deadline { late_answers() } else { Vec::new() },
        version: if closed_by == ClosedBy::Deadline { 2 } else { 1 },
        issued_at: (closed_by == ClosedBy::Deadline).then(|| at("2027-03-22T09:05:00Z")),
        digest: "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78".to_owned(),
        signature: "qJ8v0mE3sK1R8nXbQ2dT0c7oVtYw4hZ1LrPzA9uGfE5iCkSjMxN6BvDyHqWlOg==".to_owned(),
        key_id: "2027-a".to_owned(),
        mark: "0f3a9c1e77d24b6a8812f0c3d95e4b17".to_owned(),
        origin: "https://exam.example.org".to_owned(),
        part_two_follows: part == Part::One,
        safe: None,
        practice: false,
        solution: None,
    }
}

fn checked(passed: bool) -> CheckView {
    let found = |probe: &str, found, measure| (probe.to_owned(), found, measure);
    CheckView {
        done_at: at("2027-03-01T14:40:00Z"),
        passed,
        findings: vec![
            found("modules", Found::Passed, None),
            found("device_storage", Found::Passed, None),
            found("storage_room", Found::Passed, Some(2048)),
            found("events", if passed { Found::Passed } else { Found::Failed }, None),
            found("clock", Found::Warning, Some(-61000)),
            found("round_trip", Found::Passed, Some(48)),
            found("save", Found::Passed, None),
            found("pull_out", if passed { Found::Passed } else { Found::Skipped }, None),
            found("safe_exam_browser", Found::Skipped, None),
        ],
    }
}

fn check_run() -> CheckRunView {
    CheckRunView { check: "c-1".to_owned(), attempt: "a-one".to_owned(), scope: "p-1".to_owned() }
}

fn before() -> BeforeView {
    BeforeView { unfinished: false, check: Some(checked(true)) }
}

fn practised() -> ReceiptView {
    let question = |position, chosen: Option<(&str, &str)>| SolvedView {
        position,
        stem: "A healthy baby of two months looks at a face that smiles and talks.\n\nWhat would you expect?"
            .to_owned(),
        chosen: chosen.map(|(letter, text)| (letter.to_owned(), text.to_owned())),
        right: ("b".to_owned(), "The baby smiles back now and then".to_owned()),
        rationale: "Smiles in answer to a face usually appear in the second month.".to_owned(),
    };
    let questions = vec![
        question(1, Some(("b", "The baby smiles back now and then"))),
        question(2, Some(("c", "The baby says a first word or two"))),
        question(3, None),
    ];
    ReceiptView {
        practice: true,
        answered: 2,
        total: 3,
        solution: Some(SolutionView { correct: 1, total: 3, questions }),
        ..receipt_view(Part::One, ClosedBy::Examinee)
    }
}

fn late_answers() -> Vec<LateView> {
    let late = |position, state, reason: Option<&str>| LateView {
        position,
        arrived_at: at("2027-03-20T15:31:02Z"),
        state,
        reason: reason.map(str::to_owned),
    };
    vec![
        late(1, LateState::Admitted, Some("The building lost its network at 11:20; the proctor's record says so.")),
        late(2, LateState::Refused, Some("It was written after the end.")),
        late(3, LateState::LookedAt, None),
    ]
}

fn domains() -> Vec<DomainView> {
    let domain = |name: &str, band| DomainView { name: name.to_owned(), band };
    vec![
        domain("Theoretical Foundations", Band::Strong),
        domain("Law, Regulation and Agency Policy", Band::Developing),
        domain("Direct Service Skills", Band::Adequate),
        domain("Working With Others", Band::Strong),
    ]
}

const REMARKS: [&str; 2] = [
    "You hold the grandmother’s grief and the infant’s need in view **at the same time**, and say how you would begin. \
     To go further, name what you yourself feel in the room and how you would bring it to supervision.",
    "The first visit is well paced. Say more about what you would watch for between the caregiver and the baby before \
     you offer any explanation.",
];

fn remarks() -> LetterRemarks {
    LetterRemarks { vignette: "A grandmother’s kitchen".to_owned(), remarks: REMARKS.map(str::to_owned).to_vec() }
}

fn all_results() -> Vec<ResultView> {
    let result = |title: &str, outcome, released: &str, parts, retake| ResultView {
        registration: "r-0".to_owned(),
        title: title.to_owned(),
        track: Track::Imh,
        category: Category::MentorClinical,
        released_at: at(released),
        outcome,
        parts,
        retake,
        follows_appeal: outcome == Outcome::Passed,
        appeal: None,
        appeal_until: (outcome != Outcome::Passed).then(|| at("2027-06-02T13:00:00Z").date_naive()),
    };
    let one = |outcome, percent| PartResultView {
        part: Part::One,
        outcome,
        percent: Some(percent),
        domains: domains(),
        feedback: Vec::new(),
    };
    let two = |outcome| PartResultView {
        part: Part::Two,
        outcome,
        percent: None,
        domains: Vec::new(),
        feedback: vec![remarks()],
    };
    vec![
        result(
            TITLE,
            Outcome::Passed,
            "2027-05-03T13:00:00Z",
            vec![one(Outcome::Passed, 86), two(Outcome::Passed)],
            None,
        ),
        result(
            "Spring sitting 2026",
            Outcome::Failed,
            "2026-05-04T13:00:00Z",
            vec![one(Outcome::Passed, 81), two(Outcome::Failed)],
            Some(Retake { open_from: day(2027, 3, 20), open: false }),
        ),
    ]
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn messages(locale: Locale) -> Vec<InboxMessage> {
    let to = Addressee { words: locale.words(), zone: Tz::America__New_York, name: "Maria Delgado", origin: ORIGIN };
    let message = |mail: &Mail, sent_at: DateTime<Utc>, unread| {
        let message = compose(&to, mail);
        InboxMessage { subject: message.subject, body: message.body, sent_at, unread }
    };
    mails()
        .iter()
        .enumerate()
        .map(|(index, mail)| {
            message(mail, at("2027-05-03T13:00:00Z") - chrono::TimeDelta::days(index as i64 * 9), index == 0)
        })
        .collect()
}

/// One mail of each kind.
fn mails() -> Vec<Mail> {
    let (title, opens_at) = (TITLE.to_owned(), at("2027-03-20T14:00:00Z"));
    vec![
        Mail::AppealReceived { registration: "r-1".to_owned(), title: TITLE.to_owned() },
        Mail::AppealDecided {
            registration: "r-1".to_owned(),
            title: TITLE.to_owned(),
            state: AppealState::ReMark,
            reason: "The alarm cost more than was credited.".to_owned(),
        },
        Mail::SeatNotNeeded { title: TITLE.to_owned() },
        Mail::ResultsAvailable { title: title.clone() },
        Mail::AccommodationConfirmed,
        Mail::AccommodationDeclined,
        Mail::AccommodationEnded,
        Mail::Receipt {
            attempt: "a-one".to_owned(),
            title: title.clone(),
            part: Part::One,
            closed_at: at("2027-03-20T15:22:41Z"),
            answered: 58,
            digest: "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78".to_owned(),
        },
        Mail::RegistrationConfirmed { registration: "r-1".to_owned(), title: title.clone(), opens_at },
        Mail::Invitation {
            association: "Connecticut (CT-AIMH)".to_owned(),
            token: "abc".to_owned(),
            expires_at: at("2026-12-05T17:00:00Z"),
        },
        Mail::ReviewAssigned { count: 4, due_on: day(2027, 4, 10) },
        Mail::ReviewReminder { due_on: day(2027, 4, 10) },
        Mail::ReviewTakenBack,
        Mail::ReviewAsked { due_on: day(2027, 4, 10) },
        Mail::ReleaseWaiting { release: "l-1".to_owned(), title, prepared_by: "Ruth Ames".to_owned(), letters: 41 },
    ]
}

/// A letter of that outcome; the staff's preview shows the same one.
pub(super) fn letter(outcome: Outcome) -> LetterView {
    let failed = outcome == Outcome::Failed;
    let part = |part, outcome, percent, domains| LetterPart { part, outcome, percent, domains };
    let settled = matches!(outcome, Outcome::Passed | Outcome::Failed);
    LetterView {
        association: "Connecticut Association for Infant Mental Health".to_owned(),
        name: "Maria Delgado".to_owned(),
        title: TITLE.to_owned(),
        sat_on: day(2027, 3, 20),
        track: Track::Imh,
        category: Category::MentorClinical,
        released_at: Some(at("2027-05-03T13:00:00Z")),
        outcome,
        parts: if settled {
            vec![part(Part::One, Outcome::Passed, Some(86), domains()), part(Part::Two, outcome, None, Vec::new())]
        } else {
            Vec::new()
        },
        retake: failed.then(|| Retake { open_from: day(2028, 3, 20), open: false }),
        remarks: if settled { vec![remarks()] } else { Vec::new() },
        follows_appeal: outcome == Outcome::Passed,
        appeal_until: failed.then(|| day(2027, 6, 2)),
        signatory: Some("Ruth Ames, Endorsement Coordinator".to_owned()),
        contact: Some("endorsement@example.org".to_owned()),
    }
}
