#!/usr/bin/env bash
# The history at the size of a busy shop: dashboard queries compared with plain scans of the hits by the same engine; the projection while queries run; sizes.
#
#   bench/history.sh            100 million hits (about 2 GB on disk; about an hour on two cores, most of it for the plain scans)
#   bench/history.sh --quick    10 million hits
#   --data DIR                  keeps the generated shop in DIR, and reuses an existing one
#   --only-projection           skips the queries
# ROUNDS (10) can be set.
ROUNDS=${ROUNDS:-10}
. "$(dirname "$0")/lib.sh"
need wrk wrk
need curl curl
millions=100
data=
questions=1
while [ $# -gt 0 ]; do
  case $1 in
    --quick) millions=10 ;;
    --data) data=$(mkdir -p "$2" && cd "$2" && pwd); shift ;;
    --only-projection) questions=0 ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
  shift
done
data=${data:-$WORK/shop}
build
dotnet build bench/HistoryBench -c Release --nologo --verbosity quiet -o "$WORK/history" >/dev/null
bench() { dotnet "$WORK/history/HistoryBench.dll" "$@"; }

if [ ! -f "$data/history.duckdb" ]; then
  echo "Making a shop of $millions million hits over 400 days…"
  # Under another name until it is complete.
  bench generate "$data.making" "$millions"
  mkdir -p "$data"
  mv "$data.making"/* "$data"
  rmdir "$data.making"
fi
bench sizes "$data"
wrong=0
if [ "$questions" -eq 1 ]; then bench ask "$data" "$ROUNDS" || wrong=1; fi

echo "Projection into this shop (goal: 200,000 hits a second, and a p99 of POST /stats of not more than twice that without it)"
cp -r "$data" "$WORK/live"
SETTINGS=(Footfall__DataDirectory="$WORK/live" Footfall__TrustedProxies=127.0.0.1)
start_footfall live "${SETTINGS[@]}" Footfall__History__Enabled=false
bench press "http://127.0.0.1:$PORT" "without a history" 10
echo "  Filling the journal…"
wrk -t1 -c64 -d"${FILL_SECONDS:-20}s" -s bench/visitors.lua "http://127.0.0.1:$PORT" | sed -n 's/^Requests\/sec: */  batches of 12 hits a second: /p'
stop "$PID"
start_footfall live "${SETTINGS[@]}"
bench press "http://127.0.0.1:$PORT" "projecting, and questions" 0 ask
bench press "http://127.0.0.1:$PORT" "projected" 10
echo "  Most resident memory of the server: $(awk '/VmHWM/ { printf "%.0f MB", $2 / 1000 }' "/proc/$PID/status")"
exit "$wrong"
