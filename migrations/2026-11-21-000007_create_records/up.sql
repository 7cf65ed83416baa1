-- What is told to people, and what was done.

-- Mail and the in-app inbox, written in the transaction of its cause.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    parameters TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    tries BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outbox_pending ON outbox (next_try_at) WHERE state = 'pending';
CREATE INDEX outbox_by_person ON outbox (person_id, created_at);

CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    association_id TEXT,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous_digest TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE INDEX audit_by_association ON audit (association_id, sequence);

-- How many entries there are and the last one's digest: removing the newest shows as well.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    digest TEXT NOT NULL
);
INSERT INTO audit_head (id, sequence, digest) VALUES (1, 0, '');
