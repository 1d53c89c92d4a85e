-- Ends the turn of the holder that it names: nobody has another before the rest of the period is over.
-- KEYS[1] turn (string: its holder)
-- ARGV[1] holder   ARGV[2] the rest of the period (ms); 0 or less frees the turn at once
-- returns 1 when it was the holder's, 0 when it is another's or gone
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
