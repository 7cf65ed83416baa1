-- What an arrangement says besides time, and how one comes about: requested by the person, decided by a named coordinator.

ALTER TABLE accommodation ADD COLUMN larger_type BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accommodation ADD COLUMN reader_layout BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accommodation ADD COLUMN spell_check BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX accommodation_by_person ON accommodation (person_id, approved_at);

CREATE TABLE accommodation_request (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'declined', 'withdrawn')),
    -- What was asked for, as a document; what was granted stands in `accommodation`.
    wish TEXT NOT NULL,
    statement TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    decision_note TEXT,
    accommodation_id TEXT REFERENCES accommodation (id),
    CHECK ((state IN ('approved', 'declined')) = (decided_by IS NOT NULL)),
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK ((state = 'approved') = (accommodation_id IS NOT NULL)),
    CHECK (decided_by IS NULL OR decided_by <> person_id)
);
CREATE UNIQUE INDEX accommodation_request_waiting ON accommodation_request (person_id) WHERE state = 'waiting';
CREATE INDEX accommodation_request_by_person ON accommodation_request (person_id, requested_at);
