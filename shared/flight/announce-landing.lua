-- Writes down how a flight has landed, counts its failures in a row, and tells everybody.
-- KEYS[1] landing (string)   KEYS[2] failures (string: a number)
-- ARGV[1] outcome, 'stored' or 'failed'   ARGV[2] the landing as it is kept   ARGV[3] its lifetime (ms)   ARGV[4] that of the failures (ms)
-- ARGV[5] channel   ARGV[6] the landing as it is told
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if ARGV[1] == 'stored' then
  redis.call('DEL', KEYS[2])
else
  redis.call('INCR', KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return redis.call('PUBLISH', ARGV[5], ARGV[6])
