//! Samples of the proctor's board.

use chrono::TimeDelta;

use super::{Pages, at, coordinator::head, staff_shell};
use crate::coordinator::SittingState;
use crate::examinee::SafeState;
use crate::form::FieldError;
use crate::page::Section;
use crate::proctor::{
    self, Board, BoardRow, BrowserView, ClosingLine, IncidentFilter, IncidentLine, MessageLine, NewIncident,
    NewMessage, PauseForm, PauseView, Presence, ProposalView, RunningPart, Term,
};
use crate::staff::Choice;
use crate::urls;

/// Every page, in its states.
pub(super) fn pages() -> Pages {
    let page = |view: &Board| {
        proctor::board(&staff_shell("Tom Iversen", &urls::board("s1"), &[Section::Sittings, Section::Inbox]), view)
    };
    let wrong = vec![FieldError { field: "reason".to_owned(), message: "Say why the time is credited.".to_owned() }];
    vec![
        ("board", page(&board())),
        ("board-empty", page(&Board { rows: Vec::new(), ..board() })),
        ("board-paused", page(&paused())),
        ("board-safe-browser", page(&in_safe_browser())),
        ("board-proctor-only", page(&Board { proctor_only: true, ..board() })),
        (
            "board-credit-refused",
            page(&Board {
                credit: ("10".to_owned(), String::new()),
                problems: wrong,
                proposals: vec![proposal("o1", None, 95, 6), proposal("o2", Some("Marisol Vega"), 265, 1)],
                ..board()
            }),
        ),
    ]
}

/// A sitting that is sat in Safe Exam Browser.
fn in_safe_browser() -> Board {
    let mut board = board();
    for row in &mut board.rows {
        let (state, refused_at, unproved_saves, exemption) = match row.registration.as_str() {
            "r2" => (SafeState::Missing, None, 3, None),
            "r4" => (SafeState::Exempt, None, 0, Some("Her tablet cannot run it.")),
            "r6" => (SafeState::Missing, Some(at("2027-03-12T14:36:00Z")), 0, None),
            "r7" | "r8" => (SafeState::Missing, None, 0, None),
            _ => (SafeState::Proved, None, 0, None),
        };
        row.attention |= unproved_saves > 0 || refused_at.is_some();
        row.browser = Some(BrowserView { state, refused_at, unproved_saves, exemption: exemption.map(str::to_owned) });
    }
    board
}

fn board() -> Board {
    let now = at("2027-03-12T14:41:08Z");
    let ago = |seconds| Some(now - TimeDelta::seconds(seconds));
    let running = |attempt: &str, part, answered, credited_seconds| {
        Some(RunningPart {
            attempt: attempt.to_owned(),
            part,
            answered,
            of: if part == 1 { 60 } else { 2 },
            deadline: now + TimeDelta::seconds(2932 + credited_seconds),
            stopped_with_seconds: None,
            terms: [
                Some(Term::Allowance { seconds: 5400 }),
                (credited_seconds > 0)
                    .then(|| Term::Credit { seconds: credited_seconds, reason: "fire alarm".to_owned() }),
            ]
            .into_iter()
            .flatten()
            .collect(),
        })
    };
    let row = |id: &str, name: &str, presence, running: Option<RunningPart>, save, contact| BoardRow {
        registration: id.to_owned(),
        name: name.to_owned(),
        presence,
        attention: presence == Presence::Disconnected,
        incidents: i64::from(presence == Presence::Disconnected),
        running,
        last_save: save,
        last_contact: contact,
        system_check: None,
        browser: None,
    };
    Board {
        head: head(SittingState::Open),
        now,
        rows: vec![
            row("r3", "Marisol Vega", Presence::Disconnected, running("a3", 1, 22, 300), ago(274), ago(268)),
            row("r1", "Anneke de Vries", Presence::Working, running("a1", 1, 31, 0), ago(4), ago(2)),
            row("r2", "Benjamin Achterberg-Oyelaran", Presence::Working, running("a2", 1, 28, 0), ago(11), ago(1)),
            row("r4", "Chidi Nwosu", Presence::Working, running("a4", 2, 1, 0), ago(2), ago(2)),
            row("r5", "Leilani Kahale", Presence::Break, None, ago(340), ago(6)),
            row("r6", "Priya Raman", Presence::Admitted, None, None, ago(9)),
            row("r7", "Samuel Hart", Presence::Expected, None, None, None),
            row("r8", "Ximena Ortiz", Presence::Finished, None, ago(7400), ago(7398)),
        ],
        proctor_only: false,
        messages: vec![MessageLine {
            at: at("2027-03-12T14:39:00Z"),
            to: None,
            text: "The blinds stay down.\nPlease keep writing.".to_owned(),
            from: "Tom Iversen".to_owned(),
        }],
        closings: vec![ClosingLine {
            at: at("2027-03-12T14:40:00Z"),
            whose: "Ximena Ortiz".to_owned(),
            part: 2,
            reason: "She was taken ill and asked to end it.".to_owned(),
            by: "Tom Iversen".to_owned(),
        }],
        log: "1 2 1 1".to_owned(),
        message: NewMessage { people: vec![Choice::new("r3", "Marisol Vega")], ..NewMessage::default() },
        filter: IncidentFilter { kinds: vec![Choice::new("technical", "Technical trouble")], open: false, any: true },
        pause: None,
        pause_form: PauseForm::default(),
        credit: (String::new(), String::new()),
        proposals: Vec::new(),
        problems: Vec::new(),
        incidents: vec![incident("i2", Some("Marisol Vega"), false), incident("i1", None, true)],
        incident: NewIncident {
            people: vec![Choice::new("r3", "Marisol Vega")],
            kinds: vec![Choice::new("technical", "Technical trouble").chosen(true)],
            ..NewIncident::default()
        },
    }
}

fn proposal(outage: &str, whose: Option<&str>, seconds: i64, examinees: i64) -> ProposalView {
    let ended_at = at("2027-03-12T14:33:00Z");
    let began_at = ended_at - TimeDelta::seconds(seconds);
    ProposalView { outage: outage.to_owned(), whose: whose.map(str::to_owned), began_at, ended_at, seconds, examinees }
}

/// The same while everything stands still, but for one who is on a break of their own.
fn paused() -> Board {
    let mut view = board();
    view.pause = Some(PauseView { reason: "Fire alarm".to_owned(), since: view.now - TimeDelta::seconds(95) });
    for row in &mut view.rows {
        if let Some(part) = &mut row.running {
            part.stopped_with_seconds = Some((part.deadline - view.now).num_seconds() + 95);
            row.presence = if row.registration == "r4" { Presence::OnBreak } else { Presence::Paused };
            if row.registration == "r4" {
                part.terms.push(Term::Break { seconds: 245 });
            }
        }
    }
    view
}

fn incident(id: &str, about: Option<&str>, resolved: bool) -> IncidentLine {
    IncidentLine {
        id: id.to_owned(),
        at: at("2027-03-12T14:36:00Z"),
        kind: "technical".to_owned(),
        about: about.map(str::to_owned),
        note: "The projector failed; everybody had to move two rows forward.".to_owned(),
        reported_by: "Tom Iversen".to_owned(),
        resolved,
        resolution: resolved.then(|| ("They moved back at ten.".to_owned(), "Tom Iversen".to_owned())),
    }
}
