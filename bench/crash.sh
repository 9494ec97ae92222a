#!/usr/bin/env bash
# bench/crash.sh N: kills the program N times (default 50) at random moments under load, and checks the counts.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/Footfall.Tests --nologo --verbosity quiet
FOOTFALL_CRASH_ROUNDS=${1:-50} dotnet tests/Footfall.Tests/bin/Debug/net10.0/Footfall.Tests.dll \
  --progress off --no-ansi --output Detailed --filter-class Footfall.Tests.EndToEnd.CrashTests
