# shellcheck shell=bash
# ./run fuzz, sourced by it.

# shellcheck source=deploy/setup.sh
. deploy/setup.sh

fuzz_targets() {
  local file
  for file in tests/fuzz/*_fuzz.cc; do basename "$file" _fuzz.cc; done
}

# share SECONDS COUNT: of the time that all cores have, whole seconds for each.
share() {
  local each=$(($1 * $(nproc) / $2))
  echo $((each > 0 ? each : 1))
}

# fuzz [SECONDS] [TARGET...]
fuzz() {
  local seconds=60 targets each
  if [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then
    seconds=$1
    shift
  fi
  targets=("$@")
  [ $# -gt 0 ] || mapfile -t targets < <(fuzz_targets)
  for each in "${targets[@]}"; do
    [ -e "tests/fuzz/${each}_fuzz.cc" ] ||
      die "no fuzz target $each; there are: $(fuzz_targets | xargs)"
  done
  install_missing "${build_packages[@]}" "${fuzz_packages[@]}"
  compile fuzz "${targets[@]/#/fuzz_}"
  each=$(share "$seconds" "${#targets[@]}")
  note "fuzzing ${#targets[@]} targets, $each seconds each"
  printf '%s\n' "${targets[@]}" |
    xargs -n 1 -P "$(nproc)" tests/fuzz/run_one "$each" ||
    die "a fuzz target broke"
}
