-- POST /events, NDJSON batches of 1,000 page and product views.
local lines = {}
local codes = {"us", "de", "fr", "gb", "jp", "br", "in", "ca", "au", "es"}
for i = 1, 1000 do
  lines[i] = string.format('{"site":"shop.example","name":"%s","url":"https://shop.example/products/%d?utm_source=mail","referrer":"https://www.google.com/","country":"%s"}',
    i % 3 == 0 and "view_item" or "page_view", i % 200, codes[i % 10 + 1])
end
wrk.method = "POST"
wrk.path = "/api/v1/events"
wrk.headers["Content-Type"] = "application/x-ndjson"
wrk.body = table.concat(lines, "\n") .. "\n"
