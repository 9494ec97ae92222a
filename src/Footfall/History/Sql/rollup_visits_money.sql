INSERT INTO m_{dimension}
SELECT $1, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER (kind = 6), 0), coalesce(sum(amount) FILTER (kind = 7), 0), coalesce(sum(units) FILTER (kind = 6), 0), count(*) FILTER (kind = 6)
FROM (SELECT v.country, {column} AS value, o.currency, o.kind, o.value AS amount, o.units FROM day_orders o JOIN day_visits v ON v.visit = o.visit)
GROUP BY GROUPING SETS ((value, currency), (value, currency, country))
ORDER BY country_or_all, value;
