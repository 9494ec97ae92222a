-- Sites whose data is being deleted: all that was there at a position. Written first, so that a process that is killed finishes it at its next start.
CREATE TABLE deletions (
    domain   TEXT PRIMARY KEY,
    position INTEGER NOT NULL, -- the last commit that may have hits of the site to delete
    history  INTEGER NOT NULL  -- 1 when the history has deleted it
) STRICT, WITHOUT ROWID;
