//! The form of a sitting: from its terms to what is shown, and from what was typed to terms.

use chrono_tz::Tz;
use evenhand_templates::coordinator::SittingKind as ShownKind;
use evenhand_templates::coordinator::sittings::{SittingForm, kind_value};
use evenhand_templates::staff::Choice;
use evenhand_templates::words::Words;
use serde::Deserialize;

use crate::domain::safe_browser::Requirement;
use crate::domain::sitting::{MAX_ALLOWANCE_SECONDS, Terms};
use crate::domain::timing::Instant;
use crate::domain::vocabulary::SittingKind;
use crate::store::sittings::Association;
use crate::web::pages::forms::{Place, Typed, local_text, place};

const KIND: Place = place("/kind", "kind", "sittings-kind");
const TIME_ZONE: Place = place("/time_zone", "time_zone", "sitting-time-zone");
const OPENS_AT: Place = place("/opens_at", "opens_at", "sitting-opens");
const CLOSES_AT: Place = place("/closes_at", "closes_at", "sitting-closes");
const CAPACITY: Place = place("/capacity", "capacity", "sitting-capacity");
const MINUTES_ONE: Place = place("/parts/one/allowance_seconds", "minutes_one", "sitting-minutes");
const ITEMS: Place = place("/parts/one/items", "items", "sitting-items");
const PASS_PERCENT: Place = place("/parts/one/pass_percent", "pass_percent", "sitting-pass");
const MINUTES_TWO: Place = place("/parts/two/allowance_seconds", "minutes_two", "sitting-minutes");
const VIGNETTES: Place = place("/parts/two/vignettes", "vignettes", "sitting-vignettes");
const ANSWER: Place = place("/parts/two/answer", "answer", "sitting-answer");
const CONFIG_KEYS: Place = place("/safe_exam_browser/config_keys", "config_keys", "sitting-safe-config");
const EXAM_KEYS: Place = place("/safe_exam_browser/exam_keys", "exam_keys", "sitting-safe-exam");
/// Where the desk's problems belong.
pub const PLACES: [Place; 15] = [
    place("/association", "association", "people-association"),
    place("/title", "title", "sittings-name"),
    KIND,
    TIME_ZONE,
    OPENS_AT,
    CLOSES_AT,
    CAPACITY,
    MINUTES_ONE,
    ITEMS,
    PASS_PERCENT,
    MINUTES_TWO,
    VIGNETTES,
    ANSWER,
    CONFIG_KEYS,
    EXAM_KEYS,
];

/// What the form sends. The parts are left out once they cannot change any more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Whose it is to be; left out where there is no choice.
    pub association: Option<String>,
    title: String,
    kind: String,
    time_zone: String,
    opens_at: String,
    closes_at: String,
    capacity: String,
    minutes_one: Option<String>,
    items: Option<String>,
    pass_percent: Option<String>,
    minutes_two: Option<String>,
    vignettes: Option<String>,
    answer: Option<String>,
    #[serde(default)]
    safe: Option<String>,
    #[serde(default)]
    config_keys: String,
    #[serde(default)]
    exam_keys: String,
}

impl Sent {
    /// What is asked of the browser: keys stand one a line, or with blanks or commas between them.
    pub fn browser(&self) -> Option<Requirement> {
        let keys = |text: &str| -> Vec<String> {
            let parted = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
            parted.filter(|key| !key.is_empty()).map(str::to_owned).collect()
        };
        let asked = self.safe.as_deref() == Some("true");
        asked.then(|| Requirement { config_keys: keys(&self.config_keys), exam_keys: keys(&self.exam_keys) })
    }
}

/// Terms as typed. What the form cannot tell exactly is kept as it was while its text is unchanged: seconds, and the
/// seconds of a start.
#[derive(Debug, Clone)]
pub struct TypedTerms {
    sent: Sent,
    terms: Terms,
}

impl TypedTerms {
    /// Puts what was typed into the terms that are stored.
    pub fn put_into(&self, stored: &mut Terms) {
        let before = stored.clone();
        *stored = self.terms.clone();
        let zone = before.time_zone.parse().unwrap_or(Tz::UTC);
        let same_zone = before.time_zone == stored.time_zone;
        let keep = |text: &str, was: Instant| same_zone && text == local_text(was, zone);
        if keep(&self.sent.opens_at, before.opens_at) {
            stored.opens_at = before.opens_at;
        }
        if keep(&self.sent.closes_at, before.closes_at) {
            stored.closes_at = before.closes_at;
        }
        let same = |text: &Option<String>, was: i64| text.as_ref().is_none_or(|t| t.trim() == was.to_string());
        if same(&self.sent.minutes_one, minutes(before.one_allowance_seconds)) {
            stored.one_allowance_seconds = before.one_allowance_seconds;
        }
        if same(&self.sent.minutes_two, minutes(before.two_allowance_seconds)) {
            stored.two_allowance_seconds = before.two_allowance_seconds;
        }
        let keep = |text: &Option<String>, to: &mut i64, was: i64| {
            if text.is_none() {
                *to = was;
            }
        };
        keep(&self.sent.items, &mut stored.one_items, before.one_items);
        keep(&self.sent.pass_percent, &mut stored.one_pass_percent, before.one_pass_percent);
        keep(&self.sent.vignettes, &mut stored.two_vignettes, before.two_vignettes);
        keep(&self.sent.answer, &mut stored.two_answer, before.two_answer);
    }

    /// The terms of a new sitting.
    pub fn terms(self) -> Terms {
        self.terms
    }
}

/// Reads the form.
///
/// # Errors
/// What cannot be read.
pub fn read(words: Words, sent: &Sent) -> Result<TypedTerms, Vec<evenhand_templates::form::FieldError>> {
    let mut typed = Typed::new(words);
    let zone = typed.one_of(TIME_ZONE, &sent.time_zone, |text| text.parse::<Tz>().ok()).unwrap_or(Tz::UTC);
    let kind = typed.one_of(KIND, &sent.kind, SittingKind::parse).unwrap_or(SittingKind::Fixed);
    let mut number = |place, text: &Option<String>| text.as_ref().map_or(0, |text| typed.whole(place, text));
    let (one_items, one_pass_percent) = (number(ITEMS, &sent.items), number(PASS_PERCENT, &sent.pass_percent));
    let (two_vignettes, two_answer) = (number(VIGNETTES, &sent.vignettes), number(ANSWER, &sent.answer));
    let terms = Terms {
        title: sent.title.trim().to_owned(),
        kind,
        opens_at: typed.local_time(OPENS_AT, &sent.opens_at, zone),
        closes_at: typed.local_time(CLOSES_AT, &sent.closes_at, zone),
        time_zone: sent.time_zone.clone(),
        capacity: typed.whole(CAPACITY, &sent.capacity),
        one_allowance_seconds: seconds(&mut typed, MINUTES_ONE, &sent.minutes_one),
        one_items,
        one_pass_percent,
        two_allowance_seconds: seconds(&mut typed, MINUTES_TWO, &sent.minutes_two),
        two_vignettes,
        two_answer,
    };
    if typed.problems.is_empty() { Ok(TypedTerms { sent: sent.clone(), terms }) } else { Err(typed.problems) }
}

/// Minutes as typed, in seconds; nothing of a part that was left out.
fn seconds(typed: &mut Typed, place: Place, text: &Option<String>) -> i64 {
    text.as_ref().map_or(0, |text| typed.minutes(place, text, 1..=MAX_ALLOWANCE_SECONDS))
}

/// Seconds in the form's unit; an odd rest counts as a whole minute.
fn minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}

/// The form of a new sitting.
pub fn blank(associations: &[Association]) -> SittingForm {
    let home = associations.first().map_or("UTC", |place| place.time_zone.as_str());
    SittingForm { associations: choices(associations, None), time_zones: zones(home), ..SittingForm::standard() }
}

/// The form of a stored sitting.
pub fn stored(terms: &Terms, browser: Option<&Requirement>, parts_fixed: bool) -> SittingForm {
    let zone = terms.time_zone.parse().unwrap_or(Tz::UTC);
    let kind = match terms.kind {
        SittingKind::Fixed => ShownKind::Fixed,
        SittingKind::Window => ShownKind::Window,
    };
    SittingForm {
        associations: Vec::new(),
        title: terms.title.clone(),
        kind: kind_value(kind).to_owned(),
        opens_at: local_text(terms.opens_at, zone),
        closes_at: local_text(terms.closes_at, zone),
        time_zones: zones(&terms.time_zone),
        capacity: terms.capacity.to_string(),
        minutes_one: minutes(terms.one_allowance_seconds).to_string(),
        items: terms.one_items.to_string(),
        pass_percent: terms.one_pass_percent.to_string(),
        minutes_two: minutes(terms.two_allowance_seconds).to_string(),
        vignettes: terms.two_vignettes.to_string(),
        answer: terms.two_answer.to_string(),
        safe: browser.is_some(),
        config_keys: browser.map(|asked| asked.config_keys.join("\n")).unwrap_or_default(),
        exam_keys: browser.map(|asked| asked.exam_keys.join("\n")).unwrap_or_default(),
        parts_fixed,
        problems: Vec::new(),
    }
}

/// The form as it was typed, over the one it was typed into.
pub fn retyped(sent: Sent, associations: &[Association], over: SittingForm) -> SittingForm {
    SittingForm {
        associations: choices(associations, sent.association.as_deref()),
        title: sent.title,
        kind: sent.kind,
        opens_at: sent.opens_at,
        closes_at: sent.closes_at,
        time_zones: zones(&sent.time_zone),
        capacity: sent.capacity,
        minutes_one: sent.minutes_one.unwrap_or(over.minutes_one),
        items: sent.items.unwrap_or(over.items),
        pass_percent: sent.pass_percent.unwrap_or(over.pass_percent),
        minutes_two: sent.minutes_two.unwrap_or(over.minutes_two),
        vignettes: sent.vignettes.unwrap_or(over.vignettes),
        answer: sent.answer.unwrap_or(over.answer),
        safe: sent.safe.is_some(),
        config_keys: sent.config_keys,
        exam_keys: sent.exam_keys,
        parts_fixed: over.parts_fixed,
        problems: over.problems,
    }
}

/// Associations to choose from.
pub fn choices(associations: &[Association], chosen: Option<&str>) -> Vec<Choice> {
    let choice = |place: &Association| {
        Choice::new(place.id.clone(), place.name.clone()).chosen(chosen == Some(place.id.as_str()))
    };
    associations.iter().map(choice).collect()
}

/// The zones of the IANA list that carry a place's name; what is chosen is offered whatever it is.
fn zones(chosen: &str) -> Vec<Choice> {
    const REGIONS: [&str; 9] =
        ["Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/", "UTC"];
    let listed = |name: &&str| REGIONS.iter().any(|region| name.starts_with(region)) || *name == chosen;
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(listed);
    names.map(|name| Choice::new(name, name.replace('_', " ")).chosen(name == chosen)).collect()
}
