-- Writes a worker's beat, stamped with this server's time: the workers' own clocks may be off.
-- KEYS[1] workers (hash: worker id -> '<ms> <load as JSON>')
-- ARGV[1] worker id   ARGV[2] load   ARGV[3] lifetime of the whole hash (ms)
-- returns 1
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
