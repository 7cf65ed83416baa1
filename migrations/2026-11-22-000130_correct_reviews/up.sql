-- A sealed review never changes: a correction is asked for, decided by somebody else, and becomes a later version.
CREATE TABLE review_correction (
    id TEXT PRIMARY KEY,
    reading_id TEXT NOT NULL REFERENCES reading (id),
    marks TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    decision_reason TEXT,
    -- The version that it became.
    version BIGINT,
    CHECK ((state = 'waiting') = (decided_by IS NULL) AND (state = 'waiting') = (decided_at IS NULL)),
    CHECK ((state = 'approved') = (version IS NOT NULL))
);
CREATE UNIQUE INDEX review_correction_waiting ON review_correction (reading_id) WHERE state = 'waiting';
CREATE INDEX review_correction_by_reading ON review_correction (reading_id);

-- From which versions of which reviews a settlement was found, so that it can be found again.
CREATE TABLE settlement_basis (
    script_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    reading_id TEXT NOT NULL,
    review_version BIGINT NOT NULL,
    PRIMARY KEY (script_id, version, reading_id),
    FOREIGN KEY (script_id, version) REFERENCES settlement (script_id, version),
    FOREIGN KEY (reading_id, review_version) REFERENCES review (reading_id, version)
);
INSERT INTO settlement_basis (script_id, version, reading_id, review_version)
SELECT settlement.script_id, settlement.version, reading.id, 1
FROM settlement
JOIN reading ON reading.script_id = settlement.script_id
WHERE reading.state = 'sealed' AND (reading.kind = 'first' OR (reading.kind = 'third' AND settlement.settled_by <> 'agreement'));

-- From which settlements a result was made, and which of them it counts: all, unless an answer was marked again.
CREATE TABLE result_basis (
    release_id TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    script_id TEXT NOT NULL,
    settlement_version BIGINT NOT NULL,
    counts BOOLEAN NOT NULL,
    PRIMARY KEY (release_id, registration_id, script_id),
    FOREIGN KEY (release_id, registration_id) REFERENCES result (release_id, registration_id),
    FOREIGN KEY (script_id, settlement_version) REFERENCES settlement (script_id, version)
);
CREATE INDEX result_basis_by_script ON result_basis (script_id);
INSERT INTO result_basis (release_id, registration_id, script_id, settlement_version, counts)
SELECT result.release_id, result.registration_id, script.id, settlement.version, TRUE
FROM result
JOIN attempt ON attempt.registration_id = result.registration_id
JOIN script ON script.attempt_id = attempt.id
JOIN settlement ON settlement.script_id = script.id;
