#!/usr/bin/env bash
# The speed harness, run as `./run bench [MEMBERS]`: everything on loopback, server and load on the same cores, rounds
# interleaved, since only ratios within one run mean anything. Figures go to build/bench/results.tsv too, and with
# gnuplot there, to pictures beside it. `./run bench rotate [MEMBERS]...` measures rotations of keys, and nothing else.
# How to read them: docs/performance.md.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
bin=$PWD/build/bin
rotate_alone=
if [ "${1:-}" = rotate ]; then
  rotate_alone=yes
  shift
  [ $# = 0 ] || ROTATED=$*
fi
members=${1:-10000}
rounds=${ROUNDS:-3}
seconds=${SECONDS_EACH:-3}
# Chapters of these sizes are searched, too.
sizes=${SIZES-1000 100000}
# In chapters of these sizes the keys are rotated.
rotated_sizes=${ROTATED-20000}
works=${WORKS-rewrap reencrypt reindex rekey-pages}

out=$PWD/build/bench
mkdir -p "$out"
results=$out/results.tsv
: >"$results"
dir=$(mktemp -d "${TMPDIR:-/tmp}/sodality-bench.XXXXXX")
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$dir"
}
trap cleanup EXIT

now_ns() { date +%s%N; }
since_ms() { echo $((($(now_ns) - $1) / 1000000)); }
await() { # await FILE: the address in its line of JSON
  for _ in $(seq 6000); do
    [ -s "$1" ] && break
    sleep 0.01
  done
  cut -d '"' -f 4 "$1"
}
value() { grep -o "\"$1\":[0-9.]*" | cut -d : -f 2; }
text() { grep -o "\"$1\":\"[^\"]*\"" | cut -d '"' -f 4; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", b ? a / b : 0}'; }
note() { # note FIELD...: a line of results.tsv
  local IFS=$'\t'
  echo "$*" >>"$results"
}

# ---- A chapter of invented members: $at/data, $at/admin; $server, $address

serve() {
  : >"$at/listening"
  "$bin/sodalityd" serve --data "$at/data" --root-key "$at/root.key" >"$at/listening" 2>>"$at/log" &
  server=$!
  pids+=("$server")
  address=$(await "$at/listening")
}

stop() {
  kill "$server"
  wait "$server" || true
}

push() { # push MEMBERS
  local begin ms rate
  "$bin/sample_roster" "$1" 1 >"$at/roster.csv"
  begin=$(now_ns)
  "$bin/sodality" --profile "$at/admin" --no-input --quiet roster push "$at/roster.csv" >/dev/null
  ms=$(since_ms "$begin")
  rm "$at/roster.csv"
  rate=$(awk -v n="$1" -v ms="$ms" 'BEGIN {printf "%.0f", n * 1000 / ms}')
  printf '%7d members: pushed at %d a second\n' "$1" "$rate"
  note push "$1" "$rate"
}

# The database and the ledger of the push, before anybody looks; then a start.
restart() { # restart MEMBERS
  local begin ms store ledger
  stop
  store=$(du -cb "$at"/data/members.db* | awk 'END {print $1}')
  ledger=$(du -sb "$at/data/ledger" | cut -f 1)
  begin=$(now_ns)
  serve
  ms=$(since_ms "$begin")
  printf '%7d members: %d bytes each in the database, a ledger of %d MiB; %d ms to start\n' \
    "$1" $((store / $1)) $((ledger >> 20)) "$ms"
  note disk "$1" "$store" "$ledger"
  note start "$1" "$ms"
}

search() { # search MEMBERS
  "$bin/bench_search" "$address" "$name" "$at/admin" "$1" "$seconds" >"$at/search"
  while read -r line; do
    local kind p50 p99 shown
    kind=$(text search <<<"$line")
    p50=$(value p50_us <<<"$line")
    p99=$(value p99_us <<<"$line")
    shown=$(value shown <<<"$line")
    printf '%7d members: a search by %-17s p50 %6d us, p99 %6d us, %4.1f shown\n' \
      "$1" "$kind" "$p50" "$p99" "$shown"
    note search "$1" "$kind" "$p50" "$p99" "$shown"
  done <"$at/search"
}

empty() { # empty FOLDER MEMBERS: a chapter without members
  at=$dir/$1
  mkdir "$at"
  "$bin/sodalityd" init --data "$at/data" --chapter bench --listen 127.0.0.1:0 \
    --admin admin --expected-members "$2" --invite-out "$at/invite" --root-key "$at/root.key" 2>/dev/null
  serve
  "$bin/sodality" --profile "$at/admin" --no-input --quiet join "$at/invite" --server "$address" >/dev/null
  name=$(sed -n "s/^server_name = .\(.*\).$/\1/p" "$at/admin/profile.toml")
}

chapter() { # chapter MEMBERS
  empty "$1" "$1"
  push "$1"
  restart "$1"
  search "$1"
}

# ---- Rotations of keys

# rotated MEMBERS: each work in turn, beside 32 look-ups and alone.
rotated() {
  local work
  "$bin/bench_load" ids "$address" "$name" "$at/admin" >"$at/ids"
  for _ in $(seq "$rounds"); do
    for work in $works; do
      "$bin/bench_rotate" "$address" "$name" "$at/admin" "$at/ids" 32 "$seconds" "$work" >>"$at/$work"
    done
  done
  for work in $works; do one_work "$1" "$work"; done
}

one_work() { # one_work MEMBERS WORK
  local alone beside idle busy few many
  worked() { value "$1" <"$at/$2" | median; }
  alone=$(worked alone_per_second "$2")
  beside=$(worked beside_per_second "$2")
  idle=$(worked idle_p99_us "$2")
  busy=$(worked busy_p99_us "$2")
  few=$(worked busy_look_ups "$2")
  many=$(worked idle_look_ups "$2")
  printf '%7d members: %-11s %6d a second alone, %6d beside 32 look-ups, ratio %s; look-ups p99 %6d us beside %6d idle, ratio %s; %d a second beside %d\n' \
    "$1" "$2" "$alone" "$beside" "$(ratio "$beside" "$alone")" "$busy" "$idle" "$(ratio "$busy" "$idle")" "$few" "$many"
  note rotate "$1" "$2" "$alone" "$beside" "$busy" "$idle" "$few" "$many"
}

rotations() {
  local size
  for size in $rotated_sizes; do
    echo "bench: rotations, $size members" >&2
    empty "rotate.$size" "$size"
    push "$size"
    rotated "$size"
    stop
  done
}

# ---- Look-ups beside the echo

streams() { "$bin/bench_load" stream "$address" "$name" "$at/admin" "$at/ids" "$1" "$2" "$3"; }
load() { "$bin/bench_load" "$1" "$name" "$at/admin" "$at/ids" "$2" "$3" "$4"; }
echoes() {
  for api in callback sync batch; do
    mkfifo "$dir/$api.in"
    "$bin/bench_echo" "$at/data" "$api" <"$dir/$api.in" >"$dir/$api" &
    pids+=("$!")
  done
  exec 7>"$dir/batch.in" 8>"$dir/callback.in" 9>"$dir/sync.in"
  callback=$(await "$dir/callback")
  sync=$(await "$dir/sync")
  batch=$(await "$dir/batch")
}
of() { value "$2" <"$dir/$1" | median; }

unary() { # unary OUTSTANDING
  local connections=$(($1 == 1 ? 1 : 2)) ours floor
  for _ in $(seq "$rounds"); do
    load "$callback" "$connections" "$1" "$seconds" >>"$dir/callback.$1"
    load "$address" "$connections" "$1" "$seconds" >>"$dir/unary.$1"
    load "$sync" "$connections" "$1" "$seconds" >>"$dir/sync.$1"
    load "$batch" "$connections" "$1" "$seconds" >>"$dir/batch.$1"
  done
  floor=$(of "callback.$1" per_second)
  ours=$(of "unary.$1" per_second)
  printf '%3d outstanding %8d look-ups a second, p50 %d us, p99 %d us; echo %d (callback), %d (sync), %d (SCHED_BATCH); ratio %s, %s\n' \
    "$1" "$ours" "$(of "unary.$1" p50_us)" "$(of "unary.$1" p99_us)" "$floor" \
    "$(of "sync.$1" per_second)" "$(of "batch.$1" per_second)" "$(ratio "$ours" "$floor")" \
    "$(ratio "$ours" "$(of "batch.$1" per_second)")"
  note look-ups "$1" unary "$ours" "$(of "unary.$1" p50_us)" "$(of "unary.$1" p99_us)"
  note look-ups "$1" batch-echo "$(of "batch.$1" per_second)" "$(of "batch.$1" p50_us)" "$(of "batch.$1" p99_us)"
  note look-ups "$1" echo "$floor" "$(of "callback.$1" p50_us)" "$(of "callback.$1" p99_us)"
}

streamed() { # streamed OUTSTANDING
  local ours floor unary
  for _ in $(seq "$rounds"); do
    load "$callback" 2 "$1" "$seconds" >>"$dir/callback2.$1"
    streams 2 "$1" "$seconds" >>"$dir/stream.$1"
  done
  floor=$(of "callback2.$1" per_second)
  ours=$(of "stream.$1" per_second)
  # The machine may have changed its pace since the unary ones: both are taken beside their own echo.
  unary=$(awk -v u="$(of "unary.$1" per_second)" -v e="$(of "callback.$1" per_second)" -v f="$floor" \
    'BEGIN {printf "%.0f", e ? u * f / e : 0}')
  printf '%3d on streams  %8d look-ups a second, 16 a message, p50 %d us, p99 %d us; ratio to the echo %s, to unary %s\n' \
    "$1" "$ours" "$(of "stream.$1" p50_us)" "$(of "stream.$1" p99_us)" \
    "$(ratio "$ours" "$floor")" "$(ratio "$ours" "$unary")"
  note look-ups "$1" streamed "$ours" "$(of "stream.$1" p50_us)" "$(of "stream.$1" p99_us)"
}

if [ -n "$rotate_alone" ]; then
  rotations
  echo "bench: the figures are in build/bench/results.tsv" >&2
  exit 0
fi
for size in $sizes; do
  echo "bench: $size members" >&2
  chapter "$size"
  stop
done
echo "bench: $members members" >&2
chapter "$members"
"$bin/bench_load" ids "$address" "$name" "$at/admin" >"$at/ids"
echoes
for outstanding in 1 32 128; do unary "$outstanding"; done
# After the unary ones: what the index of the ledger has to catch up with would slow those down.
for outstanding in 32 128; do streamed "$outstanding"; done
awk '/VmRSS|VmHWM/ {printf "memory         %8.0f MiB %s\n", $2 / 1024, $1}' "/proc/$server/status" || true
stop
rotations
if command -v gnuplot >/dev/null; then bench/plot.sh "$results" "$out"; else echo "bench: no pictures without gnuplot" >&2; fi
echo "bench: the figures are in build/bench/results.tsv" >&2
