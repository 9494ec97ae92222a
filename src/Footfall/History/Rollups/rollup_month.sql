-- A month of a family: the sum of its days, since a visitor is a different one each day. Its grain is 1. The same statement merges the rows
-- of a day into one per key after late hits.
DELETE FROM r_{family} WHERE site = $1 AND grain = {grain} AND day = $2;
INSERT INTO r_{family}
SELECT $1, {grain}, $2, dim, country, value, sum(visitors) AS people, sum(visits) AS times, sum(pageviews) AS views, sum(events) AS sent, sum(bounces), sum(duration), sum(carts), sum(checkouts), sum(buyers),
       sum(cart_buyers), sum(orders), sum(refunds)
FROM r_{family} WHERE site = $1 AND grain = 0 AND day >= $2 AND day < $2::DATE + INTERVAL 1 {span}
GROUP BY dim, country, value
ORDER BY dim, country, sent DESC, views, times, people, value;
DELETE FROM m_{family} WHERE site = $1 AND grain = {grain} AND day = $2;
INSERT INTO m_{family}
SELECT $1, $2, dim, country, value, currency, sum(revenue), sum(refunded), sum(units), sum(orders), {grain}
FROM m_{family} WHERE site = $1 AND grain = 0 AND day >= $2 AND day < $2::DATE + INTERVAL 1 {span}
GROUP BY dim, country, value, currency
ORDER BY dim, country, value;
DELETE FROM f_{family} WHERE site = $1 AND grain = {grain} AND day = $2;
INSERT INTO f_{family}
SELECT $1, {grain}, $2, dim, country, value, funnel, sum(visits)
FROM f_{family} WHERE site = $1 AND grain = 0 AND day >= $2 AND day < $2::DATE + INTERVAL 1 {span}
GROUP BY dim, country, value, funnel
ORDER BY dim, funnel, country, value;
