//! An appeal: the examinee's page with the form and what became of it, and the coordinator's file with the decision.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::exam::{Accommodation, Category, Outcome, Part, Track};
use crate::form::{self, Field, FieldError};
use crate::markdown;
use crate::page::{Page, Shell, document};
use crate::parts::{self, Tone, badge};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// On what ground an appeal is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The exam did not go by its rules.
    Procedure,
    /// A confirmed accommodation was not given.
    Accommodation,
    /// Somebody was in conflict and did not say so.
    Conflict,
    /// The scoring was mistaken.
    Scoring,
    /// Something else.
    Other,
}

impl Ground {
    /// All of them, in the order in which they are offered, each with its code.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Procedure, "procedure"),
        (Self::Accommodation, "accommodation"),
        (Self::Conflict, "conflict"),
        (Self::Scoring, "scoring"),
        (Self::Other, "other"),
    ];

    fn name(self, words: Words) -> String {
        words.text(match self {
            Self::Procedure => "appeal-ground-procedure",
            Self::Accommodation => "appeal-ground-accommodation",
            Self::Conflict => "appeal-ground-conflict",
            Self::Scoring => "appeal-ground-scoring",
            Self::Other => "appeal-ground-other",
        })
    }
}

/// How an appeal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppealState {
    /// Nobody has decided.
    Open,
    /// It was taken back.
    Withdrawn,
    /// The result stays.
    Dismissed,
    /// Answers are marked again.
    ReMark,
    /// The result was counted again; whether anything changed.
    Recount(bool),
}

impl AppealState {
    /// The state as a word with its shape.
    pub(super) fn badge(self, words: Words) -> Markup {
        match self {
            Self::Open => badge(Tone::Attention, &words.text("appeal-open")),
            Self::Withdrawn => badge(Tone::Neutral, &words.text("appeal-withdrawn")),
            Self::Dismissed => badge(Tone::Neutral, &words.text("appeal-dismissed")),
            Self::ReMark => badge(Tone::Accent, &words.text("appeal-re-mark")),
            Self::Recount(_) => badge(Tone::Accent, &words.text("appeal-recount")),
        }
    }

    /// What it means for who appealed.
    pub(crate) fn sentence(self, words: Words) -> String {
        words.text(match self {
            Self::Open => "appeal-open-text",
            Self::Withdrawn => "appeal-withdrawn-text",
            Self::Dismissed => "appeal-dismissed-text",
            Self::ReMark => "appeal-re-mark-text",
            Self::Recount(true) => "appeal-recount-changed",
            Self::Recount(false) => "appeal-recount-same",
        })
    }
}

/// One's own appeal.
#[derive(Clone, Debug)]
pub struct OwnAppeal {
    /// Which.
    pub id: String,
    /// On what ground.
    pub ground: Ground,
    /// What was written.
    pub statement: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// How it stands.
    pub state: AppealState,
    /// When it was decided or taken back, and the reason for a decision.
    pub decided: Option<(DateTime<Utc>, Option<String>)>,
}

/// The form of an appeal.
#[derive(Clone, Debug, Default)]
pub struct AppealForm {
    /// The last day.
    pub until: NaiveDate,
    /// Whether a re-mark's result stands, be it better or worse.
    pub stands: bool,
    /// The ground chosen.
    pub ground: String,
    /// What was written.
    pub statement: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The examinee's page.
#[derive(Clone, Debug)]
pub struct AppealPage {
    /// The registration.
    pub registration: String,
    /// The sitting's title.
    pub title: String,
    /// The appeals so far, newest first.
    pub appeals: Vec<OwnAppeal>,
    /// The form, while the result can be appealed.
    pub form: Option<AppealForm>,
}

/// What the act before one's own page did, by its code in the address.
#[must_use]
pub fn notice(words: Words, code: &str) -> Option<String> {
    match code {
        "appealed" => Some(words.text("appeal-made-notice")),
        "withdrawn" => Some(words.text("appeal-withdrawn-notice")),
        _ => None,
    }
}

/// The examinee's page.
#[must_use]
pub fn own(shell: &Shell, view: &AppealPage) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("appeal-title")).up(words.text("results-title"), urls::RESULTS).lead(&view.title);
    document(
        shell,
        &page,
        &html! {
            @for appeal in &view.appeals { (own_appeal(shell, appeal)) }
            @match &view.form {
                Some(form) => (appeal_form(shell, view, form)),
                None => @if view.appeals.is_empty() { p { (words.text("appeal-over")) } },
            }
        },
    )
}

fn own_appeal(shell: &Shell, appeal: &OwnAppeal) -> Markup {
    let words = shell.words;
    html! {
        article.panel {
            div.heading-line {
                h2 { (words.text("appeal-yours")) " " span.soft { (parts::instant_short(words, appeal.made_at, shell.zone)) } }
                (appeal.state.badge(words))
            }
            p { (appeal.state.sentence(words)) }
            @if let Some((at, reason)) = &appeal.decided {
                @if let Some(reason) = reason {
                    h3 { (words.text("appeal-decision")) " " span.soft { (parts::instant_short(words, *at, shell.zone)) } }
                    div.prose { (markdown::prose(reason)) }
                }
            }
            h3 { (appeal.ground.name(words)) }
            div.prose { (markdown::prose(&appeal.statement)) }
            @if appeal.state == AppealState::Open {
                form method="post" action=(urls::appeal_withdrawal(&appeal.id)) {
                    button type="submit" { (words.text("appeal-withdraw")) }
                }
            }
        }
    }
}

fn appeal_form(shell: &Shell, page: &AppealPage, view: &AppealForm) -> Markup {
    let words = shell.words;
    let grounds = Ground::ALL.iter().map(|(ground, code)| ((*code).to_owned(), ground.name(words))).collect();
    let ground = Field::radios("ground", words.text("appeal-ground"), grounds).value(&view.ground);
    let statement = Field::area("statement", 8, words.text("appeal-statement"))
        .hint(words.text("appeal-statement-hint"))
        .max_length(5000)
        .value(&view.statement);
    html! {
        section.panel aria-labelledby="appeal-form" {
            h2 #appeal-form { (words.text("appeal-new")) }
            p { (words.with("appeal-until", &[("date", parts::date_text(words, view.until).into())])) }
            ul {
                li { (words.text("appeal-who")) }
                li { (words.text("appeal-what")) }
                li { (words.text(if view.stands { "appeal-stands" } else { "appeal-better" })) }
                li { (words.text("appeal-once")) }
            }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::own_appeal(&page.registration)) {
                (ground.render(words, &view.problems))
                (statement.render(words, &view.problems))
                div.buttons { button.primary type="submit" { (words.text("appeal-send")) } }
            }
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum What {
    /// The seat was given.
    Seat,
    /// The identity was confirmed.
    Admitted,
    /// A part was started.
    Started(Part),
    /// A part was closed.
    Closed(Part),
    /// An incident: what happened, and whether it concerned this seat alone.
    Incident(String, bool),
    /// An answer was given to a reader: position and round.
    Given(i64, i64),
    /// A reading was sealed: position and round.
    Sealed(i64, i64),
    /// A reading was corrected: position and round.
    Corrected(i64, i64),
    /// The release was prepared.
    Prepared,
    /// The result was released.
    Released,
    /// The appeal was made.
    Appealed,
}

impl What {
    fn sentence(&self, words: Words) -> String {
        let of = |id: &str, position: i64, round: i64| {
            words.with(id, &[("position", position.into()), ("round", (round + 1).into())])
        };
        match self {
            Self::Seat => words.text("file-seat"),
            Self::Admitted => words.text("file-admitted"),
            Self::Started(part) => words.with("file-started", &[("part", part.name(words).into())]),
            Self::Closed(part) => words.with("file-closed", &[("part", part.name(words).into())]),
            Self::Incident(note, true) => words.with("file-incident", &[("note", note.as_str().into())]),
            Self::Incident(note, false) => words.with("file-incident-all", &[("note", note.as_str().into())]),
            Self::Given(position, round) => of("file-given", *position, *round),
            Self::Sealed(position, round) => of("file-sealed", *position, *round),
            Self::Corrected(position, round) => of("file-corrected", *position, *round),
            Self::Prepared => words.text("file-prepared"),
            Self::Released => words.text("file-released"),
            Self::Appealed => words.text("file-appealed"),
        }
    }
}

/// A part as it was sat.
#[derive(Clone, Debug)]
pub struct PartLine {
    /// Which.
    pub part: Part,
    /// What it came to.
    pub outcome: Outcome,
    /// When it was started and closed.
    pub sat: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    /// The clock's terms: seconds and, where there is one, the reason.
    pub terms: Vec<(i64, Option<String>)>,
}

/// Why somebody may not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// They prepared or approved the release.
    Release,
    /// They took part in the room.
    Room,
    /// It was decided, or taken back.
    Decided,
}

/// The decision as it is written.
#[derive(Clone, Debug, Default)]
pub struct DecisionForm {
    /// The choice so far.
    pub decision: String,
    /// The positions ticked; all of them when nothing was sent yet.
    pub positions: Vec<i64>,
    /// The reason.
    pub reason: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The file of an appeal.
#[derive(Clone, Debug)]
pub struct AppealFile {
    /// Which, with its ground, statement and state.
    pub appeal: OwnAppeal,
    /// Who appeals.
    pub name: String,
    /// The sitting.
    pub sitting: String,
    /// The sitting's title.
    pub sitting_title: String,
    /// Where its clock hangs.
    pub zone: Tz,
    /// The track.
    pub track: Track,
    /// The category.
    pub category: Category,
    /// What the result came to.
    pub outcome: Outcome,
    /// Who decided.
    pub decided_by: Option<String>,
    /// The round of marking that it opened.
    pub round: Option<i64>,
    /// The parts.
    pub parts: Vec<PartLine>,
    /// What was arranged.
    pub arranged: Vec<Accommodation>,
    /// What happened, in order.
    pub timeline: Vec<(DateTime<Utc>, What)>,
    /// The answers that count: position and vignette.
    pub marked: Vec<(i64, String)>,
    /// Why this person may not decide.
    pub barred: Option<Barred>,
    /// The decision.
    pub form: DecisionForm,
}

/// The file of an appeal, with the decision.
#[must_use]
pub fn file(shell: &Shell, view: &AppealFile) -> Markup {
    let words = shell.words;
    let title = words.with("file-title", &[("name", view.name.as_str().into())]);
    let (appeal, zone) = (&view.appeal, view.zone);
    let body = html! {
        section.panel aria-labelledby="appeal-said" {
            div.heading-line { h2 #appeal-said { (appeal.ground.name(words)) } (appeal.state.badge(words)) }
            p.soft { (parts::instant(words, appeal.made_at, zone)) }
            div.prose { (markdown::prose(&appeal.statement)) }
        }
        @if let Some((at, reason)) = &appeal.decided {
            section.panel aria-labelledby="appeal-decided" {
                h2 #appeal-decided { (words.text("appeal-decision")) }
                p {
                    @if let Some(name) = &view.decided_by { (words.with("file-decided-by", &[("name", name.as_str().into())])) " " }
                    (parts::instant_short(words, *at, zone))
                }
                @if let AppealState::Recount(changed) = appeal.state {
                    p { (words.text(if changed { "file-recount-changed" } else { "file-recount-same" })) }
                }
                @if view.round.is_some() {
                    p { (words.text("file-round")) " " a href=(urls::sitting_marking(&view.sitting)) { (words.text("file-to-marking")) } }
                }
                @if let Some(reason) = reason { div.prose { (markdown::prose(reason)) } }
            }
        }
        @if view.barred.is_none() { (decision(shell, view)) }
        @else if let Some(sentence) = barred(words, view.barred) { (parts::remark(Tone::Neutral, &html! { p { (sentence) } })) }
        (record(shell, view))
    };
    let page = staff::staff_page(&title).up(view.sitting_title.clone(), urls::sitting(&view.sitting)).lead(format!(
        "{}, {}",
        view.category.name(words),
        view.track.name(words)
    ));
    document(shell, &page, &body)
}

fn barred(words: Words, barred: Option<Barred>) -> Option<String> {
    match barred? {
        Barred::Release => Some(words.text("file-barred-release")),
        Barred::Room => Some(words.text("file-barred-room")),
        Barred::Decided => None,
    }
}

fn record(shell: &Shell, view: &AppealFile) -> Markup {
    let (words, zone) = (shell.words, view.zone);
    let (tone, outcome) = view.outcome.badge(words);
    html! {
        section.record aria-labelledby="record" {
            h2 #record { (words.text("file-record")) }
            p { (words.text("file-outcome")) " " (badge(tone, &outcome)) }
            @for part in &view.parts {
                @let (tone, outcome) = part.outcome.badge(words);
                h3 { (part.part.name(words)) " " (badge(tone, &outcome)) }
                @match &part.sat {
                    None => p.soft { (words.text("file-unsat")) },
                    Some((from, until)) => p {
                        (parts::instant_short(words, *from, zone))
                        @if let Some(until) = until { " – " (parts::instant_short(words, *until, zone)) }
                    },
                }
                @if !part.terms.is_empty() {
                    ul { @for (seconds, reason) in &part.terms {
                        li { (parts::duration(words, *seconds)) @if let Some(reason) = reason { ": " (reason) } }
                    } }
                }
            }
            h3 { (words.text("file-arranged")) }
            @if view.arranged.is_empty() { p.soft { (words.text("file-arranged-none")) } }
            @else { ul.plain { @for one in &view.arranged { li { (one.line(words)) } } } }
            h3 { (words.text("file-timeline")) }
            p.hint { (words.text("file-timeline-hint")) }
            ol.history.plain {
                @for (at, what) in &view.timeline {
                    li { (parts::instant_short(words, *at, zone)) span { (what.sentence(words)) } }
                }
            }
        }
    }
}

fn decision(shell: &Shell, view: &AppealFile) -> Markup {
    let (words, form) = (shell.words, &view.form);
    let options = ["dismiss", "recount", "re_mark"]
        .into_iter()
        .zip(["file-dismiss", "file-recount", "file-re-mark"])
        .filter(|(code, _)| *code != "re_mark" || !view.marked.is_empty())
        .map(|(code, id)| (code.to_owned(), words.text(id)))
        .collect();
    html! {
        section.panel aria-labelledby="decide" {
            h2 #decide { (words.text("file-decide")) }
            p.hint { (words.text("file-decide-hint")) }
            (form::problem_summary(words, &form.problems))
            form.stack method="post" action=(urls::appeal_decision(&view.appeal.id)) {
                (Field::radios("decision", words.text("file-decision"), options).value(&form.decision).render(words, &form.problems))
                @if !view.marked.is_empty() {
                    fieldset {
                        legend { (words.text("file-positions")) }
                        p.hint { (words.text("file-positions-hint")) }
                        @for (position, vignette) in &view.marked {
                            @let id = format!("position-{position}");
                            div.tick {
                                input type="checkbox" id=(id) name="position" value=(position) checked[form.positions.contains(position)];
                                label for=(id) { (vignette) }
                            }
                        }
                    }
                }
                (Field::area("reason", 5, words.text("file-reason")).hint(words.text("file-reason-hint")).max_length(2000).value(&form.reason).render(words, &form.problems))
                div.buttons { button.primary type="submit" { (words.text("file-send")) } }
            }
        }
    }
}
