-- Items that were imported one by one, such as orders: the id of each, kept forever, so that it counts once even if another file repeats
-- it.
CREATE TABLE imported (
    id   BLOB PRIMARY KEY,
    site TEXT NOT NULL -- the domain
) STRICT, WITHOUT ROWID;
