#!lua flags=allow-oom
-- Counts events of one type as `DecayedCounts` does, each once: those that are not later in their shard than the last
-- one that was counted are passed over. It takes memory by items and not by events, and counting must not stand in the
-- way of the writer, who frees more.
--
-- KEYS  1 weights by item, 2 the last entry that was counted, by shard, and the half-life in seconds.
-- ARGV  1 half-life in seconds; then of each event: shard, milliseconds and number of its entry, item hash and time as
--       bytes. Returns how many were new; or the half-life of what is there, as text, if it is another one.
local half_life = tonumber(ARGV[1])
redis.call('HSETNX', KEYS[2], 'half_life_s', ARGV[1])
local counted_with = redis.call('HGET', KEYS[2], 'half_life_s')
if counted_with ~= ARGV[1] then
  return counted_with
end

local function left(age)
  return 0.5 ^ (math.max(age, 0) / half_life)
end

local marks = {}
local function mark_of(shard)
  if not marks[shard] then
    local kept = redis.call('HGET', KEYS[2], shard) or '0-0'
    local ms, number = string.match(kept, '^(%d+)-(%d+)$')
    marks[shard] = {ms = tonumber(ms), number = tonumber(number)}
  end
  return marks[shard]
end

local new = 0
for first = 2, #ARGV, 4 do
  local mark, ms, number = mark_of(ARGV[first]), tonumber(ARGV[first + 1]), tonumber(ARGV[first + 2])
  if ms > mark.ms or (ms == mark.ms and number > mark.number) then
    mark.ms, mark.number, mark.is_new = ms, number, true
    local item, at = struct.unpack('<c8d', ARGV[first + 3])
    local weight, as_of = 0, at
    local kept = redis.call('HGET', KEYS[1], item)
    if kept then
      weight, as_of = struct.unpack('<dd', kept)
    end
    local latest = math.max(as_of, at)
    weight = weight * left(latest - as_of) + left(latest - at)
    redis.call('HSET', KEYS[1], item, struct.pack('<dd', weight, latest))
    new = new + 1
  end
end
for shard, mark in pairs(marks) do
  if mark.is_new then
    redis.call('HSET', KEYS[2], shard, string.format('%.0f-%.0f', mark.ms, mark.number))
  end
end
return new
