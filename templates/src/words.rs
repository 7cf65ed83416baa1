//! Languages and message catalogues: all text that a person sees comes from here.
//!
//! Catalogues are Fluent files, embedded. English is complete. Spanish covers everything that an examinee can see; pages
//! of the staff fall back to English. A message that exists nowhere shows as its id in double brackets, and the tests
//! refuse any page that shows one.

use std::sync::LazyLock;

pub use fluent_bundle::FluentValue as Value;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language that the site speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English, the language of reference.
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The tag for `lang` attributes, cookies and forms.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The language that a tag names, by its primary subtag: `es-MX` is Spanish.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.tag()))
    }

    /// The best language for an `Accept-Language` header, English if none fits.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut offers: Vec<(f32, Self)> = header
            .split(',')
            .take(32)
            .filter_map(|offer| {
                let (tag, quality) = offer.split_once(";q=").unwrap_or((offer, "1"));
                Some((quality.trim().parse().unwrap_or(0.0), Self::from_tag(tag)?))
            })
            .filter(|(quality, _)| *quality > 0.0)
            .collect();
        // The sort is stable: equal qualities keep the header's order.
        offers.sort_by(|a, b| b.0.total_cmp(&a.0));
        offers.first().map_or(Self::En, |(_, locale)| *locale)
    }

    /// The language's name in itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    /// The words of this language.
    #[must_use]
    pub fn words(self) -> Words {
        Words { locale: self }
    }
}

/// The words of one language; cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// The language.
    pub locale: Locale,
}

impl Words {
    /// The text of a message without parameters.
    #[must_use]
    pub fn text(self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The text of a message with its parameters: `words.with("duration-hours", &[("n", 3.into())])`.
    #[must_use]
    pub fn with(self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        let catalogues = &*CATALOGUES;
        let own = match self.locale {
            Locale::En => &catalogues.en,
            Locale::Es => &catalogues.es,
        };
        format(own, id, &args).or_else(|| format(&catalogues.en, id, &args)).unwrap_or_else(|| format!("⟦{id}⟧"))
    }
}

type Bundle = FluentBundle<FluentResource>;

struct Catalogues {
    en: Bundle,
    es: Bundle,
}

static CATALOGUES: LazyLock<Catalogues> = LazyLock::new(|| Catalogues {
    en: bundle(Locale::En, EN.iter().map(|(_, source)| *source)),
    es: bundle(Locale::Es, ES.iter().map(|(_, source)| *source)),
});

/// Declares the catalogues of a language by file name.
macro_rules! catalogues {
    ($name:ident, $tag:literal, [$($file:literal),* $(,)?]) => {
        const $name: &[(&str, &str)] = &[$(($file, include_str!(concat!("../locales/", $tag, "/", $file, ".ftl")))),*];
    };
}

catalogues!(
    EN,
    "en",
    [
        "shell",
        "public",
        "examinee",
        "arrangement",
        "room",
        "practice",
        "letters",
        "appeal",
        "file",
        "mail",
        "docs",
        "reviewer",
        "coordinator",
        "rules",
        "proctor"
    ]
);
catalogues!(ES, "es", ["shell", "public", "examinee", "arrangement", "room", "practice", "letters", "appeal", "mail"]);

fn bundle(locale: Locale, sources: impl Iterator<Item = &'static str>) -> Bundle {
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for source in sources {
        // A catalogue with a syntax error loses only the broken messages; the tests refuse it.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn format(bundle: &Bundle, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
}

#[cfg(test)]
mod tests;
