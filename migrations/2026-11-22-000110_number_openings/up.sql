-- In which order the pages of an attempt were opened: the one opened last goes on with the work, whatever connects when.

CREATE TABLE attempt_page (
    attempt_id TEXT PRIMARY KEY REFERENCES attempt (id),
    -- The number of the newest opening.
    opening BIGINT NOT NULL,
    -- Above this are the revisions of the newest page that numbers them from its opening; nought while there is none.
    revisions_from BIGINT NOT NULL CHECK (revisions_from <= opening),
    -- How often something was stored since then that an earlier page had kept.
    earlier_saves BIGINT NOT NULL DEFAULT 0 CHECK (earlier_saves >= 0)
);
