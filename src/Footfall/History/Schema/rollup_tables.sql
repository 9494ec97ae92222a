-- The rollups of a family of dimensions: one row per closed day (grain 0) or month (grain 1, by its first day), dimension, country and
-- value. Country -1 is all countries:
-- a visitor from two is one visitor. Value is a text (for hours the hour, for bots the reason, for the total 0).
CREATE TABLE r_{family} (
    site        INTEGER NOT NULL,
    grain       TINYINT NOT NULL,
    day         DATE NOT NULL,
    dim         TINYINT NOT NULL,  -- the number of a Rollup
    country     SMALLINT NOT NULL,
    value       INTEGER NOT NULL,
    visitors    INTEGER NOT NULL,
    visits      INTEGER NOT NULL,
    pageviews   INTEGER NOT NULL,
    events      INTEGER NOT NULL,
    bounces     INTEGER NOT NULL,
    duration    BIGINT NOT NULL,  -- seconds, of all visits
    carts       INTEGER NOT NULL, -- visits with an item added to the cart
    checkouts   INTEGER NOT NULL, -- visits that began a checkout
    buyers      INTEGER NOT NULL, -- visits with a purchase
    cart_buyers INTEGER NOT NULL, -- visits with both a cart and a purchase
    orders      INTEGER NOT NULL,
    refunds     INTEGER NOT NULL  -- how many
);

-- Money, by day. rollup_money_months.sql adds the months.
CREATE TABLE m_{family} (
    site     INTEGER NOT NULL,
    day      DATE NOT NULL,
    dim      TINYINT NOT NULL,
    country  SMALLINT NOT NULL,
    value    INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    revenue  DECIMAL(38, 6) NOT NULL,
    refunded DECIMAL(38, 6) NOT NULL,
    units    DECIMAL(38, 6) NOT NULL,
    orders   INTEGER NOT NULL
);

-- Visits by the steps done in order.
CREATE TABLE f_{family} (
    site    INTEGER NOT NULL,
    grain   TINYINT NOT NULL,
    day     DATE NOT NULL,
    dim     TINYINT NOT NULL,
    country SMALLINT NOT NULL,
    value   INTEGER NOT NULL,
    funnel  INTEGER NOT NULL,
    visits  INTEGER NOT NULL
);
