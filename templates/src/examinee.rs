//! What an examinee sees outside the exam room: exams, admission, results, inbox.
//!
//! Each page says where one is, what is next, and until when. A result never names a reviewer, a mark or an accommodation.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::{
    exam::{Accommodation, Category, Outcome, Part, PartState, Retake, Track},
    letters::LetterRemarks,
    markdown,
    page::{Page, Shell, document},
    parts::{self, Tone, badge, instant},
    urls,
};

pub mod admission;
pub mod appeal;
pub mod checkup;
pub mod practice;
pub mod safe;

pub use admission::{AdmissionView, AgreementView, Step, admission};
pub use checkup::{CheckRunView, CheckView, Found};
pub use practice::{BeforeView, SolutionView, SolvedView};
pub use safe::{SafeState, SafeView};

/// One booked exam.
#[derive(Clone, Debug)]
pub struct ExamView {
    /// The registration.
    pub registration: String,
    /// The sitting's title.
    pub title: String,
    /// The association that holds it.
    pub association: String,
    /// The track.
    pub track: Track,
    /// The category.
    pub category: Category,
    /// Everyone starts at `opens_at`; otherwise each when ready, from then on.
    pub fixed_start: bool,
    /// When it opens.
    pub opens_at: DateTime<Utc>,
    /// When it closes.
    pub closes_at: DateTime<Utc>,
    /// The sitting's time zone.
    pub zone: Tz,
    /// Where it stands.
    pub state: ExamState,
    /// The parts with their allowances.
    pub parts: Vec<PartView>,
    /// Confirmed accommodations.
    pub accommodations: Vec<Accommodation>,
    /// Where it is sat in Safe Exam Browser.
    pub safe: Option<SafeView>,
}

/// Where an exam stands for its examinee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExamState {
    /// Ahead.
    Booked,
    /// It can be entered now.
    Open,
    /// A part is running, or one is done and the next is not.
    Working,
    /// Both parts are closed; the result is awaited.
    Done,
    /// Its result was released.
    Released,
    /// It closed without them.
    Missed,
    /// The registration was cancelled.
    Cancelled,
}

impl ExamState {
    fn badge(self, words: crate::words::Words) -> (Tone, String) {
        match self {
            Self::Booked => (Tone::Neutral, words.text("exam-booked")),
            Self::Open => (Tone::Accent, words.text("exam-open")),
            Self::Working => (Tone::Attention, words.text("exam-working")),
            Self::Done => (Tone::Good, words.text("exam-done")),
            Self::Released => (Tone::Accent, words.text("exam-released")),
            Self::Missed => (Tone::Danger, words.text("exam-missed")),
            Self::Cancelled => (Tone::Neutral, words.text("exam-cancelled")),
        }
    }
}

/// One part of an exam.
#[derive(Clone, Debug)]
pub struct PartView {
    /// Which.
    pub part: Part,
    /// Where it stands.
    pub state: PartState,
    /// This examinee's time for it, accommodations included.
    pub allowance_seconds: i64,
    /// The attempt, once started.
    pub attempt: Option<String>,
    /// When its time is up, while it runs.
    pub deadline: Option<DateTime<Utc>>,
}

/// My exams.
#[derive(Clone, Debug)]
pub struct ExamsView {
    /// The exams, the nearest first.
    pub exams: Vec<ExamView>,
    /// Results that were released and not yet read.
    pub unread_results: i64,
    /// What there is to do before the day, where the bank has something for it.
    pub before: Option<BeforeView>,
}

/// The list of one's exams.
#[must_use]
pub fn exams(shell: &Shell, view: &ExamsView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("exams-title"))
        .actions(html! { a.button href=(urls::OWN_ACCOMMODATIONS) { (words.text("exams-to-arrangements")) } });
    // The page has one primary button: the nearest exam that can be entered.
    let entered = view.exams.iter().position(|exam| matches!(exam.state, ExamState::Open | ExamState::Working));
    document(
        shell,
        &page,
        &html! {
            @if view.unread_results > 0 {
                (parts::remark(Tone::Accent, &html! {
                    p { (words.with("exams-unread-results", &[("n", view.unread_results.into())])) " "
                        a href=(urls::RESULTS) { (words.text("exams-to-results")) } }
                }))
            }
            @if view.exams.is_empty() {
                (parts::empty(&words.text("exams-empty-title"), &words.text("exams-empty-text"), None))
            }
            @for (index, exam) in view.exams.iter().enumerate() { (exam_card(shell, exam, entered == Some(index))) }
            @if let Some(before) = &view.before { (practice::before(shell, before)) }
            p { a href=(urls::ACQUAINTANCES) { (words.text("knows-link")) } }
        },
    )
}

fn exam_card(shell: &Shell, exam: &ExamView, primary: bool) -> Markup {
    let words = shell.words;
    let (tone, state) = exam.state.badge(words);
    let href = urls::exam(&exam.registration);
    let live = !matches!(exam.state, ExamState::Cancelled | ExamState::Missed);
    html! {
        article.panel.exam {
            div.heading-line { h2 { (exam.title) } (badge(tone, &state)) }
            (exam_facts(shell, exam))
            @if live {
                div.buttons {
                    @match exam.state {
                        ExamState::Open => a.button.primary[primary] href=(href) { (words.text("exam-enter")) },
                        ExamState::Working => a.button.primary[primary] href=(href) { (words.text("exam-continue")) },
                        ExamState::Released => a.button href=(urls::RESULTS) { (words.text("exams-to-results")) },
                        _ => a.button href=(href) { (words.text("exam-details")) },
                    }
                    @if exam.state == ExamState::Booked {
                        a.button.quiet download="exam.ics" href=(calendar_entry(shell, exam)) { (words.text("exam-calendar")) }
                    }
                    @if let Some(safe) = exam.safe.as_ref().filter(|_| !matches!(exam.state, ExamState::Done | ExamState::Released)) {
                        a.button.quiet download href=(urls::api_safe_browser_file(&safe.sitting)) { (words.text("safe-file")) }
                    }
                }
            }
        }
    }
}

/// When, how long, what for, and the confirmed accommodations.
pub(crate) fn exam_facts(shell: &Shell, exam: &ExamView) -> Markup {
    let words = shell.words;
    let mut pairs = vec![(words.text(if exam.fixed_start { "exam-when" } else { "exam-window" }), when(shell, exam))];
    pairs.push((
        words.text("exam-for"),
        html! { (exam.category.name(words)) ", " (exam.track.name(words)) br; span.soft { (exam.association) } },
    ));
    let lengths = html! {
        ul.plain {
            @for part in &exam.parts {
                li { (part.part.name(words)) ": " (parts::minutes(words, part.allowance_seconds))
                    span.soft { " · " (part.part.content(words)) } }
            }
        }
    };
    pairs.push((words.text("exam-length"), lengths));
    if matches!(exam.state, ExamState::Booked | ExamState::Open) {
        pairs.push((words.text("exam-bring"), html! { (words.text("exam-bring-text")) }));
    }
    if !exam.accommodations.is_empty() {
        let lines = html! { ul.plain { @for one in &exam.accommodations { li { (one.line(words)) } } } };
        pairs.push((words.text("exam-accommodations"), lines));
    }
    parts::facts(&pairs)
}

/// In the person's time zone, and in the sitting's where it differs.
fn when(shell: &Shell, exam: &ExamView) -> Markup {
    let words = shell.words;
    let elsewhere =
        parts::instant_text(words, exam.opens_at, shell.zone) != parts::instant_text(words, exam.opens_at, exam.zone);
    html! {
        (instant(words, exam.opens_at, shell.zone))
        @if !exam.fixed_start { br; (words.text("exam-until")) " " (instant(words, exam.closes_at, shell.zone)) }
        @if elsewhere {
            br;
            span.soft { (words.text("exam-sitting-zone")) " " (instant(words, exam.opens_at, exam.zone)) }
        }
    }
}

/// The exam as a calendar file, in a data address.
fn calendar_entry(shell: &Shell, exam: &ExamView) -> String {
    let stamp = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    let plain =
        |text: &str| text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace(['\r', '\n'], " ");
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//evenhand//exam//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@evenhand", plain(&exam.registration)),
        format!("DTSTAMP:{}", stamp(exam.opens_at)),
        format!("DTSTART:{}", stamp(exam.opens_at)),
        format!("DTEND:{}", stamp(exam.closes_at)),
        format!("SUMMARY:{}", plain(&exam.title)),
        format!("DESCRIPTION:{}", plain(&shell.words.text("exam-calendar-note"))),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    let mut address = String::from("data:text/calendar;charset=utf-8,");
    for byte in lines.iter().map(|line| folded(line)).collect::<String>().bytes() {
        if byte.is_ascii_alphanumeric() {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// A content line of a calendar, with its end: no line is longer than 75 octets (RFC 5545, 3.1).
fn folded(line: &str) -> String {
    let (mut text, mut octets) = (String::new(), 0);
    for letter in line.chars() {
        if octets + letter.len_utf8() > 75 {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(letter);
        octets += letter.len_utf8();
    }
    text.push_str("\r\n");
    text
}

/// My results.
#[derive(Clone, Debug)]
pub struct ResultsView {
    /// Released results, the newest first.
    pub results: Vec<ResultView>,
}

/// One released result.
#[derive(Clone, Debug)]
pub struct ResultView {
    /// The registration.
    pub registration: String,
    /// The sitting's title.
    pub title: String,
    /// The track.
    pub track: Track,
    /// The category.
    pub category: Category,
    /// When it was released.
    pub released_at: DateTime<Utc>,
    /// What came of it.
    pub outcome: Outcome,
    /// The parts.
    pub parts: Vec<PartResultView>,
    /// When it may be taken again, if it was not passed.
    pub retake: Option<Retake>,
    /// Whether it follows an appeal and takes the place of an earlier result.
    pub follows_appeal: bool,
    /// How an appeal of it stands.
    pub appeal: Option<appeal::AppealState>,
    /// The last day on which it can be appealed.
    pub appeal_until: Option<NaiveDate>,
}

/// What came of one part, as far as the feedback rules let its examinee know.
#[derive(Clone, Debug)]
pub struct PartResultView {
    /// Which.
    pub part: Part,
    /// What came of it.
    pub outcome: Outcome,
    /// Whole per cent, if the policy shows it.
    pub percent: Option<i64>,
    /// Bands per domain, if the policy shows them.
    pub domains: Vec<DomainView>,
    /// Reviewers' remarks for the examinee, a group for each vignette.
    pub feedback: Vec<LetterRemarks>,
}

/// How one did in a domain.
#[derive(Clone, Debug)]
pub struct DomainView {
    /// The domain.
    pub name: String,
    /// The band.
    pub band: Band,
}

/// A band of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Strong.
    Strong,
    /// Adequate.
    Adequate,
    /// Worth more study.
    Developing,
}

impl Band {
    /// The band's meaning and word.
    #[must_use]
    pub fn badge(self, words: crate::words::Words) -> (Tone, String) {
        match self {
            Self::Strong => (Tone::Good, words.text("band-strong")),
            Self::Adequate => (Tone::Accent, words.text("band-adequate")),
            Self::Developing => (Tone::Attention, words.text("band-developing")),
        }
    }
}

/// The list of one's released results.
#[must_use]
pub fn results(shell: &Shell, view: &ResultsView) -> Markup {
    let words = shell.words;
    document(
        shell,
        &Page::new(words.text("results-title")),
        &html! {
            @if view.results.is_empty() {
                (parts::empty(&words.text("results-empty-title"), &words.text("results-empty-text"), None))
            }
            @for result in &view.results { (result_card(shell, result)) }
        },
    )
}

fn result_card(shell: &Shell, result: &ResultView) -> Markup {
    let words = shell.words;
    let (tone, outcome) = result.outcome.badge(words);
    html! {
        article.panel.result {
            div.heading-line { h2 { (result.title) } (badge(tone, &outcome)) }
            p.soft { (result.category.name(words)) ", " (result.track.name(words)) " · "
                (words.text("result-released")) " " (parts::date(words, result.released_at.with_timezone(&shell.zone).date_naive())) }
            @if result.follows_appeal { (parts::remark(Tone::Accent, &html! { p { (words.text("result-follows-appeal")) } })) }
            @for part in &result.parts { (part_result(shell, part)) }
            @if let Some(retake) = result.retake { (retake_note(shell, retake)) }
            div.buttons { a.button href=(urls::letter(&result.registration)) { (words.text("result-letter")) } }
            (appeal_line(shell, result))
        }
    }
}

/// The way to an appeal, or to what became of one.
fn appeal_line(shell: &Shell, result: &ResultView) -> Markup {
    let words = shell.words;
    let href = urls::own_appeal(&result.registration);
    html! {
        @match (result.appeal, result.appeal_until) {
            (Some(state), _) => p { a href=(href) { (words.text("appeal-link-yours")) } " " (state.badge(words)) },
            (None, Some(until)) => p {
                a href=(href) { (words.text("appeal-link")) } " "
                span.soft { (words.with("appeal-link-until", &[("date", parts::date_text(words, until).into())])) }
            },
            (None, None) => {},
        }
    }
}

fn part_result(shell: &Shell, part: &PartResultView) -> Markup {
    let words = shell.words;
    let (tone, outcome) = part.outcome.badge(words);
    html! {
        section.part-result {
            div.heading-line {
                h3 { (part.part.name(words)) span.soft { " · " (part.part.content(words)) } }
                (badge(tone, &outcome))
            }
            @if let Some(percent) = part.percent { p { (words.with("result-percent", &[("n", percent.into())])) } }
            (domain_bands(shell, &part.domains))
            @for group in &part.feedback {
                p.vignette-title { (group.vignette) }
                @for remark in &group.remarks { div.prose.feedback { (markdown::render(remark)) } }
            }
        }
    }
}

/// The bands of the domains, or nothing.
pub(crate) fn domain_bands(shell: &Shell, domains: &[DomainView]) -> Markup {
    let words = shell.words;
    html! {
        @if !domains.is_empty() {
            dl.bands {
                @for domain in domains {
                    @let (tone, band) = domain.band.badge(words);
                    div { dt { (domain.name) } dd { (badge(tone, &band)) } }
                }
            }
        }
    }
}

fn retake_note(shell: &Shell, retake: Retake) -> Markup {
    let words = shell.words;
    parts::remark(
        Tone::Accent,
        &html! {
            p {
                @if retake.open { (words.text("retake-open")) }
                @else { (words.text("retake-from")) " " strong { (parts::date(words, retake.open_from)) } ". " (words.text("retake-invited")) }
            }
        },
    )
}

/// Everything that was mailed to this person.
#[derive(Clone, Debug)]
pub struct InboxView {
    /// The messages, the newest first.
    pub messages: Vec<InboxMessage>,
    /// The address of this site, whose addresses in messages are links.
    pub origin: String,
}

/// One message.
#[derive(Clone, Debug)]
pub struct InboxMessage {
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub body: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// It was not opened here before.
    pub unread: bool,
}

/// The inbox.
#[must_use]
pub fn inbox(shell: &Shell, view: &InboxView) -> Markup {
    let words = shell.words;
    document(
        shell,
        &Page::new(words.text("inbox-title")).lead(words.text("inbox-lead")),
        &html! {
            @if view.messages.is_empty() {
                (parts::empty(&words.text("inbox-empty-title"), &words.text("inbox-empty-text"), None))
            }
            @for message in &view.messages {
                details.panel.message open[message.unread] {
                    summary {
                        span.subject { (message.subject) }
                        @if message.unread { (badge(Tone::Accent, &words.text("inbox-new"))) }
                        span.soft.small { (parts::instant_short(words, message.sent_at, shell.zone)) }
                    }
                    div.prose { (message_text(&message.body, &view.origin)) }
                }
            }
        },
    )
}

/// The text of a message. A paragraph that is an address of this site is a link; no other address is.
fn message_text(body: &str, origin: &str) -> Markup {
    html! {
        @for paragraph in body.split("\n\n") {
            @match paragraph.trim().strip_prefix(origin) {
                Some(path) if path.starts_with('/') && !path.contains(char::is_whitespace) => {
                    p { a href=(path) { (paragraph.trim()) } }
                },
                _ => (markdown::prose(paragraph)),
            }
        }
    }
}
