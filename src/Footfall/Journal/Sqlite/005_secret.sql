-- The secret of the hashes of keys, so that no outsider can find a key with the hash of another one. The keys of commits up to
-- `unkeyed` were hashed before there was a secret.
CREATE TABLE secret (bytes BLOB NOT NULL, unkeyed INTEGER NOT NULL) STRICT;
INSERT INTO secret SELECT $secret, coalesce(max(position), 0) FROM keys;
