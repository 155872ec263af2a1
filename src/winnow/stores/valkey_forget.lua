#!lua flags=allow-oom
-- Deletes what is kept of one user and returns how many events that were; it needs no memory to speak of.
-- KEYS  1 forgotten mark, 2 log, 3 count, 4 count of what was put aside; then all else that may be there.
-- ARGV  1 name of a user to mark, and to tell the log of; or empty.
local events = tonumber(redis.call('GET', KEYS[3]) or 0) + tonumber(redis.call('GET', KEYS[4]) or 0)
if ARGV[1] ~= '' then
  redis.call('SET', KEYS[1], 1)
  redis.call('XADD', KEYS[2], '*', 'kind', 'forget', 'user_id', ARGV[1])
end
redis.call('DEL', unpack(KEYS, 3))
return events
