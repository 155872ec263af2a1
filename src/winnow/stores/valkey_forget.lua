#!lua flags=allow-oom
-- Deletes what is kept of one user and returns how many events that were; it needs no memory to speak of.
-- KEYS  1 forgotten mark, 2 log, 3 count, 4 count of what was put aside; then all else that may be there.
-- ARGV  1 what the log is told: 'forget', which marks the user, or 'reset', which does not; 2 name of the user.
local events = tonumber(redis.call('GET', KEYS[3]) or 0) + tonumber(redis.call('GET', KEYS[4]) or 0)
if ARGV[1] == 'forget' then
  redis.call('SET', KEYS[1], 1)
end
redis.call('XADD', KEYS[2], '*', 'kind', ARGV[1], 'user_id', ARGV[2])
redis.call('DEL', unpack(KEYS, 3))
return events
