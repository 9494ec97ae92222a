-- Tells one journal from another, so that a history does not take the positions of one for those of the other.
CREATE TABLE identity (id BLOB NOT NULL) STRICT;
INSERT INTO identity VALUES (randomblob(16));
