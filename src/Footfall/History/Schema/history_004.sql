-- Days whose hits retention has removed, and whose rollups are all that is left of them: what comes in for them later is added to these.
CREATE TABLE removed_days (site INTEGER NOT NULL, day DATE NOT NULL);
INSERT INTO removed_days
SELECT site, day FROM r_totals WHERE grain = 0 EXCEPT SELECT site, day FROM visits EXCEPT SELECT site, day FROM bots;

-- What was bought on these days, so that no transaction is bought again. The hash and the amount, as in orders.
CREATE TABLE removed_orders (
    site        INTEGER NOT NULL,
    day         DATE NOT NULL,
    transaction UBIGINT NOT NULL,
    value       DECIMAL(18, 6) NOT NULL,
    currency    INTEGER NOT NULL
);
