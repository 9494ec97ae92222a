-- One day: its date, its number, its visits of 12.5 hits on average, and the share of them that buy are filled in. Visits and visitors are numbered as the projector does it,
-- in the order in which they come first. Each fifth visit is of somebody who was here before on that day.
CREATE OR REPLACE TEMP TABLE day_opened AS
SELECT i AS visit, visitor, start, n, buys,
       countries.code AS country, unit(hash(visitor, 3)) AS agent, unit(hash(i, 2)) AS way, unit(hash(i, 12)) AS tagged
FROM (
    SELECT $n::BIGINT * $visits + i AS i, $n::BIGINT * $visits + first - (first + 1) // 5 AS visitor, start,
           least(80, 1 + CAST(floor(-ln(1 - unit(hash(i, $n, 8))) * 12.1) AS INTEGER)) AS n,
           unit(hash(i, $n, 9)) < $buyers AS buys
    FROM (
        SELECT *, CASE WHEN i % 5 = 4 THEN earlier - (earlier % 5 = 4)::BIGINT ELSE i END AS first
        FROM (SELECT *, CAST(floor(unit(hash(i, $n, 18)) * i) AS BIGINT) AS earlier FROM (
            SELECT row_number() OVER (ORDER BY start, k) - 1 AS i, start
            FROM (SELECT k, $midnight::BIGINT + CAST(86000000 * (0.5 * unit(hash(k, $n, 7)) + 0.5 * unit(hash(k, $n, 17))) AS BIGINT) AS start FROM range($visits) t(k))))
    )
)
JOIN countries ON countries.place = ranked(unit(hash(visitor, 1)), 200);

CREATE OR REPLACE TEMP TABLE day_made AS
SELECT *, CASE WHEN buys AND n > 3 AND j = n - 1 THEN 6 WHEN buys AND n > 3 AND j = n - 2 THEN 5 WHEN buys AND n > 3 AND j = n - 3 THEN 3
               WHEN j > 0 AND hash(visit, j, 6) % 20 = 0 THEN 3 WHEN j > 0 AND hash(visit, j, 6) % 20 < 5 THEN 2
               WHEN hash(visit, j, 6) % 200 = 199 THEN 8 ELSE 1 END::TINYINT AS kind
FROM (
    SELECT visit, visitor, buys, n, j, least($midnight::BIGINT + 86399999, start + CAST(j * 20000 + unit(hash(visit, j, 1)) * 20000 AS BIGINT)) AS time,
           1 + skewed(unit(hash(visit, j, 5)), 20000, 3) AS page
    FROM day_opened, range(n) t(j)
);

INSERT INTO hits
SELECT 1, $day, $n::BIGINT * 1000000 + (row_number() OVER (ORDER BY time)) // 5, time, 0, visit, visitor, kind, page, 75201,
       CASE kind WHEN 1 THEN 75001 WHEN 2 THEN 75002 WHEN 3 THEN 75003 WHEN 5 THEN 75004 WHEN 6 THEN 75005 ELSE 75007 END, 0,
       CASE WHEN kind = 6 THEN (1000 + hash(visit) % 20000) / 100.0 END, CASE WHEN kind = 6 THEN 75101 + (visitor % 10 // 4)::INTEGER ELSE 0 END, 0
FROM day_made ORDER BY time;

INSERT INTO opened
SELECT 1, $day, visit, visitor, start, 0, country,
       CASE WHEN way < 0.3 THEN 0 ELSE 70001 + skewed((way - 0.3) / 0.7, 300, 4) END,
       CASE WHEN way < 0.3 THEN 71002 ELSE 71001 + skewed((way - 0.3) / 0.7, 10, 2) END,
       CASE WHEN way < 0.8 THEN 0 ELSE 72001 + skewed((way - 0.8) * 5, 1000, 2) END,
       CASE WHEN tagged < 0.8 THEN 0 ELSE 73001 + (visit % 5)::INTEGER END, CASE WHEN tagged < 0.8 THEN 0 ELSE 73101 + (visit % 4)::INTEGER END,
       CASE WHEN tagged < 0.8 THEN 0 ELSE 73201 + skewed((tagged - 0.8) * 5, 100, 2) END, 0, 0,
       74001 + skewed(agent, 8, 2), 74101 + skewed(unit(hash(visitor, 4)), 60, 3), 74201 + skewed(unit(hash(visitor, 5)), 6, 1.5),
       74301 + skewed(unit(hash(visitor, 6)), 20, 2), 74401 + skewed(agent, 3, 2), 74501 + skewed(unit(hash(visitor, 7)), 4, 1.5),
       74601 + skewed(unit(hash(visitor, 8)), 40, 4)
FROM day_opened ORDER BY start;

INSERT INTO items
SELECT 1, $day, 0, time, visit, visitor, kind, 60001 + skewed(unit(hash(visit, j, k)), 5000, 2), (500 + hash(visit, k) % 9500) / 100.0, 1 + hash(visit, j, k) % 3,
       CASE WHEN kind = 6 THEN 75101 + (visitor % 10 // 4)::INTEGER ELSE 0 END, 0
FROM day_made, range(CASE WHEN kind = 6 THEN 1 + (visit % 3)::INTEGER ELSE 1 END) t(k)
WHERE kind IN (3, 6) ORDER BY time;

INSERT INTO orders
SELECT 1, $day, 0, time, 0, visit, visitor, 6, hash(visit), (1000 + hash(visit) % 20000) / 100.0, 1 + visit % 3, 75101 + (visitor % 10 // 4)::INTEGER, 0
FROM day_made WHERE kind = 6 ORDER BY time;

INSERT INTO open_days VALUES (1, $day);
