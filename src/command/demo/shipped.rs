//! The shipped question bank, inside the binary: a demo needs no other file.

use crate::command::bank::files::{Loaded, from_sources};
use crate::domain::bank::{Severity, SourceFile};
use crate::store::Fault;

/// The shipped question bank, read.
///
/// # Errors
/// When it has errors, which a test rules out.
pub fn loaded() -> Result<Loaded, Fault> {
    let source = |(path, text): &(&str, &str)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() };
    let loaded = from_sources(&SHIPPED.iter().map(source).collect::<Vec<_>>());
    if loaded.count(Severity::Error) > 0 {
        return Err(Fault::Outside("the shipped question bank has errors".to_owned()));
    }
    Ok(loaded)
}

macro_rules! shipped {
    ($($path:literal,)+) => {
        /// Every file of the shipped question bank: path below its root, and text.
        pub const SHIPPED: &[(&str, &str)] =
            &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/question-bank/", $path)))),+];
    };
}

shipped! {
    "agreements/2026-1.en.md",
    "agreements/2026-1.es.md",
    "blueprints/ecmh-e.toml",
    "blueprints/imh-e.toml",
    "calibration/calibration-clinical-1.toml",
    "calibration/calibration-clinical-2.toml",
    "calibration/calibration-clinical-3.toml",
    "calibration/calibration-clinical-4.toml",
    "calibration/calibration-clinical-5.toml",
    "calibration/calibration-policy-1.toml",
    "calibration/calibration-policy-2.toml",
    "calibration/calibration-policy-3.toml",
    "calibration/calibration-policy-4.toml",
    "calibration/calibration-policy-5.toml",
    "calibration/calibration-research_faculty-1.toml",
    "calibration/calibration-research_faculty-2.toml",
    "calibration/calibration-research_faculty-3.toml",
    "calibration/calibration-research_faculty-4.toml",
    "calibration/calibration-research_faculty-5.toml",
    "items/adult_disorders.toml",
    "items/attachment.toml",
    "items/cultural_competence.toml",
    "items/development.toml",
    "items/disorders.toml",
    "items/ethics.toml",
    "items/family_centered_practice.toml",
    "items/family_relationships.toml",
    "items/law.toml",
    "items/policy.toml",
    "items/pregnancy.toml",
    "items/reflective_supervision.toml",
    "items/relationship_focused_practice.toml",
    "items/research.toml",
    "items/screening_assessment.toml",
    "items/service_systems.toml",
    "items/theories_of_change.toml",
    "practice/items.toml",
    "practice/practice-clinic-room.toml",
    "practice/practice-worried-colleague.toml",
    "vignettes/clinical-001.toml",
    "vignettes/clinical-002.toml",
    "vignettes/clinical-003.toml",
    "vignettes/clinical-004.toml",
    "vignettes/policy-001.toml",
    "vignettes/policy-002.toml",
    "vignettes/policy-003.toml",
    "vignettes/policy-004.toml",
    "vignettes/research_faculty-001.toml",
    "vignettes/research_faculty-002.toml",
    "vignettes/research_faculty-003.toml",
    "vignettes/research_faculty-004.toml",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn no_file_of_the_question_bank_is_forgotten() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("question-bank");
        let mut found = BTreeSet::new();
        for folder in ["agreements", "blueprints", "calibration", "items", "practice", "vignettes"] {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                found.insert(format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy()));
            }
        }
        let listed: BTreeSet<String> = SHIPPED.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(listed, found);
    }
}
