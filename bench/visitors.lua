-- POST /events, NDJSON: the page and product views of one visitor, another one each time (X-Forwarded-For).
local codes = {"us", "de", "fr", "gb", "jp", "br", "in", "ca", "au", "es"}
local bodies = {}
for n = 1, 500 do
  local lines = {}
  for i = 1, 12 do
    lines[i] = string.format('{"site":"shop.example","name":"%s","url":"https://shop.example/lamps/item-%d?utm_source=mail","referrer":"https://www.google.com/","country":"%s"}',
      i % 3 == 0 and "view_item" or "page_view", (n * i * i) % 20000, codes[n % 10 + 1])
  end
  bodies[n] = table.concat(lines, "\n") .. "\n"
end
local n = 0
function request()
  n = n + 1
  return wrk.format("POST", "/api/v1/events", {
    ["Content-Type"] = "application/x-ndjson",
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    ["X-Forwarded-For"] = string.format("100.%d.%d.%d", 64 + math.floor(n / 65536) % 64, math.floor(n / 256) % 256, n % 256),
  }, bodies[n % 500 + 1])
end
