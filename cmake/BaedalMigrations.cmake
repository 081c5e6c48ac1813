# baedal_migrations(<target> <namespace> <folder>)
# Compiles the numbered files <folder>/NNNN_name.sql into <target> as
#   std::span<const baedal::store::Migration> <namespace>::migrations();
function(baedal_migrations target namespace folder)
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.sql")
  list(SORT files)
  set(body "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    string(SUBSTRING "${name}" 0 4 number)
    math(EXPR number "1${number} - 10000")
    file(READ "${file}" sql)
    string(APPEND body "    {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
  endforeach()
  string(REPLACE "::" "_" file_name "${namespace}")
  set(out "${CMAKE_BINARY_DIR}/generated/migrations/${file_name}.cpp")
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
