-- Frees a lease for the holder that it names, forgets the flight's warehouse job when it has settled, and settles its tries.
-- KEYS[1] lease (string: the holder)   KEYS[2] warehouse job id (string)   KEYS[3] tries (string: a number)
-- ARGV[1] holder   ARGV[2] 1 when the warehouse job has settled
-- ARGV[3] 'proven': the tries are forgotten; 'given-back': this one does not count; 'guilty': ARGV[4] tries for ARGV[5] ms; 'resting': as before
-- returns 1 when freed, 0 when the lease is another's or gone
if ARGV[3] == 'proven' then
  redis.call('DEL', KEYS[3])
elseif ARGV[3] == 'guilty' then
  redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
elseif ARGV[3] == 'given-back' and tonumber(redis.call('GET', KEYS[3]) or '0') > 0 then
  redis.call('DECR', KEYS[3])
end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
if ARGV[2] == '1' then
  redis.call('DEL', KEYS[2])
end
return 1
