-- Screening. script.body is what reviewers read, with masks; what was written stands here, where no reviewer's query looks.

CREATE TABLE script_original (
    script_id TEXT PRIMARY KEY REFERENCES script (id),
    body TEXT NOT NULL,
    screened_at BIGINT
);

-- What was given to readers before there was a screen counts as screened; the rest is screened now.
INSERT INTO script_original (script_id, body, screened_at)
SELECT script.id, script.body,
    CASE WHEN EXISTS (SELECT 1 FROM reading WHERE reading.script_id = script.id) THEN script.created_at END
FROM script;

-- Passages that would tell who wrote. Where they stand is counted in bytes of the original.
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
CREATE INDEX screening_finding_by_script ON screening_finding (script_id);
