//! The configuration that we offer for Safe Exam Browser: its settings, the file that carries them, and its Config Key.
//!
//! The file is a property list in XML, as it is taken without a password. The Config Key is SHA-256 over the same settings
//! as JSON of a kind: no white space, no escapes, names in alphabetical order whatever their case, without
//! `originatorVersion` and without empty dictionaries; data in Base64 (source: Safe Exam Browser's developer
//! documentation, "How the Config Key is generated").

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;
use crate::domain::ids::SittingId;

/// A value of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text. It has neither quotation marks nor control characters: versions differ in what they make of those.
    Text(String),
    /// Bytes.
    Data(Vec<u8>),
    /// Several.
    List(Vec<Setting>),
    /// Settings by name.
    Named(Settings),
}

/// Settings by name, in any order.
pub type Settings = Vec<(&'static str, Setting)>;

/// The addresses that a configuration leads to, each whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// Where people find this installation, without a slash at the end.
    pub base: String,
    /// Where it begins.
    pub start: String,
    /// What ends it.
    pub quit: String,
}

impl Addresses {
    /// Those of a sitting's configuration. The paths are pages of ours; a test of the pages holds them to that.
    pub fn of(base: &str, sitting: &SittingId) -> Self {
        let start = format!("{base}/safe-exam-browser/{sitting}");
        Self { base: base.to_owned(), quit: format!("{start}/end"), start }
    }
}

/// The settings that we offer. What is left out is as Safe Exam Browser has it, on the safe side.
pub fn settings(addresses: &Addresses) -> Settings {
    let (no, yes) = (|| Setting::Flag(false), || Setting::Flag(true));
    let mut settings = vec![
        // An exam, not the client's own settings.
        ("sebConfigPurpose", Setting::Number(0)),
        ("startURL", Setting::Text(addresses.start.clone())),
        // Out again when the exam is over, by a link at its end. Until then anybody may leave, on pressing a button: the
        // board shows it, and whoever fell ill is not locked in.
        ("quitURL", Setting::Text(addresses.quit.clone())),
        ("quitURLConfirm", no()),
        ("allowQuit", yes()),
        // The proofs: older versions send them along, newer ones tell a page's script, in the newer engine.
        ("sendBrowserExamKey", yes()),
        ("browserWindowWebView", Setting::Number(3)),
        ("examKeySalt", Setting::Data(salt(addresses))),
        // Nothing but this site.
        ("URLFilterEnable", yes()),
        ("URLFilterEnableContentFilter", no()),
        ("URLFilterRules", Setting::List(vec![only(&addresses.base)])),
        ("newBrowserWindowByLinkPolicy", Setting::Number(1)),
        ("newBrowserWindowByLinkBlockForeign", yes()),
        // Back, and the page anew: the room stores each answer at once and opens where it was left.
        ("allowBrowsingBackForward", yes()),
        ("browserWindowAllowReload", yes()),
        ("showReloadButton", yes()),
        ("enableZoomPage", yes()),
        ("showTime", yes()),
        // Whoever sits down signs in, and whoever leaves is signed out.
        ("examSessionClearCookiesOnStart", yes()),
        ("examSessionClearCookiesOnEnd", yes()),
        // But answers that have not reached the server stay on the device, whatever ends the program.
        ("removeBrowserProfile", no()),
        ("removeLocalStorage", no()),
        // No help with words, nothing in or out, own cut and paste.
        ("allowSpellCheck", no()),
        ("allowDictionaryLookup", no()),
        ("allowDictation", no()),
        ("allowDownUploads", no()),
        ("allowDownloads", no()),
        ("allowUploads", no()),
        ("enablePrivateClipboard", yes()),
        ("allowScreenSharing", no()),
        ("allowVirtualMachine", no()),
        ("allowPreferencesWindow", no()),
    ];
    settings.sort_by_key(|(name, _)| name.to_lowercase());
    settings
}

/// The rule that lets this host be reached and none below it.
fn only(base: &str) -> Setting {
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    Setting::Named(vec![
        ("action", Setting::Number(1)),
        ("active", Setting::Flag(true)),
        ("expression", Setting::Text(format!(".{host}"))),
        ("regex", Setting::Flag(false)),
    ])
}

/// With a salt of its own a configuration's Browser Exam Keys are the same on every device of one build, so that they can
/// be listed. It is no secret.
fn salt(addresses: &Addresses) -> Vec<u8> {
    Sha256::digest(format!("evenhand {}", addresses.start)).to_vec()
}

/// The Config Key of our own configuration for a sitting.
pub fn own_config_key(base: &str, sitting: &SittingId) -> String {
    config_key(&settings(&Addresses::of(base, sitting)))
}

/// The file of our own configuration for a sitting.
pub fn own_file(base: &str, sitting: &SittingId) -> String {
    plist(&settings(&Addresses::of(base, sitting)))
}

/// The Config Key of settings.
pub fn config_key(settings: &[(&'static str, Setting)]) -> String {
    hex(&Sha256::digest(canonical(settings).as_bytes()))
}

fn canonical(settings: &[(&'static str, Setting)]) -> String {
    let left_out = |name: &str, value: &Setting| {
        name == "originatorVersion" || matches!(value, Setting::Named(fields) if fields.is_empty())
    };
    let mut kept: Vec<&(&str, Setting)> = settings.iter().filter(|(name, value)| !left_out(name, value)).collect();
    kept.sort_by_key(|(name, _)| name.to_lowercase());
    let fields: Vec<String> =
        kept.into_iter().map(|(name, value)| format!("\"{name}\":{}", canonical_value(value))).collect();
    format!("{{{}}}", fields.join(","))
}

fn canonical_value(value: &Setting) -> String {
    match value {
        Setting::Flag(yes) => yes.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Text(text) => format!("\"{text}\""),
        Setting::Data(bytes) => format!("\"{}\"", base64(bytes)),
        Setting::List(items) => format!("[{}]", items.iter().map(canonical_value).collect::<Vec<_>>().join(",")),
        Setting::Named(fields) => canonical(fields),
    }
}

/// Settings as a property list.
pub fn plist(settings: &[(&'static str, Setting)]) -> String {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n";
    format!("{HEAD}<plist version=\"1.0\">\n{}\n</plist>\n", dictionary(settings))
}

fn dictionary(settings: &[(&'static str, Setting)]) -> String {
    let fields = settings.iter().map(|(name, value)| format!("<key>{name}</key>\n{}\n", plist_value(value)));
    format!("<dict>\n{}</dict>", fields.collect::<String>())
}

fn plist_value(value: &Setting) -> String {
    match value {
        Setting::Flag(true) => "<true/>".to_owned(),
        Setting::Flag(false) => "<false/>".to_owned(),
        Setting::Number(number) => format!("<integer>{number}</integer>"),
        Setting::Text(text) => format!("<string>{}</string>", escaped(text)),
        Setting::Data(bytes) => format!("<data>{}</data>", base64(bytes)),
        Setting::List(items) => {
            let items: Vec<String> = items.iter().map(plist_value).collect();
            format!("<array>\n{}\n</array>", items.join("\n"))
        }
        Setting::Named(fields) => dictionary(fields),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Base64 with the usual alphabet and padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) & 63];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Setting::{Data, Flag, List, Named, Number, Text};
    use super::*;

    fn text(of: &str) -> Setting {
        Text(of.to_owned())
    }

    /// The digests are those of `printf '%s' JSON | sha256sum`.
    #[test]
    fn settings_have_one_spelling_and_so_one_key() {
        let cases: [(Settings, &str, &str); 7] = [
            (vec![], "{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
            // By name whatever the case: as published examples have them.
            (
                vec![
                    ("URLFilterRules", List(vec![])),
                    ("allowWlan", Flag(false)),
                    ("allowiOSBetaVersionNumber", Number(0)),
                    ("urlFilterRegex", Flag(true)),
                    ("allowPDFPlugIn", Flag(true)),
                    ("allowedDisplaysMaxNumber", Number(1)),
                    ("allowFlashFullscreen", Flag(false)),
                ],
                r#"{"allowedDisplaysMaxNumber":1,"allowFlashFullscreen":false,"allowiOSBetaVersionNumber":0,"allowPDFPlugIn":true,"allowWlan":false,"urlFilterRegex":true,"URLFilterRules":[]}"#,
                "3fa421b9e1b74bcb6b2b990d78bb1e8f33f155a84aca42d5844f24e58cd7e442",
            ),
            // Where the file comes from does not matter, and what is empty is left out: dictionaries, not lists or texts.
            (
                vec![("originatorVersion", text("SEB_1")), ("b", Named(vec![])), ("a", List(vec![])), ("c", text(""))],
                r#"{"a":[],"c":""}"#,
                "692c43c54450584874dc4d6d9df537751a052f3ff3b6f25e620227e1bacbfbe2",
            ),
            // Nothing is escaped.
            (
                vec![("expression", text(r"a\.b/*?x=ä"))],
                r#"{"expression":"a\.b/*?x=ä"}"#,
                "c26d6915c2ec7c9328816bb0c02879f9d09aa0bccedf4305beed4978a678cd56",
            ),
            // What is inside is in order too.
            (
                vec![("list", List(vec![Named(vec![("regex", Flag(false)), ("Action", Number(-1))]), text("x")]))],
                r#"{"list":[{"Action":-1,"regex":false},"x"]}"#,
                "a4cf256d587fd28e2fd7e04f2760027e055320f7215fea948f10c199cf50c701",
            ),
            (
                vec![("examKeySalt", Data(b"Man".to_vec()))],
                r#"{"examKeySalt":"TWFu"}"#,
                "2115e796aee49003ae11964b372d8db3c21587ae0758f65117814b3ffa37e62f",
            ),
            (
                vec![("examKeySalt", Data(vec![]))],
                r#"{"examKeySalt":""}"#,
                "f1cd6d6fc5d9272a7e931d596ba17050ba54f5656b7a67d0767ef42a466fb981",
            ),
        ];
        for (settings, json, key) in cases {
            assert_eq!(canonical(&settings), json);
            assert_eq!(config_key(&settings), key, "{json}");
        }
    }

    #[test]
    fn bytes_are_spelled_as_the_rfc_says() {
        // RFC 4648, section 10.
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn a_file_says_what_its_key_stands_for() {
        let settings =
            vec![("a", Flag(true)), ("b", text("x<y&z")), ("c", List(vec![Number(2)])), ("d", Data(vec![1]))];
        let file = plist(&settings);
        for line in [
            "<key>a</key>\n<true/>",
            "<string>x&lt;y&amp;z</string>",
            "<array>\n<integer>2</integer>",
            "<data>AQ==</data>",
        ] {
            assert!(file.contains(line), "{line}: {file}");
        }
    }

    #[test]
    fn each_sitting_and_each_place_has_a_key_of_its_own() {
        let key = |base: &str, sitting: &str| own_config_key(base, &SittingId(sitting.to_owned()));
        let ours = key("https://exam.example.org", "s-1");
        assert_eq!(ours, key("https://exam.example.org", "s-1"));
        assert_ne!(ours, key("https://exam.example.org", "s-2"));
        assert_ne!(ours, key("https://other.example.org", "s-1"));
    }

    #[test]
    fn our_own_settings_are_such_as_every_version_spells_alike() {
        fn plain(name: &str, value: &Setting) {
            assert!(name.chars().all(|c| c.is_ascii_alphabetic()), "{name}");
            match value {
                Text(text) => assert!(text.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\'), "{text}"),
                List(items) => items.iter().for_each(|item| plain(name, item)),
                Named(fields) => {
                    assert!(!fields.is_empty());
                    fields.iter().for_each(|(name, value)| plain(name, value));
                }
                Flag(_) | Number(_) | Data(_) => {}
            }
        }
        let ours = settings(&Addresses::of("http://127.0.0.1:8080", &SittingId("s-1".into())));
        ours.iter().for_each(|(name, value)| plain(name, value));
        let mut names: Vec<String> = ours.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.dedup();
        assert_eq!(names.len(), ours.len(), "a name stands twice");
    }
}
