-- Rolls up the visits of one day, in day_visits, by visit columns: for each country, and for all. {dims} are the numbers of the dimensions,
-- and {columns} their columns in the same order.
INSERT INTO r_{family}
SELECT $1, 0, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value,
       count(DISTINCT visitor) AS people, count(*) AS times, sum(pageviews) AS views, sum(events) AS sent, sum(bounce), sum(duration),
       count(*) FILTER (funnel & {cart} > 0), count(*) FILTER (funnel & {checkout} > 0), count(*) FILTER (funnel & {purchase} > 0),
       count(*) FILTER (funnel & {cart} > 0 AND funnel & {purchase} > 0), sum(orders), sum(refunds)
FROM (
    SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, country, visitor, pageviews, events, bounce, duration, funnel, orders, refunds
    FROM day_visits
)
GROUP BY GROUPING SETS ((dim, value), (dim, value, country))
ORDER BY dim, country_or_all, times DESC, people, sent, views, value;

INSERT INTO m_{family}
SELECT $1, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER (kind = 6), 0), coalesce(sum(amount) FILTER (kind = 7), 0), coalesce(sum(units) FILTER (kind = 6), 0), count(*) FILTER (kind = 6), 0
FROM (
    SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, v.country, o.currency, o.kind, o.value AS amount, o.units
    FROM day_orders o JOIN day_visits v ON v.visit = o.visit
)
GROUP BY GROUPING SETS ((dim, value, currency), (dim, value, currency, country))
ORDER BY dim, country_or_all, value;
