-- Whole visits, with the columns of `visits` in order, built from hits: of open days and of days that are about to be closed.
-- {days} is a condition over the columns site and day, {funnel} the number of the steps that {letters} show, and {more} are further
-- columns. A closed day that a late hit reopened has visits in `visits` too: their properties stay, their
-- sums are computed again. Hits of the same millisecond are in journal order, which is the row order.
-- Engagement is sent when a page is left and does not count as a second event against a bounce, as in Plausible.
-- The steps are a sorted list of numbers that end in the kind, since an ordered string_agg takes four times as long.
SELECT site, day, o.visit, visitor, start, zone, country, source, channel, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
       browser, browser_version, os, os_version, device, screen, language,
       coalesce(entry_page, 0) AS entry_page, coalesce(exit_page, 0) AS exit_page, coalesce(entry_host, 0) AS entry_host, coalesce(exit_host, 0) AS exit_host,
       pageviews, events, duration, bounce, {funnel} AS funnel, orders, refunds{more}
FROM (
    SELECT site, day, visit, visitor, start, zone, country, source, channel, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
           browser, browser_version, os, os_version, device, screen, language
    FROM opened WHERE {days}
    UNION ALL
    SELECT site, day, visit, visitor, start, zone, country, source, channel, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
           browser, browser_version, os, os_version, device, screen, language
    FROM visits WHERE {days}
) o
JOIN (
    SELECT visit,
           arg_min(page, moment) FILTER (kind = 1) AS entry_page,
           arg_max(page, moment) FILTER (kind = 1) AS exit_page,
           arg_min(host, moment) FILTER (kind = 1) AS entry_host,
           arg_max(host, moment) FILTER (kind = 1) AS exit_host,
           count(*) FILTER (kind = 1)::INTEGER AS pageviews,
           count(*)::INTEGER AS events,
           ((max(time) - min(time)) // 1000)::INTEGER AS duration,
           (count(*) FILTER (name IS DISTINCT FROM (SELECT id FROM texts WHERE text = 'engagement')) <= 1)::TINYINT AS bounce,
           {letters}
           count(*) FILTER (kind = 6)::INTEGER AS orders,
           count(*) FILTER (kind = 7)::INTEGER AS refunds,
           bit_or(1 << kind::INTEGER) AS kinds
    FROM (
        SELECT visit, page, host, kind, name, time, time::HUGEINT * 1099511627776 + rowid AS moment
        FROM hits WHERE {days}
    )
    GROUP BY visit
) h ON h.visit = o.visit
