//! Eligibility: authorisations to test as they come from the system in which applications are reviewed, and whether one
//! covers a sitting.
//!
//! The import is CSV with a header. Columns: `reference` (the application's number), `name`, `email`, `track` (IMH-E or
//! ECMH-E), `category` (specialist, mentor_clinical, mentor_policy, mentor_research_faculty); optional: `employer`,
//! `valid_from`, `valid_until` (dates; from today for a year by default), `locale` (en or es), and what else is on record
//! for the person, several values of a column separated by semicolons: `nickname`, `former_employer`, `supervisor`,
//! `reference_rater`, `colleague`, `place`.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::record::{Fact, FactKind, problems_of_facts, tidied};
use super::refusal::FieldProblem;
use super::vocabulary::{Category, Track};

/// The most lines of one import.
pub const MAX_LINES: usize = 5_000;

/// From when until when an authorisation holds, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
}

/// One line of an import, understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLine {
    /// Where it stands in the file, from 1; the header is line 1.
    pub line: u64,
    /// The application's number.
    pub reference: String,
    /// The whole name.
    pub name: String,
    /// The address, in lower case.
    pub email: String,
    /// Where the person works.
    pub employer: Option<String>,
    /// For which track.
    pub track: Track,
    /// For which category.
    pub category: Category,
    /// What else is on record; for somebody who is known it is added to that.
    pub facts: Vec<Fact>,
    /// When.
    pub validity: Validity,
    /// The person's language.
    pub locale: String,
}

/// Something wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineProblem {
    /// Where, from 1.
    pub line: u64,
    /// In which column.
    pub column: String,
    /// What.
    pub detail: String,
}

impl LineProblem {
    /// A problem at that place.
    pub fn new(line: u64, column: &str, detail: impl Into<String>) -> Self {
        Self { line, column: column.to_owned(), detail: detail.into() }
    }
}

/// The columns that an import must have.
pub const REQUIRED: [&str; 5] = ["reference", "name", "email", "track", "category"];
/// The columns that an import may have.
pub const OPTIONAL: [&str; 10] = [
    "employer",
    "valid_from",
    "valid_until",
    "locale",
    FACTS[0].0,
    FACTS[1].0,
    FACTS[2].0,
    FACTS[3].0,
    FACTS[4].0,
    FACTS[5].0,
];
/// The columns of facts.
const FACTS: [(&str, FactKind); 6] = [
    ("nickname", FactKind::Nickname),
    ("former_employer", FactKind::Employer),
    ("supervisor", FactKind::Supervisor),
    ("reference_rater", FactKind::ReferenceRater),
    ("colleague", FactKind::Colleague),
    ("place", FactKind::Place),
];

/// What is wrong with a name and an address.
pub fn problems_of_person(name: &str, email: &str) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        problems.push(FieldProblem::new("/name", "between 1 and 200 characters"));
    }
    if !is_address(email.trim()) {
        problems.push(FieldProblem::new("/email", "not an e-mail address"));
    }
    problems
}

/// Whether a text can be an e-mail address: one at-sign with something sensible on either side. What the address is
/// worth shows when the invitation arrives.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let sane = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c);
    text.len() <= 254
        && !local.is_empty()
        && local.chars().all(sane)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
}

/// Reads an import. Everything that is wrong is named by line and column.
pub fn read_import(text: &str, today: NaiveDate) -> (Vec<ImportLine>, Vec<LineProblem>) {
    // A reader that meets CR LF takes the LF for the beginning of the next line and counts that line one too low.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return (Vec::new(), vec![LineProblem::new(1, "", error.to_string())]),
    };
    let mut problems = header_problems(&header);
    if !problems.is_empty() {
        return (Vec::new(), problems);
    }
    let (mut lines, mut seen) = (Vec::new(), BTreeSet::new());
    for (index, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(LineProblem::new(line, "", error.to_string()));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if index >= MAX_LINES {
            problems.push(LineProblem::new(line, "", format!("an import has at most {MAX_LINES} lines")));
            break;
        }
        match read_line(&header, &record, line, today) {
            Ok(read) if !seen.insert(read.reference.clone()) => {
                problems.push(LineProblem::new(line, "reference", "stands in this file twice"));
            }
            Ok(read) => lines.push(read),
            Err(found) => problems.extend(found),
        }
    }
    if lines.is_empty() && problems.is_empty() {
        problems.push(LineProblem::new(1, "", "the file has no lines besides its header"));
    }
    (lines, problems)
}

fn header_problems(header: &csv::StringRecord) -> Vec<LineProblem> {
    let mut problems = Vec::new();
    for column in REQUIRED.iter().filter(|c| !header.iter().any(|h| h == **c)) {
        problems.push(LineProblem::new(1, column, "this column is missing"));
    }
    let mut seen = BTreeSet::new();
    for column in header {
        if !REQUIRED.contains(&column) && !OPTIONAL.contains(&column) {
            problems.push(LineProblem::new(1, column, "this column is not known"));
        } else if !seen.insert(column) {
            problems.push(LineProblem::new(1, column, "this column stands here twice"));
        }
    }
    problems
}

fn read_line(
    header: &csv::StringRecord,
    record: &csv::StringRecord,
    line: u64,
    today: NaiveDate,
) -> Result<ImportLine, Vec<LineProblem>> {
    if record.len() != header.len() {
        let detail = format!("has {} fields, the header has {}", record.len(), header.len());
        return Err(vec![LineProblem::new(line, "", detail)]);
    }
    let get = |column: &str| header.iter().position(|h| h == column).and_then(|i| record.get(i)).unwrap_or("");
    let mut problems: Vec<LineProblem> = problems_of_person(get("name"), get("email"))
        .into_iter()
        .map(|p| LineProblem::new(line, p.pointer.trim_start_matches('/'), p.detail))
        .collect();
    let mut wrong = |column: &str, detail: &str| problems.push(LineProblem::new(line, column, detail));
    let reference = get("reference").to_owned();
    if reference.is_empty() || reference.chars().count() > 100 {
        wrong("reference", "between 1 and 100 characters");
    }
    let track = Track::parse(get("track"));
    if track.is_none() {
        wrong("track", "must be IMH-E or ECMH-E");
    }
    let category = Category::parse(get("category"));
    if category.is_none() {
        wrong("category", "must be specialist, mentor_clinical, mentor_policy or mentor_research_faculty");
    }
    let from = date(get("valid_from"), today);
    let until = date(get("valid_until"), a_year_after(from.unwrap_or(today)));
    for (column, value) in [("valid_from", from), ("valid_until", until)] {
        if value.is_none() {
            wrong(column, "must be a date such as 2027-11-21");
        }
    }
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        wrong("valid_until", "earlier than valid_from");
    }
    let locale = if get("locale").is_empty() { "en" } else { get("locale") };
    if !["en", "es"].contains(&locale) {
        wrong("locale", "must be en or es");
    }
    let facts = facts_of(get);
    if let Some(problem) = problems_of_facts(&facts).into_iter().next() {
        wrong("", &format!("what is on record for the person: {}", problem.detail));
    }
    match (track, category, from, until) {
        (Some(track), Some(category), Some(from), Some(until)) if problems.is_empty() => Ok(ImportLine {
            line,
            reference,
            name: get("name").to_owned(),
            email: get("email").to_lowercase(),
            employer: Some(get("employer")).filter(|e| !e.is_empty()).map(str::to_owned),
            track,
            category,
            facts,
            validity: Validity { from, until },
            locale: locale.to_owned(),
        }),
        _ => Err(problems),
    }
}

/// The facts of a line, whose values are found by the names of their columns.
fn facts_of<'l>(get: impl Fn(&str) -> &'l str) -> Vec<Fact> {
    tidied(FACTS.iter().flat_map(|(column, kind)| {
        get(column).split(';').map(|value| Fact { kind: *kind, value: value.to_owned() }).collect::<Vec<_>>()
    }))
}

/// The date, or the default when there is none; nothing when it is no date.
fn date(text: &str, default: NaiveDate) -> Option<NaiveDate> {
    if text.is_empty() { Some(default) } else { text.parse().ok() }
}

fn a_year_after(day: NaiveDate) -> NaiveDate {
    day.with_year(day.year() + 1).or_else(|| day.pred_opt()?.with_year(day.year() + 1)).unwrap_or(day)
}

/// Whether an authorisation of that track, category and validity covers a sitting on `day`.
pub fn covers(held: (Track, Category, Validity), track: Track, category: Category, day: NaiveDate) -> bool {
    held.0 == track && held.1 == category && held.2.from <= day && day <= held.2.until
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "reference,name,email,track,category,valid_until\n";

    fn today() -> NaiveDate {
        "2026-11-21".parse().unwrap()
    }

    fn places(text: &str) -> Vec<String> {
        read_import(text, today()).1.into_iter().map(|p| format!("{}:{}", p.line, p.column)).collect()
    }

    #[test]
    fn a_good_line_is_understood() {
        let (lines, problems) =
            read_import(&format!("{HEADER}A-1,\"Ruiz, Ana\",Ana@Example.org,IMH-E,specialist,\n"), today());
        assert_eq!(problems, []);
        assert_eq!(
            (lines[0].line, lines[0].email.as_str(), lines[0].name.as_str()),
            (2, "ana@example.org", "Ruiz, Ana")
        );
        assert_eq!(lines[0].validity.until.to_string(), "2027-11-21");
    }

    #[test]
    fn facts_stand_in_columns_of_their_own() {
        let header = "reference,name,email,track,category,supervisor,former_employer,nickname";
        let line = "A-1,Ana Ruiz,ana@example.org,IMH-E,specialist,Bea Cole; Dee  Fox;,Small Steps;Small Steps,";
        let (lines, problems) = read_import(&format!("{header}\n{line}\n"), today());
        assert_eq!(problems, []);
        let told: Vec<String> = lines[0].facts.iter().map(|f| format!("{}: {}", f.kind, f.value)).collect();
        assert_eq!(told, ["employer: Small Steps", "supervisor: Bea Cole", "supervisor: Dee Fox"]);
        let long = line.replace("Bea", &"b".repeat(300));
        assert_eq!(places(&format!("{header}\n{long}\n")), ["2:"]);
    }

    #[test]
    fn every_flaw_is_named_by_line_and_column() {
        let good = "A-1,Ana Ruiz,ana@example.org,IMH-E,specialist,2027-01-01\n";
        let cases: [(String, &[&str]); 13] = [
            (format!("{HEADER}{good}"), &[]),
            (format!("\u{feff}{HEADER}{good}"), &[]),
            (format!("{HEADER}{good}{good}"), &["3:reference"]),
            (format!("{HEADER},Ana,ana@example.org,IMH-E,specialist,\n"), &["2:reference"]),
            (format!("{HEADER}{good},Ana,ana@example.org,IMH-E,specialist,\n").replace('\n', "\r\n"), &["3:reference"]),
            (
                format!("{HEADER}A-1,,nobody,IMHE,boss,soon\n"),
                &["2:name", "2:email", "2:track", "2:category", "2:valid_until"],
            ),
            (format!("{HEADER}A-1,Ana,ana@example.org,IMH-E,specialist\n"), &["2:"]),
            (format!("{HEADER}A-1,Ana,ana@example.org,IMH-E,specialist,2020-01-01\n"), &["2:valid_until"]),
            (HEADER.to_owned(), &["1:"]),
            (String::new(), &["1:reference", "1:name", "1:email", "1:track", "1:category"]),
            ("reference,name,email,track,category,shoe\n".into(), &["1:shoe"]),
            ("reference,name,email,track,category,name\n".into(), &["1:name"]),
            (format!("{HEADER}{good}B-2,Bo,bo@example.org,IMH-E,associate,\n"), &["3:category"]),
        ];
        for (text, expected) in cases {
            assert_eq!(places(&text), expected, "{text}");
        }
    }

    #[test]
    fn addresses() {
        for good in ["a@b.co", "ana.ruiz+exam@mail.example.org", "josé@exámple.mx"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "a", "a@b", "@b.co", "a@.co", "a@b.", "a b@c.de", "a@b.co\r\nBcc: x@y.z", "<a@b.co>", "a@b@c.de"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn coverage() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let held = (Track::Imh, Category::Specialist, Validity { from: day("2026-01-01"), until: day("2026-12-31") });
        let cases = [
            (Track::Imh, Category::Specialist, "2026-12-31", true),
            (Track::Imh, Category::Specialist, "2027-01-01", false),
            (Track::Imh, Category::Specialist, "2025-12-31", false),
            (Track::Ecmh, Category::Specialist, "2026-06-01", false),
            (Track::Imh, Category::MentorPolicy, "2026-06-01", false),
        ];
        for (track, category, on, expected) in cases {
            assert_eq!(covers(held, track, category, day(on)), expected, "{track} {category} {on}");
        }
    }
}
