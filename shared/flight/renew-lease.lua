-- Renews a lease for the holder that it names.
-- KEYS[1] lease (string: the holder)
-- ARGV[1] holder   ARGV[2] lifetime (ms)
-- returns 1 when renewed, 0 when the lease is another's or gone
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
