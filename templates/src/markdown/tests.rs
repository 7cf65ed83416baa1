//! What authors write comes out as meant; what is hostile comes out as text.

use super::{prose, render, render_inline};

#[test]
fn the_subset_comes_out_as_meant() {
    for (source, html) in [
        ("One *two* **three** `four`", "<p>One <em>two</em> <strong>three</strong> <code>four</code></p>\n"),
        ("# Big", "<h3>Big</h3>\n"),
        ("###### Small", "<h4>Small</h4>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("7. a\n8. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("a  \nb", "<p>a<br />\nb</p>\n"),
        ("~~gone~~", "<p><del>gone</del></p>\n"),
        ("```rust onclick=x\nlet a = 1;\n```", "<pre><code>let a = 1;\n</code></pre>\n"),
    ] {
        assert_eq!(render(source).0, html, "{source}");
    }
}

#[test]
fn links_and_images_are_reduced_to_their_text() {
    for (source, html) in [
        ("[text](https://example.org \"title\")", "<p>text</p>\n"),
        ("[a *b*](javascript:alert(1))", "<p>a <em>b</em></p>\n"),
        ("![alt](x.png)", "<p>alt</p>\n"),
        ("<https://example.org>", "<p>https://example.org</p>\n"),
        ("[ref]\n\n[ref]: javascript:x", "<p>ref</p>\n"),
    ] {
        assert_eq!(render(source).0, html, "{source}");
    }
}

#[test]
fn hostile_input_is_shown_as_text() {
    for source in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<div onclick='x'>\n\n*a*\n\n</div>",
        "<!-- x --><style>*{display:none}</style>",
        "`<b>`",
        "| a |\n|:-:|\n| <script> |",
        "## x {#id .class onclick=y}",
        "<svg/onload=alert(1)>",
        "&lt;script&gt; &#60;script&#62;",
        "\u{0}<script\u{0}>",
        "[<img src=x onerror=y>](z)",
        "![<script>](z)",
    ] {
        for html in [render(source).0, render_inline(source).0, prose(source).into_string()] {
            assert_only_bare_tags(source, &html);
        }
    }
}

/// Every `<` opens a known element without attributes.
fn assert_only_bare_tags(source: &str, html: &str) {
    const KNOWN: &[&str] = &[
        "p",
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "h3",
        "h4",
        "br",
        "br /",
        "hr",
        "hr /",
    ];
    for tag in html.split('<').skip(1) {
        let name = tag.split('>').next().unwrap_or_default().trim_start_matches('/');
        assert!(KNOWN.contains(&name), "{source:?} gives <{name}> in {html:?}");
    }
}

#[test]
fn inline_text_has_no_blocks() {
    for (source, html) in [
        ("a **b** `c`", "a <strong>b</strong> <code>c</code>"),
        ("# a\n\nb", "a b"),
        ("a\nb", "a b"),
        ("- a\n- b", "a b"),
    ] {
        assert_eq!(render_inline(source).0.split_whitespace().collect::<Vec<_>>().join(" "), html, "{source}");
    }
}

#[test]
fn plain_text_keeps_its_paragraphs_and_lines() {
    assert_eq!(prose("a\r\nb\n\n\n c <b>\n").into_string(), "<p>a<br>b</p><p> c &lt;b&gt;</p>");
    assert_eq!(prose(" \n\n").into_string(), "");
}
