-- One row per commit. The hits are encoded as in BatchFormat; position grows by one with each commit.
CREATE TABLE batches (
    position     INTEGER PRIMARY KEY,
    committed_at INTEGER NOT NULL, -- Unix time in milliseconds
    hits         INTEGER NOT NULL,
    body         BLOB NOT NULL
) STRICT;

-- The keys of a commit, as in StoredKeyFormat. Pruned after 24 hours.
CREATE TABLE keys (
    position     INTEGER PRIMARY KEY,
    committed_at INTEGER NOT NULL,
    pairs        BLOB NOT NULL
) STRICT;

-- The sites seen, in the order of their first visit.
CREATE TABLE sites (
    id     INTEGER PRIMARY KEY,
    domain TEXT NOT NULL UNIQUE
) STRICT;

-- Visits by site and country: all-time, and of the site's local day.
CREATE TABLE counters (
    id      INTEGER PRIMARY KEY,
    site    INTEGER NOT NULL REFERENCES sites (id),
    country TEXT NOT NULL,           -- ISO 3166-1 alpha-2, upper case
    visits  INTEGER NOT NULL,
    day     INTEGER NOT NULL,        -- days since 1970-01-01
    today   INTEGER NOT NULL,
    UNIQUE (site, country)
) STRICT;

-- The progress of imports: the content read so far, by its length and SHA-256.
CREATE TABLE imports (
    id     BLOB PRIMARY KEY,
    source TEXT NOT NULL,
    length INTEGER NOT NULL,
    hash   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Written to test whether the disk accepts commits again.
CREATE TABLE probe (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
