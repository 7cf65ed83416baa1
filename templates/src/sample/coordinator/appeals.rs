//! Samples of the file of an appeal.

use chrono_tz::Tz;

use super::super::{Pages, at};
use super::{examinee, shell};
use crate::exam::{Accommodation, Category, Outcome, Part, Track};
use crate::examinee::appeal::{self, AppealFile, AppealState, Barred, DecisionForm, PartLine, What};
use crate::urls;

pub(super) fn pages() -> Pages {
    let page = |state, barred| appeal::file(&shell(&urls::appeal("q-1")), &a_file(state, barred));
    vec![
        ("appeal-file", page(AppealState::Open, None)),
        ("appeal-file-barred", page(AppealState::Open, Some(Barred::Release))),
        ("appeal-file-room", page(AppealState::Open, Some(Barred::Room))),
        ("appeal-file-decided", page(AppealState::ReMark, Some(Barred::Decided))),
        ("appeal-file-recounted", page(AppealState::Recount(false), Some(Barred::Decided))),
    ]
}

fn a_file(state: AppealState, barred: Option<Barred>) -> AppealFile {
    let day = |time: &str| at(&format!("2027-04-09T{time}:00Z"));
    let part = |part, outcome, from: &str, until: &str, terms| PartLine {
        part,
        outcome,
        sat: Some((day(from), Some(day(until)))),
        terms,
    };
    AppealFile {
        appeal: examinee::an_appeal(state),
        name: "Maria Delgado".to_owned(),
        sitting: "s1".to_owned(),
        sitting_title: "Spring sitting 2027".to_owned(),
        zone: Tz::America__New_York,
        track: Track::Imh,
        category: Category::MentorClinical,
        outcome: Outcome::Failed,
        decided_by: (state != AppealState::Open).then(|| "Grace Lindqvist".to_owned()),
        round: (state == AppealState::ReMark).then_some(1),
        parts: vec![
            part(Part::One, Outcome::Passed, "13:00", "14:25", vec![(5400, None)]),
            part(
                Part::Two,
                Outcome::Failed,
                "14:40",
                "16:15",
                vec![(5400, None), (300, Some("Fire alarm".to_owned()))],
            ),
        ],
        arranged: vec![Accommodation::TimeMultiplier { percent: 125 }],
        timeline: vec![
            (at("2027-03-01T13:00:00Z"), What::Seat),
            (day("12:50"), What::Admitted),
            (day("13:00"), What::Started(Part::One)),
            (day("14:25"), What::Closed(Part::One)),
            (day("14:40"), What::Started(Part::Two)),
            (day("15:10"), What::Incident("A fire alarm rang.".to_owned(), false)),
            (day("15:30"), What::Incident("Felt unwell.".to_owned(), true)),
            (day("16:15"), What::Closed(Part::Two)),
            (at("2027-04-12T13:00:00Z"), What::Given(1, 0)),
            (at("2027-04-20T13:00:00Z"), What::Sealed(1, 0)),
            (at("2027-04-22T13:00:00Z"), What::Corrected(1, 0)),
            (at("2027-05-02T13:00:00Z"), What::Prepared),
            (at("2027-05-03T13:00:00Z"), What::Released),
            (at("2027-05-04T13:00:00Z"), What::Appealed),
        ],
        marked: vec![(1, "Two grandmothers".to_owned()), (2, "A worried colleague".to_owned())],
        barred,
        form: DecisionForm { positions: vec![1, 2], ..DecisionForm::default() },
    }
}
