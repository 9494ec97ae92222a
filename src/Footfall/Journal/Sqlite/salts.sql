-- The salts of visitor hashes, destroyed 48 hours after they were made. In a database of their own: its small file is rewritten
-- whole when a salt goes, which the journal's must not be.
CREATE TABLE IF NOT EXISTS salts (
    site    TEXT NOT NULL,           -- the domain
    day     INTEGER NOT NULL,        -- the site's local day, days since 1970-01-01
    made_at INTEGER NOT NULL,        -- Unix time in milliseconds
    salt    BLOB NOT NULL,
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;
