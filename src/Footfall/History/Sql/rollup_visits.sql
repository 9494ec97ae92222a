-- Adds up the visits of one day, in day_visits, by one column of theirs: for each country, and for all.
INSERT INTO r_{dimension}
SELECT $1, 0, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value,
       count(DISTINCT visitor), count(*), sum(pageviews), sum(events), sum(bounce), sum(duration),
       count(*) FILTER (funnel & {cart} > 0), count(*) FILTER (funnel & {checkout} > 0), count(*) FILTER (funnel & {purchase} > 0),
       count(*) FILTER (funnel & {cart} > 0 AND funnel & {purchase} > 0), sum(orders), sum(refunds)
FROM (SELECT *, {column} AS value FROM day_visits)
GROUP BY GROUPING SETS ((value), (value, country))
ORDER BY country_or_all, value;
