-- What was imported one by one, such as orders: a number of each, kept for good, so that it counts once in whatever file it comes again.
CREATE TABLE imported (
    id   BLOB PRIMARY KEY,
    site TEXT NOT NULL -- the domain
) STRICT, WITHOUT ROWID;
