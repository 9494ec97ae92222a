-- Whether orders and removed_orders may have transactions that were hashed without a secret once, and are hashes of these hashes now
-- (KeyHasher.OfUnkeyedOrder).
ALTER TABLE progress ADD COLUMN converted_orders BOOLEAN DEFAULT FALSE;
