#!/usr/bin/env bash
# Footfall compared with a bare Kestrel endpoint that returns the same response and does no work, side by side on this machine.
# ROUNDS (5) and SECONDS_EACH (5) can be set; QUICK=1 skips the ten million hits.
. "$(dirname "$0")/lib.sh"
need wrk wrk
need curl curl
build

start_footfall get
GET=$PORT
for code in $(grep -E '^[A-Z]{2}$' src/Footfall/Common/countries.txt | head -200); do
  echo "{\"name\":\"visit\",\"country\":\"$code\"}"
done | curl -fs -o /dev/null -H 'Content-Type: application/x-ndjson' --data-binary @- "http://127.0.0.1:$GET/api/v1/events"
curl -fs "http://127.0.0.1:$GET/api/v1/stats" >"$WORK/stats.json"
start_bare "$WORK/stats.json"
BARE=$PORT
start_footfall fsync
FSYNC=$PORT
start_footfall os Footfall__Durability=Os
OS=$PORT
start_footfall limited Footfall__RateLimit__PerMinute=100 Footfall__TrustedProxies=127.0.0.1
LIMITED=$PORT

echo "Requests a second; the ratio is Footfall to bare Kestrel, the median of $ROUNDS pairs (lowest to highest), $SECONDS_EACH s each."
heading bare footfall
compare "POST /stats, fsync" "$BARE" "$FSYNC" 256 bench/stats.lua 0.80
compare "POST /stats, fsync" "$BARE" "$FSYNC" 64 bench/stats.lua 0.65
compare "POST /stats, Durability=Os" "$BARE" "$OS" 64 bench/stats.lua 0.80
compare "POST /stats, limiter, 100,000 addresses" "$BARE" "$LIMITED" 256 bench/addresses.lua 0.70
compare "GET /stats, 200 countries" "$BARE" "$GET" 256 bench/get.lua 0.85
compare "GET /stats, 200 countries" "$BARE" "$GET" 64 bench/get.lua 0.85

echo
echo "POST /events, NDJSON batches of 1,000 hits, fsync, 8 connections (goal: 300,000 hits a second)"
start_footfall events
: >"$WORK/n"
for i in $(seq "$ROUNDS"); do drive "$PORT" 8 bench/events.lua | awk '{ printf "%d %s %s\n", $1 * 1000, $2, $3 }' >>"$WORK/n"; done
printf '%12.0f hits a second   p99 %.0f ms   errors %d\n' "$(median <"$WORK/n")" "$(cut -d' ' -f2 "$WORK/n" | median)" "$(awk '{ s += $3 } END { print s }' "$WORK/n")"
stop "$PID"

echo
began=$(date +%s%N)
start_footfall memory
echo "First answer after $((($(date +%s%N) - began) / 1000000)) ms (goal: 2000)"
sleep 60
echo "Resident when idle for a minute, history on: $(resident "$PID") (goal: 110 MB)"
if [ -z "${QUICK:-}" ]; then
  until [ "$(hits "$PORT")" -ge 10000000 ]; do SECONDS_EACH=2 drive "$PORT" 8 bench/ids.lua >/dev/null; done
  until curl -fs "http://127.0.0.1:$PORT/healthz" | grep -q '"lag_commits":0'; do sleep 1; done
  echo "Resident after $(hits "$PORT") hits with ids: $(resident "$PID"); data $(du -sm "$WORK/memory" | cut -f1) MB"
  sleep 120
  echo "Resident two minutes later: $(resident "$PID") (goal: 500 MB)"
fi
