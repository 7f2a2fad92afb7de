# shellcheck shell=bash
# What the build needs from Debian's packages, on Debian 12 and 13. Sourced by
# ./run, which gives it note, die and logged. docs/dependencies.md says what
# each package is for.
# shellcheck disable=SC2034  # ./run and deploy/lint.sh read the lists

build_packages=(
  g++ cmake ninja-build ccache pkgconf
  libsodium-dev libssl-dev libicu-dev libphonenumber-dev libabsl-dev
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev
  libgtest-dev libgmock-dev librapidcheck-dev python3
)
# For the tests that let other people's programs read our formats, speak to the
# server, take its core, and hold what a command prints against its schema.
test_packages=(openssl python3-grpcio python3-jsonschema python3-protobuf gdb)
# Debian 12 only: Debian 13 has no clang 14, and another clang formats
# differently.
lint_packages=(clang-14 clang-format-14 clang-tidy-14 git shellcheck)
# Makes the API's documentation; Debian 12's and 13's both do.
docs_packages=(doxygen)
# Draws what ./run bench measured.
bench_packages=(gnuplot-nox)
# The compiler with libFuzzer; llvm has what names the lines of a report.
fuzz_packages=(clang libclang-rt-dev llvm)
# Reads the counts that the compiler's own gcov leaves.
coverage_packages=(gcovr)

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages are missing: run as root, or get sudo"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

# missing PACKAGE...: those not installed, one a line.
missing() {
  comm -13 \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^installed //p' | sort -u) \
    <(printf '%s\n' "$@" | sort -u)
}

# Debian 12's own SQLCipher is 3.4.1, of 2017.
sqlcipher_is_there() {
  local version
  [ -z "$(missing libsqlcipher-dev)" ] || return 1
  version=$(dpkg-query -W -f '${Version}' libsqlcipher-dev)
  dpkg --compare-versions "$version" ge 4.6.1
}

# one_line_backports FILE SUITE: the file's first "deb" line of Debian's main
# for SUITE, with the suite replaced by its backports.
one_line_backports() {
  awk -v suite="$2" '
    { sub(/#.*/, "") }
    $1 == "deb" {
      i = 2
      if ($i ~ /^\[/) { while (i < NF && $i !~ /\]$/) i++; i++ }
      if ($i ~ /^cdrom:/ || $(i + 1) != suite) next
      main = 0
      for (j = i + 2; j <= NF; j++) if ($j == "main") main = 1
      if (!main) next
      $(i + 1) = suite "-backports"
      print
      exit
    }' "$1"
}

# deb822_backports FILE SUITE: likewise from the first stanza of a .sources
# file; URIs, Signed-By (a path or a whole key) and options stay as they are.
deb822_backports() {
  sed 's/^[[:space:]]*$//' "$1" | awk -v suite="$2" -v RS= '
    function has(list, word) {
      gsub(/[ \t]+/, " ", list)
      return index(" " list " ", " " word " ")
    }
    {
      n = split($0, line, "\n")
      split("", value)
      copy = key = ""
      for (i = 1; i <= n; i++) {
        if (line[i] ~ /^#/) continue
        text = line[i]
        starts = text !~ /^[ \t]/
        if (starts) {
          key = tolower(text)
          sub(/[ \t]*:.*/, "", key)
          sub(/^[^:]*:/, "", text)
        }
        value[key] = value[key] " " text
        if (key != "suites" && key != "types") copy = copy line[i] "\n"
      }
      if (has(value["types"], "deb") && has(value["suites"], suite) &&
          has(value["components"], "main") &&
          value["enabled"] !~ /no|false|off|0/) {
        printf "Types: deb\nSuites: %s-backports\n%s", suite, copy
        exit
      }
    }'
}

# backports_source APT_FOLDER SUITE: on the first line the name for the new
# source file, then its text; nothing when no source of SUITE is found. Debian's
# own files come first, so that a third party's source of the same suite name
# is not taken for Debian's.
backports_source() {
  local file text
  for file in "$1/sources.list" "$1/sources.list.d/debian.sources" \
    "$1"/sources.list.d/*.list "$1"/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    case $file in
      *.sources) text=$(deb822_backports "$file" "$2") ;;
      *) text=$(one_line_backports "$file" "$2") ;;
    esac
    if [ -n "$text" ]; then
      case $file in
        *.sources) echo sodality-backports.sources ;;
        *) echo sodality-backports.list ;;
      esac
      printf '%s\n' "$text"
      return
    fi
  done
}

add_backports() {
  local suite=$1 source file
  if apt-get --print-uris update 2>/dev/null |
    grep -E "/dists/($suite|oldstable)-backports/" >/dev/null; then
    return
  fi
  source=$(backports_source /etc/apt "$suite")
  [ -n "$source" ] ||
    die "found no apt source of Debian $suite to copy for $suite-backports"
  file=/etc/apt/sources.list.d/${source%%$'\n'*}
  note "adding $file for SQLCipher"
  printf '%s\n' "${source#*$'\n'}" | as_root tee "$file" >/dev/null
}

install_packages() {
  local suite=$1
  shift
  if [ $# -gt 0 ]; then
    apt_get install --no-install-recommends "$@" || return
  fi
  if sqlcipher_is_there; then return; fi
  if [ "$suite" = bookworm ]; then
    set -- -t bookworm-backports
  else
    set --
  fi
  apt_get install --no-install-recommends "$@" libsqlcipher-dev || return
  sqlcipher_is_there
}

# install_missing PACKAGE...: SQLCipher and what else is not there. Asks dpkg
# alone when nothing is missing.
install_missing() {
  local suite packages
  mapfile -t packages < <(missing "$@")
  if [ "${#packages[@]}" = 0 ] && sqlcipher_is_there; then return; fi
  suite=$(codename)
  case $suite in
    bookworm) add_backports "$suite" ;;
    trixie) ;;
    *) die "needs Debian 12 or 13 (missing: ${packages[*]:-libsqlcipher-dev});" \
      "elsewhere install what docs/dependencies.md lists" ;;
  esac
  note "installing ${#packages[@]} packages and what they need"
  # A third party's broken source must not stop us: if anything of ours is
  # then not to be had, the installation says so.
  logged apt-update apt_get update || note "apt-get update had errors"
  logged apt-install install_packages "$suite" "${packages[@]}" ||
    die "cannot install the packages"
}

# add_npm LIST: npm to that list of packages. Where npm is there already,
# Debian's own would conflict with it.
add_npm() {
  local -n to=$1
  command -v npm >/dev/null || to+=(npm)
}

# The tests' modules from the npm registry, as tests/npm/package-lock.json pins
# them, into build/npm. No install script runs.
fetch_modules() {
  local done=build/npm/node_modules/.installed
  cmp -s tests/npm/package-lock.json "$done" && return
  mkdir -p build/npm
  cp tests/npm/package.json tests/npm/package-lock.json build/npm/
  if logged npm-modules npm ci --prefix build/npm --ignore-scripts --no-audit \
    --no-fund; then
    cp tests/npm/package-lock.json "$done"
    return
  fi
  [ "${CI:-}" != true ] || die "cannot get the tests' modules from npm"
  note "NOT TESTED: what needs modules from the npm registry"
}
