-- The same questions as plain scans of the hits, in the order of dashboard.json. {hits}: the hits of the period, with the country where one is asked for.
-- {by source}: with that column of their visits. The first number of the row with the most is compared with the answer's.
SELECT count(DISTINCT visitor) AS first, count(*), sum(views), avg((events = 1)::INTEGER), avg(until - since)
FROM (SELECT visit, any_value(visitor) AS visitor, count(*) FILTER (kind = 1) AS views, count(*) AS events, min(time) AS since, max(time) AS until FROM {hits} GROUP BY visit);

SELECT count(DISTINCT visitor) AS first, day FROM {hits} GROUP BY day ORDER BY first DESC;

SELECT count(DISTINCT visitor) AS first, time // 3600000 AS hour FROM {hits} GROUP BY hour ORDER BY first DESC;

SELECT count(DISTINCT visitor) AS first, count(DISTINCT visit), country FROM {by country} GROUP BY country ORDER BY first DESC;

SELECT count(DISTINCT visitor) AS first, count(*) FILTER (kind = 1), text FROM {hits} JOIN texts ON id = page GROUP BY text ORDER BY first DESC LIMIT 100;

SELECT count(DISTINCT visitor) AS first, count(DISTINCT visit), source FROM {by source} GROUP BY source ORDER BY first DESC LIMIT 100;

SELECT count(DISTINCT visitor) AS first, count(DISTINCT visit), channel FROM {by channel} GROUP BY channel ORDER BY first DESC;

SELECT count(DISTINCT visitor) AS first, count(DISTINCT visit), browser FROM {by browser} GROUP BY browser ORDER BY first DESC;

SELECT count(DISTINCT visitor) AS first, count(DISTINCT visit), device FROM {by device} GROUP BY device ORDER BY first DESC;

SELECT count(DISTINCT visit) AS first, sum(quantity), sum(price * quantity), name FROM {items} JOIN products ON id = product WHERE kind = 6 GROUP BY name ORDER BY first DESC LIMIT 100;

WITH cart AS (SELECT visit, min(time) AS at, any_value(country) AS country FROM {by country} WHERE kind = 3 GROUP BY visit),
checkout AS (SELECT visit, min(h.time) AS at, any_value(c.country) AS country FROM {hits} h JOIN cart c USING (visit) WHERE h.kind = 5 AND h.time >= c.at GROUP BY visit),
bought AS (SELECT visit, any_value(c.country) AS country FROM {hits} h JOIN checkout c USING (visit) WHERE h.kind = 6 AND h.time >= c.at GROUP BY visit)
SELECT first, checkouts, purchases FROM (SELECT country, count(*) AS first FROM cart GROUP BY country)
LEFT JOIN (SELECT country, count(*) AS checkouts FROM checkout GROUP BY country) USING (country)
LEFT JOIN (SELECT country, count(*) AS purchases FROM bought GROUP BY country) USING (country) ORDER BY first DESC;

SELECT count(*) AS first, country, day, sum(value) FILTER (currency = 75101), sum(value) FILTER (currency = 75102), sum(value) FILTER (currency = 75103)
FROM {by country} WHERE kind = 6 GROUP BY country, day ORDER BY first DESC;
