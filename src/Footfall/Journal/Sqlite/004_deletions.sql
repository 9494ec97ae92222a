-- Sites whose data is being deleted, up to a position. Written first, so that a killed process finishes the deletion at its next start.
CREATE TABLE deletions (
    domain   TEXT PRIMARY KEY,
    position INTEGER NOT NULL, -- the last commit that may have hits of the site to delete
    history  INTEGER NOT NULL  -- 1 when the history has deleted it
) STRICT, WITHOUT ROWID;
