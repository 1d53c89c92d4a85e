-- Takes a free lease and, in the same step, writes down the warehouse job id of its flight unless one stands there.
-- KEYS[1] lease (string: the holder)   KEYS[2] warehouse job id (string)   KEYS[3] tries (string: a number)   KEYS[4] wants (sorted set)
-- KEYS[5] landing (string)
-- ARGV[1] holder   ARGV[2] the lease's lifetime (ms)   ARGV[3] job id   ARGV[4] the job id's lifetime (ms)
-- ARGV[5] how long tries are remembered (ms)   ARGV[6] from how many tries on they are no longer counted anew
-- returns {the job id that stands there now, tries with this one, until when the flight is wanted or false, 1 when one has lately landed}; false when the lease is another's
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return false
end
local jobId = redis.call('GET', KEYS[2])
if not jobId then
  jobId = ARGV[3]
  redis.call('SET', KEYS[2], jobId, 'PX', ARGV[4])
end
local tries = tonumber(redis.call('GET', KEYS[3]) or '0') + 1
if tries < tonumber(ARGV[6]) then
  redis.call('SET', KEYS[3], tries, 'PX', ARGV[5])
end
return {jobId, tries, redis.call('ZREVRANGE', KEYS[4], 0, 0, 'WITHSCORES')[2] or false, redis.call('EXISTS', KEYS[5])}
