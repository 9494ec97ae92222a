#!/usr/bin/env bash
# Hostile clients: each attack runs against a fresh Footfall on loopback, limited in count and time, while an honest client posts visits, requests /healthz and
# sends queries. Prints resident memory before, at its peak and AFTER (60) seconds later, and the p95 of the honest requests. ATTACKS="bombs texts" runs some of them.
. "$(dirname "$0")/lib.sh"
need node nodejs
need curl curl
echo "Publishing (Release)…"
dotnet publish src/Footfall -c Release --nologo --verbosity quiet -o "$WORK/footfall" >/dev/null

printf '%-38s %8s %8s %8s   %8s %8s %8s   %s\n' "" before peak after POST healthz query "what the attacker got"
for attack in ${ATTACKS:-none bombs slow-bodies texts ids sites patterns slow-exports connections}; do
  # lib.sh turns off the limits by client: the memory limits must hold without them.
  export Footfall__TrustedProxies=127.0.0.1
  if [ "$attack" = connections ]; then (ulimit -n 1200 && start_footfall "$attack" && echo "PORT=$PORT PID=$PID" >"$WORK/started"); . "$WORK/started"; PIDS+=("$PID")
  else start_footfall "$attack"; fi
  node bench/abuse.mjs "$attack" "$PORT" "$PID" "${AFTER:-60}"
  if [ "$attack" = ids ]; then
    kill "$PID"
    wait "$PID" 2>/dev/null || true
    began=$(date +%s%N)
    start_footfall "$attack"
    echo "  started again after $((($(date +%s%N) - began) / 1000000)) ms"
  fi
  stop "$PID"
done
