-- Rolls up the hits of one day, in day_hits, by hit columns. Metrics of whole visits (bounces, duration) are unknown for a part, and buyers
-- are not kept: nearly each pair of page and country is a row, so a column here costs a byte per hit. Rows are sorted by their numbers:
-- most are 1, and take almost no space next to each other. First by visit, which has one visitor and one country, so that only visitors
-- need a distinct count.
INSERT INTO r_{family}
SELECT $1, 0, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value,
       count(DISTINCT visitor) AS people, count(*) AS times, sum(pageviews) AS views, sum(events) AS sent, 0, 0,
       0, 0, 0, 0, sum(orders), sum(refunds)
FROM (
    SELECT dim, value, any_value(visitor) AS visitor, any_value(country) AS country,
           count(*) FILTER (kind = 1) AS pageviews, count(*) AS events, count(*) FILTER (kind = 6) AS orders, count(*) FILTER (kind = 7) AS refunds
    FROM (SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, visit, visitor, country, kind FROM day_hits)
    GROUP BY dim, value, visit
)
GROUP BY GROUPING SETS ((dim, value), (dim, value, country))
ORDER BY dim, country_or_all, sent DESC, views, times, people, value;

-- The value of any event is that of its goal. For pages, only purchases are revenue.
INSERT INTO m_{family}
SELECT $1, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, currency,
       coalesce(sum(amount) FILTER (sold), 0), coalesce(sum(amount) FILTER (kind = 7), 0), 0, count(*) FILTER (sold), 0
FROM (
    SELECT dim, value, country, currency, kind, amount, CASE WHEN dim = {name} THEN kind NOT IN (7, 9) ELSE kind = 6 END AS sold
    FROM (SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, country, currency, kind, amount FROM day_hits WHERE amount IS NOT NULL)
)
GROUP BY GROUPING SETS ((dim, value, currency), (dim, value, currency, country))
ORDER BY dim, country_or_all, value;
