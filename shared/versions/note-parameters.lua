-- Notes with which parameters a query was asked, and forgets all but the latest.
-- KEYS[1] recent (sorted set: parameters as JSON -> when, us)
-- ARGV[1] parameters   ARGV[2] how many are kept   ARGV[3] lifetime of all (ms)
-- returns 1
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000000 + time[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -(tonumber(ARGV[2]) + 1))
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
