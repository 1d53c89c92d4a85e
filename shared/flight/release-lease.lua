-- Frees a lease for the holder that it names, and forgets the flight's warehouse job when it has settled.
-- KEYS[1] lease (string: the holder)   KEYS[2] warehouse job id (string)
-- ARGV[1] holder   ARGV[2] 1 when the warehouse job has settled
-- returns 1 when freed, 0 when the lease is another's or gone
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
if ARGV[2] == '1' then
  redis.call('DEL', KEYS[2])
end
return 1
