-- The history. Texts, products and sets of props stand in dictionaries and are named by number, so that a row is small and a filter of texts looks at
-- each text once. Times are Unix milliseconds; `zone` is the minutes that the site's clock was ahead of UTC; `day` is the site's local day.

-- How far the journal is projected, and the last numbers given.
CREATE TABLE progress (
    journal  UUID,              -- whose positions these are
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

-- A set is named by the text of all its props in canonical JSON; each of its props is a row.
CREATE TABLE props (set INTEGER NOT NULL, name INTEGER NOT NULL, value INTEGER NOT NULL);

-- Every hit of a person, in the order of the journal. Never changed. `kind` is a HitKind, or 9: a purchase whose transaction was counted before.
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
    name     INTEGER NOT NULL,  -- text: the name of the event, page_view and visit among them
    props    INTEGER NOT NULL,  -- text, and set of props
    value    DECIMAL(18, 6),    -- what the event is worth
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
    price    DECIMAL(18, 6),    -- of one
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
    transaction UBIGINT NOT NULL, -- KeyHasher.OfOrder of its id; 0 for none
    value       DECIMAL(18, 6) NOT NULL,
    units       DECIMAL(18, 6) NOT NULL,
    currency    INTEGER NOT NULL
);

-- What a visit is from its first hit on: of days that are open. A visit never leaves its day, since a visitor is another one the day after.
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

-- Whole visits, of days that are closed: as opened, and what the hits of the visit add up to.
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
    bounce          TINYINT NOT NULL,  -- 1 for a single event, beside those of engagement
    funnel          INTEGER NOT NULL,  -- which steps were done in order: see Funnel.cs
    orders          INTEGER NOT NULL,
    refunds         INTEGER NOT NULL
);

-- Hits of robots.
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

-- Days with hits that are in no rollup yet. All other days are answered from rollups.
CREATE TABLE open_days (site INTEGER NOT NULL, day DATE NOT NULL);

-- Months, by their first day, whose days are all closed and added up: a month that gets a late hit is taken out.
CREATE TABLE closed_months (site INTEGER NOT NULL, month DATE NOT NULL);

-- Who came on the last two days, a row a visit: the hash of a visitor under that day's salt, which dies before it. Read by the projector only.
CREATE TABLE identities (
    site    INTEGER NOT NULL,
    day     DATE NOT NULL,
    hash    UBIGINT NOT NULL,
    visitor BIGINT NOT NULL,
    visit   BIGINT NOT NULL,
    seen    BIGINT NOT NULL     -- when the visit's first hit came into the journal
);
