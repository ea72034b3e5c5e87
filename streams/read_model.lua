-- Apply a batch of one Kafka partition and its new position, or nothing.
-- ARGV: key prefix, topic/partition, position believed to be stored ('' for none), new position, changes kept,
-- alerts kept that are over, then operations: a word and its arguments. Returns {1, new position}, or {0, the position that is stored}.
-- The history's keys are not in KEYS: this is for one Redis, not for a cluster.
local prefix, partition, believed, position, kept, over_kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local function key(name) return prefix .. name end

local stored = redis.call('HGET', key('positions'), partition) or ''
if stored ~= believed then return {0, stored} end

-- What is over is kept for a while; the whole history stays in Kafka.
local function forget_oldest()
  local too_many = redis.call('ZCARD', key('over')) - over_kept
  if too_many <= 0 then return end
  for _, id in ipairs(redis.call('ZRANGE', key('over'), 0, too_many - 1)) do
    redis.call('DEL', key('history:' .. id), key('untold:' .. id))
    redis.call('HDEL', key('alerts'), id)
    redis.call('HDEL', key('evidence'), id)
    redis.call('HDEL', key('incident_of'), id)
    redis.call('HDEL', key('withheld'), id)
    redis.call('ZREM', key('opened'), id)
    redis.call('ZREM', key('over'), id)
  end
end

local figures = false
local apply = {
  -- A version that is known is not told again: this is what makes a rebuild silent.
  alert = function(id, version, open, opened, line)
    if redis.call('HSETNX', key('history:' .. id), version, line) == 0 then return end
    redis.call('HSET', key('alerts'), id, line)
    redis.call('ZADD', key('opened'), opened, id)
    local is, was = key('open'), key('over')
    if open ~= '1' then is, was = was, is end
    redis.call('ZADD', is, opened, id)
    redis.call('ZREM', was, id)
    redis.call('XADD', key('changes'), 'MAXLEN', '~', kept, '*', 'change', line)
  end,
  answer = function(command, json) redis.call('SET', key('answer:' .. command), json, 'EX', 86400) end,
  silence = function(id, json) redis.call('HSET', key('silences'), id, json) end,
  roster = function(id, json) redis.call('HSET', key('rosters'), id, json); figures = true end,
  joined = function(id, incident) redis.call('HSET', key('incident_of'), id, incident); figures = true end,
  incident = function(id, json) redis.call('HSET', key('incidents'), id, json); figures = true end,
  untold = function(id, version, json)
    redis.call('HSET', key('untold:' .. id), version, json)
    redis.call('HSET', key('withheld'), id, json)
  end,
  evidence = function(id, json) redis.call('HSET', key('evidence'), id, json) end,
  facts = function(subject, json) redis.call('HSET', key('facts'), subject, json); figures = true end,
  tally = function(field, total, count)
    local before = redis.call('HGET', key('tallies'), field) or 0
    redis.call('HSET', key('tallies'), field, count)
    redis.call('HINCRBY', key('totals'), total, count - before)
    figures = true
  end,
  space = function(json) redis.call('SET', key('space'), json); figures = true end,
  now = function(at)
    local before = redis.call('GET', key('now'))
    if not before or tonumber(at) > tonumber(before) then redis.call('SET', key('now'), at); figures = true end
  end,
}
local arguments = {
  alert = 5, roster = 2, joined = 2, incident = 2, answer = 2, silence = 2, untold = 3, evidence = 2, facts = 2, tally = 3, space = 1, now = 1,
}

local i = 7
while ARGV[i] do
  local count = arguments[ARGV[i]]
  apply[ARGV[i]](unpack(ARGV, i + 1, i + count))
  i = i + 1 + count
end
forget_oldest()
redis.call('HSET', key('positions'), partition, position)
if figures then redis.call('XADD', key('pulse'), 'MAXLEN', '1', '*', 'figures', '1') end
return {1, position}
