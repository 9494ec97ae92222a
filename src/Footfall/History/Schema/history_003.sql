-- Which of the hits of a commit that are of one visit, moment and kind a hit is, from 0: a basket is sent as several events at once, and the products of each are told apart by this.
ALTER TABLE hits ADD COLUMN seq INTEGER DEFAULT 0;
ALTER TABLE items ADD COLUMN seq INTEGER DEFAULT 0;
ALTER TABLE orders ADD COLUMN seq INTEGER DEFAULT 0;
