-- Removes bytes that could not be read, unless something else stands there by now: its first bytes, or its type, differ.
-- KEYS[1] entry or snapshot
-- ARGV[1] the first bytes as they were read, 12 or all of them; nothing when the key held no string
-- returns 1 when they were removed, else 0
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'string' then
  if ARGV[1] == '' or redis.call('GETRANGE', KEYS[1], 0, 11) ~= ARGV[1] then
    return 0
  end
elseif ARGV[1] ~= '' then
  return 0
end
return redis.call('UNLINK', KEYS[1])
