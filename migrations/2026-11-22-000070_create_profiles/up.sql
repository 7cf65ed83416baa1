-- What reviewers and examinees declare, and what is kept about readings beyond their marks.

-- Days on which a reviewer reads nothing; dates as YYYY-MM-DD, both included.
CREATE TABLE absence (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    declared_by TEXT NOT NULL REFERENCES person (id),
    declared_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    CHECK (from_on <= until_on)
);
CREATE INDEX absence_by_person ON absence (person_id) WHERE withdrawn_at IS NULL;

-- Whom somebody says they know, in their own words. Only those who may see identities compare it with anybody.
CREATE TABLE acquaintance (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    side TEXT NOT NULL CHECK (side IN ('reviewer', 'examinee')),
    who TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('supervision', 'colleague', 'relative', 'other')),
    declared_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX acquaintance_by_person ON acquaintance (person_id, side) WHERE withdrawn_at IS NULL;

-- A declaration that a coordinator found to mean nothing between these two.
CREATE TABLE acquaintance_lift (
    acquaintance_id TEXT NOT NULL REFERENCES acquaintance (id),
    other_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    lifted_by TEXT NOT NULL REFERENCES person (id),
    lifted_at BIGINT NOT NULL,
    PRIMARY KEY (acquaintance_id, other_id)
);

ALTER TABLE conflict ADD COLUMN declared_by TEXT REFERENCES person (id);
ALTER TABLE conflict ADD COLUMN note TEXT;
ALTER TABLE conflict ADD COLUMN lifted_at BIGINT;
ALTER TABLE conflict ADD COLUMN lifted_by TEXT REFERENCES person (id);
ALTER TABLE conflict ADD COLUMN lift_reason TEXT;

ALTER TABLE reading ADD COLUMN declined_at BIGINT;
ALTER TABLE reading ADD COLUMN reminders BIGINT NOT NULL DEFAULT 0;
-- A coordinator has asked the reviewer to finish a draft or to give it back.
ALTER TABLE reading ADD COLUMN asked_at BIGINT;
-- For how long its reviewer worked on it, without the pauses.
ALTER TABLE draft ADD COLUMN worked_seconds BIGINT NOT NULL DEFAULT 0;
