-- The exam itself: the clock's terms, the answers, and what closing a part made of them.

CREATE TABLE attempt (
    id TEXT PRIMARY KEY,
    registration_id TEXT NOT NULL REFERENCES registration (id),
    part TEXT NOT NULL CHECK (part IN ('one', 'two')),
    form_id TEXT NOT NULL REFERENCES form (id),
    seed TEXT NOT NULL,
    -- The most characters of each position, as a JSON list; 0 where a choice is made.
    limits TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    -- started_at plus the sum of the terms; the invariants hold the two together.
    deadline_at BIGINT NOT NULL,
    last_contact_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT CHECK (closed_by IN ('examinee', 'deadline', 'proctor')),
    answered BIGINT,
    digest TEXT,
    signature TEXT,
    key_id TEXT,
    UNIQUE (registration_id, part),
    CHECK ((closed_at IS NULL) = (digest IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL))
);
CREATE INDEX attempt_running ON attempt (deadline_at) WHERE closed_at IS NULL;
CREATE INDEX attempt_by_form ON attempt (form_id);

CREATE TABLE clock_term (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('allowance', 'accommodation', 'credit')),
    seconds BIGINT NOT NULL CHECK (seconds > 0),
    reason TEXT,
    granted_by TEXT REFERENCES person (id),
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, ordinal)
);

CREATE TABLE answer (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    position BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    choice TEXT,
    body TEXT,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, position)
);

-- Earlier prose, so that what an examinee deleted can be found again.
CREATE TABLE answer_history (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    position BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, position, revision)
);

-- What arrived when its part was over: kept, never counted by itself.
CREATE TABLE late_answer (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    position BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    choice TEXT,
    body TEXT,
    arrived_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, position, revision)
);

-- A score is never replaced; a later one has a higher version.
CREATE TABLE score (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    version BIGINT NOT NULL,
    correct BIGINT NOT NULL,
    scored BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail')),
    document TEXT NOT NULL,
    scored_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, version)
);

CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    registration_id TEXT REFERENCES registration (id),
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    reported_by TEXT NOT NULL REFERENCES person (id),
    reported_at BIGINT NOT NULL,
    resolved_at BIGINT
);
CREATE INDEX incident_by_sitting ON incident (sitting_id);
