-- Takes a free lease and, in the same step, writes down the warehouse job id of its flight unless one stands there.
-- KEYS[1] lease (string: the holder)   KEYS[2] warehouse job id (string)
-- ARGV[1] holder   ARGV[2] the lease's lifetime (ms)   ARGV[3] job id   ARGV[4] the job id's lifetime (ms)
-- returns the job id that stands there now, or false when the lease is another's
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return false
end
local standing = redis.call('GET', KEYS[2])
if standing then
  return standing
end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return ARGV[3]
