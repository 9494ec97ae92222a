-- The state of a shard at one moment: the last entry of its stream, and the counters.
-- KEYS[1] the shard's meta hash; ARGV[1] the prefix of its keys.
-- Returns the number and the time of the last entry, then for each site its domain, its counters, and for each of three days (yesterday,
-- today and tomorrow of UTC) the day and its counters.
local prefix = ARGV[1]
local meta = redis.call('HMGET', KEYS[1], 'number', 'time')
local day = math.floor(redis.call('TIME')[1] / 86400)
local answer = { meta[1] or '0', meta[2] or '0' }
for _, domain in ipairs(redis.call('SMEMBERS', prefix .. 'sites')) do
  local days = {}
  for near = day - 1, day + 1 do
    days[#days + 1] = near
    days[#days + 1] = redis.call('HGETALL', prefix .. 'day:' .. domain .. ':' .. near)
  end
  answer[#answer + 1] = { domain, redis.call('HGETALL', prefix .. 'visits:' .. domain), days }
end
return answer
