-- What was measured: when the server was away, and when an examinee's page was not heard of.

CREATE TABLE heartbeat (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    beat_at BIGINT NOT NULL
);

-- Without an attempt: the server itself was away.
CREATE TABLE outage (
    id TEXT PRIMARY KEY,
    attempt_id TEXT REFERENCES attempt (id),
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    CHECK (began_at < ended_at)
);
CREATE INDEX outage_by_time ON outage (ended_at);
CREATE INDEX outage_by_attempt ON outage (attempt_id);

-- What was decided in a sitting about an outage; once.
CREATE TABLE outage_decision (
    outage_id TEXT NOT NULL REFERENCES outage (id),
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    decision TEXT NOT NULL CHECK (decision IN ('grant', 'dismiss')),
    decided_by TEXT NOT NULL REFERENCES person (id),
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (outage_id, sitting_id)
);
