//! The question bank back into files, in the shape in which authors keep it. What is written here reads back as it was.

use std::fmt::Write;

use crate::domain::bank::{Benchmark, Blueprint, Item, LETTERS, Vignette};
use crate::domain::rubric::Criterion;

/// A file of items.
pub fn items<'i>(items: impl IntoIterator<Item = &'i Item>) -> String {
    let tables: Vec<String> = items.into_iter().map(item).collect();
    tables.join("\n")
}

fn item(item: &Item) -> String {
    let tracks: Vec<String> = item.tracks.iter().map(|track| line(track.as_str())).collect();
    let mut out = String::from("[[item]]\n");
    let _ = writeln!(out, "id = {}", line(&item.id));
    let _ = writeln!(out, "version = {}", item.version);
    out.push_str(practice(item.practice));
    let _ = writeln!(out, "tracks = [{}]", tracks.join(", "));
    let _ = writeln!(out, "domain = {}", line(item.domain.as_str()));
    let _ = writeln!(out, "area = {}", line(item.area.as_str()));
    let _ = writeln!(out, "stem = {}", block(&item.stem));
    for (letter, choice) in LETTERS.iter().zip(&item.choices) {
        let _ = writeln!(out, "{letter} = {}", line(choice));
    }
    let _ = writeln!(out, "key = {}", line(LETTERS.get(item.key).copied().unwrap_or_default()));
    let _ = writeln!(out, "rationale = {}", block(&item.rationale));
    out
}

/// The file of a vignette.
pub fn vignette(vignette: &Vignette) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "id = {}", line(&vignette.id));
    let _ = writeln!(out, "version = {}", vignette.version);
    out.push_str(practice(vignette.practice));
    let _ = writeln!(out, "strand = {}", line(vignette.strand.as_str()));
    let _ = writeln!(out, "scenario_kind = {}", line(vignette.scenario_kind.as_str()));
    let _ = writeln!(out, "title = {}", line(&vignette.title));
    let _ = writeln!(out, "scenario = {}", block(&vignette.scenario));
    let _ = writeln!(out, "prompts = [");
    for prompt in &vignette.prompts {
        let _ = writeln!(out, "  {},", line(prompt));
    }
    let _ = writeln!(out, "]\nmax_characters = {}", vignette.max_characters);
    for criterion in &vignette.rubric.criteria {
        out.push('\n');
        out.push_str(&rubric_row(criterion));
    }
    out
}

/// Said only of what is for practice.
fn practice(practice: bool) -> &'static str {
    if practice { "practice = true\n" } else { "" }
}

fn rubric_row(criterion: &Criterion) -> String {
    let mut out = String::from("[[criterion]]\n");
    let _ = writeln!(out, "id = {}", line(&criterion.id));
    let _ = writeln!(out, "title = {}", line(&criterion.title));
    let _ = writeln!(out, "domain = {}", line(criterion.domain.as_str()));
    let _ = writeln!(out, "levels = [");
    for level in &criterion.levels {
        let _ = writeln!(out, "  {{ points = {}, descriptor = {} }},", level.points, line(&level.descriptor));
    }
    let _ = writeln!(out, "]");
    out
}

/// The file of a blueprint.
pub fn blueprint(blueprint: &Blueprint) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "track = {}", line(blueprint.track.as_str()));
    let _ = writeln!(out, "version = {}\nitems = {}\n\n[areas]", blueprint.version, blueprint.items);
    for (area, number) in &blueprint.areas {
        let _ = writeln!(out, "{area} = {number}");
    }
    out
}

/// The file of a benchmark script.
pub fn benchmark(benchmark: &Benchmark) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "id = {}", line(&benchmark.id));
    let _ = writeln!(out, "version = {}", benchmark.version);
    let _ = writeln!(out, "vignette = {}", line(&benchmark.vignette));
    let _ = writeln!(out, "vignette_version = {}", benchmark.vignette_version);
    let _ = writeln!(out, "verdict = {}", line(benchmark.verdict.as_str()));
    let _ = writeln!(out, "answer = {}", block(&benchmark.answer));
    for mark in &benchmark.marks {
        let _ = writeln!(out, "\n[[reference]]\ncriterion = {}", line(&mark.criterion));
        let _ = writeln!(out, "points = {}", mark.points);
        let _ = writeln!(out, "rationale = {}", line(&mark.rationale));
    }
    out
}

/// A text between quotation marks.
fn line(text: &str) -> String {
    let mut out = String::from("\"");
    escape(text, &mut out, |c| c == '"' || c == '\n');
    out.push('"');
    out
}

/// A text of several lines, each on a line of its own.
fn block(text: &str) -> String {
    let mut out = String::from("\"\"\"\n");
    // Quotation marks may stand in such a text, except three in a row.
    for (place, part) in text.split("\"\"\"").enumerate() {
        if place > 0 {
            out.push_str("\\\"\\\"\\\"");
        }
        escape(part, &mut out, |_| false);
    }
    out.push_str("\n\"\"\"");
    out
}

fn escape(text: &str, out: &mut String, besides: impl Fn(char) -> bool) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' if besides(c) => out.push_str("\\\""),
            '\n' if besides(c) => out.push_str("\\n"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}
