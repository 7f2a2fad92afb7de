#!/usr/bin/env bash
# Set-up copies the machine's own apt source for bookworm-backports: the right
# one, in whichever of apt's formats, and nothing when there is none.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit
# shellcheck source=deploy/setup.sh
. deploy/setup.sh
apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
failures=0

fresh() {
  rm -rf "${apt:?}"/*
  mkdir -p "$apt/sources.list.d"
}

# expect NAME TEXT: what the copy of the sources below $apt is.
expect() {
  local got
  got=$(backports_source "$apt" bookworm)
  [ "$got" = "$2" ] && return
  printf '%s: wanted\n%s\ngot\n%s\n' "$1" "$2" "$got"
  failures=$((failures + 1))
}

fresh
cat >"$apt/sources.list" <<'EOF'
# deb http://comment.example/debian bookworm main
deb cdrom:[Debian]/ bookworm main
deb-src http://source.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb [ arch=amd64 signed-by=/key.gpg ] http://m.example/debian bookworm contrib main # ours
deb http://second.example/debian bookworm main
EOF
expect 'one line, with options' "sodality-backports.list
deb [ arch=amd64 signed-by=/key.gpg ] http://m.example/debian bookworm-backports contrib main"

mv "$apt/sources.list" "$apt/sources.list.d/mirror.list"
: >"$apt/sources.list"
expect 'one line, in sources.list.d' "sodality-backports.list
deb [ arch=amd64 signed-by=/key.gpg ] http://m.example/debian bookworm-backports contrib main"

fresh
cat >"$apt/sources.list.d/aaa.sources" <<'EOF'
Types: deb
URIs: https://third-party.example
Suites: bookworm
Components: main
EOF
cat >"$apt/sources.list.d/debian.sources" <<'EOF'
# A stanza that is off, one without binaries, then ours.
Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main

types: deb deb-src
# a comment within
URIs: http://m.example/debian
Suites: bookworm
 bookworm-updates
Components: main non-free-firmware
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 bm90IGEga2V5LCBqdXN0IGxpbmVzIG9mIHRleHQ=
 -----END PGP PUBLIC KEY BLOCK-----
Check-Valid-Until: no

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
EOF
expect 'deb822, with a key within' "sodality-backports.sources
Types: deb
Suites: bookworm-backports
URIs: http://m.example/debian
Components: main non-free-firmware
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 bm90IGEga2V5LCBqdXN0IGxpbmVzIG9mIHRleHQ=
 -----END PGP PUBLIC KEY BLOCK-----
Check-Valid-Until: no"

fresh
expect 'no sources at all' ''
echo 'deb http://m.example/debian trixie main' >"$apt/sources.list"
expect 'another release only' ''
echo 'deb http://m.example/debian bookworm contrib' >"$apt/sources.list"
expect 'without main' ''

[ "$failures" = 0 ] && echo 'the right source is copied'
exit $((failures > 0))
