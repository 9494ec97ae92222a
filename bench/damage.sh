#!/usr/bin/env bash
# bench/damage.sh [ROUNDS]: overwrites random bytes at 10 random offsets in each file of a killed server, ROUNDS times per file (default
# 10), restarts it, and prints its response. Correct: the previous counts; or no start, with exit code 1 and a message; or 503
# with a message. Wrong: other counts, a stack trace, or death by a signal. Exits with 1 if anything was wrong.
# positions.db needs redis-server; without it that file is skipped. SEED (1) chooses the offsets; data with a wrong result is kept in KEEP.
# Everything is on loopback and in a temporary directory.
. "$(dirname "$0")/lib.sh"
need curl curl
rounds=${1:-10}
RANDOM=${SEED:-1}
echo "Building (Release)…"
dotnet build src/Footfall -c Release --nologo --verbosity quiet -p:Web=false -o "$WORK/footfall" >/dev/null

# post PORT REQUESTS: each request has 20 hits of two shops, with texts.
post() {
  local i
  for i in $(seq "$2"); do
    for n in $(seq 10); do
      echo "{\"name\":\"visit\",\"country\":\"DE\",\"id\":\"$RANDOM-$i-$n\",\"site\":\"a.example\",\"props\":{\"text\":\"$i $n\"}}"
      echo "{\"name\":\"visit\",\"country\":\"FR\",\"site\":\"b.example\"}"
    done | curl -fs -o /dev/null -H 'Content-Type: application/x-ndjson' --data-binary @- "http://127.0.0.1:$1/api/v1/events"
  done
}

caught_up() {
  local tries=500 health
  until health=$(curl -fs "http://127.0.0.1:$1/healthz") && grep -q '"state":"ready","lag_seconds":0,"lag_commits":0' <<<"$health"; do
    tries=$((tries - 1))
    if [ $tries -eq 0 ] || grep -q '"state":"failing"' <<<"$health"; then return 1; fi
    sleep 0.05
  done
}

counts() { curl -fs "http://127.0.0.1:$1/api/v1/stats?site=a.example" && curl -fs "http://127.0.0.1:$1/api/v1/stats?site=b.example"; }

# past PORT: prints what the history has of both shops.
past() {
  local site
  for site in a b; do
    curl -fs -d "{\"site_id\":\"$site.example\",\"metrics\":[\"visits\",\"events\"],\"date_range\":\"all\"}" \
      "http://127.0.0.1:$1/api/v1/query" | grep -o '"metrics":\[[0-9, ]*\]' | head -1 || return 1
  done
}

# prepare NAME [SETTING…]: data of a server that was stopped once and killed later, so that the files and their logs have content.
prepare() {
  local name=$1
  shift
  start_footfall "$name" "$@"
  post "$PORT" 40
  stop "$PID"
  start_footfall "$name" "$@"
  post "$PORT" 40
  caught_up "$PORT"
  counts "$PORT" >"$WORK/$name.counts"
  past "$PORT" >"$WORK/$name.past"
  kill -9 "$PID"
  wait "$PID" 2>/dev/null || true
}

scribble() {
  local size i
  size=$(stat -c %s "$1")
  for i in $(seq 10); do
    dd if=/dev/urandom of="$1" bs=1 seek=$(((RANDOM * 32768 + RANDOM) % size)) count=$((RANDOM % 64 + 1)) conv=notrunc 2>/dev/null
  done
}

# judge NAME COPY [SETTING…]: one line in VERDICT; the server's message in SAID.
judge() {
  local name=$1 copy=$2 tries=600 health code
  shift 2
  PORT=$(free_port)
  env ASPNETCORE_URLS="http://127.0.0.1:$PORT" Footfall__DataDirectory="$WORK/$copy" Footfall__RateLimit__PerMinute=0 "$@" \
    dotnet "$WORK/footfall/Footfall.dll" >"$WORK/said" 2>&1 &
  PID=$!
  PIDS+=("$PID")
  SAID=
  until health=$(curl -s -m 10 -w ' %{http_code}' "http://127.0.0.1:$PORT/healthz"); do
    if ! kill -0 "$PID" 2>/dev/null; then
      code=0
      wait "$PID" || code=$?
      SAID=$(grep -m1 '^footfall:' "$WORK/said" || tail -1 "$WORK/said")
      VERDICT="does not start, with a sentence"
      if [ $code -ne 1 ] || ! grep -q '^footfall:' "$WORK/said"; then VERDICT="WRONG: ended with $code"; fi
      if grep -q '^   at ' "$WORK/said"; then VERDICT="WRONG: a stack trace"; fi
      return
    fi
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { VERDICT="WRONG: does not answer"; kill -9 "$PID"; wait "$PID" 2>/dev/null || true; return; }
    sleep 0.05
  done
  if [ "${health##* }" = 503 ]; then
    SAID=$health
    VERDICT="unready, with a sentence"
    if curl -fs -o /dev/null -X POST "http://127.0.0.1:$PORT/api/v1/stats?countryCode=de"; then VERDICT="WRONG: unready, and counts"; fi
  elif ! counts "$PORT" >"$WORK/counts"; then
    VERDICT="counts are 503"
  elif ! cmp -s "$WORK/counts" "$WORK/$name.counts"; then
    VERDICT="WRONG: other counts"
    SAID=$(tr -d '\n' <"$WORK/counts")
  elif caught_up "$PORT" && past "$PORT" >"$WORK/past"; then
    VERDICT="all is right"
    cmp -s "$WORK/past" "$WORK/$name.past" || { VERDICT="WRONG: another history"; SAID=$(tr '\n' ' ' <"$WORK/past"); }
  else
    SAID=$(curl -s "http://127.0.0.1:$PORT/healthz")
    VERDICT="counts are right, the history says what is wrong"
    case $SAID in *'"error"'*) ;; *) VERDICT="WRONG: the history fails without a word" ;; esac
  fi
  kill -9 "$PID" 2>/dev/null || VERDICT="WRONG: ended"
  wait "$PID" 2>/dev/null || true
  if grep -q '^      *at ' "$WORK/said"; then VERDICT="WRONG: a stack trace"; fi
}

# damage NAME FILE [SETTING…]
damage() {
  local name=$1 file=$2 i
  shift 2
  for i in $(seq "$rounds"); do
    rm -rf "$WORK/copy"
    cp -a "$WORK/$name" "$WORK/copy"
    scribble "$WORK/copy/$file"
    judge "$name" copy "$@"
    echo "$file|$VERDICT|$SAID" >>"$WORK/verdicts"
    if [[ $VERDICT == WRONG* && -n ${KEEP:-} ]]; then
      mkdir -p "$KEEP"
      cp -a "$WORK/copy" "$KEEP/$file-$i"
      cp "$WORK/said" "$KEEP/$file-$i.said"
    fi
  done
  echo "$file ($(stat -c %s "$WORK/$name/$file") bytes):"
  grep "^$file|" "$WORK/verdicts" | cut -d'|' -f2 | sort | uniq -c | sort -rn
}

prepare data
for file in journal.db journal.db-wal history.duckdb history.duckdb.wal salts.db; do
  if [ -s "$WORK/data/$file" ]; then damage data "$file"; else echo "$file: there is none"; fi
done
if command -v redis-server >/dev/null; then
  redis=$(free_port)
  mkdir "$WORK/redis"
  redis-server --port "$redis" --bind 127.0.0.1 --dir "$WORK/redis" --save '' >/dev/null &
  PIDS+=("$!")
  shared=(Footfall__Journal=Redis Footfall__Redis__Connection="127.0.0.1:$redis")
  sleep 0.5
  prepare node "${shared[@]}"
  damage node positions.db "${shared[@]}"
  if [ -s "$WORK/node/positions.db-wal" ]; then damage node positions.db-wal "${shared[@]}"; fi
fi
echo
echo "What was said:"
cut -d'|' -f1,2,3 "$WORK/verdicts" | sed -E 's/[0-9]+([.][0-9]+)?/N/g; s#/tmp/[^ ]*/#…/#g; s/^([^|]*\|[^|]*\|.{0,200}).*/\1/' |
  sort | uniq -c | sort -rn | head -60
! grep -q '|WRONG' "$WORK/verdicts"
