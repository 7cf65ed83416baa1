-- What the proctor tells examinees while they work.

CREATE TABLE room_message (
    id TEXT PRIMARY KEY,
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    -- To one; to everybody where nobody is named.
    registration_id TEXT REFERENCES registration (id),
    body TEXT NOT NULL,
    sent_by TEXT NOT NULL REFERENCES person (id),
    sent_at BIGINT NOT NULL
);
CREATE INDEX room_message_by_sitting ON room_message (sitting_id, sent_at);
