# The browser's pages: web/ built by Vite, compressed once, and laid into the program.

# A sanitizer build looks at C++; its tests of the pages bring files of their own.
if(BAEDAL_SANITIZER)
  set(web_default OFF)
else()
  set(web_default ON)
endif()
option(BAEDAL_WEB "Whether the browser's pages are built and put into the program; needs Node 18 and npm"
  ${web_default})
set(BAEDAL_WEB_BUILT "" CACHE PATH
  "A folder that `script/web-build FOLDER` filled before: then neither Node nor npm is needed here")

# Makes baedal::web_files, which has main/web_files.hpp.
function(baedal_web_files)
  if(NOT BAEDAL_WEB)
    set(source "${CMAKE_CURRENT_SOURCE_DIR}/web_files_none.cpp")
  elseif(BAEDAL_WEB_BUILT)
    set(folder "${BAEDAL_WEB_BUILT}")
    set(source "${folder}/web_files.cpp")
    if(NOT EXISTS "${source}")
      message(FATAL_ERROR "BAEDAL_WEB_BUILT: ${folder} has no pages; fill it with `script/web-build ${folder}`.")
    endif()
  else()
    find_program(NPM_PROGRAM npm)
    find_program(NODE_PROGRAM NAMES node nodejs)
    if(NOT NPM_PROGRAM OR NOT NODE_PROGRAM)
      message(FATAL_ERROR
        "The browser's pages need Node 18 and npm: install them with `script/bootstrap build`, or build "
        "without the pages with -DBAEDAL_WEB=OFF.")
    endif()
    set(folder "${CMAKE_BINARY_DIR}/web")
    set(source "${folder}/web_files.cpp")
    set(web "${CMAKE_SOURCE_DIR}/web")
    file(GLOB_RECURSE inputs CONFIGURE_DEPENDS "${web}/src/*" "${web}/public/*")
    add_custom_command(OUTPUT "${source}"
      COMMAND ${CMAKE_SOURCE_DIR}/script/web-build "${folder}"
      DEPENDS ${inputs} "${web}/index.html" "${web}/package-lock.json" "${web}/package.json"
        "${web}/vite.config.ts" "${web}/embed.mjs" "${CMAKE_SOURCE_DIR}/script/web-build"
      COMMENT "Building the browser's pages" VERBATIM)
  endif()
  baedal_library(web_files SOURCES "${source}" DEPS baedal::http)
  if(folder)
    # The bytes are taken in by the assembler, from beside the source.
    target_compile_options(baedal_web_files PRIVATE "-Wa,-I${folder}")
  endif()
endfunction()
