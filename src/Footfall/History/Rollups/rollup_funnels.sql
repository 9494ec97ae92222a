-- Adds up what steps the visits of one day did in order, by columns of theirs that have few values. In the order of
-- the steps: their numbers are large, and alike ones side by side take no room.
INSERT INTO f_{family}
SELECT $1, 0, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, funnel, count(*)
FROM (SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, country, funnel FROM day_visits)
GROUP BY GROUPING SETS ((dim, value, funnel), (dim, value, funnel, country))
ORDER BY dim, funnel, country_or_all, value;
