-- Reads the beats of the living workers and forgets those of the dead; says how much waits and how full the server is.
-- KEYS[1] workers (hash: worker id -> '<ms> <load>')   then two for each class: waiting (list), prioritized (sorted set)
-- ARGV[1] a worker whose beat is older than this (ms) is dead
-- returns { { id, age (ms), load, id, age, load, ... }, { how many wait in each class, in order }, INFO memory or '' }
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local living = {}
local beats = redis.call('HGETALL', KEYS[1])
for i = 1, #beats, 2 do
  local at, load = string.match(beats[i + 1], '^(%d+) (.*)$')
  local age = at and now - at
  -- A beat from the future is one from before this server's clock was set back: who lives writes the next at once.
  if age and math.abs(age) <= tonumber(ARGV[1]) then
    living[#living + 1] = beats[i]
    living[#living + 1] = math.max(0, age)
    living[#living + 1] = load
  else
    redis.call('HDEL', KEYS[1], beats[i])
  end
end
local depths = {}
for i = 2, #KEYS, 2 do
  depths[#depths + 1] = redis.call('LLEN', KEYS[i]) + redis.call('ZCARD', KEYS[i + 1])
end
-- Who may not ask for INFO knows the rest all the same.
local memory = redis.pcall('INFO', 'memory')
return { living, depths, type(memory) == 'string' and memory or '' }
