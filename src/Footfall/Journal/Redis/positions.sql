-- The reader: the registered name of this history, and the journal of the positions.
CREATE TABLE IF NOT EXISTS reader (
    node    TEXT NOT NULL,
    journal BLOB NOT NULL
) STRICT;

-- The offset of each stream at a position: for each shard the time and the number of an entry, 64-bit little-endian, then XXH3 of these.
CREATE TABLE IF NOT EXISTS positions (
    position INTEGER PRIMARY KEY,
    places   BLOB NOT NULL
) STRICT;

-- The sites that the history must delete before it continues.
CREATE TABLE IF NOT EXISTS deletions (
    domain TEXT PRIMARY KEY
) STRICT;
