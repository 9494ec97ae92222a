-- The history. Texts, products and sets of props are in dictionaries and referenced by number, so that a row is small and a text filter
-- checks each text once. Times are Unix milliseconds; `zone` is the minutes that the site's clock was ahead of UTC; `day` is the site's
-- local day.

-- How far the journal is projected, and the last assigned numbers.
CREATE TABLE progress (
    journal  UUID,              -- the journal of the position
    position BIGINT NOT NULL,
    visit    BIGINT NOT NULL,
    visitor  BIGINT NOT NULL
);
INSERT INTO progress VALUES (NULL, 0, 0, 0);

CREATE TABLE sites (id INTEGER NOT NULL, domain VARCHAR NOT NULL);

-- 0 is the empty text.
CREATE TABLE texts (id INTEGER NOT NULL, text VARCHAR NOT NULL);
INSERT INTO texts VALUES (0, '');

-- 0 is no product. The parts are texts.
CREATE TABLE products (id INTEGER NOT NULL, item_id INTEGER NOT NULL, name INTEGER NOT NULL, category INTEGER NOT NULL, brand INTEGER NOT NULL, variant INTEGER NOT NULL);

-- A set is identified by the canonical JSON of all its props; each of its props is a row.
CREATE TABLE props (set INTEGER NOT NULL, name INTEGER NOT NULL, value INTEGER NOT NULL);

-- Every human hit, in journal order. Never changed. `kind` is a HitKind, or 9: a purchase whose transaction was counted before.
CREATE TABLE hits (
    site     INTEGER NOT NULL,
    day      DATE NOT NULL,
    position BIGINT NOT NULL,   -- of the batch in the journal
    time     BIGINT NOT NULL,
    zone     SMALLINT NOT NULL,
    visit    BIGINT NOT NULL,
    visitor  BIGINT NOT NULL,
    kind     TINYINT NOT NULL,
    page     INTEGER NOT NULL,  -- text: the path
    host     INTEGER NOT NULL,  -- text
    name     INTEGER NOT NULL,  -- text: the name of the event, including page_view and visit
    props    INTEGER NOT NULL,  -- text, and set of props
    value    DECIMAL(18, 6),    -- the value of the event
    currency INTEGER NOT NULL   -- text
);

-- The products of a hit.
CREATE TABLE items (
    site     INTEGER NOT NULL,
    day      DATE NOT NULL,
    position BIGINT NOT NULL,
    time     BIGINT NOT NULL,
    visit    BIGINT NOT NULL,
    visitor  BIGINT NOT NULL,
    kind     TINYINT NOT NULL,
    product  INTEGER NOT NULL,
    price    DECIMAL(18, 6),    -- per unit
    quantity DECIMAL(18, 6) NOT NULL, -- 1 where it was not sent
    currency INTEGER NOT NULL
);

-- Purchases and refunds. A transaction is bought once; kind is 6 or 7.
CREATE TABLE orders (
    site        INTEGER NOT NULL,
    day         DATE NOT NULL,
    position    BIGINT NOT NULL,
    time        BIGINT NOT NULL,
    zone        SMALLINT NOT NULL,
    visit       BIGINT NOT NULL,
    visitor     BIGINT NOT NULL,
    kind        TINYINT NOT NULL,
    transaction UBIGINT NOT NULL, -- KeyHasher.HashOrder of its id; 0 for none
    value       DECIMAL(18, 6) NOT NULL,
    units       DECIMAL(18, 6) NOT NULL,
    currency    INTEGER NOT NULL
);

-- The visit properties from the first hit, for open days. A visit never spans days, since a visitor is a different one the next day.
CREATE TABLE opened (
    site            INTEGER NOT NULL,
    day             DATE NOT NULL,
    visit           BIGINT NOT NULL,
    visitor         BIGINT NOT NULL,
    start           BIGINT NOT NULL,
    zone            SMALLINT NOT NULL,
    country         SMALLINT NOT NULL, -- the number of a Country
    source          INTEGER NOT NULL,  -- from here on all are texts
    channel         INTEGER NOT NULL,
    referrer        INTEGER NOT NULL,
    utm_source      INTEGER NOT NULL,
    utm_medium      INTEGER NOT NULL,
    utm_campaign    INTEGER NOT NULL,
    utm_content     INTEGER NOT NULL,
    utm_term        INTEGER NOT NULL,
    browser         INTEGER NOT NULL,
    browser_version INTEGER NOT NULL,
    os              INTEGER NOT NULL,
    os_version      INTEGER NOT NULL,
    device          INTEGER NOT NULL,
    screen          INTEGER NOT NULL,
    language        INTEGER NOT NULL
);

-- Whole visits of closed days: the properties from the first hit and the sums of all hits.
CREATE TABLE visits (
    site            INTEGER NOT NULL,
    day             DATE NOT NULL,
    visit           BIGINT NOT NULL,
    visitor         BIGINT NOT NULL,
    start           BIGINT NOT NULL,
    zone            SMALLINT NOT NULL,
    country         SMALLINT NOT NULL,
    source          INTEGER NOT NULL,
    channel         INTEGER NOT NULL,
    referrer        INTEGER NOT NULL,
    utm_source      INTEGER NOT NULL,
    utm_medium      INTEGER NOT NULL,
    utm_campaign    INTEGER NOT NULL,
    utm_content     INTEGER NOT NULL,
    utm_term        INTEGER NOT NULL,
    browser         INTEGER NOT NULL,
    browser_version INTEGER NOT NULL,
    os              INTEGER NOT NULL,
    os_version      INTEGER NOT NULL,
    device          INTEGER NOT NULL,
    screen          INTEGER NOT NULL,
    language        INTEGER NOT NULL,
    entry_page      INTEGER NOT NULL,  -- of its first page view; 0 without one
    exit_page       INTEGER NOT NULL,  -- of its last page view
    entry_host      INTEGER NOT NULL,
    exit_host       INTEGER NOT NULL,
    pageviews       INTEGER NOT NULL,
    events          INTEGER NOT NULL,
    duration        INTEGER NOT NULL,  -- seconds
    bounce          TINYINT NOT NULL,  -- 1 for a single event, ignoring engagement
    funnel          INTEGER NOT NULL,  -- steps done in order: see FunnelSteps.cs
    orders          INTEGER NOT NULL,
    refunds         INTEGER NOT NULL
);

-- Hits of bots.
CREATE TABLE bots (
    site     INTEGER NOT NULL,
    day      DATE NOT NULL,
    position BIGINT NOT NULL,
    time     BIGINT NOT NULL,
    zone     SMALLINT NOT NULL,
    country  SMALLINT NOT NULL,
    reason   TINYINT NOT NULL,  -- a BotReason
    kind     TINYINT NOT NULL,
    page     INTEGER NOT NULL
);

-- Days with hits that are in no rollup yet. Queries read all other days from rollups.
CREATE TABLE open_days (site INTEGER NOT NULL, day DATE NOT NULL);

-- Months, by their first day, whose days are all closed and rolled up: a month that gets a late hit is removed.
CREATE TABLE closed_months (site INTEGER NOT NULL, month DATE NOT NULL);

-- The visitors of the last two days, one row per visit: the hash under that day's salt, which is destroyed earlier. Only the projector
-- reads it.
CREATE TABLE identities (
    site    INTEGER NOT NULL,
    day     DATE NOT NULL,
    hash    UBIGINT NOT NULL,
    visitor BIGINT NOT NULL,
    visit   BIGINT NOT NULL,
    seen    BIGINT NOT NULL     -- when the journal committed the visit's first hit
);
