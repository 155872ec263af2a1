#!lua flags=allow-oom
-- Deletes what is kept of one user and returns how many events that were; it needs no memory to speak of.
-- KEYS  1 forgotten mark, 2 count, 3 count of what was put aside; then all else that may be there.
-- ARGV  1 whether to set the mark, 0 or 1.
local events = tonumber(redis.call('GET', KEYS[2]) or 0) + tonumber(redis.call('GET', KEYS[3]) or 0)
if ARGV[1] == '1' then
  redis.call('SET', KEYS[1], 1)
end
redis.call('DEL', unpack(KEYS, 2))
return events
