# sodality_cc_library(NAME crypto SRCS ... HDRS ... DEPS ...) makes target
# sodality_crypto and alias sodality::crypto; sodality_cc_binary and
# sodality_cc_test likewise. Flags come from two INTERFACE targets, never from
# global variables.
include_guard()

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH sodality_root)

add_library(sodality_warnings INTERFACE)
add_library(sodality::warnings ALIAS sodality_warnings)
target_compile_options(sodality_warnings INTERFACE -Wall -Wextra -Wpedantic
  -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wno-missing-field-initializers
  $<$<BOOL:${SODALITY_WERROR}>:-Werror>
  # Guesses of GCC's optimiser, wrong about Abseil's InlinedVector and
  # std::string, and other ones with each release and each inlining.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-free-nonheap-object>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

add_library(sodality_hardening INTERFACE)
add_library(sodality::hardening ALIAS sodality_hardening)
target_compile_options(sodality_hardening INTERFACE
  -fstack-protector-strong -ffile-prefix-map=${sodality_root}=.)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(sodality_hardening INTERFACE -fcf-protection)
endif()
target_link_options(sodality_hardening INTERFACE
  -Wl,-z,relro -Wl,-z,now -Wl,--as-needed)
if(SODALITY_SANITIZE)
  target_compile_options(sodality_hardening INTERFACE
    -fsanitize=${SODALITY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(sodality_hardening INTERFACE -fsanitize=${SODALITY_SANITIZE})
  if(SODALITY_FUZZ)
    target_compile_options(sodality_hardening INTERFACE -fsanitize=fuzzer-no-link)
  endif()
else()
  target_compile_options(sodality_hardening INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
endif()

function(_sodality_apply target)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${sodality_root}>)
  target_link_libraries(${target} PRIVATE
    $<BUILD_INTERFACE:sodality::warnings> $<BUILD_INTERFACE:sodality::hardening>)
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ${SODALITY_UNITY} UNITY_BUILD_BATCH_SIZE 12)
endfunction()

# Most of the time to compile a file goes into reading the same headers. With
# SODALITY_UNITY the files of a target are compiled together; ./run lint reads
# each alone, so that a missing include is still found. Files whose own names
# are those of another file of their target: sodality_compile_alone(FILE...).
function(sodality_compile_alone)
  foreach(file ${ARGN})
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      message(FATAL_ERROR "sodality_compile_alone: there is no ${file}")
    endif()
  endforeach()
  set_source_files_properties(${ARGN} PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

function(sodality_cc_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;HDRS;DEPS;PRIVATE_DEPS" ${ARGN})
  set(target sodality_${ARG_NAME})
  if(ARG_SRCS)
    add_library(${target} STATIC ${ARG_SRCS} ${ARG_HDRS})
    target_link_libraries(${target} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
    _sodality_apply(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${sodality_root})
    target_link_libraries(${target} INTERFACE ${ARG_DEPS})
  endif()
  add_library(sodality::${ARG_NAME} ALIAS ${target})
endfunction()

function(sodality_cc_binary)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS})
  _sodality_apply(${ARG_NAME})
  set_target_properties(${ARG_NAME} PROPERTIES
    POSITION_INDEPENDENT_CODE ON RUNTIME_OUTPUT_DIRECTORY ${SODALITY_BIN_DIR})
  target_link_options(${ARG_NAME} PRIVATE -pie)
endfunction()

# One test program a folder keeps links few: NAME crypto_test SRCS a_test.cc ...
# LABELS unit|integration|e2e|slow.
function(sodality_cc_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  # Such a program speaks gRPC: tests/keep_openssl.cc says why it matters.
  if("${ARG_DEPS}" MATCHES "gRPC::|sodality::(rpc|app|client|cli)(;|$)")
    list(APPEND ARG_SRCS ${sodality_root}/tests/keep_openssl.cc)
  endif()
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS} GTest::gmock_main)
  _sodality_apply(${ARG_NAME})
  # Optimising the tests' own code doubles their build under the sanitizers.
  target_compile_options(${ARG_NAME} PRIVATE $<$<CONFIG:Debug>:-O0>)
  set_target_properties(${ARG_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    # Properties draw the same values each time; run by hand a program draws new ones.
    ENVIRONMENT RC_PARAMS=seed=20260926)
endfunction()
