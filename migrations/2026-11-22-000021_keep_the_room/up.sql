-- What makes the exam room the same on every device, and never counts: how somebody likes it, and their marks on a paper.

CREATE TABLE preference (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    document TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

CREATE TABLE attempt_note (
    attempt_id TEXT PRIMARY KEY REFERENCES attempt (id),
    revision BIGINT NOT NULL CHECK (revision >= 0),
    document TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);
