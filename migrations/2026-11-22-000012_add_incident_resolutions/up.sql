-- How an incident was dealt with, and by whom; why a proctor ended somebody's part.

CREATE TABLE incident_resolution (
    incident_id TEXT PRIMARY KEY REFERENCES incident (id),
    note TEXT NOT NULL,
    resolved_by TEXT NOT NULL REFERENCES person (id)
);

CREATE TABLE proctor_closing (
    attempt_id TEXT PRIMARY KEY REFERENCES attempt (id),
    reason TEXT NOT NULL,
    closed_by TEXT NOT NULL REFERENCES person (id)
);
