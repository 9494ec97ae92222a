-- The number, from 0, of a hit among those of a commit with the same visit, time and kind: a cart is sent as several events at once, and
-- this distinguishes their products.
ALTER TABLE hits ADD COLUMN seq INTEGER DEFAULT 0;
ALTER TABLE items ADD COLUMN seq INTEGER DEFAULT 0;
ALTER TABLE orders ADD COLUMN seq INTEGER DEFAULT 0;
