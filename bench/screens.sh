#!/usr/bin/env bash
# Screenshots of each page, dark and light, 1440 and 390 pixels wide, of a simulated day, for visual review.
#
#   bench/screens.sh [DIRECTORY]     (default: a new directory under /tmp)
# VISITS (4000) of the simulated day can be set.
. "$(dirname "$0")/lib.sh"
need curl curl
need chromium-headless-shell chromium-headless-shell
directory=${1:-$(mktemp -d -t footfall-screens-XXXX)}
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
build
start_footfall screens
echo "Making up a day…"
dotnet "$WORK/footfall/Footfall.dll" demo --url "http://127.0.0.1:$PORT" --visits "${VISITS:-4000}" --past >/dev/null
node bench/screens.mjs "http://127.0.0.1:$PORT" demo.example "$directory"
echo "$directory"
