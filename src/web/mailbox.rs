//! From a stored message to the words that its reader finds in mail and inbox.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use evenhand_templates::mail::{Addressee, Mail, Message as Letter, compose};
use evenhand_templates::words::Locale;
use serde_json::Value;

use super::pages::appeals::state;
use super::words;
use crate::domain::appeal::AppealDecision;
use crate::domain::vocabulary::Part;
use crate::store::outbox::Message;
use crate::store::people::Person;

/// The words of a message; nothing when it is of no known kind.
pub fn letter(message: &Message, person: &Person, origin: &str) -> Option<Letter> {
    let given: Value = serde_json::from_str(&message.parameters).ok()?;
    let mail = mail(&message.kind, &given)?;
    let zone = text(&given, "time_zone").parse().unwrap_or(Tz::UTC);
    let in_words = Locale::from_tag(&person.locale).unwrap_or(Locale::En).words();
    let addressee = Addressee { words: in_words, zone, name: &person.name, origin };
    Some(compose(&addressee, &mail))
}

fn text(given: &Value, name: &str) -> String {
    given[name].as_str().unwrap_or_default().to_owned()
}

fn instant(given: &Value, name: &str) -> Option<DateTime<Utc>> {
    given[name].as_str().and_then(|t| t.parse().ok())
}

fn mail(kind: &str, given: &Value) -> Option<Mail> {
    Some(match kind {
        "invitation" => Mail::Invitation {
            association: text(given, "association"),
            token: text(given, "token"),
            expires_at: instant(given, "expires_at")?,
        },
        "registration" => Mail::RegistrationConfirmed {
            registration: text(given, "registration"),
            title: text(given, "sitting"),
            opens_at: instant(given, "opens_at")?,
        },
        "receipt" => Mail::Receipt {
            attempt: text(given, "attempt"),
            title: text(given, "sitting"),
            part: words::part(Part::parse(&text(given, "part"))?),
            closed_at: instant(given, "closed_at")?,
            answered: text(given, "answered").parse().ok()?,
            digest: text(given, "digest"),
        },
        "accommodation_confirmed" => Mail::AccommodationConfirmed,
        "accommodation_declined" => Mail::AccommodationDeclined,
        "accommodation_ended" => Mail::AccommodationEnded,
        "late_decision" => Mail::LateDecision {
            attempt: text(given, "attempt"),
            title: text(given, "sitting"),
            part: words::part(Part::parse(&text(given, "part"))?),
            admitted: text(given, "decision") == "admit",
            count: given["count"].as_i64()?,
            reason: text(given, "reason"),
            digest: text(given, "digest"),
        },
        "result" => Mail::ResultsAvailable { title: text(given, "sitting") },
        "review_assigned" => {
            Mail::ReviewAssigned { count: given["count"].as_i64()?, due_on: text(given, "due_on").parse().ok()? }
        }
        "review_reminder" => Mail::ReviewReminder { due_on: text(given, "due_on").parse().ok()? },
        "appeal_received" => {
            Mail::AppealReceived { registration: text(given, "registration"), title: text(given, "sitting") }
        }
        "appeal_decided" => Mail::AppealDecided {
            registration: text(given, "registration"),
            title: text(given, "sitting"),
            state: state(
                AppealDecision::parse(&text(given, "decision"))?.into(),
                given["changed"].as_bool().unwrap_or_default(),
            ),
            reason: text(given, "reason"),
        },
        "seat_not_needed" => Mail::SeatNotNeeded { title: text(given, "sitting") },
        "correction_decided" => Mail::CorrectionDecided,
        "review_taken_back" => Mail::ReviewTakenBack,
        "calibration_judged" => Mail::CalibrationJudged,
        "review_asked" => Mail::ReviewAsked { due_on: text(given, "due_on").parse().ok()? },
        "release_waiting" => Mail::ReleaseWaiting {
            release: text(given, "release"),
            title: text(given, "sitting"),
            prepared_by: text(given, "prepared_by"),
            letters: given["letters"].as_i64()?,
        },
        _ => return None,
    })
}
