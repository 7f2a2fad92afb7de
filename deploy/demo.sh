#!/usr/bin/env bash
# A throw-away directory from the first invite to a look-up and its record:
# a server on a free loopback port, an admin, a coordinator and 300 invented
# people. Run it as `./run demo`; --keep leaves it running.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
bin=$PWD/build/bin

keep=false
case ${1:-} in
  '') ;;
  --keep) keep=true ;;
  *)
    echo "usage: ./run demo [--keep]" >&2
    exit 2
    ;;
esac

dir=$(mktemp -d "${TMPDIR:-/tmp}/sodality-demo.XXXXXX")
server=
stop() {
  local status=$?
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || status=$?
    [ "$status" != 0 ] || echo "The server has stopped cleanly."
  fi
  if [ "$status" != 0 ] && [ -s "$dir/server.log" ]; then
    echo "demo: the server's log:" >&2
    tail -n 20 "$dir/server.log" >&2
  fi
  rm -rf "$dir"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }
# shown PROFILE ARGUMENT...: prints the command as a person types it, runs it.
shown() {
  local who=$1
  shift
  printf '%s$ sodality' "$who"
  printf ' %q' "$@"
  printf '\n'
  "$bin/sodality" --profile "$dir/$who" --no-input "$@"
}
quiet() {
  local who=$1
  shift
  "$bin/sodality" --profile "$dir/$who" --no-input --quiet "$@" >/dev/null
}
# first_id PROFILE WORD...: the id of the first member found.
first_id() {
  local who=$1
  shift
  "$bin/sodality" --profile "$dir/$who" --no-input --json find "$@" |
    grep -o '"id":"[a-z2-7]*"' | head -n 1 | cut -d '"' -f 4
}

say "A chapter is set up; its root key goes into a file of its own"
"$bin/sodalityd" init --data "$dir/data" --chapter "Springfield Tenants Union" \
  --listen 127.0.0.1:0 --admin "Ada Admin" --invite-out "$dir/admin.invite" \
  --root-key "$dir/root.key"
"$bin/sodalityd" serve --data "$dir/data" --root-key "$dir/root.key" \
  >"$dir/listening" 2>"$dir/server.log" &
server=$!
for _ in $(seq 100); do
  [ -s "$dir/listening" ] && break
  kill -0 "$server" 2>/dev/null || exit 1
  sleep 0.1
done
address=$(cut -d '"' -f 4 "$dir/listening")
echo "The server listens on $address."

say "The admin joins with that invite, and invites a coordinator"
shown admin join "$dir/admin.invite" --server "$address"
shown admin invite "Cora Coordinator" --role coordinator \
  --out "$dir/cora.invite"
shown cora join "$dir/cora.invite" --server "$address"

say "A grant says whose data, which fields, what for and until when"
shown admin grant add --to "Cora Coordinator" --role coordinator \
  --class basic --class contact --purpose "phone bank for the rent strike" \
  --until 14d --budget 50/h,200/d

say "The roster arrives: 300 invented people in many scripts"
"$bin/sample_roster" 300 1 >"$dir/roster.csv"
shown admin roster push "$dir/roster.csv"

say "Finding people: by words of a name, a prefix, in any script"
shown cora find velaz
shown cora find nguyen duc
shown cora find 王 小
shown cora find wang
say "... by telephone, e-mail and committee"
shown cora find "+1 202.555.0100"
shown cora find member7@example.org
shown cora find velaz --where "committees=Housing"

say "Contact fields stay hidden until they are asked for"
member=$(first_id cora member7@example.org)
shown cora show "$member"
shown cora show "$member" --reveal

say "Every look is on record: who, when, what for, which fields"
shown admin ledger --member "$member"

say "What the grant does not cover cannot be asked (notes are sensitive)"
if shown cora find --where "notes=evening"; then
  echo "demo: that should have been refused" >&2
  exit 1
fi

say "The record's chain verifies"
shown admin ledger verify

if $keep; then
  say "Still running. Try, in another terminal:"
  echo "  $bin/sodality --profile $dir/cora status"
  echo "  $bin/sodality --profile $dir/cora find nguyen"
  echo "  $bin/sodality --profile $dir/admin ledger"
  echo "Ctrl-C stops it and removes $dir."
  wait "$server"
else
  say "Done"
fi
