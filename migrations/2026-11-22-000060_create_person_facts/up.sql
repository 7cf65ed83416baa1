-- What else is on record for a person: it tells a reader who wrote, and who must not read. Identity, as the table person is:
-- nothing on a reviewer's path reads it.

CREATE TABLE person_fact (
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('nickname', 'employer', 'supervisor', 'reference_rater', 'colleague', 'place')),
    value TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind, value)
);
