#!lua
-- Puts aside all that is kept of one user, so that it can go elsewhere, and returns it. What was put aside before and
-- has not been released comes first: then that is returned, and nothing else is touched.
--
-- KEYS  1 mark; 2 count, then sorted sets of events, then bitmaps; then as many names under which these are put aside.
-- ARGV  1 token, 2 target, 3 instant, 4 life of the mark in seconds, 5 number of sorted sets.
-- Returns nothing where there is nothing, or: token, target, instant, count, members of each set, bitmaps.
local names, sets = (#KEYS - 1) / 2, tonumber(ARGV[5])

if redis.call('EXISTS', KEYS[1]) == 0 then
  if redis.call('EXISTS', unpack(KEYS, 2, names + 1)) == 0 then
    return false
  end
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'target', ARGV[2], 'at', ARGV[3])
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  for place = 2, names + 1 do
    if redis.call('EXISTS', KEYS[place]) == 1 then
      redis.call('RENAME', KEYS[place], KEYS[place + names])
    end
  end
end

local token, target, at = unpack(redis.call('HMGET', KEYS[1], 'token', 'target', 'at'))
local members = {}
for place = 1, sets do
  members[place] = redis.call('ZRANGE', KEYS[names + 2 + place], 0, -1)
end
local bitmaps = redis.call('MGET', unpack(KEYS, names + 3 + sets))
return {token, target, at, redis.call('GET', KEYS[names + 2]) or '0', members, bitmaps}
