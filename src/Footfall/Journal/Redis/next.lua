-- The id of the first entry of a stream after an offset, without its content.
-- KEYS[1] the stream; ARGV[1] the offset, in the format of XRANGE.
local found = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', 1)
return found[1] and found[1][1]
