-- Renews a lease for the holder that it names, and tells him until when his flight is wanted.
-- KEYS[1] lease (string: the holder)   KEYS[2] wants (sorted set: watcher → until when, ms since the epoch)
-- ARGV[1] holder   ARGV[2] lifetime (ms)
-- returns {until when, or false when nobody has said} when renewed, false when the lease is another's or gone
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return false
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] or false}
