//! One sample or more of every view, for looking at, for snapshots and for accessibility checks.
//!
//! Samples are made up and fixed: the same build always gives the same bytes.

mod coordinator;
mod examinee;
mod proctor;
mod public;
mod reviewer;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    Markup,
    page::{NavItem, PersonView, Section, Shell},
    words::Locale,
};

/// One rendered view.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The view and its state: `exams`, `exams-empty`.
    pub name: String,
    /// The language.
    pub locale: Locale,
    /// The page.
    pub html: String,
}

/// Every sample: what an examinee can see in each language, the rest in English.
#[must_use]
pub fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    for locale in Locale::ALL {
        add(&mut samples, locale, public::pages(locale));
        add(&mut samples, locale, examinee::pages(locale));
    }
    for pages in [reviewer::pages(), coordinator::pages(), proctor::pages()] {
        add(&mut samples, Locale::En, pages);
    }
    samples
}

/// The pages of one sample module: each with its name.
type Pages = Vec<(&'static str, Markup)>;

fn add(samples: &mut Vec<Sample>, locale: Locale, pages: Pages) {
    samples.extend(pages.into_iter().map(|(name, markup)| Sample {
        name: name.to_owned(),
        locale,
        html: markup.into_string(),
    }));
}

/// An instant for samples: `at("2026-11-21T14:00:00Z")`.
fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

/// The shell of a signed-in person of the staff or of a reviewer.
fn staff_shell(name: &str, path: &str, sections: &[Section]) -> Shell {
    signed_in(Locale::En, name, path, sections.iter().copied().map(NavItem::from).collect())
}

/// The shell of a signed-in person.
fn signed_in(locale: Locale, name: &str, path: &str, navigation: Vec<NavItem>) -> Shell {
    Shell {
        zone: Tz::America__New_York,
        person: Some(PersonView { name: name.to_owned(), association: Some("Connecticut (CT-AIMH)".to_owned()) }),
        navigation,
        ..Shell::anonymous(locale, path)
    }
}

#[cfg(test)]
mod tests;
