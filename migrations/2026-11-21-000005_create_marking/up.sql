-- Blind scoring. Reviewers' queries read script, reading, draft, review and vignette; of these only
-- script.attempt_id leads towards a person, and no reviewer's query selects it.

CREATE TABLE script (
    id TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    position BIGINT NOT NULL,
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    vignette_id TEXT NOT NULL,
    vignette_version BIGINT NOT NULL,
    body TEXT NOT NULL,
    max_points BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (attempt_id, position)
);

-- What makes somebody a reviewer in practice: strands and the load they take.
CREATE TABLE reviewer (
    person_id TEXT NOT NULL REFERENCES person (id),
    association_id TEXT NOT NULL REFERENCES association (id),
    strands TEXT NOT NULL,
    capacity BIGINT NOT NULL CHECK (capacity >= 0),
    PRIMARY KEY (person_id, association_id)
);

CREATE TABLE conflict (
    reviewer_id TEXT NOT NULL REFERENCES person (id),
    examinee_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    PRIMARY KEY (reviewer_id, examinee_id)
);

CREATE TABLE reading (
    id TEXT PRIMARY KEY,
    script_id TEXT NOT NULL REFERENCES script (id),
    reviewer_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('first', 'third')),
    code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('new', 'draft', 'sealed', 'declined')),
    due_on TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    reminded_at BIGINT,
    decline_reason TEXT,
    decline_note TEXT,
    UNIQUE (script_id, reviewer_id)
);
CREATE INDEX reading_by_reviewer ON reading (reviewer_id, state);

CREATE TABLE draft (
    reading_id TEXT PRIMARY KEY REFERENCES reading (id),
    revision BIGINT NOT NULL,
    marks TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

-- Sealed: never updated, never deleted.
CREATE TABLE review (
    reading_id TEXT NOT NULL REFERENCES reading (id),
    version BIGINT NOT NULL,
    marks TEXT NOT NULL,
    points BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail')),
    digest TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (reading_id, version)
);

CREATE TABLE review_flag (
    id TEXT PRIMARY KEY,
    reading_id TEXT NOT NULL REFERENCES reading (id),
    kind TEXT NOT NULL CHECK (kind IN ('identifies_writer', 'concern')),
    note TEXT NOT NULL,
    raised_at BIGINT NOT NULL
);

-- Scripts whose panel is to be looked at: written with each seal, worked off by the clerk, who may know identities.
CREATE TABLE panel_due (
    script_id TEXT PRIMARY KEY REFERENCES script (id),
    since BIGINT NOT NULL
);

CREATE TABLE settlement (
    script_id TEXT PRIMARY KEY REFERENCES script (id),
    points BIGINT NOT NULL,
    max_points BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail')),
    settled_by TEXT NOT NULL CHECK (settled_by IN ('agreement', 'adjudicator', 'majority', 'closest_pair')),
    settled_at BIGINT NOT NULL
);
