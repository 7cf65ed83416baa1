-- Appeals against released results, and what became of them.
CREATE TABLE appeal (
    id TEXT PRIMARY KEY,
    registration_id TEXT NOT NULL REFERENCES registration (id),
    -- The result against which it was made.
    release_id TEXT NOT NULL,
    ground TEXT NOT NULL CHECK (ground IN ('procedure', 'accommodation', 'conflict', 'scoring', 'other')),
    statement TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'withdrawn', 'dismissed', 're_mark', 'recount')),
    decided_by TEXT REFERENCES person (id),
    -- When it was decided, or withdrawn.
    decided_at BIGINT,
    reason TEXT,
    -- The round of marking that it opened.
    round BIGINT CHECK (round >= 1),
    -- What counting again gave, as JSON.
    recount TEXT,
    -- Whether the result is to be released anew.
    reopens BOOLEAN NOT NULL DEFAULT FALSE,
    FOREIGN KEY (release_id, registration_id) REFERENCES result (release_id, registration_id),
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state IN ('open', 'withdrawn')) = (decided_by IS NULL) AND (decided_by IS NULL) = (reason IS NULL)),
    CHECK ((state = 're_mark') = (round IS NOT NULL) AND (state = 'recount') = (recount IS NOT NULL))
);
CREATE UNIQUE INDEX appeal_open ON appeal (registration_id) WHERE state = 'open';
CREATE INDEX appeal_by_registration ON appeal (registration_id);
