//! The exam room and its receipt.
//!
//! The room is a frame: place, clock, and the line that says whether the work is safe. Its modules fetch the paper once and
//! fill the frame; after that everything but saving works without the server. No text is written in a module: the words
//! travel in a `template` element.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::{
    exam::Part,
    examinee::{SafeView, SolutionView, practice, safe},
    page::{Page, Shell, Width, document},
    parts::{self, Tone, badge, clock_exact, countdown},
    urls,
    words::{Value, Words},
};

/// The exam room of one running part.
#[derive(Clone, Debug)]
pub struct RoomView {
    /// The attempt.
    pub attempt: String,
    /// The registration, for the way back.
    pub registration: String,
    /// The part.
    pub part: Part,
    /// The sitting's title.
    pub title: String,
    /// Tells people on one device apart, in what is kept there; reveals nothing.
    pub scope: String,
    /// The server's clock.
    pub now: DateTime<Utc>,
    /// When time is up.
    pub deadline: DateTime<Utc>,
    /// Whether stop-the-clock breaks are arranged.
    pub breaks: bool,
    /// Whom to call when something is wrong.
    pub contact: Option<String>,
    /// How this person likes the room.
    pub preferences: Preferences,
    /// Where it is sat in Safe Exam Browser.
    pub safe: Option<SafeView>,
}

/// How somebody likes the exam room.
#[derive(Clone, Copy, Debug, Default)]
pub struct Preferences {
    /// 1 to 3; nothing when none was chosen.
    pub type_size: Option<i64>,
    /// Stronger contrast.
    pub contrast: bool,
    /// The countdown is hidden.
    pub clock_hidden: bool,
    /// All questions in one list.
    pub list_view: bool,
    /// Keyboard shortcuts are off.
    pub keys_off: bool,
}

impl Preferences {
    /// The document that the interface knows.
    fn json(self) -> String {
        let size = self.type_size.map_or_else(|| "null".to_owned(), |size| size.to_string());
        format!(
            r#"{{"type_size":{size},"contrast":{},"clock_hidden":{},"list_view":{},"keys_off":{}}}"#,
            self.contrast, self.clock_hidden, self.list_view, self.keys_off
        )
    }
}

/// The exam room.
#[must_use]
pub fn room(shell: &Shell, view: &RoomView) -> Markup {
    let words = shell.words;
    let page = Page::new(format!("{} · {}", view.part.name(words), view.title))
        .width(Width::Room)
        .style("room.css")
        .script("room.js")
        .without_heading();
    let page = if view.safe.is_some() { page.script("safe.js") } else { page };
    document(
        shell,
        &page,
        &html! {
            @if let Some(safe) = &view.safe { (safe::beacon(safe)) }
            div #room data-part=(view.part.segment()) data-api=(urls::api_attempt(&view.attempt)) data-scope=(view.scope)
                data-sign-in=(urls::sign_in()) data-now=(view.now.timestamp_millis())
                data-deadline=(view.deadline.timestamp_millis()) data-locale=(words.locale.tag())
                data-preferences=(view.preferences.json()) data-preferences-api=(urls::API_PREFERENCES) {
                (bar(words, view))
                div.alerts {
                    p #alert role="alert" tabindex="-1" hidden {}
                    p.unseen #spoken role="status" {}
                    section #messages role="log" aria-live="polite" aria-label=(words.text("room-messages")) { ul #message-list.plain {} }
                }
                (curtain())
                div #work aria-busy="true" {
                    p.loading { (words.text("room-loading")) }
                    noscript { (parts::remark(Tone::Danger, &html! { p { (words.text("room-needs-script")) } })) }
                }
                (review_dialog(words, view))
                @if view.part == Part::Two { (versions_dialog(words)) }
                (help(words, view))
                (words_for_modules(words))
            }
        },
    )
}

fn bar(words: Words, view: &RoomView) -> Markup {
    html! {
        header.room-bar {
            div.where {
                h1 { (view.part.name(words)) }
                p { (view.title) }
            }
            p.save #save data-state="idle" { span.dot aria-hidden="true" {} span #save-text { (words.text("room-save-idle")) } }
            div.time {
                p.left {
                    span.label { (words.text("room-time-left")) }
                    span #clock { (countdown(view.deadline, view.now, false)) }
                }
                button.quiet #clock-toggle type="button" aria-pressed="false" aria-controls="clock" { (words.text("room-hide-clock")) }
            }
            button.quiet #messages-again type="button" hidden {}
            @if view.breaks { button.quiet #break-begin type="button" { (words.text("room-break-begin")) } }
            (settings(words, view))
        }
    }
}

/// What covers the paper while the clock stands; the module says why.
fn curtain() -> Markup {
    html! {
        section #curtain tabindex="-1" aria-labelledby="curtain-title" hidden {
            h2 #curtain-title {}
            p #curtain-why {}
            p #curtain-safe {}
            p #curtain-until {}
            button.primary #break-end type="button" hidden {}
        }
    }
}

fn settings(words: Words, view: &RoomView) -> Markup {
    html! {
        details.settings {
            summary { (words.text("room-view")) }
            div.sheet {
                fieldset.field {
                    legend { (words.text("room-type-size")) }
                    div.sizes {
                        @for (value, label) in [("1", "room-type-normal"), ("2", "room-type-large"), ("3", "room-type-largest")] {
                            div.tick {
                                input type="radio" name="type-size" id={ "type-" (value) } value=(value) checked[value == "1"];
                                label for={ "type-" (value) } { (words.text(label)) }
                            }
                        }
                    }
                }
                div.tick { input #contrast type="checkbox"; label for="contrast" { (words.text("room-contrast")) } }
                @if view.part == Part::One {
                    div.tick { input #list-view type="checkbox"; label for="list-view" { (words.text("room-list-view")) } }
                    div.tick { input #keys type="checkbox" checked; label for="keys" { (words.text("room-keys")) } }
                    p.small.soft { (words.text("room-keys-hint")) }
                }
            }
        }
    }
}

fn review_dialog(words: Words, view: &RoomView) -> Markup {
    let part = view.part.name(words);
    html! {
        dialog #review aria-labelledby="review-title" {
            h2 #review-title { (words.with("room-review-title", &[("part", part.as_str().into())])) }
            div #review-body {}
            p.soft { (words.text("room-review-final")) }
            div.buttons {
                button.primary #submit type="button" { (words.with("room-submit", &[("part", part.as_str().into())])) }
                button #keep-working type="button" autofocus { (words.text("room-keep-working")) }
            }
        }
    }
}

fn versions_dialog(words: Words) -> Markup {
    html! {
        dialog #versions aria-labelledby="versions-title" {
            div.heading-line {
                h2 #versions-title {}
                button #versions-close type="button" { (words.text("room-versions-close")) }
            }
            div #versions-body {}
        }
    }
}

fn help(words: Words, view: &RoomView) -> Markup {
    html! {
        footer.room-help {
            @if let Some(contact) = &view.contact {
                p { (words.text("room-help")) " " strong { (contact) } }
            }
            p #sum {}
            p { a href=(urls::exam(&view.registration)) { (words.text("room-leave")) } " " (words.text("room-leave-note")) }
        }
    }
}

/// The words that modules need; `{n}` and the like are filled in there.
fn words_for_modules(words: Words) -> Markup {
    let plain = |id: &str| words.text(id);
    let hole = |id: &str, names: &[&'static str]| {
        let holes: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
        let values: Vec<(&str, Value<'_>)> =
            names.iter().zip(&holes).map(|(name, hole)| (*name, Value::from(hole.as_str()))).collect();
        words.with(id, &values)
    };
    let entries = [
        ("save-idle", plain("room-save-idle")),
        ("saved", hole("room-saved", &["time"])),
        ("saving", plain("room-saving")),
        ("offline-one", plain("room-offline-one")),
        ("offline-other", hole("room-offline-other", &["n"])),
        ("signed-out", plain("room-signed-out")),
        ("sign-in-again", plain("room-sign-in-again")),
        ("spoken-offline", plain("room-spoken-offline")),
        ("spoken-online", plain("room-spoken-online")),
        ("refused", hole("room-refused", &["detail"])),
        ("memory-only", plain("room-memory-only")),
        ("newer-taken", plain("room-newer-taken")),
        ("hide-clock", plain("room-hide-clock")),
        ("show-clock", plain("room-show-clock")),
        ("clock-hidden", plain("room-clock-hidden")),
        ("left-one", plain("room-left-one")),
        ("left-other", hole("room-left-other", &["n"])),
        ("deadline-moved", hole("room-deadline-moved", &["time"])),
        ("sum", hole("room-sum", &["terms", "time"])),
        ("term-allowance", hole("room-term-allowance", &["time"])),
        ("term-accommodation", hole("room-term-accommodation", &["time"])),
        ("term-credit", hole("room-term-credit", &["time", "reason"])),
        ("term-break", hole("room-term-break", &["time"])),
        ("paused-title", plain("room-paused-title")),
        ("paused-why", hole("room-paused-why", &["reason"])),
        ("paused-safe", plain("room-paused-safe")),
        ("resumed", hole("room-resumed", &["time"])),
        ("break-title", plain("room-break-title")),
        ("break-safe", plain("room-break-safe")),
        ("break-until", hole("room-break-until", &["time"])),
        ("break-end", plain("room-break-end")),
        ("break-refused", hole("room-break-refused", &["detail"])),
        ("message-from", hole("room-message-from", &["time"])),
        ("message-done", plain("room-message-done")),
        ("messages-one", plain("room-messages-one")),
        ("messages-other", hole("room-messages-other", &["n"])),
        ("time-up", plain("room-time-up")),
        ("time-up-offline", plain("room-time-up-offline")),
        ("closed-elsewhere", plain("room-closed")),
        ("closed-by-proctor", hole("room-closed-by-proctor", &["reason"])),
        ("taken-over", plain("room-taken-over")),
        ("continue-here", plain("room-continue-here")),
        ("load-failed", plain("room-load-failed")),
        ("again", plain("problem-again")),
        ("question", hole("room-question", &["n"])),
        ("question-of", hole("room-question-of", &["n", "total"])),
        ("questions", plain("room-questions")),
        ("answered", plain("room-answered")),
        ("unanswered", plain("room-unanswered")),
        ("flagged", plain("room-flagged")),
        ("flag", plain("room-flag")),
        ("strike", hole("room-strike", &["letter"])),
        ("strike-mode", plain("room-strike-mode")),
        ("clear", plain("room-clear")),
        ("previous", plain("room-previous")),
        ("next", plain("room-next")),
        ("review", plain("room-review")),
        ("progress", hole("room-progress", &["n", "total"])),
        ("review-complete", plain("room-review-complete")),
        ("review-unanswered", plain("room-review-unanswered")),
        ("review-flagged", plain("room-review-flagged")),
        ("review-unsaved", plain("room-review-unsaved")),
        ("submitting", plain("room-submitting")),
        ("submit-failed", plain("room-submit-failed")),
        ("vignettes", plain("room-vignettes")),
        ("vignette", hole("room-vignette", &["n"])),
        ("answer-label", hole("room-answer-label", &["n"])),
        ("prompts", plain("room-prompts")),
        ("choose", hole("room-choose", &["n", "total"])),
        ("over-answered", hole("room-over-answered", &["n"])),
        ("words-one", plain("room-words-one")),
        ("words-other", hole("room-words-other", &["n"])),
        ("characters", hole("room-characters", &["n", "max"])),
        ("too-long", hole("room-too-long", &["n"])),
        ("versions", plain("room-versions")),
        ("versions-title", hole("room-versions-title", &["name"])),
        ("versions-loading", plain("room-versions-loading")),
        ("versions-offline", plain("room-versions-offline")),
        ("versions-none", plain("room-versions-none")),
        ("versions-note", plain("room-versions-note")),
        ("version-here", plain("room-version-here")),
        ("version-restore", hole("room-version-restore", &["time"])),
        ("version-paragraph", plain("room-version-paragraph")),
        ("version-restored", hole("room-version-restored", &["time"])),
        ("version-inserted", plain("room-version-inserted")),
        ("no-names", plain("room-no-names")),
        ("hint", plain("room-hint")),
        ("hint-leave", plain("room-hint-leave")),
        ("hint-leave-one", hole("room-hint-leave-one", &["passage"])),
    ];
    html! { template #words { @for (name, text) in &entries { span data-word=(name) { (text) } } } }
}

/// Who or what closed a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The examinee submitted it.
    Examinee,
    /// Its time was up.
    Deadline,
    /// The proctor closed it.
    Proctor,
}

/// What became of a late answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateState {
    /// A coordinator has still to decide.
    LookedAt,
    /// It counts.
    Admitted,
    /// It does not.
    Refused,
}

/// An answer that came after its part had closed.
#[derive(Clone, Debug)]
pub struct LateView {
    /// The question or vignette.
    pub position: i64,
    /// When it arrived.
    pub arrived_at: DateTime<Utc>,
    /// What became of it.
    pub state: LateState,
    /// Why, once decided.
    pub reason: Option<String>,
}

/// The receipt of a closed part.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// The attempt.
    pub attempt: String,
    /// The registration, for the way back.
    pub registration: String,
    /// The sitting's title.
    pub title: String,
    /// The part.
    pub part: Part,
    /// The same as the room's: finds what is still kept on the device.
    pub scope: String,
    /// When it closed.
    pub closed_at: DateTime<Utc>,
    /// Who or what closed it.
    pub closed_by: ClosedBy,
    /// Why, where the proctor closed it.
    pub closing_reason: Option<String>,
    /// How many answers are stored.
    pub answered: i64,
    /// Of how many.
    pub total: i64,
    /// When the last of them was stored.
    pub last_saved_at: Option<DateTime<Utc>>,
    /// Answers that came after the part had closed, and what became of them.
    pub late: Vec<LateView>,
    /// Which version of the receipt this is, from 1.
    pub version: i64,
    /// When a later version was made.
    pub issued_at: Option<DateTime<Utc>>,
    /// The digest over the stored answers.
    pub digest: String,
    /// The server's signature of it.
    pub signature: String,
    /// The key that signed.
    pub key_id: String,
    /// The first digits of the signature, for the short form.
    pub mark: String,
    /// The site's origin.
    pub origin: String,
    /// Part Two is still to come.
    pub part_two_follows: bool,
    /// Whether it was practice.
    pub practice: bool,
    /// The sitting, where it is sat in Safe Exam Browser: the exam's end leads out of that.
    pub safe: Option<String>,
    /// How a practised Part One went.
    pub solution: Option<SolutionView>,
}

/// The receipt.
#[must_use]
pub fn receipt(shell: &Shell, view: &ReceiptView) -> Markup {
    let words = shell.words;
    let name = view.part.name(words);
    let found = urls::receipt_found(&view.attempt, &view.mark);
    let page = Page::new(words.with("receipt-title", &[("part", name.into())]))
        .up(view.title.clone(), urls::exam(&view.registration))
        .script("late.js")
        .lead(words.text(match view.closed_by {
            ClosedBy::Examinee => "receipt-by-examinee",
            ClosedBy::Deadline => "receipt-by-deadline",
            ClosedBy::Proctor => "receipt-by-proctor",
        }));
    document(
        shell,
        &page,
        &html! {
            section.panel.receipt data-api=(urls::api_attempt(&view.attempt)) data-scope=(view.scope) {
                p.stored { (badge(Tone::Good, &words.text("receipt-stored"))) }
                (receipt_facts(shell, view))
            }
            @if !view.late.is_empty() { (late_answers(shell, view)) }
            @if view.practice { (practice::practised(shell, view.solution.as_ref())) }
            @if let Some(next) = next_words(view) { p { (words.text(next)) } }
            div.buttons {
                @if view.part_two_follows {
                    a.button.primary href=(urls::exam(&view.registration)) { (words.text("receipt-to-two")) }
                } @else if view.practice {
                    a.button.primary href=(urls::exam(&view.registration)) { (words.text("practice-back")) }
                } @else {
                    a.button.primary href=(urls::EXAMS) { (words.text("receipt-to-exams")) }
                    @if let Some(sitting) = &view.safe { a.button href=(urls::safe_browser_end(sitting)) { (words.text("safe-leave")) } }
                }
            }
            section.panel.check aria-labelledby="proof" {
                h2 #proof { (words.text("receipt-check")) }
                p { (words.text("receipt-check-text")) }
                dl.facts {
                    div { dt { (words.text("receipt-digest")) } dd { code { (view.digest) } } }
                    div { dt { (words.text("receipt-signature")) } dd { code { (view.signature) } } }
                    div { dt { (words.text("receipt-key")) } dd { code { (view.key_id) } } }
                    div { dt { (words.text("receipt-attempt")) } dd { code { (view.attempt) } } }
                    div { dt { (words.text("receipt-link")) } dd { a.break href=(found) { (view.origin) (found) } } }
                }
                p { a.button href=(urls::receipt_file(&view.attempt)) download { (words.text("receipt-download")) } }
            }
        },
    )
}

fn late_answers(shell: &Shell, view: &ReceiptView) -> Markup {
    let words = shell.words;
    let waiting = view.late.iter().filter(|late| late.state == LateState::LookedAt).count();
    html! {
        @if waiting > 0 {
            (parts::remark(Tone::Attention, &html! { p { (words.with("receipt-late", &[("n", waiting.into())])) } }))
        }
        section.panel aria-labelledby="late" {
            h2 #late { (words.text("receipt-late-title")) }
            ul.lines.plain {
                @for late in &view.late {
                    li {
                        @match late.state {
                            LateState::LookedAt => (badge(Tone::Attention, &words.text("receipt-late-looked-at"))),
                            LateState::Admitted => (badge(Tone::Good, &words.text("receipt-late-admitted"))),
                            LateState::Refused => (badge(Tone::Neutral, &words.text("receipt-late-refused"))),
                        } " "
                        span {
                            (words.with("receipt-late-line", &[("n", late.position.into())])) " "
                            (parts::instant_short(words, late.arrived_at, shell.zone))
                        }
                        @if let Some(reason) = &late.reason { span.soft { (reason) } }
                    }
                }
            }
        }
    }
}

/// What comes after the part.
fn next_words(view: &ReceiptView) -> Option<&'static str> {
    match (view.practice, view.part_two_follows) {
        (true, true) => Some("practice-next-two"),
        (true, false) => None,
        (false, true) => Some("receipt-next-two"),
        (false, false) => Some("receipt-next-done"),
    }
}

fn receipt_facts(shell: &Shell, view: &ReceiptView) -> Markup {
    let words = shell.words;
    let mut pairs = vec![
        (
            words.text("receipt-answers"),
            html! { (words.with("receipt-count", &[("n", view.answered.into()), ("total", view.total.into())])) },
        ),
        (
            words.text("receipt-closed"),
            html! { (parts::instant(words, view.closed_at, shell.zone)) span.soft { " (" (clock_exact(view.closed_at, shell.zone)) ")" } },
        ),
    ];
    if let Some(reason) = &view.closing_reason {
        pairs.push((words.text("receipt-reason"), html! { span.prose-line { (reason) } }));
    }
    if let Some(at) = view.issued_at {
        let version = words.with("receipt-version-of", &[("n", view.version.into())]);
        pairs.push((
            words.text("receipt-version"),
            html! { (version) " " (parts::instant_short(words, at, shell.zone)) },
        ));
    }
    if let Some(at) = view.last_saved_at {
        pairs.push((words.text("receipt-last-saved"), clock_exact(at, shell.zone)));
    }
    parts::facts(&pairs)
}
