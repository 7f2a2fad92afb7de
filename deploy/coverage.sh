# shellcheck shell=bash
# ./run coverage, sourced by it.

# shellcheck source=deploy/setup.sh
. deploy/setup.sh

measured=(crypto text server/core)

coverage() {
  local log=build/log/coverage.log
  install_missing "${build_packages[@]}" "${coverage_packages[@]}"
  compile coverage
  # Counts of an earlier run, of other tests perhaps, would add to these.
  find build/coverage -name '*.gcda' -delete
  note "running the tests that need no gRPC"
  ctest --preset coverage >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    die "a test failed"
  }
  gcovr -j "$(nproc)" --root . "${measured[@]/#/--filter=}" \
    --json-summary build/coverage/summary.json build/coverage >>"$log" 2>&1 ||
    die "gcovr failed: see $log"
  .ci/check_coverage
}
