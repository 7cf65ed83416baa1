-- A script may also be a benchmark, which nobody sat, or a further round of marking the same answer; a settlement may give way
-- to a later one. Neither database can drop a constraint in a portable way, so that the tables of marking are made again and
-- filled from the old ones, children before parents on the way out.

DROP INDEX reading_by_reviewer;
DROP INDEX screening_finding_by_script;
ALTER TABLE script RENAME TO script_former;
ALTER TABLE script_original RENAME TO script_original_former;
ALTER TABLE screening_finding RENAME TO screening_finding_former;
ALTER TABLE reading RENAME TO reading_former;
ALTER TABLE draft RENAME TO draft_former;
ALTER TABLE review RENAME TO review_former;
ALTER TABLE review_flag RENAME TO review_flag_former;
ALTER TABLE panel_due RENAME TO panel_due_former;
ALTER TABLE settlement RENAME TO settlement_former;

-- Round 0 is the first marking. Of attempt and benchmark exactly one is named.
CREATE TABLE script (
    id TEXT PRIMARY KEY,
    attempt_id TEXT REFERENCES attempt (id),
    benchmark_id TEXT,
    position BIGINT NOT NULL,
    round BIGINT NOT NULL DEFAULT 0 CHECK (round >= 0),
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    vignette_id TEXT NOT NULL,
    vignette_version BIGINT NOT NULL,
    body TEXT NOT NULL,
    max_points BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK ((attempt_id IS NULL) <> (benchmark_id IS NULL)),
    UNIQUE (attempt_id, position, round)
);

CREATE TABLE script_original (
    script_id TEXT PRIMARY KEY REFERENCES script (id),
    body TEXT NOT NULL,
    screened_at BIGINT
);

CREATE TABLE screening_finding (
    id TEXT PRIMARY KEY,
    script_id TEXT NOT NULL REFERENCES script (id),
    kind TEXT NOT NULL CHECK (kind IN ('own_name', 'person', 'employer', 'place', 'email', 'web', 'phone', 'handle', 'license', 'other')),
    starts_at BIGINT NOT NULL CHECK (starts_at >= 0),
    ends_at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    confident BOOLEAN NOT NULL,
    found_at BIGINT NOT NULL,
    decision TEXT CHECK (decision IN ('mask', 'dismiss')),
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    CHECK (starts_at < ends_at),
    CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL))
);

CREATE TABLE reading (
    id TEXT PRIMARY KEY,
    script_id TEXT NOT NULL REFERENCES script (id),
    reviewer_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('first', 'third', 'benchmark')),
    code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('new', 'draft', 'sealed', 'declined')),
    due_on TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    reminded_at BIGINT,
    decline_reason TEXT,
    decline_note TEXT,
    declined_at BIGINT,
    reminders BIGINT NOT NULL DEFAULT 0,
    asked_at BIGINT,
    UNIQUE (script_id, reviewer_id)
);

CREATE TABLE draft (
    reading_id TEXT PRIMARY KEY REFERENCES reading (id),
    revision BIGINT NOT NULL,
    marks TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    worked_seconds BIGINT NOT NULL DEFAULT 0
);

-- Sealed: never updated, never deleted. A correction is a later version.
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

CREATE TABLE panel_due (
    script_id TEXT PRIMARY KEY REFERENCES script (id),
    since BIGINT NOT NULL
);

-- Only ever added to: when readings were corrected, a later version stands and says since when the earlier does not.
CREATE TABLE settlement (
    script_id TEXT NOT NULL REFERENCES script (id),
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    points BIGINT NOT NULL,
    max_points BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail')),
    settled_by TEXT NOT NULL CHECK (settled_by IN ('agreement', 'adjudicator', 'majority', 'closest_pair')),
    settled_at BIGINT NOT NULL,
    released_at BIGINT,
    superseded_at BIGINT,
    PRIMARY KEY (script_id, version)
);

INSERT INTO script (id, attempt_id, position, strand, vignette_id, vignette_version, body, max_points, created_at)
SELECT id, attempt_id, position, strand, vignette_id, vignette_version, body, max_points, created_at FROM script_former;
INSERT INTO script_original (script_id, body, screened_at)
SELECT script_id, body, screened_at FROM script_original_former;
INSERT INTO screening_finding (id, script_id, kind, starts_at, ends_at, subject, reason, confident, found_at, decision, decided_by, decided_at)
SELECT id, script_id, kind, starts_at, ends_at, subject, reason, confident, found_at, decision, decided_by, decided_at
FROM screening_finding_former;
INSERT INTO reading (id, script_id, reviewer_id, kind, code, state, due_on, assigned_at, reminded_at, decline_reason, decline_note,
    declined_at, reminders, asked_at)
SELECT id, script_id, reviewer_id, kind, code, state, due_on, assigned_at, reminded_at, decline_reason, decline_note,
    declined_at, reminders, asked_at
FROM reading_former;
INSERT INTO draft (reading_id, revision, marks, saved_at, worked_seconds)
SELECT reading_id, revision, marks, saved_at, worked_seconds FROM draft_former;
INSERT INTO review (reading_id, version, marks, points, verdict, digest, sealed_at)
SELECT reading_id, version, marks, points, verdict, digest, sealed_at FROM review_former;
INSERT INTO review_flag (id, reading_id, kind, note, raised_at)
SELECT id, reading_id, kind, note, raised_at FROM review_flag_former;
INSERT INTO panel_due (script_id, since)
SELECT script_id, since FROM panel_due_former;
INSERT INTO settlement (script_id, points, max_points, verdict, settled_by, settled_at, released_at)
SELECT script_id, points, max_points, verdict, settled_by, settled_at, released_at FROM settlement_former;

DROP TABLE settlement_former;
DROP TABLE panel_due_former;
DROP TABLE review_flag_former;
DROP TABLE review_former;
DROP TABLE draft_former;
DROP TABLE screening_finding_former;
DROP TABLE script_original_former;
DROP TABLE reading_former;
DROP TABLE script_former;

CREATE INDEX reading_by_reviewer ON reading (reviewer_id, state);
CREATE INDEX screening_finding_by_script ON screening_finding (script_id);
CREATE UNIQUE INDEX script_of_benchmark ON script (benchmark_id) WHERE benchmark_id IS NOT NULL;
CREATE UNIQUE INDEX settlement_standing ON settlement (script_id) WHERE superseded_at IS NULL;
