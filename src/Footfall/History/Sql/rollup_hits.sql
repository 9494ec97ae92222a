-- Adds up the hits of one day, in day_hits, by one column of theirs. What belongs to whole visits (bounces, duration) is not known of a part.
INSERT INTO r_{dimension}
SELECT $1, 0, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value,
       count(DISTINCT visitor), count(DISTINCT visit), count(*) FILTER (kind = 1), count(*), 0, 0,
       count(DISTINCT visit) FILTER (funnel & {cart} > 0), count(DISTINCT visit) FILTER (funnel & {checkout} > 0),
       count(DISTINCT visit) FILTER (funnel & {purchase} > 0), count(DISTINCT visit) FILTER (funnel & {cart} > 0 AND funnel & {purchase} > 0),
       count(*) FILTER (kind = 6), count(*) FILTER (kind = 7)
FROM (SELECT *, {column} AS value FROM day_hits)
GROUP BY GROUPING SETS ((value), (value, country))
ORDER BY country_or_all, value;

INSERT INTO m_{dimension}
SELECT $1, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER ({sold}), 0), coalesce(sum(amount) FILTER (kind = 7), 0), 0, count(*) FILTER ({sold})
FROM (SELECT country, {column} AS value, currency, kind, amount FROM day_hits WHERE amount IS NOT NULL)
GROUP BY GROUPING SETS ((value, currency), (value, currency, country))
ORDER BY country_or_all, value;
