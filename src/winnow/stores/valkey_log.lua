#!lua flags=allow-oom
-- Makes the group of readers of a stream, and the stream, unless they are there. It takes next to no memory, and without
-- a reader the memory that the stream takes would never be freed.
-- KEYS  1 stream.  ARGV  1 group.
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
if type(made) == 'table' and made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then
  return made
end
return 1
