-- Looks at a fingerprint's flight and, in the same step, says until when the one who looks wants it.
-- KEYS[1] lease   KEYS[2] landing   KEYS[3] failures   KEYS[4] wants (sorted set: watcher → until when, ms since the epoch)
-- ARGV[1] watcher, '' for one who only looks   ARGV[2] until when, 0 for no more   ARGV[3] wants older than this are forgotten
-- ARGV[4] the wants' lifetime (ms)
-- returns {1 when a flight is in the air, the landing or false, failures in a row or false}
if ARGV[1] ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[4], 1, ARGV[3])
  -- A set without members is no key: with this one "nobody wants it any more" differs from "nobody has said".
  redis.call('ZADD', KEYS[4], 0, '-')
  if ARGV[2] == '0' then
    redis.call('ZREM', KEYS[4], ARGV[1])
  else
    redis.call('ZADD', KEYS[4], ARGV[2], ARGV[1])
  end
  redis.call('PEXPIRE', KEYS[4], ARGV[4])
end
return {redis.call('EXISTS', KEYS[1]), redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3])}
