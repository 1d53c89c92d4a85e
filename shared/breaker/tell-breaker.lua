-- Says that a breaker opened or closed: gives the news its order, keeps it for who comes later, tells who listens.
-- An opening holds the probe's place for its time; a place that another's probe has for longer is left to it.
-- KEYS[1] news (string: JSON of name, kind, order, forMs, by)   KEYS[2] probe's place (string: its holder)
-- ARGV[1] name   ARGV[2] 'opened' or 'closed'   ARGV[3] open for (ms)   ARGV[4] by: the teller's own probe, or a random id
-- ARGV[5] lifetime of the news (ms)   ARGV[6] channel
-- returns the order: Redis's time in ms, or one more than the last where that is not later
local clock = redis.call('TIME')
local order = clock[1] * 1000 + math.floor(clock[2] / 1000)
local last = string.match(redis.call('GET', KEYS[1]) or '', '"order":(%d+)')
if last then
  order = math.max(order, last + 1)
end
local holder = redis.call('GET', KEYS[2])
local own = holder == ARGV[4]
if ARGV[2] == 'opened' then
  if own or redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then
    redis.call('SET', KEYS[2], string.format('opened:%.0f', order), 'PX', ARGV[3])
  end
elseif own or (holder and string.sub(holder, 1, 7) == 'opened:') then
  redis.call('DEL', KEYS[2])
end
local news = { name = ARGV[1], kind = ARGV[2], order = order, forMs = tonumber(ARGV[3]), by = ARGV[4] }
local text = cjson.encode(news)
redis.call('SET', KEYS[1], text, 'PX', ARGV[5])
redis.call('PUBLISH', ARGV[6], text)
return order
