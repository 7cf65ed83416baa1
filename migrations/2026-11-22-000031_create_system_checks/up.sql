-- How somebody's device did in a system check; its answers are saved in a seat for practice of its own.

CREATE TABLE system_check (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    registration_id TEXT NOT NULL UNIQUE REFERENCES registration (id),
    begun_at BIGINT NOT NULL,
    finished_at BIGINT,
    passed BOOLEAN,
    findings TEXT,
    CHECK ((finished_at IS NULL) = (findings IS NULL) AND (finished_at IS NULL) = (passed IS NULL))
);
CREATE INDEX system_check_by_person ON system_check (person_id, begun_at);
