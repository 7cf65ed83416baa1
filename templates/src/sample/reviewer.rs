//! Samples of the reviewer's pages.

use chrono::NaiveDate;

use super::coordinator::figure;
use super::{Pages, staff_shell};
use crate::Markup;
use crate::coordinator::calibration::State;
use crate::figures::{Figure, Found};
use crate::form::FieldError;
use crate::page::{Section, Shell};
use crate::profile::{self, Absences, Circle, Known, Profile, Training};
use crate::reviewer::agreement::{OwnAgreement, Readers, own_agreement};
use crate::reviewer::calibration::{Lesson, LessonRow, Post, Set, own_calibration};
use crate::reviewer::correction::{self, CorrectionPage, CorrectionState};
use crate::reviewer::{self, Criterion, Level, MarkingDesk, Passage, Queue, QueueRow, ReviewState, TimeLeft, Verdict};
use crate::staff::Choice;
use crate::urls;

/// Every page, in its states.
pub(super) fn pages() -> Pages {
    let queue = |rows| {
        reviewer::queue(
            &shell(urls::MARKING),
            &Queue { rows, estimate: TimeLeft { minutes: 100, own: true }, calibrated: true },
        )
    };
    let desk = |view: &MarkingDesk| reviewer::marking_desk(&shell(&urls::review(&view.code)), view);
    let sealed = rows().into_iter().filter(|row| row.state == ReviewState::Sealed).collect();
    vec![
        ("reviewer-queue", queue(rows())),
        ("reviewer-queue-empty", queue(Vec::new())),
        ("reviewer-queue-done", queue(sealed)),
        ("reviewer-profile", profile::profile(&shell(urls::REVIEWER_PROFILE), &a_profile())),
        ("reviewer-calibration", own_calibration(&shell(urls::OWN_CALIBRATION), &calibration())),
        ("reviewer-calibration-none", own_calibration(&shell(urls::OWN_CALIBRATION), &[])),
        ("reviewer-desk-new", desk(&fresh())),
        ("reviewer-desk-draft", desk(&draft())),
        ("reviewer-desk-sealed", desk(&MarkingDesk { sealed_digest: Some("9f3a6c0d41b27e85".into()), ..draft() })),
        (
            "reviewer-desk-corrected",
            desk(&MarkingDesk {
                sealed_digest: Some("9f3a6c0d41b27e85".into()),
                correction: Some(CorrectionState::Waiting),
                ..draft()
            }),
        ),
        ("reviewer-correction", a_correction()),
        ("reviewer-agreement", own_agreement(&shell(urls::OWN_AGREEMENT), &standing())),
        ("reviewer-agreement-none", own_agreement(&shell(urls::OWN_AGREEMENT), &no_standing())),
        ("reviewer-desk-empty-answer", desk(&MarkingDesk { answer: String::new(), ..fresh() })),
    ]
}

fn a_correction() -> Markup {
    let desk = MarkingDesk { sealed_digest: Some("9f3a6c0d41b27e85".into()), ..draft() };
    let wrong = FieldError { field: "reason".to_owned(), message: "Why: between 1 and 1000 characters.".to_owned() };
    let page = CorrectionPage { desk, reason: String::new(), problems: vec![wrong] };
    correction::correction(&shell(&urls::review_correction(&page.desk.code)), &page)
}

fn calibration() -> Vec<Post> {
    let row = |title: &str, own, reference, rationale: &str| LessonRow {
        title: title.to_owned(),
        own: Some(own),
        reference,
        maximum: 4,
        rationale: rationale.to_owned(),
    };
    let lesson = Lesson {
        code: "K7MQ2-4RTZP".to_owned(),
        vignette: "Six weeks home from intensive care".to_owned(),
        verdicts: (Some(Verdict::Pass), Verdict::Fail),
        rows: vec![
            row("Awareness and use of one's own responses", 2, 2, "A specific reaction is named, and no more."),
            row(
                "Honest and kind words to the mother",
                2,
                0,
                "She is promised that the remark will not be written down.",
            ),
        ],
    };
    let set = |number, sealed, lessons| Set { number, scripts: 2, sealed, lessons };
    let post = |strand: &str, state, sets| Post { strand: strand.to_owned(), state, sets };
    vec![
        post("Clinical", State::Scoring, vec![set(2, 1, vec![]), set(1, 2, vec![lesson])]),
        post("Policy", State::Admitted, vec![]),
        post("Research/Faculty", State::NotAdmitted, vec![]),
    ]
}

fn a_profile() -> Profile {
    let day = |day| NaiveDate::from_ymd_opt(2027, 4, day).unwrap_or_default();
    Profile {
        training: Training {
            strands: vec![
                Choice::new("clinical", "Clinical").chosen(true),
                Choice::new("policy", "Policy").chosen(false),
                Choice::new("research_faculty", "Research/Faculty").chosen(false),
            ],
            capacity: "12".to_owned(),
            problems: Vec::new(),
        },
        absences: Absences { all: vec![(day(1), day(14))], ..Absences::default() },
        circle: Circle {
            known: vec![Known { who: "Ann Able".to_owned(), relation: "supervision".to_owned() }],
            ..Circle::default()
        },
    }
}

fn shell(path: &str) -> Shell {
    staff_shell("Ruth Okafor", path, &[Section::Marking, Section::Inbox])
}

fn standing() -> OwnAgreement {
    OwnAgreement {
        severity: figure(20, -4.5, -8.6, -0.4),
        own: Readers {
            verdict: figure(20, 0.8, 0.58, 0.92),
            exact: figure(20, 0.58, 0.49, 0.67),
            adjacent: figure(20, 0.96, 0.91, 1.0),
            distance: figure(20, 7.8, 5.2, 10.4),
        },
        others: Readers {
            verdict: figure(70, 0.87, 0.77, 0.93),
            exact: figure(70, 0.63, 0.58, 0.68),
            adjacent: figure(70, 0.97, 0.95, 0.99),
            distance: figure(70, 6.1, 5.0, 7.2),
        },
        step: 10,
        readers: 3,
    }
}

fn no_standing() -> OwnAgreement {
    let none = Figure { n: 0, found: Found::TooFew };
    let readers = Readers { verdict: none, exact: none, adjacent: none, distance: none };
    OwnAgreement { severity: none, own: readers.clone(), others: readers, step: 10, readers: 3 }
}

fn rows() -> Vec<QueueRow> {
    let row = |code: &str, vignette: &str, state, day| QueueRow {
        code: code.to_owned(),
        strand: "Clinical".to_owned(),
        vignette: vignette.to_owned(),
        state,
        due_on: NaiveDate::from_ymd_opt(2027, 4, day),
        overdue: day < 5,
    };
    vec![
        row("TQ7-M4K", "A mother who does not look", ReviewState::New, 2),
        row("H2W-9DX", "Two grandmothers", ReviewState::Draft, 12),
        row("C8R-5PN", "A mother who does not look", ReviewState::New, 12),
        row("V3J-K6T", "Two grandmothers", ReviewState::Sealed, 12),
        QueueRow { due_on: None, ..row("B9X-2QF", "A mother who does not look", ReviewState::Sealed, 12) },
    ]
}

fn fresh() -> MarkingDesk {
    MarkingDesk {
        code: "H2W-9DX".to_owned(),
        strand: "Clinical".to_owned(),
        vignette_title: "Two grandmothers".to_owned(),
        scenario: SCENARIO.to_owned(),
        prompts: vec![
            "What do you notice about **each** relationship around Amara, and what might it mean to her?".to_owned(),
            "How do you begin the next visit, and what do you take to reflective supervision?".to_owned(),
        ],
        answer: ANSWER.to_owned(),
        criteria: criteria(),
        verdict: None,
        remarks_for_examinee: String::new(),
        remarks_internal: String::new(),
        highlights: Vec::new(),
        draft_revision: 0,
        sealed_digest: None,
        correction: None,
        next: Some("C8R-5PN".to_owned()),
    }
}

fn draft() -> MarkingDesk {
    let chosen = [Some(3), Some(2), None];
    let criteria = criteria().into_iter().zip(chosen).map(|(criterion, chosen)| Criterion { chosen, ..criterion });
    MarkingDesk {
        criteria: criteria.collect(),
        verdict: Some(Verdict::Pass),
        remarks_for_examinee:
            "You stay with the infant’s experience throughout, and you wonder aloud where others would judge. \
            Say more about what you would bring to supervision."
                .to_owned(),
        remarks_internal: "Reflection: “I found myself siding with Amara’s mother” – strong.".to_owned(),
        highlights: vec![
            passage("I found myself siding with Amara’s mother", "reflection", Some("strong")),
            passage("The first thing I notice is the shoe", "thinking", None),
            passage("notice is the shoe. Amara looks at the door", "reflection", None),
            passage("pride, and worry.\n\nAt the next visit", "working-with-others", None),
        ],
        draft_revision: 14,
        ..fresh()
    }
}

/// A passage of the answer by its words.
fn passage(words: &str, criterion: &str, note: Option<&str>) -> Passage {
    let start = ANSWER.split(words).next().map_or(0, |before| before.chars().count());
    let end = start + words.chars().count();
    Passage { start, end, criterion: criterion.to_owned(), note: note.map(str::to_owned) }
}

fn criteria() -> Vec<Criterion> {
    let levels = |descriptors: [&str; 4]| {
        (0..).zip(descriptors).map(|(points, text)| Level { points, descriptor: text.to_owned() }).collect()
    };
    let criterion = |id: &str, title: &str, descriptors| Criterion {
        id: id.to_owned(),
        title: title.to_owned(),
        levels: levels(descriptors),
        chosen: None,
    };
    vec![
        criterion(
            "reflection",
            "Reflection",
            [
                "No sign of noticing one’s own response.",
                "Names a feeling, without using it.",
                "Uses one’s own response to understand the family.",
                "Holds several perspectives, and one’s own among them, while staying with the infant.",
            ],
        ),
        criterion(
            "thinking",
            "Thinking",
            [
                "Retells the vignette.",
                "Offers one explanation as certain.",
                "Weighs more than one hypothesis.",
                "Weighs hypotheses against observation, and says what would change them.",
            ],
        ),
        criterion(
            "working-with-others",
            "Working With Others",
            [
                "Sees no one but the child.",
                "Lists the people involved.",
                "Builds on what each person brings.",
                "Plans with the family and with colleagues, attentive to parallel process.",
            ],
        ),
    ]
}

const SCENARIO: &str = "Amara is eleven months old. Since her mother went back to night shifts, she is cared for by \
two grandmothers on alternating days, who do not speak to each other.\n\nYou are a home visitor. On your third visit, the \
paternal grandmother says: *“With me she eats. There, she only cries.”* Amara looks at the door, then at you, and brings you \
her shoe.";

const ANSWER: &str = "The first thing I notice is the shoe. Amara looks at the door and then chooses someone, and what she \
brings is the thing one needs for leaving. I would hold that as a question and not as an answer: is she telling us about \
coming and going, about who leaves and who comes back?\n\nI found myself siding with Amara’s mother, who is not in the room. \
I would want to take that to supervision, because if I side with the absent one, the grandmother in front of me may feel it, \
and she has just told me that she is good at something. “With me she eats” can be rivalry; it can also be pride, and worry.\n\n\
At the next visit I would begin by being with the two of them in what they do well, and say what I see: that Amara eats with \
her, and that she looks for her when the kettle sounds. I would ask what a day is like when Amara arrives, and what she thinks \
Amara makes of the change. I would not carry messages between the two houses. I would ask the mother whether there is a time \
when we could all be in one room, perhaps with Amara’s drawing of the day as the thing we look at together.\n\nI work with \
[masked] on two other families and would ask my supervisor how to keep these apart.";
