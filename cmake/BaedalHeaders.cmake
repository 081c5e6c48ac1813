# verify_headers: every header compiles alone. A header with a .cpp of its name is that file's first
# include (script/check-includes sees to it), so the build proves it; the others get a translation
# unit each. Not part of `all`: script/lint and script/test ask for it.
function(baedal_verify_headers folder)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/*.hpp")
  list(SORT headers)
  set(units "")
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "\\.hpp$" ".cpp" source "${header}")
    if(EXISTS "${folder}/${source}")
      continue()
    endif()
    set(unit "${CMAKE_BINARY_DIR}/generated/verify_headers/${source}")
    # Twice: the second finds a missing #pragma once.
    file(CONFIGURE OUTPUT "${unit}" @ONLY CONTENT
      "#include \"${header}\"\n#include \"${header}\"  // NOLINT\n")
    list(APPEND units "${unit}")
  endforeach()
  add_library(verify_headers OBJECT EXCLUDE_FROM_ALL ${units})
  target_link_libraries(verify_headers PRIVATE baedal::options ${ARGN})
  target_compile_options(verify_headers PRIVATE -O0)
endfunction()
