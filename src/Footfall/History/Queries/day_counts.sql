-- Counts of the latest days up to a journal commit, by country and five minutes of the site's clock. `what` is a HitKind: 0 for visits by
-- their first hit, 8 for visitors. {since} is the first day, {position} the last commit.
WITH recent AS (
    SELECT site, day, visit, visitor, kind, value, currency, time, rowid AS row,
           (((time // 60000 + zone) % 1440) // 5)::BIGINT AS step
    FROM hits WHERE day >= {since} AND position <= {position}
), places AS (
    SELECT site, day, visit, any_value(country) AS country
    FROM (SELECT site, day, visit, country FROM opened WHERE day >= {since} UNION ALL SELECT site, day, visit, country FROM visits WHERE day >= {since})
    GROUP BY ALL
), counted AS (
    SELECT site, day, step, visit, kind::BIGINT AS what, currency, count(*) AS number, coalesce(sum(value) FILTER (kind = 6), 0) AS worth
    FROM recent WHERE kind IN (1, 3, 5, 6) GROUP BY ALL
    UNION ALL
    SELECT site, day, arg_min(step, time), visit, 0, 0, 1, 0 FROM recent GROUP BY site, day, visit
    UNION ALL
    SELECT site, day, step, any_value(visit), 8, 0, 1, 0 FROM recent GROUP BY site, day, step, visitor
)
SELECT s.domain, (c.day - DATE '1970-01-01')::BIGINT, c.step, p.country, c.what, CASE WHEN c.what = 6 THEN t.text ELSE '' END, sum(c.number)::BIGINT, sum(c.worth)::DECIMAL(38, 6)
FROM counted c
JOIN places p ON p.site = c.site AND p.day = c.day AND p.visit = c.visit
JOIN sites s ON s.id = c.site
JOIN texts t ON t.id = c.currency
GROUP BY ALL
