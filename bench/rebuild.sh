#!/usr/bin/env bash
# bench/rebuild.sh [MILLIONS]: exports a history of this many million hits (default 2) of two shops, with visitors, products, props, orders,
# refunds and repeated orders, rebuilds it and exports it again. Both exports must be identical, byte for byte, including at the borders of the
# rebuild's batches (50,000 hits). Prints times, sizes and the rebuild's peak memory.
. "$(dirname "$0")/lib.sh"
need curl curl
need python3 python3
millions=${1:-2}
echo "Building (Release)…"
dotnet build src/Footfall -c Release --nologo --verbosity quiet -p:Web=false -o "$WORK/footfall" >/dev/null
settings=(Footfall__TrustedProxies=127.0.0.1 Footfall__History__MemoryMegabytes=512)
start_footfall data "${settings[@]}"

echo "Sending $millions million hits…"
python3 - "$PORT" "$millions" <<'P'
import http.client, json, random, sys
port, millions = int(sys.argv[1]), float(sys.argv[2])
random.seed(1)
chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/12%d.0.0.0 Safari/537.36"
agents = [chrome % i for i in range(10)]
item = lambda: "i%d" % random.randrange(2000)
http_ = http.client.HTTPConnection("127.0.0.1", port)
sent, order = 0, 0
while sent < millions * 1e6:
    # A commit has the hits of one visitor's address. Its size varies, so that batch borders fall anywhere within a commit.
    site, hits = random.choice(["a.example", "b.example"]), []
    for _ in range(random.randint(500, 6000)):
        url = "/p%d?utm_source=s%d" % (random.randrange(3000), random.randrange(20))
        kind, hit = random.random(), {"site": site, "url": url, "age": random.randrange(60000)}
        if kind < 0.1:
            hit |= {"name": "view_item", "items": [{"item_id": item(), "item_name": "Lamp %d" % random.randrange(50), "price": 9.5}]}
        elif kind < 0.15: hit |= {"name": "signup", "props": {"plan": random.choice(["gold", "silver"]), "n": str(random.randrange(500))}}
        elif kind < 0.18:
            order += 1
            items = [{"item_id": item(), "price": 3.25, "quantity": 2}, {"item_id": "x"}]
            hit |= {"name": "purchase", "transaction_id": "t%d" % order, "currency": "EUR", "items": items}
        elif kind < 0.19 and order: hit |= {"name": "refund", "transaction_id": "t%d" % random.randint(1, order)}
        elif kind < 0.2 and order: hit |= {"name": "purchase", "transaction_id": "t%d" % random.randint(1, order), "value": 1}
        hits.append(json.dumps(hit))
    address = "198.51.%d.%d" % (random.randrange(256), random.randrange(1, 255))
    headers = {"Content-Type": "application/x-ndjson", "User-Agent": random.choice(agents), "X-Forwarded-For": address}
    http_.request("POST", "/api/v1/events", "\n".join(hits), headers)
    answer = http_.getresponse()
    body = answer.read()
    if answer.status == 503: continue
    assert answer.status == 202, body
    sent += len(hits)
P
until curl -fs "http://127.0.0.1:$PORT/healthz" | grep -q '"lag_commits":0'; do sleep 0.2; done
export_both() {
  local site
  for site in a b; do
    curl -fs -o "$WORK/$1-$site.csv" "http://127.0.0.1:$PORT/api/v1/export?site_id=$site.example&date_range=all&format=csv"
  done
}
export_both before
stop "$PID"
echo "$(cat "$WORK"/before-*.csv | wc -l) lines, $(du -ch "$WORK"/before-*.csv | tail -1 | cut -f1)"
echo "history.duckdb: $(du -h "$WORK/data/history.duckdb" | cut -f1)"

echo "Rebuilding…"
start=$(date +%s.%N)
dotnet "$WORK/footfall/Footfall.dll" rebuild-history "$WORK/before-a.csv" "$WORK/before-b.csv" --data-directory "$WORK/data" \
  >"$WORK/rebuilt" 2>"$WORK/progress" &
PID=$!
most=0
while kill -0 "$PID" 2>/dev/null; do
  now=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$PID/status" 2>/dev/null || echo 0)
  [ "${now:-0}" -gt "$most" ] && most=$now
  sleep 0.1
done
wait "$PID" || { cat "$WORK/progress" "$WORK/rebuilt"; exit 1; }
head -1 "$WORK/rebuilt"
awk -v s="$start" -v e="$(date +%s.%N)" -v m="$most" 'BEGIN { printf "%.0f s, at most %d MB\n", e - s, m }'

start_footfall data "${settings[@]}"
until curl -fs "http://127.0.0.1:$PORT/healthz" | grep -q '"lag_commits":0'; do sleep 0.2; done
export_both after
for site in a b; do
  cmp "$WORK/before-$site.csv" "$WORK/after-$site.csv" || { echo "The exports of $site.example differ."; exit 1; }
done
echo "Both exports are the same."
