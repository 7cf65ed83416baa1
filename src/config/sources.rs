//! Where configuration is given: keys of a file, and variables above them. Keeps what was given with the place where it
//! stands, and collects problems by that place.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::ConfigProblem;

/// Every key there is, as `section.key`.
const KEYS: [&str; 15] = [
    "server.listen",
    "server.public_url",
    "server.workers",
    "data.folder",
    "database.url",
    "session.token_minutes",
    "mail.transport",
    "mail.folder",
    "mail.host",
    "mail.port",
    "mail.user",
    "mail.password",
    "mail.from",
    "mail.tls",
    "operator.token",
];

/// The keys that hold a number; all others hold text.
const NUMBERS: [&str; 3] = ["server.workers", "session.token_minutes", "mail.port"];

/// A value and where it was given.
struct Given {
    value: String,
    field: String,
}

/// What was given, and what is wrong with it.
#[derive(Default)]
pub(super) struct Sources {
    given: BTreeMap<&'static str, Given>,
    problems: Vec<ConfigProblem>,
}

impl Sources {
    /// Gathers a file (its name and text) and the variables, which override it.
    pub(super) fn gather(file: Option<(&str, &str)>, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut sources = Self::default();
        if let Some((name, text)) = file {
            sources.add_file(name, text);
        }
        let mut variables: Vec<(String, String)> =
            variables.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        // The general name comes first, so that the particular one stands above it; otherwise by name, for an order of
        // problems that does not depend on the environment's.
        variables.sort_by_key(|(name, _)| (name != "DATABASE_URL", name.clone()));
        for (name, value) in variables {
            sources.add_variable(name, value);
        }
        sources
    }

    fn add_file(&mut self, name: &str, text: &str) {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let line = 1 + text.get(..at).map_or(0, |before| before.matches('\n').count());
                // The parser's message alone: its long form repeats the line, which may hold a secret.
                self.add_problem(format!("{name}:{line}"), format!("is not TOML: {}", error.message()));
                return;
            }
        };
        for (section, value) in table {
            let Some(entries) = value.as_table() else {
                self.add_problem(format!("{section} in {name}"), "is no section of the configuration".to_owned());
                continue;
            };
            for (key, value) in entries {
                self.add_entry(name, &format!("{section}.{key}"), value);
            }
        }
    }

    fn add_entry(&mut self, file: &str, path: &str, value: &toml::Value) {
        let field = format!("{path} in {file}");
        let Some(key) = KEYS.iter().find(|key| **key == path) else {
            return self.add_problem(field, "is not a key of the configuration".to_owned());
        };
        let value = match (value, NUMBERS.contains(key)) {
            (toml::Value::String(text), false) => text.clone(),
            (toml::Value::Integer(number), true) => number.to_string(),
            (_, true) => return self.add_problem(field, "must be a whole number".to_owned()),
            (_, false) => return self.add_problem(field, "must be text between quotation marks".to_owned()),
        };
        self.given.insert(key, Given { value, field });
    }

    fn add_variable(&mut self, name: String, value: String) {
        let path = match name.as_str() {
            "DATABASE_URL" => Some("database.url".to_owned()),
            _ => name.strip_prefix("EVENHAND_").and_then(|rest| {
                // Only the first underscore parts section and key.
                let (section, key) = rest.split_once('_')?;
                Some(format!("{}.{}", section.to_lowercase(), key.to_lowercase()))
            }),
        };
        let Some(path) = path else { return };
        if let Some(key) = KEYS.iter().find(|key| **key == path) {
            self.given.insert(key, Given { value, field: name });
        } else if KEYS.iter().any(|key| key.split('.').next() == path.split('.').next()) {
            // Other programs' variables are none of ours; one of our sections with another key is a slip.
            self.add_problem(name, "is not a variable of the configuration".to_owned());
        }
    }

    /// What was given for a key.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.parsed(key, "must not be empty", |text| (!text.trim().is_empty()).then(|| text.to_owned()))
    }

    /// What was given for a key that must be given.
    pub(super) fn required(&mut self, key: &'static str, detail: &str) -> Option<String> {
        if !self.given.contains_key(key) {
            self.problem(key, detail);
        }
        self.text(key)
    }

    /// What was given for a key, read by `parse`; what it cannot read is a problem.
    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        detail: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        debug_assert!(KEYS.contains(&key));
        let value = parse(&self.given.get(key)?.value);
        if value.is_none() {
            self.problem(key, detail);
        }
        value
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let detail = format!("must be a whole number from {} to {}", bounds.start(), bounds.end());
        self.parsed(key, &detail, |text| text.trim().parse().ok().filter(|number| bounds.contains(number)))
    }

    /// A problem for each of these keys that was given all the same.
    pub(super) fn superfluous(&mut self, keys: &[&'static str], detail: &str) {
        for key in keys {
            if self.given.contains_key(key) {
                self.problem(key, detail);
            }
        }
    }

    /// Notes a problem with a key, at the place where it was given.
    pub(super) fn problem(&mut self, key: &'static str, detail: &str) {
        let field = self.given.get(key).map_or_else(|| key.to_owned(), |given| given.field.clone());
        self.add_problem(field, detail.to_owned());
    }

    fn add_problem(&mut self, field: String, detail: String) {
        self.problems.push(ConfigProblem { field, detail });
    }

    /// Everything that is wrong.
    pub(super) fn into_problems(self) -> Vec<ConfigProblem> {
        self.problems
    }
}
