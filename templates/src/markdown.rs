//! Authored or hostile text to safe HTML.
//!
//! [`render`] takes a subset of CommonMark: paragraphs, emphasis, code, lists, quotations, tables and two levels of headings.
//! Raw HTML is shown as text; links and images are reduced to their text; no element carries an attribute. [`prose`] takes
//! plain text and gives paragraphs. Whatever the input is, the output holds only the elements named in [`render`].

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// CommonMark to `p`, `em`, `strong`, `del`, `code`, `pre`, `ul`, `ol`, `li`, `blockquote`, `table` and its parts, `h3`, `h4`,
/// `br`, `hr`.
#[must_use]
pub fn render(source: &str) -> PreEscaped<String> {
    let mut out = String::with_capacity(source.len() + source.len() / 4);
    push_html(&mut out, events(source));
    PreEscaped(out)
}

/// CommonMark within one line: emphasis and code, no blocks. Paragraphs are joined by a space.
#[must_use]
pub fn render_inline(source: &str) -> PreEscaped<String> {
    let mut out = String::with_capacity(source.len() + 16);
    let inline = events(source).filter_map(|event| match event {
        Event::Start(tag) if is_inline(&tag) => Some(Event::Start(tag)),
        Event::End(tag) if is_inline_end(tag) => Some(Event::End(tag)),
        Event::Start(_) | Event::Rule => None,
        Event::End(_) | Event::SoftBreak | Event::HardBreak => Some(Event::Text(CowStr::Borrowed(" "))),
        other => Some(other),
    });
    push_html(&mut out, inline);
    out.truncate(out.trim_end().len());
    PreEscaped(out)
}

/// Plain text to paragraphs: an empty line parts them, a line end breaks the line, nothing else has a meaning.
#[must_use]
pub fn prose(source: &str) -> Markup {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let paragraphs = paragraphs(&source);
    html! {
        @for paragraph in &paragraphs {
            p { @for (index, line) in paragraph.iter().enumerate() { @if index > 0 { br; } (line) } }
        }
    }
}

fn paragraphs(source: &str) -> Vec<Vec<&str>> {
    let mut paragraphs = vec![Vec::new()];
    for line in source.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line.trim_end());
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

fn events(source: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).filter_map(tame)
}

/// Keeps what is harmless, turns raw HTML into text, and takes every attribute away.
fn tame(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(tag) => tame_start(tag).map(Event::Start),
        Event::End(tag) => tame_end(tag).map(Event::End),
        Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak | Event::Rule => Some(event),
        Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => Some(Event::Text(text)),
        Event::TaskListMarker(_) => None,
    }
}

fn tame_start(tag: Tag<'_>) -> Option<Tag<'_>> {
    match tag {
        Tag::Paragraph
        | Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough
        | Tag::Item
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell => Some(tag),
        Tag::Heading { level, .. } => {
            Some(Tag::Heading { level: tame_level(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Tag::BlockQuote(_) => Some(Tag::BlockQuote(None)),
        Tag::CodeBlock(_) => Some(Tag::CodeBlock(CodeBlockKind::Indented)),
        // The number a list starts at would be an attribute.
        Tag::List(start) => Some(Tag::List(start.map(|_| 1))),
        Tag::Table(columns) => Some(Tag::Table(columns.iter().map(|_| pulldown_cmark::Alignment::None).collect())),
        _ => None,
    }
}

fn tame_end(tag: TagEnd) -> Option<TagEnd> {
    match tag {
        TagEnd::Paragraph
        | TagEnd::Emphasis
        | TagEnd::Strong
        | TagEnd::Strikethrough
        | TagEnd::Item
        | TagEnd::TableHead
        | TagEnd::TableRow
        | TagEnd::TableCell
        | TagEnd::CodeBlock
        | TagEnd::List(_)
        | TagEnd::Table => Some(tag),
        TagEnd::Heading(level) => Some(TagEnd::Heading(tame_level(level))),
        TagEnd::BlockQuote(_) => Some(TagEnd::BlockQuote(None)),
        _ => None,
    }
}

/// Pages own the first two levels.
fn tame_level(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3 => HeadingLevel::H3,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H4,
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
}

fn is_inline_end(tag: TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
}

#[cfg(test)]
mod tests;
