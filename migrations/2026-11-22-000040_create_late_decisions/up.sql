-- What became of evidence that came after its part had closed. Only ever added to: the newest decision holds.
-- Without a person, the rule of arrival decided: it had arrived in time and was overtaken by the closing.

CREATE TABLE late_decision (
    attempt_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 1),
    decision TEXT NOT NULL CHECK (decision IN ('admit', 'refuse')),
    reason TEXT NOT NULL,
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, position, revision, ordinal),
    FOREIGN KEY (attempt_id, position, revision) REFERENCES late_answer (attempt_id, position, revision),
    CHECK (decided_by IS NOT NULL OR decision = 'admit')
);

-- Later versions of a receipt, whole and signed. The first stays with its attempt and stays valid.
CREATE TABLE receipt_amendment (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    version BIGINT NOT NULL CHECK (version >= 2),
    document TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, version)
);
