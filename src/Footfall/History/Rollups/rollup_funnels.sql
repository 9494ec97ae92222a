-- Rolls up the ordered steps of the visits of one day, by visit columns with few values. Sorted by
-- steps: their numbers are large, and equal ones next to each other take no space.
INSERT INTO f_{family}
SELECT $1, 0, $2, dim, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, funnel, count(*)
FROM (SELECT unnest([{dims}]) AS dim, unnest([{columns}]) AS value, country, funnel FROM day_visits)
GROUP BY GROUPING SETS ((dim, value, funnel), (dim, value, funnel, country))
ORDER BY dim, funnel, country_or_all, value;
