-- What examinees are told, once two people have agreed that they are.

CREATE TABLE release (
    id TEXT PRIMARY KEY,
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    state TEXT NOT NULL CHECK (state IN ('prepared', 'released', 'recalled')),
    prepared_by TEXT NOT NULL REFERENCES person (id),
    prepared_at BIGINT NOT NULL,
    approved_by TEXT REFERENCES person (id),
    approved_at BIGINT,
    recalled_by TEXT REFERENCES person (id),
    recalled_at BIGINT,
    recall_reason TEXT,
    CHECK (approved_by IS NULL OR approved_by <> prepared_by)
);
CREATE INDEX release_by_sitting ON release (sitting_id);

CREATE TABLE result (
    release_id TEXT NOT NULL REFERENCES release (id),
    registration_id TEXT NOT NULL REFERENCES registration (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'fail', 'incomplete', 'absent')),
    document TEXT NOT NULL,
    retake_open_from TEXT,
    PRIMARY KEY (release_id, registration_id)
);
CREATE INDEX result_by_registration ON result (registration_id);
