#!/usr/bin/env bash
# How fast a page loads: first-load JavaScript (gzipped), largest contentful paint and total blocking time in Chromium with the CPU slowed 4 times, and the
# frames per second of the live page while 50 visits a second arrive.
#
#   bench/web.sh
# ROUNDS (5): each figure is the median of this many loads.
. "$(dirname "$0")/lib.sh"
need curl curl
need chromium-headless-shell chromium-headless-shell
build
start_footfall web
dotnet "$WORK/footfall/Footfall.dll" demo --url "http://127.0.0.1:$PORT" --visits 2000 --speed 20000 >/dev/null
node bench/web.mjs "http://127.0.0.1:$PORT" demo.example "$ROUNDS"
