-- Leases of shared limits: KEYS[1] is the hash of all proxies, each further key the hash of one limit.
-- ARGV: node, run, seq, last seq heard, epoch known, part of an epoch to begin, how long one learns and one counts
-- as hungry (ms), then for each limit: kind (B budget, R rate, S slots), standing (0 fresh, 1 known, 2 published,
-- 3 leaving), limit, floor, committed, want, need, standby, time to live (ms).
-- A limit's hash: l:, c: and h: of each proxy are its lease, what it committed and when it was short; of a rate f is
-- what is free and t when it was so much. The leases of budgets and slots sum up to the limit at most. Of a rate, what
-- is free, what is lent and not used, and what proxies without a lease may use do.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all, node = KEYS[1], ARGV[1]
local run, seq, heard = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local FORGOTTEN, GONE, SILENT = 40 * 86400000, 60000, 5000

local function begin()
  local epoch = ARGV[6] .. ':' .. string.format('%.0f', now) .. ':' .. ARGV[3]
  redis.call('HSET', all, 'epoch', epoch, 'born', now)
  return {'epoch', epoch, now}
end

local known, runs, seen = {}, {}, {}
local flat = redis.call('HGETALL', all)
for i = 1, #flat, 2 do
  known[flat[i]] = flat[i + 1]
end
if not known.epoch then
  return begin()
end
if known.epoch ~= ARGV[5] then
  return {'epoch', known.epoch, now}
end
local lastRun, lastSeq = tonumber(known['run:' .. node] or '0'), tonumber(known['seq:' .. node] or '0')
if lastRun > run then
  return {'superseded'}
end
if heard > 0 and (lastRun < run or lastSeq < heard) then
  -- This Redis was set back: it does not know what it has said.
  return begin()
end
local stale = lastRun == run and lastSeq >= seq
if not stale then
  redis.call('HSET', all, 'run:' .. node, run, 'seq:' .. node, seq, 'seen:' .. node, now)
  known['run:' .. node], known['seen:' .. node] = run, now
end
if not known.last or now - known.last > SILENT then
  -- Nobody was heard: that says nothing of any of them.
  redis.call('HSET', all, 'gap', now)
  known.gap = now
end
redis.call('HSET', all, 'last', now)
-- Until those who had a lease before the store lost it have said so, nobody is lent more.
local learning = now - known.born < tonumber(ARGV[7])

local nodes = 0
for field, value in pairs(known) do
  local what, who = string.match(field, '^(%a+):(.*)$')
  if what == 'seen' then
    seen[who] = tonumber(value)
    if now - seen[who] < 10000 then
      nodes = nodes + 1
    elseif now - seen[who] > FORGOTTEN then
      redis.call('HDEL', all, 'run:' .. who, 'seq:' .. who, 'seen:' .. who)
    end
  elseif what == 'run' then
    runs[who] = tonumber(value)
  end
end
nodes = math.max(nodes, 1)

-- A process that is over, or was not heard for long while others were.
local function gone(process)
  local who, its = string.match(process, '^(.*)@(%d+)$')
  return runs[who] ~= tonumber(its) or (now - seen[who] > GONE and now - known.gap > GONE)
end

local reply = {'leases', learning and 1 or 0, nodes}
for k = 2, #KEYS do
  local key, a = KEYS[k], 9 + (k - 2) * 9
  local kind, standing = ARGV[a], tonumber(ARGV[a + 1])
  local limit, floor, committed = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  local want, need, standby = tonumber(ARGV[a + 5]), tonumber(ARGV[a + 6]), tonumber(ARGV[a + 7])
  local me = kind == 'B' and node or node .. '@' .. string.format('%.0f', run)
  local cur, mine, others, elsewhere, unused, holders, hungry = nil, 0, 0, 0, 0, 1, 0
  local leases, commits, free, at = {}, {}, nil, now
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local what, who, value = string.sub(fields[i], 1, 2), string.sub(fields[i], 3), tonumber(fields[i + 1])
    if fields[i] == 'f' then
      free = value
    elseif fields[i] == 't' then
      at = value
    elseif who ~= me and kind ~= 'B' and gone(who) then
      redis.call('HDEL', key, fields[i])
    elseif what == 'l:' then
      leases[who] = value
    elseif what == 'c:' then
      commits[who] = value
    elseif who ~= me and what == 'h:' and now - value < tonumber(ARGV[8]) then
      hungry = hungry + 1
    end
  end
  for who, value in pairs(leases) do
    if who == me then
      cur, mine = value, commits[who] or 0
    else
      others, elsewhere, holders = others + value, elsewhere + (commits[who] or 0), holders + 1
      unused = unused + math.max(0, value - (commits[who] or 0))
    end
  end

  if standing == 1 and not cur and kind == 'B' then
    -- It was lost, whoever else had a lease of it.
    return begin()
  end
  if standing == 1 and not cur then
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = '-1', '0', '0'
  else
    if standing == 3 and not cur then
      floor, want, committed = math.min(floor, standby), math.min(want, standby), math.min(committed, standby)
    end
    cur = cur or 0
    local lease = cur
    -- Of a limit so small that it has no tenth for them, proxies without a lease may use a little more than there is.
    local idle = standby * 10 * nodes > limit and 0 or standby * math.max(0, nodes - holders)
    if kind == 'R' then
      free = free or (standing == 2 and 0 or limit)
      if standing == 0 then
        free, cur = free + cur - mine, 0
      elseif standing == 2 then
        cur = floor
      end
      -- While the others do not know yet that this Redis is there, they still lend themselves what comes back.
      at = math.max(at, known.born + 2000)
      free = math.min(free + math.max(0, now - at) * limit / 60000, limit - unused - math.max(0, cur - committed) - idle)
    end
    local function left()
      return kind == 'R' and free + cur - lease or limit - others - lease - idle
    end
    if not stale then
      -- What a proxy gives back for what it asks is free for it, too.
      lease = math.max(math.min(cur, want), floor)
      if need > 0 then lease = floor end
      local short = false
      if want > lease then
        local most = math.max(0, math.floor(left()))
        local share = math.floor(most / (need > 0 and nodes or 2 * nodes))
        local more = math.min(want - lease, most, math.max(need, share))
        if learning or more < need then
          more = 0
          short = need > 0
        end
        lease = math.max(lease + more, math.min(cur, want))
        if need > 0 and short then lease = floor end
      end
      if kind == 'R' then
        redis.call('HSET', key, 'f', string.format('%.6f', left()), 't', string.format('%.0f', now))
      end
      if standing == 3 then
        redis.call('HDEL', key, 'l:' .. me, 'c:' .. me, 'h:' .. me)
      else
        redis.call('HSET', key, 'l:' .. me, string.format('%.0f', lease), 'c:' .. me, string.format('%.0f', committed))
        if short then
          redis.call('HSET', key, 'h:' .. me, now)
        else
          redis.call('HDEL', key, 'h:' .. me)
        end
      end
      redis.call('PEXPIRE', key, ARGV[a + 8])
    end
    reply[#reply + 1] = string.format('%.0f', lease)
    reply[#reply + 1] = string.format('%.0f', kind == 'R' and math.max(0, math.floor(left())) or elsewhere)
    reply[#reply + 1] = tostring(hungry)
  end
end
return reply
