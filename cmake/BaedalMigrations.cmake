# baedal_migrations(<target> <namespace> <folder>…)
# Compiles the numbered files <folder>/NNNN_name.sql into <target> as
#   std::span<const baedal::store::Migration> <namespace>::migrations();
# A file that begins with "-- works with: N" leaves programs that know the steps up to N working.
function(baedal_migrations target namespace)
  set(files "")
  foreach(folder IN LISTS ARGN)
    file(GLOB found CONFIGURE_DEPENDS "${folder}/*.sql")
    list(SORT found)
    list(APPEND files ${found})
  endforeach()
  set(body "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    string(SUBSTRING "${name}" 0 4 number)
    math(EXPR number "1${number} - 10000")
    file(READ "${file}" sql)
    set(works_with 0)
    if(sql MATCHES "^-- works with")
      string(REGEX REPLACE "^-- works with: ([0-9]+)\n.*$" "\\1" works_with "${sql}")
      if(NOT works_with MATCHES "^[0-9]+$" OR NOT works_with LESS number OR works_with EQUAL 0)
        message(FATAL_ERROR "${file}: its first line is to be \"-- works with: N\", 0 < N < ${number}")
      endif()
    endif()
    string(APPEND body "    {${number}, \"${name}\", R\"sql(${sql})sql\", ${works_with}},\n")
  endforeach()
  string(REPLACE "::" "_" file_name "${namespace}")
  set(out "${CMAKE_BINARY_DIR}/generated/migrations/${target}_${file_name}.cpp")
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT
"#include <array>
#include <span>

#include \"platform/store/migration.hpp\"

namespace ${namespace} {
std::span<const baedal::store::Migration> migrations() {
  static constexpr baedal::store::Migration kMigrations[] = {
${body}  };
  return kMigrations;
}
}  // namespace ${namespace}
")
  target_sources(${target} PRIVATE "${out}")
endfunction()
