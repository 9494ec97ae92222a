-- Whether some hashes of transactions in orders and removed_orders were not keyed once, and are hashes of such hashes (KeyHasher.OfUnkeyedOrder).
ALTER TABLE progress ADD COLUMN converted_orders BOOLEAN DEFAULT FALSE;
