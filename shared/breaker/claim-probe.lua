-- Takes the place of the fleet's one probe, unless it is taken or the breaker has closed behind the claimant's back.
-- KEYS[1] news (string: JSON of name, kind, order, forMs, by)   KEYS[2] probe's place (string: its holder)
-- ARGV[1] probe id   ARGV[2] the place's lifetime (ms)   ARGV[3] order of the last news that the claimant has heard
-- returns {'probe', ''}, {'busy', holder} or {'closed', order}
local last = redis.call('GET', KEYS[1]) or ''
local order = string.match(last, '"order":(%d+)')
if order and tonumber(order) > tonumber(ARGV[3]) and string.find(last, '"kind":"closed"', 1, true) then
  return { 'closed', order }
end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return { 'probe', '' }
end
return { 'busy', redis.call('GET', KEYS[2]) }
