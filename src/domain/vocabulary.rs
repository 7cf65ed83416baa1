//! The closed lists of the field: tracks, categories, strands, parts, roles. Each knows its one spelling, used in tables,
//! JSON, question files and addresses alike.

macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in the order in which people are shown them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The one spelling of this value.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value of that spelling, if there is one.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use spelled;

spelled! {
    /// What age span the credential covers; each track has its own Part One forms.
    Track {
        /// Infants and toddlers: knowledge to age 3.
        Imh = "IMH-E",
        /// Early childhood: knowledge to age 6.
        Ecmh = "ECMH-E",
    }
}

spelled! {
    /// The categories of the credential that sit the exam.
    Category {
        /// Specialist.
        Specialist = "specialist",
        /// Mentor, clinical.
        MentorClinical = "mentor_clinical",
        /// Mentor, policy.
        MentorPolicy = "mentor_policy",
        /// Mentor, research or faculty.
        MentorResearchFaculty = "mentor_research_faculty",
    }
}

impl Category {
    /// The strand of Part Two that this category sits.
    pub fn strand(self) -> Strand {
        match self {
            Self::Specialist | Self::MentorClinical => Strand::Clinical,
            Self::MentorPolicy => Strand::Policy,
            Self::MentorResearchFaculty => Strand::ResearchFaculty,
        }
    }
}

spelled! {
    /// The kind of vignettes that a category answers in Part Two.
    Strand {
        /// Clinical practice.
        Clinical = "clinical",
        /// Policy and administration.
        Policy = "policy",
        /// Research and teaching: one teaching and one empirical-research scenario.
        ResearchFaculty = "research_faculty",
    }
}

spelled! {
    /// What a vignette is about. A form of the research and faculty strand needs one of each of its two kinds.
    ScenarioKind {
        /// A family in practice.
        Clinical = "clinical",
        /// A programme or system.
        Policy = "policy",
        /// Teaching or training.
        Teaching = "teaching",
        /// An empirical study.
        EmpiricalResearch = "empirical_research",
    }
}

impl ScenarioKind {
    /// The strand to which this kind belongs.
    pub fn strand(self) -> Strand {
        match self {
            Self::Clinical => Strand::Clinical,
            Self::Policy => Strand::Policy,
            Self::Teaching | Self::EmpiricalResearch => Strand::ResearchFaculty,
        }
    }
}

spelled! {
    /// The two parts of the exam.
    Part {
        /// Multiple choice.
        One = "one",
        /// Vignettes answered in prose.
        Two = "two",
    }
}

spelled! {
    /// What a person may be, in one association.
    Role {
        /// Sits exams.
        Examinee = "examinee",
        /// Scores scripts.
        Reviewer = "reviewer",
        /// Schedules, registers, follows marking, releases.
        Coordinator = "coordinator",
        /// Admits, watches the room, grants time.
        Proctor = "proctor",
        /// Writes and approves exam content.
        Author = "author",
        /// Reads everything that was done, changes nothing.
        Auditor = "auditor",
        /// Creates associations, staff and policies.
        Administrator = "administrator",
    }
}

spelled! {
    /// How a sitting starts.
    SittingKind {
        /// Everyone starts at the stated instant.
        Fixed = "fixed",
        /// Each examinee starts when ready, between opening and closing.
        Window = "window",
    }
}

spelled! {
    /// The competency domains: the axis along which rubrics and feedback are drawn.
    Domain {
        /// Theoretical Foundations.
        TheoreticalFoundations = "theoretical_foundations",
        /// Law, Regulation and Agency Policy.
        LawRegulationAgencyPolicy = "law_regulation_agency_policy",
        /// Systems Expertise.
        SystemsExpertise = "systems_expertise",
        /// Direct Service Skills.
        DirectServiceSkills = "direct_service_skills",
        /// Working With Others.
        WorkingWithOthers = "working_with_others",
        /// Leading People.
        LeadingPeople = "leading_people",
        /// Communicating.
        Communicating = "communicating",
        /// Thinking.
        Thinking = "thinking",
        /// Reflection.
        Reflection = "reflection",
        /// Administration.
        Administration = "administration",
        /// Research and Evaluation.
        ResearchAndEvaluation = "research_and_evaluation",
    }
}

spelled! {
    /// The knowledge areas from which Part One is drawn: the blueprint's rows.
    Area {
        /// Pregnancy and early parenthood.
        Pregnancy = "pregnancy",
        /// Infant and young child development and behaviour.
        Development = "development",
        /// Family-centred practice.
        FamilyCenteredPractice = "family_centered_practice",
        /// Relationship-focused therapeutic practice.
        RelationshipFocusedPractice = "relationship_focused_practice",
        /// Family relationships and dynamics.
        FamilyRelationships = "family_relationships",
        /// Attachment, separation, trauma, grief and loss.
        Attachment = "attachment",
        /// Theories of change.
        TheoriesOfChange = "theories_of_change",
        /// Disorders of infancy and early childhood.
        Disorders = "disorders",
        /// Adult mental and behavioural disorders.
        AdultDisorders = "adult_disorders",
        /// Cultural competence.
        CulturalCompetence = "cultural_competence",
        /// Ethics.
        Ethics = "ethics",
        /// Law.
        Law = "law",
        /// Service systems.
        ServiceSystems = "service_systems",
        /// Screening and assessment.
        ScreeningAssessment = "screening_assessment",
        /// Reflective supervision.
        ReflectiveSupervision = "reflective_supervision",
        /// Policy.
        Policy = "policy",
        /// Research.
        Research = "research",
    }
}

spelled! {
    /// A reviewer's or a part's judgement.
    Verdict {
        /// The standard is met.
        Pass = "pass",
        /// The standard is not met.
        Fail = "fail",
    }
}
