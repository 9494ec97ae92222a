-- Commits one batch of one shard, all of it or nothing: decides duplicates and opened visits, updates the counters and the stream.
--
-- KEYS[1] the shard's meta hash; KEYS[2] its stream. All other keys begin with ARGV[1] and have the same hash tag, so that they are in the
-- same slot.
-- ARGV: 1 prefix, 2 the node, 3 the number of the batch, 4 the time on Redis' clock after which nothing may be counted (Unix milliseconds),
-- 5 the hits to decide, packed as in FORMAT, 6 the visits that need no decision, as numbers by site, country and day (PLAIN),
-- 7 all hits encoded for the stream, those to decide first, 8 their number and the seeds,
-- 9 the number of sites, then their domains, then triples of key, field and value to store in hashes.
-- Returns 'done' or 'again', a decision for each hit to decide (0 counted, 1 opened a visit, 2 duplicate), and outcomes: for each duplicate
-- and each bare visit among them, in order, the country and the number, and then for each of the PLAIN the number of its counter.
-- 'late': the deadline has passed; 'old': a later batch of this node is done. Then nothing changed.
local FORMAT, SIZE = '<c8c8c8dHc2i4B', 41
local PLAIN, PLAIN_SIZE = '<Hc2i4I4', 12
local NOBODY = '\0\0\0\0\0\0\0\0'
local DAY, GAP = 86400000, 1800000
local KEPT_KEY, KEPT_BATCH, KEPT_DAY = DAY, 600000, 3 * DAY
-- Visitors with an open visit are in hashes by the time of their last hit, each for the gap of a visit and a minute of network delay: a
-- visitor who is not in the hash of now or the one before has no open visit. A key of its own for each visitor takes Redis three times as
-- long, and twice the memory.
local SPAN = GAP + 60000
local BARE, BOT, SEED, MORE = 1, 2, 4, 8
local call = redis.call

local prefix, number, deadline, packed = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

-- A batch whose reply was lost is sent again with the same number: it gets the reply again, and is not counted again.
local batchKey = prefix .. 'node:' .. ARGV[2]
local known = call('GET', batchKey)
if known then
  local last, length, rest = struct.unpack('<I6I4', known)
  if last == number then
    -- A write, so that a later WAIT covers the batch too: WAIT covers the last write of its connection, and this one may be new.
    call('PEXPIRE', batchKey, KEPT_BATCH)
    return { 'again', string.sub(known, rest, rest + length - 1), string.sub(known, rest + length) }
  end
  if last > number then return { 'old' } end
end

local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if now > deadline then return { 'late' } end

-- The shard's own time never goes back, even when a failover or an operator sets the clock.
local meta = call('HMGET', KEYS[1], 'number', 'time')
now = math.max(now, tonumber(meta[2] or 0))

local sites = {}
local siteCount = tonumber(ARGV[9])
for i = 1, siteCount do sites[i - 1] = ARGV[9 + i] end

-- Everything that the hits need is read at once: a command for each hit would cost more than all the rest.
local count = #packed / SIZE
local keys, transactions, visitors, times, siteOf, countries, days, flags = {}, {}, {}, {}, {}, {}, {}, {}
local wanted, place = {}, {}
local function want(name)
  if place[name] then return end
  wanted[#wanted + 1] = prefix .. name
  place[name] = #wanted
end
local here, placeHere = {}, {}
-- By site: its counters by country, and the list of countries.
local totals, asked = {}, {}
local function ask(site, country)
  local of = totals[site]
  if not of then
    of = {}
    totals[site], asked[site] = of, {}
  end
  if of[country] then return end
  of[country] = 0
  local list = asked[site]
  list[#list + 1] = country
end
local at = 1
for i = 1, count do
  local key, transaction, visitor, time, site, country, day, flag
  key, transaction, visitor, time, site, country, day, flag, at = struct.unpack(FORMAT, packed, at)
  keys[i] = key ~= NOBODY and 'k:' .. key or false
  transactions[i] = transaction ~= NOBODY and 'k:' .. transaction or false
  -- Bots open no visits.
  visitors[i] = visitor ~= NOBODY and visitor or false
  times[i], siteOf[i], countries[i], days[i], flags[i] = time, site, country, day, flag
  if keys[i] then want(keys[i]) end
  if transactions[i] then want(transactions[i]) end
  if flag < SEED and bit.band(flag, BOT) == 0 then ask(site, country) end
  if visitor ~= NOBODY and not placeHere[visitor] and bit.band(flag, BOT) == 0 then
    here[#here + 1] = visitor
    placeHere[visitor] = #here
  end
end
at = 1
for _ = 1, #ARGV[6] / PLAIN_SIZE do
  local site, country, _, _, next = struct.unpack(PLAIN, ARGV[6], at)
  ask(site, country)
  at = next
end
local AT_ONCE = 4000
local found = {}
for first = 1, #wanted, AT_ONCE do
  local values = call('MGET', unpack(wanted, first, math.min(first + AT_ONCE - 1, #wanted)))
  for i = 1, #values do found[first + i - 1] = values[i] end
end
local span = math.floor(now / SPAN)
local spanKey, spanBefore = prefix .. 'open:' .. span, prefix .. 'open:' .. (span - 1)
local foundHere = {}
for first = 1, #here, AT_ONCE do
  local last = math.min(first + AT_ONCE - 1, #here)
  local values = call('HMGET', spanKey, unpack(here, first, last))
  local before = call('HMGET', spanBefore, unpack(here, first, last))
  for i = 1, #values do foundHere[first + i - 1] = values[i] or before[i] end
end

-- The keys of this batch, and the visitors: the newest visit's first and last hit, and those of a late one.
local added, open = {}, {}

local function answerOf(name) return added[name] or found[place[name]] end

local function touch(name, time)
  local visitor = open[name]
  if not visitor then
    visitor = { 0, 0, 0, 0 }
    local stored = foundHere[placeHere[name]]
    if stored then
      visitor[1], visitor[2] = struct.unpack('<I6I6', stored)
      if #stored > 12 then visitor[3], visitor[4] = struct.unpack('<I6I6', stored, 13) end
    end
    open[name] = visitor
  end
  for i = 1, 3, 2 do
    local first, last = visitor[i], visitor[i + 1]
    if last ~= 0 and time <= last + GAP and time >= first - GAP then
      if time < first then visitor[i] = time end
      if time > last then visitor[i + 1] = time end
      return false
    end
  end
  if time > visitor[2] then
    visitor[3], visitor[4], visitor[1], visitor[2] = visitor[1], visitor[2], time, time
  else
    visitor[3], visitor[4] = time, time
  end
  return true
end

-- If one is not a number, nothing is written yet.
local function noCounter(name, country)
  return redis.error_reply('FOOTFALL ' .. name .. ' has the field ' .. country .. ', which is not a number')
end

-- Counters are read and written by one command for a site, and one for a day of it: HINCRBY for each country takes Redis 13 µs for a single
-- visit instead of 9.
local missing = {}
for site, list in pairs(asked) do
  -- At most as many as there are countries.
  local values = call('HMGET', prefix .. 'visits:' .. sites[site], unpack(list))
  for i, country in ipairs(list) do
    if not values[i] then missing[site] = true end
    totals[site][country] = tonumber(values[i] or 0)
    if not totals[site][country] then return noCounter(prefix .. 'visits:' .. sites[site], country) end
  end
end
local firstDay = math.floor(now / DAY) - 2

-- By site: the countries whose counter changed. By site and day: the change by country.
local moved, movedOn = {}, {}

local function increment(site, country, day, by)
  local total = totals[site][country] + by
  totals[site][country] = total
  local countriesOf = moved[site]
  if not countriesOf then
    countriesOf = {}
    moved[site], movedOn[site] = countriesOf, {}
  end
  countriesOf[country] = true
  if day >= firstDay then
    local on = movedOn[site][day]
    if not on then
      on = {}
      movedOn[site][day] = on
    end
    on[country] = (on[country] or 0) + by
  end
  return total
end

local decisions, answers, accepted, decided = {}, {}, 0, count
local function answer(text)
  if text == '0' then answers[#answers + 1] = struct.pack('<c2I6', '\0\0', 0)
  else answers[#answers + 1] = struct.pack('<c2I6', string.sub(text, 1, 2), tonumber(string.sub(text, 3))) end
end

for i = 1, count do
  local key, transaction, flag = keys[i], transactions[i], flags[i]
  local robot, bare = bit.band(flag, BOT) ~= 0, bit.band(flag, BARE) ~= 0
  if flag == MORE then
    -- Hits of a visitor within the gap of a visit after the hit before: none opens a visit. They are one record here, whose day is their
    -- number and whose time is that of the last.
    touch(visitors[i], times[i])
    decisions[#decisions + 1] = string.rep('0', days[i])
    accepted, decided = accepted + days[i], decided + days[i] - 1
  elseif flag >= SEED then
    if visitors[i] and not robot then touch(visitors[i], times[i]) end
  else
    local text = key and answerOf(key)
    if not text and transaction then
      text = answerOf(transaction)
      -- The message is new, the purchase is not: either identifies the next copy of this message.
      if text and key then added[key] = text end
    end
    if text then
      decisions[#decisions + 1] = '2'
      answer(text)
    else
      local opened = not robot and (not visitors[i] or touch(visitors[i], times[i]))
      local total = opened and increment(siteOf[i], countries[i], days[i], 1) or 0
      decisions[#decisions + 1] = opened and '1' or '0'
      text = bare and countries[i] .. string.format('%.0f', total) or '0'
      if bare then answer(text) end
      if key then added[key] = text end
      if transaction then added[transaction] = text end
      accepted = accepted + 1
    end
  end
end

at = 1
for _ = 1, #ARGV[6] / PLAIN_SIZE do
  local site, country, day, visits
  site, country, day, visits, at = struct.unpack(PLAIN, ARGV[6], at)
  answers[#answers + 1] = struct.pack('<I6', increment(site, country, day, visits))
end
accepted = accepted + tonumber(ARGV[8]) - decided

-- Writes start here, and no command may fail anymore. In a Cluster, one fails on a missing key while the slot is migrating to another
-- primary. All keys that were read above are here, or the script ended there; the rest is checked now.
local written = { prefix .. 'sites', prefix .. 'open:' .. (span - 2), prefix .. 'open:' .. (span - 3) }
for i = 10 + siteCount, #ARGV, 3 do written[#written + 1] = prefix .. ARGV[i] end
for first = 1, #written, AT_ONCE do call('EXISTS', unpack(written, first, math.min(first + AT_ONCE - 1, #written))) end

-- By the name of a hash: the list of fields and values.
local counters, dated = {}, {}
for site, countriesOf in pairs(moved) do
  local fields = {}
  for country in pairs(countriesOf) do
    fields[#fields + 1] = country
    fields[#fields + 1] = totals[site][country]
  end
  counters[prefix .. 'visits:' .. sites[site]] = fields
  for day, on in pairs(movedOn[site]) do
    local name, list = prefix .. 'day:' .. sites[site] .. ':' .. day, {}
    for country in pairs(on) do list[#list + 1] = country end
    local values = call('HMGET', name, unpack(list))
    fields = {}
    for i, country in ipairs(list) do
      if not tonumber(values[i] or 0) then return noCounter(name, country) end
      fields[#fields + 1] = country
      fields[#fields + 1] = (values[i] or 0) + on[country]
    end
    counters[name] = fields
    dated[#dated + 1] = name
  end
end

decisions, answers = table.concat(decisions), table.concat(answers)
local entry, time = string.format('%.0f', tonumber(meta[1] or 0) + 1), string.format('%.0f', now)
local function note() call('SET', batchKey, struct.pack('<I6I4', number, #decisions) .. decisions .. answers, 'PX', KEPT_BATCH) end
-- The first write is the one that may fail: for lack of memory, which Redis checks only before the first write of a script (none may come
-- before this one), or because the stream is of another type or has a later entry.
if accepted > 0 then call('XADD', KEYS[2], time .. '-' .. entry, 'hits', ARGV[7], 'decisions', decisions, 'count', accepted) else note() end

local function write()
  if accepted > 0 then call('HSET', KEYS[1], 'number', entry, 'time', time) end
  for site in pairs(moved) do
    if missing[site] then call('SADD', prefix .. 'sites', sites[site]) end
  end
  for name, text in pairs(added) do call('SET', prefix .. name, text, 'PX', KEPT_KEY) end
  if #here > 0 then
    local fields = {}
    for name, visitor in pairs(open) do
      fields[#fields + 1] = name
      fields[#fields + 1] = visitor[4] == 0 and struct.pack('<I6I6', visitor[1], visitor[2])
        or struct.pack('<I6I6I6I6', visitor[1], visitor[2], visitor[3], visitor[4])
    end
    local isNew = #fields > 0 and call('EXISTS', spanKey) == 0
    for first = 1, #fields, AT_ONCE do call('HSET', spanKey, unpack(fields, first, math.min(first + AT_ONCE - 1, #fields))) end
    if isNew then
      -- UNLINK frees the memory of a million visitors in the background; EXPIRE would block Redis meanwhile, and is for a shard that gets
      -- no more hits.
      call('UNLINK', prefix .. 'open:' .. (span - 2), prefix .. 'open:' .. (span - 3))
      call('PEXPIRE', spanKey, 4 * SPAN)
    end
  end
  for name, fields in pairs(counters) do call('HSET', name, unpack(fields)) end
  for _, name in ipairs(dated) do call('PEXPIRE', name, KEPT_DAY) end
  for i = 10 + siteCount, #ARGV, 3 do call('HSET', prefix .. ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
  if accepted > 0 then note() end
end

-- Redis does not roll back a failed script. The sender must know that it is uncertain what was counted.
local whole, reason = pcall(write)
if not whole then return redis.error_reply('PARTLY ' .. (type(reason) == 'table' and reason.err or tostring(reason))) end
return { 'done', decisions, answers }
