-- Safe Exam Browser. A sitting that asks for it has a row here; keys are JSON lists of hexadecimal texts.

CREATE TABLE safe_browser (
    sitting_id TEXT PRIMARY KEY REFERENCES sitting (id),
    config_keys TEXT NOT NULL,
    exam_keys TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- What is known of each session in which somebody came to a seat of such a sitting: which keys it proved last, until when
-- a page's proof opens what the page fetches, and how many answers came from it before it had proved anything.
CREATE TABLE safe_browser_session (
    registration_id TEXT NOT NULL REFERENCES registration (id),
    session_id TEXT NOT NULL,
    proved_at BIGINT,
    remembered_until BIGINT,
    config_key TEXT,
    exam_key TEXT,
    unproved_saves BIGINT NOT NULL DEFAULT 0 CHECK (unproved_saves >= 0),
    unproved_at BIGINT,
    PRIMARY KEY (registration_id, session_id),
    CHECK (remembered_until IS NULL OR proved_at IS NOT NULL),
    CHECK ((unproved_saves = 0) = (unproved_at IS NULL))
);

-- Seats whose holder need not use it.
CREATE TABLE safe_browser_exemption (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL REFERENCES person (id),
    granted_at BIGINT NOT NULL
);

-- When somebody was turned away for want of it, last.
CREATE TABLE safe_browser_refusal (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    refused_at BIGINT NOT NULL
);
