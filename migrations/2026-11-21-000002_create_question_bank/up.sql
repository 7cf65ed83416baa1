-- Exam content, by version. A version never changes once it is here.

CREATE TABLE item (
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    area TEXT NOT NULL,
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (id, version)
);

CREATE TABLE vignette (
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    strand TEXT NOT NULL CHECK (strand IN ('clinical', 'policy', 'research_faculty')),
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (id, version)
);

CREATE TABLE blueprint (
    track TEXT NOT NULL CHECK (track IN ('IMH-E', 'ECMH-E')),
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (track, version)
);

-- What examinees accept before they start; the newest version is in force.
CREATE TABLE agreement (
    version TEXT NOT NULL,
    locale TEXT NOT NULL,
    body TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (version, locale)
);
