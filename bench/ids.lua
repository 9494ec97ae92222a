-- As events.lua, and each request has an Idempotency-Key, so that each of its hits has a key of its own.
dofile("bench/events.lua")
math.randomseed(os.time())
local run, sent = math.random(2 ^ 31), 0
function request()
  sent = sent + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. sent
  return wrk.format()
end
