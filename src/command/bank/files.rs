//! The question bank's files, from a folder or given one by one, read and checked together.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::command::Trouble;
use crate::domain::bank::{Bank, Flaw, Severity, SourceFile, check, parse};

/// The folders that make a question bank, and the ending of the files in each.
const FOLDERS: [(&str, &str); 6] = [
    ("items", "toml"),
    ("vignettes", "toml"),
    ("blueprints", "toml"),
    ("practice", "toml"),
    ("calibration", "toml"),
    (AGREEMENTS, "md"),
];
const AGREEMENTS: &str = "agreements";
/// The languages an agreement can be in.
const LOCALES: [&str; 2] = ["en", "es"];
/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// The most files that are read.
const MAX_FILES: usize = 5_000;
/// The longest agreement, in characters.
const MAX_AGREEMENT_CHARS: usize = 20_000;

/// The text of an agreement in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which wording.
    pub version: String,
    /// In which language.
    pub locale: String,
    /// What it says, in Markdown.
    pub body: String,
    /// Where it was read.
    pub path: String,
}

/// What a question bank's files hold, and everything that is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// What could be read of the bank.
    pub bank: Bank,
    /// What could be read of the agreements.
    pub agreements: Vec<Agreement>,
    /// What is wrong, by path and line.
    pub flaws: Vec<Flaw>,
}

impl Loaded {
    /// How many flaws are so bad.
    pub fn count(&self, severity: Severity) -> usize {
        self.flaws.iter().filter(|flaw| flaw.severity == severity).count()
    }
}

/// Reads a folder, or one file, and checks it. Paths in what comes back are such as an editor opens from here.
///
/// # Errors
/// When there is nothing of a question bank at `root`, or it can't be read.
pub fn load(root: &Path) -> Result<Loaded, Trouble> {
    let unreadable = |e| Trouble::Usage(format!("{} cannot be read: {e}.", root.display()));
    let is_folder = fs::metadata(root).map_err(unreadable)?.is_dir();
    let mut flaws = Vec::new();
    let sources = if is_folder { read_folder(root, &mut flaws)? } else { read_alone(root, &mut flaws)? };
    let mut loaded = from_sources(&sources);
    loaded.flaws.extend(flaws);
    loaded.flaws.sort();
    let shown = |path: &str| if is_folder { root.join(path) } else { root.to_owned() }.display().to_string();
    for path in paths_of(&mut loaded) {
        *path = shown(path);
    }
    Ok(loaded)
}

/// Reads and checks files whose text is at hand, by their paths below the bank's root.
pub fn from_sources(sources: &[SourceFile]) -> Loaded {
    let (texts, tables): (Vec<SourceFile>, Vec<SourceFile>) =
        sources.iter().cloned().partition(|source| Path::new(&source.path).extension().is_some_and(|e| e == "md"));
    let (bank, mut flaws) = parse::parse(&tables);
    flaws.extend(check::check(&bank));
    let mut agreements = Vec::new();
    for source in &texts {
        match agreement(source) {
            Ok(agreement) => agreements.push(agreement),
            Err(detail) => flaws.push(error(&source.path, detail)),
        }
    }
    flaws.extend(without_english(&agreements));
    flaws.sort();
    Loaded { bank, agreements, flaws }
}

fn paths_of(loaded: &mut Loaded) -> impl Iterator<Item = &mut String> {
    let bank = &mut loaded.bank;
    (loaded.flaws.iter_mut().map(|flaw| &mut flaw.path))
        .chain(loaded.agreements.iter_mut().map(|agreement| &mut agreement.path))
        .chain(bank.items.iter_mut().map(|item| &mut item.path))
        .chain(bank.vignettes.iter_mut().map(|vignette| &mut vignette.path))
        .chain(bank.blueprints.iter_mut().map(|blueprint| &mut blueprint.path))
        .chain(bank.benchmarks.iter_mut().map(|benchmark| &mut benchmark.path))
}

fn error(path: &str, detail: impl Into<String>) -> Flaw {
    Flaw { path: path.to_owned(), line: 1, severity: Severity::Error, detail: detail.into() }
}

/// The file of an agreement is named by version and language, such as `2026-1.en.md`.
fn agreement(source: &SourceFile) -> Result<Agreement, String> {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let (version, locale) = name
        .strip_suffix(".md")
        .and_then(|stem| stem.rsplit_once('.'))
        .filter(|(version, locale)| is_version(version) && LOCALES.contains(locale))
        .ok_or("an agreement's file is named by its version and language, such as 2026-1.en.md or 2026-1.es.md")?;
    let body = source.text.trim_start_matches('\u{feff}').replace("\r\n", "\n").trim().to_owned();
    if body.is_empty() {
        return Err("the agreement is empty".to_owned());
    }
    if body.chars().count() > MAX_AGREEMENT_CHARS {
        return Err(format!("the agreement is longer than {MAX_AGREEMENT_CHARS} characters"));
    }
    Ok(Agreement { version: version.to_owned(), locale: locale.to_owned(), body, path: source.path.clone() })
}

fn is_version(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Whoever has no agreement in their language reads it in English.
fn without_english(agreements: &[Agreement]) -> Vec<Flaw> {
    // One file alone may be the translation of a version that is here already.
    let several = agreements.len() > 1;
    let has_english = |version: &str| agreements.iter().any(|a| a.version == version && a.locale == "en");
    let lacking = agreements.iter().filter(|a| several && !has_english(&a.version));
    lacking.map(|a| error(&a.path, format!("agreement {} is not there in English", a.version))).collect()
}

fn read_folder(root: &Path, flaws: &mut Vec<Flaw>) -> Result<Vec<SourceFile>, Trouble> {
    let mut sources = Vec::new();
    for (folder, ending) in FOLDERS {
        let mut names = Vec::new();
        let path = root.join(folder);
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            // Editors keep their own hidden files beside ours.
            if !name.starts_with('.') && Path::new(&name).extension().is_some_and(|e| e == ending) {
                names.push(name);
            }
        }
        names.sort();
        if sources.len() + names.len() > MAX_FILES {
            return Err(Trouble::Usage(format!("{} holds more than {MAX_FILES} files.", root.display())));
        }
        for name in names {
            sources.extend(read(&path.join(&name), format!("{folder}/{name}"), flaws)?);
        }
    }
    if sources.is_empty() && flaws.is_empty() {
        let root = root.display();
        return Err(Trouble::Usage(format!(
            "{root} holds no question bank: there are no files in {root}/items, vignettes, blueprints, practice, calibration or agreements."
        )));
    }
    Ok(sources)
}

/// A file given alone goes by its bare name, so that it is not taken for a whole bank that lacks everything else.
fn read_alone(path: &Path, flaws: &mut Vec<Flaw>) -> Result<Vec<SourceFile>, Trouble> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if ![Some("toml"), Some("md")].contains(&path.extension().and_then(|e| e.to_str())) {
        let path = path.display();
        return Err(Trouble::Usage(format!("{path} is no file of a question bank: those end in .toml or .md.")));
    }
    Ok(read(path, name, flaws)?.into_iter().collect())
}

/// Reads one file; what can't be a text is a flaw like any other.
fn read(path: &Path, name: String, flaws: &mut Vec<Flaw>) -> Result<Option<SourceFile>, Trouble> {
    let unreadable = |e| Trouble::Usage(format!("{} cannot be read: {e}.", path.display()));
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        flaws.push(error(&name, "the file is larger than 4 MiB; spread its questions over several files"));
        return Ok(None);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(SourceFile { path: name, text })),
        Err(_) => {
            flaws.push(error(&name, "the file is not UTF-8 text; save it with the encoding UTF-8"));
            Ok(None)
        }
    }
}
