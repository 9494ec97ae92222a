-- By the hour of the site's clock: visits and their metrics by the hour they began, everything else by the hour it happened. The hour that
-- the clock passes twice in fall is one hour.
INSERT INTO r_{family}
SELECT $1, 0, $2, {dims}, country, value, sum(visitors), sum(visits), sum(pageviews), sum(events), sum(bounces), sum(duration), sum(carts), sum(checkouts), sum(buyers),
       sum(cart_buyers), sum(orders), sum(refunds)
FROM (
    SELECT CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country, value, count(DISTINCT visitor) AS visitors, 0 AS visits,
           count(*) FILTER (kind = 1) AS pageviews, count(*) AS events, 0 AS bounces, 0 AS duration, 0 AS carts, 0 AS checkouts, 0 AS buyers, 0 AS cart_buyers,
           count(*) FILTER (kind = 6) AS orders, count(*) FILTER (kind = 7) AS refunds
    FROM (SELECT country, visitor, kind, hour AS value FROM day_hits)
    GROUP BY GROUPING SETS ((value), (value, country))
    UNION ALL
    SELECT CASE WHEN grouping(country) = 1 THEN -1 ELSE country END, value, 0, count(*), 0, 0, sum(bounce), sum(duration),
           count(*) FILTER (funnel & {cart} > 0), count(*) FILTER (funnel & {checkout} > 0), count(*) FILTER (funnel & {purchase} > 0),
           count(*) FILTER (funnel & {cart} > 0 AND funnel & {purchase} > 0), 0, 0
    FROM (SELECT *, ((start + zone * 60000) // 3600000 % 24)::INTEGER AS value FROM day_visits)
    GROUP BY GROUPING SETS ((value), (value, country))
)
GROUP BY country, value
ORDER BY country, value;

INSERT INTO m_{family}
SELECT $1, $2, {dims}, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER (kind = 6), 0), coalesce(sum(amount) FILTER (kind = 7), 0), coalesce(sum(units) FILTER (kind = 6), 0), count(*) FILTER (kind = 6), 0
FROM (
    SELECT v.country, ((o.time + o.zone * 60000) // 3600000 % 24)::INTEGER AS value, o.currency, o.kind, o.value AS amount, o.units
    FROM day_orders o JOIN day_visits v ON v.visit = o.visit
)
GROUP BY GROUPING SETS ((value, currency), (value, currency, country))
ORDER BY country_or_all, value;
