//! A text as words: where each stands, how it reads without accents and capitals, and whether it opens a sentence.

/// A word of a text.
#[derive(Debug, Clone)]
pub struct Token {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes. A possessive ending is left outside.
    pub end: usize,
    /// In lower case, without accents and apostrophes.
    pub folded: String,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether all its letters are capitals, and there are at least two.
    pub shouted: bool,
    /// Whether it stands where any word has a capital: first in the text, a sentence, a line or a quotation.
    pub opens: bool,
}

impl Token {
    /// Whether it is one letter, as an initial is.
    pub fn is_letter(&self) -> bool {
        self.folded.len() == 1 && self.folded.bytes().all(|b| b.is_ascii_lowercase())
    }

    /// Whether it holds a digit.
    pub fn has_digit(&self) -> bool {
        self.folded.bytes().any(|b| b.is_ascii_digit())
    }
}

/// A text with its words.
#[derive(Debug)]
pub struct Words<'t> {
    /// The text.
    pub text: &'t str,
    /// Its words in order.
    pub tokens: Vec<Token>,
}

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: [&str; 14] =
    ["mr", "mrs", "ms", "mx", "dr", "dra", "sr", "sra", "srta", "prof", "st", "lic", "rev", "no"];

impl<'t> Words<'t> {
    /// Finds the words of a text, in one pass over it.
    pub fn of(text: &'t str) -> Self {
        let mut words = Self { text, tokens: Vec::new() };
        let mut letters = text.char_indices().peekable();
        while let Some((start, first)) = letters.next() {
            if !first.is_alphanumeric() {
                continue;
            }
            let mut end = start + first.len_utf8();
            while let Some(&(at, c)) = letters.peek() {
                let inner = is_apostrophe(c) && text[at + c.len_utf8()..].starts_with(char::is_alphabetic);
                if !(c.is_alphanumeric() || is_mark(c) || inner) {
                    break;
                }
                end = at + c.len_utf8();
                letters.next();
            }
            words.push(start, end);
        }
        words
    }

    fn push(&mut self, start: usize, end: usize) {
        let whole = &self.text[start..end];
        let possessive =
            whole.char_indices().rev().nth(1).filter(|(_, c)| is_apostrophe(*c) && whole.ends_with(['s', 'S']));
        let end = possessive.map_or(end, |(at, _)| start + at);
        let word = &self.text[start..end];
        let (mut upper, mut lower) = (0, 0);
        for c in word.chars() {
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
        }
        let token = Token {
            start,
            end,
            folded: folded(word),
            capital: word.starts_with(char::is_uppercase),
            shouted: upper >= 2 && lower == 0,
            opens: self.opens(start),
        };
        self.tokens.push(token);
    }

    /// Whether a word that begins at `start`, after the words found so far, opens something.
    fn opens(&self, start: usize) -> bool {
        let Some(last) = self.tokens.last() else { return true };
        let gap = &self.text[last.end..start];
        let stop = |c: char| matches!(c, '!' | '?' | '…' | ':' | '\n' | '\r' | '•' | '¡' | '¿' | '"' | '“' | '«');
        let full_stop = gap.contains('.') && !last.is_letter() && !ABBREVIATIONS.contains(&last.folded.as_str());
        full_stop || gap.contains(stop)
    }

    /// What stands between a word and the one before it.
    pub fn gap(&self, index: usize) -> &'t str {
        let from = index.checked_sub(1).and_then(|before| self.tokens.get(before)).map_or(0, |t| t.end);
        self.tokens.get(index).map_or(&self.text[from..], |token| &self.text[from..token.start])
    }

    /// Whether a word belongs to the one before it as the parts of a name do: a space, a hyphen, or the point after an
    /// initial or a title is between them.
    pub fn joined(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).and_then(|i| self.tokens.get(i)) else { return false };
        let gap = self.gap(index);
        let short = before.is_letter() || ABBREVIATIONS.contains(&before.folded.as_str());
        match gap {
            " " | "\u{a0}" | "-" | "‑" | "  " => true,
            "." | ". " | ".-" | ".\u{a0}" => short,
            _ => false,
        }
    }

    /// Whether a word follows the one before it within a sentence: nothing but a space, a hyphen or a comma between.
    pub fn follows(&self, index: usize) -> bool {
        index > 0 && (self.joined(index) || matches!(self.gap(index), ", " | "/" | " & " | " – " | " - "))
    }

    /// Whether a word belongs to the one before it as in "Children's Home".
    pub fn possessed(&self, index: usize) -> bool {
        index > 0 && matches!(self.gap(index), "'s " | "’s " | "' " | "’ ")
    }

    /// The text of several words, without what follows the last.
    pub fn between(&self, first: usize, last: usize) -> &'t str {
        match (self.tokens.get(first), self.tokens.get(last)) {
            (Some(a), Some(b)) => &self.text[a.start..b.end],
            _ => "",
        }
    }
}

/// Whether a character is written for an apostrophe.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘')
}

/// Whether a character is an accent that stands behind its letter.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A word without accents, capitals and apostrophes.
pub fn folded(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars().filter(|c| !is_mark(*c) && !is_apostrophe(*c)).flat_map(char::to_lowercase) {
        if c.is_ascii() { plain.push(c) } else { push_plain(&mut plain, c) }
    }
    plain
}

/// Letters with what they are without their accent, for those in Latin alphabets.
const PLAIN: [(&str, &str); 27] = [
    ("àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "a"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęěẹẻẽếềểễệ", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįıỉị", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏőơọỏốồổỗộớờởỡợ", "o"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ţťŧț", "t"),
    ("ùúûüũūŭůűųưụủứừửữự", "u"),
    ("ŵẁẃẅ", "w"),
    ("ýÿŷỳỵỷỹ", "y"),
    ("źżž", "z"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("ß", "ss"),
    ("þ", "th"),
    ("ĳ", "ij"),
    ("\u{307}", ""),
    ("ǧ", "g"),
    ("ǫ", "o"),
];

fn push_plain(plain: &mut String, c: char) {
    match PLAIN.iter().find(|(letters, _)| letters.contains(c)) {
        Some((_, letter)) => plain.push_str(letter),
        None => plain.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        for (word, plain) in [
            ("Xóchitl", "xochitl"),
            ("Ní", "ni"),
            ("O’Shaughnessy", "oshaughnessy"),
            ("Nguyễn", "nguyen"),
            ("Łukasz", "lukasz"),
            ("STRASSE", "strasse"),
            ("e\u{301}", "e"),
            ("Ærø", "aero"),
            ("Ольга", "ольга"),
        ] {
            assert_eq!(folded(word), plain);
        }
    }

    #[test]
    fn words_stand_where_they_stand() {
        let text = "“Okafor’s list,” said Dr. Ng-Peña. She left.\nThen J. M. (he) waved";
        let words = Words::of(text);
        let shown: Vec<String> = words
            .tokens
            .iter()
            .map(|t| format!("{}{}", &text[t.start..t.end], if t.opens { "!" } else { "" }))
            .collect();
        let expected = "Okafor! list said Dr Ng Peña She! left Then! J M he waved";
        assert_eq!(shown.join(" "), expected);
        assert!(words.joined(4) && words.joined(5) && words.joined(10) && !words.joined(6) && !words.joined(11));
    }

    #[test]
    fn any_text_has_words() {
        for text in ["", "'", "’s", "a’", "'’s's", "é’s", "1's 2", "\u{301}", "日本語 名前", "🙂a🙂"]
        {
            for token in Words::of(text).tokens {
                assert!(
                    token.start < token.end && text.is_char_boundary(token.start) && text.is_char_boundary(token.end)
                );
            }
        }
    }
}
