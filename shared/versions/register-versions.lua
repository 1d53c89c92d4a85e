-- Registers versions of queries: one that nobody knew is put in front of its query's list, one that is known stays where
-- it stands. What falls off the end of a list loses its text.
-- KEYS[1] known (hash: query -> its versions as JSON, newest first)   KEYS[2] texts (hash: '<query> <version>' -> text)
-- ARGV[1] most versions of a query   ARGV[2] lifetime of both (ms)   ARGV[3] channel
-- then five for each query: name, version, row shape, parameters shape, text ('' keeps none)
-- returns how many nobody knew
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function versions_of(query)
  local ok, list = pcall(cjson.decode, redis.call('HGET', KEYS[1], query) or '[]')
  return ok and type(list) == 'table' and list or {}
end
local added = 0
for i = 4, #ARGV, 5 do
  local query, version = ARGV[i], ARGV[i + 1]
  local list, known = versions_of(query), false
  for _, one in ipairs(list) do
    known = known or (type(one) == 'table' and one.version == version)
  end
  if not known then
    local own = { version = version, rowShape = ARGV[i + 2], parametersShape = ARGV[i + 3], firstSeenAt = now }
    table.insert(list, 1, own)
    while #list > tonumber(ARGV[1]) do
      local oldest = table.remove(list)
      redis.call('HDEL', KEYS[2], query .. ' ' .. tostring(type(oldest) == 'table' and oldest.version))
    end
    redis.call('HSET', KEYS[1], query, cjson.encode(list))
    added = added + 1
  end
  if ARGV[i + 4] ~= '' then redis.call('HSET', KEYS[2], query .. ' ' .. version, ARGV[i + 4]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
if added > 0 then redis.call('PUBLISH', ARGV[3], added) end
return added
