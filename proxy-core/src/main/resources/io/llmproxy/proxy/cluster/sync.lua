-- Leases of shared limits: KEYS[1] is the hash of all proxies, each further key the hash of one limit.
-- ARGV: node, run, seq, epoch known, epoch to begin, how long one learns and one counts as hungry (ms),
-- then for each limit: limit, floor, committed, want, need, time to live (ms). Amounts are whole micro-dollars.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all, node = KEYS[1], ARGV[1]
local run, seq = tonumber(ARGV[2]), tonumber(ARGV[3])

if redis.call('HEXISTS', all, 'epoch') == 0 then
  redis.call('HSET', all, 'epoch', ARGV[5], 'born', now)
end
local epoch = redis.call('HGET', all, 'epoch')
if epoch ~= ARGV[4] then
  return {'epoch', epoch, now}
end

local lastRun = tonumber(redis.call('HGET', all, 'run:' .. node) or '0')
if lastRun > run then
  return {'superseded'}
end
local lastSeq = tonumber(redis.call('HGET', all, 'seq:' .. node) or '0')
local stale = lastRun == run and lastSeq >= seq
if not stale then
  redis.call('HSET', all, 'run:' .. node, run, 'seq:' .. node, seq, 'seen:' .. node, now)
end
-- Until those who had a lease before the store lost it have said so, nobody is lent more.
local learning = now - tonumber(redis.call('HGET', all, 'born')) < tonumber(ARGV[6])

local nodes = 0
local known = redis.call('HGETALL', all)
for i = 1, #known, 2 do
  if string.sub(known[i], 1, 5) == 'seen:' and now - tonumber(known[i + 1]) < 10000 then
    nodes = nodes + 1
  end
end
nodes = math.max(nodes, 1)

local reply = {'leases', learning and 1 or 0}
for k = 2, #KEYS do
  local key, a = KEYS[k], 8 + (k - 2) * 6
  local limit, floor, committed = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local want, need, ttl = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4]), ARGV[a + 5]
  local cur, others, elsewhere, hungry = 0, 0, 0, 0
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local what, who, value = string.sub(fields[i], 1, 2), string.sub(fields[i], 3), tonumber(fields[i + 1])
    if what == 'l:' then
      if who == node then cur = value else others = others + value end
    elseif who ~= node and what == 'c:' then
      elsewhere = elsewhere + value
    elseif who ~= node and what == 'h:' and now - value < tonumber(ARGV[7]) then
      hungry = hungry + 1
    end
  end
  local lease = cur
  if not stale then
    -- What a proxy gives back for what it asks is free for it, too.
    lease = math.max(math.min(cur, want), floor)
    if need > 0 then lease = floor end
    local short = false
    if want > lease then
      local free = math.max(0, limit - others - lease)
      local share = math.floor(free / (need > 0 and nodes or 2 * nodes))
      local more = math.min(want - lease, free, math.max(need, share))
      if learning or more < need then
        more = 0
        short = need > 0
      end
      lease = math.max(lease + more, math.min(cur, want))
      if need > 0 and short then lease = floor end
    end
    redis.call('HSET', key, 'l:' .. node, string.format('%.0f', lease), 'c:' .. node, string.format('%.0f', committed))
    if short then
      redis.call('HSET', key, 'h:' .. node, now)
    else
      redis.call('HDEL', key, 'h:' .. node)
    end
    redis.call('PEXPIRE', key, ttl)
  end
  reply[#reply + 1] = string.format('%.0f', lease)
  reply[#reply + 1] = string.format('%.0f', elsewhere)
  reply[#reply + 1] = tostring(hungry)
end
return reply
