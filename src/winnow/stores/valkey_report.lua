#!lua flags=allow-oom
-- Says that a worker lives and what it has done, and forgets who has said nothing for long. It takes next to no memory,
-- and a worker that cannot say that it lives would not be waited for.
--
-- KEYS  1 what workers say by name, 2 stream of orders, 3 refusals of the order that this is about, by name.
-- ARGV  1 name, 2 what it says, 3 milliseconds after which the silent are dead, 4 why it refuses the order, or empty,
--       5 seconds for which refusals are kept.
-- Returns the place of the last order, 0 before the first.
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[4])
  redis.call('EXPIRE', KEYS[3], ARGV[5])
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %s', ms, ARGV[2]))
local said = redis.call('HGETALL', KEYS[1])
for place = 1, #said, 2 do
  if ms - tonumber(string.match(said[place + 1], '^%d+')) > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], said[place])
  end
end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
return last[1] and tonumber(string.match(last[1][1], '^%d+')) or 0
