-- Calibration of reviewers: benchmark scripts with reference scores, the sets given before live scripts, who is admitted,
-- and what was planted afterwards.

-- A version never changes once it is here. Its key, id@version, is what script.benchmark_id names once it was given to
-- somebody; the answer and its reference stand in the document, which no reviewer's query may read.
CREATE TABLE benchmark (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    retired_at BIGINT,
    UNIQUE (id, version)
);

-- A set of benchmark scripts given to a reviewer before live ones.
CREATE TABLE calibration_set (
    person_id TEXT NOT NULL REFERENCES person (id),
    association_id TEXT NOT NULL REFERENCES association (id),
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    number BIGINT NOT NULL CHECK (number >= 1),
    scripts BIGINT NOT NULL CHECK (scripts >= 1),
    given_at BIGINT NOT NULL,
    judged_at BIGINT,
    outcome TEXT CHECK (outcome IN ('admitted', 'further_set', 'not_admitted', 'decided')),
    -- What the judgement rests on: sums and tolerance, as JSON.
    judgement TEXT,
    PRIMARY KEY (person_id, association_id, strand, number),
    CHECK ((judged_at IS NULL) = (outcome IS NULL))
);

-- The readings of a set. The lesson, own scores beside the reference with its reasons, is written when the set is judged;
-- it is all of a reference that a reviewer ever sees.
CREATE TABLE calibration_reading (
    reading_id TEXT PRIMARY KEY REFERENCES reading (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    association_id TEXT NOT NULL REFERENCES association (id),
    strand TEXT NOT NULL,
    number BIGINT NOT NULL,
    lesson TEXT
);
CREATE INDEX calibration_reading_by_person ON calibration_reading (person_id);

-- Decisions about who reads live scripts, only ever added to. decided_by is empty where the rule decided.
CREATE TABLE admission (
    person_id TEXT NOT NULL REFERENCES person (id),
    association_id TEXT NOT NULL REFERENCES association (id),
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    version BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('admitted', 'not_admitted', 'withdrawn', 'again')),
    decided_by TEXT REFERENCES person (id),
    reason TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, association_id, strand, version)
);

-- Benchmark readings among live ones. No reviewer's query may read this table.
CREATE TABLE planted_reading (
    reading_id TEXT PRIMARY KEY REFERENCES reading (id),
    association_id TEXT NOT NULL REFERENCES association (id),
    sitting_id TEXT NOT NULL REFERENCES sitting (id)
);
CREATE INDEX planted_reading_by_sitting ON planted_reading (sitting_id);

-- What is owed to a reviewer of planted scripts, in hundredths of one.
CREATE TABLE planting (
    person_id TEXT NOT NULL REFERENCES person (id),
    association_id TEXT NOT NULL REFERENCES association (id),
    carry BIGINT NOT NULL CHECK (carry >= 0),
    PRIMARY KEY (person_id, association_id)
);
