-- Days whose hits retention has deleted and of which only rollups remain: later hits are added to these.
CREATE TABLE removed_days (site INTEGER NOT NULL, day DATE NOT NULL);
INSERT INTO removed_days
SELECT site, day FROM r_totals WHERE grain = 0 EXCEPT SELECT site, day FROM visits EXCEPT SELECT site, day FROM bots;

-- The purchases of these days, so that no transaction counts twice. The hash and the amount, as in orders.
CREATE TABLE removed_orders (
    site        INTEGER NOT NULL,
    day         DATE NOT NULL,
    transaction UBIGINT NOT NULL,
    value       DECIMAL(18, 6) NOT NULL,
    currency    INTEGER NOT NULL
);
