#!lua
-- Stores events of one user, all or none, and returns how many were new. The server refuses a script with this first
-- line before it begins when memory is out, and runs nothing between its calls; so nothing is ever half written.
--
-- KEYS  1 count, 2 log, 3-5 event ids of three days, the present one first; then sorted sets of events, then bitmaps.
-- ARGV  1 room of each type, 2 life of events in seconds, 3 life of event ids in seconds, 4 levels of a bitmap,
--       5 arguments of each event; then of each event: its hashed id, the place of its sorted set in KEYS, its time,
--       item hash and time as bytes, the place of its bitmap in KEYS or 0, the life of that in seconds, and the fields
--       and values of its entry in the log.
local room, events_life, ids_life, width = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[5])

local levels = {}
for at = 1, #ARGV[4], 12 do
  local start, bits, hashes = struct.unpack('<I4I4I4', ARGV[4], at)
  levels[#levels + 1] = {start = start, bits = bits, hashes = hashes}
end

-- As `places` of seen_days.py has it; no term reaches 2^53, up to which a number is exact.
local function place(level, lower, upper, i)
  return level.start + (lower + upper * i + (i * i * i - i) / 6) % level.bits
end

local function holds(key, level, lower, upper)
  for i = 0, level.hashes - 1 do
    if redis.call('GETBIT', key, place(level, lower, upper, i)) == 0 then
      return false
    end
  end
  return true
end

local function is_full(key, level)
  local first = level.start / 8
  return 2 * redis.call('BITCOUNT', key, first, first + level.bits / 8 - 1) >= level.bits
end

local function mark(key, life, lower, upper)
  local bits = 8 * redis.call('STRLEN', key)
  local last = 1
  for number, level in ipairs(levels) do
    if level.start < bits then
      if holds(key, level, lower, upper) then
        return
      end
      last = number
    end
  end
  local level = levels[last]
  if bits == 0 then
    -- A bitmap of its full size from the start takes half the memory of one that grows to it.
    redis.call('SETBIT', key, level.bits - 1, 0)
  end
  if levels[last + 1] and is_full(key, level) then
    level = levels[last + 1]
  end
  for i = 0, level.hashes - 1 do
    redis.call('SETBIT', key, place(level, lower, upper, i), 1)
  end
  redis.call('EXPIRE', key, life)
end

local function is_known(id)
  for day = 3, 5 do
    if redis.call('SISMEMBER', KEYS[day], id) == 1 then
      return true
    end
  end
  return false
end

local new = 0
for first = 6, #ARGV, width do
  local id, events, at, item_and_time, seen, seen_life = unpack(ARGV, first, first + 5)
  if not is_known(id) then
    new = new + 1
    redis.call('SADD', KEYS[3], id)
    -- Members sort by arrival where times are equal, and no two are alike.
    local arrived = redis.call('INCR', KEYS[1])
    local key = KEYS[tonumber(events)]
    redis.call('ZADD', key, at, struct.pack('>I8', arrived) .. item_and_time)
    redis.call('ZREMRANGEBYRANK', key, 0, -room - 1)
    redis.call('EXPIRE', key, events_life)
    if seen ~= '0' then
      local lower, upper = struct.unpack('<I4I4', item_and_time)
      mark(KEYS[tonumber(seen)], seen_life, lower, upper)
    end
    redis.call('XADD', KEYS[2], '*', unpack(ARGV, first + 6, first + width - 1))
  end
end
if new > 0 then
  redis.call('EXPIRE', KEYS[1], events_life)
  redis.call('EXPIRE', KEYS[3], ids_life)
end
return new
