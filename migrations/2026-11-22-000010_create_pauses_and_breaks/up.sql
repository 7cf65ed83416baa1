-- What stops the clock: a pause for a whole sitting, a break of one examinee.

CREATE TABLE sitting_pause (
    id TEXT PRIMARY KEY,
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    reason TEXT NOT NULL,
    paused_by TEXT NOT NULL REFERENCES person (id),
    paused_at BIGINT NOT NULL,
    resumed_by TEXT REFERENCES person (id),
    -- A whole number of seconds after paused_at.
    resumed_at BIGINT,
    CHECK ((resumed_at IS NULL) = (resumed_by IS NULL)),
    CHECK (resumed_at IS NULL OR (resumed_at - paused_at) % 1000 = 0)
);
CREATE INDEX sitting_pause_by_sitting ON sitting_pause (sitting_id, paused_at);
CREATE UNIQUE INDEX sitting_pause_open ON sitting_pause (sitting_id) WHERE resumed_at IS NULL;

CREATE TABLE attempt_break (
    id TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- What the clock was given back for it so far.
    seconds BIGINT NOT NULL CHECK (seconds >= 0)
);
CREATE INDEX attempt_break_by_attempt ON attempt_break (attempt_id);
CREATE UNIQUE INDEX attempt_break_open ON attempt_break (attempt_id) WHERE ended_at IS NULL;

-- For clocks that were ever stopped: since when one stands, and until when at the most (a break); after a stop, from
-- when on it runs.
CREATE TABLE clock_state (
    attempt_id TEXT PRIMARY KEY REFERENCES attempt (id),
    stopped_at BIGINT,
    stop_until BIGINT,
    runs_from BIGINT,
    CHECK ((stopped_at IS NULL) <> (runs_from IS NULL)),
    CHECK (stop_until IS NULL OR (stop_until - stopped_at) % 1000 = 0)
);
CREATE INDEX clock_state_stop_until ON clock_state (stop_until) WHERE stop_until IS NOT NULL;
