#!/usr/bin/env bash
# plot.sh RESULTS FOLDER: look-ups.svg and searches.svg in FOLDER, of what bench/run.sh left in RESULTS.
set -euo pipefail
results=$1
out=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/sodality-plot.XXXXXX")
trap 'rm -rf "$dir"' EXIT

style='set terminal svg size 760,420 font "sans-serif,13" background "#ffffff"
set border 3 lc rgb "#606060"
set tics nomirror textcolor rgb "#303030"
set grid ytics lc rgb "#e0e0e0" lt 1'

# look_ups KIND OUTSTANDING: how many a second; 0 when that was not measured
look_ups() { awk -F '\t' -v k="$1" -v o="$2" '$1 == "look-ups" && $3 == k && $2 == o {v = $4} END {print v + 0}' "$results"; }
for outstanding in 1 32 128; do
  echo "$outstanding $(look_ups echo "$outstanding") $(look_ups unary "$outstanding") $(look_ups streamed "$outstanding")"
done >"$dir/look-ups"
gnuplot <<EOF
$style
set output "$out/look-ups.svg"
set title "Look-ups a second: each authorised, charged and durable on record before its answer" noenhanced
set xlabel "outstanding"
set yrange [0:*]
set format y "%'.0f"
set style data histogram
set style histogram clustered gap 1
set style fill solid border -1
set boxwidth 0.9
set key top left reverse Left
plot "$dir/look-ups" using 2:xtic(1) title "echo of the same reply, mutual TLS" lc rgb "#b8b8b8", \
     "" using 3 title "Sodality, unary" lc rgb "#1f6fb2", \
     "" using 4 title "Sodality, streamed" lc rgb "#e08a1e"
EOF

mapfile -t kinds < <(awk -F '\t' '$1 == "search" && !seen[$3]++ {print $3}' "$results")
[ ${#kinds[@]} -gt 0 ] || exit 0
lines=
for i in "${!kinds[@]}"; do
  awk -F '\t' -v k="${kinds[$i]}" '$1 == "search" && $3 == k {print $2, $4 / 1000}' "$results" |
    sort -n >"$dir/$i"
  lines+="\"$dir/$i\" using 1:2 with linespoints lw 2 pt 7 ps 0.6 title \"${kinds[$i]}\", "
done
gnuplot <<EOF
$style
set output "$out/searches.svg"
set title "A search on an idle server, the median"
set xlabel "members"
set ylabel "milliseconds"
set logscale x
set format x "%'.0f"
set xrange [*:*]
set yrange [0:*]
set offsets graph 0.03, graph 0.03, 0, 0
set key outside right
plot ${lines%, }
EOF
