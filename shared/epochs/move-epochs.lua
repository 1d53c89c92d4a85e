-- Moves epochs forward, each instant by itself and never back, and forgets those that concern nothing any more.
-- KEYS[1] epochs (hash: field → "soft,purge,unchanged" in ms since the epoch, and "version")
-- ARGV[1] the new version   ARGV[2] what last moved before this (ms) is forgotten   ARGV[3] the most single entries
-- ARGV[4], … a field and its epoch, in turn
-- returns 1 when they have moved, 0 when that would be too many single entries: then none has
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then
  redis.call('UNLINK', KEYS[1])
end

local function instants(text)
  local soft, purge, unchanged = string.match(text, '^(%d+),(%d+),(%d+)$')
  return {tonumber(soft or 0), tonumber(purge or 0), tonumber(unchanged or 0)}
end

local known, entries, added = {}, 0, 0
local stored = redis.call('HGETALL', KEYS[1])
for index = 1, #stored, 2 do
  local field, epoch = stored[index], instants(stored[index + 1])
  if field ~= 'version' and math.max(unpack(epoch)) < tonumber(ARGV[2]) then
    redis.call('HDEL', KEYS[1], field)
  else
    known[field] = epoch
    if string.sub(field, 1, 6) == 'entry:' then entries = entries + 1 end
  end
end
for index = 4, #ARGV, 2 do
  if string.sub(ARGV[index], 1, 6) == 'entry:' and not known[ARGV[index]] then added = added + 1 end
end
if added > 0 and entries + added > tonumber(ARGV[3]) then return 0 end

for index = 4, #ARGV, 2 do
  local old, new = known[ARGV[index]] or {0, 0, 0}, instants(ARGV[index + 1])
  for which = 1, 3 do new[which] = math.max(old[which], new[which]) end
  redis.call('HSET', KEYS[1], ARGV[index], string.format('%.0f,%.0f,%.0f', unpack(new)))
end
redis.call('HSET', KEYS[1], 'version', ARGV[1])
return 1
