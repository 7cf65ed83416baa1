-- Who may sit, when and where, and on which form.

CREATE TABLE authorisation (
    id TEXT PRIMARY KEY,
    association_id TEXT NOT NULL REFERENCES association (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    track TEXT NOT NULL CHECK (track IN ('IMH-E', 'ECMH-E')),
    category TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    reference TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (association_id, reference)
);
CREATE INDEX authorisation_by_person ON authorisation (person_id);

CREATE TABLE sitting (
    id TEXT PRIMARY KEY,
    association_id TEXT NOT NULL REFERENCES association (id),
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('fixed', 'window')),
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    capacity BIGINT NOT NULL CHECK (capacity > 0),
    one_allowance_seconds BIGINT NOT NULL CHECK (one_allowance_seconds > 0),
    one_items BIGINT NOT NULL CHECK (one_items > 0),
    one_pass_percent BIGINT NOT NULL CHECK (one_pass_percent BETWEEN 1 AND 100),
    two_allowance_seconds BIGINT NOT NULL CHECK (two_allowance_seconds > 0),
    two_vignettes BIGINT NOT NULL CHECK (two_vignettes > 0),
    two_answer BIGINT NOT NULL CHECK (two_answer BETWEEN 1 AND two_vignettes),
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    CHECK (opens_at < closes_at)
);
CREATE INDEX sitting_by_association ON sitting (association_id, opens_at);

-- Frozen before its first use: `content` of a form is never changed.
CREATE TABLE form (
    id TEXT PRIMARY KEY,
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    part TEXT NOT NULL CHECK (part IN ('one', 'two')),
    track TEXT,
    strand TEXT,
    seed TEXT NOT NULL,
    digest TEXT NOT NULL,
    frozen_at BIGINT NOT NULL,
    CHECK ((part = 'one' AND track IS NOT NULL AND strand IS NULL) OR (part = 'two' AND track IS NULL AND strand IS NOT NULL))
);
CREATE INDEX form_by_sitting ON form (sitting_id, part);

CREATE TABLE form_entry (
    form_id TEXT NOT NULL REFERENCES form (id),
    ordinal BIGINT NOT NULL,
    content_id TEXT NOT NULL,
    content_version BIGINT NOT NULL,
    PRIMARY KEY (form_id, ordinal),
    UNIQUE (form_id, content_id)
);

CREATE TABLE registration (
    id TEXT PRIMARY KEY,
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    track TEXT NOT NULL CHECK (track IN ('IMH-E', 'ECMH-E')),
    category TEXT NOT NULL,
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    state TEXT NOT NULL CHECK (state IN ('active', 'completed', 'cancelled')),
    agreement_version TEXT,
    agreement_accepted_at BIGINT,
    admitted_at BIGINT,
    late_admission_reason TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX registration_by_sitting ON registration (sitting_id);
CREATE INDEX registration_by_person ON registration (person_id);
CREATE UNIQUE INDEX registration_active ON registration (person_id, track) WHERE state = 'active';
