-- Who there is, in which roles, and how they sign in. Instants are milliseconds since 1970 UTC, everywhere.

CREATE TABLE association (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The rules of an association from an instant on; the newest that has begun is in force.
CREATE TABLE policy (
    association_id TEXT NOT NULL REFERENCES association (id),
    effective_from BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (association_id, effective_from)
);

-- Identity. Nothing on a reviewer's path reads this table.
CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    employer TEXT,
    locale TEXT NOT NULL,
    password_hash TEXT,
    second_factor TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE person_role (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('examinee', 'reviewer', 'coordinator', 'proctor', 'author', 'auditor', 'administrator')),
    association_id TEXT NOT NULL REFERENCES association (id),
    PRIMARY KEY (person_id, role, association_id)
);
CREATE INDEX person_role_by_association ON person_role (association_id, role);

CREATE TABLE accommodation (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    time_multiplier_percent BIGINT NOT NULL CHECK (time_multiplier_percent BETWEEN 100 AND 300),
    extra_seconds_one BIGINT NOT NULL CHECK (extra_seconds_one >= 0),
    extra_seconds_two BIGINT NOT NULL CHECK (extra_seconds_two >= 0),
    stop_clock_breaks BOOLEAN NOT NULL,
    expires_on TEXT,
    approved_by TEXT NOT NULL REFERENCES person (id),
    approved_note TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    replaced_at BIGINT
);
CREATE UNIQUE INDEX accommodation_in_force ON accommodation (person_id) WHERE replaced_at IS NULL;

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_by_person ON session (person_id);

-- Only the digest of a token is kept: who reads this table cannot use an invitation.
CREATE TABLE invitation (
    token_digest TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Failed sign-ins, by the digest of the address tried or of the network address they came from.
CREATE TABLE sign_in_failure (
    scope TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (scope)
);

-- What a retried call was answered, so that it is answered the same again.
CREATE TABLE answered_call (
    person_id TEXT NOT NULL REFERENCES person (id),
    retry_key TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, retry_key)
);
CREATE INDEX answered_call_by_age ON answered_call (answered_at);
