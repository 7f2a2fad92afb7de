# Everything comes from Debian's packages; docs/dependencies.md says what for.
include_guard()
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(absl REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET "libsodium >= 1.0.18")
pkg_check_modules(SQLCIPHER QUIET IMPORTED_TARGET "sqlcipher >= 3.46")
if(NOT SQLCIPHER_FOUND)
  message(FATAL_ERROR
    "SQLCipher 4.6.1 or later (its SQLite 3.46 or later) is needed. Debian 12's "
    "own 3.4.1 is refused: install libsqlcipher-dev from bookworm-backports "
    "(./run setup does it).")
endif()
if(SODALITY_GRPC)
  find_package(Protobuf REQUIRED)
  # gRPC would ask pkg-config for re2, whose walk through all of Abseil takes
  # minutes on Debian 13.
  find_library(RE2_LIBRARY re2 REQUIRED)
  add_library(re2::re2 UNKNOWN IMPORTED)
  set_target_properties(re2::re2 PROPERTIES IMPORTED_LOCATION ${RE2_LIBRARY})
  set(re2_FOUND TRUE)
  find_package(gRPC CONFIG REQUIRED)
  find_package(CLI11 REQUIRED)
endif()
if(SODALITY_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
