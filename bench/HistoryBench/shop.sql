-- The words of the made-up shop: 20,000 pages, 5,000 products of 40 categories and 200 brands, and what visits have.
CREATE MACRO IF NOT EXISTS unit(h) AS (h % 1000003) / 1000003.0;
CREATE MACRO IF NOT EXISTS skewed(u, n, s) AS CAST(floor(n * pow(u, s)) AS INTEGER);
-- Countries by rank, with a share of rank^-1.5: the first has 32 %, the first ten 75 %, the last hundred of 200 3 %. Between a shop with a home market (of the
-- UCI Online Retail set 91 % are from one country) and a public web site (of a technical blog's log the first has 29 %).
CREATE MACRO IF NOT EXISTS ranked(u, n) AS least(n - 1, CAST(floor(pow(1 - u * (1 - pow(n + 1, -0.5)), -2)) AS INTEGER) - 1);
INSERT INTO texts SELECT 1 + i, '/' || ['lamps', 'chairs', 'tables', 'rugs', 'beds'][1 + i % 5] || '/item-' || i FROM range(20000) t(i);
INSERT INTO texts SELECT 30001 + i, 'SKU' || i FROM range(5000) t(i);
INSERT INTO texts SELECT 40001 + i, 'Product ' || i FROM range(5000) t(i);
INSERT INTO texts SELECT 50001 + i, 'Category ' || i FROM range(40) t(i);
INSERT INTO texts SELECT 51001 + i, 'Brand ' || i FROM range(200) t(i);
INSERT INTO texts SELECT 60001 + i, '{"item_id":"SKU' || i || '"}' FROM range(5000) t(i);
INSERT INTO products SELECT 60001 + i, 30001 + i, 40001 + i, 50001 + i % 40, 51001 + i % 200, 0 FROM range(5000) t(i);
INSERT INTO texts SELECT 70001 + i, ['Google', 'Facebook', 'Instagram', 'Bing', 'ChatGPT', 'Pinterest', 'YouTube', 'DuckDuckGo'][1 + i] FROM range(8) t(i);
INSERT INTO texts SELECT 70009 + i, 'blog-' || i || '.example' FROM range(292) t(i);
INSERT INTO texts SELECT 71001 + i, ['Organic Search', 'Direct', 'Organic Social', 'Paid Search', 'Referral', 'Email', 'Paid Social', 'Display', 'Affiliates', 'AI Assistants'][1 + i] FROM range(10) t(i);
INSERT INTO texts SELECT 72001 + i, 'blog-' || i || '.example/post' FROM range(1000) t(i);
INSERT INTO texts SELECT 73001 + i, ['google', 'newsletter', 'facebook', 'bing', 'partner'][1 + i] FROM range(5) t(i);
INSERT INTO texts SELECT 73101 + i, ['cpc', 'email', 'social', 'display'][1 + i] FROM range(4) t(i);
INSERT INTO texts SELECT 73201 + i, 'campaign-' || i FROM range(100) t(i);
INSERT INTO texts SELECT 74001 + i, ['Chrome', 'Safari', 'Edge', 'Firefox', 'Samsung Internet', 'Opera', 'Brave', 'Yandex Browser'][1 + i] FROM range(8) t(i);
INSERT INTO texts SELECT 74101 + i, (80 + i) || '.0' FROM range(60) t(i);
INSERT INTO texts SELECT 74201 + i, ['Windows', 'iOS', 'Android', 'Mac', 'Linux', 'Chrome OS'][1 + i] FROM range(6) t(i);
INSERT INTO texts SELECT 74301 + i, (7 + i) || '.1' FROM range(20) t(i);
INSERT INTO texts SELECT 74401 + i, ['Mobile', 'Desktop', 'Tablet'][1 + i] FROM range(3) t(i);
INSERT INTO texts SELECT 74501 + i, ['Mobile', 'Laptop', 'Desktop', 'Tablet'][1 + i] FROM range(4) t(i);
INSERT INTO texts SELECT 74601 + i, ['en-US', 'de-DE', 'fr-FR', 'es-ES', 'ja-JP', 'pt-BR', 'en-GB', 'it-IT'][1 + i % 8] || CASE WHEN i < 8 THEN '' ELSE '-x-' || i END FROM range(40) t(i);
INSERT INTO texts SELECT 75001 + i, ['page_view', 'view_item', 'add_to_cart', 'begin_checkout', 'purchase', 'refund', 'newsletter_signup'][1 + i] FROM range(7) t(i);
INSERT INTO texts SELECT 75101 + i, ['EUR', 'USD', 'GBP'][1 + i] FROM range(3) t(i);
INSERT INTO texts VALUES (75201, 'shop.example');
INSERT INTO sites VALUES (1, 'shop.example');
