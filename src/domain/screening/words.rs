//! Lists that the screen goes by: words that name nobody, titles, short forms of names, what the field calls things.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::tokens::Token;

/// Words of English and Spanish that stand in ordinary prose, many of them also names: folded, one a line.
const ORDINARY: &str = include_str!("ordinary.txt");

static ORDINARY_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| ORDINARY.lines().collect());

/// Whether a word is also an ordinary one.
pub fn is_ordinary(folded: &str) -> bool {
    ORDINARY_WORDS.contains(folded) || GENERIC.contains(&folded)
}

/// Whether a word that is not on the list looks like an ordinary one all the same.
pub fn looks_ordinary(folded: &str) -> bool {
    let endings = [
        "er", "ers", "ing", "ed", "ly", "man", "men", "tion", "ness", "ity", "able", "ism", "ment", "ar", "ado", "ada",
    ];
    folded.len() < 5 || endings.iter().any(|ending| folded.ends_with(ending))
}

/// Words that institutions are called by, whichever they are.
const GENERIC: [&str; 88] = [
    "academy",
    "agency",
    "associates",
    "association",
    "behavioral",
    "birth",
    "board",
    "care",
    "center",
    "centre",
    "centers",
    "charity",
    "child",
    "children",
    "childrens",
    "city",
    "clinic",
    "coalition",
    "college",
    "community",
    "connections",
    "council",
    "county",
    "cooperative",
    "department",
    "development",
    "developmental",
    "district",
    "division",
    "early",
    "education",
    "families",
    "family",
    "foundation",
    "group",
    "guidance",
    "head",
    "health",
    "healthcare",
    "home",
    "hospital",
    "house",
    "hub",
    "infant",
    "infants",
    "institute",
    "intervention",
    "kids",
    "learning",
    "medical",
    "mental",
    "ministry",
    "network",
    "nursery",
    "office",
    "organization",
    "parent",
    "parents",
    "partners",
    "partnership",
    "pediatric",
    "pediatrics",
    "practice",
    "preschool",
    "program",
    "project",
    "protective",
    "psychology",
    "public",
    "regional",
    "resource",
    "resources",
    "school",
    "service",
    "services",
    "social",
    "society",
    "start",
    "state",
    "support",
    "system",
    "systems",
    "toddler",
    "trust",
    "university",
    "visiting",
    "wellness",
    "years",
];

/// Whether a word only says what kind of institution it is.
pub fn is_generic(folded: &str) -> bool {
    GENERIC.contains(&folded)
        || ["centro", "clinica", "hospital", "escuela", "familia", "familiar", "programa", "servicios"]
            .contains(&folded)
}

/// Legal forms and articles that belong to no name of an institution.
pub fn is_trimming(folded: &str) -> bool {
    ["the", "inc", "llc", "ltd", "pllc", "corp", "incorporated", "plc", "el", "la", "los", "las"].contains(&folded)
}

/// Small words inside names of institutions and places.
pub fn is_connector(folded: &str) -> bool {
    ["of", "the", "and", "for", "in", "at", "on", "de", "del", "la", "las", "los", "el", "y", "para", "en"]
        .contains(&folded)
}

/// What follows a town's name without being one.
pub fn is_kind_of_place(folded: &str) -> bool {
    [
        "county",
        "city",
        "town",
        "township",
        "village",
        "state",
        "district",
        "borough",
        "parish",
        "region",
        "island",
        "municipio",
        "condado",
        "ciudad",
    ]
    .contains(&folded)
}

/// Particles of surnames: never a name by themselves.
pub fn is_particle(folded: &str) -> bool {
    [
        "de", "la", "las", "los", "del", "da", "das", "do", "dos", "di", "du", "des", "le", "van", "von", "der", "den",
        "ter", "zu", "al", "el", "bin", "bint", "ibn", "ben", "ap", "ab", "mac", "ni", "nic", "ui", "y", "e", "i",
        "af", "av", "st",
    ]
    .contains(&folded)
}

/// Forms of address.
pub fn is_title(folded: &str) -> bool {
    [
        "mr",
        "mrs",
        "ms",
        "mx",
        "miss",
        "mister",
        "dr",
        "doctor",
        "doctora",
        "dra",
        "prof",
        "professor",
        "profesor",
        "profesora",
        "sr",
        "sra",
        "srta",
        "senor",
        "senora",
        "lic",
        "licenciada",
        "licenciado",
        "sister",
        "nurse",
        "coach",
        "maestra",
        "maestro",
        "don",
        "dona",
        "rev",
        "judge",
        "tia",
    ]
    .contains(&folded)
}

/// Letters behind a name.
const CREDENTIALS: [&str; 39] = [
    "LCSW", "LMSW", "LICSW", "LSW", "LISW", "LCSWC", "LMFT", "MFT", "LPC", "LPCC", "LCPC", "LMHC", "LCMHC", "LPCMH",
    "LP", "MSW", "BSW", "MEd", "MPH", "MPP", "MSc", "BSN", "MSN", "RN", "APRN", "CNM", "DNP", "NP", "PNP", "PhD",
    "PsyD", "EdD", "DSW", "MD", "OTR", "SLP", "CCC", "BCBA", "IBCLC",
];

/// Whether a word is a credential, as it is written.
pub fn is_credential(word: &str) -> bool {
    CREDENTIALS.contains(&word) || ["IMH", "ECMH", "IECMH"].contains(&word)
}

/// Acronyms of the field: nobody's initials.
const ACRONYMS: [&str; 79] = [
    "AAP", "ABA", "ACE", "ACES", "ACF", "ADA", "ADHD", "AIMH", "ASD", "ASL", "ASQ", "BPD", "CAPTA", "CASA", "CBT",
    "CDC", "CFR", "CFT", "CHIP", "COS", "CPP", "CPS", "CSEFEL", "DCF", "DCFS", "DHS", "DIR", "DOB", "DSM", "DSS",
    "ECI", "ECE", "ECSE", "EHS", "EIP", "EPDS", "EPSDT", "ESL", "FASD", "FERPA", "FGM", "FMLA", "FSP", "GED", "HHS",
    "HIPAA", "HMG", "HRSA", "ICC", "ICWA", "IDEA", "IEP", "IFSP", "IMH", "IPV", "IRB", "LGBTQ", "MCHAT", "MIECHV",
    "MSE", "NAS", "NICU", "NFP", "OCD", "PAT", "PCIT", "PHQ", "PPD", "PTSD", "RCT", "SES", "SIDS", "SNAP", "SSI",
    "SUD", "TANF", "USA", "WIC", "WAIMH",
];

/// Whether letters are an acronym that anybody in the field may write.
pub fn is_acronym(word: &str) -> bool {
    ACRONYMS.contains(&word)
}

/// Countries, peoples and tongues, states, feasts and faiths, tools, laws and brands: capitalised words that anybody may
/// write, folded, one a line.
const PUBLIC: &str = include_str!("public.txt");

static PUBLIC_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| PUBLIC.lines().collect());

/// Whether everybody knows a name, and nobody is known by it.
pub fn is_public(folded: &str) -> bool {
    PUBLIC_WORDS.contains(folded)
}

/// Names that answers cite: surnames, some of which many people bear, and whole names; folded, one a line.
const KNOWN_AUTHORS: &str = include_str!("authors.txt");

static KNOWN_AUTHOR_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| KNOWN_AUTHORS.lines().collect());

/// Whether a name, as it stands and with nothing beside it, may be that of an author.
pub fn is_known_author(folded: &str) -> bool {
    KNOWN_AUTHOR_NAMES.contains(folded)
}

/// Usual first names that have no short form among [`SHORT_FORMS`]: folded, one a line.
const GIVEN: &str = include_str!("given.txt");

static GIVEN_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| GIVEN.lines().collect());

/// Whether a word is a usual first name.
pub fn is_given_name(folded: &str) -> bool {
    SHORT.contains_key(folded) || GIVEN_NAMES.contains(folded)
}

/// Authors whom answers cite; a first name beside one of these is theirs.
pub fn is_author(folded: &str) -> bool {
    [
        "ainsworth",
        "als",
        "barnard",
        "bion",
        "bowlby",
        "brazelton",
        "bronfenbrenner",
        "bruner",
        "cramer",
        "emde",
        "erikson",
        "fenichel",
        "fonagy",
        "fraiberg",
        "freud",
        "gilkerson",
        "greenspan",
        "heffron",
        "heller",
        "klein",
        "lieberman",
        "luther",
        "mahler",
        "main",
        "montessori",
        "nugent",
        "parlakian",
        "pawl",
        "perry",
        "piaget",
        "porges",
        "rogoff",
        "sameroff",
        "schafer",
        "schore",
        "seligman",
        "shahmoon",
        "shanok",
        "siegel",
        "solnit",
        "spitz",
        "stern",
        "tronick",
        "vygotsky",
        "weatherston",
        "winnicott",
        "zeanah",
    ]
    .contains(&folded)
}

/// Capitalised words that name no person, employer or town: days, months, languages, peoples, faiths, programs.
pub fn is_common_capital(folded: &str) -> bool {
    [
        "i",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "spanish",
        "french",
        "portuguese",
        "arabic",
        "mandarin",
        "somali",
        "creole",
        "tagalog",
        "vietnamese",
        "latina",
        "latino",
        "latinx",
        "hispanic",
        "black",
        "white",
        "asian",
        "native",
        "indigenous",
        "american",
        "african",
        "mexican",
        "puerto",
        "catholic",
        "christian",
        "muslim",
        "jewish",
        "deaf",
        "mom",
        "mother",
        "mama",
        "mami",
        "dad",
        "father",
        "papa",
        "grandma",
        "abuela",
        "part",
        "medicaid",
        "medicare",
        "wic",
        "cps",
        "dcf",
        "zoom",
        "title",
        "section",
        "level",
        "reflective",
        "supervision",
        "circle",
        "facilitating",
        "attuned",
        "interactions",
        "triple",
        "america",
        "europe",
        "english",
        "catolica",
        "mexicana",
        "mexicano",
        "latinoamericana",
        "cristiana",
    ]
    .contains(&folded)
}

/// Whether a capitalised word may be part of a name that is on no record.
pub fn may_name(token: &Token) -> bool {
    token.capital && !is_common_capital(&token.folded) && !token.has_digit()
}

/// Groups of names that stand for each other, the formal ones first.
const SHORT_FORMS: &str = include_str!("short_forms.txt");

static SHORT: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut forms: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in SHORT_FORMS.lines() {
        let names: Vec<&str> = line.split(' ').collect();
        for name in &names {
            forms.entry(name).or_default().extend(names.iter().filter(|other| *other != name));
        }
    }
    forms
});

/// What somebody of that first name may be called.
pub fn short_forms(folded: &str) -> &'static [&'static str] {
    SHORT.get(folded).map_or(&[], Vec::as_slice)
}
