# What cmake --install puts where: component `library` for programs of others,
# component `programs` for ours. docs/adr/0016-installed-library.md says why.
include(CMakePackageConfigHelpers)

# One archive of all that the client library is made of, so that no internal
# target is exported. It has no sources of its own.
set(parts client profile pki crypto platform ascii protos)
set(objects "")
foreach(part ${parts})
  list(APPEND objects $<TARGET_OBJECTS:sodality_${part}>)
endforeach()
add_library(sodality_installed STATIC ${objects})
set_target_properties(sodality_installed PROPERTIES
  OUTPUT_NAME sodality_client EXPORT_NAME client LINKER_LANGUAGE CXX
  ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/installed)
target_compile_features(sodality_installed PUBLIC cxx_std_20)
target_include_directories(sodality_installed INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(sodality_installed PUBLIC absl::status absl::statusor
  PRIVATE absl::strings absl::synchronization absl::inlined_vector
  gRPC::grpc++ protobuf::libprotobuf OpenSSL::Crypto PkgConfig::SODIUM
  Threads::Threads tomlplusplus::tomlplusplus)
if(SODALITY_SANITIZE)
  target_link_options(sodality_installed INTERFACE
    -fsanitize=${SODALITY_SANITIZE})
endif()

add_library(sodality_installed_mocks INTERFACE)
set_target_properties(sodality_installed_mocks PROPERTIES
  EXPORT_NAME client_mocks)
target_link_libraries(sodality_installed_mocks INTERFACE sodality_installed
  GTest::gmock)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Sodality)
set(SODALITY_PROTO_DIR ${CMAKE_INSTALL_DATADIR}/sodality/proto)
configure_package_config_file(cmake/SodalityConfig.cmake.in
  ${CMAKE_BINARY_DIR}/SodalityConfig.cmake INSTALL_DESTINATION ${package}
  PATH_VARS SODALITY_PROTO_DIR)
write_basic_package_version_file(
  ${CMAKE_BINARY_DIR}/SodalityConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS sodality_installed sodality_installed_mocks
  EXPORT SodalityTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(EXPORT SodalityTargets NAMESPACE sodality:: DESTINATION ${package}
  COMPONENT library)
install(FILES ${CMAKE_BINARY_DIR}/SodalityConfig.cmake
  ${CMAKE_BINARY_DIR}/SodalityConfigVersion.cmake cmake/SodalityRe2.cmake
  DESTINATION ${package} COMPONENT library)
install(DIRECTORY client/include/sodality
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library
  FILES_MATCHING PATTERN "*.h")
install(DIRECTORY proto/sodality DESTINATION ${SODALITY_PROTO_DIR}
  COMPONENT library FILES_MATCHING PATTERN "*.proto")

install(TARGETS sodality sodalityd
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
install(FILES docs/man/sodality.1
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT programs)
install(FILES docs/man/sodalityd.8
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT programs)
