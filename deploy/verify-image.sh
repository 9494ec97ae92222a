#!/usr/bin/env bash
# Builds deploy/Dockerfile, unchanged, without Docker and without an image registry, and runs the result.
#
#   deploy/verify-image.sh             everything; reuses the stand-ins of an earlier run
#   deploy/verify-image.sh --run       runs the last build
#   deploy/verify-image.sh --clean     deletes everything it keeps
#
# The official images in the Dockerfile are not available everywhere. This script replaces them with images of the same names, made from Debian's packages and this machine's own
# .NET and Node.js. This shows that every line of the Dockerfile works, and that the program runs as the image's user on a read-only file system. It does not
# show that today's official images contain everything that the stand-ins contain.
#
# It needs root, and buildah, debootstrap and curl (Debian: apt-get install buildah debootstrap curl). It writes only below FOOTFALL_IMAGE_WORK (/var/tmp/footfall-image).
set -euo pipefail
cd "$(dirname "$0")/.."

work=${FOOTFALL_IMAGE_WORK:-/var/tmp/footfall-image}
if [ "${1:-}" = --clean ]; then rm -rf "$work"; exit 0; fi
[ "$(id -u)" -eq 0 ] || { echo "Run it as root: it mounts, and makes files of other users." >&2; exit 2; }
missing=()
for tool in buildah debootstrap curl node npm dotnet; do command -v $tool >/dev/null || missing+=("$tool"); done
[ ${#missing[@]} -eq 0 ] || { echo "Install first: ${missing[*]}" >&2; exit 2; }

mkdir -p "$work"
policy=$work/policy.json
echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$policy"
export BUILDAH_ISOLATION=chroot
buildah() { command buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }
say() { printf '\n== %s\n' "$*"; }

image=localhost/footfall:verify
address=http://127.0.77.1:3030
process=
container=
cleanup() {
  [ -z "$process" ] || kill -KILL "$process" 2>/dev/null || true
  [ -z "$container" ] || buildah rm "$container" >/dev/null 2>&1 || true
}
trap cleanup EXIT

if [ "${1:-}" != --run ]; then
# ---- Stand-ins.
base=$work/debian
if [ ! -f "$base.done" ]; then
  say "A Debian of its own, by debootstrap"
  rm -rf "$base"
  . /etc/os-release
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $VERSION_CODENAME" | head -1)
  debootstrap --variant=minbase --include=ca-certificates,libssl3,libstdc++6,tzdata,zlib1g "$VERSION_CODENAME" "$base" "$mirror" >"$work/debootstrap.log"
  rm -rf "$base"/var/cache/apt/archives/*.deb "$base"/var/lib/apt/lists/*
  # The stand-ins trust the same certificates as this machine: package registries may be behind a proxy.
  cp -L /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/ca-certificates.crt"
  touch "$base.done"
fi

# name, function that fills the root, then options of buildah config
stand_in() {
  local name=$1 fill=$2 root
  shift 2
  if buildah inspect --type image "$name" >/dev/null 2>&1; then return; fi
  say "A stand-in for $name"
  container=$(buildah from --signature-policy "$policy" scratch)
  root=$(buildah mount "$container")
  cp -a "$base/." "$root"
  $fill "$root"
  buildah umount "$container" >/dev/null
  buildah config --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt "$@" "$container"
  buildah commit --quiet --signature-policy "$policy" --format docker --rm "$container" "$name" >/dev/null
  container=
}
fill_node() {
  local npm
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  mkdir -p "$1/usr/local/lib/node_modules"
  cp "$(readlink -f "$(command -v node)")" "$1/usr/local/bin/node"
  cp -a "$npm" "$1/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
  [ ! -f ~/.npmrc ] || cp ~/.npmrc "$1/root/.npmrc"
}
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
fill_sdk() {
  mkdir -p "$1/usr/share/dotnet" "$1/root/.nuget"
  cp -a "$dotnet_root/." "$1/usr/share/dotnet"
  ln -s ../share/dotnet/dotnet "$1/usr/bin/dotnet"
  [ ! -d ~/.nuget/NuGet ] || cp -a ~/.nuget/NuGet "$1/root/.nuget/NuGet"
}
fill_aspnet() {
  mkdir -p "$1/usr/share/dotnet"
  cp -a "$dotnet_root/dotnet" "$dotnet_root/host" "$dotnet_root/shared" "$1/usr/share/dotnet"
  ln -s ../share/dotnet/dotnet "$1/usr/bin/dotnet"
  echo 'app:x:1654:1654::/home/app:/usr/sbin/nologin' >>"$1/etc/passwd"
  echo 'app:x:1654:' >>"$1/etc/group"
}
# The one image in the Dockerfile whose name contains this.
from() {
  local name
  name=$(sed -nE "s|^FROM (--platform=[^ ]+ )?([^ ]*$1[^ ]*).*|\2|p" deploy/Dockerfile)
  [ -n "$name" ] || { echo "deploy/Dockerfile is built on no image named like $1" >&2; exit 1; }
  echo "$name"
}
node=$(from /node:) sdk=$(from /sdk:) aspnet=$(from /aspnet:)
stand_in "$node" fill_node --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
stand_in "$sdk" fill_sdk --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 --env DOTNET_NOLOGO=1 \
  --env "NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}"
# What the official image sets.
stand_in "$aspnet" fill_aspnet --env ASPNETCORE_HTTP_PORTS=8080 --env APP_UID=1654 --env DOTNET_RUNNING_IN_CONTAINER=true --user 1654

# ---- The image.
say "Building deploy/Dockerfile as it is"
buildah rmi "$image" >/dev/null 2>&1 || true
buildah bud --signature-policy "$policy" --pull-never --layers=false --format docker --build-arg "TARGETARCH=$(dpkg --print-architecture)" --build-arg "REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
  --ignorefile .dockerignore --file deploy/Dockerfile --tag "$image" .
fi
inspect() { buildah inspect --type image --format "$1" "$image"; }
echo "User: $(inspect '{{.Docker.Config.User}}') Entry point: $(inspect '{{.Docker.Config.Entrypoint}}') Health check: $(inspect '{{.Docker.Config.Healthcheck.Test}}')"
container=$(buildah from --signature-policy "$policy" --pull-never "$image")
root=$(buildah mount "$container")
echo "The program: $(du -sh "$root/app" | cut -f1), of it pages: $(du -sh "$root/app/web" | cut -f1)"
[ "$(stat -c %u:%g "$root/data")" = 1654:1654 ] || { echo "/data is not of the user of the image" >&2; exit 1; }
[ "$(inspect '{{.Docker.Config.User}}')" = 1654:1654 ] || { echo "The image does not run as 1654:1654" >&2; exit 1; }

# ---- A run with the image's own environment, user and entry point; / read-only, /tmp in memory, /data a volume.
data=$work/data
rm -rf "$data"
mkdir -p "$data"
chown 1654:1654 "$data"
mapfile -t environment < <(inspect '{{range .Docker.Config.Env}}{{println .}}{{end}}' | sed '/^$/d')
# A shop in a time zone: the image contains the time zone data.
environment+=("ASPNETCORE_URLS=$address" Footfall__Sites__0__Domain=shop.example Footfall__Sites__0__TimeZone=Europe/Berlin)
mapfile -t entry < <(inspect '{{range .Docker.Config.Entrypoint}}{{println .}}{{end}}' | sed '/^$/d')
mapfile -t health < <(inspect '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' | sed '/^$/d; /^CMD$/d')
inside() {
  exec unshare --mount --pid --fork --kill-child=TERM bash -c '
    set -e
    root=$1 data=$2; shift 2
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount --bind "$data" "$root/data"
    mount -o remount,ro,bind "$root"
    exec chroot --userspec=1654:1654 "$root" /usr/bin/env -i "$@"' bash "$root" "$data" "${environment[@]}" "$@"
}
start() {
  inside "${entry[@]}" >"$work/output.log" 2>&1 &
  process=$!
  for _ in $(seq 600); do
    curl -fs "$address/healthz" >/dev/null && return
    kill -0 "$process" 2>/dev/null || break
    sleep 0.2
  done
  cat "$work/output.log" >&2
  echo "The image does not start." >&2
  exit 1
}
stop() {
  # The program is the only child of unshare, which does not forward signals.
  kill -TERM "$(pgrep -P "$process")"
  wait "$process" || { echo "It ended with $?" >&2; exit 1; }
  process=
}
expect() {
  local what=$1 expected=$2 actual=$3
  [[ "$actual" == $expected ]] || { echo "FAILED: $what: expected $expected, got $actual" >&2; exit 1; }
  case $expected in *'*'*) echo "$what: as expected" ;; *) echo "$what: $actual" ;; esac
}

say "Running it: user 1654, read-only root file system"
start
expect "A visit" '{"us":1}' "$(curl -fs -X POST "$address/api/v1/stats?countryCode=us&site=shop.example")"
expect "Read back" '{"us":1}' "$(curl -fs "$address/api/v1/stats?site=shop.example")"
expect "The page" 200 "$(curl -fs -o /dev/null -w '%{http_code}' "$address/")"
expect "The country database" '*geo-whois-asn-country*' "$(curl -fs "$address/api/v1/whereami" | tr -d '\n ')"
expect "A time zone of a shop" '*"Europe/Berlin"*' "$(curl -fs "$address/api/v1/sites" | tr -d '\n ')"
(inside "${health[@]}") >"$work/health.log" 2>&1 && echo "Health check: $(cat "$work/health.log")" || { cat "$work/health.log" >&2; exit 1; }
expect "Who may write outside of /data" "none" "$( (inside /usr/bin/touch /app/x) >/dev/null 2>&1 && echo somebody || echo none)"
stop
say "Once more, on the same volume"
start
expect "Read back after a restart" '{"us":1}' "$(curl -fs "$address/api/v1/stats?site=shop.example")"
stop
say "The image works."
