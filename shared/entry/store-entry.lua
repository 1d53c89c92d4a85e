-- Stores an entry unless a newer one stands there already: a late or zombie worker never overwrites a newer value.
-- One that claims to be from the writer's future is not believed: it would keep every new entry out until then.
-- KEYS[1] entry (string: "PNC1", checksum and header length, header JSON with "asOf", rows)
-- ARGV[1] the encoded entry   ARGV[2] its asOf (ms)   ARGV[3] its lifetime (ms)   ARGV[4] the latest asOf to believe (ms)
-- returns 1 when it was stored, 0 when a newer one was kept
local stored = redis.pcall('GETRANGE', KEYS[1], 0, 4095)
if type(stored) == 'string' and string.sub(stored, 1, 4) == 'PNC1' then
  local asOf = tonumber(string.match(stored, '"asOf":(%d+%.?%d*)'))
  if asOf and asOf > tonumber(ARGV[2]) and asOf <= tonumber(ARGV[4]) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
