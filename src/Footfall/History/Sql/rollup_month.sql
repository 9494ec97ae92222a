-- A month of one dimension: the sum of its days, since a visitor is another one on each.
DELETE FROM r_{dimension} WHERE site = $1 AND grain = 1 AND day = $2;
INSERT INTO r_{dimension}
SELECT $1, 1, $2, country, value, sum(visitors), sum(visits), sum(pageviews), sum(events), sum(bounces), sum(duration), sum(carts), sum(checkouts), sum(buyers),
       sum(cart_buyers), sum(orders), sum(refunds)
FROM r_{dimension} WHERE site = $1 AND grain = 0 AND day >= $2 AND day < $2::DATE + INTERVAL 1 MONTH
GROUP BY country, value
ORDER BY country, value;
DELETE FROM f_{dimension} WHERE site = $1 AND grain = 1 AND day = $2;
INSERT INTO f_{dimension}
SELECT $1, 1, $2, country, value, funnel, sum(visits)
FROM f_{dimension} WHERE site = $1 AND grain = 0 AND day >= $2 AND day < $2::DATE + INTERVAL 1 MONTH
GROUP BY country, value, funnel
ORDER BY country, value;
