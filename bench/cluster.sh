#!/usr/bin/env bash
# The journal on Redis compared with SQLite, two nodes behind Nginx, and a Redis Cluster, all on this machine.
#
#   bench/cluster.sh
# ROUNDS (5) and SECONDS_EACH (5) can be set. Redis uses the settings in deploy/redis.conf: it flushes its log each second (appendfsync everysec).
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
need wrk wrk
need curl curl
need redis-server redis-server
need redis-cli redis-tools
need nginx nginx-light
build

# start_redis NAME [OPTION…]: starts Redis; port in PORT.
start_redis() {
  local name=$1
  shift
  # Cluster nodes communicate on a port 10,000 higher.
  until PORT=$(free_port) && [ "$PORT" -le 55535 ]; do :; done
  mkdir -p "$WORK/$name"
  redis-server deploy/redis.conf --port "$PORT" --bind 127.0.0.1 --dir "$WORK/$name" "$@" >"$WORK/$name.log" 2>&1 &
  PIDS+=("$!")
  local tries=500
  until redis-cli -p "$PORT" ping >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "Redis does not start:" >&2; cat "$WORK/$name.log" >&2; exit 1; }
    sleep 0.02
  done
}

# node NAME REDIS-PORT: starts a node without a history; port in PORT.
node() { start_footfall "$1" Footfall__Journal=Redis Footfall__Redis__Connection="127.0.0.1:$2" Footfall__History__Enabled=false "${@:3}"; }

# spent REDIS-PORT…: CPU milliseconds and commands of these servers so far.
spent() {
  local port
  for port in "$@"; do redis-cli -p "$port" info all; done | tr -d '\r' | awk -F: '
    /^used_cpu_sys:|^used_cpu_user:/ { cpu += $2 } /^total_commands_processed:/ { commands += $2 } END { printf "%.0f %d", cpu * 1000, commands }'
}

# cost LABEL NODE-PORT SCRIPT CONNECTIONS HITS-A-REQUEST REDIS-PORT…
cost() {
  local label=$1 port=$2 script=$3 connections=$4 each=$5 before after h1 h2 result
  shift 5
  SECONDS_EACH=2 drive "$port" "$connections" "$script" >/dev/null
  before=$(spent "$@"); h1=$(hits "$port")
  result=$(drive "$port" "$connections" "$script")
  after=$(spent "$@"); h2=$(hits "$port")
  echo "$before $after $h1 $h2 $result" | awk -v label="$label" -v each="$each" '{
    n = $6 - $5; printf "%-44s %9.0f hits a second   p99 %6.1f ms   errors %d   Redis: %5.0f ms of processor per 100,000 hits, %.4f commands a hit\n",
      label, $7 * each, $8, $9, ($3 - $1) / n * 100000, ($4 - $2) / n }'
}

start_footfall sqlite Footfall__History__Enabled=false
SQLITE=$PORT
start_redis redis
REDIS=$PORT
node one "$REDIS"
ONE=$PORT

echo "Requests a second: the node on SQLite, the same on Redis, and the ratio, the median of $ROUNDS pairs (lowest to highest), $SECONDS_EACH s each."
heading sqlite redis
compare "POST /stats" "$SQLITE" "$ONE" 256 bench/stats.lua 0.80
compare "POST /stats" "$SQLITE" "$ONE" 64 bench/stats.lua 0.80
compare "POST /events, 1,000 hits each" "$SQLITE" "$ONE" 8 bench/events.lua 0.80

echo
echo "Costs in Redis (goals: batches of 200,000 hits a second, 200 ms of processor per 100,000 hits)"
cost "POST /stats" "$ONE" bench/stats.lua 256 1 "$REDIS"
cost "POST /events, 1,000 hits of one visitor each" "$ONE" bench/events.lua 8 1000 "$REDIS"
cost "POST /events, 12 hits of a new visitor each" "$ONE" bench/visitors.lua 64 12 "$REDIS"

echo
echo "Rate limit of all nodes together, 100,000 addresses, beside that of the node"
node scope-node "$REDIS" Footfall__RateLimit__PerMinute=1000000 Footfall__TrustedProxies=127.0.0.1
SCOPE_NODE=$PORT
node scope-cluster "$REDIS" Footfall__RateLimit__PerMinute=1000000 Footfall__RateLimit__Scope=Cluster Footfall__TrustedProxies=127.0.0.1
heading node cluster
compare "POST /stats" "$SCOPE_NODE" "$PORT" 64 bench/addresses.lua ""

echo
echo "Two nodes behind Nginx, beside one node behind it"
node two "$REDIS"
TWO=$PORT
front() {
  local name=$1 prefix=$WORK/nginx-$1
  shift
  PORT=$(free_port)
  mkdir -p "$prefix"
  chmod 755 "$WORK" "$prefix"
  cp -r deploy/nginx.conf deploy/nginx "$prefix"
  echo "listen 127.0.0.1:$PORT;" >"$prefix/nginx/listen-api.conf"
  echo "listen 127.0.0.1:$(free_port);" >"$prefix/nginx/listen-people.conf"
  local node servers=
  for node in "$@"; do servers+=$(sed -n "s/127\.0\.0\.1:3031/127.0.0.1:$node/p" deploy/nginx/upstreams.conf | grep -m1 '^ *server')$'\n'; done
  awk -v servers="$servers" '/^ *server 127\.0\.0\.1:/ { if (!done) printf "%s", servers; done = 1; next } { print } /}/ { done = 0 }' deploy/nginx/upstreams.conf >"$prefix/nginx/upstreams.conf"
  nginx -e stderr -p "$prefix/" -c "$prefix/nginx.conf" >"$prefix.log" 2>&1 &
  PIDS+=("$!")
  wait_for "http://127.0.0.1:$PORT/api/v1/ping"
}
front one "$ONE"
FRONT_ONE=$PORT
front two "$ONE" "$TWO"
heading "one node" "two"
compare "POST /stats through Nginx" "$FRONT_ONE" "$PORT" 64 bench/stats.lua ""

echo
echo "A Redis Cluster of three primaries, beside one primary"
CLUSTER=()
for i in 1 2 3; do
  start_redis "cluster-$i" --cluster-enabled yes --cluster-config-file nodes.conf
  CLUSTER+=("$PORT")
done
redis-cli --cluster create "${CLUSTER[@]/#/127.0.0.1:}" --cluster-yes >/dev/null
tries=500
until redis-cli -p "${CLUSTER[2]}" cluster info | grep -q cluster_state:ok; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || { echo "The Redis Cluster does not come together." >&2; exit 1; }
  sleep 0.05
done
node cluster "${CLUSTER[0]}"
heading one cluster
compare "POST /stats" "$ONE" "$PORT" 64 bench/stats.lua ""
cost "POST /events of one site, 1,000 hits each" "$PORT" bench/events.lua 8 1000 "${CLUSTER[@]}"
