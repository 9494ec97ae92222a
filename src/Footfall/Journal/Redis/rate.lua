-- Counts a request of a client in a window of ARGV[1] milliseconds, which begins with the client's first request.
-- KEYS[1] the client. Returns the requests of the window, this one included, and the milliseconds that are left of it.
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }
