#!/usr/bin/env bash
# The speed harness, run as `./run bench [MEMBERS]`: everything on loopback, server and load on the same cores, rounds
# interleaved, since only ratios within one run mean anything. The figures and how to read them: docs/performance.md.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
bin=$PWD/build/bin
[ -x "$bin/bench_load" ] || bin=$PWD/build/release/bin
programs=$PWD/build/bin
members=${1:-10000}
rounds=${ROUNDS:-3}
seconds=${SECONDS_EACH:-3}

dir=$(mktemp -d "${TMPDIR:-/tmp}/sodality-bench.XXXXXX")
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$dir"
}
trap cleanup EXIT

await() { # await FILE: the address in its line of JSON
  for _ in $(seq 200); do
    [ -s "$1" ] && break
    sleep 0.1
  done
  cut -d '"' -f 4 "$1"
}
value() { grep -o "\"$1\":[0-9]*" | cut -d : -f 2; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", b ? a / b : 0}'; }

"$programs/sodalityd" init --data "$dir/data" --chapter bench --listen 127.0.0.1:0 \
  --admin admin --invite-out "$dir/invite" --root-key "$dir/root.key" 2>/dev/null
"$programs/sodalityd" serve --data "$dir/data" --root-key "$dir/root.key" >"$dir/listening" 2>"$dir/log" &
server=$!
pids+=("$server")
address=$(await "$dir/listening")
"$programs/sodality" --profile "$dir/admin" --no-input --quiet join "$dir/invite" --server "$address" >/dev/null
name=$(sed -n "s/^server_name = .\(.*\).$/\1/p" "$dir/admin/profile.toml")

echo "bench: $members members" >&2
"$bin/sample_roster" "$members" 1 >"$dir/roster.csv"
begin=$(date +%s%N)
"$programs/sodality" --profile "$dir/admin" --no-input --quiet roster push "$dir/roster.csv" >/dev/null
end=$(date +%s%N)
awk -v n="$members" -v ns="$((end - begin))" \
  'BEGIN {printf "push           %8.0f members a second\n", n * 1e9 / ns}'
"$bin/bench_load" ids "$address" "$name" "$dir/admin" >"$dir/ids"

for api in callback sync; do
  mkfifo "$dir/$api.in"
  "$bin/bench_echo" "$dir/data" "$api" <"$dir/$api.in" >"$dir/$api" &
  pids+=("$!")
done
exec 8>"$dir/callback.in" 9>"$dir/sync.in"
callback=$(await "$dir/callback")
sync=$(await "$dir/sync")

streams() { "$bin/bench_load" stream "$address" "$name" "$dir/admin" "$dir/ids" "$1" "$2" "$3"; }
load() { "$bin/bench_load" "$1" "$name" "$dir/admin" "$dir/ids" "$2" "$3" "$4"; }
streamed() { # streamed OUTSTANDING FLOOR
  local ours
  ours=$(value per_second <"$dir/stream.$1" | median)
  printf '%3d on streams  %8d look-ups a second, 16 a message, p50 %d us, p99 %d us; ratio to the same echo %s\n' \
    "$1" "$ours" "$(value p50_us <"$dir/stream.$1" | median)" "$(value p99_us <"$dir/stream.$1" | median)" \
    "$(ratio "$ours" "$2")"
}
for out in 1 32 128; do
  connections=$((out == 1 ? 1 : 2))
  for what in look-up callback sync; do : >"$dir/$what.$out"; done
  for _ in $(seq "$rounds"); do
    load "$callback" "$connections" "$out" "$seconds" >>"$dir/callback.$out"
    load "$address" "$connections" "$out" "$seconds" >>"$dir/look-up.$out"
    load "$sync" "$connections" "$out" "$seconds" >>"$dir/sync.$out"
  done
  floor=$(value per_second <"$dir/callback.$out" | median)
  ours=$(value per_second <"$dir/look-up.$out" | median)
  other=$(value per_second <"$dir/sync.$out" | median)
  printf '%3d outstanding %8d look-ups a second, p50 %d us, p99 %d us; echo %d (callback), %d (sync); ratio %s\n' \
    "$out" "$ours" "$(value p50_us <"$dir/look-up.$out" | median)" \
    "$(value p99_us <"$dir/look-up.$out" | median)" "$floor" "$other" "$(ratio "$ours" "$floor")"
done
# After the unary ones: what the index of the ledger has to catch up with would slow those down.
for out in 32 128; do
  for what in stream callback; do : >"$dir/$what.$out"; done
  for _ in $(seq "$rounds"); do
    load "$callback" 2 "$out" "$seconds" >>"$dir/callback.$out"
    streams 2 "$out" "$seconds" >>"$dir/stream.$out"
  done
  streamed "$out" "$(value per_second <"$dir/callback.$out" | median)"
done
awk '/VmRSS|VmHWM/ {printf "memory         %8.0f MiB %s\n", $2 / 1024, $1}' "/proc/$server/status" || true
du -sk "$dir/data" | awk -v n="$members" '{printf "disk           %8.0f bytes a member\n", $1 * 1024 / n}'
