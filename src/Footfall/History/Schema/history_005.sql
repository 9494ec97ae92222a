-- Whether orders and removed_orders may have transactions that were hashed without a secret and are now hashes of these hashes
-- (KeyHasher.HashUnkeyedOrder).
ALTER TABLE progress ADD COLUMN converted_orders BOOLEAN DEFAULT FALSE;
