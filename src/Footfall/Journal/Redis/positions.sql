-- Who reads: the name of this history among all, and the journal that the positions are of.
CREATE TABLE IF NOT EXISTS reader (
    node    TEXT NOT NULL,
    journal BLOB NOT NULL
) STRICT;

-- How far each stream is read at a position: for each shard the time and the number of an entry, 64-bit little-endian, then XXH3 of these.
CREATE TABLE IF NOT EXISTS positions (
    position INTEGER PRIMARY KEY,
    places   BLOB NOT NULL
) STRICT;

-- The sites that the history has to delete before it reads on.
CREATE TABLE IF NOT EXISTS deletions (
    domain TEXT PRIMARY KEY
) STRICT;
