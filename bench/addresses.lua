-- POST /stats, each request from the next of 100,000 client addresses, as a trusted proxy names them.
local requests, next_request = {}, 0
function init(args)
  for i = 0, 99999 do
    wrk.headers["X-Forwarded-For"] = string.format("%d.%d.%d.%d", 20 + math.floor(i / 65536), math.floor(i / 256) % 256, i % 256, 7)
    requests[i + 1] = wrk.format("POST", "/api/v1/stats?countryCode=us")
  end
end
function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end
