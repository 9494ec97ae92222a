-- Deletes a site from its shard, atomically. The stream gets a deletion entry: for its readers, all earlier data of the site is gone.
-- KEYS[1] the shard's meta hash; KEYS[2] its stream. ARGV: 1 the prefix of its keys, 2 the domain, 3 a batch without hits, then the names
-- of other keys to delete.
-- Returns the visits that were counted.
local DAY = 86400000
local call = redis.call
local prefix, domain = ARGV[1], ARGV[2]

local meta = call('HMGET', KEYS[1], 'number', 'time')
local clock = call('TIME')
local now = math.max(clock[1] * 1000 + math.floor(clock[2] / 1000), tonumber(meta[2] or 0))
local visits, gone = 0, { prefix .. 'visits:' .. domain }
for _, some in ipairs(call('HVALS', gone[1])) do visits = visits + tonumber(some) end
-- The days of commit.lua, which keeps them for three days, and of a time zone that is ahead.
for day = math.floor(now / DAY) - 4, math.floor(now / DAY) + 2 do gone[#gone + 1] = prefix .. 'day:' .. domain .. ':' .. day end
for i = 4, #ARGV do gone[#gone + 1] = prefix .. ARGV[i] end
local imported = call('HGETALL', prefix .. 'imported')
-- As in commit.lua: if a slot is migrating, the script ends here or not at all.
call('EXISTS', prefix .. 'sites', prefix .. 'deleted', unpack(gone))

for i = 1, #imported, 2 do
  if imported[i + 1] == domain then call('HDEL', prefix .. 'imported', imported[i]) end
end
call('DEL', unpack(gone))
call('SREM', prefix .. 'sites', domain)
local entry, time = string.format('%.0f', tonumber(meta[1] or 0) + 1), string.format('%.0f', now)
call('HSET', KEYS[1], 'number', entry, 'time', time)
call('XADD', KEYS[2], time .. '-' .. entry, 'hits', ARGV[3], 'decisions', '', 'count', 0, 'deleted', domain)
-- For a starting node: it loads the counters first, and then replays less than an hour of the stream.
call('HSET', prefix .. 'deleted', domain, entry)
call('PEXPIRE', prefix .. 'deleted', DAY)
return visits
