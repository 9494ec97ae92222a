-- Rolls up the bot hits of one day by reason.
INSERT INTO r_{family}
SELECT $1, 0, $2, {dims}, CASE WHEN grouping(country) = 1 THEN -1 ELSE country END AS country_or_all, reason, 0, 0, 0, count(*), 0, 0, 0, 0, 0, 0, 0, 0
FROM bots WHERE site = $1 AND day = $2
GROUP BY GROUPING SETS ((reason), (reason, country))
ORDER BY country_or_all, reason;
