#!lua flags=allow-oom
-- Deletes what is kept of one user and returns how many events that were; it needs no memory to speak of.
-- KEYS  1 forgotten mark, 2 count; then all else that may be there.
local events = tonumber(redis.call('GET', KEYS[2]) or 0)
redis.call('SET', KEYS[1], 1)
redis.call('DEL', unpack(KEYS, 2))
return events
