#!/usr/bin/env bash
# Subscribers of the live stream: 10,000 of them, while 2,000 visits a second arrive. Each must get every change within a second.
#
#   bench/live.sh
# WATCHERS (10000), VISITS (2000 a second) and DURATION (30 seconds) can be set. Both programs need 10,000 open files each.
. "$(dirname "$0")/lib.sh"
need curl curl
watchers=${WATCHERS:-10000}
ulimit -n "$(ulimit -Hn)"
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt $((watchers + 500)) ]; then
  echo "No more than $(ulimit -n) files may be open here: raise the limit (ulimit -n) or set WATCHERS." >&2
  exit 1
fi
build
dotnet build bench/LiveBench -c Release --nologo --verbosity quiet -o "$WORK/live-bench" >/dev/null
start_footfall live
dotnet "$WORK/live-bench/LiveBench.dll" "http://127.0.0.1:$PORT" "$watchers" "${VISITS:-2000}" "${DURATION:-30}" "$PID"
