#!lua flags=allow-oom
-- Marks the log as somebody's unless it is another's, and says whose it is: also where memory is out, since only the
-- owner frees it.
-- KEYS  1 mark.  ARGV  1 name.
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
