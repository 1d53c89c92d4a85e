-- Adds what was asked for to the demand of a query. A score is the base-2 logarithm of how often a set was asked for, each
-- time counting twice as much as one a half-life before: nothing has to be written for it to fade, and it never overflows.
-- KEYS[1] demand (sorted set: fingerprint → score)   KEYS[2] asked (hash: p:<fingerprint> → parameters as JSON,
-- c:<fingerprint> → callers, separated by spaces, run → how long a flight usually runs, ms)
-- ARGV[1] lifetime (ms)   ARGV[2] most sets   ARGV[3] most callers of a set   ARGV[4] usual run (ms), '' when unknown
-- ARGV[5…] in turn: fingerprint, score of what is added, parameters as JSON, callers separated by spaces
-- returns how many sets there are now
local function joined(standing, added)
  local high, low = math.max(standing, added), math.min(standing, added)
  return high + math.log(1 + 2 ^ (low - high)) / math.log(2)
end
local function merged(standing, added)
  local known, callers = {}, {}
  for caller in (standing .. ' ' .. added):gmatch('%S+') do
    if not known[caller] and #callers < tonumber(ARGV[3]) then
      known[caller] = true
      callers[#callers + 1] = caller
    end
  end
  return table.concat(callers, ' ')
end
for i = 5, #ARGV, 4 do
  local fingerprint, added = ARGV[i], tonumber(ARGV[i + 1])
  local standing = redis.call('ZSCORE', KEYS[1], fingerprint)
  local score = standing and joined(tonumber(standing), added) or added
  redis.call('ZADD', KEYS[1], string.format('%.17g', score), fingerprint)
  local callers = redis.call('HGET', KEYS[2], 'c:' .. fingerprint) or ''
  redis.call('HSET', KEYS[2], 'p:' .. fingerprint, ARGV[i + 2], 'c:' .. fingerprint, merged(callers, ARGV[i + 3]))
end
for _, least in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1 - tonumber(ARGV[2]))) do
  redis.call('ZREM', KEYS[1], least)
  redis.call('HDEL', KEYS[2], 'p:' .. least, 'c:' .. least)
end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], 'run', ARGV[4]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return redis.call('ZCARD', KEYS[1])
