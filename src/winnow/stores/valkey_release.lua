#!lua flags=allow-oom
-- Deletes what was put aside of one user, unless that is by now something else; it needs no memory to speak of.
-- KEYS  1 mark; then all that may have been put aside.
-- ARGV  1 token.
if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then
  redis.call('DEL', unpack(KEYS))
end
