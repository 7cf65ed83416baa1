//! Plain-text mails: a subject and a body from a kind and its parameters.
//!
//! A mail says what happened, what is next and until when, and leads to a page; it carries no result, no mark and, to a
//! reviewer, no word about an examinee. The same text goes to the person's inbox.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    exam::Part,
    examinee::appeal::AppealState,
    parts, urls,
    words::{Value, Words},
};

/// What a mail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    /// An account waits for its person to choose a password.
    Invitation {
        /// Who invites.
        association: String,
        /// The token of the address.
        token: String,
        /// Until when it holds.
        expires_at: DateTime<Utc>,
    },
    /// A seat in a sitting.
    RegistrationConfirmed {
        /// The registration.
        registration: String,
        /// The sitting's title.
        title: String,
        /// When it opens.
        opens_at: DateTime<Utc>,
    },
    /// A part was closed.
    Receipt {
        /// The attempt.
        attempt: String,
        /// The sitting's title.
        title: String,
        /// The part.
        part: Part,
        /// When it closed.
        closed_at: DateTime<Utc>,
        /// How many answers are stored.
        answered: i64,
        /// The digest over them.
        digest: String,
    },
    /// Accommodations were confirmed.
    AccommodationConfirmed,
    /// A request for accommodations was declined.
    AccommodationDeclined,
    /// Accommodations were ended.
    AccommodationEnded,
    /// Late work was decided about.
    LateDecision {
        /// The attempt.
        attempt: String,
        /// The sitting's title.
        title: String,
        /// The part.
        part: Part,
        /// Whether it counts.
        admitted: bool,
        /// How many answers it concerns.
        count: i64,
        /// Why.
        reason: String,
        /// The digest of the newest receipt.
        digest: String,
    },
    /// A result was released.
    ResultsAvailable {
        /// The sitting's title.
        title: String,
    },
    /// Scripts wait for a reviewer.
    ReviewAssigned {
        /// How many.
        count: i64,
        /// Until when.
        due_on: NaiveDate,
    },
    /// Scripts still wait for a reviewer.
    ReviewReminder {
        /// Until when.
        due_on: NaiveDate,
    },
    /// Scripts of a reviewer went to others.
    ReviewTakenBack,
    /// A reviewer's calibration was judged, or decided about.
    CalibrationJudged,
    /// A reviewer is asked to finish a draft, or to give it back.
    ReviewAsked {
        /// When it was due.
        due_on: NaiveDate,
    },
    /// An appeal was received.
    AppealReceived {
        /// The registration.
        registration: String,
        /// The sitting's title.
        title: String,
    },
    /// An appeal was decided.
    AppealDecided {
        /// The registration.
        registration: String,
        /// The sitting's title.
        title: String,
        /// What was decided.
        state: AppealState,
        /// Why.
        reason: String,
    },
    /// A seat was given back because the exam was passed.
    SeatNotNeeded {
        /// The sitting's title.
        title: String,
    },
    /// A correction that a reviewer asked for was decided.
    CorrectionDecided,
    /// A release waits for a second person.
    ReleaseWaiting {
        /// The release.
        release: String,
        /// The sitting's title.
        title: String,
        /// Who prepared it.
        prepared_by: String,
        /// How many letters it holds.
        letters: i64,
    },
}

/// A mail, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// To whom, and in which words.
#[derive(Clone, Debug)]
pub struct Addressee<'a> {
    /// Their language.
    pub words: Words,
    /// Their time zone.
    pub zone: Tz,
    /// Their name.
    pub name: &'a str,
    /// The site's origin, without a slash at its end.
    pub origin: &'a str,
}

/// Writes a mail.
#[must_use]
pub fn compose(to: &Addressee<'_>, mail: &Mail) -> Message {
    let words = to.words;
    let Draft { subject, text, link, values } = draft(to, mail);
    let values: Vec<(&str, Value<'_>)> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
    let greeting = words.with("mail-greeting", &[("name", to.name.into())]);
    let close = words.text("mail-close");
    let body = format!("{greeting}\n\n{}\n\n{}{link}\n\n{close}\n", words.with(text, &values), to.origin);
    Message { subject: one_line(&words.with(subject, &values)), body }
}

struct Draft {
    subject: &'static str,
    text: &'static str,
    link: String,
    values: Vec<(&'static str, Value<'static>)>,
}

fn draft(to: &Addressee<'_>, mail: &Mail) -> Draft {
    let when = |at: &DateTime<Utc>| Value::from(parts::instant_text(to.words, *at, to.zone));
    let day = |date: &NaiveDate| Value::from(parts::date_text(to.words, *date));
    let text = |text: &str| Value::from(text.to_owned());
    match mail {
        Mail::Invitation { association, token, expires_at } => Draft {
            subject: "mail-invitation-subject",
            text: "mail-invitation",
            link: urls::invitation(token),
            values: vec![("association", text(association)), ("until", when(expires_at))],
        },
        Mail::RegistrationConfirmed { registration, title, opens_at } => Draft {
            subject: "mail-registration-subject",
            text: "mail-registration",
            link: urls::exam(registration),
            values: vec![("title", text(title)), ("when", when(opens_at))],
        },
        Mail::Receipt { attempt, title, part, closed_at, answered, digest } => Draft {
            subject: "mail-receipt-subject",
            text: "mail-receipt",
            link: urls::attempt(attempt),
            values: vec![
                ("title", text(title)),
                ("part", Value::from(part.name(to.words))),
                ("when", when(closed_at)),
                ("n", Value::from(*answered)),
                ("digest", text(digest)),
            ],
        },
        Mail::AccommodationConfirmed => {
            arrangement("mail-accommodation-confirmed-subject", "mail-accommodation-confirmed")
        }
        Mail::AccommodationDeclined => {
            arrangement("mail-accommodation-declined-subject", "mail-accommodation-declined")
        }
        Mail::AccommodationEnded => arrangement("mail-accommodation-ended-subject", "mail-accommodation-ended"),
        Mail::LateDecision { attempt, title, part, admitted, count, reason, digest } => Draft {
            subject: "mail-late-subject",
            text: if *admitted { "mail-late-admitted" } else { "mail-late-refused" },
            link: urls::attempt(attempt),
            values: vec![
                ("title", text(title)),
                ("part", Value::from(part.name(to.words))),
                ("n", Value::from(*count)),
                ("reason", text(reason)),
                ("digest", text(digest)),
            ],
        },
        Mail::ResultsAvailable { title } => Draft {
            subject: "mail-results-subject",
            text: "mail-results",
            link: urls::results(),
            values: vec![("title", text(title))],
        },
        Mail::ReviewAssigned { count, due_on } => Draft {
            subject: "mail-review-subject",
            text: "mail-review",
            link: urls::marking(),
            values: vec![("n", Value::from(*count)), ("due", day(due_on))],
        },
        Mail::ReviewReminder { due_on } => Draft {
            subject: "mail-reminder-subject",
            text: "mail-reminder",
            link: urls::marking(),
            values: vec![("due", day(due_on))],
        },
        Mail::ReviewTakenBack => Draft {
            subject: "mail-taken-back-subject",
            text: "mail-taken-back",
            link: urls::marking(),
            values: Vec::new(),
        },
        Mail::CalibrationJudged => Draft {
            subject: "mail-calibration-subject",
            text: "mail-calibration",
            link: urls::own_calibration(),
            values: Vec::new(),
        },
        Mail::ReviewAsked { due_on } => Draft {
            subject: "mail-asked-subject",
            text: "mail-asked",
            link: urls::marking(),
            values: vec![("due", day(due_on))],
        },
        Mail::AppealReceived { registration, title } => Draft {
            subject: "mail-appeal-received-subject",
            text: "mail-appeal-received",
            link: urls::own_appeal(registration),
            values: vec![("title", text(title))],
        },
        Mail::AppealDecided { registration, title, state, reason } => Draft {
            subject: "mail-appeal-decided-subject",
            text: "mail-appeal-decided",
            link: urls::own_appeal(registration),
            values: vec![
                ("title", text(title)),
                ("decision", Value::from(state.sentence(to.words))),
                ("reason", text(reason)),
            ],
        },
        Mail::SeatNotNeeded { title } => Draft {
            subject: "mail-seat-subject",
            text: "mail-seat",
            link: urls::exams(),
            values: vec![("title", text(title))],
        },
        Mail::CorrectionDecided => Draft {
            subject: "mail-correction-subject",
            text: "mail-correction",
            link: urls::marking(),
            values: Vec::new(),
        },
        Mail::ReleaseWaiting { release, title, prepared_by, letters } => Draft {
            subject: "mail-release-subject",
            text: "mail-release",
            link: urls::release(release),
            values: vec![("title", text(title)), ("name", text(prepared_by)), ("n", Value::from(*letters))],
        },
    }
}

/// A mail about accommodations says nothing of what they are: an employer's server may read it.
fn arrangement(subject: &'static str, text: &'static str) -> Draft {
    Draft { subject, text, link: urls::own_accommodations(), values: Vec::new() }
}

/// A subject is one line whatever a title holds, so that it can't grow a header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Locale;

    #[test]
    fn a_title_cannot_add_a_header() {
        let to = Addressee { words: Locale::En.words(), zone: Tz::UTC, name: "A", origin: "https://exam.example" };
        let mail = Mail::ResultsAvailable { title: "x\r\nBcc: everyone@example.org".to_owned() };
        assert!(!compose(&to, &mail).subject.contains(['\r', '\n']));
    }

    #[test]
    fn the_link_is_absolute_and_on_a_line_of_its_own() {
        let to = Addressee { words: Locale::Es.words(), zone: Tz::UTC, name: "Ana", origin: "https://exam.example" };
        let body = compose(&to, &Mail::ReviewAssigned { count: 2, due_on: NaiveDate::default() }).body;
        assert!(body.lines().any(|line| line == "https://exam.example/marking"), "{body}");
    }
}
