-- Gives the place of the fleet's one probe back, if the probe that is named still has it.
-- KEYS[1] probe's place (string: its holder)
-- ARGV[1] probe id
-- returns 1 when freed, 0 when the place is another's or free already
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
