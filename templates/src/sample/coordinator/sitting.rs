//! Samples of a sitting's pages: list, form, registrations, marking, release.

use chrono::NaiveDate;

use super::{head, shell};
use crate::coordinator::SittingState;
use crate::coordinator::late::{self, LateBlock, LateLine, LatePage, LateState, LateWork, Said, SignView};
use crate::coordinator::marking::{
    self, AllocationResult, Lack, Reason, ReviewerProgress, ScriptProgress, ScriptState, SittingMarking,
};
use crate::coordinator::release::{
    self, Approval, Check, CheckState, LetterPreview, ReleaseGate, ReleasePage, ReleaseState,
};
use crate::coordinator::sittings::{
    self, FormLine, FormSize, NewRegistration, RegistrationRow, RegistrationState, SittingForm, SittingPage,
    SittingRow, Sittings,
};
use crate::exam::{Outcome, Part};
use crate::form::FieldError;
use crate::letters::LetterView;
use crate::sample::{Pages, at, examinee};
use crate::staff::{CheckMark, Choice};
use crate::urls;
use crate::words::Locale;

/// Every page, in its states.
pub(super) fn pages() -> Pages {
    let mut pages = sitting_pages();
    pages.extend(marking_pages());
    pages.extend(screening_pages());
    pages.extend(late_pages());
    pages.extend(release_pages());
    pages
}

fn sitting_pages() -> Pages {
    let row = |state, booked, lacks_form| SittingRow {
        head: head(state),
        booked,
        capacity: 60,
        lacks_form,
        href: Some(urls::sitting("s1")),
    };
    let list = Sittings {
        coming: vec![row(SittingState::Open, 38, false), row(SittingState::Planned, 0, true)],
        past: vec![SittingRow { href: None, ..row(SittingState::Released, 57, false) }],
        may_make: true,
        agreement: vec![("a1".to_owned(), "Connecticut (CT-AIMH)".to_owned())],
    };
    let none = Sittings { coming: Vec::new(), past: Vec::new(), may_make: true, agreement: Vec::new() };
    let nothing_to_see = Sittings { may_make: false, ..none.clone() };
    let problem = |field: &str, message: &str| FieldError { field: field.to_owned(), message: message.to_owned() };
    let wrong = SittingForm {
        title: "October sitting 2027".to_owned(),
        opens_at: "2027-10-08T09:00".to_owned(),
        closes_at: "2027-10-08T08:00".to_owned(),
        problems: vec![problem("closes_at", "The sitting must close after it opens.")],
        ..form()
    };
    vec![
        ("sittings", sittings::sittings(&shell(urls::SITTINGS), &list)),
        ("sittings-empty", sittings::sittings(&shell(urls::SITTINGS), &none)),
        ("sittings-none-to-see", sittings::sittings(&shell(urls::SITTINGS), &nothing_to_see)),
        ("sitting-new", sittings::sitting_new(&shell(urls::SITTING_NEW), &form())),
        ("sitting-new-refused", sittings::sitting_new(&shell(urls::SITTING_NEW), &wrong)),
        ("sitting", sittings::sitting(&shell(&urls::sitting("s1")), &sitting())),
        ("sitting-safe-browser", sittings::sitting(&shell(&urls::sitting("s1")), &safe_sitting())),
        (
            "sitting-empty",
            sittings::sitting(
                &shell(&urls::sitting("s1")),
                &SittingPage {
                    registrations: Vec::new(),
                    forms: Vec::new(),
                    new: Some(NewRegistration::default()),
                    ..sitting()
                },
            ),
        ),
    ]
}

fn late_pages() -> Pages {
    let page = |works| LatePage { head: head(SittingState::Marking), works, next: None };
    let line = |position, stored: Option<&str>, late: &str, state| LateLine {
        position,
        revision: 3,
        stored: stored.map_or(Said::Nothing, |text| Said::Text(text.to_owned())),
        stored_at: stored.map(|_| at("2027-03-12T15:20:11Z")),
        late: Said::Text(late.to_owned()),
        arrived_at: at("2027-03-12T15:38:40Z"),
        late_by_seconds: 520,
        state,
        reason: None,
        decided_by: None,
    };
    let decided = LateLine {
        reason: Some("The network of the building was down; see the incident.".to_owned()),
        decided_by: Some("Grace Lindqvist".to_owned()),
        ..line(7, None, "d", LateState::Admitted)
    };
    let one = LateWork {
        attempt: "a1".to_owned(),
        name: "Maya Okonkwo".to_owned(),
        part: Part::One,
        closed_at: at("2027-03-12T15:30:00Z"),
        deadline: at("2027-03-12T15:30:00Z"),
        signs: vec![
            SignView::Silence { from: at("2027-03-12T15:21:00Z"), seconds: 1060 },
            SignView::Incident {
                note: "The lights and the network went out.".to_owned(),
                at: at("2027-03-12T15:24:00Z"),
            },
        ],
        blocked: None,
        lines: vec![line(4, Some("b"), "c", LateState::Undecided), line(5, None, "a", LateState::Undecided), decided],
        reason: String::new(),
        problems: Vec::new(),
    };
    let prose = "I would sit with the mother first, and watch how the baby looks for her.";
    let two = LateWork {
        attempt: "a2".to_owned(),
        name: "Rosa Delgado".to_owned(),
        part: Part::Two,
        signs: Vec::new(),
        blocked: Some(LateBlock::Allocated),
        lines: vec![line(1, Some("I would sit with the mother"), prose, LateState::Undecided)],
        problems: vec![FieldError {
            field: String::new(),
            message: "Reason: between 1 and 1000 characters.".to_owned(),
        }],
        ..one.clone()
    };
    vec![
        ("sitting-late", late::late(&shell(&urls::late("s1")), &page(vec![one, two]))),
        ("sitting-late-empty", late::late(&shell(&urls::late("s1")), &page(Vec::new()))),
    ]
}

fn form() -> SittingForm {
    SittingForm {
        time_zones: vec![
            Choice::new("America/New_York", "America/New_York").chosen(true),
            Choice::new("America/Chicago", "America/Chicago"),
        ],
        ..SittingForm::standard()
    }
}

fn sitting() -> SittingPage {
    let row = |id: &str, name: &str, state, accommodated| RegistrationRow {
        registration: format!("r-{id}"),
        person: id.to_owned(),
        name: name.to_owned(),
        track: "IMH-E".to_owned(),
        category: "Specialist".to_owned(),
        state,
        accommodated,
        system_check: accommodated.then(|| CheckMark {
            done_at: at("2027-03-01T14:40:00Z"),
            passed: false,
            failed: vec!["events".to_owned(), "pull_out".to_owned()],
        }),
    };
    SittingPage {
        head: head(SittingState::Planned),
        capacity: 60,
        registrations: vec![
            row("p1", "Anneke de Vries", RegistrationState::Booked, true),
            row("p2", "Benjamin Achterberg-Oyelaran", RegistrationState::Booked, false),
            row("p5", "Chidi Nwosu", RegistrationState::Cancelled, false),
        ],
        new: Some(NewRegistration {
            people: vec![Choice::new("p6", "Leilani Kahale"), Choice::new("p7", "Priya Raman")],
            tracks: vec![Choice::new("ECMH-E", "ECMH-E"), Choice::new("IMH-E", "IMH-E")],
            categories: vec![Choice::new("mentor_policy", "Mentor, Policy"), Choice::new("specialist", "Specialist")],
            problems: Vec::new(),
        }),
        forms: vec![
            FormLine {
                title: "Part One, IMH-E".to_owned(),
                size: FormSize::Questions(60),
                frozen: true,
                unmet: Vec::new(),
            },
            FormLine {
                title: "Part Two, Clinical".to_owned(),
                size: FormSize::Vignettes(2),
                frozen: false,
                unmet: vec!["One vignette has been seen by a retaker of this sitting.".to_owned()],
            },
        ],
        edit: Some(SittingForm { title: "Spring sitting 2027".to_owned(), ..form() }),
        safe_key: None,
    }
}

/// The same, sat in Safe Exam Browser, with a key that was mistyped.
fn safe_sitting() -> SittingPage {
    let problems = vec![FieldError {
        field: "config_keys".to_owned(),
        message: "More Config Keys: 64 hexadecimal digits.".to_owned(),
    }];
    let edit = SittingForm { safe: true, config_keys: "5f0e1c\n".to_owned(), problems, ..form() };
    SittingPage { edit: Some(edit), safe_key: Some("0f4a".repeat(16)), ..sitting() }
}

fn marking_pages() -> Pages {
    let page = |view: &SittingMarking| marking::sitting_marking(&shell(&urls::sitting_marking("s1")), view);
    let recruit =
        |outside| marking::Step::Recruit { strand: "Policy".to_owned(), reviewers: 1, scripts_each: 3, outside };
    let result = |dry_run, unassigned| AllocationResult {
        dry_run,
        assigned: 12,
        per_reviewer: vec![("Ruth Okafor".to_owned(), 5), ("Daniel Roy".to_owned(), 4), ("Mei Tanaka".to_owned(), 3)],
        unassigned,
        remedy: dry_run.then(|| marking::Remedy {
            steps: vec![
                marking::Step::Raise("Ruth Okafor".to_owned(), 2),
                marking::Step::Return("Mei Tanaka".to_owned(), NaiveDate::from_ymd_opt(2027, 4, 20)),
                marking::Step::Return("Daniel Roy".to_owned(), None),
                marking::Step::Admit("Rosa Lind".to_owned()),
                recruit(false),
                recruit(true),
            ],
            is_least: true,
            tight: (3, 6, 4),
            reviewers: vec!["Ruth Okafor".to_owned(), "Daniel Roy".to_owned()],
        }),
    };
    let lacks = vec![
        Lack { script: "S-0031".to_owned(), lacks: Some("a second reviewer without conflict for Policy".to_owned()) },
        Lack { script: "S-0044".to_owned(), lacks: None },
    ];
    let none =
        SittingMarking { scripts: Vec::new(), reviewers: Vec::new(), to_screen: 0, to_allocate: 0, ..a_marking() };
    vec![
        ("sitting-marking", page(&a_marking())),
        ("sitting-marking-preview", page(&SittingMarking { allocation: Some(result(true, lacks)), ..a_marking() })),
        (
            "sitting-marking-allocated",
            page(&SittingMarking {
                allocation: Some(result(false, Vec::new())),
                to_allocate: 0,
                to_screen: 0,
                ..a_marking()
            }),
        ),
        ("sitting-marking-empty", page(&none)),
    ]
}

fn a_marking() -> SittingMarking {
    let script = |name: &str, needed, sealed, state| ScriptProgress {
        script: name.to_owned(),
        round: i64::from(name == "S-0041"),
        strand: "Clinical".to_owned(),
        vignette: "Two grandmothers".to_owned(),
        needed,
        sealed,
        state,
    };
    let reviewer = |name: &str, assigned, sealed, overdue| ReviewerProgress {
        id: "r1".to_owned(),
        name: name.to_owned(),
        strands: "Clinical, Policy".to_owned(),
        capacity: 12,
        held: assigned - sealed,
        assigned,
        sealed,
        due_on: NaiveDate::from_ymd_opt(2027, 4, 12),
        overdue,
        absent_until: None,
        proposal: None,
    };
    let proposal = |reason, not_begun, asked| Some(marking::Proposal { reason, not_begun, drafts: 1, asked });
    SittingMarking {
        head: head(SittingState::Marking),
        to_screen: 1,
        to_allocate: 6,
        thirds_lacking: 1,
        allocation: None,
        reviewers: vec![
            ReviewerProgress { proposal: proposal(Reason::Overdue, 2, 0), ..reviewer("Ruth Okafor", 8, 5, 3) },
            reviewer("Daniel Roy", 7, 7, 0),
            reviewer("Mei Tanaka", 0, 0, 0),
            ReviewerProgress { proposal: proposal(Reason::Conflict, 0, 0), ..reviewer("Noor Haddad", 3, 2, 0) },
            ReviewerProgress {
                absent_until: NaiveDate::from_ymd_opt(2027, 4, 20),
                proposal: proposal(Reason::Absent, 0, 1),
                ..reviewer("Ines Park", 1, 0, 0)
            },
        ],
        scripts: vec![
            script("S-0030", 2, 2, ScriptState::Settled),
            script("S-0031", 2, 0, ScriptState::Unallocated),
            script("S-0038", 3, 2, ScriptState::ThirdReading),
            script("S-0041", 2, 1, ScriptState::Reading),
            script("S-0044", 2, 0, ScriptState::Screening),
        ],
    }
}

fn screening_pages() -> Pages {
    use crate::coordinator::screening::{
        Decided, Finding, Passage, Screening, Script, ScriptPage, screening, script_page,
    };
    use crate::form::FieldError;
    let finding = |passage: &str, why: &str, confident, mask: &str, decided| Finding {
        id: format!("f-{mask}"),
        why: why.to_owned(),
        before: "On Fridays at ".to_owned(),
        passage: passage.to_owned(),
        after: " we begin each visit with tea.".to_owned(),
        confident,
        mask: mask.to_owned(),
        decided,
    };
    let script = |label: &str, given_out, findings| Script {
        id: format!("{label}-1"),
        label: label.to_owned(),
        vignette: "Two grandmothers".to_owned(),
        writer: "Anneke de Vries".to_owned(),
        given_out,
        findings,
    };
    let found = vec![
        finding("Harbor Family Services", "An employer on record for the writer.", true, "[employer]", Decided::Open),
        finding("Anneke", "A part of the writer’s name.", false, "[name]", Decided::Open),
        finding("Bea Cole", "A supervisor on record for the writer.", true, "[person 1]", Decided::Masked),
        finding("Friday Harbor", "A place on record for the writer.", true, "[place]", Decided::Dismissed),
    ];
    let page = |scripts, clean| {
        let view = Screening { head: head(SittingState::Marking), scripts, clean };
        screening(&shell(&urls::sitting_screening("s1")), &view)
    };
    let clean = vec![script("S-0030", true, Vec::new()), script("S-0031", false, Vec::new())];
    let given = script("S-0038", true, vec![found[2].clone()]);
    let marked =
        |text: &str, mask: &str, decided| Passage::Marked { text: text.to_owned(), mask: mask.to_owned(), decided };
    let plain = |text: &str| Passage::Plain(text.to_owned());
    let one = ScriptPage {
        sitting: "s1".to_owned(),
        script: script("S-0044", false, found.clone()),
        passages: vec![
            plain("On Fridays at "),
            marked("Harbor Family Services", "[employer]", Decided::Open),
            plain(" we begin each visit with tea. I would ask "),
            marked("Bea Cole", "[person 1]", Decided::Masked),
            plain(" first.\n\nThen I would sit down."),
        ],
        kinds: vec!["own_name", "person", "employer", "place", "email", "web", "phone", "handle", "license", "other"],
        typed: "Cole’s".to_owned(),
        problems: vec![FieldError {
            field: "passage".to_owned(),
            message: "Text to mask: does not stand in the script as a whole.".to_owned(),
        }],
    };
    let shell = shell(&urls::script_screening("S-0044-1"));
    vec![
        ("screening", page(vec![script("S-0044", false, found.clone()), given.clone()], clean)),
        ("screening-empty", page(Vec::new(), Vec::new())),
        ("screening-script", script_page(&shell, &one)),
        (
            "screening-script-given-out",
            script_page(&shell, &ScriptPage { script: given, typed: String::new(), problems: Vec::new(), ..one }),
        ),
    ]
}

fn release_pages() -> Pages {
    let gate = |view: &ReleaseGate| release::release_gate(&shell(&urls::release_gate("s1")), view);
    let page = |view: &ReleasePage| release::release(&shell(&urls::release("rel1")), view);
    let prepared = ("Grace Lindqvist".to_owned(), at("2027-04-20T15:00:00Z"));
    let approved = ("Joan Mbeki".to_owned(), at("2027-04-21T13:30:00Z"));
    let waiting = ReleasePage {
        id: "rel1".to_owned(),
        head: head(SittingState::Marking),
        state: ReleaseState::Waiting,
        prepared,
        approved: None,
        recalled: None,
        approval: Approval::Possible,
        checks: checks(false),
        letters: letters(),
        reason: String::new(),
        problems: Vec::new(),
    };
    let released = ReleasePage { state: ReleaseState::Released, approved: Some(approved.clone()), ..waiting.clone() };
    let why = "Item 14 was found defective; scores are being recomputed.".to_owned();
    let recalled = ReleasePage {
        state: ReleaseState::Recalled,
        recalled: Some((approved.0, approved.1, why)),
        ..released.clone()
    };
    vec![
        ("release-gate", gate(&a_gate(false))),
        ("release-gate-blocked", gate(&a_gate(true))),
        ("release-gate-empty", gate(&ReleaseGate { letters: Vec::new(), earlier: Vec::new(), ..a_gate(true) })),
        ("release-second-person", page(&ReleasePage { approval: Approval::SecondPersonRequired, ..waiting.clone() })),
        ("release-waiting", page(&waiting)),
        ("release-released", page(&released)),
        ("release-recalled", page(&recalled)),
    ]
}

fn checks(blocked: bool) -> Vec<Check> {
    let check = |check: &str, state, detail: &str| Check { check: check.to_owned(), state, detail: detail.to_owned() };
    let settled = if blocked {
        check("Every disagreement is settled", CheckState::Blocks, "1 script waits for a third reading.")
    } else {
        check("Every disagreement is settled", CheckState::Holds, "")
    };
    vec![
        check("Every script is sealed by two reviewers", CheckState::Holds, "76 of 76 readings"),
        settled,
        check("The key is current", CheckState::Holds, "version 3"),
        check("The pass rate is near its history", CheckState::Notice, "92 % against 78 % over the last six sittings."),
        check("Every letter renders", CheckState::Holds, "3 letters"),
    ]
}

fn letters() -> Vec<LetterPreview> {
    let preview = |registration: &str, locale, name: &str, outcome| LetterPreview {
        registration: registration.to_owned(),
        locale,
        letter: LetterView { name: name.to_owned(), released_at: None, ..examinee::letter(outcome) },
    };
    vec![
        preview("r1", Locale::En, "Anneke de Vries", Outcome::Passed),
        preview("r3", Locale::Es, "Marisol Vega", Outcome::Failed),
        preview("r4", Locale::En, "Chidi Nwosu", Outcome::Withheld),
        preview("r5", Locale::En, "Samuel Hart", Outcome::Absent),
    ]
}

fn a_gate(blocked: bool) -> ReleaseGate {
    ReleaseGate {
        head: head(SittingState::Marking),
        checks: checks(blocked),
        letters: letters(),
        earlier: vec![("rel0".to_owned(), at("2027-04-02T15:00:00Z"), ReleaseState::Recalled)],
        problems: Vec::new(),
    }
}
