//! Reading one TOML file key by key. Every complaint carries the line of the key or table that is to blame, and a
//! table is read to its end before it is given up, so that an author sees everything at once.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{Flaw, Severity, SourceFile};

/// The longest id, in characters.
const MAX_ID_CHARS: usize = 64;

/// The most that a complaint repeats of what it complains of.
const MAX_QUOTED_CHARS: usize = 60;

/// After the first few, complaints about the syntax itself mostly follow from one another.
const MAX_SYNTAX_FLAWS: usize = 5;

/// One file while it is read: where its lines begin, and what is wrong so far.
pub(super) struct Page<'f> {
    path: &'f str,
    line_starts: Vec<usize>,
    flaws: Vec<Flaw>,
}

impl<'f> Page<'f> {
    pub(super) fn new(file: &'f SourceFile) -> Self {
        let after_breaks = file.text.match_indices('\n').map(|(at, _)| at + 1);
        Self { path: &file.path, line_starts: std::iter::once(0).chain(after_breaks).collect(), flaws: Vec::new() }
    }

    pub(super) fn path(&self) -> &'f str {
        self.path
    }

    pub(super) fn error(&mut self, at: usize, detail: impl Into<String>) {
        self.flaw(Severity::Error, at, detail.into());
    }

    pub(super) fn warning(&mut self, at: usize, detail: impl Into<String>) {
        self.flaw(Severity::Warning, at, detail.into());
    }

    /// The flaws, in the order of their lines.
    pub(super) fn into_flaws(mut self) -> Vec<Flaw> {
        self.flaws.sort();
        self.flaws
    }

    /// The file's tables, or nothing when it is not TOML: then half of it could mean anything.
    pub(super) fn tables(&mut self, text: &'f str) -> Option<DeTable<'f>> {
        let (root, problems) = DeTable::parse_recoverable(text);
        let mut seen = Vec::new();
        for problem in &problems {
            let (at, detail) = in_plain_words(text, problem.message(), problem.span().map_or(0, |span| span.start));
            let line = self.line_of(at);
            if seen.len() < MAX_SYNTAX_FLAWS && !seen.contains(&line) {
                seen.push(line);
                self.error(at, detail);
            }
        }
        problems.is_empty().then(|| root.into_inner())
    }

    fn flaw(&mut self, severity: Severity, at: usize, detail: String) {
        let line = self.line_of(at);
        self.flaws.push(Flaw { path: self.path.to_owned(), line, severity, detail });
    }

    fn line_of(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).max(1)
    }
}

/// What a part of a TOML parser's complaint means to an author; the first that fits is told.
const HINTS: [(&str, &str); 11] = [
    (
        "duplicate key",
        "this name is given twice in the same table; keep one of them (a further question starts with [[item]], in double brackets)",
    ),
    ("missing comma", "a comma is missing before this"),
    ("unclosed array table", "this heading lacks its closing brackets ]]"),
    ("unclosed", "a bracket is opened and not closed before this"),
    (
        "key with no value",
        "this is neither a heading nor name = value; if it belongs to a text, the text above it lacks its quotation marks (\"\"\" before and after a text of several lines)",
    ),
    ("string values must be quoted", "a text must stand between straight quotation marks: \"...\""),
    (
        "unexpected key or value",
        "something follows a value that was already complete; inside \"...\" write a quotation mark as \\\"",
    ),
    ("missing escaped value", "in a text between quotation marks write a backslash as \\\\"),
    ("expected non-", "a text contains an invisible control character"),
    ("invalid multi-line", "a text contains an invisible control character"),
    (
        "string, expected `",
        "a text is not closed on its line: end it with a quotation mark, or use \"\"\" before and after a text of several lines",
    ),
];

/// What a TOML parser's complaint means to an author, and where its cause is likely to be.
fn in_plain_words(text: &str, message: &str, at: usize) -> (usize, String) {
    for marks in ["\"\"\"", "'''"] {
        let kind = if marks == "'''" { "invalid multi-line literal" } else { "invalid multi-line basic" };
        // An unclosed long text runs to the end of the file: its opening marks are the last ones there.
        if message.starts_with(kind) && at >= text.trim_end().len() {
            return (text.rfind(marks).unwrap_or(at), format!("a text begins here with {marks} and is never closed"));
        }
    }
    let hint = HINTS.iter().find(|(part, _)| message.contains(part)).map(|(_, hint)| *hint);
    let detail = match hint {
        Some(hint) => format!("the file can't be read from here on: {hint}"),
        None => format!("the file can't be read from here on: {message}"),
    };
    (at, detail)
}

/// One table while it is read. It remembers which keys were asked for, so that the rest can be called unknown.
pub(super) struct Fields<'p, 'f, 't> {
    page: &'p mut Page<'f>,
    table: &'t DeTable<'f>,
    at: usize,
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'p, 'f, 't> Fields<'p, 'f, 't> {
    /// Starts on the file's outermost table.
    pub(super) fn of_file(page: &'p mut Page<'f>, table: &'t DeTable<'f>, what: &'static str) -> Self {
        Self { page, table, at: 0, what, asked: Vec::new() }
    }

    /// Starts on a value that must be a table.
    pub(super) fn of_value(
        page: &'p mut Page<'f>,
        value: &'t Spanned<DeValue<'f>>,
        what: &'static str,
    ) -> Option<Self> {
        let at = value.span().start;
        match value.get_ref() {
            DeValue::Table(table) => Some(Self { page, table, at, what, asked: Vec::new() }),
            other => {
                page.error(
                    at,
                    format!("{} must be a table of names and values, but is {}", with_article(what), kind(other)),
                );
                None
            }
        }
    }

    pub(super) fn page(&mut self) -> &mut Page<'f> {
        self.page
    }

    /// The line on which the table begins.
    pub(super) fn line(&self) -> usize {
        self.page.line_of(self.at)
    }

    /// A text that is not empty and at most so long. Line ends and outer blank space are made uniform, so that the
    /// editor in which a file was saved changes no digest.
    pub(super) fn text(&mut self, key: &'static str, max_chars: usize) -> Option<String> {
        let (at, value) = self.required(key)?;
        clean_text(self.page, at, key, value, max_chars)
    }

    /// A text that can serve as an id.
    pub(super) fn id(&mut self, key: &'static str) -> Option<String> {
        let (at, value) = self.required(key)?;
        let text = as_text(self.page, at, key, value)?;
        let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let goes_on_well = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        if starts_well && goes_on_well && text.len() <= MAX_ID_CHARS {
            return Some(text.to_owned());
        }
        let rule = "small letters a-z, digits, - and _, begins with a letter or digit";
        self.page.error(
            at,
            format!(
                "{} can't be the {key}: it takes {rule}, and is at most {MAX_ID_CHARS} characters long",
                quoted(text)
            ),
        );
        None
    }

    /// A whole number within bounds.
    pub(super) fn integer(&mut self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let (at, value) = self.required(key)?;
        whole_number(self.page, at, key, value, bounds)
    }

    /// Yes or no; no where nothing is said.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.asked.push(key);
        match self.table.get_key_value(key) {
            None => Some(false),
            Some((name, value)) => match value.get_ref() {
                DeValue::Boolean(flag) => Some(*flag),
                other => {
                    let detail = format!("\"{key}\" must be true or false, but is {}", kind(other));
                    self.page.error(name.span().start, detail);
                    None
                }
            },
        }
    }

    /// One of a closed list of spellings.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        key: &'static str,
        all: &[T],
        spelling: fn(T) -> &'static str,
    ) -> Option<T> {
        let (at, value) = self.required(key)?;
        spelled(self.page, at, key, value, all, spelling)
    }

    /// A list of so many things; what they are is for the caller to find out.
    pub(super) fn list(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<usize>,
    ) -> Option<&'t [Spanned<DeValue<'f>>]> {
        let (at, value) = self.required(key)?;
        let DeValue::Array(list) = value.get_ref() else {
            let detail = format!("\"{key}\" must be a list, but is {}", kind(value.get_ref()));
            self.page.error(at, detail);
            return None;
        };
        if !bounds.contains(&list.len()) {
            let (least, most) = (bounds.start(), bounds.end());
            self.page.error(at, format!("\"{key}\" has {} entries; it takes {least} to {most}", list.len()));
        }
        // A list that is far too long is not worth a complaint for each entry.
        Some(&list[..list.len().min(*bounds.end())])
    }

    /// A list of texts, each not empty and at most so long.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<usize>,
        max_chars: usize,
    ) -> Option<Vec<String>> {
        let before = self.page.flaws.len();
        let list = self.list(key, bounds)?;
        let texts: Vec<String> =
            list.iter().filter_map(|value| clean_text(self.page, value.span().start, key, value, max_chars)).collect();
        (self.page.flaws.len() == before).then_some(texts)
    }

    /// A list without repetition of a closed list's spellings, in the closed list's order.
    pub(super) fn some_of<T: Copy + Ord>(
        &mut self,
        key: &'static str,
        all: &[T],
        spelling: fn(T) -> &'static str,
    ) -> Option<Vec<T>> {
        let before = self.page.flaws.len();
        let mut found = Vec::new();
        for value in self.list(key, 1..=all.len())? {
            let at = value.span().start;
            let Some(one) = spelled(self.page, at, key, value, all, spelling) else {
                continue;
            };
            if found.contains(&one) {
                self.page.error(at, format!("\"{key}\" names {} twice", quoted(spelling(one))));
            }
            found.push(one);
        }
        found.sort();
        (self.page.flaws.len() == before).then_some(found)
    }

    /// Tables under one key, each read by the caller. Nothing unless all of them could be read.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<usize>,
        mut read: impl FnMut(&mut Page<'f>, &'t Spanned<DeValue<'f>>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let before = self.page.flaws.len();
        let list = self.list(key, bounds)?;
        let read: Vec<T> = list.iter().filter_map(|value| read(self.page, value)).collect();
        (self.page.flaws.len() == before).then_some(read)
    }

    /// A table from a closed list's spellings to whole numbers within bounds.
    pub(super) fn numbers_by<T: Copy + Ord>(
        &mut self,
        key: &'static str,
        all: &[T],
        spelling: fn(T) -> &'static str,
        bounds: RangeInclusive<i64>,
    ) -> Option<BTreeMap<T, i64>> {
        let (at, value) = self.required(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            let detail = format!("\"{key}\" must be a table of names and numbers, but is {}", kind(value.get_ref()));
            self.page.error(at, detail);
            return None;
        };
        let before = self.page.flaws.len();
        let mut numbers = BTreeMap::new();
        for (name, number) in table {
            let at = name.span().start;
            let known = all.iter().copied().find(|one| spelling(*one) == name.get_ref().as_ref());
            let number = whole_number(self.page, at, name.get_ref(), number, bounds.clone());
            match known {
                None => self.page.error(at, not_among(key, name.get_ref(), all, spelling)),
                Some(one) => numbers.extend(number.map(|number| (one, number))),
            }
        }
        (self.page.flaws.len() == before).then_some(numbers)
    }

    /// Ends the table: whatever nobody asked for is unknown.
    pub(super) fn close(self) {
        for key in self.table.keys() {
            if !self.asked.contains(&key.get_ref().as_ref()) {
                let known = self.asked.join(", ");
                let detail = format!(
                    "{} has nothing called {}; it has: {known}",
                    with_article(self.what),
                    quoted(key.get_ref())
                );
                self.page.error(key.span().start, detail);
            }
        }
    }

    fn required(&mut self, key: &'static str) -> Option<(usize, &'t Spanned<DeValue<'f>>)> {
        self.asked.push(key);
        match self.table.get_key_value(key) {
            Some((name, value)) => Some((name.span().start, value)),
            None => {
                self.page.error(self.at, format!("this {} lacks its \"{key}\"", self.what));
                None
            }
        }
    }
}

fn as_text<'v>(page: &mut Page<'_>, at: usize, key: &str, value: &'v Spanned<DeValue<'_>>) -> Option<&'v str> {
    match value.get_ref() {
        DeValue::String(text) => Some(text),
        other => {
            page.error(at, format!("\"{key}\" must be a text in quotation marks, but is {}", kind(other)));
            None
        }
    }
}

fn clean_text(
    page: &mut Page<'_>,
    at: usize,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    max_chars: usize,
) -> Option<String> {
    let text = as_text(page, at, key, value)?.replace("\r\n", "\n").trim().to_owned();
    let length = text.chars().count();
    if text.is_empty() {
        page.error(at, format!("\"{key}\" is empty"));
    } else if length > max_chars {
        page.error(at, format!("\"{key}\" is {length} characters long; at most {max_chars} are allowed"));
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        page.error(at, format!("\"{key}\" contains an invisible control character; write it afresh"));
    } else {
        return Some(text);
    }
    None
}

fn whole_number(
    page: &mut Page<'_>,
    at: usize,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    bounds: RangeInclusive<i64>,
) -> Option<i64> {
    let DeValue::Integer(written) = value.get_ref() else {
        let detail =
            format!("{} must be a whole number without quotation marks, but is {}", quoted(key), kind(value.get_ref()));
        page.error(at, detail);
        return None;
    };
    let number = to_i64(written).filter(|number| bounds.contains(number));
    if number.is_none() {
        let (least, most) = (bounds.start(), bounds.end());
        page.error(at, format!("{} must be from {least} to {most}", quoted(key)));
    }
    number
}

fn to_i64(written: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(written.as_str(), written.radix()).ok()
}

fn spelled<T: Copy>(
    page: &mut Page<'_>,
    at: usize,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    all: &[T],
    spelling: fn(T) -> &'static str,
) -> Option<T> {
    let text = as_text(page, at, key, value)?;
    let found = all.iter().copied().find(|one| spelling(*one) == text);
    if found.is_none() {
        page.error(at, not_among(key, text, all, spelling));
    }
    found
}

fn not_among<T: Copy>(key: &str, text: &str, all: &[T], spelling: fn(T) -> &'static str) -> String {
    let list = all.iter().map(|one| spelling(*one)).collect::<Vec<_>>().join(", ");
    format!("\"{key}\" can't be {}; it is one of: {list}", quoted(text))
}

/// A text as a complaint repeats it: short, and with nothing invisible in it.
pub(super) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(MAX_QUOTED_CHARS).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{short:?}{more}")
}

fn with_article(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {what}")
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a decimal point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
