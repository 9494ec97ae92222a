-- The salts of visitor hashes, destroyed 48 hours after their creation. In a separate database: its small file is rewritten
-- completely when a salt is deleted, which must not happen to the journal.
CREATE TABLE IF NOT EXISTS salts (
    site    TEXT NOT NULL,           -- the domain
    day     INTEGER NOT NULL,        -- the site's local day, days since 1970-01-01
    made_at INTEGER NOT NULL,        -- Unix time in milliseconds
    salt    BLOB NOT NULL,
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;
