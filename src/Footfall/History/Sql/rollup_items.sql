-- Adds up the products of one day, in day_items, by one part of theirs. An order or a refund of several products is one of each.
INSERT INTO r_{dimension}
SELECT $1, 0, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value,
       count(DISTINCT visitor), count(DISTINCT visit), 0, count(DISTINCT hit), 0, 0,
       count(DISTINCT visit) FILTER (funnel & {cart} > 0), count(DISTINCT visit) FILTER (funnel & {checkout} > 0),
       count(DISTINCT visit) FILTER (funnel & {purchase} > 0), count(DISTINCT visit) FILTER (funnel & {cart} > 0 AND funnel & {purchase} > 0),
       count(DISTINCT hit) FILTER (kind = 6), count(DISTINCT hit) FILTER (kind = 7)
FROM (SELECT *, {column} AS value FROM day_items)
GROUP BY GROUPING SETS ((value), (value, country))
ORDER BY country_or_all, value;

INSERT INTO m_{dimension}
SELECT $1, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER (kind = 6), 0), coalesce(sum(amount) FILTER (kind = 7), 0), coalesce(sum(quantity) FILTER (kind = 6), 0),
       count(DISTINCT hit) FILTER (kind = 6)
FROM (SELECT *, {column} AS value, coalesce(price, 0)::DECIMAL(18, 6) * quantity::DECIMAL(18, 6) AS amount FROM day_items WHERE kind IN (6, 7))
GROUP BY GROUPING SETS ((value, currency), (value, currency, country))
ORDER BY country_or_all, value;
