//! Flawless pieces of a bank, from which each test spoils what it is about.

use super::{Bank, Blueprint, Item, Located, Vignette};
use crate::domain::rubric::{Criterion, Level, Rubric};
use crate::domain::vocabulary::{Area, Domain, ScenarioKind, Track};

/// An item of the attachment file, whose stem shares no long word with another's.
pub(super) fn item(id: &str) -> Located<Item> {
    item_of(id, Area::Attachment, 1)
}

/// An item of an area's file, at a line.
pub(super) fn item_of(id: &str, area: Area, line: usize) -> Located<Item> {
    let words = (1..=12).map(|n| format!("{id}x{n}")).collect::<Vec<_>>().join(" ");
    let value = Item {
        id: id.to_owned(),
        version: 1,
        tracks: vec![Track::Imh, Track::Ecmh],
        domain: Domain::TheoreticalFoundations,
        area,
        stem: format!("{words}. Which is best?"),
        choices: ["Wait and watch.", "Ask the parent.", "Call the team.", "Read the file."].map(str::to_owned),
        key: 1,
        rationale: "It fits.".to_owned(),
        practice: false,
    };
    Located { value, path: format!("items/{area}.toml"), line }
}

/// A vignette of the strand to which its kind belongs.
pub(super) fn vignette(id: &str, kind: ScenarioKind) -> Located<Vignette> {
    let level = |points: i64| Level { points, descriptor: format!("Shows {points}.") };
    let criterion = |id: &str| Criterion {
        id: id.to_owned(),
        title: id.to_owned(),
        domain: Domain::Thinking,
        levels: (0..=4).map(level).collect(),
    };
    let value = Vignette {
        id: id.to_owned(),
        version: 1,
        strand: kind.strand(),
        scenario_kind: kind,
        title: "A visit".to_owned(),
        scenario: "Something happens.".to_owned(),
        prompts: vec!["What do you see?".to_owned(), "What do you do?".to_owned()],
        max_characters: 12_000,
        rubric: Rubric { criteria: vec![criterion("reflection"), criterion("thinking")] },
        practice: false,
    };
    Located { value, path: format!("vignettes/{id}.toml"), line: 1 }
}

/// A blueprint that asks for so many items of each area.
pub(super) fn blueprint(track: Track, areas: &[(Area, i64)]) -> Located<Blueprint> {
    let items = areas.iter().map(|(_, count)| count).sum();
    let value = Blueprint { track, version: 1, items, areas: areas.iter().copied().collect() };
    Located { value, path: format!("blueprints/{}.toml", track.as_str().to_lowercase()), line: 1 }
}

/// A bank from which each track and strand can draw two disjoint forms.
pub(super) fn bank() -> Bank {
    let items = (0..8).map(|n| {
        let mut item = item_of(&format!("att-00{n}"), Area::Attachment, 1 + n * 10);
        item.value.key = n % 4;
        item
    });
    let kinds = [ScenarioKind::Clinical, ScenarioKind::Policy, ScenarioKind::Teaching, ScenarioKind::EmpiricalResearch];
    let vignettes =
        kinds.iter().flat_map(|kind| (0..4).map(move |n| vignette(&format!("{}-{n}", kind.as_str()), *kind)));
    Bank {
        items: items.collect(),
        vignettes: vignettes.collect(),
        blueprints: Track::ALL.iter().map(|track| blueprint(*track, &[(Area::Attachment, 4)])).collect(),
        benchmarks: Vec::new(),
    }
}
