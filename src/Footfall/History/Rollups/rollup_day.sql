-- The input of a day's rollups: its whole visits, and its hits, orders and items with the country and funnel of their visits.
CREATE OR REPLACE TEMP TABLE day_visits AS {visits};
CREATE OR REPLACE TEMP TABLE day_hits AS
    SELECT h.visit, h.visitor, h.kind, h.page, h.host, h.name, h.value AS amount, h.currency, v.country, v.funnel, ((h.time + h.zone * 60000) // 3600000 % 24)::INTEGER AS hour
    FROM hits h JOIN day_visits v ON v.visit = h.visit WHERE h.site = $1 AND h.day = $2;
CREATE OR REPLACE TEMP TABLE day_orders AS SELECT * FROM orders WHERE site = $1 AND day = $2;
CREATE OR REPLACE TEMP TABLE day_items AS
    SELECT i.visit, i.visitor, i.kind, i.price, i.quantity, i.currency, p.item_id, p.name, p.category, p.brand, v.country, v.funnel, hash(i.visit, i.time, i.kind, i.position, i.seq) AS hit
    FROM items i JOIN day_visits v ON v.visit = i.visit JOIN products p ON p.id = i.product WHERE i.site = $1 AND i.day = $2 AND i.kind <> 9;
DELETE FROM visits WHERE site = $1 AND day = $2;
INSERT INTO visits SELECT * FROM day_visits ORDER BY start;
DELETE FROM opened WHERE site = $1 AND day = $2;
DELETE FROM open_days WHERE site = $1 AND day = $2;
