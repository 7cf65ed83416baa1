//! Marked passages: the answer with its marks, and the list of them beside their criteria. The answer is cut the same way
//! in `assets/passages.js`, which draws the marks anew while a reviewer works.

use maud::{Markup, html};

use super::{Criterion, MarkingDesk};
use crate::words::Words;

/// How many looks marks have; the criteria take them in turn.
const LOOKS: usize = 6;
/// How much of a passage the list quotes, in characters.
const QUOTED: usize = 120;

/// A passage of the answer that was tied to a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its first character, from 0.
    pub start: usize,
    /// The character after its last.
    pub end: usize,
    /// The criterion's identifier.
    pub criterion: String,
    /// What the reviewer noted on it.
    pub note: Option<String>,
}

/// A passage with what it is called and looks like.
struct Labelled<'d> {
    passage: &'d Passage,
    /// The number of the criterion and a letter: `2b`.
    label: String,
    /// From 1 to [`LOOKS`].
    look: usize,
    title: &'d str,
}

/// The passages in the order of the text, each with a label of its own.
fn labelled<'d>(passages: &'d [Passage], criteria: &'d [Criterion]) -> Vec<Labelled<'d>> {
    let mut sorted: Vec<&Passage> = passages.iter().collect();
    sorted.sort_by_key(|passage| (passage.start, passage.end));
    let mut counts = vec![0_usize; criteria.len()];
    let mut found = Vec::new();
    for passage in sorted {
        let Some(index) = criteria.iter().position(|criterion| criterion.id == passage.criterion) else { continue };
        let label = format!("{}{}", index + 1, letters(counts[index]));
        counts[index] += 1;
        found.push(Labelled { passage, label, look: look(index), title: &criteria[index].title });
    }
    found
}

/// The look of a criterion's marks.
pub(super) fn look(index: usize) -> usize {
    index % LOOKS + 1
}

/// `a` to `z`, then `aa`, `ab`, and so on.
fn letters(mut number: usize) -> String {
    let mut reversed = Vec::new();
    loop {
        reversed.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        if number < 26 {
            return reversed.into_iter().rev().collect();
        }
        number = number / 26 - 1;
    }
}

/// A line of the answer.
#[derive(Debug, PartialEq, Eq)]
struct Line<'a> {
    /// Its first character's place in the whole answer.
    from: usize,
    /// Its text without the line's end and what is blank before it.
    text: &'a str,
}

/// The paragraphs of an answer, as [`crate::markdown::prose`] parts them, with the place of every line.
fn paragraphs(answer: &str) -> Vec<Vec<Line<'_>>> {
    let mut paragraphs = vec![Vec::new()];
    let (mut from, mut rest) = (0, answer);
    while !rest.is_empty() {
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let close = if after.starts_with("\r\n") { 2 } else { usize::from(!after.is_empty()) };
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(Line { from, text: line.trim_end() });
        }
        from += line.chars().count() + close;
        rest = &after[close..];
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// The answer with its marks.
pub(super) fn answer(view: &MarkingDesk) -> Markup {
    let passages = labelled(&view.highlights, &view.criteria);
    html! {
        @for paragraph in &paragraphs(&view.answer) {
            p { @for (index, line) in paragraph.iter().enumerate() {
                @if index > 0 { br; }
                span.line data-from=(line.from) { (marked_line(line, &passages)) }
            } }
        }
    }
}

/// One line, cut wherever a passage begins or ends.
fn marked_line(line: &Line<'_>, passages: &[Labelled<'_>]) -> Markup {
    let to = line.from + line.text.chars().count();
    let mut cuts: Vec<usize> = passages.iter().flat_map(|p| [p.passage.start, p.passage.end]).collect();
    cuts.retain(|cut| (line.from + 1..to).contains(cut));
    cuts.extend([line.from, to]);
    cuts.sort_unstable();
    cuts.dedup();
    let text: Vec<char> = line.text.chars().collect();
    html! {
        @for piece in cuts.windows(2) {
            @let (start, end) = (piece[0], piece[1]);
            @let words: String = text[start - line.from..end - line.from].iter().collect();
            @let over: Vec<&Labelled<'_>> = passages.iter().filter(|p| p.passage.start <= start && p.passage.end >= end).collect();
            @match over.last() {
                Some(top) => {
                    @let closing: Vec<&str> = over.iter().filter(|p| p.passage.end == end).map(|p| p.label.as_str()).collect();
                    mark.passage data-look=(top.look) data-over=[(over.len() > 1).then_some("")] data-label=[(!closing.is_empty()).then(|| closing.join(" "))] { (words) }
                }
                None => (words),
            }
        }
    }
}

/// The list of marked passages.
pub(super) fn list(words: Words, view: &MarkingDesk) -> Markup {
    let passages = labelled(&view.highlights, &view.criteria);
    let answer: Vec<char> = view.answer.chars().collect();
    html! {
        @for one in &passages {
            li data-start=(one.passage.start) data-end=(one.passage.end) data-criterion=(one.passage.criterion) data-note=[one.passage.note.as_deref()] {
                span.tag data-look=(one.look) { (one.label) }
                div {
                    p { strong { (one.title) } " " q { (quoted(&answer, one.passage)) } }
                    @if let Some(note) = one.passage.note.as_deref().filter(|note| !note.trim().is_empty()) {
                        p.soft { (words.with("desk-passage-noted", &[("note", note.into())])) }
                    }
                }
            }
        }
    }
}

/// A passage on one line, cut in the middle if it is long.
fn quoted(answer: &[char], passage: &Passage) -> String {
    let end = passage.end.min(answer.len());
    let text: String = answer[passage.start.min(end)..end].iter().collect();
    let flat: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    if flat.len() <= QUOTED {
        return flat.into_iter().collect();
    }
    let half = QUOTED / 2;
    let part = |from: &[char]| from.iter().collect::<String>();
    format!("{} … {}", part(&flat[..half]).trim_end(), part(&flat[flat.len() - half..]).trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_place_in_the_text() {
        let found: Vec<Vec<(usize, &str)>> = paragraphs("é one \r\ntwo\n\n \rthree\r\n\n\nfour")
            .into_iter()
            .map(|lines| lines.into_iter().map(|line| (line.from, line.text)).collect())
            .collect();
        assert_eq!(found, [vec![(0, "é one"), (8, "two")], vec![(15, "three")], vec![(24, "four")]]);
        assert_eq!(paragraphs(""), Vec::<Vec<Line<'_>>>::new());
    }

    #[test]
    fn lines_part_as_prose_does() {
        for text in ["a\n\nb\nc", " a \n", "\n\n", "a\r\rb\r\nc", "a <b> & c"] {
            let plain = html! { @for p in &paragraphs(text) { p { @for (i, l) in p.iter().enumerate() { @if i > 0 { br; } (l.text) } } } };
            assert_eq!(plain.into_string(), crate::markdown::prose(text).into_string(), "{text:?}");
        }
    }

    #[test]
    fn letters_go_on_after_z() {
        let named: Vec<String> = [0, 25, 26, 27, 51, 52].into_iter().map(letters).collect();
        assert_eq!(named, ["a", "z", "aa", "ab", "az", "ba"]);
    }

    #[test]
    fn long_passages_are_quoted_by_their_ends() {
        let answer: Vec<char> = "a".repeat(100).chars().chain("b".repeat(100).chars()).collect();
        let passage = |start, end| Passage { start, end, criterion: String::new(), note: None };
        assert_eq!(quoted(&answer, &passage(0, 120)).chars().count(), 120);
        assert_eq!(quoted(&answer, &passage(0, 200)), format!("{} … {}", "a".repeat(60), "b".repeat(60)));
        assert_eq!(quoted(&answer, &passage(300, 400)), "");
    }
}
