-- Practice runs on the engine of the exam and counts nowhere: its sittings and seats are told apart, and an active seat
-- for practice stands in nobody's way.

CREATE TABLE practice_sitting (
    sitting_id TEXT PRIMARY KEY REFERENCES sitting (id)
);

ALTER TABLE registration ADD COLUMN practice BOOLEAN NOT NULL DEFAULT FALSE;

DROP INDEX registration_active;
CREATE UNIQUE INDEX registration_active ON registration (person_id, track) WHERE state = 'active' AND NOT practice;
CREATE INDEX registration_practice ON registration (person_id, created_at) WHERE practice;
