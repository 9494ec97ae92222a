-- Identifies the journal, so that a history does not confuse the positions of two journals.
CREATE TABLE identity (id BLOB NOT NULL) STRICT;
INSERT INTO identity VALUES (randomblob(16));
