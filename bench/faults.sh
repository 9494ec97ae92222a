#!/usr/bin/env bash
# bench/faults.sh: makes nodes, Redis and the network fail under load, one after the other, and writes the results into the table in docs/faults.md.
set -euo pipefail
cd "$(dirname "$0")/.."
# Debian has servers in directories that only root's PATH contains.
export PATH=$PATH:/usr/sbin DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for command in redis-server nginx; do
  command -v "$command" >/dev/null || { echo "This needs $command: apt-get install redis-server nginx-light" >&2; exit 1; }
done

rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
dotnet build tests/Footfall.Tests --nologo --verbosity quiet
FOOTFALL_FAULTS_TABLE=$rows dotnet tests/Footfall.Tests/bin/Debug/net10.0/Footfall.Tests.dll \
  --progress off --no-ansi --output Detailed --max-threads 1 --filter-namespace Footfall.Tests.Faults

table=$(
  echo "| fault | requests | answered | counted | lost | twice | seconds to recover |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
  LC_ALL=C sort "$rows"
)
awk -v table="$table" '
  /^<!-- end of the table/ { inside = 0 }
  !inside { print }
  /^<!-- table/ { print table; inside = 1 }
' docs/faults.md >"$rows"
cat "$rows" >docs/faults.md
echo "$table"
