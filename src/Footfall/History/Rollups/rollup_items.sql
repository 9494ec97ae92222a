-- Rolls up the products of one day, in day_items, by their parts. An order or refund of several products counts for each. First by visit,
-- as for hits.
INSERT INTO r_{family}
SELECT $1, 0, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value,
       count(DISTINCT visitor) AS people, count(*) AS times, 0, sum(events) AS sent, 0, 0,
       count(*) FILTER (funnel & {cart} > 0), count(*) FILTER (funnel & {checkout} > 0), count(*) FILTER (funnel & {purchase} > 0),
       count(*) FILTER (funnel & {cart} > 0 AND funnel & {purchase} > 0), sum(orders), sum(refunds)
FROM (
    SELECT dim, value, any_value(visitor) AS visitor, any_value(country) AS country, any_value(funnel) AS funnel,
           count(DISTINCT hit) AS events, count(DISTINCT hit) FILTER (kind = 6) AS orders, count(DISTINCT hit) FILTER (kind = 7) AS refunds
    FROM (SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, visit, visitor, country, funnel, kind, hit FROM day_items)
    GROUP BY dim, value, visit
)
GROUP BY GROUPING SETS ((dim, value), (dim, value, country))
ORDER BY dim, country_or_all, sent DESC, times, people, value;

INSERT INTO m_{family}
SELECT $1, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER (kind = 6), 0), coalesce(sum(amount) FILTER (kind = 7), 0), coalesce(sum(quantity) FILTER (kind = 6), 0),
       count(DISTINCT hit) FILTER (kind = 6), 0
FROM (
    SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, country, currency, kind, hit, quantity,
           {amount} AS amount
    FROM day_items WHERE kind IN (6, 7)
)
GROUP BY GROUPING SETS ((dim, value, currency), (dim, value, currency, country))
ORDER BY dim, country_or_all, value;
