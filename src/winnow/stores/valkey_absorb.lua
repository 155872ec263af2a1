#!lua
-- Adds to one user what was put aside of another, once for each token; returns how many events came. The server refuses
-- it before it begins when memory is out, and runs nothing between its calls; so nothing is ever half added.
--
-- KEYS  1 what stands for the token, 2 log, 3 bitmap that is there while this runs, 4 count; then sorted sets of
--       events, then bitmaps.
-- ARGV  1 life of the token in seconds, 2 room of each type, 3 life of events in seconds, 4 how many events the other
--       ever had, 5 number of arguments of the log entry, 6 those of the events; then its fields and values; of each
--       event, in order of arrival, the place of its sorted set in KEYS, its time, item hash and time as bytes; of each
--       bitmap its place in KEYS, its life in seconds, and its bytes.
local token_life, room, events_life = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local count, log_end = tonumber(ARGV[4]), 6 + tonumber(ARGV[5])
local events_end = log_end + tonumber(ARGV[6])

if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 7, log_end))
redis.call('SET', KEYS[1], 1, 'EX', token_life)

-- Numbers from above all that the target has: at equal times its own events come first.
local first = redis.call('INCRBY', KEYS[4], count) - count
for at = log_end + 1, events_end, 3 do
  local place, time, item_and_time = unpack(ARGV, at, at + 2)
  local key = KEYS[tonumber(place)]
  first = first + 1
  redis.call('ZADD', key, time, struct.pack('>I8', first) .. item_and_time)
  redis.call('ZREMRANGEBYRANK', key, 0, -room - 1)
  redis.call('EXPIRE', key, events_life)
end
redis.call('EXPIRE', KEYS[4], events_life)

for at = events_end + 1, #ARGV, 3 do
  local place, life, bits = unpack(ARGV, at, at + 2)
  local key = KEYS[tonumber(place)]
  redis.call('SET', KEYS[3], bits)
  redis.call('BITOP', 'OR', key, key, KEYS[3])
  redis.call('EXPIRE', key, life)
end
redis.call('DEL', KEYS[3])
return count
