-- Keeps the last word on a subject and hands it on, in one piece: who reads the marks and then follows the stream from
-- its end misses nothing.
--
-- KEYS  1 stream, 2 words by subject, each behind its mark, 3 marks by subject.
-- ARGV  1 subject, 2 word, 3 token that no other order has, 4 most entries of the stream.
-- Returns the place of the order, which is one more than that of the order before it.
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local place = 1
if last[1] then
  place = tonumber(string.match(last[1][1], '^%d+')) + 1
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], string.format('%.0f-1', place), 'subject', ARGV[1], 'token', ARGV[3])
local mark = string.format('%.0f %s', place, ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], mark .. '\n' .. ARGV[2])
redis.call('HSET', KEYS[3], ARGV[1], mark)
return place
