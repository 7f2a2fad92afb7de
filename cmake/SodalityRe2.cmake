# gRPC would ask pkg-config for re2, whose walk through all of Abseil takes
# minutes on Debian 13. Installed beside SodalityConfig.cmake too.
if(NOT TARGET re2::re2)
  find_library(RE2_LIBRARY re2 REQUIRED)
  add_library(re2::re2 UNKNOWN IMPORTED)
  set_target_properties(re2::re2 PROPERTIES IMPORTED_LOCATION ${RE2_LIBRARY})
endif()
set(re2_FOUND TRUE)
