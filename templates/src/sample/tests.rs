//! What holds on every page: the security policy, the ties between elements, one heading, one primary button; and that the
//! colours are legible.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sample, all};
use crate::assets;

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let opening = format!(" {attribute}=\"");
    html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Fails with every sample for which `wrong` has something to say.
fn check(wrong: impl Fn(&Sample) -> Option<String>) {
    let faults: Vec<String> = all()
        .iter()
        .filter_map(|sample| Some(format!("{}.{}: {}", sample.name, sample.locale.tag(), wrong(sample)?)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn names_are_unique() {
    let mut seen = BTreeSet::new();
    for sample in all() {
        assert!(seen.insert(format!("{}.{}", sample.name, sample.locale.tag())), "{} is there twice", sample.name);
    }
}

#[test]
fn no_page_needs_more_than_the_policy_allows() {
    check(|sample| {
        let html = &sample.html;
        let inline =
            [" style=\"", "<style", "<script>", "javascript:", " onclick=", " onload=", " onerror=", " onsubmit="];
        let foreign = values(html, "src").into_iter().find(|src| !src.starts_with('/'));
        inline.iter().find(|part| html.contains(**part)).map(ToString::to_string).or(foreign.map(str::to_owned))
    });
}

#[test]
fn ids_are_unique_and_every_reference_meets_one() {
    check(|sample| {
        let html = &sample.html;
        let mut ids = BTreeSet::new();
        if let Some(twice) = values(html, "id").into_iter().find(|id| !ids.insert(*id)) {
            return Some(format!("id {twice} twice"));
        }
        let lists = ["for", "aria-describedby", "aria-labelledby", "aria-controls"];
        let referred = lists.iter().flat_map(|name| values(html, name)).flat_map(str::split_whitespace);
        let linked = values(html, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
        referred.chain(linked).find(|id| !ids.contains(id)).map(|id| format!("nothing has the id {id}"))
    });
}

#[test]
fn every_page_has_its_language_and_one_first_heading() {
    check(|sample| {
        let html = &sample.html;
        let lang = format!("<html lang=\"{}\"", sample.locale.tag());
        let headings = html.matches("<h1").count();
        (!html.contains(&lang) || headings != 1).then(|| format!("{headings} first headings"))
    });
}

#[test]
fn every_page_and_every_dialog_has_at_most_one_primary_button() {
    check(|sample| {
        // What stands between the ends of dialogs is a dialog, or a stretch of the page.
        let (mut page, mut most) = (0, 0);
        for stretch in sample.html.split("</dialog>") {
            let (outside, dialog) = stretch.split_once("<dialog").unwrap_or((stretch, ""));
            page += primaries(outside);
            most = most.max(primaries(dialog));
        }
        most = most.max(page);
        (most > 1).then(|| format!("{most} primary buttons"))
    });
}

fn primaries(html: &str) -> usize {
    values(html, "class").into_iter().filter(|class| class.split(' ').any(|one| one == "primary")).count()
}

#[test]
fn every_field_has_a_label() {
    check(|sample| {
        let html = &sample.html;
        let labelled: BTreeSet<&str> = values(html, "for").into_iter().collect();
        let starts = ["<input", "<select", "<textarea"].iter().flat_map(|tag| html.match_indices(tag));
        starts.map(|(at, _)| html.split_at(at)).find_map(|(before, rest)| {
            let tag = rest.split('>').next().unwrap_or_default();
            let id = values(tag, "id").first().copied().unwrap_or_default();
            let inside = before.rfind("<label") > before.rfind("</label");
            let named =
                inside || tag.contains(" type=\"hidden\"") || tag.contains(" aria-label") || labelled.contains(id);
            (!named).then(|| format!("no label for {tag}"))
        })
    });
}

/// The tokens of the light scheme, and of the dark one over it.
fn schemes() -> [BTreeMap<String, String>; 2] {
    let sheet = assets::ALL.iter().find(|asset| asset.name == "style.css").map_or(&b""[..], |asset| asset.bytes);
    let sheet = String::from_utf8_lossy(sheet).into_owned();
    let (light, rest) = sheet.split_once("@media (prefers-color-scheme: dark)").unwrap_or((&sheet, ""));
    let tokens = |block: &str| -> BTreeMap<String, String> {
        let lines =
            block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "));
        lines
            .filter(|(_, value)| value.starts_with('#'))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    let light = tokens(light);
    let mut dark = light.clone();
    dark.extend(tokens(rest.split("/* Elements */").next().unwrap_or_default()));
    [light, dark]
}

/// Relative luminance as WCAG defines it.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value =
            f64::from(u8::from_str_radix(colour.get(at..at + 2).unwrap_or_default(), 16).unwrap_or_default()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[test]
fn every_ink_is_legible_on_every_paper_it_is_used_on() {
    let papers = ["paper", "sheet", "well"];
    for (scheme, tokens) in ["light", "dark"].iter().zip(schemes()) {
        let mut pairs: Vec<(&str, &str, f64)> = vec![("on-accent", "accent", 7.0), ("on-accent", "accent-strong", 7.0)];
        for ink in ["ink", "ink-soft", "accent", "accent-strong", "good", "attention", "danger"] {
            pairs.extend(papers.map(|paper| (ink, paper, 7.0)));
        }
        for wash in ["accent-wash", "good-wash", "attention-wash", "danger-wash"] {
            pairs.extend([("ink", wash, 7.0), ("ink-soft", wash, 7.0), (wash.trim_end_matches("-wash"), wash, 7.0)]);
        }
        pairs.extend(papers.map(|paper| ("focus", paper, 3.0)));
        pairs.extend(papers.map(|paper| ("line-strong", paper, 3.0)));
        for (ink, paper, least) in pairs {
            let (a, b) = (luminance(&tokens[ink]), luminance(&tokens[paper]));
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(ratio >= least, "{scheme}: {ink} on {paper} is {ratio:.2}:1");
        }
    }
}

#[test]
fn only_what_has_the_focus_wears_its_colour() {
    for sheet in assets::ALL.iter().filter(|asset| asset.name.ends_with(".css")) {
        let text = String::from_utf8_lossy(sheet.bytes).into_owned();
        let wears = |rule: &&str| rule.contains("var(--focus)");
        for rule in text.split('}').filter(wears) {
            let selector = rule.rsplit_once('{').map_or(rule, |(before, _)| before);
            assert!(selector.contains(":focus"), "{}: {selector}", sheet.name);
        }
    }
}
