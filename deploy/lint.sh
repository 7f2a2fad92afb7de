# shellcheck shell=bash
# The stages of ./run lint, sourced by it. Each prints what is wrong to
# standard error; the first that fails ends the run.

# shellcheck source=deploy/setup.sh
. deploy/setup.sh
# shellcheck source=deploy/docs.sh
. deploy/docs.sh

buf_version=1.75.0

tracked() {
  git -c safe.directory="$PWD" ls-files --cached --others --exclude-standard \
    "$@" | while read -r file; do
    if [ -f "$file" ]; then echo "$file"; fi
  done
}

lint_format() {
  tracked '*.h' '*.cc' | xargs -r clang-format-14 --dry-run -Werror
}

lint_shell() {
  tracked | xargs grep -lIE '^#!.*[/ ](ba)?sh$|^# shellcheck shell=' |
    xargs shellcheck -x
}

lint_checks() {
  .ci/check_examples >&2
  .ci/check_layering >&2
  .ci/check_secret_access >&2
  .ci/check_sizes >&2
  .ci/checks_test
  .ci/tidy_test
}

# buf from the npm registry, by its package for this kind of processor: no
# install script runs, and the version is pinned.
fetch_buf() {
  local package
  package=@bufbuild/buf-linux-$(uname -m | sed 's/x86_64/x64/')
  buf=build/tools/node_modules/$package/bin/buf
  if [ -x "$buf" ] && [ "$("$buf" --version 2>&1)" = "$buf_version" ]; then
    return
  fi
  mkdir -p build/tools
  npm install --prefix build/tools --no-save --no-package-lock \
    --ignore-scripts --no-audit --no-fund "$package@$buf_version"
}

lint_protos() {
  local buf
  fetch_buf >build/log/npm.log 2>&1 || {
    [ "${CI:-}" = true ] && die "cannot get buf: see build/log/npm.log"
    note "lint: NOT CHECKED: protos, for want of npm or its registry"
    return
  }
  "$buf" lint proto >&2
  # What the API was; a release, and nothing else, may write it anew:
  # buf build proto --exclude-source-info -o tests/compat/api_v1.binpb
  "$buf" breaking proto --against tests/compat/api_v1.binpb >&2
}

lint_tidy() { .ci/tidy build/lint; }

lint_docs() {
  make_docs
  .ci/docs_test
}

lint_stage() {
  local start=$SECONDS
  lint_now=$1
  "lint_$1"
  note "lint: $1 ok ($((SECONDS - start)) s)"
  lint_now=
}

lint() {
  [ "$(codename)" = bookworm ] ||
    die "lint needs clang 14 and its format, which only Debian 12 has"
  add_npm lint_packages
  install_missing "${build_packages[@]}" "${lint_packages[@]}" \
    "${docs_packages[@]}"
  local stage headers
  lint_now=
  trap '[ -z "$lint_now" ] || note "error: lint: $lint_now failed"' EXIT
  mkdir -p build/log
  for stage in format shell checks docs protos; do lint_stage "$stage"; done
  mapfile -t headers < <(tracked 'proto/*.proto' | sed 's/proto$/pb.h/')
  compile lint "${headers[@]}"
  lint_stage tidy
}
