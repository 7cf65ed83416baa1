//! Style sheets, ES modules and the icon, embedded and served under one content hash.
//!
//! One hash covers all assets, so a module's relative import (`import "./queue.js"`) stays inside the same version, and a
//! response may be cached for ever.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::urls;

/// One embedded file.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// The file's name, its last path segment.
    pub name: &'static str,
    /// The value for `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Declares the embedded assets.
macro_rules! assets {
    ($(($name:literal, $kind:ident)),* $(,)?) => {
        /// Every asset.
        pub const ALL: &[Asset] = &[$(Asset {
            name: $name,
            content_type: $kind,
            bytes: include_bytes!(concat!("../assets/", $name)),
        }),*];
    };
}

assets![
    ("style.css", CSS),
    ("room.css", CSS),
    ("staff.css", CSS),
    ("favicon.svg", SVG),
    ("messages.js", JS),
    ("page.js", JS),
    ("clock.js", JS),
    ("curtain.js", JS),
    ("queue.js", JS),
    ("store.js", JS),
    ("opening.js", JS),
    ("sender.js", JS),
    ("transport.js", JS),
    ("words.js", JS),
    ("make.js", JS),
    ("keep.js", JS),
    ("carry.js", JS),
    ("notes.js", JS),
    ("settings.js", JS),
    ("versions.js", JS),
    ("history.js", JS),
    ("saveline.js", JS),
    ("paper.js", JS),
    ("choices.js", JS),
    ("prose.js", JS),
    ("hints.js", JS),
    ("room.js", JS),
    ("probes.js", JS),
    ("checkup.js", JS),
    ("late.js", JS),
    ("safe.js", JS),
    ("waiting.js", JS),
    ("receipt.js", JS),
    ("marking.js", JS),
    ("signin.js", JS),
    ("highlights.js", JS),
    ("passages.js", JS),
    ("drafts.js", JS),
    ("board.js", JS),
    ("boardtime.js", JS),
];

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for asset in ALL {
        digest.update(asset.name.as_bytes());
        digest.update([0]);
        digest.update((asset.bytes.len() as u64).to_be_bytes());
        digest.update(asset.bytes);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
});

/// The hash over all assets: sixteen hexadecimal digits.
#[must_use]
pub fn hash() -> &'static str {
    &HASH
}

/// The address of an asset.
#[must_use]
pub fn href(name: &str) -> String {
    urls::asset(hash(), name)
}

/// The asset of that name, if the hash is this version's.
#[must_use]
pub fn find(hash: &str, name: &str) -> Option<&'static Asset> {
    (hash == *HASH).then(|| ALL.iter().find(|asset| asset.name == name)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_under_its_own_hash_only() {
        assert_eq!(hash().len(), 16);
        assert_eq!(find(hash(), "style.css").map(|asset| asset.content_type), Some(CSS));
        assert!(find("0000000000000000", "style.css").is_none());
        assert!(find(hash(), "secret.css").is_none());
    }

    #[test]
    fn every_relative_import_is_an_asset() {
        for asset in ALL.iter().filter(|asset| asset.content_type == JS) {
            let source = String::from_utf8_lossy(asset.bytes);
            for import in source.split("from \"./").skip(1) {
                let name = import.split('"').next().unwrap_or_default();
                assert!(find(hash(), name).is_some(), "{} imports {name}", asset.name);
            }
        }
    }
}
