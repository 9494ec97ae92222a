INSERT INTO f_{dimension}
SELECT $1, 0, $2, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, value, funnel, count(*)
FROM (SELECT country, funnel, {column} AS value FROM day_visits)
GROUP BY GROUPING SETS ((value, funnel), (value, funnel, country))
ORDER BY country_or_all, value;
