# Shared by these scripts: starts and stops servers on loopback, loads them in turn, and prints medians and ratios.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

ROUNDS=${ROUNDS:-5}
SECONDS_EACH=${SECONDS_EACH:-5}
WORK=$(mktemp -d)
PIDS=()

cleanup() {
  local pid
  for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$WORK"
}
trap cleanup EXIT

need() {
  command -v "$1" >/dev/null && return
  echo "This needs $1: apt-get install $2" >&2
  exit 1
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null ||
    { local p; for p in $(seq 20000 40000 | shuf -n 50); do (echo >"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }; done; }
}

build() {
  echo "Building (Release)…"
  dotnet build src/Footfall -c Release --nologo --verbosity quiet -o "$WORK/footfall" >/dev/null
  dotnet build bench/Bare -c Release --nologo --verbosity quiet -o "$WORK/bare" >/dev/null
}

wait_for() {
  local url=$1 tries=1000
  until curl -fs -o /dev/null "$url"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "$url does not answer" >&2; exit 1; }
    sleep 0.02
  done
}

# start_footfall NAME [SETTING=VALUE…]: starts Footfall; port in PORT, process in PID, data in $WORK/NAME.
start_footfall() {
  local name=$1
  shift
  PORT=$(free_port)
  env ASPNETCORE_URLS="http://127.0.0.1:$PORT" Footfall__DataDirectory="$WORK/$name" Footfall__RateLimit__PerMinute=0 "$@" \
    dotnet "$WORK/footfall/Footfall.dll" >"$WORK/$name.log" 2>&1 &
  PID=$!
  PIDS+=("$PID")
  wait_for "http://127.0.0.1:$PORT/api/v1/ping"
}

# start_bare [FILE]: FILE contains the response to GET /stats.
start_bare() {
  PORT=$(free_port)
  env ASPNETCORE_URLS="http://127.0.0.1:$PORT" dotnet "$WORK/bare/Bare.dll" "$@" >/dev/null 2>&1 &
  PID=$!
  PIDS+=("$PID")
  wait_for "http://127.0.0.1:$PORT/api/v1/stats"
}

stop() {
  kill "$1"
  wait "$1" 2>/dev/null || true
}

# drive PORT CONNECTIONS SCRIPT [PATH]: prints «requests-a-second p99-in-ms errors».
drive() {
  wrk -t1 -c"$2" -d"${SECONDS_EACH}s" --latency -s "$3" "http://127.0.0.1:$1${4:-}" | awk '
    /99%/ { p = $2; v = p + 0; if (p ~ /us$/) v /= 1000; else if (p ~ /[0-9]s$/ && p !~ /ms$/) v *= 1000 }
    /Requests\/sec/ { r = $2 }
    /Non-2xx/ { e = $NF }
    /Socket errors/ { e += $4 + $6 + $8 + $10 }
    END { print r, v, e + 0 }'
}

median() {
  sort -g | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}

# heading FIRST SECOND: the header above the lines of compare.
heading() { printf '%-44s %4s  %8s  %8s  %6s  %14s  %6s  %8s  %6s\n' "" conn "$1" "$2" ratio "" goal "p99 ms" errors; }

# compare LABEL BARE-PORT FOOTFALL-PORT CONNECTIONS SCRIPT GOAL: both in turn, ROUNDS times; the ratio is the median of the pairs' ratios.
compare() {
  local label=$1 bare=$2 footfall=$3 connections=$4 script=$5 goal=$6 i b f
  : >"$WORK/b"; : >"$WORK/f"; : >"$WORK/r"; : >"$WORK/p"; : >"$WORK/e"
  SECONDS_EACH=2 drive "$bare" "$connections" "$script" >/dev/null
  SECONDS_EACH=2 drive "$footfall" "$connections" "$script" >/dev/null
  for i in $(seq "$ROUNDS"); do
    b=$(drive "$bare" "$connections" "$script")
    f=$(drive "$footfall" "$connections" "$script")
    echo "${b%% *}" >>"$WORK/b"
    echo "${f%% *}" >>"$WORK/f"
    echo "$f" | cut -d' ' -f2 >>"$WORK/p"
    echo "$f" | cut -d' ' -f3 >>"$WORK/e"
    awk -v b="${b%% *}" -v f="${f%% *}" 'BEGIN { print f / b }' >>"$WORK/r"
  done
  printf '%-44s %4s  %8.0f  %8.0f  %6.2f  (%.2f to %.2f)  %6s  %8.1f  %6d\n' "$label" "$connections" "$(median <"$WORK/b")" "$(median <"$WORK/f")" \
    "$(median <"$WORK/r")" "$(sort -g "$WORK/r" | head -1)" "$(sort -g "$WORK/r" | tail -1)" "$goal" "$(median <"$WORK/p")" "$(awk '{ s += $1 } END { print s }' "$WORK/e")"
}

resident() { awk '/VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$1/status"; }

# hits PORT: how many hits this Footfall has accepted.
hits() { curl -fs "http://127.0.0.1:$1/metrics" | awk '/^footfall_hits_accepted_total/ { printf "%d", $2 }'; }
