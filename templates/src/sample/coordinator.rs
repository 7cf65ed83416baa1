//! Samples of the coordinator's pages: desk, people, import, audit. The sittings' own are in `sitting`.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Pages, at, examinee, staff_shell};
use crate::arrangement::{self, ArrangementFields, DecisionForm, RequestPage, RequestState};
use crate::coordinator::audit::{self, Audit, AuditRow, Chain};
use crate::coordinator::conflicts::{Conflict, Conflicts};
use crate::coordinator::desk::{self, Desk, NearSitting, Task, TaskKind};
use crate::coordinator::import::{self, Import, ImportOutcome, ImportRow, LineError};
use crate::coordinator::people::{
    self, Accommodations, AccountState, Authorisation, AuthorisationState, Happened, HistoryLine, NewPerson, People,
    PersonPage, PersonRegistration, PersonRow,
};
use crate::coordinator::record::{Fact, Record};
use crate::coordinator::rules;
use crate::coordinator::{SittingHead, SittingKind, SittingState};
use crate::form::FieldError;
use crate::page::{Section, Shell};
use crate::profile::{Absences, Training};
use crate::staff::Choice;
use crate::urls;

mod agreement;
mod appeals;
mod calibration;
mod corrections;
mod sitting;

pub(super) use agreement::figure;

fn a_request(state: RequestState) -> RequestPage {
    let waits = state == RequestState::Waiting;
    let fields = ArrangementFields {
        time_multiplier_percent: "150".to_owned(),
        larger_type: true,
        ..ArrangementFields::default()
    };
    RequestPage {
        person: "p1".to_owned(),
        name: "Maria Delgado".to_owned(),
        request: examinee::a_request(state),
        decided_by: (!waits).then(|| "Grace Lindqvist".to_owned()),
        confirmed: None,
        form: waits.then(|| DecisionForm { fields, ..DecisionForm::default() }),
    }
}

/// Every page, in its states.
pub(super) fn pages() -> Pages {
    let mut pages = vec![
        ("desk", desk::desk(&shell(urls::DESK), &a_desk())),
        ("desk-empty", desk::desk(&shell(urls::DESK), &Desk { tasks: Vec::new(), sittings: Vec::new() })),
        ("request", arrangement::request(&shell("/accommodation-requests/q-1"), &a_request(RequestState::Waiting))),
        (
            "request-decided",
            arrangement::request(&shell("/accommodation-requests/q-1"), &a_request(RequestState::Approved)),
        ),
        ("people", people::people(&shell(urls::PEOPLE), &a_people())),
        (
            "people-none-found",
            people::people(&shell(urls::PEOPLE), &People { search: "zz".to_owned(), rows: Vec::new(), ..a_people() }),
        ),
        ("people-refused", people::people(&shell(urls::PEOPLE), &refused())),
        ("person", people::person(&shell(&urls::person("p1")), &a_person())),
        ("audit", audit::audit(&shell(urls::AUDIT), &an_audit(Chain::Holds))),
        ("audit-unchecked", audit::audit(&shell(urls::AUDIT), &an_audit(Chain::Unchecked))),
        ("audit-broken", audit::audit(&shell(urls::AUDIT), &an_audit(Chain::Broken { at: 4117 }))),
    ];
    pages.push(("rules", rules::rules(&shell(&urls::policy("a1")), &some_rules(true))));
    pages.push(("rules-read", rules::rules(&shell(&urls::policy("a1")), &some_rules(false))));
    let places = [("a1".to_owned(), "Connecticut (CT-AIMH)".to_owned(), Tz::America__New_York)];
    pages.push(("associations", rules::associations(&shell(urls::ASSOCIATIONS), &places)));
    pages.extend(imports());
    pages.extend(sitting::pages());
    pages.extend(agreement::pages());
    pages.extend(corrections::pages());
    pages.extend(appeals::pages());
    pages.extend(calibration::pages());
    pages
}

fn some_rules(may_set: bool) -> rules::Rules {
    let rule = |name: &str, takes, value: &str| rules::Rule { name: name.to_owned(), takes, value: value.to_owned() };
    let whole = |least, most| rules::Takes::Whole { least, most };
    let words = |words: &[&str]| rules::Takes::OneOf(words.iter().map(|w| (*w).to_owned()).collect());
    let change = |from: &str, name: &str, value: &str| rules::Change {
        from: at(from),
        rules: vec![(name.to_owned(), value.to_owned())],
    };
    rules::Rules {
        association: "a1".to_owned(),
        name: "Connecticut (CT-AIMH)".to_owned(),
        time_zone: Tz::America__New_York,
        since: Some(at("2027-01-04T05:00:00Z")),
        rules: vec![
            rule("part_two_rule", words(&["points", "verdicts"]), "verdicts"),
            rule("part_two_cut_percent", whole(1, 100), "80"),
            rule("resolution", words(&["adjudicator_decides", "majority_of_verdicts", "closest_pair"]), "closest_pair"),
            rule("review_days", whole(1, 180), "21"),
            rule("reallocate_after_days", whole(0, 180), "7"),
            rule("same_association", words(&["allowed", "avoided", "barred"]), "allowed"),
            rule("lends_reviewers", rules::Takes::Flag, "false"),
            rule("show_percent", rules::Takes::Flag, "true"),
            rule("appeal_days", whole(0, 365), "30"),
            rule("re_mark_result", words(&["stands", "better"]), "stands"),
            rule("late_arrival_seconds", whole(0, 120), "15"),
            rule("practice_one_seconds", whole(1, 120), "10"),
            rule("longest_break_seconds", whole(0, 240), "30"),
            rule("contact_loss_seconds", whole(1, 60), "2"),
        ],
        coming: vec![change("2027-07-01T04:00:00Z", "review_days", "28")],
        past: vec![change("2027-01-04T05:00:00Z", "part_two_rule", "verdicts")],
        may_set,
        effective_from: String::new(),
        problems: Vec::new(),
    }
}

/// The shell of a coordinator.
fn shell(path: &str) -> Shell {
    staff_shell(
        "Grace Lindqvist",
        path,
        &[Section::Desk, Section::Sittings, Section::People, Section::Audit, Section::Inbox],
    )
}

/// The head of a sitting, also for the proctor's samples.
pub(super) fn head(state: SittingState) -> SittingHead {
    SittingHead {
        id: "s1".to_owned(),
        title: "Spring sitting 2027".to_owned(),
        association: "Connecticut (CT-AIMH)".to_owned(),
        kind: SittingKind::Fixed,
        opens_at: at("2027-03-12T14:00:00Z"),
        closes_at: at("2027-03-12T18:00:00Z"),
        time_zone: Tz::America__New_York,
        state,
    }
}

fn a_desk() -> Desk {
    let task = |kind, count, subject: &str, href: String, until, pressing| Task {
        kind,
        count,
        subject: subject.to_owned(),
        href,
        until,
        pressing,
    };
    let spring = "Spring sitting 2027";
    let near = |id: &str, state| {
        let head = head(state);
        NearSitting {
            id: id.to_owned(),
            title: head.title,
            opens_at: head.opens_at,
            closes_at: head.closes_at,
            time_zone: head.time_zone,
            booked: 38,
            capacity: 60,
            state,
        }
    };
    Desk {
        tasks: vec![
            task(
                TaskKind::ScriptsLackReviewer,
                3,
                spring,
                urls::sitting_marking("s1"),
                NaiveDate::from_ymd_opt(2027, 4, 2),
                true,
            ),
            task(TaskKind::Screening, 2, spring, urls::sitting_screening("s1"), None, false),
            task(
                TaskKind::ThirdReadings,
                1,
                spring,
                urls::sitting_marking("s1"),
                NaiveDate::from_ymd_opt(2027, 4, 12),
                false,
            ),
            task(TaskKind::ReleasesToApprove, 1, "October sitting 2026", urls::release("rel1"), None, false),
            task(TaskKind::SittingWithoutForm, 1, "October sitting 2027", urls::sitting("s2"), None, false),
        ],
        sittings: vec![near("s1", SittingState::Marking), near("s2", SittingState::Planned)],
    }
}

fn roles() -> Vec<Choice> {
    vec![
        Choice::new("examinee", "Examinee").chosen(true),
        Choice::new("reviewer", "Reviewer"),
        Choice::new("coordinator", "Coordinator"),
        Choice::new("proctor", "Proctor"),
    ]
}

fn languages() -> Vec<Choice> {
    vec![Choice::new("en", "English").chosen(true), Choice::new("es", "Español")]
}

fn a_people() -> People {
    let row = |id: &str, name: &str, email: &str, roles: &[&str], state| PersonRow {
        id: id.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        state,
    };
    People {
        search: String::new(),
        rows: vec![
            row("p1", "Anneke de Vries", "anneke@example.org", &["Examinee"], AccountState::Active),
            row(
                "p2",
                "Benjamin Achterberg-Oyelaran",
                "benjamin.achterberg-oyelaran@example.org",
                &["Examinee"],
                AccountState::Invited,
            ),
            row("p3", "Ruth Okafor", "ruth@example.org", &["Reviewer", "Adjudicator"], AccountState::Active),
            row("p4", "Tom Iversen", "tom@example.org", &["Proctor"], AccountState::Disabled),
        ],
        next: Some("/people?after=p4".to_owned()),
        new: NewPerson { roles: roles(), languages: languages(), ..NewPerson::default() },
    }
}

fn refused() -> People {
    let new = NewPerson {
        name: "Ruth Okafor".to_owned(),
        email: "ruth@".to_owned(),
        roles: roles(),
        languages: languages(),
        problems: vec![FieldError {
            field: "email".to_owned(),
            message: "This is not a whole e-mail address.".to_owned(),
        }],
        ..NewPerson::default()
    };
    People { new, ..a_people() }
}

fn a_conflict() -> Conflicts {
    let all = [
        "declared_by_reviewer",
        "declared_by_examinee",
        "entered_by_coordinator",
        "recognised",
        "same_employer",
        "supervisor",
        "reference_rater",
        "colleague",
        "same_association",
        "earlier_reader",
    ];
    let conflict = |name: &str, origins: &[&str], lift_reason: Option<&str>| Conflict {
        person: "p2".to_owned(),
        name: name.to_owned(),
        origins: origins.iter().map(|code| (*code).to_owned()).collect(),
        can_be_lifted: !origins.is_empty(),
        lift_reason: lift_reason.map(str::to_owned),
    };
    Conflicts {
        all: vec![
            conflict("Ruth Okafor", &all, None),
            conflict("Daniel Roy", &[], Some("Another person of the same name")),
        ],
        declared: vec!["ruth.okafor@example.org".to_owned()],
        ..Conflicts::default()
    }
}

fn a_person() -> PersonPage {
    let history = |when: &str, what: Happened| HistoryLine { at: at(when), what };
    let sitting = || "Spring sitting 2027".to_owned();
    PersonPage {
        id: "p1".to_owned(),
        name: "Anneke de Vries".to_owned(),
        email: "anneke@example.org".to_owned(),
        record: Record {
            employer: "Harbor Family Services".to_owned(),
            facts: [("nickname", "Mina"), ("supervisor", "Bea Cole"), ("place", "Windham County")]
                .map(|(kind, value)| Fact { kind: kind.to_owned(), value: value.to_owned() })
                .to_vec(),
            ..Record::default()
        },
        roles: vec!["Examinee".to_owned()],
        state: AccountState::Active,
        time_zone: Tz::America__New_York,
        authorisations: vec![Authorisation {
            track: "IMH-E".to_owned(),
            category: "Specialist".to_owned(),
            valid_from: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap_or_default(),
            valid_until: NaiveDate::from_ymd_opt(2027, 11, 30).unwrap_or_default(),
            state: AuthorisationState::Valid,
        }],
        registrations: vec![PersonRegistration {
            sitting: "s1".to_owned(),
            title: "Spring sitting 2027".to_owned(),
            opens_at: at("2027-03-12T14:00:00Z"),
            time_zone: Tz::America__New_York,
            category: "IMH-E, Specialist".to_owned(),
            state: "Booked".to_owned(),
        }],
        reviewer: Some((Training::default(), Absences::default())),
        conflicts: Some(a_conflict()),
        accommodations: Some(Accommodations {
            confirmed: true,
            approved_by: Some("Grace Lindqvist".to_owned()),
            fields: ArrangementFields { time_multiplier_percent: "150".to_owned(), ..ArrangementFields::default() },
            expires_on: "2028-12-31".to_owned(),
            approved_note: "Letter of 4 January on file".to_owned(),
            ..Accommodations::default()
        }),
        history: vec![
            history("2027-03-12T13:52:00Z", Happened::Admitted { sitting: sitting() }),
            history("2027-03-11T20:12:00Z", Happened::Agreed { sitting: sitting() }),
            history("2027-01-11T16:20:00Z", Happened::Registered { sitting: sitting() }),
            history("2027-01-05T15:02:00Z", Happened::Arranged { by: "Grace Lindqvist".to_owned() }),
            history(
                "2026-12-01T09:41:02Z",
                Happened::Authorised { what: "Specialist, IMH-E".to_owned(), reference: "A-2231".to_owned() },
            ),
            history("2026-12-01T09:41:02Z", Happened::Added),
        ],
    }
}

fn imports() -> Pages {
    let columns = ["reference", "name", "email", "track", "category"].map(str::to_owned).to_vec();
    let optional_columns = ["employer", "valid_from", "valid_until", "locale"].map(str::to_owned).to_vec();
    let empty = Import { columns, optional_columns, ..Import::default() };
    let csv = "reference,name,email,track,category,valid_from,valid_until\n\
        A-2231,Chidi Nwosu,chidi@example.org,IMH-E,mentor_clinical,2027-01-01,2027-12-31\n\
        A-2232,Leilani Kahale,leilani@example,IMH-E,specialist,2027-01-01,2027-13-31\n";
    let row = |line, name: &str, new_person| ImportRow {
        line,
        name: name.to_owned(),
        email: "chidi@example.org".to_owned(),
        category: "IMH-E, Mentor, Clinical".to_owned(),
        valid: "1 January – 31 December 2027".to_owned(),
        new_person,
    };
    let error =
        |column: &str, detail: &str| LineError { line: 3, column: column.to_owned(), detail: detail.to_owned() };
    let with = |dry_run, rejected| Import {
        csv: csv.to_owned(),
        outcome: Some(ImportOutcome {
            dry_run,
            count: 2,
            accepted: vec![row(2, "Chidi Nwosu", true), row(4, "Priya Raman", false)],
            rejected,
        }),
        ..empty.clone()
    };
    let errors = vec![
        error("email", "“leilani@example” is not a whole address."),
        error("valid_until", "“2027-13-31” is not a date."),
    ];
    let page = |view: &Import| import::import(&shell(urls::AUTHORISATIONS_IMPORT), view);
    vec![
        ("import", page(&empty)),
        ("import-rejected", page(&with(true, errors))),
        ("import-preview", page(&with(true, Vec::new()))),
        ("import-done", page(&with(false, Vec::new()))),
    ]
}

fn an_audit(chain: Chain) -> Audit {
    let row = |sequence, when: &str, actor: &str, act: &str, subject: &str| AuditRow {
        sequence,
        at: at(when),
        actor: actor.to_owned(),
        act: act.to_owned(),
        subject: subject.to_owned(),
        facts: if act == "attempt.credit" { "seconds: 300, reason: Fire alarm".to_owned() } else { String::new() },
        digest: format!("{:016x}{:016x}", sequence * 0x9e37_79b9_7f4a, sequence * 0x2545_f491_4f6c),
    };
    Audit {
        search: String::new(),
        rows: vec![
            row(4120, "2027-03-12T14:36:10Z", "Tom Iversen", "attempt.credit", "attempt a3"),
            row(4119, "2027-03-12T14:01:02Z", "Anneke de Vries", "attempt.start", "attempt a1"),
            row(4118, "2027-03-12T14:00:12Z", "the clerk", "form.freeze", "Spring sitting 2027"),
        ],
        time_zone: Tz::America__New_York,
        chain,
        next: Some("/audit?after=4118".to_owned()),
    }
}
