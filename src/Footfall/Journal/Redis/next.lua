-- The id of the first entry of a stream behind a place, without what it holds.
-- KEYS[1] the stream; ARGV[1] the place, as XRANGE takes it.
local found = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', 1)
return found[1] and found[1][1]
